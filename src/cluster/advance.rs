//! How instances are brought forward to the gateway, and to the end of the run.

use super::bounds::FOLLOW_SLICE;
use super::engine::Engine;
use super::fleet::Fleet;
use super::run::Advance;
use crate::instance::{Advanced, LegRequests, StepContext};
use crate::latency::LatencyModel;
use crate::record::Ending;
use crate::units::Micros;

/// Simulated time by which the instances go on together once the gateway is done, so that progress can be shown.
const WIND_DOWN_SLICE: Micros = Micros(1_000_000);

impl<L: LatencyModel> Engine<L> {
    /// Runs the instances up to just before `after`; no gateway event before it is left.
    pub(super) fn bring_forward(&mut self, after: Micros, budget: &mut u64) -> Advance {
        self.fleet.due.fill(&self.fleet.idle_until, |idle_until| *idle_until < after);
        self.advance_due(after, budget)
    }

    /// Lets the instances follow the gateway to `now`.
    pub(super) fn follow(&mut self, now: Micros, budget: &mut u64) -> Advance {
        let advance = self.bring_forward(now, budget);
        if advance == Advance::Reached {
            self.follow_at = now + FOLLOW_SLICE;
        }
        advance
    }

    /// Runs the instances to their ends after the last gateway event, some simulated time at a time. Stuck
    /// requests are found between two slices only, so that this does not depend on the budget.
    pub(super) fn wind_down(&mut self, budget: &mut u64) -> Advance {
        for instance in 0..self.fleet.instances.len() {
            let behind =
                self.fleet.idle_until[instance] < self.wind_down_until && !self.fleet.parked[instance];
            if behind {
                let advance = self.advance(instance, self.wind_down_until, budget);
                if advance != Advance::Reached {
                    return advance;
                }
            }
        }
        let mut next = Micros::FOREVER;
        for instance in 0..self.fleet.instances.len() {
            self.fleet.parked[instance] = self.hopeless_request(instance).is_some();
            if !self.fleet.parked[instance] {
                next = next.min(self.fleet.idle_until[instance]);
            }
        }
        if next == Micros::FOREVER || next > self.horizon {
            let livelock = (0..self.fleet.instances.len()).find_map(|instance| self.livelock(instance));
            self.ending = Some(livelock.unwrap_or(Ending::Finished));
            return Advance::Over;
        }
        self.wind_down_until = self.wind_down_until.max(next) + WIND_DOWN_SLICE;
        Advance::Reached
    }

    /// Advances an instance to just before `until`.
    pub(super) fn advance(&mut self, instance: usize, until: Micros, budget: &mut u64) -> Advance {
        self.fleet.due.set_to(instance);
        self.advance_due(until, budget)
    }

    /// Advances the instances in `due` to just before `until`; ends the run if they make more steps than any run of its
    /// size needs.
    fn advance_due(&mut self, until: Micros, budget: &mut u64) -> Advance {
        let allowed = (*budget).min(self.steps.left);
        let mut left = allowed;
        let Fleet { setups, setup_of, instances, idle_until, due, .. } = &mut self.fleet;
        let view = &mut self.view;
        // Whether the budget did not suffice for the instance.
        let mut advance = |at: usize, ctx: &mut StepContext<'_, L>| {
            let instance = &mut instances[at];
            let next = instance.advance(until, ctx, &mut left);
            idle_until[at] = match next {
                Advanced::NextAt(time) => time,
                Advanced::OutOfBudget => instance.next_event(),
            };
            view.advanced(at, instance);
            next == Advanced::OutOfBudget
        };
        let run = (self.horizon, self.reports);
        let (table, records) = match &mut self.pools {
            None => (None, &mut self.records),
            Some(pools) => (Some(&pools.legs), &mut pools.records),
        };
        let requests = LegRequests::new(&self.requests, table);
        let stopped = match setups.as_slice() {
            [setup] => {
                let mut ctx = setup.context(run, requests, records);
                due.visit(|at| advance(at, &mut ctx))
            }
            setups => due.visit(|at| advance(at, &mut setups[setup_of[at]].context(run, requests, records))),
        };
        let used = allowed - left;
        *budget -= used;
        self.steps.left -= used;
        match stopped {
            None => Advance::Reached,
            Some(at) if self.steps.left == 0 => {
                let at = self.fleet.instances[at].clock();
                self.ending = Some(Ending::StepLimit { steps: self.steps.allowed, at });
                Advance::Over
            }
            Some(_) => Advance::OutOfBudget,
        }
    }
}
