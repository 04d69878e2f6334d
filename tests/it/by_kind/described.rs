//! Descriptions of models by kind, made of the figures of `models-2026.json`, without the reader of files.

use blis_playground::config::Model;
use blis_playground::config::architecture::{Architecture, MixerGroup, MixerKind, Part, Parts, WeightFormat};
use serde_json::Value;

/// All figures by name.
pub fn figures() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/models/models-2026.json.gz");
    let file = std::fs::File::open(path).expect("a copy of the figures");
    let mut all: Value = serde_json::from_reader(flate2::read::GzDecoder::new(file)).expect("JSON");
    all["models"].take()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn part(figures: &Value, name: &str) -> Part {
    let format = figures["weight_format_by_part"].get(name).cloned();
    Part {
        parameters: number(&figures["params_by_part"][name]),
        format: format.map_or(WeightFormat::Bf16, |name| serde_json::from_value(name).expect("a format")),
    }
}

fn group(figures: &Value) -> MixerGroup {
    let mut plain = figures.as_object().expect("a group").clone();
    let kind = plain.remove("kind").expect("a kind");
    let layers = plain.remove("layers").expect("layers").as_u64().expect("a count");
    let mut group: MixerGroup = serde_json::from_value(Value::Object(plain)).expect("figures of a group");
    group.layers = u32::try_from(layers).expect("few");
    group.kind = match kind.as_str().expect("a name") {
        "window+compressed" => MixerKind::WindowCompressed,
        name => serde_json::from_value(Value::String(name.to_owned())).expect("a kind"),
    };
    group
}

/// A model of these figures. The reference's own fields are left out but for the heads.
pub fn model(name: &str, figures: &Value) -> Model {
    let count = |key: &str| u32::try_from(figures[key].as_u64().unwrap_or_default()).expect("a count");
    let parts = Parts {
        embed: part(figures, "embed"),
        head: part(figures, "head"),
        attn: part(figures, "attn"),
        dense_ffn: part(figures, "dense_ffn"),
        experts: part(figures, "experts"),
        shared: part(figures, "shared"),
        router: part(figures, "router"),
        other: part(figures, "other"),
    };
    let architecture = Architecture {
        layers: count("layers"),
        hidden_size: count("hidden"),
        max_length: count("max_length"),
        mixers: figures["kv"].as_array().expect("groups").iter().map(group).collect(),
        dense_ffn_layers: u32::try_from(figures["ffn_layers"]["dense"].as_u64().unwrap_or_default())
            .expect("few"),
        moe_ffn_layers: u32::try_from(figures["ffn_layers"]["moe"].as_u64().unwrap_or_default())
            .expect("few"),
        parts,
        active_expert_parameters: number(&figures["params_active_experts"]),
        kv_cache_format: figures["kv_cache_format_in_file"].as_str().unwrap_or_default().to_lowercase(),
        not_in_reference: false,
        remarks: Vec::new(),
    };
    Model {
        name: name.to_owned(),
        num_attention_heads: i64::from(count("heads")),
        num_key_value_heads: i64::from(count("kv_heads")),
        architecture: Some(architecture),
        ..Model::default()
    }
}

/// A model of `models-2026.json`, or one of those that can be made of another there: same blocks, other numbers of them or other
/// formats.
pub fn of_name(all: &Value, name: &str) -> Option<Model> {
    if all.get(name).is_some() {
        return Some(model(name, &all[name]));
    }
    match name {
        "openai/gpt-oss-120b" => Some(gpt_oss_120b(&all["openai/gpt-oss-20b"])),
        "Qwen/Qwen3.5-27B" => {
            let mut figures = all["nvidia/Qwen3.6-27B-NVFP4"].clone();
            figures["weight_format_by_part"] = Value::Null;
            figures["kv_cache_format_in_file"] = Value::Null;
            Some(model(name, &figures))
        }
        "deepseek-ai/DeepSeek-V4-Flash" => {
            let mut figures = all["sgl-project/DeepSeek-V4-Flash-FP8"].clone();
            figures["weight_format_by_part"]["experts"] = "mxfp4".into();
            Some(model(name, &figures))
        }
        _ => None,
    }
}

/// 36 layers instead of 24, 128 experts instead of 32; two norms per layer and one at the end.
fn gpt_oss_120b(smaller: &Value) -> Model {
    let mut larger = smaller.clone();
    larger["layers"] = 36.into();
    larger["ffn_layers"]["moe"] = 36.into();
    for group in larger["kv"].as_array_mut().expect("groups") {
        group["layers"] = 18.into();
    }
    for (part, factor) in [("attn", 1.5), ("experts", 6.0), ("router", 6.0), ("other", 73.0 / 49.0)] {
        larger["params_by_part"][part] = (number(&smaller["params_by_part"][part]) * factor).into();
    }
    larger["params_active_experts"] = (number(&smaller["params_active_experts"]) * 1.5).into();
    model("openai/gpt-oss-120b", &larger)
}
