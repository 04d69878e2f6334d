//! Conversations given round by round: what a round repeats, and what of it the cache holds (S-3).

use blis_playground::config::{
    ExplicitRequest, LatencyModelName, RoundScript, SessionScript, SessionScripts,
};
use blis_playground::{Config, Outcome, record::digest, simulate};

/// One conversation on an idle instance with blocks of 16 tokens: 40 tokens in and 10 out, and these rounds.
fn run(rounds: Vec<RoundScript>) -> Outcome {
    let mut config = Config::default();
    config.model.latency_model = LatencyModelName::Roofline;
    let first = ExplicitRequest {
        input_tokens: 40,
        output_tokens: 10,
        session: "a".to_owned(),
        ..ExplicitRequest::default()
    };
    config.workload.requests = Some(vec![first].into());
    let script =
        SessionScript { session: "a".to_owned(), accumulate: true, rounds, ..SessionScript::default() };
    config.workload.sessions = Some(SessionScripts(vec![script]));
    simulate(&config).expect("a valid conversation")
}

fn round(context_tokens: Option<u32>, input_tokens: u32, output_tokens: u32) -> RoundScript {
    RoundScript { think_time_us: 1000, context_tokens, input_tokens, output_tokens }
}

#[test]
fn a_compacted_conversation_goes_on_from_where_it_was_cut() {
    // 49 tokens were said; 20 of them are repeated. Of those 16 are a block, and so is nothing that was cut off.
    let outcome = run(vec![round(Some(20), 30, 20), round(None, 5, 1), round(Some(33), 31, 1)]);
    assert_eq!(outcome.requests.input, [40, 50, 74, 64]);
    assert_eq!(outcome.requests.context_tokens(), [0, 20, 69, 33]);
    assert_eq!(outcome.records.cached_first, [0, 16, 64, 32]);
}

#[test]
fn a_round_cannot_repeat_more_than_was_said() {
    let all = run(vec![round(None, 30, 20), round(None, 5, 1)]);
    let more = run(vec![round(Some(1000), 30, 20), round(Some(98), 5, 1)]);
    assert_eq!(digest(&all), digest(&more));
    assert_eq!(all.records.cached_first, [0, 48, 96]);
}
