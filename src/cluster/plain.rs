//! The loop of runs in which nothing that instances do creates events of the cluster.
//!
//! Instances are independent between gateway events, so each is advanced only when a decision reads it, now and then, and
//! at the end (routing chapter, R-12).

use super::engine::Engine;
use super::gateway::GatewayEvent;
use super::run::Advance;
use crate::latency::LatencyModel;
use crate::units::{Micros, RequestIndex};

impl<L: LatencyModel> Engine<L> {
    /// Executes every event up to and including `until`.
    pub(super) fn run_plain(&mut self, until: Micros, budget: &mut u64) -> Advance {
        let horizon = self.horizon;
        while self.ending.is_none() {
            let due = self.queues.next(&self.requests).filter(|event| event.time <= horizon.min(until));
            let advance = match due {
                Some(event) if event.time >= self.follow_at => self.follow(event.time, budget),
                Some(event) => self.handle_with_decisions(event, budget),
                None if until < Micros::FOREVER => return self.bring_forward(until + Micros(1), budget),
                None => self.wind_down(budget),
            };
            if advance != Advance::Reached {
                return advance;
            }
        }
        Advance::Over
    }

    /// Executes a gateway event, and those that certainly come next with it.
    fn handle_with_decisions(&mut self, event: GatewayEvent, budget: &mut u64) -> Advance {
        if self.queues.goes_straight_through(event, &self.requests) {
            self.pass_through(event.time, event.request, budget)
        } else {
            self.handle(event, budget)
        }
    }

    /// Arrival and both decisions of a request that waits for neither: it need not go through the queues.
    fn pass_through(&mut self, time: Micros, request: RequestIndex, budget: &mut u64) -> Advance {
        let class = self.requests.class[request];
        if *budget == 0 {
            return Advance::OutOfBudget;
        }
        let advance = self.refresh_before_admission(time, request, class, budget);
        if advance != Advance::Reached {
            return advance;
        }
        self.queues.take_arrival();
        self.arrive(request, class);
        self.clock = time;
        *budget = budget.saturating_sub(3);
        if self.decide_admission(time, request, class) {
            let prompt = self.prompt_key(request);
            let advance = self.refresh_before_routing(time, request, prompt, budget);
            if advance != Advance::Reached {
                self.queues.await_routing(request);
                return advance;
            }
            self.decide_routing(time, request, prompt);
        }
        Advance::Reached
    }
}
