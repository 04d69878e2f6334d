//! The bundled table of current models is what the reader makes of their files.
//!
//! To write it anew: `WRITE_CURRENT_MODELS=1 cargo test --test it -- models::bundled`.

use super::families::families;
use super::figures::{beside, files};
use blis_playground::catalog::public_model::read_model;
use blis_playground::catalog::{catalogue, find_gpu, models};
use blis_playground::config::architecture::MixerGroup;
use blis_playground::config::{Coverage, LatencyModelName, MemorySettings, Model, ModelSettings, OwnModels};
use blis_playground::latency::ServingSetup;
use blis_playground::latency::description::describe;
use serde_json::{Map, Value, json};

const TABLE: &str = "src/catalog/current.json";

/// Files that say the same as another under a name of their own.
const LEFT_OUT: [&str; 9] = [
    "deepseek-ai/DeepSeek-R1",
    "nvidia/GLM-5.1-NVFP4",
    "nvidia/Kimi-K2.5-NVFP4",
    "zai-org/GLM-5.1-FP8",
    "nvidia/GLM-5-NVFP4",
    "nvidia/DeepSeek-V3.2-NVFP4",
    "Qwen/Qwen3-32B-FP8-Static-PerTensor",
    "sgl-project/DeepSeek-V4-Flash-FP8",
    "sgl-project/DeepSeek-V4-Pro-FP8",
];

/// GPUs that hold the weights beside what an instance needs otherwise: the smallest power of two (G-9).
fn needed(weight_bytes: f64, is_moe: bool, memory_gib: f64) -> u32 {
    let all = weight_bytes / f64::from(1 << 30) + if is_moe { 8.0 } else { 5.5 };
    (0..12)
        .map(|power| 1 << power)
        .find(|count| all <= f64::from(*count) * (0.9 * memory_gib - 0.6))
        .expect("below 4096")
}

/// Memory that the driver reports of an H100.
const H100_GIB: f64 = 79.65;

fn with_defaults(mut model: Model) -> Model {
    let described = describe(&model);
    let is_moe = model.architecture.as_ref().is_some_and(|it| it.moe_ffn_layers > 0);
    let (mut hardware, mut count) = ("H100", needed(described.weight_bytes, is_moe, H100_GIB));
    if count > 8 {
        let gpu = find_gpu("B200").expect("bundled");
        (hardware, count) = ("B200", needed(described.weight_bytes, is_moe, gpu.memory_gib));
    }
    let entry = catalogue().iter().find(|entry| entry.name == model.name);
    model.default_hardware = Some(entry.map_or(hardware, |entry| entry.hardware.as_str()).to_owned());
    model.default_tp = Some(entry.map_or(count, |entry| entry.tp));
    let accepts = |latency_model, tp| {
        let settings = ModelSettings {
            name: model.name.clone(),
            own_models: Some(OwnModels(vec![model.clone()])),
            hardware: Some("H100".to_owned()),
            tp: Some(tp),
            latency_model,
            ..ModelSettings::default()
        };
        let memory = MemorySettings { total_kv_blocks: Some(1_000_000), ..MemorySettings::default() };
        ServingSetup::resolve(&settings, &memory).is_ok()
    };
    let all = |latency_model| [1, 2, 4, 8].into_iter().filter(|tp| accepts(latency_model, *tp)).collect();
    (model.tp_trained_physics, model.tp_roofline) = match model.coverage() {
        Coverage::AsInBlis => (all(LatencyModelName::TrainedPhysics), all(LatencyModelName::Roofline)),
        Coverage::RooflineOnly => (vec![], vec![]),
    };
    if model.tp_roofline.is_empty() {
        model.tp_roofline = vec![1, 2, 4, 8];
    }
    // Both follow from the id.
    (model.name, model.title) = Default::default();
    model
}

/// Everything that is as in an empty one left out.
fn compact(value: Value, empty: &Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let group = serde_json::to_value(MixerGroup::default()).expect("a group");
    let shorter = |(name, value): (String, Value)| {
        let value = match value {
            Value::Array(items) if name == "mixers" => {
                items.into_iter().map(|it| compact(it, &group)).collect()
            }
            Value::Object(_) => compact(value, &empty[&name]),
            // Whole numbers as such.
            Value::Number(number) if number.as_f64().is_some_and(|it| it.fract() == 0.0) => {
                json!(number.as_f64().expect("a number") as i64)
            }
            other => other,
        };
        (name, value)
    };
    let same = |name: &str, value: &Value| {
        *value == empty[name] || (value.as_f64().is_some() && value.as_f64() == empty[name].as_f64())
    };
    let kept = fields.into_iter().filter(|(name, value)| !same(name, value)).map(shorter);
    Value::Object(kept.filter(|(_, value)| value != &json!({})).collect::<Map<_, _>>())
}

fn made() -> Vec<Model> {
    let (recorded, by_hand) = (files(), families());
    let recorded = recorded.as_object().expect("files").iter();
    let recorded = recorded.map(|(name, text)| (name.clone(), text.as_str().expect("a text").to_owned()));
    let by_hand =
        by_hand.as_object().expect("families").iter().filter(|(_, case)| case["bundled"] == json!(true));
    let by_hand = by_hand.map(|(name, case)| (name.clone(), case["config"].to_string()));
    let mut all: Vec<Model> = recorded
        .chain(by_hand)
        .filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()))
        .map(|(name, text)| read_model(&name, &text, beside(&name).as_deref()).expect(&name))
        .filter(|model| models().all(|other| other.key != model.key))
        .map(with_defaults)
        .collect();
    all.sort_by_key(|model| model.hf_id.to_lowercase());
    all
}

fn text(models: &[Model]) -> String {
    let mut empty = serde_json::to_value(Model::default()).expect("a model");
    empty["architecture"] =
        serde_json::to_value(blis_playground::config::Architecture::default()).expect("one");
    let lines =
        models.iter().map(|model| compact(serde_json::to_value(model).expect("a model"), &empty).to_string());
    format!("{{\"models\": [\n{}\n]}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

#[test]
fn the_table_is_what_the_reader_makes_of_the_files() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    let made = text(&made());
    if std::env::var_os("WRITE_CURRENT_MODELS").is_some() {
        std::fs::write(&path, &made).expect("the table can be written");
    }
    let bundled = std::fs::read_to_string(&path).expect("the table");
    let differing = bundled.lines().zip(made.lines()).find(|(bundled, made)| bundled != made);
    assert!(
        differing.is_none() && bundled.len() == made.len(),
        "see how to write it anew; first: {differing:?}"
    );
}

#[test]
fn the_smallest_number_of_gpus_is_that_of_the_chapter() {
    let bytes = |billion: f64| billion * 1e9;
    for (weights, is_moe, expected) in [
        (141.1, false, [2, 2, 1]),
        (811.7, false, [16, 8, 8]),
        (236.0, true, [4, 2, 2]),
        (673.2, true, [16, 8, 4]),
        (155.6, true, [4, 2, 1]),
        (1559.9, true, [32, 16, 16]),
        (65.2, true, [1, 1, 1]),
    ] {
        let found = [H100_GIB, 140.4, 179.1].map(|gib| needed(bytes(weights), is_moe, gib));
        assert_eq!(found, expected, "{weights} GB");
    }
}
