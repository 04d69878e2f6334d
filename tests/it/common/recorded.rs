//! Outcomes filled from recorded columns, without the engine.

use crate::common;
use blis_playground::Outcome;
use blis_playground::config::{RoutingPolicyName, SchedulerName};
use blis_playground::record::{
    EndReason, Ending, GatewayRecord, InstanceRecord, RequestRecords, RequestState, Service, TierRecord,
    WeightedItl,
};
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};
use blis_playground::workload::{NO_GROUP, NO_SESSION, Pattern, Requests};
use serde_json::Value;

/// The names of all recorded cases.
pub fn case_names() -> Vec<String> {
    let files = std::fs::read_dir(common::golden_dir().join("cases")).expect("the recordings are there");
    let names =
        files.map(|file| file.expect("readable folder").file_name().into_string().expect("plain names"));
    let mut names: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".json.gz")?.to_owned())).collect();
    names.sort();
    assert_eq!(names.len(), 217);
    names
}

/// The names of the recorded cases in which every request lives on one instance. The others cannot be filled from their columns alone.
pub fn plain_case_names() -> Vec<String> {
    case_names().into_iter().filter(|name| !name.starts_with("pd-")).collect()
}

/// One recorded case.
pub fn case(name: &str) -> Value {
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
        session: vec![NO_SESSION; count],
        round: vec![0; count],
        classes,
        tenants: vec![String::new()],
        clients: vec![String::new()],
        groups: Vec::new(),
        ids: Some(texts(&workload["request"])),
        own_start: None,
        first_users: Vec::new(),
        follow_ups_from: None,
        sessions: None,
        models: None,
        tree: None,
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
        end_reason: vec![EndReason::default(); count],
        admitted_at: times(&requests["admit_us"]),
        routed_at: times(&requests["route_us"]),
        instance: instance
            .into_iter()
            .map(|value| u32::try_from(value).map_or(InstanceIndex::NONE, InstanceIndex::new))
            .collect(),
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
    if columns.get("cpu_failed_allocs").is_some() {
        let mut fill = |name: &str, field: fn(&mut TierRecord, u64)| {
            for (instance, value) in instances.iter_mut().zip(counters(&columns[name])) {
                field(instance.tier.get_or_insert_default(), value);
            }
        };
        fill("cpu_failed_allocs", |tier, value| tier.failed = value);
        fill("cpu_stores", |tier, value| tier.stores = value);
        fill("cpu_evictions", |tier, value| tier.evictions = value);
        fill("cpu_reloads", |tier, value| tier.reloads = value);
    }
    let mut fill = |name: &str, field: fn(&mut InstanceRecord, u64)| {
        for (instance, value) in instances.iter_mut().zip(counters(&columns[name])) {
            field(instance, value);
        }
    };
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
        let gaps = &mut instances[records.instance[row]].itls;
        gaps.push(WeightedItl { gap, weight: (count - rest) as u64 });
        gaps.push(WeightedItl { gap: gap + 1, weight: rest as u64 });
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
            gateway.routing_order.push(RequestIndex::from_index(row));
        }
    }
    gateway.routing_order.sort_by_key(|&row| records.routed_at[row]);
    for &row in &gateway.routing_order {
        let regret = records.regret[row];
        gateway.regret_sum += regret;
        gateway.regret_max = gateway.regret_max.max(regret);
    }
    gateway
}

/// What the case recorded, as an outcome; gaps have the right number and sum only.
pub fn outcome_of(case: &Value) -> Outcome {
    let expected = &case["expected"];
    let requests = requests_of(&case["workload"]);
    let records = records_of(&expected["requests"]);
    let mut instances = instances_of(&expected["instances"]);
    add_gaps(&mut instances, &records);
    // Recorded for the cluster only.
    instances[0].kv_allocation_failures = expected["metrics"]["kv_allocation_failures"].as_u64().unwrap_or(0);
    let gateway = gateway_of(&requests, &records, &expected["requests"]["admitted"]);
    let routing: RoutingPolicyName =
        serde_json::from_value(case["config"]["routing_policy"].clone()).expect("a known policy");
    let scheduler: SchedulerName =
        serde_json::from_value(case["config"]["scheduler"].clone()).expect("a known scheduler");
    Outcome {
        pools: None,
        rented: blis_playground::record::Rented::default(),
        requests,
        records,
        instances,
        gateway,
        stops: Vec::new(),
        burst: 0..0,
        steps: Vec::new(),
        unfinished: Vec::new(),
        sessions: Vec::new(),
        limits: None,
        ending: Ending::Finished,
        scheduler,
        streams: blis_playground::config::StreamsName::Reference,
        routing,
        users_cut_short: false,
        completion_overhead: Micros::ZERO,
        pattern: Pattern::default(),
        offered_rate: None,
        service: Service::default(),
    }
}

/// The gaps themselves, from the step log: a request that has its first token gets one more per step with a new
/// token for it.
pub fn gaps_from_steps(case: &Value, outcome: &Outcome) -> Vec<WeightedItl> {
    let per_token = case["config"]["alpha_coeffs"][2].as_f64().unwrap_or(0.0) as i64;
    let steps = &case["expected"]["steps"];
    let (starts, durations) = (integers(&steps["start_us"]), integers(&steps["duration_us"]));
    let batches = steps["batch"].as_array().expect("a column");
    let mut gaps = Vec::new();
    for ((start, duration), batch) in starts.into_iter().zip(durations).zip(batches) {
        for member in batch.as_array().expect("a batch") {
            let (row, tokens) = (member[0].as_u64().expect("a row") as usize, member[1].as_u64());
            let row = RequestIndex::from_index(row);
            let first_token = outcome.ttft(row).map(|ttft| outcome.requests.arrival[row].0 + ttft);
            let decoding = first_token.is_some_and(|time| start >= time - per_token);
            if decoding && outcome.is_completed(row) && tokens > Some(0) {
                gaps.push(WeightedItl { gap: duration + per_token, weight: 1 });
            }
        }
    }
    gaps
}
