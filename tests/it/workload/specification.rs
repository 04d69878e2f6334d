//! Reading specifications (W-7.4, W-7.5) and what bounds them (W-5).

use super::support::{from_spec, generated, refusal, spec, spec_config};
use blis_playground::config::workload_spec::WorkloadSpec;
use blis_playground::units::Micros;
use blis_playground::workload::generate;
use blis_playground::workload::specification::from_yaml;

/// The minimal example of the chapter.
const EXAMPLE: &str = r#"
version: "2"
seed: 7
aggregate_rate: 60
num_requests: 500
clients:
  - {id: chat, slo_class: critical, rate_fraction: 0.3, arrival: {process: poisson},
     prefix_group: sys, prefix_length: 320,
     input_distribution:  {type: gaussian, params: {mean: 128, std_dev: 50, min: 10, max: 2048}},
     output_distribution: {type: exponential, params: {mean: 64}}}
  - {id: bulk, slo_class: batch, rate_fraction: 0.7, arrival: {process: gamma, cv: 3.0},
     input_distribution:  {type: exponential, params: {mean: 1024}},
     output_distribution: {type: exponential, params: {mean: 512}}}
"#;

/// A specification of one client, `more` added to the top level.
fn minimal(more: &str) -> String {
    format!(
        "{{aggregate_rate: 100, {more}, clients: [{{id: a, rate_fraction: 1, arrival: {{process: constant}}, \
         input_distribution: {{type: exponential, params: {{mean: 9}}}}, \
         output_distribution: {{type: exponential, params: {{mean: 9}}}}}}]}}"
    )
}

#[test]
fn the_minimal_example_is_read_and_generated() {
    let workload = from_spec(EXAMPLE);
    let requests = &workload.requests;
    assert_eq!(requests.len(), 500);
    assert_eq!(requests.groups, ["sys"]);
    for row in 0..500 {
        let is_chat = requests.clients[requests.client[row] as usize] == "chat";
        let class = requests.classes[requests.class[row] as usize].as_str();
        assert_eq!((class, requests.prefix[row]), if is_chat { ("critical", 320) } else { ("batch", 0) });
    }
    assert!(workload.warnings.is_empty());
}

#[test]
fn yaml_json_and_the_settings_mean_the_same() {
    let yaml = spec(EXAMPLE);
    let json = serde_json::to_string(&yaml).expect("serializable");
    assert_eq!(serde_json::from_str::<WorkloadSpec>(&json).expect("readable"), yaml);
    assert_eq!(spec(&json), yaml);
}

#[test]
fn the_version_may_be_a_number() {
    assert_eq!(spec("{version: 2}").version.as_deref(), Some("2"));
}

#[test]
fn anchors_may_be_used() {
    let workload = from_spec(
        "aggregate_rate: 10\nnum_requests: 4\nclients:\n  - &base {id: a, rate_fraction: 1, arrival: {process: \
         constant}, input_distribution: &l {type: constant, params: {value: 3}}, output_distribution: *l}\n",
    );
    assert_eq!(workload.requests.output, [3; 4]);
}

#[test]
fn an_alias_bomb_is_refused() {
    let windows = vec!["{start_us: 0, end_us: 1}"; 1000].join(", ");
    let clients = vec!["*c"; 999].join(", ");
    let bomb = format!("clients: [&c {{id: a, lifecycle: {{windows: [{windows}]}}}}, {clients}]");
    // 30 kB of text for a million windows.
    let error = from_yaml(&bomb).expect_err("too large when expanded");
    assert!(error.to_string().contains("alias"), "{error}");
    let long = format!("clients: [{}]", vec!["{id: a}"; 100_000].join(", "));
    let error = from_yaml(&long).expect_err("too many nodes");
    assert!(error.to_string().contains("nodes"), "{error}");
}

