//! The event loop: gateway and instances on one clock, advanced in slices (cluster chapter, C-3 and C-4).
//!
//! Instances are independent between gateway events, so each is advanced only when a decision looks at it, and
//! at the end (routing chapter, R-12). In the closed loop completions create arrivals; there the instance with
//! the earliest event always goes first.

use super::admission::Admission;
use super::explain::Explanation;
use super::gateway::{GatewayEvent, GatewayQueues, Stage};
use super::routing::Router;
use super::scorers::Asked;
use super::view::{Reads, View};
use crate::instance::{Instance, InstanceParams, Surroundings};
use crate::latency::LatencyModel;
use crate::outcome::Outcome;
use crate::outcome::records::{GatewayRecord, RequestRecords, RequestState, StepRecord, Verdict};
use crate::units::{InstanceIndex, Micros, RequestIndex};
use crate::workload::{ClosedLoop, Requests};

/// Steps that an instance makes before the watchdog looks at it.
const STEPS_BETWEEN_CHECKS: u64 = 100_000;

/// Self-evictions in a row after which a lone request counts as unable ever to fit.
const HOPELESS_EVICTIONS: u32 = 64;

/// Steps that any run may make, however small.
const BASE_STEPS: u64 = 10_000_000;

/// Further steps per token of the workload. Every step without an eviction serves a token, so a run that needs
/// more than this only evicts and recomputes.
const STEPS_PER_TOKEN: u64 = 4;

/// Simulated time by which the instances go on together once the gateway is done, so that progress can be shown.
const DRAIN_SLICE: Micros = Micros(1_000_000);

/// Everything that goes into an engine, resolved.
#[derive(Debug)]
pub struct Parts<L> {
    /// The latency model.
    pub latency: L,
    /// Settings of the instances.
    pub params: InstanceParams,
    /// Number of instances.
    pub instances: u32,
    /// The workload.
    pub requests: Requests,
    /// Virtual users, if the loop is closed.
    pub closed_loop: Option<ClosedLoop>,
    /// Admission policy.
    pub admission: Admission,
    /// Routing policy.
    pub router: Router,
    /// The gateway's picture of the instances.
    pub view: View,
    /// µs before the admission decision.
    pub admission_latency: Micros,
    /// µs before the routing decision.
    pub routing_latency: Micros,
}

/// A run in progress.
#[derive(Debug)]
pub struct Engine<L> {
    latency: L,
    pub(super) params: InstanceParams,
    pub(super) instances: Vec<Instance>,
    /// Per instance, a time before which it has nothing to do.
    idle_until: Vec<Micros>,
    pub(super) requests: Requests,
    pub(super) records: RequestRecords,
    closed_loop: Option<ClosedLoop>,
    pub(super) queues: GatewayQueues,
    admission: Admission,
    pub(super) router: Router,
    pub(super) view: View,
    pub(super) record: GatewayRecord,
    /// The request whose routing decision is to be explained.
    pub(super) watched: Option<RequestIndex>,
    pub(super) explanation: Option<Explanation>,
    /// A request whose instance is prescribed.
    pub(super) forced: Option<(RequestIndex, InstanceIndex)>,
    clock: Micros,
    drained_until: Micros,
    /// Steps that the run may still make.
    steps_left: u64,
    steps_allowed: u64,
    verdict: Option<Verdict>,
}

impl<L: LatencyModel> Engine<L> {
    /// A run at time 0.
    pub fn new(parts: Parts<L>) -> Self {
        let Parts { params, requests, .. } = parts;
        let instances: Vec<_> = (0..parts.instances).map(|index| Instance::new(index, &params)).collect();
        let tokens: u64 =
            requests.input.iter().zip(&requests.output).map(|(&i, &o)| u64::from(i) + u64::from(o)).sum();
        let steps_allowed = BASE_STEPS + STEPS_PER_TOKEN * tokens;
        let record = GatewayRecord {
            arrivals_by_class: vec![0; requests.classes.len()],
            rejected_by_class: vec![0; requests.classes.len()],
            candidates_per_decision: parts.router.candidates_per_decision(),
            ..GatewayRecord::default()
        };
        Self {
            latency: parts.latency,
            idle_until: vec![Micros::FOREVER; instances.len()],
            instances,
            records: RequestRecords::with_rows(requests.len()),
            closed_loop: parts.closed_loop,
            queues: GatewayQueues::new(&requests, parts.admission_latency, parts.routing_latency),
            requests,
            params,
            admission: parts.admission,
            router: parts.router,
            view: parts.view,
            record,
            watched: None,
            explanation: None,
            forced: None,
            clock: Micros::ZERO,
            drained_until: Micros::ZERO,
            steps_left: steps_allowed,
            steps_allowed,
            verdict: None,
        }
    }

