//! An outcome in the shape of a recording.

use super::pooled::{self, tie_names};
use crate::outcome::Outcome;
use crate::outcome::anomalies::anomaly_counters;
use crate::outcome::cache::kv_cache_metrics;
use crate::outcome::classes::class_statistics;
use crate::outcome::decision_log::summarize_decisions;
use crate::outcome::print::metrics::metrics;
use crate::outcome::sessions::{SessionStatistics, session_metrics};
use crate::record::{Candidate, EndReason, RejectionReason, RequestState, StepRecord, TierRecord, TierStep};
use crate::units::{Micros, RequestIndex, Tokens};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The requests in the order of a recording, which has all of them in order of arrival.
#[derive(Debug)]
pub struct Rows {
    /// Per row of the recording, our row.
    ours: Vec<usize>,
    /// Per row of ours, that of the recording.
    recorded: Vec<usize>,
}

impl Rows {
    /// Finds the rows by their ids; ours that are not recorded come last, and recorded ones that we do not have are left out.
    pub fn new(outcome: &Outcome, ids: &[String]) -> Self {
        let place: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mut ours: Vec<usize> = (0..outcome.requests.len()).collect();
        let id = |row: usize| outcome.requests.id(RequestIndex::from_index(row));
        ours.sort_by_key(|&row| place.get(id(row).as_str()).copied().unwrap_or(usize::MAX));
        let mut recorded = vec![0; ours.len()];
        for (at, &row) in ours.iter().enumerate() {
            recorded[row] = at;
        }
        Self { ours, recorded }
    }

    fn place(&self, request: RequestIndex) -> usize {
        self.recorded[request.index()]
    }

    /// One row of a column per request; `null` where `value` gives nothing.
    pub fn column<T: Into<Value>>(&self, value: impl Fn(usize) -> Option<T>) -> Value {
        self.ours.iter().map(|&row| value(row).map_or(Value::Null, Into::into)).collect()
    }
}

/// The columns of the workload that follow from answers, as far as the recording has them.
pub fn workload(outcome: &Outcome, rows: &Rows) -> Value {
    let requests = &outcome.requests;
    let context = requests.context_tokens();
    let name = |row: usize| requests.conversation(RequestIndex::from_index(row)).unwrap_or_default();
    json!({
        "request": rows.column(|row| Some(requests.id(RequestIndex::from_index(row)))),
        "arrival_us": rows.column(|row| Some(requests.arrival[row].0)),
        "input_tokens": rows.column(|row| Some(requests.input[row])),
        "output_tokens": rows.column(|row| Some(requests.output[row])),
        "deadline_us": rows.column(|row| Some(requests.deadline[row].0).filter(|&deadline| deadline > 0)),
        "prefix_length": rows.column(|row| Some(requests.prefix[row])),
        "slo_class": rows.column(|row| Some(requests.classes[usize::from(requests.class[row])].clone())),
        "session": rows.column(|row| Some(name(row))),
        "round": rows.column(|row| Some(requests.round[row])),
        "context_tokens": rows.column(|row| Some(context[row])),
    })
}

/// The ties and how they fell.
pub fn tie_breaks(outcome: &Outcome, rows: &Rows, own_scorers: (bool, bool)) -> Value {
    let ties = &outcome.gateway.tie_breaks;
    let names = || ties.iter().map(|tie| tie_names(tie.choice, own_scorers));
    json!({
        "stage": names().map(|(stage, _)| stage).collect::<Vec<_>>(),
        "stream": names().map(|(_, stream)| stream).collect::<Vec<_>>(),
        "request": ties.iter().map(|tie| rows.place(tie.request)).collect::<Vec<_>>(),
        "n": ties.iter().map(|tie| tie.tied).collect::<Vec<_>>(),
        "pick": ties.iter().map(|tie| tie.pick).collect::<Vec<_>>(),
    })
}

/// The parts of `expected`.
///
/// `recorded` only shows which counters the reference itself could not repeat.
pub fn expected(outcome: &Outcome, recorded: &Value, rows: &Rows) -> Value {
    let mut expected = json!({
        "requests": requests(outcome, rows),
        "instances": instances(outcome),
        "steps": steps(outcome, rows),
        "sessions": sessions(outcome, recorded),
        "metrics": metrics(outcome),
        "per_slo": class_statistics(outcome),
        "counters": counters(outcome, recorded),
        "trace_summary": summarize_decisions(outcome),
    });
    if let (Some(pools), Value::Object(members)) = (&outcome.pools, &mut expected) {
        members.extend(pooled::sections(outcome, pools).map(|(name, section)| (name.to_owned(), section)));
    }
    expected
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
        "encode_routing_rejections": 0,
        "hol_blocking_events": anomalies.hol_blocking_events,
        "cache_hit_rate": cache.cache_hit_rate,
        "preemption_rate": cache.preemption_rate,
        "kv_thrashing_rate": cache.kv_thrashing_rate,
        "session_metrics_ms": session_figures(outcome),
    })
}

