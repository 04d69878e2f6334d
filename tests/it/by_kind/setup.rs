//! When layers are counted by kind, and what is said about it (models chapter, G-8).

use super::described;
use blis_playground::catalog::public_model::read_model;
use blis_playground::config::architecture::{MixerGroup, WeightFormat};
use blis_playground::config::{
    Architecture, KvWindows, LatencyModelName, LayerCounting, MemorySettings, Model, ModelSettings, OwnModels,
};
use blis_playground::error::ConfigError;
use blis_playground::latency::{Counting, CustomCatalog, LatencyChoice, ServingSetup};
use blis_playground::units::RequestIndex;
use blis_playground::{Config, simulate};

/// A model from its public file.
fn file(name: &str) -> Model {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/models/hf-configs.json.gz");
    let opened = std::fs::File::open(path).expect("a copy of the files");
    let files: serde_json::Value =
        serde_json::from_reader(flate2::read::GzDecoder::new(opened)).expect("JSON");
    let text = files[name].as_str().unwrap_or_else(|| panic!("{name} is in the data"));
    read_model(name, text, None).expect("readable")
}

/// The same model in 16 bits throughout.
fn bf16(name: &str, model: &Model) -> Model {
    let mut model = model.clone();
    name.clone_into(&mut model.name);
    model.weight_bytes_per_param = 0.0;
    let parts = &mut model.architecture.as_mut().expect("described").parts;
    for part in [&mut parts.attn, &mut parts.dense_ffn, &mut parts.head, &mut parts.embed, &mut parts.other] {
        part.format = WeightFormat::Bf16;
    }
    model
}

fn qwen_3_5_27b() -> Model {
    let mut model = bf16("Qwen/Qwen3.5-27B", &file("nvidia/Qwen3.6-27B-NVFP4"));
    model.architecture.as_mut().expect("described").kv_cache_format.clear();
    model
}

fn settings(model: Model, latency_model: LatencyModelName, layers: LayerCounting) -> ModelSettings {
    ModelSettings {
        name: model.name.clone(),
        hardware: Some("H100".to_owned()),
        tp: Some(1),
        latency_model,
        layers,
        own_models: Some(OwnModels(vec![model])),
        ..ModelSettings::default()
    }
}

fn resolve(
    model: Model,
    latency: LatencyModelName,
    layers: LayerCounting,
) -> Result<ServingSetup, ConfigError> {
    ServingSetup::resolve(&settings(model, latency, layers), &MemorySettings::default())
}

const TRAINED: LatencyModelName = LatencyModelName::TrainedPhysics;
const ROOFLINE: LatencyModelName = LatencyModelName::Roofline;

fn warns(setup: &ServingSetup, part: &str) -> bool {
    setup.warnings.iter().any(|warning| warning.contains(part))
}

#[test]
fn a_hybrid_model_that_the_reference_accepts_keeps_its_digits_with_both_figures() {
    for (latency, layers) in [TRAINED, ROOFLINE]
        .into_iter()
        .flat_map(|latency| [(latency, LayerCounting::Auto), (latency, LayerCounting::Reference)])
    {
        let setup = resolve(qwen_3_5_27b(), latency, layers).expect("as today");
        assert_eq!((setup.total_kv_blocks, setup.max_model_len), (5_692, 91_072));
        assert_eq!((setup.counting, setup.blocks_per_sequence), (Counting::AsReference, 0));
        assert!(setup.prefix_caching());
        for part in
            ["as in BLIS", "23.7 billion", "26.9 billion", "65536 bytes per token", "153.9 MB", "by-kind"]
        {
            assert!(warns(&setup, part), "{part}: {:?}", setup.warnings);
        }
    }
}

#[test]
fn by_kind_the_length_of_a_hybrid_model_is_not_lowered() {
    let setup = resolve(qwen_3_5_27b(), ROOFLINE, LayerCounting::ByKind).expect("fits");
    assert_eq!((setup.max_model_len, setup.blocks_per_sequence), (262_144, 147));
    assert!(matches!(setup.latency, LatencyChoice::ByKind(_)));
    assert!(!setup.prefix_caching());
    assert!(
        warns(&setup, "roofline, not in BLIS") && warns(&setup, "prefix caching is off: recurrent states")
    );
    assert!(!warns(&setup, "at most"), "{:?}", setup.warnings);
}

