//! Memory of models whose layers are counted by kind (models chapter, G-5 and G-6).

use super::described;
use blis_playground::config::{KvCacheFormat, KvWindows, MemorySettings, Model};
use blis_playground::error::ConfigError;
use blis_playground::latency::by_kind::capacity::{CacheBytes, cache_bytes, capacity_by_kind};
use blis_playground::latency::kv_capacity::MemoryBudget;
use serde_json::Value;

const GIB: f64 = 1_073_741_824.0;

fn settings(kv_windows: KvWindows, kv_cache_format: KvCacheFormat) -> MemorySettings {
    MemorySettings { kv_windows, kv_cache_format, ..MemorySettings::default() }
}

fn reserved() -> MemorySettings {
    settings(KvWindows::Reserved, KvCacheFormat::Bf16)
}

fn needed() -> MemorySettings {
    settings(KvWindows::Needed, KvCacheFormat::Bf16)
}

fn cache(model: &Model, memory: &MemorySettings, tp: u32) -> CacheBytes {
    cache_bytes(model, memory, tp).expect("described")
}

fn budget(memory_gib: f64, tp: u32) -> MemoryBudget {
    MemoryBudget { memory_gib, tp, utilization: 0.9, block_size: 16 }
}

fn named(name: &str) -> Model {
    described::of_name(&described::figures(), name).expect("described")
}

fn figure(figures: &Value, name: &str) -> f64 {
    figures[name].as_f64().unwrap_or_default()
}

#[test]
fn every_model_takes_the_bytes_of_the_table() {
    let all = described::figures();
    let mut compared = 0;
    for (name, figures) in all.as_object().expect("models by name") {
        let model = described::model(name, figures);
        let fixed = figure(figures, "state_bytes_per_sequence") + figure(figures, "kv_window_bytes_bf16");
        let expected =
            CacheBytes { per_token: figure(figures, "kv_bytes_per_token_bf16"), per_sequence: fixed };
        assert_eq!(cache(&model, &needed(), 1), expected, "{name}");
        let reserved = cache(&model, &reserved(), 1);
        let elements = figure(figures, "kv_elements_per_token_if_windows_are_reserved");
        let index = figure(figures, "kv_index_elements_per_token");
        // The windows of compressed models are small, and never reserved.
        if elements > 0.0 {
            assert_eq!(reserved.per_token, 2.0 * (elements + index), "{name}");
            assert_eq!(reserved.per_sequence, figure(figures, "state_bytes_per_sequence"), "{name}");
        } else {
            assert_eq!(reserved, expected, "{name}");
        }
        let weights = model.architecture.as_ref().expect("described").parts.bytes();
        let off = (weights - figure(figures, "weight_bytes")).abs();
        assert!(off <= 1.0, "{name}: {weights}");
        compared += 1;
    }
    assert_eq!(compared, 65);
}

#[test]
fn gpt_oss_120b_takes_what_vllm_prints() {
    let model = named("openai/gpt-oss-120b");
    let reserved = cache(&model, &reserved(), 1);
    assert_eq!(reserved, CacheBytes { per_token: 73_728.0, per_sequence: 0.0 });
    // The log says 78,384 tokens in 5.38 GiB, rounded to two digits.
    assert_eq!((5.38 * GIB / reserved.per_token).round(), 78_352.0);
    let window = 18.0 * 1024.0 * 128.0 * 2.0;
    assert_eq!(cache(&model, &needed(), 1), CacheBytes { per_token: 36_864.0, per_sequence: window });
    let capacity = capacity_by_kind(&model, &self::reserved(), &budget(80.0, 1)).expect("fits");
    assert_eq!((capacity.weight_bytes / 1e8).round() / 10.0, 65.2);
    let free = 72.0 * GIB - capacity.weight_bytes - (8.0 + 0.15) * GIB;
    assert!((capacity.free_bytes - free).abs() < 1.0, "{capacity:?}");
    assert_eq!(f64::from(capacity.blocks), (free / (73_728.0 * 16.0)).floor());
    assert_eq!(capacity.blocks_per_sequence, 0);
}

