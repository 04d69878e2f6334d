//! What came of a fit.

use crate::config::{LatencyModelName, MeasuredLatency};
use serde::Serialize;

/// How far a fit has got.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct FitProgress {
    /// Whether it is over.
    pub done: bool,
    /// What it is doing, in words; empty at the end.
    pub doing: String,
    /// How much of it is done, 0 to 1: an estimate.
    pub share: f64,
    /// Simulations so far.
    pub runs: u64,
    /// Requests simulated so far.
    pub simulated_requests: u64,
}

/// A coefficient of the latency model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct FittedCoefficient {
    /// As in `model.measured`.
    pub name: String,
    /// What it is, in words.
    pub meaning: String,
    /// Its unit; empty for a factor or a share.
    pub unit: String,
    /// Its value before.
    pub before: f64,
    /// Its value now: the same if it is kept.
    pub value: f64,
    /// Standard error of the value by noise, by chance, and because those that are kept are taken to be right to a quarter;
    /// `null` if it is kept.
    pub standard_error: Option<f64>,
    /// Whether the rows determine it.
    pub determined: bool,
    /// Why it is kept; empty if it is determined.
    pub reason: String,
}

/// A quantity of a row, as measured and as our simulation shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Compared {
    /// `ttft`, `itl` or `e2e`, in ms, or `throughput`, in output tokens per second.
    pub quantity: &'static str,
    /// As measured.
    pub measured: f64,
    /// With the fitted coefficients.
    pub predicted: f64,
    /// With the coefficients before.
    pub before: f64,
    /// How far the prediction is above the measurement, percent.
    pub error_percent: f64,
    /// How far apart chance alone puts them, percent: one standard deviation.
    pub chance_percent: f64,
    /// Whether the fit looked at it; what follows from the others is only shown.
    pub used: bool,
}

/// A row of the measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct FitRow {
    /// Where it comes from.
    pub source: String,
    /// The rate or the requests under way, in words.
    pub load: String,
    /// Requests per second; `null` where a number was kept under way.
    pub rate: Option<f64>,
    /// Requests under way; `null` where they were sent at a rate.
    pub concurrency: Option<u32>,
    /// Requests that were simulated for it, with each of several seeds.
    pub simulated_requests: u64,
    /// Measured against predicted.
    pub compared: Vec<Compared>,
}

/// A latency model fitted to measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct FittedLatency {
    /// What goes into the settings.
    pub measured: MeasuredLatency,
    /// The latency model that the coefficients belong to.
    pub latency_model: LatencyModelName,
    /// Every coefficient of it.
    pub coefficients: Vec<FittedCoefficient>,
    /// Every row.
    pub rows: Vec<FitRow>,
    /// Root mean square of the relative errors of what was used, percent.
    pub error_percent: f64,
    /// The same before.
    pub error_before_percent: f64,
    /// What the errors show beside chance, percent: noise of the measurements, and beyond 10 misfit of the model.
    pub noise_percent: f64,
    /// Figures that were used, less coefficients that were fitted.
    pub degrees_of_freedom: u32,
    /// What to mind.
    pub warnings: Vec<String>,
    /// Simulations that it took.
    pub runs: u64,
    /// Requests that they had.
    pub simulated_requests: u64,
}
