//! What the reference reads from a public `config.json` (latency chapter, "Reading a public model file").

use super::{json, weight_bytes::weight_bytes};
use crate::config::{Model, RopeScaling};
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// Reads the text of a public `config.json`.
///
/// # Errors
///
/// As [`from_config_json`], and at `model.config` what is no JSON.
pub fn from_config_text(name: &str, text: &str) -> Result<Model, ConfigError> {
    let config = json::read("model.config", text)?;
    from_config_json(name, &config)
}

/// The facts of a public `config.json`.
///
/// `name` is the model's name as the user gave it; it decides the weight width if the file gives none.
/// Absent facts are 0, and are rejected where they are needed.
///
/// # Errors
///
/// Below `model.config` if the text is no object, a count is negative where the chapter forbids it, or a count is
/// larger than [`Model::LARGEST_COUNT`].
pub fn from_config_json(name: &str, config: &Value) -> Result<Model, ConfigError> {
    let facts = Facts::new(config)?;
    let model = read_facts(name, &facts);
    check_range(&model)?;
    Ok(model)
}

fn read_facts(name: &str, facts: &Facts) -> Model {
    let lower = name.to_lowercase();
    let dtype = facts.text("torch_dtype").or_else(|| facts.text("dtype")).unwrap_or_default();
    let intermediate_size = facts.first_non_zero(&["intermediate_size", "ffn_hidden_size"]);
    Model {
        key: lower.split_once('/').map_or(lower.as_str(), |(_, rest)| rest).to_owned(),
        title: name.to_owned(),
        hf_id: name.to_owned(),
        model_type: facts.text("model_type").unwrap_or_default().to_owned(),
        num_hidden_layers: facts.count("num_hidden_layers"),
        hidden_size: facts.count("hidden_size"),
        num_attention_heads: facts.count("num_attention_heads"),
        num_key_value_heads: facts.first_non_zero(&[
            "num_key_value_heads",
            "num_kv_heads",
            "multi_query_group_num",
        ]),
        head_dim: facts.count("head_dim"),
        kv_lora_rank: facts.count("kv_lora_rank"),
        qk_rope_head_dim: facts.count("qk_rope_head_dim"),
        intermediate_size,
        num_local_experts: facts.experts(),
        num_experts_per_tok: facts.count("num_experts_per_tok"),
        moe_intermediate_size: facts.count("moe_intermediate_size"),
        shared_expert_intermediate_size: facts.shared_width(intermediate_size),
        n_shared_experts: facts.count("n_shared_experts"),
        interleave_moe_layer_step: facts.count("interleave_moe_layer_step"),
        intermediate_size_mlp: facts.count("intermediate_size_mlp"),
        first_k_dense_replace: facts.count("first_k_dense_replace"),
        vocab_size: facts.count("vocab_size"),
        bytes_per_param: bytes_of(dtype),
        weight_bytes_per_param: weight_bytes(name, facts.get("quantization_config")).unwrap_or(0.0),
        hidden_act: facts.text("hidden_act").unwrap_or_default().to_owned(),
        tie_word_embeddings: facts.get("tie_word_embeddings").and_then(Value::as_bool).unwrap_or(false),
        max_position_embeddings: facts.count("max_position_embeddings"),
        rope_scaling: facts.get("rope_scaling").and_then(rope_scaling),
        dtype: dtype.to_owned(),
        name: lower,
        ..Model::default()
    }
}

/// Bytes of an element of this type; 0 if the type is unknown.
fn bytes_of(dtype: &str) -> f64 {
    match dtype {
        "float32" => 4.0,
        "float16" | "bfloat16" => 2.0,
        "int8" | "uint8" | "fp8" | "int4" | "nf4" => 1.0,
        _ => 0.0,
    }
}

fn rope_scaling(value: &Value) -> Option<RopeScaling> {
    let object = value.as_object()?;
    let text = |key: &str| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let number = |key: &str| object.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    Some(RopeScaling {
        kind: text("type").or_else(|| text("rope_type")).unwrap_or_default().to_owned(),
        factor: number("factor"),
        original_max_position_embeddings: number("original_max_position_embeddings"),
    })
}

fn check_range(model: &Model) -> Result<(), ConfigError> {
    let never_negative = ["head_dim", "kv_lora_rank", "qk_rope_head_dim", "first_k_dense_replace"];
    for (field, count) in model.counts() {
        let lowest = if never_negative.contains(&field) { 0 } else { -Model::LARGEST_COUNT };
        if !(lowest..=Model::LARGEST_COUNT).contains(&count) {
            let expected = format!("a whole number from {} to {}", lowest.max(0), Model::LARGEST_COUNT);
            return Err(ConfigError::invalid(format!("model.config.{field}"), count, expected));
        }
    }
    Ok(())
}

/// The keys of the file; those of `text_config` hide equal ones outside.
struct Facts<'a> {
    outer: &'a Map<String, Value>,
    text_config: Option<&'a Map<String, Value>>,
}

