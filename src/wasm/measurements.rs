//! Results of benchmarks, and coefficients of the latency model fitted to them.

use super::js_error;
use super::values::{bytes, config_from_js, document, text, to_js};
use crate::config::limits::MAX_NAME_BYTES;
use crate::error::ConfigError;
use crate::import::MAX_DOCUMENT_BYTES;
use crate::latency::CustomCatalog;
use crate::measurements::{LatencyFit, Measured, MeasurementOptions, read_all};
use js_sys::{Array, Error, Reflect};
use wasm_bindgen::prelude::*;

/// Longest name of a file.
const MOST_IN_NAME: usize = 1 << 16;

/// Reads results of `vllm bench serve`, SGLang's benchmark, GuideLLM or AIPerf, or tables: a row per rate. What is wrong with
/// a file or a row is said with it, and why the rows cannot be fitted, if they cannot, in `problem`.
///
/// @throws {ConfigError} if the arguments are no files or options
#[wasm_bindgen(js_name = readMeasurements, unchecked_return_type = "Measurements")]
pub fn read_measurements(
    #[wasm_bindgen(unchecked_param_type = "readonly { name: string; text: string | Uint8Array }[]")]
    files: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Partial<MeasurementOptions>")] options: JsValue,
) -> Result<JsValue, Error> {
    let options: MeasurementOptions = document("options", &options)?;
    let files = files_from_js(&files)?;
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    to_js(&read_all(&files, &options).map_err(|error| js_error(&error))?)
}

/// Names and contents; the latter may be longer than any other text that is given.
fn files_from_js(files: &JsValue) -> Result<Vec<(String, Vec<u8>)>, Error> {
    if !Array::is_array(files) {
        let expected = "a list of { name, text }";
        return Err(js_error(&ConfigError::invalid("files", "no list", expected)));
    }
    let one = |(place, file): (usize, JsValue)| {
        let get = |name: &str| Reflect::get(&file, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let (name, content) = (get("name"), get("text"));
        let path = format!("files[{place}].text");
        let content = if content.is_string() {
            text(&path, &content, MAX_DOCUMENT_BYTES)?.into_bytes()
        } else {
            bytes(&path, &content)?
        };
        Ok((text(&format!("files[{place}].name"), &name, MOST_IN_NAME)?, content))
    };
    Array::from(files).iter().enumerate().map(one).collect()
}

/// A fit of coefficients of the latency model to measurements, which is advanced in slices, so that it can show progress and
/// be given up.
#[wasm_bindgen(js_name = LatencyFit)]
pub struct JsLatencyFit(LatencyFit);

#[wasm_bindgen(js_class = LatencyFit)]
impl JsLatencyFit {
    /// A fit that has simulated nothing yet. The configuration says what was measured: model, GPU, TP, instances, limits of
    /// the batch; its workload does not count. The name is that of the result, and may be empty.
    ///
    /// @throws {ConfigError} at `measurements` with every reason if the rows cannot be fitted, and if the configuration
    /// cannot be used
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly Partial<Measured>[]")] rows: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
    ) -> Result<Self, Error> {
        let config = config_from_js(&config)?;
        let rows: Vec<Measured> = document("rows", &rows)?;
        let name = text("name", &name, MAX_NAME_BYTES)?;
        LatencyFit::new(&config, CustomCatalog::default(), &rows, &name)
            .map(Self)
            .map_err(|error| js_error(&error))
    }

    /// Works on for at most about `steps` steps and decisions of simulations.
    ///
    /// @throws {ConfigError} if `steps` is not at least 1
    #[wasm_bindgen(unchecked_return_type = "FitProgress")]
    pub fn advance(&mut self, steps: f64) -> Result<JsValue, Error> {
        to_js(&self.0.advance(super::values::steps(steps)?))
    }

    /// What came of it, once `advance` says that it is done.
    ///
    /// @throws {ConfigError} if it is not over, or if the simulation cannot serve the requests of a row
    #[wasm_bindgen(unchecked_return_type = "FittedLatency")]
    pub fn result(&self) -> Result<JsValue, Error> {
        to_js(&self.0.result().map_err(|error| js_error(&error))?)
    }
}
