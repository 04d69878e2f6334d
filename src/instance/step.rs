//! The step (instance chapter, I-8): form the batch, time it, execute it, complete requests.

use super::kv::{Found, Prompt};
use super::running::{Member, Phase, Slot};
use super::serve::{Served, chunk};
use super::{Completion, Instance, InstanceParams, Reports, StepContext};
use crate::latency::{LatencyModel, PrefillMember, StepLoad};
use crate::record::{EndReason, LegKind, Limit, RequestState, StepRecord};
use crate::units::{LegIndex, Micros, Tokens};

impl Instance {
    /// Executes the pending step.
    pub(super) fn step<L: LatencyModel>(&mut self, ctx: &mut StepContext<'_, L>) {
        let now = self.step_at;
        // The batch of an instance that has never made a step is empty, not absent, so that it makes one (D-8.6).
        if self.running.is_empty() && self.waiting == 0 && self.totals.steps > 0 {
            self.step_at = Micros::FOREVER;
            return;
        }
        self.newly_scheduled.clear();
        self.preempted.clear();
        let served = self.serve_running(ctx);
        if !served.preempted {
            self.admit_waiting(now, served, ctx);
        }
        let mut duration = self.time_step(ctx);
        let (transfers, filling) =
            if self.kv.is_tiered() { self.form_tiered_batch(ctx) } else { (Micros::ZERO, 0) };
        duration += transfers;
        self.count_step(duration);
        if self.limits.is_some() {
            self.note_step(now, duration, ctx);
        }
        let mut record = ctx.params.record_steps.then(|| {
            let limit = self.refusal(ctx.params);
            self.record_step(now, duration, limit)
        });
        let mut finished = self.execute(now, duration, ctx);
        if self.kv.is_tiered() {
            self.copy_step(filling);
            if let Some(record) = &mut record {
                record.tier = self.tier_step(transfers);
            }
        }
        self.complete_all(&mut finished, now, duration, ctx);
        self.running.return_list(finished);
        if let Some(mut record) = record {
            record.used_kv_blocks_after = self.kv.used();
            self.steps.push(record);
        }
        self.plan_next(now + duration);
    }

    /// Schedules a step at `time` if there is a request to serve.
    pub(super) fn plan_next(&mut self, time: Micros) {
        self.step_at = if self.running.is_empty() && self.waiting == 0 { Micros::FOREVER } else { time };
    }

    /// Phase B: waiting requests join the batch (I-8.4).
    fn admit_waiting<L>(&mut self, now: Micros, served: Served, ctx: &mut StepContext<'_, L>) {
        self.untried = false;
        if self.kv.tells_blocks_apart() {
            return self.admit_with_tier(now, served, ctx);
        }
        let params = ctx.params;
        let mut budget = served.budget;
        while self.running.len() < params.max_running as usize && self.waiting > 0 && budget > 0 {
            let records = &ctx.records;
            let alive = |request: LegIndex| records.state[request] == RequestState::Queued;
            let Some(head) = self.queue.head(alive) else { return };
            if ctx.requests.kind(head) == LegKind::Decode {
                if !self.admit_decode(now, head, ctx) {
                    return;
                }
                budget -= 1;
                continue;
            }
            let prompt = params.prompt(ctx.requests, head);
            let found = self.look_up_head(&prompt);
            let output = ctx.requests.output(head);
            let granted = self.admission_chunk(params, &prompt, found, budget);
            let cached = found.blocks * params.block_size;
            if self.admission_blocks(&prompt, output, found, granted) > self.kv.free() {
                self.kv.count_failures(1);
                if self.running.is_empty() {
                    self.note_refusals(1, ctx.records);
                }
                return;
            }
            budget -= granted;
            self.queue.pop();
            self.waiting -= 1;
            let slot = self.running.admit(prompt, output, params.goal(prompt.input, output));
            let member = self.running.member_mut(slot);
            member.granted = granted;
            member.after = cached + granted;
            self.kv.take_beside();
            // If the whole prompt is in the cache, nothing is claimed (kv-cache chapter, KV-6).
            if granted > 0 {
                self.kv.claim(&prompt, found, &mut member.holdings);
                self.kv.store_prompt(&prompt, &mut member.holdings, granted);
            } else if stores_at_once(&prompt, output) {
                self.kv.take(1);
                member.holdings.stored = 1;
            }
            self.served.push(slot);
            self.note_admission(now, head, cached, ctx);
        }
    }

