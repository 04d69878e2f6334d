//! What `vllm bench serve` and SGLang's benchmark print at the end, as it is pasted: names and values behind a colon.

use super::measured::{Measured, MeasuredArrivals};
use super::quantity::{Quantity, heading};

const TITLE: &str = "Serving Benchmark Result";

/// Whether a text is such a print-out.
pub(super) fn is_report(text: &str) -> bool {
    text.contains(TITLE)
}

/// The rows of all reports in a text.
pub(super) fn rows(text: &str, name: &str, notes: &mut Vec<String>) -> Vec<Measured> {
    let mut parts = text.split(TITLE);
    let mut before = parts.next().unwrap_or_default();
    let mut rows = Vec::new();
    for (place, part) in parts.enumerate() {
        let mut row = Measured { source: format!("{name}, report {}", place + 1), ..Measured::default() };
        let (report, rest) = split(part);
        // The rate stands in front of the report in some versions.
        let (mut totals, mut is_infinite) = ([None; 2], false);
        for line in before.lines().chain(report.lines()) {
            let Some((title, value)) = line.trim_start_matches(['#', ' ']).split_once(':') else { continue };
            let value = value.split_whitespace().next().unwrap_or_default();
            let Ok(value) = value.parse::<f64>() else { continue };
            match title.trim() {
                "Total input tokens" => totals[0] = Some(value),
                "Total generated tokens" => totals[1] = Some(value),
                "Traffic request rate" if value.is_finite() => row.rate = Some(value),
                "Traffic request rate" => is_infinite = true,
                // SGLang's mean number of requests under way, which nobody set.
                "Concurrency" => {}
                title => put(title, value, &mut row),
            }
        }
        if let Some(requests) = row.requests.filter(|&requests| requests > 0) {
            let each = |total: Option<f64>| total.map(|total| total / requests as f64);
            (row.input_tokens, row.output_tokens) = (each(totals[0]), each(totals[1]));
        }
        settle(&mut row, is_infinite, notes);
        rows.push(row);
        before = rest;
    }
    rows
}

/// The report, which a line of `=` ends, and what follows.
fn split(part: &str) -> (&str, &str) {
    let body = part.find('\n').unwrap_or(0);
    let end = part[body..].find("=====").map_or(part.len(), |end| body + end);
    part.split_at(end)
}

fn put(title: &str, value: f64, row: &mut Measured) {
    let Some((quantity, unit)) = heading(title) else { return };
    let value = unit.map_or(value, |unit| unit.to_ms(value));
    let is_gap = matches!(quantity, Quantity::Itl | Quantity::ItlP50 | Quantity::ItlP99);
    // The time per output token comes first and is per request, as our simulation counts it.
    let is_known = match quantity {
        Quantity::Itl => row.itl_ms.is_some(),
        Quantity::ItlP50 => row.itl_p50_ms.is_some(),
        _ => row.itl_p99_ms.is_some(),
    };
    if value != 0.0 && !(is_gap && is_known) && quantity != Quantity::RequestsPerSecond {
        quantity.put(row, value);
    } else if quantity == Quantity::RequestsPerSecond && row.rate.is_none() && row.concurrency.is_none() {
        row.rate = Some(value);
    }
}

fn settle(row: &mut Measured, is_infinite: bool, notes: &mut Vec<String>) {
    if row.concurrency.is_some() && is_infinite {
        row.rate = None;
    } else if is_infinite {
        row.rate = None;
        row.concurrency = row.requests.and_then(|all| u32::try_from(all).ok());
        notes.push(format!("{}: all requests were sent at once", row.source));
    }
    if row.rate.is_none() {
        row.burstiness = None;
    } else {
        row.arrivals = Some(MeasuredArrivals::Poisson);
    }
}
