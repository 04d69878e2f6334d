//! Nothing is generated without bound: refusals come before the memory is needed.

use super::support::{config, from_spec, refusal, spec_config};
use std::time::Instant;

fn spec_of(client: &str, top: &str) -> String {
    format!(
        "{{{top}, clients: [{{id: a, rate_fraction: 1, {client}, \
         input_distribution: {{type: lognormal, params: {{mu: 1, sigma: 50}}}}, \
         output_distribution: {{type: constant, params: {{value: 1}}}}}}]}}"
    )
}

#[test]
fn a_long_horizon_at_a_high_rate_names_both_and_the_limit() {
    let mut settings = config(|w| (w.rate, w.num_requests) = (1e9, 0));
    settings.cluster.horizon = Some(1_000_000_000_000_000);
    let started = Instant::now();
    let (path, text) = refusal(&settings);
    assert_eq!(path, "cluster.horizon");
    for part in ["1000000000000000", "workload.rate = 1000000000", "5000000 requests"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(started.elapsed().as_millis() < 100);
}

#[test]
fn too_many_requests_or_users_are_refused() {
    assert_eq!(refusal(&config(|w| w.num_requests = 5_000_001)).0, "workload.num_requests");
    let mut settings = config(|w| (w.concurrency, w.num_requests) = (5_000_001, 0));
    settings.cluster.horizon = Some(1);
    assert_eq!(refusal(&settings).0, "workload.concurrency");
}

#[test]
fn arrivals_beyond_the_largest_time_are_refused() {
    assert_eq!(refusal(&config(|w| w.rate = 1e-300)).0, "workload.rate");
    assert_eq!(refusal(&config(|w| w.rate = 1e-9)).0, "workload.rate");
}

#[test]
fn a_process_whose_own_scale_is_tiny_or_huge_is_refused() {
    let tiny = spec_of(
        "arrival: {process: gamma, shape: 1e-300, scale: 1}",
        "aggregate_rate: 1, horizon: 1000000000",
    );
    assert_eq!(refusal(&spec_config(&tiny)).0, "workload.spec.horizon");
    let huge =
        spec_of("arrival: {process: weibull, shape: 1, scale: 1e300}", "aggregate_rate: 1, num_requests: 9");
    assert_eq!(refusal(&spec_config(&huge)).0, "workload.spec.aggregate_rate");
}

#[test]
fn windows_that_need_too_many_discarded_arrivals_are_refused() {
    let late = spec_of(
        "arrival: {process: poisson}, lifecycle: {windows: [{start_us: 900000000000000, end_us: 900000000000001}]}",
        "aggregate_rate: 1000000, num_requests: 1",
    );
    assert_eq!(refusal(&spec_config(&late)).0, "workload.spec.clients[0]");
}

#[test]
fn windows_with_too_many_requests_are_refused_even_if_they_would_be_cut() {
    let windows = spec_of(
        "arrival: {process: poisson}, \
         lifecycle: {windows: [{start_us: 0, end_us: 900000000000000, trace_rate: 1e300}]}",
        "num_requests: 10",
    );
    assert_eq!(refusal(&spec_config(&windows)).0, "workload.spec.horizon");
}

#[test]
fn lengths_without_a_bound_are_cut_at_the_token_limit_prefix_included() {
    let requests = from_spec(&spec_of(
        "arrival: {process: constant}, prefix_group: g, prefix_length: 100",
        "aggregate_rate: 1, num_requests: 200",
    ))
    .requests;
    assert_eq!(requests.input.iter().max(), Some(&10_000_000));
    assert_eq!(requests.input.iter().min(), Some(&101));
}

#[test]
fn a_hundred_thousand_members_are_no_trouble() {
    let cohort = "{id: c, population: 100000, rate_fraction: 1, arrival: {process: poisson}, \
                  input_distribution: {type: constant, params: {value: 1}}, \
                  output_distribution: {type: constant, params: {value: 1}}}";
    let workload = from_spec(&format!("{{aggregate_rate: 100, num_requests: 1000, cohorts: [{cohort}]}}"));
    assert_eq!(workload.requests.len(), 1000);
    assert!(workload.requests.arrival.is_sorted());
}
