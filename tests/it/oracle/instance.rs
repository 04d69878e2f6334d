//! One instance: what its events do (I-7 to I-9). Batch formation is in `batch`.

use super::cache::Cache;
use super::latency::Durations;
use super::limits::{Waits, stood_behind};
use super::names::{Names, Tokens};
use super::queue;
use super::request::Request;
use super::tier::Tier;
use blis_playground::config::{AdmissionSettings, InstanceSettings};
use blis_playground::latency::PrefillMember;
use blis_playground::record::{EndReason, InstanceRecord, RequestState, StepRecord, TierStep};
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};

/// Added to a row: who holds the blocks without tokens of a request.
pub const BESIDE: usize = 1 << 40;

/// What all instances have in common.
#[derive(Debug)]
pub struct Common<'a> {
    pub settings: &'a InstanceSettings,
    pub admission: &'a AdmissionSettings,
    pub durations: Durations<'a>,
    pub max_model_len: u32,
    pub block_size: u32,
    pub total_blocks: u32,
    /// A tier as it is before the run, if instances have one.
    pub tier: Option<Tier>,
    pub names: Names,
    /// Blocks of a running request that hold no tokens (models chapter, G-6); with them no prefix is cached.
    pub blocks_beside: u32,
    pub horizon: i64,
    pub classes: &'a [String],
}

/// An event that an instance wants to happen to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstanceEvent {
    Arrival(usize),
    Queued(usize),
    Step,
    Left,
    Timeout(usize),
}

impl InstanceEvent {
    /// I-5.
    pub fn priority(self) -> u8 {
        match self {
            Self::Arrival(_) => 0,
            Self::Queued(_) => 1,
            Self::Step => 3,
            Self::Left => 5,
            Self::Timeout(_) => 6,
        }
    }
}

/// What an event led to.
#[derive(Debug, Default)]
pub struct Effects {
    /// Events to be scheduled, in this order.
    pub scheduled: Vec<(i64, InstanceEvent)>,
    /// Requests whose life ended: completed, dropped or timed out.
    pub ended: u64,
    /// Completed requests in order, with the end of their step.
    pub completed: Vec<(usize, i64)>,
    /// Requests that timed out or were dropped.
    pub gave_up: Vec<usize>,
}

#[derive(Debug)]
pub struct Instance {
    pub index: usize,
    pub waiting: Vec<usize>,
    /// `None`: absent.
    pub running: Option<Vec<usize>>,
    pub pending: Option<i64>,
    pub cache: Cache,
    pub clock: i64,
    pub record: InstanceRecord,
    pub steps: Vec<StepRecord>,
    /// Events executed.
    events: u64,
    /// All gaps of completed requests.
    pub pool: Vec<i64>,
    pub waits: Waits,
    /// Blocks without tokens that were taken in all: the cache counts them as misses.
    pub taken_beside: u64,
}

impl Instance {
    pub fn new(index: usize, common: &Common<'_>) -> Self {
        Self {
            index,
            waiting: Vec::new(),
            running: None,
            pending: None,
            cache: Cache::new(
                common.names.clone(),
                common.total_blocks,
                common.block_size,
                common.tier.clone(),
            ),
            clock: 0,
            record: InstanceRecord { total_kv_blocks: common.total_blocks, ..InstanceRecord::default() },
            steps: Vec::new(),
            events: 0,
            pool: Vec::new(),
            waits: Waits::default(),
            taken_beside: 0,
        }
    }

    /// Takes the blocks that a request holds beside its tokens, as those of a prompt that nobody has.
    pub fn take_beside(&mut self, common: &Common<'_>, row: usize) -> bool {
        let prompt = common.blocks_beside * common.block_size;
        let taken = prompt == 0 || self.cache.prefill(&Tokens::own(row + BESIDE, prompt), 0, prompt, &[]);
        self.taken_beside += u64::from(if taken { common.blocks_beside } else { 0 });
        taken
    }

    /// A request leaves the batch, or the queue, with all its blocks.
    pub fn give_back(&mut self, row: usize) {
        self.cache.release(row);
        self.cache.release(row + BESIDE);
    }

    pub fn batch_size(&self) -> u32 {
        self.running.as_ref().map_or(0, Vec::len) as u32
    }

