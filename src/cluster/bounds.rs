//! How many steps a run may make, and how far its instances may lag.

use crate::instance::InstanceParams;
use crate::units::Micros;

/// Simulated time by which the instances may lag behind the gateway: what happens to a request is written while its
/// rows are still in the processor's cache, and few requests are on their way to an instance at a time.
pub(super) const FOLLOW_SLICE: Micros = Micros(1_000_000);

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
