//! Playing a run: states, timelines, single decisions, and forks.

use super::result::floats;
use super::values::{config_from_js, index, numbers, record, time, to_js, whole};
use super::{RunResult, js_error};
use crate::cluster::{ClusterState, InstanceColumns, InstanceState, RequestLocation};
use crate::config::Config;
use crate::outcome::tiers::TierFigures;
use crate::playback::{MOST_POINTS, Playback, Timeline};
use crate::simulation::Simulation;
use crate::units::{InstanceIndex, Micros, RequestIndex};
use js_sys::{Error, Uint32Array};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// A run with a position in simulated time.
#[wasm_bindgen(js_name = Playback)]
pub struct JsPlayback(Playback);

#[wasm_bindgen(js_class = Playback)]
impl JsPlayback {
    /// A run before its first event.
    ///
    /// @throws {ConfigError} if the configuration cannot be used
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<Self, Error> {
        let config = config_from_js(&config)?;
        Playback::new(config).map(Self).map_err(|error| js_error(&error))
    }

    /// The cluster after all events up to and including this time, µs.
    ///
    /// @throws {ConfigError} if it is no time from 0 to 10¹⁵
    pub fn seek(&mut self, time_us: f64) -> Result<JsClusterState, Error> {
        let state = self.0.seek(time("time_us", time_us)?).map_err(|error| js_error(&error))?;
        Ok(JsClusterState(state))
    }

    /// The instances after all events up to and including this time, µs, as a timeline of one time.
    ///
    /// @throws {ConfigError} if it is no time from 0 to 10¹⁵
    #[wasm_bindgen(unchecked_return_type = "Timeline")]
    pub fn sample(&mut self, time_us: f64) -> Result<JsValue, Error> {
        let timeline = self.0.sample(time("time_us", time_us)?).map_err(|error| js_error(&error))?;
        Ok(timeline_record(timeline))
    }

    /// Time of the next event after the present position, µs.
    #[wasm_bindgen(js_name = nextEvent)]
    pub fn next_event(&mut self) -> Option<f64> {
        self.0.next_event().map(|time| time.0 as f64)
    }

    /// The instances at `points` equally spaced times from 0 to `end_us`; 1 to 4000 points.
    ///
    /// @throws {ConfigError} if a number is outside its range
    #[wasm_bindgen(unchecked_return_type = "Timeline")]
    pub fn timeline(&self, end_us: f64, points: f64) -> Result<JsValue, Error> {
        let points = whole("points", points, 1..=MOST_POINTS as u32)? as usize;
        let timeline = self.0.timeline(time("end_us", end_us)?, points).map_err(|error| js_error(&error))?;
        Ok(timeline_record(timeline))
    }

    /// Requests that have ended by the present position, answered or not.
    #[wasm_bindgen(getter)]
    pub fn ended(&self) -> f64 {
        self.0.ended() as f64
    }

    /// KV blocks of an instance.
    #[wasm_bindgen(getter, js_name = kvBlocks)]
    pub fn kv_blocks(&self) -> u32 {
        self.0.setup().total_kv_blocks
    }
}

/// The cluster at one moment.
#[wasm_bindgen(js_name = Moment)]
pub struct JsClusterState(ClusterState);

#[wasm_bindgen(js_class = Moment)]
impl JsClusterState {
    /// Where each request is: a [`RequestLocation`], which JavaScript calls `Place`.
    #[wasm_bindgen(getter)]
    pub fn places(&self) -> Vec<u8> {
        self.0.locations.iter().map(|&location| location as u8).collect()
    }

    /// Requests by place.
    #[wasm_bindgen(getter, unchecked_return_type = "PlaceCounts")]
    pub fn counts(&self) -> Result<JsValue, Error> {
        to_js(&PlaceCounts::of(&self.0.locations))
    }

    /// Number of instances: the length of every column.
    #[wasm_bindgen(getter, js_name = instanceCount)]
    pub fn instance_count(&self) -> usize {
        self.0.instances.len()
    }

    /// Waiting requests per instance.
    #[wasm_bindgen(getter)]
    pub fn waiting(&self) -> Vec<u32> {
        self.column(|instance| instance.waiting.len() as u32)
    }

    /// Requests in prefill per instance.
    #[wasm_bindgen(getter)]
    pub fn prefill(&self) -> Vec<u32> {
        self.column(|instance| instance.running.iter().filter(|member| member.prefill).count() as u32)
    }

