//! Every request's figures follow from the steps it took part in (I-8, I-14).

use super::generate::cluster;
use super::replay::{Life, replay};
use crate::common::cluster::run;
use blis_playground::Outcome;
use blis_playground::latency::{LatencyChoice, LatencyModel, ServingSetup};
use blis_playground::record::RequestState;
use blis_playground::units::InstanceIndex;
use proptest::prelude::*;

fn is_done(state: RequestState) -> bool {
    matches!(state, RequestState::Completed | RequestState::LengthCapped)
}

fn check_lives<L: LatencyModel>(latency: &L, outcome: &Outcome, max_model_len: u32) {
    let lives = replay(latency, outcome);
    for (row, life) in lives.iter().enumerate() {
        let records = &outcome.records;
        let arrival = outcome.requests.arrival[row].0;
        if let Some(first_token) = life.first_token {
            assert_eq!(records.ttft[row].0, first_token - arrival);
        }
        if !is_done(records.state[row]) {
            continue;
        }
        let (input, output) = (outcome.requests.input[row], outcome.requests.output[row]);
        let whole = input + output.max(1) - 1;
        let capped = records.state[row] == RequestState::LengthCapped;
        assert_eq!(life.progress, if capped { max_model_len - 1 } else { whole });
        assert!(life.progress <= whole);
        let sum: i64 = life.gaps.iter().sum();
        assert_eq!(records.itl_sum[row], sum);
        assert_eq!(records.itl_count[row] as usize, life.gaps.len());
        let overhead = if output > 0 { latency.completion_overhead().0 } else { 0 };
        assert_eq!(records.e2e[row].0, records.ttft[row].0 + sum + overhead);
    }
    check_pools(outcome, &lives);
}

/// The pooled gaps of each instance are those of its completed requests.
fn check_pools(outcome: &Outcome, lives: &[Life]) {
    for (index, record) in InstanceIndex::first(outcome.instances.len()).zip(&outcome.instances) {
        let pool = record.itls.iter();
        let mut pooled: Vec<i64> =
            pool.flat_map(|gap| std::iter::repeat_n(gap.gap, gap.weight as usize)).collect();
        let mut expected: Vec<i64> = (0..lives.len())
            .filter(|&row| outcome.records.instance[row] == index && is_done(outcome.records.state[row]))
            .flat_map(|row| lives[row].gaps.clone())
            .collect();
        pooled.sort_unstable();
        expected.sort_unstable();
        assert_eq!(pooled, expected, "gaps of instance {index}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn sums_kept_by_the_engine_equal_sums_over_requests(config in cluster()) {
        let outcome = run(&config);
        // Of three admissions the middle one's cached prefix is not recorded.
        // Of three admissions the middle one's cached prefix is not recorded.
        if outcome.records.preemptions.iter().any(|&times| times > 1) {
            return Ok(());
        }
        let setup = ServingSetup::resolve(&config.model, &config.memory).expect("a valid configuration");
        match &setup.latency {
            LatencyChoice::TrainedPhysics(latency) => check_lives(latency, &outcome, setup.max_model_len),
            LatencyChoice::Roofline(latency) => check_lives(latency, &outcome, setup.max_model_len),
            LatencyChoice::ByKind(latency) => check_lives(latency, &outcome, setup.max_model_len),
        }
    }
}