impl<'a> Facts<'a> {
    fn new(config: &'a Value) -> Result<Self, ConfigError> {
        let Some(outer) = config.as_object() else {
            let message = "the model's config.json must be a JSON object";
            return Err(ConfigError::malformed("model.config", message));
        };
        Ok(Self { outer, text_config: outer.get("text_config").and_then(Value::as_object) })
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.text_config.and_then(|inner| inner.get(key)).or_else(|| self.outer.get(key))
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Value::as_str)
    }

    /// A number cut to an integer; anything else counts as missing, that is 0.
    fn count(&self, key: &str) -> i64 {
        self.get(key).and_then(Value::as_f64).unwrap_or(0.0) as i64
    }

    fn first_non_zero(&self, keys: &[&str]) -> i64 {
        keys.iter().map(|key| self.count(key)).find(|count| *count != 0).unwrap_or(0)
    }

    /// N: one expert counts as dense.
    fn experts(&self) -> i64 {
        ["num_experts", "moe_num_experts", "n_routed_experts", "num_local_experts", "num_routed_experts"]
            .iter()
            .map(|key| self.count(key))
            .find(|count| *count >= 2)
            .unwrap_or(0)
    }

    /// f_s: the total width of the shared experts of a layer.
    fn shared_width(&self, intermediate_size: i64) -> i64 {
        let declared = self.count("shared_expert_intermediate_size");
        if declared > 0 {
            return declared;
        }
        let expert = match self.count("moe_intermediate_size") {
            0 => intermediate_size,
            width => width,
        };
        self.count("n_shared_experts").saturating_mul(expert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[allow(clippy::needless_pass_by_value, reason = "keeps the calls short")]
    fn read(config: Value) -> Model {
        from_config_json("Org/Some-Model", &config).expect("valid")
    }

    #[test]
    fn keys_of_the_text_configuration_replace_outer_ones() {
        let model = read(json!({"hidden_size": 1, "vocab_size": 9, "text_config": {"hidden_size": 2}}));
        assert_eq!((model.hidden_size, model.vocab_size), (2, 9));
    }

    #[test]
    fn the_first_non_zero_of_several_spellings_counts() {
        let model = read(json!({"num_key_value_heads": 0, "num_kv_heads": 0, "multi_query_group_num": 2,
            "ffn_hidden_size": 7}));
        assert_eq!((model.num_key_value_heads, model.intermediate_size), (2, 7));
    }

    #[test]
    fn one_expert_is_dense_and_the_next_spelling_is_tried() {
        assert_eq!(read(json!({"num_experts": 1})).num_local_experts, 0);
        assert_eq!(read(json!({"num_experts": 1, "n_routed_experts": 64})).num_local_experts, 64);
    }

    #[test]
    fn shared_experts_are_counted_by_width_or_by_number() {
        let counted =
            json!({"n_shared_experts": 2, "moe_intermediate_size": 1408, "intermediate_size": 10944});
        assert_eq!(read(counted).shared_expert_intermediate_size, 2816);
        let fallback = json!({"n_shared_experts": 2, "intermediate_size": 100});
        assert_eq!(read(fallback).shared_expert_intermediate_size, 200);
        let declared = json!({"n_shared_experts": 2, "shared_expert_intermediate_size": 5});
        assert_eq!(read(declared).shared_expert_intermediate_size, 5);
    }

    #[test]
    fn the_type_gives_the_bytes_and_an_unknown_one_gives_none() {
        for (config, bytes) in [
            (json!({"torch_dtype": "float32"}), 4.0),
            (json!({"dtype": "bfloat16"}), 2.0),
            (json!({"torch_dtype": "nf4", "dtype": "float32"}), 1.0),
            (json!({"torch_dtype": "float64"}), 0.0),
            (json!({}), 0.0),
        ] {
            assert_eq!(read(config).bytes_per_param, bytes);
        }
    }

    #[test]
    fn numbers_are_cut_and_other_values_count_as_missing() {
        let model = read(json!({"hidden_size": 12.9, "num_hidden_layers": "32", "vocab_size": null}));
        assert_eq!((model.hidden_size, model.num_hidden_layers, model.vocab_size), (12, 0, 0));
    }

    #[test]
    fn rope_type_stands_in_for_a_missing_type() {
        let model = read(json!({"rope_scaling": {"type": "", "rope_type": "yarn", "factor": 4}}));
        let scaling = model.rope_scaling.expect("an object");
        assert_eq!((scaling.kind.as_str(), scaling.factor), ("yarn", 4.0));
        assert_eq!(read(json!({"rope_scaling": "yarn"})).rope_scaling, None);
    }

    #[test]
    fn negative_widths_of_the_kv_entry_are_rejected() {
        for field in ["head_dim", "kv_lora_rank", "qk_rope_head_dim", "first_k_dense_replace"] {
            let error = from_config_json("x", &json!({field: -1})).expect_err(field);
            assert_eq!(error.path(), format!("model.config.{field}"));
        }
    }

    #[test]
    fn absurd_counts_and_shapes_are_rejected() {
        assert_eq!(
            from_config_json("x", &json!({"hidden_size": 1e18})).expect_err("too large").path(),
            "model.config.hidden_size"
        );
        for config in [json!([]), json!(null), json!("x")] {
            assert_eq!(from_config_json("x", &config).expect_err("no object").path(), "model.config");
        }
    }
}
