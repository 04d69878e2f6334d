use super::*;
use crate::config::{MemorySettings, ModelSettings};
use crate::latency::{LatencyChoice, LatencyModel, ServingSetup, StepLoad};
use crate::units::Micros;

fn settings(latency_model: LatencyModelName, coefficients: &[(&str, f64)]) -> ModelSettings {
    let coefficients = coefficients.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
    let measured = MeasuredLatency { name: "our cluster".to_owned(), note: String::new(), coefficients };
    ModelSettings { latency_model, measured: Some(measured), ..ModelSettings::default() }
}

fn resolve(latency_model: LatencyModelName, coefficients: &[(&str, f64)]) -> ServingSetup {
    let settings = settings(latency_model, coefficients);
    ServingSetup::resolve(&settings, &MemorySettings::default()).expect("valid")
}

/// A step of 32 requests that decode.
fn decode(setup: &ServingSetup) -> i64 {
    let load = StepLoad { decodes: 32, context: 32 * 1000, ..StepLoad::default() };
    let progress = |list: &mut Vec<_>| list.extend([1000; 32]);
    match &setup.latency {
        LatencyChoice::TrainedPhysics(model) => model.step_time(&load, progress).0,
        LatencyChoice::Roofline(model) => model.step_time(&load, progress).0,
        LatencyChoice::ByKind(model) => model.step_time(&load, progress).0,
    }
}

fn delays(setup: &ServingSetup) -> [Micros; 3] {
    let of = |model: &dyn Fn(u32) -> Micros, output, completion| [model(1000), output, completion];
    match &setup.latency {
        LatencyChoice::TrainedPhysics(model) => {
            of(&|input| model.queueing_delay(input), model.output_overhead(), model.completion_overhead())
        }
        LatencyChoice::ByKind(model) => {
            of(&|input| model.queueing_delay(input), model.output_overhead(), model.completion_overhead())
        }
        LatencyChoice::Roofline(model) => {
            of(&|input| model.queueing_delay(input), model.output_overhead(), model.completion_overhead())
        }
    }
}

const TRAINED: LatencyModelName = LatencyModelName::TrainedPhysics;
const ROOFLINE: LatencyModelName = LatencyModelName::Roofline;

#[test]
fn nothing_measured_changes_nothing() {
    for latency_model in [TRAINED, ROOFLINE] {
        let plain = ModelSettings { latency_model, ..ModelSettings::default() };
        let plain = ServingSetup::resolve(&plain, &MemorySettings::default()).expect("valid");
        let measured = resolve(latency_model, &[]);
        assert_eq!((decode(&plain), delays(&plain)), (decode(&measured), delays(&measured)));
        assert_eq!(plain.warnings, [""; 0]);
        assert_eq!(measured.warnings, ["latency as measured: our cluster"]);
    }
}

#[test]
fn coefficients_of_trained_physics_are_replaced_by_name() {
    let by_name = resolve(TRAINED, &[("alpha0", 100.0), ("beta4", 40.0), ("beta10", 0.0)]);
    let mut lists = ModelSettings::default();
    let bundled = crate::catalog::coefficients().trained_physics.clone();
    let (mut alpha, mut beta) = (bundled.alpha_coeffs, bundled.beta_coeffs);
    (alpha[0], beta[4], beta[10]) = (100.0, 40.0, 0.0);
    (lists.alpha_coeffs, lists.beta_coeffs) = (Some(alpha), Some(beta));
    let lists = ServingSetup::resolve(&lists, &MemorySettings::default()).expect("valid");
    assert_eq!((decode(&by_name), delays(&by_name)), (decode(&lists), delays(&lists)));
    assert_eq!(delays(&by_name)[0], Micros(100));
    assert_ne!(decode(&by_name), decode(&resolve(TRAINED, &[])));
}

