//! Tables as people type them or copy them out of a spreadsheet: CSV, TSV, Markdown.

use super::measured::Measured;
use super::quantity::{Quantity, Unit, heading};
use crate::error::ConfigError;

/// Most rows of a table.
const MAX_ROWS: usize = 1_000;
/// Most columns.
const MAX_COLUMNS: usize = 200;

/// The rows of a table.
pub(super) fn rows(text: &str, name: &str, notes: &mut Vec<String>) -> Result<Vec<Measured>, ConfigError> {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(place, line)| (place + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with(['#', '%']) && !line.starts_with("//"))
        .filter(|(_, line)| !line.chars().all(|char| matches!(char, '|' | '-' | ':' | ' ' | '+' | '=')))
        .collect();
    let Some(((_, head), body)) = lines.split_first() else {
        return Err(ConfigError::malformed(name, "an empty file"));
    };
    let separator = Separator::of(head);
    let columns = columns(&separator.cells(head), body, name, notes)?;
    if body.is_empty() {
        return Err(ConfigError::malformed(name, "a table with a heading and no row"));
    }
    if body.len() > MAX_ROWS {
        let expected = format!("at most {MAX_ROWS}: one per rate");
        return Err(ConfigError::invalid(name, format!("{} rows", body.len()), expected));
    }
    let cells: Vec<(usize, Vec<String>)> =
        body.iter().map(|&(line, text)| (line, separator.cells(text))).collect();
    // A decimal comma is one if there is no decimal point anywhere.
    let has_point = cells.iter().any(|(_, cells)| cells.iter().any(|cell| is_with_point(cell)));
    cells.into_iter().map(|(line, cells)| row(line, &cells, &columns, has_point, name)).collect()
}

fn is_with_point(cell: &str) -> bool {
    cell.contains('.') && cell.chars().any(|char| char.is_ascii_digit())
}

/// A column that is read: its place, its heading, and the unit if it is a time.
struct Column {
    place: usize,
    title: String,
    quantity: Quantity,
    unit: Option<Unit>,
}

/// Whether it is a report of GuideLLM in another form than JSON: YAML has a list of benchmarks, CSV three lines of headings.
fn is_guidellm(titles: &[String], body: &[(usize, &str)]) -> bool {
    let is_csv = titles.iter().any(|title| title.trim_matches('"') == "Run Info");
    is_csv
        || body.iter().any(|(_, line)| *line == "benchmarks:")
        || titles.iter().any(|title| title == "benchmarks:")
}