#[test]
fn a_sequence_of_qwen_3_5_27b_can_be_as_long_as_the_model_allows() {
    let model = named("Qwen/Qwen3.5-27B");
    let bytes = cache(&model, &MemorySettings::default(), 1);
    assert_eq!(bytes, CacheBytes { per_token: 65_536.0, per_sequence: 153_944_064.0 });
    let capacity = capacity_by_kind(&model, &MemorySettings::default(), &budget(80.0, 1)).expect("fits");
    assert_eq!(capacity.blocks_per_sequence, 147);
    let tokens = (capacity.blocks - capacity.blocks_per_sequence) * 16;
    assert!((263_000..265_000).contains(&tokens), "{tokens}");
    assert!(tokens > 262_144, "the length that the model declares");
}

#[test]
fn compressed_entries_are_on_every_gpu_and_what_is_free_is_that_of_one() {
    let model = named("deepseek-ai/DeepSeek-V3");
    let (two, four) = (cache(&model, &reserved(), 2), cache(&model, &reserved(), 4));
    assert_eq!((two.per_token, four.per_token), (70_272.0, 70_272.0));
    let capacity = capacity_by_kind(&model, &reserved(), &budget(180.0, 8)).expect("fits");
    let free = 8.0 * 162.0 * GIB - capacity.weight_bytes - (8.0 + 8.0 * 0.6) * GIB;
    assert_eq!(f64::from(capacity.blocks), (free / 8.0 / (70_272.0 * 16.0)).floor());
}

#[test]
fn kv_heads_below_tp_are_repeated() {
    let model = named("Qwen/Qwen3-235B-A22B");
    let per_token = |tp| cache(&model, &reserved(), tp).per_token;
    // Four KV heads.
    assert_eq!([1, 2, 4, 8, 16].map(|tp| per_token(1) / per_token(tp)), [1.0, 2.0, 4.0, 4.0, 4.0]);
}

#[test]
fn states_are_split_over_gpus_and_the_format_halves_what_grows() {
    let model = named("Qwen/Qwen3.5-27B");
    assert_eq!(cache(&model, &reserved(), 4).per_sequence, 153_944_064.0 / 4.0);
    let fp8 = settings(KvWindows::Reserved, KvCacheFormat::Fp8);
    assert_eq!(cache(&model, &fp8, 1), CacheBytes { per_token: 32_768.0, per_sequence: 153_944_064.0 });
    let mut says_fp8 = model.clone();
    "fp8".clone_into(&mut says_fp8.architecture.as_mut().expect("described").kv_cache_format);
    assert_eq!(cache(&says_fp8, &MemorySettings::default(), 1).per_token, 32_768.0);
    assert_eq!(cache(&says_fp8, &reserved(), 1).per_token, 65_536.0);
}

#[test]
fn what_does_not_fit_is_refused_in_gib_with_the_number_that_would() {
    let model = named("deepseek-ai/DeepSeek-V3");
    let error = capacity_by_kind(&model, &reserved(), &budget(80.0, 8)).expect_err("too large");
    assert!(matches!(error, ConfigError::DoesNotFit { minimum_gpus: Some(9), .. }), "{error:?}");
    assert!(error.to_string().contains("626.") && error.to_string().contains("at least 9 GPUs"), "{error}");
    capacity_by_kind(&model, &reserved(), &budget(80.0, 16)).expect("the next power of two");
}

#[test]
fn weights_that_leave_no_room_for_one_sequence_are_refused() {
    let model = named("nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-FP8");
    let weights = model.architecture.as_ref().expect("described").parts.bytes();
    // Room for some blocks, but not for the 408 MB of one sequence.
    let memory_gib = (weights / GIB + 8.0 + 0.15 + 0.3) / 0.9;
    let error = capacity_by_kind(&model, &reserved(), &budget(memory_gib, 1)).expect_err("too tight");
    assert_eq!(error.path(), "memory.gpu_memory_utilization");
    assert!(error.to_string().contains("room for one sequence"), "{error}");
    let more = budget(memory_gib + 0.2, 1);
    assert!(capacity_by_kind(&model, &reserved(), &more).expect("just enough").blocks_per_sequence > 0);
}

#[test]
fn a_model_of_states_alone_is_limited_by_sequences() {
    let mut model = named("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16");
    model.architecture.as_mut().expect("described").mixers.truncate(1);
    let capacity = capacity_by_kind(&model, &reserved(), &budget(141.0, 1)).expect("fits");
    assert_eq!(capacity.cache.per_token, 0.0);
    let sequences = capacity.blocks / (capacity.blocks_per_sequence + 1);
    let expected = (capacity.free_bytes / capacity.cache.per_sequence).floor();
    assert!((f64::from(sequences) - expected).abs() <= 1.0, "{sequences} and {expected}");
}
