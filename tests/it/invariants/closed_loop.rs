//! Virtual users that wait for their answers (C-3.3, INV-10).

use super::compare::{run_in_slices, whole_text};
use super::generate::endless_cluster;
use crate::common::cluster::run;
use blis_playground::Config;
use blis_playground::config::AdmissionPolicyName;
use blis_playground::record::RequestState;
use blis_playground::units::Micros;
use proptest::prelude::*;

fn with_users(mut config: Config, users: u32, think_time_ms: u32, requests: u32) -> Config {
    let workload = &mut config.workload;
    workload.requests = None;
    workload.concurrency = users;
    workload.think_time_ms = think_time_ms;
    workload.num_requests = requests;
    workload.prompt_tokens = 30;
    workload.prompt_tokens_stdev = 15;
    workload.prompt_tokens_max = 60;
    workload.output_tokens = 10;
    workload.output_tokens_stdev = 8;
    workload.output_tokens_max = 40;
    config
}

pub fn users() -> impl Strategy<Value = Config> {
    (endless_cluster(), 1_u32..7, 0_u32..40, 1_u32..40)
        .prop_map(|(config, users, think_time, requests)| with_users(config, users, think_time, requests))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_user_goes_on_when_the_answer_is_there_and_has_been_thought_about(config in users()) {
        let outcome = run(&config);
        let (requests, records) = (&outcome.requests, &outcome.records);
        let think_time = Micros(i64::from(config.workload.think_time_ms) * 1000);
        for row in 0..requests.len() {
            let before = (0..row).find(|&before| {
                requests.session[before] == requests.session[row] && requests.round[before] + 1 == requests.round[row]
            });
            if let Some(before) = before {
                prop_assert_eq!(requests.arrival[row], records.ended_at[before] + think_time);
                let done = matches!(
                    records.state[before],
                    RequestState::Completed | RequestState::LengthCapped
                );
                prop_assert!(done, "only an answered user goes on");
            } else {
                prop_assert_eq!(requests.round[row], 0);
            }
        }
    }

    #[test]
    fn all_requests_are_sent_if_every_one_is_answered(mut config in users()) {
        config.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        config.memory.total_kv_blocks = None;
        config.memory.max_model_len = None;
        let outcome = run(&config);
        prop_assert_eq!(outcome.requests.len(), config.workload.num_requests as usize);
        prop_assert!(outcome.records.state.iter().all(|&state| state == RequestState::Completed));
    }

    #[test]
    fn where_a_closed_loop_is_cut_makes_no_difference(
        config in users(),
        budgets in prop::collection::vec(prop_oneof![Just(1), 1_u64..60], 1..8),
    ) {
        prop_assert_eq!(whole_text(&run(&config)), whole_text(&run_in_slices(&config, &budgets)));
    }
}
