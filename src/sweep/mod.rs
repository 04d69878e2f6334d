//! Many runs around one question: variants of the settings, each with several seeds.
//!
//! Runs with the same requests share them: variants that differ only in the instances get their workload generated
//! once per seed. What a run gives is exactly what it gives alone.
//!
//! [`Sweep`] makes one run at a time, in slices, as a page needs it; [`SharedRuns`] are made by several threads.

mod figures;
mod shared;

pub use figures::{Figure, Measured, Spread, figures};
pub use shared::{PlannedRun, SharedRuns};

use crate::config::Config;
use crate::error::ConfigError;
use crate::latency::CustomCatalog;
use crate::outcome::Outcome;
use crate::simulation::{Preparation, Progress, Simulation, StagedRun};
use crate::workload::{self, Workload};

/// A configuration with another seed, also of its workload specification if it has one: as `blis run --seed` has it.
pub fn with_seed(config: &Config, seed: i64) -> Config {
    let mut config = Config { seed, ..config.clone() };
    if let Some(spec) = &mut config.workload.spec {
        spec.seed = Some(seed);
    }
    config
}

/// Variants of the settings, and the requests of the last seed.
#[derive(Debug)]
pub struct Sweep {
    variants: Vec<Config>,
    kept: Option<Kept>,
    current: Option<Current>,
}

/// Requests for all runs that have the same.
#[derive(Debug)]
struct Kept {
    /// Settings that they were generated for.
    config: Config,
    workload: Workload,
}

/// A run under way.
#[derive(Debug)]
struct Current {
    run: StagedRun,
    /// Its settings, if its requests are new and still to be kept.
    new: Option<Config>,
}

impl Sweep {
    /// A sweep over these variants; nothing is generated or run yet.
    pub const fn new(variants: Vec<Config>) -> Self {
        Self { variants, kept: None, current: None }
    }

    /// A run at time 0 of a variant with a given seed. Cheapest if all variants are run with one seed before
    /// the next seed.
    ///
    /// # Errors
    /// There is no such variant, or the first of its settings that cannot be used.
    ///
    /// # Examples
    /// ```
    /// use blis_playground::{Config, sweep::Sweep};
    ///
    /// let variants = [1, 2, 4].map(|instances| {
    ///     let mut config = Config::default();
    ///     config.cluster.num_instances = instances;
    ///     config
    /// });
    /// let mut run = Sweep::new(variants.to_vec()).run(2, 42)?;
    /// run.run_to_end();
    /// # Ok::<(), blis_playground::ConfigError>(())
    /// ```
    pub fn run(&mut self, variant: usize, seed: i64) -> Result<Simulation, ConfigError> {
        let (mut preparation, new) = self.prepare(variant, seed)?;
        while !preparation.advance(&mut u64::MAX.clone())? {}
        if let Some(config) = new {
            self.kept = Some(Kept { config, workload: preparation.workload().clone() });
        }
        preparation.finish()
    }

    /// Starts such a run, to be advanced in slices; a run under way is given up.
    ///
    /// # Errors
    /// As [`Sweep::run`].
    pub fn start(&mut self, variant: usize, seed: i64) -> Result<(), ConfigError> {
        self.current = None;
        let (preparation, new) = self.prepare(variant, seed)?;
        self.current = Some(Current { run: StagedRun::new(preparation), new });
        Ok(())
    }

    /// Works on the started run for at most about `steps` steps and decisions; `None` if none is under way.
    ///
    /// # Errors
    /// The setting that leads to too many or too late requests.
    pub fn advance(&mut self, steps: u64) -> Result<Option<Progress>, ConfigError> {
        let Some(Current { run, new }) = &mut self.current else { return Ok(None) };
        let keep = |workload: &Workload| {
            if let Some(config) = new.take() {
                self.kept = Some(Kept { config, workload: workload.clone() });
            }
        };
        run.advance_and_keep(steps, keep).map(Some)
    }

    /// Ends the started run and gives what happened so far; `None` if none is under way.
    ///
    /// # Errors
    /// As [`Sweep::advance`].
    pub fn finish(&mut self) -> Result<Option<Outcome>, ConfigError> {
        self.current.take().map(|current| current.run.finish()).transpose()
    }

    /// A run before its requests, or with those of the run before it; and its settings, if its requests are new.
    fn prepare(&mut self, variant: usize, seed: i64) -> Result<(Preparation, Option<Config>), ConfigError> {
        let Some(settings) = self.variants.get(variant) else {
            let expected = format!("less than {}", self.variants.len());
            return Err(ConfigError::invalid("variant", variant, expected));
        };
        let config = Config { seed, ..settings.clone() };
        let custom = CustomCatalog::default();
        if let Some(Kept { config: other, workload }) = &self.kept
            && workload::same_requests(other, &config)
        {
            return Ok((Preparation::with_workload(&config, &custom, workload.clone())?, None));
        }
        self.kept = None;
        Ok((Preparation::with_custom_catalog(&config, &custom)?, Some(config)))
    }
}
