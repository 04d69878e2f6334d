//! What instances are set up as: all of a pool alike.

use crate::instance::{InstanceParams, LegRequests, Reports, StepContext};
use crate::record::RequestRecords;
use crate::units::Micros;

/// A setup: how long steps take, and the settings of the server. Setups of one run differ in what belongs to a machine
/// (step times, KV blocks, longest sequence); block size and prefixes are those of the run.
#[derive(Clone, Debug)]
pub struct Setup<L> {
    /// The latency model.
    pub latency: L,
    /// Settings of the instances.
    pub params: InstanceParams,
}

impl<L> Setup<L> {
    /// What an instance of this setup reads and writes while it advances.
    #[inline]
    pub(super) const fn context<'a>(
        &'a self,
        (horizon, reports): (Micros, Reports),
        requests: LegRequests<'a>,
        records: &'a mut RequestRecords,
    ) -> StepContext<'a, L> {
        StepContext { params: &self.params, latency: &self.latency, horizon, reports, requests, records }
    }
}

/// Instances of one setup; their numbers follow those of the pool before.
#[derive(Clone, Debug)]
pub struct Pool<L> {
    /// What they are set up as.
    pub setup: Setup<L>,
    /// How many there are.
    pub instances: u32,
}
