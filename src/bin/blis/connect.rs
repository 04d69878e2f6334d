//! The calls into the engine. NOT CONNECTED on this branch: simulation, report, digest and golden cases are
//! written elsewhere; until they are merged these calls say so and fail.

use crate::failure::Failure;
use crate::files::Comparison;
use blis_playground::latency::setup::OwnFacts;
use blis_playground::{Config, ConfigError, Outcome};
use std::path::Path;

/// What a run prints besides the figures.
#[derive(Debug)]
pub struct Wishes<'a> {
    /// The decision-trace summary.
    pub summarize_trace: bool,
    /// Weights of the fitness score, as given.
    pub fitness_weights: Option<&'a str>,
    /// Where the metrics with one row per request go.
    pub metrics_path: Option<&'a Path>,
}

/// A finished run.
#[derive(Debug)]
pub struct Finished {
    /// What happened.
    pub outcome: Outcome,
    /// What model, memory and workload had to decide on their own.
    pub warnings: Vec<String>,
}

fn not_connected<T>() -> Result<T, Failure> {
    Err(Failure::Flag("this build has no engine".to_owned()))
}

/// Runs a configuration to its end.
pub fn simulate(_config: &Config, _facts: &OwnFacts) -> Result<Finished, Failure> {
    not_connected()
}

/// Prints the results on standard output, and into the metrics file if one is wanted.
pub fn report(_outcome: &Outcome, _config: &Config, _wishes: &Wishes<'_>) -> Result<(), Failure> {
    not_connected()
}

/// The fingerprint of a run, 16 hexadecimal digits.
pub fn digest(_outcome: &Outcome) -> String {
    String::new()
}

/// Compares a recorded case.
pub fn check_case(_text: &str) -> Result<Comparison, ConfigError> {
    Err(ConfigError::Malformed { path: String::new(), message: "this build has no engine".to_owned() })
}
