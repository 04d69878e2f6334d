//! Reading a file in pieces of any size.

use super::answers::Answers;
use super::causes;
use super::decide::{self, Decision};
use super::documents::{self, MAX_DOCUMENT_BYTES};
use super::format::Format;
use super::gate::{Gate, MAX_KEPT_ROWS};
use super::json::{self, ListEntries};
use super::lines::Lines;
use super::options::Options;
use super::preview::Preview;
use super::questions::Known;
use super::rows::Rows;
use super::running::{Input, Running};
use super::sniff::{Kind, lines_of_json, objects_follow};
use super::table::Table;
use super::table_rows::Records;
use super::trace_v2;
use super::unpack::{Sink, Unpack};
use super::values::Resolver;
use crate::error::ConfigError;

/// Bytes from which it is decided what a file is; more if they do not hold a whole line or entry.
const SAMPLE: usize = 1 << 18;

/// Reads a file in pieces. What it is and how it is written is found out from its beginning.
pub struct Reader {
    unpack: Unpack<Text>,
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Progress {
    /// Bytes of the file.
    pub bytes: u64,
    /// Rows so far, blank ones among them.
    pub rows: u64,
    /// Rows that are dropped so far.
    pub dropped: u64,
}

impl Reader {
    /// A reader at the beginning of a file.
    ///
    /// # Errors
    /// Options that cannot be used.
    pub fn new(options: Options) -> Result<Self, ConfigError> {
        Self::keeping(options, MAX_KEPT_ROWS)
    }

    /// The same that keeps another number of rows at most; for tests.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn keeping(options: Options, most: usize) -> Result<Self, ConfigError> {
        let answers = Answers::read(&options.answers)?;
        options.slices.check()?;
        if let Some(mapping) = &options.mapping {
            mapping.check()?;
        }
        let state = State::Start(Vec::new());
        Ok(Self { unpack: Unpack::new(Text { options, answers, most, state }) })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// What ends the reading: a damaged archive, a line without end, a format that does not fit.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), ConfigError> {
        self.unpack.push(piece)
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let rows = self.unpack.sink().and_then(|text| text.rows());
        Progress {
            bytes: self.unpack.bytes,
            rows: rows.map_or(0, |rows| rows.counted.read),
            dropped: rows.map_or(0, |rows| rows.drops.rows()),
        }
    }

    /// What the beginning shows; `None` until enough of it is there.
    pub fn preview(&self) -> Option<Preview> {
        let preview = self.unpack.sink().and_then(|text| text.preview())?;
        Some(Preview { is_gzip: self.unpack.is_gzip(), ..preview.clone() })
    }

    /// Decides what the file is from what is there, though more may follow.
    ///
    /// # Errors
    /// As [`Reader::push`].
    pub fn decide(&mut self) -> Result<(), ConfigError> {
        self.unpack.decide()?;
        self.unpack.sink_mut().map_or(Ok(()), |text| text.begin(true))
    }

    /// Takes no more pieces: decides what the file is, if that has not been possible before, so that
    /// [`Reader::preview`] shows it also where [`Reader::finish`] fails.
    ///
    /// # Errors
    /// As [`Reader::push`].
    pub fn end(&mut self) -> Result<(), ConfigError> {
        self.unpack.end()?;
        self.unpack.sink_mut().map_or(Ok(()), Text::end)
    }

    /// The end of the file.
    ///
    /// # Errors
    /// A file that is cut off, columns that must be there, no row that is kept, or more than can be.
    pub fn finish(mut self) -> Result<Table, ConfigError> {
        self.end()?;
        let (bytes, is_gzip) = (self.unpack.bytes, self.unpack.is_gzip());
        self.unpack.into_sink()?.table(bytes, is_gzip)
    }
}

/// The text of the file.
struct Text {
    options: Options,
    answers: Answers,
    most: usize,
    state: State,
}

