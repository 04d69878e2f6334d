//! What a run takes, before it is made.

use crate::config::Config;
use crate::error::ConfigError;
use crate::simulation::Preparation;
use crate::workload::Expected;
use serde::Serialize;

/// Memory of a request in the run and in its result, bytes. Measured as the peak of a process with 1,000,000 requests on
/// 64 instances (docs/performance.md) and rounded up.
const BYTES_PER_REQUEST: u64 = 240;

/// Memory of a recorded candidate of a routing decision, bytes.
const BYTES_PER_CANDIDATE: u64 = 32;

/// Time for a request, for a request and an instance, and for a step, s. Measured in WebAssembly with 12 and 64 instances
/// on a busy machine.
const SECONDS_PER_REQUEST: f64 = 1.0e-6;
const SECONDS_PER_REQUEST_AND_INSTANCE: f64 = 1.0e-8;
const SECONDS_PER_STEP: f64 = 5.0e-8;

/// Time for a token id that is passed over, s, as above: with vector instructions half as long on an idle machine.
const SECONDS_PER_TOKEN_ID: f64 = 6.0e-10;

/// A step of an instance takes about so long in simulated time, s: it tells how many answers are given side by side.
const STEP_SECONDS: f64 = 0.01;

/// About what a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Estimate {
    /// Requests, follow-ups of virtual users included.
    pub requests: u64,
    /// Memory of the run and of its result, bytes.
    pub bytes: u64,
    /// Time to its end in WebAssembly, s. An idle machine needs half of it, a preemption storm three times as much, and a
    /// slow phone more; natively it takes about two thirds.
    pub seconds: f64,
}

/// About what a run takes, without making it.
///
/// # Errors
/// The first setting that cannot be used.
///
/// # Examples
/// ```
/// use blis_playground::{Config, estimate::estimate};
///
/// let mut config = Config::default();
/// config.workload.num_requests = 1_000_000;
/// let about = estimate(&config)?;
/// assert_eq!(about.requests, 1_000_000);
/// assert!(about.bytes > 100_000_000);
/// # Ok::<(), blis_playground::ConfigError>(())
/// ```
pub fn estimate(config: &Config) -> Result<Estimate, ConfigError> {
    let expected = Preparation::new(config)?.expected();
    let requests = expected.requests;
    let instances = config.cluster.num_instances;
    let kept = if config.trace.record_candidates { config.trace.counterfactual_k } else { 0 };
    let candidates = u64::from(kept.min(instances));
    let per_request = SECONDS_PER_REQUEST + f64::from(instances) * SECONDS_PER_REQUEST_AND_INSTANCE;
    Ok(Estimate {
        requests,
        bytes: requests * (BYTES_PER_REQUEST + candidates * BYTES_PER_CANDIDATE) + expected.generator_bytes,
        seconds: requests as f64 * per_request
            + expected.token_ids * SECONDS_PER_TOKEN_ID
            + steps(&expected, config) * SECONDS_PER_STEP,
    })
}

/// About how many steps give the answers: one per token, less what is answered side by side (Little's law).
fn steps(expected: &Expected, config: &Config) -> f64 {
    let Expected { requests, mean_output, rate, users, .. } = *expected;
    let at_a_time = if users > 0 { users as f64 } else { rate.unwrap_or(0.0) * mean_output * STEP_SECONDS };
    let most = f64::from(config.instance.max_num_running_reqs.max(1));
    let batch = (at_a_time / f64::from(config.cluster.num_instances.max(1))).clamp(1.0, most);
    requests as f64 * mean_output / batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ExplicitRequest, StreamsName};

    fn seconds(change: impl FnOnce(&mut Config)) -> f64 {
        let mut config = Config::default();
        change(&mut config);
        estimate(&config).expect("valid settings").seconds
    }

    #[test]
    fn token_ids_and_generators_count_with_the_streams_of_the_reference_alone() {
        let about = |streams| {
            let mut config = Config { streams, ..Config::default() };
            (config.workload.concurrency, config.workload.num_requests) = (10_000, 1_000_000);
            estimate(&config).expect("valid settings")
        };
        let (reference, independent) = (about(StreamsName::Reference), about(StreamsName::Independent));
        assert_eq!(reference.bytes - independent.bytes, 49_000_000);
        // A billion ids.
        let more = reference.seconds - independent.seconds;
        assert!((0.5..0.7).contains(&more), "{more}");
    }

    #[test]
    fn long_answers_one_by_one_take_their_steps() {
        let long = |rate: f64| {
            seconds(|config| {
                config.memory.max_model_len = Some(0);
                config.workload.num_requests = 1_000;
                config.workload.rate = rate;
                config.workload.output_tokens = 1_000_000;
                config.workload.output_tokens_max = 2_000_000;
                config.workload.output_tokens_stdev = 0;
            })
        };
        // 1,000 answers of a million tokens with nothing beside them are a billion steps.
        assert!((40.0..60.0).contains(&long(1e-5)), "{}", long(1e-5));
        assert!(long(100.0) < 1.0, "{}", long(100.0));
    }

    #[test]
    fn a_list_is_estimated_by_its_own_rate_and_answers() {
        let list = |gap: i64| {
            let request = |row: i64| ExplicitRequest {
                arrival_us: row * gap,
                input_tokens: 10,
                output_tokens: 10_000,
                ..ExplicitRequest::default()
            };
            seconds(|config| {
                config.cluster.num_instances = 1;
                config.workload.requests = Some((0..100).map(request).collect::<Vec<_>>().into());
            })
        };
        assert!(list(100) < list(1_000_000_000), "{} {}", list(100), list(1_000_000_000));
    }
}