    /// A waiting request has joined the batch, with so many tokens found in the cache.
    #[inline]
    pub(super) fn note_admission<L>(
        &mut self,
        now: Micros,
        head: LegIndex,
        cached: Tokens,
        ctx: &mut StepContext<'_, L>,
    ) {
        let records = &mut *ctx.records;
        records.state[head] = RequestState::Running;
        // An evicted request always returns to the same instance, so its first scheduling time is already set.
        if self.totals.preemptions > 0 && records.first_scheduled_at[head].happened() {
            records.cached_last[head] = cached;
        } else {
            records.first_scheduled_at[head] = now;
            if cached > 0 {
                records.cached_first[head] = cached;
                records.cached_last[head] = cached;
            }
        }
        records.last_scheduled_at[head] = now;
        if ctx.params.record_steps {
            self.newly_scheduled.push(head);
        }
    }

    /// Looks up the head of the queue, unless nothing has changed since the last time.
    #[inline]
    pub(super) fn look_up_head(&mut self, prompt: &Prompt) -> Found {
        if self.kv.holds_nothing_of(prompt) {
            return Found { blocks: 0, free: 0 };
        }
        let version = self.kv.version();
        if let Some((request, then, found)) = self.head_lookup
            && request == prompt.request
            && then == version
        {
            return found;
        }
        let found = self.kv.lookup(prompt);
        self.head_lookup = Some((prompt.request, version, found));
        found
    }

    /// New prompt tokens of a request that is admitted with `found` blocks cached.
    #[allow(clippy::unused_self)]
    pub(super) fn admission_chunk(
        &self,
        params: &InstanceParams,
        prompt: &Prompt,
        found: Found,
        budget: Tokens,
    ) -> Tokens {
        chunk(prompt.input - found.blocks * params.block_size, params.prefill_threshold).min(budget)
    }

    /// Blocks that an admission takes out of the free list.
    pub(super) fn admission_blocks(
        &self,
        prompt: &Prompt,
        output: Tokens,
        found: Found,
        granted: Tokens,
    ) -> u32 {
        let of_tokens = match granted {
            0 => u32::from(stores_at_once(prompt, output)),
            granted => self.kv.fresh_blocks(0, granted) + found.free,
        };
        of_tokens + self.kv.beside()
    }

    /// Duration of the step for the requests that got tokens; 1 µs if none did (I-8.6).
    fn time_step<L: LatencyModel>(&mut self, ctx: &StepContext<'_, L>) -> Micros {
        self.prefill_load.clear();
        for &slot in &self.served {
            let member = self.running.member(slot);
            if member.granted > 0 {
                self.prefill_load.push(PrefillMember {
                    progress: member.progress,
                    input: member.prompt.input,
                    new: member.granted,
                });
            }
        }
        let load = StepLoad {
            prefills: &self.prefill_load,
            decodes: u64::from(self.running.decodes),
            context: self.running.context,
            others: 0,
        };
        if load.is_empty() {
            self.totals.zero_token_steps += 1;
            return Micros(1);
        }
        let running = &self.running;
        ctx.latency.step_time(&load, |progress| {
            let decoding = running.slots().filter(|&slot| {
                let member = running.member(slot);
                member.phase != Phase::Prefill && !member.passed_over
            });
            progress.extend(decoding.map(|slot| running.progress(slot)));
        })
    }

    fn count_step(&mut self, duration: Micros) {
        let (waiting, batch) = (u64::from(self.waiting), self.running.len() as u64);
        let prompt_tokens: u64 = self.prefill_load.iter().map(|member| u64::from(member.new)).sum();
        let totals = &mut self.totals;
        totals.steps += 1;
        totals.scheduled_tokens += prompt_tokens + u64::from(self.running.decodes);
        totals.busy += duration;
        let block_us = u64::from(self.kv.used()).saturating_mul(duration.0 as u64);
        totals.kv_block_us = totals.kv_block_us.saturating_add(block_us);
        totals.peak_kv_blocks = totals.peak_kv_blocks.max(self.kv.used());
        totals.sum_batch += batch;
        totals.sum_waiting += waiting;
        totals.max_batch = totals.max_batch.max(batch);
        totals.max_waiting = totals.max_waiting.max(waiting);
    }

    /// Tokens become progress, finished prompts deliver their first token (I-8.6). Returns the members that
    /// finish, unordered.
    fn execute<L: LatencyModel>(
        &mut self,
        now: Micros,
        duration: Micros,
        ctx: &mut StepContext<'_, L>,
    ) -> Vec<Slot> {
        let gap = duration + ctx.latency.output_overhead();
        let mut finished = self.running.take_list();
        if self.running.decodes > 0 {
            self.running.advance(gap);
            self.running.collect_finished(&mut finished);
        }
        for at in 0..self.served.len() {
            let slot = self.served[at];
            let member = self.running.member_mut(slot);
            member.progress = member.after;
            if member.progress < member.prompt.input {
                continue;
            }
            let request = member.prompt.request;
            member.ttft = now + gap - ctx.requests.arrival(request);
            ctx.records.ttft[request] = member.ttft;
            if member.progress >= member.goal {
                finished.push(slot);
            } else {
                if self.kv.tells_blocks_apart() {
                    self.begin_answer(slot, ctx);
                } else {
                    self.begin_naming(slot, ctx);
                }
                self.running.start_decoding(slot);
            }
        }
        self.resume_passed_over();
        finished
    }

