//! Every figure computed from recorded columns equals the recorded figure.
//!
//! The recordings hold what happened to each request and what the reference computed from it. Here an
//! [`Outcome`] is filled from the former alone, without the engine, and must give the latter.
#![allow(missing_docs)]

mod common;

use blis_playground::config::SchedulerName;
use blis_playground::outcome::anomalies::anomaly_counters;
use blis_playground::outcome::cache::kv_cache_metrics;
use blis_playground::outcome::classes::class_statistics;
use blis_playground::outcome::growth::queue_growing;
use blis_playground::outcome::json::to_pretty_json;
use blis_playground::outcome::metrics::metrics;
use blis_playground::outcome::records::{
    GatewayRecord, InstanceRecord, NO_INSTANCE, RequestRecords, RequestState, Verdict, WeightedGap,
};
use blis_playground::outcome::trace::trace_summary;
use blis_playground::units::Micros;
use blis_playground::workload::{NO_GROUP, NO_USER, Requests};
use blis_playground::{Outcome, outcome};
use serde_json::Value;

/// The names of all recorded cases.
fn case_names() -> Vec<String> {
    let files = std::fs::read_dir(common::golden_dir().join("cases")).expect("the recordings are there");
    let names =
        files.map(|file| file.expect("readable folder").file_name().into_string().expect("plain names"));
    let mut names: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".json.gz")?.to_owned())).collect();
    names.sort();
    assert_eq!(names.len(), 105);
    names
}

fn case(name: &str) -> Value {
    common::golden_json(&format!("cases/{name}.json"))
}

fn integers(column: &Value) -> Vec<i64> {
    let values = column.as_array().expect("a column").iter();
    values.map(|value| if value.is_null() { i64::MIN } else { value.as_i64().expect("an integer") }).collect()
}

fn counters(column: &Value) -> Vec<u64> {
    integers(column).into_iter().map(|value| u64::try_from(value).unwrap_or(0)).collect()
}

fn words(column: &Value) -> Vec<u32> {
    integers(column).into_iter().map(|value| u32::try_from(value).unwrap_or(0)).collect()
}

fn times(column: &Value) -> Vec<Micros> {
    integers(column).into_iter().map(Micros).collect()
}

fn figures(column: &Value) -> Vec<f64> {
    column.as_array().expect("a column").iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
}

fn texts(column: &Value) -> Vec<String> {
    let values = column.as_array().expect("a column").iter();
    values.map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
}

fn requests_of(workload: &Value) -> Requests {
    let mut classes = texts(&workload["slo_class"]);
    let named = classes.clone();
    classes.sort();
    classes.dedup();
    let class =
        named.iter().map(|name| classes.binary_search(name).expect("it is in the list") as u16).collect();
    let count = named.len();
    Requests {
        arrival: times(&workload["arrival_us"]),
        input: words(&workload["input_tokens"]),
        output: words(&workload["output_tokens"]),
        budget: vec![0; count],
        deadline: vec![Micros::ZERO; count],
        group: vec![NO_GROUP; count],
        prefix: vec![0; count],
        class,
        tenant: vec![0; count],
        client: vec![0; count],
        user: vec![NO_USER; count],
        round: vec![0; count],
        classes,
        tenants: vec![String::new()],
        clients: vec![String::new()],
        groups: Vec::new(),
        ids: Some(texts(&workload["request"])),
    }
}

fn state(name: &str) -> RequestState {
    serde_json::from_value(Value::from(name)).expect("a known state")
}

fn records_of(requests: &Value) -> RequestRecords {
    let count = requests["state"].as_array().expect("a column").len();
    let instance = integers(&requests["instance"]);
    RequestRecords {
        state: texts(&requests["state"]).iter().map(|name| state(name)).collect(),
        end_reason: vec![Default::default(); count],
        admitted_at: times(&requests["admit_us"]),
        routed_at: times(&requests["route_us"]),
        instance: instance.into_iter().map(|value| u32::try_from(value).unwrap_or(NO_INSTANCE)).collect(),
        score: figures(&requests["score"]),
        regret: figures(&requests["regret"]),
        enqueued_at: times(&requests["enqueue_us"]),
        priority: integers(&requests["priority"]),
        first_scheduled_at: times(&requests["first_scheduled_us"]),
        last_scheduled_at: times(&requests["last_scheduled_us"]),
        ttft: times(&requests["ttft_us"]),
        itl_sum: integers(&requests["itl_sum_us"]),
        itl_count: words(&requests["itl_count"]),
        e2e: times(&requests["e2e_us"]),
        ended_at: times(&requests["end_us"]),
        preemptions: words(&requests["preemptions"]),
        cached_first: words(&requests["cached_tokens_first"]),
        cached_last: words(&requests["cached_tokens_last"]),
    }
}

