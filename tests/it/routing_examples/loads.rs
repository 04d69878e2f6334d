//! R-X4 and R-X7: regret of policies that do not follow the load.

use super::recorded::{run, run_case, seen, setup};
use crate::common::cluster::candidates;
use blis_playground::Outcome;
use blis_playground::record::Candidate;

fn numbers(candidate: &Candidate) -> (u32, u32, u32, u32, f64) {
    let Candidate { instance, queue_depth, batch_size, in_flight, score, .. } = *candidate;
    (instance.get(), queue_depth, batch_size, in_flight, score)
}

#[test]
fn x4_round_robin_with_regret() {
    let outcome = run_case("quick-example");
    assert_eq!(outcome.records.routed_at[200].0, 2_010_000);
    let listed: Vec<_> = candidates(&outcome, 200).iter().map(numbers).collect();
    assert_eq!(listed[..3], [(3, 0, 47, 48, -95.0), (1, 1, 47, 48, -96.0), (2, 0, 48, 49, -97.0)]);
    assert_eq!((listed[3].0, listed[3].4), (0, -100.0));
    assert_eq!(outcome.records.instance[200].get(), 0);
    assert_eq!((outcome.records.score[200], outcome.records.regret[200]), (-100.0, 5.0));
}

/// Mean regret to three decimals, and the largest.
fn regret(outcome: &Outcome) -> (String, f64) {
    let mean = outcome.gateway.regret_sum / outcome.gateway.routing_order.len() as f64;
    (format!("{mean:.3}"), outcome.gateway.regret_max)
}

#[test]
fn x4_regret_depends_on_the_age_of_the_view_even_where_routing_does_not() {
    let (mut config, _) = setup("quick-example");
    let mut runs = Vec::new();
    for (interval, mean) in [(0, "3.382"), (50_000, "3.454"), (500_000, "3.182"), (5_000_000, "1.586")] {
        config.routing.snapshot_refresh_interval = interval;
        let outcome = run(&config, &[]);
        assert_eq!(regret(&outcome), (mean.to_owned(), 19.0), "refresh interval {interval}");
        runs.push(outcome);
    }
    for outcome in &runs {
        assert_eq!(outcome.records.instance, runs[0].records.instance);
        assert_eq!(outcome.records.e2e, runs[0].records.e2e);
    }
}

#[test]
fn x7_always_busiest() {
    let outcome = run_case("route-always-busiest");
    let seen = seen(&outcome, 199, numbers);
    assert_eq!(seen[0], (0, 1, 163, 165, -329.0));
    for (instance, seen) in (1_u32..).zip(&seen[1..]) {
        assert_eq!(*seen, (instance, 0, 0, 0, 0.0));
    }
    assert_eq!(outcome.records.instance[199].get(), 0);
    assert_eq!(outcome.records.regret[199], 329.0);
}
