//! The JavaScript API: nothing but translation.
//!
//! Every failure is a JavaScript `Error` with `path`, `value` and `expected` beside its message.
#![allow(clippy::missing_errors_doc, reason = "the sentence above holds for all of them")]
#![allow(clippy::needless_pass_by_value, reason = "wasm-bindgen gives JavaScript values so")]

mod columns;
mod distributions;
mod formats;
mod playback;
mod problem;
mod run;
mod settings;
mod sizing;
mod sweep;
mod theory;
mod values;

pub use formats::{
    TraceText, export_trace, export_workload_spec, import_settings, import_trace, import_workload_spec,
};
pub use playback::{JsClusterState, JsPlayback, JsTimeline, explain_decision, explain_wait, fork_route};
pub use settings::Settings;
pub use sizing::JsSizeSearch;
pub use sweep::JsSweep;
pub use theory::{JsCalibration, calibrate};

use crate::catalog;
use crate::config::Config;
use crate::outcome::{Outcome, charts};
use crate::record::{LimitRecord, digest};
use crate::settings::schema;
use js_sys::Error;
pub use problem::Problem;
use problem::js_error;
pub use run::{Run, estimate, simulate};
use serde::Serialize;
use settings::problems_of;
use values::{config_from_js, to_js};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// A configuration read from pairs, and what could not be read.
#[derive(Debug, Serialize, tsify::Tsify)]
pub struct ReadPairs {
    /// The configuration, without the rejected pairs.
    pub config: Config,
    /// The pairs that were left out, and why.
    pub rejected: Vec<Problem>,
}

/// A model of the catalogue.
#[derive(Debug, Serialize, tsify::Tsify)]
pub struct CatalogModel {
    /// The name to give as `model.name`.
    pub name: String,
    /// For people.
    pub title: String,
    /// GPU that is taken if none is named.
    pub default_hardware: Option<String>,
    /// GPUs per instance that are taken if none are named.
    pub default_tp: Option<u32>,
    /// Values among 1, 2, 4 and 8 that the trained-physics model accepts.
    pub tp_trained_physics: Vec<u32>,
    /// Values among 1, 2, 4 and 8 that the roofline model accepts.
    pub tp_roofline: Vec<u32>,
}

/// A GPU of the catalogue.
#[derive(Debug, Serialize, tsify::Tsify)]
pub struct CatalogGpu {
    /// The name to give as `model.hardware`.
    pub name: String,
    /// For people.
    pub title: String,
    /// Memory in GiB.
    pub memory_gib: f64,
}

/// What can be served and on what.
#[derive(Debug, Serialize, tsify::Tsify)]
pub struct Catalog {
    /// Bundled models.
    pub models: Vec<CatalogModel>,
    /// Bundled GPUs.
    pub gpus: Vec<CatalogGpu>,
}

/// A model on a number of GPUs, and whether an instance can be set up so.
#[derive(Debug, Serialize, tsify::Tsify)]
pub struct Fit {
    /// As `model.name`.
    pub model: String,
    /// As `model.hardware`; `null` for the catalogue's default.
    pub hardware: Option<String>,
    /// As `model.tp`; `null` for the catalogue's default.
    pub tp: Option<u32>,
    /// Why not; `null` if it can.
    pub problem: Option<Problem>,
}

/// The version of the package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The default configuration.
#[wasm_bindgen(js_name = defaultConfig, unchecked_return_type = "Config")]
pub fn default_config() -> Result<JsValue, Error> {
    to_js(&Config::default())
}

/// Every setting with its name, range, default and explanation.
#[wasm_bindgen(unchecked_return_type = "Setting[]")]
pub fn schema() -> Result<JsValue, Error> {
    to_js(&schema::settings())
}

/// The bundled models and GPUs.
#[wasm_bindgen(unchecked_return_type = "Catalog")]
pub fn catalog() -> Result<JsValue, Error> {
    let models = catalog::models().map(|model| CatalogModel {
        name: model.name.clone(),
        title: model.title.clone(),
        default_hardware: model.default_hardware.clone(),
        default_tp: model.default_tp,
        tp_trained_physics: model.tp_trained_physics.clone(),
        tp_roofline: model.tp_roofline.clone(),
    });
    let gpus = catalog::gpus().iter().map(|gpu| CatalogGpu {
        name: gpu.name.clone(),
        title: gpu.title.clone(),
        memory_gib: gpu.memory_gib,
    });
    to_js(&Catalog { models: models.collect(), gpus: gpus.collect() })
}

/// Every bundled model on every bundled GPU and on the catalogue's default, with 1 to 32 GPUs per instance (powers of 2)
/// and the default number: whether it fits, and why not. All else is as in the configuration.
#[wasm_bindgen(unchecked_return_type = "Fit[]")]
pub fn fits(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<JsValue, Error> {
    let config = config_from_js(&config).map_err(|error| js_error(&error))?;
    let list = crate::latency::fits::fits(&config.model, &config.memory);
    let fits = list.into_iter().map(|fit| Fit {
        model: fit.model.to_owned(),
        hardware: fit.hardware.map(str::to_owned),
        tp: fit.tp,
        problem: fit.problem.as_ref().map(Problem::from),
    });
    to_js(&fits.collect::<Vec<_>>())
}

/// All problems of a configuration; an empty list means that it can be run.
#[wasm_bindgen(unchecked_return_type = "Problem[]")]
pub fn validate(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<JsValue, Error> {
    let problems = match config_from_js(&config) {
        Ok(config) => problems_of(&config),
        Err(error) => vec![Problem::from(&error)],
    };
    to_js(&problems)
}

/// A random seed: 53 random bits of the platform.
#[wasm_bindgen(js_name = newSeed)]
pub fn new_seed() -> Result<f64, Error> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| Error::new(&error.to_string()))?;
    Ok((u64::from_le_bytes(bytes) >> 11) as f64)
}

