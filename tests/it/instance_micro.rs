//! 300 random small workloads on one instance with a replaceable latency model, recorded from the reference.

use crate::common::single_instance::{Row, Settings, TestModel, requests, run};
use blis_playground::config::{PreemptionPolicyName, SchedulerName};
use blis_playground::outcome::Outcome;
use blis_playground::record::{Ending, RequestState};
use blis_playground::units::{Micros, RequestIndex};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
struct CaseConfig {
    block_size: u32,
    horizon_0_is_unlimited: i64,
    long_prefill_threshold: u32,
    max_model_len: u32,
    max_running: u32,
    preemption: PreemptionPolicyName,
    scheduler: SchedulerName,
    token_budget: u32,
    total_blocks: u32,
}

#[derive(Debug, Deserialize)]
struct CaseRequest {
    id: String,
    arrival: i64,
    deadline: i64,
    unique_len: u32,
    prefix_len: u32,
    group: u32,
    output_len: u32,
    budget: i32,
    slo_class: String,
}

impl CaseConfig {
    fn settings(&self) -> Settings {
        Settings {
            total_blocks: self.total_blocks,
            block_size: self.block_size,
            max_running: self.max_running,
            token_budget: self.token_budget,
            prefill_threshold: self.long_prefill_threshold,
            max_model_len: self.max_model_len,
            scheduler: self.scheduler,
            preemption: self.preemption,
            horizon: match self.horizon_0_is_unlimited {
                0 => Micros::FOREVER,
                horizon => Micros(horizon),
            },
        }
    }
}

impl CaseRequest {
    fn row(&self) -> Row {
        Row {
            id: self.id.clone(),
            arrival: self.arrival,
            input: self.unique_len + self.prefix_len,
            output: self.output_len,
            budget: self.budget,
            prefix: (self.prefix_len > 0).then(|| (self.group.to_string(), self.prefix_len)),
            class: self.slo_class.clone(),
            deadline: self.deadline,
        }
    }
}

fn state_name(state: RequestState) -> &'static str {
    match state {
        RequestState::Completed | RequestState::LengthCapped => "completed",
        RequestState::TimedOut => "timed_out",
        RequestState::Running => "running",
        // The recordings call everything that is in no batch "queued", dropped requests too.
        _ => "queued",
    }
}

/// What the run gives in the shape of the recording, for the parts the recording has.
fn observed(outcome: &Outcome, recorded: &Value) -> Value {
    let totals = &outcome.instances[0];
    let records = &outcome.records;
    let rows: Vec<Value> = (0..outcome.requests.len())
        .map(|row| {
            let recorded = &recorded["requests"][row];
            let mut object = serde_json::Map::new();
            let state = records.state[row];
            let done = matches!(state, RequestState::Completed | RequestState::LengthCapped);
            object.insert("id".into(), json!(outcome.requests.id(RequestIndex::from_index(row))));
            object.insert("state".into(), json!(state_name(state)));
            object.insert("row".into(), json!(state != RequestState::Dropped));
            object.insert("length_capped".into(), json!(state == RequestState::LengthCapped));
            if let Some(ttft) = records.ttft[row].get() {
                object.insert("ttft_us".into(), json!(ttft));
            }
            if let Some(start) = records.last_scheduled_at[row].get() {
                object.insert("scheduling_delay_us".into(), json!(start - outcome.requests.arrival[row].0));
            }
            if let Some(e2e) = records.e2e[row].get() {
                object.insert("e2e_us".into(), json!(e2e));
            }
            if done {
                // The engine keeps sum and number of the gaps; the single ones are checked through the steps.
                let recorded_gaps: Vec<i64> = recorded["itl_us"]
                    .as_array()
                    .map(|gaps| gaps.iter().filter_map(Value::as_i64).collect())
                    .unwrap_or_default();
                assert_eq!(records.itl_sum[row], recorded_gaps.iter().sum::<i64>(), "gap sum of row {row}");
                assert_eq!(records.itl_count[row] as usize, recorded_gaps.len(), "gap count of row {row}");
            }
            Value::Object(object)
        })
        .collect();
    let steps: Vec<Value> = outcome
        .steps
        .iter()
        .map(|step| {
            json!([
                step.start.0,
                step.duration.0,
                step.batch.len(),
                step.waiting_after,
                step.used_kv_blocks,
                step.used_kv_blocks_after
            ])
        })
        .collect();
    json!({
        "completed": totals.completed,
        "dropped": totals.dropped,
        "timed_out": totals.timed_out,
        "length_capped": totals.length_capped,
        "still_queued": totals.still_queued,
        "still_running": totals.still_running,
        "input_tokens": totals.input_tokens,
        "output_tokens": totals.output_tokens,
        "preemptions": totals.preemptions,
        "kv_allocation_failures": totals.kv_allocation_failures,
        "kv_hits": totals.cache_hits,
        "kv_misses": totals.cache_misses,
        "end_time": totals.end.0,
        "requests": rows,
        "steps_t_dt_batch_waiting_used_usedafter": steps,
    })
}

fn first_difference(path: &str, expected: &Value, got: &Value) -> Option<String> {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => expected.iter().find_map(|(key, value)| {
            if matches!(key.as_str(), "itl_us" | "mean_itl_us") {
                return None;
            }
            first_difference(&format!("{path}.{key}"), value, got.get(key).unwrap_or(&Value::Null))
        }),
        (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => expected
            .iter()
            .zip(got)
            .enumerate()
            .find_map(|(at, (expected, got))| first_difference(&format!("{path}[{at}]"), expected, got)),
        // The recordings write an empty list as null.
        (Value::Null, Value::Array(got)) if got.is_empty() => None,
        _ => (expected != got).then(|| format!("{path}: expected {expected}, got {got}")),
    }
}

#[test]
fn all_recorded_instance_cases_are_reproduced() {
    let file = crate::common::golden_json("instance-micro.json");
    let cases = file["cases"].as_array().expect("a list of cases");
    assert_eq!(cases.len(), 300);
    let mut failures = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let config: CaseConfig = serde_json::from_value(case["config"].clone()).expect("config");
        let latency: TestModel = serde_json::from_value(case["latency"].clone()).expect("latency");
        let rows: Vec<CaseRequest> = serde_json::from_value(case["requests"].clone()).expect("requests");
        let rows: Vec<Row> = rows.iter().map(CaseRequest::row).collect();
        let outcome = run(&config.settings(), latency, requests(&rows));
        assert_eq!(outcome.ending, Ending::Finished, "case {number}");
        let recorded = &case["expected"];
        let got = observed(&outcome, recorded);
        if let Some(difference) = first_difference("", recorded, &got) {
            failures.push(format!("case {number}: {difference}"));
        }
        let pooled: u64 = outcome.instances[0].itls.iter().map(|gap| gap.weight).sum();
        let recorded_gaps: u64 = recorded["requests"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["state"] == "completed")
            .map(|row| row["itl_us"].as_array().map_or(0, |gaps| gaps.len() as u64))
            .sum();
        if pooled != recorded_gaps {
            failures.push(format!("case {number}: {pooled} pooled gaps, {recorded_gaps} recorded"));
        }
    }
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}
