//! Random numbers belong to what they are drawn for: changing one setting leaves the draws of the others alone
//! (INV-6, C-9).

use super::compare::whole_text;
use super::generate::endless_cluster;
use crate::common::cluster::{ROOFLINE, config, run};
use blis_playground::Config;
use blis_playground::config::{RoutingPolicyName, StreamsName};
use blis_playground::record::digest;
use blis_playground::workload::{Requests, generate};
use proptest::prelude::*;
use proptest::sample::select;

/// Open-loop settings whose lengths and arrivals are drawn.
fn drawn() -> impl Strategy<Value = Config> {
    (any::<i64>(), 1_u32..60, 2_u32..80, 2_u32..80).prop_map(|(seed, requests, prompt, output)| {
        let mut config = config(ROOFLINE, 2, Vec::new());
        config.seed = seed;
        let workload = &mut config.workload;
        workload.requests = None;
        (workload.num_requests, workload.rate) = (requests, 100.0);
        (workload.prompt_tokens, workload.prompt_tokens_stdev) = (200, prompt);
        (workload.output_tokens, workload.output_tokens_stdev) = (100, output);
        // These properties are what independent streams are for.
        config.streams = StreamsName::Independent;
        config
    })
}

fn requests(config: &Config) -> Requests {
    generate(config).expect("a valid workload").requests
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn nothing_outside_the_workload_changes_the_requests(config in drawn(), other in endless_cluster()) {
        let mut changed = other;
        (changed.seed, changed.streams) = (config.seed, config.streams);
        changed.workload = config.workload.clone();
        prop_assert_eq!(requests(&config), requests(&changed));
    }

    #[test]
    fn other_prompts_leave_arrivals_and_outputs_alone(config in drawn(), mean in 50_u32..400) {
        let mut changed = config.clone();
        (changed.workload.prompt_tokens, changed.workload.prompt_tokens_stdev) = (mean, 10);
        let (one, two) = (requests(&config), requests(&changed));
        prop_assert_eq!(one.arrival, two.arrival);
        prop_assert_eq!(one.output, two.output);
    }

    #[test]
    fn other_outputs_leave_arrivals_and_prompts_alone(config in drawn(), mean in 50_u32..400) {
        let mut changed = config.clone();
        (changed.workload.output_tokens, changed.workload.output_tokens_stdev) = (mean, 10);
        let (one, two) = (requests(&config), requests(&changed));
        prop_assert_eq!(one.arrival, two.arrival);
        prop_assert_eq!(one.input, two.input);
    }

    #[test]
    fn routing_draws_never_reach_the_requests(config in drawn(), policy in select(RoutingPolicyName::ALL)) {
        let mut changed = config.clone();
        changed.routing.policy = policy;
        let (one, two) = (run(&config), run(&changed));
        prop_assert_eq!(one.requests, two.requests);
    }

    #[test]
    fn the_same_configuration_has_the_same_digest(config in drawn()) {
        let (one, two) = (run(&config), run(&config));
        prop_assert_eq!(digest(&one), digest(&two));
        prop_assert_eq!(whole_text(&one), whole_text(&two));
    }
}
