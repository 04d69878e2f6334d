//! Coefficients of the latency models: their values, their bounds, and which can be fitted at all.

use super::measured::Measured;
use crate::catalog;
use crate::config::{LatencyModelName, ModelSettings};
use crate::latency::ServingSetup;

/// A coefficient that `model.measured` can replace.
#[derive(Clone, Debug)]
pub(super) struct Coefficient {
    /// As in `model.measured`.
    pub name: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// Its unit; empty for a factor or a share.
    pub unit: &'static str,
    /// Its value as things are set.
    pub start: f64,
    /// The step in which the fit counts: the value itself, or what would be felt if it is 0.
    pub size: f64,
    /// Least value, in `size`.
    pub low: f64,
    /// Greatest value, in `size`.
    pub high: f64,
    /// Why no measurement can tell it.
    pub fixed: Option<String>,
}

/// Name, meaning, unit.
type Words = (&'static str, &'static str, &'static str);

const TRAINED: [Words; 14] = [
    ("alpha0", "from the arrival to the wait queue, per request", "µs"),
    ("alpha1", "behind the last token, per request", "µs"),
    ("alpha2", "per output token, beside the steps", "µs"),
    ("beta0", "computing prompts, times the peak", ""),
    ("beta1", "computing answers, times the peak", ""),
    ("beta2", "reading the weights in each step, times the peak", ""),
    ("beta3", "exchange between the GPUs, times the peak", ""),
    ("beta4", "per layer and step", "µs"),
    ("beta5", "per request in a step", "µs"),
    ("beta6", "per step", "µs"),
    ("beta7", "per MoE layer of an interleaved model and step", "µs"),
    ("beta8", "writing the KV cache of prompts, times the peak", ""),
    ("beta9", "reading the KV cache, times the peak", ""),
    ("beta10", "dispatch to experts with data parallelism", ""),
];

const ROOFLINE: [Words; 7] = [
    ("alpha0", "from the arrival to the wait queue, per request", "µs"),
    ("alpha1", "from the arrival to the wait queue, per input token", "µs"),
    ("alpha2", "per output token, beside the steps", "µs"),
    ("mfu_prefill", "share of the peak compute rate that prompts reach", ""),
    ("mfu_decode", "share of the peak compute rate that answers reach", ""),
    ("bandwidth", "share of the memory bandwidth that is reached", ""),
    ("step_overhead", "per step", "µs"),
];

/// Farthest that a coefficient may lie from its value: this many times as much.
const MOST_TIMES: f64 = 20.0;
/// Greatest share of a peak.
const MOST_SHARE: f64 = 1.5;
/// Least share of a peak.
const LEAST_SHARE: f64 = 0.01;

/// All coefficients of the latency model in use, in order.
pub(super) fn all(settings: &ModelSettings, setup: &ServingSetup, rows: &[Measured]) -> Vec<Coefficient> {
    let measured = |name: &str| settings.measured.as_ref()?.coefficients.get(name).copied();
    let felt = Felt::of(rows);
    match settings.latency_model {
        LatencyModelName::TrainedPhysics => {
            let bundled = &catalog::coefficients().trained_physics;
            let values = bundled.alpha_coeffs.iter().take(3).chain(&bundled.beta_coeffs);
            let one = |(&words, &value): (&Words, &f64)| {
                let start = measured(words.0).unwrap_or(value);
                trained(words, start, setup, &felt)
            };
            TRAINED.iter().zip(values).map(one).collect()
        }
        LatencyModelName::Roofline => {
            let gpu = &setup.gpu;
            let values = [0.0, 0.0, 0.0, gpu.mfu_prefill, gpu.mfu_decode, 1.0, 0.0];
            let one =
                |(&words, value): (&Words, f64)| roofline(words, measured(words.0).unwrap_or(value), &felt);
            ROOFLINE.iter().zip(values).map(one).collect()
        }
    }
}

fn trained(words: Words, start: f64, setup: &ServingSetup, felt: &Felt) -> Coefficient {
    let (name, meaning, unit) = words;
    let fixed = match name {
        "alpha1" => Some("benchmarks measure until the last token, which it does not move"),
        "beta3" if setup.tp == 1 => Some("one GPU has nothing to exchange"),
        "beta7" if !setup.model.is_interleaved() => Some("the model has no layers of two kinds in turn"),
        "beta10" => Some("data parallelism is not simulated"),
        "beta1" | "beta3" | "beta7" | "beta8" if start == 0.0 => {
            Some("0 in this model, where another coefficient has its part")
        }
        _ => None,
    };
    let size = if start > 0.0 { start } else { felt.size(name) };
    let fixed = fixed.map(str::to_owned);
    Coefficient { name, meaning, unit, start, size, low: 0.0, high: MOST_TIMES, fixed }
}

fn roofline(words: Words, start: f64, felt: &Felt) -> Coefficient {
    let (name, meaning, unit) = words;
    let size = if start > 0.0 { start } else { felt.size(name) };
    let is_share = unit.is_empty();
    let (low, high) =
        if is_share { (LEAST_SHARE / size, MOST_SHARE.max(start) / size) } else { (0.0, MOST_TIMES) };
    Coefficient { name, meaning, unit, start, size, low, high, fixed: None }
}

/// What a coefficient without a value of its own would have to be, µs, to be felt.
struct Felt {
    ttft: f64,
    gap: f64,
    input: f64,
}

impl Felt {
    fn of(rows: &[Measured]) -> Self {
        let least = |of: fn(&Measured) -> Option<f64>, otherwise: f64| {
            let least = rows.iter().filter_map(of).fold(f64::INFINITY, f64::min);
            if least.is_finite() { least } else { otherwise }
        };
        Self {
            ttft: least(|row| row.ttft_ms, 100.0) * 1000.0 / 4.0,
            gap: least(|row| row.itl_ms, 10.0) * 1000.0 / 4.0,
            input: least(|row| row.input_tokens, 512.0).max(1.0),
        }
    }

    fn size(&self, name: &str) -> f64 {
        match name {
            "alpha0" => self.ttft,
            "alpha1" => self.ttft / self.input,
            _ => self.gap,
        }
    }
}
