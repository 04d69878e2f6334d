//! How a request enters an instance, and how it leaves otherwise than by completing (I-7 and I-9).

use super::running::Slot;
use super::timers::Timers;
use super::{Instance, StepContext};
use crate::record::{EndReason, LegKind, RequestRecords, RequestState};
use crate::units::{LegIndex, Micros};

impl Instance {
    /// Notes what there is of the answer of a running request that will not complete.
    pub(super) fn note_unfinished(&mut self, slot: Slot) {
        self.totals.unfinished_output_tokens += self.generated(slot);
        if let Some(gaps) = self.running.gaps(slot) {
            self.unfinished.push((self.running.member(slot).prompt.request, gaps));
        }
    }

    /// Tokens of its answer that a running request has: the first comes with the last of its prompt.
    fn generated(&self, slot: Slot) -> u64 {
        let member = self.running.member(slot);
        let more = self.running.progress(slot).checked_sub(member.prompt.input);
        more.map_or(0, |more| u64::from(more) + u64::from(member.output > 0))
    }

    /// A request reaches the wait queue, is dropped, or is found past due (I-7).
    pub(super) fn enqueue<L>(&mut self, ctx: &mut StepContext<'_, L>) {
        let Some((now, request)) = self.inbox.pop_front() else { return };
        self.arrival_at = self.inbox.front().map_or(Micros::FOREVER, |&(time, _)| time);
        self.clock = self.clock.max(now);
        let (input, budget) = (ctx.requests.input(request), ctx.requests.budget(request));
        if !self.takes_all
            && let Some(reason) = ctx.params.unservable(input, budget)
        {
            self.totals.dropped += 1;
            self.end(ctx, request, RequestState::Dropped, reason, now);
        } else {
            let deadline = ctx.requests.deadline(request);
            self.totals.input_tokens += u64::from(input);
            if deadline > Micros::ZERO && deadline <= now {
                self.totals.timed_out += 1;
                self.end(ctx, request, RequestState::TimedOut, EndReason::PastDueAtEnqueue, now);
            } else {
                let priority = ctx.params.priority_key(ctx.requests, request);
                if priority != 0 {
                    ctx.records.priority[request] = priority;
                }
                ctx.records.enqueued_at[request] = now;
                ctx.records.state[request] = RequestState::Queued;
                if self.limits.is_some() {
                    self.note_arrival(now, request, ctx);
                }
                self.queue.push_back(request, || ctx.params.rank(ctx.requests, request, priority));
                self.waiting += 1;
                self.untried = true;
                if ctx.params.rounds_overlap {
                    self.meet_conversation(ctx.requests, request);
                }
                if deadline > Micros::ZERO && deadline <= ctx.horizon {
                    if self.forgets_timers {
                        self.drop_dead_timers(ctx.records);
                    }
                    self.timers.schedule(deadline, request);
                }
            }
        }
        if self.step_at == Micros::FOREVER && self.waiting > 0 {
            self.step_at = now;
        }
    }

    /// The next deadline passes (I-9). The timer of a finished request does not even move the clock.
    pub(super) fn fire_timer<L>(&mut self, ctx: &mut StepContext<'_, L>) {
        let Some((now, request)) = self.timers.pop() else { return };
        let reason = match ctx.records.state[request] {
            RequestState::Queued => {
                self.waiting -= 1;
                self.kv.end(request);
                self.give_up_reserved(request, ctx);
                if let Some(log) = &mut self.limits {
                    log.give_up(request, now);
                }
                EndReason::Queued
            }
            RequestState::Running => {
                let Some(slot) = self.running.find(request) else { return };
                self.note_unfinished(slot);
                self.note_first_gap(slot, ctx);
                let order = self.running.member(slot).order;
                let stored = self.running.remove(slot).holdings.stored;
                self.end_naming(slot, stored);
                self.give_up_blocks(slot, order);
                EndReason::Running
            }
            _ => return,
        };
        self.clock = self.clock.max(now);
        self.totals.timed_out += 1;
        self.end(ctx, request, RequestState::TimedOut, reason, now);
    }

    /// The instance fails: all requests that it has, or that are on their way to it, are lost, and it does nothing any more
    /// (events chapter, E-3). What its step under way completes was completed when the step began, as with deadlines.
    pub fn crash(&mut self, now: Micros, records: &mut RequestRecords) {
        let on_their_way = std::mem::take(&mut self.inbox).into_iter().map(|(_, request)| request);
        let mut lost: Vec<LegIndex> = on_their_way.collect();
        for request in self.queue.requests() {
            if records.state[request] == RequestState::Queued {
                self.kv.end(request);
                if let Some(log) = &mut self.limits {
                    log.give_up(request, now);
                }
                lost.push(request);
            }
        }
        for slot in self.running.slots().collect::<Vec<_>>() {
            self.note_unfinished(slot);
            let order = self.running.member(slot).order;
            lost.push(self.running.remove(slot).prompt.request);
            self.give_up_blocks(slot, order);
        }
        self.totals.lost = lost.len() as u64;
        for request in lost {
            self.note_end(records, request, RequestState::Lost, EndReason::Crashed, now);
        }
        if let Some(log) = &mut self.limits {
            log.stop(now);
        }
        (self.waiting, self.timers) = (0, Timers::default());
        (self.arrival_at, self.step_at) = (Micros::FOREVER, Micros::FOREVER);
        self.clock = self.clock.max(now);
    }

    /// A member that has left the batch and does not come back gives up its blocks.
    fn give_up_blocks(&mut self, slot: Slot, order: u64) {
        if self.kv.tells_blocks_apart() {
            return self.let_go(slot, order, 0, false);
        }
        if self.kv.is_tiered() {
            self.count_left(slot, order);
        }
        let member = self.running.member_mut(slot);
        self.kv.release(&member.prompt, &mut member.holdings, false);
    }

    /// Notes how a request ended, and counts it.
    #[inline]
    pub(super) fn end<L>(
        &mut self,
        ctx: &mut StepContext<'_, L>,
        request: LegIndex,
        state: RequestState,
        reason: EndReason,
        at: Micros,
    ) {
        if ctx.requests.kind(request) == LegKind::Prefill {
            self.prefill_parts -= 1;
        }
        self.note_end(ctx.records, request, state, reason, at);
    }

    fn note_end(
        &mut self,
        records: &mut RequestRecords,
        request: LegIndex,
        state: RequestState,
        reason: EndReason,
        at: Micros,
    ) {
        records.state[request] = state;
        records.end_reason[request] = reason;
        records.ended_at[request] = at;
        self.left += 1;
        self.stuck = None;
        if let Some(circle) = &mut self.circle {
            circle.end();
        }
        if let Some(ends) = &mut self.ends {
            ends.push(request);
        }
    }
}
