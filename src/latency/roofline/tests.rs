use super::*;
use crate::catalog::{find_gpu, find_model};
use crate::latency::example_batches::Batch;

const SCOUT: &str = "llama-4-scout-17b-16e-instruct-fp8-dynamic";

fn bundled(model: &str, gpu: &str, tp: u32) -> Roofline {
    let (model, gpu) = (find_model(model).expect("bundled"), find_gpu(gpu).expect("bundled"));
    Roofline::new(model, gpu, tp, &[0.0; 3]).expect("valid")
}

/// A row of the worked examples: X, Y, wt(N_p + D), M, v; and n_eff of a MoE model.
fn assert_example(
    roofline: &Roofline,
    batch: &Batch,
    expected: [f64; 5],
    touched_experts: Option<f64>,
    duration: i64,
) {
    let load = batch.load();
    let prefill = roofline.prefill_sums(load.prefills);
    let tokens = prefill.tokens + load.decodes;
    let weights = roofline.bytes.weights(tokens);
    let own_weights = roofline.bytes.weights(1);
    let (mut compute, mut traffic) = (prefill.compute, prefill.traffic);
    for present in batch.decodes.iter().map(|tokens| f64::from(*tokens)) {
        compute += roofline.flops.of_request(present, 1.0) / roofline.tp / roofline.decode_rate;
        traffic += roofline.bytes.besides_weights(present, 1.0, own_weights) / roofline.tp;
    }
    let memory = (weights / roofline.tp + traffic) / roofline.bandwidth;
    let value = roofline.value_by_request(&prefill, weights, &batch.decodes);
    assert_eq!([compute, traffic, weights, memory, value], expected);
    if let Some(touched) = touched_experts {
        assert_eq!(roofline.bytes.touched_experts(tokens), touched);
    }
    let in_order = |progress: &mut Vec<Tokens>| progress.extend_from_slice(&batch.decodes);
    assert_eq!(roofline.step_time(&load, in_order).0, duration);
    assert_eq!(roofline.step_time_by_request(&load, &batch.decodes).0, duration);
}

#[test]
fn example_qwen3_14b_prefills_one_prompt() {
    let expected = [
        0.004_342_295_076_076_582,
        57_344_000.0,
        19_293_798_400.0,
        0.005_776_460_417_910_448,
        5_776.460_417_910_448,
    ];
    assert_example(&bundled("qwen3-14b", "H100", 1), &Batch::one(), expected, None, 5_776);
}

#[test]
fn example_qwen3_14b_decodes_before_a_prefill_chunk() {
    let expected = [
        0.000_932_247_981_584_414_1,
        28_426_240.0,
        19_293_798_400.0,
        0.005_767_828_250_746_268,
        5_767.828_250_746_268,
    ];
    assert_example(&bundled("qwen3-14b", "H100", 1), &Batch::two(), expected, None, 5_767);
}

#[test]
fn example_qwen3_14b_on_four_gpus_is_bound_by_compute() {
    let roofline = bundled("qwen3-14b", "H100", 4);
    let expected = [
        0.007_633_947_028_690_136,
        152_657_920.0,
        19_293_798_400.0,
        0.001_485_405_229_850_746_3,
        7_633.947_028_690_136,
    ];
    assert_example(&roofline, &Batch::mix(), expected, None, 7_633);
    let requests = [(100.0, 1.0), (700.0, 1.0), (0.0, 300.0), (512.0, 388.0)];
    let flops = requests.map(|(present, new)| roofline.flops.of_request(present, new));
    assert_eq!(flops, [19_376_928_000.0, 19_873_248_000.0, 5_825_362_320_000.0, 7_712_585_468_800.0]);
    let moved = requests.map(|(present, new)| {
        roofline.bytes.besides_weights(present, new, roofline.bytes.weights(new as u64)) / 4.0
    });
    assert_eq!(moved, [4_239_360.0, 28_815_360.0, 43_008_000.0, 76_595_200.0]);
}

#[test]
fn example_mixtral_on_two_a100() {
    let expected = [
        0.052_436_140_735_702_505,
        221_642_752.0,
        62_813_896_704.0,
        0.015_511_815_156_449_237,
        52_436.140_735_702_5,
    ];
    assert_example(&bundled("mixtral-8x7b-v0.1", "A100-80", 2), &Batch::mix(), expected, Some(8.0), 52_436);
}

