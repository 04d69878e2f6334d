//! Conversations: which requests follow from answers, and how each conversation stands (S-2, S-3, S-7, S-8).

use super::names::Growing;
use super::request::Request;
use blis_playground::Config;
use blis_playground::config::RoundScript;
use blis_playground::workload::{Requests, SessionState};
use std::collections::BTreeMap;

/// A conversation of the closed loop.
#[derive(Debug)]
pub struct Conversation {
    /// Its first round, before anything has happened to it: the labels of all rounds.
    first: Request,
    pub name: String,
    /// Its later rounds.
    rounds: Vec<RoundScript>,
    timeout: i64,
    pub state: SessionState,
    /// Rounds made so far.
    pub made: u32,
}

/// The conversations of a run by their numbers; those that are only listed are not here.
#[derive(Debug, Default)]
pub struct Conversations {
    of_number: BTreeMap<u32, Conversation>,
    follow_ups: u64,
    compactions: u32,
}

impl Conversations {
    /// The conversations that the configuration scripts. Writes into the requests of the list whether their prompts grow, and by how much.
    pub fn of(config: &Config, drawn: &Requests, requests: &mut [Request]) -> Self {
        let names = drawn.sessions.as_ref().map_or(&[][..], |sessions| sessions.names.as_slice());
        let scripts = config.workload.sessions.as_ref().map_or(&[][..], |scripts| scripts.0.as_slice());
        let mut of_number = BTreeMap::new();
        for (number, name) in names.iter().enumerate() {
            let number = number as u32;
            let rows: Vec<usize> =
                (0..requests.len()).filter(|&row| requests[row].session == Some(number)).collect();
            let Some(script) = scripts.iter().find(|script| script.session == *name) else {
                plan(config, requests, rows, number);
                continue;
            };
            if script.accumulate {
                for row in rows {
                    let repeated = requests[row].output.saturating_sub(1);
                    requests[row].conversation = Some(Growing::new(number, repeated));
                }
            }
            let Some(first) = requests.iter().find(|it| (it.session, it.round) == (Some(number), 0)) else {
                continue;
            };
            let conversation = Conversation {
                first: first.clone(),
                name: name.clone(),
                rounds: script.rounds.clone(),
                timeout: script.timeout_us.unwrap_or(0),
                state: SessionState::Active,
                made: 1,
            };
            of_number.insert(number, conversation);
        }
        Self { of_number, follow_ups: 0, compactions: 0 }
    }

    /// By their numbers among those of the run.
    pub fn all(&self) -> impl Iterator<Item = (usize, &Conversation)> {
        self.of_number.iter().map(|(&number, conversation)| (number as usize, conversation))
    }

    /// Rule 2 of S-2: a round timed out or was dropped.
    pub fn cancel(&mut self, request: &Request) {
        if let Some(conversation) = request.session.and_then(|number| self.of_number.get_mut(&number)) {
            assert_eq!(
                conversation.state,
                SessionState::Active,
                "a round of {} ends once",
                conversation.name
            );
            conversation.state = SessionState::Cancelled;
        }
    }

    /// Rules 3 to 7 of S-2: the round that follows from an answer at `end`, if one does.
    pub fn go_on(&mut self, answered: &Request, end: i64, horizon: i64, row: usize) -> Option<Request> {
        let conversation = self.of_number.get_mut(&answered.session?)?;
        assert_eq!(conversation.state, SessionState::Active, "a round of {} ends once", conversation.name);
        let Some(&next) = conversation.rounds.get(answered.round as usize) else {
            conversation.state = SessionState::Completed;
            return None;
        };
        let arrival = end + next.think_time_us;
        if arrival > horizon {
            conversation.state = SessionState::HorizonInterrupted;
            return None;
        }
        self.follow_ups += 1;
        conversation.made += 1;
        let round = answered.round + 1;
        // S-3: tokens of prompt and answer, but for the last one of the answer; or the group's prefix.
        let mut growing = answered.conversation.clone();
        let mut repeated = if growing.is_some() { answered.progress } else { answered.prefix };
        if let Some(growing) = &mut growing {
            growing.repeated = next.output_tokens.saturating_sub(1);
            if let Some(kept) = next.context_tokens.filter(|&kept| kept < repeated) {
                repeated = kept;
                growing.compacted.retain(|&(from, _)| from < kept);
                self.compactions += 1;
                growing.compacted.push((kept, self.compactions));
            }
        }
        Some(Request {
            row,
            id: format!("session_{}_round_{round}_{}", conversation.name, self.follow_ups),
            arrival,
            round,
            input: repeated + next.input_tokens,
            output: next.output_tokens,
            budget: i64::from(next.output_tokens),
            deadline: if conversation.timeout > 0 { arrival + conversation.timeout } else { 0 },
            prefix: answered.prefix.min(repeated),
            context: if growing.is_some() { repeated } else { 0 },
            conversation: growing,
            own_start: 0,
            hash_ids: Vec::new(),
            ..conversation.first.clone()
        })
    }
}

/// S-8: all rounds are in the list, and repeat whole answers, or all but their last tokens.
fn plan(config: &Config, requests: &mut [Request], mut rows: Vec<usize>, number: u32) {
    let Some(list) = &config.workload.requests else { return };
    let list = list.rows();
    rows.retain(|&row| row < list.len());
    if rows.iter().all(|&row| list[row].context_tokens == 0) {
        return;
    }
    rows.sort_by_key(|&row| requests[row].round);
    let mut whole = true;
    for pair in rows.windows(2) {
        let (before, after) = (&requests[pair[0]], list[pair[1]].context_tokens);
        whole &= after >= before.input + before.output;
    }
    for row in rows {
        let output = requests[row].output;
        let repeated = if whole { output } else { output.saturating_sub(1) };
        (requests[row].conversation, requests[row].context) =
            (Some(Growing::new(number, repeated)), list[row].context_tokens);
    }
}
