//! Files of requests in any format: flags to options, file to requests.

use crate::failure::Failure;
use crate::files::{self, in_file};
use crate::remark::Remark;
use blis_playground::ConfigError;
use blis_playground::import::{Filter, Format, Mapping, Options, Reader, Report, Shape, Slices, Table};
use clap::ArgMatches;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;

/// Bytes from which it is seen what a file is.
const START: u64 = 1 << 16;

/// How the flags want a file to be read, and what they want of it.
pub fn options(flags: &ArgMatches) -> Result<Options, Failure> {
    let text = |name: &str| flags.get_one::<String>(name).map(String::as_str);
    let mut options = Options { slices: slices(flags)?, ..Options::default() };
    options.format = match text("trace-format") {
        None | Some("auto") => None,
        Some(name) => Some(Format::named(name).ok_or_else(|| {
            let names: Vec<_> = Format::all().map(Format::id).collect();
            Failure::Flag(format!("--trace-format must be one of auto, {}, got {name}", names.join(", ")))
        })?),
    };
    options.mapping = match text("trace-map") {
        None => None,
        Some(line) => Some(Mapping::from_line(line).map_err(|error| in_flag("--trace-map", &error))?),
    };
    options.shape = Shape {
        delimiter: text("trace-delimiter").map(str::to_owned),
        decimal: text("trace-decimal").map(str::to_owned),
        header: value(flags, "trace-names", "true or false")?,
    };
    if flags.get_flag("trace-keep-failures") {
        options.answers.insert("keep_failures".to_owned(), "yes".to_owned());
    }
    if let Some(block) = text("trace-hash-block") {
        options.answers.insert("hash_block".to_owned(), block.to_owned());
    }
    for answer in flags.get_many::<String>("trace-answer").into_iter().flatten() {
        let (id, value) = answer
            .split_once('=')
            .ok_or_else(|| Failure::Flag(format!("--trace-answer must be id=value, got {answer}")))?;
        options.answers.insert(id.trim().to_owned(), value.trim().to_owned());
    }
    Ok(options)
}

fn in_flag(flag: &str, error: &ConfigError) -> Failure {
    Failure::Flag(format!("{flag}: {error}"))
}

/// The number of a flag.
fn value<T: std::str::FromStr>(flags: &ArgMatches, name: &str, what: &str) -> Result<Option<T>, Failure> {
    let text = flags.get_one::<String>(name);
    text.map(|text| text.trim().parse())
        .transpose()
        .map_err(|_| Failure::Flag(format!("--{name} must be {what}, got {}", text.map_or("", |text| text))))
}

fn slices(flags: &ArgMatches) -> Result<Slices, Failure> {
    let float = |name| value::<f64>(flags, name, "a number");
    let time = |name: &str| {
        let text = flags.get_one::<String>(name);
        text.map(|text| microseconds(text).ok_or_else(|| wrong_time(name, text))).transpose()
    };
    let filters = flags.get_many::<String>("trace-filter").into_iter().flatten();
    let filters =
        filters.map(|text| Filter::from_text(text).map_err(|error| in_flag("--trace-filter", &error)));
    let scale = float("trace-time-scale")?;
    if let Some(scale) = scale
        && !(scale > 0.0 && scale.is_finite())
    {
        return Err(Failure::Flag(format!(
            "--trace-time-scale must be a number greater than 0, got {scale}"
        )));
    }
    let whole = "a whole number";
    let slices = Slices {
        from_us: time("trace-from")?,
        to_us: time("trace-to")?,
        filters: filters.collect::<Result<_, _>>()?,
        every: value(flags, "trace-every", whole)?,
        sample: float("trace-sample")?,
        seed: value(flags, "trace-sample-seed", whole)?.unwrap_or(0),
        first: value(flags, "trace-first", whole)?,
        clip_input: value(flags, "trace-max-input", whole)?,
        clip_output: value(flags, "trace-max-output", whole)?,
        input_scale: float("trace-input-scale")?,
        output_scale: float("trace-output-scale")?,
        spread: flags.get_flag("trace-spread"),
        speed: float("trace-speed")?.or(scale.map(|scale| 1.0 / scale)),
        rate: float("trace-rate")?,
        repeat: value(flags, "trace-repeat", whole)?,
        repeat_fresh: flags.get_flag("trace-repeat-fresh"),
    };
    slices.check().map_err(|error| of_slices(&error))?;
    Ok(slices)
}

fn wrong_time(name: &str, text: &str) -> Failure {
    Failure::Flag(format!("--{name} must be a time such as 90, 90s, 1500ms, 5m or 1h, got {text}"))
}

