//! The rows that are kept, column by column.

use super::later::Turn;
use std::collections::HashMap;

/// A column that takes no memory while all its values are the usual one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lazy<T> {
    values: Vec<T>,
    usual: T,
}

impl<T: Copy + PartialEq> Lazy<T> {
    pub const fn new(usual: T) -> Self {
        Self { values: Vec::new(), usual }
    }

    /// The value of the row behind `rows` others.
    pub fn push(&mut self, rows: usize, value: T) {
        if value != self.usual || !self.values.is_empty() {
            self.values.resize(rows, self.usual);
            self.values.push(value);
        }
    }

    pub fn get(&self, row: usize) -> T {
        self.values.get(row).copied().unwrap_or(self.usual)
    }

    /// Changes the value of a row that is there.
    pub fn set(&mut self, row: usize, value: T) {
        if row >= self.values.len() {
            if value == self.usual {
                return;
            }
            self.values.resize(row + 1, self.usual);
        }
        self.values[row] = value;
    }

    /// Makes all values the usual one.
    pub fn clear(&mut self) {
        self.values.clear();
    }

    pub fn is_used(&self) -> bool {
        !self.values.is_empty()
    }

    fn take(&self, rows: &[u32]) -> Self {
        if !self.is_used() {
            return Self::new(self.usual);
        }
        Self { values: rows.iter().map(|&row| self.get(row as usize)).collect(), usual: self.usual }
    }
}

/// Names in order of first mention.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Labels {
    places: HashMap<String, u32>,
    pub names: Vec<String>,
    last: u32,
}

impl Labels {
    pub fn place(&mut self, name: &str) -> u32 {
        // Neighbours often have the same.
        if self.names.get(self.last as usize).is_some_and(|last| last == name) {
            return self.last;
        }
        if let Some(&place) = self.places.get(name) {
            self.last = place;
            return place;
        }
        let place = self.names.len() as u32;
        self.places.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        self.last = place;
        place
    }
}

/// No label, no node, no time.
pub(super) const NONE: u32 = u32::MAX;

/// A row that is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    /// Arrival, ns on the clock of the file.
    pub time: i64,
    pub line: u32,
    pub input: u32,
    pub output: u32,
    pub class: u32,
    pub tenant: u32,
    pub client: u32,
    pub session: u32,
    pub round: u32,
    pub group: u32,
    pub prefix: u32,
    /// Node of the last hash id.
    pub leaf: u32,
    /// From arrival to the deadline, ns; 0 = none.
    pub patience: i64,
    /// Measured time to first token, ns; -1 = none.
    pub ttft: i64,
    /// Measured time to the end, ns; -1 = none.
    pub e2e: i64,
    /// Whether the answer was streamed.
    pub streaming: bool,
    /// The latency that the client hoped for, µs; 0 = none.
    pub slo_target: i64,
    /// How it belongs to a conversation whose rounds wait for answers, if it does.
    pub turn: Option<Turn>,
}

impl Kept {
    pub const EMPTY: Self = Self {
        time: 0,
        line: 0,
        input: 0,
        output: 0,
        class: NONE,
        tenant: NONE,
        client: NONE,
        session: NONE,
        round: 0,
        group: NONE,
        prefix: 0,
        leaf: NONE,
        patience: 0,
        ttft: -1,
        e2e: -1,
        streaming: false,
        slo_target: 0,
        turn: None,
    };
}

/// All of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    pub time: Vec<i64>,
    pub line: Vec<u32>,
    pub input: Vec<u32>,
    pub output: Vec<u32>,
    pub class: Lazy<u32>,
    pub tenant: Lazy<u32>,
    pub client: Lazy<u32>,
    pub session: Lazy<u32>,
    pub round: Lazy<u32>,
    pub group: Lazy<u32>,
    pub prefix: Lazy<u32>,
    pub leaf: Lazy<u32>,
    pub patience: Lazy<i64>,
    pub ttft: Lazy<i64>,
    pub e2e: Lazy<i64>,
    pub streaming: Lazy<bool>,
    pub slo_target: Lazy<i64>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            time: Vec::new(),
            line: Vec::new(),
            input: Vec::new(),
            output: Vec::new(),
            class: Lazy::new(NONE),
            tenant: Lazy::new(NONE),
            client: Lazy::new(NONE),
            session: Lazy::new(NONE),
            round: Lazy::new(0),
            group: Lazy::new(NONE),
            prefix: Lazy::new(0),
            leaf: Lazy::new(NONE),
            patience: Lazy::new(0),
            ttft: Lazy::new(-1),
            e2e: Lazy::new(-1),
            streaming: Lazy::new(false),
            slo_target: Lazy::new(0),
        }
    }
}

impl Columns {
    pub fn len(&self) -> usize {
        self.time.len()
    }

    pub fn push(&mut self, row: &Kept) {
        let rows = self.len();
        self.time.push(row.time);
        self.line.push(row.line);
        self.input.push(row.input);
        self.output.push(row.output);
        self.class.push(rows, row.class);
        self.tenant.push(rows, row.tenant);
        self.client.push(rows, row.client);
        self.session.push(rows, row.session);
        self.round.push(rows, row.round);
        self.group.push(rows, row.group);
        self.prefix.push(rows, row.prefix);
        self.leaf.push(rows, row.leaf);
        self.patience.push(rows, row.patience);
        self.ttft.push(rows, row.ttft);
        self.e2e.push(rows, row.e2e);
        self.streaming.push(rows, row.streaming);
        self.slo_target.push(rows, row.slo_target);
    }

    pub fn get(&self, row: usize) -> Kept {
        Kept {
            time: self.time[row],
            line: self.line[row],
            input: self.input[row],
            output: self.output[row],
            class: self.class.get(row),
            tenant: self.tenant.get(row),
            client: self.client.get(row),
            session: self.session.get(row),
            round: self.round.get(row),
            group: self.group.get(row),
            prefix: self.prefix.get(row),
            leaf: self.leaf.get(row),
            patience: self.patience.get(row),
            ttft: self.ttft.get(row),
            e2e: self.e2e.get(row),
            streaming: self.streaming.get(row),
            turn: None,
            slo_target: self.slo_target.get(row),
        }
    }

    /// These rows, in this order.
    pub fn take(&self, rows: &[u32]) -> Self {
        let plain = |column: &[u32]| rows.iter().map(|&row| column[row as usize]).collect();
        Self {
            time: rows.iter().map(|&row| self.time[row as usize]).collect(),
            line: plain(&self.line),
            input: plain(&self.input),
            output: plain(&self.output),
            class: self.class.take(rows),
            tenant: self.tenant.take(rows),
            client: self.client.take(rows),
            session: self.session.take(rows),
            round: self.round.take(rows),
            group: self.group.take(rows),
            prefix: self.prefix.take(rows),
            leaf: self.leaf.take(rows),
            patience: self.patience.take(rows),
            ttft: self.ttft.take(rows),
            e2e: self.e2e.take(rows),
            streaming: self.streaming.take(rows),
            slo_target: self.slo_target.take(rows),
        }
    }
}
