//! The runs of a candidate, for any thread.
//!
//! A candidate passes if all its seeds do, so that they can be run at once; what a run shows is used in their order, and what
//! comes after one that ends the candidate is not used at all. So the answer is the same however many run at a time.

use super::candidate::{Candidate, Current};
use super::search::{Measured, Search, SearchProgress};
use super::targets::Targets;
use super::trial::{Judgement, RunFigures, judge};
use crate::error::ConfigError;
use crate::latency::CustomCatalog;
use crate::outcome::Outcome;
use crate::simulation::Simulation;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a run shows; nothing if one before it ended the candidate.
#[derive(Debug)]
pub struct Shown(pub(super) Option<Result<(RunFigures, Judgement), ConfigError>>);

/// Calls a function with every number below a count, in any order and on any threads, and gives its results in the order of the
/// numbers.
pub type Several<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) -> Shown + Sync)) -> Vec<Shown>;

/// What the runs of a candidate are made of.
pub(super) struct Runs<'a> {
    pub(super) measured: &'a Measured,
    pub(super) targets: &'a Targets,
    pub(super) custom: &'a CustomCatalog,
}

impl Runs<'_> {
    /// A run of a candidate at time 0, for the seed with this number.
    pub(super) fn begin(&self, at: Candidate, seed: usize, length: u64) -> Result<Simulation, ConfigError> {
        let Candidate { instances, rate } = at;
        let traffic = &self.measured.traffic;
        let workload = traffic.workload(length, seed as u32, rate)?;
        let mut config = traffic.config(seed as u32, rate);
        config.cluster.num_instances = instances;
        config.cluster.horizon = None;
        Simulation::with_custom_catalog_and_workload(&config, self.custom, workload)
    }

    /// What a finished run shows.
    pub(super) fn judge(&self, outcome: &Outcome) -> (RunFigures, Judgement) {
        let Measured { traffic, latencies, .. } = self.measured;
        judge(outcome, self.targets, latencies, traffic.can_be_longer())
    }

    /// Makes all runs that the candidate needs if each of them meets the targets.
    pub(super) fn make(&self, current: &Current, several: Several<'_>) -> Vec<Shown> {
        let first = current.runs.len();
        let lengths: Vec<u64> = current.next_runs().map(|seed| current.length_of(seed)).collect();
        let candidate = current.candidate;
        // The number of the first one known to end the candidate.
        let end = AtomicUsize::new(usize::MAX);
        several(lengths.len(), &|number| {
            if end.load(Ordering::Relaxed) < number {
                return Shown(None);
            }
            let shown = self.begin(candidate, first + number, lengths[number]).map(|mut simulation| {
                simulation.run_to_end();
                self.judge(&simulation.finish())
            });
            if !matches!(shown, Ok((_, Judgement::Meets(_)))) {
                end.fetch_min(number, Ordering::Relaxed);
            }
            Shown(Some(shown))
        })
    }
}

impl Search {
    /// Works on by one stretch: measures, chooses what to try, or makes all runs that this needs at a time, through
    /// `several`. Leads to the same answer as [`Search::advance`].
    pub fn advance_several(&mut self, several: Several<'_>) -> SearchProgress {
        let result = match (&self.measured, &mut self.current) {
            _ if self.end.is_some() => Ok(()),
            (Some(measured), Some(current)) => {
                // It is among those that are made now.
                current.simulation = None;
                let runs = Runs { measured, targets: &self.targets, custom: &self.custom };
                let shown = runs.make(current, several);
                self.finish_several(shown)
            }
            _ => self.work(0),
        };
        if let Err(error) = result {
            self.refuse(&error);
        }
        self.progress()
    }

    /// Takes what runs show in the order of their seeds, up to the first one that ends the candidate or leads to other runs.
    fn finish_several(&mut self, runs: Vec<Shown>) -> Result<(), ConfigError> {
        for Shown(shown) in runs {
            let Some(shown) = shown else { return Ok(()) };
            let (figures, judgement) = shown?;
            let meets = matches!(judgement, Judgement::Meets(_));
            self.finish_run(figures, judgement);
            if !meets {
                return Ok(());
            }
        }
        Ok(())
    }
}
