//! A list of requests given row by row (golden cases, imported traces, teaching examples).

use super::WorkloadSettings;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
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
    /// Tokens at the start of the prompt that repeat the conversation of the session so far. Beside the rounds that make up
    /// `workload.sessions`, where it follows from the answers. Ours.
    #[serde(skip_serializing_if = "is_zero")]
    pub context_tokens: u32,
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

/// The requests of a run one by one: rows, or a list that has been loaded into the process.
///
/// In JSON rows are an array, a loaded list is an object. Rows can be a million, so copies share them.
#[derive(Clone, Debug, PartialEq)]
pub enum ExplicitRequests {
    /// The rows themselves.
    Rows(Arc<Vec<ExplicitRequest>>),
    /// The name of a list that the process holds.
    Loaded(LoadedRequests),
}

/// A list of requests by the digest of its content, so that settings stay small however long it is. A run needs the list
/// itself to be loaded (`workload::loaded`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct LoadedRequests {
    /// Digest of the packed list, 32 hexadecimal digits.
    pub digest: String,
    /// What it is called, such as the name of a file; a label.
    #[serde(default)]
    pub name: String,
    /// Number of requests.
    #[serde(default)]
    pub requests: u64,
}

impl ExplicitRequests {
    /// Number of requests.
    pub fn len(&self) -> u64 {
        match self {
            Self::Rows(rows) => rows.len() as u64,
            Self::Loaded(list) => list.requests,
        }
    }

    /// Whether there is no request.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows; none if the list is a loaded one.
    pub fn rows(&self) -> &[ExplicitRequest] {
        match self {
            Self::Rows(rows) => rows,
            Self::Loaded(_) => &[],
        }
    }

    /// The rows, to be changed; other copies do not see that. None if the list is a loaded one.
    pub fn rows_mut(&mut self) -> Option<&mut Vec<ExplicitRequest>> {
        match self {
            Self::Rows(rows) => Some(Arc::make_mut(rows)),
            Self::Loaded(_) => None,
        }
    }

    /// The loaded list; none if the rows are here.
    pub const fn loaded(&self) -> Option<&LoadedRequests> {
        match self {
            Self::Rows(_) => None,
            Self::Loaded(list) => Some(list),
        }
    }
}

impl Default for ExplicitRequests {
    fn default() -> Self {
        Self::Rows(Arc::default())
    }
}

impl From<Vec<ExplicitRequest>> for ExplicitRequests {
    fn from(rows: Vec<ExplicitRequest>) -> Self {
        Self::Rows(Arc::new(rows))
    }
}

impl FromIterator<ExplicitRequest> for ExplicitRequests {
    fn from_iter<Rows: IntoIterator<Item = ExplicitRequest>>(rows: Rows) -> Self {
        Self::from(Vec::from_iter(rows))
    }
}

impl Serialize for ExplicitRequests {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Rows(rows) => rows.serialize(serializer),
            Self::Loaded(list) => list.serialize(serializer),
        }
    }
}

/// By hand: an untagged enum would not tell what is wrong with a row.
impl<'de> Deserialize<'de> for ExplicitRequests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor;

        impl<'de> Visitor<'de> for ListVisitor {
            type Value = ExplicitRequests;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of requests")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, rows: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(rows)).map(ExplicitRequests::from)
            }

            fn visit_map<A: MapAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                LoadedRequests::deserialize(MapAccessDeserializer::new(list)).map(ExplicitRequests::Loaded)
            }
        }

        deserializer.deserialize_any(ListVisitor)
    }
}

impl WorkloadSettings {
    /// The explicit requests, to be changed; none if there are none, or they are a loaded list.
    pub fn rows_mut(&mut self) -> Option<&mut Vec<ExplicitRequest>> {
        self.requests.as_mut().and_then(ExplicitRequests::rows_mut)
    }
}
