//! What each instance did: its totals, its steps, what it could do.

use super::itl_pool::ItlPool;
use super::limits::Limit;
use crate::config::KillMode;
use crate::units::{Blocks, InstanceIndex, Micros, RequestIndex, Tokens};
use serde::Serialize;

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
    /// Ours: requests that were here when the instance crashed.
    pub lost: u64,
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
    /// The second tier of KV memory, if there is one.
    pub tier: Option<TierRecord>,
}

/// What the second tier of an instance's KV memory did (KV tiers chapter, T-2 and T-8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct TierRecord {
    /// Its blocks.
    pub capacity: Blocks,
    /// Blocks in it.
    pub used: Blocks,
    /// Blocks brought back to the GPU.
    pub reloads: u64,
    /// Allocations that failed although nothing was brought back.
    pub failed: u64,
    /// Blocks copied to it that were not there.
    pub stores: u64,
    /// Blocks removed to make room.
    pub evictions: u64,
    /// Time of transfers in the steps, µs.
    pub transfer: Micros,
}

impl TierRecord {
    /// Evictions per store: the pressure on the tier, 0 without any store (T-8).
    pub fn thrashing_rate(&self) -> f64 {
        if self.stores == 0 { 0.0 } else { self.evictions as f64 / self.stores as f64 }
    }
}

impl InstanceRecord {
    /// Share of block allocations served from the prefix cache; 0 without any (kv-cache chapter, KV-8). With a second tier, failed
    /// ones count as well (KV tiers chapter, T-8).
    pub fn cache_hit_rate(&self) -> f64 {
        let failed = self.tier.map_or(0, |tier| tier.failed);
        let lookups = self.cache_hits + self.cache_misses + failed;
        if lookups == 0 { 0.0 } else { self.cache_hits as f64 / lookups as f64 }
    }
}

/// An instance that stopped taking requests (events chapter, E-1). Ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct StopRecord {
    /// Which one.
    pub instance: InstanceIndex,
    /// When, in µs.
    pub at: Micros,
    /// What became of the requests that it had.
    pub mode: KillMode,
    /// Requests that were there or on their way to it.
    pub held: u64,
    /// Those of them that were answered before the run ended.
    pub answered: u64,
    /// Those of them that were lost: all if it crashed, else none.
    pub lost: u64,
}

/// One step of one instance; kept only on request. `R` is what is in the batch: requests, or for an instance legs.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord<R = RequestIndex> {
    /// The instance.
    pub instance: InstanceIndex,
    /// Start.
    pub start: Micros,
    /// Duration.
    pub duration: Micros,
    /// Batch members in order, with their new tokens.
    pub batch: Vec<(R, Tokens)>,
    /// Requests admitted to the batch, in order.
    pub newly_scheduled: Vec<R>,
    /// Requests evicted, in order.
    pub preempted: Vec<R>,
    /// Queue length after batch formation.
    pub waiting_after: u64,
    /// The limit at which batch formation stopped; `None` if no request waits after it.
    pub limit: Option<Limit>,
    /// Blocks in use after execution, before completions.
    pub used_kv_blocks: Blocks,
    /// Blocks in use after completions.
    pub used_kv_blocks_after: Blocks,
    /// The second tier of KV memory after the step's copying, if there is one.
    pub tier: Option<TierStep>,
}

/// What the second tier of an instance had done by the end of a step's copying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierStep {
    /// Its figures so far.
    pub record: TierRecord,
    /// Time of transfers in this step.
    pub transfer: Micros,
    /// Blocks taken over from the prefix cache so far.
    pub cache_hits: u64,
    /// Blocks newly allocated so far.
    pub cache_misses: u64,
}

impl<R> StepRecord<R> {
    /// The same step with others in the batch.
    pub fn map<S>(self, map: impl Fn(R) -> S) -> StepRecord<S> {
        let all = |list: Vec<R>| list.into_iter().map(&map).collect();
        StepRecord {
            instance: self.instance,
            start: self.start,
            duration: self.duration,
            batch: self.batch.into_iter().map(|(member, tokens)| (map(member), tokens)).collect(),
            newly_scheduled: all(self.newly_scheduled),
            preempted: all(self.preempted),
            waiting_after: self.waiting_after,
            limit: self.limit,
            used_kv_blocks: self.used_kv_blocks,
            used_kv_blocks_after: self.used_kv_blocks_after,
            tier: self.tier,
        }
    }
}

/// Batches for which a [`Service`] has the throughput.
pub const BATCHES: usize = 16;

/// What an instance serves with a number of requests running.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Throughput {
    /// Running requests.
    pub running: f64,
    /// Requests per second.
    pub rate: f64,
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
    /// Requests per second with the best batch up to that size; 0 if unknown.
    pub capacity: f64,
    /// Requests per second with that batch and ever smaller ones.
    pub throughput: [Throughput; BATCHES],
    /// How long a mean answer takes on an instance that has nothing else to do, s.
    pub alone_s: f64,
    /// Mean answer, tokens.
    pub answer_tokens: f64,
    /// Requests that timed out and would have done so on an idle instance.
    pub hopeless: u64,
}