enum State {
    /// The beginning, until it can be decided.
    Start(Vec<u8>),
    /// Rows are taken as they come.
    Rows(Box<Running>),
    /// The whole file has to be there first.
    Document(Vec<u8>),
    /// A trace of ours, also as a whole.
    Trace(Vec<u8>, Box<Preview>),
    /// A document that was read.
    Read(Box<documents::Read>),
    /// A trace of ours that was read.
    Replayed(Box<Table>),
}

impl Sink for Text {
    fn text(&mut self, piece: &[u8]) -> Result<(), ConfigError> {
        match &mut self.state {
            State::Start(start) => {
                start.extend_from_slice(piece);
                if start.len() >= SAMPLE { self.begin(false) } else { Ok(()) }
            }
            State::Rows(running) => running.text(piece),
            State::Document(text) | State::Trace(text, _) => {
                text.extend_from_slice(piece);
                if text.len() > MAX_DOCUMENT_BYTES {
                    let expected = format!(
                        "at most {MAX_DOCUMENT_BYTES} bytes of a file that has to be read as a whole"
                    );
                    return Err(ConfigError::invalid("file", "more", expected));
                }
                Ok(())
            }
            State::Read(_) | State::Replayed(_) => {
                Err(ConfigError::malformed("file", "nothing follows the end"))
            }
        }
    }
}

impl Text {
    fn rows(&self) -> Option<&Rows> {
        match &self.state {
            State::Rows(running) => Some(&running.rows),
            State::Read(read) => Some(&read.rows),
            _ => None,
        }
    }

    fn preview(&self) -> Option<&Preview> {
        match &self.state {
            State::Rows(running) => Some(&running.preview),
            State::Read(read) => Some(&read.preview),
            State::Trace(_, preview) => Some(preview),
            State::Replayed(table) => Some(&table.report().preview),
            _ => None,
        }
    }

    fn gate(&self) -> Gate {
        Gate::new(&self.options.slices, self.most)
    }

    /// Decides what it is; `at_end` if nothing follows. It may be that more has to be there.
    fn begin(&mut self, at_end: bool) -> Result<(), ConfigError> {
        let State::Start(start) = &mut self.state else { return Ok(()) };
        let mut start = std::mem::take(start);
        if start.starts_with(b"\xef\xbb\xbf") {
            start.drain(..3);
        }
        causes::check(&start, at_end)?;
        let plain = json::finite(&start);
        let first = start.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        let decided = match first {
            None if at_end => return Err(ConfigError::malformed("file", "it is empty")),
            None => None,
            Some(b'[') if !objects_follow(&plain) => self.list(&plain, at_end)?,
            Some(_) => match lines_of_json(&plain, at_end) {
                Kind::More => None,
                Kind::Document => Some(State::Document(Vec::new())),
                Kind::Lines(objects) => Some(self.lines(&objects)?),
                Kind::Table => Some(self.table_of(&start)?),
            },
        };
        match decided {
            Some(state) => {
                self.state = state;
                self.text(&start)
            }
            None if start.len() > MAX_DOCUMENT_BYTES => {
                let expected =
                    format!("at most {MAX_DOCUMENT_BYTES} bytes of a file that has to be read as a whole");
                Err(ConfigError::invalid("file", "more", expected))
            }
            None => {
                self.state = State::Start(start);
                Ok(())
            }
        }
    }

    fn running(&self, decision: Decision, input: Input) -> State {
        let Decision { plan, preview, problem, .. } = decision;
        State::Rows(Box::new(Running { rows: Rows::new(plan, self.gate()), preview, problem, input }))
    }

