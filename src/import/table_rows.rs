//! Lines of a table as cells. Lines without a quote are split here; csv-core reads the others.

use super::drops::Reason;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Longest record with quotes in it, in bytes; what is longer has a quote that is never closed.
const MAX_QUOTED_BYTES: usize = 65_536;

/// Most lines of a record.
const MAX_QUOTED_LINES: usize = 100;

/// Puts records together: a quoted cell may have line ends in it.
pub(super) struct Records {
    delimiter: u8,
    csv: Box<Reader>,
    /// The record so far, for csv-core.
    open: Option<Open>,
}

/// A record whose last cell has an open quote.
struct Open {
    /// Its lines with their numbers.
    lines: Vec<(u64, Vec<u8>)>,
    bytes: usize,
}

/// What a line led to.
pub(super) enum Event<'t> {
    /// A record with the number of its first line.
    Record(u64, &'t [&'t [u8]]),
    /// A line without anything.
    Blank,
    /// A line that cannot be read.
    Wrong(u64, Reason, &'t [u8]),
}

const UNCLOSED: Reason = Reason::new("a quote that is never closed");

impl Records {
    pub fn new(delimiter: u8) -> Self {
        let csv = ReaderBuilder::new().delimiter(delimiter).build();
        Self { delimiter, csv: Box::new(csv), open: None }
    }

    /// Takes the next line.
    pub fn line(&mut self, number: u64, line: &[u8], each: &mut impl FnMut(Event<'_>)) {
        if self.open.is_none() && !line.contains(&b'"') {
            if line.trim_ascii().is_empty() {
                return each(Event::Blank);
            }
            let mut cells: Cells<'_> = Cells::new();
            for cell in line.split(|&byte| byte == self.delimiter) {
                cells.push(cell);
            }
            return each(Event::Record(number, cells.as_slice()));
        }
        let open = self.open.get_or_insert_with(|| Open { lines: Vec::new(), bytes: 0 });
        open.bytes += line.len() + 1;
        open.lines.push((number, line.to_vec()));
        if self.complete(each) {
            self.open = None;
        } else if self
            .open
            .as_ref()
            .is_some_and(|open| open.bytes > MAX_QUOTED_BYTES || open.lines.len() >= MAX_QUOTED_LINES)
        {
            self.give_up(each);
        }
    }

    /// The end of the file.
    pub fn finish(&mut self, each: &mut impl FnMut(Event<'_>)) {
        while self.open.is_some() {
            self.give_up(each);
        }
    }

    /// The first line has the quote that is never closed; the others are read again without it.
    fn give_up(&mut self, each: &mut impl FnMut(Event<'_>)) {
        let Some(open) = self.open.take() else { return };
        let mut lines = open.lines.into_iter();
        if let Some((number, line)) = lines.next() {
            each(Event::Wrong(number, UNCLOSED, &line));
        }
        for (number, line) in lines {
            self.line(number, &line, each);
        }
    }

    /// Hands the record on if it is complete.
    fn complete(&mut self, each: &mut impl FnMut(Event<'_>)) -> bool {
        let Some(open) = &self.open else { return true };
        // Nothing can be closed by a line without a quote.
        if open.lines.len() > 1 && !open.lines.last().is_some_and(|(_, line)| line.contains(&b'"')) {
            return false;
        }
        let mut text = Vec::with_capacity(open.bytes);
        for (_, line) in &open.lines {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        // A quoted cell that is open at its end takes the line end as part of it.
        let mut output = vec![0; text.len() + 1];
        let cells = text.split(|&byte| byte == self.delimiter).count();
        let mut ends = vec![0; cells + 1];
        self.csv.reset();
        let (result, _, _, fields) = self.csv.read_record(&text, &mut output, &mut ends);
        if !matches!(result, ReadRecordResult::Record) {
            return false;
        }
        let mut start = 0;
        let mut cells: Cells<'_> = Cells::new();
        for &end in &ends[..fields] {
            cells.push(&output[start..end]);
            start = end;
        }
        let number = open.lines[0].0;
        if cells.as_slice().iter().all(|cell| cell.trim_ascii().is_empty()) && fields == 1 {
            each(Event::Blank);
        } else {
            each(Event::Record(number, cells.as_slice()));
        }
        true
    }
}

/// Most cells of a record that are looked at.
const MOST_CELLS: usize = 1000;

/// The cells of a record, without a list of its own where they are few.
struct Cells<'t> {
    few: [&'t [u8]; 32],
    length: usize,
    many: Vec<&'t [u8]>,
}

impl<'t> Cells<'t> {
    const fn new() -> Self {
        Self { few: [&[]; 32], length: 0, many: Vec::new() }
    }

    fn push(&mut self, cell: &'t [u8]) {
        if self.length < self.few.len() {
            self.few[self.length] = cell;
        } else if self.length < MOST_CELLS {
            if self.many.is_empty() {
                self.many.extend_from_slice(&self.few);
            }
            self.many.push(cell);
        }
        self.length += 1;
    }

    fn as_slice(&self) -> &[&'t [u8]] {
        if self.many.is_empty() { &self.few[..self.length.min(32)] } else { &self.many }
    }
}
