//! `blis run` and `blis replay`: one simulation, its metrics on standard output, everything else on standard error.

use crate::connect::{self, Wishes};
use crate::ending;
use crate::failure::{self, Failure};
use crate::files;
use crate::plan::Plan;
use crate::trace_files;
use blis_playground::outcome::verdict::{Verdict, verdict};
use clap::ArgMatches;
use std::io::Write;
use std::process::ExitCode;

/// Simulates what the flags ask for.
pub fn run(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let plan = Plan::from_flags(flags)?;
    for warning in &plan.warnings {
        eprintln!("{warning}");
    }
    if plan.print_config {
        writeln!(std::io::stdout(), "{}", plan.config.to_json())?;
        return Ok(ExitCode::SUCCESS);
    }
    let wishes = Wishes {
        summarize_trace: plan.summarize_trace,
        fitness_weights: plan.fitness_weights.as_deref(),
        metrics_path: plan.metrics_path.as_deref(),
    };
    let custom = files::custom_catalog(&plan)?;
    let finished = connect::simulate(&plan.config, &custom)?;
    for warning in &finished.warnings {
        eprintln!("warning: {}", failure::with_flags(warning));
    }
    for note in ending::notes(&finished.outcome) {
        eprintln!("{note}");
    }
    let Verdict { kind, reason, .. } = verdict(&finished.outcome);
    eprintln!("verdict: {}: {reason}", kind.words());
    // Before the report, whose last part can still fail on the fitness weights, as in the reference.
    eprintln!("digest: {}", connect::digest(&finished.outcome));
    if let Some(prefix) = &plan.trace_output {
        trace_files::write(&finished.outcome, &plan.config, plan.mode, prefix)?;
    }
    if let Some(path) = &plan.results_path {
        trace_files::write_file("--results-path", path, &connect::result_list(&finished.outcome)?)?;
    }
    connect::report(&finished.outcome, &plan.config, &wishes)?;
    Ok(ExitCode::SUCCESS)
}
