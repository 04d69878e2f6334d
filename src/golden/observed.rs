//! An outcome in the shape of a recording.

use crate::outcome::Outcome;
use crate::outcome::anomalies::anomaly_counters;
use crate::outcome::cache::kv_cache_metrics;
use crate::outcome::classes::class_statistics;
use crate::outcome::decision_log::summarize_decisions;
use crate::outcome::print::metrics::metrics;
use crate::record::{EndReason, RejectionReason, RequestState};
use crate::units::{Micros, RequestIndex};
use serde_json::{Map, Value, json};

/// The ties and how they fell.
pub fn tie_breaks(outcome: &Outcome) -> Value {
    let ties = &outcome.gateway.tie_breaks;
    json!({
        "request": ties.iter().map(|tie| tie.request).collect::<Vec<_>>(),
        "n": ties.iter().map(|tie| tie.tied).collect::<Vec<_>>(),
        "pick": ties.iter().map(|tie| tie.pick).collect::<Vec<_>>(),
    })
}

/// The parts of `expected`.
///
/// `recorded` only shows which counters the reference itself could not repeat.
pub fn expected(outcome: &Outcome, recorded: &Value) -> Value {
    json!({
        "requests": requests(outcome),
        "instances": instances(outcome),
        "steps": steps(outcome),
        "metrics": metrics(outcome),
        "per_slo": class_statistics(outcome),
        "counters": counters(outcome, recorded),
        "trace_summary": summarize_decisions(outcome),
    })
}

fn counters(outcome: &Outcome, recorded: &Value) -> Value {
    let anomalies = anomaly_counters(outcome);
    let cache = kv_cache_metrics(outcome);
    let arrivals = outcome.requests.classes.iter().zip(&outcome.gateway.arrivals_by_class);
    let by_class: Map<String, Value> = arrivals
        .filter(|&(_, &count)| count > 0)
        .map(|(class, &count)| (class.clone(), json!(count)))
        .collect();
    // The reference's own count is not repeatable where arrivals are equal; such recordings have null.
    let inversions = match &recorded["counters"]["priority_inversions"] {
        Value::Null => Value::Null,
        _ => json!(anomalies.priority_inversions),
    };
    json!({
        "rejected": anomalies.rejected,
        "shed_by_class": anomalies.shed_by_class,
        "injected_by_class": by_class,
        "routing_rejections": anomalies.routing_rejections,
        "priority_inversions": inversions,
        "hol_blocking_events": anomalies.hol_blocking_events,
        "cache_hit_rate": cache.cache_hit_rate,
        "preemption_rate": cache.preemption_rate,
    })
}

/// One row of a column per request; `null` where `value` gives nothing.
fn column<T: Into<Value>>(outcome: &Outcome, value: impl Fn(usize) -> Option<T>) -> Value {
    (0..outcome.requests.len()).map(|row| value(row).map_or(Value::Null, Into::into)).collect()
}

fn requests(outcome: &Outcome) -> Value {
    let records = &outcome.records;
    let routed = |row: usize| records.routed_at[row].happened();
    let scheduled = |row: usize| records.first_scheduled_at[row].happened();
    let enqueued = |row: usize| records.enqueued_at[row].happened();
    let done =
        |row: usize| matches!(records.state[row], RequestState::Completed | RequestState::LengthCapped);
    let time = |times: &Vec<Micros>| column(outcome, |row| times[row].get());
    let decided = |row: usize| records.admitted_at[row].happened();
    let mut columns = Map::new();
    let mut add = |name: &str, value: Value| columns.insert(name.to_owned(), value);
    add("state", column(outcome, |row| serde_json::to_value(records.state[row]).ok()));
    add("admit_us", time(&records.admitted_at));
    add(
        "admitted",
        column(outcome, |row| {
            let by_admission =
                records.state[row] == RequestState::Rejected && records.end_reason[row] == EndReason::None;
            decided(row).then_some(!by_admission)
        }),
    );
    add("admit_reason", admit_reasons(outcome));
    add("route_us", time(&records.routed_at));
    add("instance", column(outcome, |row| routed(row).then(|| records.instance[row].get())));
    add("score", column(outcome, |row| routed(row).then(|| records.score[row])));
    add("regret", column(outcome, |row| routed(row).then(|| records.regret[row])));
    add("enqueue_us", time(&records.enqueued_at));
    add("priority", column(outcome, |row| enqueued(row).then(|| records.priority[row])));
    add("first_scheduled_us", time(&records.first_scheduled_at));
    add("last_scheduled_us", time(&records.last_scheduled_at));
    add(
        "scheduling_delay_us",
        column(outcome, |row| {
            records.last_scheduled_at[row].get().map(|at| at - outcome.requests.arrival[row].0)
        }),
    );
    add("ttft_us", time(&records.ttft));
    add("e2e_us", time(&records.e2e));
    add("itl_sum_us", column(outcome, |row| done(row).then(|| records.itl_sum[row])));
    add("itl_count", column(outcome, |row| done(row).then(|| records.itl_count[row])));
    add("itl_mean_us", column(outcome, |row| outcome.mean_itl(RequestIndex::from_index(row))));
    add("end_us", time(&records.ended_at));
    add(
        "end_reason",
        column(outcome, |row| {
            (records.end_reason[row] != EndReason::None)
                .then(|| serde_json::to_value(records.end_reason[row]).ok())
                .flatten()
        }),
    );
    add("preemptions", column(outcome, |row| Some(records.preemptions[row])));
    add("cached_tokens_first", column(outcome, |row| scheduled(row).then(|| records.cached_first[row])));
    add("cached_tokens_last", column(outcome, |row| scheduled(row).then(|| records.cached_last[row])));
    add_candidates(outcome, &mut columns);
    Value::Object(columns)
}

