//! Specifications: written, read by both readers, the same (workload chapter, W-7.5).

use blis_playground::config::SloTarget;
use blis_playground::config::workload_spec::{
    ArrivalProcess, ArrivalSpec, ClientSpec, CohortSpec, DistributionKind, DistributionSpec, DiurnalSpec,
    DrainSpec, LifecycleSpec, PrefixSharing, SpikeSpec, WindowSpec, WorkloadSpec,
};
use blis_playground::workload::specification::from_yaml;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z][a-z0-9-]{0,6}",
        "[ -~]{1,8}",
        "true|null|12|1e5|no|~|# x|a: b|- x"
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.0..1e3_f64, 1e-9..1e18_f64]
}

fn distribution() -> impl Strategy<Value = DistributionSpec> {
    let kind = prop_oneof![
        Just(DistributionKind::Gaussian),
        Just(DistributionKind::ParetoLognormal),
        Just(DistributionKind::Empirical),
    ];
    (kind, btree_map("[a-z_]{1,6}|[0-9]{1,3}|id|model|version|concurrency|params", number(), 0..4))
        .prop_map(|(kind, params)| DistributionSpec { kind, params, file: None })
}

fn arrival() -> impl Strategy<Value = ArrivalSpec> {
    let process = prop_oneof![Just(ArrivalProcess::Poisson), Just(ArrivalProcess::Weibull)];
    (process, of(number()), of(number()), of(number())).prop_map(|(process, cv, shape, scale)| ArrivalSpec {
        process,
        cv,
        shape,
        scale,
    })
}

fn window() -> impl Strategy<Value = WindowSpec> {
    (any::<(i64, i64)>(), of(number()), of(arrival()), of(distribution()), of(distribution())).prop_map(
        |((start_us, end_us), trace_rate, arrival, input_distribution, output_distribution)| WindowSpec {
            start_us,
            end_us,
            trace_rate,
            arrival,
            input_distribution,
            output_distribution,
        },
    )
}

prop_compose! {
    fn client()(
        names in vec(name(), 4),
        rate_fraction in number(),
        numbers in vec(any::<i64>(), 4),
        (arrival, input_distribution, output_distribution) in (of(arrival()), of(distribution()), of(distribution())),
        windows in of(vec(window(), 0..3)),
        timeout in of(any::<i64>()),
        streaming in any::<bool>(),
    ) -> ClientSpec {
        ClientSpec {
            id: names[0].clone(), tenant_id: names[1].clone(), slo_class: names[2].clone(), prefix_group: names[3].clone(),
            rate_fraction, concurrency: numbers[0], think_time_us: numbers[1], prefix_length: numbers[2],
            slo_target_us: numbers[3], arrival, input_distribution, output_distribution, streaming, timeout,
            lifecycle: windows.map(|windows| LifecycleSpec { windows }),
            ..ClientSpec::default()
        }
    }
}

prop_compose! {
    fn cohort()(
        id in name(),
        (population, start_time_us, duration) in any::<(i64, i64, i64)>(),
        trace_rate in of(number()),
        prefix_sharing in prop_oneof![Just(PrefixSharing::Shared), Just(PrefixSharing::PerMember)],
        which in 0..4,
    ) -> CohortSpec {
        CohortSpec {
            id, population, prefix_sharing,
            spike: (which == 0).then_some(SpikeSpec { start_time_us, duration_us: duration, trace_rate }),
            drain: (which == 1).then_some(DrainSpec { start_time_us, ramp_duration_us: duration }),
            diurnal: (which == 2).then_some(DiurnalSpec { peak_hour: 3, peak_to_trough_ratio: 2.5 }),
            ..CohortSpec::default()
        }
    }
}

prop_compose! {
    fn spec()(
        version in of("[12]"),
        (seed, num_requests, horizon) in (of(any::<i64>()), of(any::<u64>()), of(any::<i64>())),
        aggregate_rate in number(),
        clients in vec(client(), 0..3),
        cohorts in vec(cohort(), 0..3),
        targets in btree_map("[a-z]{1,5}", of(number()), 0..2),
    ) -> WorkloadSpec {
        WorkloadSpec {
            version, seed, num_requests, horizon, aggregate_rate, clients, cohorts,
            goodput_slo_targets: targets
                .into_iter()
                .map(|(class, ttft_ms)| (class, SloTarget { ttft_ms, ..SloTarget::default() }))
                .collect(),
            ..WorkloadSpec::default()
        }
    }
}

/// What a parser of all of YAML, which shares nothing with ours, makes of a text.
fn by_a_whole_parser(text: &str) -> Result<WorkloadSpec, String> {
    serde_saphyr::from_str(text).map_err(|error| error.to_string())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_by_us_and_by_a_whole_parser(spec in spec()) {
        let text = spec.to_yaml();
        let by_us = from_yaml(&text).map_err(|error| error.to_string());
        for (reader, read) in [("ours", by_us), ("the whole one", by_a_whole_parser(&text))] {
            let read = read.map_err(|error| TestCaseError::fail(format!("{reader}: {error}\n{text}")))?;
            prop_assert_eq!(&read, &spec, "{}:\n{}", reader, text);
        }
    }
}