    /// Executes an event at its time.
    pub fn execute(
        &mut self,
        common: &Common<'_>,
        requests: &mut [Request],
        time: i64,
        event: InstanceEvent,
    ) -> Effects {
        let mut effects = Effects::default();
        if let InstanceEvent::Timeout(row) = event
            && matches!(requests[row].state, RequestState::Completed | RequestState::LengthCapped)
        {
            return effects;
        }
        self.clock = time;
        match event {
            InstanceEvent::Arrival(row) => {
                let queued = time.saturating_add(common.durations.queueing(requests[row].input));
                effects.scheduled.push((queued, InstanceEvent::Queued(row)));
            }
            InstanceEvent::Queued(row) => {
                self.enqueue(common, &mut requests[row], time, &mut effects);
                if requests[row].state == RequestState::Queued {
                    requests[row].stood_behind = stood_behind(common.settings, &self.waiting, requests);
                }
            }
            InstanceEvent::Step => self.step(common, requests, time, &mut effects),
            InstanceEvent::Left => {}
            InstanceEvent::Timeout(row) => self.time_out(requests, row, time, &mut effects),
        }
        self.events += 1;
        if common.total_blocks < 300 || self.events.is_multiple_of(64) {
            self.cache.check_invariants();
        }
        assert!(self.waiting.is_empty() || self.pending.is_some(), "INV-8");
        effects
    }

    /// I-7, "Queued".
    fn enqueue(&mut self, common: &Common<'_>, request: &mut Request, time: i64, effects: &mut Effects) {
        let limit = i64::from(common.max_model_len);
        let input = i64::from(request.input);
        if request.budget == 0 && limit > 0 && input < limit {
            request.budget = limit - input;
        }
        let unservable = if request.budget < 0 {
            Some(EndReason::NegativeBudget)
        } else if limit > 0 && input >= limit {
            Some(EndReason::InputExceedsMaxModelLen)
        } else if limit > 0 && request.budget > 0 && input + request.budget > limit {
            Some(EndReason::TotalExceedsMaxModelLen)
        } else if request.input.div_ceil(common.block_size) + common.blocks_beside > common.total_blocks {
            Some(EndReason::InputExceedsKvCapacity)
        } else {
            None
        };
        if let Some(reason) = unservable {
            (request.state, request.reason) = (RequestState::Dropped, reason);
            request.ended_at = Some(time);
            self.record.dropped += 1;
            effects.ended += 1;
            effects.gave_up.push(request.row);
        } else {
            self.record.input_tokens += u64::from(request.input);
            if request.deadline > 0 && request.deadline <= time {
                (request.state, request.reason) = (RequestState::TimedOut, EndReason::PastDueAtEnqueue);
                request.ended_at = Some(time);
                self.record.timed_out += 1;
                effects.ended += 1;
                effects.gave_up.push(request.row);
            } else {
                request.state = RequestState::Queued;
                request.enqueued_at = Some(time);
                let class = &common.classes[request.class];
                request.priority =
                    queue::urgency(common.settings.priority_policy, common.admission, class, request.arrival);
                self.waiting.push(request.row);
                if self.waits.nothing_left_over && self.pending.is_some() {
                    self.waits.newcomer.get_or_insert(time);
                }
                if request.deadline > 0 && request.deadline <= common.horizon {
                    effects.scheduled.push((request.deadline, InstanceEvent::Timeout(request.row)));
                }
            }
        }
        if self.pending.is_none() && !self.waiting.is_empty() {
            self.schedule_step(time, effects);
        }
    }

    /// E-3: everything here is lost.
    pub fn crash(&mut self, requests: &mut [Request], time: i64) {
        let index = self.index;
        let here = requests.iter_mut().filter(|request| request.instance == Some(index));
        let alive = [RequestState::InTransit, RequestState::Queued, RequestState::Running];
        for request in here.filter(|request| alive.contains(&request.state)) {
            if request.state == RequestState::Running {
                self.record.unfinished_output_tokens += request.generated();
            }
            (request.state, request.reason) = (RequestState::Lost, EndReason::Crashed);
            request.ended_at = Some(time);
            self.record.lost += 1;
            self.give_back(request.row);
        }
        self.waits.stop(time);
        self.waiting.clear();
        (self.running, self.pending) = (None, None);
        self.clock = self.clock.max(time);
    }

    fn schedule_step(&mut self, time: i64, effects: &mut Effects) {
        self.pending = Some(time);
        effects.scheduled.push((time, InstanceEvent::Step));
    }

