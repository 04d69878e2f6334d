//! Trace files in and out.

use crate::failure::Failure;
use crate::files::{in_file, read_named};
use crate::remark::Remark;
use crate::sources::Sources;
use blis_playground::Outcome;
use blis_playground::config::Config;
use blis_playground::formats::trace::{Mode, TraceFiles};
use blis_playground::outcome::print;
use blis_playground::workload::{self, Replay};
use clap::ArgMatches;
use std::path::{Path, PathBuf};

/// The configuration with the workload of the trace that the flags of `blis replay` name, and what is to be said about it.
pub fn replayed(
    flags: &ArgMatches,
    config: &Config,
    sources: &Sources,
) -> Result<(Config, Vec<Remark>), Failure> {
    let trace = sources.trace(|| read(flags))?;
    let remarks = trace.replay.notes.iter().cloned().map(Remark::Note).collect();
    let mut config = trace.applied_to(config);
    // A command without the flag has not been given it.
    if flags.try_get_one("reference-horizon").is_ok_and(|given| given == Some(&true)) {
        config.cluster.horizon = Some(trace.replay.reference_horizon);
    }
    Ok((config, remarks))
}

/// Reads the files of the trace.
fn read(flags: &ArgMatches) -> Result<Replay, Failure> {
    const HEADER: &str = "--trace-header";
    const DATA: &str = "--trace-data";
    let path = |name| flags.get_one::<PathBuf>(name).cloned();
    let (flag, header, data) = match path("trace") {
        Some(prefix) => ("--trace", Some(with_ending(&prefix, "yaml")), with_ending(&prefix, "csv")),
        None => (DATA, path("trace-header"), path("trace-data").unwrap_or_default()),
    };
    let header_flag = if flag == DATA { HEADER } else { flag };
    let header_text =
        header.as_ref().map(|path| read_named(header_flag, path)).transpose()?.unwrap_or_default();
    let data_text = read_named(flag, &data)?;
    workload::replay(&header_text, &data_text).map_err(|error| {
        match (&header, error.path().starts_with("trace header")) {
            (Some(header), true) => in_file(header_flag, header, &error),
            _ => in_file(flag, &data, &error),
        }
    })
}

/// Writes `PREFIX.yaml` and `PREFIX.csv`.
pub fn write(outcome: &Outcome, config: &Config, mode: Mode, prefix: &Path) -> Result<(), Failure> {
    let TraceFiles { header, data } = print::trace::export(outcome, config, mode);
    for (ending, text) in [("yaml", header), ("csv", data)] {
        write_file("--trace-output", &with_ending(prefix, ending), &text)?;
    }
    Ok(())
}

/// Writes a file that a flag names.
pub fn write_file(flag: &'static str, path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::File {
        flag,
        path: path.to_owned(),
        message: error.to_string(),
    })
}

/// `prefix.ending`, whatever dots the prefix has.
fn with_ending(prefix: &Path, ending: &str) -> PathBuf {
    let mut name = prefix.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
