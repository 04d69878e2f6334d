use super::*;
use crate::catalog::public_model::from_config_json;
use serde_json::json;

fn model(name: &str, hardware: Option<&str>, tp: Option<u32>) -> ModelSettings {
    let hardware = hardware.map(ToOwned::to_owned);
    ModelSettings { name: name.to_owned(), hardware, tp, ..ModelSettings::default() }
}

fn resolve(settings: &ModelSettings) -> Result<ServingSetup, ConfigError> {
    ServingSetup::resolve(settings, &MemorySettings::default())
}

fn path_of(settings: &ModelSettings, memory: &MemorySettings) -> String {
    ServingSetup::resolve(settings, memory).expect_err("refused").path().to_owned()
}

#[test]
fn the_default_is_qwen3_14b_on_one_h100_with_15909_blocks() {
    let setup = resolve(&ModelSettings::default()).expect("valid");
    assert_eq!((setup.model.key.as_str(), setup.gpu.name.as_str(), setup.tp), ("qwen3-14b", "H100", 1));
    assert_eq!((setup.block_size, setup.total_kv_blocks, setup.max_model_len), (16, 15_909, 40_960));
    assert!(matches!(setup.latency, LatencyChoice::TrainedPhysics(_)));
    assert_eq!(setup.warnings, [""; 0]);
}

#[test]
fn the_catalogue_gives_gpu_and_tp_and_the_settings_override_them() {
    let listed = resolve(&model("codellama/CodeLlama-34b-Instruct-hf", None, None)).expect("valid");
    assert_eq!((listed.gpu.name.as_str(), listed.tp), ("H100", 2));
    let overridden = resolve(&model("qwen/qwen3-14b", Some("L40S"), Some(4))).expect("valid");
    assert_eq!((overridden.gpu.name.as_str(), overridden.total_kv_blocks), ("L40S", 225_102));
}

#[test]
fn names_without_catalogue_entry_need_gpu_and_tp() {
    let memory = MemorySettings::default();
    assert_eq!(path_of(&model("01-ai/yi-34b", None, Some(2)), &memory), "model.hardware");
    assert_eq!(path_of(&model("01-ai/yi-34b", Some("H100"), None), &memory), "model.tp");
    resolve(&model("01-ai/yi-34b", Some("H100"), Some(2))).expect("both given");
}

#[test]
fn unknown_names_are_refused() {
    let memory = MemorySettings::default();
    assert_eq!(path_of(&model("gpt-5", Some("H100"), Some(1)), &memory), "model.name");
    assert_eq!(path_of(&model("qwen3-14b", Some("H1"), Some(1)), &memory), "model.hardware");
    assert_eq!(path_of(&model("qwen3-14b", Some("H100"), Some(0)), &memory), "model.tp");
}

#[test]
fn coefficients_come_in_pairs_and_not_with_roofline() {
    let memory = MemorySettings::default();
    let mut settings = ModelSettings { alpha_coeffs: Some(vec![1.0, 2.0, 3.0]), ..ModelSettings::default() };
    assert_eq!(path_of(&settings, &memory), "model.alpha_coeffs");
    settings.beta_coeffs = Some(vec![0.0; 7]);
    let LatencyChoice::TrainedPhysics(physics) = resolve(&settings).expect("a pair").latency else {
        panic!("own coefficients select trained-physics");
    };
    assert_eq!(crate::latency::LatencyModel::queueing_delay(&physics, 5).0, 1);
    settings.latency_model = LatencyModelName::Roofline;
    assert_eq!(path_of(&settings, &memory), "model.alpha_coeffs");
    settings.alpha_coeffs = None;
    assert_eq!(path_of(&settings, &memory), "model.beta_coeffs");
}

#[test]
fn roofline_has_no_overheads() {
    let settings = ModelSettings { latency_model: LatencyModelName::Roofline, ..ModelSettings::default() };
    let LatencyChoice::Roofline(roofline) = resolve(&settings).expect("valid").latency else {
        panic!("roofline was asked for");
    };
    assert_eq!(crate::latency::LatencyModel::queueing_delay(&roofline, 1000).0, 0);
}