    /// Requests in decode per instance.
    #[wasm_bindgen(getter)]
    pub fn decode(&self) -> Vec<u32> {
        self.column(|instance| instance.running.iter().filter(|member| !member.prefill).count() as u32)
    }

    /// KV blocks in use per instance.
    #[wasm_bindgen(getter, js_name = usedBlocks)]
    pub fn used_blocks(&self) -> Vec<u32> {
        self.column(|instance| instance.used_blocks)
    }

    /// The second tier of every instance so far; empty without one.
    #[wasm_bindgen(getter, unchecked_return_type = "TierFigures[]")]
    pub fn tiers(&self) -> Result<JsValue, Error> {
        let tiers: Vec<_> = self.0.instances.iter().filter_map(|instance| instance.tier).collect();
        to_js(&tiers.into_iter().map(TierFigures::from).collect::<Vec<_>>())
    }

    /// Requests in flight per instance.
    #[wasm_bindgen(getter, js_name = inFlight)]
    pub fn in_flight(&self) -> Vec<u32> {
        self.column(|instance| instance.in_flight)
    }

    /// Evictions so far per instance.
    #[wasm_bindgen(getter)]
    pub fn evictions(&self) -> Vec<u32> {
        self.column(|instance| instance.preemptions as u32)
    }

    /// Requests completed so far per instance.
    #[wasm_bindgen(getter)]
    pub fn completed(&self) -> Vec<u32> {
        self.column(|instance| instance.completed as u32)
    }

    /// Requests lost in a crash per instance.
    #[wasm_bindgen(getter)]
    pub fn lost(&self) -> Vec<u32> {
        self.column(|instance| instance.lost as u32)
    }

    /// Whether routing may choose an instance, 1 or 0: 0 once it has stopped.
    #[wasm_bindgen(getter)]
    pub fn routable(&self) -> Vec<u8> {
        self.0.instances.iter().map(|instance| u8::from(instance.routable)).collect()
    }

    /// Tokens of the step under way per instance, 0 between two steps.
    #[wasm_bindgen(getter, js_name = stepTokens)]
    pub fn step_tokens(&self) -> Vec<u32> {
        self.column(|instance| instance.step_tokens)
    }

    /// What the requests that wait at an instance wait for, `null` where nothing waits.
    #[wasm_bindgen(getter, unchecked_return_type = "(Limit | null)[]")]
    pub fn limits(&self) -> Result<JsValue, Error> {
        let limits: Vec<_> = self.0.instances.iter().map(|instance| instance.limit).collect();
        to_js(&limits)
    }

    /// The waiting requests of an instance, next one first.
    ///
    /// @throws {ConfigError} if there is no such instance
    pub fn queue(&self, instance: f64) -> Result<Vec<u32>, Error> {
        Ok(numbers(&self.instance(instance)?.waiting))
    }

    /// The requests in the batch of an instance, in its order.
    ///
    /// @throws {ConfigError} if there is no such instance
    pub fn batch(&self, instance: f64) -> Result<Vec<u32>, Error> {
        Ok(self.instance(instance)?.running.iter().map(|member| member.request.get()).collect())
    }

    /// How far the members of a batch have come, in its order: prompt tokens computed plus decode steps done.
    ///
    /// @throws {ConfigError} if there is no such instance
    #[wasm_bindgen(js_name = batchProgress)]
    pub fn batch_progress(&self, instance: f64) -> Result<Vec<u32>, Error> {
        Ok(self.instance(instance)?.running.iter().map(|member| member.progress).collect())
    }
}

impl JsClusterState {
    fn column(&self, number: impl Fn(&InstanceState) -> u32) -> Vec<u32> {
        self.0.instances.iter().map(number).collect()
    }

    fn instance(&self, instance: f64) -> Result<&InstanceState, Error> {
        let instances = &self.0.instances;
        Ok(&instances[index("instance", instance, instances.len(), "instances")? as usize])
    }
}

/// How many requests are at each place.
#[derive(Default, Serialize, Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
struct PlaceCounts {
    future: u32,
    admission: u32,
    routing: u32,
    delivery: u32,
    waiting: u32,
    evicted: u32,
    prefill: u32,
    decode: u32,
    completed: u32,
    rejected: u32,
    timed_out: u32,
    dropped: u32,
    lost: u32,
}

