//! C-X1, C-X5, C-X6: the order of events, the horizon, and when a request leaves the gateway's count.

use crate::common::cluster::{
    ROOFLINE, TRAINED_PHYSICS, config, happened, instances, of_class, request, run, steps, times, view,
    with_deadline,
};
use blis_playground::config::RoutingPolicyName;
use blis_playground::outcome::Outcome;
use blis_playground::record::{EndReason, RequestState};
use blis_playground::units::RequestIndex;

#[test]
fn x1_event_order() {
    let requests = vec![request(0, 100, 2), request(0, 50, 1), request(1000, 30, 1), request(1500, 20, 1)];
    let mut config = config(ROOFLINE, 2, requests);
    config.admission.latency = 1000;
    config.routing.latency = 500;
    let outcome = run(&config);
    let records = &outcome.records;
    assert_eq!(times(&records.admitted_at), happened(&[1000, 1000, 2000, 2500]));
    assert_eq!(times(&records.routed_at), happened(&[1500, 1500, 2500, 3000]));
    assert_eq!(times(&records.enqueued_at), happened(&[1500, 1500, 2500, 3000]));
    assert_eq!(times(&records.first_scheduled_at), happened(&[1500, 1500, 7276, 3000]));
    assert_eq!(times(&records.ttft), happened(&[7276, 7267, 12_045, 7262]));
    assert_eq!(times(&records.e2e), happened(&[13_045, 7267, 12_045, 7262]));
    assert_eq!(times(&records.ended_at), happened(&[13_045, 7267, 13_045, 8762]));
    assert_eq!(instances(&outcome), [Some(0), Some(1), Some(0), Some(1)]);
    assert_eq!(
        steps(&outcome),
        [
            (1500, 0, 5776, vec![(0, 100)]),
            (1500, 1, 5767, vec![(1, 50)]),
            (3000, 1, 5762, vec![(3, 20)]),
            (7276, 0, 5769, vec![(0, 1), (2, 30)]),
        ]
    );
    assert_eq!([outcome.instances[0].end.0, outcome.instances[1].end.0], [13_045, 8762]);
}

#[test]
fn x1_a_routing_decision_counts_all_before_it_and_none_that_left() {
    let requests = vec![request(0, 100, 2), request(0, 50, 1), request(1000, 30, 1), request(1500, 20, 1)];
    let mut config = config(ROOFLINE, 2, requests);
    config.admission.latency = 1000;
    config.routing.latency = 500;
    let outcome = run(&config);
    let in_flight = |request| view(&outcome, request).iter().map(|seen| seen.in_flight).collect::<Vec<_>>();
    assert_eq!(in_flight(2), [1, 0], "request 1 left at the start of its only step");
    assert_eq!(in_flight(3), [2, 0]);
    for request in 0..4 {
        let seen = view(&outcome, request);
        assert!(seen.iter().all(|seen| seen.queue_depth == 0 && seen.batch_size == 0), "not refreshed yet");
    }
    assert_eq!(outcome.records.score[2..], [-1.0, 0.0]);
    assert_eq!(outcome.records.regret[2..], [1.0, 0.0]);
}

#[test]
fn x5_the_horizon() {
    let requests = vec![
        request(0, 100, 3),
        request(10_000, 50, 2),
        request(18_800, 50, 2),
        of_class("batch", request(19_500, 50, 2)),
        request(20_000, 50, 2),
        request(20_001, 50, 2),
    ];
    let mut config = config(TRAINED_PHYSICS, 1, requests);
    config.admission.latency = 1000;
    config.routing.latency = 500;
    config.cluster.horizon = Some(20_000);
    let outcome = run(&config);
    let records = &outcome.records;
    let (transit, running) = (RequestState::InTransit, RequestState::Running);
    assert_eq!(records.state, [running, transit, transit, transit, transit, RequestState::NotArrived]);
    let admitted = [Some(1000), Some(11_000), Some(19_800), None, None, None];
    assert_eq!(times(&records.admitted_at), admitted);
    assert_eq!(times(&records.routed_at), [Some(1500), Some(11_500), None, None, None, None]);
    assert_eq!(times(&records.enqueued_at), [Some(17_063), None, None, None, None, None]);
    assert_eq!(times(&records.ttft), [Some(29_677), None, None, None, None, None]);
    assert_eq!(times(&records.e2e), [None; 6]);
    assert_eq!(steps(&outcome), [(17_063, 0, 12_569, vec![(0, 100)])]);

    let arrivals = |class: &str| {
        let at = outcome.requests.classes.iter().position(|name| name == class).expect("a class that occurs");
        outcome.gateway.arrivals_by_class[at]
    };
    assert_eq!((arrivals(""), arrivals("batch")), (4, 1));
    assert_eq!(outcome.gateway.admission_decisions, 3);
    assert_eq!(outcome.gateway.routing_order, [0, 1].map(RequestIndex::new));
    let instance = &outcome.instances[0];
    assert_eq!((instance.routed, instance.still_running, instance.completed), (2, 1, 0));
    assert_eq!((instance.input_tokens, instance.end.0), (100, 17_063));
}

