//! Traces of ours and of the reference (workload chapter, W-11), read as `blis replay` reads them.

use super::answers::Answers;
use super::columns::Kept;
use super::format::Format;
use super::gate::Gate;
use super::ids::{IdKey, NUMBERS};
use super::number::Marks;
use super::options::Options;
use super::preview::Preview;
use super::questions::Known;
use super::rows::{Plan, Rows};
use super::table::Table;
use super::time::TimeUnit;
use crate::config::ExplicitRequest;
use crate::error::ConfigError;
use crate::workload::replay;

/// The rows of a trace. The first thing that is wrong ends the reading: such a file is written by programs.
pub(super) fn table(
    text: &[u8],
    options: &Options,
    answers: &Answers,
    preview: Preview,
    gate: Gate,
) -> Result<Table, ConfigError> {
    let text = std::str::from_utf8(text)
        .map_err(|error| ConfigError::malformed("trace data", format!("not text in UTF-8: {error}")))?;
    let replay = replay(options.header.as_deref().unwrap_or_default(), text)?;
    let plan = Plan {
        format: Format::TraceV2,
        unit: TimeUnit::Us,
        marks: Marks::PLAIN,
        answers: answers.clone(),
        hash_block: Some(replay.hash_block).filter(|&block| block > 0),
        makes_arrivals: false,
        has_gaps: false,
    };
    let mut rows = Rows::new(plan, gate);
    for (place, request) in replay.requests.iter().enumerate() {
        rows.counted.read += 1;
        let row = kept(&mut rows, place as u32 + 2, request);
        rows.take(&row)?;
    }
    let mut table = Table::of(rows, preview, text.len() as u64, Known::default())?;
    table.targets = replay.targets;
    table.add_notes(replay.notes);
    Ok(table)
}

fn kept(rows: &mut Rows, line: u32, request: &ExplicitRequest) -> Kept {
    let names = &mut rows.names;
    let leaf = match (&request.hash_ids, rows.plan.hash_block) {
        (Some(ids), Some(block)) if !ids.is_empty() => {
            let keys: Vec<IdKey> = ids.iter().map(|&bits| IdKey { bits, space: NUMBERS }).collect();
            let last = request.input_tokens
                - (keys.len() as u32 - 1).saturating_mul(block).min(request.input_tokens);
            rows.ids.leaf(u64::from(line), &keys, last, block)
        }
        _ => super::columns::NONE,
    };
    Kept {
        // Times of a trace are at most 10^15 µs.
        time: request.arrival_us * 1000,
        line,
        input: request.input_tokens,
        output: request.output_tokens,
        class: names.classes.place(&request.slo_class),
        tenant: names.tenants.place(&request.tenant),
        client: names.clients.place(&request.client),
        session: if request.session.is_empty() {
            super::columns::NONE
        } else {
            names.sessions.place(&request.session)
        },
        round: request.round,
        group: request.prefix_group.as_ref().map_or(super::columns::NONE, |group| names.groups.place(group)),
        prefix: request.prefix_length,
        leaf,
        patience: request.deadline_us.map_or(0, |deadline| (deadline - request.arrival_us).max(1) * 1000),
        streaming: request.streaming,
        slo_target: request.slo_target_us,
        ..Kept::EMPTY
    }
}