/// Figures of sessions, ms.
fn session_figures(outcome: &Outcome) -> Value {
    let Some(metrics) = session_metrics(outcome) else { return Value::Null };
    let figures = |own: SessionStatistics| {
        json!({
            "count": own.count,
            "mean": own.mean_ms,
            "p50": own.p50_ms,
            "p95": own.p95_ms,
            "p99": own.p99_ms,
            "min": own.min_ms,
            "max": own.max_ms,
        })
    };
    json!({
        "sessions": metrics.sessions,
        "ttft_cold": figures(metrics.ttft_cold),
        "ttft_warm": figures(metrics.ttft_warm),
        "duration": figures(metrics.duration),
    })
}

/// How the sessions ended, in the order of the recording.
fn sessions(outcome: &Outcome, recorded: &Value) -> Value {
    let Some(sessions) = &outcome.requests.sessions else { return Value::Null };
    let names = recorded["sessions"]["session"].as_array().map_or(&[][..], Vec::as_slice);
    let end = |name: &Value| {
        let place = sessions.names.iter().position(|own| Some(own.as_str()) == name.as_str())?;
        outcome.sessions.get(place)
    };
    json!({
        "session": names.iter().map(|name| end(name).map(|_| name)).collect::<Vec<_>>(),
        "state": names.iter().map(|name| end(name).map(|end| end.state)).collect::<Vec<_>>(),
        "rounds_created": names.iter().map(|name| end(name).map(|end| end.rounds)).collect::<Vec<_>>(),
    })
}

fn requests(outcome: &Outcome, rows: &Rows) -> Value {
    let records = &outcome.records;
    let routed = |row: usize| records.routed_at[row].happened();
    let scheduled = |row: usize| records.first_scheduled_at[row].happened();
    let enqueued = |row: usize| records.enqueued_at[row].happened();
    let done =
        |row: usize| matches!(records.state[row], RequestState::Completed | RequestState::LengthCapped);
    let time = |times: &Vec<Micros>| rows.column(|row| times[row].get());
    let decided = |row: usize| records.admitted_at[row].happened();
    let mut columns = Map::new();
    let mut add = |name: &str, value: Value| columns.insert(name.to_owned(), value);
    add("state", rows.column(|row| serde_json::to_value(records.state[row]).ok()));
    add("admit_us", time(&records.admitted_at));
    add(
        "admitted",
        rows.column(|row| {
            let by_admission =
                records.state[row] == RequestState::Rejected && records.end_reason[row] == EndReason::None;
            decided(row).then_some(!by_admission)
        }),
    );
    add("admit_reason", admit_reasons(outcome, rows));
    add("route_us", time(&records.routed_at));
    add("instance", rows.column(|row| routed(row).then(|| records.instance[row].get())));
    add("score", rows.column(|row| routed(row).then(|| records.score[row])));
    add("regret", rows.column(|row| routed(row).then(|| records.regret[row])));
    add("enqueue_us", time(&records.enqueued_at));
    add("priority", rows.column(|row| enqueued(row).then(|| records.priority[row])));
    add("first_scheduled_us", time(&records.first_scheduled_at));
    add("last_scheduled_us", time(&records.last_scheduled_at));
    add(
        "scheduling_delay_us",
        rows.column(|row| {
            records.last_scheduled_at[row].get().map(|at| at - outcome.requests.arrival[row].0)
        }),
    );
    add("ttft_us", time(&records.ttft));
    add("e2e_us", time(&records.e2e));
    add("itl_sum_us", rows.column(|row| done(row).then(|| records.itl_sum[row])));
    add("itl_count", rows.column(|row| done(row).then(|| records.itl_count[row])));
    add("itl_mean_us", rows.column(|row| outcome.mean_itl(RequestIndex::from_index(row))));
    add("end_us", time(&records.ended_at));
    add(
        "end_reason",
        rows.column(|row| {
            (records.end_reason[row] != EndReason::None)
                .then(|| serde_json::to_value(records.end_reason[row]).ok())
                .flatten()
        }),
    );
    add("preemptions", rows.column(|row| Some(records.preemptions[row])));
    add("cached_tokens_first", rows.column(|row| scheduled(row).then(|| records.cached_first[row])));
    add("cached_tokens_last", rows.column(|row| scheduled(row).then(|| records.cached_last[row])));
    let gateway = &outcome.gateway;
    let (order, candidates, kept) =
        (&gateway.routing_order, &gateway.candidates, gateway.candidates_per_decision);
    for (name, list) in candidate_lists(rows, order, candidates, kept) {
        columns.insert(name.to_owned(), list);
    }
    if let Some(pools) = &outcome.pools {
        pooled::add_requests(outcome, pools, rows, &mut columns);
    }
    Value::Object(columns)
}

