//! Runs a configuration and prints its report.

use crate::document::{self, Document};
use crate::failure::{Failure, with_flags};
use crate::notes::notes;
use crate::remark::Remark;
use crate::trace_files::write_file;
use blis_playground::latency::setup::CustomCatalog;
use blis_playground::outcome::fitness::{FitnessWeights, parse_fitness_weights};
use blis_playground::outcome::print::json::to_pretty_json;
use blis_playground::outcome::print::metrics::metrics;
use blis_playground::outcome::print::replay_rows::replay_rows;
use blis_playground::outcome::print::report::{ReportOptions, report as text_of};
use blis_playground::{Config, ConfigError, Outcome, Simulation};
use std::io::Write;
use std::path::Path;

/// What a run prints besides the figures.
#[derive(Debug)]
pub struct OutputOptions<'a> {
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

impl Finished {
    /// What is to be said about the run, in the words of the command line.
    pub fn remarks(&self) -> Vec<Remark> {
        let warnings = self.warnings.iter().map(|warning| Remark::Warning(with_flags(warning)));
        warnings.chain(notes(&self.outcome)).collect()
    }
}

/// Runs a configuration to its end.
pub fn simulate(config: &Config, custom: &CustomCatalog) -> Result<Finished, Failure> {
    Ok(run_to_end(Simulation::with_custom_catalog(config, custom)?, config))
}

/// Runs a simulation of this configuration to its end.
pub fn run_to_end(mut simulation: Simulation, config: &Config) -> Finished {
    // Those about settings have been printed already, in the words of the flags.
    let known: Vec<String> = config.warnings().iter().map(ToString::to_string).collect();
    let warnings = simulation.warnings().iter().filter(|warning| !known.contains(warning)).cloned().collect();
    simulation.run_to_end();
    Finished { outcome: simulation.finish(), warnings }
}

/// Prints the results on standard output, and into the metrics file if one is wanted.
pub fn report(outcome: &Outcome, config: &Config, output: &OutputOptions<'_>) -> Result<(), Failure> {
    let weights = weights(output);
    let options = ReportOptions {
        targets: config.goodput_targets(),
        summarize_trace: output.summarize_trace,
        fitness_weights: weights.as_ref().ok().cloned().unwrap_or_default(),
    };
    write!(std::io::stdout(), "{}", text_of(outcome, &options))?;
    if let Some(path) = output.metrics_path {
        write_metrics_file(outcome, path)?;
    }
    // A wrong weight is an error only after the figures have been printed, as in the reference.
    weights.map(|_| ()).map_err(wrong_weight)
}

/// Prints one JSON document, and writes the metrics file if one is wanted.
pub fn document(
    outcome: &Outcome,
    config: &Config,
    output: &OutputOptions<'_>,
    remarks: impl IntoIterator<Item = Remark>,
) -> Result<(), Failure> {
    // Before anything is printed: there is one document or none.
    let weights = weights(output).map_err(wrong_weight)?;
    if let Some(path) = output.metrics_path {
        write_metrics_file(outcome, path)?;
    }
    let document = Document::new(config, outcome, remarks).with_fitness(outcome, &weights);
    document::print(&if output.summarize_trace { document.with_decisions(outcome) } else { document })
}

/// The weights of the fitness score; none if none are given.
fn weights(output: &OutputOptions<'_>) -> Result<FitnessWeights, ConfigError> {
    let text = output.fitness_weights.filter(|text| !text.is_empty());
    text.map_or_else(|| Ok(FitnessWeights::default()), parse_fitness_weights)
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
    let text = metrics(outcome).with_details(outcome).to_json();
    write_file("--metrics-path", path, &(text + "\n"))
}

/// The result list of a replay as JSON.
pub fn result_list(outcome: &Outcome) -> Result<String, Failure> {
    let text = to_pretty_json(&replay_rows(outcome)).map_err(std::io::Error::from)?;
    Ok(text + "\n")
}