#[test]
fn a_file_that_the_reference_refuses_is_counted_by_kind_or_not_at_all() {
    for (name, tp) in [
        ("openai/gpt-oss-20b", 1),
        ("google/gemma-4-26B-A4B", 1),
        ("nvidia/Qwen3.6-35B-A3B-NVFP4", 1),
        // Its file has `Infinity`.
        ("nvidia/Nemotron-H-56B-Base-8K", 2),
    ] {
        let resolve = |latency, layers| {
            let settings = ModelSettings { tp: Some(tp), ..settings(file(name), latency, layers) };
            ServingSetup::resolve(&settings, &MemorySettings::default())
        };
        let setup = resolve(ROOFLINE, LayerCounting::Auto).expect(name);
        assert_eq!(setup.counting, Counting::ByKind, "{name}");
        assert!(warns(&setup, "roofline, not in BLIS"), "{name}");
        let error = resolve(TRAINED, LayerCounting::Auto).expect_err(name);
        assert_eq!(error.path(), "model.latency_model");
        assert!(error.to_string().contains("full attention in every layer"), "{error}");
        assert!(error.expected().contains("--latency-model roofline"), "{error}");
        let error = resolve(ROOFLINE, LayerCounting::Reference).expect_err(name);
        assert!(error.path().starts_with("model.config.") || error.path() == "model.tp", "{error}");
    }
}

