//! Runs that cannot finish, and numbers at the edge: nothing hangs, nothing panics.

use super::compare::{run_in_slices, whole_text};
use crate::common::cluster::{ROOFLINE, TRAINED_PHYSICS, config, request, run, with_deadline};
use blis_playground::catalog::find_gpu;
use blis_playground::config::limits::{MAX_COEFFICIENT, MAX_TIME_US};
use blis_playground::latency::CustomCatalog;
use blis_playground::outcome::print::metrics::metrics;
use blis_playground::record::{Ending, RequestState};
use blis_playground::units::{InstanceIndex, Micros};
use blis_playground::{Config, Simulation};

/// A prompt that fits into two blocks of four tokens, and an output that does not (I-10.7).
fn hopeless(instances: u32) -> Config {
    let requests = vec![request(0, 7, 4), request(0, 3, 2)];
    let mut config = config(ROOFLINE, instances, requests);
    config.memory.total_kv_blocks = Some(2);
    config.memory.block_size_in_tokens = 4;
    config.memory.max_model_len = Some(0);
    config
}

#[test]
fn a_request_that_can_never_fit_is_a_livelock() {
    for instances in [1, 2] {
        let outcome = run(&hopeless(instances));
        let Ending::Livelock { instance, request, at } = outcome.ending else {
            panic!("ending {:?}", outcome.ending)
        };
        assert_eq!((instance.get(), request.get()), (0, 0));
        assert!(at > Micros::ZERO && at == outcome.instances[0].end);
        assert!(outcome.instances[0].preemptions >= 64 && outcome.instances[0].preemptions < 1000);
        // Behind it no request is served; on another instance every request is.
        let other = if instances == 1 { RequestState::Queued } else { RequestState::Completed };
        assert_eq!(outcome.records.state[1], other);
    }
}

#[test]
fn a_deadline_ends_the_livelock() {
    let mut config = hopeless(1);
    let requests = config.workload.rows_mut().expect("a list");
    requests[0] = with_deadline(3_000_000, requests[0].clone());
    let outcome = run(&config);
    assert_eq!(outcome.ending, Ending::Finished);
    assert_eq!(outcome.records.state[0], RequestState::TimedOut);
    assert_eq!(outcome.records.ended_at[0], Micros(3_000_000));
}

#[test]
fn a_horizon_ends_the_livelock() {
    let mut config = hopeless(1);
    config.cluster.horizon = Some(3_000_000);
    let outcome = run(&config);
    assert_eq!(outcome.ending, Ending::Finished);
    assert!(outcome.instances[0].end.0 > 2_900_000);
}

#[test]
fn a_later_arrival_is_still_decided_before_the_run_is_given_up() {
    let mut config = hopeless(1);
    config.workload.rows_mut().expect("a list").push(request(5_000_000, 3, 2));
    let outcome = run(&config);
    assert!(matches!(outcome.ending, Ending::Livelock { request, .. } if request.get() == 0));
    assert_eq!(outcome.records.routed_at[2], Micros(5_000_000));
}

#[test]
fn other_instances_run_to_their_ends_before_the_run_is_given_up() {
    let mut config = hopeless(2);
    let requests = config.workload.rows_mut().expect("a list");
    for turn in 0..500 {
        // Round-robin: every second request goes to instance 1.
        requests.push(request(turn, 7, 4));
        requests.push(request(turn, 3, 4));
    }
    let outcome = run(&config);
    let [first, other] = [0, 1].map(InstanceIndex::new);
    assert!(matches!(outcome.ending, Ending::Livelock { instance, .. } if instance == first));
    let on_the_other = (0..outcome.requests.len()).filter(|&row| outcome.records.instance[row] == other);
    assert!(on_the_other.into_iter().all(|row| outcome.records.state[row] == RequestState::Completed));
    assert!(outcome.instances[1].end > outcome.instances[0].end);
}

#[test]
fn where_a_livelock_is_cut_makes_no_difference() {
    let whole = run(&hopeless(2));
    for budget in [1, 7, 1000] {
        assert_eq!(whole_text(&whole), whole_text(&run_in_slices(&hopeless(2), &[budget])));
    }
}

