//! How ties between equally good instances fall (routing chapter, R-8).

use crate::config::StreamsName;
use crate::record::{ChoiceName, TieBreak};
use crate::units::RequestIndex;
use crate::workload::reference::ReferenceStream;
use crate::workload::streams;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Where the picks come from.
#[derive(Clone, Debug)]
pub enum TieSource {
    /// The router's own independent stream.
    Independent(Box<Xoshiro256PlusPlus>),
    /// The router's stream as in the reference (random-streams chapter, N-18).
    Reference(Box<ReferenceStream>),
    /// Recorded picks, consumed in order (golden cases). After the last one, or where the recorded tie was of
    /// another request or size, the first instance is taken; the comparison of the records shows it.
    Recorded {
        /// The picks.
        picks: Vec<TieBreak>,
        /// How many have been used.
        used: usize,
    },
}

impl TieSource {
    /// The router's stream of a run.
    pub fn seeded(rules: StreamsName, seed: i64) -> Self {
        Self::named(rules, seed, streams::ROUTER)
    }

    /// The stream of this name.
    pub fn named(rules: StreamsName, seed: i64, name: &str) -> Self {
        match rules {
            StreamsName::Independent => Self::Independent(Box::new(streams::stream(seed, name))),
            StreamsName::Reference => Self::Reference(Box::new(ReferenceStream::named(seed, name))),
        }
    }

    /// No stream: of ties, the first instance is taken.
    pub const fn none() -> Self {
        Self::Recorded { picks: Vec::new(), used: 0 }
    }

    /// Picks one of `tied` >= 2 instances.
    pub fn pick(&mut self, request: RequestIndex, tied: u32, choice: ChoiceName) -> u32 {
        match self {
            Self::Independent(stream) => streams::below(stream, tied),
            Self::Reference(stream) => stream.below(tied.into()) as u32,
            Self::Recorded { picks, used } => {
                let recorded = picks.get(*used);
                *used += 1;
                recorded
                    .filter(|tie| {
                        (tie.request, tie.tied, tie.choice) == (request, tied, choice) && tie.pick < tied
                    })
                    .map_or(0, |tie| tie.pick)
            }
        }
    }
}
