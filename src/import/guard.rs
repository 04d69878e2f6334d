//! What would be wrong to overlook about the columns of a file: mapped ones that it does not have, times that nothing reads.

use super::detect::listed;
use super::format::Format;
use super::mapping::Role;
use super::names::normalized;
use super::number::{Marks, decimal};
use super::options::Options;
use super::rows::Plan;
use super::shape::MOST_OF_NAME;
use super::time::{TimeUnit, nanoseconds};
use crate::error::ConfigError;
use crate::text::up_to;

/// The error of a mapping whose column is not there.
pub(super) fn not_a_column(role: Role, column: &str, expected: &str) -> ConfigError {
    let value = format!("{}={}", role.name(), up_to(MOST_OF_NAME, column.to_owned()));
    ConfigError::invalid("mapping", value, expected)
}

/// The first mapped column that a file does not have. Objects may have some that only come later: `is_table` says that all
/// names are known; of objects those count without which no row is read.
pub(super) fn unfound(options: &Options, names: &[String], is_table: bool) -> Option<ConfigError> {
    let columns = options.mapping.iter().flat_map(|mapping| &mapping.columns);
    let needed = |role: Role| {
        is_table || matches!(role, Role::Arrival | Role::Gap | Role::Input | Role::Output | Role::Total)
    };
    let mut columns = columns.filter(|column| needed(column.role));
    let missing = columns.find(|column| !names.contains(&at_place(&column.column, names)))?;
    let expected = if names.is_empty() {
        "a column of a file that has some".to_owned()
    } else {
        format!("one of the columns {}, or #1 to #{}", listed(names), names.len())
    };
    Some(not_a_column(missing.role, &missing.column, &expected))
}

/// The name of the column at the place that `#3` means.
pub(super) fn at_place(column: &str, names: &[String]) -> String {
    let place = column.strip_prefix('#').and_then(|place| place.parse::<usize>().ok());
    let named = place.filter(|_| !names.iter().any(|name| name == column));
    named.and_then(|place| names.get(place.wrapping_sub(1))).map_or(column, String::as_str).to_owned()
}

/// Rows that are looked at.
pub(super) const ROWS: usize = 50;
/// Columns that are looked at.
const COLUMNS: usize = 200;

/// The error of a file whose arrivals would be made, though a column that nothing reads looks like times. `cells` are the
/// cells of a column. A mapping, or an answer about arrivals, says that it is meant so.
pub(super) fn overlooked<T: AsRef<[u8]>>(
    plan: &Plan,
    options: &Options,
    names: &[String],
    is_read: impl Fn(usize) -> bool,
    cells: impl Fn(usize) -> Vec<T>,
) -> Option<ConfigError> {
    if plan.format != Format::Generic
        || !plan.makes_arrivals
        || options.mapping.is_some()
        || plan.answers.asks_arrivals
    {
        return None;
    }
    let columns = (0..names.len().min(COLUMNS)).filter(|&place| !is_read(place));
    let mut looks = columns.filter_map(|place| {
        let cells = cells(place);
        let cells: Vec<&[u8]> = cells.iter().take(ROWS).map(AsRef::as_ref).collect();
        Some((place, like_times(&names[place], &cells, plan.marks)?))
    });
    let (place, what) = looks.next()?;
    let name = up_to(MOST_OF_NAME, names[place].clone());
    Some(ConfigError::malformed(
        "file",
        format!(
            "no column is known as the time of arrival, but \"{name}\" holds {what}; columns found: {}. Map the columns, as in \
             arrival={name}:{},input=...,output=... (a column can be written as its place, #{}); if the file has no times, say \
             how arrivals are made (the answer arrivals=poisson or arrivals=constant), or give a mapping without arrival",
            listed(names),
            if what == DATES { "date" } else { "s" },
            place + 1
        ),
    ))
}

const DATES: &str = "dates";

/// What a column of times looks like: dates, or numbers that rise; those that count rows are none.
fn like_times(name: &str, cells: &[&[u8]], marks: Marks) -> Option<&'static str> {
    let cells: Vec<&[u8]> = cells.iter().copied().filter(|cell| !cell.trim_ascii().is_empty()).collect();
    let dates = cells.iter().filter(|cell| nanoseconds(cell, TimeUnit::Date, marks).is_some()).count();
    if dates > 0 && dates * 2 >= cells.len() {
        return Some(DATES);
    }
    let name = normalized(name);
    if ["id", "idx", "index", "row", "number", "round", "turn"].iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let numbers: Option<Vec<i128>> = cells.iter().map(|cell| decimal(cell, marks)?.scaled(9)).collect();
    let numbers = numbers?;
    let counts = numbers.windows(2).all(|pair| pair[1] - pair[0] == SECOND);
    let rises = numbers.len() >= 3 && numbers.is_sorted() && numbers.first() < numbers.last() && !counts;
    rises.then_some("numbers that rise")
}

/// Nanoseconds.
const SECOND: i128 = 1_000_000_000;

/// What is odd about times in milliseconds that might be seconds.
pub(super) fn perhaps_seconds(name: &str, times: &[&[u8]], marks: Marks) -> Option<String> {
    let values: Vec<i128> = times.iter().filter_map(|time| decimal(time, marks)?.scaled(6)).collect();
    let (first, last) = values.iter().min().zip(values.iter().max())?;
    let fractions = values.iter().any(|value| value % 1_000_000 != 0);
    // More than 50 in a second.
    let close = values.len() > 1 && (last - first) * 50 < (values.len() as i128 - 1) * SECOND;
    let why = if fractions && close {
        "have fractions of a millisecond"
    } else if *first >= SECOND * 1_000_000 && *last < SECOND * 100_000_000 {
        "would be in January 1970 to 1973"
    } else {
        return None;
    };
    let name = up_to(MOST_OF_NAME, name.to_owned());
    Some(format!(
        "times of this format are milliseconds, but those of \"{name}\" {why}: are they seconds? Then map the columns, with arrival={name}:s"
    ))
}

/// Whether names and values say that objects have lengths, besides texts of which they could be estimated.
pub(super) fn has_lengths(fields: &[Vec<(String, &str)>]) -> bool {
    let has = |role: Role| {
        fields.iter().flatten().any(|(name, value)| {
            Role::suggested(name) == role && decimal(value.as_bytes(), Marks::PLAIN).is_some()
        })
    };
    has(Role::Input) && (has(Role::Output) || has(Role::Total))
}

/// Names that a column has at most to be a class or a tenant.
const MOST_NAMES: usize = u16::MAX as usize;

/// Takes away classes or tenants that were only suggested, if they have more names than a run can have.
pub(super) fn without_too_many_names(rows: &mut super::rows::Rows) {
    if rows.plan.is_mapped {
        return;
    }
    let super::rows::Rows { plan, columns, names, .. } = rows;
    for (what, column, labels) in [
        ("class", &mut columns.class, &mut names.classes),
        ("tenant", &mut columns.tenant, &mut names.tenants),
    ] {
        let number = labels.names.len();
        if number > MOST_NAMES {
            column.clear();
            *labels = super::columns::Labels::default();
            plan.warnings.push(format!(
                "the column that would be the {what} has {number} different names, more than {MOST_NAMES}: it is not used; map it as client or session"
            ));
        }
    }
}
