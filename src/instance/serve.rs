//! Phase A of a step: the running requests get their tokens (instance chapter, I-8.2 and I-8.3).

use super::kv::KvCache;
use super::running::{Phase, Running, Slot};
use super::{Instance, StepContext, Stuck};
use crate::config::PreemptionPolicyName;
use crate::record::{LegKind, RequestState};
use crate::units::Tokens;

/// What phase A leaves for phase B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Served {
    /// Tokens left in the budget.
    pub budget: Tokens,
    /// Whether a request was evicted; then none is admitted.
    pub preempted: bool,
}

impl Instance {
    /// Serves the running requests and notes the served prefills in `self.served`.
    pub(super) fn serve_running<L>(&mut self, ctx: &mut StepContext<'_, L>) -> Served {
        self.served.clear();
        if let Some(budget) = self.serve_in_sums(ctx) {
            return Served { budget, preempted: false };
        }
        self.serve_one_by_one(ctx)
    }

    /// The usual case: tokens and blocks suffice for every request, so that the order in which they are handed
    /// out makes no difference. Returns the budget left, or `None`, with nothing changed, if it might.
    fn serve_in_sums<L>(&mut self, ctx: &StepContext<'_, L>) -> Option<Tokens> {
        let params = ctx.params;
        if self.names_at_once() {
            return None;
        }
        let mut budget = params.token_budget.checked_sub(self.running.decodes)?;
        let mut fresh = self.running.openings();
        let mut observable = false;
        for at in 0..self.running.prefilling().len() {
            if self.kv.tells_blocks_apart() {
                return None;
            }
            let slot = self.running.prefilling()[at];
            let member = self.running.member(slot);
            let mut wanted = chunk(member.prompt.input - member.progress, params.prefill_threshold);
            if wanted > budget {
                // Only the last of the batch may be cut: no request behind it can go short.
                if budget == 0 || self.running.last() != Some(slot) {
                    return None;
                }
                wanted = budget;
            }
            budget -= wanted;
            fresh += self.kv.fresh_blocks(member.holdings.stored, wanted);
            observable |= self.kv.is_observable(&member.prompt);
            let member = self.running.member_mut(slot);
            member.granted = wanted;
            member.after = member.progress + wanted;
        }
        if fresh > self.kv.free() || (observable && !self.kv.next_are_plain(fresh)) {
            return None;
        }
        self.kv.take(self.running.openings());
        self.served.extend_from_slice(self.running.prefilling());
        for &slot in &self.served {
            store_granted(&mut self.kv, &mut self.running, slot);
        }
        Some(budget)
    }

    /// The literal procedure: one request after the other, evicting where blocks are short.
    fn serve_one_by_one<L>(&mut self, ctx: &mut StepContext<'_, L>) -> Served {
        let params = ctx.params;
        let mut budget = params.token_budget;
        let mut preempted = false;
        self.running.tidy();
        for index in 0..self.running.entries() {
            if let Some(slot) = self.running.slot_at(index) {
                self.running.member_mut(slot).granted = 0;
            }
        }
        let mut cursor = 0;
        while cursor < self.running.entries() && budget > 0 {
            let Some(slot) = self.running.slot_at(cursor) else {
                cursor += 1;
                continue;
            };
            let member = self.running.member(slot);
            let wanted = match member.phase {
                Phase::Prefill => {
                    chunk(member.prompt.input - member.progress, params.prefill_threshold).min(budget)
                }
                Phase::Decode { .. } => 1,
            };
            let mut alive = true;
            while alive && !self.secure(slot, wanted) {
                let victim = self.choose_victim(ctx).unwrap_or(slot);
                alive = victim != slot;
                preempted = true;
                budget += self.preempt(victim, ctx);
            }
            if !alive {
                break;
            }
            budget -= wanted;
            cursor += 1;
        }
        for index in 0..self.running.entries() {
            let Some(slot) = self.running.slot_at(index) else { continue };
            let member = self.running.member(slot);
            match member.phase {
                Phase::Prefill if member.granted > 0 => self.served.push(slot),
                Phase::Decode { .. } if member.granted == 0 => self.running.pass_over(slot),
                _ => {}
            }
        }
        Served { budget, preempted }
    }

