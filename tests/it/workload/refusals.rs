//! Everything that is refused, with the path of the offending setting (W-2.1, W-4 and W-7.5).

use super::support::{config, refusal, spec_config};
use blis_playground::config::WorkloadSettings;
use blis_playground::workload::specification::from_yaml;
use serde_json::{Value, json};

type Change = fn(&mut WorkloadSettings);

#[test]
fn bad_settings_of_the_built_in_workload_are_named() {
    let cases: [(&str, Change); 17] = [
        ("workload.rate", |w| w.rate = 0.0),
        ("workload.rate", |w| w.rate = f64::NAN),
        ("workload.rate", |w| w.rate = f64::INFINITY),
        ("workload.num_requests", |w| w.num_requests = 0),
        ("workload.prompt_tokens_min", |w| w.prompt_tokens_min = 0),
        ("workload.prompt_tokens_max", |w| w.prompt_tokens_max = 0),
        ("workload.output_tokens_min", |w| w.output_tokens_min = 0),
        ("workload.output_tokens_max", |w| w.output_tokens_max = 0),
        ("workload.prompt_tokens_min", |w| w.prompt_tokens_min = 7001),
        ("workload.output_tokens_min", |w| w.output_tokens_min = 7001),
        ("workload.prompt_tokens", |w| w.prompt_tokens = 1),
        ("workload.output_tokens", |w| w.output_tokens = 7001),
        ("workload.prompt_tokens_stdev", |w| w.prompt_tokens_stdev = 1),
        ("workload.output_tokens_stdev", |w| w.output_tokens_stdev = 7001),
        ("workload.prompt_tokens_max", |w| w.prompt_tokens_max = 10_000_001),
        ("workload.timeout", |w| w.timeout = Some(0)),
        ("workload.prefix_tokens", |w| w.prefix_tokens = 10_000_000),
    ];
    for (expected, change) in cases {
        let (path, text) = refusal(&config(change));
        assert_eq!(path, expected, "{text}");
    }
}

#[test]
fn a_deviation_of_0_or_the_minimum_is_accepted_but_nothing_between() {
    for (stdev, accepted) in [(0, true), (1, false), (2, true)] {
        let settings = config(|w| w.prompt_tokens_stdev = stdev);
        assert_eq!(blis_playground::workload::generate(&settings).is_ok(), accepted, "{stdev}");
    }
}

/// A valid specification as JSON: two open clients, one closed, a cohort.
fn valid() -> Value {
    let lengths = json!({"type": "exponential", "params": {"mean": 9}});
    let client = |id: &str| {
        json!({"id": id, "rate_fraction": 1, "arrival": {"process": "poisson"},
               "input_distribution": lengths, "output_distribution": lengths})
    };
    let mut cohort = client("c");
    cohort["population"] = json!(2);
    json!({"aggregate_rate": 10, "num_requests": 10, "clients": [client("a"), client("b"),
        {"id": "u", "concurrency": 2, "input_distribution": lengths, "output_distribution": lengths}],
        "cohorts": [cohort]})
}

fn set(spec: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    spec.pointer_mut(parent).expect("the parent is there")[key] = value;
}

#[test]
fn the_specification_that_the_next_tests_break_is_valid() {
    assert!(blis_playground::workload::generate(&spec_config(&valid().to_string())).is_ok());
}

/// Fails unless setting the value at the pointer makes the specification refused at the path.
fn assert_refused(cases: &[(&str, Value, &str)]) {
    for (pointer, value, expected) in cases {
        let mut spec = valid();
        set(&mut spec, pointer, value.clone());
        let (path, text) = refusal(&spec_config(&spec.to_string()));
        assert_eq!(path, format!("workload.spec.{expected}"), "{pointer} = {value}: {text}");
    }
}

