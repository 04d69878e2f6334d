//! Instances that stop and bursts of requests: the rules of the events chapter by hand, and what is said about such runs.

use crate::common::cluster::{ROOFLINE, config, request, run, times};
use crate::invariants::compare::{run_in_slices, whole_text};
use crate::invariants::generate::disturbed;
use crate::verdict::known::{judge, opening};
use blis_playground::config::{Burst, Kill, KillMode, RoutingPolicyName};
use blis_playground::outcome::beside::{beside, notes};
use blis_playground::outcome::verdict::VerdictKind;
use blis_playground::record::{EndReason, RequestState, StopRecord};
use blis_playground::theory::{calibrate, overlays};
use blis_playground::units::{InstanceIndex, Micros};
use blis_playground::{Config, Outcome, simulate};
use proptest::prelude::*;

const SECOND: i64 = 1_000_000;

/// Two instances and a request per second, dealt out in turn.
fn four_requests() -> Config {
    let requests = (0..4).map(|row| request(row * SECOND, 100 + row as u32, 5)).collect();
    let mut config = config(ROOFLINE, 2, requests);
    config.routing.policy = RoutingPolicyName::RoundRobin;
    config
}

fn kill(instance: u32, at: i64, mode: KillMode) -> Kill {
    Kill { instance, at, mode }
}

fn places(outcome: &Outcome) -> Vec<u32> {
    outcome.records.instance.iter().map(|instance| instance.get()).collect()
}

#[test]
fn example_e_x1_drain() {
    let mut config = four_requests();
    config.cluster.kills = vec![kill(1, SECOND, KillMode::Drain)];
    let outcome = run(&config);
    assert_eq!(places(&outcome), [0, 1, 0, 0]);
    assert!(outcome.records.state.iter().all(|&state| state == RequestState::Completed));
    let stop = StopRecord {
        instance: InstanceIndex::new(1),
        at: Micros(SECOND),
        mode: KillMode::Drain,
        held: 1,
        answered: 1,
        lost: 0,
    };
    assert_eq!(outcome.stops, [stop]);
}

#[test]
fn example_e_x1_crash() {
    let mut config = four_requests();
    config.cluster.kills = vec![kill(1, SECOND, KillMode::Crash)];
    let outcome = run(&config);
    assert_eq!(places(&outcome), [0, 1, 0, 0]);
    assert_eq!(outcome.records.state[1], RequestState::Lost);
    assert_eq!(outcome.records.end_reason[1], EndReason::Crashed);
    assert_eq!(
        (outcome.records.ended_at[1], outcome.records.enqueued_at[1]),
        (Micros(SECOND), Micros::NEVER)
    );
    assert_eq!((outcome.stops[0].held, outcome.stops[0].lost, outcome.summary().lost), (1, 1, 1));
    assert_eq!(notes(&outcome)[0].split(';').next(), Some("1 request got lost when an instance crashed"));
    assert_eq!(
        beside(&outcome).unfinished.map(|unfinished| (unfinished.lost, unfinished.in_system)),
        Some((1, 0))
    );
}

#[test]
fn example_e_x1_burst() {
    let mut config = four_requests();
    config.cluster.kills = vec![kill(1, SECOND, KillMode::Drain)];
    config.workload.bursts = vec![Burst { requests: 2, at: SECOND }];
    let outcome = run(&config);
    assert_eq!(outcome.requests.input, [100, 101, 102, 103, 101, 102]);
    assert_eq!(places(&outcome), [0, 1, 0, 0, 0, 1]);
    assert_eq!(times(&outcome.records.routed_at)[4..], [Some(SECOND), Some(SECOND)]);
    assert_eq!(outcome.summary().burst, 2);
}

#[test]
fn a_burst_goes_round_and_changes_no_other_request() {
    let mut config = four_requests();
    config.workload.bursts =
        vec![Burst { requests: 6, at: 2 * SECOND + 1 }, Burst { requests: 1, at: 9 * SECOND }];
    let outcome = run(&config);
    assert_eq!(outcome.requests.input[4..], [103, 100, 101, 102, 103, 100, 100]);
    let mut opening = opening(4, 500);
    let without = simulate(&opening).expect("valid");
    opening.workload.bursts = vec![Burst { requests: 100, at: SECOND }];
    let with = simulate(&opening).expect("valid");
    assert_eq!(with.requests.len(), 600);
    assert_eq!(with.requests.input[..500], without.requests.input[..]);
    assert_eq!(with.requests.arrival[..500], without.requests.arrival[..]);
    // Patience is repeated, not the deadline.
    let patience = |row: usize| with.requests.deadline[row] - with.requests.arrival[row];
    assert_eq!(patience(500), patience(0));
}

