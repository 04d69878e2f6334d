//! The recorded runs of conversations and of the CPU tier, by the reference engine alone.

use super::agreement::reference;
use super::cluster::Cluster;
use super::instance::Instance;
use super::request::Request;
use crate::common::recorded;
use blis_playground::golden::case_setup;
use blis_playground::latency::ServingSetup;
use blis_playground::record::{EndReason, RequestState, StepRecord, TierRecord};
use blis_playground::units::RequestIndex;
use blis_playground::workload;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A column by name, a value per row.
type Columns = Map<String, Value>;

/// The columns that the recording has must be these; the recording must have `least` of them.
fn compare(place: &str, recorded: &Value, own: &Columns, least: &[&str]) {
    let recorded = recorded.as_object().unwrap_or_else(|| panic!("{place} is an object"));
    for name in least {
        assert!(recorded.contains_key(*name), "{place}.{name} is recorded");
    }
    for (name, own) in own {
        let Some(column) = recorded.get(name) else { continue };
        let (column, own) = (column.as_array().expect("a column"), own.as_array().expect("a column"));
        for (row, (value, own)) in column.iter().zip(own).enumerate() {
            assert!(equal(value, own), "{place}.{name}[{row}]: recorded {value}, got {own}");
        }
        assert_eq!(column.len(), own.len(), "rows of {place}.{name}");
    }
}

fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
        }
        _ => one == other,
    }
}

/// The rows of a run in the order of the recording.
struct Rows<'a> {
    requests: &'a [Request],
    /// Per row of the recording that of the run.
    of_run: Vec<usize>,
    /// The other way round.
    of_recording: BTreeMap<usize, usize>,
}

impl<'a> Rows<'a> {
    fn new(requests: &'a [Request], ids: &Value) -> Self {
        let places: BTreeMap<&str, usize> =
            requests.iter().map(|request| (request.id.as_str(), request.row)).collect();
        let ids = ids.as_array().expect("ids").iter().map(|id| id.as_str().expect("a text"));
        let of_run: Vec<usize> =
            ids.map(|id| *places.get(id).unwrap_or_else(|| panic!("request {id} was made"))).collect();
        assert_eq!(of_run.len(), requests.len(), "number of requests");
        let of_recording = of_run.iter().enumerate().map(|(recorded, &own)| (own, recorded)).collect();
        Self { requests, of_run, of_recording }
    }

    fn column<T: Into<Value>>(&self, value: impl Fn(&Request) -> T) -> Value {
        self.of_run.iter().map(|&row| value(&self.requests[row]).into()).collect::<Vec<Value>>().into()
    }

    fn place(&self, row: RequestIndex) -> usize {
        self.of_recording[&row.index()]
    }
}

fn text(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("a name")
}

fn given(rows: &Rows<'_>) -> Columns {
    let mut columns = Columns::new();
    let mut add = |name: &str, column: Value| columns.insert(name.to_owned(), column);
    add("arrival_us", rows.column(|it| it.arrival));
    add("input_tokens", rows.column(|it| it.input));
    add("output_tokens", rows.column(|it| it.output));
    add("prefix_length", rows.column(|it| it.prefix));
    add("deadline_us", rows.column(|it| (it.deadline > 0).then_some(it.deadline)));
    add("round", rows.column(|it| it.round));
    add("context_tokens", rows.column(|it| it.context));
    columns
}

fn happened(rows: &Rows<'_>) -> Columns {
    let done = |it: &Request| matches!(it.state, RequestState::Completed | RequestState::LengthCapped);
    let mut columns = Columns::new();
    let mut add = |name: &str, column: Value| columns.insert(name.to_owned(), column);
    add("state", rows.column(|it| text(it.state)));
    add("admit_us", rows.column(|it| it.admitted_at));
    add("route_us", rows.column(|it| it.routed_at));
    add("instance", rows.column(|it| it.instance));
    add("score", rows.column(|it| it.routed_at.map(|_| it.score)));
    add("regret", rows.column(|it| it.routed_at.map(|_| it.regret)));
    add("enqueue_us", rows.column(|it| it.enqueued_at));
    add("priority", rows.column(|it| it.enqueued_at.map(|_| it.priority)));
    add("first_scheduled_us", rows.column(|it| it.first_scheduled_at));
    add("last_scheduled_us", rows.column(|it| it.last_scheduled_at));
    add("ttft_us", rows.column(|it| it.ttft));
    add("e2e_us", rows.column(|it| it.e2e));
    add("itl_sum_us", rows.column(|it| done(it).then_some(it.itl_sum)));
    add("itl_count", rows.column(|it| done(it).then_some(it.itl_count)));
    add("end_us", rows.column(|it| it.ended_at));
    add("end_reason", rows.column(|it| (it.reason != EndReason::None).then(|| text(it.reason))));
    add("preemptions", rows.column(|it| it.preemptions));
    add("cached_tokens_first", rows.column(|it| it.first_scheduled_at.map(|_| it.cached_first)));
    add("cached_tokens_last", rows.column(|it| it.first_scheduled_at.map(|_| it.cached_last)));
    columns
}

