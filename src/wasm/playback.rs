//! Playing a run: states, timelines, single decisions, and forks.

use super::values::{config_from_js, numbers, to_js};
use super::{RunResult, js_error};
use crate::cluster::RunningRequest;
use crate::cluster::{ClusterState, InstanceColumns, InstanceState, RequestLocation};
use crate::playback::{Playback, Timeline};
use crate::simulation::Simulation;
use crate::units::{InstanceIndex, Micros, RequestIndex};
use js_sys::Error;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// A run with a position in simulated time.
#[wasm_bindgen(js_name = Playback)]
pub struct JsPlayback(Playback);

#[wasm_bindgen(js_class = Playback)]
impl JsPlayback {
    /// A run before its first event.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<Self, Error> {
        let config = config_from_js(&config).map_err(|error| js_error(&error))?;
        Playback::new(config).map(Self).map_err(|error| js_error(&error))
    }

    /// The cluster after all events up to and including this time, µs.
    pub fn seek(&mut self, time_us: f64) -> Result<JsClusterState, Error> {
        // The cast saturates; NaN becomes 0.
        let state = self.0.seek(Micros(time_us as i64)).map_err(|error| js_error(&error))?;
        Ok(JsClusterState(state))
    }

    /// The instances after all events up to and including this time, µs, as a timeline of one time.
    pub fn sample(&mut self, time_us: f64) -> Result<JsTimeline, Error> {
        let timeline = self.0.sample(Micros(time_us as i64)).map_err(|error| js_error(&error))?;
        Ok(timeline.into())
    }

    /// Time of the next event after the present position, µs.
    #[wasm_bindgen(js_name = nextEvent)]
    pub fn next_event(&mut self) -> Option<f64> {
        self.0.next_event().map(|time| time.0 as f64)
    }

    /// The instances at `points` equally spaced times from 0 to `end_us`.
    pub fn timeline(&self, end_us: f64, points: usize) -> Result<JsTimeline, Error> {
        let timeline = self.0.timeline(Micros(end_us as i64), points).map_err(|error| js_error(&error))?;
        Ok(timeline.into())
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
    pub fn queue(&self, instance: usize) -> Vec<u32> {
        self.0.instances.get(instance).map(|instance| numbers(&instance.waiting)).unwrap_or_default()
    }

    /// The requests in the batch of an instance, in its order.
    pub fn batch(&self, instance: usize) -> Vec<u32> {
        self.members(instance).iter().map(|member| member.request.get()).collect()
    }

    /// How far the members of a batch have come, in its order: prompt tokens computed plus decode steps done.
    #[wasm_bindgen(js_name = batchProgress)]
    pub fn batch_progress(&self, instance: usize) -> Vec<u32> {
        self.members(instance).iter().map(|member| member.progress).collect()
    }
}

impl JsClusterState {
    fn column(&self, number: impl Fn(&InstanceState) -> u32) -> Vec<u32> {
        self.0.instances.iter().map(number).collect()
    }

    fn members(&self, instance: usize) -> &[RunningRequest] {
        self.0.instances.get(instance).map(|instance| instance.running.as_slice()).unwrap_or_default()
    }
}

/// How many requests are at each place.
#[derive(Default, Serialize, Tsify)]
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
            } += 1;
        }
        counts
    }
}

/// The instances over time. A column has all instances at the first time before all of them at the second.
#[wasm_bindgen(js_name = Timeline, getter_with_clone)]
pub struct JsTimeline {
    /// The times, s.
    pub seconds: Vec<f64>,
    /// Number of instances.
    #[wasm_bindgen(js_name = instanceCount)]
    pub instance_count: usize,
    /// Waiting requests.
    pub waiting: Vec<u32>,
    /// Running requests.
    pub running: Vec<u32>,
    /// KV blocks in use.
    #[wasm_bindgen(js_name = usedBlocks)]
    pub used_blocks: Vec<u32>,
}

impl From<Timeline> for JsTimeline {
    fn from(timeline: Timeline) -> Self {
        let instance_count = timeline.instances();
        let Timeline { times, columns: InstanceColumns { waiting, running, used_blocks } } = timeline;
        let seconds = times.into_iter().map(Micros::as_secs).collect();
        Self { seconds, instance_count, waiting, running, used_blocks }
    }
}

/// Lays one routing decision open: what the router saw, how old that was, every candidate's score.
#[wasm_bindgen(js_name = explainDecision, unchecked_return_type = "Explanation | null")]
pub fn explain_decision(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    request: u32,
) -> Result<JsValue, Error> {
    let config = config_from_js(&config).map_err(|error| js_error(&error))?;
    let simulation = Simulation::new(&config).map_err(|error| js_error(&error))?;
    to_js(&simulation.explain(RequestIndex::new(request)))
}

/// Lays the first wait of one request in a queue open: what stood before it, how many joined the batch while it waited,
/// and what they waited for. `null` if it joined no queue.
#[wasm_bindgen(js_name = explainWait, unchecked_return_type = "Wait | null")]
pub fn explain_wait(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    request: u32,
) -> Result<JsValue, Error> {
    let config = config_from_js(&config).map_err(|error| js_error(&error))?;
    let simulation = Simulation::new(&config).map_err(|error| js_error(&error))?;
    to_js(&simulation.explain_wait(RequestIndex::new(request)))
}

/// Runs the world again with one request sent to another instance.
#[wasm_bindgen(js_name = forkRoute)]
pub fn fork_route(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    request: u32,
    instance: u32,
) -> Result<RunResult, Error> {
    let config = config_from_js(&config).map_err(|error| js_error(&error))?;
    let mut simulation = Simulation::new(&config).map_err(|error| js_error(&error))?;
    simulation
        .force_route(RequestIndex::new(request), InstanceIndex::new(instance))
        .map_err(|error| js_error(&error))?;
    simulation.run_to_end();
    let warnings = simulation.warnings().to_vec();
    Ok(RunResult::new(config, warnings, simulation.finish()))
}