/// Comments, blank lines, flow over several lines, lists at the column of their key.
const BY_HAND: &str = "
# two clients
version: 2
aggregate_rate: 60 # per second
clients:
- {id: chat, rate_fraction: 0.3, arrival: {process: poisson},
   input_distribution: {type: gaussian, params: {mean: 128,
     std_dev: 50, min: 10, max: 2048}},   # lengths
   output_distribution: {type: exponential, params: {mean: 64}}}

- id: 'bulk: it''s'
  rate_fraction: 7e-1
  arrival:
    process: gamma
    cv: 3.0
  lifecycle:
    windows:
    - start_us: 0
      end_us: 5
    -
      start_us: 7
      end_us: 9
";

#[test]
fn a_specification_written_by_hand_means_what_a_whole_parser_makes_of_it() {
    let read = from_yaml(BY_HAND).expect("ours");
    assert_eq!(Ok(&read), by_a_whole_parser(BY_HAND).as_ref());
    assert_eq!(read.clients[1].id, "bulk: it's");
    assert_eq!(read.clients[1].lifecycle.as_ref().expect("windows").windows[1].start_us, 7);
    assert_eq!(read.version.as_deref(), Some("2"));
}

#[test]
fn json_is_read_too() {
    let text = r#"{"aggregate_rate":5,"clients":[{"id":"a\u00e4\n","rate_fraction":1}]}"#;
    assert_eq!(from_yaml(text).map_err(|error| error.to_string()), by_a_whole_parser(text));
}

/// Names for a scalar, lists and maps, on the line of their key and below it; one name is given twice.
const WITH_ALIASES: &str = "
aggregate_rate: &rate 60
clients:
- &chat
  id: &id chat
  rate_fraction: 0.3
  arrival: &poisson {process: poisson}
  input_distribution: &short
    type: gaussian
    params: &params {mean: 128, std_dev: 50, min: 10, max: 2048}
  output_distribution: *short
- *chat
- {id: bulk, rate_fraction: 0.7, tenant_id: *id, arrival: *poisson, input_distribution: &short {type: constant,
   params: {value: 3}}, output_distribution: *short, lifecycle: {windows: &all [{start_us: 0, end_us: 5}]}}
- id: late
  lifecycle:
    windows: *all
  output_distribution: {type: lognormal, params: *params}
  input_distribution: *short
";

#[test]
fn an_alias_stands_for_the_last_value_of_its_name() {
    let read = from_yaml(WITH_ALIASES).expect("ours");
    assert_eq!(Ok(&read), by_a_whole_parser(WITH_ALIASES).as_ref());
    assert_eq!(read.clients[0], read.clients[1]);
    assert_eq!(read.clients[2].tenant_id, "chat");
    assert_eq!(read.clients[3].input_distribution, read.clients[2].output_distribution);
    assert_ne!(read.clients[3].input_distribution, read.clients[0].output_distribution);
}

#[test]
fn aliases_are_copied_within_the_limits_of_nodes_and_depth() {
    let deeper =
        |name: char, inner: &str| format!("{name}: &{name} {}{inner}{}\n", "[".repeat(9), "]".repeat(9));
    let error = from_yaml(&(deeper('a', "x") + &deeper('b', "*a"))).expect_err("18 levels").to_string();
    assert!(error.contains("line 2") && error.contains("deep with this alias"), "{error}");
    let wide = format!("a: &a [{}]\nb: [{}]\n", vec!["x"; 1000].join(","), vec!["*a"; 200].join(","));
    let error = from_yaml(&wide).expect_err("200,000 nodes and some").to_string();
    assert!(error.contains("nodes with this alias"), "{error}");
}

#[test]
fn errors_name_line_column_and_key() {
    for (text, message) in [
        (
            "clients:\n  - id: a\n    speed: 3\n",
            "workload.spec.clients[0].speed: line 3, column 12: unknown field `speed`",
        ),
        ("clients:\n  - id: a\n   speed: 3\n", "text that belongs to nothing"),
        (
            "clients: [*a, &a {id: a}]\n",
            "workload.spec: line 1, column 11: the alias of a value that is not there yet: a",
        ),
        ("clients: &a [*a]\n", "the alias of a value that is not there yet: a"),
        ("clients: [&a &b {id: a}]\n", "an anchor must be followed by a value of its own"),
        ("clients:\n- &a id: b\n", "line 2, column 8: a colon that belongs to no key"),
        ("clients: [{id: a}\n", "expected a comma or ]"),
        (
            "clients: [{adapter: a}]\n",
            "workload.spec.clients[0].adapter: line 1, column 21: not simulated here yet (LoRA",
        ),
    ] {
        let error = from_yaml(text).expect_err(text).to_string();
        assert!(error.contains(message), "{error}");
    }
}