#[test]
fn bad_values_of_a_specification_and_its_clients_are_named() {
    let window = |start: i64, end: i64| json!({"windows": [{"start_us": start, "end_us": end}]});
    assert_refused(&[
        ("/version", json!("3"), "version"),
        ("/category", json!("video"), "category"),
        ("/aggregate_rate", json!(-1), "aggregate_rate"),
        ("/aggregate_rate", json!(0), "aggregate_rate"),
        ("/horizon", json!(-5), "horizon"),
        ("/num_requests", json!(5_000_001), "num_requests"),
        ("/goodput_slo_targets", json!({"batch": {"ttft_ms": -1}}), "goodput_slo_targets.batch.ttft_ms"),
        ("/goodput_slo_targets", json!({"": {"ttft_ms": 1}}), "goodput_slo_targets."),
        ("/goodput_slo_targets", json!({"a=b": {"ttft_ms": 1}}), "goodput_slo_targets.a=b"),
        ("/goodput_slo_targets", json!({" a": {}}), "goodput_slo_targets. a"),
        ("/clients/0/rate_fraction", json!(0), "clients[0].rate_fraction"),
        ("/clients/1/rate_fraction", json!(-0.5), "clients[1].rate_fraction"),
        ("/clients/0/slo_class", json!("gold"), "clients[0].slo_class"),
        ("/clients/0/slo_class", json!("batch"), "clients[1].slo_class"),
        ("/clients/0/arrival", json!(null), "clients[0].arrival"),
        ("/clients/0/arrival", json!({"process": "gamma", "cv": 0}), "clients[0].arrival.cv"),
        ("/clients/0/arrival", json!({"process": "gamma", "cv": -1}), "clients[0].arrival.cv"),
        ("/clients/0/arrival", json!({"process": "weibull", "cv": 0.009}), "clients[0].arrival.cv"),
        ("/clients/0/arrival", json!({"process": "weibull", "cv": 10.5}), "clients[0].arrival.cv"),
        ("/clients/0/timeout", json!(-1), "clients[0].timeout"),
        ("/clients/0/slo_target_us", json!(-1), "clients[0].slo_target_us"),
        ("/clients/0/prefix_length", json!(-1), "clients[0].prefix_length"),
        ("/clients/0/prefix_length", json!(10_000_001), "clients[0].prefix_length"),
        ("/clients/2/concurrency", json!(-1), "clients[2].concurrency"),
        ("/clients/2/rate_fraction", json!(1), "clients[2].concurrency"),
        ("/clients/2/think_time_us", json!(-1), "clients[2].think_time_us"),
        ("/clients/2/lifecycle", window(0, 1), "clients[2].concurrency"),
        ("/clients/0/lifecycle", json!({"windows": []}), "clients[0].lifecycle.windows"),
        ("/clients/0/lifecycle", window(-1, 5), "clients[0].lifecycle.windows[0].start_us"),
        ("/clients/0/lifecycle", window(5, 5), "clients[0].lifecycle.windows[0].end_us"),
    ]);
}

#[test]
fn bad_length_distributions_are_named() {
    let gaussian = |params: Value| json!({"type": "gaussian", "params": params});
    assert_refused(&[
        ("/clients/1/input_distribution", json!(null), "clients[1].input_distribution"),
        (
            "/clients/1/input_distribution",
            gaussian(json!({"mean": 1, "std_dev": 1, "min": 1})),
            "clients[1].input_distribution.params.max",
        ),
        (
            "/clients/1/input_distribution",
            gaussian(json!({"mean": 1, "std_dev": 1, "min": 1, "max": 10_000_001})),
            "clients[1].input_distribution.params.max",
        ),
        (
            "/clients/1/output_distribution",
            json!({"type": "exponential", "params": {"mean": 5, "min": 9, "max": 8}}),
            "clients[1].output_distribution.params.min",
        ),
        (
            "/clients/1/output_distribution",
            json!({"type": "lognormal", "params": {"mu": 5}}),
            "clients[1].output_distribution.params.sigma",
        ),
        (
            "/clients/1/output_distribution",
            json!({"type": "lognormal", "params": {"mu": 50, "sigma": 1}}),
            "clients[1].output_distribution.params.mu",
        ),
        (
            "/clients/1/output_distribution",
            json!({"type": "pareto_lognormal", "params": {"alpha": 1, "xm": 1, "mu": 1, "sigma": 1}}),
            "clients[1].output_distribution.params.mix_weight",
        ),
        (
            "/clients/1/output_distribution",
            json!({"type": "empirical", "params": {"-1": 1, "5": 1}}),
            "clients[1].output_distribution.params.-1",
        ),
        (
            "/clients/1/output_distribution",
            json!({"type": "empirical", "params": {"5": 0}}),
            "clients[1].output_distribution.params",
        ),
        (
            "/clients/1/output_distribution",
            json!({"type": "empirical"}),
            "clients[1].output_distribution.params",
        ),
    ]);
}

