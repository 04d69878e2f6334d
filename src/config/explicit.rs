//! A list of requests given row by row (golden cases, imported traces, teaching examples).

use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// One request of an explicit workload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ExplicitRequest {
    /// Textual id; `null` numbers the request.
    pub id: Option<String>,
    /// Arrival at the gateway, µs.
    pub arrival_us: i64,
    /// Whole prompt, shared prefix included.
    pub input_tokens: u32,
    /// True output length.
    pub output_tokens: u32,
    /// Declared output budget; `null` = the true length.
    pub budget: Option<i32>,
    /// Prefix group; `null` = none.
    pub prefix_group: Option<String>,
    /// Tokens shared with the group.
    pub prefix_length: u32,
    /// Ids of the hash blocks of the prompt, in place of a prefix group: each stands for the whole prompt from its start to the end
    /// of a block of `workload.hash_block` tokens, the last of which may be partly filled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "js", tsify(type = "(number | bigint)[]", optional))]
    pub hash_ids: Option<Vec<u64>>,
    /// SLO class, may be empty.
    pub slo_class: String,
    /// Tenant, may be empty.
    pub tenant: String,
    /// Absolute deadline, µs; `null` or 0 = none.
    pub deadline_us: Option<i64>,
    /// Client; a label, may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client: String,
    /// Session; a label, may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
    /// Round of the session, from 0; a label.
    #[serde(skip_serializing_if = "is_zero")]
    pub round: u32,
    /// The model that it is for; may be empty. No instance serves another one than that of the settings.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Whether the answer is streamed; a label.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub streaming: bool,
    /// Latency that the client hopes for, µs; a label, 0 = none.
    #[serde(skip_serializing_if = "is_none")]
    pub slo_target_us: i64,
    /// The prefix length that its row of a trace names, if that is not the group's; a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_prefix_length: Option<u32>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none(target: &i64) -> bool {
    *target == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The list. It can be a million rows long, so copies share it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ExplicitRequests(
    #[cfg_attr(feature = "js", tsify(type = "ExplicitRequest[]"))] Arc<Vec<ExplicitRequest>>,
);

impl Deref for ExplicitRequests {
    type Target = Vec<ExplicitRequest>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Changes are not seen by other copies: the rows are copied first if they are shared.
impl DerefMut for ExplicitRequests {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl From<Vec<ExplicitRequest>> for ExplicitRequests {
    fn from(rows: Vec<ExplicitRequest>) -> Self {
        Self(Arc::new(rows))
    }
}

impl FromIterator<ExplicitRequest> for ExplicitRequests {
    fn from_iter<Rows: IntoIterator<Item = ExplicitRequest>>(rows: Rows) -> Self {
        Self::from(Vec::from_iter(rows))
    }
}
