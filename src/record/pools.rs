//! What a run whose prompts and answers are computed apart leaves behind beside the ordinary record (disaggregation chapter, D-10 to
//! D-12).

use super::{Candidate, LegTable, RequestRecords};
use crate::config::Role;
use crate::units::{Blocks, InstanceIndex, LegIndex, Micros, RequestIndex};

/// How a request was served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// It was not routed.
    #[default]
    Unrouted,
    /// On one instance.
    Local(LegIndex),
    /// In two parts: the row in [`PoolsRecord::apart`].
    Apart(u32),
}

/// A request in two parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Apart {
    /// The request.
    pub request: RequestIndex,
    /// Its prefill part.
    pub prefill: LegIndex,
    /// The instance of that.
    pub prefill_instance: InstanceIndex,
    /// The score of that instance, and the regret of the choice; NaN if regret is off.
    pub prefill_score: f64,
    /// Best score less that.
    pub prefill_regret: f64,
    /// Its decode part, from the start of the transfer on.
    pub decode: Option<LegIndex>,
    /// Start of the transfer; [`Micros::NEVER`] if there was none.
    pub transfer_start: Micros,
    /// Its end, reached or not; [`Micros::NEVER`] if there was no room at its start.
    pub transfer_end: Micros,
    /// Whether the end was reached.
    pub transferred: bool,
    /// Transfers under way at its start, this one included, if they share the network; else 0.
    pub active: u32,
    /// KV blocks moved.
    pub blocks: Blocks,
    /// The first gap of the answer; [`Micros::NEVER`] without one.
    pub first_gap: Micros,
}

/// The choice of an instance that encodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EncodeChoice {
    /// The request.
    pub request: RequestIndex,
    /// The instance.
    pub instance: InstanceIndex,
    /// Its score; NaN if regret is off.
    pub score: f64,
    /// Best score less that.
    pub regret: f64,
}

/// Everything of a run with pools that an ordinary run does not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoolsRecord {
    /// What each instance does.
    pub roles: Vec<Role>,
    /// The legs.
    pub legs: LegTable,
    /// What happened to each leg, as its instance has it.
    pub records: RequestRecords,
    /// How each request was served.
    pub ways: Vec<Way>,
    /// The requests in two parts, in the order in which they were routed.
    pub apart: Vec<Apart>,
    /// Choices of instances that encode, in order.
    pub encodings: Vec<EncodeChoice>,
    /// Per request routed, in the order of [`routing_order`](super::GatewayRecord::routing_order): leading blocks of its prompt that
    /// the decider saw on the chosen decode instance. Only if candidates are kept, or the decider reads them.
    pub cached_blocks: Vec<Blocks>,
    /// Candidates of the choices of prefill instances, a fixed number each.
    pub prefill_candidates: Vec<Candidate>,
    /// Candidates of the choices of instances that encode.
    pub encode_candidates: Vec<Candidate>,
    /// Whether transfers share the network.
    pub contention: bool,
}

impl PoolsRecord {
    /// The two parts of a request, if it has them.
    pub fn parts(&self, request: RequestIndex) -> Option<&Apart> {
        match self.ways.get(request.index())? {
            Way::Apart(row) => Some(&self.apart[*row as usize]),
            Way::Unrouted | Way::Local(_) => None,
        }
    }
}