    /// A list of objects.
    fn list(&self, start: &[u8], at_end: bool) -> Result<Option<State>, ConfigError> {
        let mut entries: Vec<String> = Vec::new();
        let mut list = ListEntries::default();
        list.push(start, |_, entry| {
            if entries.len() < 200 {
                entries.push(String::from_utf8_lossy(entry).into_owned());
            }
            Ok(())
        })?;
        if entries.is_empty() && !at_end {
            return Ok(None);
        }
        let objects: Vec<&str> = entries.iter().map(String::as_str).collect();
        let decision = decide::objects(&objects, &self.options, &self.answers)?;
        if matches!(decision.plan.format, Format::Guidellm | Format::VllmBench) {
            return Ok(Some(State::Document(Vec::new())));
        }
        let resolver = Resolver::new(decision.rules.clone());
        Ok(Some(self.running(decision, Input::List { list: ListEntries::default(), resolver })))
    }

    /// Objects, one per line.
    fn lines(&self, objects: &[&str]) -> Result<State, ConfigError> {
        let decision = decide::objects(objects, &self.options, &self.answers)?;
        let is_wrapped = decision.problem.is_some() && documents::are_wrapped(objects);
        if is_wrapped || matches!(decision.plan.format, Format::Guidellm | Format::VllmBench) {
            return Ok(State::Document(Vec::new()));
        }
        let resolver = Resolver::new(decision.rules.clone());
        Ok(self.running(decision, Input::Lines { lines: Lines::default(), resolver }))
    }

    fn table_of(&self, start: &[u8]) -> Result<State, ConfigError> {
        let decision = decide::table(start, &self.options, &self.answers)?;
        if decision.plan.format == Format::TraceV2 {
            return Ok(State::Trace(Vec::new(), Box::new(decision.preview)));
        }
        let input = Input::Table {
            lines: Lines::default(),
            records: Records::new(decision.delimiter),
            places: decision.places.clone(),
            header: decision.header,
            preface: decision.preface,
        };
        Ok(self.running(decision, input))
    }

    fn end(&mut self) -> Result<(), ConfigError> {
        if matches!(self.state, State::Start(_)) {
            self.begin(true)?;
        }
        let gate = self.gate();
        match &mut self.state {
            State::Rows(running) => running.finish()?,
            State::Document(text) => {
                let text = std::mem::take(text);
                let read = whole(&text, &self.options, &self.answers, gate)?;
                self.state = State::Read(Box::new(read));
            }
            State::Trace(text, preview) => {
                let text = std::mem::take(text);
                let table = trace_v2::table(&text, &self.options, &self.answers, (**preview).clone(), gate)?;
                self.state = State::Replayed(Box::new(table));
            }
            _ => {}
        }
        Ok(())
    }

    fn table(self, bytes: u64, is_gzip: bool) -> Result<Table, ConfigError> {
        match self.state {
            State::Rows(running) => {
                let Running { rows, mut preview, problem, .. } = *running;
                if let Some(problem) = problem {
                    return Err(problem);
                }
                preview.is_gzip = is_gzip;
                let known = Known::of(&rows, &preview);
                Table::of(rows, preview, bytes, known)
            }
            State::Read(read) => {
                let documents::Read { rows, mut preview, known } = *read;
                preview.is_gzip = is_gzip;
                Table::of(rows, preview, bytes, known)
            }
            State::Replayed(mut table) => {
                table.set_file(bytes, is_gzip);
                Ok(*table)
            }
            _ => Err(ConfigError::malformed("file", "it has not been read to its end")),
        }
    }
}

/// A document, or several of them one after the other.
fn whole(
    text: &[u8],
    options: &Options,
    answers: &Answers,
    gate: Gate,
) -> Result<documents::Read, ConfigError> {
    let plain = json::finite(text);
    let text = std::str::from_utf8(&plain)
        .map_err(|error| ConfigError::malformed("file", format!("not text in UTF-8: {error}")))?;
    let mut documents: Vec<&str> = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<&serde_json::value::RawValue>() {
        let document =
            document.map_err(|error| ConfigError::malformed("file", format!("not JSON: {error}")))?;
        match json::entries(document.get()) {
            Some(entries) => documents.extend(entries),
            None => documents.push(document.get()),
        }
    }
    documents::read(&documents, options, answers, gate)
}
