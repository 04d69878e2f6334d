//! Specifications: written, read by both readers, the same (workload chapter, W-7.5).

use blis_playground::config::SloTarget;
use blis_playground::workload::specification::{
    ArrivalProcess, ArrivalSpec, ClientSpec, CohortSpec, DistributionKind, DistributionSpec, DiurnalSpec,
    DrainSpec, LifecycleSpec, PrefixSharing, SpikeSpec, WindowSpec, WorkloadSpec, from_simple_yaml,
    from_yaml,
};
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
    (kind, btree_map("[a-z_]{1,6}|[0-9]{1,3}", number(), 0..4)).prop_map(|(kind, params)| DistributionSpec {
        kind,
        params,
        file: None,
    })
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

proptest! {
    #[test]
    fn what_is_written_is_read_back_by_both_readers(spec in spec()) {
        let text = spec.to_yaml();
        for (reader, read) in [("simple", from_simple_yaml(&text)), ("full", from_yaml(&text))] {
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
fn a_specification_written_by_hand_means_the_same_to_both_readers() {
    let simple = from_simple_yaml(BY_HAND).expect("simple");
    assert_eq!(simple, from_yaml(BY_HAND).expect("full"));
    assert_eq!(simple.clients[1].id, "bulk: it's");
    assert_eq!(simple.clients[1].lifecycle.as_ref().expect("windows").windows[1].start_us, 7);
    assert_eq!(simple.version.as_deref(), Some("2"));
}

#[test]
fn json_is_read_too() {
    let text = r#"{"aggregate_rate":5,"clients":[{"id":"a\u00e4\n","rate_fraction":1}]}"#;
    assert_eq!(from_simple_yaml(text).expect("simple"), from_yaml(text).expect("full"));
}

#[test]
fn the_simple_reader_names_line_column_and_key() {
    for (text, message) in [
        (
            "clients:\n  - id: a\n    speed: 3\n",
            "workload.spec.clients[0].speed: line 3, column 12: unknown field `speed`",
        ),
        ("clients:\n  - id: a\n   speed: 3\n", "text that belongs to nothing"),
        ("clients: [&a {id: a}, *a]\n", "anchors and aliases are not read here"),
        ("clients: [{id: a}\n", "expected a comma or ]"),
        ("clients: [{model: gpt}]\n", "workload.spec.clients[0].model: line 1, column 19: not supported"),
    ] {
        let error = from_simple_yaml(text).expect_err(text).to_string();
        assert!(error.contains(message), "{error}");
    }
}
