//! What a run takes, before it is made: so that one can be asked whether it is wanted.

use crate::config::Config;
use crate::error::ConfigError;
use crate::simulation::Preparation;
use serde::Serialize;

/// Memory of a request in the run and in its result, bytes. Measured as the peak of a process with 1,000,000 requests on
/// 64 instances (docs/performance.md) and rounded up.
const BYTES_PER_REQUEST: u64 = 240;

/// Memory of a recorded candidate of a routing decision, bytes.
const BYTES_PER_CANDIDATE: u64 = 32;

/// Time for a request, and for a request and an instance, s. Measured in WebAssembly with 12 and 64 instances on a busy
/// machine; on an idle one it is half of it, in a preemption storm three times as much.
const SECONDS_PER_REQUEST: f64 = 1.0e-6;
const SECONDS_PER_REQUEST_AND_INSTANCE: f64 = 1.0e-8;

/// About what a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Estimate {
    /// Requests, follow-ups of virtual users included.
    pub requests: u64,
    /// Memory of the run and of its result, bytes.
    pub bytes: u64,
    /// Time to its end in WebAssembly, s: right to a factor of three, depending on machine and settings. Natively it takes
    /// about two thirds of that.
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
    let requests = Preparation::new(config)?.expected_requests();
    let instances = config.cluster.num_instances;
    let kept = if config.trace.record_candidates { config.trace.counterfactual_k } else { 0 };
    let candidates = u64::from(kept.min(instances));
    let per_request = SECONDS_PER_REQUEST + f64::from(instances) * SECONDS_PER_REQUEST_AND_INSTANCE;
    Ok(Estimate {
        requests,
        bytes: requests * (BYTES_PER_REQUEST + candidates * BYTES_PER_CANDIDATE),
        seconds: requests as f64 * per_request,
    })
}
