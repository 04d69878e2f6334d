//! Clusters whose long runs are known.

use blis_playground::config::{LatencyModelName, RoutingPolicyName, StreamsName};
use blis_playground::outcome::verdict::{Verdict, VerdictKind, verdict};
use blis_playground::{Config, simulate};

/// The opening scene: Qwen3-14B on one H100 per instance, 200 requests/s, dealt out in turn.
pub fn opening(instances: u32, requests: u32) -> Config {
    let mut config = Config { seed: 9, streams: StreamsName::Independent, ..Config::default() };
    config.model.latency_model = LatencyModelName::Roofline;
    config.cluster.num_instances = instances;
    config.workload.rate = 200.0;
    config.workload.num_requests = requests;
    config
}

/// Llama-3.1-8B on one L40S per instance, 30 requests/s.
fn filling_slowly(instances: u32, requests: u32) -> Config {
    let mut config = opening(instances, requests);
    "meta-llama/llama-3.1-8b-instruct".clone_into(&mut config.model.name);
    config.model.hardware = Some("L40S".to_owned());
    config.model.tp = Some(1);
    config.workload.rate = 30.0;
    config.routing.policy = RoutingPolicyName::LeastLoaded;
    config.seed = 42;
    config
}

pub fn judge(config: &Config) -> Verdict {
    verdict(&simulate(config).expect("settings that run"))
}

fn kind(config: &Config) -> VerdictKind {
    let verdict = judge(config);
    println!("{} × {}: {:?}", config.cluster.num_instances, config.workload.num_requests, verdict);
    verdict.kind
}

#[test]
fn four_instances_of_the_opening_scene_are_overloaded_at_any_length() {
    for requests in [1000, 3000, 10_000] {
        assert_eq!(kind(&opening(4, requests)), VerdictKind::Overloaded, "{requests} requests");
    }
}

#[test]
fn a_run_in_which_batches_still_fill_is_too_short() {
    for instances in [8, 11, 12] {
        assert_eq!(kind(&opening(instances, 1000)), VerdictKind::TooShort, "{instances} instances");
    }
    let verdict = judge(&opening(8, 1000));
    let enough = verdict.enough_requests.expect("a longer run helps");
    assert!((2000..=20_000).contains(&enough), "{enough}");
    assert_eq!(kind(&opening(8, enough as u32)), VerdictKind::Overloaded);
}

#[test]
fn twelve_instances_hold_and_eleven_do_not() {
    assert_eq!(kind(&opening(12, 30_000)), VerdictKind::Steady);
    assert_ne!(kind(&opening(11, 10_000)), VerdictKind::Steady);
    assert_eq!(kind(&opening(11, 100_000)), VerdictKind::Overloaded);
}

#[test]
fn a_queue_that_time_outs_hold_level_is_no_all_clear() {
    // With six, 39,713 of 100,000 give up after 300 s, and the queue stays level.
    let mut config = filling_slowly(6, 30_000);
    config.workload.timeout = Some(60);
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Overloaded, "{verdict:?}");
    assert!(verdict.losses.timed_out > 1000 && verdict.reason.contains("gave up after 60 s"), "{verdict:?}");
}

#[test]
fn a_cache_that_fills_slowly_at_the_limit_is_never_called_steady() {
    for requests in [3000, 10_000, 30_000] {
        assert_ne!(kind(&filling_slowly(7, requests)), VerdictKind::Steady, "{requests} requests");
    }
}

#[test]
fn the_same_at_full_length() {
    assert_ne!(kind(&filling_slowly(7, 60_000)), VerdictKind::Steady);
    assert_eq!(kind(&filling_slowly(7, 300_000)), VerdictKind::Overloaded);
    assert_eq!(kind(&filling_slowly(8, 100_000)), VerdictKind::Steady);
}
