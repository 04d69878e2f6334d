//! `blis trace`: what a file of requests is.

use crate::failure::Failure;
use crate::files::read_named;
use crate::imports::{self, Source};
use crate::trace_files;
use blis_playground::import::{Column, Lengths, Report, Slice, Traffic};
use blis_playground::text::{visible, visible_json};
use clap::ArgMatches;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Shows a file, and writes it.
pub fn trace(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    const FILE: &str = "FILE";
    let path = flags.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let mut options = imports::options(flags)?;
    if let Some(header) = flags.get_one::<PathBuf>("trace-header") {
        options.header = Some(read_named("--trace-header", header)?);
    }
    let table = Source::of(FILE, &path)?.table(&options)?;
    let slice = table.sliced(&options.slices).map_err(|error| imports::of_slices(&error))?;
    if let Some(prefix) = flags.get_one::<PathBuf>("output") {
        trace_files::write_both("--output", &slice.trace(&table.targets), prefix)?;
    }
    let mut out = std::io::stdout().lock();
    if flags.get_flag("json") {
        let document = json!({ "file": table.report(), "slice": slice.report });
        writeln!(
            out,
            "{}",
            visible_json(&serde_json::to_string_pretty(&document).map_err(std::io::Error::from)?)
        )?;
    } else {
        let is_sliced = !options.slices.is_none();
        write!(out, "{}", words(table.report(), is_sliced.then_some(&slice)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The report as text.
fn words(report: &Report, slice: Option<&Slice>) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        // Names come from the file.
        let _ = writeln!(text, "{}", visible(&words));
    };
    let (preview, counts) = (&report.preview, &report.counts);
    let gzip = if preview.is_gzip { ", gzipped" } else { "" };
    line(format!("Format: {} ({}){gzip}", preview.detected.name, serde_name(&preview.detected.id)));
    if let Some(credit) = preview.detected.credit {
        line(format!("  Source: {credit}"));
    }
    let others: Vec<_> = preview.candidates.iter().map(|other| serde_name(&other.id)).collect();
    if !others.is_empty() {
        line(format!("  Can also be read as: {}", others.join(", ")));
    }
    let columns: Vec<_> = preview.columns.iter().map(column).collect();
    if !columns.is_empty() {
        line(format!("Columns: {}", columns.join(", ")));
    }
    line(format!(
        "Rows: {} read = {} kept + {} dropped + {} blank",
        counts.read, counts.kept, counts.dropped, counts.blank
    ));
    for dropped in &report.dropped {
        let kept = dropped.kept_if.map_or(String::new(), |kept| format!("; kept if {kept}"));
        line(format!(
            "  dropped: {} × {} (first in line {}: \"{}\"{kept})",
            dropped.rows, dropped.reason, dropped.first_line, dropped.value
        ));
    }
    line(format!("Time zero: {}", report.time_zero));
    traffic(&report.traffic, &mut line);
    for question in &report.questions {
        let choices: Vec<_> =
            question.choices.iter().map(|choice| format!("{}: {}", choice.value, choice.words)).collect();
        let choices = if choices.is_empty() { String::new() } else { format!(" ({})", choices.join("; ")) };
        line(format!("Question {}={}: {}{choices}", question.id, question.answer, question.words));
    }
    report.notes.iter().for_each(|note| line(format!("Note: {note}")));
    report.warnings.iter().for_each(|words| line(format!("Warning: {words}")));
    if let Some(slice) = slice {
        line("Of it is used:".to_owned());
        for step in &slice.report.steps {
            line(format!("  {}: {} rows", step.words, step.rows));
        }
        slice.report.notes.iter().for_each(|note| line(format!("  Note: {note}")));
        traffic(&slice.report.traffic, &mut line);
        slice.report.warnings.iter().for_each(|words| line(format!("Warning: {words}")));
    }
    text
}

fn serde_name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn column(column: &Column) -> String {
    let role = serde_name(&column.role);
    let unit = column.unit.map_or(String::new(), |unit| format!(" in {}", unit.name()));
    if role == "ignore" {
        format!("{} (not used)", column.name)
    } else {
        format!("{} = {role}{unit}", column.name)
    }
}

fn traffic(traffic: &Traffic, line: &mut impl FnMut(String)) {
    let rate = traffic.mean_rate.map_or("all at one time".to_owned(), |rate| format!("{rate:.6} per second"));
    line(format!("Requests: {} in {:.6} s, {rate}", traffic.rows, traffic.span_s));
    line(format!(
        "  most in 1, 10, 60 s: {}, {}, {}; CV of the gaps: {}; same time as the one before: {}",
        traffic.peak_1s,
        traffic.peak_10s,
        traffic.peak_60s,
        traffic.gap_cv.map_or("none".to_owned(), |cv| format!("{cv:.6}")),
        traffic.equal_times
    ));
    for (name, lengths) in [("Input", &traffic.input), ("Output", &traffic.output)] {
        let Lengths { min, mean, p50, p90, p99, max, .. } = lengths;
        line(format!(
            "{name} tokens: min {min}, mean {mean:.6}, p50 {p50:.2}, p90 {p90:.2}, p99 {p99:.2}, max {max}"
        ));
    }
    if let Some(sharing) = &traffic.sharing {
        line(format!(
            "Sharing: {} different hash blocks of {} tokens; a cache without limit finds {:.4} % of the input tokens",
            sharing.blocks,
            sharing.hash_block,
            sharing.hit_ratio * 100.0
        ));
    }
    if traffic.sessions > 0 {
        line(format!("Sessions: {}", traffic.sessions));
    }
}
