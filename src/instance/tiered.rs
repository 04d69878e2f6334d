//! Where an instance with a second tier of KV memory differs (KV tiers chapter): admission, allocation one request after the other,
//! copying after every step, and what a request leaves behind. These functions are not inlined: the loop of instances without a second
//! tier takes longer where they are.

use super::circle::hash_all;
use super::kv::{Asker, BlockSize, Copied, Grown, Naming, Prompt};
use super::running::{Member, Phase, Running, Slot};
use super::serve::{Served, chunk};
use super::{Instance, InstanceParams, StepContext, Stuck};
use crate::record::{RequestRecords, RequestState, TierStep};
use crate::units::{LegIndex, Micros, Tokens};
use crate::workload::{Context, NO_GROUP};

/// Steps without any request that are made at once where nothing will end them.
const FEW_STEPS: u64 = 100;

impl Instance {
    /// Phase B: waiting requests join the batch, and may hold blocks if they do not.
    #[inline(never)]
    pub(super) fn admit_with_tier<L>(&mut self, now: Micros, served: Served, ctx: &mut StepContext<'_, L>) {
        let params = ctx.params;
        let mut budget = served.budget;
        while self.running.len() < params.max_running as usize && self.waiting > 0 && budget > 0 {
            let records = &ctx.records;
            let alive = |request: LegIndex| records.state[request] == RequestState::Queued;
            let Some(head) = self.queue.head(alive) else { return };
            let prompt = params.prompt(ctx.requests, head);
            let output = ctx.requests.output(head);
            let (requests, row) = (ctx.requests.requests(), ctx.requests.request(head));
            let prefix = match requests.group[row] {
                NO_GROUP => 0,
                _ => requests.prefix[row].min(prompt.input),
            };
            let at_once = prompt.input == 0 && output > 0;
            let wanted = |found: Tokens| {
                if at_once { 1 } else { chunk(prompt.input - found, params.prefill_threshold).min(budget) }
            };
            let Some((cached, granted, stored)) = self.kv.admit(&Asker { prompt, prefix }, budget, wanted)
            else {
                return;
            };
            let granted = if at_once { 0 } else { granted };
            budget -= granted;
            self.queue.pop();
            self.waiting -= 1;
            let slot = self.running.admit(prompt, output, params.goal(prompt.input, output));
            let member = self.running.member_mut(slot);
            member.granted = granted;
            member.after = cached + granted;
            member.holdings.stored = stored;
            self.served.push(slot);
            self.note_admission(now, head, cached, ctx);
        }
    }

    /// Tries to get the blocks for `wanted` tokens of a running request.
    #[inline(never)]
    pub(super) fn secure_with_tier(&mut self, slot: Slot, wanted: Tokens) -> bool {
        let stored = self.running.stored(slot);
        let progress = self.running.progress(slot);
        let member = self.running.member(slot);
        let (prompt, naming) = (member.prompt, member.naming);
        let prefill = member.phase == Phase::Prefill;
        let secured = if prefill {
            self.kv.store_part(&prompt, progress, progress + wanted)
        } else if self.kv.holds_prompt(prompt.input, stored) {
            self.kv.store_plainly(stored)
        } else {
            self.kv.store_token(&prompt, progress, false)
        };
        if !secured {
            return false;
        }
        if !prefill && naming.is_at_once() {
            self.kv.catch_up(&prompt, stored + 1, false);
        }
        let member = self.running.member_mut(slot);
        member.granted = wanted;
        if prefill {
            member.after = member.progress + wanted;
            member.holdings.stored = self.kv.stored(prompt.request);
        }
        true
    }

    /// The prompt of a member is all there: settles whether its steps can be counted.
    #[inline(never)]
    pub(super) fn begin_answer<L>(&mut self, slot: Slot, ctx: &StepContext<'_, L>) {
        let member = self.running.member(slot);
        let Prompt { request, input, context, .. } = member.prompt;
        // Another round may ask for its names before it ends, or give them to blocks of its own.
        let overlaps = context == Context::Planned || (context.grows() && ctx.params.rounds_overlap);
        let searches = !self.kv.holds_prompt(input, member.holdings.stored);
        let naming = if searches || (overlaps && self.kv.names_answers()) {
            Naming::AtOnce
        } else if ctx.records.preemptions[request] > 0 && self.kv.knows_next_name(&member.prompt) {
            Naming::WhileKnown
        } else {
            return;
        };
        self.running.member_mut(slot).naming = naming;
        self.count_naming(slot, 1);
    }

