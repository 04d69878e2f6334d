//! `blis run` and `blis replay`: one simulation, its metrics on standard output, everything else on standard error; or
//! all of it as one JSON document on standard output.

use crate::custom_catalog::custom_catalog;
use crate::failure::Failure;
use crate::invocation::{Invocation, Printed};
use crate::remark::Remark;
use crate::say;
use crate::simulate::{self, OutputOptions};
use crate::sources::Sources;
use crate::trace_files;
use blis_playground::Config;
use blis_playground::config::StreamsName;
use blis_playground::outcome::verdict::{Verdict, verdict};
use blis_playground::record::digest;
use blis_playground::text::visible_json;
use clap::ArgMatches;
use std::io::Write;
use std::process::ExitCode;

/// Simulates as the flags say.
pub fn run(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let invocation = Invocation::from_flags(flags)?;
    let is_document = invocation.printed == Printed::Document;
    if !is_document {
        say_all(&invocation.remarks);
    }
    if invocation.printed == Printed::Settings {
        writeln!(std::io::stdout(), "{}", visible_json(&invocation.config.to_json()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let output = OutputOptions {
        summarize_trace: invocation.summarize_trace,
        fitness_weights: invocation.fitness_weights.as_deref(),
        metrics_path: invocation.metrics_path.as_deref(),
    };
    let custom = custom_catalog(&invocation, &Sources::default())?;
    let finished = simulate::simulate(&invocation.config, &custom)?;
    let remarks = finished.remarks();
    if !is_document {
        say_all(&remarks);
        let Verdict { kind, reason, .. } = verdict(&finished.outcome);
        say::line(format_args!("verdict: {}: {reason}", kind.words()));
        say::line(streams(&invocation.config));
        // Before the report, whose last part can still fail on the fitness weights, as in the reference.
        say::line(format_args!("digest: {}", digest(&finished.outcome)));
    }
    if let Some(prefix) = &invocation.trace_output {
        trace_files::write(&finished.outcome, &invocation.config, invocation.mode, prefix)?;
    }
    if let Some(path) = &invocation.results_path {
        trace_files::write_file("--results-path", path, &simulate::result_list(&finished.outcome)?)?;
    }
    if is_document {
        let all = invocation.remarks.into_iter().chain(remarks);
        simulate::document(&finished.outcome, &invocation.config, &output, all)?;
    } else {
        simulate::report(&finished.outcome, &invocation.config, &output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Which random streams a result is of.
fn streams(config: &Config) -> &'static str {
    match config.streams {
        StreamsName::Reference => "streams: reference: random numbers as BLIS draws them",
        StreamsName::Independent => {
            "streams: independent: BLIS draws other random numbers, of the same distributions"
        }
    }
}

fn say_all(remarks: &[Remark]) {
    remarks.iter().for_each(say::remark);
}
