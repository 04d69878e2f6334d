//! What makes a client more than a source of single prompts of text: conversations, prompts of several media, and another
//! tool's benchmark (sessions chapter, S-1, S-11 and S-12).

use super::DistributionSpec;
use serde::{Deserialize, Serialize};

/// How a client's requests follow from one another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ReasoningSpec {
    /// Conversations of several rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_turn: Option<MultiTurnSpec>,
    /// Percentage of an answer that is reasoning: a label without effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_ratio_distribution: Option<DistributionSpec>,
}

/// Conversations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct MultiTurnSpec {
    /// Rounds of a conversation, the first included; at least 1.
    #[serde(deserialize_with = "super::or_default")]
    pub max_rounds: i64,
    /// Pause between the end of a round and the arrival of the next one, µs.
    #[serde(deserialize_with = "super::or_default")]
    pub think_time_us: i64,
    /// Whether prompts repeat the conversation so far.
    #[serde(deserialize_with = "super::or_default")]
    pub context_growth: ContextGrowth,
    /// Whether the client is one conversation, in place of a source of conversations.
    #[serde(deserialize_with = "super::or_default")]
    pub single_session: bool,
}

/// Whether prompts repeat the conversation so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum ContextGrowth {
    /// They do not grow.
    #[default]
    #[serde(rename = "")]
    None,
    /// They do.
    #[serde(rename = "accumulate")]
    Accumulate,
}

/// Prompts of text, images, audio and video, in place of the input distribution. A medium counts if both its distributions
/// are given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct MultimodalSpec {
    /// Tokens of the text.
    pub text_distribution: Option<DistributionSpec>,
    /// Tokens of an image.
    pub image_distribution: Option<DistributionSpec>,
    /// Number of images.
    pub image_count_distribution: Option<DistributionSpec>,
    /// Tokens of a piece of audio.
    pub audio_distribution: Option<DistributionSpec>,
    /// Number of pieces.
    pub audio_count_distribution: Option<DistributionSpec>,
    /// Tokens of a video.
    pub video_distribution: Option<DistributionSpec>,
    /// Number of videos.
    pub video_count_distribution: Option<DistributionSpec>,
}

/// The load of the benchmark tool inference-perf: users in groups that share a system prompt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct InferencePerfSpec {
    /// One after the other; at least one.
    #[serde(deserialize_with = "super::or_default")]
    pub stages: Vec<StageSpec>,
    /// The users; must be given.
    pub shared_prefix: Option<SharedPrefixSpec>,
}

/// A stage of a benchmark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct StageSpec {
    /// Requests per second, > 0.
    pub rate: f64,
    /// Whole seconds, > 0.
    pub duration: i64,
}

/// Users in groups that share a system prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SharedPrefixSpec {
    /// Groups, > 0.
    pub num_unique_system_prompts: i64,
    /// Users of each group, > 0.
    pub num_users_per_system_prompt: i64,
    /// Tokens of the system prompt; 0 becomes the default length of a prefix.
    pub system_prompt_len: i64,
    /// Tokens of a question.
    pub question_len: i64,
    /// Tokens of an answer.
    pub output_len: i64,
    /// Whether each user holds one conversation.
    pub enable_multi_turn_chat: bool,
}