#[test]
fn half_the_bandwidth_doubles_a_step_that_memory_limits() {
    let (whole, half) = (decode(&resolve(ROOFLINE, &[])), decode(&resolve(ROOFLINE, &[("bandwidth", 0.5)])));
    assert!(half == 2 * whole || half == 2 * whole + 1, "{whole} and {half}");
    let slow = resolve(ROOFLINE, &[("bandwidth", 0.5)]);
    assert_eq!(slow.gpu.bandwidth_tb_per_second, 3.35, "the GPU that is shown is the one of the table");
}

#[test]
fn the_overheads_of_roofline_are_added() {
    let plain = decode(&resolve(ROOFLINE, &[]));
    assert_eq!(decode(&resolve(ROOFLINE, &[("step_overhead", 1234.0)])), plain + 1234);
    let delayed = resolve(ROOFLINE, &[("alpha0", 50.0), ("alpha1", 0.25), ("alpha2", 7.0)]);
    assert_eq!(delays(&delayed), [Micros(300), Micros(7), Micros::ZERO]);
}

#[test]
fn a_smaller_share_of_the_peak_makes_compute_slower() {
    let prefill = |coefficients: &[(&str, f64)]| {
        let LatencyChoice::Roofline(model) = resolve(ROOFLINE, coefficients).latency else {
            panic!("roofline was asked for")
        };
        let member = crate::latency::PrefillMember { progress: 0, input: 2048, new: 2048 };
        model.step_time(&StepLoad { prefills: &[member], ..StepLoad::default() }, |_| {}).0
    };
    assert!((prefill(&[("mfu_prefill", 0.225)]) - 2 * prefill(&[])).abs() <= 1);
    assert_eq!(prefill(&[("mfu_decode", 0.01)]), prefill(&[]));
    assert!(decode(&resolve(ROOFLINE, &[("mfu_decode", 0.001)])) > 10 * decode(&resolve(ROOFLINE, &[])));
}

#[test]
fn what_cannot_be_a_coefficient_is_refused_with_its_name() {
    for (latency_model, name, value, part) in [
        (TRAINED, "beta11", 1.0, "alpha0, alpha1, alpha2, beta0, beta1"),
        (TRAINED, "mfu_prefill", 0.5, "trained-physics"),
        (ROOFLINE, "beta0", 1.0, "bandwidth, step_overhead"),
        (ROOFLINE, "", 1.0, "alpha0"),
        (TRAINED, "beta0", -1.0, "from 0 to 1e9"),
        (ROOFLINE, "step_overhead", f64::NAN, "from 0 to 1e9"),
        (ROOFLINE, "alpha2", f64::INFINITY, "from 0 to 1e9"),
        (ROOFLINE, "bandwidth", 0.0, "above 0"),
        (ROOFLINE, "mfu_decode", 11.0, "at most 10"),
        (ROOFLINE, "mfu_prefill", f64::NAN, "above 0"),
    ] {
        let settings = settings(latency_model, &[(name, value)]);
        let error = ServingSetup::resolve(&settings, &MemorySettings::default()).expect_err(name);
        assert_eq!(error.path(), format!("model.measured.coefficients.{name}"));
        assert!(error.expected().contains(part), "{error}");
    }
}

#[test]
fn own_coefficients_beside_measured_ones_are_refused() {
    let mut settings = settings(TRAINED, &[("beta0", 1.0)]);
    (settings.alpha_coeffs, settings.beta_coeffs) = (Some(vec![0.0; 3]), Some(vec![0.0; 10]));
    let error = ServingSetup::resolve(&settings, &MemorySettings::default()).expect_err("both");
    assert_eq!(error.path(), "model.measured");
    assert!(error.expected().contains("model.alpha_coeffs"), "{error}");
}

#[test]
fn the_names_are_those_of_the_latency_model() {
    assert_eq!(coefficient_names(TRAINED).len(), 14);
    assert_eq!(
        coefficient_names(ROOFLINE),
        ["alpha0", "alpha1", "alpha2", "mfu_prefill", "mfu_decode", "bandwidth", "step_overhead"]
    );
}
