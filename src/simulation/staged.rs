//! A run in slices from its settings on.

use super::{Preparation, Progress, Simulation};
use crate::error::ConfigError;
use crate::outcome::Outcome;
use crate::workload::Workload;
use serde::Serialize;

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Phase {
    /// Its requests are being generated.
    Generating,
    /// They are being served.
    Simulating,
}

/// Draws of the generation that take about as long as a step. A request needs about four.
const DRAWS_PER_STEP: u64 = 16;

/// A run that is not simulated before its requests have been generated, all of it in slices.
#[derive(Debug)]
pub struct StagedRun {
    /// Empty once the run has begun.
    preparation: Box<Preparation>,
    simulation: Option<Simulation>,
    tracks_limits: bool,
}

impl StagedRun {
    /// A run before its first request.
    pub fn new(preparation: Preparation) -> Self {
        Self { preparation: Box::new(preparation), simulation: None, tracks_limits: false }
    }

    /// See [`Simulation::track_limits`].
    pub fn track_limits(&mut self) {
        self.tracks_limits = true;
        if let Some(simulation) = &mut self.simulation {
            simulation.track_limits();
        }
    }

    /// Warnings: the run goes ahead.
    pub fn warnings(&self) -> &[String] {
        self.simulation.as_ref().map_or(self.preparation.warnings(), Simulation::warnings)
    }

    /// Works on for at most about `steps` steps and decisions, or what takes as long.
    ///
    /// # Errors
    /// The setting that leads to too many or too late requests; see [`Preparation::may_fail`].
    pub fn advance(&mut self, steps: u64) -> Result<Progress, ConfigError> {
        self.advance_and_keep(steps, |_| {})
    }

    /// The same; `keep` is called with the requests once they are there.
    pub(crate) fn advance_and_keep(
        &mut self,
        mut steps: u64,
        keep: impl FnOnce(&Workload),
    ) -> Result<Progress, ConfigError> {
        if self.simulation.is_none() {
            let mut draws = steps.saturating_mul(DRAWS_PER_STEP);
            if !self.preparation.advance(&mut draws)? {
                return Ok(Progress::generating(self.preparation.expected().requests));
            }
            keep(self.preparation.workload());
            steps = (draws / DRAWS_PER_STEP).max(1);
        }
        Ok(self.simulation()?.advance(steps))
    }

    /// Works until the run is over.
    ///
    /// # Errors
    /// As [`StagedRun::advance`].
    pub fn run_to_end(&mut self) -> Result<(), ConfigError> {
        while !self.advance(u64::MAX)?.done {}
        Ok(())
    }

    /// The run; what requests are missing is generated first.
    ///
    /// # Errors
    /// As [`StagedRun::advance`].
    pub fn simulation(&mut self) -> Result<&mut Simulation, ConfigError> {
        let simulation = if let Some(simulation) = self.simulation.take() {
            simulation
        } else {
            while !self.preparation.advance(&mut u64::MAX.clone())? {}
            let mut simulation = self.preparation.begin();
            if self.tracks_limits {
                simulation.track_limits();
            }
            simulation
        };
        Ok(self.simulation.insert(simulation))
    }

    /// What happened so far; everything, if the run is over. What requests are missing is generated first.
    ///
    /// # Errors
    /// As [`StagedRun::advance`].
    pub fn finish(self) -> Result<Outcome, ConfigError> {
        match self.simulation {
            Some(simulation) => Ok(simulation.finish()),
            None => Ok(self.preparation.finish()?.finish()),
        }
    }
}
