//! Holding recordings of step times and block counts against our own.
//!
//! `blis check` and the tests use it. The recordings name their columns, so that files never seen before work as
//! long as they keep the format: `cluster-golden-step/1`, `/2` and `cluster-golden-kv/1`.

mod capacity;
mod steps;
mod table;

pub use capacity::check_kv_capacity;
pub use steps::check_step_times;

use serde::Serialize;
use std::fmt;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Values compared.
    pub compared: usize,
    /// Those that differ.
    pub differences: Vec<Difference>,
}

/// A recorded value that we do not reproduce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table of the file: `rows`, `groups[3].rows`, `coefficient_rows`.
    pub table: String,
    /// Row of the table, from 0.
    pub row: usize,
    /// Column, with the place in it: `step_us[5]`.
    pub column: String,
    /// The recorded value.
    pub expected: String,
    /// Ours, or the error that keeps us from having one.
    pub got: String,
}

impl Report {
    /// Whether everything agreed. A file without values agrees with nothing.
    pub fn passed(&self) -> bool {
        self.compared > 0 && self.differences.is_empty()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, row, column, expected, got } = self;
        write!(f, "{table}[{row}].{column}: expected {expected}, got {got}")
    }
}

/// Collects the comparisons of one row.
struct RowCheck<'a> {
    report: &'a mut Report,
    table: &'a str,
    row: usize,
}

impl RowCheck<'_> {
    fn compare<T: PartialEq + fmt::Display>(&mut self, column: impl Into<String>, expected: &T, got: &T) {
        self.report.compared += 1;
        if expected != got {
            self.differ(column, expected, got);
        }
    }

    fn differ(&mut self, column: impl Into<String>, expected: &impl fmt::Display, got: &impl fmt::Display) {
        self.report.differences.push(Difference {
            table: self.table.to_owned(),
            row: self.row,
            column: column.into(),
            expected: expected.to_string(),
            got: got.to_string(),
        });
    }
}
