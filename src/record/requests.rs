//! What happened to each request, in columns.

use crate::units::{InstanceIndex, Micros, Tokens};
use serde::{Deserialize, Serialize};

/// Where a request was when the run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum RequestState {
    /// Its arrival lies beyond the horizon.
    #[default]
    NotArrived,
    /// Arrived, but not yet in an instance's queue.
    InTransit,
    /// Refused by admission, or at routing ([`EndReason::OtherModel`]).
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
    /// Lost: its instance crashed. Ours.
    Lost,
    /// Its KV blocks are on their way from where its prompt was computed.
    InTransfer,
}

/// Why a request was dropped, timed out, lost or rejected at routing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum EndReason {
    /// None of these.
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
    /// Lost: its instance crashed. Ours.
    Crashed,
    /// Rejected at routing: no instance serves the model that it names.
    OtherModel,
    /// Dropped: no room for its prompt on the instance that was to answer it.
    InsufficientDecodeKv,
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
    /// Chosen instance, or [`InstanceIndex::NONE`].
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
    /// Completed: end of the last step. Timed out, dropped or lost: that moment.
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
        let mut records = Self::with_room(rows);
        records.grow_to(rows);
        records
    }

    /// No rows yet, but room for so many, to be added in portions by [`RequestRecords::grow_to`].
    pub(crate) fn with_room(rows: usize) -> Self {
        Self {
            state: Vec::with_capacity(rows),
            end_reason: Vec::with_capacity(rows),
            admitted_at: Vec::with_capacity(rows),
            routed_at: Vec::with_capacity(rows),
            instance: Vec::with_capacity(rows),
            score: Vec::with_capacity(rows),
            regret: Vec::with_capacity(rows),
            enqueued_at: Vec::with_capacity(rows),
            first_scheduled_at: Vec::with_capacity(rows),
            last_scheduled_at: Vec::with_capacity(rows),
            ttft: Vec::with_capacity(rows),
            e2e: Vec::with_capacity(rows),
            ended_at: Vec::with_capacity(rows),
            // Zeros that are never overwritten cost nothing when they come from the operating system as they are.
            priority: vec![0; rows],
            itl_sum: vec![0; rows],
            itl_count: vec![0; rows],
            preemptions: vec![0; rows],
            cached_first: vec![0; rows],
            cached_last: vec![0; rows],
        }
    }

    /// One more such row.
    pub fn push_row(&mut self) {
        self.grow_to(self.state.len() + 1);
    }

    /// Adds such rows until there are so many.
    pub(crate) fn grow_to(&mut self, rows: usize) {
        self.state.resize(rows, RequestState::NotArrived);
        self.end_reason.resize(rows, EndReason::None);
        self.admitted_at.resize(rows, Micros::NEVER);
        self.routed_at.resize(rows, Micros::NEVER);
        self.instance.resize(rows, InstanceIndex::NONE);
        self.score.resize(rows, f64::NAN);
        self.regret.resize(rows, f64::NAN);
        self.enqueued_at.resize(rows, Micros::NEVER);
        self.priority.resize(rows.max(self.priority.len()), 0);
        self.first_scheduled_at.resize(rows, Micros::NEVER);
        self.last_scheduled_at.resize(rows, Micros::NEVER);
        self.ttft.resize(rows, Micros::NEVER);
        self.itl_sum.resize(rows.max(self.itl_sum.len()), 0);
        self.itl_count.resize(rows.max(self.itl_count.len()), 0);
        self.e2e.resize(rows, Micros::NEVER);
        self.ended_at.resize(rows, Micros::NEVER);
        self.preemptions.resize(rows.max(self.preemptions.len()), 0);
        self.cached_first.resize(rows.max(self.cached_first.len()), 0);
        self.cached_last.resize(rows.max(self.cached_last.len()), 0);
    }
}
