//! The columns of a run whose prompts and answers are computed apart, in the shape of a recording.

use super::observed::{Rows, candidate_lists};
use crate::config::{Config, LatencyModelName};
use crate::latency::{LatencyChoice, ServingSetup};
use crate::outcome::Outcome;
use crate::outcome::classes::Statistics;
use crate::outcome::pools::pool_metrics;
use crate::outcome::statistics::Samples;
use crate::record::{Apart, ChoiceName, EncodeChoice, LegKind, PoolsRecord, RequestState, StepRecord, Way};
use crate::simulation::Simulation;
use crate::units::{InstanceIndex, LegIndex, RequestIndex};
use serde_json::{Map, Value, json};

/// What each instance is resolved to.
pub fn instances(config: &Config, simulation: &Simulation) -> Value {
    let setups = simulation.instance_setups();
    let instance = |(at, setup): (usize, &ServingSetup)| {
        let role = config.pools.role_of(at as u32);
        let hardware = config.pools.overrides(role).and_then(|own| own.hardware.as_ref());
        json!({
            "role": role,
            "hardware": hardware.unwrap_or(&setup.gpu.name),
            "tp": setup.tp,
            "latency_model": match &setup.latency {
                LatencyChoice::TrainedPhysics(_) => LatencyModelName::TrainedPhysics,
                LatencyChoice::Roofline(_) | LatencyChoice::ByKind(_) => LatencyModelName::Roofline,
            },
            "total_kv_blocks": setup.total_kv_blocks,
            "max_model_len": setup.max_model_len,
        })
    };
    setups.enumerate().map(instance).collect()
}

/// Which part of a request is in the batch of a step: 0 all of it, 1 prefill, 2 decode.
pub fn part(pools: &PoolsRecord, request: RequestIndex, step: &StepRecord) -> u32 {
    match pools.parts(request) {
        None => 0,
        // The decode part comes behind the step that sends it on.
        Some(apart) if apart.prefill_instance == step.instance => {
            if apart.transfer_start.happened() && step.start > apart.transfer_start { 2 } else { 1 }
        }
        Some(_) => 2,
    }
}

