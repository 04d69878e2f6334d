//! Many runs of which only the headline figures are wanted.

use super::js_error;
use super::values::{configs_from_js, index, seed_from_js, steps, to_js};
use crate::sweep::Sweep;
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// Variants of the settings, run one after the other with several seeds. Runs with the same requests share them.
#[wasm_bindgen(js_name = Sweep)]
pub struct JsSweep {
    variants: usize,
    sweep: Sweep,
}

#[wasm_bindgen(js_class = Sweep)]
impl JsSweep {
    /// A sweep over these variants. What a run of them cannot use is refused when it is started.
    ///
    /// @throws {ConfigError} if one of them is no configuration
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "readonly Config[]")] variants: JsValue,
    ) -> Result<Self, Error> {
        let variants = configs_from_js("variants", &variants)?;
        Ok(Self { variants: variants.len(), sweep: Sweep::new(variants) })
    }

    /// Starts the run of a variant, counted from 0, with a seed; a run under way is given up.
    ///
    /// @throws {ConfigError} if there is no such variant, or it cannot be used
    pub fn start(
        &mut self,
        variant: f64,
        #[wasm_bindgen(unchecked_param_type = "number | bigint")] seed: JsValue,
    ) -> Result<(), Error> {
        let variant = index("variant", variant, self.variants, "variants")? as usize;
        self.sweep.start(variant, seed_from_js(&seed)?).map_err(|error| js_error(&error))
    }

    /// Works on the started run for at most about `steps` steps and decisions, its requests first; returns whether it is
    /// over.
    ///
    /// @throws {ConfigError} if `steps` is not at least 1, or the requests turn out to be of no use
    pub fn advance(&mut self, steps: f64) -> Result<bool, Error> {
        let progress = self.sweep.advance(self::steps(steps)?).map_err(|error| js_error(&error))?;
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
