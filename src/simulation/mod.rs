//! From a configuration to an outcome: the library's public face.

mod instance_params;
mod pools;
mod preparation;
mod staged;

pub use preparation::Preparation;
pub use staged::{Phase, StagedRun};

use crate::cluster::{
    Admission, Advance, ClusterState, Drive, Engine, Explanation, InstanceColumns, InstanceSet, Parts, Pool,
    Router, Run, Setup, TenantBudgets, TieSource, View,
};
use crate::config::Config;
use crate::error::ConfigError;
use crate::instance::Wait;
use crate::latency::{AnyModel, CustomCatalog, LatencyChoice, LatencyModel, ServingSetup, TrainedPhysics};
use crate::outcome::Outcome;
use crate::record::{Rented, RequestRecords, TieBreak};
use crate::units::{InstanceIndex, Micros, RequestIndex};
use crate::workload::Workload;
use instance_params::{instance_params, prompt_runs};
use pools::{PoolPlan, PoolTies, pool_params};
use serde::Serialize;
use std::sync::Arc;

/// Runs a configuration to its end.
///
/// # Errors
/// The first setting that cannot be used.
///
/// # Examples
/// ```
/// use blis_playground::{Config, simulate};
///
/// let mut config = Config::default();
/// config.cluster.num_instances = 4;
/// config.workload.rate = 100.0;
/// config.workload.num_requests = 500;
/// let outcome = simulate(&config)?;
/// assert_eq!(outcome.requests.len(), 500);
/// # Ok::<(), blis_playground::ConfigError>(())
/// ```
pub fn simulate(config: &Config) -> Result<Outcome, ConfigError> {
    let mut simulation = Simulation::new(config)?;
    simulation.run_to_end();
    Ok(simulation.finish())
}

/// Work budget between two checks for whether the watched decision has been made or the watched wait is over.
const EXPLAIN_SLICE: u64 = 10_000;

/// How far a run has got.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Progress {
    /// Whether the run is over.
    pub done: bool,
    /// What it is doing.
    pub phase: Phase,
    /// Simulated time reached, in seconds.
    pub simulated_seconds: f64,
    /// Requests that have ended.
    pub finished_requests: u64,
    /// Requests known so far.
    pub total_requests: u64,
}

impl Progress {
    /// That of a run whose requests, about so many, are being generated.
    const fn generating(expected_requests: u64) -> Self {
        Self {
            done: false,
            phase: Phase::Generating,
            simulated_seconds: 0.0,
            finished_requests: 0,
            total_requests: expected_requests,
        }
    }
}

/// Roundabout ways to the same outcome, on which tests hold parts of the engine that most runs do not need against the
/// direct way.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Detours {
    /// Through the general event loop.
    pub general_loop: bool,
    /// Every instance is a pool of its own.
    pub pool_per_instance: bool,
    /// The instances are a set among more: so many idle ones, which are not routable, come before them.
    pub spare_instances: Option<u32>,
}

/// Everything that a run begins with.
#[derive(Debug)]
pub(crate) struct Beginning {
    /// Checked settings.
    pub config: Config,
    /// What was resolved from those of model and memory.
    pub setup: ServingSetup,
    /// The instances in order.
    pub plans: Vec<PoolPlan>,
    /// The requests.
    pub workload: Workload,
    /// A row per request.
    pub records: RequestRecords,
    /// How routing ties are decided.
    pub ties: TieSource,
    /// The same for pools with scorers of their own.
    pub pool_ties: PoolTies,
    /// Roundabout ways.
    pub detours: Detours,
    /// Warnings: the run goes ahead.
    pub warnings: Vec<String>,
}

/// A run that can be advanced in slices. Where it is cut makes no difference to the outcome.
#[derive(Debug)]
pub struct Simulation {
    /// The engine is compiled once per latency model, so that its inner loop is plain arithmetic.
    run: Box<dyn Run>,
    setup: ServingSetup,
    plans: Vec<PoolPlan>,
    warnings: Vec<String>,
}

