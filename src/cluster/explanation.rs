//! What an explanation of a routing decision holds.

use super::scorers::ScorerShare;
use crate::units::{InstanceIndex, RequestIndex};
use serde::Serialize;

/// An instance as a decision saw it, and as it really was.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SeenInstance {
    /// Waiting requests in the router's view.
    pub queue_depth: u32,
    /// Running requests in the router's view.
    pub batch_size: u32,
    /// Share of KV blocks in use in the router's view.
    pub kv_utilization: f64,
    /// Requests in flight; always current.
    pub in_flight: u32,
    /// Leading prompt blocks found in the router's view of the prefix cache.
    pub cached_blocks: u32,
    /// Queue depth + batch size + requests in flight of the view.
    pub load: u64,
    /// Waiting requests at this moment.
    pub true_queue_depth: u32,
    /// Running requests at this moment.
    pub true_batch_size: u32,
    /// Share of KV blocks in use at this moment.
    pub true_kv_utilization: f64,
    /// The score: weighted sum, or minus the load; NaN if the instance is not routable.
    pub score: f64,
    /// Scores of the single scorers, in list order; empty unless the policy is weighted and the instance
    /// routable.
    pub scores: Vec<f64>,
}

/// A routing decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Explanation {
    /// The request.
    pub request: RequestIndex,
    /// When it was decided, µs.
    pub time_us: i64,
    /// Age of queue depths, batch sizes and KV use in the view, µs.
    pub snapshot_age_us: i64,
    /// Age of the prefix caches in the view, µs.
    pub cache_age_us: i64,
    /// The scorers; empty unless the policy is weighted.
    pub scorers: Vec<ScorerShare>,
    /// The instances.
    pub instances: Vec<SeenInstance>,
    /// The chosen instance.
    pub chosen: InstanceIndex,
    /// Number of equally good instances among which a draw decided; 1 = no draw.
    pub tied: u32,
    /// Best score less the score of the chosen instance.
    pub regret: f64,
}

/// Requests of a run that are treated apart.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The one whose routing decision is to be explained.
    pub request: Option<RequestIndex>,
    /// That decision, once it has been made.
    pub explanation: Option<Explanation>,
    /// The one whose instance is prescribed.
    pub forced: Option<(RequestIndex, InstanceIndex)>,
}
