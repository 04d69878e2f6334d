//! Finds runs that cannot finish, so that they are ended: a request that no eviction can make room for.

use super::engine::Engine;
use crate::latency::LatencyModel;
use crate::record::Ending;
use crate::units::{InstanceIndex, Micros, RequestIndex};

/// Self-evictions in a row after which a lone request counts as unable ever to fit.
const HOPELESS_EVICTIONS: u32 = 64;

impl<L: LatencyModel> Engine<L> {
    /// The request that an instance would evict and readmit for ever, if there is one and nothing can come
    /// from outside to end that.
    pub(super) fn hopeless_request(&self, instance: usize) -> Option<RequestIndex> {
        let stuck =
            self.fleet.instances[instance].stuck().filter(|stuck| stuck.times >= HOPELESS_EVICTIONS)?;
        let request = self.request_of(stuck.leg);
        let endless = self.horizon == Micros::FOREVER
            && self.requests.deadline[request] <= Micros::ZERO
            && self.next_cluster_event().is_none();
        endless.then_some(request)
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