#[test]
fn a_model_that_fits_by_kind_alone_is_refused_with_the_way_out() {
    let name = "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4";
    let error = resolve(file(name), ROOFLINE, LayerCounting::Auto).expect_err("as BLIS counts it");
    assert_eq!(error.path(), "model.layers");
    for part in ["189.9 GiB", "by-kind", "--latency-model roofline"] {
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
    let plain = resolve(file(name), ROOFLINE, LayerCounting::Reference).expect_err("as BLIS counts it");
    assert!(matches!(plain, ConfigError::DoesNotFit { .. }), "{plain}");
    resolve(file(name), ROOFLINE, LayerCounting::ByKind).expect("30 billion parameters of half a byte");
}

#[test]
fn a_model_of_full_attention_stays_as_in_blis_without_a_word() {
    let setup = resolve(file("Qwen/Qwen3-8B"), TRAINED, LayerCounting::Auto).expect("fits");
    assert_eq!(setup.counting, Counting::AsReference);
    assert_eq!(setup.warnings, [""; 0]);
    let error =
        resolve(file("Qwen/Qwen3-8B"), TRAINED, LayerCounting::ByKind).expect_err("fitted to attention");
    assert_eq!(error.path(), "model.latency_model");
}

#[test]
fn bundled_models_can_be_counted_by_kind_where_their_figures_suffice() {
    let by_kind = |name: &str| {
        let settings = ModelSettings {
            name: name.to_owned(),
            hardware: Some("H100".to_owned()),
            tp: Some(4),
            latency_model: ROOFLINE,
            layers: LayerCounting::ByKind,
            ..ModelSettings::default()
        };
        ServingSetup::resolve(&settings, &MemorySettings::default())
    };
    let setup = by_kind("qwen/qwen3-14b").expect("dense");
    let mut reference = settings(setup.model.clone(), ROOFLINE, LayerCounting::Reference);
    reference.tp = Some(4);
    let reference = ServingSetup::resolve(&reference, &MemorySettings::default()).expect("bundled");
    // The reference gives the blocks of all GPUs to one of them.
    let share = f64::from(reference.total_kv_blocks) / f64::from(setup.total_kv_blocks);
    assert!((share - 4.0).abs() < 0.01, "{share}");
    let error = by_kind("deepseek-ai/deepseek-v2-lite").expect_err("a part of MLA is not known");
    assert_eq!(error.path(), "model.layers");
}

#[test]
fn windows_are_reserved_unless_they_are_asked_for() {
    let model = file("openai/gpt-oss-20b");
    let with = |kv_windows| {
        let memory = MemorySettings { kv_windows, ..MemorySettings::default() };
        let settings = settings(model.clone(), ROOFLINE, LayerCounting::Auto);
        ServingSetup::resolve(&settings, &memory).expect("fits")
    };
    let (reserved, needed) = (with(KvWindows::Reserved), with(KvWindows::Needed));
    assert!(reserved.prefix_caching() && !needed.prefix_caching());
    assert_eq!((reserved.blocks_per_sequence, needed.blocks_per_sequence), (0, 8));
    let twice = 2 * reserved.total_kv_blocks;
    assert!((twice..twice + 2).contains(&needed.total_kv_blocks));
    assert!(warns(&needed, "prefix caching is off: windows"));
}

#[test]
fn settings_that_only_counting_by_kind_reads_are_said_to_have_no_effect() {
    let memory = MemorySettings { kv_windows: KvWindows::Needed, ..MemorySettings::default() };
    let setup = ServingSetup::resolve(&ModelSettings::default(), &memory).expect("bundled");
    assert!(warns(&setup, "memory.kv_windows has no effect"), "{:?}", setup.warnings);
}

#[test]
fn a_given_number_of_blocks_leaves_room_for_the_states_of_a_sequence() {
    let settings = settings(qwen_3_5_27b(), ROOFLINE, LayerCounting::ByKind);
    let with = |blocks| {
        let memory = MemorySettings { total_kv_blocks: Some(blocks), ..MemorySettings::default() };
        ServingSetup::resolve(&settings, &memory)
    };
    let error = with(147).expect_err("nothing is left for tokens");
    assert_eq!(error.path(), "memory.total_kv_blocks");
    assert!(error.expected().contains("147 blocks"), "{error}");
    let setup = with(148).expect("one block for tokens");
    assert_eq!((setup.max_model_len, setup.total_kv_blocks), (16, 148));
}

fn described_of(model: &mut Model) -> &mut Architecture {
    model.architecture.as_mut().expect("described")
}

#[test]
fn figures_that_cannot_be_are_refused_with_their_place() {
    let change = |change: &dyn Fn(&mut Model)| {
        let mut model = qwen_3_5_27b();
        change(&mut model);
        resolve(model, ROOFLINE, LayerCounting::ByKind).expect_err("refused").path().to_owned()
    };
    let place = |rest: &str| format!("model.config.architecture.{rest}");
    assert_eq!(
        change(&|model| described_of(model).parts.attn.parameters = -1.0),
        place("parts.attn.parameters")
    );
    assert_eq!(
        change(&|model| described_of(model).parts.embed.parameters = f64::NAN),
        place("parts.embed.parameters")
    );
    assert_eq!(
        change(&|model| described_of(model).mixers[0].state_elements = f64::INFINITY),
        place("mixers[0].state_elements")
    );
    assert_eq!(change(&|model| described_of(model).mixers[1].window = 0.5), place("mixers[1].window"));
    assert_eq!(
        change(&|model| described_of(model).active_expert_parameters = 1.0),
        place("active_expert_parameters")
    );
    assert_eq!(change(&|model| described_of(model).layers = 3), place("layers"));
    assert_eq!(
        change(&|model| described_of(model).mixers = vec![MixerGroup::default(); 300]),
        place("mixers")
    );
    assert_eq!(
        change(&|model| (described_of(model).hidden_size, model.hidden_size) = (0, 0)),
        place("hidden_size")
    );
}

#[test]
fn a_running_request_holds_its_states_until_it_leaves() {
    let model = settings(qwen_3_5_27b(), ROOFLINE, LayerCounting::ByKind);
    let mut config = Config { model, ..Config::default() };
    // Room for two requests of 16 blocks and their states, but not for three.
    config.memory.total_kv_blocks = Some(2 * (147 + 16) + 100);
    config.trace.record_steps = true;
    config.workload.rate = 1000.0;
    config.workload.num_requests = 6;
    (config.workload.prompt_tokens, config.workload.prompt_tokens_stdev) = (160, 0);
    (config.workload.output_tokens, config.workload.output_tokens_stdev) = (90, 0);
    let outcome = simulate(&config).expect("valid");
    assert!(outcome.steps.iter().all(|step| step.batch.len() <= 2));
    let first = &outcome.steps[0];
    assert_eq!((first.batch.len(), first.used_kv_blocks), (1, 147 + 10));
    assert_eq!(outcome.instances[0].used_kv_blocks_end, 0);
    assert_eq!(outcome.instances[0].completed, 6);
    assert!(outcome.instances[0].peak_kv_blocks >= 2 * (147 + 15));
    assert!(outcome.records.e2e[RequestIndex::new(5)] > outcome.records.e2e[RequestIndex::new(0)]);
}

#[test]
fn a_file_of_the_command_line_goes_the_same_way() {
    let custom = CustomCatalog { model: Some(file("openai/gpt-oss-20b")), gpus: None };
    let asked = ModelSettings {
        name: "openai/gpt-oss-20b".to_owned(),
        hardware: Some("H100".to_owned()),
        tp: Some(1),
        latency_model: ROOFLINE,
        ..ModelSettings::default()
    };
    let setup = ServingSetup::resolve_with(&asked, &MemorySettings::default(), &custom).expect("fits");
    assert_eq!(setup.counting, Counting::ByKind);
    let all = described::figures();
    let same = described::model("openai/gpt-oss-20b", &all["openai/gpt-oss-20b"]);
    let same = resolve(same, ROOFLINE, LayerCounting::ByKind).expect("fits");
    assert_eq!(setup.total_kv_blocks, same.total_kv_blocks);
    assert_eq!(setup.max_model_len, 131_072);
}