/// Adds the columns per request, and replaces those that speak of one part.
pub fn add_requests(outcome: &Outcome, pools: &PoolsRecord, rows: &Rows, columns: &mut Map<String, Value>) {
    let of_legs = &pools.records;
    let apart = |row: usize| pools.parts(RequestIndex::from_index(row));
    let prefill = |row: usize| apart(row).map(|apart| apart.prefill);
    // The decode part, or the request where it lives on one instance.
    let answering = |row: usize| match pools.ways[row] {
        Way::Unrouted => None,
        Way::Local(leg) => Some(leg),
        Way::Apart(at) => {
            let apart = &pools.apart[at as usize];
            apart.decode.filter(|_| apart.transferred)
        }
    };
    let done =
        |leg: LegIndex| matches!(of_legs.state[leg], RequestState::Completed | RequestState::LengthCapped);
    let mut add = |name: &str, value: Value| columns.insert(name.to_owned(), value);
    let whether = |row: usize| (pools.ways[row] != Way::Unrouted).then(|| apart(row).is_some());
    add("disaggregated", rows.column(whether));
    add("stage", rows.column(|row| stage(pools.ways[row], apart(row))));
    let mut lookups = vec![None; outcome.requests.len()];
    for (&request, &found) in outcome.gateway.routing_order.iter().zip(&pools.cached_blocks) {
        lookups[request.index()] = Some(found);
    }
    add("decode_cached_blocks", rows.column(|row| lookups[row]));
    // The choice of a prefill instance.
    let chosen = |row: usize| apart(row).filter(|apart| apart.prefill_instance != InstanceIndex::NONE);
    add(
        "prefill_route_us",
        rows.column(|row| chosen(row).and_then(|_| outcome.records.routed_at[row].get())),
    );
    add("prefill_instance", rows.column(|row| chosen(row).map(|apart| apart.prefill_instance.get())));
    add("prefill_score", rows.column(|row| chosen(row).map(|apart| apart.prefill_score)));
    add("prefill_regret", rows.column(|row| chosen(row).map(|apart| apart.prefill_regret)));
    // The prefill part.
    let scheduled = |leg: LegIndex| of_legs.first_scheduled_at[leg].happened();
    let first = |leg: LegIndex| scheduled(leg).then(|| of_legs.cached_first[leg]);
    let last = |leg: LegIndex| scheduled(leg).then(|| of_legs.cached_last[leg]);
    let of_prefill = |row: usize, value: &dyn Fn(LegIndex) -> Option<i64>| prefill(row).and_then(value);
    add("prefill_enqueue_us", rows.column(|row| of_prefill(row, &|leg| of_legs.enqueued_at[leg].get())));
    let at = |row: usize| of_prefill(row, &|leg| of_legs.first_scheduled_at[leg].get());
    add("prefill_first_scheduled_us", rows.column(at));
    let at = |row: usize| of_prefill(row, &|leg| of_legs.last_scheduled_at[leg].get());
    add("prefill_last_scheduled_us", rows.column(at));
    add(
        "prefill_preemptions",
        rows.column(|row| Some(prefill(row).map_or(0, |leg| of_legs.preemptions[leg]))),
    );
    add("prefill_cached_tokens_first", rows.column(|row| prefill(row).and_then(first)));
    add("prefill_cached_tokens_last", rows.column(|row| prefill(row).and_then(last)));
    add("prefill_ttft_us", rows.column(|row| of_prefill(row, &|leg| of_legs.ttft[leg].get())));
    let ended = |leg: LegIndex| of_legs.ended_at[leg].get().filter(|_| done(leg));
    add("prefill_end_us", rows.column(|row| of_prefill(row, &ended)));
    add("prefill_done_us", rows.column(|row| apart(row).and_then(|apart| apart.transfer_start.get())));
    // The transfer.
    let sent = |row: usize| apart(row).filter(|apart| apart.transfer_end.happened());
    add("transfer_start_us", rows.column(|row| apart(row).and_then(|apart| apart.transfer_start.get())));
    let arrived = |row: usize| sent(row).filter(|apart| apart.transferred);
    add("transfer_end_us", rows.column(|row| arrived(row).map(|apart| apart.transfer_end.0)));
    let took = |apart: &Apart| (apart.transfer_end - apart.transfer_start).0;
    add("transfer_duration_us", rows.column(|row| sent(row).map(took)));
    let active = |apart: &Apart| pools.contention.then_some(apart.active);
    add("transfers_active", rows.column(|row| sent(row).and_then(active)));
    let begun = |row: usize| apart(row).filter(|apart| apart.transfer_start.happened());
    add("transfer_blocks", rows.column(|row| begun(row).map(|apart| apart.blocks)));
    // What answers.
    let of_answer = |row: usize, value: &dyn Fn(LegIndex) -> Option<i64>| answering(row).and_then(value);
    add("enqueue_us", rows.column(|row| of_answer(row, &|leg| of_legs.enqueued_at[leg].get())));
    let enqueued = |leg: LegIndex| of_legs.enqueued_at[leg].happened();
    let urgency = |leg: LegIndex| enqueued(leg).then(|| of_legs.priority[leg]);
    add("priority", rows.column(|row| of_answer(row, &urgency)));
    let at = |row: usize| of_answer(row, &|leg| of_legs.first_scheduled_at[leg].get());
    add("first_scheduled_us", rows.column(at));
    let at = |row: usize| of_answer(row, &|leg| of_legs.last_scheduled_at[leg].get());
    add("last_scheduled_us", rows.column(at));
    add("preemptions", rows.column(|row| Some(answering(row).map_or(0, |leg| of_legs.preemptions[leg]))));
    add("cached_tokens_first", rows.column(|row| answering(row).and_then(first)));
    add("cached_tokens_last", rows.column(|row| answering(row).and_then(last)));
    add("own_ttft_us", rows.column(|row| of_answer(row, &|leg| of_legs.ttft[leg].get())));
    let own = |value: i64, leg: LegIndex| done(leg).then_some(value);
    add("own_e2e_us", rows.column(|row| of_answer(row, &|leg| own(of_legs.e2e[leg].0, leg))));
    add("itl_sum_us", rows.column(|row| of_answer(row, &|leg| own(of_legs.itl_sum[leg], leg))));
    let count = |leg: LegIndex| own(i64::from(of_legs.itl_count[leg]), leg);
    add("itl_count", rows.column(|row| of_answer(row, &count)));
    let completion = |row: usize| outcome.completion_time(RequestIndex::from_index(row)).map(|at| at.0);
    add("completion_us", rows.column(completion));
    add("has_row", rows.column(|row| Some(outcome.has_row(RequestIndex::from_index(row)))));
    // The choice of an instance that encodes.
    let mut encoded: Vec<Option<&EncodeChoice>> = vec![None; outcome.requests.len()];
    for choice in &pools.encodings {
        encoded[choice.request.index()] = Some(choice);
    }
    add("encode_instance", rows.column(|row| encoded[row].map(|choice| choice.instance.get())));
    add("encode_score", rows.column(|row| encoded[row].map(|choice| choice.score)));
    add("encode_regret", rows.column(|row| encoded[row].map(|choice| choice.regret)));
    let kept = outcome.gateway.candidates_per_decision;
    let of_prefills: Vec<RequestIndex> = pools.apart.iter().map(|apart| apart.request).collect();
    let of_encodings: Vec<RequestIndex> = pools.encodings.iter().map(|choice| choice.request).collect();
    let lists = [
        ("prefill_", of_prefills, &pools.prefill_candidates),
        ("encode_", of_encodings, &pools.encode_candidates),
    ];
    for (prefix, requests, candidates) in lists {
        for (name, list) in candidate_lists(rows, &requests, candidates, kept) {
            columns.insert(format!("{prefix}{name}"), list);
        }
    }
}