impl Simulation {
    /// A run at time 0, on bundled models and GPUs.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        Self::with_custom_catalog(config, &CustomCatalog::default())
    }

    /// A run at time 0, with the user's own model or GPU figures.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn with_custom_catalog(config: &Config, custom: &CustomCatalog) -> Result<Self, ConfigError> {
        Preparation::with_custom_catalog(config, custom)?.finish()
    }

    /// A run at time 0 of requests that [`generate`](crate::workload::generate) made of the same workload settings and seed: runs
    /// that differ in other settings can share them.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn with_workload(config: &Config, workload: Workload) -> Result<Self, ConfigError> {
        Self::with_custom_catalog_and_workload(config, &CustomCatalog::default(), workload)
    }

    /// The same with the user's own model or GPU figures.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn with_custom_catalog_and_workload(
        config: &Config,
        custom: &CustomCatalog,
        workload: Workload,
    ) -> Result<Self, ConfigError> {
        Preparation::with_workload(config, custom, workload)?.finish()
    }

    /// A run whose routing ties are decided as recorded.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn with_recorded_ties(config: &Config, picks: &[TieBreak]) -> Result<Self, ConfigError> {
        let mut preparation = Preparation::new(config)?;
        preparation.decide_ties(picks);
        preparation.finish()
    }

    /// A run at time 0 that takes detours.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    #[doc(hidden)]
    pub fn with_detours(config: &Config, detours: Detours) -> Result<Self, ConfigError> {
        let mut preparation = Preparation::new(config)?;
        preparation.take_detours(detours);
        preparation.finish()
    }

    /// A run whose requests are there.
    pub(crate) fn begin(mut parts: Beginning) -> Self {
        let (setup, plans) = (parts.setup.clone(), parts.plans.clone());
        let warnings = std::mem::take(&mut parts.warnings);
        let trained: Option<Vec<_>> = plans.iter().map(|plan| trained_physics(&plan.setup)).collect();
        let run: Box<dyn Run> = match trained {
            Some(latencies) => Box::new(engine(parts, latencies)),
            None => Box::new(engine(parts, plans.iter().map(|plan| any_model(&plan.setup)).collect())),
        };
        Self { run, setup, plans, warnings }
    }

    /// What was resolved from the settings of model and memory.
    pub const fn setup(&self) -> &ServingSetup {
        &self.setup
    }

    /// The setup of each instance, in order; without pools that of [`Simulation::setup`].
    pub fn instance_setups(&self) -> impl Iterator<Item = &ServingSetup> {
        self.plans.iter().flat_map(|plan| std::iter::repeat_n(&plan.setup, plan.instances as usize))
    }

    /// Warnings: the run goes ahead.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Works on for at most about `budget` steps and decisions.
    pub fn advance(&mut self, budget: u64) -> Progress {
        let done = self.work(budget) == Advance::Over;
        Progress {
            done,
            phase: Phase::Simulating,
            simulated_seconds: self.run.reached().as_secs(),
            finished_requests: self.run.ended(),
            total_requests: self.run.known(),
        }
    }

    /// Works towards the end of the run.
    fn work(&mut self, mut budget: u64) -> Advance {
        self.run.run_until(Micros::FOREVER, &mut budget)
    }

    /// From now on this request goes to this instance, whatever the policy chooses.
    ///
    /// # Errors
    /// There is no such instance.
    pub fn force_route(&mut self, request: RequestIndex, instance: InstanceIndex) -> Result<(), ConfigError> {
        let instances = self.run.force_route(request, instance);
        if instance.get() < instances {
            Ok(())
        } else {
            Err(ConfigError::invalid("instance", instance, format!("0 to {}", instances - 1)))
        }
    }

    /// The run notes why requests wait: [`Outcome::limits`], and the limits in a [`ClusterState`]. Call it before the
    /// run is advanced; later it changes nothing. The rest of the outcome is the same with and without.
    pub fn track_limits(&mut self) {
        self.run.track_limits();
    }

    /// Lays the first wait of a request open; `None` if it joins no queue. The wait is not over if the run ends before.
    pub fn explain_wait(mut self, request: RequestIndex) -> Option<Wait> {
        self.track_limits();
        self.run.watch_wait(request);
        loop {
            let over = self.work(EXPLAIN_SLICE) == Advance::Over;
            let wait = self.run.wait();
            if over || wait.is_some_and(|wait| wait.to_us.is_some()) {
                return wait;
            }
        }
    }

    /// Lays the routing decision about a request open; `None` if it is never made.
    pub fn explain(mut self, request: RequestIndex) -> Option<Explanation> {
        self.run.watch(request);
        loop {
            let over = self.work(EXPLAIN_SLICE) == Advance::Over;
            if let Some(explanation) = self.run.take_explanation() {
                return Some(explanation);
            }
            if over {
                return None;
            }
        }
    }

    /// Executes all events up to and including `time`.
    pub fn seek(&mut self, time: Micros) {
        let mut budget = u64::MAX;
        while self.run.run_until(time, &mut budget) == Advance::OutOfBudget {
            budget = u64::MAX;
        }
    }

    /// The cluster after the events so far.
    pub fn cluster_state(&self, time: Micros) -> ClusterState {
        self.run.cluster_state(time)
    }

    /// What every instance holds, appended to `columns`.
    pub fn sample(&self, columns: &mut InstanceColumns) {
        self.run.sample(columns);
    }

    /// Requests that have ended so far, answered or not.
    pub fn ended(&self) -> u64 {
        self.run.ended()
    }

    /// Time of the next event, if one is left.
    pub fn next_event(&mut self) -> Option<Micros> {
        self.run.next_event()
    }

    /// Works until the run is over.
    pub fn run_to_end(&mut self) {
        while !self.advance(u64::MAX).done {}
    }

    /// What happened so far; everything, if the run is over.
    pub fn finish(self) -> Outcome {
        self.run.finish()
    }
}

