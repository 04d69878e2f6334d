//! Which stay at an instance belongs to which request.
//!
//! Every request has one leg, in the row of the request: what instances read and write are the columns of the requests.
//! Where one request visits two instances, this is the place of a table, and of columns of its own for the legs.

use crate::units::{LegIndex, RequestIndex};

/// The leg of a request.
pub(super) const fn leg_of(request: RequestIndex) -> LegIndex {
    LegIndex::new(request.get())
}

/// The request of a leg.
pub(super) const fn request_of(leg: LegIndex) -> RequestIndex {
    RequestIndex::new(leg.get())
}
