//! The calls into the engine and the report, in one place.

use crate::failure::Failure;
use crate::files::Comparison;
use crate::trace_files::write_file;
use blis_playground::golden::{self, Difference};
use blis_playground::latency::setup::CustomCatalog;
use blis_playground::outcome::digest::digest as fingerprint;
use blis_playground::outcome::fitness::parse_fitness_weights;
use blis_playground::outcome::json::to_pretty_json;
use blis_playground::outcome::metrics::metrics;
use blis_playground::outcome::replay_rows::replay_rows;
use blis_playground::outcome::report::{ReportOptions, report as text_of};
use blis_playground::outcome::rows::request_rows;
use blis_playground::{Config, ConfigError, Outcome, Simulation};
use serde_json::Value;
use std::io::Write;
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

/// Runs a configuration to its end.
pub fn simulate(config: &Config, custom: &CustomCatalog) -> Result<Finished, Failure> {
    let mut simulation = Simulation::with_custom_catalog(config, custom)?;
    // Those about settings have been printed already, in the words of the flags.
    let known: Vec<String> = config.warnings().iter().map(ToString::to_string).collect();
    let warnings = simulation.warnings().iter().filter(|warning| !known.contains(warning)).cloned().collect();
    simulation.run_to_end();
    Ok(Finished { outcome: simulation.finish(), warnings })
}

/// Prints the results on standard output, and into the metrics file if one is wanted.
pub fn report(outcome: &Outcome, config: &Config, wishes: &Wishes<'_>) -> Result<(), Failure> {
    let weights =
        wishes.fitness_weights.filter(|text| !text.is_empty()).map(parse_fitness_weights).transpose();
    let options = ReportOptions {
        targets: config.goodput_targets(),
        summarize_trace: wishes.summarize_trace,
        fitness_weights: weights.as_ref().ok().cloned().flatten().unwrap_or_default(),
    };
    write!(std::io::stdout(), "{}", text_of(outcome, &options))?;
    if let Some(path) = wishes.metrics_path {
        write_metrics_file(outcome, path)?;
    }
    // A wrong weight is an error only after the figures have been printed, as in the reference.
    weights.map(|_| ()).map_err(wrong_weight)
}

fn wrong_weight(error: ConfigError) -> Failure {
    match error {
        ConfigError::Invalid { value, expected, .. } => {
            Failure::Flag(format!("--fitness-weights must be {expected}, got {value}"))
        }
        other => other.into(),
    }
}

fn write_metrics_file(outcome: &Outcome, path: &Path) -> Result<(), Failure> {
    let text = metrics(outcome).with_requests(request_rows(outcome)).to_json();
    write_file("--metrics-path", path, &(text + "\n"))
}

/// The result list of a replay as JSON.
pub fn result_list(outcome: &Outcome) -> Result<String, Failure> {
    let text = to_pretty_json(&replay_rows(outcome)).map_err(std::io::Error::from)?;
    Ok(text + "\n")
}

/// The fingerprint of a run, 16 hexadecimal digits.
pub fn digest(outcome: &Outcome) -> String {
    fingerprint(outcome)
}

/// Compares a recorded case.
pub fn check_case(text: &str) -> Result<Comparison, ConfigError> {
    let differences = golden::check_case(text)?;
    Ok(Comparison { compared: recorded_values(text), differences: differences.iter().map(line).collect() })
}

/// Number of values that a case records: a file that records nothing must not count as agreement.
fn recorded_values(text: &str) -> usize {
    serde_json::from_str::<Value>(text).map_or(0, |case| leaves(&case["expected"]))
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(members) => members.values().map(leaves).sum(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

fn line(difference: &Difference) -> String {
    let Difference { column, index, expected, got } = difference;
    let index = index.map_or_else(String::new, |index| format!("[{index}]"));
    format!("{column}{index}: expected {expected}, got {got}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_records_nothing_has_nothing_to_agree_on() {
        for text in
            [r#"{"expected": {}}"#, r#"{"expected": {"requests": {"ttft_us": []}}}"#, "{}", "nonsense"]
        {
            assert_eq!(recorded_values(text), 0, "{text}");
        }
        assert_eq!(
            recorded_values(r#"{"expected": {"requests": {"ttft_us": [1, null, 3]}, "name": "x"}}"#),
            3
        );
    }
}
