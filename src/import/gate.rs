//! Which rows are kept while a file is read: all, until there are too many; then those of the slices.

use super::columns::{Columns, Kept, NONE};
use super::rows::Names;
use super::slices::{Filter, FilterField, Slices};
use crate::config::limits::MAX_TIME_US;
use crate::error::ConfigError;
use crate::workload::streams::{below, stream};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Most rows that are kept of a file.
pub const MAX_KEPT_ROWS: usize = 2_000_000;

/// The name of the random stream of [`Slices::sample`].
const SAMPLE: &str = "import/sample";

/// Whether a row passes a filter.
pub(super) fn passes(filter: &Filter, row: &Kept, names: &Names) -> bool {
    let named = |place: u32, names: &[String]| {
        let name = if place == NONE { "" } else { &names[place as usize] };
        filter.is.holds(name.cmp(filter.value.as_str()))
    };
    let number = |value: u64| {
        let other = filter.value.parse().unwrap_or(u64::MAX);
        filter.is.holds(value.cmp(&other))
    };
    match filter.field {
        FilterField::Input => number(u64::from(row.input)),
        FilterField::Output => number(u64::from(row.output)),
        FilterField::Total => number(u64::from(row.input) + u64::from(row.output)),
        FilterField::Round => number(u64::from(row.round)),
        FilterField::Class => named(row.class, &names.classes.names),
        FilterField::Tenant => named(row.tenant, &names.tenants.names),
        FilterField::Client => named(row.client, &names.clients.names),
        FilterField::Session => named(row.session, &names.sessions.names),
    }
}

/// Chooses rows one after the other, in order of arrival.
#[derive(Debug)]
pub(super) struct Chooser {
    slices: Slices,
    random: Xoshiro256PlusPlus,
    left: u64,
    chosen: u64,
    /// Rows that each step left.
    pub after: Steps,
}

/// Rows that are left behind each step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Steps {
    pub window: u64,
    pub filters: u64,
    pub every: u64,
    pub sample: u64,
    pub first: u64,
}

impl Chooser {
    pub fn new(slices: &Slices) -> Self {
        let random = stream(slices.seed, SAMPLE);
        Self { slices: slices.clone(), random, left: 0, chosen: 0, after: Steps::default() }
    }

    /// Whether the next row is kept; `time` is its arrival in µs from the first.
    pub fn keeps(&mut self, time: i64, row: &Kept, names: &Names) -> bool {
        let slices = &self.slices;
        if time < slices.from_us.unwrap_or(i64::MIN) || time >= slices.to_us.unwrap_or(i64::MAX) {
            return false;
        }
        self.after.window += 1;
        if !slices.filters.iter().all(|filter| passes(filter, row, names)) {
            return false;
        }
        self.after.filters += 1;
        let place = self.left;
        self.left += 1;
        if !place.is_multiple_of(u64::from(slices.every.unwrap_or(1))) {
            return false;
        }
        self.after.every += 1;
        if let Some(share) = slices.sample {
            // A draw for each row, so that the choice of one does not depend on the share.
            let draw = f64::from(below(&mut self.random, 1 << 31)) / f64::from(1u32 << 31);
            if draw >= share {
                return false;
            }
        }
        self.after.sample += 1;
        if self.chosen >= slices.first.unwrap_or(u64::MAX) {
            return false;
        }
        self.chosen += 1;
        self.after.first += 1;
        true
    }
}

/// What was chosen while reading.
pub(super) struct Reading {
    pub slices: Slices,
    pub steps: Steps,
    /// The earliest time of the file, and its line.
    pub zero: i64,
    pub line: u32,
}

/// Takes the rows of a file.
#[derive(Debug)]
pub(super) struct Gate {
    slices: Slices,
    most: usize,
    state: State,
    /// Rows that could be kept.
    pub rows: u64,
    earliest: i64,
    /// The line of the earliest.
    first_line: u32,
    latest: i64,
    /// The middle of the first rows, once there are too many.
    middle: Option<i64>,
    /// Rows far from it, which are not kept, and the first of them.
    pub far: u64,
    pub first_far: Option<(u32, i64)>,
    /// The line of the first row that is earlier than one before it.
    unsorted: Option<u32>,
}

#[derive(Debug)]
enum State {
    /// Every row is kept.
    All,
    /// There are too many: the slices choose.
    Choosing(Box<Chooser>),
    /// There are too many, and nothing chooses: they are counted.
    Counting,
}

impl Gate {
    pub fn new(slices: &Slices, most: usize) -> Self {
        Self {
            slices: slices.reading(),
            most,
            state: State::All,
            rows: 0,
            earliest: i64::MAX,
            first_line: 0,
            latest: i64::MIN,
            middle: None,
            far: 0,
            first_far: None,
            unsorted: None,
        }
    }

