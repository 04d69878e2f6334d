use super::*;
use crate::catalog::find_model;

const SCOUT: &str = "llama-4-scout-17b-16e-instruct-fp8-dynamic";

fn budget(memory_gib: f64, tp: u32) -> MemoryBudget {
    MemoryBudget { memory_gib, tp, utilization: 0.9, block_size: 16 }
}

fn capacity(model: &str, memory_gib: f64, tp: u32) -> Result<KvCapacity, ConfigError> {
    kv_capacity(find_model(model).expect("bundled"), &budget(memory_gib, tp))
}

#[test]
fn example_qwen3_14b_on_one_h100() {
    let expected = KvCapacity {
        parameters: 14_768_296_960,
        weight_bytes: 29_536_593_920,
        bytes_per_token: 163_840.0,
        bytes_per_block: 2_621_440,
        available_gib: 72.0,
        overhead_gib: 33.158_096_694_946_29,
        free_bytes: 41_706_176_102,
        blocks: 15_909,
    };
    assert_eq!(capacity("qwen3-14b", 80.0, 1), Ok(expected));
}

#[test]
fn example_llama_70b_on_four_h100() {
    let expected = KvCapacity {
        parameters: 70_553_706_496,
        weight_bytes: 141_107_412_992,
        bytes_per_token: 81_920.0,
        bytes_per_block: 1_310_720,
        available_gib: 288.0,
        overhead_gib: 139.316_519_165_039_07,
        free_bytes: 159_647_671_910,
        blocks: 121_801,
    };
    assert_eq!(capacity("llama-3.1-70b-instruct", 80.0, 4), Ok(expected));
}

#[test]
fn example_mixtral_on_two_h100() {
    let expected = KvCapacity {
        parameters: 46_702_792_704,
        weight_bytes: 93_405_585_408,
        bytes_per_token: 65_536.0,
        bytes_per_block: 1_048_576,
        available_gib: 144.0,
        overhead_gib: 96.190_730_285_644_53,
        free_bytes: 51_334_812_467,
        blocks: 48_956,
    };
    assert_eq!(capacity("mixtral-8x7b-v0.1", 80.0, 2), Ok(expected));
}

#[test]
fn example_deepseek_keeps_its_compressed_entries_on_every_gpu() {
    let expected = KvCapacity {
        parameters: 15_787_866_112,
        weight_bytes: 31_575_732_224,
        bytes_per_token: 31_104.0,
        bytes_per_block: 497_664,
        available_gib: 86.4,
        overhead_gib: 38.607_192_230_224_61,
        free_bytes: 51_317_136_588,
        blocks: 103_116,
    };
    assert_eq!(capacity("deepseek-v2-lite", 48.0, 2), Ok(expected));
}

#[test]
fn example_scout_counts_all_layers_as_expert_layers() {
    let expected = KvCapacity {
        parameters: 101_730_063_360,
        weight_bytes: 101_730_063_360,
        bytes_per_token: 49_152.0,
        bytes_per_block: 786_432,
        available_gib: 288.0,
        overhead_gib: 105.143_504_524_230_96,
        free_bytes: 196_340_666_982,
        blocks: 249_660,
    };
    assert_eq!(capacity(SCOUT, 80.0, 4), Ok(expected));
}

#[test]
fn every_bundled_parameter_count_follows_from_the_formula() {
    for model in crate::catalog::models() {
        assert_eq!(Some(parameter_count(model).expect("sane")), model.parameters, "{}", model.key);
    }
}

