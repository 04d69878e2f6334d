//! Rounds of conversations that wait for the answers before them (TR-4). They have no time of their own and come with the first
//! round of their conversation, whatever becomes of that.

use super::columns::{Kept, NONE};
use crate::config::limits::MAX_TIME_US;
use crate::config::{RoundScript, SessionScript};
use std::collections::HashMap;

/// How a row belongs to a conversation whose rounds wait for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// Pause between the answer before and this round, ns; `None` where the round before says it.
    pub before: Option<i64>,
    /// Pause after the answer to this round, ns.
    pub after: i64,
    /// Tokens at the start of the prompt that repeat the conversation so far; `None` = rounds share nothing.
    pub shared: Option<u32>,
    /// Whether it is not the first.
    pub is_later: bool,
}

#[derive(Clone, Copy, Debug)]
struct Round {
    number: u32,
    input: u32,
    output: u32,
    turn: Turn,
}

/// The rounds by conversation, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Later {
    rounds: HashMap<u32, Vec<Round>>,
    /// Later rounds.
    pub count: u64,
}

impl Later {
    /// Takes a row of a conversation.
    pub fn take(&mut self, kept: &Kept, turn: Turn) {
        if kept.session == NONE {
            return;
        }
        let rounds = self.rounds.entry(kept.session).or_default();
        rounds.push(Round { number: kept.round, input: kept.input, output: kept.output, turn });
        self.count += u64::from(turn.is_later);
    }

    /// Whether there is a later round.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Later rounds of conversations without a first one.
    pub fn orphans(&self) -> u64 {
        let orphaned = self.rounds.values().filter(|rounds| rounds.iter().all(|round| round.turn.is_later));
        orphaned.map(|rounds| rounds.len() as u64).sum()
    }

    /// The rounds that follow the first one of a conversation; `None` if none does.
    pub fn script(&self, session: u32, name: &str) -> Option<SessionScript> {
        let mut rounds = self.rounds.get(&session)?.clone();
        rounds.sort_by_key(|round| (round.turn.is_later, round.number));
        let accumulate = rounds.iter().any(|round| round.turn.shared.is_some());
        let pairs = rounds.windows(2).filter(|pair| pair[1].turn.is_later);
        let later: Vec<RoundScript> = pairs.map(|pair| pair[1].after(&pair[0])).collect();
        (!later.is_empty()).then(|| SessionScript {
            session: name.to_owned(),
            accumulate,
            timeout_us: None,
            rounds: later,
        })
    }
}

impl Round {
    /// This round as it follows the one before: its prompt is as long as the file says.
    fn after(&self, before: &Self) -> RoundScript {
        let pause = self.turn.before.unwrap_or(before.turn.after);
        let said = before.input.saturating_add(before.output.saturating_sub(1));
        let repeated = self.turn.shared.map(|shared| shared.min(said).min(self.input));
        RoundScript {
            think_time_us: (pause / 1000).clamp(0, MAX_TIME_US),
            context_tokens: repeated,
            input_tokens: self.input - repeated.unwrap_or(0),
            output_tokens: self.output,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(round: u32, input: u32, output: u32) -> Kept {
        Kept { session: 3, round, input, output, ..Kept::EMPTY }
    }

    #[test]
    fn rounds_follow_in_their_order_with_the_pause_after_the_one_before() {
        let mut later = Later::default();
        let turn = |is_later, after, shared| Turn { before: None, after, shared: Some(shared), is_later };
        later.take(&kept(2, 300, 5), turn(true, 0, 60));
        later.take(&kept(0, 100, 10), turn(false, 7_000_000, 0));
        later.take(&kept(1, 150, 20), turn(true, 9_000, 110));
        let script = later.script(3, "a").expect("two later rounds");
        assert!(script.accumulate);
        // All but the last token of an answer can be repeated; the prompt stays as long as the file says.
        let round = |think_time_us, context, input_tokens, output_tokens| RoundScript {
            think_time_us,
            context_tokens: Some(context),
            input_tokens,
            output_tokens,
        };
        assert_eq!(script.rounds, [round(7000, 109, 41, 20), round(9, 60, 240, 5)]);
        assert_eq!((later.count, later.orphans(), later.script(4, "b")), (2, 0, None));
    }

    #[test]
    fn rounds_without_a_first_one_are_orphans() {
        let mut later = Later::default();
        later.take(&kept(1, 5, 1), Turn { before: Some(5), after: 0, shared: None, is_later: true });
        assert_eq!((later.orphans(), later.is_empty()), (1, false));
        assert_eq!(later.script(3, "a"), None);
    }
}
