//! The reason given for each kind of run.

use super::known::{judge, opening};
use super::scenes::scene;
use blis_playground::config::{AdmissionPolicyName, ExplicitRequest, LatencyModelName, StreamsName};
use blis_playground::outcome::verdict::{Losses, VerdictKind};
use blis_playground::record::Ending;
use blis_playground::workload::specification::from_yaml;
use blis_playground::{Config, simulate};

fn listed(requests: Vec<ExplicitRequest>) -> Config {
    let mut config = opening(1, 0);
    config.workload.requests = Some(requests.into());
    config
}

fn request(arrival_us: i64, input_tokens: u32, output_tokens: u32) -> ExplicitRequest {
    ExplicitRequest { arrival_us, input_tokens, output_tokens, ..ExplicitRequest::default() }
}

/// A number of requests, evenly over the time.
fn even(count: i64, every_us: i64) -> Vec<ExplicitRequest> {
    (0..count).map(|number| request(number * every_us, 256, 32)).collect()
}

#[test]
fn no_request_at_all_tells_nothing() {
    let verdict = judge(&listed(Vec::new()));
    assert_eq!((verdict.kind, verdict.reason.as_str()), (VerdictKind::TooShort, "no request arrived"));
    assert_eq!((verdict.enough_requests, verdict.losses), (None, Losses::default()));
}

#[test]
fn one_instant_burst_shows_a_burst() {
    let verdict = judge(&listed(vec![request(5, 512, 64); 500]));
    assert_eq!(verdict.kind, VerdictKind::TooShort);
    assert!(verdict.reason.starts_with("all 500 requests arrive at once"), "{}", verdict.reason);
    assert_eq!(verdict.enough_requests, None);
}

#[test]
fn a_closed_loop_cannot_run_over() {
    let mut config = opening(1, 4000);
    config.workload.concurrency = 300;
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Steady, "{verdict:?}");
    assert!(verdict.reason.starts_with("each of the 300 users waits for its answer"), "{}", verdict.reason);
    config.workload.num_requests = 600;
    let verdict = judge(&config);
    assert_eq!((verdict.kind, verdict.enough_requests), (VerdictKind::TooShort, Some(1500)));
}

#[test]
fn a_closed_loop_whose_users_give_up_is_overloaded() {
    let mut config = opening(1, 4000);
    config.workload.concurrency = 600;
    config.workload.timeout = Some(20);
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Overloaded, "{verdict:?}");
}

/// Conversations of five turns, ten seconds apart, four of which begin each second, or `together` all within one.
fn conversations(turns: u64, together: bool) -> Config {
    let spec = format!(
        "
version: '2'
aggregate_rate: {}
num_requests: {turns}
clients:
- id: chat
  rate_fraction: 1
  arrival: {{process: poisson}}
  input_distribution: {{type: gaussian, params: {{mean: 250, std_dev: 100, min: 8, max: 900}}}}
  output_distribution: {{type: exponential, params: {{mean: 211, min: 2, max: 1000}}}}
  reasoning:
    reason_ratio_distribution: {{type: constant, params: {{value: 0}}}}
    multi_turn: {{max_rounds: 5, think_time_us: 10000000, context_growth: accumulate}}
",
        if together { 1000 } else { 4 }
    );
    let mut config = opening(3, 0);
    config.streams = StreamsName::Reference;
    config.workload.spec = Some(from_yaml(&spec).expect("a specification"));
    config
}

#[test]
fn conversations_must_begin_for_several_times_as_long_as_they_last() {
    let few = judge(&conversations(600, false));
    assert_eq!(few.kind, VerdictKind::TooShort, "{few:?}");
    assert!(few.reason.starts_with("conversations begin for 53.5 s and last 46.1 s"), "{}", few.reason);
    let enough = few.enough_requests.expect("a longer run decides");
    assert!((1800..4000).contains(&enough), "{enough}");
    let longer = judge(&conversations(enough, false));
    assert_eq!(longer.kind, VerdictKind::Steady, "{longer:?}");
    // More of a group that begins at once is a larger group.
    let together = judge(&conversations(600, true));
    assert_eq!((together.kind, together.enough_requests), (VerdictKind::TooShort, None), "{together:?}");
    assert!(together.reason.starts_with("all conversations begin within "), "{}", together.reason);
}

