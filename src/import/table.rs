//! A file that was read: its rows and what is said about them.

use super::columns::{Columns, NONE};
use super::drops::Reason;
use super::format::Format;
use super::gate::{Steps, is_far, microseconds};
use super::guard;
use super::later::Later;
use super::made;
use super::preview::Preview;
use super::questions::{self, Known};
use super::report::{Counts, LabelNames, Report, SliceReport};
use super::requests;
use super::rows::{Names, Rows};
use super::slices::Slices;
use super::slicing::Slicing;
use super::time::in_words;
use super::traffic::Traffic;
use super::warnings;
use crate::config::limits::MAX_TIME_US;
use crate::config::{SessionScript, SloTarget};
use crate::error::ConfigError;
use crate::workload::loaded::RequestList;
use std::collections::{BTreeMap, HashMap};

/// The kept rows of a file in order of arrival, and the report.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Columns,
    names: Names,
    parent: Vec<u32>,
    /// Rounds that wait for answers.
    later: Later,
    hash_block: Option<u32>,
    /// The slices that were applied while reading.
    reading: Option<(Slices, Steps)>,
    report: Report,
    /// Latency targets of a trace of ours.
    pub targets: BTreeMap<String, SloTarget>,
}

/// A part of a trace: the requests of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// The requests in order of arrival.
    pub list: RequestList,
    /// What was done, and what came of it.
    pub report: SliceReport,
}

impl Slice {
    /// Number of requests whose input and output together are longer than this: they would be dropped as unservable, or cut.
    pub fn longer_than(&self, tokens: u64) -> u64 {
        longer_than(&self.list.requests.input, &self.list.requests.output, tokens)
    }
}

fn longer_than(input: &[u32], output: &[u32], tokens: u64) -> u64 {
    let longer = |(input, output): &(&u32, &u32)| u64::from(**input) + u64::from(**output) > tokens;
    input.iter().zip(output).filter(longer).count() as u64
}

impl Table {
    /// All that a preview shows.
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// Number of rows whose input and output together are longer than this.
    pub fn longer_than(&self, tokens: u64) -> u64 {
        longer_than(&self.columns.input, &self.columns.output, tokens)
    }

    /// Cuts, filters and scales; [`Slices::default`] takes all.
    ///
    /// # Errors
    /// Values out of range, no row left, or others than were applied while reading a file with too many rows.
    pub fn sliced(&self, slices: &Slices) -> Result<Slice, ConfigError> {
        slices.check()?;
        let done = match &self.reading {
            None => None,
            Some((read, steps)) if *read == slices.reading() => Some(*steps),
            Some(_) => {
                let message = "the file has too many rows to keep them all, so that its window, filters and numbers of rows \
                               are applied while it is read: read it again with these";
                return Err(ConfigError::malformed("slices", message));
            }
        };
        let mut slicing = Slicing {
            columns: self.columns.clone(),
            names: &self.names,
            parent: self.parent.clone(),
            hash_block: self.hash_block,
            steps: Vec::new(),
            notes: Vec::new(),
        };
        slicing.apply(slices, done)?;
        let tree = slicing.hash_block.map(|block| (slicing.parent.as_slice(), block));
        let traffic = Traffic::of(&slicing.columns, tree);
        let mut list = requests::list(&slicing.columns, &self.names, tree)?;
        let mut notes = slicing.notes;
        notes.extend(self.add_later(&mut list, slices));
        Ok(Slice {
            list,
            report: SliceReport {
                warnings: warnings::of_traffic(&traffic),
                steps: slicing.steps,
                notes,
                traffic,
            },
        })
    }

