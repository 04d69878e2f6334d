//! Searches for clusters and rates that keep to targets.

use super::js_error;
use super::values::{config_from_js, to_js};
use crate::latency::CustomCatalog;
use crate::sizing::{Question, Search, Targets};
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// A search that is advanced in slices, so that it can show progress and be given up.
#[wasm_bindgen(js_name = SizeSearch)]
pub struct JsSizeSearch(Search);

#[wasm_bindgen(js_class = SizeSearch)]
impl JsSizeSearch {
    /// A search for the smallest number of instances with `tp` GPUs each, or without `tp` for the highest rate of the
    /// cluster as it is set. Settings that cannot be used end it with a row that gives the reason.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
        tp: Option<u32>,
        #[wasm_bindgen(unchecked_param_type = "Targets")] targets: JsValue,
    ) -> Result<Self, Error> {
        let config = config_from_js(&config).map_err(|error| js_error(&error))?;
        let targets: Targets =
            serde_wasm_bindgen::from_value(targets).map_err(|error| Error::new(&error.to_string()))?;
        let question = tp.map_or(Question::Rate, |tp| Question::Instances { tp });
        Search::new(&config, question, targets, CustomCatalog::default())
            .map(Self)
            .map_err(|error| js_error(&error))
    }

    /// Works on for at most about `steps` steps and decisions of simulations.
    #[wasm_bindgen(unchecked_return_type = "SearchProgress")]
    pub fn advance(&mut self, steps: f64) -> Result<JsValue, Error> {
        // At least one, so that a caller that waits for `done` gets there; the cast saturates.
        to_js(&self.0.advance((steps as u64).max(1)))
    }

    /// The answer so far.
    #[wasm_bindgen(unchecked_return_type = "Row")]
    pub fn row(&self) -> Result<JsValue, Error> {
        to_js(&self.0.row())
    }
}
