//! A request: what is known of it from the start, what happens to it.

use crate::common::reference_cache::Prompt;
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
    pub user: Option<u32>,
    pub round: u32,

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
        let user = requests.session[row];
        Self {
            row,
            id: requests.id(RequestIndex::from_index(row)),
            arrival: requests.arrival[row].0,
            input: requests.input[row],
            output: requests.output[row],
            budget: i64::from(requests.budget[row]),
            group: (group != NO_GROUP).then_some(group),
            prefix: requests.prefix[row],
            own_start: requests.own_start.as_ref().map_or(0, |own| own[row]),
            hash_ids: Vec::new(),
            hash_block: 1,
            class: usize::from(requests.class[row]),
            model: requests.model(RequestIndex::from_index(row)).to_owned(),
            tenant: requests.tenants[usize::from(requests.tenant[row])].clone(),
            deadline: requests.deadline[row].0,
            user: (user != NO_SESSION).then_some(user),
            round: requests.round[row],
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

    pub fn prompt(&self) -> Prompt {
        let (group, prefix) = (self.group, self.prefix);
        let (request, length, own_start) = (self.row, self.input, self.own_start);
        let (hash_ids, hash_block) = (self.hash_ids.clone(), self.hash_block);
        Prompt { request, length, group, prefix, own_start, hash_ids, hash_block }
    }
}
