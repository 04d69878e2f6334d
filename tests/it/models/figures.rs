//! Every figure of `models-2026.json`, from the files.

use blis_playground::catalog::public_model::read_model;
use blis_playground::config::Model;
use blis_playground::config::architecture::{Architecture, MixerGroup};
use serde_json::Value;

/// The public files by name.
pub fn files() -> Value {
    crate::common::json_of("tests/models/hf-configs.json.gz")
}

/// Their figures by name.
pub fn figures() -> Value {
    crate::common::json_of("tests/models/models-2026.json.gz")["models"].take()
}

fn text<'a>(files: &'a Value, name: &str) -> &'a str {
    files[name].as_str().unwrap_or_else(|| panic!("{name} is in the data"))
}

/// What an expected figure and ours have to say about each other.
fn compare(differences: &mut Vec<String>, what: &str, expected: f64, got: f64) {
    if expected != got {
        differences.push(format!("{what}: expected {expected}, got {got}"));
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn compare_group(differences: &mut Vec<String>, at: usize, expected: &Value, got: &MixerGroup) {
    let kind = serde_json::to_value(got.kind).expect("a kind");
    let expected_kind = expected["kind"].as_str().map(|kind| kind.replace('+', "-"));
    if expected_kind.as_deref() != kind.as_str() {
        differences.push(format!("kv[{at}].kind: expected {expected_kind:?}, got {kind}"));
    }
    let fields = serde_json::to_value(got).expect("a group");
    for (field, value) in fields.as_object().expect("an object") {
        if field != "kind" && field != "kv_heads" {
            compare(differences, &format!("kv[{at}].{field}"), number(&expected[field]), number(value));
        }
    }
}

pub fn differences(expected: &Value, model: &Model) -> Vec<String> {
    let mut found = Vec::new();
    let architecture: &Architecture = model.architecture.as_ref().expect("read");
    let parts = serde_json::to_value(&architecture.parts).expect("parts");
    for (part, count) in expected["params_by_part"].as_object().expect("parts") {
        let name = if part == "embed" { "embed" } else { part };
        compare(&mut found, part, number(count), number(&parts[name]["parameters"]));
    }
    for (part, got) in
        parts.as_object().expect("parts").iter().filter(|(_, part)| number(&part["parameters"]) > 0.0)
    {
        let format = expected["weight_format_by_part"][part].as_str().unwrap_or("bf16");
        if got["format"].as_str() != Some(format) {
            found.push(format!("format of {part}: expected {format}, got {}", got["format"]));
        }
    }
    let kv_format = expected["kv_cache_format_in_file"].as_str().unwrap_or_default().to_lowercase();
    if kv_format != architecture.kv_cache_format {
        found.push(format!("kv format: expected `{kv_format}`, got `{}`", architecture.kv_cache_format));
    }
    compare(&mut found, "layers", number(&expected["layers"]), f64::from(architecture.layers));
    compare(&mut found, "hidden", number(&expected["hidden"]), f64::from(architecture.hidden_size));
    compare(&mut found, "max_length", number(&expected["max_length"]), f64::from(architecture.max_length));
    let ffn = &expected["ffn_layers"];
    compare(&mut found, "moe layers", number(&ffn["moe"]), f64::from(architecture.moe_ffn_layers));
    compare(
        &mut found,
        "active experts",
        number(&expected["params_active_experts"]),
        architecture.active_expert_parameters,
    );
    let groups = expected["kv"].as_array().expect("groups");
    compare(&mut found, "kv groups", groups.len() as f64, architecture.mixers.len() as f64);
    for (at, (group, got)) in groups.iter().zip(&architecture.mixers).enumerate() {
        compare_group(&mut found, at, group, got);
    }
    found
}

/// The `hf_quant_config.json` beside a file, written by hand to say what the figures say.
pub fn beside(name: &str) -> Option<String> {
    const MAMBA: &str = r#""*.mixer.in_proj", "*.mixer.out_proj", "*.mixer.q_proj", "*.mixer.k_proj", "*.mixer.v_proj", "*.mixer.o_proj""#;
    let nvfp4 = |left: &str| {
        format!(
            r#"{{"producer": {{"name": "modelopt"}}, "quantization": {{"quant_algo": "NVFP4", "group_size": 16,
            "kv_cache_quant_algo": "FP8", "exclude_modules": ["lm_head"{left}]}}}}"#
        )
    };
    Some(match name {
        "nvidia/DeepSeek-V3.1-NVFP4"
        | "nvidia/DeepSeek-V3.2-NVFP4"
        | "nvidia/Qwen3-235B-A22B-NVFP4"
        | "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4" => nvfp4(""),
        "nvidia/GLM-5-NVFP4" => nvfp4(r#", "model.layers.*.self_attn*""#),
        "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4" => nvfp4(&format!(", {MAMBA}")),
        "nvidia/Llama-3.1-70B-Instruct-FP8" | "nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-FP8" => {
            r#"{"quantization": {"quant_algo": "FP8", "kv_cache_quant_algo": "FP8", "exclude_modules": ["lm_head"]}}"#
                .to_owned()
        }
        "nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4" => {
            let listed = [
                ("lm_head", "NVFP4"),
                ("backbone.layers.*.mixer.in_proj", "FP8"),
                ("backbone.layers.*.mixer.out_proj", "FP8"),
                ("backbone.layers.*.mixer.experts", "NVFP4"),
                ("backbone.layers.*.mixer.shared_experts.up_proj", "NVFP4"),
                ("backbone.layers.*.mixer.shared_experts.down_proj", "NVFP4"),
            ];
            let layers = listed.map(|(name, format)| format!(r#""{name}": {{"quant_algo": "{format}"}}"#)).join(", ");
            format!(
                r#"{{"quantization": {{"quant_algo": "MIXED_PRECISION", "kv_cache_quant_algo": "FP8",
                "quantized_layers": {{{layers}}}}}}}"#
            )
        }
        _ => return None,
    })
}