#[test]
fn given_blocks_are_used_as_they_are_even_where_the_model_does_not_fit() {
    let settings = model("zai-org/GLM-5.2-FP8", Some("L40S"), Some(1));
    assert_eq!(path_of(&settings, &MemorySettings::default()), "model.tp");
    let memory = MemorySettings { total_kv_blocks: Some(10), ..MemorySettings::default() };
    let setup = ServingSetup::resolve(&settings, &memory).expect("blocks given");
    assert_eq!((setup.total_kv_blocks, setup.max_model_len), (10, 160));
    assert!(setup.warnings[0].contains("at most 160 tokens"), "{:?}", setup.warnings);
}

#[test]
fn block_size_and_utilization_are_checked_even_if_blocks_are_given() {
    let settings = ModelSettings::default();
    let given = MemorySettings { total_kv_blocks: Some(10), ..MemorySettings::default() };
    let no_block = MemorySettings { block_size_in_tokens: 0, ..given.clone() };
    assert_eq!(path_of(&settings, &no_block), "memory.block_size_in_tokens");
    let no_memory = MemorySettings { gpu_memory_utilization: 1.5, ..given };
    assert_eq!(path_of(&settings, &no_memory), "memory.gpu_memory_utilization");
}

#[test]
fn block_counts_are_at_least_one_and_limited() {
    for blocks in [0, MAX_BLOCKS + 1] {
        let memory = MemorySettings { total_kv_blocks: Some(blocks), ..MemorySettings::default() };
        assert_eq!(path_of(&ModelSettings::default(), &memory), "memory.total_kv_blocks");
    }
}

#[test]
fn a_length_of_zero_is_unlimited_and_a_given_one_is_capped() {
    let length = |given| {
        let memory = MemorySettings {
            max_model_len: Some(given),
            total_kv_blocks: Some(64),
            ..MemorySettings::default()
        };
        ServingSetup::resolve(&ModelSettings::default(), &memory).expect("valid").max_model_len
    };
    assert_eq!((length(0), length(1024), length(1025)), (0, 1024, 1024));
}

#[test]
fn a_model_that_does_not_fit_says_so_before_its_tp_is_refused() {
    // Trained-physics cannot split 64 heads over 3 GPUs, but the capacity computation runs first.
    let settings = model("zai-org/glm-5.2-fp8", Some("H100"), Some(3));
    let error = resolve(&settings).expect_err("does not fit");
    assert!(matches!(error, ConfigError::DoesNotFit { minimum_gpus: Some(10), .. }));
    let memory = MemorySettings { total_kv_blocks: Some(1000), ..MemorySettings::default() };
    let error = ServingSetup::resolve(&settings, &memory).expect_err("64 heads over 3 GPUs");
    assert!(error.expected().contains("64 attention heads"), "{error}");
}

#[test]
fn more_gpus_than_kv_heads_are_for_roofline_only() {
    let mut settings = model("qwen2.5-7b-instruct", None, Some(8));
    assert_eq!(path_of(&settings, &MemorySettings::default()), "model.tp");
    settings.latency_model = LatencyModelName::Roofline;
    assert_eq!(resolve(&settings).expect("accepted").total_kv_blocks, 5_163_441);
}

/// A small dense model in the public form.
fn custom_model(extra: serde_json::Value) -> CustomCatalog {
    let mut config = json!({"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4,
        "intermediate_size": 128, "vocab_size": 1000, "torch_dtype": "bfloat16", "hidden_act": "silu",
        "max_position_embeddings": 4096});
    if let (Some(config), serde_json::Value::Object(extra)) = (config.as_object_mut(), extra) {
        config.extend(extra);
    }
    CustomCatalog { model: Some(from_config_json("me/mine", &config).expect("valid")), gpus: None }
}

