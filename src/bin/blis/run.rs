//! `blis run` and `blis replay`: one simulation, its metrics on standard output, everything else on standard error.

use crate::custom_catalog::custom_catalog;
use crate::failure::{self, Failure};
use crate::invocation::Invocation;
use crate::notes::notes;
use crate::simulate::{self, OutputOptions};
use crate::trace_files;
use blis_playground::outcome::verdict::{Verdict, verdict};
use clap::ArgMatches;
use std::io::Write;
use std::process::ExitCode;

/// Simulates as the flags say.
pub fn run(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let invocation = Invocation::from_flags(flags)?;
    for warning in &invocation.warnings {
        eprintln!("{warning}");
    }
    if invocation.print_config {
        writeln!(std::io::stdout(), "{}", invocation.config.to_json())?;
        return Ok(ExitCode::SUCCESS);
    }
    let output = OutputOptions {
        summarize_trace: invocation.summarize_trace,
        fitness_weights: invocation.fitness_weights.as_deref(),
        metrics_path: invocation.metrics_path.as_deref(),
    };
    let custom = custom_catalog(&invocation)?;
    let finished = simulate::simulate(&invocation.config, &custom)?;
    for warning in &finished.warnings {
        eprintln!("warning: {}", failure::with_flags(warning));
    }
    for note in notes(&finished.outcome) {
        eprintln!("{note}");
    }
    let Verdict { kind, reason, .. } = verdict(&finished.outcome);
    eprintln!("verdict: {}: {reason}", kind.words());
    // Before the report, whose last part can still fail on the fitness weights, as in the reference.
    eprintln!("digest: {}", simulate::digest(&finished.outcome));
    if let Some(prefix) = &invocation.trace_output {
        trace_files::write(&finished.outcome, &invocation.config, invocation.mode, prefix)?;
    }
    if let Some(path) = &invocation.results_path {
        trace_files::write_file("--results-path", path, &simulate::result_list(&finished.outcome)?)?;
    }
    simulate::report(&finished.outcome, &invocation.config, &output)?;
    Ok(ExitCode::SUCCESS)
}
