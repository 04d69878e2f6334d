//! Quiet steps: every running request decodes and no request joins or leaves (instance chapter, I-14).

use super::{Instance, InstanceParams, StepContext};
use crate::latency::{LatencyModel, StepLoad};
use crate::record::{LegKind, RequestState, StepRecord};
use crate::units::{LegIndex, Micros};

/// Why no request can be admitted for the time being.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// No request waits, or the batch or the token budget is full: stays so while every request decodes.
    Shut,
    /// The head of the queue does not fit into the KV cache: stays so while only plain blocks are recycled.
    NoBlocks,
    /// The head might be admitted.
    Open,
}

impl Instance {
    /// Executes quiet steps from the pending one on, as many as start before `limit`. Returns whether there
    /// was at least one.
    pub(super) fn run_quiet_steps<L: LatencyModel>(
        &mut self,
        limit: Micros,
        ctx: &mut StepContext<'_, L>,
        budget: &mut u64,
    ) -> bool {
        let decodes = self.running.decodes;
        let all_decode = decodes > 0 && decodes as usize == self.running.len();
        if !all_decode || decodes > ctx.params.token_budget || self.names_at_once() {
            return if self.kv.is_tiered() {
                self.skip_refused_steps(limit, ctx, budget)
            } else {
                self.running.is_empty() && self.skip_stalled_steps(limit, ctx, budget)
            };
        }
        let door = self.door(ctx);
        if door == Door::Open {
            return false;
        }
        let most = if self.kv.is_tiered() { self.most_quiet_steps(*budget, ctx.params) } else { *budget };
        let overhead = ctx.latency.output_overhead();
        let mut time = self.step_at;
        let mut last = (time, Micros::ZERO);
        let mut steps = 0_u64;
        let mut finished = self.running.take_list();
        while time < limit && steps < most {
            let openings = self.running.openings();
            if openings > 0 {
                if openings > self.kv.free() || (door == Door::NoBlocks && !self.kv.next_are_plain(openings))
                {
                    break;
                }
                self.kv.take(openings);
            }
            let load = StepLoad {
                prefills: &[],
                decodes: u64::from(decodes),
                context: self.running.context,
                others: 0,
            };
            let running = &self.running;
            let duration = ctx.latency.step_time(&load, |progress| {
                progress.extend(running.slots().map(|slot| running.progress(slot)));
            });
            self.totals.busy += duration;
            let block_us = u64::from(self.kv.used()).saturating_mul(duration.0 as u64);
            self.totals.kv_block_us = self.totals.kv_block_us.saturating_add(block_us);
            self.clock = self.clock.max(time);
            self.running.advance(duration + overhead);
            if ctx.params.record_steps {
                self.record_quiet_step(time, duration, ctx.params);
            }
            last = (time, duration);
            time += duration;
            steps += 1;
            self.running.collect_finished(&mut finished);
            if !finished.is_empty() {
                break;
            }
        }
        *budget -= steps;
        if steps > 0 {
            self.count_quiet_steps(steps);
            if self.kv.is_tiered() {
                self.copy_quiet_steps(steps, door == Door::NoBlocks);
            }
            if self.limits.is_some() {
                self.note_quiet_steps((self.step_at, time), steps, ctx.params);
            }
            self.step_at = time;
        }
        // Only in the last step of the stretch can a request finish.
        if !finished.is_empty() {
            self.complete_all(&mut finished, last.0, last.1, ctx);
            self.plan_next(time);
            if ctx.params.record_steps
                && let Some(record) = self.steps.last_mut()
            {
                record.used_kv_blocks_after = self.kv.used();
            }
        }
        self.running.return_list(finished);
        steps > 0
    }

    fn count_quiet_steps(&mut self, steps: u64) {
        let totals = &mut self.totals;
        let (waiting, batch) = (u64::from(self.waiting), u64::from(self.running.decodes));
        totals.steps += steps;
        totals.scheduled_tokens += steps * batch;
        totals.sum_batch += steps * batch;
        totals.sum_waiting += steps * waiting;
        totals.max_batch = totals.max_batch.max(batch);
        totals.max_waiting = totals.max_waiting.max(waiting);
        totals.peak_kv_blocks = totals.peak_kv_blocks.max(self.kv.used());
    }

    /// Whether the head of the queue could be admitted while every running request decodes.
    fn door<L>(&mut self, ctx: &mut StepContext<'_, L>) -> Door {
        let params = ctx.params;
        if self.waiting == 1 && self.untried {
            // A lone newcomer nearly always gets in, and finding that out is most of the work of letting it in.
            return Door::Open;
        }
        if self.waiting == 0
            || self.running.len() >= params.max_running as usize
            || self.running.decodes >= params.token_budget
        {
            return Door::Shut;
        }
        let records = &ctx.records;
        let alive = |request: LegIndex| records.state[request] == RequestState::Queued;
        let Some(head) = self.queue.head(alive) else { return Door::Shut };
        if ctx.requests.kind(head) == LegKind::Decode {
            return if self.has_room_for_decode(head, ctx) { Door::Open } else { Door::NoBlocks };
        }
        if self.kv.tells_blocks_apart() {
            let budget = params.token_budget - self.running.decodes;
            return if self.kv.is_refused(head, budget) { Door::NoBlocks } else { Door::Open };
        }
        let prompt = params.prompt(ctx.requests, head);
        let found = self.look_up_head(&prompt);
        let chunk = self.admission_chunk(params, &prompt, found, params.token_budget - self.running.decodes);
        let needed = self.admission_blocks(&prompt, ctx.requests.output(head), found, chunk);
        if needed > self.kv.free() { Door::NoBlocks } else { Door::Open }
    }

    /// Whether nothing but a lack of KV blocks keeps the head of the queue out.
    pub(super) fn is_door_shut_by_blocks<L>(&mut self, ctx: &mut StepContext<'_, L>) -> bool {
        self.door(ctx) == Door::NoBlocks
    }

    fn record_quiet_step(&mut self, start: Micros, duration: Micros, params: &InstanceParams) {
        let limit = self.refusal_of(params, self.running.decodes);
        let batch = self.running.slots().map(|slot| (self.running.member(slot).prompt.request, 1)).collect();
        self.steps.push(StepRecord {
            instance: self.index,
            start,
            duration,
            batch,
            newly_scheduled: Vec::new(),
            preempted: Vec::new(),
            waiting_after: u64::from(self.waiting),
            limit,
            used_kv_blocks: self.kv.used(),
            used_kv_blocks_after: self.kv.used(),
            tier: None,
        });
    }
}