/// The latency model of a setup, if it is the usual one, for which an engine is compiled.
fn trained_physics(setup: &ServingSetup) -> Option<TrainedPhysics> {
    match &setup.latency {
        LatencyChoice::TrainedPhysics(latency) => Some(latency.clone()),
        LatencyChoice::Roofline(_) | LatencyChoice::ByKind(_) => None,
    }
}

fn any_model(setup: &ServingSetup) -> AnyModel {
    match &setup.latency {
        LatencyChoice::TrainedPhysics(latency) => AnyModel::TrainedPhysics(latency.clone()),
        LatencyChoice::Roofline(latency) => AnyModel::Roofline(latency.clone()),
        LatencyChoice::ByKind(latency) => AnyModel::ByKind(latency.clone()),
    }
}

/// The engine of a run, with the latency models of its plans.
fn engine<L: LatencyModel + Clone>(parts: Beginning, latencies: Vec<L>) -> Engine<L> {
    let Beginning { config, setup, plans, workload, records, ties, pool_ties, detours, .. } = parts;
    let Workload { requests, burst, pattern, offered_rate, closed_loop, horizon, .. } = workload;
    let drive = if detours.general_loop { Drive::General } else { Drive::Plain };
    let horizon = config.cluster.horizon.map(Micros).or(horizon).unwrap_or(Micros::FOREVER);
    let runs = Arc::new(prompt_runs(&config, &requests, &setup));
    let gpus = plans.iter().map(|plan| u64::from(plan.setup.tp) * u64::from(plan.instances)).sum();
    let rented = Rented { gpus, usd_per_gpu_hour: config.model.gpu_price.or(setup.gpu.price_usd_per_hour) };
    let instances = config.cluster.num_instances + detours.spare_instances.unwrap_or(0);
    let admission = Admission::new(&config.admission, &requests.classes);
    let budgets = TenantBudgets::new(&config, &requests);
    let router = Router::new(&config.routing, config.trace, runs.clone(), ties);
    let pool_params = pool_params(&config, &setup, &runs, pool_ties);
    let mut reads = admission.may_read().and(router.may_read());
    if let Some(pools) = &pool_params {
        reads = reads.and(pools.may_read());
    }
    let view = View::new(runs.clone(), &config.routing, reads);
    let spare = detours.spare_instances.unwrap_or(0);
    let mut pools = Vec::new();
    for (plan, latency) in plans.iter().zip(latencies) {
        let mut params = instance_params(&config, &plan.setup, &requests, runs.clone());
        params.follow_tree = reads.index;
        let setup = Setup { latency, params };
        let instances = plan.instances + spare;
        if detours.pool_per_instance {
            pools.extend(vec![Pool { setup, instances: 1 }; instances as usize]);
        } else {
            pools.push(Pool { setup, instances });
        }
    }
    let routable = detours.spare_instances.map(|spare| {
        let mut routable = InstanceSet::none(instances as usize);
        for instance in spare..instances {
            routable.insert(instance as usize);
        }
        routable
    });
    Engine::new(Parts {
        pools,
        horizon,
        routable,
        pattern,
        offered_rate,
        rented,
        streams: config.streams,
        drive,
        closed_loop,
        pool_params,
        admission,
        budgets,
        router,
        view,
        admission_latency: Micros(config.admission.latency),
        routing_latency: Micros(config.routing.latency),
        requests,
        model: config.model.name.clone(),
        burst,
        kills: config.cluster.kills.clone(),
        records,
    })
}
