//! What an animation shows at a time is the simulation's state at that time.

use blis_playground::cluster::{ClusterState, RequestLocation};
use blis_playground::config::{
    AdmissionPolicyName, LatencyModelName, PreemptionPolicyName, RoutingPolicyName, SchedulerName,
};
use blis_playground::playback::Playback;
use blis_playground::record::{RequestState, StepRecord, digest};
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};
use blis_playground::{Config, Outcome, Simulation, simulate};

fn eventful(kind: u32) -> Config {
    let mut config = Config::default();
    config.cluster.num_instances = 3;
    config.trace.record_steps = true;
    config.workload.rate = 60.0;
    config.workload.num_requests = 120;
    config.workload.prompt_tokens = 200;
    config.workload.output_tokens = 120;
    config.workload.output_tokens_stdev = 60;
    config.admission.latency = 700;
    config.routing.latency = 300;
    match kind {
        0 => config.memory.total_kv_blocks = Some(120),
        1 => {
            config.memory.total_kv_blocks = Some(150);
            config.instance.preemption_policy = PreemptionPolicyName::Priority;
            config.instance.scheduler = SchedulerName::Sjf;
            config.routing.policy = RoutingPolicyName::Weighted;
            config.workload.timeout = Some(2);
        }
        2 => {
            config.model.latency_model = LatencyModelName::Roofline;
            config.admission.policy = AdmissionPolicyName::TokenBucket;
            config.instance.long_prefill_token_threshold = 64;
            config.instance.max_num_running_reqs = 8;
        }
        _ => {
            config.workload.concurrency = 24;
            config.workload.think_time_ms = 20;
            config.routing.policy = RoutingPolicyName::LeastLoaded;
        }
    }
    config
}

/// The batch of an instance at a time, and its queue length, from the log of steps.
fn last_step(outcome: &Outcome, instance: InstanceIndex, time: Micros) -> Option<&StepRecord> {
    outcome.steps.iter().rfind(|step| step.instance == instance && step.start <= time)
}

/// Where a request was by the records of the finished run.
fn location_from_records(outcome: &Outcome, row: usize, time: Micros) -> Option<RequestLocation> {
    let records = &outcome.records;
    let before = |event: Micros| !event.happened() || event > time;
    if outcome.requests.arrival[row] > time {
        return Some(RequestLocation::Future);
    }
    if before(records.admitted_at[row]) {
        return Some(RequestLocation::Admission);
    }
    if records.state[row] == RequestState::Rejected {
        return Some(RequestLocation::Rejected);
    }
    if before(records.routed_at[row]) {
        return Some(RequestLocation::Routing);
    }
    let ended = records.ended_at[row];
    match records.state[row] {
        RequestState::TimedOut if ended <= time => return Some(RequestLocation::TimedOut),
        RequestState::Dropped if ended <= time => return Some(RequestLocation::Dropped),
        _ => {}
    }
    if before(records.enqueued_at[row]) {
        return Some(RequestLocation::Delivery);
    }
    // Waiting, running or done: the log of steps decides, see below.
    None
}

fn check(outcome: &Outcome, state: &ClusterState) {
    for row in 0..outcome.requests.len() {
        if let Some(location) = location_from_records(outcome, row, state.time)
            && row < state.locations.len()
        {
            assert_eq!(state.locations[row], location, "request {row} at {}", state.time);
        }
    }
    for (at, instance) in InstanceIndex::first(state.instances.len()).zip(&state.instances) {
        let Some(step) = last_step(outcome, at, state.time) else { continue };
        let gone = |request: RequestIndex| {
            !matches!(state.locations[request], RequestLocation::Prefill | RequestLocation::Decode)
        };
        let expected: Vec<_> =
            step.batch.iter().map(|&(request, _)| request).filter(|&request| !gone(request)).collect();
        let shown: Vec<_> = instance.running.iter().map(|member| member.request).collect();
        assert_eq!(shown, expected, "batch of instance {at} at {}", state.time);
        let finished_or_cancelled = step.batch.iter().filter(|&&(request, _)| gone(request));
        for &(request, _) in finished_or_cancelled {
            let location = state.locations[request];
            assert!(
                matches!(location, RequestLocation::Completed | RequestLocation::TimedOut),
                "request {request}: {location:?}"
            );
        }
    }
}

#[test]
fn a_moment_agrees_with_the_records_and_steps_of_the_whole_run() {
    for kind in 0..4 {
        let config = eventful(kind);
        let outcome = simulate(&config).expect("valid");
        let end = outcome.instances.iter().map(|instance| instance.end).max().expect("instances");
        let mut playback = Playback::new(config).expect("valid");
        let mut interesting: Vec<Micros> = outcome.steps.iter().map(|step| step.start).step_by(37).collect();
        interesting.extend((0..200).map(|point| Micros(end.0 * point / 199)));
        interesting.sort();
        for time in interesting {
            let state = playback.seek(time).expect("valid");
            check(&outcome, &state);
        }
    }
}

#[test]
fn every_way_to_a_moment_leads_to_the_same_moment() {
    for kind in 0..4 {
        let config = eventful(kind);
        let mut straight = Playback::new(config.clone()).expect("valid");
        let mut wandering = Playback::new(config.clone()).expect("valid");
        for time in [0, 1_000_000, 1_500_000, 3_000_000].map(Micros) {
            for detour in [time.0 / 3, time.0 + 400_000, time.0 - 1].map(Micros) {
                wandering.seek(detour).expect("valid");
            }
            let expected = straight.seek(time).expect("valid");
            assert_eq!(wandering.seek(time).expect("valid"), expected, "kind {kind} at {time}");
        }
    }
}