#[test]
fn unknown_keys_and_those_of_features_to_come_are_named_with_their_place() {
    for (yaml, path, message) in [
        ("{clients: [{id: a, speed: 3}]}", "workload.spec.clients[0]", "unknown field `speed`"),
        (
            "{clients: [{id: a}, {adapter: x}]}",
            "workload.spec.clients[1].adapter",
            "not simulated here yet (LoRA adapters)",
        ),
        (
            "{servegen_data: {path: x}}",
            "workload.spec.servegen_data",
            "not simulated here yet (ServeGen data)",
        ),
        (
            "{clients: [{reasoning: {multi_turn: {context_growth: acumulate}}}]}",
            "workload.spec.clients[0].reasoning.multi_turn.context_growth",
            "unknown variant `acumulate`, expected `` or `accumulate`",
        ),
        (
            "{clients: [{arrival: {process: pareto}}]}",
            "workload.spec.clients[0].arrival.process",
            "unknown variant `pareto`",
        ),
        (
            "{clients: [{input_distribution: {type: uniform}}]}",
            "workload.spec.clients[0].input_distribution.type",
            "unknown variant `uniform`",
        ),
        (
            "{clients: [{input_distribution: {type: empirical, file: x.csv}}]}",
            "workload.spec.clients[0].input_distribution.file",
            "neither here nor in the reference",
        ),
    ] {
        let error = from_yaml(yaml).expect_err(yaml);
        assert!(error.path().starts_with(path), "{yaml}: {error}");
        assert!(error.to_string().contains(message), "{yaml}: {error}");
    }
}

#[test]
fn old_class_names_are_translated_in_version_1_with_a_warning() {
    let yaml = |version: &str| EXAMPLE.replace("critical", "realtime").replace("version: \"2\"", version);
    for version in ["version: \"1\"", ""] {
        let workload = from_spec(&yaml(version));
        assert!(workload.requests.classes.contains(&"critical".to_owned()));
        assert_eq!(workload.warnings.len(), 1);
    }
    let (path, _) = refusal(&spec_config(&yaml("version: \"2\"")));
    assert_eq!(path, "workload.spec.clients[0].slo_class");
    let interactive = EXAMPLE.replace("critical", "interactive").replace("version: \"2\"", "");
    assert!(from_spec(&interactive).requests.classes.contains(&"standard".to_owned()));
}

#[test]
fn the_seed_of_the_specification_drives_the_workload_and_is_0_when_absent() {
    let of_seed = |text: &str, master: i64| {
        let mut settings = spec_config(&minimal(&format!("num_requests: 20{text}")));
        settings.seed = master;
        generated(&settings).requests.input
    };
    assert_eq!(of_seed("", 42), of_seed(", seed: 0", 7));
    assert_ne!(of_seed(", seed: 1", 42), of_seed("", 42));
}

#[test]
fn the_horizon_of_the_settings_comes_before_that_of_the_specification() {
    let mut settings = spec_config(&minimal("horizon: 100001"));
    let workload = generated(&settings);
    assert_eq!((workload.requests.len(), workload.horizon), (10, Some(Micros(100_001))));
    settings.cluster.horizon = Some(50_000);
    let workload = generated(&settings);
    assert_eq!((workload.requests.len(), workload.horizon), (4, None));
}

#[test]
fn the_rate_and_count_of_the_other_settings_do_not_matter() {
    let mut settings = spec_config(&minimal("num_requests: 5"));
    (settings.workload.rate, settings.workload.num_requests) = (f64::NAN, 3);
    assert_eq!(generated(&settings).requests.len(), 5);
}

#[test]
fn a_specification_without_count_and_horizon_is_refused() {
    let (path, _) = refusal(&spec_config(&minimal("num_requests: 0")));
    assert_eq!(path, "workload.spec.num_requests");
}

#[test]
fn latency_targets_of_0_do_not_count() {
    let spec = spec("{goodput_slo_targets: {critical: {ttft_ms: 100, itl_ms: 0}}}");
    let target = spec.slo_targets()["critical"];
    assert_eq!((target.ttft_ms, target.itl_ms, target.e2e_ms), (Some(100.0), None, None));
}

#[test]
fn the_same_settings_always_give_the_same_workload() {
    let settings = spec_config(EXAMPLE);
    assert_eq!(generate(&settings), generate(&settings));
}