    /// Requests that generate once more what they had before they were evicted, and have reached the end of that: the names of their
    /// blocks are new from now on.
    fn end_known_answers(&mut self) {
        for index in 0..self.running.entries() {
            let Some(slot) = self.running.slot_at(index) else { continue };
            let member = self.running.member(slot);
            if member.naming == Naming::WhileKnown
                && self.kv.opens_block(self.running.stored(slot))
                && !self.kv.knows_next_name(&member.prompt)
            {
                self.count_naming(slot, -1);
                self.running.member_mut(slot).naming = Naming::None;
            }
        }
    }

    /// Blocks that answers fill for the first time in the coming step, whose names are not known yet.
    pub(super) fn filling(&self) -> u64 {
        if !self.kv.names_answers() || self.running.decodes == 0 {
            return 0;
        }
        let mut filling = u64::from(self.running.fillings(0));
        if self.names_at_once() {
            let at_once = self.running.slots().filter(|&slot| {
                let member = self.running.member(slot);
                member.naming.is_at_once()
                    && member.phase != Phase::Prefill
                    && !member.passed_over
                    && self.kv.opens_block(self.running.stored(slot) + 1)
            });
            filling -= at_once.count() as u64;
        }
        filling
    }

    /// Tries to get the blocks for `wanted` tokens of a running request, and evicts another one if they are not there: from now on it
    /// matters which block is which.
    #[inline(never)]
    pub(super) fn secure_apart(&mut self, slot: Slot, wanted: Tokens) -> bool {
        let members: Vec<Copied> = self
            .running
            .slots()
            .map(|slot| {
                let member = self.running.member(slot);
                let stored = self.running.stored(slot);
                // What a step grants to a request that decodes is not yet in the sums.
                let granted = if member.phase == Phase::Prefill { member.granted } else { 0 };
                Copied { prompt: member.prompt, order: member.order, before: stored - granted, stored }
            })
            .collect();
        self.kv.tell_apart(&members);
        self.secure_with_tier(slot, wanted)
    }

    /// A member that has left the batch, and is up to date, has so many copied blocks as it has full ones.
    #[inline(never)]
    pub(super) fn count_left(&mut self, slot: Slot, order: u64) {
        let Member { prompt, holdings, .. } = self.running.member(slot);
        let blocks = self.kv.block_size().named(prompt.input, holdings.stored);
        self.kv.count_left(order, blocks);
    }

