//! What the random workloads bring about: a comparison of runs in which nothing happens proves nothing.

use super::talks::conversations;
use super::workloads::{coincidences, tenants, tight_memory, trees, virtual_users};
use crate::invariants::generate::{cluster, disturbed};
use blis_playground::record::{EndReason, Limit, RejectionReason, RequestState};
use blis_playground::units::Micros;
use blis_playground::workload::{NO_NODE, SessionState};
use blis_playground::{Config, Outcome, Simulation};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

/// Workloads of each kind, always the same ones.
const WORKLOADS: usize = 150;

/// How often each thing happened.
type Counts = BTreeMap<&'static str, u64>;

fn outcomes(strategy: impl Strategy<Value = Config>) -> Vec<Outcome> {
    let mut runner = TestRunner::deterministic();
    let mut next = || strategy.new_tree(&mut runner).expect("a workload").current();
    let run = |config: &Config| {
        let mut simulation = Simulation::new(config).expect("a valid configuration");
        simulation.track_limits();
        simulation.run_to_end();
        simulation.finish()
    };
    (0..WORKLOADS).map(|_| run(&next())).collect()
}

fn count(outcome: &Outcome, counts: &mut Counts) {
    let records = &outcome.records;
    let states = |state| records.state.iter().filter(|&&other| other == state).count() as u64;
    let reasons = |reason| records.end_reason.iter().filter(|&&other| other == reason).count() as u64;
    let sum = |value: fn(&blis_playground::record::InstanceRecord) -> u64| -> u64 {
        outcome.instances.iter().map(value).sum()
    };
    let partial = outcome.steps.iter().flat_map(|step| &step.batch);
    let partial = partial.filter(|&&(row, new)| new > 1 && new < outcome.requests.input[row]);
    let whole_hits = (0..records.state.len()).filter(|&row| {
        records.cached_last[row] > 0 && records.cached_last[row] == outcome.requests.input[row]
    });
    let evicted_empty = (0..records.state.len())
        .filter(|&row| outcome.requests.input[row] == 0 && records.preemptions[row] > 0);
    let limited = |limit| outcome.steps.iter().filter(|step| step.limit == Some(limit)).count() as u64;
    let waits = &outcome.limits.as_ref().expect("it was asked for").instances;
    let under_way = waits.iter().fold(Micros::ZERO, |sum, times| sum + times.step_under_way);
    let rejections = outcome.gateway.rejections.iter();
    let over_budget = rejections.filter(|(_, reason)| *reason == RejectionReason::TenantBudget);
    let ended = |state| outcome.sessions.iter().filter(|end| end.state == state).count() as u64;
    let given = &outcome.requests;
    let context = given.context_tokens();
    let before = |row: usize| {
        let same = |&other: &usize| {
            given.session[other] == given.session[row] && given.round[other] + 1 == given.round[row]
        };
        (0..records.state.len()).find(same).filter(|_| context[row] > 0)
    };
    let (mut beyond, mut evicted_rounds, mut overlapping) = (0, 0, 0);
    for (row, before) in (0..records.state.len()).filter_map(|row| Some((row, before(row)?))) {
        beyond += u64::from(records.cached_last[row] > given.input[before]);
        evicted_rounds += u64::from(records.preemptions[row] > 0);
        overlapping +=
            u64::from(records.ended_at[before].get().is_some_and(|end| end > given.arrival[row].0));
    }
    let leaves = outcome.requests.tree.as_ref().map_or(&[][..], |tree| tree.leaf.as_slice());
    let in_tree = (0..leaves.len()).filter(|&row| leaves[row] != NO_NODE);
    let hits_in_tree = in_tree.clone().filter(|&row| records.cached_first[row] > 0).count() as u64;
    let evicted_in_tree = in_tree.filter(|&row| records.preemptions[row] > 0).count() as u64;
    for (what, number) in [
        ("requests with hash ids that find some of their prompt", hits_in_tree),
        ("evicted requests with hash ids", evicted_in_tree),
        ("completed", states(RequestState::Completed)),
        ("length-capped", states(RequestState::LengthCapped)),
        ("rejected", states(RequestState::Rejected)),
        ("rejected at routing", reasons(EndReason::OtherModel)),
        ("unfinished answers", outcome.unfinished.len() as u64),
        ("rejected over a budget", over_budget.count() as u64),
        ("in transit", states(RequestState::InTransit)),
        ("not arrived", states(RequestState::NotArrived)),
        ("still queued", states(RequestState::Queued)),
        ("still running", states(RequestState::Running)),
        ("dropped, prompt too long", reasons(EndReason::InputExceedsMaxModelLen)),
        ("dropped, too long together", reasons(EndReason::TotalExceedsMaxModelLen)),
        ("dropped, too few blocks", reasons(EndReason::InputExceedsKvCapacity)),
        ("timed out waiting", reasons(EndReason::Queued)),
        ("timed out running", reasons(EndReason::Running)),
        ("past due", reasons(EndReason::PastDueAtEnqueue)),
        ("preemptions", sum(|record| record.preemptions)),
        ("cache hits", sum(|record| record.cache_hits)),
        ("steps without tokens", sum(|record| record.zero_token_steps)),
        ("failed final stores", sum(|record| record.kv_allocation_failures)),
        ("ties", outcome.gateway.tie_breaks.len() as u64),
        ("chunks", partial.count() as u64),
        ("whole-prompt hits", whole_hits.count() as u64),
        ("evicted requests without a prompt", evicted_empty.count() as u64),
        ("steps at which the step budget refused", limited(Limit::StepBudget)),
        ("steps at which slots refused", limited(Limit::Slots)),
        ("steps at which KV blocks refused", limited(Limit::KvBlocks)),
        ("waiting for the step under way", under_way.0 as u64),
        ("lost waiting or running", states(RequestState::Lost)),
        (
            "instances that drain",
            outcome.stops.iter().filter(|stop| stop.held > 0 && stop.lost == 0).count() as u64,
        ),
        ("conversations that completed", ended(SessionState::Completed)),
        ("cancelled conversations", ended(SessionState::Cancelled)),
        ("conversations that the horizon ended", ended(SessionState::HorizonInterrupted)),
        ("conversations without an answer", ended(SessionState::Active)),
        ("rounds that find more than the round before them had in its prompt", beyond),
        ("evicted rounds of growing conversations", evicted_rounds),
        ("rounds that arrive before the one before them has ended", overlapping),
        ("requests of bursts", outcome.burst.len() as u64),
        ("follow-ups", outcome.requests.round.iter().filter(|&&round| round > 0).count() as u64),
    ] {
        *counts.entry(what).or_default() += number;
    }
}

#[test]
fn the_random_workloads_bring_about_everything_that_the_chapters_speak_of() {
    let mut counts = Counts::new();
    let kinds = [
        outcomes(cluster()),
        outcomes(coincidences()),
        outcomes(tight_memory()),
        outcomes(virtual_users()),
        outcomes(disturbed()),
        outcomes(tenants()),
        outcomes(trees()),
        outcomes(conversations()),
    ];
    for outcome in kinds.iter().flatten() {
        count(outcome, &mut counts);
    }
    println!("{counts:#?}");
    let missing: Vec<_> = counts.iter().filter(|&(_, &number)| number == 0).collect();
    assert!(missing.is_empty(), "{missing:?} never happened");
}