#[test]
fn a_count_without_result_names_its_parts_and_the_fewest_gpus() {
    // K-7: model, memory, TP, V, W, G, X, R, minimum.
    let rows = [
        ("codellama-34b-instruct-hf", 48, 1, "68.50", "62.85", "5.50", "0.15", "43.20", 2),
        ("glm-5.2-fp8", 80, 1, "704.76", "696.61", "8.00", "0.15", "72.00", 10),
        ("glm-5.2-fp8", 80, 2, "705.81", "696.61", "8.00", "1.20", "144.00", 10),
        ("glm-5.2-fp8", 80, 4, "707.01", "696.61", "8.00", "2.40", "288.00", 10),
        ("glm-5.2-fp8", 80, 8, "709.41", "696.61", "8.00", "4.80", "576.00", 10),
        ("glm-5.2-fp8", 48, 1, "704.76", "696.61", "8.00", "0.15", "43.20", 17),
        ("glm-5.2-fp8", 48, 2, "705.81", "696.61", "8.00", "1.20", "86.40", 17),
        ("glm-5.2-fp8", 48, 4, "707.01", "696.61", "8.00", "2.40", "172.80", 17),
        ("glm-5.2-fp8", 48, 8, "709.41", "696.61", "8.00", "4.80", "345.60", 17),
        ("llama-3.1-70b-instruct", 80, 1, "137.07", "131.42", "5.50", "0.15", "72.00", 2),
        ("llama-3.1-70b-instruct", 48, 1, "137.07", "131.42", "5.50", "0.15", "43.20", 4),
        ("llama-3.1-70b-instruct", 48, 2, "138.12", "131.42", "5.50", "1.20", "86.40", 4),
        (SCOUT, 80, 1, "102.89", "94.74", "8.00", "0.15", "72.00", 2),
        (SCOUT, 48, 1, "102.89", "94.74", "8.00", "0.15", "43.20", 3),
        (SCOUT, 48, 2, "103.94", "94.74", "8.00", "1.20", "86.40", 3),
        ("mixtral-8x7b-v0.1", 80, 1, "95.14", "86.99", "8.00", "0.15", "72.00", 2),
        ("mixtral-8x7b-v0.1", 48, 1, "95.14", "86.99", "8.00", "0.15", "43.20", 3),
        ("mixtral-8x7b-v0.1", 48, 2, "96.19", "86.99", "8.00", "1.20", "86.40", 3),
        ("qwen3-30b-a3b", 48, 1, "64.27", "56.12", "8.00", "0.15", "43.20", 2),
        ("yi-34b", 48, 1, "69.70", "64.05", "5.50", "0.15", "43.20", 2),
    ];
    for (model, memory, tp, needed, weights, activations, other, available, minimum) in rows {
        let error = capacity(model, f64::from(memory), tp).expect_err("does not fit");
        assert_eq!(
            error.to_string(),
            format!(
                "model.tp: got {tp}, but the model needs {needed} GiB (weights {weights}, activations {activations}, \
                 other {other}) and only {available} GiB are usable ({tp} × {memory} GiB at 90%); expected at least \
                 {minimum} GPUs per instance"
            )
        );
    }
}

#[test]
fn where_one_gpu_holds_no_overhead_more_of_them_do_not_help() {
    let error = capacity("qwen3-14b", 0.6, 4).expect_err("0.54 GiB per GPU");
    assert!(matches!(error, ConfigError::DoesNotFit { minimum_gpus: None, .. }));
    assert!(error.to_string().ends_with("expected a GPU with more memory"), "{error}");
}

#[test]
fn tp_must_divide_the_kv_heads_unless_there_are_fewer() {
    let error = capacity("qwen3-14b", 80.0, 3).expect_err("8 heads over 3 GPUs");
    assert_eq!(error.to_string(), "model.tp: got 3, expected a divisor of the 8 KV heads");
    assert_eq!(capacity("qwen2.5-7b-instruct", 80.0, 8).expect("4 heads over 8 GPUs").blocks, 5_163_441);
    capacity("deepseek-v2-lite", 80.0, 3).expect("compressed entries are not split");
}

#[test]
fn settings_are_checked_before_the_model() {
    let model = Model::default();
    let valid = budget(80.0, 1);
    for utilization in [0.0, -0.1, 1.1, f64::NAN, f64::INFINITY] {
        let error = kv_capacity(&model, &MemoryBudget { utilization, ..valid }).expect_err("out of range");
        assert_eq!(error.path(), "memory.gpu_memory_utilization");
    }
    let error = kv_capacity(&model, &MemoryBudget { block_size: 0, ..valid }).expect_err("no tokens");
    assert_eq!(error.path(), "memory.block_size_in_tokens");
}

