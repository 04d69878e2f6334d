//! Limits on what several settings make together: requests, times, memory, work (`config::limits`).

use crate::cluster::Reads;
use crate::config::{Config, WorkloadKind, limits};
use crate::error::ConfigError;

/// Appends every violation. Works with estimates of the request count; generation itself stops at
/// [`limits::MAX_REQUESTS`].
pub(super) fn check(config: &Config, problems: &mut Vec<ConfigError>) {
    arrivals(config, problems);
    tokens(config, problems);
    let requests = expected_requests(config);
    if requests > limits::MAX_REQUESTS {
        problems.push(too_many_requests(config, requests));
        return;
    }
    let bursts = &config.workload.bursts;
    let requests = requests + bursts.iter().map(|burst| u64::from(burst.requests)).sum::<u64>();
    if requests > limits::MAX_REQUESTS {
        let expected = format!("at most {} requests, all others included", limits::MAX_REQUESTS);
        problems.push(ConfigError::invalid("workload.bursts", format!("{requests} requests"), expected));
        return;
    }
    reads(config, requests, problems);
    candidates(config, requests, problems);
}

/// Whether requests arrive at `workload.rate`.
fn open_loop(config: &Config) -> bool {
    let workload = &config.workload;
    workload.spec.is_none() && workload.requests.is_none() && workload.concurrency == 0
}

/// The number of requests if the settings give it, else 0.
fn expected_requests(config: &Config) -> u64 {
    let workload = &config.workload;
    if let Some(requests) = &workload.requests {
        return requests.len();
    }
    if workload.spec.is_some() {
        return 0;
    }
    match (workload.num_requests, config.cluster.horizon) {
        (0, Some(horizon)) if open_loop(config) => (workload.rate * horizon as f64 / 1e6).max(0.0) as u64,
        // The closed loop starts one request per user; how many follow is unknown before the run.
        (0, _) => u64::from(workload.concurrency),
        (count, _) => u64::from(count),
    }
}

fn too_many_requests(config: &Config, requests: u64) -> ConfigError {
    let expected = format!("at most {} requests", limits::MAX_REQUESTS);
    if config.workload.requests.is_some() {
        return ConfigError::invalid("workload.requests", format!("{requests} requests"), expected);
    }
    let horizon = config.cluster.horizon.unwrap_or_default();
    let other = format!("cluster.horizon {horizon} and workload.num_requests 0");
    ConfigError::conflict("workload.rate", config.workload.rate, other, expected)
}

/// The last arrival must be a time the engine can add to.
fn arrivals(config: &Config, problems: &mut Vec<ConfigError>) {
    let workload = &config.workload;
    let unbounded = open_loop(config) && config.cluster.horizon.is_none() && workload.rate > 0.0;
    let last = f64::from(workload.num_requests) * 1e6 / workload.rate;
    if unbounded && last > limits::MAX_TIME_US as f64 {
        let other = format!("workload.num_requests {}", workload.num_requests);
        let expected = format!("a rate at which the last request arrives before {} µs", limits::MAX_TIME_US);
        problems.push(ConfigError::conflict("workload.rate", workload.rate, other, expected));
    }
}

/// Prefix, prompt and answer of one request together.
fn tokens(config: &Config, problems: &mut Vec<ConfigError>) {
    let workload = &config.workload;
    let max = u64::from(limits::MAX_TOKENS_PER_REQUEST);
    let parts = [workload.prefix_tokens, workload.prompt_tokens_max, workload.output_tokens_max];
    let custom_lengths =
        workload.kind == WorkloadKind::Distribution && workload.spec.is_none() && workload.requests.is_none();
    if custom_lengths && parts.into_iter().map(u64::from).sum::<u64>() > max {
        let [prefix, prompt, output] = parts;
        let other = format!("workload.prompt_tokens_max {prompt} and workload.output_tokens_max {output}");
        let expected = format!("at most {max} tokens per request in all");
        problems.push(ConfigError::conflict("workload.prefix_tokens", prefix, other, expected));
    }
}

/// Decisions that read every instance cost requests times instances.
fn reads(config: &Config, requests: u64, problems: &mut Vec<ConfigError>) {
    let instances = config.cluster.num_instances;
    let every_instance = config.routing.policy.compares_instances()
        || config.trace.counterfactual_k > 0
        || config.admission.policy.reads() != Reads::NOTHING
        || !config.admission.tenant_budgets.is_empty();
    if every_instance && requests.saturating_mul(u64::from(instances)) > limits::MAX_INSTANCE_READS {
        let expected = format!(
            "at most {} instances times requests when decisions compare all instances",
            limits::MAX_INSTANCE_READS
        );
        let other = format!("{requests} requests");
        problems.push(ConfigError::conflict("cluster.num_instances", instances, other, expected));
    }
}

/// Recorded candidates cost memory: one row per request and candidate.
fn candidates(config: &Config, requests: u64, problems: &mut Vec<ConfigError>) {
    let kept = config.trace.counterfactual_k.min(config.cluster.num_instances);
    if config.trace.record_candidates && requests.saturating_mul(u64::from(kept)) > limits::MAX_CANDIDATES {
        let expected =
            format!("at most {} requests times alternatives while they are kept", limits::MAX_CANDIDATES);
        let other = format!("{requests} requests and trace.record_candidates");
        let k = config.trace.counterfactual_k;
        problems.push(ConfigError::conflict("trace.counterfactual_k", k, other, expected));
    }
}