#[test]
fn a_livelock_on_the_horizon_far_away_does_not_hang() {
    let mut config = hopeless(1);
    config.trace.record_steps = false;
    config.cluster.horizon = Some(MAX_TIME_US);
    let outcome = run(&config);
    assert_ne!(outcome.ending, Ending::Finished);
}

#[test]
fn a_livelock_with_a_deadline_far_away_does_not_hang() {
    let mut config = hopeless(1);
    config.trace.record_steps = false;
    let requests = config.workload.rows_mut().expect("a list");
    requests[0] = with_deadline(MAX_TIME_US, requests[0].clone());
    let outcome = run(&config);
    assert_ne!(outcome.ending, Ending::Finished);
}

#[test]
fn the_longest_times_do_not_hang_or_overflow() {
    let requests = vec![
        request(0, 100, 5),
        request(MAX_TIME_US, 100, 5),
        with_deadline(MAX_TIME_US, request(MAX_TIME_US - 1, 100, 5)),
        with_deadline(MAX_TIME_US, request(0, 100, 5)),
    ];
    for horizon in [None, Some(MAX_TIME_US)] {
        let mut config = config(TRAINED_PHYSICS, 2, requests.clone());
        config.cluster.horizon = horizon;
        config.admission.latency = MAX_TIME_US;
        config.routing.latency = MAX_TIME_US;
        let outcome = run(&config);
        assert_eq!(outcome.ending, Ending::Finished);
        let routed = outcome.records.routed_at.iter().filter(|time| time.happened()).count();
        assert_eq!(routed, if horizon.is_none() { 4 } else { 0 });
    }
}

#[test]
fn the_largest_coefficients_do_not_hang_or_overflow() {
    let max = MAX_COEFFICIENT;
    for (alpha, beta) in [(0.0, max), (max, 0.0), (max, max), (max, 1.0), (1.0, max)] {
        let requests = vec![request(0, 100, 5), request(1, 100, 5), request(2, 100, 1)];
        let mut config = config(TRAINED_PHYSICS, 2, requests);
        config.model.alpha_coeffs = Some(vec![alpha; 3]);
        config.model.beta_coeffs = Some(vec![beta; 10]);
        let outcome = run(&config);
        assert!(outcome.instances.iter().all(|record| record.steps >= 1));
        assert!(metrics(&outcome).to_json().len() > 2);
    }
}

#[test]
fn an_infinitely_slow_gpu_does_not_hang_or_overflow() {
    for latency_model in [ROOFLINE, TRAINED_PHYSICS] {
        let config = config(latency_model, 2, vec![request(0, 100, 5), request(1, 100, 5), request(2, 9, 1)]);
        let mut gpu = find_gpu("H100").expect("a known GPU").clone();
        gpu.peak_tflops = 1e-300;
        gpu.bandwidth_tb_per_second = 1e-300;
        let custom = CustomCatalog { model: None, gpus: Some(vec![gpu]) };
        let mut simulation =
            Simulation::with_custom_catalog(&config, &custom).expect("a valid configuration");
        simulation.run_to_end();
        let outcome = simulation.finish();
        assert!(outcome.instances.iter().all(|record| record.steps >= 1));
        assert!(metrics(&outcome).to_json().len() > 2);
    }
}

#[test]
fn coefficients_of_zero_make_steps_of_one_microsecond() {
    let mut config = config(TRAINED_PHYSICS, 1, vec![request(0, 100, 5)]);
    config.model.alpha_coeffs = Some(vec![0.0; 3]);
    config.model.beta_coeffs = Some(vec![0.0; 10]);
    let outcome = run(&config);
    assert_eq!((outcome.records.ttft[0], outcome.records.e2e[0]), (Micros(1), Micros(5)));
}

#[test]
fn empty_prompts_and_empty_lists_come_to_an_end() {
    let outcome = run(&config(ROOFLINE, 2, Vec::new()));
    assert_eq!((outcome.ending, outcome.duration()), (Ending::Finished, Micros::ZERO));
    let outcome = run(&config(ROOFLINE, 2, vec![request(0, 0, 0), request(0, 0, 3)]));
    assert_eq!(outcome.records.state, [RequestState::Completed; 2]);
}