/// Some conversations wait with KV blocks that running ones need, and none has a deadline.
#[test]
fn requests_that_evict_each_other_for_ever_are_given_up() {
    let spec = "
version: '2'
aggregate_rate: 3
num_requests: 200
clients:
- id: talk
  rate_fraction: 1
  timeout: 0
  arrival: {process: poisson}
  input_distribution: {type: gaussian, params: {mean: 800, std_dev: 200, min: 8, max: 2000}}
  output_distribution: {type: exponential, params: {mean: 300, min: 2, max: 1500}}
  reasoning:
    reason_ratio_distribution: {type: constant, params: {value: 0}}
    multi_turn: {max_rounds: 8, think_time_us: 1000000, context_growth: accumulate}
";
    let mut config = opening(2, 0);
    config.seed = 42;
    config.streams = StreamsName::Reference;
    config.memory.total_kv_blocks = Some(900);
    config.memory.kv_cpu_blocks = 50_000;
    config.workload.spec = Some(from_yaml(spec).expect("a specification"));
    let outcome = simulate(&config).expect("a run");
    assert!(matches!(outcome.ending, Ending::Livelock { .. }), "{:?}", outcome.ending);
    let verdict = judge(&config);
    assert!(verdict.reason.contains(" is evicted again and again on instance "), "{}", verdict.reason);
}

#[test]
fn a_run_cut_by_a_horizon_says_so() {
    let mut config = opening(4, 10_000);
    config.cluster.horizon = Some(20_000_000);
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Overloaded, "{verdict:?}");
    assert!(verdict.reason.ends_with("were unfinished when the run was cut at 20 s"), "{}", verdict.reason);
    // Cut while the batches fill, it is too short whatever its requests would have done.
    config.cluster.horizon = Some(2_000_000);
    config.cluster.num_instances = 12;
    assert_eq!(judge(&config).kind, VerdictKind::TooShort);
}

#[test]
fn a_trace_is_judged_by_its_busiest_time() {
    let quiet = judge(&listed(even(600, 200_000)));
    assert_eq!(quiet.kind, VerdictKind::Steady, "{quiet:?}");
    // In the middle of ten minutes 3,000 requests come within five seconds.
    let mut requests = even(3000, 200_000);
    requests.extend((0..3000).map(|number| request(300_000_000 + number * 1_666, 256, 32)));
    let burst = judge(&listed(requests));
    assert_eq!(burst.kind, VerdictKind::Steady, "{burst:?}");
    assert!(burst.reason.starts_with("the busiest time (300 s to"), "{}", burst.reason);
    // At the end, and more than can be served by then.
    let mut requests = even(1500, 200_000);
    requests.extend((0..9000).map(|number| request(300_000_000 + number * 1_666, 2048, 64)));
    let verdict = judge(&listed(requests));
    assert_ne!(verdict.kind, VerdictKind::Steady, "{verdict:?}");
}

#[test]
fn a_rate_that_changes_on_purpose_is_judged_by_window() {
    let spec = |high: f64, seconds: i64| {
        serde_json::json!({
            "version": "2", "seed": 3, "aggregate_rate": 0, "horizon": 180_000_000,
            "clients": [{
                "id": "day", "tenant_id": "t", "slo_class": "standard", "rate_fraction": 1.0,
                "arrival": {"process": "poisson"},
                "input_distribution": {"type": "constant", "params": {"value": 512}},
                "output_distribution": {"type": "constant", "params": {"value": 64}},
                "lifecycle": {"windows": [
                    {"start_us": 0, "end_us": 60_000_000, "trace_rate": 5.0},
                    {"start_us": 60_000_000, "end_us": 60_000_000 + seconds * 1_000_000, "trace_rate": high},
                    {"start_us": 60_000_000 + seconds * 1_000_000, "end_us": 180_000_000, "trace_rate": 5.0},
                ]},
            }],
        })
    };
    let day = |high, seconds| {
        let mut config = opening(1, 0);
        config.workload.spec = Some(serde_json::from_value(spec(high, seconds)).expect("a specification"));
        config
    };
    let calm = judge(&day(10.0, 20));
    assert_eq!(calm.kind, VerdictKind::Steady, "{calm:?}");
    let peak = judge(&day(90.0, 15));
    assert_eq!(peak.kind, VerdictKind::Steady, "{peak:?}");
    assert!(peak.reason.contains("the busiest time"), "{}", peak.reason);
    let ever = judge(&day(90.0, 119));
    assert_eq!(ever.kind, VerdictKind::Overloaded, "{ever:?}");
}

