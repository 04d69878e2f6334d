//! Number formats and remarks in forms that real files have beside those of the recorded figures.

use blis_playground::catalog::public_model::read_model;
use blis_playground::config::Architecture;
use blis_playground::config::architecture::WeightFormat;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[allow(clippy::needless_pass_by_value, reason = "keeps the calls short")]
fn read(name: &str, changes: Value) -> Architecture {
    let mut config = json!({"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336,
        "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128_256,
        "torch_dtype": "bfloat16"});
    for (key, value) in changes.as_object().expect("changes") {
        config[key] = value.clone();
    }
    read_model(name, &config.to_string(), None).expect(name).architecture.expect("read")
}

fn remarks(name: &str, changes: Value) -> String {
    read(name, changes).remarks.join("; ")
}

#[test]
fn beside_a_dense_mlp_its_exclusion_leaves_the_experts_reduced() {
    let left: Vec<String> = (0..32)
        .flat_map(|layer| {
            ["mlp*", "router*", "self_attn*"].map(|it| format!("model.language_model.layers.{layer}.{it}"))
        })
        .collect();
    let changes = |both: bool| {
        json!({"num_experts": 128, "top_k_experts": 8, "moe_intermediate_size": 704, "enable_moe_block": both,
            "quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4", "exclude_modules": left}})
    };
    let parts = read("a/b", changes(true)).parts;
    assert_eq!(parts.experts.format, WeightFormat::Nvfp4);
    assert_eq!((parts.dense_ffn.format, parts.attn.format), (WeightFormat::Bf16, WeightFormat::Bf16));
    assert_eq!(read("a/b", changes(false)).parts.experts.format, WeightFormat::Bf16);
}

#[test]
fn names_of_every_expert_of_every_layer_are_read_soon() {
    let start = Instant::now();
    let names: Vec<String> = (0..32)
        .flat_map(|layer| (0..256).map(move |expert| (layer, expert)))
        .flat_map(|(layer, expert)| {
            ["w1", "w2", "w3"]
                .map(|it| format!("model.layers.{layer}.block_sparse_moe.experts.{expert}.{it}"))
        })
        .collect();
    let group = |targets: Value, bits: u32| json!({"targets": targets, "weights": {"num_bits": bits, "type": "float"}});
    let parts = read(
        "a/b",
        json!({"num_local_experts": 256, "num_experts_per_tok": 8, "quantization_config": {
            "quant_method": "compressed-tensors",
            "config_groups": {"a": group(json!(["Linear"]), 8), "b": group(json!(names), 4)}}}),
    )
    .parts;
    assert_eq!((parts.experts.format, parts.attn.format), (WeightFormat::Nvfp4, WeightFormat::Fp8));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn files_of_mlx_name_bits_and_no_method() {
    let block = json!({"group_size": 64, "bits": 4, "lm_head": {"group_size": 64, "bits": 8}});
    let parts = read("a/b", json!({"quantization": block})).parts;
    assert_eq!((parts.attn.format, parts.embed.format), (WeightFormat::Int4G32, WeightFormat::Int4G32));
    let mode = json!({"group_size": 32, "bits": 4, "mode": "mxfp4"});
    assert_eq!(read("a/b", json!({"quantization": mode})).parts.dense_ffn.format, WeightFormat::Mxfp4);
}

#[test]
fn fp32_files_are_counted_as_servers_load_them() {
    let changes = json!({"torch_dtype": "float32"});
    assert!(remarks("a/b", changes.clone()).contains("servers load it as 16 bit"));
    assert_eq!(read("a/b", changes.clone()).parts.attn.format, WeightFormat::Bf16);
    // What the reference reads is as it was.
    let model = read_model(
        "a/b",
        &json!({"hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 100,
        "num_attention_heads": 4, "intermediate_size": 128, "torch_dtype": "float32"})
        .to_string(),
        None,
    );
    assert_eq!(model.expect("read").bytes_per_param, 4.0);
}

#[test]
fn what_is_unlikely_or_left_unsaid_is_remarked() {
    for (name, changes, what) in [
        ("nvidia/Some-120B-FP8", json!({}), "the name says FP8"),
        ("me/some-AWQ", json!({}), "the name says AWQ"),
        ("a/b", json!({"_name_or_path": "x/some-NVFP4"}), "the name says NVFP4"),
        ("a/b", json!({"quantization_config": "fp8"}), "`fp8` is no object"),
        ("a/b", json!({"quantization_config": {"odd": 1}}), "names no method"),
        ("a/b", json!({"num_attention_heads": 30, "num_key_value_heads": 6}), "no multiple of 30 heads"),
        ("a/b", json!({"num_key_value_heads": 7}), "no multiple of 7 KV heads"),
        (
            "a/b",
            json!({"num_experts": 8, "num_experts_per_tok": 2, "first_k_dense_replace": 100}),
            "no layer that uses them",
        ),
    ] {
        let found = remarks(name, changes);
        assert!(found.contains(what), "{name} {what}: {found}");
    }
    let fp8 = json!({"quantization_config": {"quant_method": "fp8"}});
    assert_eq!(remarks("nvidia/Some-120B-FP8", fp8), "");
    assert_eq!(remarks("a/b", json!({"sliding_window": -1})), "");
}
