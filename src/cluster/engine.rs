//! The event loop: gateway and instances on one clock, advanced in slices (cluster chapter, C-3 and C-4).
//!
//! Instances are independent between gateway events, so each is advanced only when a decision reads it, now and
//! then, and at the end (routing chapter, R-12). In the closed loop completions create arrivals; there the instance with
//! the earliest event always goes first.

use super::admission::Admission;
use super::advance::FOLLOW_SLICE;
use super::explain::Explanation;
use super::gateway::GatewayQueues;
use super::instance_set::InstanceSet;
use super::routing::Router;
use super::service::service;
use super::view::View;
use super::watchdog::all_fit;
use crate::instance::{Instance, InstanceParams, Wait};
use crate::latency::LatencyModel;
use crate::order;
use crate::record::{Ending, GatewayRecord, LimitRecord, Outcome, RequestRecords, RequestState, StepRecord};
use crate::units::{InstanceIndex, Micros, RequestIndex};
use crate::workload::{ClosedLoop, Pattern, Requests};

/// Steps that any run may make, however small.
const BASE_STEPS: u64 = 10_000_000;

/// Further steps per token of the workload. Every step without an eviction serves a token, so a run that needs
/// more than this only evicts and recomputes.
pub(super) const STEPS_PER_TOKEN: u64 = 4;

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
    /// What makes the requests arrive when they do.
    pub pattern: Pattern,
    /// Arrivals per second as set; `None` where the settings give no rate.
    pub offered_rate: Option<f64>,
    /// Virtual users, if the loop is closed.
    pub closed_loop: Option<ClosedLoop>,
    /// Admission policy.
    pub admission: Admission,
    /// Routing policy.
    pub router: Router,
    /// The gateway's view of the instances.
    pub view: View,
    /// µs before the admission decision.
    pub admission_latency: Micros,
    /// µs before the routing decision.
    pub routing_latency: Micros,
}

/// A run in progress.
#[derive(Debug)]
pub struct Engine<L> {
    pub(super) latency: L,
    pub(super) params: InstanceParams,
    pub(super) instances: Vec<Instance>,
    /// Per instance, a time before which it has nothing to do.
    pub(super) idle_until: Vec<Micros>,
    /// Instances that are being advanced.
    pub(super) due: InstanceSet,
    pub(super) requests: Requests,
    pub(super) records: RequestRecords,
    pub(super) pattern: Pattern,
    pub(super) offered_rate: Option<f64>,
    pub(super) closed_loop: Option<ClosedLoop>,
    pub(super) queues: GatewayQueues,
    pub(super) admission: Admission,
    pub(super) router: Router,
    pub(super) view: View,
    pub(super) record: GatewayRecord,
    /// The request whose routing decision is to be explained.
    pub(super) watched: Option<RequestIndex>,
    pub(super) explanation: Option<Explanation>,
    /// A request whose instance is prescribed.
    pub(super) forced: Option<(RequestIndex, InstanceIndex)>,
    pub(super) clock: Micros,
    /// When the instances are to follow the gateway although no decision reads them.
    pub(super) follow_at: Micros,
    /// End of the slice of simulated time that the instances are going through after the last gateway event.
    pub(super) drain_until: Micros,
    /// Instances that are left where they are: their only request can never fit.
    pub(super) parked: Vec<bool>,
    /// Steps that the run may still make.
    pub(super) steps_left: u64,
    pub(super) steps_allowed: u64,
    pub(super) ending: Option<Ending>,
}

impl<L: LatencyModel> Engine<L> {
    /// A run at time 0.
    pub fn new(parts: Parts<L>) -> Self {
        let Parts { params, requests, .. } = parts;
        let mut instances: Vec<_> = InstanceIndex::first(parts.instances as usize)
            .map(|index| Instance::new(index, &params))
            .collect();
        let (mut tokens, mut longest) = (0, 0);
        for (&input, &output) in requests.input.iter().zip(&requests.output) {
            let both = u64::from(input) + u64::from(output);
            tokens += both;
            longest = longest.max(both);
        }
        let follow_at = if parts.closed_loop.is_none() && all_fit(&params, longest) {
            instances.iter_mut().for_each(Instance::forget_timers);
            FOLLOW_SLICE
        } else {
            Micros::FOREVER
        };
        if parts.closed_loop.is_none() && serves_all(&params, &requests) {
            instances.iter_mut().for_each(Instance::take_all);
        }
        let steps_allowed = BASE_STEPS + STEPS_PER_TOKEN * tokens;
        let record = GatewayRecord {
            arrivals_by_class: vec![0; requests.classes.len()],
            rejected_by_class: vec![0; requests.classes.len()],
            candidates_per_decision: parts.router.candidates_per_decision(),
            routing_order: Vec::with_capacity(requests.len()),
            ..GatewayRecord::default()
        };
        Self {
            latency: parts.latency,
            idle_until: vec![Micros::FOREVER; instances.len()],
            due: InstanceSet::none(instances.len()),
            parked: vec![false; instances.len()],
            instances,
            records: RequestRecords::with_rows(requests.len()),
            pattern: parts.pattern,
            offered_rate: parts.offered_rate,
            closed_loop: parts.closed_loop,
            queues: GatewayQueues::new(&requests, parts.admission_latency, parts.routing_latency),
            requests,
            follow_at,
            params,
            admission: parts.admission,
            router: parts.router,
            view: parts.view,
            record,
            watched: None,
            explanation: None,
            forced: None,
            clock: Micros::ZERO,
            drain_until: Micros::ZERO,
            steps_left: steps_allowed,
            steps_allowed,
            ending: None,
        }
    }