#[test]
fn rejections_are_what_the_policy_was_asked_for() {
    let mut config = opening(1, 6000);
    config.admission.policy = AdmissionPolicyName::TokenBucket;
    config.admission.token_bucket_refill_rate = 4000.0;
    config.workload.rate = 30.0;
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Steady, "{verdict:?}");
    assert!(verdict.losses.rejected > 1000);
    assert!(verdict.reason.contains("rejected by the admission policy, as configured"), "{}", verdict.reason);
    config.admission.policy = AdmissionPolicyName::RejectAll;
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::TooShort);
    assert!(verdict.reason.starts_with("no request could be served; 6,000 of 6,000"), "{}", verdict.reason);
}

#[test]
fn requests_that_no_cluster_could_serve_are_no_sign_of_load() {
    let mut config = listed(even(600, 200_000));
    let requests = config.workload.rows_mut().expect("a list");
    // Longer than the model's maximum.
    for number in 0..30 {
        requests.push(request(number * 1_000_000, 100_000, 10));
    }
    // A deadline below the time of the request alone.
    for number in 0..30 {
        let arrival = number * 1_000_000;
        requests.push(ExplicitRequest { deadline_us: Some(arrival + 100_000), ..request(arrival, 256, 500) });
    }
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Steady, "{verdict:?}");
    assert_eq!((verdict.losses.too_long, verdict.losses.hopeless, verdict.losses.timed_out), (30, 30, 0));
    assert!(
        verdict.reason.contains(
            "30 of 660 were longer than the model or the KV cache allows; 30 of 660 had a deadline"
        ),
        "{}",
        verdict.reason
    );
}

#[test]
fn what_times_out_alone_is_hopeless_and_what_does_so_in_company_only_is_not() {
    // The time of the request alone, measured. A request in its last step completes whatever its deadline.
    for latency_model in [LatencyModelName::Roofline, LatencyModelName::TrainedPhysics] {
        let alone = |patience: i64| {
            let lone = ExplicitRequest { deadline_us: Some(patience), ..request(0, 3000, 200) };
            let mut config = listed(vec![lone]);
            config.model.latency_model = latency_model;
            simulate(&config).expect("settings that run")
        };
        let free = alone(1_000_000_000);
        let end = free.records.ended_at[0].0;
        let patiences: Vec<i64> =
            (1..300).map(|step| end - 100 * step).chain([1, end / 4, end / 2]).collect();
        let mut timed_out = 0;
        for &patience in &patiences {
            let outcome = alone(patience);
            timed_out += outcome.instances[0].timed_out;
            assert_eq!(outcome.service.hopeless, outcome.instances[0].timed_out, "{patience} of {end}");
        }
        assert!(timed_out > 100 && timed_out < patiences.len() as u64, "{timed_out}");
        let mut config =
            listed(vec![ExplicitRequest { deadline_us: Some(end + 2000), ..request(0, 3000, 200) }; 20]);
        config.model.latency_model = latency_model;
        let outcome = simulate(&config).expect("settings that run");
        assert!(outcome.instances[0].timed_out > 0);
        assert_eq!(outcome.service.hopeless, 0);
    }
}

#[test]
fn a_run_that_the_watchdog_ended_says_why() {
    // Prompt and first tokens fit, the whole answer never does.
    let mut config = listed(vec![request(0, 40, 40)]);
    config.memory.total_kv_blocks = Some(4);
    config.memory.max_model_len = Some(0);
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::TooShort, "{verdict:?}");
    assert!(verdict.reason.contains("can never fit into the KV cache of instance 0"), "{}", verdict.reason);
}

#[test]
fn a_high_plateau_is_steady_and_the_sentence_says_that_requests_wait() {
    // Users that never wait long for each other, but more of them than slots: a closed loop is bounded.
    let mut config = opening(1, 8000);
    config.workload.concurrency = 500;
    let verdict = judge(&config);
    assert_eq!(verdict.kind, VerdictKind::Steady, "{verdict:?}");
    assert!(verdict.reason.contains("of them wait"), "{}", verdict.reason);
}

#[test]
fn what_is_still_to_come_makes_a_level_run_too_short() {
    // Longer runs have ten times as many requests in the system: a burst that had not come yet, and evictions that
    // spread, at 95% and 74% load.
    for (number, reason) in [
        (101_551, "arrivals are uneven at 95% load, so that about"),
        (105_162, "the KV cache ran full and requests were evicted 57 times"),
    ] {
        let verdict = judge(&scene(number).expect("a scene").config);
        assert_eq!(verdict.kind, VerdictKind::TooShort, "{number}: {verdict:?}");
        assert!(verdict.reason.starts_with(reason), "{number}: {}", verdict.reason);
        assert!(verdict.enough_requests.is_some(), "{number}: {verdict:?}");
    }
}
