//! Virtual users that wait for each answer before they send the next request (workload chapter, W-8).

use super::labels::{SourceLabels, deadline, prompt_length};
use super::lengths::LengthSampler;
use super::{NO_NODE, NO_USER, Requests, reference};
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::units::{Micros, RequestIndex, Tokens};
use rand_xoshiro::Xoshiro256PlusPlus;

/// What the gateway needs to go on with virtual users.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedLoop {
    /// One entry per virtual user; [`Requests::user`] points here.
    pub users: Vec<User>,
    /// Requests that may still be created, follow-ups only; `None` = until the horizon.
    pub remaining: Option<u64>,
    /// Set when a user had to stop because the run reached [`MAX_REQUESTS`] requests or [`MAX_TIME_US`]: the
    /// run is then shorter than requested.
    pub limit_reached: bool,
    /// Number of follow-ups created so far; part of their names.
    follow_ups: u64,
    /// One entry per client with virtual users.
    pub(super) templates: Vec<Template>,
}

/// A virtual user.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Index into [`Requests::clients`].
    pub client: u32,
    /// Number of the user within its client, from 0.
    pub number: u32,
    /// Pause between an answer and the next request.
    pub think_time: Micros,
    /// Index into [`ClosedLoop::templates`].
    pub(super) template: u32,
    /// Lengths of this user alone, so that they do not depend on which user is answered first.
    pub(super) stream: UserStream,
}

/// Where the lengths of a virtual user come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum UserStream {
    /// One stream for prompts, one for outputs.
    Independent {
        /// Prompt lengths.
        input: Xoshiro256PlusPlus,
        /// Output lengths.
        output: Xoshiro256PlusPlus,
    },
    /// One chain as in the reference.
    Reference(reference::UserStream),
}

impl User {
    /// The next value of a stream as in the reference, to be held against recordings; `None` for other streams.
    pub fn next_int63(&self) -> Option<i64> {
        match &self.stream {
            UserStream::Independent { .. } => None,
            UserStream::Reference(stream) => Some(stream.next_int63()),
        }
    }
}

impl UserStream {
    /// Prompt and output of the next request.
    pub(super) fn lengths(&mut self, input: &LengthSampler, output: &LengthSampler) -> (Tokens, Tokens) {
        match self {
            Self::Independent { input: for_input, output: for_output } => {
                (input.draw(for_input), output.draw(for_output))
            }
            Self::Reference(stream) => stream.lengths(input, output),
        }
    }
}

/// What the requests of all users of a client have in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    /// Prompt lengths without the prefix.
    pub input: LengthSampler,
    /// Output lengths.
    pub output: LengthSampler,
    /// Everything else.
    pub labels: SourceLabels,
}

impl ClosedLoop {
    /// A closed loop without users.
    pub(super) fn new(remaining: Option<u64>) -> Self {
        Self { users: Vec::new(), remaining, limit_reached: false, follow_ups: 0, templates: Vec::new() }
    }

    /// The next request of the user whose request `row` completed in the step that ends at `step_end`,
    /// appended to `requests`.
    ///
    /// `None` if `row` belongs to no user, the next arrival would lie after `horizon`, the request budget is
    /// used up, or a hard limit is reached ([`ClosedLoop::limit_reached`]). Do not call this for requests
    /// that timed out or were dropped: those end their user.
    pub fn follow_up(
        &mut self,
        requests: &mut Requests,
        row: RequestIndex,
        step_end: Micros,
        horizon: Micros,
    ) -> Option<RequestIndex> {
        let number = requests.user[row];
        if number == NO_USER || self.remaining == Some(0) {
            return None;
        }
        let user = &mut self.users[number as usize];
        let arrival = Micros(step_end.0.saturating_add(user.think_time.0));
        if arrival > horizon {
            return None;
        }
        if arrival.0 > MAX_TIME_US || requests.len() as u64 >= MAX_REQUESTS {
            self.limit_reached = true;
            return None;
        }
        self.remaining = self.remaining.map(|remaining| remaining - 1);
        self.follow_ups += 1;
        let round = requests.round[row] + 1;
        requests.push_follow_up_id(user, round, self.follow_ups);
        let template = &self.templates[user.template as usize];
        let (input, output) = user.stream.lengths(&template.input, &template.output);
        let output = output.min(MAX_TOKENS_PER_REQUEST);
        let labels = &template.labels;
        requests.arrival.push(arrival);
        requests.input.push(prompt_length(labels.prefix, input));
        requests.output.push(output);
        requests.budget.push(output as i32);
        requests.deadline.push(deadline(arrival, labels.timeout));
        requests.group.push(labels.group);
        requests.prefix.push(labels.prefix);
        requests.class.push(labels.class);
        requests.tenant.push(labels.tenant);
        requests.client.push(labels.client);
        if let Some(models) = &mut requests.models {
            models.of_request.push(labels.model);
        }
        if let Some(own) = &mut requests.own_start {
            own.push(0);
        }
        if let Some(tree) = &mut requests.tree {
            tree.leaf.push(NO_NODE);
        }
        requests.user.push(number);
        requests.round.push(round);
        Some(RequestIndex::from_index(requests.len() - 1))
    }
}

impl Requests {
    /// Names a follow-up, and before the first one all requests that were numbered until then.
    fn push_follow_up_id(&mut self, user: &User, round: u32, follow_up: u64) {
        let created = self.len();
        let id = format!(
            "session_concurrency_{}_user_{}_round_{round}_{follow_up}",
            self.clients[user.client as usize], user.number
        );
        self.ids.get_or_insert_with(|| (0..created).map(|row| format!("request_{row}")).collect()).push(id);
    }
}