/// A model whose file is not among them, from a file written by hand.
#[test]
fn block_sparse_attention_has_the_recorded_figures() {
    let families = super::families::families();
    let config = families["MiniMaxAI/MiniMax-M3"]["config"].to_string();
    let listed = [
        ("self_attn", "MXFP8"),
        ("mlp.gate_up_proj", "MXFP8"),
        ("mlp.down_proj", "MXFP8"),
        ("block_sparse_moe.shared_experts", "MXFP8"),
        ("block_sparse_moe.experts", "NVFP4"),
    ];
    let layers: serde_json::Map<String, Value> = listed
        .into_iter()
        .flat_map(|(module, format)| {
            (0..60).map(move |layer| {
                (format!("model.layers.{layer}.{module}"), serde_json::json!({"quant_algo": format}))
            })
        })
        .collect();
    let beside =
        serde_json::json!({"quantization": {"quant_algo": "MIXED_PRECISION", "quantized_layers": layers}});
    let model = read_model("nvidia/MiniMax-M3-NVFP4", &config, Some(&beside.to_string())).expect("read");
    assert_eq!(differences(&figures()["nvidia/MiniMax-M3-NVFP4"], &model), [""; 0]);
}

#[test]
fn every_figure_of_the_sixty_four_files_is_met() {
    let (files, figures) = (files(), figures());
    let mut all = Vec::new();
    let names = files.as_object().expect("files").keys();
    assert_eq!(names.len(), 64);
    for name in names {
        match read_model(name, text(&files, name), beside(name).as_deref()) {
            Ok(model) => {
                let found = differences(&figures[name], &model);
                all.extend(found.into_iter().map(|it| format!("{name}: {it}")));
            }
            Err(error) => all.push(format!("{name}: {error}")),
        }
    }
    assert!(all.is_empty(), "{} differences:\n{}", all.len(), all.join("\n"));
}