    /// Notes why requests wait. Changes nothing once the run has begun: what is not noted from the start is not noted.
    pub fn track_limits(&mut self) {
        if self.clock == Micros::ZERO && self.steps_left == self.steps_allowed && self.ending.is_none() {
            self.instances.iter_mut().for_each(Instance::track_limits);
        }
    }

    /// Follows the first wait of a request; only with limits.
    pub fn watch_wait(&mut self, request: RequestIndex) {
        self.instances.iter_mut().for_each(|instance| instance.watch(request));
    }

    /// The wait of the followed request, if it has joined a queue.
    pub fn wait(&self) -> Option<Wait> {
        self.instances.iter().find_map(Instance::wait)
    }

    /// Works on for at most `budget` steps and decisions; returns whether the run is over. Where a run is cut
    /// into slices makes no difference to its outcome.
    pub fn run(&mut self, mut budget: u64) -> bool {
        self.run_until(Micros::FOREVER, &mut budget);
        self.ending.is_some()
    }

    /// Executes every event up to and including `until`, or until `budget` is used up. Returns whether it got there
    /// or the run is over.
    pub fn run_until(&mut self, until: Micros, budget: &mut u64) -> bool {
        let after = Micros(until.0.saturating_add(1));
        let horizon = self.params.horizon;
        while self.ending.is_none() {
            let due = self.queues.next(&self.requests).filter(|event| event.time <= horizon.min(until));
            let went_on = if self.closed_loop.is_some() {
                let limit = due.map_or(after, |event| event.time);
                match (self.instance_before(limit).filter(|&(_, time)| time <= horizon), due) {
                    (Some((instance, time)), _) => self.advance_closed(instance, time, budget),
                    (None, Some(event)) => self.handle(event, budget),
                    (None, None) if until < Micros::FOREVER => return true,
                    (None, None) => {
                        self.ending = Some(Ending::Finished);
                        true
                    }
                }
            } else {
                match due {
                    Some(event) if event.time >= self.follow_at => self.follow(event.time, budget),
                    Some(event) => self.handle_with_decisions(event, budget),
                    None if until < Micros::FOREVER => {
                        return self.bring_forward(after, budget) || self.ending.is_some();
                    }
                    None => self.drain(budget),
                }
            };
            if !went_on {
                return self.ending.is_some();
            }
        }
        true
    }

    /// Simulated time that has been reached.
    pub fn reached(&self) -> Micros {
        self.clock.max(self.instances.iter().map(Instance::clock).max().unwrap_or(Micros::ZERO))
    }

    /// Requests that have ended.
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
        let limits = self.limits();
        let timed_out = self.instances.iter().any(Instance::has_timed_out);
        let delay = timed_out.then(|| self.queues.delay());
        let service = service(&self.latency, &self.params, &self.requests, &self.records, delay);
        let mut steps: Vec<StepRecord> = Vec::new();
        let mut instances = Vec::with_capacity(self.instances.len());
        for instance in self.instances {
            let (totals, log) = instance.finish(horizon);
            instances.push(totals);
            steps.extend(log);
        }
        order::sort_by_key(&mut steps, |step| (step.start, step.instance));
        Outcome {
            requests: self.requests,
            records: self.records,
            instances,
            gateway: self.record,
            steps,
            limits,
            ending: self.ending.unwrap_or_default(),
            users_cut_short: self.closed_loop.is_some_and(|closed_loop| closed_loop.limit_reached),
            scheduler: self.params.scheduler,
            completion_overhead: self.latency.completion_overhead(),
            pattern: self.pattern,
            offered_rate: self.offered_rate,
            service,
        }
    }

    /// Why requests waited so far, if that is noted.
    fn limits(&self) -> Option<LimitRecord> {
        if !self.instances.iter().all(Instance::tracks_limits) {
            return None;
        }
        let horizon = self.params.horizon;
        let last_event = self.instances.iter().map(Instance::clock).max().unwrap_or(Micros::ZERO);
        let to = self.last_completion().unwrap_or(last_event.min(horizon));
        let arrived = self.requests.arrival.iter().copied().filter(|&arrival| arrival <= horizon);
        let from = arrived.min().unwrap_or(to).min(to);
        let instances = self.instances.iter().map(|instance| instance.limit_times(to)).collect();
        Some(LimitRecord { from, to, instances })
    }

    /// End of the last completed request.
    fn last_completion(&self) -> Option<Micros> {
        let completed = |&(state, _): &(&RequestState, _)| {
            matches!(state, RequestState::Completed | RequestState::LengthCapped)
        };
        let ends = self.records.state.iter().zip(&self.records.ended_at).filter(completed);
        ends.map(|(_, &end)| end).max()
    }
}

/// Whether every request can be served: checked on the longest prompt and the extreme budgets only.
fn serves_all(params: &InstanceParams, requests: &Requests) -> bool {
    let longest = requests.input.iter().copied().max().unwrap_or(0);
    let min = requests.budget.iter().copied().min().unwrap_or(0);
    let max = requests.budget.iter().copied().max().unwrap_or(0);
    [min, max].into_iter().all(|budget| params.unservable(longest, budget).is_none())
}