impl PlaceCounts {
    fn of(locations: &[RequestLocation]) -> Self {
        let mut counts = Self::default();
        for location in locations {
            *match location {
                RequestLocation::Future => &mut counts.future,
                RequestLocation::Admission => &mut counts.admission,
                RequestLocation::Routing => &mut counts.routing,
                RequestLocation::Delivery => &mut counts.delivery,
                RequestLocation::Waiting => &mut counts.waiting,
                RequestLocation::Evicted => &mut counts.evicted,
                RequestLocation::Prefill => &mut counts.prefill,
                RequestLocation::Decode => &mut counts.decode,
                RequestLocation::Completed => &mut counts.completed,
                RequestLocation::Rejected => &mut counts.rejected,
                RequestLocation::TimedOut => &mut counts.timed_out,
                RequestLocation::Dropped => &mut counts.dropped,
                RequestLocation::Lost => &mut counts.lost,
            } += 1;
        }
        counts
    }
}

/// A timeline as JavaScript's.
fn timeline_record(timeline: Timeline) -> JsValue {
    let instance_count = timeline.instances();
    let Timeline { times, columns: InstanceColumns { waiting, running, used_blocks, tier_blocks } } =
        timeline;
    let seconds: Vec<f64> = times.into_iter().map(Micros::as_secs).collect();
    let counts = |counts: Vec<u32>| Uint32Array::from(&counts[..]).into();
    record([
        ("seconds", floats(&seconds)),
        ("instanceCount", instance_count.into()),
        ("waiting", counts(waiting)),
        ("running", counts(running)),
        ("usedBlocks", counts(used_blocks)),
        ("tierBlocks", counts(tier_blocks)),
    ])
}

/// Lays one routing decision open: what the router saw, how old that was, every candidate's score. `null` if the request
/// was not routed.
///
/// @throws {ConfigError} if the configuration cannot be used, or the run has no such request
#[wasm_bindgen(js_name = explainDecision, unchecked_return_type = "Explanation | null")]
pub fn explain_decision(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    request: f64,
) -> Result<JsValue, Error> {
    explain(&config, request, Simulation::explain)
}

/// Lays the first wait of one request in a queue open: what stood before it, how many joined the batch while it waited,
/// and what they waited for. `null` if it joined no queue.
///
/// @throws {ConfigError} if the configuration cannot be used, or the run has no such request
#[wasm_bindgen(js_name = explainWait, unchecked_return_type = "Wait | null")]
pub fn explain_wait(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    request: f64,
) -> Result<JsValue, Error> {
    explain(&config, request, Simulation::explain_wait)
}

fn explain<Found: Serialize>(
    config: &JsValue,
    request: f64,
    find: impl Fn(Simulation, RequestIndex) -> Option<Found>,
) -> Result<JsValue, Error> {
    let config = config_from_js(config)?;
    let simulation = Simulation::new(&config).map_err(|error| js_error(&error))?;
    let is_number = request >= 0.0 && request.fract() == 0.0;
    let found = if is_number { find(simulation, row(request)) } else { None };
    if found.is_none() {
        // Nothing happened to it, or it does not exist, which only a whole run shows.
        existing(&run_to_end(&config, |_| Ok(()))?, request)?;
    }
    to_js(&found)
}

/// Runs the world again with one request sent to another instance.
///
/// @throws {ConfigError} if the configuration cannot be used, or there is no such request or instance
#[wasm_bindgen(js_name = forkRoute)]
pub fn fork_route(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    request: f64,
    instance: f64,
) -> Result<RunResult, Error> {
    let config = config_from_js(&config)?;
    let result = run_to_end(&config, |simulation| {
        let instance = index("instance", instance, config.cluster.num_instances as usize, "instances")?;
        simulation.force_route(row(request), InstanceIndex::new(instance)).map_err(|error| js_error(&error))
    })?;
    existing(&result, request)?;
    Ok(result)
}

fn run_to_end(
    config: &Config,
    prepare: impl FnOnce(&mut Simulation) -> Result<(), Error>,
) -> Result<RunResult, Error> {
    let mut simulation = Simulation::new(config).map_err(|error| js_error(&error))?;
    prepare(&mut simulation)?;
    simulation.run_to_end();
    let warnings = simulation.warnings().to_vec();
    Ok(RunResult::new(config.clone(), warnings, simulation.finish()))
}

/// The request of this number. What is no number of a request becomes some other one, until `existing` refuses it.
fn row(request: f64) -> RequestIndex {
    RequestIndex::new(request as u32)
}

/// Refuses the number of a request that a run did not have.
fn existing(result: &RunResult, request: f64) -> Result<u32, Error> {
    index("request", request, result.outcome.requests.len(), "requests")
}
