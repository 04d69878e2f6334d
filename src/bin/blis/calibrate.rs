//! `blis calibrate`: the latency model fitted to results of benchmarks.

use crate::custom_catalog::custom_catalog;
use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::say;
use crate::sources::Sources;
use blis_playground::config::MeasuredLatency;
use blis_playground::import::MAX_DOCUMENT_BYTES;
use blis_playground::measurements::{
    FittedCoefficient, FittedLatency, LatencyFit, Measured, MeasuredArrivals, MeasurementOptions,
    Measurements, read_all,
};
use blis_playground::text::{visible, visible_json};
use clap::ArgMatches;
use serde_json::json;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Steps of simulation between two looks at what is being done.
const SLICE: u64 = 2_000_000;

/// Reads, fits, shows and writes.
pub fn calibrate(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let invocation = Invocation::from_flags(flags)?;
    invocation.remarks.iter().for_each(say::remark);
    let custom = custom_catalog(&invocation, &Sources::default())?;
    let paths: Vec<&PathBuf> = flags.get_many("files").into_iter().flatten().collect();
    let contents: Vec<(String, Vec<u8>)> = paths
        .iter()
        .map(|path| Ok((path.display().to_string(), content(path)?)))
        .collect::<Result<_, Failure>>()?;
    let files: Vec<(&str, &[u8])> =
        contents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let measurements = read_all(&files, &options(flags)).map_err(|error| of_options(&error))?;
    let is_json = flags.get_flag("json");
    let mut out = std::io::stdout().lock();
    if let Some(problem) = &measurements.problem {
        if is_json {
            print_json(&mut out, &json!({ "measurements": measurements, "fit": null }))?;
        } else {
            write!(out, "{}", reading(&measurements))?;
        }
        return Err(Failure::Flag(format!("nothing is calibrated: {problem}")));
    }
    if !is_json {
        write!(out, "{}", reading(&measurements))?;
        out.flush()?;
    }
    let name = flags.get_one::<String>("name").map_or("", String::as_str);
    let fit = fitted(LatencyFit::new(&invocation.config, custom, &measurements.rows, name)?)?;
    if let Some(path) = flags.get_one::<PathBuf>("output") {
        write_measured(path, &fit.measured)?;
    }
    if is_json {
        print_json(&mut out, &json!({ "measurements": measurements, "fit": fit }))?;
    } else {
        write!(out, "{}", result(&fit))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_json(out: &mut impl Write, document: &serde_json::Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document).map_err(std::io::Error::from)?;
    Ok(writeln!(out, "{}", visible_json(&text))?)
}

/// What a file holds, up to the largest that is read.
fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = MAX_DOCUMENT_BYTES as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    let failed = |message| Failure::File { flag: "FILE", path: path.to_owned(), message };
    read.map_err(|error| failed(error.to_string()))?;
    Ok(bytes)
}

fn options(flags: &ArgMatches) -> MeasurementOptions {
    let arrivals = flags.get_one::<String>("arrivals").map(|name| match name.as_str() {
        "constant" => MeasuredArrivals::Constant,
        _ => MeasuredArrivals::Poisson,
    });
    MeasurementOptions {
        input_tokens: flags.get_one("input-tokens").copied(),
        output_tokens: flags.get_one("output-tokens").copied(),
        arrivals,
    }
}

fn of_options(error: &blis_playground::ConfigError) -> Failure {
    let text = error.to_string();
    let text = text.replace("options.input_tokens", "--input-tokens");
    Failure::Flag(text.replace("options.output_tokens", "--output-tokens"))
}

/// Fits to the end and says what it is about.
fn fitted(mut fit: LatencyFit) -> Result<FittedLatency, Failure> {
    let mut shown = String::new();
    loop {
        let progress = fit.advance(SLICE);
        if progress.done {
            return Ok(fit.result()?);
        }
        let doing = progress.doing.split(", relative error").next().unwrap_or_default().to_owned();
        if doing != shown {
            say::line(format_args!("{doing}"));
            shown = doing;
        }
    }
}

