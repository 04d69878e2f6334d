//! Whether both engines agree about a run.

use super::cluster::{Cluster, Users};
use super::conversations::Conversations;
use super::instance::{Common, Instance};
use super::latency::Durations;
use super::limits;
use super::names::Names;
use super::request::Request;
use super::tier::Tier;
use blis_playground::latency::ServingSetup;
use blis_playground::record::{
    Candidate, Ending, GatewayRecord, InstanceRecord, ItlPool, RequestState, SessionEnd, StepRecord,
    TieBreak, WeightedItl, digest,
};
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};
use blis_playground::workload::{self, NO_GROUP, NO_SESSION, Requests, Workload};
use blis_playground::{Config, Outcome, Simulation, simulate};
use std::collections::BTreeMap;

/// Runs both engines and compares steps, requests, instances and gateway.
pub fn assert_agree(config: &Config) {
    let mut simulation = Simulation::new(config).expect("a valid configuration");
    simulation.track_limits();
    simulation.run_to_end();
    let outcome = simulation.finish();
    let plain = simulate(config).expect("a valid configuration");
    assert_eq!(digest(&plain), digest(&outcome), "tracking limits changes nothing else");
    assert_eq!(plain.limits, None);
    // Where steps are not recorded, quiet ones are made many at once.
    let mut unrecorded = config.clone();
    unrecorded.trace.record_steps = false;
    let unrecorded = simulate(&unrecorded).expect("a valid configuration");
    assert_eq!(digest(&plain), digest(&unrecorded), "recording steps changes nothing else");
    assert_eq!(outcome.ending, Ending::Finished);
    let setup = ServingSetup::resolve(&config.model, &config.memory).expect("a valid configuration");
    let workload = workload::generate(config).expect("a valid workload");
    let mut cluster = reference(config, &setup, &workload, &outcome.requests, &outcome.gateway.tie_breaks);
    cluster.run();
    compare_steps(&cluster, &outcome);
    compare_given(&cluster, &outcome);
    compare_requests(&cluster, &outcome);
    for (instance, record) in cluster.instances.iter_mut().zip(&outcome.instances) {
        compare_instance(instance, record);
    }
    for stop in &mut cluster.stops {
        stop.answered = cluster.instances[stop.instance.index()].record.completed - stop.answered;
    }
    assert_eq!(outcome.stops, cluster.stops, "instances that stopped");
    compare_unfinished(&cluster, &outcome);
    compare_gateway(config, &cluster, &outcome.gateway);
    let horizon = config.cluster.horizon.unwrap_or(i64::MAX);
    limits::compare(&cluster, horizon, outcome.limits.as_ref().expect("it was asked for"));
    limits::compare_waits(config, &cluster);
}

pub fn reference<'a>(
    config: &'a Config,
    setup: &'a ServingSetup,
    workload: &'a Workload,
    drawn: &'a Requests,
    ties: &'a [TieBreak],
) -> Cluster<'a> {
    let common = Common {
        settings: &config.instance,
        admission: &config.admission,
        durations: Durations(&setup.latency),
        max_model_len: setup.max_model_len,
        block_size: setup.block_size,
        total_blocks: setup.total_kv_blocks,
        tier: Tier::new(&config.memory, setup.block_size),
        names: Names::default(),
        blocks_beside: setup.blocks_per_sequence,
        horizon: config.cluster.horizon.unwrap_or(i64::MAX),
        classes: &workload.requests.classes,
    };
    let rows = 0..workload.requests.len();
    let request = |row| {
        let request = Request::from_row(&workload.requests, row);
        let (shares, hash_ids) = (setup.blocks_per_sequence == 0, hash_ids(config, workload, row));
        Request { shares, hash_ids, hash_block: config.workload.hash_block, ..request }
    };
    let mut requests: Vec<Request> = rows.map(request).collect();
    let limit = u64::from(config.workload.num_requests);
    let users = (config.workload.concurrency > 0).then(|| Users {
        drawn,
        think_time: i64::from(config.workload.think_time_ms) * 1000,
        remaining: (limit > 0).then(|| limit - (requests.len() - workload.burst) as u64),
    });
    let conversations = Conversations::of(config, &workload.requests, &mut requests);
    Cluster::new(config, common, requests, users, conversations, ties)
}