    /// I-8.
    fn step(&mut self, common: &Common<'_>, requests: &mut [Request], time: i64, effects: &mut Effects) {
        self.pending = None;
        self.waits.end_of_step(time);
        if self.running.is_none() && self.waiting.is_empty() {
            return;
        }
        queue::sort(common.settings, &mut self.waiting, requests);
        let formed = self.form_batch(common, requests, time);
        let duration = self.run_batch(common, requests, time);
        let used = self.cache.used();
        let running = self.running.take().expect("formed above");
        let tier = self.copy_to_tier(&running);
        let batch = running.iter().map(|&row| (RequestIndex::from_index(row), requests[row].new)).collect();
        self.steps.push(StepRecord {
            instance: InstanceIndex::from_index(self.index),
            start: Micros(time),
            duration: Micros(duration),
            batch,
            newly_scheduled: formed.admitted.iter().map(|&row| RequestIndex::from_index(row)).collect(),
            preempted: formed.preempted.iter().map(|&row| RequestIndex::from_index(row)).collect(),
            waiting_after: formed.waiting_after,
            limit: formed.limit,
            used_kv_blocks: used,
            used_kv_blocks_after: 0,
            tier,
        });
        let end = time.saturating_add(duration);
        self.waits.nothing_left_over = formed.limit.is_none();
        if let Some(limit) = formed.limit {
            self.waits.stretches.push((limit, time, end));
        }
        let mut staying = Vec::new();
        for row in running {
            if self.complete(common, &mut requests[row], end) {
                effects.ended += 1;
                effects.completed.push((row, end));
                effects.scheduled.push((end, InstanceEvent::Left));
            } else {
                staying.push(row);
            }
        }
        self.steps.last_mut().expect("pushed above").used_kv_blocks_after = self.cache.used();
        if !staying.is_empty() || !self.waiting.is_empty() {
            self.schedule_step(end, effects);
        }
        self.running = (!staying.is_empty()).then_some(staying);
    }

    /// T-3, and what a recording has of the tier then.
    fn copy_to_tier(&mut self, running: &[usize]) -> Option<TierStep> {
        for &row in running {
            self.cache.copy(row);
        }
        let (hits, misses) = (self.cache.hits, self.cache.misses);
        self.cache.tier.as_ref().map(|tier| tier.step(hits, misses))
    }

    /// I-8.6: returns the duration.
    fn run_batch(&mut self, common: &Common<'_>, requests: &mut [Request], time: i64) -> i64 {
        let running = self.running.as_ref().expect("a batch has been formed");
        let (mut prefills, mut decodes) = (Vec::new(), Vec::new());
        for request in running.iter().map(|&row| &requests[row]).filter(|request| request.new > 0) {
            if request.progress < request.input {
                let (progress, input, new) = (request.progress, request.input, request.new);
                prefills.push(PrefillMember { progress, input, new });
            } else {
                decodes.push(request.progress);
            }
        }
        let transfer = self.cache.tier.as_mut().map_or(0, Tier::take_pending);
        let duration = common.durations.step(&prefills, &decodes).saturating_add(transfer);
        let token_ready = duration.saturating_add(common.durations.output_overhead());
        for &row in running {
            let request = &mut requests[row];
            let admitted = request.after_admission.take();
            if request.progress < request.input {
                request.progress = admitted.unwrap_or(request.progress + request.new);
            } else if request.new > 0 {
                request.progress += 1;
                request.gaps.push(token_ready);
            }
            if request.progress == request.input && !request.has_first_token {
                request.has_first_token = true;
                request.ttft = Some(time + token_ready - request.arrival);
            }
        }
        duration
    }

    /// I-8.7: whether the request is done.
    fn complete(&mut self, common: &Common<'_>, request: &mut Request, end: i64) -> bool {
        let finished = request.progress >= request.input + request.output.max(1) - 1;
        let capped = !finished && common.max_model_len > 0 && request.progress >= common.max_model_len - 1;
        if !finished && !capped {
            return false;
        }
        let last_token = finished && request.output > 0 && request.progress < request.input + request.output;
        if last_token && !self.cache.decode(&request.tokens(), request.progress) {
            self.record.kv_allocation_failures += 1;
        }
        self.give_back(request.row);
        self.record.length_capped += u64::from(capped);
        self.record.completed += 1;
        let decoded = request.progress - request.input;
        self.record.output_tokens += u64::from(decoded) + u64::from(decoded < request.output);
        let overhead = if request.output > 0 { common.durations.completion_overhead() } else { 0 };
        request.state = if capped { RequestState::LengthCapped } else { RequestState::Completed };
        request.itl_sum = request.gaps.iter().sum();
        request.itl_count = request.gaps.len() as u32;
        let ttft = request.ttft.expect("a completed request has had its first token");
        request.e2e = Some(ttft + request.itl_sum + overhead);
        request.ended_at = Some(end);
        self.pool.append(&mut request.gaps);
        true
    }

    /// I-9.
    fn time_out(&mut self, requests: &mut [Request], row: usize, time: i64, effects: &mut Effects) {
        let request = &mut requests[row];
        if request.state == RequestState::TimedOut {
            return;
        }
        let was_running = request.state == RequestState::Running;
        if was_running {
            self.record.unfinished_output_tokens += request.generated();
        }
        request.reason = if was_running { EndReason::Running } else { EndReason::Queued };
        request.state = RequestState::TimedOut;
        request.ended_at = Some(time);
        self.record.timed_out += 1;
        effects.ended += 1;
        effects.gave_up.push(row);
        self.give_back(row);
        self.waiting.retain(|&other| other != row);
        if let Some(running) = &mut self.running {
            running.retain(|&other| other != row);
            if running.is_empty() {
                self.running = None;
            }
        }
    }
}