#[test]
fn users_whose_request_is_lost_send_no_more() {
    let mut config = opening(2, 40);
    config.workload.concurrency = 4;
    let sent = |config: &Config| simulate(config).expect("valid").requests.len();
    assert_eq!(sent(&config), 40);
    config.workload.num_requests = 0;
    config.cluster.horizon = Some(60 * SECOND);
    config.cluster.kills = vec![kill(0, SECOND, KillMode::Crash)];
    let outcome = simulate(&config).expect("valid");
    let lost: Vec<u32> = (0..outcome.requests.len())
        .filter(|&row| outcome.records.state[row] == RequestState::Lost)
        .map(|row| outcome.requests.session[row])
        .collect();
    assert!(!lost.is_empty() && lost.len() < 4, "{lost:?}");
    for user in lost {
        let rows = (0..outcome.requests.len()).filter(|&row| outcome.requests.session[row] == user);
        assert_eq!(
            rows.map(|row| outcome.requests.arrival[row].0).max().map(|last| last <= SECOND),
            Some(true)
        );
    }
}

#[test]
fn an_instance_that_stops_makes_the_verdict_that_of_those_that_are_left() {
    // 13 instances hold the opening scene for long, and so do 12, but not 8.
    let mut config = opening(13, 20_000);
    config.cluster.kills = vec![kill(3, 10 * SECOND, KillMode::Drain)];
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Steady, "{verdict:?}");
    assert!(verdict.reason.contains("instance 3 stopped at 10 s, and 12 are left"), "{verdict:?}");
    config.cluster.kills = (0..5).map(|instance| kill(instance, 10 * SECOND, KillMode::Crash)).collect();
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Overloaded, "{verdict:?}");
    assert!(verdict.losses.lost > 100, "{verdict:?}");
    // A single one is left at the very end, which the run does not show to hold.
    config.cluster.kills = (0..12).map(|instance| kill(instance, 99 * SECOND, KillMode::Drain)).collect();
    assert_ne!(judge(&config).kind, VerdictKind::Steady);
}

#[test]
fn a_burst_that_is_served_leaves_a_cluster_that_holds() {
    let mut config = opening(14, 20_000);
    config.workload.bursts = vec![Burst { requests: 1500, at: 20 * SECOND }];
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Steady, "{verdict:?}");
    assert!(verdict.reason.starts_with("the busiest time"), "{verdict:?}");
    config.cluster.num_instances = 8;
    assert_eq!(judge(&config).kind, VerdictKind::Overloaded);
}

#[test]
fn what_comes_long_after_the_streams_does_not_make_them_longer() {
    let mut config = opening(4, 100);
    config.workload.rate = 20.0;
    assert_eq!(judge(&config).kind, VerdictKind::TooShort);
    config.workload.bursts = vec![Burst { requests: 1, at: 1000 * SECOND }];
    assert_eq!(judge(&config).kind, VerdictKind::TooShort, "{:?}", judge(&config));
    config.workload.num_requests = 1000;
    config.workload.rate = 200.0;
    assert_eq!(judge(&config).kind, VerdictKind::Overloaded, "{:?}", judge(&config));
}

#[test]
fn a_load_far_beyond_the_limit_is_not_close_to_it() {
    let mut config = opening(2, 6000);
    config.workload.rate = 20.0;
    config.cluster.kills = vec![kill(0, 297 * SECOND, KillMode::Drain)];
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::TooShort);
    assert!(verdict.reason.contains("of what the instances that are left can serve"), "{verdict:?}");
}

#[test]
fn users_that_are_gone_are_not_said_to_wait() {
    let mut config = opening(4, 1000);
    config.workload.concurrency = 40;
    config.cluster.kills = [0, 1].map(|instance| kill(instance, 3 * SECOND, KillMode::Crash)).to_vec();
    let verdict = judge(&config);
    let gone = verdict.losses.lost;
    assert!(verdict.reason.starts_with(&format!("each of the {} users waits", 40 - gone)), "{verdict:?}");
    config.workload.concurrency = 2;
    config.cluster.kills = [0, 1].map(|instance| kill(instance, SECOND, KillMode::Crash)).to_vec();
    let verdict = judge(&config);
    assert!(verdict.reason.starts_with("a request of each of the 2 users got lost"), "{verdict:?}");
}

