//! What a file is and how it is read, decided from its beginning (TR-2, TR-5).

use super::agents;
use super::answers::Answers;
use super::detect;
use super::format::Format;
use super::guard;
use super::json;
use super::mapping::{MappedColumn, Mapping, Role};
use super::number::{Marks, decimal};
use super::options::Options;
use super::preview::{Column, Preview};
use super::prompt_ids;
use super::rows::Plan;
use super::shape::{Found, MOST_OF_NAME};
use super::time::{TimeUnit, nanoseconds};
use super::values::{Cell, Resolver, Rules, Values};
use crate::error::ConfigError;
use crate::text::up_to;

/// What was decided.
#[derive(Debug)]
pub(super) struct Decision {
    pub plan: Plan,
    pub rules: Rules,
    /// Of a table: the role of each column.
    pub places: Vec<Option<(Role, u8)>>,
    pub delimiter: u8,
    pub header: bool,
    /// Lines before the table.
    pub preface: u64,
    pub preview: Preview,
    /// What is wrong with it; it is said once all rows are counted.
    pub problem: Option<ConfigError>,
}

/// Rows of the preview.
const HEAD: usize = 20;

/// Longest text of a cell in the preview, characters.
const MOST_SHOWN: usize = 60;

fn shown(cell: &[u8]) -> String {
    up_to(MOST_SHOWN, String::from_utf8_lossy(&cell[..cell.len().min(MOST_SHOWN * 4 + 8)]))
}

/// A table.
pub(super) fn table(text: &[u8], options: &Options, answers: &Answers) -> Result<Decision, ConfigError> {
    let found = Found::in_text(text, &options.shape)?;
    let names = found.names();
    let fitting = detect::of_table(&names);
    let format = format(options, &fitting, true)?;
    let rules = rules(format, options, &names);
    let places: Vec<_> = names.iter().map(|name| rules.find(name)).collect();
    let rows: Vec<Values<'_>> = found.rows().iter().map(|cells| values(cells, &places)).collect();
    let preview = Preview {
        head: found
            .rows()
            .iter()
            .take(HEAD)
            .map(|cells| cells.iter().map(|cell| shown(cell)).collect())
            .collect(),
        shape: Some(found.shape()),
        ..Preview::default()
    };
    let mut plan = plan(format, answers, found.marks, options, &names, &places, &rows);
    plan.hash_block = hash_block(&plan, &rows);
    plan.warnings.extend(found.remarks());
    let cells =
        |place: usize| found.rows().iter().filter_map(|row| row.get(place).map(Vec::as_slice)).collect();
    let problem = guard::unfound(options, &names, true)
        .or_else(|| problem(format, &names, &places))
        .or_else(|| guard::overlooked(&plan, options, &names, |place| places[place].is_some(), cells));
    let decision = Decision {
        plan,
        delimiter: found.delimiter,
        header: found.header,
        preface: found.preface,
        problem,
        rules,
        preview,
        places,
    };
    Ok(decision.with_preview(&names, fitting))
}