/// Where a request stood at the end.
fn stage(way: Way, apart: Option<&Apart>) -> Option<&'static str> {
    match (way, apart) {
        (Way::Unrouted, _) => None,
        (Way::Local(_), _) | (Way::Apart(_), None) => Some("local"),
        (Way::Apart(_), Some(apart)) if apart.transferred => Some("decode"),
        (Way::Apart(_), Some(apart)) if apart.transfer_start.happened() => Some("transfer"),
        (Way::Apart(_), Some(_)) => Some("prefill"),
    }
}

/// Adds the columns per instance.
pub fn add_instances(outcome: &Outcome, pools: &PoolsRecord, columns: &mut Map<String, Value>) {
    let mut add = |name: &str, value: &dyn Fn(usize) -> Value| {
        columns.insert(name.to_owned(), (0..outcome.instances.len()).map(value).collect());
    };
    let counted = |instances: Vec<InstanceIndex>| {
        let mut counts = vec![0_u64; outcome.instances.len()];
        for instance in instances {
            if let Some(count) = counts.get_mut(instance.index()) {
                *count += 1;
            }
        }
        counts
    };
    let instance = |row: RequestIndex| outcome.records.instance[row];
    let local = outcome.rows().filter(|row| matches!(pools.ways[row.index()], Way::Local(_)));
    let local = counted(local.map(instance).collect());
    add("routed_local", &|at| json!(local[at]));
    let prefill = counted(pools.apart.iter().map(|apart| apart.prefill_instance).collect());
    add("routed_prefill", &|at| json!(prefill[at]));
    let received = pools.apart.iter().filter(|apart| apart.transferred);
    let received = counted(received.map(|apart| instance(apart.request)).collect());
    add("received_decode", &|at| json!(received[at]));
    let encoded = counted(pools.encodings.iter().map(|choice| choice.instance).collect());
    add("routed_encode", &|at| json!(encoded[at]));
    let rows = &outcome.instances;
    add("length_capped", &|at| json!(rows[at].length_capped));
    let left = |at: usize| rows[at].completed + rows[at].timed_out + rows[at].dropped;
    add("in_flight_end", &|at| json!(rows[at].routed - left(at)));
    add("allocation_failures", &|at| json!(rows[at].kv_allocation_failures));
}

