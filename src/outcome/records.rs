//! What a run leaves behind, in columns: the raw material of every reported figure.

pub use super::itl_pool::{ItlPool, WeightedItl};
use super::limits::Limit;
use crate::units::{Blocks, InstanceIndex, Micros, RequestIndex, Tokens};
use serde::{Deserialize, Serialize};

/// No instance was chosen for the request.
pub const NO_INSTANCE: InstanceIndex = u32::MAX;

/// Where a request was when the run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RequestState {
    /// Its arrival lies beyond the horizon.
    #[default]
    NotArrived,
    /// Arrived, but not yet in an instance's queue.
    InTransit,
    /// Refused by admission.
    Rejected,
    /// In an instance's wait queue.
    Queued,
    /// In a running batch.
    Running,
    /// Finished.
    Completed,
    /// Finished early at the model's length limit.
    LengthCapped,
    /// Cancelled at its deadline.
    TimedOut,
    /// Unservable: refused on reaching the instance's queue.
    Dropped,
}

/// Why a request was dropped or timed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum EndReason {
    /// Neither dropped nor timed out.
    #[default]
    None,
    /// Dropped: negative output budget.
    NegativeBudget,
    /// Dropped: prompt at or above the model's length limit.
    InputExceedsMaxModelLen,
    /// Dropped: prompt plus declared output above the model's length limit.
    TotalExceedsMaxModelLen,
    /// Dropped: the prompt needs more KV blocks than the instance has.
    InputExceedsKvCapacity,
    /// Timed out while waiting.
    Queued,
    /// Timed out while running.
    Running,
    /// Its deadline had passed when it reached the queue.
    PastDueAtEnqueue,
}

/// One row per request; times are [`Micros::NEVER`] where the thing did not happen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestRecords {
    /// Where the request was at the end.
    pub state: Vec<RequestState>,
    /// Why it was dropped or timed out.
    pub end_reason: Vec<EndReason>,
    /// Time of the admission decision.
    pub admitted_at: Vec<Micros>,
    /// Time of the routing decision.
    pub routed_at: Vec<Micros>,
    /// Chosen instance, or [`NO_INSTANCE`].
    pub instance: Vec<InstanceIndex>,
    /// Score of the chosen instance; NaN if not routed or regret is off.
    pub score: Vec<f64>,
    /// Best candidate's score minus `score`; NaN as above.
    pub regret: Vec<f64>,
    /// Entry into the wait queue.
    pub enqueued_at: Vec<Micros>,
    /// Instance-level priority key, lower = more urgent.
    pub priority: Vec<i64>,
    /// Start of the step that first took the request into the batch.
    pub first_scheduled_at: Vec<Micros>,
    /// Start of the step that last did (differs after a preemption).
    pub last_scheduled_at: Vec<Micros>,
    /// Time to first token as last recorded.
    pub ttft: Vec<Micros>,
    /// Sum of inter-token gaps, at completion.
    pub itl_sum: Vec<i64>,
    /// Number of inter-token gaps, at completion.
    pub itl_count: Vec<u32>,
    /// Arrival to last token, at completion.
    pub e2e: Vec<Micros>,
    /// Completed: end of the last step. Timed out or dropped: that moment.
    pub ended_at: Vec<Micros>,
    /// How often it was evicted from the batch.
    pub preemptions: Vec<u32>,
    /// Prompt tokens found in the prefix cache when first scheduled.
    pub cached_first: Vec<Tokens>,
    /// Prompt tokens found in the prefix cache when last scheduled.
    pub cached_last: Vec<Tokens>,
}

impl RequestRecords {
    /// Rows of requests to which nothing has happened yet.
    pub fn with_rows(rows: usize) -> Self {
        let mut records = Self {
            // Zeros that are never overwritten cost nothing when they come from the operating system as they are.
            priority: vec![0; rows],
            itl_sum: vec![0; rows],
            itl_count: vec![0; rows],
            preemptions: vec![0; rows],
            cached_first: vec![0; rows],
            cached_last: vec![0; rows],
            ..Self::default()
        };
        records.resize(rows);
        records
    }

    /// One more such row.
    pub fn push_row(&mut self) {
        self.resize(self.state.len() + 1);
    }

    fn resize(&mut self, rows: usize) {
        self.state.resize(rows, RequestState::NotArrived);
        self.end_reason.resize(rows, EndReason::None);
        self.admitted_at.resize(rows, Micros::NEVER);
        self.routed_at.resize(rows, Micros::NEVER);
        self.instance.resize(rows, NO_INSTANCE);
        self.score.resize(rows, f64::NAN);
        self.regret.resize(rows, f64::NAN);
        self.enqueued_at.resize(rows, Micros::NEVER);
        self.priority.resize(rows, 0);
        self.first_scheduled_at.resize(rows, Micros::NEVER);
        self.last_scheduled_at.resize(rows, Micros::NEVER);
        self.ttft.resize(rows, Micros::NEVER);
        self.itl_sum.resize(rows, 0);
        self.itl_count.resize(rows, 0);
        self.e2e.resize(rows, Micros::NEVER);
        self.ended_at.resize(rows, Micros::NEVER);
        self.preemptions.resize(rows, 0);
        self.cached_first.resize(rows, 0);
        self.cached_last.resize(rows, 0);
    }
}

