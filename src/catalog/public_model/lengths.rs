//! The longest sequence (models chapter, G-2; kv-capacity chapter, K-6).

use super::LENGTHS;
use super::family::Family;
use super::keys::Keys;
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// Tokens after scaling; 0 = the file does not say.
pub(super) fn longest(keys: &Keys) -> Result<u32, ConfigError> {
    let base = match keys.size(&LENGTHS)? {
        Some(base) => base,
        None => Family::of(keys).default_of(LENGTHS[0]).unwrap_or(0.0),
    };
    let rope = ["rope_scaling", "rope_parameters"].iter().find_map(|key| keys.get(key)?.as_object());
    let model_type = keys.text(&["model_type"]).unwrap_or_default();
    let Some(rope) = rope.filter(|_| base > 0.0 && !model_type.contains("gemma3")) else {
        return Ok(base as u32);
    };
    Ok(scaled(base, rope) as u32)
}

fn scaled(base: f64, rope: &Map<String, Value>) -> f64 {
    let text = |key: &str| rope.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let number = |key: &str| rope.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    let kind = text("type").or_else(|| text("rope_type")).unwrap_or_default();
    let factor = number("factor");
    if ["su", "longrope", "llama3"].contains(&kind) || factor <= 1.0 {
        return base;
    }
    let original = libm::trunc(number("original_max_position_embeddings"));
    let length = libm::trunc(if kind == "yarn" && original > 0.0 { original } else { base } * factor);
    if length <= f64::from(u32::MAX) { length } else { base }
}