    /// The batch in order, as it has grown in the step that has just been made.
    fn grown<'a>(
        running: &'a Running,
        served: &'a [Slot],
        size: BlockSize,
    ) -> impl Iterator<Item = Grown> + 'a {
        let mut served = served.iter().peekable();
        running.slots().map(move |slot| {
            let Copied { prompt, order, before, stored } = copied(running, slot);
            let granted =
                served.next_if(|&&next| next == slot).map_or(0, |&slot| running.member(slot).granted);
            let blocks = |stored| size.named(prompt.input, stored);
            Grown { order, before: blocks(before - granted), now: blocks(stored) }
        })
    }

    /// Copies what is new after a step.
    #[inline(never)]
    pub(super) fn copy_step(&mut self, filled: u64) {
        if !self.kv.tells_blocks_apart() {
            let size = self.kv.block_size();
            let of_prompts = self.served.iter().map(|&slot| {
                let Member { prompt, granted, holdings, .. } = self.running.member(slot);
                let blocks = |stored| size.named(prompt.input, stored);
                blocks(holdings.stored) - blocks(holdings.stored - granted)
            });
            let new = filled + of_prompts.sum::<u64>();
            let Self { kv, running, served, .. } = self;
            return kv.count_copies(new, || Self::grown(running, served, size));
        }
        let mut news: Vec<Copied> = self.served.iter().map(|&slot| self.copied(slot)).collect();
        if self.names_at_once() {
            let served = &self.served;
            let at_once = self
                .running
                .slots()
                .filter(|&slot| self.running.member(slot).naming.is_at_once() && !served.contains(&slot));
            news.extend(at_once.map(|slot| self.copied(slot)));
            news.sort_unstable_by_key(|member| member.order);
        }
        let Self { kv, running, .. } = self;
        kv.copy(filled, &news, || running.slots().map(|slot| copied(running, slot)).collect());
        if self.names_at_once() {
            self.end_known_answers();
        }
    }

    fn copied(&self, slot: Slot) -> Copied {
        copied(&self.running, slot)
    }

    /// What a member holds when it leaves the batch goes back. It is out of the sums; of what it has stored, `granted` tokens were granted
    /// in a step that has not been copied.
    #[inline(never)]
    pub(super) fn let_go(&mut self, slot: Slot, order: u64, granted: Tokens, comes_back: bool) {
        let member = self.running.member_mut(slot);
        let (prompt, stored) = (member.prompt, member.holdings.stored);
        member.holdings.stored = 0;
        self.kv.catch_up(&prompt, stored - granted, true);
        self.kv.catch_up(&prompt, stored, false);
        self.kv.give_back(prompt.request, Some(order), comes_back);
    }

    /// The batch of a step has been formed. Returns the transfers that make it longer, and the blocks that answers fill in it for the first
    /// time.
    #[inline(never)]
    pub(super) fn form_tiered_batch<L>(&mut self, ctx: &StepContext<'_, L>) -> (Micros, u64) {
        if self.running.is_empty() && self.preempted.is_empty() {
            self.note_refusals(1, ctx.records);
        }
        (self.kv.take_transfers(), self.filling())
    }

    /// A member that is out of the sums completes. Returns whether it has given everything back: not where blocks are only counted.
    #[inline(never)]
    pub(super) fn complete_tiered(&mut self, slot: Slot, order: u64, capped: bool) -> bool {
        let apart = self.kv.tells_blocks_apart();
        if apart {
            self.let_go_complete(slot, order, capped);
        } else {
            self.count_left(slot, order);
        }
        apart
    }

    /// A member that is out of the sums completes: stores the last token of its answer, unless it was cut, and gives everything back.
    fn let_go_complete(&mut self, slot: Slot, order: u64, capped: bool) {
        let member = self.running.member(slot);
        let (prompt, stored, progress) = (member.prompt, member.holdings.stored, member.progress);
        let answer = (!capped && member.output > 0).then_some((progress, prompt.context != Context::Planned));
        self.running.member_mut(slot).holdings.stored = 0;
        if !self.kv.complete(&prompt, stored, answer, order) {
            self.totals.kv_allocation_failures += 1;
        }
    }

    /// Names what the answers of conversations have filled, before somebody looks.
    pub(super) fn name_filled(&mut self) {
        for index in 0..self.running.entries() {
            let Some(slot) = self.running.slot_at(index) else { continue };
            let prompt = self.running.member(slot).prompt;
            if prompt.context.grows() {
                self.kv.catch_up(&prompt, self.running.stored(slot), true);
            }
        }
    }

    /// Most quiet steps that can be made at once, at most `most`: the copies of each must be known in advance.
    #[inline(never)]
    pub(super) fn most_quiet_steps(&self, most: u64, params: &InstanceParams) -> u64 {
        // Blocks that the last token of an answer has brought back make the next step longer (KV tiers chapter, T-7).
        if self.kv.has_pending_transfer() {
            return 0;
        }
        let most = if params.record_steps { most.min(1) } else { most };
        let fillings = (0..params.block_size as usize).map(|steps| self.running.fillings(steps));
        let decodes = self.running.decodes;
        if self.kv.tells_blocks_apart() {
            self.kv.most_quiet_steps(most, decodes, fillings)
        } else {
            self.kv.most_counted_steps(most, decodes, fillings)
        }
    }

    /// Copies what answers have filled in the quiet steps that have just been made. `refused`: each of them refused the head of the queue.
    #[inline(never)]
    pub(super) fn copy_quiet_steps(&mut self, steps: u64, refused: bool) {
        if refused {
            self.kv.count_failures(steps);
        }
        if self.kv.tells_blocks_apart() {
            let filled = if self.kv.names_answers() { self.running.filled(steps) } else { 0 };
            self.kv.copy_quietly(steps, filled);
        } else {
            let filled = self.running.filled(steps);
            let Self { kv, running, .. } = self;
            let size = kv.block_size();
            let in_each = running.filled_in_each(steps);
            kv.count_quiet_copies(filled, in_each, || Self::grown(running, &[], size));
        }
        if self.steps.last().is_some_and(|record| record.tier.is_none()) {
            let tier = self.tier_step(Micros::ZERO);
            if let Some(record) = self.steps.last_mut() {
                record.tier = tier;
            }
        }
    }

    /// No request runs and the head of the queue does not get in, because waiting requests hold blocks: so it goes on until a deadline
    /// passes or a request comes (T-9). Makes many of these steps at once; returns whether it was the case.
    #[inline(never)]
    pub(super) fn skip_refused_steps<L>(
        &mut self,
        limit: Micros,
        ctx: &mut StepContext<'_, L>,
        budget: &mut u64,
    ) -> bool {
        if !self.running.is_empty() || self.waiting == 0 || ctx.params.record_steps {
            return false;
        }
        if self.kv.has_pending_transfer() {
            return false;
        }
        let records = &ctx.records;
        let alive = |request: LegIndex| records.state[request] == RequestState::Queued;
        let Some(head) = self.queue.head(alive) else { return false };
        if !self.kv.is_refused(head, ctx.params.token_budget) {
            return false;
        }
        self.skip_empty_steps(limit, ctx, budget);
        true
    }

    /// Skips steps in which no request runs and the head of the queue is refused, up to `limit`; where no deadline can end that, a
    /// few.
    pub(super) fn skip_empty_steps<L>(&mut self, limit: Micros, ctx: &StepContext<'_, L>, budget: &mut u64) {
        let most = if self.timers.next() == Micros::FOREVER { FEW_STEPS } else { u64::MAX };
        let steps = ((limit - self.step_at).0 as u64).min(*budget).min(most);
        let time = self.step_at + Micros(steps as i64);
        self.note_refusals(steps as u32, ctx.records);
        self.kv.count_failures(steps);
        let (waiting, used) = (u64::from(self.waiting), u64::from(self.kv.used()));
        let totals = &mut self.totals;
        totals.steps += steps;
        totals.zero_token_steps += steps;
        totals.busy += Micros(steps as i64);
        totals.kv_block_us = totals.kv_block_us.saturating_add(used.saturating_mul(steps));
        totals.sum_waiting += steps * waiting;
        totals.max_waiting = totals.max_waiting.max(waiting);
        totals.peak_kv_blocks = totals.peak_kv_blocks.max(self.kv.used());
        if self.limits.is_some() {
            self.note_quiet_steps((self.step_at, time), steps, ctx.params);
        }
        *budget -= steps;
        self.clock = self.clock.max(Micros(time.0 - 1));
        self.step_at = time;
    }

    /// In so many steps no request ran, and the head of the queue was refused.
    pub(super) fn note_refusals(&mut self, steps: u32, records: &RequestRecords) {
        let alive = |request: LegIndex| records.state[request] == RequestState::Queued;
        let Some(leg) = self.queue.head(alive) else { return };
        let before = self.stuck.filter(|stuck| stuck.leg == leg).map_or(0, |stuck| stuck.times);
        self.stuck = Some(Stuck { leg, times: before.saturating_add(steps) });
    }

    /// A request has been evicted: it is stuck if that has happened over and over in the same state.
    #[inline(never)]
    pub(super) fn note_circle(&mut self, request: LegIndex) {
        let running = &self.running;
        let (waiting, used) = (self.waiting, self.kv.used());
        let times = self.circle.get_or_insert_default().note(|hasher| {
            let batch =
                running.slots().map(|slot| (running.member(slot).prompt.request.get(), running.stored(slot)));
            hash_all(hasher, batch.chain([(request.get(), waiting), (used, 0)]));
        });
        if self.stuck.is_none_or(|stuck| stuck.times < times) && times > 0 {
            self.stuck = Some(Stuck { leg: request, times });
        }
    }

    /// The tier after a step's copying.
    pub(super) fn tier_step(&self, transfer: Micros) -> Option<TierStep> {
        let record = self.kv.tier_record()?;
        Some(TierStep { record, transfer, cache_hits: self.kv.hits, cache_misses: self.kv.misses })
    }
}

/// A member as copying sees it after a step.
fn copied(running: &Running, slot: Slot) -> Copied {
    let member = running.member(slot);
    let stored = running.stored(slot);
    let grown = matches!(member.phase, Phase::Decode { since } if since < running.counter());
    Copied { prompt: member.prompt, order: member.order, before: stored - Tokens::from(grown), stored }
}