    /// Requests that finish with a step leave, in batch order.
    pub(super) fn complete_all<L: LatencyModel>(
        &mut self,
        finished: &mut [Slot],
        now: Micros,
        duration: Micros,
        ctx: &mut StepContext<'_, L>,
    ) {
        if finished.len() > 1 {
            finished.sort_unstable_by_key(|&slot| self.running.member(slot).order);
        }
        for &slot in &*finished {
            self.complete(slot, now, duration, ctx);
        }
    }

    fn resume_passed_over(&mut self) {
        if self.running.decodes as usize + self.running.prefilling().len() == self.running.len() {
            return;
        }
        for index in 0..self.running.entries() {
            if let Some(slot) = self.running.slot_at(index)
                && self.running.member(slot).passed_over
            {
                self.running.resume(slot);
            }
        }
    }

    /// A request leaves the batch with all its output, or at the model's length limit (I-8.7).
    fn complete<L: LatencyModel>(
        &mut self,
        slot: Slot,
        now: Micros,
        duration: Micros,
        ctx: &mut StepContext<'_, L>,
    ) {
        let order = self.running.member(slot).order;
        self.note_first_gap(slot, ctx);
        let member = self.running.complete(slot);
        let Member {
            prompt: Prompt { request, input, .. }, output, progress, ttft, gap_sum, gap_count, ..
        } = *member;
        let capped = u64::from(progress) < u64::from(input) + u64::from(output.max(1)) - 1;
        let stored = member.holdings.stored;
        self.end_naming(slot, stored);
        if !self.kv.is_tiered() || !self.complete_tiered(slot, order, capped) {
            // A decode part of one token has none left to store (disaggregation chapter, D-8.2).
            if !capped && output > 0 && progress < input + output {
                self.store_last_token(slot, stored);
            }
            let member = self.running.member_mut(slot);
            self.kv.release(&member.prompt, &mut member.holdings, false);
        }
        let end = now + duration;
        let generated = progress - input;
        self.totals.completed += 1;
        self.totals.length_capped += u64::from(capped);
        self.totals.output_tokens += u64::from(generated) + u64::from(generated < output);
        let overhead = if output > 0 { ctx.latency.completion_overhead() } else { Micros::ZERO };
        let records = &mut *ctx.records;
        records.itl_sum[request] = gap_sum;
        records.itl_count[request] = gap_count;
        records.e2e[request] = ttft + Micros(gap_sum) + overhead;
        let state = if capped { RequestState::LengthCapped } else { RequestState::Completed };
        self.end(ctx, request, state, EndReason::None, end);
        // The end of the last step is a separate event, executed only within the horizon (I-5).
        if end <= ctx.horizon {
            self.clock = self.clock.max(end);
        }
        if ctx.reports != Reports::default() {
            self.report(Completion { step: now, end, leg: request, context: progress }, ctx);
        }
    }

    /// The last generated token is stored just before everything is released (kv-cache chapter, KV-7.2).
    fn store_last_token(&mut self, slot: Slot, stored: Tokens) {
        if self.kv.opens_block(stored) {
            if self.kv.free() == 0 {
                self.totals.kv_allocation_failures += 1;
                self.kv.count_failures(1);
                return;
            }
            self.kv.take(1);
        }
        self.running.member_mut(slot).holdings.stored += 1;
        self.name_last_token(slot);
    }

    fn record_step(&self, start: Micros, duration: Micros, limit: Option<Limit>) -> StepRecord<LegIndex> {
        let batch = self.running.slots().map(|slot| {
            let member = self.running.member(slot);
            let new = match member.phase {
                Phase::Prefill if self.served.contains(&slot) => member.granted,
                Phase::Decode { .. } if !member.passed_over => 1,
                _ => 0,
            };
            (member.prompt.request, new)
        });
        StepRecord {
            instance: self.index,
            start,
            duration,
            batch: batch.collect(),
            newly_scheduled: self.newly_scheduled.clone(),
            preempted: self.preempted.clone(),
            waiting_after: u64::from(self.waiting),
            limit,
            used_kv_blocks: self.kv.used(),
            used_kv_blocks_after: self.kv.used(),
            tier: None,
        }
    }
}

/// An empty prompt has no prefill: its admission stores the first generated token (kv-cache chapter, KV-5.5).
const fn stores_at_once(prompt: &Prompt, output: Tokens) -> bool {
    prompt.input == 0 && output > 0
}
