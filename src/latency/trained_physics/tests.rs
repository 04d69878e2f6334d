use super::*;
use crate::catalog::{coefficients, find_gpu, find_model};
use crate::latency::example_batches::Batch;

const SCOUT: &str = "llama-4-scout-17b-16e-instruct-fp8-dynamic";

fn bundled(model: &str, gpu: &str, tp: u32) -> TrainedPhysics {
    let (model, gpu) = (find_model(model).expect("bundled"), find_gpu(gpu).expect("bundled"));
    TrainedPhysics::new(model, gpu, tp, &coefficients().trained_physics).expect("valid")
}

fn with_betas(betas: &[f64]) -> Result<TrainedPhysics, ConfigError> {
    let coefficients = LatencyCoefficients { alpha_coeffs: vec![0.0; 3], beta_coeffs: betas.to_vec() };
    TrainedPhysics::new(
        find_model("qwen3-14b").expect("bundled"),
        find_gpu("H100").expect("bundled"),
        1,
        &coefficients,
    )
}

fn step_time(model: &TrainedPhysics, load: &StepLoad<'_>) -> i64 {
    model.step_time(load, |_| panic!("the sums decide")).0
}

/// A row of the worked examples: T_pc, T_pk, T_dc, T_dk, T_w, T_ar, g, v.
fn assert_example(model: (&str, &str, u32), batch: &Batch, expected: [f64; 8], duration: i64) {
    let built = bundled(model.0, model.1, model.2);
    let facts = find_model(model.0).expect("bundled");
    let shape = Shape::new(facts, find_gpu(model.1).expect("bundled"), model.2, facts.intermediate_size);
    let head_width = (facts.hidden_size / facts.num_attention_heads) as f64;
    let (load, prefill_tokens) = (batch.load(), batch.prefill_tokens());
    let decodes = load.decodes as f64;
    let attention = built.compute.prefill_attention(load.prefills);
    let decode_attention = built.compute.decode_attention(load.context as f64);
    let got = [
        built.compute.time(prefill_tokens as f64, attention),
        built.kv.write_time(prefill_tokens as f64),
        built.compute.time(decodes, decode_attention),
        built.kv.read_time((load.context + load.decodes) as f64),
        weights_time(&shape, head_width, shape.bandwidth * 1e6),
        built.all_reduce.time((prefill_tokens + load.decodes) as f64),
        built.interleave_term,
        built.step_value(&load),
    ];
    assert_eq!(got, expected);
    assert_eq!(step_time(&built, &load), duration);
}

#[test]
fn example_qwen3_14b_prefills_one_prompt() {
    let expected = [
        2_682.869_651_339_06,
        4.890_746_268_656_716_5,
        0.0,
        0.0,
        7_887.795_582_089_552,
        0.0,
        0.0,
        12_569.751_360_397_142,
    ];
    assert_example(("qwen3-14b", "H100", 1), &Batch::one(), expected, 12_569);
}

#[test]
fn example_qwen3_14b_decodes_before_a_prefill_chunk() {
    let expected = [
        535.116_838_807_478_5,
        0.978_149_253_731_343_3,
        26.787_301_869_631_126,
        4.939_653_731_343_284,
        7_887.795_582_089_552,
        0.0,
        0.0,
        12_257.052_902_837_366,
    ];
    assert_example(("qwen3-14b", "H100", 1), &Batch::two(), expected, 12_257);
}

#[test]
fn example_qwen3_14b_on_four_gpus() {
    let expected = [
        4_708.971_884_790_298,
        8.412_083_582_089_553,
        13.517_834_866_093_986,
        9.805_946_268_656_717,
        1_971.948_895_522_388,
        253.096_119_402_985_07,
        0.0,
        5_040.146_096_839_947,
    ];
    assert_example(("qwen3-14b", "H100", 4), &Batch::mix(), expected, 5_040);
}

#[test]
fn example_mixtral_reads_all_experts() {
    let expected = [
        28_290.997_221_743_59,
        22.113_177_047_572_336,
        81.546_948_923_076_93,
        25.777_279_058_361_938,
        22_775.543_839_136_83,
        177.419_676_311_917_58,
        0.0,
        36_690.559_665_388_195,
    ];
    assert_example(("mixtral-8x7b-v0.1", "A100-80", 2), &Batch::mix(), expected, 36_690);
}

#[test]
fn example_scout_is_interleaved_with_one_byte_weights() {
    let expected = [
        2_169.215_107_427_994,
        10.094_500_298_507_462,
        6.203_235_735_219_808,
        11.767_135_522_388_06,
        4_281.946_173_134_328,
        303.715_343_283_582_1,
        11_564.673_331_2,
        19_664.539_849_526_49,
    ];
    assert_example((SCOUT, "H100", 4), &Batch::mix(), expected, 19_664);
}

#[test]
fn example_deepseek_counts_shared_experts() {
    let expected = [
        9_165.019_445_137_412,
        176.128,
        26.137_650_203_010_633,
        205.312,
        36_732.928,
        0.0,
        0.0,
        52_853.975_637_506_59,
    ];
    assert_example(("deepseek-v2-lite", "L40S", 1), &Batch::mix(), expected, 52_853);
}

#[test]
fn the_bundled_overheads_are_15563_45_and_777() {
    let model = bundled(SCOUT, "L40S", 2);
    assert_eq!(model.queueing_delay(1), Micros(15_563));
    assert_eq!(model.queueing_delay(100_000), Micros(15_563));
    assert_eq!(model.output_overhead(), Micros(45));
    assert_eq!(model.completion_overhead(), Micros(777));
}

