//! Runs an example and compares every cell of its tables.

use super::example::Example;
use super::replay::{Replay, is_done, or, replay, run_until};
use crate::common::single_instance::{TestModel, requests, run};
use blis_playground::latency::LatencyModel;
use blis_playground::outcome::Outcome;
use blis_playground::record::{EndReason, Ending, RequestState};
use blis_playground::units::{Micros, RequestIndex};

/// Compares with the test model of I-15: 1000 + 10 per prompt token + 100 per decode token, o = 7, x = 20.
pub fn check(text: &str) {
    let example = Example::parse(text);
    let latency = TestModel {
        base: 1000,
        per_prefill_token: 10,
        per_decode: 100,
        ctx_mul_div64: 0,
        queueing: example.queueing_delay,
        output_token: 7,
        post_decode: 20,
    };
    check_example(&example, &latency);
}

/// Compares with a latency model of the program.
pub fn check_example<L: LatencyModel + Clone>(example: &Example, latency: &L) {
    let outcome = run(&example.settings, latency.clone(), requests(&example.rows));
    assert_eq!(outcome.ending, Ending::Finished);
    let replay = replay(example, latency, &outcome);
    assert_same_lines(&example.steps, &replay.lines);
    assert_same_lines(&example.results, &results(example, &outcome, &replay));
    assert_eq!(example.totals, totals(&outcome));
    assert_pool_holds_the_gaps_of_completed_requests(&outcome, &replay);
    for event in &example.events {
        check_event(example, latency, event);
    }
}

fn assert_same_lines(expected: &[String], got: &[String]) {
    for (expected, got) in expected.iter().zip(got) {
        assert_eq!(expected, got);
    }
    assert_eq!(expected.len(), got.len(), "number of lines");
}

fn results(example: &Example, outcome: &Outcome, replay: &Replay) -> Vec<String> {
    let records = &outcome.records;
    let time = |time: Micros| time.get().map_or("-".to_owned(), |time| time.to_string());
    let line = |row: usize| {
        let gaps = &replay.gaps[row];
        if is_done(records.state[row]) {
            assert_eq!(records.itl_sum[row], gaps.iter().sum::<i64>(), "sum of gaps of row {row}");
            assert_eq!(records.itl_count[row] as usize, gaps.len(), "number of gaps of row {row}");
        }
        let scheduled = records.last_scheduled_at[row].get();
        let arrival = outcome.requests.arrival[row].0;
        let cells = [
            example.rows[row].id.clone(),
            state_text(records.state[row]).to_owned(),
            scheduled.map_or("-".to_owned(), |at| (at - arrival).to_string()),
            time(records.ttft[row]),
            or(gaps_text(gaps), "-"),
            time(records.e2e[row]),
            outcome.mean_itl(RequestIndex::from_index(row)).map_or("-".to_owned(), |mean| decimals(mean, 4)),
        ];
        cells.join(" | ")
    };
    (0..example.rows.len()).map(line).collect()
}

fn state_text(state: RequestState) -> &'static str {
    match state {
        RequestState::Completed => "completed",
        RequestState::LengthCapped => "length-capped",
        RequestState::TimedOut => "timed out",
        RequestState::Dropped => "dropped",
        RequestState::Running => "running",
        RequestState::Queued => "queued",
        RequestState::InTransit => "not yet enqueued",
        RequestState::NotArrived | RequestState::Rejected | RequestState::Lost | RequestState::InTransfer => {
            panic!("{state:?} has no place here")
        }
    }
}

/// `1307 x2, 1207`: runs of equal gaps are counted.
fn gaps_text(gaps: &[i64]) -> String {
    let runs = gaps.chunk_by(|a, b| a == b).map(|run| match run.len() {
        1 => run[0].to_string(),
        times => format!("{} x{times}", run[0]),
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// A number with at most `max` decimals, without trailing zeros.
fn decimals(value: f64, max: usize) -> String {
    let text = format!("{value:.max$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// All totals but those that are 0; the number of completed requests always.
fn totals(outcome: &Outcome) -> String {
    let record = &outcome.instances[0];
    let pooled: u64 = record.itls.iter().map(|gap| gap.weight).sum();
    let counts = [
        ("timed out", record.timed_out),
        ("dropped", record.dropped),
        ("length-capped", record.length_capped),
        ("still queued", record.still_queued),
        ("still running", record.still_running),
        ("preemptions", record.preemptions),
        ("KV allocation failures", record.kv_allocation_failures),
        ("input tokens", record.input_tokens),
        ("output tokens", record.output_tokens),
        ("end time", record.end.0 as u64),
    ];
    let mut items = vec![format!("completed {}", record.completed)];
    items
        .extend(counts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name} {count}")));
    if record.cache_hit_rate() > 0.0 {
        items.push(format!("hit rate {}", decimals(record.cache_hit_rate(), 6)));
    }
    if pooled > 0 {
        items.push(format!("pooled gaps {pooled}"));
    }
    items.join(", ")
}

fn assert_pool_holds_the_gaps_of_completed_requests(outcome: &Outcome, replay: &Replay) {
    let pool = outcome.instances[0].itls.iter();
    let mut pooled: Vec<i64> =
        pool.flat_map(|gap| std::iter::repeat_n(gap.gap, gap.weight as usize)).collect();
    let mut expected: Vec<i64> = (0..outcome.requests.len())
        .filter(|&row| is_done(outcome.records.state[row]))
        .flat_map(|row| replay.gaps[row].clone())
        .collect();
    pooled.sort_unstable();
    expected.sort_unstable();
    assert_eq!(pooled, expected, "pooled gaps");
}

/// `t=150: d times out at enqueue, then batch 2, queue 1, used 3`: which request leaves how, and the snapshot then.
fn check_event<L: LatencyModel + Clone>(example: &Example, latency: &L, event: &str) {
    let (time, event) = event[2..].split_once(": ").expect("a time and what happens");
    let (what, seen) = event.split_once(", then ").expect("what a look shows");
    let (name, what) = what.split_once(' ').expect("who and how");
    let time = Micros(time.parse().expect("a time"));
    let row = example.rows.iter().position(|row| row.id == name).expect("a request of the example");
    let after = run_until(example, latency, time);
    let reason = match what {
        "times out at enqueue" => EndReason::PastDueAtEnqueue,
        "times out in the queue" => EndReason::Queued,
        "times out in the batch" => EndReason::Running,
        "is dropped for its prompt" => EndReason::InputExceedsMaxModelLen,
        "is dropped for its prompt and output" => EndReason::TotalExceedsMaxModelLen,
        _ => panic!("unknown event {what}"),
    };
    assert_eq!(after.records.end_reason[row], reason, "{event}");
    assert_eq!(after.records.ended_at[row], time, "{event}");
    let record = &after.instances[0];
    let shown = format!(
        "batch {}, queue {}, used {}",
        record.still_running, record.still_queued, record.used_kv_blocks_end
    );
    assert_eq!(seen, shown, "{event}");
}
