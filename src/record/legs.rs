//! Which stay at an instance belongs to which request, where a request may visit two (disaggregation chapter, D-3).

use crate::units::{LegIndex, RequestIndex};

/// Which part of its request a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegKind {
    /// All of it: a request that lives on one instance.
    Whole,
    /// The computation of the prompt; it generates nothing.
    Prefill,
    /// The answer, from KV blocks that came over the network.
    Decode,
}

/// The legs of a run, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegTable {
    /// The request of each.
    pub request: Vec<RequestIndex>,
    /// What each is.
    pub kind: Vec<LegKind>,
}

impl LegTable {
    /// Another leg.
    pub fn push(&mut self, request: RequestIndex, kind: LegKind) -> LegIndex {
        self.request.push(request);
        self.kind.push(kind);
        LegIndex::from_index(self.request.len() - 1)
    }
}
