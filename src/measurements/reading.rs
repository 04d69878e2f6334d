//! From files to rows.

use super::measured::{FEWEST_REQUESTS, Measured, MeasuredArrivals};
use super::object::Object;
use super::quantity::heading;
use super::{aiperf, console, guidellm, table, vllm};
use crate::error::ConfigError;
use crate::import::{MAX_DOCUMENT_BYTES, json};
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::Read;

/// Most files at once.
pub const MAX_FILES: usize = 200;
/// Most rows of all files together: each is simulated some hundred times.
const MAX_ROWS: usize = 100;
/// Different rates below which nothing is fitted.
const FEWEST_RATES: usize = 2;

/// What the files do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct MeasurementOptions {
    /// Mean prompt length in tokens, for rows that have none.
    pub input_tokens: Option<f64>,
    /// Mean output length in tokens, for rows that have none.
    pub output_tokens: Option<f64>,
    /// When requests were sent, for rows with a rate that do not say.
    pub arrivals: Option<MeasuredArrivals>,
}

/// What was read of a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct MeasuredFile {
    /// Its name.
    pub name: String,
    /// What it is, in words; empty if it could not be read.
    pub format: String,
    /// Rows that were read.
    pub rows: u32,
    /// What is worth knowing about how it was read.
    pub notes: Vec<String>,
    /// Why it could not be read; `null` if it could.
    pub problem: Option<String>,
}

/// What was read of all files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Measurements {
    /// The files.
    pub files: Vec<MeasuredFile>,
    /// The rows of all files.
    pub rows: Vec<Measured>,
    /// Why these rows cannot be fitted; `null` if they can.
    pub problem: Option<String>,
}

/// Reads files in memory, gzipped or not: names and bytes.
///
/// # Errors
///
/// At `options` for a length that cannot be, and at `files` for too many of them. What is wrong with a file or a row is said
/// with it.
pub fn read_all(files: &[(&str, &[u8])], options: &MeasurementOptions) -> Result<Measurements, ConfigError> {
    if files.len() > MAX_FILES {
        return Err(ConfigError::invalid("files", files.len(), format!("at most {MAX_FILES}")));
    }
    for (name, length) in [("input_tokens", options.input_tokens), ("output_tokens", options.output_tokens)] {
        if let Some(length) = length.filter(|length| !(1.0..=1e7).contains(length)) {
            let expected = "1 to 10000000 tokens";
            return Err(ConfigError::invalid(format!("options.{name}"), length, expected));
        }
    }
    let mut all = Measurements::default();
    for (name, bytes) in files {
        let mut file = MeasuredFile { name: (*name).to_owned(), ..MeasuredFile::default() };
        match read(name, bytes, &mut file.notes) {
            Ok((format, rows)) => {
                format.clone_into(&mut file.format);
                file.rows = rows.len() as u32;
                all.rows.extend(rows);
            }
            Err(error) => file.problem = Some(error.to_string()),
        }
        all.files.push(file);
    }
    for row in &mut all.rows {
        complete(row, options);
    }
    all.problem = all.find_problem();
    Ok(all)
}

/// Fills in what the file does not say, and finds what is wrong.
fn complete(row: &mut Measured, options: &MeasurementOptions) {
    if row.input_tokens.is_none() {
        row.input_tokens = options.input_tokens;
    }
    if row.output_tokens.is_none() {
        row.output_tokens = options.output_tokens;
    }
    if row.rate.is_some() && row.arrivals.is_none() {
        row.arrivals = options.arrivals;
    }
    row.problem = row.find_problem();
}

impl Measurements {
    fn find_problem(&self) -> Option<String> {
        let file = self.files.iter().find_map(|file| file.problem.clone());
        file.or_else(|| refusal(&self.rows))
    }
}

/// Why rows cannot be fitted.
pub(super) fn refusal(rows: &[Measured]) -> Option<String> {
    if rows.len() > MAX_ROWS {
        return Some(format!("{} rows, expected at most {MAX_ROWS}", rows.len()));
    }
    let mut different: Vec<&Measured> = Vec::new();
    for row in rows.iter().filter(|row| !row.is_scant() && (row.rate.is_some() || row.concurrency.is_some()))
    {
        if !different.iter().any(|other| other.has_load_of(row)) {
            different.push(row);
        }
    }
    let mut said = Vec::new();
    if different.len() < FEWEST_RATES {
        let shown: Vec<String> = rows.iter().map(shown).collect();
        let shown = if shown.is_empty() { "nothing".to_owned() } else { shown.join("; ") };
        said.push(format!(
            "too few rates to calibrate: {} with at least {FEWEST_REQUESTS} answered requests, at least {FEWEST_RATES} \
             different ones are needed, better 3 to 5 from idle to near saturation (read: {shown})",
            different.len()
        ));
    }
    for row in rows {
        if let Some(problem) = row.find_problem() {
            said.push(format!("{}: {problem}", row.source));
        }
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// A row in a list of rows.
fn shown(row: &Measured) -> String {
    let requests = row.requests.map_or(String::new(), |requests| format!(", {requests} answered"));
    let failed = if row.failed > 0 { format!(", {} failed", row.failed) } else { String::new() };
    format!("{}: {}{requests}{failed}", row.source, row.load())
}

/// What the file is, and its rows.
fn read(
    name: &str,
    bytes: &[u8],
    notes: &mut Vec<String>,
) -> Result<(&'static str, Vec<Measured>), ConfigError> {
    let bytes = unpacked(name, bytes)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    // No number either, but not the same as nothing.
    let plain = json::finite_with(bytes, b"\"NaN\"");
    let begins = plain.trim_ascii_start().first().copied();
    let (format, mut rows) = if matches!(begins, Some(b'{' | b'[')) {
        documents(name, text(name, &plain)?, notes)?
    } else {
        let text = text(name, bytes)?;
        if console::is_report(text) {
            ("printed result of a serving benchmark", console::rows(text, name, notes))
        } else {
            ("table", table::rows(text, name, notes)?)
        }
    };
    if rows.is_empty() {
        return Err(ConfigError::malformed(name, "no result in it"));
    }
    for row in &mut rows {
        medians(row, notes);
    }
    Ok((format, rows))
}

/// A median is better than nothing.
fn medians(row: &mut Measured, notes: &mut Vec<String>) {
    for (what, mean, median) in
        [("TTFT", &mut row.ttft_ms, row.ttft_p50_ms), ("ITL", &mut row.itl_ms, row.itl_p50_ms)]
    {
        if let (None, Some(median)) = (*mean, median) {
            *mean = Some(median);
            notes.push(format!("{}: no mean of the {what}; its median is taken", row.source));
        }
    }
}

fn text<'t>(name: &str, bytes: &'t [u8]) -> Result<&'t str, ConfigError> {
    std::str::from_utf8(bytes).map_err(|_| ConfigError::malformed(name, "no text in UTF-8"))
}

