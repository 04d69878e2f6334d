//! From a configuration to an outcome: the library's public face.

use crate::cluster::{
    Admission, ClusterState, Engine, Explanation, InstanceColumns, Parts, Router, TieSource, View,
    class_priority, highest_priority,
};
use crate::config::Config;
use crate::error::ConfigError;
use crate::instance::{InstanceParams, PrefixNumbering, PriorityRule, Wait};
use crate::latency::{CustomCatalog, LatencyChoice, LatencyModel, Roofline, ServingSetup, TrainedPhysics};
use crate::outcome::Outcome;
use crate::record::TieBreak;
use crate::units::{InstanceIndex, Micros, RequestIndex};
use crate::workload::{self, Requests, Workload};
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
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Progress {
    /// Whether the run is over.
    pub done: bool,
    /// Simulated time reached, in seconds.
    pub simulated_seconds: f64,
    /// Requests that have ended.
    pub finished_requests: u64,
    /// Requests known so far.
    pub total_requests: u64,
}

/// A run that can be advanced in slices. Where it is cut makes no difference to the outcome.
#[derive(Debug)]
pub struct Simulation {
    run: Run,
    setup: ServingSetup,
    warnings: Vec<String>,
}

/// The engine, compiled once per latency model so that its inner loop is plain arithmetic.
#[derive(Debug)]
enum Run {
    TrainedPhysics(Box<Engine<TrainedPhysics>>),
    Roofline(Box<Engine<Roofline>>),
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
        Self::prepare(config, custom, TieSource::seeded(config.seed), workload::generate)
    }

    /// A run at time 0 of requests that [`workload::generate`] made of the same workload settings and seed: runs
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
        Self::prepare(config, custom, TieSource::seeded(config.seed), |_| Ok(workload))
    }

    /// A run whose routing ties are decided as recorded.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn with_recorded_ties(config: &Config, picks: Vec<TieBreak>) -> Result<Self, ConfigError> {
        let ties = TieSource::Recorded { picks, used: 0 };
        Self::prepare(config, &CustomCatalog::default(), ties, workload::generate)
    }

    fn prepare(
        config: &Config,
        custom: &CustomCatalog,
        ties: TieSource,
        generate: impl FnOnce(&Config) -> Result<Workload, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let mut warnings: Vec<String> = config.validate()?.iter().map(ToString::to_string).collect();
        let mut setup = ServingSetup::resolve_with(&config.model, &config.memory, custom)?;
        let workload = generate(config)?;
        warnings.append(&mut setup.warnings);
        warnings.extend(workload.warnings.iter().cloned());
        let run = match setup.latency.clone() {
            LatencyChoice::TrainedPhysics(latency) => {
                Run::TrainedPhysics(Box::new(engine(config, &setup, latency, workload, ties)))
            }
            LatencyChoice::Roofline(latency) => {
                Run::Roofline(Box::new(engine(config, &setup, latency, workload, ties)))
            }
        };
        Ok(Self { run, setup, warnings })
    }

    /// What was resolved from the settings of model and memory.
    pub const fn setup(&self) -> &ServingSetup {
        &self.setup
    }

    /// Warnings: the run goes ahead.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Works on for at most about `budget` steps and decisions.
    pub fn advance(&mut self, budget: u64) -> Progress {
        match &mut self.run {
            Run::TrainedPhysics(engine) => advance(engine, budget),
            Run::Roofline(engine) => advance(engine, budget),
        }
    }

    /// From now on this request goes to this instance, whatever the policy chooses.
    ///
    /// # Errors
    /// There is no such instance.
    pub fn force_route(&mut self, request: RequestIndex, instance: InstanceIndex) -> Result<(), ConfigError> {
        let instances = match &mut self.run {
            Run::TrainedPhysics(engine) => engine.force_route(request, instance),
            Run::Roofline(engine) => engine.force_route(request, instance),
        };
        if instance.get() < instances {
            Ok(())
        } else {
            Err(ConfigError::invalid("instance", instance, format!("0 to {}", instances - 1)))
        }
    }

    /// The run notes why requests wait: [`Outcome::limits`], and the limits in a [`ClusterState`]. Call it before the
    /// run is advanced; later it changes nothing. The rest of the outcome is the same with and without.
    pub fn track_limits(&mut self) {
        match &mut self.run {
            Run::TrainedPhysics(engine) => engine.track_limits(),
            Run::Roofline(engine) => engine.track_limits(),
        }
    }

    /// Lays the first wait of a request open; `None` if it joins no queue. The wait is not over if the run ends before.
    pub fn explain_wait(mut self, request: RequestIndex) -> Option<Wait> {
        self.track_limits();
        match &mut self.run {
            Run::TrainedPhysics(engine) => explain_wait(engine, request),
            Run::Roofline(engine) => explain_wait(engine, request),
        }
    }

    /// Lays the routing decision about a request open; `None` if it is never made.
    pub fn explain(mut self, request: RequestIndex) -> Option<Explanation> {
        match &mut self.run {
            Run::TrainedPhysics(engine) => explain(engine, request),
            Run::Roofline(engine) => explain(engine, request),
        }
    }

    /// Executes all events up to and including `time`, with at most `budget` steps and decisions. Returns whether
    /// it got there.
    pub fn seek(&mut self, time: Micros, mut budget: u64) -> bool {
        match &mut self.run {
            Run::TrainedPhysics(engine) => engine.run_until(time, &mut budget),
            Run::Roofline(engine) => engine.run_until(time, &mut budget),
        }
    }

    /// The cluster after the events so far.
    pub fn cluster_state(&self, time: Micros) -> ClusterState {
        match &self.run {
            Run::TrainedPhysics(engine) => engine.cluster_state(time),
            Run::Roofline(engine) => engine.cluster_state(time),
        }
    }

    /// What every instance holds, appended to `columns`.
    pub fn sample(&self, columns: &mut InstanceColumns) {
        match &self.run {
            Run::TrainedPhysics(engine) => engine.sample(columns),
            Run::Roofline(engine) => engine.sample(columns),
        }
    }

    /// Requests that have ended so far, answered or not.
    pub fn ended(&self) -> u64 {
        match &self.run {
            Run::TrainedPhysics(engine) => engine.ended(),
            Run::Roofline(engine) => engine.ended(),
        }
    }

    /// Time of the next event, if one is left.
    pub fn next_event(&mut self) -> Option<Micros> {
        match &mut self.run {
            Run::TrainedPhysics(engine) => engine.next_event(),
            Run::Roofline(engine) => engine.next_event(),
        }
    }

    /// Works until the run is over.
    pub fn run_to_end(&mut self) {
        while !self.advance(u64::MAX).done {}
    }

    /// What happened so far; everything, if the run is over.
    pub fn finish(self) -> Outcome {
        match self.run {
            Run::TrainedPhysics(engine) => engine.finish(),
            Run::Roofline(engine) => engine.finish(),
        }
    }
}