/// Reasons of refusals.
fn admit_reasons(outcome: &Outcome, rows: &Rows) -> Value {
    let mut reasons = vec![Value::Null; outcome.requests.len()];
    for &(request, reason) in &outcome.gateway.rejections {
        let class = &outcome.requests.classes[usize::from(outcome.requests.class[request])];
        reasons[rows.place(request)] = json!(reason_text(class, reason));
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

/// Columns of the candidates of a choice, of which so many are kept per decision about these requests.
pub fn candidate_lists(
    rows: &Rows,
    order: &[RequestIndex],
    candidates: &[Candidate],
    kept: usize,
) -> [(&'static str, Value); 6] {
    type Column = (&'static str, fn(&Candidate) -> Value);
    let values: [Column; 6] = [
        ("cand_instance", |candidate| json!(candidate.instance)),
        ("cand_score", |candidate| json!(candidate.score)),
        ("cand_queue_depth", |candidate| json!(candidate.queue_depth)),
        ("cand_batch_size", |candidate| json!(candidate.batch_size)),
        ("cand_in_flight", |candidate| json!(candidate.in_flight)),
        ("cand_free_kv_blocks", |candidate| json!(candidate.free_kv_blocks)),
    ];
    values.map(|(name, value)| {
        let mut lists = vec![json!([]); rows.recorded.len()];
        if kept > 0 {
            for (&request, of_request) in order.iter().zip(candidates.chunks(kept)) {
                let shown = of_request.iter().filter(|candidate| candidate.instance.is_some());
                lists[rows.place(request)] = shown.map(value).collect();
            }
        }
        (name, Value::Array(lists))
    })
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
    let tier = |at: usize, value: fn(TierRecord) -> Value| rows[at].tier.map_or(Value::Null, value);
    add("cpu_reloads", &|at| tier(at, |tier| json!(tier.reloads)));
    add("cpu_failed_allocs", &|at| tier(at, |tier| json!(tier.failed)));
    add("cpu_stores", &|at| tier(at, |tier| json!(tier.stores)));
    add("cpu_evictions", &|at| tier(at, |tier| json!(tier.evictions)));
    add("cpu_used_end", &|at| tier(at, |tier| json!(tier.used)));
    add("transfer_us", &|at| tier(at, |tier| json!(tier.transfer.0)));
    add("thrashing_rate", &|at| tier(at, |tier| json!(tier.thrashing_rate())));
    if let Some(pools) = &outcome.pools {
        pooled::add_instances(outcome, pools, &mut columns);
    }
    Value::Object(columns)
}

fn steps(outcome: &Outcome, order: &Rows) -> Value {
    let rows = &outcome.steps;
    let place = |&request: &RequestIndex| order.place(request);
    let batch = |step: &StepRecord| {
        let member = |&(request, new): &(RequestIndex, Tokens)| match &outcome.pools {
            None => json!([place(&request), new]),
            Some(pools) => json!([place(&request), new, pooled::part(pools, request, step)]),
        };
        step.batch.iter().map(member).collect::<Vec<_>>()
    };
    let tier = |value: fn(TierStep) -> u64| rows.iter().map(|step| step.tier.map(value)).collect::<Vec<_>>();
    let places = |list: &Vec<RequestIndex>| list.iter().map(place).collect::<Vec<_>>();
    json!({
        "instance": rows.iter().map(|step| step.instance).collect::<Vec<_>>(),
        "start_us": rows.iter().map(|step| step.start.0).collect::<Vec<_>>(),
        "duration_us": rows.iter().map(|step| step.duration.0).collect::<Vec<_>>(),
        "batch": rows.iter().map(batch).collect::<Vec<_>>(),
        "newly_scheduled": rows.iter().map(|step| places(&step.newly_scheduled)).collect::<Vec<_>>(),
        "preempted": rows.iter().map(|step| places(&step.preempted)).collect::<Vec<_>>(),
        "waiting_after": rows.iter().map(|step| step.waiting_after).collect::<Vec<_>>(),
        "used_kv_blocks": rows.iter().map(|step| step.used_kv_blocks).collect::<Vec<_>>(),
        "transfer_us": tier(|step| step.transfer.0 as u64),
        "cpu_reloads": tier(|step| step.record.reloads),
        "cpu_failed_allocs": tier(|step| step.record.failed),
        "cpu_stores": tier(|step| step.record.stores),
        "cpu_evictions": tier(|step| step.record.evictions),
        "cpu_used_blocks": tier(|step| u64::from(step.record.used)),
        "cache_hits": tier(|step| step.cache_hits),
        "cache_misses": tier(|step| step.cache_misses),
    })
}
