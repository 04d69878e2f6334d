//! Every figure computed from recorded columns equals the recorded figure.
//!
//! The recordings hold what happened to each request and what the reference computed from it. Here an
//! [`Outcome`](blis_playground::Outcome) is filled from the former alone, without the engine, and must give
//! the latter.

use crate::common::recorded::{case, gaps_from_steps, outcome_of, plain_case_names};
use blis_playground::outcome::anomalies::anomaly_counters;
use blis_playground::outcome::cache::kv_cache_metrics;
use blis_playground::outcome::classes::class_statistics;
use blis_playground::outcome::decision_log::summarize_decisions;
use blis_playground::outcome::print::json::to_pretty_json;
use blis_playground::outcome::print::metrics::metrics;
use blis_playground::record::{ItlPool, digest};
use serde_json::Value;

/// As JSON, through the printed text, so that the number format is read back too.
fn printed(value: &impl serde::Serialize) -> Value {
    serde_json::from_str(&to_pretty_json(value).expect("figures are JSON")).expect("JSON reads back")
}

/// Compares numbers by value: a recording writes `5` where serde may hold `5.0`.
fn assert_same(actual: &Value, expected: &Value, place: &str) {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            assert!(
                actual.keys().eq(expected.keys()),
                "{place}: {actual:?} has other keys than {expected:?}"
            );
            for (key, value) in expected {
                assert_same(&actual[key], value, &format!("{place}.{key}"));
            }
        }
        (Value::Number(actual), Value::Number(expected)) => {
            assert_eq!(actual.as_f64(), expected.as_f64(), "{place}");
        }
        _ => assert_eq!(actual, expected, "{place}"),
    }
}

#[test]
fn the_metrics_block_is_the_recorded_one() {
    for name in plain_case_names() {
        let case = case(&name);
        let mut actual = printed(&metrics(&outcome_of(&case)));
        let mut expected = case["expected"]["metrics"].clone();
        for block in [&mut actual, &mut expected] {
            // Percentiles of gaps need the gaps themselves.
            let block = block.as_object_mut().expect("a block");
            block.retain(|key, _| !key.starts_with("itl_p"));
        }
        assert_same(&actual, &expected, &name);
    }
}

#[test]
fn the_percentiles_of_gaps_are_the_recorded_ones_where_steps_are_recorded() {
    let mut compared = 0;
    for name in plain_case_names() {
        let case = case(&name);
        if case["expected"]["steps"].is_null() {
            continue;
        }
        let mut outcome = outcome_of(&case);
        let gaps = gaps_from_steps(&case, &outcome);
        outcome.instances.iter_mut().for_each(|instance| instance.itls = ItlPool::default());
        outcome.instances[0].itls = gaps.into_iter().collect();
        assert_same(&printed(&metrics(&outcome)), &case["expected"]["metrics"], &name);
        compared += 1;
    }
    assert_eq!(compared, 47);
}

#[test]
fn the_metrics_block_is_printed_in_the_order_of_the_recording() {
    let keys = |text: &str| -> Vec<String> {
        text.lines().filter_map(|line| Some(line.trim().split_once("\": ")?.0[1..].to_owned())).collect()
    };
    let outcome = outcome_of(&case("quick-example"));
    let expected = [
        "instance_id",
        "completed_requests",
        "still_queued",
        "still_running",
        "injected_requests",
        "total_input_tokens",
        "total_output_tokens",
        "vllm_estimated_duration_s",
        "responses_per_sec",
        "tokens_per_sec",
        "e2e_mean_ms",
        "e2e_p90_ms",
        "e2e_p95_ms",
        "e2e_p99_ms",
        "ttft_mean_ms",
        "ttft_p90_ms",
        "ttft_p95_ms",
        "ttft_p99_ms",
        "itl_mean_ms",
        "itl_p90_ms",
        "itl_p95_ms",
        "itl_p99_ms",
        "scheduling_delay_p99_ms",
        "preemption_count",
        "dropped_unservable",
        "length_capped_requests",
        "timed_out_requests",
    ];
    assert_eq!(keys(&metrics(&outcome).to_json()), expected);
}

#[test]
fn the_statistics_per_class_are_the_recorded_ones() {
    for name in plain_case_names() {
        let case = case(&name);
        let actual = printed(&class_statistics(&outcome_of(&case)));
        assert_same(&actual, &case["expected"]["per_slo"], &name);
    }
}

#[test]
fn the_trace_summary_is_the_recorded_one() {
    for name in plain_case_names() {
        let case = case(&name);
        let actual = printed(&summarize_decisions(&outcome_of(&case)));
        assert_same(&actual, &case["expected"]["trace_summary"], &name);
    }
}

#[test]
fn the_anomaly_counters_are_the_recorded_ones() {
    let mut inversions_seen = 0;
    for name in plain_case_names() {
        let case = case(&name);
        let (outcome, expected) = (outcome_of(&case), &case["expected"]["counters"]);
        let counters = anomaly_counters(&outcome);
        assert_eq!(Value::from(counters.rejected), expected["rejected"], "{name}");
        assert_same(&printed(&counters.shed_by_class), &expected["shed_by_class"], &name);
        assert_eq!(Value::from(counters.routing_rejections), expected["routing_rejections"], "{name}");
        assert_eq!(Value::from(counters.hol_blocking_events), expected["hol_blocking_events"], "{name}");
        // null where the reference is not repeatable: equal arrival times under priority-fcfs.
        if !expected["priority_inversions"].is_null() {
            assert_eq!(Value::from(counters.priority_inversions), expected["priority_inversions"], "{name}");
            inversions_seen += counters.priority_inversions;
        }
        let cache = kv_cache_metrics(&outcome);
        assert_eq!(Some(cache.cache_hit_rate), expected["cache_hit_rate"].as_f64(), "{name}");
        assert_eq!(Some(cache.preemption_rate), expected["preemption_rate"].as_f64(), "{name}");
    }
    assert!(inversions_seen > 2000, "the recordings hold 2485 inversions");
}

#[test]
fn the_mean_itl_of_each_request_is_the_recorded_one() {
    for name in plain_case_names() {
        let case = case(&name);
        let outcome = outcome_of(&case);
        let recorded = case["expected"]["requests"]["itl_mean_us"].as_array().expect("a column");
        for (row, expected) in outcome.rows().zip(recorded) {
            assert_eq!(outcome.mean_itl(row), expected.as_f64(), "{name}, row {row}");
        }
    }
}

#[test]
fn the_digests_of_all_recordings_differ() {
    let mut digests: Vec<String> =
        plain_case_names().iter().map(|name| digest(&outcome_of(&case(name)))).collect();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 164);
}
