//! What is done with an arbitrary input, per target. The fuzz targets and the replay of the stored corpus
//! (`tests/it/fuzz_corpus.rs`) share these functions.
//!
//! None of them may panic, hang or take memory without bound; a refusal must name its place.
#![allow(dead_code)]

use blis_playground::config::workload_spec::WorkloadSpec;
use blis_playground::formats::trace::Trace;
use blis_playground::settings::policy;
use blis_playground::workload::replay;
use blis_playground::workload::specification::from_yaml;
use blis_playground::{Config, ConfigError, Simulation};

/// Steps and decisions that an accepted configuration is run for.
const WORK: u64 = 3_000;

/// Requests, users, cohort members and instances of a run: the limits of the product are tested elsewhere,
/// a fuzzer must be quick.
const MOST: u32 = 200;

/// A configuration as JSON.
pub fn config_json(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(config) = accepted(Config::from_json(text)) {
        round_trip(&config);
        run(config);
    }
}

/// Settings as an address says them: `name=value&name=value`.
pub fn url_pairs(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    if let Some(config) = accepted(Config::from_pairs(&Config::default(), pairs)) {
        round_trip(&config);
        run(config);
    }
}

/// A workload specification as YAML.
pub fn workload_spec(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(spec) = accepted(from_yaml(text)) {
        let mut config = Config::default();
        config.workload.spec = Some(spec);
        run(config);
    }
}

/// A policy file as YAML.
pub fn policy_file(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(policies) = accepted(policy::from_yaml(&Config::default(), text)) {
        round_trip(&policies.config);
        run(policies.config);
    }
}

/// A trace: its header in YAML, a line of three dots, its table in CSV. What is read is written and read back the same.
pub fn trace(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (header, data) = text.split_once("\n...\n").unwrap_or(("", text));
    if let Some(trace) = accepted(Trace::read(header, data)) {
        let files = trace.write();
        assert_eq!(Trace::read(&files.header, &files.data).as_ref(), Ok(&trace));
    }
    let config = Config::default();
    if let Some(replay) = accepted(replay(header, data)) {
        let config = replay.applied_to(&config);
        if config.workload.requests.as_ref().is_some_and(|list| list.len() <= MOST.into()) {
            run(config);
        }
    }
}

/// A file for `blis check`, as each of the three kinds.
pub fn check_file(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    accepted(blis_playground::latency::check::check_step_times(text));
    accepted(blis_playground::latency::check::check_kv_capacity(text));
    if let Some((config, ties)) = accepted(blis_playground::golden::case_setup(text))
        && is_small(&config)
        && let Some(mut simulation) = accepted(Simulation::with_recorded_ties(&config, &ties))
    {
        simulation.advance(WORK);
    }
}

/// What was read; a refusal must say where and what.
fn accepted<T>(result: Result<T, ConfigError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            let text = error.to_string();
            assert!(text.len() > error.path().len() + 2, "a refusal without a reason: {text:?}");
            assert!(!error.path().is_empty() || text.contains("line"), "a refusal without a place: {text:?}");
            assert!(text.chars().count() < 5_000, "a refusal that repeats the whole input");
            assert!(error.value().chars().count() <= 81, "a value quoted at length: {text:?}");
            None
        }
    }
}

/// What is valid survives both text forms.
fn round_trip(config: &Config) {
    if config.validate().is_err() {
        return;
    }
    let again = Config::from_json(&config.to_json()).expect("a written configuration can be read");
    assert_eq!(again, *config, "through JSON");
}

/// Validates a configuration and runs a small version of it for a while.
fn run(mut config: Config) {
    if accepted(config.validate()).is_none() {
        return;
    }
    shrink(&mut config);
    if !is_small(&config) {
        return;
    }
    if let Some(mut simulation) = accepted(Simulation::new(&config)) {
        simulation.advance(WORK);
        simulation.finish();
    }
}

/// Reduces what a number can make large.
fn shrink(config: &mut Config) {
    let requests = config.workload.num_requests;
    config.workload.num_requests = if requests == 0 { MOST } else { requests.min(MOST) };
    config.workload.concurrency = config.workload.concurrency.min(MOST);
    config.cluster.num_instances = config.cluster.num_instances.min(MOST);
    if let Some(WorkloadSpec { num_requests, .. }) = &mut config.workload.spec {
        *num_requests = Some(num_requests.unwrap_or(0).clamp(1, MOST.into()));
    }
}

/// Whether members and users of a specification are few.
fn is_small(config: &Config) -> bool {
    let Some(spec) = &config.workload.spec else { return config.cluster.num_instances <= MOST };
    let members = spec.cohorts.iter().map(|cohort| cohort.population);
    let users = spec.clients.iter().map(|client| client.concurrency);
    let max = i64::from(MOST);
    config.cluster.num_instances <= MOST && members.chain(users).all(|number| number <= max)
}