/// What the routing decision of a request saw of the only instance: in flight, waiting, running, score.
fn seen(outcome: &Outcome, request: u32) -> (u32, u32, u32, f64) {
    let seen = view(outcome, request)[0];
    (seen.in_flight, seen.queue_depth, seen.batch_size, seen.score)
}

#[test]
fn x6_in_flight_drop_and_timeout() {
    let mut requests =
        vec![request(0, 100, 3), request(0, 600, 1), with_deadline(20_000, request(0, 50, 50))];
    requests.extend([15_563, 15_564, 20_000, 20_001].map(|arrival| request(arrival, 20, 1)));
    let mut config = config(TRAINED_PHYSICS, 1, requests);
    config.routing.policy = RoutingPolicyName::LeastLoaded;
    config.routing.snapshot_refresh_interval = 0;
    config.memory.max_model_len = Some(600);
    let outcome = run(&config);
    assert_eq!(seen(&outcome, 0), (0, 0, 0, 0.0));
    assert_eq!(seen(&outcome, 1), (1, 0, 0, -1.0));
    assert_eq!(seen(&outcome, 2), (2, 0, 0, -2.0));
    assert_eq!(seen(&outcome, 3), (3, 0, 0, -3.0), "the gateway comes before the instance");
    assert_eq!(seen(&outcome, 4), (3, 0, 2, -5.0), "one was dropped, two run");
    assert_eq!(seen(&outcome, 5), (4, 0, 2, -6.0), "the timeout of this very time comes later");
    assert_eq!(seen(&outcome, 6), (4, 0, 1, -5.0));

    assert_eq!(
        steps(&outcome),
        [
            (15_563, 0, 12_777, vec![(0, 100), (2, 50)]),
            (28_340, 0, 12_171, vec![(0, 1)]),
            (40_511, 0, 12_514, vec![(0, 1), (3, 20), (4, 20), (5, 20), (6, 20)]),
        ]
    );
    let records = &outcome.records;
    assert_eq!(times(&records.enqueued_at)[3..], happened(&[31_126, 31_127, 35_563, 35_564]));
    let e2e = [Some(53_937), None, None, Some(38_284), Some(38_283), Some(33_847), Some(33_846)];
    assert_eq!(times(&records.e2e), e2e);
    assert_eq!(records.ttft[2].get(), Some(28_385));
    assert_eq!((records.state[1], records.ended_at[1].0), (RequestState::Dropped, 15_563));
    assert_eq!(records.end_reason[1..3], [EndReason::InputExceedsMaxModelLen, EndReason::Running]);
    assert_eq!((records.state[2], records.ended_at[2].0), (RequestState::TimedOut, 20_000));
}

#[test]
fn x6_a_deadline_that_passes_before_the_queue_counts_until_then() {
    let requests =
        vec![with_deadline(10_000, request(20, 50, 5)), request(15_583, 20, 1), request(15_584, 20, 1)];
    let mut config = config(TRAINED_PHYSICS, 1, requests);
    config.routing.snapshot_refresh_interval = 0;
    let outcome = run(&config);
    let records = &outcome.records;
    assert_eq!(records.routed_at[0].0, 20, "the gateway does not look at deadlines");
    assert_eq!((records.end_reason[0], records.ended_at[0].0), (EndReason::PastDueAtEnqueue, 15_583));
    assert_eq!(seen(&outcome, 1).0, 1);
    assert_eq!(seen(&outcome, 2).0, 1, "request 1 alone");
}
