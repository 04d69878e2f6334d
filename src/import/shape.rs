//! How a table is written: separator, decimal mark, first line (TR-5).

use super::number::{Marks, decimal};
use super::table_rows::{Event, Records};
use super::time::{TimeUnit, nanoseconds};
use crate::error::ConfigError;
use crate::text::up_to;
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
    /// Lines before the table: remarks, and the one in which Excel names the separator.
    pub preface: u64,
    /// Whether each row begins with a cell that has no name above it: its number.
    pub numbered: bool,
}

/// Longest name of a column in a message, characters.
pub(super) const MOST_OF_NAME: usize = 60;

/// Most records that are looked at.
const MOST_RECORDS: usize = 200;

impl Found {
    pub fn in_text(text: &[u8], wanted: &Shape) -> Result<Self, ConfigError> {
        let (preface, text, named) = without_preface(text);
        let delimiter = match wanted.delimiter.as_deref() {
            None => named.unwrap_or_else(|| guessed_delimiter(text)),
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
        let numbered = header && is_numbered(&records);
        Ok(Self { delimiter, marks, header, records, preface, numbered })
    }

    /// The same in words.
    pub fn shape(&self) -> Shape {
        Shape {
            delimiter: Some(char::from(self.delimiter).to_string()),
            decimal: Some(char::from(self.marks.decimal).to_string()),
            header: Some(self.header),
        }
    }

    /// The names of the columns; their places if they have none, or one that stands over a column before.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.written() {
            let is_new = self.header && !name.is_empty() && !names.contains(&name);
            names.push(if is_new { name } else { format!("#{}", names.len() + 1) });
        }
        names
    }

    /// The cells over the columns.
    fn written(&self) -> Vec<String> {
        let cell =
            |cell: &Vec<u8>| String::from_utf8_lossy(cell).trim().trim_start_matches('\u{feff}').to_owned();
        let unnamed = self.numbered.then(String::new);
        unnamed.into_iter().chain(self.records.iter().take(1).flatten().map(cell)).collect()
    }

    /// What is odd about the names, in words.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.numbered {
            remarks.push(
                "each row has one cell more than there are names: its first is taken as the number of the row".to_owned(),
            );
        }
        let written = if self.header { self.written() } else { Vec::new() };
        for (place, name) in written.iter().enumerate() {
            if let Some(first) = written[..place].iter().position(|other| other == name && !name.is_empty()) {
                remarks.push(format!(
                    "columns {} and {} have the same name \"{}\": the second is called #{}",
                    first + 1,
                    place + 1,
                    up_to(MOST_OF_NAME, name.clone()),
                    place + 1
                ));
            }
        }
        remarks
    }

    /// The first records that are no names.
    pub fn rows(&self) -> &[Vec<Vec<u8>>] {
        &self.records[usize::from(self.header).min(self.records.len())..]
    }
}

/// A text without the lines before the table, their number, and the separator that they name. A line that begins with `#` is
/// a remark, unless it has as many cells as the first line that does not: then it is the names.
fn without_preface(text: &[u8]) -> (u64, &[u8], Option<u8>) {
    let (mut lines, mut rest, mut named) = (0, text, None);
    let cut = |text: &[u8]| text.iter().position(|&byte| byte == b'\n').map_or(text.len(), |end| end + 1);
    let first = rest[..cut(rest)].trim_ascii();
    let first = first.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(first);
    // A tab at the end is trimmed away.
    if let Some(separator) = first.strip_prefix(b"sep=")
        && separator.len() <= 1
    {
        let separator = separator.first().copied().unwrap_or(b'\t');
        named = DELIMITERS.contains(&separator).then_some(separator);
        rest = &rest[cut(rest)..];
        lines += 1;
    }
    let mut remarks = 0;
    let mut table = rest;
    let mut last: &[u8] = &[];
    while table.trim_ascii_start().starts_with(b"#") || (remarks > 0 && table.first() == Some(&b'\n')) {
        let end = cut(table);
        last = &table[..end];
        table = &table[end..];
        remarks += 1;
    }
    if remarks > 0 && !table.is_empty() {
        let cells = |line: &[u8]| {
            let mark = named.unwrap_or_else(|| guessed_delimiter(table));
            line.split(|&byte| byte == mark).count()
        };
        let (names, next) = (cells(last), cells(&table[..cut(table)]));
        if names == next && names > 1 {
            return (lines + remarks - 1, &rest[rest.len() - table.len() - last.len()..], named);
        }
        return (lines + remarks, table, named);
    }
    (lines, rest, named)
}

/// Whether every row has one cell more than the names, and they are not all empty at the end.
fn is_numbered(records: &Sample) -> bool {
    let Some((names, rows)) = records.split_first() else { return false };
    !rows.is_empty()
        && rows.iter().all(|row| row.len() == names.len() + 1)
        && rows.iter().any(|row| row.last().is_some_and(|cell| !cell.trim_ascii().is_empty()))
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
