//! Requests without a prompt (kv-cache chapter, KV-5.5), where memory is short.

use blis_playground::config::ExplicitRequest;
use blis_playground::record::{Ending, RequestState};
use blis_playground::{Config, Outcome, simulate};

/// One instance with this many blocks of 16 tokens, and requests of these prompts and outputs at time 0.
fn run(blocks: u32, requests: &[(u32, u32)]) -> Outcome {
    let mut config = Config::default();
    config.memory.total_kv_blocks = Some(blocks);
    config.memory.max_model_len = Some(0);
    config.workload.requests = Some(
        requests
            .iter()
            .map(|&(input_tokens, output_tokens)| ExplicitRequest {
                input_tokens,
                output_tokens,
                ..ExplicitRequest::default()
            })
            .collect(),
    );
    simulate(&config).expect("a valid configuration")
}

fn failures(outcome: &Outcome) -> u64 {
    outcome.total(|instance| instance.kv_allocation_failures)
}

#[test]
fn block_boundaries_come_one_token_early() {
    // One block, and as many tokens as it holds: the last store finds it full.
    let full = run(1, &[(0, 16)]);
    assert_eq!((failures(&full), full.instances[0].completed, full.instances[0].cache_misses), (1, 1, 1));
    assert_eq!(failures(&run(1, &[(0, 15)])), 0);
    // A prompt of one token has no such token to spare.
    assert_eq!(failures(&run(1, &[(1, 15)])), 0);
    let roomy = run(5, &[(0, 16)]);
    assert_eq!((failures(&roomy), roomy.instances[0].cache_misses), (0, 2));
}

#[test]
fn an_admission_waits_for_its_block() {
    let outcome = run(1, &[(0, 3), (0, 3)]);
    let records = &outcome.records;
    assert_eq!(outcome.instances[0].completed, 2);
    assert_eq!(records.last_scheduled_at[1], records.ended_at[0]);
    assert_eq!(outcome.instances[0].preemptions, 0);
}

#[test]
fn a_request_that_never_fits_is_given_up() {
    let outcome = run(1, &[(0, 17)]);
    assert!(matches!(outcome.ending, Ending::Livelock { .. }), "{:?}", outcome.ending);
}

#[test]
fn nothing_at_all_completes_at_once_and_stores_nothing() {
    let outcome = run(1, &[(0, 0)]);
    assert_eq!(outcome.records.state[0], RequestState::Completed);
    assert_eq!((outcome.instances[0].cache_misses, outcome.instances[0].steps), (0, 1));
    assert_eq!(outcome.instances[0].output_tokens, 0);
}
