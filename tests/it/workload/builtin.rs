//! Built-in workloads (W-2), the constant grid (W-3), ids (W-1), deadlines (W-9).

use super::support::{arrivals, arrivals_of, config, generated, golden_cases, integers};
use blis_playground::config::WorkloadKind;
use blis_playground::units::{Micros, RequestIndex};
use blis_playground::workload::NO_GROUP;

/// The gaps of the constant grid as the chapter lists them.
const GRID: [(f64, i64); 31] = [
    (1.0, 1_000_000),
    (2.0, 500_000),
    (3.0, 333_333),
    (5.0, 199_999),
    (7.0, 142_857),
    (8.0, 125_000),
    (10.0, 99_999),
    (12.0, 83_333),
    (15.0, 66_666),
    (20.0, 49_999),
    (25.0, 40_000),
    (30.0, 33_333),
    (40.0, 24_999),
    (50.0, 20_000),
    (60.0, 16_666),
    (80.0, 12_499),
    (100.0, 10_000),
    (120.0, 8_333),
    (125.0, 8_000),
    (150.0, 6_666),
    (160.0, 6_249),
    (180.0, 5_555),
    (200.0, 5_000),
    (250.0, 4_000),
    (300.0, 3_333),
    (400.0, 2_500),
    (500.0, 2_000),
    (600.0, 1_666),
    (800.0, 1_250),
    (1000.0, 1_000),
    (2000.0, 500),
];

#[test]
fn arrivals_lie_on_the_constant_grid_of_the_chapter() {
    for (rate, gap) in GRID {
        let workload = generated(&config(|w| (w.rate, w.num_requests) = (rate, 50)));
        let expected: Vec<i64> = (1..=50).map(|k| k * gap).collect();
        assert_eq!(arrivals(&workload), expected, "rate {rate}");
    }
}

#[test]
fn gaps_are_never_below_one_microsecond() {
    let workload = generated(&config(|w| (w.rate, w.num_requests) = (1e9, 4)));
    assert_eq!(arrivals(&workload), [1, 2, 3, 4]);
}

#[test]
fn an_arrival_exactly_at_the_horizon_is_not_generated() {
    let mut settings = config(|w| (w.rate, w.num_requests) = (100.0, 0));
    settings.cluster.horizon = Some(10_000_000);
    assert_eq!(generated(&settings).requests.len(), 999);
    settings.cluster.horizon = Some(10_000_001);
    assert_eq!(generated(&settings).requests.len(), 1000);
}

#[test]
fn the_smaller_of_count_and_horizon_ends_the_workload() {
    let mut settings = config(|w| (w.rate, w.num_requests) = (100.0, 7));
    settings.cluster.horizon = Some(10_000_000);
    assert_eq!(generated(&settings).requests.len(), 7);
    settings.cluster.horizon = Some(50_000);
    assert_eq!(generated(&settings).requests.len(), 4);
}

#[test]
fn requests_are_numbered_in_order_and_carry_the_labels_of_the_only_client() {
    let requests = generated(&config(|w| w.num_requests = 3)).requests;
    assert_eq!(
        RequestIndex::first(3).map(|row| requests.id(row)).collect::<Vec<_>>(),
        ["request_0", "request_1", "request_2"]
    );
    assert_eq!(requests.clients, ["distribution"]);
    assert_eq!((requests.classes, requests.class), (vec![String::new()], vec![0; 3]));
    assert_eq!((requests.tenants, requests.tenant), (vec![String::new()], vec![0; 3]));
    assert_eq!((requests.groups, requests.group), (vec![], vec![NO_GROUP; 3]));
    assert_eq!(requests.prefix, [0; 3]);
    assert_eq!(requests.ids, None);
}

#[test]
fn the_budget_is_the_true_output_length() {
    let requests = generated(&config(|_| ())).requests;
    let budgets: Vec<u32> = requests.budget.iter().map(|&budget| budget as u32).collect();
    assert_eq!(budgets, requests.output);
}

#[test]
fn the_shared_prefix_is_added_to_the_prompt() {
    let plain = generated(&config(|_| ())).requests;
    let prefixed = generated(&config(|w| w.prefix_tokens = 100)).requests;
    assert_eq!(prefixed.groups, ["shared"]);
    assert!(prefixed.prefix.iter().all(|&prefix| prefix == 100));
    assert!(prefixed.input.iter().zip(&plain.input).all(|(with, without)| *with == without + 100));
    assert_eq!(prefixed.output, plain.output);
}

#[test]
fn a_standard_deviation_of_0_gives_constant_lengths() {
    let requests = generated(&config(|w| (w.prompt_tokens_stdev, w.output_tokens_stdev) = (0, 0))).requests;
    assert!(requests.input.iter().chain(&requests.output).all(|&length| length == 512));
}

#[test]
fn clients_give_up_after_300_seconds_unless_told_otherwise() {
    let deadline = |timeout| generated(&config(|w| w.timeout = timeout)).requests.deadline[1];
    assert_eq!(deadline(None), Micros(302_000_000));
    assert_eq!(deadline(Some(5)), Micros(7_000_000));
    assert_eq!(deadline(Some(-1)), Micros::ZERO);
}

#[test]
fn presets_ignore_the_length_settings() {
    for kind in
        [WorkloadKind::Chatbot, WorkloadKind::Contentgen, WorkloadKind::Summarization, WorkloadKind::Multidoc]
    {
        let preset = generated(&config(|w| w.kind = kind)).requests;
        let with_settings = generated(&config(|w| {
            w.kind = kind;
            (w.prompt_tokens, w.prompt_tokens_min, w.output_tokens_max, w.prefix_tokens) = (1, 9, 0, 77);
        }));
        assert_eq!(with_settings.requests, preset, "{kind:?}");
    }
}

#[test]
fn recorded_runs_of_the_reference_lie_on_the_same_grid_with_the_same_deadlines() {
    let mut compared = 0;
    for (name, case) in golden_cases() {
        let source = &case["workload"]["source"];
        if source["arrival"] != "constant" {
            continue;
        }
        let mut settings = config(|w| {
            w.rate = source["rate"].as_f64().expect("a rate");
            w.num_requests = source["num_requests"].as_u64().expect("a number of requests") as u32;
            w.timeout = source["timeout_s"].as_i64();
            if let Some(preset) = source.get("preset") {
                w.kind = serde_json::from_value(preset.clone()).expect("a preset of ours");
            }
        });
        settings.cluster.horizon = case["config"]["horizon"].as_i64();
        let requests = generated(&settings).requests;
        let deadlines: Vec<i64> = requests.deadline.iter().map(|time| time.0).collect();
        assert_eq!(arrivals_of(&requests), integers(&case["workload"]["arrival_us"]), "{name}");
        assert_eq!(deadlines, integers(&case["workload"]["deadline_us"]), "{name}");
        compared += 1;
    }
    assert_eq!(compared, 34);
}
