//! Virtual users that wait so long that their run meets a limit of the program.

use super::fronts::run;
use blis_playground::Config;

/// One user with the longest possible think time, for a number of requests.
fn thinker(requests: u32) -> Config {
    let mut config = Config::default();
    config.workload.concurrency = 1;
    config.workload.think_time_ms = u32::MAX;
    config.workload.num_requests = requests;
    config
}

#[test]
fn a_user_stopped_by_the_largest_time_is_a_warning_of_the_outcome() {
    let outcome = run(&thinker(300)).expect("a run");
    assert!(outcome.requests.len() < 300);
    let warnings = outcome.warnings();
    assert!(warnings.len() == 1 && warnings[0].starts_with("workload.concurrency"), "{warnings:?}");
}

#[test]
fn a_user_who_is_done_is_no_warning() {
    let outcome = run(&thinker(200)).expect("a run");
    assert_eq!((outcome.requests.len(), outcome.warnings()), (200, Vec::new()));
}
