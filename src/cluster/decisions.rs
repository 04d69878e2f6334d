//! What the gateway does with a request: arrival, admission, routing (cluster chapter, C-2).

use super::engine::Engine;
use super::gateway::{GatewayEvent, Stage};
use super::scorers::PromptKey;
use super::view::Reads;
use crate::latency::LatencyModel;
use crate::record::RequestState;
use crate::units::{Micros, RequestIndex};

impl<L: LatencyModel> Engine<L> {
    /// Executes a gateway event, and those that certainly come next with it. Returns `false` if the budget does not
    /// suffice for all of them.
    pub(super) fn handle_with_decisions(&mut self, event: GatewayEvent, budget: &mut u64) -> bool {
        if self.queues.goes_straight_through(event, &self.requests) {
            self.pass_through(event.time, event.request, budget)
        } else {
            self.handle(event, budget)
        }
    }

    /// Arrival and both decisions of a request that waits for neither: it need not go through the queues.
    fn pass_through(&mut self, time: Micros, request: RequestIndex, budget: &mut u64) -> bool {
        let class = self.requests.class[request as usize];
        if *budget == 0 || !self.refresh_view(time, self.admission.reads(class), budget) {
            return false;
        }
        self.queues.take_arrival();
        self.arrive(request, class);
        self.clock = time;
        *budget = budget.saturating_sub(3);
        if self.decide_admission(time, request, class) {
            let prompt = self.prompt_key(request);
            if !self.refresh_before_routing(time, request, prompt, budget) {
                self.queues.await_routing(request);
                return false;
            }
            self.decide_routing(time, request, prompt);
        }
        true
    }

    /// Executes one gateway event. Returns `false`, with nothing changed but instances advanced, if the budget
    /// does not suffice.
    pub(super) fn handle(&mut self, event: GatewayEvent, budget: &mut u64) -> bool {
        if *budget == 0 {
            return false;
        }
        let GatewayEvent { time, stage, request } = event;
        let row = request as usize;
        let class = self.requests.class[row];
        match stage {
            Stage::Arrival => {
                self.queues.arrived(request);
                self.arrive(request, class);
            }
            Stage::Admission => {
                if !self.refresh_view(time, self.admission.reads(class), budget) {
                    return false;
                }
                let admitted = self.decide_admission(time, request, class);
                self.queues.decided(admitted);
            }
            Stage::Routing => {
                let prompt = self.prompt_key(request);
                if !self.refresh_before_routing(time, request, prompt, budget) {
                    return false;
                }
                self.decide_routing(time, request, prompt);
                self.queues.routed();
            }
        }
        self.clock = time;
        *budget = budget.saturating_sub(1);
        true
    }

    fn arrive(&mut self, request: RequestIndex, class: u16) {
        self.records.state[request as usize] = RequestState::InTransit;
        self.record.arrivals_by_class[usize::from(class)] += 1;
    }

    /// Returns whether the request is let in.
    fn decide_admission(&mut self, time: Micros, request: RequestIndex, class: u16) -> bool {
        let row = request as usize;
        let decision = self.admission.decide(time, self.requests.input[row], class, &self.view);
        self.record.admission_decisions += 1;
        self.records.admitted_at[row] = time;
        if let Err(reason) = decision {
            self.records.state[row] = RequestState::Rejected;
            self.record.rejected += 1;
            self.record.rejected_by_class[usize::from(class)] += 1;
            self.record.rejections.push((request, reason));
        }
        decision.is_ok()
    }

    fn refresh_before_routing(
        &mut self,
        time: Micros,
        request: RequestIndex,
        prompt: PromptKey,
        budget: &mut u64,
    ) -> bool {
        // An explanation compares the view with the truth; reading more never changes anything.
        self.refresh_view(time, self.router.reads(prompt), budget)
            && (self.watched != Some(request) || self.bring_forward(time, budget))
    }

    fn decide_routing(&mut self, time: Micros, request: RequestIndex, prompt: PromptKey) {
        let row = request as usize;
        let watched = self.watched == Some(request);
        let explanation = watched.then(|| self.explain(time, request, prompt));
        let ties_before = self.record.tie_breaks.len();
        let forced = self.forced.filter(|&(other, _)| other == request).map(|(_, instance)| instance);
        let decision = self.router.decide(request, prompt, forced, &self.view, &mut self.record);
        self.record.routing_order.push(request);
        if !decision.regret.is_nan() {
            self.record.regret_sum += decision.regret;
            self.record.regret_max = self.record.regret_max.max(decision.regret);
            self.records.score[row] = decision.score;
            self.records.regret[row] = decision.regret;
        }
        self.records.routed_at[row] = time;
        self.records.instance[row] = decision.instance;
        // Before the request itself counts in the view.
        if let Some(explanation) = explanation {
            self.finish_explanation(explanation, ties_before);
        }
        let queued_at = time + self.latency.queueing_delay(self.requests.input[row]);
        let at = decision.instance.index();
        self.instances[at].inject(request, time, queued_at);
        self.view.sent_to(at, &self.instances[at]);
        self.idle_until[at] = self.idle_until[at].min(queued_at);
    }

    fn prompt_key(&self, request: RequestIndex) -> PromptKey {
        if !self.router.reads_prompt() && self.watched.is_none() {
            return PromptKey::default();
        }
        let prompt = self.params.prompt(&self.requests, request);
        PromptKey {
            group: prompt.group,
            shared_blocks: prompt.shared_blocks,
            full_blocks: prompt.input / self.params.block_size,
        }
    }

    /// Every decision refreshes the view first, even one that reads nothing from it: stale copies are renewed by access,
    /// not by timers (C-5, R-4).
    #[inline]
    fn refresh_view(&mut self, time: Micros, reads: Reads, budget: &mut u64) -> bool {
        if self.view.is_blind() {
            self.view.wind_clocks(time);
            return true;
        }
        self.refresh_from_instances(time, reads, budget)
    }

    #[inline(never)]
    fn refresh_from_instances(&mut self, time: Micros, reads: Reads, budget: &mut u64) -> bool {
        if self.view.needs_instances(time, reads) && !self.bring_forward(time, budget) {
            return false;
        }
        self.view.refresh(time, &self.instances);
        true
    }
}
