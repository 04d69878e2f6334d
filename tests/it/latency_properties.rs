//! What holds for every model, GPU, TP and batch, also for those that do not exist.

use blis_playground::catalog::{
    Gpu, LatencyCoefficients, Model, parse_gpu_table, public_model::from_config_json,
};
use blis_playground::config::{LatencyModelName, MemorySettings, ModelSettings};
use blis_playground::latency::check::{check_kv_capacity, check_step_times};
use blis_playground::latency::setup::CustomCatalog;
use blis_playground::latency::{
    LatencyModel, PrefillMember, Roofline, ServingSetup, StepLoad, TrainedPhysics,
};
use proptest::prelude::*;

/// Dense and MoE models, with heads that need not divide the width and weights of 3, 4, 8 or 16 bits.
fn models() -> impl Strategy<Value = Model> {
    let attention = (1_i64..100, 1_i64..9000, 1_i64..96, 0_i64..20);
    let experts = (prop_oneof![Just(0_i64), 2_i64..200], 1_i64..9, 0_i64..3000, 0_i64..4);
    let bytes = prop_oneof![Just(0.0), Just(0.375), Just(0.5), Just(1.0), Just(2.0)];
    (attention, experts, 1_i64..30_000, bytes).prop_map(|(attention, experts, ffn, weight_bytes)| {
        let routed = if experts.0 == 0 { 0 } else { experts.1.min(experts.0) };
        Model {
            num_hidden_layers: attention.0,
            hidden_size: attention.1,
            num_attention_heads: attention.2,
            num_key_value_heads: attention.3,
            intermediate_size: ffn,
            num_local_experts: experts.0,
            num_experts_per_tok: routed,
            moe_intermediate_size: experts.2,
            interleave_moe_layer_step: experts.3,
            bytes_per_param: 2.0,
            weight_bytes_per_param: weight_bytes,
            ..Model::default()
        }
    })
}

fn gpus() -> impl Strategy<Value = Gpu> {
    (1.0_f64..3000.0, 0.1_f64..10.0, 0.01_f64..1.0, 0.01_f64..1.0).prop_map(
        |(peak, bandwidth, prefill, decode)| Gpu {
            peak_tflops: peak,
            bandwidth_tb_per_second: bandwidth,
            mfu_prefill: prefill,
            mfu_decode: decode,
            ..Gpu::default()
        },
    )
}

fn batches() -> impl Strategy<Value = (Vec<PrefillMember>, Vec<u32>)> {
    let prefill = (0_u32..100_000, 1_u32..4000, 0_u32..4000)
        .prop_map(|(progress, new, rest)| PrefillMember { progress, input: progress + new + rest, new });
    (prop::collection::vec(prefill, 0..5), prop::collection::vec(1_u32..130_000, 0..256))
}

fn load<'a>(prefills: &'a [PrefillMember], decodes: &[u32]) -> StepLoad<'a> {
    let context = decodes.iter().map(|present| u64::from(*present)).sum();
    StepLoad { prefills, decodes: decodes.len() as u64, context, others: 0 }
}

/// Arbitrary JSON, with the words of our files among its keys.
fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![
            Just("silu"),
            Just("bfloat16"),
            Just("yarn"),
            Just("qwen3-14b"),
            Just("H100"),
            Just("roofline")
        ]
        .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "format",
        "columns",
        "rows",
        "groups",
        "batches",
        "model",
        "hardware",
        "tp",
        "step_us",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "vocab_size",
        "torch_dtype",
        "hidden_act",
        "rope_scaling",
        "quantization_config",
        "config_groups",
        "bits",
        "num_experts",
        "text_config",
        "MemoryGiB",
        "TFlopsPeak",
        "BwPeakTBs",
        "mfuPrefill",
        "mfuDecode",
        "max_position_embeddings",
        "n_shared_experts",
    ]);
    leaf.prop_recursive(4, 64, 12, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..12).prop_map(|members| {
                Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_roofline_shortcut_never_differs_from_the_sum_by_request(
        model in models(), gpu in gpus(), tp in 1_u32..17, (prefills, decodes) in batches()
    ) {
        let roofline = Roofline::new(&model, &gpu, tp, &[0.0; 3]).expect("valid facts");
        let load = load(&prefills, &decodes);
        let shortcut = roofline.step_time(&load, |progress| progress.extend_from_slice(&decodes));
        prop_assert_eq!(shortcut, roofline.step_time_by_request(&load, &decodes));
    }

    #[test]
    fn trained_physics_does_not_depend_on_the_order_of_the_batch(
        mut model in models(), gpu in gpus(), tp in 1_u32..9, (mut prefills, decodes) in batches()
    ) {
        model.num_attention_heads *= i64::from(tp);
        model.num_key_value_heads *= i64::from(tp);
        let betas = vec![0.15, 0.3, 1.36, 0.75, 32.1, 4.4, 126.0, 481.9, 0.2, 1.95];
        let coefficients = LatencyCoefficients { alpha_coeffs: vec![0.0; 3], beta_coeffs: betas };
        let trained = TrainedPhysics::new(&model, &gpu, tp, &coefficients).expect("valid facts");
        let forward = trained.step_time(&load(&prefills, &decodes), |_| ());
        prefills.reverse();
        prop_assert_eq!(forward, trained.step_time(&load(&prefills, &decodes), |_| ()));
    }

    #[test]
    fn no_input_file_makes_us_panic(value in json(), tp in any::<u32>(), block_size in any::<u32>()) {
        let text = value.to_string();
        for format in ["cluster-golden-step/1", "cluster-golden-step/2", "cluster-golden-kv/1"] {
            let mut recording = value.clone();
            if let Some(members) = recording.as_object_mut() {
                members.insert("format".to_owned(), format.into());
            }
            let text = recording.to_string();
            let (steps, capacity) = (check_step_times(&text), check_kv_capacity(&text));
            prop_assert!(steps.is_err() || capacity.is_err(), "one file has one format");
        }
        let custom = CustomCatalog { model: from_config_json("a/b-w4a16", &value).ok(), gpus: parse_gpu_table(&text).ok() };
        for latency_model in [LatencyModelName::TrainedPhysics, LatencyModelName::Roofline] {
            let settings = ModelSettings { tp: Some(tp), latency_model, ..ModelSettings::default() };
            let memory = MemorySettings { block_size_in_tokens: block_size, ..MemorySettings::default() };
            if let Ok(setup) = ServingSetup::resolve_with(&settings, &memory, &custom) {
                prop_assert!(setup.total_kv_blocks > 0);
            }
        }
    }
}
