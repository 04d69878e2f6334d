//! Which requests get how many tokens in a step (I-8.2 to I-8.5).

use super::instance::{BESIDE, Common, Instance};
use super::queue;
use super::request::Request;
use blis_playground::record::{Limit, RequestState};

/// What batch formation did besides filling the running list.
#[derive(Debug, Default)]
pub struct Formed {
    pub admitted: Vec<usize>,
    pub preempted: Vec<usize>,
    pub waiting_after: u64,
    pub limit: Option<Limit>,
}

/// What is left for the rest of the step.
#[derive(Debug)]
struct Formation {
    budget: u32,
    cursor: usize,
    formed: Formed,
}

/// A limit that 0 switches off.
fn limited(tokens: u32, limit: u32) -> u32 {
    if limit == 0 { tokens } else { tokens.min(limit) }
}

/// Tokens until the length limit's last position, from `progress`.
fn below_length_limit(tokens: u32, progress: u32, max_model_len: u32) -> u32 {
    if max_model_len == 0 { tokens } else { tokens.min((max_model_len - 1).saturating_sub(progress)) }
}

impl Instance {
    pub fn form_batch(&mut self, common: &Common<'_>, requests: &mut [Request], time: i64) -> Formed {
        let mut running = self.running.take().unwrap_or_default();
        for &row in &running {
            requests[row].new = 0;
        }
        let budget = common.settings.max_num_scheduled_tokens;
        let mut formation = Formation { budget, cursor: 0, formed: Formed::default() };
        self.serve_running(common, requests, &mut running, &mut formation);
        if formation.formed.preempted.is_empty() {
            self.admit(common, requests, &mut running, &mut formation, time);
        } else {
            formation.formed.limit = Some(Limit::KvBlocks);
        }
        formation.formed.waiting_after = self.waiting.len() as u64;
        self.running = Some(running);
        formation.formed
    }

    /// Phase A.
    fn serve_running(
        &mut self,
        common: &Common<'_>,
        requests: &mut [Request],
        running: &mut Vec<usize>,
        formation: &mut Formation,
    ) {
        while formation.cursor < running.len() && formation.budget > 0 {
            let row = running[formation.cursor];
            let wanted = wanted(common, &requests[row], formation.budget);
            if wanted > 0 {
                if !self.secure(common, requests, running, formation, row, wanted) {
                    return;
                }
                formation.budget -= wanted;
                requests[row].new = wanted;
            }
            formation.cursor += 1;
        }
    }

    /// I-8.3.
    fn secure(
        &mut self,
        common: &Common<'_>,
        requests: &mut [Request],
        running: &mut Vec<usize>,
        formation: &mut Formation,
        row: usize,
        wanted: u32,
    ) -> bool {
        loop {
            let request = &requests[row];
            let progress = request.progress;
            let stored = if progress < request.input {
                self.cache.prefill(&request.tokens(), progress, progress + wanted, &[])
            } else {
                self.cache.decode(&request.tokens(), progress)
            };
            if stored {
                return true;
            }
            let place = queue::victim(common.settings, running, requests);
            let victim = running.remove(place);
            if place < formation.cursor {
                formation.cursor -= 1;
            }
            formation.budget += requests[victim].new;
            self.preempt(&mut requests[victim]);
            formation.formed.preempted.push(victim);
            if victim == row {
                return false;
            }
        }
    }

    fn preempt(&mut self, request: &mut Request) {
        request.new = 0;
        request.state = RequestState::Queued;
        request.progress = 0;
        request.gaps.clear();
        request.has_first_token = false;
        request.preemptions += 1;
        self.record.preemptions += 1;
        self.give_back(request.row);
        self.waiting.insert(0, request.row);
    }

    /// Phase B.
    fn admit(
        &mut self,
        common: &Common<'_>,
        requests: &mut [Request],
        running: &mut Vec<usize>,
        formation: &mut Formation,
        time: i64,
    ) {
        while running.len() < common.settings.max_num_running_reqs as usize
            && formation.budget > 0
            && !self.waiting.is_empty()
        {
            let request = &mut requests[self.waiting[0]];
            let caches = common.blocks_beside == 0;
            let found = if caches { self.cache.lookup(&request.tokens()) } else { Vec::new() };
            let start = found.len() as u32 * common.block_size;
            let new = limited(
                (request.input - start).min(formation.budget),
                common.settings.long_prefill_token_threshold,
            );
            let new = below_length_limit(new, start, common.max_model_len);
            // KV-5.5: a prompt of no token is never in prefill; nothing at all is stored for an answer of none.
            let (free, row) = (self.cache.free(), request.row);
            let stored = self.take_beside(common, row)
                && if request.input == 0 {
                    request.output == 0 || self.cache.decode(&request.tokens(), 0)
                } else {
                    self.cache.prefill(&request.tokens(), start, start + new, &found)
                };
            if !stored {
                self.cache.release(row + BESIDE);
                // With a tier blocks may stay with a waiting request (T-5, rule 6).
                assert!(self.cache.tier.is_some() || self.cache.free() == free, "nothing is kept");
                formation.formed.limit = Some(Limit::KvBlocks);
                return;
            }
            self.waiting.remove(0);
            running.push(request.row);
            request.state = RequestState::Running;
            request.new = new;
            request.after_admission = Some(start + new);
            formation.budget -= new;
            if request.first_scheduled_at.is_none() {
                request.first_scheduled_at = Some(time);
                request.cached_first = start;
            }
            request.last_scheduled_at = Some(time);
            request.cached_last = start;
            formation.formed.admitted.push(request.row);
        }
        if !self.waiting.is_empty() {
            let slots_taken = running.len() == common.settings.max_num_running_reqs as usize;
            formation.formed.limit = Some(if slots_taken { Limit::Slots } else { Limit::StepBudget });
        }
    }
}

/// Tokens that a running request wants in this step (I-8.2).
fn wanted(common: &Common<'_>, request: &Request, budget: u32) -> u32 {
    let progress = request.progress;
    if progress < request.input {
        let chunk =
            limited((request.input - progress).min(budget), common.settings.long_prefill_token_threshold);
        return below_length_limit(chunk, progress, common.max_model_len);
    }
    let at_limit = common.max_model_len > 0 && progress + 1 > common.max_model_len - 1;
    u32::from(request.output > 0 && !at_limit)
}
