//! R-X1 and R-X8: ties, draws, and the order of names.

use super::recorded::{run, run_case, seen, setup, tie};
use crate::common::cluster::candidates;
use blis_playground::units::{InstanceIndex, RequestIndex};

#[test]
fn x1_a_burst_with_least_loaded() {
    let outcome = run_case("tiny-simultaneous-ties");
    let in_flight_before = [
        [0, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 1, 1, 0],
        [0, 1, 1, 1],
        [1, 1, 1, 1],
        [1, 1, 2, 1],
        [1, 1, 2, 2],
        [1, 2, 2, 2],
        [2, 2, 2, 2],
        [3, 2, 2, 2],
    ];
    let draws = [
        Some((4, 2)),
        Some((3, 1)),
        Some((2, 1)),
        None,
        Some((4, 2)),
        Some((3, 2)),
        Some((2, 1)),
        None,
        Some((4, 0)),
        Some((3, 2)),
    ];
    assert_eq!(outcome.gateway.routing_order, RequestIndex::first(10).collect::<Vec<_>>());
    for request in 0..10 {
        let row = request as usize;
        assert_eq!(seen(&outcome, request, |seen| seen.in_flight), in_flight_before[row]);
        assert_eq!(seen(&outcome, request, |seen| seen.queue_depth + seen.batch_size), [0; 4]);
        assert_eq!(tie(&outcome, request), draws[row], "request {request}");
    }
    assert_eq!(outcome.records.instance, [2, 1, 3, 0, 2, 3, 1, 0, 0, 3].map(InstanceIndex::new));
    assert_eq!(outcome.gateway.tie_breaks.len(), 8);
    let best_first: Vec<_> = candidates(&outcome, 1).iter().map(|c| (c.instance.get(), c.score)).collect();
    assert_eq!(best_first, [(0, 0.0), (1, 0.0), (3, 0.0), (2, -1.0)]);
}

#[test]
fn x8_candidates_are_listed_by_name_and_ties_counted_by_number() {
    let (mut config, ties) = setup("inst16-weighted");
    config.trace.counterfactual_k = 4;
    let outcome = run(&config, &ties);
    let listed: Vec<_> = candidates(&outcome, 0).iter().map(|c| c.instance.get()).collect();
    assert_eq!(listed, [0, 1, 10, 11]);
    let (tied, pick) = tie(&outcome, 0).expect("all are idle");
    assert_eq!(tied, 16);
    assert_eq!(outcome.records.instance[0].get(), pick);
}
