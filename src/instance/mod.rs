//! One inference server: wait queue, running batch, KV cache, the step (instance chapter).
//!
//! What an instance serves are *legs*: stays of requests. Rows of the workload and of the records that it is given are rows
//! of legs; which request a leg belongs to is known to the cluster alone. Here a leg is mostly called "the request".
//!
//! An instance does nothing until the cluster advances it. [`Instance::advance`] runs its events up to the given
//! time; stretches of steps in which nothing but decoding happens cost a few operations each.

mod circle;
mod finish;
mod keys;
mod kv;
mod legs;
mod lifecycle;
mod limits;
mod params;
mod parts;
mod queue;
mod quiet;
mod running;
mod serve;
mod step;
mod tiered;
mod timers;

pub use finish::Finished;
pub use kv::{Path, PromptRuns, RunMap, Stretch};
pub use legs::LegRequests;
pub use limits::Wait;
pub use params::{InstanceParams, PriorityRule, Reports, TierParams};

use crate::latency::{LatencyModel, PrefillMember};
use crate::order;
use crate::record::{
    InstanceRecord, Limit, LimitTimes, RequestRecords, RequestState, StepRecord, TierRecord,
};
use crate::units::{Blocks, InstanceIndex, LegIndex, Micros, Tokens};
use circle::Circle;
use kv::{BlockSize, Found, Holdings, KvCache};
use limits::LimitLog;
use queue::WaitQueue;
use running::{Running, Slot};
use std::collections::{BTreeMap, VecDeque};
use timers::Timers;

/// What an instance reads and writes outside itself while it advances.
#[derive(Debug)]
pub struct StepContext<'a, L> {
    /// Settings of the instance.
    pub params: &'a InstanceParams,
    /// How steps are timed.
    pub latency: &'a L,
    /// Last time at which events are executed.
    pub horizon: Micros,
    /// Which ends are reported.
    pub reports: Reports,
    /// The workload.
    pub requests: LegRequests<'a>,
    /// What happens to each leg.
    pub records: &'a mut RequestRecords,
}

/// How far an instance got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Advanced {
    /// As far as it should: the time of its next event, or an earlier one; [`Micros::FOREVER`] if there is none.
    NextAt(Micros),
    /// The budget was used up before.
    OutOfBudget,
}

/// What a router may see of an instance (I-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstanceSnapshot {
    /// Waiting requests.
    pub queue_depth: u32,
    /// Running requests.
    pub batch_size: u32,
    /// KV blocks in use.
    pub used_blocks: Blocks,
}

/// A leg is complete of which the cluster has to know: a request of a session has its answer, or a prompt can be sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Start of its last step.
    pub step: Micros,
    /// End of that; of a decode part, the time to which follow-ups add their thinking time (disaggregation chapter, D-13).
    pub end: Micros,
    /// The leg.
    pub leg: LegIndex,
    /// Tokens of prompt and answer that are stored when the step ends: all but the last one of the answer.
    pub context: Tokens,
}

/// A leg in the running batch, as an animation shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningLeg {
    /// The leg.
    pub leg: LegIndex,
    /// Prompt tokens computed plus decode steps done.
    pub progress: Tokens,
    /// Whether it is still computing its prompt.
    pub prefill: bool,
}

/// A request that evicts itself although it is alone, again and again (I-10.7), or is evicted over and over in the same state of the
/// instance (T-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Its leg.
    pub leg: LegIndex,
    /// Times in a row, with no other request ending in between.
    pub times: u32,
}

/// One inference server.
#[derive(Clone, Debug)]
pub struct Instance {
    index: InstanceIndex,
    /// Requests on their way to the queue, by the time they reach it.
    inbox: VecDeque<(Micros, LegIndex)>,
    /// When the first of them does; `FOREVER` = none.
    arrival_at: Micros,
    timers: Timers,
    queue: WaitQueue,
    waiting: u32,
    running: Running,
    kv: KvCache,
    /// Time of the pending step; `FOREVER` = none.
    step_at: Micros,
    clock: Micros,
    left: u64,
    totals: InstanceRecord,
    /// Running requests whose answers get keys in time, and those whose answers get each key at once.
    named: [u32; 2],
    steps: Vec<StepRecord<LegIndex>>,
    completions: Vec<Completion>,
    /// Every end since they were last taken; only in runs that ask for them.
    ends: Option<Vec<LegIndex>>,
    /// Prefill parts that are here or on their way.
    prefill_parts: u32,
    /// The blocks of decode parts that are on their way or wait for the first time.
    reserved: BTreeMap<LegIndex, Holdings>,
    /// The first gap of the answer of each decode part that has ended.
    first_gaps: Vec<(LegIndex, Micros)>,
    stuck: Option<Stuck>,
    /// Evictions since a request last ended here, where a second tier tells blocks apart.
    circle: Option<Box<Circle>>,
    /// See [`Finished::unfinished`].
    unfinished: Vec<(LegIndex, Micros)>,
    /// Whether timers of requests that have ended may be thrown away before they fire.
    forgets_timers: bool,
    /// True if every request is known to be servable, so that `enqueue` can skip the check.
    takes_all: bool,
    /// What the last lookup of the queue's head found, and the state of the cache at that time.
    head_lookup: Option<(LegIndex, u64, Found)>,
    served: Vec<Slot>,
    /// Whether a request has joined the queue since an admission was last tried.
    untried: bool,
    prefill_load: Vec<PrefillMember>,
    newly_scheduled: Vec<LegIndex>,
    preempted: Vec<LegIndex>,
    /// Why requests wait; only in runs that track limits.
    limits: Option<Box<LimitLog>>,
}

