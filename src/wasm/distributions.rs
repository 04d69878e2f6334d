//! Figures that are computed on request: distributions, goodput, stretches, single requests.

use super::RunResult;
use super::result::many;
use super::values::{latency_from_js, numbers, target_from_js, to_js};
use crate::outcome::beside;
use crate::outcome::distribution::distribution;
use crate::outcome::goodput::good_share;
use crate::outcome::goodput_curve::goodput_curve;
use crate::outcome::phases::phases;
use crate::outcome::singles::{regret_by_instance, worst_decisions, worst_waits};
use js_sys::Error;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(js_class = Result)]
impl RunResult {
    /// Where the headline figures mislead, in sentences without a dot at the end; mostly none.
    #[wasm_bindgen(getter, unchecked_return_type = "readonly string[]")]
    pub fn notes(&self) -> Vec<String> {
        beside::notes(&self.outcome)
    }

    /// A latency in percentiles, as a cumulative curve of at most `points` points and in two histograms of at most
    /// `bins` bins, each 1 to 100000.
    ///
    /// @throws {ConfigError} if there is no such latency, or a number is outside its range
    #[wasm_bindgen(unchecked_return_type = "Distribution")]
    pub fn distribution(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Latency")] latency: JsValue,
        bins: f64,
        points: f64,
    ) -> Result<JsValue, Error> {
        let latency = latency_from_js(&latency)?;
        to_js(&distribution(&self.outcome, latency, many("bins", bins)?, many("points", points)?))
    }

    /// Mean time of the completed requests in each stretch of their way.
    #[wasm_bindgen(unchecked_return_type = "Phases")]
    pub fn phases(&self) -> Result<JsValue, Error> {
        to_js(&phases(&self.outcome))
    }

    /// Goodput at the latency targets of the settings, and as the target of TTFT moves, in about `points` points, 1 to
    /// 100000.
    ///
    /// @throws {ConfigError} if `points` is another number
    #[wasm_bindgen(js_name = goodputCurve, unchecked_return_type = "GoodputCurve")]
    pub fn goodput_curve(&self, points: f64) -> Result<JsValue, Error> {
        to_js(&goodput_curve(&self.outcome, &self.config.goodput_targets(), many("points", points)?))
    }

    /// Share of all arrivals that were answered within a target, whatever their class; 0 if nothing arrived.
    ///
    /// @throws {ConfigError} if it is no target
    #[wasm_bindgen(js_name = goodShare)]
    pub fn good_share(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SloTarget")] target: JsValue,
    ) -> Result<f64, Error> {
        let target = target_from_js(&target)?;
        Ok(good_share(&self.outcome, &target))
    }

    /// The latency targets of the run by class: those of the settings, else those of the workload's specification.
    #[wasm_bindgen(getter, js_name = latencyTargets, unchecked_return_type = "Frozen<Record<string, SloTarget>>")]
    pub fn latency_targets(&self) -> Result<JsValue, Error> {
        to_js(&self.config.goodput_targets())
    }

    /// Names of the classes of which a request arrived, as latency targets name them.
    #[wasm_bindgen(getter, js_name = classLabels, unchecked_return_type = "readonly string[]")]
    pub fn class_labels(&self) -> Vec<String> {
        self.outcome.arrived_classes().into_iter().map(str::to_owned).collect()
    }

    /// Regret of the decisions by chosen instance.
    #[wasm_bindgen(js_name = regretByInstance, unchecked_return_type = "InstanceRegret[]")]
    pub fn regret_by_instance(&self) -> Result<JsValue, Error> {
        to_js(&regret_by_instance(&self.outcome))
    }

    /// For each of `stretches` equal stretches of time, the request that waited longest for its first token, by arrival.
    ///
    /// @throws {ConfigError} if `stretches` is not 1 to 100000
    #[wasm_bindgen(js_name = worstWaits)]
    pub fn worst_waits(&self, stretches: f64) -> Result<Vec<u32>, Error> {
        Ok(numbers(&worst_waits(&self.outcome, many("stretches", stretches)?)))
    }

    /// For each of `stretches` equal stretches of time, the request whose routing decision had the largest regret.
    ///
    /// @throws {ConfigError} if `stretches` is not 1 to 100000
    #[wasm_bindgen(js_name = worstDecisions)]
    pub fn worst_decisions(&self, stretches: f64) -> Result<Vec<u32>, Error> {
        Ok(numbers(&worst_decisions(&self.outcome, many("stretches", stretches)?)))
    }
}
