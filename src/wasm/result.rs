//! What a run leaves: headline figures and charts.

use super::values::{config_to_js, record, to_js, whole};
use crate::config::Config;
use crate::outcome::{Outcome, charts};
use crate::record::{LimitRecord, digest};
use js_sys::{Error, Float64Array, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

/// What happened in a run. It lies in the module's memory until it is freed or collected: see `free`. What its getters
/// give is made at the first read and then the same frozen object; `column` and the charts give fresh arrays.
#[wasm_bindgen(js_name = Result)]
pub struct RunResult {
    pub(super) config: Config,
    pub(super) outcome: Outcome,
    warnings: Vec<String>,
}

impl RunResult {
    /// What a run that is over, or given up, has left, with the warnings that were known before.
    pub(super) fn new(config: Config, mut warnings: Vec<String>, outcome: Outcome) -> Self {
        warnings.extend(outcome.warnings());
        Self { config, outcome, warnings }
    }
}

#[wasm_bindgen(js_class = Result)]
impl RunResult {
    /// The settings of the run.
    #[wasm_bindgen(getter, unchecked_return_type = "Frozen<CompleteConfig>")]
    pub fn config(&self) -> Result<JsValue, Error> {
        config_to_js(&self.config)
    }

    /// The headline figures.
    #[wasm_bindgen(getter, unchecked_return_type = "Frozen<Summary>")]
    pub fn summary(&self) -> Result<JsValue, Error> {
        to_js(&self.outcome.summary())
    }

    /// 16 hexadecimal digits over all columns: equal for equal outcomes, on every platform.
    #[wasm_bindgen(getter)]
    pub fn digest(&self) -> String {
        digest(&self.outcome)
    }

    /// How the run ended.
    #[wasm_bindgen(getter, unchecked_return_type = "Frozen<Ending>")]
    pub fn ending(&self) -> Result<JsValue, Error> {
        to_js(&self.outcome.ending)
    }

    /// Why requests waited in the queues of the instances, as shares of the time from the first arrival to the last
    /// completion, per instance and overall; `null` if the run does not track limits.
    #[wasm_bindgen(getter, unchecked_return_type = "Frozen<Limits> | null")]
    pub fn limits(&self) -> Result<JsValue, Error> {
        to_js(&self.outcome.limits.as_ref().map(LimitRecord::shares))
    }

    /// Warnings: the run went ahead.
    #[wasm_bindgen(getter, unchecked_return_type = "readonly string[]")]
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// TTFT of every request that produced a first token, in ms, in request order.
    #[wasm_bindgen(js_name = ttftMs)]
    pub fn ttft_ms(&self) -> Vec<f64> {
        self.outcome.records.ttft.iter().filter(|time| time.happened()).map(|time| time.as_ms()).collect()
    }

    /// Histogram of TTFT with at most `bins` bins, 1 to 100000.
    ///
    /// @throws {ConfigError} if `bins` is another number
    #[wasm_bindgen(js_name = ttftHistogram, unchecked_return_type = "TtftHistogram")]
    pub fn ttft_histogram(&self, bins: f64) -> Result<JsValue, Error> {
        let charts::Histogram { edges_ms, counts, .. } =
            charts::ttft_histogram(&self.outcome, many("bins", bins)?);
        // A request has one TTFT, so that no count exceeds the number of requests, which fits.
        let counts: Vec<u32> = counts.into_iter().map(|count| count as u32).collect();
        Ok(record([("edges", floats(&edges_ms)), ("counts", Uint32Array::from(&counts[..]).into())]))
    }

    /// Cumulative distribution of TTFT, thinned to at most `points` points, 1 to 100000.
    ///
    /// @throws {ConfigError} if `points` is another number
    #[wasm_bindgen(js_name = ttftCdf, unchecked_return_type = "Cdf")]
    pub fn ttft_cdf(&self, points: f64) -> Result<JsValue, Error> {
        let cdf = charts::ttft_cdf(&self.outcome, many("points", points)?);
        Ok(record([("ms", floats(&cdf.value_ms)), ("share", floats(&cdf.share))]))
    }

    /// Regret of the routing decisions over time, thinned to at most `points` points, 1 to 100000.
    ///
    /// @throws {ConfigError} if `points` is another number
    #[wasm_bindgen(js_name = regretSeries, unchecked_return_type = "RegretArrays")]
    pub fn regret_series(&self, points: f64) -> Result<JsValue, Error> {
        let series = charts::regret_series(&self.outcome, many("points", points)?);
        Ok(record([
            ("seconds", floats(&series.time_s)),
            ("min", floats(&series.min)),
            ("mean", floats(&series.mean)),
            ("max", floats(&series.max)),
        ]))
    }

    /// Requests routed to each instance.
    #[wasm_bindgen(js_name = requestsPerInstance)]
    pub fn requests_per_instance(&self) -> Vec<u32> {
        charts::requests_per_instance(&self.outcome)
    }

    /// The result as plain data, for `JSON.stringify`, logs and other threads: its figures without its columns.
    #[wasm_bindgen(js_name = toJSON, unchecked_return_type = "ResultJson")]
    pub fn to_json(&self) -> Result<JsValue, Error> {
        let summary = self.summary()?;
        Ok(record([
            ("digest", self.digest().into()),
            ("verdict", Reflect::get(&summary, &"verdict".into())?),
            ("warnings", to_js(&self.warnings)?),
            ("summary", summary),
            ("config", self.config()?),
        ]))
    }
}

/// Points that no chart needs more of.
const MOST_POINTS: u32 = 100_000;

/// Reads a number of points, bins or stretches.
pub(super) fn many(name: &str, number: f64) -> Result<usize, Error> {
    whole(name, number, 1..=MOST_POINTS).map(|number| number as usize)
}

/// A column of its own.
pub(super) fn floats(numbers: &[f64]) -> JsValue {
    Float64Array::from(numbers).into()
}
