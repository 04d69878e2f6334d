//! What theory demands of a faster instance: a request alone in the cluster is never served later.

use crate::common::cluster::{ROOFLINE, TRAINED_PHYSICS, config, request};
use blis_playground::Simulation;
use blis_playground::catalog::find_gpu;
use blis_playground::config::LatencyModelName;
use blis_playground::latency::CustomCatalog;
use blis_playground::record::RequestState;
use proptest::prelude::*;

/// TTFT and E2E of a lone request on a GPU that is `speed` times as fast as an H100.
fn lone_request(model: LatencyModelName, speed: (f64, f64), chunk: u32, input: u32, output: u32) -> [i64; 2] {
    let mut config = config(model, 1, vec![request(0, input, output)]);
    config.instance.max_num_scheduled_tokens = chunk;
    let mut gpu = find_gpu("H100").expect("a known GPU").clone();
    gpu.peak_tflops *= speed.0;
    gpu.bandwidth_tb_per_second *= speed.1;
    let custom = CustomCatalog { model: None, gpus: Some(vec![gpu]) };
    let mut simulation = Simulation::with_custom_catalog(&config, &custom).expect("a valid configuration");
    simulation.run_to_end();
    let outcome = simulation.finish();
    assert_eq!(outcome.records.state[0], RequestState::Completed);
    [outcome.records.ttft[0].0, outcome.records.e2e[0].0]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_faster_gpu_never_makes_a_lone_request_slower(
        roofline in any::<bool>(),
        base in (0.1_f64..4.0, 0.1_f64..4.0),
        factors in (1.0_f64..10.0, 1.0_f64..10.0),
        chunk in 16_u32..3000,
        input in 1_u32..4000,
        output in 0_u32..60,
    ) {
        let model = if roofline { ROOFLINE } else { TRAINED_PHYSICS };
        let slow = lone_request(model, base, chunk, input, output);
        let fast = lone_request(model, (base.0 * factors.0, base.1 * factors.1), chunk, input, output);
        prop_assert!(fast[0] <= slow[0] && fast[1] <= slow[1], "{:?} after {:?}", fast, slow);
    }

    #[test]
    fn smaller_coefficients_never_make_a_lone_request_slower(
        beta in prop::collection::vec(0.0_f64..100.0, 10),
        shares in prop::collection::vec(0.0_f64..=1.0, 10),
        input in 1_u32..4000,
        output in 0_u32..60,
    ) {
        let times = |beta: Vec<f64>| {
            let mut config = config(TRAINED_PHYSICS, 1, vec![request(0, input, output)]);
            config.model.alpha_coeffs = Some(vec![100.0, 10.0, 5.0]);
            config.model.beta_coeffs = Some(beta);
            let outcome = crate::common::cluster::run(&config);
            [outcome.records.ttft[0].0, outcome.records.e2e[0].0]
        };
        let slow = times(beta.clone());
        let fast = times(beta.iter().zip(&shares).map(|(beta, share)| beta * share).collect());
        prop_assert!(fast[0] <= slow[0] && fast[1] <= slow[1], "{:?} after {:?}", fast, slow);
    }
}