#[test]
fn a_users_model_and_gpu_take_the_place_of_the_bundled_ones() {
    let mut custom = custom_model(json!({}));
    custom.gpus = Some(
        catalog::parse_gpu_table(r#"{"Mine": {"TFlopsPeak": 10, "BwPeakTBs": 1, "MemoryGiB": 24}}"#)
            .expect("valid"),
    );
    let settings = model("me/mine", Some("Mine"), Some(2));
    let setup = ServingSetup::resolve_with(&settings, &MemorySettings::default(), &custom).expect("valid");
    assert_eq!((setup.gpu.name.as_str(), setup.model.hidden_size, setup.max_model_len), ("Mine", 64, 4096));
    let bundled = model("me/mine", Some("H100"), Some(2));
    let error = ServingSetup::resolve_with(&bundled, &MemorySettings::default(), &custom)
        .expect_err("not in the table");
    assert_eq!(error.expected(), "one of Mine");
}

#[test]
fn a_million_blocks_are_assumed_where_an_input_is_missing() {
    let settings = model("me/mine", Some("H100"), Some(1));
    let looks_like_moe = custom_model(json!({"num_experts_per_tok": 2}));
    let setup =
        ServingSetup::resolve_with(&settings, &MemorySettings::default(), &looks_like_moe).expect("valid");
    assert_eq!(setup.total_kv_blocks, 1_000_000);
    assert!(setup.warnings[0].contains("mixture of experts"), "{:?}", setup.warnings);
    let mut no_memory = custom_model(json!({}));
    no_memory.gpus =
        Some(catalog::parse_gpu_table(r#"{"H100": {"TFlopsPeak": 10, "BwPeakTBs": 1}}"#).expect("valid"));
    let setup = ServingSetup::resolve_with(&settings, &MemorySettings::default(), &no_memory).expect("valid");
    assert_eq!(setup.total_kv_blocks, 1_000_000);
    assert!(setup.warnings[0].contains("memory is unknown"), "{:?}", setup.warnings);
}

/// The warnings of settings on the bundled model, GPU and coefficients.
fn warnings_of(change: impl FnOnce(&mut ModelSettings, &mut MemorySettings)) -> Vec<String> {
    let (mut settings, mut memory) = (ModelSettings::default(), MemorySettings::default());
    change(&mut settings, &mut memory);
    ServingSetup::resolve(&settings, &memory).expect("valid").warnings
}

#[test]
fn replaced_coefficients_are_warned_of_and_the_bundled_ones_are_not() {
    let bundled = &coefficients().trained_physics;
    for (alpha, beta, which) in [
        (vec![0.0; 3], vec![0.0; 10], "overhead and step-time coefficients"),
        (bundled.alpha_coeffs.clone(), vec![1.0; 11], "step-time coefficients"),
        (vec![1.0; 3], bundled.beta_coeffs.clone(), "overhead coefficients"),
    ] {
        let warnings = warnings_of(|settings, _| {
            (settings.alpha_coeffs, settings.beta_coeffs) = (Some(alpha), Some(beta));
        });
        assert_eq!(warnings, [format!("{which} were replaced: times are not those of the model")]);
    }
    let same = warnings_of(|settings, _| {
        settings.alpha_coeffs = Some(bundled.alpha_coeffs.clone());
        settings.beta_coeffs = Some(bundled.beta_coeffs.clone());
    });
    assert_eq!(same, [""; 0]);
}

#[test]
fn replaced_block_counts_are_warned_of_and_the_computed_one_is_not() {
    let with = |blocks| warnings_of(|_, memory| memory.total_kv_blocks = Some(blocks));
    assert_eq!(with(15_909), [""; 0]);
    assert_eq!(
        with(50_000),
        ["KV blocks were replaced: 50000 instead of the 15909 that the model leaves free"]
    );
    let never = warnings_of(|settings, memory| {
        // 70 billion parameters do not fit on one GPU of 45 GiB.
        *settings = model("meta-llama/llama-3.1-70b-instruct", Some("L40S"), Some(1));
        memory.total_kv_blocks = Some(10_000);
    });
    assert_eq!(never, ["KV blocks were replaced: 10000, although the model leaves none free on 1 × L40S"]);
}

#[test]
fn a_length_limit_above_the_model_s_own_is_warned_of_and_tuning_is_not() {
    let with = |length| warnings_of(|_, memory| memory.max_model_len = Some(length));
    assert_eq!(with(0), ["the longest request was replaced: no limit instead of the model's 40960 tokens"]);
    assert_eq!(with(50_000), ["the longest request was replaced: 50000 instead of the model's 40960 tokens"]);
    assert_eq!(with(8192), [""; 0]);
    let tuned = warnings_of(|_, memory| {
        (memory.gpu_memory_utilization, memory.block_size_in_tokens) = (0.95, 32);
    });
    assert_eq!(tuned, [""; 0]);
}

#[test]
fn figures_of_a_file_under_a_bundled_name_are_warned_of() {
    let settings = model("qwen/qwen3-14b", Some("H100"), Some(1));
    let resolve = |custom: &CustomCatalog| {
        ServingSetup::resolve_with(&settings, &MemorySettings::default(), custom).expect("valid").warnings
    };
    let bundled = catalog::gpus().to_vec();
    let mut faster = bundled.clone();
    faster[0].bandwidth_tb_per_second = 33.5;
    assert_eq!(resolve(&CustomCatalog { gpus: Some(bundled), model: None }), [""; 0]);
    assert_eq!(
        resolve(&CustomCatalog { gpus: Some(faster), model: None }),
        ["the figures of the GPU H100 were replaced: BwPeakTBs 33.5 instead of 3.35"]
    );
    let same = catalog::find_model("qwen3-14b").expect("bundled").clone();
    let smaller = Model { num_hidden_layers: 4, ..same.clone() };
    assert_eq!(resolve(&CustomCatalog { gpus: None, model: Some(same) }), [""; 0]);
    assert_eq!(
        resolve(&CustomCatalog { gpus: None, model: Some(smaller) }),
        ["the figures of qwen/qwen3-14b were replaced by others from a file"]
    );
}

#[test]
fn a_gpu_that_the_reference_does_not_have_says_so() {
    let setup = resolve(&model("qwen/qwen3-14b", Some("H200"), Some(1))).expect("valid");
    assert_eq!(setup.gpu.memory_gib, 140.4);
    assert_eq!(
        setup.warnings,
        [
            "H200 is not in BLIS: its figures are from data sheets; the shares of the peak rate that it reaches are borrowed"
        ]
    );
}

#[test]
fn the_settings_own_gpu_is_found_before_a_bundled_one() {
    let own = Gpu { memory_gib: 100.0, ..catalog::find_gpu("L40S").expect("bundled").clone() };
    let settings = ModelSettings {
        own_gpus: Some(crate::config::OwnGpus(vec![own])),
        ..model("qwen/qwen3-14b", Some("L40S"), Some(1))
    };
    let setup = resolve(&settings).expect("valid");
    assert_eq!(setup.gpu.memory_gib, 100.0);
    assert_eq!(
        setup.warnings,
        [
            "the figures of the GPU L40S were replaced: MemoryGiB 100 instead of 48",
            "L40S is a GPU of your own: not in BLIS"
        ]
    );
}

#[test]
fn eight_bit_weights_on_l40s_tell_of_the_rate_with_sparsity() {
    let scout = "redhatai/llama-4-scout-17b-16e-instruct-fp8-dynamic";
    let warnings = |gpu, tp| resolve(&model(scout, Some(gpu), Some(tp))).expect("valid").warnings;
    assert!(
        warnings("L40S", 8)
            .iter()
            .any(|warning| warning.contains("twice the dense one; L40S-dense has that"))
    );
    assert!(!warnings("L40S-dense", 8).iter().any(|warning| warning.contains("sparsity")));
    assert!(!warnings("H100", 2).iter().any(|warning| warning.contains("sparsity")));
}
