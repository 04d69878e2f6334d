//! A run: gateway and instances on one clock, advanced in slices (cluster chapter, C-3 and C-4), by one of two loops.

use super::admission::Admission;
use super::agenda::{Agenda, General};
use super::bounds::{FOLLOW_SLICE, StepAllowance, all_fit};
use super::emitters::Emitters;
use super::explanation::Watch;
use super::fleet::Fleet;
use super::gateway::GatewayQueues;
use super::instance_set::InstanceSet;
use super::legs;
use super::pools::{PoolParams, Pools};
use super::routable::Subset;
use super::routing::Router;
use super::run::{Advance, Run};
use super::service::service;
use super::setup::Pool;
use super::tenant_budgets::TenantBudgets;
use super::view::View;
use crate::config::{Kill, StreamsName};
use crate::instance::{Instance, InstanceParams, Reports};
use crate::latency::LatencyModel;
use crate::order;
use crate::record::{
    Ending, GatewayRecord, LimitRecord, Outcome, Rented, RequestRecords, RequestState, SessionEnd,
    StepRecord, StopRecord,
};
use crate::units::{Micros, RequestIndex};
use crate::workload::{ClosedLoop, Pattern, Requests, Session, SessionState};
use std::ops::Range;

/// The loop that a run goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drive {
    /// Three cursors at the gateway, and instances that lag behind it.
    Plain,
    /// The same with an agenda of other events of the cluster, which instances may add to.
    General,
    /// The same with transfers between pools.
    Pooled,
}

/// Everything that goes into an engine, resolved.
#[derive(Debug)]
pub struct Parts<L> {
    /// The instances; at least one pool.
    pub pools: Vec<Pool<L>>,
    /// Last time at which events are executed.
    pub horizon: Micros,
    /// The instances that the gateway sees and routing may choose; `None` = all.
    pub routable: Option<InstanceSet>,
    /// The workload.
    pub requests: Requests,
    /// The model that the instances serve: requests that name another one are not routed.
    pub model: String,
    /// Number of its last rows that are requests of bursts.
    pub burst: usize,
    /// Instances that stop.
    pub kills: Vec<Kill>,
    /// A row per request, to which nothing has happened yet.
    pub records: RequestRecords,
    /// What makes the requests arrive when they do.
    pub pattern: Pattern,
    /// Arrivals per second as set; `None` where the settings give no rate.
    pub offered_rate: Option<f64>,
    /// The GPUs and their price, which the run only carries.
    pub rented: Rented,
    /// By which rules the random numbers are drawn.
    pub streams: StreamsName,
    /// Virtual users, if the loop is closed.
    pub closed_loop: Option<ClosedLoop>,
    /// The loop; with virtual users, bursts or instances that stop it is the general one whatever stands here.
    pub drive: Drive,
    /// Admission policy.
    pub admission: Admission,
    /// The pools, if prompts and answers are computed apart.
    pub pool_params: Option<PoolParams>,
    /// What tenants may use, if that is limited.
    pub budgets: Option<TenantBudgets>,
    /// Routing policy, of no instance yet.
    pub router: Router,
    /// The gateway's view, of no instance yet.
    pub view: View,
    /// µs before the admission decision.
    pub admission_latency: Micros,
    /// µs before the routing decision.
    pub routing_latency: Micros,
}

/// A run in progress.
#[derive(Debug)]
pub struct Engine<L> {
    pub(super) horizon: Micros,
    pub(super) reports: Reports,
    pub(super) fleet: Fleet<L>,
    pub(super) pools: Option<Box<Pools>>,
    /// The instances that the gateway sees and routing may choose; `None` = all.
    pub(super) routable: Option<InstanceSet>,
    /// Room for what admission sees of them.
    pub(super) subset: Subset,
    pub(super) requests: Requests,
    /// Of each model that requests name, whether no instance serves it.
    pub(super) foreign: Vec<bool>,
    pub(super) records: RequestRecords,
    pub(super) pattern: Pattern,
    pub(super) offered_rate: Option<f64>,
    rented: Rented,
    pub(super) streams: StreamsName,
    /// The rows of requests of bursts.
    pub(super) burst: Range<usize>,
    pub(super) queues: GatewayQueues,
    pub(super) drive: Drive,
    pub(super) general: General,
    pub(super) admission: Admission,
    pub(super) budgets: Option<TenantBudgets>,
    pub(super) router: Router,
    pub(super) view: View,
    pub(super) record: GatewayRecord,
    pub(super) stops: Vec<StopRecord>,
    pub(super) watch: Watch,
    pub(super) clock: Micros,
    /// When the instances are to follow the gateway although no decision reads them.
    pub(super) follow_at: Micros,
    /// End of the slice of simulated time that the instances are going through after the last gateway event.
    pub(super) wind_down_until: Micros,
    pub(super) steps: StepAllowance,
    pub(super) ending: Option<Ending>,
}

