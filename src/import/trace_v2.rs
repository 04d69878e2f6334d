//! Traces of ours and of the reference (workload chapter, W-11), read as `blis replay` reads them.

use super::answers::Answers;
use super::columns::Kept;
use super::decide::SIZES;
use super::format::Format;
use super::gate::Gate;
use super::ids::{IdKey, NUMBERS};
use super::options::Options;
use super::preview::Preview;
use super::prompt_ids;
use super::questions::Known;
use super::rows::{Plan, Rows};
use super::table::Table;
use super::time::TimeUnit;
use crate::config::ExplicitRequest;
use crate::error::ConfigError;
use crate::workload::{Replay, replay};

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
    let hash_block = hash_block(&replay, answers)?;
    let plan = Plan { hash_block, ..Plan::without_columns(Format::TraceV2, TimeUnit::Us, answers) };
    let mut rows = Rows::new(plan, gate);
    for (place, request) in replay.requests.iter().enumerate() {
        rows.counted.read += 1;
        let row = kept(&mut rows, place as u32 + 2, request);
        rows.take(&row)?;
    }
    let mut table = Table::of(rows, preview, text.len() as u64, Known::default())?;
    table.targets = replay.targets;
    table.add_notes(replay.notes);
    if let Some(block) =
        hash_block.filter(|&block| block != replay.hash_block && answers.hash_block.is_none())
    {
        table.add_warning(format!(
            "a hash id stands for {block} tokens, not for {}: so the numbers of ids say",
            replay.hash_block
        ));
    }
    Ok(table)
}

/// Tokens per hash id (TR-3, check 1): as answered or as the header says, else the usual size that fits all requests.
fn hash_block(replay: &Replay, answers: &Answers) -> Result<Option<u32>, ConfigError> {
    let prompts = || {
        let requests = replay.requests.iter().enumerate();
        requests.filter_map(|(row, request)| {
            let ids = request.hash_ids.as_ref().filter(|ids| !ids.is_empty())?;
            Some((row, request.input_tokens, ids.len()))
        })
    };
    let both = |(row, ..): &(usize, u32, usize)| replay.requests[*row].prefix_group.is_some();
    if let Some((row, _, ids)) = prompts().find(both) {
        let expected = "none beside a prefix_group: a prompt has the one or the other";
        return Err(ConfigError::invalid(
            format!("line {}, hash_ids", row + 2),
            format!("{ids} ids"),
            expected,
        ));
    }
    let unfit = |block: u32| prompts().find(|&(_, input, ids)| prompt_ids::needed(input, block) != ids);
    let stated = answers.hash_block.unwrap_or(replay.hash_block);
    if prompts().next().is_none() {
        return Ok(None);
    }
    let Some((row, input, ids)) = unfit(stated.max(1)) else { return Ok(Some(stated.max(1))) };
    let fitting = SIZES.into_iter().find(|&size| unfit(size).is_none());
    if let Some(size) = fitting.filter(|_| answers.hash_block.is_none()) {
        return Ok(Some(size));
    }
    let needed = prompt_ids::needed(input, stated.max(1));
    let advice = fitting.map_or(String::new(), |size| format!("; {size} tokens to an id fit all requests"));
    let expected = format!("{needed} for {input} input tokens, {stated} tokens to an id{advice}");
    Err(ConfigError::invalid(format!("line {}, hash_ids", row + 2), format!("{ids} ids"), expected))
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
