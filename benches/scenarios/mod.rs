//! What is measured: the scenarios of the performance table, the opening sweep, and what these are compared with. The
//! browser's benchmark reads the same `scenarios.json`.

// Every target that includes this file uses only a part of it.
#![allow(dead_code, unused_imports)]

mod floor;
pub mod mooncake;
mod one_scenario;
pub mod sessions;

pub use floor::Floor;
pub use one_scenario::{OneScenario, Results};

use blis_playground::latency::{LatencyChoice, ServingSetup, TrainedPhysics};
use blis_playground::{Config, Outcome};
use serde::Deserialize;
use std::error::Error;
use std::time::Instant;

/// Instance counts of the opening sweep.
pub const SWEEP_COUNTS: std::ops::RangeInclusive<u32> = 1..=12;

/// Seeds of the opening sweep.
pub const SWEEP_SEEDS: std::ops::RangeInclusive<i64> = 42..=61;

/// A row of the table.
#[derive(Clone, Debug, Deserialize)]
pub struct Scenario {
    /// Short name, for filters.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// What is run.
    pub config: Config,
}

/// All scenarios.
pub fn all() -> Vec<Scenario> {
    serde_json::from_str(include_str!("scenarios.json")).expect("the list of scenarios")
}

/// The scenario of this name.
pub fn named(name: &str) -> Option<Scenario> {
    all().into_iter().find(|scenario| scenario.name == name)
}

/// Steps of all instances together.
pub fn steps(outcome: &Outcome) -> u64 {
    outcome.instances.iter().map(|instance| instance.steps).sum()
}

/// Evictions of all instances together.
pub fn preemptions(outcome: &Outcome) -> u64 {
    outcome.instances.iter().map(|instance| instance.preemptions).sum()
}

/// What the serving engine is, and its latency model, which has to be trained physics.
///
/// # Panics
/// If it is another one, or the settings are not valid.
pub fn trained_physics(config: &Config) -> (ServingSetup, TrainedPhysics) {
    let setup = ServingSetup::resolve(&config.model, &config.memory).expect("the settings are valid");
    let LatencyChoice::TrainedPhysics(latency) = setup.latency.clone() else {
        panic!("the settings ask for another latency model")
    };
    (setup, latency)
}

/// Milliseconds of each repetition of `work`; what it returns is dropped outside the measured time.
///
/// # Errors
/// The first of `work`.
pub fn times<T>(
    repeats: usize,
    mut work: impl FnMut() -> Result<T, Box<dyn Error>>,
) -> Result<Vec<f64>, Box<dyn Error>> {
    (0..repeats)
        .map(|_| {
            let start = Instant::now();
            let kept = work()?;
            let elapsed = start.elapsed();
            drop(kept);
            Ok(elapsed.as_secs_f64() * 1e3)
        })
        .collect()
}