fn unpacked<'t>(name: &str, bytes: &'t [u8]) -> Result<Cow<'t, [u8]>, ConfigError> {
    let too_long = || {
        ConfigError::invalid(name, "a longer file", format!("at most {MAX_DOCUMENT_BYTES} bytes, unpacked"))
    };
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(too_long());
    }
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut plain = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(MAX_DOCUMENT_BYTES as u64 + 1);
    reader
        .read_to_end(&mut plain)
        .map_err(|error| ConfigError::malformed(name, format!("a damaged gzip file: {error}")))?;
    if plain.len() > MAX_DOCUMENT_BYTES { Err(too_long()) } else { Ok(Cow::Owned(plain)) }
}

/// The rows of one object, of several one after the other, or of a list.
fn documents(
    name: &str,
    text: &str,
    notes: &mut Vec<String>,
) -> Result<(&'static str, Vec<Measured>), ConfigError> {
    let mut documents: Vec<&str> = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let document = document
            .map_err(|error| ConfigError::malformed(name, format!("no JSON, or cut off: {error}")))?
            .get();
        match json::entries(document) {
            Some(entries) => documents.extend(entries),
            None => documents.push(document),
        }
    }
    let objects: Vec<Object<'_>> = documents.iter().filter_map(|text| Object::new(text)).collect();
    if objects.len() < documents.len() {
        return Err(ConfigError::malformed(
            name,
            "JSON in which results stand beside values that are no objects",
        ));
    }
    let Some(first) = objects.first() else {
        return Err(ConfigError::malformed(name, "an empty list"));
    };
    if objects.iter().any(aiperf::is_record) {
        let records: Vec<Object<'_>> = objects.into_iter().filter(aiperf::is_record).collect();
        return Ok(("AIPerf, a line per request", vec![aiperf::records(&records, name.to_owned(), notes)]));
    }
    let several = objects.len() > 1;
    let source = |place: usize| {
        if several { format!("{name}, result {}", place + 1) } else { name.to_owned() }
    };
    if first.has("benchmarks") {
        let reports = objects.iter().enumerate();
        let rows =
            reports.flat_map(|(place, report)| guidellm::rows(report, &source(place), notes)).collect();
        return Ok(("GuideLLM", rows));
    }
    let is_sglang = first.text("backend").is_some_and(|backend| backend.contains("sglang"))
        || first.has("mean_e2e_latency_ms");
    let mut rows = Vec::new();
    let mut format = "rows as JSON";
    for (place, object) in objects.iter().enumerate() {
        let source = source(place);
        if vllm::is_result(object) {
            format = if is_sglang { "SGLang's serving benchmark" } else { "vLLM's serving benchmark" };
            vllm::check(object, &source)?;
            rows.push(vllm::row(object, source, notes));
        } else if aiperf::is_summary(object) {
            format = "AIPerf, summary";
            rows.push(aiperf::summary(object, source, notes));
        } else {
            rows.push(own_row(object, source).ok_or_else(|| unknown(name, object))?);
        }
    }
    Ok((format, rows))
}

/// An object whose names are those of a table's columns.
fn own_row(object: &Object<'_>, source: String) -> Option<Measured> {
    let mut row = Measured { source, ..Measured::default() };
    for name in object.names() {
        if let Some((quantity, unit)) = heading(name)
            && let Some(value) = object.number(name)
        {
            quantity.put(&mut row, unit.map_or(value, |unit| unit.to_ms(value)));
        }
    }
    let has_load = row.rate.is_some() || row.concurrency.is_some();
    (has_load && (row.ttft_ms.is_some() || row.itl_ms.is_some() || row.e2e_ms.is_some())).then_some(row)
}

fn unknown(name: &str, object: &Object<'_>) -> ConfigError {
    if object.has("per_combination_metrics") {
        let message = "AIPerf's summary of a sweep, without the prompts' lengths: give the profile_export_aiperf.json of each \
                       combination";
        return ConfigError::malformed(name, message);
    }
    let names: Vec<_> = object.names().take(8).collect();
    let message = format!(
        "no result of a benchmark that is known (vllm bench serve, SGLang, GuideLLM, AIPerf); the object has {}",
        if names.is_empty() { "no names".to_owned() } else { names.join(", ") }
    );
    ConfigError::malformed(name, message)
}
