//! What the gateway decided.

use crate::units::{Blocks, InstanceIndex, RequestIndex};

/// What a decision saw of one candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The instance.
    pub instance: InstanceIndex,
    /// Its score.
    pub score: f64,
    /// Waiting requests, possibly stale.
    pub queue_depth: u32,
    /// Running requests, possibly stale.
    pub batch_size: u32,
    /// Requests in flight, always current.
    pub in_flight: u32,
    /// Free KV blocks, possibly stale.
    pub free_kv_blocks: Blocks,
}

impl Candidate {
    /// An empty entry: fewer instances were routable.
    pub const NONE: Self = Self {
        instance: InstanceIndex::NONE,
        score: f64::NAN,
        queue_depth: 0,
        batch_size: 0,
        in_flight: 0,
        free_kv_blocks: 0,
    };
}

/// Which choice of an instance it is (disaggregation chapter, D-5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChoiceName {
    /// The one that every request needs; with pools, that of the decode instance.
    #[default]
    Main,
    /// That of the instance that computes the prompt.
    Prefill,
    /// That of the instance that encodes.
    Encode,
}

/// A tie between equally good instances and how it fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TieBreak {
    /// The request being routed.
    pub request: RequestIndex,
    /// Number of equally good instances.
    pub tied: u32,
    /// Which of them was taken, from 0 in instance order.
    pub pick: u32,
    /// Which choice.
    pub choice: ChoiceName,
}

/// Why admission refused a request (C-7).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RejectionReason {
    /// The policy refuses everything.
    RejectAll,
    /// The bucket held fewer tokens than the prompt has.
    InsufficientTokens,
    /// The busiest instance's load was above the threshold.
    TierShed {
        /// Priority of the request's class.
        priority: i32,
        /// The lowest priority that is admitted.
        min: i32,
        /// Load of the busiest instance.
        load: u64,
    },
    /// The tenant had more requests in flight than its budget allows (policy-bundle chapter, P-5).
    TenantBudget,
    /// The average saturation was 1 or more.
    GaieSaturated {
        /// The average saturation.
        saturation: f64,
    },
}

/// The gateway's counters and its decision trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GatewayRecord {
    /// Requests that arrived, per class (index into `Requests::classes`).
    pub arrivals_by_class: Vec<u64>,
    /// Requests refused, per class.
    pub rejected_by_class: Vec<u64>,
    /// Admission decisions.
    pub admission_decisions: u64,
    /// Refusals among them.
    pub rejected: u64,
    /// Requests let in that no instance could be chosen for, as none serves the model that they name.
    pub routing_rejections: u64,
    /// Routing decisions, in order.
    pub routing_order: Vec<RequestIndex>,
    /// Refusals with their reason, in order.
    pub rejections: Vec<(RequestIndex, RejectionReason)>,
    /// Ties, in order.
    pub tie_breaks: Vec<TieBreak>,
    /// Recorded candidates per routing decision: `candidates_per_decision` entries each, best first.
    pub candidates: Vec<Candidate>,
    /// Entries per decision in `candidates`; 0 if they are not kept.
    pub candidates_per_decision: usize,
    /// Sum of regrets in decision order.
    pub regret_sum: f64,
    /// Largest regret.
    pub regret_max: f64,
}

impl GatewayRecord {
    /// The regret of a further decision.
    pub fn add_regret(&mut self, regret: f64) {
        self.regret_sum += regret;
        self.regret_max = self.regret_max.max(regret);
    }

    /// Requests that were sent to no instance, refused by admission or not routable.
    pub const fn turned_away(&self) -> u64 {
        self.rejected + self.routing_rejections
    }
}
