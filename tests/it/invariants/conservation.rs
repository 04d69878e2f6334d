//! No request is lost, none is counted twice (INV-1, INV-4).

use super::generate::{cluster, disturbed, endless_cluster};
use crate::common::cluster::run;
use blis_playground::Outcome;
use blis_playground::record::RequestState;
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};
use proptest::prelude::*;

/// Number of requests in a state, on one instance or at all.
fn count(outcome: &Outcome, instance: Option<InstanceIndex>, states: &[RequestState]) -> u64 {
    let records = &outcome.records;
    let rows = 0..outcome.requests.len();
    rows.filter(|&row| states.contains(&records.state[row]))
        .filter(|&row| instance.is_none_or(|instance| records.instance[row] == instance))
        .count() as u64
}

fn check_instance(outcome: &Outcome, index: InstanceIndex) {
    use RequestState::{Completed, Dropped, InTransit, LengthCapped, Lost, Queued, Running, TimedOut};
    let record = &outcome.instances[index];
    let here = |states: &[RequestState]| count(outcome, Some(index), states);
    assert_eq!(record.completed, here(&[Completed, LengthCapped]));
    assert_eq!(record.length_capped, here(&[LengthCapped]));
    assert_eq!(record.timed_out, here(&[TimedOut]));
    assert_eq!(record.dropped, here(&[Dropped]));
    assert_eq!(record.still_queued, here(&[Queued]));
    assert_eq!(record.still_running, here(&[Running]));
    assert_eq!(record.lost, here(&[Lost]));
    let ended = record.completed + record.timed_out + record.dropped + record.lost;
    assert_eq!(record.routed, ended + record.still_queued + record.still_running + here(&[InTransit]));

    let rows = |states: &[RequestState]| {
        let states = states.to_vec();
        (0..outcome.requests.len()).filter(move |&row| {
            outcome.records.instance[row] == index && states.contains(&outcome.records.state[row])
        })
    };
    let admitted = [Completed, LengthCapped, TimedOut, Queued, Running, Lost];
    // A request may be lost on its way to the queue, where its tokens are counted.
    let joined =
        |&row: &usize| outcome.records.state[row] != Lost || outcome.records.enqueued_at[row].happened();
    let input: u64 = rows(&admitted).filter(joined).map(|row| u64::from(outcome.requests.input[row])).sum();
    assert_eq!(record.input_tokens, input);
    let output: u64 = rows(&[Completed]).map(|row| u64::from(outcome.requests.output[row])).sum();
    let capped: u64 = rows(&[LengthCapped]).map(|row| u64::from(outcome.records.itl_count[row]) + 1).sum();
    assert_eq!(record.output_tokens, output + capped);
    let preemptions: u64 = (0..outcome.requests.len())
        .filter(|&row| outcome.records.instance[row] == index)
        .map(|row| u64::from(outcome.records.preemptions[row]))
        .sum();
    assert_eq!(record.preemptions, preemptions);
    assert!(record.peak_kv_blocks <= record.total_kv_blocks);
    assert!(record.used_kv_blocks_end <= record.total_kv_blocks);
    if record.still_running == 0 {
        assert_eq!(record.used_kv_blocks_end, 0);
    }
    check_totals_of_steps(outcome, index);
}

fn check_totals_of_steps(outcome: &Outcome, index: InstanceIndex) {
    let record = &outcome.instances[index];
    let steps: Vec<_> = outcome.steps.iter().filter(|step| step.instance == index).collect();
    let tokens = |batch: &[(RequestIndex, u32)]| batch.iter().map(|&(_, new)| u64::from(new)).sum::<u64>();
    assert_eq!(record.steps, steps.len() as u64);
    assert_eq!(record.busy, Micros(steps.iter().map(|step| step.duration.0).sum()));
    assert_eq!(record.scheduled_tokens, steps.iter().map(|step| tokens(&step.batch)).sum::<u64>());
    let empty = steps.iter().filter(|step| tokens(&step.batch) == 0);
    assert_eq!(record.zero_token_steps, empty.count() as u64);
    assert_eq!(record.sum_batch, steps.iter().map(|step| step.batch.len() as u64).sum::<u64>());
    assert_eq!(record.max_batch, steps.iter().map(|step| step.batch.len() as u64).max().unwrap_or(0));
    assert_eq!(record.sum_waiting, steps.iter().map(|step| step.waiting_after).sum::<u64>());
    assert_eq!(record.max_waiting, steps.iter().map(|step| step.waiting_after).max().unwrap_or(0));
    assert_eq!(record.peak_kv_blocks, steps.iter().map(|step| step.used_kv_blocks).max().unwrap_or(0));
    let block_us = steps.iter().map(|step| u64::from(step.used_kv_blocks) * step.duration.0 as u64);
    assert_eq!(record.kv_block_us, block_us.sum::<u64>());
    assert_eq!(record.preemptions, steps.iter().map(|step| step.preempted.len() as u64).sum::<u64>());
}

fn check_gateway(outcome: &Outcome) {
    use RequestState::{NotArrived, Rejected};
    let (gateway, records) = (&outcome.gateway, &outcome.records);
    let rows = outcome.requests.len() as u64;
    assert_eq!(gateway.arrivals_by_class.iter().sum::<u64>(), rows - count(outcome, None, &[NotArrived]));
    assert_eq!(gateway.rejected, count(outcome, None, &[Rejected]));
    assert_eq!(gateway.rejected, gateway.rejected_by_class.iter().sum::<u64>());
    assert_eq!(gateway.rejected, gateway.rejections.len() as u64);
    let decided = records.admitted_at.iter().filter(|time| time.happened()).count() as u64;
    assert_eq!(gateway.admission_decisions, decided);
    let routed = outcome.instances.iter().map(|record| record.routed).sum::<u64>();
    assert_eq!(gateway.routing_order.len() as u64, routed);
    for row in 0..outcome.requests.len() {
        assert_eq!(records.routed_at[row].happened(), records.instance[row].is_some());
    }
    for class in 0..outcome.requests.classes.len() {
        let of_class = |states: &[RequestState]| {
            (0..outcome.requests.len())
                .filter(|&row| usize::from(outcome.requests.class[row]) == class)
                .filter(|&row| states.contains(&records.state[row]))
                .count() as u64
        };
        let total = outcome.requests.class.iter().filter(|&&other| usize::from(other) == class).count();
        assert_eq!(gateway.arrivals_by_class[class], total as u64 - of_class(&[NotArrived]));
        assert_eq!(gateway.rejected_by_class[class], of_class(&[Rejected]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_request_is_in_exactly_one_place(config in cluster()) {
        let outcome = run(&config);
        check_gateway(&outcome);
        for index in InstanceIndex::first(outcome.instances.len()) {
            check_instance(&outcome, index);
        }
    }

    #[test]
    fn every_request_is_in_exactly_one_place_when_instances_stop_and_bursts_come(config in disturbed()) {
        let outcome = run(&config);
        check_gateway(&outcome);
        for index in InstanceIndex::first(outcome.instances.len()) {
            check_instance(&outcome, index);
        }
    }

    #[test]
    fn without_a_horizon_every_request_comes_to_an_end(config in endless_cluster()) {
        use RequestState::{InTransit, NotArrived, Queued, Running};
        let outcome = run(&config);
        prop_assert_eq!(count(&outcome, None, &[NotArrived, InTransit, Queued, Running]), 0);
        for record in &outcome.instances {
            prop_assert_eq!(record.used_kv_blocks_end, 0);
        }
    }
}
