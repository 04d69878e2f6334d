//! Searches for clusters and rates that keep to targets.

use super::js_error;
use super::values::{config_from_js, steps, targets_from_js, to_js, whole};
use crate::config::limits::MAX_TP;
use crate::latency::CustomCatalog;
use crate::sizing::{Question, Search};
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// A search that is advanced in slices, so that it can show progress and be given up.
#[wasm_bindgen(js_name = SizeSearch)]
pub struct JsSizeSearch(Search);

#[wasm_bindgen(js_class = SizeSearch)]
impl JsSizeSearch {
    /// A search for the smallest number of instances with `tp` GPUs each, or without `tp` for the highest rate of the
    /// cluster as it is set. Settings that cannot be used end it with a row that gives the reason.
    ///
    /// @throws {ConfigError} if it is no configuration, or the targets or `tp` cannot be used
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
        tp: Option<f64>,
        #[wasm_bindgen(unchecked_param_type = "Targets")] targets: JsValue,
    ) -> Result<Self, Error> {
        let config = config_from_js(&config)?;
        let targets = targets_from_js(&targets)?;
        let question = match tp {
            Some(tp) => Question::Instances { tp: whole("tp", tp, 1..=MAX_TP as u32)? },
            None => Question::Rate,
        };
        Search::new(&config, question, targets, CustomCatalog::default())
            .map(Self)
            .map_err(|error| js_error(&error))
    }

    /// Works on for at most about `steps` steps and decisions of simulations.
    ///
    /// @throws {ConfigError} if `steps` is not at least 1
    #[wasm_bindgen(unchecked_return_type = "SearchProgress")]
    pub fn advance(&mut self, steps: f64) -> Result<JsValue, Error> {
        to_js(&self.0.advance(self::steps(steps)?))
    }

    /// The answer so far.
    #[wasm_bindgen(unchecked_return_type = "Row")]
    pub fn row(&self) -> Result<JsValue, Error> {
        to_js(&self.0.row())
    }
}
