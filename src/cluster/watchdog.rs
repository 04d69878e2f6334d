//! Finds runs that cannot finish, so that they are ended: a request that no eviction can make room for.

use super::engine::Engine;
use crate::instance::InstanceParams;
use crate::latency::LatencyModel;
use crate::record::Ending;
use crate::units::{InstanceIndex, Micros, RequestIndex};

/// Self-evictions in a row after which a lone request counts as unable ever to fit.
const HOPELESS_EVICTIONS: u32 = 64;

/// Steps that any run may make, however small.
const BASE_STEPS: u64 = 10_000_000;

/// Further steps per token of the workload. Every step without an eviction serves a token, so a run that needs
/// more than this only evicts and recomputes.
const STEPS_PER_TOKEN: u64 = 4;

/// Steps that a run may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StepAllowance {
    /// In all.
    pub allowed: u64,
    /// Those that are left.
    pub left: u64,
}

impl StepAllowance {
    /// For a workload of so many tokens.
    pub const fn new(tokens: u64) -> Self {
        let allowed = BASE_STEPS + STEPS_PER_TOKEN * tokens;
        Self { allowed, left: allowed }
    }

    /// So many tokens more.
    pub const fn add(&mut self, tokens: u64) {
        self.allowed += STEPS_PER_TOKEN * tokens;
        self.left += STEPS_PER_TOKEN * tokens;
    }

    /// Whether none has been made.
    pub const fn is_whole(&self) -> bool {
        self.left == self.allowed
    }
}

/// Whether the longest request fits into an instance's KV cache. Else there may be one that evicts itself for ever,
/// and what an instance does then depends on when it is left alone.
pub(super) fn all_fit(params: &InstanceParams, longest: u64) -> bool {
    longest <= u64::from(params.total_blocks) * u64::from(params.block_size)
}

impl<L: LatencyModel> Engine<L> {
    /// The request that an instance would evict and readmit for ever, if there is one and nothing can come
    /// from outside to end that.
    pub(super) fn hopeless_request(&self, instance: usize) -> Option<RequestIndex> {
        let stuck =
            self.fleet.instances[instance].stuck().filter(|stuck| stuck.times >= HOPELESS_EVICTIONS)?;
        let endless = self.horizon == Micros::FOREVER
            && self.requests.deadline[stuck.request] <= Micros::ZERO
            && self.next_cluster_event().is_none();
        endless.then_some(stuck.request)
    }

    /// How a run ends because of an instance with a hopeless request.
    pub(super) fn livelock(&self, instance: usize) -> Option<Ending> {
        let request = self.hopeless_request(instance)?;
        Some(Ending::Livelock {
            instance: InstanceIndex::from_index(instance),
            request,
            at: self.fleet.instances[instance].clock(),
        })
    }
}
