//! Reading a model's public `config.json` (latency chapter, "Reading a public model file"; models chapter, G-1 to G-6).
//!
//! [`read_model`] gives what the reference reads and, beside it, the layers by kind, parameters and number formats.

mod attention;
mod decoder;
mod expression;
mod family;
mod feed_forward;
mod formats;
mod json;
mod keys;
mod lengths;
mod mixers;
mod modules;
mod other_file;
mod plan;
mod quantisation;
mod recurrent;
mod reference;
mod sizes;
mod weight_bytes;

pub use reference::{from_config_json, from_config_text};

use crate::config::Model;
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// Keys of the longest sequence before scaling.
const LENGTHS: [&str; 7] = [
    "max_position_embeddings",
    "n_positions",
    "seq_length",
    "max_seq_len",
    "max_sequence_length",
    "model_max_length",
    "n_ctx",
];

/// Reads the text of a public `config.json`, and of the `hf_quant_config.json` beside it if there is one.
///
/// The result has what the reference reads from the file, and the layers by kind in [`Model::architecture`].
///
/// # Errors
///
/// As [`from_config_text`]; below `model.config` where a key that the layers need is missing, absurd or of a kind that is
/// not known; at `model.config` where the file is another than a model's `config.json`, which the error then names.
pub fn read_model(
    name: &str,
    config_text: &str,
    hf_quant_config_text: Option<&str>,
) -> Result<Model, ConfigError> {
    other_file::refuse_text(config_text)?;
    let config = json::read("model.config", config_text)?;
    let file = config.as_object().ok_or_else(|| ConfigError::malformed("model.config", "no JSON object"))?;
    other_file::refuse_object(file)?;
    other_file::refuse_kind(file)?;
    let mut model = from_config_json(name, &config)?;
    let beside = hf_quant_config_text.map(|text| json::read("model.hf_quant_config", text)).transpose()?;
    let beside = beside.as_ref().map(object_of_quantisation).transpose()?;
    let mut architecture = decoder::read(file, beside)?;
    if let Some(remark) = formats::unsaid(name, file, &architecture.parts) {
        architecture.remarks.push(remark);
    }
    architecture.not_in_reference = json::has_other_numbers(config_text);
    model.architecture = Some(architecture);
    Ok(model)
}

/// The object that says the format, in a file that holds nothing else.
fn object_of_quantisation(file: &Value) -> Result<&Map<String, Value>, ConfigError> {
    let object = file.get("quantization").unwrap_or(file).as_object();
    object.ok_or_else(|| {
        ConfigError::malformed("model.hf_quant_config", "expected an object with the object `quantization`")
    })
}