impl Instance {
    /// An idle instance.
    pub fn new(index: InstanceIndex, params: &InstanceParams) -> Self {
        Self {
            index,
            inbox: VecDeque::new(),
            arrival_at: Micros::FOREVER,
            timers: Timers::default(),
            queue: WaitQueue::new(params.scheduler),
            waiting: 0,
            running: Running::new(BlockSize::new(params.block_size), params.longest_output),
            kv: KvCache::new(params.total_blocks, params.block_size, params.runs.clone(), params.follow_tree)
                .with_blocks_beside(params.blocks_beside)
                .with_tier(params.tier),
            step_at: Micros::FOREVER,
            clock: Micros::ZERO,
            left: 0,
            totals: InstanceRecord { total_kv_blocks: params.total_blocks, ..InstanceRecord::default() },
            named: [0; 2],
            steps: Vec::new(),
            completions: Vec::new(),
            ends: None,
            prefill_parts: 0,
            reserved: BTreeMap::new(),
            first_gaps: Vec::new(),
            stuck: None,
            circle: None,
            unfinished: Vec::new(),
            forgets_timers: false,
            takes_all: false,
            head_lookup: None,
            served: Vec::new(),
            untried: false,
            prefill_load: Vec::new(),
            newly_scheduled: Vec::new(),
            preempted: Vec::new(),
            limits: None,
        }
    }

    /// Lets timers of requests that have ended be dropped before they fire: the only visible difference is
    /// [`Instance::stuck`], and no request can get stuck here.
    pub fn forget_timers(&mut self) {
        self.forgets_timers = true;
    }

    /// Every request that may come can be served: none is checked from now on.
    pub fn take_all(&mut self) {
        self.takes_all = true;
    }

    /// Notes from now on why requests wait.
    pub fn track_limits(&mut self) {
        self.limits = Some(Box::default());
    }

    /// Whether limits are tracked.
    pub const fn tracks_limits(&self) -> bool {
        self.limits.is_some()
    }

    /// Follows the first wait of a request, if limits are tracked.
    pub fn watch(&mut self, request: LegIndex) {
        if let Some(log) = &mut self.limits {
            log.watch(request);
        }
    }

    /// The wait of the watched request, if it has joined the queue here.
    pub fn wait(&self) -> Option<Wait> {
        self.limits.as_ref().and_then(|log| log.wait())
    }

    /// What requests wait for at a time that has been reached, if limits are tracked.
    pub fn limit(&self, time: Micros) -> Option<Limit> {
        self.limits.as_ref().and_then(|log| log.at(time))
    }

    /// Tokens of the step under way at a time that has been reached; 0 between two steps, and if limits are not
    /// tracked.
    pub fn step_tokens(&self, time: Micros) -> Tokens {
        self.limits.as_ref().map_or(0, |log| log.step_tokens(time))
    }

    /// Why requests waited until a time that is not before the last completion; all zero if limits are not tracked.
    pub fn limit_times(&self, end: Micros) -> LimitTimes {
        self.limits.as_ref().map_or_else(LimitTimes::default, |log| log.until(end))
    }

    /// Takes a request that the gateway has routed here at `now`; it reaches the queue at `enqueue_at`.
    pub fn inject(&mut self, request: LegIndex, now: Micros, enqueue_at: Micros) {
        self.totals.routed += 1;
        self.clock = self.clock.max(now);
        // Where the way to the queue takes longer for long prompts, short ones overtake (disaggregation chapter, D-2.2).
        if self.inbox.back().is_some_and(|&(last, _)| last > enqueue_at) {
            let place = self.inbox.partition_point(|&(time, _)| time <= enqueue_at);
            self.inbox.insert(place, (enqueue_at, request));
            self.arrival_at = self.arrival_at.min(enqueue_at);
            return;
        }
        if self.inbox.is_empty() {
            self.arrival_at = enqueue_at;
        }
        self.inbox.push_back((enqueue_at, request));
    }

    /// Time of the next event, or earlier; `FOREVER` if there is none.
    pub fn next_event(&self) -> Micros {
        self.arrival_at.min(self.step_at).min(self.timers.next())
    }

    /// What a router may see of the instance now.
    pub fn snapshot(&self) -> InstanceSnapshot {
        InstanceSnapshot {
            queue_depth: self.waiting,
            batch_size: self.running.len() as u32,
            used_blocks: self.kv.used(),
        }
    }

