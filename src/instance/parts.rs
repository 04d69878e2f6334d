//! The two parts of a request whose prompt and answer are computed apart (disaggregation chapter, D-6 to D-9).
//!
//! A prefill part is an ordinary request without an answer, so that only its end is told to the cluster. A decode part comes with
//! the KV blocks of its prompt, which were reserved when the transfer began, and generates its first token in the step that
//! admits it. It is evicted like any other, and then computes its prompt here.

use super::kv::{Found, Holdings};
use super::queue::Rank;
use super::running::Slot;
use super::{Completion, Instance, InstanceParams, LegRequests, StepContext};
use crate::latency::LatencyModel;
use crate::record::{EndReason, LegKind, RequestState};
use crate::units::{LegIndex, Micros};
use crate::workload::NO_SESSION;

/// Nothing of a prompt is looked up.
const NOTHING: Found = Found { blocks: 0, free: 0 };

impl Instance {
    /// Takes a prefill part that the gateway has routed here at `now`; it reaches the queue at `enqueue_at`.
    pub fn inject_part(&mut self, leg: LegIndex, now: Micros, enqueue_at: Micros) {
        self.prefill_parts += 1;
        self.inject(leg, now, enqueue_at);
    }

    /// Whether it has prefill parts, waiting, running or on their way: each of its events may then start transfers.
    pub const fn has_prefill_parts(&self) -> bool {
        self.prefill_parts > 0
    }

    /// Reserves the KV blocks of a prompt that comes over the network (D-7.1). Returns whether there was room.
    pub fn reserve(&mut self, leg: LegIndex, params: &InstanceParams, legs: LegRequests<'_>) -> bool {
        let prompt = params.prompt(legs, leg);
        if self.kv.fresh_blocks(0, prompt.input) > self.kv.free() {
            return false;
        }
        self.name_answers();
        let mut holdings = Holdings::default();
        self.kv.claim(&prompt, NOTHING, &mut holdings);
        self.kv.store_prompt(&prompt, &mut holdings, prompt.input);
        self.reserved.insert(leg, holdings);
        true
    }

    /// A decode part whose blocks have arrived joins the queue (D-8.1). All events before `now` are done.
    pub fn receive<L>(&mut self, leg: LegIndex, now: Micros, ctx: &mut StepContext<'_, L>) {
        self.totals.routed += 1;
        let priority = ctx.params.priority_key(ctx.requests, leg);
        ctx.records.priority[leg] = priority;
        ctx.records.enqueued_at[leg] = now;
        ctx.records.state[leg] = RequestState::Queued;
        let deadline = ctx.requests.deadline(leg);
        let has_timer = deadline > Micros::ZERO && deadline <= ctx.horizon;
        if has_timer && deadline < now {
            // It passed while the blocks were under way, which is found out now and booked then (D-9.1).
            self.give_up_reserved(leg, ctx);
            self.totals.timed_out += 1;
            self.end(ctx, leg, RequestState::TimedOut, EndReason::Queued, deadline);
            self.clock = deadline;
        } else {
            if self.limits.is_some() {
                self.note_arrival(now, leg, ctx);
            }
            self.queue.push_back(leg, || -> Rank { ctx.params.rank(ctx.requests, leg, priority) });
            self.waiting += 1;
            self.untried = true;
            if has_timer {
                self.timers.schedule(deadline, leg);
            }
        }
        if self.step_at == Micros::FOREVER {
            self.step_at = now;
        }
    }

    /// Whether the head of the queue, a decode part, finds the block that its admission needs, if it needs one (D-8.2).
    pub(super) fn has_room_for_decode<L>(&self, head: LegIndex, ctx: &StepContext<'_, L>) -> bool {
        let stored = if self.reserved.contains_key(&head) { ctx.requests.input(head) } else { 0 };
        !self.kv.opens_block(stored) || self.kv.free() > 0
    }

