//! A list of requests given row by row (golden cases, imported traces, teaching examples).

use serde::{Deserialize, Serialize};

/// One request of an explicit workload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
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
    /// SLO class, may be empty.
    pub slo_class: String,
    /// Tenant, may be empty.
    pub tenant: String,
    /// Absolute deadline, µs; `null` or 0 = none.
    pub deadline_us: Option<i64>,
}

/// The list.
pub type ExplicitRequests = Vec<ExplicitRequest>;
