//! Trace files ("TraceV2"): a YAML header beside a CSV table (workload chapter, W-11).
//!
//! | module | subject |
//! |---|---|
//! | `header` | the header: its keys, reading, writing |
//! | `row`, `layout`, `parse` | a row of the table, its columns, its checks |
//!
//! [`crate::outcome::print::trace::export`] makes a trace of a run, [`crate::workload::replay()`] a workload of a trace.

mod header;
mod layout;
mod parse;
mod row;

pub use header::{Mode, Network, Server, TraceHeader};
pub(crate) use layout::Optional;
pub use row::TraceRow;

use crate::config::limits::MAX_REQUESTS;
use crate::error::ConfigError;
use std::borrow::Borrow;

/// Largest table that is read, in bytes.
pub const MAX_DATA_BYTES: usize = 1 << 29;

/// A trace as text: the contents of its two files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceFiles {
    /// The header, YAML.
    pub header: String,
    /// The table, CSV.
    pub data: String,
}

/// A trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// What holds for all of it.
    pub header: TraceHeader,
    /// The requests.
    pub rows: Vec<TraceRow>,
}

impl Trace {
    /// Reads both files. An empty header is one without any key.
    ///
    /// # Errors
    /// The first thing that is wrong, with line and column or field (W-11.2).
    pub fn read(header: &str, data: &str) -> Result<Self, ConfigError> {
        Ok(Self { header: TraceHeader::from_yaml(header)?, rows: rows(data)?.collect::<Result<_, _>>()? })
    }

    /// Writes both files. Optional columns are written if any row has something in them.
    pub fn write(&self) -> TraceFiles {
        write(&self.header, Optional::of(&self.rows), &self.rows)
    }
}

/// Writes both files row by row, with these of the optional columns.
pub(crate) fn write(
    header: &TraceHeader,
    columns: Optional,
    rows: impl IntoIterator<Item: Borrow<TraceRow>>,
) -> TraceFiles {
    let mut data = layout::head(columns);
    for row in rows {
        row.borrow().write(columns, &mut data);
    }
    TraceFiles { header: header.to_yaml(), data }
}

/// The optional column of the LoRA adapter that a request asks for.
pub(crate) const ADAPTER: &str = "adapter";

/// Whether the first line of a table has a column of this name.
pub(crate) fn names_column(data: &str, name: &str) -> bool {
    let head = super::csv::Records::new(data).next().and_then(Result::ok);
    head.is_some_and(|head| head.fields.iter().any(|field| field == name))
}

/// The rows of a table, one after the other.
///
/// # Errors
/// A table that is too long, has no first line, or has no rows; each row has its own errors.
pub(crate) fn rows(data: &str) -> Result<impl Iterator<Item = Result<TraceRow, ConfigError>>, ConfigError> {
    if data.len() > MAX_DATA_BYTES {
        let value = format!("{} bytes", data.len());
        return Err(ConfigError::invalid("trace data", value, format!("at most {MAX_DATA_BYTES} bytes")));
    }
    let mut records = super::csv::Records::new(data);
    let layout = match records.next() {
        Some(head) => layout::Layout::of(&head?.fields),
        None => return Err(empty()),
    };
    let mut records = records.peekable();
    if records.peek().is_none() {
        return Err(empty());
    }
    Ok(records.enumerate().map(move |(index, record)| {
        if index as u64 >= MAX_REQUESTS {
            let expected = format!("at most {MAX_REQUESTS} rows");
            return Err(ConfigError::invalid("trace data", "more rows", expected));
        }
        parse::row(&layout, &record?)
    }))
}

fn empty() -> ConfigError {
    ConfigError::malformed("trace data", "empty trace: no rows")
}