/// A span with or without a unit: seconds, if it has none.
fn microseconds(text: &str) -> Option<i64> {
    const UNITS: [(&str, f64); 5] = [("us", 1.0), ("ms", 1e3), ("s", 1e6), ("m", 6e7), ("h", 3.6e9)];
    let text = text.trim();
    let (number, scale) = UNITS
        .into_iter()
        .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)))
        .unwrap_or((text, 1e6));
    let microseconds = number.trim().parse::<f64>().ok()? * scale;
    (0.0..=1e15).contains(&microseconds).then_some(microseconds.round() as i64)
}

/// An error of slices in the names of the flags.
pub fn of_slices(error: &ConfigError) -> Failure {
    const FLAGS: [(&str, &str); 4] = [
        ("slices.clip_", "--trace-max-"),
        ("slices.from_us", "--trace-from"),
        ("slices.to_us", "--trace-to"),
        ("slices.", "--trace-"),
    ];
    let mut words = error.to_string();
    for (field, flag) in FLAGS {
        words = words.replace(field, flag);
    }
    Failure::Flag(words.replace("input_scale", "input-scale").replace("output_scale", "output-scale"))
}

/// A file, or standard input, which can only be read once and is held.
pub struct Source<'p> {
    /// The flag that names it.
    pub flag: &'static str,
    /// Its name.
    pub path: &'p Path,
    held: Option<Vec<u8>>,
}

impl<'p> Source<'p> {
    /// The file of a name; `-` is standard input.
    pub fn of(flag: &'static str, path: &'p Path) -> Result<Self, Failure> {
        let mut source = Self { flag, path, held: None };
        if path == Path::new("-") {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map_err(|error| source.failure(&error))?;
            source.held = Some(bytes);
        }
        Ok(source)
    }

    fn failure(&self, error: &std::io::Error) -> Failure {
        Failure::File { flag: self.flag, path: self.path.to_owned(), message: error.to_string() }
    }

    fn open(&self) -> Result<Box<dyn Read + '_>, Failure> {
        Ok(match &self.held {
            Some(bytes) => Box::new(bytes.as_slice()),
            None => Box::new(File::open(self.path).map_err(|error| self.failure(&error))?),
        })
    }

    /// The first bytes.
    pub fn start(&self) -> Result<Vec<u8>, Failure> {
        let mut start = Vec::new();
        self.open()?.take(START).read_to_end(&mut start).map_err(|error| self.failure(&error))?;
        Ok(start)
    }

    /// All of it as text, unpacked.
    pub fn text(&self) -> Result<String, Failure> {
        let is_gzip = self.start()?.starts_with(&files::GZIP);
        let source = self.open()?;
        let text = if is_gzip {
            files::bounded(flate2::read::MultiGzDecoder::new(source))
        } else {
            files::bounded(source)
        };
        text.map_err(|error| self.failure(&error))
    }

    /// Reads it piece by piece.
    pub fn table(&self, options: &Options) -> Result<Table, Failure> {
        let wrong = |error: ConfigError| in_file(self.flag, self.path, &error);
        let mut source = self.open()?;
        let mut reader = Reader::new(options.clone()).map_err(|error| Failure::Flag(error.to_string()))?;
        let mut piece = vec![0; PIECE];
        loop {
            let length = source.read(&mut piece).map_err(|error| self.failure(&error))?;
            if length == 0 {
                return reader.finish().map_err(wrong);
            }
            reader.push(&piece[..length]).map_err(wrong)?;
        }
    }
}

/// Whether a file is a trace of ours, as its first line says.
pub fn is_trace_v2(start: &[u8]) -> bool {
    let Ok(mut reader) = Reader::new(Options::default()) else { return false };
    // What is wrong with the file is said when all of it is read.
    if reader.push(start).is_ok() && reader.preview().is_none() {
        let _ = reader.decide();
    }
    reader.preview().is_some_and(|preview| preview.detected.id == Format::TraceV2)
}

/// What is to be said about a file that was read.
pub fn remarks(report: &Report) -> Vec<Remark> {
    let counts = &report.counts;
    let mut remarks = vec![Remark::Note(format!(
        "trace data: read as {}; {} of {} rows kept, {} dropped, {} blank",
        report.preview.detected.name, counts.kept, counts.read, counts.dropped, counts.blank
    ))];
    for dropped in &report.dropped {
        let kept = dropped.kept_if.map_or(String::new(), |kept| format!("; kept if {kept}"));
        remarks.push(Remark::Note(format!(
            "trace data: dropped {} × {} (first in line {}: \"{}\"{kept})",
            dropped.rows, dropped.reason, dropped.first_line, dropped.value
        )));
    }
    remarks.extend(report.notes.iter().map(|note| Remark::Note(format!("trace data: {note}"))));
    remarks.extend(report.warnings.iter().map(|words| Remark::Warning(format!("trace data: {words}"))));
    remarks
}
