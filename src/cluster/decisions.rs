//! What the gateway does with a request: arrival, admission, routing (cluster chapter, C-2).

use super::engine::Engine;
use super::gateway::{GatewayEvent, Stage};
use super::instance_set::InstanceSet;
use super::legs::leg_of;
use super::routable::Routable;
use super::routing::ChoiceLog;
use super::run::Advance;
use super::scorers::PromptKey;
use super::view::Reads;
use crate::latency::LatencyModel;
use crate::record::{ChoiceName, EndReason, RejectionReason, RequestState};
use crate::units::{Micros, RequestIndex};

impl<L: LatencyModel> Engine<L> {
    /// Executes one gateway event. If it cannot be reached, nothing is changed but that instances are advanced.
    pub(super) fn handle(&mut self, event: GatewayEvent, budget: &mut u64) -> Advance {
        if *budget == 0 {
            return Advance::OutOfBudget;
        }
        let GatewayEvent { time, stage, request } = event;
        let row = request.index();
        let class = self.requests.class[row];
        match stage {
            Stage::Arrival => {
                self.queues.take_arrival();
                self.queues.await_admission(request);
                self.arrive(request, class);
            }
            Stage::Admission => {
                let advance = self.refresh_before_admission(time, request, class, budget);
                if advance != Advance::Reached {
                    return advance;
                }
                let admitted = self.decide_admission(time, request, class);
                self.queues.decided(admitted);
            }
            Stage::Routing => {
                let prompt = self.prompt_key(request);
                let advance = self.refresh_before_routing(time, request, prompt, budget);
                if advance != Advance::Reached {
                    return advance;
                }
                self.decide_routing(time, request, prompt);
                self.queues.routed();
            }
        }
        self.clock = time;
        *budget = budget.saturating_sub(1);
        Advance::Reached
    }

    pub(super) fn arrive(&mut self, request: RequestIndex, class: u16) {
        self.records.state[request] = RequestState::InTransit;
        self.record.arrivals_by_class[usize::from(class)] += 1;
    }