#[test]
fn stepping_from_event_to_event_ends_with_the_outcome_of_the_run() {
    for kind in 0..4 {
        let mut config = eventful(kind);
        config.trace.record_steps = false;
        let mut simulation = Simulation::new(&config).expect("valid");
        let mut last = Micros(-1);
        while let Some(next) = simulation.next_event() {
            assert!(next > last, "event at {next} after {last}");
            simulation.seek(next);
            last = next;
        }
        simulation.run_to_end();
        assert_eq!(digest(&simulation.finish()), digest(&simulate(&config).expect("valid")), "kind {kind}");
    }
}

#[test]
fn a_timeline_samples_the_moments() {
    let config = eventful(0);
    let mut playback = Playback::new(config).expect("valid");
    let timeline = playback.timeline(Micros(4_000_000), 41).expect("valid");
    assert_eq!((timeline.times[1], timeline.instances()), (Micros(100_000), 3));
    for (point, &time) in timeline.times.iter().enumerate() {
        let state = playback.seek(time).expect("valid");
        for (at, instance) in state.instances.iter().enumerate() {
            let (columns, row) = (&timeline.columns, point * timeline.instances() + at);
            let sample = (columns.waiting[row], columns.running[row], columns.used_blocks[row]);
            let shown = (instance.waiting.len() as u32, instance.running.len() as u32, instance.used_blocks);
            assert_eq!(sample, shown, "instance {at} at {time}");
        }
    }
}

#[test]
fn forcing_a_request_where_it_went_anyway_changes_nothing() {
    for kind in 0..4 {
        let config = eventful(kind);
        let outcome = simulate(&config).expect("valid");
        let request = outcome.gateway.routing_order[40];
        let mut forced = Simulation::new(&config).expect("valid");
        forced.force_route(request, outcome.records.instance[request]).expect("an instance");
        forced.run_to_end();
        assert_eq!(digest(&forced.finish()), digest(&outcome), "kind {kind}");
    }
}

#[test]
fn a_forced_request_goes_where_it_is_told_and_the_past_stays_as_it_was() {
    let config = eventful(1);
    let outcome = simulate(&config).expect("valid");
    let request = outcome.gateway.routing_order[50];
    let elsewhere = InstanceIndex::new((outcome.records.instance[request].get() + 1) % 3);
    let mut forced = Simulation::new(&config).expect("valid");
    forced.force_route(request, elsewhere).expect("an instance");
    assert!(Simulation::new(&config).expect("valid").force_route(request, InstanceIndex::new(3)).is_err());
    forced.run_to_end();
    let other = forced.finish();
    assert_eq!(other.records.instance[request], elsewhere);
    for &earlier in &outcome.gateway.routing_order[..50] {
        assert_eq!(other.records.instance[earlier], outcome.records.instance[earlier]);
    }
    assert_ne!(digest(&other), digest(&outcome));
}

#[test]
fn an_explanation_shows_the_decision_that_was_made() {
    for kind in 0..4 {
        let config = eventful(kind);
        let outcome = simulate(&config).expect("valid");
        for &request in outcome.gateway.routing_order.iter().step_by(17) {
            let row = request.index();
            let explanation = Simulation::new(&config).expect("valid").explain(request).expect("routed");
            assert_eq!(explanation.chosen, outcome.records.instance[row]);
            assert_eq!(explanation.time_us, outcome.records.routed_at[row].0);
            assert_eq!(explanation.regret, outcome.records.regret[row]);
            let chosen = &explanation.instances[explanation.chosen];
            assert_eq!(chosen.score, outcome.records.score[row]);
            assert!(explanation.snapshot_age_us <= config.routing.snapshot_refresh_interval);
            let composite: f64 = explanation
                .scorers
                .iter()
                .zip(&chosen.scores)
                .map(|(share, score)| share.weight * score)
                .sum();
            if !explanation.scorers.is_empty() {
                assert!((composite - chosen.score).abs() < 1e-12);
            }
        }
    }
}

/// Round-robin reads nothing and tier-shed reads loads: an explanation shows all of the picture as it is at the decision.
#[test]
fn an_explanation_shows_the_view_at_its_decision_whatever_was_explained_before() {
    let mut config = eventful(2);
    config.admission.policy = AdmissionPolicyName::TierShed;
    config.routing.snapshot_refresh_interval = 0;
    config.routing.latency = 30_000;
    config.trace.counterfactual_k = 0;
    let outcome = simulate(&config).expect("valid");
    for &request in &outcome.gateway.routing_order {
        let explanation = Simulation::new(&config).expect("valid").explain(request).expect("routed");
        for seen in explanation.instances {
            let counts = [seen.queue_depth, seen.batch_size, seen.in_flight];
            assert_eq!(seen.load, counts.into_iter().map(u64::from).sum::<u64>());
            assert_eq!([seen.queue_depth, seen.batch_size], [seen.true_queue_depth, seen.true_batch_size]);
            assert_eq!(seen.kv_utilization, seen.true_kv_utilization);
        }
    }
}