impl<L: LatencyModel> Engine<L> {
    /// A run at time 0.
    pub fn new(parts: Parts<L>) -> Self {
        let Parts { pools, requests, mut router, mut view, .. } = parts;
        for pool in &pools {
            view.add_instances(pool.instances as usize, pool.setup.params.total_blocks);
        }
        let mut fleet = Fleet::new(pools);
        let instances = fleet.instances.len();
        router.add_instances(instances);
        let (mut tokens, mut longest) = (0, 0);
        for (&input, &output) in requests.input.iter().zip(&requests.output) {
            let both = u64::from(input) + u64::from(output);
            tokens += both;
            longest = longest.max(both);
        }
        let reports =
            Reports { completions: parts.closed_loop.is_some(), parts: parts.pool_params.is_some() };
        // Only the general loop reads the agenda, to which completions add.
        let is_plain = reports == Reports::default() && parts.burst == 0 && parts.kills.is_empty();
        let drive = match (reports.parts, is_plain) {
            (true, _) => Drive::Pooled,
            (false, true) => parts.drive,
            (false, false) => Drive::General,
        };
        let mut pool_params = parts.pool_params;
        if let Some(pools) = &mut pool_params {
            pools.add_instances(instances);
        }
        let pools = pool_params.map(|params| Box::new(Pools::new(params, requests.len())));
        let emitters = (reports != Reports::default()).then(|| Emitters::new(instances));
        let names = requests.models.iter().flat_map(|models| &models.names);
        let foreign = names.map(|name| !name.is_empty() && *name != parts.model).collect();
        let listed = requests.len() - parts.burst;
        let agenda = Agenda::new(&requests, listed..listed + parts.burst, &parts.kills);
        // Requests that come later may be longer than all that are known.
        let all_known = parts.closed_loop.is_none();
        let follow_at = if all_known && pools.is_none() && fleet.all(|params| all_fit(params, longest)) {
            fleet.instances.iter_mut().for_each(Instance::forget_timers);
            FOLLOW_SLICE
        } else {
            Micros::FOREVER
        };
        if all_known && fleet.all(|params| serves_all(params, &requests)) {
            fleet.instances.iter_mut().for_each(Instance::take_all);
        }
        let record = GatewayRecord {
            arrivals_by_class: vec![0; requests.classes.len()],
            rejected_by_class: vec![0; requests.classes.len()],
            candidates_per_decision: router.candidates_per_decision(),
            routing_order: Vec::with_capacity(requests.len()),
            ..GatewayRecord::default()
        };
        let mut engine = Self {
            horizon: parts.horizon,
            reports,
            pools,
            fleet,
            routable: parts.routable,
            subset: Subset::default(),
            records: parts.records,
            pattern: parts.pattern,
            offered_rate: parts.offered_rate,
            rented: parts.rented,
            streams: parts.streams,
            burst: listed..listed + parts.burst,
            drive,
            general: General::new(agenda, emitters, parts.closed_loop),
            queues: GatewayQueues::new(&requests, listed, parts.admission_latency, parts.routing_latency),
            requests,
            foreign,
            follow_at,
            admission: parts.admission,
            budgets: parts.budgets,
            router,
            view,
            record,
            stops: Vec::new(),
            watch: Watch::default(),
            clock: Micros::ZERO,
            wind_down_until: Micros::ZERO,
            steps: StepAllowance::new(tokens),
            ending: None,
        };
        engine.note_ends();
        engine
    }

    /// Why requests waited so far, if that is noted.
    fn limits(&self) -> Option<LimitRecord> {
        if !self.fleet.instances.iter().all(Instance::tracks_limits) {
            return None;
        }
        let horizon = self.horizon;
        let last_event = self.fleet.instances.iter().map(Instance::clock).max().unwrap_or(Micros::ZERO);
        let to = self.last_completion().unwrap_or(last_event.min(horizon));
        let arrived = self.requests.arrival.iter().copied().filter(|&arrival| arrival <= horizon);
        let from = arrived.min().unwrap_or(to).min(to);
        let instances = self.fleet.instances.iter().map(|instance| instance.limit_times(to)).collect();
        Some(LimitRecord { from, to, instances })
    }

