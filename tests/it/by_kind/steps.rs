//! Step times over layers by kind against the rule, written out request by request (models chapter, G-7.1).

use super::described;
use blis_playground::catalog::{Gpu, find_gpu};
use blis_playground::config::Model;
use blis_playground::config::architecture::{MixerGroup, MixerKind, Part, WeightFormat};
use blis_playground::latency::{ByKind, LatencyModel, PrefillMember, StepLoad};
use proptest::prelude::*;

const MODELS: [&str; 8] = [
    "openai/gpt-oss-20b",
    "google/gemma-4-26B-A4B",
    "deepseek-ai/DeepSeek-V3.2",
    "deepseek-ai/DeepSeek-V4-Pro",
    "nvidia/DeepSeek-V4-Flash-NVFP4",
    "nvidia/Qwen3.6-27B-NVFP4",
    "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4",
    "meta-llama/Meta-Llama-3.1-8B",
];

fn rate(part: &Part, gpu: &Gpu) -> f64 {
    let fast = match part.format {
        WeightFormat::Nvfp4 => gpu.fp4_tflops,
        WeightFormat::Fp8
        | WeightFormat::Fp8Block128
        | WeightFormat::Fp8Block128Ue8m0
        | WeightFormat::Mxfp8 => gpu.fp8_tflops,
        _ => 0.0,
    };
    1e12 * if fast > 0.0 { fast } else { gpu.peak_tflops }
}

/// visible(x).
fn visible(group: &MixerGroup, tokens: f64) -> f64 {
    let limit = |limit: f64| if limit > 0.0 { limit } else { f64::INFINITY };
    if group.ratio > 0.0 {
        tokens.min(limit(group.window)) + (tokens / group.ratio).min(limit(group.topk))
    } else {
        tokens.min(limit(group.window)).min(limit(group.topk))
    }
}

/// Compute seconds and bytes beside weights of one request.
fn request(model: &Model, gpu: &Gpu, tp: f64, (present, new): (f64, f64), prefill: bool) -> (f64, f64) {
    let architecture = model.architecture.as_ref().expect("described");
    let parts = &architecture.parts;
    let middle = if new == 1.0 { present } else { present + (new - 1.0) / 2.0 };
    let (mut attention, mut split, mut whole) = (0.0, 0.0, 0.0);
    for group in &architecture.mixers {
        let layers = f64::from(group.layers);
        let per_token = match group.attn_flops_per_ctx_prefill {
            flops if prefill && flops > 0.0 => flops,
            _ => group.attn_flops_per_ctx,
        };
        attention += layers
            * new
            * (visible(group, middle) * per_token
                + middle * group.index_flops_per_ctx
                + group.attn_flops_const);
        let seen = visible(group, present);
        match group.kind {
            MixerKind::Full | MixerKind::Sliding | MixerKind::Chunked => {
                split += layers * 2.0 * group.elements_per_token * (seen + new);
            }
            MixerKind::Mla => whole += layers * 2.0 * group.elements_per_token * (seen + new),
            MixerKind::Window | MixerKind::WindowCompressed => {
                let written = if group.ratio > 0.0 { new * (1.0 + 1.0 / group.ratio) } else { new };
                whole += layers * 2.0 * group.window_elements * (seen + written);
            }
            MixerKind::Linear | MixerKind::Mamba2 => {
                let state = group.state_bytes_per_element * group.state_elements + 2.0 * group.conv_elements;
                split += layers * 2.0 * state;
            }
        }
        whole += layers * 2.0 * group.index_elements_per_token * (present + new);
    }
    split += f64::from(architecture.layers) * f64::from(architecture.hidden_size) * 2.0 * new;
    let bf16 = gpu.peak_tflops * 1e12;
    let mut compute = attention / bf16;
    for part in [&parts.attn, &parts.dense_ffn, &parts.shared, &parts.router, &parts.other] {
        compute += 2.0 * new * part.parameters / rate(part, gpu);
    }
    compute += 2.0 * new * architecture.active_expert_parameters / rate(&parts.experts, gpu);
    compute += if parts.head.parameters > 0.0 {
        2.0 * parts.head.parameters / rate(&parts.head, gpu)
    } else {
        2.0 * parts.embed.parameters / bf16
    };
    let mfu = if prefill { gpu.mfu_prefill } else { gpu.mfu_decode };
    (compute / tp / mfu, split / tp + whole)
}

