//! Why requests wait (see [`crate::record::LimitRecord`] for the rule), noted while an instance works; only in runs that
//! track it.

use super::running::Slot;
use super::{Instance, InstanceParams, StepContext};
use crate::record::{Limit, LimitTimes, RequestState};
use crate::units::{InstanceIndex, LegIndex, Micros, Tokens};
use serde::Serialize;

/// Stretches that are kept although they will count: to add them up one by one takes longer.
const MOST_CERTAIN: usize = 64;

/// Time during which requests wait for one and the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    limit: Limit,
    from: Micros,
    to: Micros,
}

impl Stretch {
    /// As much of it as lies between two times.
    fn within(&self, from: Micros, to: Micros) -> Micros {
        (self.to.min(to) - self.from.max(from)).max(Micros::ZERO)
    }
}

/// The first wait of one request: from the queue into the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Wait {
    /// The instance.
    pub instance: InstanceIndex,
    /// When it joined the queue, µs.
    pub from_us: Micros,
    /// When it joined the batch or gave up, µs; `None`: it waited when the run ended.
    pub to_us: Option<Micros>,
    /// Whether it joined the batch.
    pub admitted: bool,
    /// Requests that stood before it when it joined the queue.
    pub before: u32,
    /// Batches formed while it waited, the one that it joined among them.
    pub steps: u64,
    /// Requests that joined these batches, this one among them if it did.
    pub admissions: u64,
    /// Its time by what requests waited for, µs: sums to the wait; if it has no end, to the end of the last step.
    pub times_us: LimitTimes,
}

/// What an instance notes.
#[derive(Clone, Debug, Default)]
pub(super) struct LimitLog {
    /// All before `recent`: it ended before a request was completed.
    settled: LimitTimes,
    /// Disjoint, in order. Which of these count is known when it is known which completion is the last.
    recent: Vec<Stretch>,
    /// How many of these ended before a request was completed.
    certain: usize,
    /// Requests completed when that was last found out.
    completed: u64,
    watched: Option<LegIndex>,
    wait: Option<Wait>,
    /// Tokens of the latest step, and its end.
    step: (Tokens, Micros),
}

impl LimitLog {
    /// Requests wait for `limit` between these times, except where they already wait for something else.
    #[inline]
    fn note(&mut self, limit: Limit, from: Micros, to: Micros) {
        let (from, grows) = match self.recent.last() {
            Some(last) => (last.to.max(from), last.limit == limit && last.to >= from),
            None => (from, false),
        };
        if from >= to {
            return;
        }
        if let Some(wait) = &mut self.wait
            && wait.to_us.is_none()
        {
            *wait.times_us.of_mut(limit) += to - from;
        }
        if grows && let Some(last) = self.recent.last_mut() {
            last.to = to;
            return;
        }
        if self.certain >= MOST_CERTAIN {
            self.fold();
        }
        self.recent.push(Stretch { limit, from, to });
    }

    /// The next step begins. If requests were completed with the last one, all stretches so far will count; the latest
    /// may still grow.
    const fn settle(&mut self, completed: u64) {
        if self.completed != completed {
            self.completed = completed;
            self.certain = self.recent.len().saturating_sub(1);
        }
    }

    /// Adds up the stretches that will count, so that they need no place.
    fn fold(&mut self) {
        for stretch in self.recent.drain(..self.certain) {
            *self.settled.of_mut(stretch.limit) += stretch.to - stretch.from;
        }
        self.certain = 0;
    }

    /// All up to a time that is not before the last completion.
    pub fn until(&self, end: Micros) -> LimitTimes {
        let mut times = self.settled;
        for stretch in &self.recent {
            *times.of_mut(stretch.limit) += stretch.within(Micros::ZERO, end);
        }
        times
    }

    /// What requests wait for at a time that has been reached.
    pub fn at(&self, time: Micros) -> Option<Limit> {
        let last = self.recent.iter().rev().find(|stretch| stretch.from <= time)?;
        (time < last.to).then_some(last.limit)
    }

    /// Tokens of the step under way at a time that has been reached; 0 between two steps.
    pub const fn step_tokens(&self, time: Micros) -> Tokens {
        let (tokens, end) = self.step;
        if time.0 < end.0 { tokens } else { 0 }
    }

    /// Follows a request from the queue into the batch.
    pub const fn watch(&mut self, request: LegIndex) {
        self.watched = Some(request);
    }

    /// The wait of the watched request, if it has joined the queue here.
    pub const fn wait(&self) -> Option<Wait> {
        self.wait
    }

    /// Whether the first wait of the watched request goes on.
    fn waits(&self) -> bool {
        self.wait.as_ref().is_some_and(|wait| wait.to_us.is_none())
    }

    /// The watched request gives up at `now`.
    pub fn give_up(&mut self, request: LegIndex, now: Micros) {
        if self.watched != Some(request) || !self.waits() {
            return;
        }
        let (Some(wait), Some(last)) = (self.wait.as_mut(), self.recent.last()) else { return };
        wait.to_us = Some(now);
        let rest = wait.times_us.of_mut(last.limit);
        *rest = *rest - last.within(now, Micros::FOREVER);
    }