#[test]
fn facts_are_refused_in_the_order_of_the_chapter() {
    let mut model = Model { hidden_act: "gelu".to_owned(), weight_bytes_per_param: -1.0, ..Model::default() };
    let mut settings = budget(f64::NAN, 0);
    let path = |model: &Model, settings: &MemoryBudget| {
        kv_capacity(model, settings).expect_err("still something wrong").path().to_owned()
    };
    assert_eq!(path(&model, &settings), "model.config.intermediate_size");
    model.intermediate_size = 64;
    assert_eq!(path(&model, &settings), "model.config.vocab_size");
    model.vocab_size = 100;
    assert_eq!(path(&model, &settings), "model.hardware.MemoryGiB");
    settings.memory_gib = 80.0;
    assert_eq!(path(&model, &settings), "model.config.weight_bytes_per_param");
    model.weight_bytes_per_param = 0.0;
    assert_eq!(path(&model, &settings), "model.config.hidden_act");
    model.hidden_act = "silu".to_owned();
    assert_eq!(path(&model, &settings), "model.tp");
    settings.tp = 1;
    assert_eq!(path(&model, &settings), "model.config.num_hidden_layers");
    model.num_hidden_layers = 2;
    assert_eq!(path(&model, &settings), "model.config.num_attention_heads");
    model.num_attention_heads = 3;
    assert_eq!(path(&model, &settings), "model.config.hidden_size");
    model.hidden_size = 10;
    assert_eq!(path(&model, &settings), "model.config.torch_dtype");
    model.bytes_per_param = 2.0;
    assert_eq!(path(&model, &settings), "model.config.hidden_size");
    model.head_dim = 4;
    model.num_key_value_heads = -1;
    assert_eq!(path(&model, &settings), "model.config.num_key_value_heads");
    model.num_key_value_heads = 1;
    kv_capacity(&model, &settings).expect("now it is a model");
}

#[test]
fn a_count_beyond_the_limit_is_refused() {
    let tiny = Model {
        num_hidden_layers: 1,
        hidden_size: 1,
        num_attention_heads: 1,
        intermediate_size: 1,
        vocab_size: 1,
        bytes_per_param: 1.0,
        ..Model::default()
    };
    let settings = MemoryBudget { block_size: 1, ..budget(1e6, 1) };
    let error = kv_capacity(&tiny, &settings).expect_err("2 bytes per block of a petabyte");
    assert_eq!(error.path(), "memory.total_kv_blocks");
    assert!(error.expected().contains("2147483647"));
}

#[test]
fn less_room_than_one_block_is_refused() {
    let settings = MemoryBudget { block_size: u32::MAX, ..budget(80.0, 1) };
    let error = kv_capacity(find_model("qwen3-14b").expect("bundled"), &settings).expect_err("huge blocks");
    assert_eq!(error.path(), "memory.gpu_memory_utilization");
    assert!(error.expected().contains("38.84 GiB are free"), "{error}");
}

#[test]
fn absurd_facts_neither_overflow_nor_panic() {
    let model = Model { hidden_size: i64::MAX, num_hidden_layers: i64::MIN, ..Model::default() };
    assert_eq!(parameter_count(&model).expect_err("absurd").path(), "model.config.num_hidden_layers");
    let largest = Model::LARGEST_COUNT;
    let model = Model {
        num_hidden_layers: largest,
        hidden_size: largest,
        intermediate_size: largest,
        num_local_experts: largest,
        shared_expert_intermediate_size: largest,
        num_key_value_heads: largest,
        head_dim: largest,
        vocab_size: largest,
        ..Model::default()
    };
    assert_eq!(parameter_count(&model).expect_err("beyond 64 bits").path(), "model.config");
}