fn instances_of(columns: &Value) -> Vec<InstanceRecord> {
    let count = columns["instance"].as_array().expect("a column").len();
    let mut instances = vec![InstanceRecord::default(); count];
    let mut fill = |name: &str, field: fn(&mut InstanceRecord, u64)| {
        for (instance, value) in instances.iter_mut().zip(counters(&columns[name])) {
            field(instance, value);
        }
    };
    fill("routed", |instance, value| instance.routed = value);
    fill("completed", |instance, value| instance.completed = value);
    fill("timed_out", |instance, value| instance.timed_out = value);
    fill("dropped", |instance, value| instance.dropped = value);
    fill("still_queued", |instance, value| instance.still_queued = value);
    fill("still_running", |instance, value| instance.still_running = value);
    fill("input_tokens", |instance, value| instance.input_tokens = value);
    fill("output_tokens", |instance, value| instance.output_tokens = value);
    fill("steps", |instance, value| instance.steps = value);
    fill("sum_waiting", |instance, value| instance.sum_waiting = value);
    fill("preemptions", |instance, value| instance.preemptions = value);
    fill("cache_hits", |instance, value| instance.cache_hits = value);
    fill("cache_misses", |instance, value| instance.cache_misses = value);
    fill("end_us", |instance, value| instance.end = Micros(value as i64));
    instances
}

/// Gaps with the recorded number and sum: the recordings do not hold the gaps themselves.
fn add_gaps(instances: &mut [InstanceRecord], records: &RequestRecords) {
    for row in 0..records.state.len() {
        let count = i64::from(records.itl_count[row]);
        if records.state[row] != RequestState::Completed || count == 0 {
            continue;
        }
        let (gap, rest) = (records.itl_sum[row] / count, records.itl_sum[row] % count);
        let gaps = &mut instances[records.instance[row] as usize].gaps;
        gaps.push(WeightedGap { gap, weight: (count - rest) as u64 });
        gaps.push(WeightedGap { gap: gap + 1, weight: rest as u64 });
    }
}

fn gateway_of(requests: &Requests, records: &RequestRecords, admitted: &Value) -> GatewayRecord {
    let mut gateway = GatewayRecord {
        arrivals_by_class: vec![0; requests.classes.len()],
        rejected_by_class: vec![0; requests.classes.len()],
        ..GatewayRecord::default()
    };
    for (row, &state) in records.state.iter().enumerate() {
        let class = usize::from(requests.class[row]);
        gateway.arrivals_by_class[class] += u64::from(state != RequestState::NotArrived);
        gateway.admission_decisions += u64::from(!admitted[row].is_null());
        gateway.rejected += u64::from(state == RequestState::Rejected);
        gateway.rejected_by_class[class] += u64::from(state == RequestState::Rejected);
        if records.routed_at[row].happened() {
            gateway.routing_order.push(row as u32);
        }
    }
    gateway.routing_order.sort_by_key(|&row| records.routed_at[row as usize]);
    for &row in &gateway.routing_order {
        let regret = records.regret[row as usize];
        gateway.regret_sum += regret;
        gateway.regret_max = gateway.regret_max.max(regret);
    }
    gateway
}

fn outcome_of(case: &Value) -> Outcome {
    let expected = &case["expected"];
    let requests = requests_of(&case["workload"]);
    let records = records_of(&expected["requests"]);
    let mut instances = instances_of(&expected["instances"]);
    add_gaps(&mut instances, &records);
    // Recorded for the cluster only.
    instances[0].kv_allocation_failures = expected["metrics"]["kv_allocation_failures"].as_u64().unwrap_or(0);
    let gateway = gateway_of(&requests, &records, &expected["requests"]["admitted"]);
    let scheduler: SchedulerName =
        serde_json::from_value(case["config"]["scheduler"].clone()).expect("a known scheduler");
    Outcome {
        requests,
        records,
        instances,
        gateway,
        steps: Vec::new(),
        verdict: Verdict::Finished,
        scheduler,
        completion_overhead: Micros::ZERO,
    }
}

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
    for name in case_names() {
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
    for name in case_names() {
        let case = case(&name);
        let actual = printed(&class_statistics(&outcome_of(&case)));
        assert_same(&actual, &case["expected"]["per_slo"], &name);
    }
}

#[test]
fn the_trace_summary_is_the_recorded_one() {
    for name in case_names() {
        let case = case(&name);
        let actual = printed(&trace_summary(&outcome_of(&case)));
        assert_same(&actual, &case["expected"]["trace_summary"], &name);
    }
}

#[test]
fn the_anomaly_counters_are_the_recorded_ones() {
    let mut inversions_seen = 0;
    for name in case_names() {
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
    for name in case_names() {
        let case = case(&name);
        let outcome = outcome_of(&case);
        let recorded = case["expected"]["requests"]["itl_mean_us"].as_array().expect("a column");
        for (row, expected) in outcome.rows().zip(recorded) {
            assert_eq!(outcome.mean_itl(row), expected.as_f64(), "{name}, row {row}");
        }
    }
}

#[test]
fn an_overloaded_cluster_has_a_growing_queue_and_an_ample_one_has_not() {
    let growing = |name: &str| queue_growing(&outcome_of(&case(name)));
    assert!(growing("large-4x-rate200"));
    assert!(!growing("large-12x-rate200"));
    assert!(!growing("quick-example"));
    assert!(!growing("preset-chatbot-idle"));
}

#[test]
fn the_digests_of_all_recordings_differ() {
    let mut digests: Vec<String> =
        case_names().iter().map(|name| outcome::digest::digest(&outcome_of(&case(name)))).collect();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 105);
}
