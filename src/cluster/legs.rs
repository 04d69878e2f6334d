//! Which stay at an instance belongs to which request.

use crate::units::{LegIndex, RequestIndex};

/// Every request has one leg, in the row of the request: what instances read and write are the columns of the requests.
/// Where one request visits two instances, this is the place of a table, and of columns of its own for the legs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Legs;

impl Legs {
    /// The leg of a request that has been routed.
    pub const fn of(self, request: RequestIndex) -> LegIndex {
        LegIndex::new(request.get())
    }

    /// The request of a leg.
    pub const fn request(self, leg: LegIndex) -> RequestIndex {
        RequestIndex::new(leg.get())
    }
}