#[test]
fn example_scout_with_one_byte_weights() {
    let expected = [
        0.003_604_028_630_217_281_6,
        183_189_504.0,
        39_258_685_440.0,
        0.002_984_436_078_805_97,
        3_604.028_630_217_281_7,
    ];
    assert_example(&bundled(SCOUT, "H100", 4), &Batch::mix(), expected, Some(16.0), 3_604);
}

#[test]
fn example_deepseek_on_l40s_is_bound_by_memory() {
    let expected =
        [0.017_288_874_435_022_788, 519_118_848.0, 20_837_302_272.0, 0.024_718_08, 24_718.079_999_999_998];
    assert_example(&bundled("deepseek-v2-lite", "L40S", 1), &Batch::mix(), expected, Some(64.0), 24_718);
}

#[test]
fn example_three_tokens_touch_4_625_of_eight_experts() {
    let expected = [
        9.027_406_003_031_833e-5,
        55_640_064.0,
        37_446_746_112.0,
        0.005_605_675_558_208_955,
        5_605.675_558_208_954_5,
    ];
    assert_example(&bundled("mixtral-8x7b-v0.1", "H100", 2), &Batch::three(), expected, Some(4.625), 5_605);
}

#[test]
fn an_empty_step_takes_one_microsecond() {
    let roofline = bundled("qwen3-14b", "H100", 1);
    assert_eq!(roofline.step_time(&StepLoad::default(), |_| ()), Micros(1));
    assert_eq!(roofline.step_time_by_request(&StepLoad::default(), &[]), Micros(1));
}

#[test]
fn requests_are_only_listed_where_the_last_bits_decide() {
    assert!(is_decided(1000.5, 256.0));
    assert!(is_decided(1_000.000_002, 1.0));
    for undecided in [1000.0, 1_000.000_000_9, 999.999_999_1, f64::NAN, f64::INFINITY, 1e300] {
        assert!(!is_decided(undecided, 1.0), "{undecided}");
    }
    // 10⁹ µs and 10⁴ requests: the sums may be wrong by 0.004 µs.
    assert!(!is_decided(1e9 + 0.004, 1e4));
    assert!(is_decided(1e9 + 0.01, 1e4));
}

#[test]
fn the_closed_form_is_close_to_the_sum_on_the_examples() {
    for (model, tp) in [("qwen3-14b", 4), ("mixtral-8x7b-v0.1", 2), (SCOUT, 4), ("qwen2.5-7b-instruct", 8)] {
        let roofline = bundled(model, "H100", tp);
        for batch in [Batch::two(), Batch::mix(), Batch::three()] {
            let load = batch.load();
            let prefill = roofline.prefill_sums(load.prefills);
            let weights = roofline.bytes.weights(prefill.tokens + load.decodes);
            let closed = roofline.closed_value(&prefill, weights, load.decodes as f64, load.context as f64);
            let summed = roofline.value_by_request(&prefill, weights, &batch.decodes);
            assert!((closed - summed).abs() <= 1e-9, "{model}: {closed} and {summed}");
        }
    }
}

#[test]
fn overheads_depend_on_the_input_length() {
    let (model, gpu) = (find_model("qwen3-14b").expect("bundled"), find_gpu("H100").expect("bundled"));
    let roofline = Roofline::new(model, gpu, 1, &[100.5, 0.25, 7.9]).expect("valid");
    assert_eq!(roofline.queueing_delay(10), Micros(103));
    assert_eq!(roofline.output_overhead(), Micros(7));
    assert_eq!(roofline.completion_overhead(), Micros(0));
}

#[test]
fn powers_are_taken_by_squaring_from_the_lowest_bit() {
    let power = crate::latency::request_cost::power;
    assert_eq!(power(0.75, 3), 0.421_875);
    assert_eq!((power(0.3, 0), power(0.3, 1)), (1.0, 0.3));
    let tenth: f64 = 0.1;
    let square = tenth * tenth;
    assert_eq!(power(tenth, 5), tenth * (square * square));
    assert_eq!(power(0.5, u64::MAX), 0.0);
}

#[test]
fn roofline_accepts_more_gpus_than_kv_heads() {
    bundled("qwen2.5-7b-instruct", "H100", 8);
    bundled("qwen3-14b", "H100", 3);
}

#[test]
fn a_missing_ffn_width_counts_as_four_times_the_hidden_size() {
    let mut model = find_model("qwen3-14b").expect("bundled").clone();
    let gpu = find_gpu("H100").expect("bundled");
    model.intermediate_size = 0;
    let missing = Roofline::new(&model, gpu, 1, &[0.0; 3]).expect("valid");
    model.intermediate_size = 4 * model.hidden_size;
    let given = Roofline::new(&model, gpu, 1, &[0.0; 3]).expect("valid");
    assert_eq!(missing.bytes.weights(1), given.bytes.weights(1));
}