fn candidates(cluster: &Cluster<'_>, rows: &Rows<'_>) -> Columns {
    let router = &cluster.router;
    let kept = router.candidates.len() / cluster.routing_order.len().max(1);
    let mut columns = Columns::new();
    if kept == 0 {
        return columns;
    }
    let mut add = |name: &str, value: &dyn Fn(&blis_playground::record::Candidate) -> Value| {
        let mut column = vec![json!([]); rows.requests.len()];
        for (&request, all) in cluster.routing_order.iter().zip(router.candidates.chunks(kept)) {
            column[rows.place(request)] = all.iter().map(value).collect();
        }
        columns.insert(name.to_owned(), column.into());
    };
    add("cand_instance", &|it| json!(it.instance));
    add("cand_score", &|it| json!(it.score));
    add("cand_queue_depth", &|it| json!(it.queue_depth));
    add("cand_batch_size", &|it| json!(it.batch_size));
    add("cand_in_flight", &|it| json!(it.in_flight));
    add("cand_free_kv_blocks", &|it| json!(it.free_kv_blocks));
    columns
}

fn instances(cluster: &Cluster<'_>) -> Columns {
    let mut columns = Columns::new();
    let mut add = |name: &str, value: &dyn Fn(&Instance) -> Value| {
        let column = cluster.instances.iter().map(value).collect::<Vec<_>>();
        columns.insert(name.to_owned(), column.into());
    };
    add("routed", &|it| json!(it.record.routed));
    add("completed", &|it| json!(it.record.completed));
    add("timed_out", &|it| json!(it.record.timed_out));
    add("dropped", &|it| json!(it.record.dropped));
    add("still_queued", &|it| json!(it.record.still_queued));
    add("still_running", &|it| json!(it.record.still_running));
    add("input_tokens", &|it| json!(it.record.input_tokens));
    add("output_tokens", &|it| json!(it.record.output_tokens));
    add("steps", &|it| json!(it.steps.len()));
    add("preemptions", &|it| json!(it.record.preemptions));
    add("peak_kv_blocks", &|it| json!(it.steps.iter().map(|step| step.used_kv_blocks).max().unwrap_or(0)));
    let block_us = |step: &StepRecord| i64::from(step.used_kv_blocks) * step.duration.0;
    add("kv_block_us", &|it| json!(it.steps.iter().map(block_us).sum::<i64>()));
    add("used_kv_blocks_end", &|it| json!(it.record.used_kv_blocks_end));
    add("cache_hits", &|it| json!(it.cache.hits));
    add("cache_misses", &|it| json!(it.cache.misses));
    add("cache_hit_rate", &|it| {
        let failed = it.cache.tier.as_ref().map_or(0, |tier| tier.failed);
        let sum = it.cache.hits + it.cache.misses + failed;
        json!(if sum == 0 { 0.0 } else { it.cache.hits as f64 / sum as f64 })
    });
    add("end_us", &|it| json!(it.clock));
    if cluster.instances.iter().all(|it| it.cache.tier.is_some()) {
        let tier = |it: &Instance| it.cache.tier.as_ref().expect("checked above").record();
        add("cpu_reloads", &|it| json!(tier(it).reloads));
        add("cpu_failed_allocs", &|it| json!(tier(it).failed));
        add("cpu_stores", &|it| json!(tier(it).stores));
        add("cpu_evictions", &|it| json!(tier(it).evictions));
        add("cpu_used_end", &|it| json!(tier(it).used));
        add("transfer_us", &|it| json!(tier(it).transfer.0));
        let rate = |tier: TierRecord| match tier.stores {
            0 => 0.0,
            stores => tier.evictions as f64 / stores as f64,
        };
        add("thrashing_rate", &|it| json!(rate(tier(it))));
    }
    columns
}