    pub fn take(&mut self, row: &Kept, columns: &mut Columns, names: &Names) -> Result<(), ConfigError> {
        self.rows += 1;
        if self.middle.is_some_and(|middle| self.is_far(row.time, middle)) {
            self.leave_out(row.line, row.time);
            return Ok(());
        }
        self.see(row.line, row.time);
        if matches!(self.state, State::All) && columns.len() >= self.most {
            self.leave_far_out(columns);
            if self.middle.is_some_and(|middle| self.is_far(row.time, middle)) {
                self.leave_out(row.line, row.time);
                return Ok(());
            }
            self.see(row.line, row.time);
            if columns.len() >= self.most {
                self.choose(columns, names);
            }
        }
        match &mut self.state {
            State::All => columns.push(row),
            State::Counting => {}
            State::Choosing(chooser) => {
                if let Some(line) = self.unsorted.filter(|_| self.slices.depend_on_order()) {
                    return Err(ConfigError::malformed(
                        format!("line {line}"),
                        format!(
                            "more than {} rows can only be sliced while they are read if they are sorted by time, and this \
                             line is earlier than one before it: sort the file first",
                            self.most
                        ),
                    ));
                }
                if chooser.keeps(microseconds(row.time, self.earliest), row, names) {
                    if columns.len() >= self.most {
                        self.state = State::Counting;
                    } else {
                        columns.push(row);
                    }
                }
            }
        }
        Ok(())
    }

    fn see(&mut self, line: u32, time: i64) {
        if time < self.latest && self.unsorted.is_none() {
            self.unsorted = Some(line);
        }
        self.latest = self.latest.max(time);
        if time < self.earliest {
            (self.earliest, self.first_line) = (time, line);
        }
    }

    /// Whether a time makes the file too long, and lies far from its middle.
    fn is_far(&self, time: i64, middle: i64) -> bool {
        microseconds(self.latest.max(time), self.earliest.min(time)) > MAX_TIME_US && is_far(time, middle)
    }

    fn leave_out(&mut self, line: u32, time: i64) {
        self.far += 1;
        self.first_far.get_or_insert((line, time));
    }

    /// Leaves out the rows so far that lie far from the middle one, as for a file whose rows are all kept.
    fn leave_far_out(&mut self, columns: &mut Columns) {
        let mut sorted = columns.time.clone();
        sorted.sort_unstable();
        let middle = sorted[sorted.len() / 2];
        self.middle = Some(middle);
        if microseconds(self.latest, self.earliest) <= MAX_TIME_US {
            return;
        }
        (self.earliest, self.latest, self.unsorted) = (i64::MAX, i64::MIN, None);
        let mut near = Vec::with_capacity(columns.len());
        for row in 0..columns.len() {
            let (line, time) = (columns.line[row], columns.time[row]);
            if is_far(time, middle) {
                self.leave_out(line, time);
            } else {
                self.see(line, time);
                near.push(row as u32);
            }
        }
        *columns = columns.take(&near);
    }

    /// From now on the slices choose, of the rows so far as well.
    fn choose(&mut self, columns: &mut Columns, names: &Names) {
        if self.slices.is_none() {
            self.state = State::Counting;
            return;
        }
        let mut chooser = Chooser::new(&self.slices);
        let mut kept = Vec::new();
        for row in 0..columns.len() {
            let values = columns.get(row);
            if chooser.keeps(microseconds(values.time, self.earliest), &values, names) {
                kept.push(row as u32);
            }
        }
        *columns = columns.take(&kept);
        self.state = State::Choosing(Box::new(chooser));
    }

    /// The slices that were applied while reading, with their counts.
    ///
    /// # Errors
    /// More rows than are kept.
    pub fn finish(&self) -> Result<Option<Reading>, ConfigError> {
        match &self.state {
            State::All => Ok(None),
            State::Choosing(chooser) => Ok(Some(Reading {
                slices: self.slices.clone(),
                steps: chooser.after,
                zero: self.earliest,
                line: self.first_line,
            })),
            State::Counting => {
                let span = microseconds(self.latest, self.earliest) / 1_000_000;
                let expected = format!(
                    "at most {}: the file spans {span} s; take a window of it, the first rows, or every k-th",
                    self.most
                );
                Err(ConfigError::invalid("rows", self.rows, expected))
            }
        }
    }
}

/// Whether a time lies further from the middle one than half the longest run.
pub(super) fn is_far(time: i64, middle: i64) -> bool {
    microseconds(time.max(middle), time.min(middle)) > MAX_TIME_US / 2
}

/// Microseconds from one time to another, cut off.
pub(super) fn microseconds(time: i64, zero: i64) -> i64 {
    let span = (i128::from(time) - i128::from(zero)).div_euclid(1000);
    i64::try_from(span).unwrap_or(MAX_TIME_US * 2)
}
