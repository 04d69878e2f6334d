//! Figures that are computed on request: distributions, goodput, stretches, single requests.

use super::values::{latency_from_js, numbers, target_from_js, to_js};
use super::{MOST_POINTS, RunResult, js_error};
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
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn notes(&self) -> Vec<String> {
        beside::notes(&self.outcome)
    }

    /// A latency in percentiles, as a cumulative curve of at most `points` points and in two histograms of at most
    /// `bins` bins.
    #[wasm_bindgen(unchecked_return_type = "Distribution")]
    pub fn distribution(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Latency")] latency: JsValue,
        bins: usize,
        points: usize,
    ) -> Result<JsValue, Error> {
        let latency = latency_from_js(&latency).map_err(|error| js_error(&error))?;
        to_js(&distribution(&self.outcome, latency, bins.min(MOST_POINTS), points.min(MOST_POINTS)))
    }

    /// Mean time of the completed requests in each stretch of their way.
    #[wasm_bindgen(unchecked_return_type = "Phases")]
    pub fn phases(&self) -> Result<JsValue, Error> {
        to_js(&phases(&self.outcome))
    }

    /// Goodput at the latency targets of the settings, and as the target of TTFT moves, in about `points` points.
    #[wasm_bindgen(js_name = goodputCurve, unchecked_return_type = "GoodputCurve")]
    pub fn goodput_curve(&self, points: usize) -> Result<JsValue, Error> {
        to_js(&goodput_curve(&self.outcome, &self.config.goodput_targets(), points.min(MOST_POINTS)))
    }

    /// Share of all arrivals that were answered within a target, whatever their class; 0 if nothing arrived.
    #[wasm_bindgen(js_name = goodShare)]
    pub fn good_share(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SloTarget")] target: JsValue,
    ) -> Result<f64, Error> {
        let target = target_from_js(&target).map_err(|error| js_error(&error))?;
        Ok(good_share(&self.outcome, &target))
    }

    /// The latency targets of the run by class: those of the settings, else those of the workload's specification.
    #[wasm_bindgen(getter, js_name = latencyTargets, unchecked_return_type = "Record<string, SloTarget>")]
    pub fn latency_targets(&self) -> Result<JsValue, Error> {
        to_js(&self.config.goodput_targets())
    }

    /// Names of the classes of which a request arrived, as latency targets name them.
    #[wasm_bindgen(getter, js_name = classLabels, unchecked_return_type = "string[]")]
    pub fn class_labels(&self) -> Vec<String> {
        self.outcome.arrived_classes().into_iter().map(str::to_owned).collect()
    }

    /// Regret of the decisions by chosen instance.
    #[wasm_bindgen(js_name = regretByInstance, unchecked_return_type = "InstanceRegret[]")]
    pub fn regret_by_instance(&self) -> Result<JsValue, Error> {
        to_js(&regret_by_instance(&self.outcome))
    }

    /// For each of `stretches` equal stretches of time, the request that waited longest for its first token, by arrival.
    #[wasm_bindgen(js_name = worstWaits)]
    pub fn worst_waits(&self, stretches: usize) -> Vec<u32> {
        numbers(&worst_waits(&self.outcome, stretches.min(MOST_POINTS)))
    }

    /// For each of `stretches` equal stretches of time, the request whose routing decision had the largest regret.
    #[wasm_bindgen(js_name = worstDecisions)]
    pub fn worst_decisions(&self, stretches: usize) -> Vec<u32> {
        numbers(&worst_decisions(&self.outcome, stretches.min(MOST_POINTS)))
    }
}