    /// End of the last completed request.
    fn last_completion(&self) -> Option<Micros> {
        let (_, records) = self.legs();
        let completed = |&(state, _): &(&RequestState, _)| {
            matches!(state, RequestState::Completed | RequestState::LengthCapped)
        };
        let ends = records.state.iter().zip(&records.ended_at).filter(completed);
        ends.map(|(_, &end)| end).max()
    }
}

impl<L: LatencyModel> Run for Engine<L> {
    fn run_until(&mut self, until: Micros, budget: &mut u64) -> Advance {
        match self.drive {
            Drive::Plain => self.run_plain(until, budget),
            Drive::General => self.run_general(until, budget),
            Drive::Pooled => self.run_pooled(until, budget),
        }
    }

    fn finish(mut self: Box<Self>) -> Outcome {
        let horizon = self.horizon;
        let limits = self.limits();
        let timed_out = self.fleet.instances.iter().any(Instance::has_timed_out);
        let delay = timed_out.then(|| self.queues.delay());
        let mut stops = self.stops;
        for stop in &mut stops {
            stop.answered = self.fleet.instances[stop.instance].completed() - stop.answered;
        }
        let mut steps: Vec<StepRecord> = Vec::new();
        let mut unfinished = Vec::new();
        let mut first_gaps = Vec::new();
        let legs = self.pools.as_ref().map(|pools| &pools.legs);
        let request_of = |leg| legs.map_or_else(|| legs::request_of(leg), |legs| legs.request[leg]);
        let mut instances = Vec::with_capacity(self.fleet.instances.len());
        for instance in self.fleet.instances {
            let finished = instance.finish(horizon);
            instances.push(finished.totals);
            steps.extend(finished.steps.into_iter().map(|step| step.map(request_of)));
            first_gaps.extend(finished.first_gaps);
            unfinished.extend(finished.unfinished.into_iter().map(|(leg, gaps)| (request_of(leg), gaps)));
        }
        order::sort_by_key(&mut steps, |step| (step.start, step.instance));
        let pools = self.pools.take();
        let pools = pools.map(|pools| Box::new(pools.report(&self.requests, &mut self.records, &first_gaps)));
        // Judged by the first pool, which computes prompts if there are several.
        let setup = &self.fleet.setups[0];
        let service = service(&setup.latency, &setup.params, &self.requests, &self.records, delay);
        let closed_loop = self.general.sessions.as_ref().map(|sessions| &sessions.closed_loop);
        let sessions =
            closed_loop.map_or_else(Vec::new, |own| session_ends(own, &self.requests, &self.records));
        Outcome {
            sessions,
            requests: self.requests,
            records: self.records,
            instances,
            gateway: self.record,
            stops,
            burst: self.burst,
            steps,
            unfinished,
            pools,
            limits,
            ending: self.ending.unwrap_or_default(),
            users_cut_short: closed_loop.is_some_and(|own| own.limit_reached),
            scheduler: setup.params.scheduler,
            routing: self.router.policy(),
            completion_overhead: setup.latency.completion_overhead(),
            pattern: self.pattern,
            offered_rate: self.offered_rate,
            rented: self.rented,
            streams: self.streams,
            service,
        }
    }
}

/// How each conversation ended, and how many of its rounds arrived; nothing for virtual users.
fn session_ends(closed_loop: &ClosedLoop, requests: &Requests, records: &RequestRecords) -> Vec<SessionEnd> {
    if requests.sessions.is_none() {
        return Vec::new();
    }
    let end = |session: &Session| SessionEnd { state: session.state, rounds: 0 };
    let mut ends: Vec<SessionEnd> = closed_loop.sessions.iter().map(end).collect();
    for row in RequestIndex::first(requests.len()) {
        let Some(end) = ends.get_mut(requests.session[row] as usize) else { continue };
        end.rounds = end.rounds.max(requests.round[row] + 1);
        if matches!(records.state[row], RequestState::TimedOut | RequestState::Dropped) {
            end.state = SessionState::Cancelled;
        }
    }
    ends
}

/// Whether every request can be served: checked on the longest prompt and the extreme budgets only.
fn serves_all(params: &InstanceParams, requests: &Requests) -> bool {
    let longest = requests.input.iter().copied().max().unwrap_or(0);
    let min = requests.budget.iter().copied().min().unwrap_or(0);
    let max = requests.budget.iter().copied().max().unwrap_or(0);
    [min, max].into_iter().all(|budget| params.unservable(longest, budget).is_none())
}