fn explain<L: LatencyModel>(engine: &mut Engine<L>, request: RequestIndex) -> Option<Explanation> {
    engine.watch(request);
    loop {
        let over = engine.run(EXPLAIN_SLICE);
        if let Some(explanation) = engine.take_explanation() {
            return Some(explanation);
        }
        if over {
            return None;
        }
    }
}

fn explain_wait<L: LatencyModel>(engine: &mut Engine<L>, request: RequestIndex) -> Option<Wait> {
    engine.watch_wait(request);
    loop {
        let over = engine.run(EXPLAIN_SLICE);
        let wait = engine.wait();
        if over || wait.is_some_and(|wait| wait.to_us.is_some()) {
            return wait;
        }
    }
}

fn advance<L: LatencyModel>(engine: &mut Engine<L>, budget: u64) -> Progress {
    let done = engine.run(budget);
    Progress {
        done,
        simulated_seconds: engine.reached().as_secs(),
        finished_requests: engine.ended(),
        total_requests: engine.known(),
    }
}

fn engine<L: LatencyModel>(
    config: &Config,
    setup: &ServingSetup,
    latency: L,
    workload: Workload,
    ties: TieSource,
) -> Engine<L> {
    let Workload { requests, pattern, offered_rate, closed_loop, horizon, .. } = workload;
    let horizon = config.cluster.horizon.map(Micros).or(horizon).unwrap_or(Micros::FOREVER);
    let prefixes = Arc::new(PrefixNumbering::new(&requests, setup.block_size));
    let instances = config.cluster.num_instances;
    let admission = Admission::new(&config.admission, &requests.classes);
    let router = Router::new(&config.routing, config.trace, instances as usize, prefixes.clone(), ties);
    let view = View::new(
        instances as usize,
        requests.groups.len(),
        setup.total_kv_blocks,
        &config.routing,
        admission.may_read().and(router.may_read()),
    );
    Engine::new(Parts {
        latency,
        params: InstanceParams {
            horizon,
            prefixes,
            report_completions: closed_loop.is_some(),
            ..instance_params(config, setup, &requests)
        },
        instances,
        pattern,
        offered_rate,
        closed_loop,
        admission,
        router,
        view,
        admission_latency: Micros(config.admission.latency),
        routing_latency: Micros(config.routing.latency),
        requests,
    })
}

fn instance_params(config: &Config, setup: &ServingSetup, requests: &Requests) -> InstanceParams {
    let highest = highest_priority(&config.admission);
    let urgency = |class: &String| i64::from(highest - class_priority(&config.admission, class));
    InstanceParams {
        scheduler: config.instance.scheduler,
        preemption: config.instance.preemption_policy,
        priority: PriorityRule {
            policy: config.instance.priority_policy,
            by_class: requests.classes.iter().map(urgency).collect(),
        },
        max_running: config.instance.max_num_running_reqs,
        token_budget: config.instance.max_num_scheduled_tokens,
        prefill_threshold: config.instance.long_prefill_token_threshold,
        max_model_len: setup.max_model_len,
        total_blocks: setup.total_kv_blocks,
        block_size: setup.block_size,
        horizon: Micros::FOREVER,
        prefixes: Arc::default(),
        longest_output: requests.output.iter().copied().max().unwrap_or(0),
        record_steps: config.trace.record_steps,
        report_completions: false,
    }
}