/// The ids as the list has them; a request of a burst has those of the row that it repeats.
fn hash_ids(config: &Config, workload: &Workload, row: usize) -> Vec<u64> {
    let (Some(list), Some(tree)) = (&config.workload.requests, &workload.requests.tree) else {
        return Vec::new();
    };
    let list = list.rows();
    let listed = (0..list.len()).find(|&listed| listed == row || tree.leaf[listed] == tree.leaf[row]);
    listed.and_then(|listed| list[listed].hash_ids.clone()).unwrap_or_default()
}

fn compare_steps(cluster: &Cluster<'_>, outcome: &Outcome) {
    let mut expected: Vec<&StepRecord> =
        cluster.instances.iter().flat_map(|instance| &instance.steps).collect();
    expected.sort_by_key(|step| (step.start, step.instance));
    for (number, (actual, expected)) in outcome.steps.iter().zip(&expected).enumerate() {
        assert_eq!(actual, *expected, "step {number}");
    }
    assert_eq!(outcome.steps.len(), expected.len(), "number of steps");
}

/// A column of times of the engine under test.
fn time(time: Micros) -> Option<i64> {
    time.get()
}

fn compare_requests(cluster: &Cluster<'_>, outcome: &Outcome) {
    let records = &outcome.records;
    assert_eq!(outcome.requests.len(), cluster.requests.len(), "number of requests");
    for (row, request) in cluster.requests.iter().enumerate() {
        let same = |name: &str, actual: Option<i64>, expected: Option<i64>| {
            assert_eq!(actual, expected, "{name} of request {row}");
        };
        assert_eq!(records.state[row], request.state, "state of request {row}");
        assert_eq!(records.end_reason[row], request.reason, "reason of request {row}");
        same("admission", time(records.admitted_at[row]), request.admitted_at);
        same("routing", time(records.routed_at[row]), request.routed_at);
        let instance = records.instance[row].some().map(InstanceIndex::index);
        assert_eq!(instance, request.instance, "instance of request {row}");
        assert_eq!(records.score[row].to_bits() << 1, request.score.to_bits() << 1, "score of request {row}");
        assert_eq!(records.regret[row].to_bits(), request.regret.to_bits(), "regret of request {row}");
        same("enqueueing", time(records.enqueued_at[row]), request.enqueued_at);
        assert_eq!(records.priority[row], request.priority, "priority of request {row}");
        same("first step", time(records.first_scheduled_at[row]), request.first_scheduled_at);
        same("last admission", time(records.last_scheduled_at[row]), request.last_scheduled_at);
        same("TTFT", time(records.ttft[row]), request.ttft);
        same("E2E", time(records.e2e[row]), request.e2e);
        same("end", time(records.ended_at[row]), request.ended_at);
        assert_eq!(records.itl_sum[row], request.itl_sum, "gaps of request {row}");
        assert_eq!(records.itl_count[row], request.itl_count, "number of gaps of request {row}");
        assert_eq!(records.preemptions[row], request.preemptions, "preemptions of request {row}");
        assert_eq!(records.cached_first[row], request.cached_first, "first cached prefix of request {row}");
        assert_eq!(records.cached_last[row], request.cached_last, "last cached prefix of request {row}");
    }
}

/// Everything that is given of a request in the beginning: of follow-ups the chapters say what it is.
fn compare_given(cluster: &Cluster<'_>, outcome: &Outcome) {
    let actual = &outcome.requests;
    assert_eq!(actual.len(), cluster.requests.len(), "number of requests");
    let context = actual.context_tokens();
    for (row, request) in cluster.requests.iter().enumerate() {
        let number = |value: Option<u32>, none: u32| value.unwrap_or(none);
        let expected = (
            (request.id.clone(), request.arrival, request.input, request.output, request.deadline),
            (number(request.user.or(request.session), NO_SESSION), request.round),
            (number(request.group, NO_GROUP), request.prefix),
            (usize::from(actual.class[row]), &actual.tenants[usize::from(actual.tenant[row])]),
        );
        let place = RequestIndex::from_index(row);
        let got = (
            (
                actual.id(place),
                actual.arrival[row].0,
                actual.input[row],
                actual.output[row],
                actual.deadline[row].0,
            ),
            (actual.session[row], actual.round[row]),
            (actual.group[row], actual.prefix[row]),
            (request.class, &request.tenant),
        );
        assert_eq!(got, expected, "request {row} as it was given");
        let before = cluster.requests.iter().find(|it| {
            request.session.is_some() && (it.session, it.round + 1) == (request.session, request.round)
        });
        // An answer that was cut counts there as it was meant to be.
        if before.is_none_or(|before| before.state != RequestState::LengthCapped) {
            assert_eq!(context[row], request.context, "context of request {row}");
        }
    }
    for (number, conversation) in cluster.conversations.all() {
        let expected = SessionEnd { state: conversation.state, rounds: conversation.made };
        assert_eq!(outcome.sessions[number], expected, "conversation {number}");
    }
}