fn write_measured(path: &Path, measured: &MeasuredLatency) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(measured).map_err(std::io::Error::from)?;
    let written = std::fs::write(path, format!("{text}\n"));
    written.map_err(|error| Failure::File {
        flag: "--output",
        path: path.to_owned(),
        message: error.to_string(),
    })
}

/// A time or rate that may be missing.
fn cell(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), figure)
}

fn figure(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        small if small >= 0.1 || small == 0.0 => format!("{value:.3}"),
        _ => format!("{value:.5}"),
    }
}

/// What was read, as text.
fn reading(measurements: &Measurements) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        // Names and notes come from files.
        let _ = writeln!(text, "{}", visible(&words));
    };
    for file in &measurements.files {
        match &file.problem {
            None => line(format!(
                "{}: {}, {} row{}",
                file.name,
                file.format,
                file.rows,
                if file.rows == 1 { "" } else { "s" }
            )),
            Some(_) => line(format!("{}: not read", file.name)),
        }
        file.notes.iter().for_each(|note| line(format!("  {note}")));
    }
    line("Read (times in ms):".to_owned());
    line(format!(
        "  {:<22}{:>9}{:>8}{:>9}{:>9}{:>10}{:>9}{:>10}{:>10}",
        "load", "answered", "failed", "input", "output", "TTFT", "ITL", "E2E", "tokens/s"
    ));
    for row in &measurements.rows {
        let Measured { failed, .. } = row;
        line(format!(
            "  {:<22}{:>9}{failed:>8}{:>9}{:>9}{:>10}{:>9}{:>10}{:>10}",
            row.load(),
            row.requests.map_or("-".to_owned(), |requests| requests.to_string()),
            cell(row.input_tokens),
            cell(row.output_tokens),
            cell(row.ttft_ms),
            cell(row.itl_ms),
            cell(row.e2e_ms),
            cell(row.output_tokens_per_s),
        ));
    }
    text
}

/// What came of it, as text.
fn result(fit: &FittedLatency) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{}", visible(&words));
    };
    line(format!(
        "Coefficients of {} that these rates determine (before, now, standard error):",
        fit.latency_model
    ));
    let (told, kept): (Vec<&FittedCoefficient>, Vec<_>) =
        fit.coefficients.iter().partition(|own| own.determined);
    for own in told {
        let unit = if own.unit.is_empty() { String::new() } else { format!(" {}", own.unit) };
        line(format!(
            "  {:<14}{:>10}{:>11} ± {}{unit}: {}",
            own.name,
            figure(own.before),
            figure(own.value),
            cell(own.standard_error),
            own.meaning
        ));
    }
    line("Kept as they are:".to_owned());
    for own in kept {
        line(format!("  {:<14}{:>10}  {}", own.name, figure(own.before), own.reason));
    }
    line("Measured against predicted (times in ms; * only shown, it follows from the others):".to_owned());
    for row in &fit.rows {
        line(format!("  {}, {}", row.load, row.source));
        for own in &row.compared {
            let name = if own.quantity == "throughput" { "tokens/s" } else { own.quantity };
            line(format!(
                "    {:<9}{:>10}{:>11}  {:+.1}%, chance ±{:.1}%; before {}{}",
                name,
                figure(own.measured),
                figure(own.predicted),
                own.error_percent,
                own.chance_percent,
                figure(own.before),
                if own.used { "" } else { " *" }
            ));
        }
    }
    line(format!(
        "Relative error {:.1}% (before {:.1}%), left beside chance {:.1}%; {} simulations with {} requests",
        fit.error_percent, fit.error_before_percent, fit.noise_percent, fit.runs, fit.simulated_requests
    ));
    fit.warnings.iter().for_each(|words| line(format!("Warning: {words}")));
    line(format!("{}: {}", fit.measured.name, fit.measured.note));
    text
}