    /// Number of requests routed here that have not ended: the gateway's in-flight count.
    pub const fn in_flight(&self) -> u32 {
        (self.totals.routed - self.left) as u32
    }

    /// Number of requests that ended here in any way.
    pub const fn left(&self) -> u64 {
        self.left
    }

    /// Time of the last event so far.
    pub const fn clock(&self) -> Micros {
        self.clock
    }

    /// Evictions so far.
    pub const fn preemptions(&self) -> u64 {
        self.totals.preemptions
    }

    /// Whether a request has timed out here.
    pub const fn has_timed_out(&self) -> bool {
        self.totals.timed_out > 0
    }

    /// The figures of its second tier so far; `None` without one.
    pub fn tier(&self) -> Option<TierRecord> {
        self.kv.tier_record()
    }

    /// Requests completed so far.
    pub const fn completed(&self) -> u64 {
        self.totals.completed
    }

    /// Requests that were here when it crashed.
    pub const fn lost(&self) -> u64 {
        self.totals.lost
    }

    /// The running batch in order.
    pub fn running_requests(&self) -> impl Iterator<Item = RunningLeg> + '_ {
        self.running.slots().map(|slot| {
            let member = self.running.member(slot);
            RunningLeg {
                leg: member.prompt.request,
                progress: self.running.progress(slot),
                prefill: member.phase == running::Phase::Prefill,
            }
        })
    }

    /// The waiting requests, next one first.
    pub fn waiting_requests(
        &self,
        params: &InstanceParams,
        requests: LegRequests<'_>,
        records: &RequestRecords,
    ) -> Vec<LegIndex> {
        let mut waiting = self.queue.requests();
        waiting.retain(|&request| records.state[request] == RequestState::Queued);
        if !self.queue.keeps_arrival_order() {
            order::sort_indices(&mut waiting, |request| {
                params.rank(requests, request, records.priority[request])
            });
        }
        waiting
    }

    /// Time of the next event that will do something; `FOREVER` if there is none.
    pub fn next_live_event(&mut self, records: &RequestRecords) -> Micros {
        self.drop_dead_timers(records);
        self.next_event()
    }

    fn drop_dead_timers(&mut self, records: &RequestRecords) {
        self.timers.drop_while(|request| {
            !matches!(records.state[request], RequestState::Queued | RequestState::Running)
        });
    }

    /// Per run of a prefix group, the position up to which a lookup finds its blocks now.
    pub fn found_of_groups(&self) -> impl Iterator<Item = Blocks> + '_ {
        self.kv.found_of_groups()
    }

    /// Tells of each run of the tree of prompts of which a lookup finds more or less than at the last call up to which position it
    /// does now.
    pub fn drain_changes(&mut self, tell: impl FnMut(u32, Blocks)) {
        if self.kv.tells_blocks_apart() {
            self.name_filled();
        }
        self.name_answers();
        self.kv.drain_changes(tell);
    }

    /// The request that keeps evicting itself, if it was the last one to have any effect, nothing else is on
    /// its way to this instance, and no deadline is still to pass here.
    pub fn stuck(&self) -> Option<Stuck> {
        self.stuck.filter(|_| self.inbox.is_empty() && self.timers.next() == Micros::FOREVER)
    }

    /// Completions that are reported since the last call, in order.
    pub fn take_completions(&mut self) -> std::vec::Drain<'_, Completion> {
        self.completions.drain(..)
    }

    /// Notes from now on which requests end.
    pub fn note_ends(&mut self) {
        self.ends = Some(Vec::new());
    }

    /// The requests that have ended in any way since the last call; none without [`Instance::note_ends`].
    pub fn take_ends(&mut self) -> impl Iterator<Item = LegIndex> + '_ {
        self.ends.iter_mut().flat_map(|ends| ends.drain(..))
    }

    /// Executes all events before `until` and within the horizon, at most `budget` steps.
    // Weighted routing advances instances a step at a time: a run takes 1% longer where this is inlined.
    #[inline(never)]
    pub fn advance<L: LatencyModel>(
        &mut self,
        until: Micros,
        ctx: &mut StepContext<'_, L>,
        budget: &mut u64,
    ) -> Advanced {
        let until = until.min(Micros(ctx.horizon.0.saturating_add(1)));
        loop {
            let arrival = self.arrival_at;
            let timer = self.timers.next();
            let time = arrival.min(self.step_at).min(timer);
            if time >= until {
                return Advanced::NextAt(time);
            }
            // At one time: newcomers join the queue, then the step runs, then deadlines fire (I-5).
            if arrival == time {
                self.enqueue(ctx);
            } else if self.step_at == time {
                if *budget == 0 {
                    return Advanced::OutOfBudget;
                }
                self.clock = self.clock.max(time);
                let limit = until.min(arrival).min(Micros(timer.0.saturating_add(1)));
                if !self.run_quiet_steps(limit, ctx, budget) {
                    self.step(ctx);
                    *budget -= 1;
                }
                if ctx.reports.parts && !self.completions.is_empty() {
                    return Advanced::NextAt(self.next_event());
                }
            } else {
                self.fire_timer(ctx);
            }
        }
    }
}
