//! The layers by kind of models that are bundled as the reference has them.

use super::public_model::read_model;
use crate::config::{Architecture, Model};
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// What the reader of public files makes of the figures that the reference has of a model (models chapter, G-2 to G-5).
///
/// # Errors
///
/// Below `model.config` what the figures do not tell: of MLA the reference knows only a part.
pub fn derived_architecture(model: &Model) -> Result<Architecture, ConfigError> {
    let counts =
        model.counts().into_iter().chain([("max_position_embeddings", model.max_position_embeddings)]);
    let mut file: Map<String, Value> =
        counts.filter(|(_, count)| *count > 0).map(|(key, count)| (key.to_owned(), count.into())).collect();
    for (key, text) in
        [("model_type", &model.model_type), ("torch_dtype", &model.dtype), ("hidden_act", &model.hidden_act)]
    {
        if !text.is_empty() {
            file.insert(key.to_owned(), text.as_str().into());
        }
    }
    file.insert("tie_word_embeddings".to_owned(), model.tie_word_embeddings.into());
    if model.weight_bytes_per_param > 0.0 && model.weight_bytes_per_param != model.bytes_per_param {
        file.insert("quantization_config".to_owned(), quantisation(model.weight_bytes_per_param));
    }
    let mut architecture =
        read_model(&model.name, &Value::Object(file).to_string(), None)?.architecture.unwrap_or_default();
    // The model's own fields say it, with the scaling of positions.
    architecture.max_length = 0;
    Ok(architecture)
}

fn quantisation(bytes: f64) -> Value {
    if bytes == 1.0 {
        serde_json::json!({"quant_method": "fp8"})
    } else {
        serde_json::json!({"quant_method": "gptq", "bits": bytes * 8.0, "group_size": 128})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{find_model, models};
    use crate::latency::kv_capacity::parameter_count;

    #[test]
    fn models_with_full_attention_have_the_parameters_that_the_reference_counts() {
        let mut derived = Vec::new();
        for model in models().filter(|model| model.architecture.is_none()) {
            let Ok(architecture) = derived_architecture(model) else { continue };
            derived.push(model.key.as_str());
            let ours = architecture.parts.parameters();
            let theirs = parameter_count(model).expect("bundled") as f64;
            // The reference leaves out the heads' own width and shared experts (G-8).
            let off = if ["qwen3-30b-a3b", "mistral-nemo-instruct-2407"].contains(&model.key.as_str()) {
                0.07
            } else if model.key.starts_with("llama-4") {
                0.10
            } else {
                0.001
            };
            assert!((ours - theirs).abs() <= off * theirs, "{}: {ours} and {theirs}", model.key);
        }
        assert!(derived.len() >= 11, "{derived:?}");
        assert!(derived.contains(&"qwen3-14b"));
    }

    #[test]
    fn compressed_attention_is_more_than_the_reference_knows() {
        let error = derived_architecture(find_model("deepseek-v2-lite").expect("bundled")).expect_err("MLA");
        assert!(error.path().starts_with("model.config"), "{error}");
    }
}
