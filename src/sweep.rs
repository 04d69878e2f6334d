//! Many runs around one question: variants of the settings, each with several seeds.
//!
//! Runs with the same requests share them: variants that differ only in the instances get their workload generated
//! once per seed. What a run gives is exactly what it gives alone.

use crate::config::Config;
use crate::error::ConfigError;
use crate::simulation::Simulation;
use crate::workload::{self, Workload};

/// Variants of the settings, and the requests of the last seed.
#[derive(Debug)]
pub struct Sweep {
    variants: Vec<Config>,
    kept: Option<(Config, Workload)>,
}

impl Sweep {
    /// A sweep over these variants; nothing is generated or run yet.
    pub const fn new(variants: Vec<Config>) -> Self {
        Self { variants, kept: None }
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
        let Some(settings) = self.variants.get(variant) else {
            let expected = format!("less than {}", self.variants.len());
            return Err(ConfigError::invalid("variant", variant, expected));
        };
        let config = Config { seed, ..settings.clone() };
        let shared = self.kept.take().filter(|(other, _)| workload::same_requests(other, &config));
        let (source, workload) = match shared {
            Some(shared) => shared,
            None => (config.clone(), workload::generate(&config)?),
        };
        let simulation = Simulation::with_workload(&config, workload.clone());
        self.kept = Some((source, workload));
        simulation
    }
}