#[test]
fn facts_that_make_no_roofline_are_refused() {
    type Change = fn(&mut Model, &mut Gpu);
    let good = find_model("mixtral-8x7b-v0.1").expect("bundled");
    let gpu = find_gpu("H100").expect("bundled");
    let changes: [(Change, &str); 7] = [
        (|_, gpu| gpu.mfu_prefill = 0.0, "model.hardware.mfuPrefill"),
        (|_, gpu| gpu.mfu_decode = f64::NAN, "model.hardware.mfuDecode"),
        (|_, gpu| gpu.fp8_tflops = -1.0, "model.hardware.TFlopsFP8"),
        (|_, gpu| gpu.memory_gib = f64::INFINITY, "model.hardware.MemoryGiB"),
        (|model, _| model.num_experts_per_tok = 9, "model.config.num_experts_per_tok"),
        (|model, _| model.moe_intermediate_size = -1, "model.config.moe_intermediate_size"),
        (|model, _| model.weight_bytes_per_param = -1.0, "model.config.weight_bytes_per_param"),
    ];
    for (change, path) in changes {
        let (mut model, mut gpu) = (good.clone(), gpu.clone());
        change(&mut model, &mut gpu);
        assert_eq!(Roofline::new(&model, &gpu, 1, &[0.0; 3]).expect_err(path).path(), path);
    }
    assert_eq!(Roofline::new(good, gpu, 0, &[0.0; 3]).expect_err("no GPU").path(), "model.tp");
    assert_eq!(Roofline::new(good, gpu, 1, &[]).expect_err("no overheads").path(), "model.alpha_coeffs");
}

/// A batch of up to 64 requests from a small congruential generator.
fn pseudo_random_batch(state: &mut u64) -> Batch {
    let mut draw = |limit: u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((*state >> 33) % limit) as Tokens
    };
    let mut batch = Batch::one();
    for _ in 0..draw(4) {
        let (progress, new) = (draw(5000), 1 + draw(2000));
        batch.prefills.push(PrefillMember { progress, input: progress + new + draw(100), new });
    }
    batch.decodes = (0..=draw(60)).map(|_| 1 + draw(20_000)).collect();
    batch
}

/// Shifts all rates so that the batch takes a whole number of µs, up to rounding.
fn tuned_to_a_whole_time(mut roofline: Roofline, batch: &Batch) -> Roofline {
    let load = batch.load();
    let prefill = roofline.prefill_sums(load.prefills);
    let weights = roofline.bytes.weights(prefill.tokens + load.decodes);
    let value = roofline.value_by_request(&prefill, weights, &batch.decodes);
    let stretch = value / value.round();
    roofline.prefill_rate *= stretch;
    roofline.decode_rate *= stretch;
    roofline.bandwidth *= stretch;
    roofline.decode_compute.base /= stretch;
    roofline.decode_compute.per_token /= stretch;
    roofline
}

#[test]
fn the_shortcut_equals_the_sum_by_request_even_where_the_last_bit_decides() {
    let mut state = 1;
    let (mut rounds, mut wrong_without_guard) = (0, 0);
    for (model, tp) in [("qwen3-14b", 3), ("mixtral-8x7b-v0.1", 5), ("qwen2.5-7b-instruct", 7), (SCOUT, 6)] {
        for _ in 0..2000 {
            let batch = pseudo_random_batch(&mut state);
            let load = batch.load();
            let roofline = tuned_to_a_whole_time(bundled(model, "L40S", tp), &batch);
            let in_order = |progress: &mut Vec<Tokens>| progress.extend_from_slice(&batch.decodes);
            let summed = roofline.step_time_by_request(&load, &batch.decodes);
            assert_eq!(roofline.step_time(&load, in_order), summed);
            let prefill = roofline.prefill_sums(load.prefills);
            let weights = roofline.bytes.weights(prefill.tokens + load.decodes);
            let closed = roofline.closed_value(&prefill, weights, load.decodes as f64, load.context as f64);
            rounds += 1;
            wrong_without_guard += usize::from(to_step_time(closed) != summed);
        }
    }
    assert!(
        wrong_without_guard > rounds / 20,
        "the guard was hardly needed: {wrong_without_guard} of {rounds}"
    );
}