proptest! {
    #[test]
    fn a_step_is_the_sum_over_its_requests(
        model in prop::sample::select(&MODELS[..]),
        gpu in prop::sample::select(vec!["H100", "A100-80", "B200", "MI300X"]),
        tp in prop::sample::select(vec![1_u32, 2, 8]),
        decodes in prop::collection::vec(prop_oneof![0_u32..300, 0_u32..5000, 0_u32..200_000], 0..20),
        prefills in prop::collection::vec((0_u32..10_000, 1_u32..5000), 0..4),
    ) {
        prop_assume!(!decodes.is_empty() || !prefills.is_empty());
        let model = described::of_name(&described::figures(), model).expect("described");
        let gpu = find_gpu(gpu).expect("bundled");
        let latency = ByKind::new(&model, gpu, tp, &[0.0; 3], 2.0).expect("valid");
        let members: Vec<PrefillMember> = prefills
            .iter()
            .map(|&(progress, new)| PrefillMember { progress, input: progress + new, new })
            .collect();
        let load = StepLoad {
            prefills: &members,
            decodes: decodes.len() as u64,
            context: decodes.iter().map(|&tokens| u64::from(tokens)).sum(),
            others: 0,
        };
        let times = latency.step_times(&load, |list| list.extend(&decodes));
        let (mut compute, mut bytes) = (0.0, 0.0);
        let of_decodes = decodes.iter().map(|&present| ((f64::from(present), 1.0), false));
        let of_prefills = prefills.iter().map(|&(present, new)| ((f64::from(present), f64::from(new)), true));
        for (tokens, prefill) in of_decodes.chain(of_prefills) {
            let (seconds, moved) = request(&model, gpu, f64::from(tp), tokens, prefill);
            (compute, bytes) = (compute + seconds, bytes + moved);
        }
        let close = |got: f64, expected: f64| (got - expected).abs() <= 1e-9 * expected.abs();
        prop_assert!(close(times.compute, compute), "{} and {compute}", times.compute);
        prop_assert!(close(times.other_bytes, bytes), "{} and {bytes}", times.other_bytes);
        let time = latency.step_time(&load, |list| list.extend(&decodes)).0;
        prop_assert_eq!(time, ((times.compute.max(times.memory) * 1e6) as i64).max(1));
    }
}

#[test]
fn the_tokens_of_each_request_are_asked_for_only_where_a_window_can_bind() {
    let all = described::figures();
    let gpu = find_gpu("H200").expect("bundled");
    for (name, context, asked) in [
        ("openai/gpt-oss-20b", 128, false),
        ("openai/gpt-oss-20b", 129, true),
        ("deepseek-ai/DeepSeek-V3.2", 2048, false),
        ("deepseek-ai/DeepSeek-V3.2", 2049, true),
        ("deepseek-ai/DeepSeek-V3", 1_000_000, false),
        ("nvidia/Qwen3.6-27B-NVFP4", 1_000_000, false),
    ] {
        let model = described::of_name(&all, name).expect("described");
        let latency = ByKind::new(&model, gpu, 8, &[0.0; 3], 2.0).expect("valid");
        let mut called = false;
        let load = StepLoad { decodes: 1, context, ..StepLoad::default() };
        latency.step_times(&load, |list| {
            called = true;
            list.push(context as u32);
        });
        assert_eq!(called, asked, "{name} with {context} tokens");
    }
}