/// The default configuration with some settings replaced, named by URL key, path or flag. What cannot be read is
/// left out and reported.
#[wasm_bindgen(js_name = configFromPairs, unchecked_return_type = "ReadPairs")]
pub fn config_from_pairs(
    #[wasm_bindgen(unchecked_param_type = "[string, string][]")] pairs: JsValue,
) -> Result<JsValue, Error> {
    let Settings { config, rejected } = Settings::new(pairs)?;
    to_js(&ReadPairs { config, rejected })
}

/// The settings that differ from the defaults, by URL key.
#[wasm_bindgen(js_name = configToPairs, unchecked_return_type = "[string, string][]")]
pub fn config_to_pairs(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsValue, Error> {
    let config = config_from_js(&config).map_err(|error| js_error(&error))?;
    to_js(&config.to_pairs())
}

/// What happened in a run. Long columns are typed arrays.
#[wasm_bindgen(js_name = Result)]
pub struct RunResult {
    config: Config,
    outcome: Outcome,
    warnings: Vec<String>,
}

impl RunResult {
    /// What a run that is over, or given up, has left, with the warnings that were known before.
    fn new(config: Config, mut warnings: Vec<String>, outcome: Outcome) -> Self {
        warnings.extend(outcome.warnings());
        Self { config, outcome, warnings }
    }
}

#[wasm_bindgen(js_class = Result)]
impl RunResult {
    /// The headline figures.
    #[wasm_bindgen(getter, unchecked_return_type = "Summary")]
    pub fn summary(&self) -> Result<JsValue, Error> {
        to_js(&self.outcome.summary())
    }

    /// 16 hexadecimal digits over all columns: equal for equal outcomes, on every platform.
    #[wasm_bindgen(getter)]
    pub fn digest(&self) -> String {
        digest(&self.outcome)
    }

    /// How the run ended.
    #[wasm_bindgen(getter, unchecked_return_type = "Ending")]
    pub fn ending(&self) -> Result<JsValue, Error> {
        to_js(&self.outcome.ending)
    }

    /// Why requests waited in the queues of the instances, as shares of the time from the first arrival to the last
    /// completion, per instance and overall; `null` if the run does not track limits.
    #[wasm_bindgen(getter, unchecked_return_type = "Limits | null")]
    pub fn limits(&self) -> Result<JsValue, Error> {
        to_js(&self.outcome.limits.as_ref().map(LimitRecord::shares))
    }

    /// Warnings: the run went ahead.
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// TTFT of every request that produced a first token, in ms, in request order.
    #[wasm_bindgen(js_name = ttftMs)]
    pub fn ttft_ms(&self) -> Vec<f64> {
        self.outcome.records.ttft.iter().filter(|time| time.happened()).map(|time| time.as_ms()).collect()
    }

    /// Histogram of TTFT with at most `bins` bins.
    #[wasm_bindgen(js_name = ttftHistogram)]
    pub fn ttft_histogram(&self, bins: usize) -> TtftHistogram {
        let charts::Histogram { edges_ms, counts, .. } =
            charts::ttft_histogram(&self.outcome, bins.min(MOST_POINTS));
        // A request has one TTFT, so that no count exceeds the number of requests, which fits.
        TtftHistogram { edges: edges_ms, counts: counts.into_iter().map(|count| count as u32).collect() }
    }

    /// Cumulative distribution of TTFT, thinned to at most `points` points.
    #[wasm_bindgen(js_name = ttftCdf)]
    pub fn ttft_cdf(&self, points: usize) -> Cdf {
        let cdf = charts::ttft_cdf(&self.outcome, points.min(MOST_POINTS));
        Cdf { ms: cdf.value_ms, share: cdf.share }
    }

    /// Regret of the routing decisions over time, thinned to at most `points` points.
    #[wasm_bindgen(js_name = regretSeries)]
    pub fn regret_series(&self, points: usize) -> RegretArrays {
        let series = charts::regret_series(&self.outcome, points.min(MOST_POINTS));
        RegretArrays { seconds: series.time_s, min: series.min, mean: series.mean, max: series.max }
    }

    /// Requests routed to each instance.
    #[wasm_bindgen(js_name = requestsPerInstance)]
    pub fn requests_per_instance(&self) -> Vec<u32> {
        charts::requests_per_instance(&self.outcome)
    }
}

/// Points that no chart needs more of.
const MOST_POINTS: usize = 100_000;

/// A histogram of TTFT.
#[wasm_bindgen(getter_with_clone)]
pub struct TtftHistogram {
    /// Edges in ms, one more than bins.
    pub edges: Vec<f64>,
    /// Samples per bin.
    pub counts: Vec<u32>,
}

/// A cumulative distribution.
#[wasm_bindgen(getter_with_clone)]
pub struct Cdf {
    /// Values in ms, ascending.
    pub ms: Vec<f64>,
    /// Share of samples up to and including the value.
    pub share: Vec<f64>,
}

/// Regret over time, an array per column.
#[wasm_bindgen(getter_with_clone)]
pub struct RegretArrays {
    /// Time of the first decision of a point, s.
    pub seconds: Vec<f64>,
    /// Smallest regret of the point's decisions.
    pub min: Vec<f64>,
    /// Mean regret.
    pub mean: Vec<f64>,
    /// Largest regret.
    pub max: Vec<f64>,
}