/// Each gap with its number, in ascending order.
fn tally(gaps: impl Iterator<Item = WeightedItl>) -> BTreeMap<i64, u64> {
    let mut tally = BTreeMap::new();
    for gap in gaps.filter(|gap| gap.weight > 0) {
        *tally.entry(gap.gap).or_default() += gap.weight;
    }
    tally
}

fn compare_instance(instance: &mut Instance, actual: &InstanceRecord) {
    let record = &mut instance.record;
    (record.cache_hits, record.cache_misses) =
        (instance.cache.hits, instance.cache.misses - instance.taken_beside);
    record.end = Micros(instance.clock);
    record.tier = instance.cache.tier.as_ref().map(super::tier::Tier::record);
    let tokens = |step: &StepRecord| step.batch.iter().map(|&(_, new)| u64::from(new)).sum::<u64>();
    for step in &instance.steps {
        record.steps += 1;
        record.zero_token_steps += u64::from(tokens(step) == 0);
        record.busy += step.duration;
        record.scheduled_tokens += tokens(step);
        record.max_batch = record.max_batch.max(step.batch.len() as u64);
        record.sum_batch += step.batch.len() as u64;
        record.max_waiting = record.max_waiting.max(step.waiting_after);
        record.sum_waiting += step.waiting_after;
        record.peak_kv_blocks = record.peak_kv_blocks.max(step.used_kv_blocks);
        record.kv_block_us += u64::from(step.used_kv_blocks) * step.duration.0 as u64;
    }
    let pool = instance.pool.iter().map(|&gap| WeightedItl { gap, weight: 1 });
    assert_eq!(tally(actual.itls.iter().copied()), tally(pool), "gaps of instance {}", instance.index);
    let actual = InstanceRecord { itls: ItlPool::default(), ..actual.clone() };
    assert_eq!(actual, *record, "instance {}", instance.index);
}

/// What is left of answers that were begun: an eviction throws them away.
fn compare_unfinished(cluster: &Cluster<'_>, outcome: &Outcome) {
    let done = [RequestState::Completed, RequestState::LengthCapped];
    let begun = cluster.requests.iter().filter(|it| it.has_first_token && !done.contains(&it.state));
    let expected: Vec<(usize, i64)> = begun.map(|it| (it.row, it.gaps.iter().sum())).collect();
    let mut actual: Vec<_> = outcome.unfinished.iter().map(|&(row, gaps)| (row.index(), gaps.0)).collect();
    actual.sort_unstable();
    assert_eq!(actual, expected, "unfinished answers");
}

fn compare_gateway(config: &Config, cluster: &Cluster<'_>, actual: &GatewayRecord) {
    let router = &cluster.router;
    let kept = config.trace.counterfactual_k.min(config.cluster.num_instances) as usize;
    let expected = GatewayRecord {
        arrivals_by_class: cluster.arrivals_by_class.clone(),
        rejected_by_class: cluster.rejected_by_class.clone(),
        admission_decisions: cluster.admission_decisions,
        rejected: cluster.rejections.len() as u64,
        routing_rejections: cluster.routing_rejections,
        routing_order: cluster.routing_order.clone(),
        rejections: cluster.rejections.clone(),
        tie_breaks: router.tie_breaks.clone(),
        candidates: present(&router.candidates),
        candidates_per_decision: if config.trace.record_candidates { kept } else { 0 },
        regret_sum: router.regret_sum,
        regret_max: router.regret_max,
    };
    let empty =
        |candidates: &[Candidate]| candidates.iter().map(|one| one.instance.is_some()).collect::<Vec<_>>();
    assert_eq!(empty(&actual.candidates), empty(&router.candidates), "entries of decisions");
    let actual = GatewayRecord { candidates: present(&actual.candidates), ..actual.clone() };
    assert!(actual == expected, "what the gateway did:\n{actual:?}\n{expected:?}");
}

/// The candidates without empty entries, whose score is not a number and so equals nothing.
fn present(candidates: &[Candidate]) -> Vec<Candidate> {
    candidates.iter().copied().filter(|candidate| candidate.instance.is_some()).collect()
}
