//! Why requests waited: scenes whose limit is known, the step log beside the sums, and runs that end early.

use blis_playground::outcome::limits::LimitShares;
use blis_playground::playback::Playback;
use blis_playground::record::{Limit, RequestState};
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};
use blis_playground::{Config, Outcome, Simulation, simulate};

fn run(config: &Config) -> Outcome {
    let mut simulation = Simulation::new(config).expect("valid");
    simulation.track_limits();
    simulation.run_to_end();
    simulation.finish()
}

fn overall(outcome: &Outcome) -> LimitShares {
    outcome.limits.as_ref().expect("tracked").shares().overall
}

/// One instance, and requests that all arrive at time 0.
fn burst(requests: u32, prompt: u32, output: u32) -> Config {
    let mut config = Config::default();
    config.cluster.num_instances = 1;
    config.trace.record_steps = true;
    config.workload.num_requests = requests;
    config.workload.rate = 1e6;
    config.workload.timeout = None;
    config.workload.prefix_tokens = 0;
    (config.workload.prompt_tokens, config.workload.prompt_tokens_stdev) = (prompt, 0);
    (config.workload.output_tokens, config.workload.output_tokens_stdev) = (output, 0);
    config
}

fn with_slots(slots: u32) -> Config {
    let mut config = burst(60, 100, 50);
    config.instance.max_num_running_reqs = slots;
    config
}

fn with_blocks(blocks: u32) -> Config {
    let mut config = burst(60, 100, 50);
    config.memory.total_kv_blocks = Some(blocks);
    config
}

#[test]
fn the_limit_that_is_short_is_the_one_that_is_named() {
    let reading = overall(&run(&burst(200, 500, 2)));
    assert!(reading.step_budget > 0.8, "{reading:?}");
    assert_eq!((reading.slots, reading.kv_blocks), (0.0, 0.0));
    let slots = overall(&run(&with_slots(4)));
    assert!(slots.slots > 0.8 && slots.kv_blocks == 0.0, "{slots:?}");
    let blocks = overall(&run(&with_blocks(40)));
    assert!(blocks.kv_blocks > 0.8 && blocks.slots == 0.0, "{blocks:?}");
    let mut quiet = burst(20, 10, 2);
    quiet.workload.rate = 0.5;
    assert_eq!(overall(&run(&quiet)).nothing, 1.0);
}

/// Prompt reading alone, not slots: 43 prompts a second on each instance against 50 that arrive. The larger part of the
/// run comes after the last arrival, when nothing waits.
#[test]
fn the_opening_run_waits_for_the_step_budget_and_for_no_other_limit() {
    let pairs = [("latency", "roofline"), ("instances", "4"), ("rate", "200"), ("n", "1000")];
    let config = Config::from_pairs(&Config::default(), pairs).expect("settings");
    let limits = run(&config).limits.expect("tracked").shares();
    for shares in limits.per_instance {
        assert!(shares.step_budget > 0.2 && shares.step_under_way < 0.1, "{shares:?}");
        assert_eq!((shares.slots, shares.kv_blocks), (0.0, 0.0));
    }
}

/// Durations of the steps of the log that stopped at a limit.
fn from_steps(outcome: &Outcome, instance: InstanceIndex, limit: Limit) -> Micros {
    let steps = outcome.steps.iter().filter(|step| step.instance == instance && step.limit == Some(limit));
    steps.fold(Micros::ZERO, |sum, step| sum + step.duration)
}

#[test]
fn the_sums_are_those_of_the_step_log() {
    let mut two = with_slots(8);
    two.cluster.num_instances = 2;
    two.workload.rate = 80.0;
    for config in [burst(200, 500, 2), with_slots(4), with_blocks(40), two] {
        let outcome = run(&config);
        let record = outcome.limits.as_ref().expect("tracked");
        for (at, times) in InstanceIndex::first(record.instances.len()).zip(&record.instances) {
            for (limit, sum) in [
                (Limit::StepBudget, times.step_budget),
                (Limit::Slots, times.slots),
                (Limit::KvBlocks, times.kv_blocks),
            ] {
                assert_eq!(sum, from_steps(&outcome, at, limit), "{limit:?} on instance {at}");
            }
        }
        for step in &outcome.steps {
            assert_eq!(step.limit.is_some(), step.waiting_after > 0, "step at {}", step.start);
        }
    }
}

