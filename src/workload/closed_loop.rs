//! Sessions that wait for each answer before they send the next request: virtual users (workload chapter, W-8) and
//! conversations (sessions chapter, S-2 and S-3).

use super::labels::{SourceLabels, deadline, prompt_length};
use super::lengths::LengthSampler;
use super::rounds::{NextRound, Rounds};
use super::{Context, NO_NODE, Requests};
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::units::{Micros, RequestIndex, Tokens};
use serde::Serialize;
use std::sync::Arc;

/// What the gateway needs to go on with sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedLoop {
    /// The sessions; [`Requests::session`] points here.
    pub sessions: Vec<Session>,
    /// Requests that may still be created, follow-ups only; `None` = until the horizon.
    pub remaining: Option<u64>,
    /// Set when a session had to stop because the run reached [`MAX_REQUESTS`] requests or [`MAX_TIME_US`]: the
    /// run is then shorter than requested.
    pub limit_reached: bool,
    /// One entry per client or kind of session.
    pub(super) templates: Vec<Template>,
}

/// A session of the closed loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Number of the session within its client, from 0.
    pub number: u32,
    /// Index into [`ClosedLoop::templates`].
    pub(super) template: u32,
    /// Where thinking times and lengths of its rounds come from: from this session alone, so that they do not depend on
    /// which one is answered first.
    pub(super) rounds: Rounds,
    /// How it stands.
    pub state: SessionState,
}

/// How a session stands, and in the end how it ended (S-7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum SessionState {
    /// It waits for an answer; if that was refused, for ever.
    #[default]
    Active,
    /// Its last round was answered.
    Completed,
    /// A round timed out, or was dropped as unservable.
    Cancelled,
    /// Its next round would arrive behind the horizon.
    HorizonInterrupted,
    /// The requests of the run are used up.
    BudgetExhausted,
}

/// An answer as the instance gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The request.
    pub request: RequestIndex,
    /// End of the step in which it completed.
    pub at: Micros,
    /// Tokens of prompt and answer that the next round repeats if the context grows: all but the last one of the answer.
    pub context: Tokens,
}

/// What the rounds of several sessions have in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    /// Lengths, where they are drawn.
    pub lengths: Arc<RoundLengths>,
    /// Most rounds; `None` = as many as there is time for.
    pub rounds: Option<u32>,
    /// Pause between an answer and the next request, where it is the same for all rounds.
    pub think_time: Micros,
    /// Everything else.
    pub labels: SourceLabels,
}

/// How long the prompts and answers of rounds are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RoundLengths {
    /// Prompt lengths without the prefix and without what they repeat.
    pub input: LengthSampler,
    /// Output lengths.
    pub output: LengthSampler,
}

impl ClosedLoop {
    /// A closed loop without sessions.
    pub(super) fn new(remaining: Option<u64>) -> Self {
        Self { sessions: Vec::new(), remaining, limit_reached: false, templates: Vec::new() }
    }

    /// The shortest pause between an answer and the request that follows it: what an instance does now brings no arrival
    /// before so much time has passed.
    pub fn shortest_think_time(&self) -> Micros {
        let of_session = |session: &Session| {
            let template = &self.templates[session.template as usize];
            session.rounds.shortest_think_time(template)
        };
        self.sessions.iter().filter_map(of_session).min().unwrap_or(Micros::FOREVER)
    }

    /// The pause before a round of a session.
    pub fn think_time(&self, session: usize, round: u32) -> Micros {
        let session = &self.sessions[session];
        session.rounds.think_time(&self.templates[session.template as usize], round)
    }

    /// The next value of the stream of a session as in the reference, to be held against recordings; `None` for others.
    pub fn next_int63(&self, session: usize) -> Option<i64> {
        self.sessions[session].rounds.next_int63()
    }

    /// Lets conversations go on beyond their last round, to hold their streams against recordings.
    #[doc(hidden)]
    pub fn never_end(&mut self) {
        for template in &mut self.templates {
            template.rounds = None;
        }
    }

    /// The next request of the session that this answers, appended to `requests`.
    ///
    /// `None` if the request belongs to no session, or the session ends here: this was its last round, the next arrival would lie
    /// behind `horizon`, the requests are used up, or a hard limit is reached ([`ClosedLoop::limit_reached`]). Do not call this
    /// for requests that timed out or were dropped: those end their session.
    pub fn follow_up(
        &mut self,
        requests: &mut Requests,
        answer: Answer,
        horizon: Micros,
    ) -> Option<RequestIndex> {
        let row = answer.request;
        let number = requests.session[row];
        let session = self.sessions.get_mut(number as usize)?;
        let template = &self.templates[session.template as usize];
        let round = requests.round[row] + 1;
        if session.rounds == Rounds::Listed {
            return None;
        }
        if session.rounds.most(template).is_some_and(|most| round >= most) {
            session.state = SessionState::Completed;
            return None;
        }
        if self.remaining == Some(0) {
            session.state = SessionState::BudgetExhausted;
            return None;
        }
        let think_time = session.rounds.think_time(template, round);
        let arrival = Micros(answer.at.0.saturating_add(think_time.0));
        if arrival > horizon {
            session.state = SessionState::HorizonInterrupted;
            return None;
        }
        if arrival.0 > MAX_TIME_US || requests.len() as u64 >= MAX_REQUESTS {
            self.limit_reached = true;
            return None;
        }
        self.remaining = self.remaining.map(|remaining| remaining - 1);
        let NextRound { input, output } = session.rounds.lengths(template, round);
        requests.follow_ups_from.get_or_insert(requests.arrival.len() as u32);
        let output = output.min(MAX_TOKENS_PER_REQUEST);
        let labels = &template.labels;
        let repeated = match requests.context(number) {
            Context::Fresh => labels.prefix,
            Context::Answered | Context::Planned => session.rounds.repeated(round, answer.context),
        };
        requests.arrival.push(arrival);
        requests.input.push(prompt_length(repeated, input));
        requests.output.push(output);
        requests.budget.push(output as i32);
        requests.deadline.push(deadline(arrival, labels.timeout));
        // A compacted conversation may be shorter than the prefix of its group.
        requests.group.push(labels.group);
        let kept = if requests.context(number).grows() { requests.prefix[row] } else { labels.prefix };
        requests.prefix.push(kept.min(repeated));
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
        requests.session.push(number);
        requests.round.push(round);
        Some(RequestIndex::from_index(requests.len() - 1))
    }
}
