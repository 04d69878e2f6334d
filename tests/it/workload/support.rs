//! Short ways to state a workload and to judge a sample.

use crate::common::{golden_dir, golden_json};
use blis_playground::config::workload_spec::WorkloadSpec;
use blis_playground::config::{Config, StreamsName, WorkloadSettings};
use blis_playground::workload::specification::from_yaml;
use blis_playground::workload::{Generation, Requests, Workload, generate};
use serde_json::Value;

/// Settings with the default workload changed. What is tested here are the rules that both kinds of streams follow, and the
/// independent ones; those of the reference are held against its recordings.
pub fn config(change: impl FnOnce(&mut WorkloadSettings)) -> Config {
    let mut config = Config { streams: StreamsName::Independent, ..Config::default() };
    change(&mut config.workload);
    config
}

/// The workload of settings that are known to be valid.
pub fn generated(config: &Config) -> Workload {
    generate(config).unwrap_or_else(|error| panic!("{error}"))
}

/// The specification in a YAML text that is known to be valid.
pub fn spec(yaml: &str) -> WorkloadSpec {
    from_yaml(yaml).unwrap_or_else(|error| panic!("{error}"))
}

/// Settings with a specification given in YAML.
pub fn spec_config(yaml: &str) -> Config {
    config(|workload| workload.spec = Some(spec(yaml)))
}

/// The workload of a specification given in YAML.
pub fn from_spec(yaml: &str) -> Workload {
    generated(&spec_config(yaml))
}

/// The path and text of the error that settings cause. The check that comes before anything is generated either says the
/// same or that it cannot be sure.
pub fn refusal(config: &Config) -> (String, String) {
    let error = match generate(config) {
        Ok(workload) => panic!("accepted with {} requests", workload.requests.len()),
        Err(error) => error,
    };
    match Generation::new(config) {
        Ok(generation) => assert!(generation.may_fail(), "the check is sure of what gives {error}"),
        Err(checked) => assert_eq!(checked, error),
    }
    (error.path().to_owned(), error.to_string())
}

/// Arrival times, µs.
pub fn arrivals(workload: &Workload) -> Vec<i64> {
    arrivals_of(&workload.requests)
}

/// Arrival times, µs.
pub fn arrivals_of(requests: &Requests) -> Vec<i64> {
    requests.arrival.iter().map(|time| time.0).collect()
}

/// All recorded runs of the reference by name.
pub fn golden_cases() -> Vec<(String, Value)> {
    let mut names: Vec<String> = std::fs::read_dir(golden_dir().join("cases"))
        .expect("recordings are there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("ASCII names"))
        .collect();
    names.sort();
    let load = |name: String| {
        let case = golden_json(&format!("cases/{}", name.trim_end_matches(".gz")));
        (name, case)
    };
    names.into_iter().map(load).collect()
}

/// A recorded column of integers, absent ones as 0.
pub fn integers(column: &Value) -> Vec<i64> {
    column.as_array().expect("a column").iter().map(|value| value.as_i64().unwrap_or(0)).collect()
}

/// How many requests each client has, in order of the table of clients.
pub fn requests_per_client(workload: &Workload) -> Vec<(String, usize)> {
    let count = |client: u32| workload.requests.client.iter().filter(|&&c| c == client).count();
    let names = workload.requests.clients.iter().enumerate();
    names.map(|(index, name)| (name.clone(), count(index as u32))).collect()
}

/// Mean and standard deviation.
pub fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (count - 1.0)).sqrt())
}

/// The share of the values that satisfy a condition.
pub fn share(values: &[f64], holds: impl Fn(f64) -> bool) -> f64 {
    values.iter().filter(|&&value| holds(value)).count() as f64 / values.len() as f64
}

/// Fails unless the mean of `values` is within 5 standard errors of one of the reference's measured mean; the
/// reference had a million draws, hence the second term.
pub fn assert_mean(name: &str, values: &[f64], expected: f64, expected_sd: f64) {
    let (mean, _) = moments(values);
    let error = expected_sd * (1.0 / values.len() as f64 + 1e-6).sqrt();
    // Half a unit of the last printed digit of the tables.
    let tolerance = 5.0 * error + 5e-4 * expected;
    assert!((mean - expected).abs() <= tolerance, "{name}: mean {mean}, expected {expected} ± {tolerance}");
}

/// Fails unless a share is within 5 standard errors of the measured one.
pub fn assert_share(name: &str, values: &[f64], holds: impl Fn(f64) -> bool, expected: f64) {
    let measured = share(values, holds);
    let variance = (expected * (1.0 - expected)).max(1e-4);
    let tolerance = 5.0 * (variance * (1.0 / values.len() as f64 + 1e-6)).sqrt() + 5e-5;
    let difference = (measured - expected).abs();
    assert!(difference <= tolerance, "{name}: share {measured}, expected {expected} ± {tolerance}");
}

/// Fails unless the measured quantile lies where our sample has that quantile: between the shares of values
/// below it and not above it, within 5 standard errors and the rounding of the tables.
pub fn assert_quantile(name: &str, values: &[f64], probability: f64, expected: f64) {
    let slack = 5.0 * (probability * (1.0 - probability) * (1.0 / values.len() as f64 + 1e-6)).sqrt();
    let rounding = (0.001 * expected).max(0.51);
    let below = share(values, |value| value < expected - rounding);
    let not_above = share(values, |value| value <= expected + rounding);
    assert!(
        below - slack <= probability && probability <= not_above + slack,
        "{name}: p{} = {expected} lies at {below}..{not_above}",
        probability * 100.0
    );
}
