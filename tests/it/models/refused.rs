//! What is no model's `config.json`, or none that can be: a clear error, soon, whatever the text.

use super::figures::files;
use blis_playground::catalog::public_model::read_model;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn error(text: &str) -> String {
    match read_model("a/b", text, None) {
        Ok(_) => panic!("accepted: {}", &text[..text.len().min(200)]),
        Err(error) => error.to_string(),
    }
}

#[test]
fn files_taken_by_mistake_are_named_and_the_right_one_too() {
    for (text, what) in [
        ("", "empty"),
        (" \n", "empty"),
        ("<!DOCTYPE html><html></html>", "web page"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "git-lfs"),
        ("---\nlicense: mit\n---\n# Model", "README"),
        ("{}", "empty"),
        (r#"{"metadata": {"total_size": 1}, "weight_map": {"a": "b"}}"#, "index of weights"),
        (
            r#"{"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.6.0", "unet": ["a", "b"]}"#,
            "diffusers",
        ),
        (r#"{"peft_type": "LORA", "base_model_name_or_path": "x/y", "r": 8}"#, "adapter"),
        (r#"{"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>"}"#, "tokenizer_config.json"),
        (
            r#"{"version": "1.0", "added_tokens": [], "normalizer": null, "model": {"type": "BPE"}}"#,
            "tokenizer.json",
        ),
        (r#"{"_from_model_config": true, "eos_token_id": 2}"#, "generation_config.json"),
        (r#"{"bos_token_id": 1, "do_sample": true, "temperature": 0.6}"#, "generation_config.json"),
        (r#"{"image_processor_type": "A", "image_mean": [1]}"#, "preprocessor_config.json"),
        (
            r#"{"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "FP8"}}"#,
            "hf_quant_config.json",
        ),
        (
            r#"{"dim": 4096, "n_layers": 32, "n_heads": 32, "norm_eps": 1e-5, "vocab_size": 32000}"#,
            "params.json",
        ),
        (r#"{"seed": 1, "workload": {}}"#, "no model's config.json"),
    ] {
        let message = error(text);
        assert!(message.starts_with("model.config: ") && message.contains(what), "{text}: {message}");
        assert!(message.contains("config.json"), "{message}");
    }
}

#[allow(clippy::needless_pass_by_value, reason = "keeps the calls short")]
fn config(changes: Value) -> String {
    let mut config = json!({"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128_256, "torch_dtype": "bfloat16"});
    for (key, value) in changes.as_object().expect("changes") {
        config[key] = value.clone();
    }
    config.to_string()
}

#[test]
fn absurd_and_missing_sizes_are_named_by_their_key() {
    assert!(read_model("a/b", &config(json!({})), None).is_ok());
    for (changes, key) in [
        (json!({"num_hidden_layers": 1e30}), "num_hidden_layers"),
        (json!({"num_hidden_layers": -4}), "num_hidden_layers"),
        (json!({"num_hidden_layers": 10_001}), "num_hidden_layers"),
        (json!({"num_hidden_layers": "32"}), "num_hidden_layers"),
        (json!({"num_hidden_layers": 0}), "num_hidden_layers"),
        (json!({"hidden_size": null, "model_type": "new"}), "hidden_size"),
        (json!({"hidden_size": 4096.5}), "hidden_size"),
        (json!({"hidden_size": [1, 2]}), "hidden_size"),
        (json!({"hidden_size": true}), "hidden_size"),
        (json!({"num_attention_heads": null, "model_type": "new"}), "num_attention_heads"),
        (json!({"num_key_value_heads": 64}), "num_key_value_heads"),
        (json!({"intermediate_size": null, "model_type": "new"}), "intermediate_size"),
        (json!({"vocab_size": null, "model_type": "new"}), "vocab_size"),
        (json!({"vocab_size": {}}), "vocab_size"),
        (json!({"num_experts": 8}), "num_experts_per_tok"),
        (json!({"num_experts": 8, "num_experts_per_tok": 9}), "num_experts_per_tok"),
        (json!({"layer_types": ["full_attention"]}), "layer_types"),
        (json!({"layer_types": vec!["odd"; 32]}), "layer_types"),
        (json!({"layer_types": vec!["sliding_attention"; 32]}), "sliding_window"),
        (json!({"hybrid_override_pattern": "X".repeat(32)}), "hybrid_override_pattern"),
        (json!({"layers_block_type": vec!["hybrid"; 32]}), "layers_block_type"),
        (json!({"kv_lora_rank": 512}), "qk_nope_head_dim"),
        (json!({"compress_ratios": vec![4; 32]}), "q_lora_rank"),
        (json!({"is_encoder_decoder": true}), "is_encoder_decoder"),
        (json!({"architectures": ["BertForMaskedLM"]}), "architectures"),
        (json!({"model_type": "xlm-roberta"}), "model_type"),
        (json!({"model_type": "siglip2", "architectures": ["Siglip2Model"]}), "model_type"),
        (json!({"moe_layers_enum": "4,five", "num_experts": 8, "num_experts_per_tok": 2}), "moe_layers_enum"),
        (json!({"block_types": ["recurrent", "attention"]}), "block_types"),
        (json!({"attention_hidden_size": 4096}), "attention_hidden_size"),
        (json!({"mamba_d_state": 16}), "mamba_d_state"),
        (json!({"mlp_layer_types": vec!["odd"; 32]}), "mlp_layer_types"),
        (json!({"hidden_size": 1 << 30, "intermediate_size": 1 << 30}), "hidden_size"),
    ] {
        let error = read_model("a/b", &config(changes.clone()), None).expect_err("refused");
        assert_eq!(error.path(), format!("model.config.{key}"), "{changes}: {error}");
    }
}

#[test]
fn nested_keys_are_named_where_they_stand() {
    let nested = json!({"model_type": "x", "text_config": {"hidden_size": 64, "num_hidden_layers": -1, "vocab_size": 9}});
    let error = read_model("a/b", &nested.to_string(), None).expect_err("refused");
    assert_eq!(error.path(), "model.config.text_config.num_hidden_layers");
    let infinite = r#"{"hidden_size": Infinity, "num_hidden_layers": 2, "vocab_size": 9}"#;
    let error = read_model("a/b", infinite, None).expect_err("refused");
    assert_eq!(error.path(), "model.config.hidden_size");
}

#[test]
fn no_text_takes_long_or_panics() {
    let start = Instant::now();
    let entries = |entry: &str, count: usize| vec![entry; count].join(",");
    let long =
        format!(r#"{{"hidden_size": 64, "layer_types": [{}]}}"#, entries("\"full_attention\"", 1_000_000));
    assert!(error(&long).contains("model.config.layer_types"));
    let deep = format!(r#"{{"hidden_size": 64, "a": {}"#, "[".repeat(500_000));
    assert!(error(&deep).contains("not JSON"));
    let modules: Vec<String> = (0..90_000).map(|number| format!("layers.{}*", number % 10)).collect();
    let many =
        config(json!({"quantization_config": {"quant_method": "fp8", "modules_to_not_convert": modules}}));
    assert!(error(&many).contains("quantization_config"));
    let slow: Vec<String> = (0..2_000).map(|number| format!("re:(.*)*(.*)*{number}(.*)+x")).collect();
    let slow = config(json!({"quantization_config": {"quant_method": "fp8", "ignore": slow}}));
    assert!(error(&slow).contains("quantization_config"));
    let name = format!(r#"{{"hidden_size": 64, "model_type": "{}"}}"#, "x".repeat(10_000_000));
    assert!(error(&name).contains("model.config.model_type"));
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

/// Every value of a real file in turn replaced by what does not belong there.
#[test]
fn every_key_of_every_kind_may_hold_anything() {
    let files = files();
    let odd = [
        json!(null),
        json!(-1),
        json!(0),
        json!(1e300),
        json!("x"),
        json!([]),
        json!([[]]),
        json!({}),
        json!(true),
    ];
    for name in [
        "google/gemma-4-26B-A4B",
        "deepseek-ai/DeepSeek-V4-Pro",
        "Qwen/Qwen3.5-35B-A3B",
        "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16",
        "openai/gpt-oss-20b",
        "moonshotai/Kimi-K2.5",
    ] {
        let file: Value = serde_json::from_str(files[name].as_str().expect(name)).expect("JSON");
        let inner = if file["text_config"].is_object() { "text_config" } else { "" };
        let level = if inner.is_empty() { &file } else { &file[inner] };
        for key in level.as_object().expect("an object").keys() {
            for value in &odd {
                let mut changed = file.clone();
                let level = if inner.is_empty() { &mut changed } else { &mut changed[inner] };
                level[key.as_str()] = value.clone();
                if let Ok(model) = read_model(name, &changed.to_string(), None) {
                    let architecture = model.architecture.expect("layers");
                    let parameters = architecture.parts.parameters();
                    assert!((0.0..1e16).contains(&parameters), "{name} {key} {value}: {parameters}");
                }
            }
        }
    }
}