    /// Adds the rounds that follow from the answers to those of the list, and says so.
    fn add_later(&self, list: &mut RequestList, slices: &Slices) -> Option<String> {
        let sessions = list.requests.sessions.as_ref().filter(|_| !self.later.is_empty())?;
        if slices.repeat.is_some_and(|times| times > 1) {
            let words =
                "rounds that wait for answers are left out, since conversations would occur more than once";
            return Some(words.to_owned());
        }
        let places: HashMap<&str, u32> =
            self.names.sessions.names.iter().zip(0..).map(|(name, place)| (name.as_str(), place)).collect();
        let script = |name: &String| self.later.script(*places.get(name.as_str())?, name);
        let scripts: Vec<SessionScript> = sessions.names.iter().filter_map(script).collect();
        let rounds: usize = scripts.iter().map(|script| script.rounds.len()).sum();
        let changed = slices.clip_input.or(slices.clip_output).is_some()
            || slices.input_scale.or(slices.output_scale).is_some();
        let unchanged = if changed { "; their lengths stay as they are in the file" } else { "" };
        let words = format!(
            "{rounds} rounds of {} conversations follow when the answers before them are there{unchanged}",
            scripts.len()
        );
        list.sessions = scripts;
        (rounds > 0).then_some(words)
    }

    /// Measured times to the first token and to the end, µs, of the rows in order of arrival, from results of tools;
    /// `None` where there is none. Nothing in a run uses them.
    pub fn measured(&self) -> Vec<(Option<i64>, Option<i64>)> {
        let time = |time: i64| (time >= 0).then_some(time / 1000);
        let rows = 0..self.columns.len();
        rows.map(|row| (time(self.columns.ttft.get(row)), time(self.columns.e2e.get(row)))).collect()
    }

    /// The lines of the file that the rows come from, in order of arrival.
    pub fn lines(&self) -> &[u32] {
        &self.columns.line
    }

    pub(super) fn set_file(&mut self, bytes: u64, is_gzip: bool) {
        self.report.counts.bytes = bytes;
        self.report.preview.is_gzip = is_gzip;
    }

    pub(super) fn add_notes(&mut self, notes: Vec<String>) {
        self.report.notes.extend(notes);
    }

    pub(super) fn add_warning(&mut self, warning: String) {
        self.report.warnings.push(warning);
    }

    /// All rows of a file.
    pub(super) fn of(
        mut rows: Rows,
        preview: Preview,
        bytes: u64,
        known: Known,
    ) -> Result<Self, ConfigError> {
        let reading = rows.gate.finish()?;
        if rows.columns.len() == 0 {
            return Err(nothing_kept(&rows));
        }
        made::arrivals(&mut rows, known, reading.is_some());
        whole_chains(&mut rows);
        guard::without_too_many_names(&mut rows);
        let mut far = if reading.is_some() { 0 } else { drop_far(&mut rows) };
        if let Some((line, time)) = rows.gate.first_far {
            let words = in_words(time, rows.plan.unit);
            rows.drops.add_rows(rows.gate.far, u64::from(line), FAR, words.as_bytes());
            far += rows.gate.far;
        }
        let orphans = rows.later.orphans();
        if orphans > 0 {
            rows.drops.add_rows(orphans, 0, ORPHAN, b"");
        }
        let kept = rows.gate.rows - far + rows.later.count - orphans;
        let order = order(&rows.columns.time);
        if let Some(order) = order {
            rows.columns = rows.columns.take(&order);
        }
        // Times of a trace of ours have a zero of their own: the trace of a run gives the run again.
        let is_own = rows.plan.format == Format::TraceV2 && reading.is_none();
        let first = if is_own { 0 } else { rows.columns.time[0] };
        let zero = reading.as_ref().map_or(first, |reading| reading.zero);
        let first_line = reading.as_ref().map_or(rows.columns.line[0], |reading| reading.line);
        for time in &mut rows.columns.time {
            *time = microseconds(*time, zero);
        }
        if let Some(late) = rows.columns.time.iter().position(|&time| time > MAX_TIME_US) {
            let place = format!("line {}", rows.columns.line[late]);
            let expected = format!("at most {MAX_TIME_US} µs behind the first arrival, which is 31 years");
            return Err(ConfigError::invalid(place, format!("{} µs", rows.columns.time[late]), expected));
        }
        number_rounds(&mut rows);
        let questions = questions::of(&rows, known);
        let tree = rows.plan.hash_block.map(|block| (rows.ids.parent.as_slice(), block));
        let traffic = Traffic::of(&rows.columns, tree);
        let counts = Counts {
            bytes,
            read: rows.counted.read,
            kept,
            dropped: rows.drops.rows(),
            blank: rows.counted.blank,
            out_of_order: rows.counted.out_of_order,
        };
        let labels = |names: &[String]| names.iter().take(100).cloned().collect();
        let report = Report {
            warnings: warnings::of_file(&rows, &traffic),
            notes: warnings::notes(&rows, known, reading.is_some()),
            preview,
            counts,
            time_zero: if rows.plan.makes_arrivals || known.starts_sessions {
                "none: arrivals are made".to_owned()
            } else if is_own {
                "that of the trace".to_owned()
            } else {
                format!("{} (line {})", in_words(zero, rows.plan.unit), first_line)
            },
            questions,
            traffic,
            labels: LabelNames {
                classes: labels(&rows.names.classes.names),
                tenants: labels(&rows.names.tenants.names),
                clients: labels(&rows.names.clients.names),
            },
            sliced_while_reading: reading.is_some(),
            dropped: rows.drops.into_list(),
        };
        Ok(Self {
            columns: rows.columns,
            names: rows.names,
            parent: rows.ids.parent,
            later: rows.later,
            hash_block: rows.plan.hash_block,
            reading: reading.map(|reading| (reading.slices, reading.steps)),
            report,
            targets: BTreeMap::new(),
        })
    }
}

