//! The whole cluster at one moment: what an animation shows.

use crate::record::{Limit, TierRecord};
use crate::units::{Blocks, Micros, RequestIndex, Tokens};

/// Where a request is at a moment. The numbers are part of the JavaScript API.
#[cfg_attr(feature = "js", wasm_bindgen::prelude::wasm_bindgen(js_name = Place))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RequestLocation {
    /// Not yet arrived.
    Future = 0,
    /// Arrived, waiting for the admission decision.
    Admission = 1,
    /// Admitted, waiting for the routing decision.
    Routing = 2,
    /// Routed, on the way to the instance's queue.
    Delivery = 3,
    /// In a wait queue.
    Waiting = 4,
    /// Back in a wait queue after an eviction.
    Evicted = 5,
    /// In a batch, computing its prompt.
    Prefill = 6,
    /// In a batch, producing output.
    Decode = 7,
    /// Finished.
    Completed = 8,
    /// Refused by admission.
    Rejected = 9,
    /// Cancelled at its deadline.
    TimedOut = 10,
    /// Unservable.
    Dropped = 11,
    /// Lost with its instance.
    Lost = 12,
}

/// A request of the running batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningRequest {
    /// The request.
    pub request: RequestIndex,
    /// Prompt tokens computed plus decode steps done.
    pub progress: Tokens,
    /// Whether it is still computing its prompt.
    pub prefill: bool,
}

/// An instance at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceState {
    /// Waiting requests, next one first.
    pub waiting: Vec<RequestIndex>,
    /// Running requests in batch order.
    pub running: Vec<RunningRequest>,
    /// KV blocks in use.
    pub used_blocks: Blocks,
    /// Requests in flight.
    pub in_flight: u32,
    /// Evictions so far.
    pub preemptions: u64,
    /// Requests completed so far.
    pub completed: u64,
    /// Requests lost in a crash.
    pub lost: u64,
    /// Whether routing may choose it: false once it has stopped.
    pub routable: bool,
    /// The second tier of its KV memory; `None` without one.
    pub tier: Option<TierRecord>,
    /// What the waiting requests wait for; only in a run that tracks limits.
    pub limit: Option<Limit>,
    /// Tokens of the step under way, 0 between two steps; only in a run that tracks limits.
    pub step_tokens: Tokens,
}

/// The cluster after all events up to and including `time`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterState {
    /// The time.
    pub time: Micros,
    /// Where each request is.
    pub locations: Vec<RequestLocation>,
    /// The instances.
    pub instances: Vec<InstanceState>,
}

/// What the instances hold, one column per quantity: a number per instance, and that time after time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstanceColumns {
    /// Waiting requests.
    pub waiting: Vec<u32>,
    /// Running requests.
    pub running: Vec<u32>,
    /// KV blocks in use.
    pub used_blocks: Vec<Blocks>,
    /// KV blocks in the second tier; 0 without one.
    pub tier_blocks: Vec<Blocks>,
}
