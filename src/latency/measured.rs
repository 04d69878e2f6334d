//! Latency models with coefficients that were fitted to measurements ([`MeasuredLatency`]). Ours.
//!
//! A coefficient has a name, and replaces what the latency model has in its place; all others stay as they are.

use crate::catalog::{Gpu, LatencyCoefficients};
use crate::config::{LatencyModelName, MeasuredLatency, ModelSettings, limits};
use crate::error::ConfigError;

/// Overhead coefficients of the roofline model (L-1).
const ROOFLINE_ALPHAS: usize = 3;

/// The latency model's own coefficients and peak rates with the measured ones in their places.
#[derive(Clone, Debug)]
pub(super) struct Tuned {
    /// Overheads and step-time coefficients.
    pub coefficients: LatencyCoefficients,
    /// The GPU as the latency model sees it.
    pub gpu: Gpu,
    /// Added to each step in µs (roofline only).
    pub step_overhead: f64,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Alpha(usize),
    Beta(usize),
    MfuPrefill,
    MfuDecode,
    Bandwidth,
    StepOverhead,
}

impl Place {
    /// Whether it is a share of a peak rate.
    const fn is_share(self) -> bool {
        matches!(self, Self::MfuPrefill | Self::MfuDecode | Self::Bandwidth)
    }
}

/// Every name that a latency model knows, in order.
fn places(model: LatencyModelName, bundled: &LatencyCoefficients) -> Vec<(String, Place)> {
    let alphas = |count: usize| (0..count).map(|at| (format!("alpha{at}"), Place::Alpha(at)));
    let betas = |count: usize| (0..count).map(|at| (format!("beta{at}"), Place::Beta(at)));
    match model {
        LatencyModelName::TrainedPhysics => {
            alphas(bundled.alpha_coeffs.len()).chain(betas(bundled.beta_coeffs.len())).collect()
        }
        LatencyModelName::Roofline => {
            let rest = [
                ("mfu_prefill", Place::MfuPrefill),
                ("mfu_decode", Place::MfuDecode),
                ("bandwidth", Place::Bandwidth),
                ("step_overhead", Place::StepOverhead),
            ];
            alphas(ROOFLINE_ALPHAS).chain(rest.map(|(name, place)| (name.to_owned(), place))).collect()
        }
    }
}

/// The names of the coefficients that [`MeasuredLatency`] may give for a latency model, in order.
pub fn coefficient_names(model: LatencyModelName) -> Vec<String> {
    let bundled = super::setup::bundled_coefficients(model);
    places(model, bundled).into_iter().map(|(name, _)| name).collect()
}

/// Puts what was measured, if anything, in its places.
///
/// # Errors
///
/// At `model.measured.coefficients.NAME` for an unknown name or a number out of range, and at `model.measured` beside own
/// coefficients.
pub(super) fn tuned(
    settings: &ModelSettings,
    coefficients: LatencyCoefficients,
    gpu: &Gpu,
) -> Result<Tuned, ConfigError> {
    let mut tuned = Tuned { coefficients, gpu: gpu.clone(), step_overhead: 0.0 };
    let Some(measured) = &settings.measured else { return Ok(tuned) };
    if settings.alpha_coeffs.is_some() || settings.beta_coeffs.is_some() {
        return Err(ConfigError::conflict(
            "model.measured",
            "measured coefficients",
            "model.alpha_coeffs and model.beta_coeffs",
            "either of them",
        ));
    }
    let places = places(settings.latency_model, &tuned.coefficients);
    for (name, &value) in &measured.coefficients {
        let path = || format!("model.measured.coefficients.{name}");
        let Some(&(_, place)) = places.iter().find(|(known, _)| known == name) else {
            let known = places.iter().map(|(known, _)| known.as_str()).collect::<Vec<_>>().join(", ");
            let expected = format!("one of {known} (those of {})", settings.latency_model);
            return Err(ConfigError::invalid(path(), format!("`{name}`"), expected));
        };
        check(value, place).map_err(|expected| ConfigError::invalid(path(), value, expected))?;
        tuned.put(place, value);
    }
    Ok(tuned)
}

/// Whether a number may stand in a place; otherwise what may.
fn check(value: f64, place: Place) -> Result<(), String> {
    let most = if place.is_share() { limits::MAX_MEASURED_SHARE } else { limits::MAX_COEFFICIENT };
    let valid = if place.is_share() { value > 0.0 && value <= most } else { (0.0..=most).contains(&value) };
    match (valid, place.is_share()) {
        (true, _) => Ok(()),
        (false, true) => Err(format!("a share of the peak, above 0 and at most {most}")),
        (false, false) => Err(format!("a number from 0 to {most:e}")),
    }
}

impl Tuned {
    fn put(&mut self, place: Place, value: f64) {
        match place {
            Place::Alpha(at) => self.coefficients.alpha_coeffs[at] = value,
            Place::Beta(at) => self.coefficients.beta_coeffs[at] = value,
            Place::MfuPrefill => self.gpu.mfu_prefill = value,
            Place::MfuDecode => self.gpu.mfu_decode = value,
            Place::Bandwidth => self.gpu.bandwidth_tb_per_second *= value,
            Place::StepOverhead => self.step_overhead = value,
        }
    }
}

/// That the latency is a measured one, in a sentence without a dot.
pub(super) fn warning(measured: &MeasuredLatency) -> String {
    let name = measured.name.trim();
    format!("latency as measured: {}", if name.is_empty() { "without a name" } else { name })
}

#[cfg(test)]
mod tests;
