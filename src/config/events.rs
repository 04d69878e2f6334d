//! Disturbances of a run: instances that stop, and bursts of requests. Ours: the reference has no such setting.

use super::Config;
use super::choices::KillMode;
use serde::{Deserialize, Serialize};

/// An instance that stops taking requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Kill {
    /// Which instance, from 0.
    pub instance: u32,
    /// When, in µs. From the decisions of this time on, no request is sent there.
    pub at: i64,
    /// What becomes of the requests that it has.
    #[serde(default)]
    pub mode: KillMode,
}

/// Requests that arrive all at once, beside those of the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Burst {
    /// How many.
    pub requests: u32,
    /// When, in µs.
    pub at: i64,
}

impl Config {
    /// The same without instances that stop and without bursts: the cluster as it is when nothing happens to it.
    #[must_use]
    pub fn undisturbed(&self) -> Self {
        let mut config = self.clone();
        config.cluster.kills.clear();
        config.workload.bursts.clear();
        config
    }

    /// Whether an instance stops, or a burst comes.
    pub(crate) const fn is_disturbed(&self) -> bool {
        !self.cluster.kills.is_empty() || !self.workload.bursts.is_empty()
    }
}