#[test]
fn the_load_is_that_of_the_instances_that_are_left_and_without_bursts() {
    let mut config = opening(5, 6000);
    config.workload.rate = 80.0;
    let calibration = calibrate(&config).expect("measurable");
    let rate = |config: &Config| {
        let forms = overlays(config, &run(config), &calibration);
        forms.excess.value("rate_per_instance").expect("a rate")
    };
    assert!((rate(&config) - 16.0).abs() < 0.1);
    config.cluster.kills = vec![kill(2, 20 * SECOND, KillMode::Crash)];
    config.workload.bursts = vec![Burst { requests: 600, at: 30 * SECOND }];
    assert!((rate(&config) - 20.0).abs() < 0.1);
}

#[test]
fn a_run_that_is_cut_says_how_many_were_answered() {
    let mut config = opening(4, 1000);
    config.cluster.kills = vec![kill(2, SECOND, KillMode::Drain)];
    config.cluster.horizon = Some(1_200_000);
    let stop = run(&config).stops[0];
    assert!(stop.held > 40 && stop.answered < stop.held && stop.lost == 0, "{stop:?}");
}

#[test]
fn closed_forms_of_a_steady_cluster_say_why_they_do_not_hold() {
    let mut config = opening(12, 3000);
    config.cluster.kills = vec![kill(3, 2 * SECOND, KillMode::Drain)];
    // The constants are those of the cluster without events.
    let calibration = calibrate(&config).expect("measurable");
    assert_eq!(calibration, calibrate(&opening(12, 3000)).expect("measurable"));
    let forms = overlays(&config, &run(&config), &calibration);
    for form in [&forms.excess, &forms.batch, &forms.occupancy, &forms.erlang, &forms.fluid] {
        assert!(!form.holds && form.because == "instance 3 stopped at 2 s", "{form:?}");
    }
    config.cluster.kills.clear();
    config.workload.bursts = vec![Burst { requests: 30, at: SECOND }];
    let forms = overlays(&config, &run(&config), &calibration);
    assert_eq!(forms.fluid.because, "30 requests came in bursts beside the others");
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let mut config = opening(3, 100);
    let refused = |config: &Config| config.validate().expect_err("refused").to_string();
    config.cluster.kills = vec![kill(3, 0, KillMode::Drain)];
    assert_eq!(
        refused(&config),
        "cluster.kills[0].instance: got 3, expected an instance of the cluster, from 0 to 2"
    );
    config.cluster.kills = vec![kill(1, 0, KillMode::Drain), kill(1, 5, KillMode::Drain)];
    assert_eq!(
        refused(&config),
        "cluster.kills[1].instance: got 1, expected an instance that does not stop before (duplicate)"
    );
    config.cluster.kills =
        [2, 0, 1].map(|instance| kill(instance, 9 - i64::from(instance), KillMode::Drain)).to_vec();
    assert_eq!(
        refused(&config),
        "cluster.kills[1].instance: instance 0 cannot be combined with cluster.num_instances 3: no instance would be \
         left; expected at least one instance that keeps taking requests"
    );
    config.cluster.kills = vec![kill(0, -1, KillMode::Drain)];
    assert_eq!(
        refused(&config),
        "cluster.kills[0].at: got -1, expected a whole number of µs from 0 to 1000000000000000"
    );
    config.cluster.kills.clear();
    config.workload.bursts = vec![Burst { requests: 0, at: 0 }];
    assert_eq!(
        refused(&config),
        "workload.bursts[0].requests: got 0, expected a whole number from 1 to 5000000"
    );
    config.workload.bursts = vec![Burst { requests: 4_999_950, at: 0 }];
    assert_eq!(
        refused(&config),
        "workload.bursts: got 5000050 requests, expected at most 5000000 requests, all others included"
    );
    config.workload.bursts = vec![Burst { requests: 1, at: 9 * SECOND }];
    config.cluster.horizon = Some(SECOND);
    let warnings: Vec<String> = config.validate().expect("it runs").iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["workload.bursts[0]: has no effect: the run ends at 1000000 µs"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_routed_to_an_instance_after_it_stopped(config in disturbed()) {
        let outcome = run(&config);
        for stop in &outcome.stops {
            for row in 0..outcome.requests.len() {
                let late = outcome.records.routed_at[row] > stop.at;
                prop_assert!(outcome.records.instance[row] != stop.instance || !late, "request {row}");
            }
        }
    }

    #[test]
    fn slices_make_no_difference_when_instances_stop(config in disturbed(), budgets in prop::collection::vec(1_u64..200, 1..4)) {
        prop_assert_eq!(whole_text(&run_in_slices(&config, &budgets)), whole_text(&run(&config)));
    }
}