    /// Returns whether the request is let in.
    pub(super) fn decide_admission(&mut self, time: Micros, request: RequestIndex, class: u16) -> bool {
        let row = request.index();
        let decision = if self.is_over_budget(request, class) {
            Err(RejectionReason::TenantBudget)
        } else {
            let nothing = InstanceSet::default();
            let routable = if self.is_foreign(request) {
                Routable::Only(&nothing)
            } else {
                Routable::from(self.routable.as_ref())
            };
            let seen = self.subset.seen(&self.view, routable);
            self.admission.decide(time, self.requests.input[row], class, seen.columns)
        };
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

    /// Whether a request names a model that no instance serves: decisions about it see no instance (C-12).
    #[inline]
    pub(super) fn is_foreign(&self, request: RequestIndex) -> bool {
        self.requests.models.as_ref().is_some_and(|models| self.foreign[models.place(request)])
    }

    pub(super) fn refresh_before_admission(
        &mut self,
        time: Micros,
        request: RequestIndex,
        class: u16,
        budget: &mut u64,
    ) -> Advance {
        let advance = self.settle_budgets(time, request, class, budget);
        if advance != Advance::Reached {
            return advance;
        }
        if self.is_foreign(request) {
            return self.refresh_unseen(time, budget);
        }
        self.refresh_view(time, self.admission.reads(class), budget)
    }

    pub(super) fn refresh_before_routing(
        &mut self,
        time: Micros,
        request: RequestIndex,
        prompt: PromptKey,
        budget: &mut u64,
    ) -> Advance {
        if self.is_foreign(request) {
            return self.refresh_unseen(time, budget);
        }
        let advance = self.refresh_view(time, self.reads_for_routing(prompt), budget);
        if advance == Advance::Reached && self.watch.request == Some(request) {
            // An explanation compares the view with the truth; reading more never changes anything.
            return self.bring_forward(time, budget);
        }
        advance
    }

    pub(super) fn decide_routing(&mut self, time: Micros, request: RequestIndex, prompt: PromptKey) {
        let row = request.index();
        if self.is_foreign(request) {
            self.records.state[row] = RequestState::Rejected;
            self.records.end_reason[row] = EndReason::OtherModel;
            self.record.routing_rejections += 1;
            return;
        }
        let watched = self.watch.request == Some(request);
        let explanation = watched.then(|| self.explain(time, request, prompt));
        let ties_before = self.record.tie_breaks.len();
        let forced = self.watch.forced.filter(|&(other, _)| other == request).map(|(_, instance)| instance);
        let log = ChoiceLog {
            choice: ChoiceName::Main,
            ties: &mut self.record.tie_breaks,
            candidates: &mut self.record.candidates,
            kept: self.record.candidates_per_decision,
        };
        let (router, routable) = match &mut self.pools {
            None => (&mut self.router, Routable::from(self.routable.as_ref())),
            Some(pools) => (
                pools.params.decode_router.as_mut().unwrap_or(&mut self.router),
                Routable::Only(&pools.decode),
            ),
        };
        let decision = router.decide(request, prompt, forced, (&self.view, routable), log);
        self.record.routing_order.push(request);
        self.count_routed(request);
        if !decision.regret.is_nan() {
            if self.pools.is_none() {
                self.record.add_regret(decision.regret);
            }
            self.records.score[row] = decision.score;
            self.records.regret[row] = decision.regret;
        }
        self.records.routed_at[row] = time;
        self.records.instance[row] = decision.instance;
        // Before the request itself counts in the view.
        if let Some(explanation) = explanation {
            self.finish_explanation(explanation, ties_before);
        }
        if self.pools.is_some() {
            return self.send_on(time, request);
        }
        let at = decision.instance.index();
        let latency = &self.fleet.setup(at).latency;
        let queued_at = time + latency.queueing_delay(self.requests.input[row]);
        self.fleet.instances[at].inject(leg_of(request), time, queued_at);
        self.view.sent_to(at, &self.fleet.instances[at]);
        self.fleet.idle_until[at] = self.fleet.idle_until[at].min(queued_at);
    }

    /// What the main choice reads of the view, with pools together with the decider.
    #[inline]
    fn reads_for_routing(&self, prompt: PromptKey) -> Reads {
        match &self.pools {
            None => self.router.reads(prompt),
            Some(pools) => pools.reads(&self.router, prompt),
        }
    }

    pub(super) fn prompt_key(&self, request: RequestIndex) -> PromptKey {
        if !self.router.reads_prompt() && self.watch.request.is_none() && self.pools.is_none() {
            return PromptKey::default();
        }
        // Block size and prefixes are those of the run.
        let params = &self.fleet.setups[0].params;
        let (path, shared_blocks) = params.sharing(&self.requests, request.index());
        let own = self.pools.is_some().then_some(request);
        let full_blocks = self.requests.input[request] / params.block_size;
        PromptKey { path, shared_blocks, full_blocks, own }
    }

    /// Every decision refreshes the view first, even one that reads nothing from it: stale copies are renewed by access,
    /// not by timers (C-5, R-4).
    #[inline]
    pub(super) fn refresh_view(&mut self, time: Micros, reads: Reads, budget: &mut u64) -> Advance {
        if self.view.is_blind() {
            self.view.wind_clocks(time);
            return Advance::Reached;
        }
        self.refresh_from_instances(time, reads, budget)
    }

    /// A decision that sees no instance renews no copy of their state, but those of their caches, which are all renewed
    /// together.
    #[inline(never)]
    fn refresh_unseen(&mut self, time: Micros, budget: &mut u64) -> Advance {
        if self.view.caches_are_due(time) {
            let advance = self.bring_forward(time, budget);
            if advance != Advance::Reached {
                return advance;
            }
        }
        self.view.refresh_caches(time, &mut self.fleet.instances);
        Advance::Reached
    }

    #[inline(never)]
    fn refresh_from_instances(&mut self, time: Micros, reads: Reads, budget: &mut u64) -> Advance {
        if self.view.needs_instances(time, reads) {
            let advance = self.bring_forward(time, budget);
            if advance != Advance::Reached {
                return advance;
            }
        }
        self.view.refresh(time, &mut self.fleet.instances);
        Advance::Reached
    }
}