/// Reasons of refusals.
fn admit_reasons(outcome: &Outcome) -> Value {
    let mut reasons = vec![Value::Null; outcome.requests.len()];
    for &(request, reason) in &outcome.gateway.rejections {
        let class = &outcome.requests.classes[usize::from(outcome.requests.class[request])];
        reasons[request] = json!(reason_text(class, reason));
    }
    Value::Array(reasons)
}

/// The reference's explanation of a refusal (cluster chapter, C-7).
fn reason_text(class: &str, reason: RejectionReason) -> String {
    match reason {
        RejectionReason::RejectAll => "reject-all".to_owned(),
        RejectionReason::InsufficientTokens => "insufficient tokens".to_owned(),
        RejectionReason::TenantBudget => "tenant-budget-shed".to_owned(),
        RejectionReason::TierShed { priority, min, load } => {
            format!("tier-shed: class={class} priority={priority} < min={min} load={load}")
        }
        RejectionReason::GaieSaturated { saturation } => {
            format!("gaie-saturated: class={class} saturation={saturation:.2}")
        }
    }
}

fn add_candidates(outcome: &Outcome, columns: &mut Map<String, Value>) {
    let gateway = &outcome.gateway;
    let kept = gateway.candidates_per_decision;
    let names = [
        "cand_instance",
        "cand_score",
        "cand_queue_depth",
        "cand_batch_size",
        "cand_in_flight",
        "cand_free_kv_blocks",
    ];
    let mut lists = vec![vec![json!([]); outcome.requests.len()]; names.len()];
    if kept > 0 {
        for (&request, candidates) in gateway.routing_order.iter().zip(gateway.candidates.chunks(kept)) {
            let row = request.index();
            let shown = candidates.iter().filter(|candidate| candidate.instance.is_some());
            lists[0][row] = shown.clone().map(|c| json!(c.instance)).collect();
            lists[1][row] = shown.clone().map(|c| json!(c.score)).collect();
            lists[2][row] = shown.clone().map(|c| json!(c.queue_depth)).collect();
            lists[3][row] = shown.clone().map(|c| json!(c.batch_size)).collect();
            lists[4][row] = shown.clone().map(|c| json!(c.in_flight)).collect();
            lists[5][row] = shown.clone().map(|c| json!(c.free_kv_blocks)).collect();
        }
    }
    for (name, list) in names.into_iter().zip(lists) {
        columns.insert(name.to_owned(), Value::Array(list));
    }
}

fn instances(outcome: &Outcome) -> Value {
    let mut columns = Map::new();
    let mut add = |name: &str, value: &dyn Fn(usize) -> Value| {
        columns.insert(name.to_owned(), (0..outcome.instances.len()).map(value).collect());
    };
    let rows = &outcome.instances;
    add("instance", &|at| json!(at));
    add("routed", &|at| json!(rows[at].routed));
    add("completed", &|at| json!(rows[at].completed));
    add("timed_out", &|at| json!(rows[at].timed_out));
    add("dropped", &|at| json!(rows[at].dropped));
    add("still_queued", &|at| json!(rows[at].still_queued));
    add("still_running", &|at| json!(rows[at].still_running));
    add("input_tokens", &|at| json!(rows[at].input_tokens));
    add("output_tokens", &|at| json!(rows[at].output_tokens));
    add("steps", &|at| json!(rows[at].steps));
    add("zero_token_steps", &|at| json!(rows[at].zero_token_steps));
    add("busy_us", &|at| json!(rows[at].busy.0));
    add("scheduled_tokens", &|at| json!(rows[at].scheduled_tokens));
    add("max_batch", &|at| json!(rows[at].max_batch));
    add("max_waiting", &|at| json!(rows[at].max_waiting));
    add("sum_waiting", &|at| json!(rows[at].sum_waiting));
    add("sum_batch", &|at| json!(rows[at].sum_batch));
    add("preemptions", &|at| json!(rows[at].preemptions));
    add("peak_kv_blocks", &|at| json!(rows[at].peak_kv_blocks));
    add("kv_block_us", &|at| json!(rows[at].kv_block_us));
    add("used_kv_blocks_end", &|at| json!(rows[at].used_kv_blocks_end));
    add("cache_hits", &|at| json!(rows[at].cache_hits));
    add("cache_misses", &|at| json!(rows[at].cache_misses));
    add("cache_hit_rate", &|at| json!(rows[at].cache_hit_rate()));
    add("end_us", &|at| json!(rows[at].end.0));
    Value::Object(columns)
}

fn steps(outcome: &Outcome) -> Value {
    let rows = &outcome.steps;
    json!({
        "instance": rows.iter().map(|step| step.instance).collect::<Vec<_>>(),
        "start_us": rows.iter().map(|step| step.start.0).collect::<Vec<_>>(),
        "duration_us": rows.iter().map(|step| step.duration.0).collect::<Vec<_>>(),
        "batch": rows.iter().map(|step| json!(step.batch)).collect::<Vec<_>>(),
        "newly_scheduled": rows.iter().map(|step| json!(step.newly_scheduled)).collect::<Vec<_>>(),
        "preempted": rows.iter().map(|step| json!(step.preempted)).collect::<Vec<_>>(),
        "waiting_after": rows.iter().map(|step| step.waiting_after).collect::<Vec<_>>(),
        "used_kv_blocks": rows.iter().map(|step| step.used_kv_blocks).collect::<Vec<_>>(),
    })
}
