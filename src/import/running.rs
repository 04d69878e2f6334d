//! Rows as they come: lines of a table, objects line by line, entries of a list.

use super::drops::Reason;
use super::entries;
use super::json::ListEntries;
use super::lines::Lines;
use super::mapping::Role;
use super::preview::Preview;
use super::rows::Rows;
use super::table_rows::{Event, Records};
use super::unpack::Sink;
use super::values::{Cell, Resolver, Values};
use crate::error::ConfigError;

/// A file on its way.
pub(super) struct Running {
    pub rows: Rows,
    pub preview: Preview,
    pub problem: Option<ConfigError>,
    pub input: Input,
}

/// What the text is.
pub(super) enum Input {
    Table { lines: Lines, records: Records, places: Vec<Option<(Role, u8)>>, header: bool, preface: u64 },
    Lines { lines: Lines, resolver: Resolver },
    List { list: ListEntries, resolver: Resolver },
}

impl Sink for Running {
    fn text(&mut self, piece: &[u8]) -> Result<(), ConfigError> {
        let rows = &mut self.rows;
        match &mut self.input {
            Input::Table { lines, records, places, header, preface } => lines.push(piece, |number, line| {
                let mut done = Ok(());
                if number <= *preface {
                    return done;
                }
                records.line(number, line, &mut |event| {
                    if done.is_ok() {
                        done = record(rows, places, header, event);
                    }
                });
                done
            }),
            Input::Lines { lines, resolver } => {
                lines.push(piece, |number, line| object_line(rows, resolver, number, line))
            }
            Input::List { list, resolver } => {
                list.push(piece, |number, entry| entries::entry(rows, resolver, number, entry))
            }
        }
    }
}

impl Running {
    /// The end of the text.
    pub fn finish(&mut self) -> Result<(), ConfigError> {
        let rows = &mut self.rows;
        // A problem that is known is said later, with what was found.
        let is_sound = self.problem.is_none();
        let names = || self.preview.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        match &mut self.input {
            Input::Table { lines, records, places, header, preface } => {
                let mut done = Ok(());
                let mut each = |event: Event<'_>| {
                    if done.is_ok() {
                        done = record(rows, places, header, event);
                    }
                };
                if let Some((number, line)) = lines.last().filter(|(number, _)| number > preface) {
                    records.line(number, &line, &mut each);
                }
                records.finish(&mut each);
                done
            }
            Input::Lines { lines, resolver } => {
                if let Some((number, line)) = lines.last() {
                    object_line(rows, resolver, number, &line)?;
                }
                if is_sound { resolver.all_found(&names()) } else { Ok(()) }
            }
            Input::List { list, resolver } => {
                list.finish()?;
                if is_sound { resolver.all_found(&names()) } else { Ok(()) }
            }
        }
    }
}

fn object_line(
    rows: &mut Rows,
    resolver: &mut Resolver,
    number: u64,
    line: &[u8],
) -> Result<(), ConfigError> {
    let line = line.trim_ascii();
    if line.is_empty() {
        rows.blank();
        return Ok(());
    }
    entries::entry(rows, resolver, number, line)
}

fn record(
    rows: &mut Rows,
    places: &[Option<(Role, u8)>],
    header: &mut bool,
    event: Event<'_>,
) -> Result<(), ConfigError> {
    const TOO_FEW: Reason = Reason::new("too few columns");
    match event {
        Event::Blank => rows.blank(),
        Event::Wrong(number, reason, line) => rows.drop(number, reason, line),
        Event::Record(..) if std::mem::take(header) => {}
        Event::Record(number, cells) => {
            let needed = places.iter().rposition(|place| place.is_some_and(|(role, _)| is_needed(role)));
            if needed.is_some_and(|needed| needed >= cells.len()) {
                let value = format!("{} columns instead of {}", cells.len(), places.len());
                rows.drop(number, TOO_FEW, value.as_bytes());
                return Ok(());
            }
            let mut values = Values::new();
            for (cell, place) in cells.iter().zip(places) {
                if let Some(place) = place {
                    values.put(*place, Cell::plain(cell));
                }
            }
            return rows.row(number, &values);
        }
    }
    Ok(())
}

/// Columns without which a row says too little.
const fn is_needed(role: Role) -> bool {
    matches!(role, Role::Arrival | Role::Gap | Role::Input | Role::Output | Role::Total)
}
