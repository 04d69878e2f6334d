//! Trace files in and out.

use crate::failure::Failure;
use crate::files::{in_file, read_named};
use crate::imports::{self, Source};
use crate::remark::Remark;
use crate::sources::{Sources, Trace};
use blis_playground::Outcome;
use blis_playground::config::limits::MAX_TIME_US;
use blis_playground::config::{Config, ExplicitRequests, SessionScripts};
use blis_playground::formats::trace::{Mode, TraceFiles};
use blis_playground::import::{Format, Options};
use blis_playground::outcome::print;
use blis_playground::workload::{self, Replay, SessionReplay, ThinkTime, loaded, reference_horizon};
use clap::ArgMatches;
use std::path::{Path, PathBuf};

/// The configuration with the workload of the trace that the flags of `blis replay` name, and what is to be said about it.
pub fn replayed(
    flags: &ArgMatches,
    config: &Config,
    sources: &Sources,
) -> Result<(Config, Vec<Remark>), Failure> {
    let trace = sources.trace(|| read(flags))?;
    let mut config = trace.applied_to(config);
    // A command without the flag has not been given it.
    if flags.try_get_one("reference-horizon").is_ok_and(|given| given == Some(&true)) {
        config.cluster.horizon = Some(trace.replay.reference_horizon);
    }
    Ok((config, trace.remarks.clone()))
}

/// Most requests that become rows of the settings; more are a list that the process holds.
const MOST_ROWS: usize = 100_000;

/// Reads the files of the trace.
fn read(flags: &ArgMatches) -> Result<Trace, Failure> {
    const HEADER: &str = "--trace-header";
    const DATA: &str = "--trace-data";
    let path = |name| flags.get_one::<PathBuf>(name).cloned();
    let (flag, header, data) = match path("trace") {
        Some(prefix) => ("--trace", Some(with_ending(&prefix, "yaml")), with_ending(&prefix, "csv")),
        None => (DATA, path("trace-header"), path("trace-data").unwrap_or_default()),
    };
    let header_flag = if flag == DATA { HEADER } else { flag };
    let header_text = header.as_ref().map(|path| read_named(header_flag, path)).transpose()?;
    let mut options = imports::options(flags)?;
    options.header.clone_from(&header_text);
    let source = Source::of(flag, &data)?;
    let is_ours = header_text.is_some()
        || options.format == Some(Format::TraceV2)
        || imports::is_trace_v2(&source.start()?);
    let as_it_is = Options { header: None, format: None, ..options.clone() } == Options::default();
    if is_ours && as_it_is {
        // A trace of ours is replayed row by row, in its own order and on its own clock.
        let data_text = source.text()?;
        let mut replay = workload::replay(&header_text.unwrap_or_default(), &data_text).map_err(|error| {
            match (&header, error.path().starts_with("trace header")) {
                (Some(header), true) => in_file(header_flag, header, &error),
                _ => in_file(flag, &data, &error),
            }
        })?;
        if let Some(sessions) = session_replay(flags)? {
            replay = replay.in_closed_loop(&sessions).map_err(|error| in_file(flag, &data, &error))?;
        }
        let remarks = replay.notes.iter().cloned().map(Remark::Note).collect();
        return Ok(Trace::new(replay, remarks));
    }
    imported(&source, &options, session_replay(flags)?.as_ref())
}

