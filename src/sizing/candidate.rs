//! A candidate of a search, and what its runs have shown so far.

use super::border::{Known, Next};
use super::trial::{RunFigures, Trial};
use crate::simulation::Simulation;
use std::ops::Range;

/// A cluster at a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) instances: u32,
    /// `None` where users set the pace, or for the rate of the workload itself.
    pub(super) rate: Option<f64>,
}

/// A candidate whose runs are done.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) candidate: Candidate,
    pub(super) trial: Trial,
    pub(super) all_seeds: bool,
    pub(super) length: u64,
    pub(super) shares: Vec<f64>,
}

/// A candidate whose runs are under way.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) candidate: Candidate,
    pub(super) seeds: u32,
    /// Requests of each run.
    pub(super) length: u64,
    pub(super) runs: Vec<RunFigures>,
    /// How close each run came to the targets.
    pub(super) shares: Vec<f64>,
    /// Whether the runs have been made longer because they came close.
    pub(super) refined: bool,
    /// Requests of the first run if the load is near the limit: a shorter run is tried first and may fail.
    pub(super) proof: Option<u64>,
    /// Whether the first run is, or will be, as long as that.
    pub(super) proving: bool,
    pub(super) simulation: Option<Simulation>,
}

impl Current {
    pub(super) const fn new(candidate: Candidate, seeds: u32, length: u64) -> Self {
        Self {
            candidate,
            seeds,
            length,
            runs: Vec::new(),
            shares: Vec::new(),
            refined: false,
            proof: None,
            proving: false,
            simulation: None,
        }
    }

    /// Begins again with longer runs.
    pub(super) fn lengthen(&mut self, length: u64) {
        self.length = length;
        self.runs.clear();
        self.shares.clear();
    }

    /// Requests of the next run.
    pub(super) fn next_length(&self) -> u64 {
        self.length_of(self.runs.len())
    }

    /// Requests of the run with the seed of this number, if it is among the next ones.
    pub(super) fn length_of(&self, seed: usize) -> u64 {
        let proof = self.proof.filter(|_| self.proving && seed == 0);
        proof.map_or(self.length, |proof| proof.max(self.length))
    }

    /// The seeds that are run next if each of them meets the targets; there is at least one.
    pub(super) fn next_runs(&self) -> Range<usize> {
        let next = self.runs.len();
        // The shorter run that is tried first is followed by a longer one with the same seed.
        let alone = self.proof.is_some() && !self.proving;
        next..if alone { next + 1 } else { (self.seeds as usize).max(next + 1) }
    }
}

/// What is known of the candidates.
pub(super) struct KnownList<At>(pub(super) Vec<Known<At>>);

impl<At> KnownList<At> {
    /// The next candidate, by a rule about counts or rates.
    pub(super) fn next_by(
        self,
        rule: impl Fn(&[Known<At>]) -> Next<At>,
        candidate: impl Fn(At) -> Candidate,
    ) -> Next<Candidate> {
        match rule(&self.0) {
            Next::Try { at, all_seeds } => Next::Try { at: candidate(at), all_seeds },
            Next::Found(at) => Next::Found(candidate(at)),
            Next::Nothing => Next::Nothing,
        }
    }
}

pub(super) fn rate_of(tried: &Tried) -> f64 {
    tried.candidate.rate.unwrap_or(0.0)
}
