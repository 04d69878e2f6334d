//! What a run leaves behind, in columns: written by the gateway and the instances, read by every figure.
//!
//! | module | subject |
//! |---|---|
//! | `requests` | what happened to each request |
//! | `instances` | totals and steps of each instance |
//! | `legs` | which stay at an instance belongs to which request |
//! | `itl_pool` | inter-token gaps of completed requests |
//! | `pools` | prompts and answers that were computed apart |
//! | `limits` | why requests waited |
//! | `gateway` | the decisions |
//! | [`digest()`], `fingerprint` | 16 digits that are equal only for equal runs, and the hash behind them |

mod digest;
mod fingerprint;
mod gateway;
mod instances;
mod itl_pool;
mod legs;
mod limits;
mod pools;
mod reproduced;
mod requests;

pub use digest::digest;
pub use gateway::{Candidate, ChoiceName, GatewayRecord, RejectionReason, TieBreak};
pub use instances::{
    BATCHES, InstanceRecord, Service, StepRecord, StopRecord, Throughput, TierRecord, TierStep,
};
pub use itl_pool::{ItlPool, WeightedItl, merged};
pub use legs::{LegKind, LegTable};
pub use limits::{Limit, LimitRecord, LimitTimes};
pub use pools::{Apart, EncodeChoice, PoolsRecord, Way};
pub use requests::{EndReason, RequestRecords, RequestState};

use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US};
use crate::units::{InstanceIndex, Micros, RequestIndex};
use crate::workload::{Pattern, Requests, SessionState};
use serde::Serialize;
use std::ops::Range;

/// Everything that a run produced.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The requests, closed-loop follow-ups included.
    pub requests: Requests,
    /// What happened to each.
    pub records: RequestRecords,
    /// What each instance did.
    pub instances: Vec<InstanceRecord>,
    /// What the gateway decided.
    pub gateway: GatewayRecord,
    /// Instances that stopped taking requests, in the order of time. Ours.
    pub stops: Vec<StopRecord>,
    /// The rows of requests of bursts, arrived or not. Ours.
    pub burst: Range<usize>,
    /// Every step, if recorded, ordered by (start, instance).
    pub steps: Vec<StepRecord>,
    /// Requests that did not complete although their answer had begun, with the sum of its gaps until then. Of those that
    /// were evicted and are not as far again there is nothing left.
    pub unfinished: Vec<(RequestIndex, Micros)>,
    /// How the conversations of the closed loop ended; empty without any. The place is that in [`Requests::sessions`].
    pub sessions: Vec<SessionEnd>,
    /// What only a run with pools has.
    pub pools: Option<Box<PoolsRecord>>,
    /// Why requests waited, if tracked.
    pub limits: Option<LimitRecord>,
    /// How the run ended.
    pub ending: Ending,
    /// A virtual user or a conversation had to stop at a limit of the program: the run is shorter than requested.
    pub users_cut_short: bool,
    /// Order of waiting requests: some counters exist only under `priority-fcfs`.
    pub scheduler: crate::config::SchedulerName,
    /// By which rules the random numbers of the run were drawn.
    pub streams: crate::config::StreamsName,
    /// The routing policy: regret is in its scores or in load.
    pub routing: crate::config::RoutingPolicyName,
    /// Per-request completion overhead of the latency model.
    pub completion_overhead: Micros,
    /// What makes the requests arrive when they do.
    pub pattern: Pattern,
    /// Arrivals per second as set; `None` for users, windows and lists.
    pub offered_rate: Option<f64>,
    /// What one instance could do with these requests.
    pub service: Service,
    /// The GPUs of all instances, and what one costs. Ours.
    pub rented: Rented,
}

impl Outcome {
    /// Warnings about a run that went ahead but is shorter than requested, for the workload chapter (W-8) ends users at the
    /// horizon and the request budget only, this program also at its limits; and notes on what the reference may give otherwise.
    pub fn warnings(&self) -> Vec<String> {
        let stopped = if self.requests.sessions.is_some() {
            "workload: a conversation"
        } else {
            "workload.concurrency: a virtual user"
        };
        let cut_short = format!(
            "{stopped} stopped at {MAX_REQUESTS} requests or {MAX_TIME_US} µs: the run is shorter than asked for"
        );
        let Self { streams, scheduler, pattern, requests, records, .. } = self;
        let mut warnings = if self.users_cut_short { vec![cut_short] } else { Vec::new() };
        warnings.extend(reproduced::notes(*streams, *scheduler, *pattern, requests, records));
        warnings
    }
}

/// How a conversation of the closed loop ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SessionEnd {
    /// In which way.
    pub state: SessionState,
    /// Rounds that were sent, the first included.
    pub rounds: u32,
}

/// GPUs and their price.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rented {
    /// GPUs of all instances, those of stopped ones included.
    pub gpus: u64,
    /// US dollars per GPU and hour; none if no price is known.
    pub usd_per_gpu_hour: Option<f64>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Ending {
    /// All work was done or the horizon was reached.
    #[default]
    Finished,
    /// An instance evicts a request again and again: it can never fit (I-10.7), or goes round in a circle with others since waiting
    /// ones hold blocks (T-9).
    Livelock {
        /// The instance.
        instance: InstanceIndex,
        /// The request.
        request: RequestIndex,
        /// When the run was given up.
        at: Micros,
    },
    /// More steps than any run of this size can need.
    StepLimit {
        /// The limit.
        steps: u64,
        /// When the run was given up.
        at: Micros,
    },
}
