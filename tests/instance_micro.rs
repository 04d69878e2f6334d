//! 300 random small workloads on one instance with a replaceable latency model, recorded from the reference.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use blis_playground::cluster::{Admission, Engine, Parts, Reads, Router, TieSource, View};
use blis_playground::config::{
    AdmissionSettings, PreemptionPolicyName, PriorityPolicyName, RoutingSettings, SchedulerName,
    TraceSettings,
};
use blis_playground::instance::{InstanceParams, PrefixLayout, PriorityRule};
use blis_playground::latency::{LatencyModel, StepLoad};
use blis_playground::outcome::Outcome;
use blis_playground::outcome::records::{RequestState, Verdict};
use blis_playground::units::{Micros, Tokens};
use blis_playground::workload::{NO_GROUP, NO_USER, Requests};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// base + per prefill token + per decode + floor(context · c / 64), the recordings' test model.
#[derive(Clone, Copy, Debug, Deserialize)]
struct TestModel {
    base: i64,
    per_prefill_token: i64,
    per_decode: i64,
    ctx_mul_div64: i64,
    queueing: i64,
    output_token: i64,
    post_decode: i64,
}

impl LatencyModel for TestModel {
    fn step_time(&self, load: &StepLoad<'_>, _progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        let prefill: i64 = load.prefills.iter().map(|member| i64::from(member.new)).sum();
        let time = self.base
            + self.per_prefill_token * prefill
            + self.per_decode * load.decodes as i64
            + self.ctx_mul_div64 * load.context as i64 / 64;
        Micros(time.max(1))
    }

    fn queueing_delay(&self, _input: Tokens) -> Micros {
        Micros(self.queueing)
    }

    fn output_overhead(&self) -> Micros {
        Micros(self.output_token)
    }

    fn completion_overhead(&self) -> Micros {
        Micros(self.post_decode)
    }
}

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

fn requests(rows: &[CaseRequest]) -> Requests {
    let mut classes: Vec<String> = Vec::new();
    let mut requests = Requests::default();
    let groups = rows.iter().map(|row| row.group + 1).max().unwrap_or(0);
    requests.groups = (0..groups).map(|group| group.to_string()).collect();
    for row in rows {
        let class = classes.iter().position(|class| *class == row.slo_class).unwrap_or_else(|| {
            classes.push(row.slo_class.clone());
            classes.len() - 1
        });
        requests.arrival.push(Micros(row.arrival));
        requests.input.push(row.unique_len + row.prefix_len);
        requests.output.push(row.output_len);
        requests.budget.push(row.budget);
        requests.deadline.push(Micros(row.deadline));
        requests.group.push(if row.prefix_len > 0 { row.group } else { NO_GROUP });
        requests.prefix.push(row.prefix_len);
        requests.class.push(class as u16);
        requests.tenant.push(0);
        requests.client.push(0);
        requests.user.push(NO_USER);
        requests.round.push(0);
    }
    requests.classes = classes;
    requests.ids = Some(rows.iter().map(|row| row.id.clone()).collect());
    requests
}

fn parts(config: &CaseConfig, latency: TestModel, requests: Requests) -> Parts<TestModel> {
    let prefixes = Arc::new(PrefixLayout::new(&requests, config.block_size));
    let admission = AdmissionSettings::default();
    let routing = RoutingSettings::default();
    let by_class = requests
        .classes
        .iter()
        .map(|class| {
            i64::from(
                blis_playground::cluster::highest_priority(&admission)
                    - blis_playground::cluster::class_priority(&admission, class),
            )
        })
        .collect();
    let trace = TraceSettings { counterfactual_k: 0, record_candidates: false, record_steps: true };
    Parts {
        latency,
        params: InstanceParams {
            scheduler: config.scheduler,
            preemption: config.preemption,
            priority: PriorityRule { policy: PriorityPolicyName::SloClass, by_class },
            max_running: config.max_running,
            token_budget: config.token_budget,
            prefill_threshold: config.long_prefill_threshold,
            max_model_len: config.max_model_len,
            total_blocks: config.total_blocks,
            block_size: config.block_size,
            horizon: if config.horizon_0_is_unlimited == 0 {
                Micros::FOREVER
            } else {
                Micros(config.horizon_0_is_unlimited)
            },
            prefixes: prefixes.clone(),
            longest_output: requests.output.iter().copied().max().unwrap_or(0),
            record_steps: true,
            report_completions: false,
        },
        instances: 1,
        closed_loop: None,
        admission: Admission::new(&admission, &requests.classes),
        router: Router::new(&routing, trace, 1, prefixes, TieSource::seeded(0)),
        view: View::new(1, requests.groups.len(), config.total_blocks, &routing, Reads::default()),
        admission_latency: Micros::ZERO,
        routing_latency: Micros::ZERO,
        requests,
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
            object.insert("id".into(), json!(outcome.requests.id(row as u32)));
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
    let file = common::golden_json("instance-micro.json");
    let cases = file["cases"].as_array().expect("a list of cases");
    assert_eq!(cases.len(), 300);
    let mut failures = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let config: CaseConfig = serde_json::from_value(case["config"].clone()).expect("config");
        let latency: TestModel = serde_json::from_value(case["latency"].clone()).expect("latency");
        let rows: Vec<CaseRequest> = serde_json::from_value(case["requests"].clone()).expect("requests");
        let mut engine = Engine::new(parts(&config, latency, requests(&rows)));
        assert!(engine.run(u64::MAX));
        let outcome = engine.finish();
        assert_eq!(outcome.verdict, Verdict::Finished, "case {number}");
        let recorded = &case["expected"];
        let got = observed(&outcome, recorded);
        if let Some(difference) = first_difference("", recorded, &got) {
            failures.push(format!("case {number}: {difference}"));
        }
        let pooled: u64 = outcome.instances[0].gaps.iter().map(|gap| gap.weight).sum();
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
