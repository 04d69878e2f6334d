//! Which stay at an instance belongs to which request.
//!
//! Without pools every request has one leg, in the row of the request: what instances read and write are the columns of the
//! requests. With pools the legs have a table, and records, of their own.

use super::engine::Engine;
use crate::instance::LegRequests;
use crate::latency::LatencyModel;
use crate::record::RequestRecords;
use crate::units::{LegIndex, RequestIndex};

/// The leg of a request that has one in its own row.
pub(super) const fn leg_of(request: RequestIndex) -> LegIndex {
    LegIndex::new(request.get())
}

/// The request of a leg in its row.
pub(super) const fn request_of(leg: LegIndex) -> RequestIndex {
    RequestIndex::new(leg.get())
}

impl<L: LatencyModel> Engine<L> {
    /// The legs, and what happened to each.
    pub(super) fn legs(&self) -> (LegRequests<'_>, &RequestRecords) {
        match &self.pools {
            None => (LegRequests::new(&self.requests, None), &self.records),
            Some(pools) => (LegRequests::new(&self.requests, Some(&pools.legs)), &pools.records),
        }
    }

    /// The request of a leg.
    pub(super) fn request_of(&self, leg: LegIndex) -> RequestIndex {
        self.pools.as_ref().map_or_else(|| request_of(leg), |pools| pools.legs.request[leg])
    }
}