    /// Works on for at most `budget` steps and decisions; returns whether the run is over. Where a run is cut
    /// into slices makes no difference to its outcome.
    pub fn run(&mut self, mut budget: u64) -> bool {
        self.run_until(Micros::FOREVER, &mut budget);
        self.verdict.is_some()
    }

    /// Executes every event up to and including `until`, as far as `budget` allows. Returns whether it got there
    /// or the run is over.
    pub fn run_until(&mut self, until: Micros, budget: &mut u64) -> bool {
        let after = Micros(until.0.saturating_add(1));
        let horizon = self.params.horizon;
        while self.verdict.is_none() {
            let due = self.queues.next(&self.requests).filter(|event| event.time <= horizon.min(until));
            let went_on = if self.closed_loop.is_some() {
                let limit = due.map_or(after, |event| event.time);
                match (self.instance_before(limit).filter(|&(_, time)| time <= horizon), due) {
                    (Some((instance, time)), _) => self.advance_closed(instance, time, budget),
                    (None, Some(event)) => self.handle(event, budget),
                    (None, None) if until < Micros::FOREVER => return true,
                    (None, None) => {
                        self.verdict = Some(Verdict::Finished);
                        true
                    }
                }
            } else {
                match due {
                    Some(event) => self.handle(event, budget),
                    None if until < Micros::FOREVER => return self.advance_all(after, budget),
                    None => self.drain(budget),
                }
            };
            if !went_on {
                return self.verdict.is_some();
            }
        }
        true
    }

    /// Runs the instances up to just before `after`; no gateway event before it is left.
    fn advance_all(&mut self, after: Micros, budget: &mut u64) -> bool {
        for instance in 0..self.instances.len() {
            if self.idle_until[instance] < after && !self.advance(instance, after, budget) {
                return self.verdict.is_some();
            }
        }
        true
    }

    /// Simulated time that has been reached.
    pub fn reached(&self) -> Micros {
        self.clock.max(self.instances.iter().map(Instance::clock).max().unwrap_or(Micros::ZERO))
    }

    /// Requests whose life is over.
    pub fn ended(&self) -> u64 {
        self.record.rejected + self.instances.iter().map(Instance::left).sum::<u64>()
    }

    /// Requests known so far.
    pub fn known(&self) -> u64 {
        self.requests.len() as u64
    }

    /// Ends the run and hands over what happened.
    pub fn finish(self) -> Outcome {
        let horizon = self.params.horizon;
        let mut steps: Vec<StepRecord> = Vec::new();
        let mut instances = Vec::with_capacity(self.instances.len());
        for instance in self.instances {
            let (totals, log) = instance.finish(horizon);
            instances.push(totals);
            steps.extend(log);
        }
        steps.sort_by_key(|step| (step.start, step.instance));
        Outcome {
            requests: self.requests,
            records: self.records,
            instances,
            gateway: self.record,
            steps,
            verdict: self.verdict.unwrap_or_default(),
            scheduler: self.params.scheduler,
            completion_overhead: self.latency.completion_overhead(),
        }
    }

    /// Executes one gateway event. Returns `false`, with nothing changed but instances advanced, if the budget
    /// does not suffice.
    fn handle(&mut self, event: GatewayEvent, budget: &mut u64) -> bool {
        if *budget == 0 {
            return false;
        }
        let GatewayEvent { time, stage, request } = event;
        let row = request as usize;
        let class = self.requests.class[row];
        match stage {
            Stage::Arrival => {
                self.records.state[row] = RequestState::InTransit;
                self.record.arrivals_by_class[usize::from(class)] += 1;
                self.queues.arrived(request);
            }
            Stage::Admission => {
                if !self.look(time, self.admission.reads(class), budget) {
                    return false;
                }
                self.decide_admission(time, request, class);
            }
            Stage::Routing => {
                let asked = self.asked(request);
                if !self.look(time, self.router.reads(asked), budget) {
                    return false;
                }
                // An explanation compares the picture with the truth; reading more never changes anything.
                if self.watched == Some(request) && !self.advance_all(time, budget) {
                    return false;
                }
                self.decide_routing(time, request, asked);
            }
        }
        self.clock = time;
        *budget = budget.saturating_sub(1);
        true
    }

    fn decide_admission(&mut self, time: Micros, request: RequestIndex, class: u16) {
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
        self.queues.decided(decision.is_ok());
    }

