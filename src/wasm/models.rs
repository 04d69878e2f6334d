//! Models from the user's own files.

use super::js_error;
use super::values::{document, text, to_js};
use crate::catalog::public_model;
use crate::config::Model;
use crate::latency::description::describe;
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// Most bytes of a file: real ones have a hundred thousand at most.
const MOST_BYTES: usize = 64 << 20;

/// Longest name that is given for a file.
const LONGEST_NAME: usize = crate::config::limits::MAX_NAME_BYTES;

/// Reads a model's public `config.json`, as an entry of `model.own_models`. `quantText` is the `hf_quant_config.json` beside
/// it, if there is one: without it some models seem to have 16-bit weights.
///
/// @throws {ConfigError} below `model.config` for what is missing, absurd or of a kind that is not known
#[wasm_bindgen(js_name = readModel, unchecked_return_type = "Model")]
pub fn read_model(
    #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
    #[wasm_bindgen(js_name = text, unchecked_param_type = "string")] config: JsValue,
    #[wasm_bindgen(js_name = quantText, unchecked_optional_param_type = "string | null")] quant: JsValue,
) -> Result<JsValue, Error> {
    let name = text("name", &name, LONGEST_NAME)?;
    let config = text("text", &config, MOST_BYTES)?;
    let beside = (!quant.is_null() && !quant.is_undefined()).then(|| text("quantText", &quant, MOST_BYTES));
    let model = public_model::read_model(&name, &config, beside.transpose()?.as_deref());
    to_js(&model.map_err(|error| js_error(&error))?)
}

/// What was understood of a model: layers by kind, parameters by part, cache and state, what BLIS makes of it.
///
/// @throws {ConfigError} if it is no model
#[wasm_bindgen(js_name = describeModel, unchecked_return_type = "ModelDescription")]
pub fn describe_model(
    #[wasm_bindgen(unchecked_param_type = "Partial<Model>")] model: JsValue,
) -> Result<JsValue, Error> {
    let model: Model = document("model", &model)?;
    to_js(&describe(&model))
}
