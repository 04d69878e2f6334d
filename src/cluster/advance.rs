//! How instances are brought forward to the gateway, and to the end of the run.

use super::engine::{Engine, STEPS_PER_TOKEN};
use crate::instance::StepContext;
use crate::latency::LatencyModel;
use crate::record::Ending;
use crate::units::Micros;

/// Simulated time by which the instances may lag behind the gateway: what happens to a request is written while its
/// rows are still in the processor's cache, and few requests are on their way to an instance at a time.
pub(super) const FOLLOW_SLICE: Micros = Micros(1_000_000);

/// Simulated time by which the instances go on together once the gateway is done, so that progress can be shown.
const DRAIN_SLICE: Micros = Micros(1_000_000);

impl<L: LatencyModel> Engine<L> {
    /// Runs the instances up to just before `after`; no gateway event before it is left.
    pub(super) fn bring_forward(&mut self, after: Micros, budget: &mut u64) -> bool {
        self.due.fill(&self.idle_until, |idle_until| *idle_until < after);
        self.advance_due(after, budget)
    }

    /// Lets the instances follow the gateway to `now`.
    pub(super) fn follow(&mut self, now: Micros, budget: &mut u64) -> bool {
        if !self.bring_forward(now, budget) {
            return false;
        }
        self.follow_at = now + FOLLOW_SLICE;
        true
    }

    /// Runs the instances to their ends after the last gateway event, some simulated time at a time. Stuck
    /// requests are found between two slices only, so that this does not depend on the budget.
    pub(super) fn drain(&mut self, budget: &mut u64) -> bool {
        for instance in 0..self.instances.len() {
            let behind = self.idle_until[instance] < self.drain_until && !self.parked[instance];
            if behind && !self.advance(instance, self.drain_until, budget) {
                return false;
            }
        }
        let mut next = Micros::FOREVER;
        for instance in 0..self.instances.len() {
            self.parked[instance] = self.hopeless_request(instance).is_some();
            if !self.parked[instance] {
                next = next.min(self.idle_until[instance]);
            }
        }
        if next == Micros::FOREVER || next > self.params.horizon {
            let livelock = (0..self.instances.len()).find_map(|instance| self.livelock(instance));
            self.ending = Some(livelock.unwrap_or(Ending::Finished));
        } else {
            self.drain_until = self.drain_until.max(next) + DRAIN_SLICE;
        }
        true
    }

    /// Advances an instance to just before `until`.
    pub(super) fn advance(&mut self, instance: usize, until: Micros, budget: &mut u64) -> bool {
        self.due.set_to(instance);
        self.advance_due(until, budget)
    }

    /// Advances the instances in `due` to just before `until`; ends the run if they make more steps than any run of its
    /// size needs.
    fn advance_due(&mut self, until: Micros, budget: &mut u64) -> bool {
        let allowed = (*budget).min(self.steps_left);
        let mut left = allowed;
        let mut ctx = StepContext {
            params: &self.params,
            latency: &self.latency,
            requests: &self.requests,
            records: &mut self.records,
        };
        // The instance, if any, for which the budget did not suffice.
        let stopped = self.due.visit(|at| {
            let instance = &mut self.instances[at];
            let next = instance.advance(until, &mut ctx, &mut left);
            self.idle_until[at] = next.unwrap_or_else(|| instance.next_event());
            self.view.advanced(at, instance);
            next.is_none()
        });
        let used = allowed - left;
        *budget -= used;
        self.steps_left -= used;
        if let Some(at) = stopped
            && self.steps_left == 0
        {
            let at = self.instances[at].clock();
            self.ending = Some(Ending::StepLimit { steps: self.steps_allowed, at });
        }
        stopped.is_none()
    }

    /// The instance with the earliest event before `time`; the lowest index among equals.
    pub(super) fn instance_before(&self, time: Micros) -> Option<(usize, Micros)> {
        let earliest =
            self.idle_until.iter().copied().enumerate().min_by_key(|&(index, next)| (next, index))?;
        (earliest.1 < time).then_some(earliest)
    }

    /// Closed loop: executes the events of one instance at one time; completions call their users.
    pub(super) fn advance_closed(&mut self, instance: usize, time: Micros, budget: &mut u64) -> bool {
        if !self.advance(instance, time + Micros(1), budget) {
            return false;
        }
        let Some(closed_loop) = &mut self.closed_loop else { return true };
        for (request, step_end) in self.instances[instance].take_completions() {
            let next = closed_loop.follow_up(&mut self.requests, request, step_end, self.params.horizon);
            if let Some(next) = next {
                let row = next as usize;
                self.records.push_row();
                let tokens = u64::from(self.requests.input[row]) + u64::from(self.requests.output[row]);
                self.steps_allowed += STEPS_PER_TOKEN * tokens;
                self.steps_left += STEPS_PER_TOKEN * tokens;
                self.queues.add_follow_up(self.requests.arrival[row], next);
            }
        }
        let others_wait = (0..self.instances.len())
            .all(|other| self.idle_until[other] == Micros::FOREVER || self.hopeless_request(other).is_some());
        if others_wait {
            self.ending = self.livelock(instance);
        }
        true
    }
}
