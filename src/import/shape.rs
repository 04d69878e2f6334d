//! How a table is written: separator, decimal mark, first line (TR-5).

use super::number::{Marks, decimal};
use super::table_rows::{Event, Records};
use super::time::{TimeUnit, nanoseconds};
use crate::error::ConfigError;
use serde::{Deserialize, Serialize};

/// How a table is written. What is not given is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Shape {
    /// Between cells: `,`, `;`, `|` or a tab.
    pub delimiter: Option<String>,
    /// Before the fraction of a number: `.` or `,`.
    pub decimal: Option<String>,
    /// Whether the first line names the columns.
    pub header: Option<bool>,
}

/// The separators that are looked for.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The records of the beginning of a table.
pub(super) type Sample = Vec<Vec<Vec<u8>>>;

/// What was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub delimiter: u8,
    pub marks: Marks,
    pub header: bool,
    /// The first records, the one with the names included.
    pub records: Sample,
}

/// Most records that are looked at.
const MOST_RECORDS: usize = 200;

impl Found {
    pub fn in_text(text: &[u8], wanted: &Shape) -> Result<Self, ConfigError> {
        let delimiter = match wanted.delimiter.as_deref() {
            None => guessed_delimiter(text),
            Some("tab" | "\\t") => b'\t',
            Some(one) if one.len() == 1 && DELIMITERS.contains(&one.as_bytes()[0]) => one.as_bytes()[0],
            Some(other) => {
                let expected = "one of , ; | and a tab";
                return Err(ConfigError::invalid("shape.delimiter", format!("\"{other}\""), expected));
            }
        };
        let records = records(text, delimiter);
        let marks = match wanted.decimal.as_deref() {
            None => guessed_marks(&records, delimiter),
            Some(".") => Marks::POINT,
            Some(",") => Marks::COMMA,
            Some(other) => {
                return Err(ConfigError::invalid("shape.decimal", format!("\"{other}\""), "one of . and ,"));
            }
        };
        let header = wanted.header.unwrap_or_else(|| {
            records.first().is_none_or(|record| !record.iter().any(|cell| is_value(cell, marks)))
        });
        Ok(Self { delimiter, marks, header, records })
    }

    /// The same in words.
    pub fn shape(&self) -> Shape {
        Shape {
            delimiter: Some(char::from(self.delimiter).to_string()),
            decimal: Some(char::from(self.marks.decimal).to_string()),
            header: Some(self.header),
        }
    }

    /// The names of the columns; their places if the first line has none.
    pub fn names(&self) -> Vec<String> {
        let Some(first) = self.records.first() else { return Vec::new() };
        let name = |(place, cell): (usize, &Vec<u8>)| {
            let name = String::from_utf8_lossy(cell).trim().trim_start_matches('\u{feff}').to_owned();
            if self.header && !name.is_empty() { name } else { format!("#{}", place + 1) }
        };
        first.iter().enumerate().map(name).collect()
    }

    /// The first records that are no names.
    pub fn rows(&self) -> &[Vec<Vec<u8>>] {
        &self.records[usize::from(self.header).min(self.records.len())..]
    }
}

/// Whether a cell is a number or a date.
fn is_value(cell: &[u8], marks: Marks) -> bool {
    decimal(cell, marks).is_some() || nanoseconds(cell, TimeUnit::Date, marks).is_some()
}

/// The whole records at the beginning of a text.
fn records(text: &[u8], delimiter: u8) -> Sample {
    let mut found = Sample::new();
    let mut reader = Records::new(delimiter);
    let mut each = |event: Event<'_>| {
        if let Event::Record(_, cells) = event {
            found.push(cells.iter().map(|cell| cell.to_vec()).collect());
        }
    };
    for (number, line) in text.split(|&byte| byte == b'\n').take(MOST_RECORDS).enumerate() {
        reader.line(number as u64 + 1, line.strip_suffix(b"\r").unwrap_or(line), &mut each);
    }
    reader.finish(&mut each);
    found
}

/// The separator of most columns that most lines have.
fn guessed_delimiter(text: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let records = records(text, delimiter);
        let widths: Vec<_> = records.iter().take(50).map(Vec::len).collect();
        let first = widths.first().copied().unwrap_or_default();
        let same = widths.iter().filter(|&&width| width == first).count();
        // Where every line has as many semicolons, the commas are decimal ones.
        let everywhere = same == widths.len() && same > 1 && delimiter != b',';
        if first < 2 {
            0
        } else {
            same * 1000 / widths.len() * 100 + first.min(99) + usize::from(everywhere) * 100
        }
    };
    // The first of those with the same score.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| score(delimiter)).unwrap_or(b',')
}

/// A comma before the fraction, if some number can only be read so and none only the other way.
fn guessed_marks(records: &Sample, delimiter: u8) -> Marks {
    if delimiter == b',' {
        return Marks::POINT;
    }
    let only = |marks: Marks, other: Marks| {
        let cells = records.iter().flatten();
        cells.filter(|cell| decimal(cell, marks).is_some() && decimal(cell, other).is_none()).count()
    };
    let (commas, points) = (only(Marks::COMMA, Marks::POINT), only(Marks::POINT, Marks::COMMA));
    if commas > points { Marks::COMMA } else { Marks::POINT }
}