#[test]
fn time_counts_from_the_first_arrival_to_the_last_completion() {
    let mut config = with_slots(4);
    config.cluster.horizon = Some(900_000);
    let outcome = run(&config);
    let record = outcome.limits.as_ref().expect("tracked");
    let completed = (0..outcome.requests.len())
        .filter(|&row| outcome.records.state[row] == RequestState::Completed)
        .map(|row| outcome.records.ended_at[row]);
    assert_eq!(Some(record.to), completed.max());
    assert!(record.to < outcome.instances[0].end, "the run went on after the last completion");
    let shares = overall(&outcome);
    assert!(shares.slots > 0.9 && shares.nothing < 0.1, "{shares:?}");
}

#[test]
fn a_run_without_a_completion_counts_to_its_last_event() {
    let mut config = with_slots(2);
    config.workload.output_tokens = 2000;
    config.cluster.horizon = Some(300_000);
    let outcome = run(&config);
    let record = outcome.limits.as_ref().expect("tracked");
    assert_eq!(outcome.instances[0].completed, 0);
    assert_eq!(record.to, outcome.instances[0].end);
    assert!(overall(&outcome).slots > 0.9);
}

#[test]
fn an_instance_that_never_saw_a_request_waits_for_nothing() {
    let mut config = burst(1, 10, 5);
    config.cluster.num_instances = 3;
    let limits = run(&config).limits.expect("tracked").shares();
    assert!(limits.per_instance.iter().all(|shares| shares.nothing == 1.0));
    assert_eq!(limits.overall.nothing, 1.0);
}

#[test]
fn what_was_not_noted_from_the_start_is_not_noted() {
    let config = with_slots(4);
    let mut simulation = Simulation::new(&config).expect("valid");
    simulation.advance(5);
    simulation.track_limits();
    simulation.run_to_end();
    assert_eq!(simulation.finish().limits, None);
    assert_eq!(simulate(&config).expect("valid").limits, None);
}

/// A cluster state shows what the step log records of the step under way.
#[test]
fn a_moment_shows_the_limit_and_the_tokens_of_its_step() {
    for config in [burst(200, 500, 2), with_slots(4), with_blocks(40)] {
        let outcome = run(&config);
        let mut playback = Playback::new(config).expect("valid");
        for step in outcome.steps.iter().step_by(7) {
            let time = Micros(step.start.0 + step.duration.0 / 2);
            let state = playback.seek(time).expect("valid");
            let tokens: u32 = step.batch.iter().map(|&(_, new)| new).sum();
            assert_eq!(state.instances[0].step_tokens, tokens, "at {time}");
            let newcomers = state.instances[0].waiting.len() as u64 > step.waiting_after;
            match step.limit {
                Some(_) => assert_eq!(state.instances[0].limit, step.limit, "at {time}"),
                None if newcomers => assert_eq!(state.instances[0].limit, Some(Limit::StepUnderWay)),
                None => assert_eq!(state.instances[0].limit, None, "at {time}"),
            }
        }
    }
}

#[test]
fn a_wait_tells_who_stood_before_and_how_fast_prompts_were_read() {
    let config = burst(100, 500, 2);
    let wait = Simulation::new(&config)
        .expect("valid")
        .explain_wait(RequestIndex::new(80))
        .expect("it joins a queue");
    assert!(wait.admitted && wait.before > 70, "{wait:?}");
    // 2,048 tokens a step are four prompts of 500 and a part of a fifth.
    assert!((4.0..=5.0).contains(&(wait.admissions as f64 / wait.steps as f64)), "{wait:?}");
    assert_eq!(wait.times_us.sum(), wait.to_us.expect("admitted") - wait.from_us);
    assert!(wait.times_us.step_budget > wait.times_us.step_under_way);
}
