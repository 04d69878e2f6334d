//! Conversations given round by round, beside a list of requests (sessions chapter, S-2, S-3 and S-9).

use serde::{Deserialize, Serialize};

/// Conversations given round by round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SessionScripts(pub Vec<SessionScript>);

/// A conversation whose first round is in the list of requests and whose later rounds follow from the answers.
///
/// Class, tenant, client, model and prefix of its later rounds are those of the first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SessionScript {
    /// Its name, as `session` of the request of round 0 has it.
    pub session: String,
    /// Whether every prompt repeats the conversation so far.
    pub accumulate: bool,
    /// µs from the arrival of a later round until the client gives up; `null` or 0 = never.
    pub timeout_us: Option<i64>,
    /// The later rounds.
    pub rounds: Vec<RoundScript>,
}

/// A later round of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct RoundScript {
    /// Pause between the answer before it and its arrival, µs.
    pub think_time_us: i64,
    /// Tokens of the conversation so far, from its start, that its prompt repeats if it accumulates; `null` = all. Fewer: the
    /// conversation was compacted, and goes on from there with other tokens.
    pub context_tokens: Option<u32>,
    /// New tokens of its prompt.
    pub input_tokens: u32,
    /// Tokens of its answer.
    pub output_tokens: u32,
}
