//! The conversations of a run: their names, and how their prompts go on.

use super::{NO_SESSION, Requests};
use crate::units::{RequestIndex, Tokens};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The conversations of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// Their names, all different.
    pub names: Vec<String>,
    /// How the prompts of each go on.
    pub context: Vec<Context>,
    /// Rounds that repeat a part only of what was said before, by session and round.
    pub forks: Vec<Fork>,
}

/// A round that repeats a part only of what was said before it: the conversation was compacted, and goes on from there with other
/// tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The conversation.
    pub session: u32,
    /// The round.
    pub round: u32,
    /// Tokens from the start that it repeats.
    pub at: Tokens,
}

/// How the prompts of a conversation go on (sessions chapter, S-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Context {
    /// Rounds share nothing but the prefix of their group.
    #[default]
    Fresh,
    /// Every prompt repeats all before it and the answers, each without its last token: what the closed loop does.
    Answered,
    /// Every prompt repeats all before it and the whole answers, whether they are there yet or not: what the open loop does.
    Planned,
}

impl Context {
    /// Whether prompts repeat what was said before.
    pub const fn grows(self) -> bool {
        match self {
            Self::Fresh => false,
            Self::Answered | Self::Planned => true,
        }
    }
}

/// Rows in the order of their rounds.
fn by_round(rounds: &[u32]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..rounds.len()).collect();
    rows.sort_by_key(|&row| rounds[row]);
    rows
}

impl Sessions {
    /// The sessions of rows that name them, and the session of each row; `None` if no row names one. Rounds share nothing.
    pub fn of_rows<'rows>(names: impl ExactSizeIterator<Item = &'rows str>) -> (Vec<u32>, Option<Self>) {
        let mut places: HashMap<&str, u32> = HashMap::new();
        let mut sessions = Self::default();
        let of_row = names.map(|name| match name {
            "" => NO_SESSION,
            name => *places.entry(name).or_insert_with(|| {
                sessions.names.push(name.to_owned());
                sessions.names.len() as u32 - 1
            }),
        });
        let of_row = of_row.collect();
        sessions.context = vec![Context::Fresh; sessions.names.len()];
        (of_row, (!sessions.names.is_empty()).then_some(sessions))
    }
}

impl Requests {
    /// Whether the prompts of any conversation repeat what was said before.
    pub fn has_growing_prompts(&self) -> bool {
        self.sessions.as_ref().is_some_and(|sessions| sessions.context.iter().any(|context| context.grows()))
    }

    /// How the prompts of a session go on.
    pub fn context(&self, session: u32) -> Context {
        match &self.sessions {
            Some(sessions) if session != NO_SESSION => sessions.context[session as usize],
            _ => Context::Fresh,
        }
    }

    /// Settles how the conversations of a list go on, if its rows say how many tokens of each prompt repeat what came before: with the
    /// last token of each answer or without.
    pub(super) fn settle_contexts(&mut self, repeated: &[Tokens]) {
        let Some(sessions) = &mut self.sessions else { return };
        let mut before: Vec<Option<usize>> = vec![None; sessions.names.len()];
        for row in by_round(&self.round) {
            let Some(before) = before.get_mut(self.session[row] as usize) else { continue };
            if let Some(before) = *before
                && repeated[row] > 0
            {
                let whole = self.input[before].saturating_add(self.output[before]);
                let context = &mut sessions.context[self.session[row] as usize];
                *context = match *context {
                    Context::Fresh | Context::Planned if repeated[row] >= whole => Context::Planned,
                    Context::Fresh | Context::Planned | Context::Answered => Context::Answered,
                };
            }
            *before = Some(row);
        }
    }

    /// Per request the tokens at the start of its prompt that repeat the conversation so far. An answer that was cut counts as it
    /// was meant to be.
    pub fn context_tokens(&self) -> Vec<Tokens> {
        let mut tokens = vec![0; self.len()];
        let sessions = self.sessions.as_ref().map_or(0, |sessions| sessions.names.len());
        let mut before: Vec<Option<usize>> = vec![None; sessions];
        for row in by_round(&self.round) {
            let session = self.session[row];
            let Some(before) = before.get_mut(session as usize) else { continue };
            if let Some(before) = *before {
                let last = match self.context(session) {
                    Context::Fresh => None,
                    Context::Answered => Some(self.output[before].saturating_sub(1)),
                    Context::Planned => Some(self.output[before]),
                };
                let all = last.map_or(0, |last| self.input[before].saturating_add(last));
                tokens[row] = self.fork(session, self.round[row]).map_or(all, |at| at.min(all));
            }
            *before = Some(row);
        }
        tokens
    }

    /// The tokens that a round repeats of what was said before it, if that is a part only.
    fn fork(&self, session: u32, round: u32) -> Option<Tokens> {
        let forks = &self.sessions.as_ref()?.forks;
        let place = forks.binary_search_by_key(&(session, round), |fork| (fork.session, fork.round)).ok()?;
        Some(forks[place].at)
    }

    /// Whether the list has later rounds of conversations whose prompts grow.
    pub fn has_listed_rounds(&self) -> bool {
        let grows = |row: &usize| self.round[*row] > 0 && self.context(self.session[*row]).grows();
        self.sessions.is_some() && (0..self.len()).any(|row| grows(&row))
    }

    /// The conversation that a request belongs to, by name; `None` for requests of virtual users, too.
    pub fn conversation(&self, row: RequestIndex) -> Option<&str> {
        let sessions = self.sessions.as_ref()?;
        sessions.names.get(self.session[row] as usize).map(String::as_str)
    }

    /// The textual id of a row: given, or `request_<row>`; of a follow-up `session_<session>_round_<r>_<n>`, where n counts them.
    pub fn id(&self, row: RequestIndex) -> String {
        if let Some(number) = self.follow_up(row.index()) {
            let session = self.session_name(row.index()).unwrap_or_default();
            return format!("session_{session}_round_{}_{number}", self.round[row]);
        }
        let given = self.ids.as_ref().and_then(|ids| ids.get(row.index()).cloned());
        given.unwrap_or_else(|| format!("request_{row}"))
    }

    /// The number of a follow-up, from 1; `None` for other requests.
    pub fn follow_up(&self, row: usize) -> Option<u32> {
        let first = self.follow_ups_from?;
        (row as u32 + 1).checked_sub(first).filter(|&number| number > 0)
    }

    /// The name of the session of a request: given, or for a virtual user `concurrency_<client>_user_<u>` (workload chapter, W-8).
    pub fn session_name(&self, row: usize) -> Option<String> {
        if self.sessions.is_some() {
            return self.conversation(RequestIndex::from_index(row)).map(str::to_owned);
        }
        let (user, client) = (self.user(row)?, self.client[row] as usize);
        let number = user.checked_sub(*self.first_users.get(client)?)?;
        Some(format!("concurrency_{}_user_{number}", self.clients.get(client)?))
    }

    /// The number of the virtual user that sends a request, if one does.
    pub fn user(&self, row: usize) -> Option<u32> {
        let user = self.session.get(row).copied().filter(|&user| user != NO_SESSION);
        user.filter(|_| self.sessions.is_none())
    }

    /// Virtual users, if they are numbered one after the other and each has sent a request.
    pub fn users(&self) -> u64 {
        let last = (0..self.len()).filter_map(|row| self.user(row)).max();
        last.map_or(0, |last| u64::from(last) + 1)
    }
}
