//! Figures beside the reference's, in whole runs.

use blis_playground::outcome::beside::{beside, notes};
use blis_playground::record::RequestState;
use blis_playground::units::RequestIndex;
use blis_playground::{Config, Outcome, simulate};
use std::collections::BTreeMap;

fn run(pairs: &str) -> Outcome {
    let pairs = pairs.split_whitespace().map(|pair| pair.split_once('=').expect("key=value"));
    simulate(&Config::from_pairs(&Config::default(), pairs).expect("valid settings"))
        .expect("a valid configuration")
}

/// Tokens that a run generated for requests that did not end well, counted in its log of steps: each step that a request
/// takes part in computes tokens, and what comes on top of its prompt is its answer, the first token with the prompt.
fn tokens_in_the_log(outcome: &Outcome) -> u64 {
    let mut computed: BTreeMap<RequestIndex, u64> = BTreeMap::new();
    for step in &outcome.steps {
        for &request in &step.newly_scheduled {
            computed.insert(request, 0);
        }
        for &(request, new) in &step.batch {
            *computed.entry(request).or_default() += u64::from(new);
        }
        for request in &step.preempted {
            computed.remove(request);
        }
    }
    let unfinished = |request: RequestIndex| {
        matches!(outcome.records.state[request], RequestState::Running | RequestState::TimedOut)
    };
    let counted = computed.into_iter().filter(|&(request, _)| unfinished(request));
    counted
        .map(|(request, computed)| (computed + 1).saturating_sub(u64::from(outcome.requests.input[request])))
        .sum()
}

#[test]
fn tokens_of_unfinished_requests_are_those_of_the_steps() {
    for pairs in [
        "rate=10 n=300 horizon=20000000 steps=true",
        "rate=40 n=300 timeout=8 steps=true",
        "rate=40 n=400 timeout=8 horizon=11000000 instances=3 steps=true latency=roofline",
    ] {
        let outcome = run(pairs);
        let unfinished = beside(&outcome).unfinished.expect("some are not answered");
        assert!(unfinished.output_tokens > 1000, "{pairs}");
        assert_eq!(unfinished.output_tokens, tokens_in_the_log(&outcome), "{pairs}");
    }
}

#[test]
fn a_run_that_is_cut_produced_more_than_its_completed_requests_say() {
    let outcome = run("streams=independent rate=10 n=300 horizon=20000000");
    let unfinished = beside(&outcome).unfinished.expect("some are not answered");
    assert_eq!((unfinished.gave_up, unfinished.in_system), (0, 105));
    assert!((3300.0..3450.0).contains(&unfinished.produced_tokens_per_sec), "{unfinished:?}");
    assert!(notes(&outcome)[1].ends_with("tokens/s were produced, 1,763 of them for completed requests"));
}

#[test]
fn percentiles_with_those_who_gave_up_are_at_least_their_patience() {
    let outcome = run("rate=60 n=3000 timeout=1 prompt=2048 latency=roofline");
    let unfinished = beside(&outcome).unfinished.expect("some gave up");
    assert!(unfinished.gave_up > 300 && unfinished.in_system == 0, "{unfinished:?}");
    // A first token of a step under way at the deadline still counts, so that some waited longer.
    assert!(unfinished.ttft_p99_at_least_ms >= 1000.0, "{unfinished:?}");
    // The printed figure covers the quick ones, which were completed.
    let printed = outcome.summary().e2e.p99_ms;
    assert!(printed < unfinished.e2e_p99_at_least_ms, "{printed} {unfinished:?}");
}

#[test]
fn a_run_without_losses_has_nothing_beside_it() {
    let outcome = run("rate=10 n=300 instances=2");
    assert_eq!(beside(&outcome).unfinished, None);
    assert_eq!(notes(&outcome), [""; 0]);
}

#[test]
fn a_shared_prefix_that_ties_everything_to_one_instance_is_said() {
    let spec = r#"spec={"aggregate_rate":3,"num_requests":400,"clients":[{"id":"g","rate_fraction":1,"prefix_group":"p","prefix_length":2548,"arrival":{"process":"poisson"},"input_distribution":{"type":"constant","params":{"value":7252}},"output_distribution":{"type":"constant","params":{"value":430}}}]}"#;
    let outcome = run(&format!("instances=2 route=weighted scorers=prefix-affinity:1 {spec}"));
    let concentration = beside(&outcome).concentration.expect("one instance gets everything");
    assert_eq!((concentration.requests, concentration.routed), (400, 400));
    let sentence = format!("all 400 requests went to instance {}, one of 2", concentration.instance);
    assert!(notes(&outcome).contains(&sentence), "{:?}", notes(&outcome));
}
