//! What the members of the batch were doing in each step, derived from the recorded steps.

use super::example::Example;
use crate::common::single_instance::{Settings, requests, run};
use blis_playground::latency::LatencyModel;
use blis_playground::outcome::Outcome;
use blis_playground::record::{RequestState, StepRecord};
use blis_playground::units::{Micros, RequestIndex};

/// A request between two steps.
#[derive(Clone, Debug, Default)]
struct Life {
    progress: u32,
    /// Tokens in the KV cache.
    stored: u32,
    gaps: Vec<i64>,
}

/// The table of steps, and every request's gaps since it was last evicted.
pub struct Replay {
    pub lines: Vec<String>,
    pub gaps: Vec<Vec<i64>>,
}

/// The same run, cut off after everything that happens at `time`.
pub fn run_until<L: LatencyModel + Clone>(example: &Example, latency: &L, time: Micros) -> Outcome {
    let settings = Settings { horizon: time, ..example.settings };
    run(&settings, latency.clone(), requests(&example.rows))
}

pub fn replay<L: LatencyModel + Clone>(example: &Example, latency: &L, outcome: &Outcome) -> Replay {
    let mut lives = vec![Life::default(); example.rows.len()];
    let mut failures = 0;
    let lines = outcome.steps.iter().map(|step| {
        let after = run_until(example, latency, step.start);
        let failed = after.instances[0].kv_allocation_failures - failures;
        failures += failed;
        line(example, latency, step, &after, failed, &mut lives)
    });
    let lines = lines.collect();
    Replay { lines, gaps: lives.into_iter().map(|life| life.gaps).collect() }
}

fn line<L: LatencyModel>(
    example: &Example,
    latency: &L,
    step: &StepRecord,
    after: &Outcome,
    failed_stores: u64,
    lives: &mut [Life],
) -> String {
    for &request in &step.preempted {
        lives[request] = Life::default();
    }
    let gap = (step.duration + latency.output_overhead()).0;
    let batch: Vec<String> = step
        .batch
        .iter()
        .map(|&(request, new)| {
            let row = request.index();
            let newcomer = step.newly_scheduled.contains(&request);
            let cached = if newcomer { after.records.cached_last[row] } else { 0 };
            let entry = serve(&mut lives[row], example.rows[row].input, new, cached, gap);
            format!("{} {entry}", example.rows[row].id)
        })
        .collect();
    let finished: Vec<RequestIndex> = step
        .batch
        .iter()
        .map(|&(request, _)| request)
        .filter(|&request| {
            let row = request.index();
            is_done(after.records.state[row]) && after.records.ended_at[row] == step.start + step.duration
        })
        .collect();
    // The last token of a finished request may take one more block after the figures of the table.
    let final_blocks = finished.iter().filter(|&&request| {
        let row = request.index();
        example.rows[row].output > 0
            && after.records.state[row] == RequestState::Completed
            && lives[row].stored.is_multiple_of(example.settings.block_size)
    });
    let misses = after.instances[0].cache_misses - (final_blocks.count() as u64 - failed_stores);
    let cells = [
        step.start.0.to_string(),
        or(batch.join(", "), "(empty)"),
        or(waiting(example, step, after), "-"),
        step.duration.0.to_string(),
        step.used_kv_blocks.to_string(),
        format!("{}/{misses}", after.instances[0].cache_hits),
        or(finished.iter().map(|&at| example.rows[at].id.as_str()).collect::<Vec<_>>().join(" "), "-"),
        step.used_kv_blocks_after.to_string(),
    ];
    cells.join(" | ")
}

/// Gives a member its new tokens; returns how the table writes it.
fn serve(life: &mut Life, input: u32, new: u32, cached: u32, gap: i64) -> String {
    let before = life.progress;
    if before < input {
        life.progress += cached + new;
        // A request that computes nothing claims nothing (kv-cache chapter, KV-6).
        life.stored += if new > 0 { cached + new } else { 0 };
        format!("p{new}@{before}")
    } else if new > 0 {
        life.progress += 1;
        life.stored += 1;
        life.gaps.push(gap);
        format!("d@{before}")
    } else {
        format!("-@{before}")
    }
}

/// Names of the waiting requests, evicted ones marked. Their number is recorded by the step itself.
fn waiting(example: &Example, step: &StepRecord, after: &Outcome) -> String {
    let queued = |&row: &usize| after.records.state[row] == RequestState::Queued;
    let mut names: Vec<String> = (0..example.rows.len())
        .filter(queued)
        .map(|row| {
            let mark = if step.preempted.contains(&RequestIndex::from_index(row)) { "*" } else { "" };
            format!("{}{mark}", example.rows[row].id)
        })
        .collect();
    assert_eq!(names.len() as u64, step.waiting_after, "waiting after the step at {}", step.start);
    names.sort_unstable();
    names.join(" ")
}

pub fn is_done(state: RequestState) -> bool {
    matches!(state, RequestState::Completed | RequestState::LengthCapped)
}

/// `text`, or what stands for nothing.
pub fn or(text: String, nothing: &str) -> String {
    if text.is_empty() { nothing.to_owned() } else { text }
}