/// Objects of JSON, one per line or entry.
pub(super) fn objects(
    objects: &[&str],
    options: &Options,
    answers: &Answers,
) -> Result<Decision, ConfigError> {
    let stated = agents::stated(objects);
    let holds_agents = agents::are_held(objects);
    let inner = if holds_agents { agents::innermost(objects) } else { Vec::new() };
    let objects = if holds_agents { &inner } else { objects };
    let mut names: Vec<String> = Vec::new();
    let mut lists: Vec<String> = Vec::new();
    let mut head: Vec<Vec<(String, &str)>> = Vec::new();
    for object in objects {
        let Some(fields) = json::names(object) else { continue };
        for (name, value) in &fields {
            if !names.contains(name) && names.len() < 1000 {
                names.push(name.clone());
            }
            if value.starts_with('[') && !lists.contains(name) {
                lists.push(name.clone());
            }
        }
        head.push(fields);
    }
    let mut fitting = detect::of_objects(&names, &lists, holds_agents);
    // Lengths that a file gives are better than estimates from its texts.
    if fitting.first() == Some(&Format::Sharegpt) && guard::has_lengths(&head) {
        fitting.rotate_left(1);
    }
    let format = format(options, &fitting, false)?;
    let rules = rules(format, options, &names);
    let places: Vec<_> = names.iter().map(|name| rules.find(name)).collect();
    let mut resolver = Resolver::new(rules.clone());
    let mut rows = Vec::new();
    for object in objects {
        let mut values = Values::new();
        if json::read(object, &mut resolver, &mut values) {
            rows.push(values);
        }
    }
    let cells = |fields: &Vec<(String, &str)>| {
        let of = |name: &String| fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| *value);
        names.iter().map(|name| shown(of(name).as_bytes())).collect()
    };
    let mut plan = plan(format, answers, Marks::PLAIN, options, &names, &places, &rows);
    if format.known().hash_block > 0 {
        plan.stated_block = stated.0.filter(|_| format != Format::Generic);
        plan.has_local_ids = stated.1.unwrap_or(format == Format::Weka);
        plan.hash_block = hash_block(&plan, &rows);
    }
    let column = |place: usize| {
        let of = |fields: &Vec<(String, &'_ str)>| {
            let own = fields.iter().find(|(name, _)| *name == names[place]);
            own.map_or("", |(_, value)| *value).trim_matches('"').to_owned()
        };
        head.iter().take(guard::ROWS).map(of).collect::<Vec<_>>()
    };
    let problem = guard::unfound(options, &names, false)
        .or_else(|| problem(format, &names, &places))
        .or_else(|| guard::overlooked(&plan, options, &names, |place| places[place].is_some(), column));
    let decision = Decision {
        plan,
        delimiter: 0,
        header: false,
        preface: 0,
        problem,
        rules,
        preview: Preview { head: head.iter().take(HEAD).map(cells).collect(), ..Preview::default() },
        places,
    };
    Ok(decision.with_preview(&names, fitting))
}

fn values<'t>(cells: &'t [Vec<u8>], places: &[Option<(Role, u8)>]) -> Values<'t> {
    let mut values = Values::new();
    for (cell, place) in cells.iter().zip(places) {
        if let Some(place) = place {
            values.put(*place, Cell::plain(cell));
        }
    }
    values
}

/// A mapping is for any file, unless a format is named as well.
fn format(options: &Options, fitting: &[Format], is_table: bool) -> Result<Format, ConfigError> {
    match (&options.mapping, options.format) {
        (Some(_), None) => Ok(Format::Generic),
        (_, wanted) => detect::chosen(fitting, wanted, is_table),
    }
}

fn rules(format: Format, options: &Options, names: &[String]) -> Rules {
    if let Some(mapping) = &options.mapping {
        let column = |column: &MappedColumn| (guard::at_place(&column.column, names), column.role);
        let named = mapping.columns.iter().map(column).filter(|(_, role)| *role != Role::Ignore);
        return Rules::Named(named.collect());
    }
    if format != Format::Generic {
        return Rules::Known(format.known().columns);
    }
    let mut found: Vec<(String, Role)> = Vec::new();
    for name in names {
        let role = Role::suggested(name);
        if role != Role::Ignore && !found.iter().any(|(_, other)| *other == role) {
            found.push((name.clone(), role));
        }
    }
    Rules::Named(found)
}

/// Columns that must be there.
fn problem(format: Format, names: &[String], places: &[Option<(Role, u8)>]) -> Option<ConfigError> {
    if format.known().columns.is_empty() && format != Format::Generic {
        return None;
    }
    if matches!(format, Format::Weka | Format::Aibrix | Format::Guidellm) {
        return None;
    }
    let has = |role| places.iter().flatten().any(|(own, _)| *own == role);
    let text = has(Role::Text);
    let missing =
        [(Role::Input, has(Role::Input) || text), (Role::Output, has(Role::Output) || has(Role::Total))];
    missing.into_iter().find(|(_, there)| !there).map(|(role, _)| detect::missing(role, format, names))
}

