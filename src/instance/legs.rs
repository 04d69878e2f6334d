//! What instances see of the workload: legs, and the requests that they belong to (disaggregation chapter, D-3).

use super::queue::{IdKey, Suffix};
use crate::record::{LegKind, LegTable};
use crate::units::{LegIndex, Micros, RequestIndex, Tokens};
use crate::workload::Requests;

/// The workload, leg by leg. Without a table each request has one leg, in its own row.
#[derive(Clone, Copy, Debug)]
pub struct LegRequests<'a> {
    requests: &'a Requests,
    table: Option<&'a LegTable>,
}

impl<'a> LegRequests<'a> {
    /// The legs of these requests.
    #[inline]
    pub const fn new(requests: &'a Requests, table: Option<&'a LegTable>) -> Self {
        Self { requests, table }
    }

    /// The requests.
    #[inline]
    pub const fn requests(self) -> &'a Requests {
        self.requests
    }

    /// The request of a leg.
    #[inline]
    pub fn request(self, leg: LegIndex) -> RequestIndex {
        self.table.map_or(RequestIndex::new(leg.get()), |table| table.request[leg])
    }

    /// Which part of its request a leg is.
    #[inline]
    pub fn kind(self, leg: LegIndex) -> LegKind {
        self.table.map_or(LegKind::Whole, |table| table.kind[leg])
    }

    /// Prompt length.
    #[inline]
    pub fn input(self, leg: LegIndex) -> Tokens {
        self.requests.input[self.request(leg)]
    }

    /// Tokens of the answer that the leg generates.
    #[inline]
    pub fn output(self, leg: LegIndex) -> Tokens {
        match self.kind(leg) {
            LegKind::Whole | LegKind::Decode => self.requests.output[self.request(leg)],
            LegKind::Prefill => 0,
        }
    }

    /// Arrival of the request at the gateway.
    #[inline]
    pub fn arrival(self, leg: LegIndex) -> Micros {
        self.requests.arrival[self.request(leg)]
    }

    /// When the client gives up; [`Micros::ZERO`] = never.
    #[inline]
    pub fn deadline(self, leg: LegIndex) -> Micros {
        self.requests.deadline[self.request(leg)]
    }

    /// Declared output budget, also of a part that generates nothing.
    #[inline]
    pub fn budget(self, leg: LegIndex) -> i32 {
        self.requests.budget[self.request(leg)]
    }

    /// The SLO class.
    #[inline]
    pub fn class(self, leg: LegIndex) -> u16 {
        self.requests.class[self.request(leg)]
    }

    /// The session.
    #[inline]
    pub fn session(self, leg: LegIndex) -> u32 {
        self.requests.session[self.request(leg)]
    }

    /// The id of a leg as an ordering key.
    pub fn id_key(self, leg: LegIndex) -> IdKey {
        let (requests, row) = (self.requests, self.request(leg));
        match (&requests.ids, requests.follow_up(row.index())) {
            (Some(_), _) => IdKey::text(&requests.id(row), self.suffix(leg)),
            (None, Some(_)) => IdKey::behind_numbered(&requests.id(row), self.suffix(leg)),
            (None, None) => IdKey::numbered(u64::from(row.get()), self.suffix(leg)),
        }
    }

    /// What stands behind the id of its request in the id of a leg.
    fn suffix(self, leg: LegIndex) -> Suffix {
        match self.kind(leg) {
            LegKind::Whole => Suffix::None,
            LegKind::Decode => Suffix::Decode,
            LegKind::Prefill => Suffix::Prefill,
        }
    }
}
