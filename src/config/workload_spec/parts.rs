//! The parts of a client or cohort: arrival process, length distributions, activity.

use super::to_come::{self, ToCome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a cohort uses its prefix group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum PrefixSharing {
    /// All members are in one group.
    #[default]
    Shared,
    /// Member j has the group `<name>-<j>` to itself.
    PerMember,
}

/// An arrival process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ArrivalSpec {
    /// Which.
    pub process: ArrivalProcess,
    /// Coefficient of variation of the inter-arrival times, for gamma and weibull; absent = 1.
    #[serde(default)]
    pub cv: Option<f64>,
    /// Shape, for gamma and weibull; counts only together with `scale`, and then instead of CV and rate.
    #[serde(default)]
    pub shape: Option<f64>,
    /// Scale, µs.
    #[serde(default)]
    pub scale: Option<f64>,
}

/// The arrival processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum ArrivalProcess {
    /// Evenly spaced.
    Constant,
    /// Exponential inter-arrival times.
    Poisson,
    /// Gamma-distributed inter-arrival times.
    Gamma,
    /// Weibull-distributed inter-arrival times.
    Weibull,
}

/// A length distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct DistributionSpec {
    /// Which.
    #[serde(rename = "type")]
    pub kind: DistributionKind,
    /// Its parameters by name; for `empirical` the weight of each token count.
    #[serde(default, deserialize_with = "super::or_default")]
    pub params: BTreeMap<String, f64>,
    /// Not read, here as in the reference.
    #[serde(default, deserialize_with = "to_come::file", skip_serializing)]
    pub file: Option<ToCome>,
}

/// The length distributions (W-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum DistributionKind {
    /// `mean`, `std_dev`, clamped to `min` and `max`.
    Gaussian,
    /// `mean`; optional `min`, `max`.
    Exponential,
    /// `mu`, `sigma`; optional `min`, `max`.
    Lognormal,
    /// `alpha`, `xm`, `mu`, `sigma`, `mix_weight`.
    ParetoLognormal,
    /// `value`.
    Constant,
    /// Token counts and their weights.
    Empirical,
}

/// When a client is active.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct LifecycleSpec {
    /// At least one.
    pub windows: Vec<WindowSpec>,
}

/// A time at which a client is active, and what is special about it. Any of the four optional keys switches
/// the whole specification to generation window by window (W-7.3).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct WindowSpec {
    /// Start, µs.
    pub start_us: i64,
    /// End, µs; not part of the window.
    pub end_us: i64,
    /// Requests per second if `aggregate_rate` is 0, else the client's weight in this window.
    #[serde(default)]
    pub trace_rate: Option<f64>,
    /// Arrival process in this window.
    #[serde(default)]
    pub arrival: Option<ArrivalSpec>,
    /// Prompt lengths in this window.
    #[serde(default)]
    pub input_distribution: Option<DistributionSpec>,
    /// Output lengths in this window.
    #[serde(default)]
    pub output_distribution: Option<DistributionSpec>,
}

/// A single burst of activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SpikeSpec {
    /// Start, µs.
    #[serde(default)]
    pub start_time_us: i64,
    /// Length, µs.
    pub duration_us: i64,
    /// As in a window, but for the whole cohort.
    #[serde(default)]
    pub trace_rate: Option<f64>,
}

/// A decline in ten steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct DrainSpec {
    /// End of full activity, µs.
    #[serde(default)]
    pub start_time_us: i64,
    /// Length of the decline, µs.
    pub ramp_duration_us: i64,
}

/// A day of 24 windows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct DiurnalSpec {
    /// The busiest hour, 0 to 23.
    pub peak_hour: i64,
    /// Activity of the busiest hour over that of the quietest, at least 1.
    pub peak_to_trough_ratio: f64,
}