fn plan(
    format: Format,
    answers: &Answers,
    marks: Marks,
    options: &Options,
    names: &[String],
    places: &[Option<(Role, u8)>],
    rows: &[Values<'_>],
) -> Plan {
    let has = |role: Role| rows.iter().any(|values| values.has(role));
    let has_gaps = has(Role::Gap) && !has(Role::Arrival);
    let role = if has_gaps { Role::Gap } else { Role::Arrival };
    let makes_own = !matches!(format, Format::Aibrix | Format::Guidellm | Format::Weka | Format::TraceV2);
    let makes_arrivals = makes_own && !rows.is_empty() && !has(role);
    let name = places.iter().position(|place| place.is_some_and(|(own, _)| own == role));
    let name = name.and_then(|place| names.get(place)).map_or("", String::as_str);
    let wanted = options.mapping.iter().flat_map(|mapping| &mapping.columns);
    let wanted = wanted.filter(|column| column.role == role).find_map(|column| column.unit);
    let times: Vec<&[u8]> = rows.iter().filter_map(|values| values.text(role)).collect();
    let (mut warnings, mut notes) = (Vec::new(), Vec::new());
    let unit = wanted.unwrap_or_else(|| {
        let (unit, guessed) = unit(format, name, &times, marks, has_gaps);
        if guessed {
            let name = up_to(MOST_OF_NAME, name.to_owned());
            let words = format!(
                "the times of \"{name}\" are taken as {}, by how often requests then arrive: if they count something else, map \
                 the columns, with {}={name}:ms and so on",
                unit.name(),
                role.name()
            );
            if unit == TimeUnit::S { notes.push(words) } else { warnings.push(words) }
        } else if unit == TimeUnit::Ms && format != Format::Generic {
            warnings.extend(guard::perhaps_seconds(name, &times, marks));
        }
        unit
    });
    Plan {
        format,
        unit,
        warnings,
        notes,
        is_mapped: options.mapping.is_some(),
        marks,
        hash_block: None,
        first_round: first_round(rows, marks),
        stated_block: None,
        has_local_ids: false,
        answers: answers.clone(),
        makes_arrivals,
        has_gaps,
    }
}

/// What times count, and whether that is a guess by their rate: as the format says, unless they are plainly something else; else
/// by name and size.
fn unit(format: Format, name: &str, times: &[&[u8]], marks: Marks, are_gaps: bool) -> (TimeUnit, bool) {
    let known = format.known().unit;
    let numbers = times.iter().filter(|time| decimal(time, marks).is_some()).count();
    let dates = times.iter().filter(|time| nanoseconds(time, TimeUnit::Date, marks).is_some()).count();
    if dates > numbers {
        return (TimeUnit::Date, false);
    }
    if times.is_empty() || (format != Format::Generic && (known != TimeUnit::Date || numbers == 0)) {
        return (known, false);
    }
    let lower = name.to_lowercase();
    let ends = |unit: &str| {
        lower.strip_suffix(')').unwrap_or(&lower).strip_suffix(unit).is_some_and(|stem| {
            stem.ends_with(['_', '-', ' ', '(', '.', '['])
                || stem.replace(['_', '-', ' '], "").ends_with("time")
        })
    };
    let named = [
        ("ms", TimeUnit::Ms),
        ("us", TimeUnit::Us),
        ("µs", TimeUnit::Us),
        ("ns", TimeUnit::Ns),
        ("s", TimeUnit::S),
    ];
    if let Some((_, unit)) = named.into_iter().find(|(name, _)| ends(name)) {
        return (unit, false);
    }
    let values: Vec<i128> = times.iter().filter_map(|time| decimal(time, marks)?.scaled(3)).collect();
    let largest = values.iter().map(|value| value.abs()).max().unwrap_or_default() / 1000;
    let unit = match largest {
        100_000_000_000_000_000.. => TimeUnit::Ns,
        100_000_000_000_000.. => TimeUnit::Us,
        100_000_000_000.. => TimeUnit::Ms,
        // 1973 or later.
        100_000_000.. => TimeUnit::S,
        _ => return (by_rate(&values, are_gaps), true),
    };
    (unit, false)
}

/// The largest unit with which rows come at least every thousand seconds; seconds if they do with none.
fn by_rate(thousandths: &[i128], are_gaps: bool) -> TimeUnit {
    let span: i128 = if are_gaps {
        thousandths.iter().sum()
    } else {
        let ends = thousandths.iter().max().zip(thousandths.iter().min());
        ends.map_or(0, |(last, first)| last - first)
    };
    let gaps = thousandths.len() as i128 - 1;
    if gaps <= 0 || span == 0 {
        return TimeUnit::S;
    }
    let units = [(TimeUnit::S, 1000), (TimeUnit::Ms, 1_000_000), (TimeUnit::Us, 1_000_000_000)];
    let fits = |scale: i128| span / scale <= gaps * 1000;
    units.into_iter().find(|(_, scale)| fits(*scale)).map_or(TimeUnit::S, |(unit, _)| unit)
}

/// Sizes of hash blocks that are tried.
pub(super) const SIZES: [u32; 7] = [16, 32, 64, 128, 256, 512, 1024];

/// The number of the first round of sessions: 1 if no row has 0.
fn first_round(rows: &[Values<'_>], marks: Marks) -> u32 {
    let rounds = rows.iter().filter_map(|values| super::number::count(values.text(Role::Round)?, marks).ok());
    rounds.min().unwrap_or_default().min(1)
}

/// Tokens per hash block: as answered; that of the file or its format if it fits most rows; else the one that fits most.
fn hash_block(plan: &Plan, rows: &[Values<'_>]) -> Option<u32> {
    let Plan { format, ref answers, marks, stated_block, .. } = *plan;
    if let Some(size) = answers.hash_block {
        return Some(size);
    }
    let known = stated_block.unwrap_or(format.known().hash_block);
    if known == 0 {
        return None;
    }
    let prompts = rows.iter().filter_map(|values| {
        let input = super::number::count(values.text(Role::Input)?, marks).ok().filter(|&input| input > 0)?;
        Some((input, prompt_ids::number(values.get(Role::HashIds)?)?))
    });
    let prompts: Vec<(u32, usize)> = prompts.collect();
    let fitting = |size: u32| {
        let fits = |&&(input, ids): &&(u32, usize)| {
            let needed = prompt_ids::needed(input, size);
            ids == needed || (format == Format::Weka && ids + 1 == needed)
        };
        prompts.iter().filter(fits).count()
    };
    if fitting(known) * 2 >= prompts.len() {
        return Some(known);
    }
    let best = SIZES.into_iter().max_by_key(|&size| fitting(size))?;
    (fitting(best) * 2 >= prompts.len()).then_some(best)
}

impl Decision {
    fn with_preview(mut self, names: &[String], fitting: Vec<Format>) -> Self {
        let unit =
            |role: Role| matches!(role, Role::Arrival | Role::Gap | Role::Deadline).then_some(self.plan.unit);
        let column = |(name, place): (&String, &Option<(Role, u8)>)| {
            let role = place.map_or(Role::Ignore, |(role, _)| role);
            Column { name: name.clone(), role, unit: unit(role), suggested: Role::suggested(name) }
        };
        self.preview.columns = names.iter().zip(&self.places).map(column).collect();
        let mapped = self.preview.columns.iter().filter(|column| !column.role.name().is_empty());
        let mapped = mapped.filter(|column| column.role != Role::Ignore);
        let mapped = mapped.map(|column| MappedColumn {
            column: column.name.clone(),
            role: column.role,
            unit: column.unit,
        });
        self.preview.mapping = Mapping { columns: mapped.collect() };
        let format = self.plan.format;
        self.preview.candidates =
            fitting.into_iter().filter(|other| *other != format).map(Into::into).collect();
        self.preview.detected = format.into();
        self
    }
}
