//! The later rounds of a session: how long it thinks, how many tokens it adds, how many it gets.

use super::closed_loop::{RoundLengths, Template};
use super::lengths::LengthSampler;
use super::reference;
use crate::units::{Micros, Tokens};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::sync::Arc;

/// Where the rounds of one session come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rounds {
    /// Lengths are drawn when a round is due.
    Drawn(RoundStream),
    /// Rounds 1, 2, ... are given.
    Scripted(Arc<[ScriptedRound]>),
    /// All rounds are in the list of requests: none follows from another one.
    Listed,
}

/// A round that is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScriptedRound {
    /// Pause between the answer before it and its arrival.
    pub think_time: Micros,
    /// Tokens of the conversation so far that its prompt repeats, if not all.
    pub context: Option<Tokens>,
    /// New tokens of its prompt.
    pub input: Tokens,
    /// Tokens of its answer.
    pub output: Tokens,
}

/// Where the lengths of a session come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RoundStream {
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

/// Lengths of a round, the tokens that it repeats left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NextRound {
    /// New tokens of its prompt.
    pub input: Tokens,
    /// Tokens of its answer.
    pub output: Tokens,
}

impl RoundStream {
    /// Prompt and output of the next round, with which so many are left if there is an end of them.
    pub fn lengths(
        &mut self,
        input: &LengthSampler,
        output: &LengthSampler,
        left: Option<u32>,
    ) -> (Tokens, Tokens) {
        match self {
            Self::Independent { input: for_input, output: for_output } => {
                (input.draw(for_input), output.draw(for_output))
            }
            Self::Reference(stream) => stream.lengths(input, output, left),
        }
    }
}

impl Rounds {
    /// Most rounds; `None` = as many as there is time for.
    pub fn most(&self, template: &Template) -> Option<u32> {
        match self {
            Self::Drawn(_) => template.rounds,
            Self::Scripted(rounds) => Some(rounds.len() as u32 + 1),
            Self::Listed => None,
        }
    }

    /// The shortest pause before any of its rounds; `None` if none follows.
    pub fn shortest_think_time(&self, template: &Template) -> Option<Micros> {
        match self {
            Self::Drawn(_) => Some(template.think_time),
            Self::Scripted(rounds) => rounds.iter().map(|round| round.think_time).min(),
            Self::Listed => None,
        }
    }

    /// The pause before a round.
    pub fn think_time(&self, template: &Template, round: u32) -> Micros {
        match self {
            Self::Drawn(_) | Self::Listed => template.think_time,
            Self::Scripted(rounds) => scripted(rounds, round).think_time,
        }
    }

    /// The tokens of the conversation so far that a round repeats.
    pub fn repeated(&self, round: u32, context: Tokens) -> Tokens {
        match self {
            Self::Scripted(rounds) => scripted(rounds, round).context.map_or(context, |own| own.min(context)),
            Self::Drawn(_) | Self::Listed => context,
        }
    }

    /// The lengths of a round.
    pub fn lengths(&mut self, template: &Template, round: u32) -> NextRound {
        let (input, output) = match self {
            Self::Drawn(stream) => {
                let RoundLengths { input, output } = &*template.lengths;
                stream.lengths(input, output, template.rounds.map(|most| most.saturating_sub(round)))
            }
            Self::Scripted(rounds) => {
                let ScriptedRound { input, output, .. } = scripted(rounds, round);
                (input, output)
            }
            Self::Listed => (0, 0),
        };
        NextRound { input, output }
    }

    /// The next value of a stream as in the reference, to be held against recordings; `None` for all others.
    pub fn next_int63(&self) -> Option<i64> {
        match self {
            Self::Drawn(RoundStream::Reference(stream)) => Some(stream.next_int63()),
            Self::Drawn(RoundStream::Independent { .. }) | Self::Scripted(_) | Self::Listed => None,
        }
    }
}

/// A round of a script, of which the first is round 1; nothing where there is none.
fn scripted(rounds: &[ScriptedRound], round: u32) -> ScriptedRound {
    let place = (round as usize).checked_sub(1);
    place.and_then(|place| rounds.get(place)).copied().unwrap_or_default()
}