#[test]
fn an_empty_step_takes_one_microsecond() {
    assert_eq!(step_time(&bundled("qwen3-14b", "H100", 1), &StepLoad::default()), 1);
}

#[test]
fn a_request_without_output_counts_only_in_the_batch_size() {
    let betas = [0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 5.0];
    let load = StepLoad { others: 2, ..StepLoad::default() };
    assert_eq!(step_time(&with_betas(&betas).expect("valid"), &load), 11);
}

#[test]
fn coefficients_of_zero_give_the_shortest_step() {
    assert_eq!(step_time(&with_betas(&[0.0; 7]).expect("valid"), &Batch::mix().load()), 1);
}

#[test]
fn coefficients_beyond_the_eleventh_are_ignored() {
    let bundled = &coefficients().trained_physics.beta_coeffs;
    let longer: Vec<f64> = bundled.iter().copied().chain([99.0]).collect();
    let load = Batch::mix();
    let times = [bundled, &longer].map(|betas| step_time(&with_betas(betas).expect("valid"), &load.load()));
    assert_eq!(times[0], times[1]);
}

#[test]
fn the_number_of_coefficients_decides_how_compute_and_memory_combine() {
    // On this batch the prefill's compute time exceeds its KV time.
    let (compute, kv) = (2_682.869_651_339_06, 4.890_746_268_656_716_5);
    let value = |betas: &[f64]| with_betas(betas).expect("valid").step_value(&Batch::one().load());
    let seven = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    assert_eq!(value(&seven), compute);
    let nine = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0];
    assert_eq!(value(&nine), compute + 2.0 * kv);
}

#[test]
fn tp_must_divide_query_and_kv_heads() {
    let (h100, betas) = (find_gpu("H100").expect("bundled"), &coefficients().trained_physics);
    for (model, tp) in [("qwen2.5-7b-instruct", 8), ("qwen3-14b", 3), ("qwen3-14b", 0), ("yi-34b", 16)] {
        let error =
            TrainedPhysics::new(find_model(model).expect("bundled"), h100, tp, betas).expect_err(model);
        assert_eq!(error.path(), "model.tp");
    }
}

#[test]
fn bundled_models_accept_exactly_the_tp_values_of_the_table() {
    for model in crate::catalog::models() {
        let accepted: Vec<u32> = [1, 2, 4, 8]
            .into_iter()
            .filter(|tp| {
                let gpu = find_gpu("H100").expect("bundled");
                TrainedPhysics::new(model, gpu, *tp, &coefficients().trained_physics).is_ok()
            })
            .collect();
        assert_eq!(accepted, model.tp_trained_physics, "{}", model.key);
    }
}

#[test]
fn too_few_negative_or_infinite_coefficients_are_refused_with_their_place() {
    assert_eq!(with_betas(&[0.0; 6]).expect_err("six").path(), "model.beta_coeffs");
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        let mut betas = [0.0; 8];
        betas[7] = wrong;
        assert_eq!(with_betas(&betas).expect_err("wrong").path(), "model.beta_coeffs[7]");
    }
    let coefficients = LatencyCoefficients { alpha_coeffs: vec![0.0, -0.5, 0.0], beta_coeffs: vec![0.0; 7] };
    let (model, gpu) = (find_model("qwen3-14b").expect("bundled"), find_gpu("H100").expect("bundled"));
    assert_eq!(
        TrainedPhysics::new(model, gpu, 1, &coefficients).expect_err("negative").path(),
        "model.alpha_coeffs[1]"
    );
}

#[test]
fn facts_that_make_no_model_are_refused() {
    type Change = fn(&mut Model);
    let good = find_model("qwen3-14b").expect("bundled");
    let gpu = find_gpu("H100").expect("bundled");
    let changes: [(Change, &str); 5] = [
        (|model| model.num_hidden_layers = 0, "model.config.num_hidden_layers"),
        (|model| model.intermediate_size = 0, "model.config.intermediate_size"),
        (|model| model.num_attention_heads = 0, "model.config.num_attention_heads"),
        (|model| model.bytes_per_param = 0.0, "model.config.torch_dtype"),
        (|model| model.num_local_experts = 2, "model.config.num_experts_per_tok"),
    ];
    for (change, path) in changes {
        let mut model = good.clone();
        change(&mut model);
        let error = TrainedPhysics::new(&model, gpu, 1, &coefficients().trained_physics).expect_err(path);
        assert_eq!(error.path(), path);
    }
    let slow = Gpu { bandwidth_tb_per_second: 0.0, ..gpu.clone() };
    let error =
        TrainedPhysics::new(good, &slow, 1, &coefficients().trained_physics).expect_err("no bandwidth");
    assert_eq!(error.path(), "model.hardware.BwPeakTBs");
}

#[test]
fn the_hoisted_exchange_equals_the_written_order() {
    let model = bundled(SCOUT, "H100", 8);
    let mut written = model.all_reduce.clone();
    written.exact_tokens = 0.0;
    assert!(model.all_reduce.exact_tokens > 1e6);
    for tokens in [1.0, 7.0, 255.0, 2048.0, 99_991.0] {
        assert_eq!(model.all_reduce.time(tokens), written.time(tokens));
    }
}
