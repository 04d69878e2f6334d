//! A request: what is known of it from the start, what happens to it.

use super::names::{Growing, Tokens};
use blis_playground::record::{EndReason, RequestState};
use blis_playground::units::RequestIndex;
use blis_playground::workload::{NO_GROUP, NO_SESSION, Requests};

/// One request; times in µs, `None` where the thing has not happened.
#[derive(Clone, Debug)]
pub struct Request {
    pub row: usize,
    pub id: String,
    pub arrival: i64,
    pub input: u32,
    pub output: u32,
    pub budget: i64,
    /// Whether prompts share anything with this model.
    pub shares: bool,
    pub group: Option<u32>,
    pub prefix: u32,
    pub own_start: u64,
    pub hash_ids: Vec<u64>,
    pub hash_block: u32,
    pub class: usize,
    /// The model that it names.
    pub model: String,
    pub tenant: String,
    pub deadline: i64,
    /// Its virtual user.
    pub user: Option<u32>,
    /// Its conversation.
    pub session: Option<u32>,
    pub round: u32,
    /// Tokens of the prompt that repeat the conversation so far.
    pub context: u32,
    /// The conversation, if its prompts grow.
    pub conversation: Option<Growing>,

    pub state: RequestState,
    pub reason: EndReason,
    pub progress: u32,
    /// New tokens in the current step.
    pub new: u32,
    /// Progress after the step in which it is admitted.
    pub after_admission: Option<u32>,
    pub has_first_token: bool,
    pub gaps: Vec<i64>,
    pub priority: i64,

    pub admitted_at: Option<i64>,
    pub routed_at: Option<i64>,
    pub instance: Option<usize>,
    pub score: f64,
    pub regret: f64,
    pub enqueued_at: Option<i64>,
    /// Requests that stood before it then.
    pub stood_behind: Option<u32>,
    pub first_scheduled_at: Option<i64>,
    pub last_scheduled_at: Option<i64>,
    pub ttft: Option<i64>,
    pub itl_sum: i64,
    pub itl_count: u32,
    pub e2e: Option<i64>,
    pub ended_at: Option<i64>,
    pub preemptions: u32,
    pub cached_first: u32,
    pub cached_last: u32,
}

impl Request {
    /// Row `row` of the workload, before anything happens to it.
    pub fn from_row(requests: &Requests, row: usize) -> Self {
        let group = requests.group[row];
        let session = Some(requests.session[row]).filter(|&session| session != NO_SESSION);
        let is_user = requests.sessions.is_none();
        Self {
            row,
            id: requests.id(RequestIndex::from_index(row)),
            arrival: requests.arrival[row].0,
            input: requests.input[row],
            output: requests.output[row],
            budget: i64::from(requests.budget[row]),
            shares: true,
            group: (group != NO_GROUP).then_some(group),
            prefix: requests.prefix[row],
            own_start: requests.own_start.as_ref().map_or(0, |own| own[row]),
            hash_ids: Vec::new(),
            hash_block: 1,
            class: usize::from(requests.class[row]),
            model: requests.model(RequestIndex::from_index(row)).to_owned(),
            tenant: requests.tenants[usize::from(requests.tenant[row])].clone(),
            deadline: requests.deadline[row].0,
            user: session.filter(|_| is_user),
            session: session.filter(|_| !is_user),
            round: requests.round[row],
            context: 0,
            conversation: None,
            state: RequestState::NotArrived,
            reason: EndReason::None,
            progress: 0,
            new: 0,
            after_admission: None,
            has_first_token: false,
            gaps: Vec::new(),
            priority: 0,
            admitted_at: None,
            routed_at: None,
            instance: None,
            score: f64::NAN,
            regret: f64::NAN,
            enqueued_at: None,
            stood_behind: None,
            first_scheduled_at: None,
            last_scheduled_at: None,
            ttft: None,
            itl_sum: 0,
            itl_count: 0,
            e2e: None,
            ended_at: None,
            preemptions: 0,
            cached_first: 0,
            cached_last: 0,
        }
    }

    /// Output tokens so far.
    pub fn generated(&self) -> u64 {
        let after_first = self.progress.saturating_sub(self.input);
        u64::from(after_first) + u64::from(self.has_first_token && self.output > 0)
    }

    /// What the cache sees of it.
    pub fn tokens(&self) -> Tokens {
        let (request, prompt) = (self.row, self.input);
        if !self.shares {
            return Tokens::own(request, prompt);
        }
        let (group, prefix, conversation) = (self.group, self.prefix, self.conversation.clone());
        let (own_start, hash_ids, hash_block) = (self.own_start, self.hash_ids.clone(), self.hash_block);
        Tokens { request, prompt, group, prefix, own_start, hash_ids, hash_block, conversation }
    }
}
