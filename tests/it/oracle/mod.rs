//! The aggregated engine against a slow one that is written plainly from the chapters.
//!
//! The reference engine of this folder executes every event from one ordered set, touches every request in
//! every step, keeps the KV cache block by block and looks every key up. It shares nothing with the engine under
//! test but the step-time models, which have separate recordings, the lengths that virtual users draw, and
//! how ties are decided (which instances tie is compared). What follows in a conversation it finds out by itself, and it is held
//! against the recordings of conversations and of the CPU tier by itself, too.

mod admission;
mod agreement;
mod batch;
mod cache;
mod cluster;
mod conversations;
mod coverage;
mod instance;
mod latency;
mod limits;
mod names;
mod queue;
mod recorded;
mod request;
mod routing;
mod scorers;
pub mod talks;
mod tier;
mod view;
mod workloads;

use crate::invariants::generate;
use agreement::assert_agree;
use proptest::prelude::*;

/// Random workloads per property in a normal run.
const CASES: u32 = 300;

/// The number of cases: [`CASES`], or the value of `ORACLE_CASES`.
fn cases() -> ProptestConfig {
    let cases = match std::env::var("ORACLE_CASES") {
        Ok(text) => text.parse().expect("ORACLE_CASES is a number"),
        Err(_) => CASES,
    };
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_step_of_a_random_cluster_is_as_the_chapters_say(config in generate::cluster()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_is_as_the_chapters_say_when_times_coincide(config in workloads::coincidences()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_is_as_the_chapters_say_when_memory_is_short(config in workloads::tight_memory()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_is_as_the_chapters_say_when_instances_stop_and_bursts_come(config in generate::disturbed()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_of_users_is_as_the_chapters_say_when_instances_stop(config in workloads::disturbed_users()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_is_as_the_chapters_say_when_tenants_have_budgets(config in workloads::tenants()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_is_as_the_chapters_say_when_prompts_are_paths_of_a_tree(config in workloads::trees()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_is_as_the_chapters_say_when_requests_hold_states(config in workloads::states()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_of_conversations_is_as_the_chapters_say(config in talks::conversations()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_with_a_second_tier_is_as_the_chapters_say(config in talks::tiers()) {
        assert_agree(&config);
    }

    #[test]
    fn every_step_of_virtual_users_is_as_the_chapters_say(config in workloads::virtual_users()) {
        assert_agree(&config);
    }
}