    /// Admits the head of the queue, a decode part, with one token (D-8.2). Returns whether there was room.
    pub(super) fn admit_decode<L>(
        &mut self,
        now: Micros,
        head: LegIndex,
        ctx: &mut StepContext<'_, L>,
    ) -> bool {
        if !self.has_room_for_decode(head, ctx) {
            if self.running.is_empty() {
                self.note_refusals(1, ctx.records);
            }
            return false;
        }
        let params = ctx.params;
        let prompt = params.prompt(ctx.requests, head);
        let output = ctx.requests.output(head);
        let goal = params.goal(prompt.input, output);
        self.queue.pop();
        self.waiting -= 1;
        if let Some(holdings) = self.reserved.remove(&head) {
            if self.kv.opens_block(prompt.input) {
                self.kv.take(1);
            }
            // The step that admits it generates a token, even if that is one more than its length limit allows (D-8.4).
            let slot = self.running.admit(prompt, output, goal.max(prompt.input + 1));
            let member = self.running.member_mut(slot);
            member.holdings = holdings;
            member.progress = prompt.input;
            member.ttft = Micros::ZERO;
            self.begin_naming(slot, ctx);
            self.running.start_decoding(slot);
        } else {
            // After an eviction its whole prompt is computed here, beginning with one token (D-8.3).
            let slot = self.running.admit(prompt, output, goal);
            let member = self.running.member_mut(slot);
            (member.granted, member.after) = (1, 1);
            self.kv.claim(&prompt, NOTHING, &mut member.holdings);
            self.kv.store_prompt(&prompt, &mut member.holdings, 1);
            self.served.push(slot);
        }
        self.note_admission(now, head, 0, ctx);
        true
    }

    /// A decode part that never ran leaves the blocks of its prompt.
    pub(super) fn give_up_reserved<L>(&mut self, leg: LegIndex, ctx: &StepContext<'_, L>) {
        if let Some(mut holdings) = self.reserved.remove(&leg) {
            let prompt = ctx.params.prompt(ctx.requests, leg);
            self.kv.release(&prompt, &mut holdings, false);
        }
    }

    /// Notes the first gap of a decode part that ends, from which the time to its first token follows (D-10).
    pub(super) fn note_first_gap<L>(&mut self, slot: Slot, ctx: &StepContext<'_, L>) {
        let leg = self.running.member(slot).prompt.request;
        if ctx.requests.kind(leg) == LegKind::Decode
            && let Some(gap) = self.running.first_gap(slot)
        {
            self.first_gaps.push((leg, gap));
        }
    }

    /// Tells the cluster of a completion, if it has to know.
    pub(super) fn report<L: LatencyModel>(&mut self, completion: Completion, ctx: &StepContext<'_, L>) {
        let leg = completion.leg;
        let of_session = ctx.reports.completions && ctx.requests.session(leg) != NO_SESSION;
        let step = completion.step;
        match ctx.requests.kind(leg) {
            LegKind::Prefill if ctx.reports.parts => self.completions.push(completion),
            LegKind::Whole if of_session => self.completions.push(completion),
            // The next request of its session follows from the start of its last step (D-13).
            LegKind::Decode if of_session => {
                let overhead = if ctx.requests.output(leg) > 0 {
                    ctx.latency.completion_overhead()
                } else {
                    Micros::ZERO
                };
                self.completions.push(Completion { end: step + overhead, ..completion });
            }
            LegKind::Whole | LegKind::Prefill | LegKind::Decode => {}
        }
    }

    /// The head of the queue does not fit although no request runs, since blocks are reserved for parts that wait behind it: the
    /// instance tries again every µs, and nothing changes until `limit` (D-8.5).
    pub(super) fn skip_stalled_steps<L: LatencyModel>(
        &mut self,
        limit: Micros,
        ctx: &mut StepContext<'_, L>,
        budget: &mut u64,
    ) -> bool {
        if !ctx.reports.parts
            || ctx.params.record_steps
            || self.waiting == 0
            || !self.is_door_shut_by_blocks(ctx)
        {
            return false;
        }
        self.skip_empty_steps(limit, ctx, budget);
        true
    }
}
