//! Records and fields of comma-separated values (RFC 4180).
//!
//! The `csv` crate would add 7.7 kB to the compressed WebAssembly module, and lets a quote that is never closed
//! swallow the rest of the file; this reader takes one and refuses the other. A test holds them against each other.

use crate::error::ConfigError;
use crate::text::without_mark;
use std::borrow::Cow;

/// Most fields of a record: a trace has about thirty.
const MAX_FIELDS: usize = 1000;

/// Longest field, in bytes: the hash ids of a prompt of a million tokens in blocks of 16.
const MAX_FIELD_BYTES: usize = 1 << 20;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record<'t> {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its fields, without their quotes.
    pub fields: Vec<Cow<'t, str>>,
}

/// The records of a text. Blank lines are skipped; lines end with `\n` or `\r\n`; quoted fields may hold line ends.
#[derive(Debug)]
pub(super) struct Records<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Records<'t> {
    /// From the beginning of a text; a byte-order mark is skipped.
    pub fn new(text: &'t str) -> Self {
        Self { rest: without_mark(text), line: 1 }
    }

    /// Skips the end of a line; false if something else comes.
    fn end_of_line(&mut self) -> bool {
        let rest = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n'));
        if let Some(rest) = rest {
            self.rest = rest;
            self.line += 1;
        }
        rest.is_some()
    }

    fn record(&mut self) -> Result<Record<'t>, ConfigError> {
        let mut record = Record { line: self.line, fields: Vec::with_capacity(27) };
        loop {
            if record.fields.len() == MAX_FIELDS {
                return Err(self.wrong(record.fields.len(), &format!("more than {MAX_FIELDS} columns")));
            }
            let field = match self.rest.strip_prefix('"') {
                Some(rest) => self.quoted(rest, record.fields.len())?,
                None => self.unquoted(record.fields.len())?,
            };
            if field.len() > MAX_FIELD_BYTES {
                let message = format!("a field of {} bytes, more than {MAX_FIELD_BYTES}", field.len());
                return Err(self.wrong(record.fields.len(), &message));
            }
            record.fields.push(field);
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else if self.rest.is_empty() || self.end_of_line() {
                return Ok(record);
            } else {
                return Err(self.wrong(record.fields.len() - 1, "text behind a closing quote"));
            }
        }
    }

    fn unquoted(&mut self, column: usize) -> Result<Cow<'t, str>, ConfigError> {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let (mut field, _) = self.rest.split_at(end);
        if self.rest[end..].starts_with('\n') {
            field = field.strip_suffix('\r').unwrap_or(field);
        }
        if field.contains(['"', '\r']) {
            return Err(self.wrong(column, "a quote or carriage return inside a field that is not quoted"));
        }
        self.rest = &self.rest[field.len()..];
        Ok(field.into())
    }

    /// A field from behind its opening quote.
    fn quoted(&mut self, text: &'t str, column: usize) -> Result<Cow<'t, str>, ConfigError> {
        let mut end = 0;
        let mut doubled = false;
        loop {
            let Some(quote) = text[end..].find('"') else {
                return Err(self.wrong(column, "a quote that is never closed"));
            };
            end += quote;
            if !text[end + 1..].starts_with('"') {
                break;
            }
            doubled = true;
            end += 2;
        }
        let field = &text[..end];
        self.rest = &text[end + 1..];
        self.line += field.matches('\n').count();
        Ok(if doubled { field.replace("\"\"", "\"").into() } else { field.into() })
    }

    fn wrong(&self, column: usize, message: &str) -> ConfigError {
        let path = format!("trace data, line {}, column {}", self.line, column + 1);
        ConfigError::malformed(path, message)
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Result<Record<'t>, ConfigError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.end_of_line() {}
        if self.rest.is_empty() {
            return None;
        }
        let record = self.record();
        if record.is_err() {
            // Nothing after it can be trusted.
            self.rest = "";
        }
        Some(record)
    }
}

/// Appends a field, in quotes if it needs them, with a comma in front unless it is the first of its line.
pub(super) fn push_field(line: &mut String, field: &str) {
    if !(line.is_empty() || line.ends_with('\n')) {
        line.push(',');
    }
    push_value(line, field);
}

/// With what a text begins that a spreadsheet takes for a formula, even in quotes.
const FORMULA: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff0b}', '\u{ff0d}', '\u{ff1d}', '\u{ff20}'];

/// Whether a text begins like a formula, apart from apostrophes.
fn is_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The same for a text of the user's: what begins like a formula gets an apostrophe in front, by which spreadsheets know a
/// text. [`as_text`] takes it away again, and no other text changes.
pub(super) fn push_text(line: &mut String, text: &str) {
    if is_like_formula(text) {
        push_field(line, &format!("'{text}"));
    } else {
        push_field(line, text);
    }
}

/// The text of a cell that [`push_text`] has written.
pub(super) fn as_text(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_like_formula(text)).unwrap_or(cell)
}

fn push_value(line: &mut String, field: &str) {
    if field.contains([',', '"', '\n', '\r']) || field.starts_with([' ', '\u{feff}']) {
        line.push('"');
        line.push_str(&field.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_a_text_begins_like_a_formula_and_every_text_comes_back() {
        let starts =
            ["", "=", "+", "-", "@", "\t", "\r", "＝", "'", "''", "'=", "''=", "'-1", "a", "\"", ",", "\n"];
        for (first, second) in starts.iter().flat_map(|first| starts.map(|second| (first, second))) {
            let text = format!("{first}{second}1+1");
            let mut line = String::from("0");
            push_text(&mut line, &text);
            let record = Records::new(&line).next().expect("a record").expect("well-formed");
            let cell = record.fields[1].as_ref();
            assert!(!cell.starts_with(FORMULA), "{cell:?}");
            assert_eq!(as_text(cell), text);
            assert!(cell == text || is_like_formula(&text), "{text:?} became {cell:?}");
        }
    }
}
