//! Order: time, causality (INV-3, INV-5), and which requests are served in a step (I-11, INV-12).

use super::generate::cluster;
use crate::common::cluster::run;
use blis_playground::config::PreemptionPolicyName;
use blis_playground::record::RequestState;
use blis_playground::units::InstanceIndex;
use blis_playground::{Config, Outcome, Simulation};
use proptest::prelude::*;

/// a ≤ admission ≤ routing ≤ queue ≤ first step ≤ last admission < first token ≤ last token.
fn check_causality(config: &Config, outcome: &Outcome) {
    let records = &outcome.records;
    let horizon = config.cluster.horizon.unwrap_or(i64::MAX);
    for row in 0..outcome.requests.len() {
        let arrival = outcome.requests.arrival[row].0;
        let state = records.state[row];
        let admission = arrival + config.admission.latency;
        assert_eq!(records.admitted_at[row].get(), (admission <= horizon).then_some(admission));
        let routing = admission + config.routing.latency;
        let routed = state != RequestState::Rejected && routing <= horizon;
        assert_eq!(records.routed_at[row].get(), routed.then_some(routing));
        if let Some(queued) = records.enqueued_at[row].get() {
            assert!(routed && routing <= queued && queued <= horizon);
        }
        if let Some(first) = records.first_scheduled_at[row].get() {
            let last = records.last_scheduled_at[row].0;
            assert!(records.enqueued_at[row].0 <= first && first <= last && last <= horizon);
        }
        if let Some(ttft) = records.ttft[row].get() {
            assert!(records.first_scheduled_at[row].0 < arrival + ttft);
        }
        if matches!(state, RequestState::Completed | RequestState::LengthCapped) {
            let last = records.last_scheduled_at[row].0;
            assert!(last < arrival + records.ttft[row].0);
            assert!(records.ttft[row] <= records.e2e[row]);
            assert!(last < records.ended_at[row].0);
        } else {
            assert!(!records.e2e[row].happened());
        }
    }
}

fn check_times_of_steps(config: &Config, outcome: &Outcome) {
    for index in InstanceIndex::first(outcome.instances.len()) {
        let mut steps = outcome.steps.iter().filter(|step| step.instance == index).peekable();
        while let Some(step) = steps.next() {
            assert!(step.duration.0 >= 1);
            assert!(step.start.0 <= config.cluster.horizon.unwrap_or(i64::MAX));
            assert!(step.start <= outcome.instances[index].end);
            if let Some(next) = steps.peek() {
                assert!(step.start < next.start);
            }
        }
    }
}

fn check_limits_of_steps(config: &Config, max_model_len: u32, outcome: &Outcome) {
    let limits = &config.instance;
    for step in &outcome.steps {
        let tokens: u32 = step.batch.iter().map(|&(_, new)| new).sum();
        assert!(tokens <= limits.max_num_scheduled_tokens);
        assert!(step.batch.len() <= limits.max_num_running_reqs as usize);
        assert!(Some(step.used_kv_blocks) <= config.memory.total_kv_blocks);
        assert!(step.used_kv_blocks_after <= step.used_kv_blocks);
        if limits.long_prefill_token_threshold > 0 {
            let longest = step.batch.iter().map(|&(_, new)| new).max().unwrap_or(0);
            assert!(longest <= limits.long_prefill_token_threshold);
        }
        let tail = step.batch.len() - step.newly_scheduled.len();
        let newcomers: Vec<_> = step.batch[tail..].iter().map(|&(request, _)| request).collect();
        assert_eq!(newcomers, step.newly_scheduled, "newcomers join at the tail");
        assert!(step.preempted.is_empty() || step.newly_scheduled.is_empty());
        // A request waits although there is room: the others had priority, or none may stay without tokens.
        let used_up = tokens == limits.max_num_scheduled_tokens;
        if limits.preemption_policy == PreemptionPolicyName::Fcfs && !used_up {
            for &(request, new) in &step.batch[..tail] {
                assert!(new > 0, "request {request} runs at {} without a token", step.start);
            }
        }
        for &(request, _) in &step.batch {
            assert!(outcome.requests.input[request] < max_model_len);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn causes_come_before_effects(config in cluster()) {
        check_causality(&config, &run(&config));
    }

    #[test]
    fn steps_follow_each_other_within_their_limits(config in cluster()) {
        let outcome = run(&config);
        check_times_of_steps(&config, &outcome);
        let simulation = Simulation::new(&config).expect("a valid configuration");
        check_limits_of_steps(&config, simulation.setup().max_model_len, &outcome);
    }
}
