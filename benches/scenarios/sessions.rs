//! Conversations: 10,000 of five rounds that repeat what was said, on 12 instances, and the same requests without any relation.

use blis_playground::config::{ExplicitRequest, RoundScript, SessionScript, SessionScripts};
use blis_playground::{Config, Outcome};

/// Conversations.
pub const SESSIONS: u32 = 10_000;

/// Rounds of each.
pub const ROUNDS: u32 = 5;

/// Pause between an answer and the next round, µs.
const THINK_TIME_US: i64 = 5_000_000;

/// µs between the beginnings of two conversations.
const APART_US: i64 = 50_000;

/// The settings of the conversations.
pub fn config() -> Config {
    let mut config = Config::default();
    config.cluster.num_instances = 12;
    let name = |session: u32| format!("s{session}");
    let first = |session| ExplicitRequest {
        arrival_us: i64::from(session) * APART_US,
        input_tokens: length(session, 0, 0),
        output_tokens: length(session, 0, 1),
        session: name(session),
        ..ExplicitRequest::default()
    };
    let round = |session| {
        move |round| RoundScript {
            think_time_us: THINK_TIME_US,
            context_tokens: None,
            input_tokens: length(session, round, 0),
            output_tokens: length(session, round, 1),
        }
    };
    let script = |session| SessionScript {
        session: name(session),
        accumulate: true,
        rounds: (1..ROUNDS).map(round(session)).collect(),
        ..SessionScript::default()
    };
    config.workload.requests = Some((0..SESSIONS).map(first).collect::<Vec<_>>().into());
    config.workload.sessions = Some(SessionScripts((0..SESSIONS).map(script).collect()));
    config
}

/// The settings with the requests that conversations turned out to send, as if none had to do with another.
pub fn plain(outcome: &Outcome, of: &Config) -> Config {
    let requests = &outcome.requests;
    let mut rows: Vec<usize> = (0..requests.len()).collect();
    rows.sort_by_key(|&row| requests.arrival[row]);
    let listed = rows.into_iter().map(|row| ExplicitRequest {
        arrival_us: requests.arrival[row].0,
        input_tokens: requests.input[row],
        output_tokens: requests.output[row],
        ..ExplicitRequest::default()
    });
    let mut config = of.clone();
    config.workload.sessions = None;
    config.workload.requests = Some(listed.collect::<Vec<_>>().into());
    config
}

/// A length between 64 and 319 tokens that looks drawn.
fn length(session: u32, round: u32, kind: u32) -> u32 {
    let mixed = (session * 10 + round * 2 + kind).wrapping_mul(0x9e37_79b1);
    64 + (mixed >> 24)
}
