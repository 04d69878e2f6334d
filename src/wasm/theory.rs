//! Closed forms beside the simulation, and the figures that lessons name.

use super::values::{config_from_js, to_js};
use super::{RunResult, js_error};
use crate::figures::figures;
use crate::theory::{Calibration, calibrate as measure, overlays};
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// The constants of the closed forms, measured with short runs of this configuration's instance.
#[wasm_bindgen(js_name = Calibration)]
pub struct JsCalibration(Calibration);

/// Measures the constants.
///
/// @throws {ConfigError} if the configuration cannot be used
#[wasm_bindgen]
pub fn calibrate(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsCalibration, Error> {
    let config = config_from_js(&config)?;
    measure(&config).map(JsCalibration).map_err(|error| js_error(&error))
}

#[wasm_bindgen(js_class = Calibration)]
impl JsCalibration {
    /// The measured constants.
    #[wasm_bindgen(getter, unchecked_return_type = "CalibrationConstants")]
    pub fn constants(&self) -> Result<JsValue, Error> {
        to_js(&self.0)
    }
}

#[wasm_bindgen(js_class = Result)]
impl RunResult {
    /// The closed forms for this run, each with the reason why it holds or fails.
    #[wasm_bindgen(unchecked_return_type = "Overlays")]
    pub fn overlays(&self, calibration: &JsCalibration) -> Result<JsValue, Error> {
        to_js(&overlays(&self.config, &self.outcome, &calibration.0))
    }

    /// Every figure by name, as claims and placeholders of lessons use them; those of the closed forms included.
    #[wasm_bindgen(unchecked_return_type = "Figures")]
    pub fn figures(&self, calibration: &JsCalibration) -> Result<JsValue, Error> {
        to_js(&figures(&self.config, &self.outcome, Some(&calibration.0)))
    }
}
