//! The closed forms against the engine: where each one holds, how near it comes, and that it reports when it fails.

use blis_playground::config::StreamsName;
use blis_playground::theory::{self, Calibration, Ceiling, Conditions, Overlay, Overlays};
use blis_playground::{Config, Outcome, simulate};

fn config(pairs: &str, seed: i64) -> Config {
    let pairs = pairs.split_whitespace().map(|pair| pair.split_once('=').expect("key=value"));
    let mut config = Config::from_pairs(&Config::default(), pairs).expect("valid settings");
    // The recorded deviations are those of these streams.
    config.streams = StreamsName::Independent;
    config.seed = seed;
    if let Some(spec) = &mut config.workload.spec {
        spec.seed = Some(seed);
    }
    config
}

fn calibrate(pairs: &str) -> Calibration {
    theory::calibrate(&config(pairs, 1)).expect("a workload that can be served")
}

struct Run {
    config: Config,
    outcome: Outcome,
    calibration: Calibration,
    overlays: Overlays,
}

fn run(pairs: &str, seed: i64) -> Run {
    let config = config(pairs, seed);
    let outcome = simulate(&config).expect("a valid configuration");
    let calibration = theory::calibrate(&config).expect("a workload that can be served");
    let overlays = theory::overlays(&config, &outcome, &calibration);
    Run { config, outcome, calibration, overlays }
}

impl Run {
    fn conditions(&self) -> Conditions {
        Conditions::of(&self.config, &self.outcome, &self.calibration)
    }
}

fn value(overlay: &Overlay, name: &str) -> f64 {
    overlay.value(name).unwrap_or_else(|| panic!("{} has no {name}: {overlay:?}", overlay.name))
}