    /// From `now` on nothing waits here.
    pub fn stop(&mut self, now: Micros) {
        if let Some(last) = self.recent.last_mut() {
            last.to = last.to.min(now).max(last.from);
        }
        self.step = (0, now);
    }

    /// While the watched request waits, `steps` batches have been formed from `now` on, the first of which admitted
    /// `admissions` requests.
    fn count_steps(&mut self, now: Micros, steps: u64, admissions: u64, waits: impl Fn(LegIndex) -> bool) {
        let (Some(request), Some(wait)) = (self.watched, self.wait.as_mut()) else { return };
        wait.steps += steps;
        wait.admissions += admissions;
        if !waits(request) {
            (wait.to_us, wait.admitted) = (Some(now), true);
        }
    }
}

impl Instance {
    /// What refused the head of the queue when the batch of the present step had been formed; `None` if no request
    /// waits.
    pub(super) fn refusal(&self, params: &InstanceParams) -> Option<Limit> {
        if self.waiting > 0 && !self.preempted.is_empty() {
            return Some(Limit::KvBlocks);
        }
        self.refusal_of(params, self.scheduled())
    }

    /// The same, if no request was evicted and `scheduled` tokens of the budget are used up.
    pub(super) fn refusal_of(&self, params: &InstanceParams, scheduled: Tokens) -> Option<Limit> {
        if self.waiting == 0 {
            None
        } else if self.running.len() >= params.max_running as usize {
            Some(Limit::Slots)
        } else if scheduled >= params.token_budget {
            Some(Limit::StepBudget)
        } else {
            Some(Limit::KvBlocks)
        }
    }

    /// Tokens of the present step: of prompts, and one for each that decodes.
    fn scheduled(&self) -> Tokens {
        self.prefill_load.iter().map(|member| member.new).sum::<Tokens>() + self.running.decodes
    }

    /// A batch has been formed.
    #[inline(never)]
    pub(super) fn note_step<L>(&mut self, now: Micros, duration: Micros, ctx: &StepContext<'_, L>) {
        let limit = self.refusal(ctx.params);
        let scheduled = self.scheduled();
        let Some(log) = &mut self.limits else { return };
        log.step = (scheduled, now + duration);
        log.settle(self.totals.completed);
        if log.waits() {
            let running = &self.running;
            let request = |slot: &Slot| running.member(*slot).prompt.request;
            let joined = |slot: &&Slot| ctx.records.last_scheduled_at[request(slot)] == now;
            let admissions = self.served.iter().filter(joined).count();
            let state = &ctx.records.state;
            let waits = |request: LegIndex| state[request] == RequestState::Queued;
            log.count_steps(now, 1, admissions as u64, waits);
        }
        if let Some(limit) = limit {
            log.note(limit, now, now + duration);
        }
    }

    /// `steps` quiet steps have been executed between these times.
    #[inline(never)]
    pub(super) fn note_quiet_steps(
        &mut self,
        (from, to): (Micros, Micros),
        steps: u64,
        params: &InstanceParams,
    ) {
        let limit = self.refusal_of(params, self.running.decodes);
        let Some(log) = &mut self.limits else { return };
        log.step = (self.running.decodes, to);
        log.settle(self.totals.completed);
        if log.waits() {
            log.count_steps(from, steps, 0, |_| true);
        }
        if let Some(limit) = limit {
            log.note(limit, from, to);
        }
    }

    /// A request joins the queue, where it is not yet counted.
    #[inline(never)]
    pub(super) fn note_arrival<L>(&mut self, now: Micros, request: LegIndex, ctx: &StepContext<'_, L>) {
        if self.limits.as_ref().is_some_and(|log| log.watched == Some(request)) {
            let wait = self.wait_from(now, request, ctx);
            if let Some(log) = &mut self.limits {
                log.wait = Some(wait);
            }
        }
        // Without a pending step there is one immediately.
        if let Some(log) = &mut self.limits
            && self.step_at < Micros::FOREVER
        {
            log.note(Limit::StepUnderWay, now, self.step_at);
        }
    }

    /// The wait of a request that joins the queue at `now`.
    fn wait_from<L>(&self, now: Micros, request: LegIndex, ctx: &StepContext<'_, L>) -> Wait {
        let before = || {
            let rank = |row: LegIndex| ctx.params.rank(ctx.requests, row, ctx.records.priority[row]);
            let own_rank = rank(request);
            let mut others = self.queue.requests();
            others.retain(|&other| ctx.records.state[other] == RequestState::Queued);
            others.retain(|&other| other != request);
            let in_order = self.queue.keeps_arrival_order();
            others.into_iter().filter(|&other| in_order || rank(other) < own_rank).count() as u32
        };
        let mut times_us = LimitTimes::default();
        if let Some(last) = self.limits.as_ref().and_then(|log| log.recent.last()) {
            *times_us.of_mut(last.limit) += last.within(now, Micros::FOREVER);
        }
        Wait {
            instance: self.index,
            from_us: now,
            to_us: None,
            admitted: false,
            before: before(),
            steps: 0,
            admissions: 0,
            times_us,
        }
    }
}
