//! Files that are one object of JSON: results of benchmarks (TR-2).

use super::answers::Answers;
use super::decide::{self, Decision};
use super::entries::object;
use super::format::Format;
use super::gate::Gate;
use super::json::{cell, each_field, entries, field};
use super::mapping::Role;
use super::number::{Marks, decimal};
use super::options::Options;
use super::preview::Preview;
use super::questions::Known;
use super::rows::{Plan, Rows};
use super::time::TimeUnit;
use super::values::{Cell, Resolver, Rules, Values};
use crate::error::ConfigError;
use std::borrow::Cow;

/// Largest file of one object that is read, bytes: it has to be there as a whole.
pub const MAX_DOCUMENT_BYTES: usize = 512 << 20;

/// What a document led to.
pub(super) struct Read {
    pub rows: Rows,
    pub preview: Preview,
    pub known: Known,
}

/// Reads a document; `documents` are several, one after the other, as programs write them that append.
pub(super) fn read(
    documents: &[&str],
    options: &Options,
    answers: &Answers,
    gate: Gate,
) -> Result<Read, ConfigError> {
    let mut decision = decide::objects(&documents[..documents.len().min(200)], options, answers)?;
    match decision.plan.format {
        Format::Guidellm => guidellm(documents, decision, answers, gate),
        Format::VllmBench => vllm(documents, decision, answers, gate),
        _ => {
            let lists: Vec<&str> = documents.iter().filter_map(|text| only_list(text)).flatten().collect();
            // One object may be a request, or hold some; what it holds counts if both can be.
            let is_listed = matches!(decision.plan.format, Format::Generic) || decision.problem.is_some();
            let mut entries = documents;
            if is_listed && !lists.is_empty() {
                let inner = decide::objects(&lists[..lists.len().min(200)], options, answers)?;
                if decision.problem.is_some() || inner.problem.is_none() {
                    (decision, entries) = (inner, &lists);
                }
            }
            if let Some(problem) = decision.problem {
                return Err(problem);
            }
            let mut rows = Rows::new(decision.plan, gate);
            let mut resolver = Resolver::new(decision.rules);
            for (place, entry) in entries.iter().enumerate() {
                super::entries::entry(&mut rows, &mut resolver, place as u64 + 1, entry.as_bytes())?;
            }
            let known = Known::of(&rows, &decision.preview);
            Ok(Read { rows, preview: decision.preview, known })
        }
    }
}

/// Whether objects, each on a line of its own, are no requests but hold lists of them.
pub(super) fn are_wrapped(objects: &[&str]) -> bool {
    objects.first().is_some_and(|object| only_list(object).is_some())
}

/// The longest list of objects of a document.
fn only_list(document: &str) -> Option<Vec<&str>> {
    let mut best: Option<&str> = None;
    each_field(document, |_, value| {
        let value = value.get();
        let is_list = value.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'));
        if is_list && best.is_none_or(|best| value.len() > best.len()) {
            best = Some(value);
        }
    });
    best.and_then(entries)
}

fn plan(format: Format, answers: &Answers, makes_arrivals: bool) -> Plan {
    Plan { makes_arrivals, ..Plan::without_columns(format, TimeUnit::S, answers) }
}

/// The benchmark that is wanted.
fn chosen<'t>(benchmarks: &[&'t str], answers: &Answers) -> Result<&'t str, ConfigError> {
    let place = answers.benchmark.unwrap_or(1);
    benchmarks.get(place - 1).copied().ok_or_else(|| {
        ConfigError::invalid(
            "answers.benchmark",
            place,
            format!("1 to {}: as many are in the file", benchmarks.len()),
        )
    })
}

const NO_REQUESTS: &str = "this benchmark of GuideLLM has no requests: keep them when it is saved as JSON";