#[test]
fn bad_cohorts_are_named() {
    assert_refused(&[
        ("/cohorts/0/population", json!(0), "cohorts[0].population"),
        ("/cohorts/0/population", json!(100_001), "cohorts[0].population"),
        ("/cohorts/0/rate_fraction", json!(0), "cohorts[0].rate_fraction"),
        ("/cohorts/0/prefix_sharing", json!("per_member"), "cohorts[0].prefix_sharing"),
        ("/cohorts/0/spike", json!({"duration_us": 0}), "cohorts[0].spike.duration_us"),
        ("/cohorts/0/drain", json!({"ramp_duration_us": 0}), "cohorts[0].drain.ramp_duration_us"),
        (
            "/cohorts/0/drain",
            json!({"start_time_us": -1, "ramp_duration_us": 5}),
            "cohorts[0].drain.start_time_us",
        ),
        (
            "/cohorts/0/diurnal",
            json!({"peak_hour": 24, "peak_to_trough_ratio": 2}),
            "cohorts[0].diurnal.peak_hour",
        ),
        (
            "/cohorts/0/diurnal",
            json!({"peak_hour": 3, "peak_to_trough_ratio": 0.5}),
            "cohorts[0].diurnal.peak_to_trough_ratio",
        ),
    ]);
}

#[test]
fn not_a_number_in_yaml_is_refused_with_its_parameter() {
    let spec = "{aggregate_rate: 1, num_requests: 1, clients: [{rate_fraction: 1, arrival: {process: poisson}, \
                input_distribution: {type: exponential, params: {mean: .nan}}, \
                output_distribution: {type: exponential, params: {mean: 1}}}]}";
    let error = from_yaml(spec).expect_err("not a number");
    assert_eq!(error.path(), "workload.spec.clients[0].input_distribution.params.mean");
    assert!(error.to_string().contains(".nan is no finite number"), "{error}");
}

#[test]
fn a_specification_without_clients_is_refused() {
    let (path, _) = refusal(&spec_config("{aggregate_rate: 1, num_requests: 1}"));
    assert_eq!(path, "workload.spec.clients");
}

#[test]
fn absolute_rates_must_be_stated_in_every_window() {
    let mut spec = valid();
    set(&mut spec, "/aggregate_rate", json!(0));
    let window = |rate: Value| json!({"windows": [{"start_us": 0, "end_us": 9_000_000, "trace_rate": rate}]});
    set(&mut spec, "/clients/0/lifecycle", window(json!(5)));
    let place = |spec: &Value| refusal(&spec_config(&spec.to_string())).0;
    assert_eq!(place(&spec), "workload.spec.clients[1]");
    set(&mut spec, "/clients/1/lifecycle", window(json!(null)));
    assert_eq!(place(&spec), "workload.spec.clients[1].lifecycle.windows[0]");
    set(&mut spec, "/clients/1/lifecycle", window(json!(-1)));
    assert_eq!(place(&spec), "workload.spec.clients[1].lifecycle.windows[0].trace_rate");
    set(&mut spec, "/clients/1/lifecycle", window(json!(5)));
    assert_eq!(place(&spec), "workload.spec.cohorts[0]");
    set(&mut spec, "/cohorts/0/drain", json!({"ramp_duration_us": 100}));
    assert_eq!(place(&spec), "workload.spec.cohorts[0].drain");
    set(&mut spec, "/cohorts/0/drain", json!(null));
    set(&mut spec, "/cohorts/0/spike", json!({"duration_us": 9_000_000, "trace_rate": 5}));
    assert!(blis_playground::workload::generate(&spec_config(&spec.to_string())).is_ok());
}

#[test]
fn virtual_users_of_the_settings_exclude_a_specification() {
    let mut settings = spec_config(&valid().to_string());
    settings.workload.concurrency = 1;
    assert_eq!(refusal(&settings).0, "workload.concurrency");
}
