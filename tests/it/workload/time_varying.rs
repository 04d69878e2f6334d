//! Windows with their own parameters (W-7.3).

use super::support::{arrivals, from_spec, generated, requests_per_client, spec_config};
use blis_playground::units::Micros;

const LENGTHS: &str = "input_distribution: {type: constant, params: {value: 1}}, \
                       output_distribution: {type: constant, params: {value: 1}}";

fn client(id: &str, process: &str, more: &str) -> String {
    format!("{{id: {id}, rate_fraction: 1, arrival: {process}, {LENGTHS}, {more}}}")
}

/// One client with one window of 10 s at an absolute rate.
fn one_window(rate: f64, process: &str, seed: u32) -> usize {
    let windows =
        format!("lifecycle: {{windows: [{{start_us: 5000000, end_us: 15000000, trace_rate: {rate}}}]}}");
    let workload = from_spec(&format!(
        "{{seed: {seed}, num_requests: 100000, clients: [{}]}}",
        client("a", process, &windows)
    ));
    assert!(arrivals(&workload).iter().all(|time| (5_000_000..15_000_000).contains(time)));
    assert!(workload.requests.arrival.is_sorted());
    workload.requests.len()
}

#[test]
fn a_window_yields_one_request_less_than_rate_times_duration_for_every_seed() {
    for seed in 0..20 {
        for process in ["{process: poisson}", "{process: gamma, cv: 3}", "{process: constant}"] {
            assert_eq!(one_window(10.0, process, seed), 99);
            assert_eq!(one_window(2.55, process, seed), 25);
        }
    }
}

#[test]
fn a_rate_of_one_request_per_window_or_none_yields_nothing() {
    for rate in [0.0, 0.05, 0.1] {
        assert_eq!(one_window(rate, "{process: poisson}", 1), 0);
    }
}

#[test]
fn constant_gaps_are_stretched_to_fill_the_window() {
    let workload = from_spec(&format!(
        "{{num_requests: 100, clients: [{}]}}",
        client(
            "a",
            "{process: constant}",
            "lifecycle: {windows: [{start_us: 1000, end_us: 1001000, trace_rate: 4}]}"
        )
    ));
    assert_eq!(arrivals(&workload), [251_000, 501_000, 751_000]);
}

#[test]
fn a_window_past_the_horizon_is_shortened_before_its_requests_are_counted() {
    let yaml = format!(
        "{{horizon: 4000000, clients: [{}]}}",
        client(
            "a",
            "{process: poisson}",
            "lifecycle: {windows: [{start_us: 0, end_us: 10000000, trace_rate: 10}, \
             {start_us: 4000000, end_us: 9000000, trace_rate: 10}]}"
        )
    );
    let workload = from_spec(&yaml);
    assert_eq!(workload.requests.len(), 39);
    assert!(arrivals(&workload).iter().all(|&time| time < 4_000_000));
}

#[test]
fn windows_share_the_aggregate_rate_by_weight_with_whom_they_overlap() {
    let windows = |list: &str| format!("lifecycle: {{windows: [{list}]}}");
    let workload = from_spec(&format!(
        "{{aggregate_rate: 100, num_requests: 10000, clients: [{}, {}, {}]}}",
        client(
            "a",
            "{process: poisson}",
            &windows(
                "{start_us: 0, end_us: 10000000, trace_rate: 3}, {start_us: 20000000, end_us: 30000000}"
            )
        ),
        client("b", "{process: poisson}", &windows("{start_us: 0, end_us: 10000000}")),
        client("silent", "{process: poisson}", "streaming: true"),
    ));
    // First window of a: 100 * 3/(3+1+1) = 60/s; second: 100 * 1/(1+1) = 50/s; b: 100 * 1/5 = 20/s.
    let expected = [("a", 599 + 499), ("b", 199)].map(|(name, count)| (name.to_owned(), count));
    let mut counts = requests_per_client(&workload);
    counts.sort();
    assert_eq!(counts, expected);
    assert_eq!(workload.warnings.len(), 1);
    assert!(
        workload.warnings[0].starts_with("workload.spec.clients[2]: no requests"),
        "{:?}",
        workload.warnings
    );
}

#[test]
fn a_window_may_have_its_own_process_and_lengths() {
    let workload = from_spec(&format!(
        "{{aggregate_rate: 10, num_requests: 1000, clients: [{}]}}",
        client(
            "a",
            "{process: poisson}",
            "lifecycle: {windows: [{start_us: 0, end_us: 1000000, arrival: {process: constant}, \
             output_distribution: {type: constant, params: {value: 9}}}, \
             {start_us: 1000000, end_us: 2000000, \
             input_distribution: {type: constant, params: {value: 5}}}]}"
        )
    ));
    let requests = &workload.requests;
    assert_eq!(arrivals(&workload)[..9], [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|k| k * 100_000));
    assert_eq!((requests.input[..9].to_vec(), requests.output[..9].to_vec()), (vec![1; 9], vec![9; 9]));
    assert_eq!((requests.input[9..].to_vec(), requests.output[9..].to_vec()), (vec![5; 9], vec![1; 9]));
}

#[test]
fn the_prefix_is_kept_although_the_reference_drops_it() {
    let requests = from_spec(&format!(
        "{{num_requests: 3, clients: [{}]}}",
        client(
            "a",
            "{process: poisson}",
            "prefix_group: g, prefix_length: 32, \
             lifecycle: {windows: [{start_us: 0, end_us: 1000000, trace_rate: 10}]}"
        )
    ))
    .requests;
    assert_eq!((requests.prefix, requests.input), (vec![32; 3], vec![33; 3]));
}

#[test]
fn only_an_explicit_timeout_sets_deadlines() {
    let mut settings = spec_config(&format!(
        "{{num_requests: 2, clients: [{}]}}",
        client(
            "a",
            "{process: constant}",
            "timeout: 5, lifecycle: {windows: [{start_us: 0, end_us: 1000000, trace_rate: 10}]}"
        )
    ));
    let workload = generated(&settings);
    assert_eq!(workload.requests.deadline, [Micros::ZERO; 2]);
    assert!(
        workload.warnings[0].starts_with("workload.spec.clients[0].timeout: "),
        "{:?}",
        workload.warnings
    );
    settings.workload.timeout = Some(1);
    let workload = generated(&settings);
    assert_eq!(workload.requests.deadline, [Micros(1_100_000), Micros(1_200_000)]);
    assert_eq!(workload.warnings, [""; 0]);
}

#[test]
fn a_spike_in_absolute_mode_states_the_rate_of_the_whole_cohort() {
    let cohort = client(
        "s",
        "{process: poisson}",
        "population: 4, spike: {start_time_us: 1000000, duration_us: 10000000, trace_rate: 40}",
    );
    let workload = from_spec(&format!("{{num_requests: 1000, cohorts: [{cohort}]}}"));
    let expected = ["s-0", "s-1", "s-2", "s-3"].map(|name| (name.to_owned(), 99));
    let mut counts = requests_per_client(&workload);
    counts.sort();
    assert_eq!(counts, expected);
}