/// The figures of the section on pools, with those of the recording that are not printed.
pub fn sections(outcome: &Outcome, pools: &PoolsRecord) -> [(&'static str, Value); 3] {
    let distribution = |samples: Vec<i64>| {
        if samples.is_empty() {
            return json!({"count": 0, "mean": 0, "p50": 0, "p95": 0, "p99": 0, "min": 0, "max": 0});
        }
        json!(Statistics::from(&Samples::from_micros(samples)))
    };
    let metrics = pool_metrics(outcome).map(|metrics| {
        let mut figures = json!({
            "disaggregated": metrics.disaggregated,
            "parent_ttft_us": distribution(metrics.ttft),
            "transfer_duration_us": distribution(metrics.transfers),
            "prefill_throughput": metrics.prefill_throughput,
            "decode_throughput": metrics.decode_throughput,
            "load_imbalance_ratio": metrics.load_imbalance_ratio.filter(|ratio| ratio.is_finite()),
            "dropped_at_decode_kv": 0,
        });
        if let Some(contention) = metrics.contention {
            figures["peak_concurrent_transfers"] = json!(contention.peak);
            figures["mean_transfer_queue_depth"] = json!(contention.mean);
        }
        figures
    });
    let of = |kind: LegKind, state: &dyn Fn(RequestState) -> bool| {
        let legs = (0..pools.legs.kind.len()).map(LegIndex::from_index);
        legs.filter(|&leg| pools.legs.kind[leg] == kind && state(pools.records.state[leg])).count()
    };
    let completed = |state| matches!(state, RequestState::Completed | RequestState::LengthCapped);
    let dropped = pools.apart.iter().filter(|apart| apart.has_fallen_through()).count();
    let begun = pools.apart.iter().filter(|apart| apart.transfer_start.happened()).count();
    let arrived = pools.apart.iter().filter(|apart| apart.transferred);
    let prefill_completed = of(LegKind::Prefill, &completed);
    let waiting = |state| matches!(state, RequestState::Queued | RequestState::Running);
    let counters = json!({
        "transfers_initiated": begun,
        "transfers_completed": arrived.clone().count() + dropped,
        "prefill_completed": prefill_completed,
        "decode_completed": of(LegKind::Decode, &completed),
        "decode_timed_out": of(LegKind::Decode, &|state| state == RequestState::TimedOut),
        "dropped_at_decode": dropped,
        "pending_prefill": pools.apart.len() - prefill_completed,
        "pending_decode": of(LegKind::Decode, &waiting),
    });
    let routed = pools.ways.iter().filter(|way| **way != Way::Unrouted).count();
    let chosen = pools.apart.iter().filter(|apart| apart.prefill_instance != InstanceIndex::NONE);
    let regrets = || chosen.clone().map(|apart| apart.prefill_regret).filter(|regret| !regret.is_nan());
    let durations: Vec<f64> =
        arrived.map(|apart| (apart.transfer_end - apart.transfer_start).0 as f64).collect();
    let mean =
        if durations.is_empty() { 0.0 } else { durations.iter().sum::<f64>() / durations.len() as f64 };
    let trace = json!({
        "disaggregation_decisions": routed,
        "disaggregated": pools.apart.len(),
        "routing_records": routed - pools.apart.len(),
        "prefill_routing_records": chosen.clone().count(),
        "prefill_regret_sum": regrets().sum::<f64>(),
        "prefill_regret_max": regrets().fold(0.0, f64::max),
        "encode_routing_records": pools.encodings.len(),
        "kv_transfers": durations.len(),
        "mean_transfer_duration": mean,
    });
    [("pd_metrics", metrics.unwrap_or(Value::Null)), ("pd_counters", counters), ("pd_trace", trace)]
}

/// The stage and the stream of a tie.
pub fn tie_names(
    choice: ChoiceName,
    (own_prefill, own_decode): (bool, bool),
) -> (&'static str, &'static str) {
    match choice {
        ChoiceName::Main => ("decode", if own_decode { "decode-router" } else { "router" }),
        ChoiceName::Prefill => ("prefill", if own_prefill { "prefill-router" } else { "router" }),
        ChoiceName::Encode => ("encode", "router"),
    }
}
