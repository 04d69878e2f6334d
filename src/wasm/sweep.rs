//! Many runs of which only the headline figures are wanted.

use super::js_error;
use super::values::{config_from_js, to_js};
use crate::sweep::Sweep;
use js_sys::{Array, Error};
use wasm_bindgen::prelude::*;

/// Variants of the settings, run one after the other with several seeds. Runs with the same requests share them.
#[wasm_bindgen(js_name = Sweep)]
pub struct JsSweep {
    sweep: Sweep,
}

#[wasm_bindgen(js_class = Sweep)]
impl JsSweep {
    /// A sweep over these variants. What a run of them cannot use is refused when it is started.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config[]")] variants: Array) -> Result<Self, Error> {
        let read = |config| config_from_js(&config).map_err(|error| js_error(&error));
        let variants = variants.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { sweep: Sweep::new(variants) })
    }

    /// Starts the run of a variant, counted from 0, with a seed; a run under way is given up.
    pub fn start(&mut self, variant: usize, seed: i64) -> Result<(), Error> {
        self.sweep.start(variant, seed).map_err(|error| js_error(&error))
    }

    /// Works on the started run for at most about `steps` steps and decisions, its requests first; returns whether it is
    /// over.
    pub fn advance(&mut self, steps: f64) -> Result<bool, Error> {
        // At least one, so that a caller that waits for the end gets there; the cast saturates.
        let progress = self.sweep.advance((steps as u64).max(1)).map_err(|error| js_error(&error))?;
        Ok(progress.is_none_or(|progress| progress.done))
    }

    /// Ends the started run and gives its headline figures; `null` if none was started.
    #[wasm_bindgen(unchecked_return_type = "Summary | null")]
    pub fn finish(&mut self) -> Result<JsValue, Error> {
        match self.sweep.finish().map_err(|error| js_error(&error))? {
            None => Ok(JsValue::NULL),
            Some(outcome) => to_js(&outcome.summary()),
        }
    }
}