/// The relative difference, printed when the test fails.
#[track_caller]
fn assert_near(what: &str, predicted: f64, seen: f64, tolerance: f64) {
    println!("{what}: predicted {predicted:.3}, seen {seen:.3}, {:+.1}%", 100.0 * (predicted / seen - 1.0));
    assert!((predicted - seen).abs() <= tolerance * seen.abs(), "{what}: predicted {predicted}, seen {seen}");
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn the_gap_between_tokens_is_the_measured_straight_line() {
    // i0 and i1 as found from other runs of the reference.
    for (setting, i0, i1) in [
        ("tp=1", 12.0, 0.084),
        ("tp=2", 6.8, 0.046),
        ("tp=4", 4.1, 0.025),
        ("tp=8", 2.8, 0.015),
        ("latency=roofline", 5.6, 0.081),
    ] {
        let calibration = calibrate(&format!("{setting} n=2000 rate=100"));
        assert_near(&format!("i0, {setting}"), calibration.i0_ms, i0, 0.04);
        assert_near(&format!("i1, {setting}"), calibration.i1_ms, i1, 0.1);
    }
}

#[test]
fn the_prefill_ceiling_is_that_of_an_instance_that_only_reads() {
    assert_near("trained physics", calibrate("n=2000 rate=100").prefill_ceiling, 190.0, 0.15);
    assert_near("roofline", calibrate("n=2000 rate=100 latency=roofline").prefill_ceiling, 44.0, 0.1);
}

#[test]
fn lengths_are_those_of_the_workload() {
    let calibration = calibrate("n=5000 rate=100");
    assert_near("input", calibration.mean_input, 537.0, 0.05);
    assert_near("output", calibration.mean_output, 516.0, 0.02);
    assert_eq!((calibration.slots, calibration.step_tokens), (256, 2048));
}

#[test]
fn a_calibration_of_what_cannot_be_served_is_refused() {
    let error =
        theory::calibrate(&config("n=10 rate=1 blocks=1", 1)).expect_err("a request needs more blocks");
    assert_eq!(error.path(), "workload");
}

#[test]
fn the_batch_and_the_gap_balance_at_the_fixed_point() {
    for rate in [5, 10, 12, 13] {
        let runs: Vec<Run> =
            (1..=5).map(|seed| run(&format!("instances=1 rate={rate} n=2500"), seed)).collect();
        let of = |figure: fn(&Run) -> f64| mean(runs.iter().map(figure));
        assert!(runs.iter().all(|run| run.overlays.batch.holds), "rate {rate}");
        let predicted = of(|run| value(&run.overlays.batch, "itl_ms"));
        assert_near(&format!("ITL at {rate}/s"), predicted, of(|run| run.conditions().itl_ms), 0.06);
        let predicted = of(|run| value(&run.overlays.batch, "batch"));
        assert_near(&format!("batch at {rate}/s"), predicted, of(|run| run.conditions().running), 0.06);
    }
}

#[test]
fn the_knee_lies_between_14_and_15_per_second() {
    let light = run("instances=1 rate=13 n=2500", 1);
    let capacity = value(&light.overlays.ceilings, "capacity");
    assert!((14.0..15.0).contains(&capacity), "{capacity}");
    assert_eq!(light.overlays.binding, Ceiling::Slots);
    assert!(light.conditions().ttft_p99_ms < 100.0);
    let heavy = run("instances=1 rate=15 n=2500", 1);
    assert!(heavy.conditions().ttft_p99_ms > 2000.0);
}

#[test]
fn each_ceiling_is_what_an_overloaded_instance_serves() {
    for (setting, ceiling) in [
        ("blocks=2000", Ceiling::Kv),
        ("blocks=4000", Ceiling::Kv),
        ("blocks=8000", Ceiling::Kv),
        ("blocks=12000", Ceiling::Kv),
        ("blocks=16000", Ceiling::Slots),
        ("latency=roofline", Ceiling::Slots),
    ] {
        let run = run(&format!("instances=1 rate=30 n=2500 timeout=-1 {setting}"), 1);
        assert_eq!(run.overlays.binding, ceiling, "{setting}");
        let predicted = value(&run.overlays.ceilings, "capacity");
        assert_near(setting, predicted, run.conditions().served_per_instance, 0.1);
        assert!(run.overlays.ceilings.holds);
    }
}

#[test]
fn long_prompts_make_prefill_the_ceiling() {
    let run = run("instances=1 rate=60 n=3000 prompt=2048 promptsd=0 output=16 outputsd=0", 1);
    assert_eq!(run.overlays.binding, Ceiling::Prefill);
    let predicted = value(&run.overlays.ceilings, "capacity");
    // The ceiling is a little high: decoding takes a part of every step.
    assert_near("prefill", predicted, run.conditions().served_per_instance, 0.15);
}

#[test]
fn littles_law_holds_in_a_steady_run() {
    let run = run("instances=8 rate=60 n=9000", 1);
    assert!(run.overlays.little.holds, "{}", run.overlays.little.because);
    assert_near("L", value(&run.overlays.little, "lambda_w"), run.conditions().in_system, 0.02);
}

#[test]
fn littles_law_fails_in_a_growing_run_and_in_one_that_fills() {
    let growing = run("instances=4 rate=200 n=3000", 1).overlays.little;
    assert!(!growing.holds);
    assert!(growing.because.contains("overloaded"), "{}", growing.because);
    let filling = run("instances=4 rate=200 n=500", 1).overlays.little;
    assert!(!filling.holds);
    assert!(filling.because.contains("still filling"), "{}", filling.because);
}

#[test]
fn the_excess_is_good_for_long_overload_only() {
    let long = run("instances=4 rate=200 n=5000", 1);
    assert!(long.overlays.excess.holds, "{}", long.overlays.excess.because);
    assert_near("k=4", value(&long.overlays.excess, "wait_at_end_ms"), long.conditions().ttft_p99_ms, 0.25);
    let short = run("instances=4 rate=200 n=500", 1);
    assert!(!short.overlays.excess.holds);
    assert!(short.overlays.excess.because.contains("free slots absorb"), "{}", short.overlays.excess.because);
    // Predicted: seconds. Seen: nothing to speak of.
    assert!(value(&short.overlays.excess, "wait_at_end_ms") > 4000.0);
    assert!(short.conditions().ttft_p99_ms < 100.0);
}

#[test]
fn below_capacity_there_is_no_excess() {
    let run = run("instances=8 rate=60 n=3000", 1);
    assert!(run.overlays.excess.holds);
    assert!(value(&run.overlays.excess, "excess") < 0.0);
    assert_eq!(value(&run.overlays.excess, "wait_at_end_ms"), 0.0);
}

/// Mean over three seeds of the fluid's and the engine's 99th percentile of the time to first token. It holds for those
/// seeds for which it comes within its bound.
fn fluid_and_engine(pairs: &str) -> (f64, f64) {
    let runs: Vec<Run> = (1..=3).map(|seed| run(pairs, seed)).collect();
    for run in &runs {
        let fluid = &run.overlays.fluid;
        let off = (value(fluid, "ttft_p99_ms") / run.conditions().ttft_p99_ms - 1.0).abs();
        assert_eq!(fluid.holds, off <= 0.25, "{pairs}: {off} {}", fluid.because);
    }
    let predicted = mean(runs.iter().map(|run| value(&run.overlays.fluid, "ttft_p99_ms")));
    (predicted, mean(runs.iter().map(|run| run.conditions().ttft_p99_ms)))
}

#[test]
fn the_aged_fluid_predicts_the_tail_in_overload() {
    for (pairs, tolerance) in [
        ("rate=200 instances=4 n=2000", 0.12),
        ("rate=200 instances=4 n=3000", 0.1),
        ("rate=200 instances=4 n=5000", 0.1),
        ("rate=200 instances=6 n=2000", 0.3),
        ("rate=200 instances=6 n=5000", 0.1),
        ("rate=200 instances=8 n=3000", 0.3),
        ("rate=200 instances=8 n=5000", 0.12),
        ("latency=roofline rate=200 instances=4 n=2000", 0.12),
        ("latency=roofline rate=200 instances=4 n=5000", 0.1),
        ("latency=roofline rate=200 instances=8 n=5000", 0.15),
        ("latency=roofline rate=200 instances=8 n=10000", 0.15),
    ] {
        let (predicted, seen) = fluid_and_engine(pairs);
        assert_near(pairs, predicted, seen, tolerance);
    }
}

#[test]
fn the_aged_fluid_sees_that_prefill_limits_a_short_run() {
    // Free slots would absorb all of it; reading prompts does not keep up.
    for pairs in
        ["latency=roofline rate=200 instances=4 n=500", "latency=roofline rate=200 instances=4 n=1000"]
    {
        let (predicted, seen) = fluid_and_engine(pairs);
        assert!(seen > 500.0);
        // What a prompt adds is measured beside a full batch, and here the batch is still filling.
        assert_near(pairs, predicted, seen, 0.45);
    }
}

#[test]
fn the_aged_fluid_predicts_the_tail_below_capacity() {
    for pairs in ["instances=1 rate=5 n=2500", "instances=1 rate=10 n=2500", "instances=8 rate=60 n=3000"] {
        let (predicted, seen) = fluid_and_engine(pairs);
        assert_near(pairs, predicted, seen, 0.15);
        assert!(value(&run(pairs, 1).overlays.fluid, "wait_p99_ms") < 1.0);
    }
}

#[test]
fn near_capacity_the_fluid_and_the_excess_abstain() {
    let run = run("instances=1 rate=14 n=2500", 1);
    for overlay in [&run.overlays.fluid, &run.overlays.excess] {
        assert!(!overlay.holds);
        assert!(overlay.because.contains("chance decides"), "{}", overlay.because);
    }
}

/// One client with this arrival process.
fn arrivals(process: &str, rate: u32, number: u32) -> String {
    format!(
        r#"instances=1 spec={{"aggregate_rate":{rate},"num_requests":{number},"clients":[{{"id":"c","rate_fraction":1,"arrival":{process},"input_distribution":{{"type":"gaussian","params":{{"mean":512,"std_dev":256,"min":2,"max":7000}}}},"output_distribution":{{"type":"gaussian","params":{{"mean":512,"std_dev":256,"min":2,"max":7000}}}}}}]}}"#
    )
}

#[test]
fn erlang_c_over_slots_is_tiny_until_shortly_before_the_cliff() {
    let at = |rate| run(&arrivals(r#"{"process":"poisson"}"#, rate, 2500), 1).overlays.erlang;
    for (rate, max) in [(10, 1.0), (12, 20.0), (13, 300.0)] {
        assert!(value(&at(rate), "mean_wait_ms") < max, "{rate}");
    }
    for rate in [10, 12, 13] {
        assert!(at(rate).holds, "{}", at(rate).because);
    }
    // Close to the cliff it is too pessimistic, and reports it.
    let near = at(14);
    assert!(!near.holds && near.because.starts_with("predicted "), "{}", near.because);
}

#[test]
fn erlang_c_needs_poisson_arrivals_and_a_steady_state() {
    let even = run("instances=1 rate=10 n=2500", 1).overlays.erlang;
    assert!(!even.holds && even.because.contains("more even than Poisson"), "{}", even.because);
    let overloaded = run("instances=1 rate=20 n=2500", 1).overlays.erlang;
    assert!(!overloaded.holds && overloaded.because.contains("no steady state"), "{}", overloaded.because);
    assert_eq!(overloaded.value("mean_wait_ms"), None);
}

#[test]
fn burstiness_shows_only_when_a_burst_can_fill_the_slots() {
    let gamma = r#"{"process":"gamma","cv":3.5}"#;
    let bursty = run(&arrivals(gamma, 13, 4000), 1);
    assert!(bursty.overlays.burstiness.holds, "{}", bursty.overlays.burstiness.because);
    assert!(value(&bursty.overlays.burstiness, "factor") > 4.0);
    assert!(bursty.conditions().ttft_p99_ms > 1000.0);
    let even = run("instances=1 rate=12 n=2500", 1);
    assert!(!even.overlays.burstiness.holds);
    assert!(even.conditions().ttft_p99_ms < 100.0);
}

#[test]
fn occupancy_tells_a_busy_instance_from_a_full_one() {
    let light = run("instances=1 rate=5 n=2500", 1);
    assert_near("slots", value(&light.overlays.occupancy, "slots"), light.conditions().running / 256.0, 0.06);
    assert!(value(&light.overlays.occupancy, "slots") < 0.2);
    let full = run("instances=4 rate=200 n=5000", 1);
    assert!(full.overlays.occupancy.holds && full.conditions().filled);
    assert_eq!(value(&full.overlays.occupancy, "slots"), 1.0);
}

#[test]
fn users_who_wait_make_the_open_loop_formulas_abstain() {
    let run = run("instances=1 users=64 n=500", 1);
    for overlay in [&run.overlays.excess, &run.overlays.batch, &run.overlays.erlang, &run.overlays.fluid] {
        assert!(!overlay.holds, "{}", overlay.name);
        assert!(overlay.because.contains("users wait"), "{}: {}", overlay.name, overlay.because);
    }
}

#[test]
fn every_overlay_gives_finite_figures_and_a_reason() {
    for pairs in [
        "n=1 rate=1",
        "n=2 rate=0.001",
        "n=300 rate=100 admission=reject-all",
        "n=300 rate=1000 running=1",
        "n=300 rate=100 output=1 outputsd=0 outputmin=1",
        "n=300 rate=50 workload=multidoc",
        "n=300 rate=50 instances=4 route=always-busiest",
        "n=300 rate=50 prefix=2000",
    ] {
        let run = run(pairs, 1);
        for overlay in run.overlays.all() {
            assert!(!overlay.because.is_empty());
            assert!(overlay.values.iter().all(|quantity| quantity.value.is_finite()), "{pairs}: {overlay:?}");
            assert!(
                overlay.values.iter().all(|quantity| quantity.measured.is_none_or(f64::is_finite)),
                "{pairs}: {overlay:?}"
            );
        }
    }
}

#[test]
fn a_form_that_is_off_by_43_percent_does_not_hold() {
    // The opening run: reading prompts limits it while the slots still fill.
    let fluid = run("latency=roofline rate=200 instances=4 n=1000", 9).overlays.fluid;
    assert!(!fluid.holds);
    assert_eq!(fluid.because, "predicted 1.99 s, measured 1.39 s: off by 43%");
}

#[test]
fn what_was_served_stands_beside_a_capacity_only_where_instances_served_all_they_could() {
    let served = |pairs: &str| {
        let run = run(pairs, 9);
        let of = |overlay: &Overlay| {
            let capacity = overlay.values.iter().find(|quantity| quantity.name == "capacity");
            capacity.expect("a capacity").measured
        };
        assert_eq!(of(&run.overlays.ceilings), of(&run.overlays.excess));
        of(&run.overlays.ceilings)
    };
    // 17 could be served, and 2 are completed by the end of the arrivals, because answers take longer than that.
    assert_eq!(served("latency=roofline rate=200 instances=4 n=1000"), None);
    assert_eq!(served("instances=8 rate=60 n=3000"), None);
    let full = served("instances=4 rate=200 n=10000 timeout=-1").expect("the instances are full");
    assert!((14.0..16.0).contains(&full), "{full}");
}

/// Settings of many kinds, at loads below, near and above capacity.
fn scenes() -> Vec<String> {
    let mut scenes = Vec::new();
    for latency in ["roofline", "trained-physics"] {
        for (instances, rate) in [(1, 5), (1, 12), (1, 16), (2, 20), (4, 200), (8, 60), (8, 150), (12, 200)] {
            for more in ["n=300", "n=2000", "n=2000 blocks=4000", "n=1000 prompt=2048 output=64 outputsd=8"] {
                scenes.push(format!("latency={latency} instances={instances} rate={rate} {more}"));
            }
        }
    }
    for process in [r#"{"process":"poisson"}"#, r#"{"process":"gamma","cv":3.5}"#] {
        scenes.extend([8, 13, 20].map(|rate| arrivals(process, rate, 1000)));
    }
    scenes
}

#[test]
fn every_figure_of_a_form_that_holds_comes_within_its_bound() {
    let (mut held, mut off) = (0, 0);
    for pairs in scenes() {
        let run = run(&pairs, 3);
        for overlay in run.overlays.all() {
            let misses = overlay.values.iter().filter(|quantity| {
                let Some(measured) = quantity.measured else { return false };
                let bound = quantity.bound.expect("a bound beside every measured figure");
                assert!(bound.share > 0.0 && bound.share <= 0.5, "{}", quantity.name);
                let difference = (quantity.value - measured).abs();
                difference > bound.share * measured.abs() && difference > bound.slack
            });
            let misses: Vec<_> = misses.collect();
            assert!(!overlay.holds || misses.is_empty(), "{pairs}: {} {misses:?}", overlay.name);
            held += u32::from(overlay.holds);
            off += u32::from(overlay.because.starts_with("predicted "));
        }
    }
    println!("{held} hold, {off} are too far off");
    // Neither everything nor nothing is refused.
    assert!(held > 100 && off > 5, "{held} {off}");
}