/// One instance's totals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstanceRecord {
    /// Requests routed here.
    pub routed: u64,
    /// Requests completed, length-capped ones included.
    pub completed: u64,
    /// Length-capped requests among them.
    pub length_capped: u64,
    /// Requests cancelled at their deadline.
    pub timed_out: u64,
    /// Unservable requests.
    pub dropped: u64,
    /// Waiting at the end.
    pub still_queued: u64,
    /// Running at the end.
    pub still_running: u64,
    /// Prompt tokens of requests that passed the drop checks.
    pub input_tokens: u64,
    /// Generated tokens of completed requests.
    pub output_tokens: u64,
    /// Ours, not the reference's: tokens generated for requests without a complete answer, namely those that gave up
    /// while they ran and those that ran at the end. What an evicted request had before its eviction does not count.
    pub unfinished_output_tokens: u64,
    /// Steps executed.
    pub steps: u64,
    /// Steps that scheduled nothing.
    pub zero_token_steps: u64,
    /// Sum of step durations.
    pub busy: Micros,
    /// New tokens over all steps.
    pub scheduled_tokens: u64,
    /// Largest batch after batch formation.
    pub max_batch: u64,
    /// Longest queue after batch formation.
    pub max_waiting: u64,
    /// Sum over steps of the queue length after batch formation.
    pub sum_waiting: u64,
    /// Sum over steps of the batch size.
    pub sum_batch: u64,
    /// Evictions.
    pub preemptions: u64,
    /// Failed final-token stores.
    pub kv_allocation_failures: u64,
    /// KV blocks of the instance.
    pub total_kv_blocks: Blocks,
    /// Largest number of blocks in use after a step's execution, before completions free theirs.
    pub peak_kv_blocks: Blocks,
    /// Blocks in use times step duration, summed.
    pub kv_block_us: u64,
    /// Blocks in use at the end.
    pub used_kv_blocks_end: Blocks,
    /// Blocks taken over from the prefix cache.
    pub cache_hits: u64,
    /// Blocks newly allocated.
    pub cache_misses: u64,
    /// Time of the last event, at most the horizon.
    pub end: Micros,
    /// The inter-token gaps of completed requests.
    pub itls: ItlPool,
}

impl InstanceRecord {
    /// Share of block allocations served from the prefix cache; 0 without any (kv-cache chapter, KV-8).
    pub fn cache_hit_rate(&self) -> f64 {
        let lookups = self.cache_hits + self.cache_misses;
        if lookups == 0 { 0.0 } else { self.cache_hits as f64 / lookups as f64 }
    }
}

/// One step of one instance; kept only on request.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// The instance.
    pub instance: InstanceIndex,
    /// Start.
    pub start: Micros,
    /// Duration.
    pub duration: Micros,
    /// Batch members in order, with their new tokens.
    pub batch: Vec<(RequestIndex, Tokens)>,
    /// Requests admitted to the batch, in order.
    pub newly_scheduled: Vec<RequestIndex>,
    /// Requests evicted, in order.
    pub preempted: Vec<RequestIndex>,
    /// Queue length after batch formation.
    pub waiting_after: u64,
    /// The limit at which batch formation stopped; `None` if no request waits after it.
    pub limit: Option<Limit>,
    /// Blocks in use after execution, before completions.
    pub used_kv_blocks: Blocks,
    /// Blocks in use after completions.
    pub used_kv_blocks_after: Blocks,
}

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

/// A tie between equally good instances and how it fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TieBreak {
    /// The request being routed.
    pub request: RequestIndex,
    /// Number of equally good instances.
    pub tied: u32,
    /// Which of them was taken, from 0 in instance order.
    pub pick: u32,
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

/// What one instance of a run could do with its requests: figures of the latency model, not of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Service {
    /// Most running requests.
    pub slots: u32,
    /// Tokens of a step.
    pub step_budget: u32,
    /// Running requests that slots, KV blocks and step budget have room for, on average.
    pub batch: f64,
    /// Requests per second with a batch of that size; 0 if unknown.
    pub capacity: f64,
    /// How long a mean answer takes on an instance that has nothing else to do, s.
    pub alone_s: f64,
    /// Mean answer, tokens.
    pub answer_tokens: f64,
    /// Requests that timed out and would have done so on an idle instance.
    pub hopeless: u64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Ending {
    /// All work was done or the horizon was reached.
    #[default]
    Finished,
    /// An instance evicts its only request again and again: the request can never fit (I-10.7).
    Livelock {
        /// The instance.
        instance: InstanceIndex,
        /// The request that cannot fit.
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