    /// Tries to get the blocks for `wanted` tokens of a running request.
    fn secure(&mut self, slot: Slot, wanted: Tokens) -> bool {
        if self.kv.tells_blocks_apart() {
            return self.secure_with_tier(slot, wanted);
        }
        let stored = self.running.stored(slot);
        let prefill = self.running.member(slot).phase == Phase::Prefill;
        let fresh = if prefill {
            self.kv.fresh_blocks(stored, wanted)
        } else {
            u32::from(self.kv.opens_block(stored))
        };
        if fresh > self.kv.free() {
            return self.kv.is_tiered() && self.secure_apart(slot, wanted);
        }
        let member = self.running.member_mut(slot);
        member.granted = wanted;
        if prefill {
            member.after = member.progress + wanted;
            store_granted(&mut self.kv, &mut self.running, slot);
        } else {
            self.kv.take(fresh);
            self.name_at_once(slot, stored + 1);
        }
        true
    }

    /// The member to evict (I-8.3).
    fn choose_victim<L>(&self, ctx: &StepContext<'_, L>) -> Option<Slot> {
        let key = |slot: Slot| {
            let request = self.running.member(slot).prompt.request;
            (ctx.records.priority[request], ctx.requests.arrival(request))
        };
        match ctx.params.preemption {
            PreemptionPolicyName::Fcfs => self.running.last(),
            // Of equals the one nearest the tail: `max_by_key` keeps the last.
            PreemptionPolicyName::Priority => self.running.slots().max_by_key(|&slot| key(slot)),
        }
    }

    /// Evicts a member; returns the tokens it had been granted in this step.
    fn preempt<L>(&mut self, slot: Slot, ctx: &mut StepContext<'_, L>) -> Tokens {
        let alone = self.running.len() == 1;
        let order = self.running.member(slot).order;
        let member = self.running.remove(slot);
        let (request, granted) = (member.prompt.request, member.granted);
        if member.phase != Phase::Prefill {
            // The token of this step is already in a block, but not yet in the sums.
            member.holdings.stored += granted;
        }
        let stored = member.holdings.stored;
        self.end_naming(slot, stored);
        if self.kv.tells_blocks_apart() {
            let answered = if self.running.member(slot).phase == Phase::Prefill { 0 } else { granted };
            self.let_go(slot, order, answered, true);
        } else {
            let member = self.running.member_mut(slot);
            // A decode part is never looked up (disaggregation chapter, D-8.3).
            let comes_back = ctx.requests.kind(request) != LegKind::Decode;
            self.kv.release(&member.prompt, &mut member.holdings, comes_back);
        }
        ctx.records.state[request] = RequestState::Queued;
        ctx.records.preemptions[request] += 1;
        let priority = ctx.records.priority[request];
        self.queue.push_front(request, || ctx.params.rank(ctx.requests, request, priority));
        self.waiting += 1;
        self.totals.preemptions += 1;
        self.preempted.push(request);
        self.stuck = alone.then(|| match self.stuck {
            Some(Stuck { leg, times }) if leg == request => Stuck { leg, times: times + 1 },
            _ => Stuck { leg: request, times: 1 },
        });
        if self.kv.tells_blocks_apart() {
            self.note_circle(request);
        }
        granted
    }
}

/// Prompt tokens of one request in one step, before the budget.
pub(super) fn chunk(remaining: Tokens, threshold: Tokens) -> Tokens {
    if threshold > 0 { remaining.min(threshold) } else { remaining }
}

fn store_granted(kv: &mut KvCache, running: &mut Running, slot: Slot) {
    let member = running.member_mut(slot);
    kv.store_prompt(&member.prompt, &mut member.holdings, member.granted);
}
