//! Playing a run: states, timelines, single decisions, and forks.

use super::values::{config_from_js, to_js};
use super::{RunResult, js_error};
use crate::cluster::ClusterState;
use crate::playback::{Playback, Timeline};
use crate::simulation::Simulation;
use crate::units::Micros;
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// What the numbers of an instance in [`JsClusterState::instances`] are, in this order.
const INSTANCE_NUMBERS: [&str; 9] = [
    "waiting",
    "prefill",
    "decode",
    "usedBlocks",
    "inFlight",
    "evictions",
    "completed",
    "limit",
    "stepTokens",
];

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

    /// The instances after all events up to and including this time, µs: three numbers each, as in a timeline.
    pub fn sample(&mut self, time_us: f64) -> Result<Vec<u32>, Error> {
        self.0.sample(Micros(time_us as i64)).map_err(|error| js_error(&error))
    }

    /// Time of the next event after the present position, µs.
    #[wasm_bindgen(js_name = nextEvent)]
    pub fn next_event(&mut self) -> Option<f64> {
        self.0.next_event().map(|time| time.0 as f64)
    }

    /// The instances at `points` equally spaced times from 0 to `end_us`.
    pub fn timeline(&self, end_us: f64, points: usize) -> Result<JsTimeline, Error> {
        let timeline = self.0.timeline(Micros(end_us as i64), points).map_err(|error| js_error(&error))?;
        Ok(JsTimeline(timeline))
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
    /// Where each request is: 0 future, 1 admission, 2 routing, 3 delivery, 4 waiting, 5 evicted and waiting,
    /// 6 prefill, 7 decode, 8 completed, 9 rejected, 10 timed out, 11 dropped.
    pub fn places(&self) -> Vec<u8> {
        self.0.locations.iter().map(|&location| location as u8).collect()
    }

    /// The names of the numbers per instance, in their order.
    #[wasm_bindgen(js_name = instanceNumbers)]
    pub fn instance_numbers() -> Vec<String> {
        INSTANCE_NUMBERS.map(str::to_owned).to_vec()
    }

    /// Nine numbers per instance: waiting, in prefill, in decode, KV blocks in use, in flight, evictions so far,
    /// completed so far, what requests wait for (0 nothing, 1 the token budget of a step, 2 slots, 3 KV blocks, 4 the
    /// step under way), tokens of the step under way (0 between two steps).
    pub fn instances(&self) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(self.0.instances.len() * INSTANCE_NUMBERS.len());
        for instance in &self.0.instances {
            let prefill = instance.running.iter().filter(|member| member.prefill).count() as u32;
            let row: [u32; INSTANCE_NUMBERS.len()] = [
                instance.waiting.len() as u32,
                prefill,
                instance.running.len() as u32 - prefill,
                instance.used_blocks,
                instance.in_flight,
                instance.preemptions as u32,
                instance.completed as u32,
                instance.limit.map_or(0, |limit| limit as u32),
                instance.step_tokens,
            ];
            numbers.extend(row);
        }
        numbers
    }

    /// The waiting requests of an instance, next one first.
    pub fn waiting(&self, instance: usize) -> Vec<u32> {
        self.0.instances.get(instance).map(|instance| instance.waiting.clone()).unwrap_or_default()
    }

    /// The batch of an instance in order: request and progress (prompt tokens computed plus decode steps done).
    pub fn running(&self, instance: usize) -> Vec<u32> {
        let members = self.0.instances.get(instance).map(|instance| instance.running.as_slice());
        members.unwrap_or_default().iter().flat_map(|member| [member.request, member.progress]).collect()
    }
}

/// The instances over time.
#[wasm_bindgen(js_name = Timeline)]
pub struct JsTimeline(Timeline);

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// The times in s.
    pub fn seconds(&self) -> Vec<f64> {
        self.0.times.iter().map(|time| time.as_secs()).collect()
    }

    /// Three numbers per time and instance: waiting, running, KV blocks in use.
    pub fn samples(&self) -> Vec<u32> {
        self.0.samples.clone()
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
    to_js(&simulation.explain(request))
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
    to_js(&simulation.explain_wait(request))
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
    simulation.force_route(request, instance).map_err(|error| js_error(&error))?;
    simulation.run_to_end();
    Ok(RunResult::new(config, simulation))
}