/// How conversations are replayed: `None` if every round is sent at its own time (S-9).
fn session_replay(flags: &ArgMatches) -> Result<Option<SessionReplay>, Failure> {
    let text = |name: &str| flags.try_get_one::<String>(name).ok().flatten().map(String::as_str);
    let closed = match text("session-mode") {
        None | Some("fixed") => false,
        Some("closed-loop") => true,
        Some(other) => {
            return Err(Failure::Flag(format!("--session-mode must be fixed or closed-loop, got {other}")));
        }
    };
    let milliseconds = text("think-time-ms").map(str::parse::<i64>).transpose();
    let milliseconds =
        milliseconds.ok().map(|given| given.unwrap_or(0)).filter(|ms| (0..=MAX_TIME_US / 1000).contains(ms));
    let Some(milliseconds) = milliseconds else {
        let given = text("think-time-ms").unwrap_or_default();
        let expected = format!("a whole number from 0 to {}", MAX_TIME_US / 1000);
        return Err(Failure::Flag(format!("--think-time-ms must be {expected}, got {given}")));
    };
    let distribution = text("think-time-dist");
    if !closed && (distribution.is_some() || milliseconds > 0) {
        let flag = if distribution.is_some() { "--think-time-dist" } else { "--think-time-ms" };
        return Err(Failure::Flag(format!("{flag} needs --session-mode closed-loop")));
    }
    let think_time = match (distribution, milliseconds) {
        (Some(_), 1..) => {
            let rule = "--think-time-ms and --think-time-dist exclude each other";
            return Err(Failure::Flag(rule.to_owned()));
        }
        (Some(text), _) => Some(
            ThinkTime::parse(text).map_err(|wrong| Failure::Flag(format!("--think-time-dist {wrong}")))?,
        ),
        (None, 1..) => Some(ThinkTime::Constant(milliseconds * 1000)),
        (None, _) => None,
    };
    let seed = text("seed").and_then(|seed| seed.parse().ok()).unwrap_or(Config::default().seed);
    Ok(closed.then_some(SessionReplay { think_time, seed }))
}

/// The requests of a file in any format.
fn imported(
    source: &Source<'_>,
    options: &Options,
    sessions: Option<&SessionReplay>,
) -> Result<Trace, Failure> {
    let Source { flag, path, .. } = *source;
    let table = source.table(options)?;
    let slice = table.sliced(&options.slices).map_err(|error| imports::of_slices(&error))?;
    let mut remarks = imports::remarks(table.report());
    for step in &slice.report.steps {
        remarks.push(Remark::Note(format!("trace data: {}: {} rows left", step.words, step.rows)));
    }
    remarks.extend(slice.report.notes.iter().map(|note| Remark::Note(format!("trace data: {note}"))));
    let latest = slice.report.traffic.last_us;
    let mut replay = Replay {
        targets: table.targets.clone(),
        hash_block: slice.list.requests.tree.as_ref().map_or(0, |tree| tree.hash_block),
        reference_horizon: reference_horizon(latest),
        ..Replay::default()
    };
    // Rounds that the file gives pauses for wait for the answers before them in any case.
    let scripted = !slice.list.sessions.is_empty();
    if scripted && sessions.is_some_and(|sessions| sessions.think_time.is_some()) {
        let rule =
            "--think-time-ms and --think-time-dist: the file says itself how long its conversations pause";
        return Err(Failure::Flag(rule.to_owned()));
    }
    if let Some(sessions) = sessions.filter(|_| !scripted) {
        replay.requests = slice.list.rows();
        replay = replay.in_closed_loop(sessions).map_err(|error| in_file(flag, path, &error))?;
        remarks.extend(replay.notes.iter().cloned().map(Remark::Note));
        return Ok(Trace::new(replay, remarks));
    }
    let requests = if slice.list.requests.len() <= MOST_ROWS {
        replay.sessions = Some(SessionScripts(slice.list.sessions.clone())).filter(|own| !own.0.is_empty());
        slice.list.rows().into()
    } else {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let list = loaded::load_list(slice.list, &name).map_err(|error| in_file(flag, path, &error))?;
        ExplicitRequests::Loaded(list)
    };
    Ok(Trace { requests, replay, remarks })
}

/// Writes `PREFIX.yaml` and `PREFIX.csv`.
pub fn write(outcome: &Outcome, config: &Config, mode: Mode, prefix: &Path) -> Result<(), Failure> {
    write_both("--trace-output", &print::trace::export(outcome, config, mode), prefix)
}

/// Writes both files of a trace.
pub fn write_both(flag: &'static str, files: &TraceFiles, prefix: &Path) -> Result<(), Failure> {
    for (ending, text) in [("yaml", &files.header), ("csv", &files.data)] {
        write_file(flag, &with_ending(prefix, ending), text)?;
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