fn guidellm(
    documents: &[&str],
    mut decision: Decision,
    answers: &Answers,
    gate: Gate,
) -> Result<Read, ConfigError> {
    let lists = documents.iter().filter_map(|document| field(document, "benchmarks").and_then(entries));
    let benchmarks: Vec<&str> = lists.flatten().collect();
    let benchmark = chosen(&benchmarks, answers)?;
    let Some(requests) = field(benchmark, "requests") else {
        return Err(ConfigError::malformed("file", NO_REQUESTS));
    };
    let rules = Rules::Known(Format::Guidellm.known().columns);
    let mut rows = Rows::new(plan(Format::Guidellm, answers, false), gate);
    let mut resolver = Resolver::new(rules);
    let mut number = 0;
    for kind in ["successful", "incomplete", "errored"] {
        let list = field(requests, kind).and_then(entries).unwrap_or_default();
        if kind == "successful" {
            let own = Options { format: Some(Format::Guidellm), ..Options::default() };
            let shown = decide::objects(&list[..list.len().min(20)], &own, answers)?;
            decision.preview.head = shown.preview.head;
            decision.preview.columns = shown.preview.columns;
        }
        for request in list {
            number += 1;
            let failed = (kind != "successful").then(|| (Role::Error, Cell::plain(kind.as_bytes())));
            object(&mut rows, &mut resolver, number, request, failed)?;
        }
    }
    if number == 0 {
        return Err(ConfigError::malformed("file", NO_REQUESTS));
    }
    let known = Known { benchmarks: benchmarks.len(), ..Known::default() };
    Ok(Read { rows, preview: decision.preview, known })
}

fn vllm(
    documents: &[&str],
    mut decision: Decision,
    answers: &Answers,
    gate: Gate,
) -> Result<Read, ConfigError> {
    let document = chosen(documents, answers)?;
    let list = |name: &str| field(document, name).and_then(entries);
    let (Some(inputs), Some(outputs)) = (list("input_lens"), list("output_lens")) else {
        let message = if field(document, "backend").is_some_and(|backend| backend.contains("sglang")) {
            "this result of SGLang's benchmark has sums only: run it with --output-details, which keeps every request"
        } else {
            "this result of vLLM's benchmark has sums only: run it with --save-detailed, which keeps every request"
        };
        return Err(ConfigError::malformed("file", message));
    };
    let starts = list("start_times");
    let errors = list("errors").unwrap_or_default();
    let (ttfts, itls) = (list("ttfts").unwrap_or_default(), list("itls").unwrap_or_default());
    let mut rows = Rows::new(plan(Format::VllmBench, answers, starts.is_none()), gate);
    let starts = starts.unwrap_or_default();
    let columns = ["input_lens", "output_lens", "start_times", "ttfts", "errors"];
    decision.preview.columns.retain(|column| columns.contains(&column.name.as_str()));
    let roles = [Role::Input, Role::Output, Role::Arrival, Role::Ttft, Role::Error];
    for column in &mut decision.preview.columns {
        let role = columns.iter().zip(roles).find(|(name, _)| **name == column.name).map(|(_, role)| role);
        column.role = role.unwrap_or_default();
        column.unit = (column.role == Role::Arrival).then_some(TimeUnit::S);
    }
    decision.preview.head.clear();
    for place in 0..inputs.len().max(outputs.len()) {
        let mut values = Values::new();
        let lists = [
            (Role::Input, &inputs),
            (Role::Output, &outputs),
            (Role::Arrival, &starts),
            (Role::Error, &errors),
            (Role::Ttft, &ttfts),
        ];
        for (role, list) in lists {
            if let Some(cell) = list.get(place).and_then(|value| cell(value)) {
                values.put((role, 0), cell);
            }
        }
        if let Some(e2e) = end(ttfts.get(place), itls.get(place)) {
            let text = Cow::Owned(e2e.into_bytes());
            values.put((Role::E2e, 0), Cell { text, is_nested: false, is_quoted: false });
        }
        if decision.preview.head.len() < 20 {
            let shown = |list: &[&str]| list.get(place).map_or(String::new(), |value| (*value).to_owned());
            let lists = [&inputs, &outputs, &starts, &ttfts, &errors];
            let of =
                |name: &str| columns.iter().position(|own| *own == name).map(|place| shown(lists[place]));
            let cells = decision.preview.columns.iter().filter_map(|column| of(&column.name));
            decision.preview.head.push(cells.collect());
        }
        rows.row(place as u64 + 1, &values)?;
    }
    let rate = field(document, "request_rate").and_then(|rate| rate.parse().ok());
    let rate = rate.filter(|rate: &f64| *rate >= 1e-6 && *rate <= 1e6);
    let known = Known { benchmarks: documents.len(), rate, ..Known::default() };
    Ok(Read { rows, preview: decision.preview, known })
}

/// Time to the first token and the gaps behind it together, in seconds, exactly to the nanosecond.
fn end(ttft: Option<&&str>, gaps: Option<&&str>) -> Option<String> {
    let nanoseconds = |text: &str| decimal(text.as_bytes(), Marks::PLAIN)?.scaled(9);
    let mut sum = nanoseconds(ttft?)?;
    for gap in entries(gaps?)? {
        sum = sum.checked_add(nanoseconds(gap)?)?;
    }
    Some(format!("{sum}e-9"))
}
