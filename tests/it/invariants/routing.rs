//! What routing promises.

use super::compare::{requests_text, run_text};
use super::generate::{cluster, scorers};
use crate::common::cluster::run;
use blis_playground::Config;
use blis_playground::config::{AdmissionPolicyName, RoutingPolicyName, ScorerName, WeightedScorer};
use proptest::prelude::*;

fn with_policy(config: &Config, policy: RoutingPolicyName) -> Config {
    let mut config = config.clone();
    config.routing.policy = policy;
    config
}

fn with_ages(config: &Config, snapshot: i64, index: i64) -> Config {
    let mut config = config.clone();
    config.routing.snapshot_refresh_interval = snapshot;
    config.routing.cache_signal_delay = index;
    config
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn one_instance_gives_the_same_run_under_every_policy(mut config in cluster()) {
        config.cluster.num_instances = 1;
        let first = run(&with_policy(&config, RoutingPolicyName::ALL[0]));
        prop_assert!(first.gateway.tie_breaks.is_empty());
        for &policy in RoutingPolicyName::ALL {
            let other = run(&with_policy(&config, policy));
            prop_assert_eq!(run_text(&first), run_text(&other), "{:?}", policy);
        }
    }

    #[test]
    fn an_age_of_one_microsecond_is_live(config in cluster()) {
        let live = run(&with_ages(&config, 0, 0));
        let fresh = run(&with_ages(&config, 1, 1));
        prop_assert_eq!(run_text(&live), run_text(&fresh));
        prop_assert_eq!(format!("{:?}", live.records), format!("{:?}", fresh.records), "with regrets");
    }

    #[test]
    fn doubling_all_weights_changes_nothing(config in cluster(), scorers in scorers()) {
        let mut config = with_policy(&config, RoutingPolicyName::Weighted);
        config.routing.scorers = scorers;
        let single = run(&config);
        for scorer in &mut config.routing.scorers {
            scorer.weight *= 2.0;
        }
        let double = run(&config);
        prop_assert_eq!(run_text(&single), run_text(&double));
        prop_assert_eq!(format!("{:?}", single.gateway), format!("{:?}", double.gateway));
    }

    #[test]
    fn weighted_load_balance_is_least_loaded(config in cluster()) {
        let mut weighted = with_policy(&config, RoutingPolicyName::Weighted);
        weighted.routing.scorers = vec![WeightedScorer { name: ScorerName::LoadBalance, weight: 1.0 }];
        let least_loaded = with_policy(&config, RoutingPolicyName::LeastLoaded);
        prop_assert_eq!(run_text(&run(&weighted)), run_text(&run(&least_loaded)));
    }

    #[test]
    fn round_robin_spreads_evenly(config in cluster()) {
        let outcome = run(&with_policy(&config, RoutingPolicyName::RoundRobin));
        let routed: Vec<u64> = outcome.instances.iter().map(|record| record.routed).collect();
        prop_assert!(routed.iter().max().unwrap() - routed.iter().min().unwrap() <= 1, "{:?}", routed);
        prop_assert!(outcome.gateway.tie_breaks.is_empty());
    }

    #[test]
    fn round_robin_runs_the_same_whatever_the_age_of_the_view(config in cluster()) {
        let mut config = with_policy(&config, RoutingPolicyName::RoundRobin);
        config.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        let live = run(&with_ages(&config, 0, 0));
        let stale = run(&with_ages(&config, 70_000, 30_000));
        prop_assert_eq!(requests_text(&live), requests_text(&stale));
        prop_assert_eq!(format!("{:?}", live.steps), format!("{:?}", stale.steps));
    }

    #[test]
    fn regret_is_never_negative_and_zero_for_policies_that_follow_it(config in cluster()) {
        for &policy in RoutingPolicyName::ALL {
            let outcome = run(&with_policy(&config, policy));
            let follows = matches!(policy, RoutingPolicyName::LeastLoaded | RoutingPolicyName::Weighted);
            for (row, regret) in outcome.records.regret.iter().enumerate() {
                let routed = outcome.records.routed_at[row].happened();
                prop_assert_eq!(routed, *regret >= 0.0, "regret is NaN where nothing was decided");
                prop_assert_eq!(routed, !regret.is_nan());
                prop_assert!(!(routed && follows) || *regret == 0.0);
            }
            let routed = outcome.records.regret.iter().filter(|regret| !regret.is_nan());
            prop_assert_eq!(outcome.gateway.regret_sum, outcome.gateway.routing_order.iter()
                .fold(0.0, |sum, &request| sum + outcome.records.regret[request]));
            prop_assert_eq!(outcome.gateway.regret_max, routed.fold(0.0_f64, |max, &regret| max.max(regret)));
        }
    }
}
