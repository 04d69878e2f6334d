//! Runs that end in any order, and rows that are printed in theirs.

use super::rows::{Shown, Subject, Writer};
use crate::failure::Failure;
use std::collections::BTreeMap;
use std::io::Write;

/// Where the results of the runs go.
#[derive(Debug)]
pub struct Collector<'a, Out> {
    writer: &'a Writer<'a>,
    /// The rows to be printed.
    rows: Vec<usize>,
    /// Of rows that are not printed yet, what is known of their runs.
    known: BTreeMap<usize, Vec<Option<Shown>>>,
    /// How many are printed.
    printed: usize,
    out: Out,
}

impl<'a, Out: Write> Collector<'a, Out> {
    /// Prints the head, if there is one.
    pub fn new(writer: &'a Writer<'a>, rows: Vec<usize>, mut out: Out) -> Result<Self, Failure> {
        out.write_all(writer.head().as_bytes())?;
        out.flush()?;
        Ok(Self { writer, rows, known: BTreeMap::new(), printed: 0, out })
    }

    /// Takes what a run shows: the one with this number among those of all its rows. Prints what is complete up to there.
    pub fn take(&mut self, run: usize, shown: Shown) -> Result<(), Failure> {
        let of_a_row = runs_of_a_row(self.writer);
        let (place, at) = (run / of_a_row, run % of_a_row);
        let of_row = self.known.entry(place).or_insert_with(|| (0..of_a_row).map(|_| None).collect());
        of_row[at] = Some(shown);
        while let Some(first) = self.known.first_entry()
            && *first.key() == self.printed
            && first.get().iter().all(Option::is_some)
        {
            let runs: Vec<Shown> = first.remove().into_iter().flatten().collect();
            let line = self.writer.line(self.rows[self.printed], &runs).map_err(std::io::Error::from)?;
            // A line at a time and at once: whoever ends the program leaves whole lines.
            self.out.write_all(line.as_bytes())?;
            self.out.flush()?;
            self.printed += 1;
        }
        Ok(())
    }
}

/// How many runs a row tells of.
pub fn runs_of_a_row(writer: &Writer<'_>) -> usize {
    match writer.subject {
        Subject::Runs => 1,
        Subject::Points => writer.grid.seeds.len(),
    }
}