fn columns(
    titles: &[String],
    body: &[(usize, &str)],
    name: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<Column>, ConfigError> {
    if titles.len() > MAX_COLUMNS {
        let expected = format!("at most {MAX_COLUMNS}");
        return Err(ConfigError::invalid(name, format!("{} columns", titles.len()), expected));
    }
    let mut columns: Vec<Column> = Vec::new();
    let mut unread = Vec::new();
    for (place, title) in titles.iter().enumerate() {
        match heading(title) {
            Some((quantity, unit)) => {
                if let Some(other) = columns.iter().find(|column| column.quantity == quantity) {
                    notes.push(format!("column \"{title}\" is not read: \"{}\" is the same", other.title));
                    continue;
                }
                columns.push(Column { place, title: title.clone(), quantity, unit });
            }
            None => unread.push(format!("\"{title}\"")),
        }
    }
    let has = |wanted: fn(Quantity) -> bool| columns.iter().any(|column| wanted(column.quantity));
    let is_load =
        |quantity| matches!(quantity, Quantity::Rate | Quantity::Concurrency | Quantity::RequestsPerSecond);
    if !has(is_load) || !has(Quantity::is_time) {
        if is_guidellm(titles, body) {
            let message =
                "GuideLLM's CSV or YAML, which is not read: save the report as JSON (--outputs json)";
            return Err(ConfigError::malformed(name, message));
        }
        let shown = titles.iter().map(|title| format!("\"{title}\"")).collect::<Vec<_>>().join(", ");
        let message = format!(
            "no result of a benchmark that is known, and no table with a column for the rate and one for a time: \
             its first line is {shown}; expected a heading such as rate, input tokens, output tokens, ttft (ms), itl (ms)"
        );
        return Err(ConfigError::malformed(name, message));
    }
    if !unread.is_empty() {
        notes.push(format!("columns that are not read: {}", unread.join(", ")));
    }
    let without = |column: &&Column| column.quantity.is_time() && column.unit.is_none();
    let without: Vec<_> = columns.iter().filter(without).map(|column| column.title.as_str()).collect();
    if !without.is_empty() {
        notes.push(format!("no unit in the heading of {}: taken as ms", without.join(", ")));
    }
    Ok(columns)
}

fn row(
    line: usize,
    cells: &[String],
    columns: &[Column],
    has_point: bool,
    name: &str,
) -> Result<Measured, ConfigError> {
    let mut row = Measured { source: format!("{name}, line {line}"), ..Measured::default() };
    for column in columns {
        let cell = cells.get(column.place).map_or("", |cell| cell.trim());
        if matches!(cell.to_lowercase().as_str(), "" | "-" | "–" | "n/a" | "na" | "null" | "none") {
            continue;
        }
        let (text, unit) = without_unit(cell);
        let Some(value) = number(text, has_point) else {
            let path = format!("{name}, line {line}, {}", column.title);
            return Err(ConfigError::invalid(path, format!("\"{cell}\""), "a number"));
        };
        let is_time = column.quantity.is_time();
        let value = if is_time { unit.or(column.unit).unwrap_or(Unit::Ms).to_ms(value) } else { value };
        column.quantity.put(&mut row, value);
    }
    if row.concurrency.is_some() && row.rate.is_some() {
        // A limit beside a rate.
        row.concurrency = None;
    }
    Ok(row)
}

/// A cell without the unit of time behind its number.
fn without_unit(cell: &str) -> (&str, Option<Unit>) {
    let end = cell.trim_end_matches(|char: char| char.is_alphabetic()).len();
    let (value, word) = cell.split_at(end);
    match Unit::of(&word.to_lowercase()) {
        Some(unit) if value.ends_with(|char: char| char.is_ascii_digit() || char == ' ' || char == '.') => {
            (value.trim(), Some(unit))
        }
        _ => (cell, None),
    }
}

/// A number with a decimal point or comma, and marks between thousands.
fn number(text: &str, has_point: bool) -> Option<f64> {
    let plain: String =
        text.chars().filter(|char| !matches!(char, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '*' | '`')).collect();
    let plain = plain.trim_start_matches(['~', '≈']);
    let comma_is_decimal = match (plain.rfind(','), plain.rfind('.')) {
        (Some(comma), Some(point)) => comma > point,
        (Some(_), None) => !has_point,
        _ => false,
    };
    let text =
        if comma_is_decimal { plain.replace('.', "").replace(',', ".") } else { plain.replace(',', "") };
    text.parse().ok()
}

/// What stands between the cells of a line.
#[derive(Clone, Copy)]
enum Separator {
    Char(char),
    /// Columns of a print-out.
    Blanks,
}

impl Separator {
    fn of(head: &str) -> Self {
        let found = ['|', '\t', ';', ','].into_iter().find(|&char| head.contains(char));
        found.map_or(Self::Blanks, Self::Char)
    }

    fn cells(self, line: &str) -> Vec<String> {
        match self {
            Self::Char('|') => {
                let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
                inner.split('|').map(|cell| cell.trim().to_owned()).collect()
            }
            Self::Char(char) => quoted(line, char),
            Self::Blanks if line.contains("  ") => {
                line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
            }
            Self::Blanks => line.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

/// Cells that may stand in quotes.
fn quoted(line: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut inside) = (Vec::new(), String::new(), false);
    for char in line.chars() {
        match char {
            '"' => inside = !inside,
            _ if char == separator && !inside => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(char),
        }
    }
    cells.push(cell);
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}
