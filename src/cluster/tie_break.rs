//! How ties between equally good instances fall (routing chapter, R-8).

use crate::record::TieBreak;
use crate::units::RequestIndex;
use crate::workload::streams;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Where the picks come from.
#[derive(Clone, Debug)]
pub enum TieSource {
    /// The router's own random stream.
    Stream(Box<Xoshiro256PlusPlus>),
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
    pub fn seeded(seed: i64) -> Self {
        Self::Stream(Box::new(streams::stream(seed, "router")))
    }

    /// Picks one of `tied` >= 2 instances.
    pub fn pick(&mut self, request: RequestIndex, tied: u32) -> u32 {
        match self {
            Self::Stream(stream) => streams::below(stream, tied),
            Self::Recorded { picks, used } => {
                let recorded = picks.get(*used);
                *used += 1;
                recorded
                    .filter(|tie| tie.request == request && tie.tied == tied && tie.pick < tied)
                    .map_or(0, |tie| tie.pick)
            }
        }
    }
}