    fn decide_routing(&mut self, time: Micros, request: RequestIndex, asked: Asked) {
        let row = request as usize;
        let watched = self.watched == Some(request);
        let explanation = watched.then(|| self.explain(time, request, asked));
        let ties_before = self.record.tie_breaks.len();
        let forced = self.forced.filter(|&(other, _)| other == request).map(|(_, instance)| instance);
        let decision = self.router.decide(request, asked, forced, &self.view, &mut self.record);
        self.record.routing_order.push(request);
        if !decision.regret.is_nan() {
            self.record.regret_sum += decision.regret;
            self.record.regret_max = self.record.regret_max.max(decision.regret);
        }
        self.records.routed_at[row] = time;
        self.records.instance[row] = decision.instance;
        self.records.score[row] = decision.score;
        self.records.regret[row] = decision.regret;
        let queued_at = time + self.latency.queueing_delay(self.requests.input[row]);
        let at = decision.instance as usize;
        self.instances[at].inject(request, time, queued_at);
        self.idle_until[at] = self.idle_until[at].min(queued_at);
        self.queues.routed();
        if let Some(explanation) = explanation {
            self.finish_explanation(explanation, ties_before);
        }
    }

    fn asked(&self, request: RequestIndex) -> Asked {
        let prompt = self.params.prompt(&self.requests, request);
        Asked {
            group: prompt.group,
            shared_blocks: prompt.shared_blocks,
            full_blocks: prompt.input / self.params.block_size,
        }
    }

    /// Every decision looks, whatever it reads: a look is what refreshes the picture (C-5, R-4).
    fn look(&mut self, time: Micros, reads: Reads, budget: &mut u64) -> bool {
        if self.view.needs_instances(time, reads) {
            for instance in 0..self.instances.len() {
                if self.idle_until[instance] < time && !self.advance(instance, time, budget) {
                    return false;
                }
            }
        }
        self.view.look(time, reads, &self.instances);
        true
    }

    /// Runs the instances to their ends after the last gateway event, some simulated time at a time.
    fn drain(&mut self, budget: &mut u64) -> bool {
        let next = self.idle_until.iter().copied().min().unwrap_or(Micros::FOREVER);
        if next == Micros::FOREVER || next > self.params.horizon {
            self.verdict = Some(Verdict::Finished);
            return true;
        }
        let from = self.drained_until.max(next);
        let until = Micros(from.0.saturating_add(DRAIN_SLICE.0));
        for instance in 0..self.instances.len() {
            if self.idle_until[instance] < until && !self.advance(instance, until, budget) {
                return false;
            }
        }
        self.drained_until = until;
        true
    }

    /// Advances an instance to `until`, under the watchdog's eyes.
    fn advance(&mut self, instance: usize, until: Micros, budget: &mut u64) -> bool {
        loop {
            let allowed = (*budget).min(self.steps_left).min(STEPS_BETWEEN_CHECKS);
            let mut left = allowed;
            let mut around = Surroundings {
                params: &self.params,
                latency: &self.latency,
                requests: &self.requests,
                records: &mut self.records,
            };
            let reached = self.instances[instance].advance(until, &mut around, &mut left);
            let used = allowed - left;
            *budget -= used;
            self.steps_left -= used;
            self.idle_until[instance] = self.instances[instance].next_event();
            if reached {
                return true;
            }
            self.verdict = self.watchdog(instance);
            if self.verdict.is_some() || *budget == 0 {
                return false;
            }
        }
    }

    /// A verdict about a run that cannot finish.
    fn watchdog(&self, instance: usize) -> Option<Verdict> {
        let at = self.instances[instance].clock();
        if self.steps_left == 0 {
            return Some(Verdict::StepLimit { steps: self.steps_allowed, at });
        }
        let stuck = self.instances[instance].stuck().filter(|stuck| stuck.times >= HOPELESS_EVICTIONS)?;
        let endless = self.params.horizon == Micros::FOREVER
            && self.requests.deadline[stuck.request as usize] <= Micros::ZERO
            && self.queues.next(&self.requests).is_none()
            && (0..self.instances.len()).all(|other| {
                other == instance || self.closed_loop.is_none() || self.idle_until[other] == Micros::FOREVER
            });
        endless.then_some(Verdict::Livelock { instance: instance as u32, request: stuck.request, at })
    }

    /// The instance with the earliest event before `time`; the lowest index among equals.
    fn instance_before(&self, time: Micros) -> Option<(usize, Micros)> {
        let earliest =
            self.idle_until.iter().copied().enumerate().min_by_key(|&(index, next)| (next, index))?;
        (earliest.1 < time).then_some(earliest)
    }

    /// Closed loop: executes the events of one instance at one time; completions call their users.
    fn advance_closed(&mut self, instance: usize, time: Micros, budget: &mut u64) -> bool {
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
        if let Some(stuck) = self.watchdog(instance) {
            self.verdict = Some(stuck);
        }
        true
    }
}