fn steps(cluster: &Cluster<'_>, rows: &Rows<'_>) -> Columns {
    let mut all: Vec<&StepRecord> = cluster.instances.iter().flat_map(|it| &it.steps).collect();
    all.sort_by_key(|step| (step.start, step.instance));
    let mut columns = Columns::new();
    let mut add = |name: &str, value: &dyn Fn(&StepRecord) -> Value| {
        columns.insert(name.to_owned(), all.iter().map(|step| value(step)).collect::<Vec<_>>().into());
    };
    let places = |list: &[RequestIndex]| json!(list.iter().map(|&row| rows.place(row)).collect::<Vec<_>>());
    add("instance", &|step| json!(step.instance));
    add("start_us", &|step| json!(step.start.0));
    add("duration_us", &|step| json!(step.duration.0));
    add("batch", &|step| {
        json!(step.batch.iter().map(|&(row, new)| (rows.place(row), new)).collect::<Vec<_>>())
    });
    add("newly_scheduled", &|step| places(&step.newly_scheduled));
    add("preempted", &|step| places(&step.preempted));
    add("waiting_after", &|step| json!(step.waiting_after));
    add("used_kv_blocks", &|step| json!(step.used_kv_blocks));
    if all.iter().all(|step| step.tier.is_some()) {
        let tier = |step: &StepRecord| step.tier.expect("checked above");
        add("transfer_us", &|step| json!(tier(step).transfer.0));
        add("cpu_reloads", &|step| json!(tier(step).record.reloads));
        add("cpu_failed_allocs", &|step| json!(tier(step).record.failed));
        add("cpu_stores", &|step| json!(tier(step).record.stores));
        add("cpu_evictions", &|step| json!(tier(step).record.evictions));
        add("cpu_used_blocks", &|step| json!(tier(step).record.used));
        add("cache_hits", &|step| json!(tier(step).cache_hits));
        add("cache_misses", &|step| json!(tier(step).cache_misses));
    }
    columns
}

fn compare_sessions(place: &str, cluster: &Cluster<'_>, recorded: &Value) {
    let recorded = &recorded["sessions"];
    let mut own: Vec<_> = cluster
        .conversations
        .all()
        .map(|(_, it)| (it.name.clone(), text(it.state), json!(it.made)))
        .collect();
    own.sort_by(|one, other| one.0.cmp(&other.0));
    let column = |name: &str| recorded[name].as_array().cloned().unwrap_or_default();
    let names = column("session").into_iter().map(|name| name.as_str().expect("a name").to_owned());
    let mut ends: Vec<_> = names
        .zip(column("state"))
        .zip(column("rounds_created"))
        .map(|((name, state), rounds)| (name, state, rounds))
        .collect();
    ends.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(own, ends, "{place}: how sessions ended");
}

fn compare_ties(place: &str, cluster: &Cluster<'_>, rows: &Rows<'_>, recorded: &Value) {
    let ties = &cluster.router.tie_breaks;
    let mut own = Columns::new();
    own.insert(
        "request".to_owned(),
        ties.iter().map(|tie| rows.place(tie.request)).collect::<Vec<_>>().into(),
    );
    own.insert("n".to_owned(), ties.iter().map(|tie| tie.tied).collect::<Vec<_>>().into());
    own.insert("pick".to_owned(), ties.iter().map(|tie| tie.pick).collect::<Vec<_>>().into());
    compare(&format!("{place}.tie_breaks"), recorded, &own, &["request", "n", "pick"]);
}

/// Runs a case and compares it with what was recorded.
pub fn check(name: &str, text: &str) {
    let case: Value = serde_json::from_str(text).expect("recordings are JSON");
    let (config, ties) = case_setup(text).expect("a case");
    let setup = ServingSetup::resolve(&config.model, &config.memory).expect("a valid configuration");
    let workload = workload::generate(&config).expect("a valid workload");
    let mut cluster = reference(&config, &setup, &workload, &workload.requests, &ties);
    cluster.run();
    let rows = Rows::new(&cluster.requests, &case["workload"]["request"]);
    let expected = &case["expected"];
    compare(&format!("{name}.workload"), &case["workload"], &given(&rows), &["arrival_us", "prefix_length"]);
    let requests: Columns = happened(&rows).into_iter().chain(candidates(&cluster, &rows)).collect();
    compare(&format!("{name}.requests"), &expected["requests"], &requests, &["state", "cached_tokens_last"]);
    let tier = config.memory.kv_cpu_blocks > 0;
    let of_tier = ["cpu_reloads", "cpu_failed_allocs", "cpu_stores", "cpu_evictions", "transfer_us"];
    let of_tier = if tier { &of_tier[..] } else { &[] };
    compare(&format!("{name}.instances"), &expected["instances"], &instances(&cluster), of_tier);
    if expected["steps"].is_object() {
        compare(&format!("{name}.steps"), &expected["steps"], &steps(&cluster, &rows), of_tier);
    }
    compare_sessions(name, &cluster, expected);
    compare_ties(name, &cluster, &rows, &case["tie_breaks"]);
}

/// The recorded cases of a kind: the large ones only where many random ones are asked for, too.
fn check_all(kind: &str, number: usize) {
    let names = recorded::case_names();
    let all: Vec<_> = names.into_iter().filter(|name| name.starts_with(kind)).collect();
    assert_eq!(all.len(), number);
    let large = |name: &&String| name.contains("-large");
    let with_large = std::env::var_os("ORACLE_CASES").is_some();
    for name in all.iter().filter(|name| with_large || !large(name)) {
        check(name, &crate::common::golden_text(&format!("cases/{name}.json")));
    }
}

#[test]
fn the_recorded_conversations_are_what_the_chapters_say() {
    check_all("session-", 29);
}

#[test]
fn the_recorded_runs_with_a_cpu_tier_are_what_the_chapters_say() {
    check_all("tier-", 20);
}