/// A file of which no row is kept.
fn nothing_kept(rows: &Rows) -> ConfigError {
    let read = rows.counted.read;
    let blank = rows.counted.blank;
    if read == blank {
        return ConfigError::malformed("file", format!("it has no rows ({blank} blank lines)"));
    }
    let why = if rows.drops.rows() == 0 { "the slices leave none" } else { &rows.drops.in_words() };
    let format = rows.plan.format.name();
    let advice = rows.plan.hash_block.and_then(|block| rows.sizes.advice(block));
    let advice = advice.map_or(String::new(), |advice| format!("; {advice}"));
    ConfigError::malformed(
        "file",
        format!("no row is kept of {read} ({blank} blank), read as {format}: {why}{advice}"),
    )
}

/// The rows in order of time, equal times in order of the file; `None` if they are so already.
fn order(times: &[i64]) -> Option<Vec<u32>> {
    if times.is_sorted() {
        return None;
    }
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    order.sort_by_key(|&row| times[row as usize]);
    Some(order)
}

const ORPHAN: Reason = Reason::new("later round of a conversation whose first round is no request");

const FAR: Reason = Reason::of("arrival", "more than 15 years from the middle of the file");

/// Drops times that lie further from the middle one than a run can be long: a time of 0 among dates of today, as a rule.
fn drop_far(rows: &mut Rows) -> u64 {
    let times = &rows.columns.time;
    let ends = times.iter().min().zip(times.iter().max());
    if ends.is_none_or(|(&first, &last)| microseconds(last, first) <= MAX_TIME_US) {
        return 0;
    }
    let mut sorted = times.clone();
    sorted.sort_unstable();
    let middle = sorted[sorted.len() / 2];
    let (near, lost): (Vec<u32>, Vec<u32>) =
        (0..times.len() as u32).partition(|&row| !is_far(times[row as usize], middle));
    for &row in &lost {
        let words = in_words(times[row as usize], rows.plan.unit);
        rows.drops.add(u64::from(rows.columns.line[row as usize]), FAR, words.as_bytes());
    }
    rows.columns = rows.columns.take(&near);
    lost.len() as u64
}

/// Chats whose parents came later in the file get the root of the whole chain.
fn whole_chains(rows: &mut Rows) {
    if rows.chats.is_empty() {
        return;
    }
    for row in 0..rows.columns.len() {
        let session = rows.columns.session.get(row);
        if session != NONE {
            rows.columns.session.set(row, rows.chats.root(session));
        }
    }
}

/// Numbers the rounds of sessions in order of arrival, if the file does not.
fn number_rounds(rows: &mut Rows) {
    if !rows.columns.session.is_used() || rows.columns.round.is_used() {
        return;
    }
    let mut next = vec![0; rows.names.sessions.names.len()];
    for row in 0..rows.columns.len() {
        let session = rows.columns.session.get(row);
        if session != NONE {
            let next = &mut next[session as usize];
            rows.columns.round.set(row, *next);
            *next += 1;
        }
    }
}
