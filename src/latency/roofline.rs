//! The roofline model: the larger of compute time and memory time of a step (latency chapter, L-6).
//!
//! The reference adds request by request, and the last bit of its sums decides where a time is close to a
//! whole number of µs. So decode requests are summed in closed form first, and one by one, in batch order, only
//! if the closed form lands that close (instance chapter, I-14).

use super::request_cost::{Bytes, Flops};
use super::shape::Shape;
use super::validity;
use super::{LatencyModel, PrefillMember, StepLoad};
use crate::catalog::{Gpu, Model};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens, truncate_to_micros};

/// 2⁻⁵³: half a unit in the last place of 1.
const HALF_ULP: f64 = 1.0 / 9_007_199_254_740_992.0;

/// Step times of one model on one kind of GPU with one TP. Stateless.
#[derive(Clone, Debug)]
pub struct Roofline {
    /// α₀, α₁, α₂.
    alphas: [f64; 3],
    flops: Flops,
    bytes: Bytes,
    tp: f64,
    /// Q_p: FLOP/s of prefill.
    prefill_rate: f64,
    /// Q_d: FLOP/s of decode.
    decode_rate: f64,
    /// V: bytes/s.
    bandwidth: f64,
    /// Added to the duration of each step in µs. Ours: 0 unless it was measured.
    step_overhead: f64,
    /// Seconds of compute of a decode request: for itself, and per token present.
    decode_compute: Linear,
    /// Bytes moved by a decode request: for itself, and per token present.
    decode_traffic: Linear,
}

/// A quantity that grows linearly with the tokens present.
#[derive(Clone, Copy, Debug)]
struct Linear {
    base: f64,
    per_token: f64,
}

impl Linear {
    fn sum(self, requests: f64, tokens: f64) -> f64 {
        self.base * requests + self.per_token * tokens
    }
}

/// X, Y and N_p over the prefill requests.
struct PrefillSums {
    compute: f64,
    traffic: f64,
    tokens: u64,
}

impl Roofline {
    /// Builds the model for these facts. The command line always gives three zero overheads (L-8).
    ///
    /// # Errors
    ///
    /// By L-7: at `model.tp`, `model.alpha_coeffs[i]`, and below `model.config` and `model.hardware` for facts
    /// from a user's files.
    pub fn new(model: &Model, gpu: &Gpu, tp: u32, alphas: &[f64]) -> Result<Self, ConfigError> {
        validity::check_common(model, gpu, tp)?;
        validity::check_roofline(model, gpu)?;
        validity::check_alphas(alphas)?;
        let ffn_width = match model.intermediate_size {
            0 => model.hidden_size.saturating_mul(4),
            width => width,
        };
        let shape = Shape::new(model, gpu, tp, ffn_width);
        let (flops, bytes) = (Flops::new(&shape), Bytes::new(&shape));
        let rate = shape.peak_tflops * 1e12;
        let decode_rate = rate * gpu.mfu_decode;
        Ok(Self {
            alphas: [alphas[0], alphas[1], alphas[2]],
            decode_compute: Linear {
                base: flops.of_request(0.0, 1.0) / shape.tp / decode_rate,
                per_token: flops.per_token_present() / shape.tp / decode_rate,
            },
            decode_traffic: Linear {
                base: (bytes.kv_per_token + bytes.activations_per_token) / shape.tp,
                per_token: bytes.kv_per_token / shape.tp,
            },
            flops,
            bytes,
            tp: shape.tp,
            prefill_rate: rate * gpu.mfu_prefill,
            decode_rate,
            bandwidth: shape.bandwidth * 1e12,
            step_overhead: 0.0,
        })
    }

    /// The same with so many µs added to each step.
    #[must_use]
    pub const fn with_step_overhead(mut self, micros: f64) -> Self {
        self.step_overhead = micros;
        self
    }

    /// The step time as the reference sums it: request by request. `progress` holds the tokens present of the
    /// decode requests in batch order.
    pub fn step_time_by_request(&self, load: &StepLoad<'_>, progress: &[Tokens]) -> Micros {
        if load.is_empty() {
            return Micros(1);
        }
        let prefill = self.prefill_sums(load.prefills);
        let step_tokens = prefill.tokens + progress.len() as u64;
        to_step_time(self.value_by_request(&prefill, self.bytes.weights(step_tokens), progress))
    }

    fn prefill_sums(&self, prefills: &[PrefillMember]) -> PrefillSums {
        let mut sums = PrefillSums { compute: 0.0, traffic: 0.0, tokens: 0 };
        for member in prefills {
            let (present, new) = (f64::from(member.progress), f64::from(member.new));
            let weights = self.bytes.weights(u64::from(member.new));
            sums.compute += self.flops.of_request(present, new) / self.tp / self.prefill_rate;
            sums.traffic += self.bytes.besides_weights(present, new, weights) / self.tp;
            sums.tokens += u64::from(member.new);
        }
        sums
    }

    /// v with the decode requests in closed form.
    #[inline]
    fn closed_value(&self, prefill: &PrefillSums, weights: f64, decodes: f64, context: f64) -> f64 {
        let compute = prefill.compute + self.decode_compute.sum(decodes, context);
        let traffic = prefill.traffic + self.decode_traffic.sum(decodes, context);
        self.value(compute, weights, traffic)
    }

    /// v with the decode requests one by one.
    fn value_by_request(&self, prefill: &PrefillSums, weights: f64, progress: &[Tokens]) -> f64 {
        let own_weights = self.bytes.weights(1);
        let (mut compute, mut traffic) = (prefill.compute, prefill.traffic);
        for present in progress.iter().map(|tokens| f64::from(*tokens)) {
            compute += self.flops.of_request(present, 1.0) / self.tp / self.decode_rate;
            traffic += self.bytes.besides_weights(present, 1.0, own_weights) / self.tp;
        }
        self.value(compute, weights, traffic)
    }

    #[inline]
    fn value(&self, compute: f64, weights: f64, traffic: f64) -> f64 {
        let memory = (weights / self.tp + traffic) / self.bandwidth;
        (if compute > memory { compute } else { memory }) * 1e6 + self.step_overhead
    }
}

impl LatencyModel for Roofline {
    #[inline]
    fn step_time(&self, load: &StepLoad<'_>, progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        if load.is_empty() {
            return Micros(1);
        }
        let prefill = self.prefill_sums(load.prefills);
        let weights = self.bytes.weights(prefill.tokens + load.decodes);
        let value = self.closed_value(&prefill, weights, load.decodes as f64, load.context as f64);
        let requests = load.prefills.len() as f64 + load.decodes as f64;
        if load.decodes == 0 || is_decided(value, requests) {
            return to_step_time(value);
        }
        let mut in_order = Vec::new();
        progress(&mut in_order);
        to_step_time(self.value_by_request(&prefill, weights, &in_order))
    }

    /// trunc(α₀ + α₁·I)
    fn queueing_delay(&self, input: Tokens) -> Micros {
        truncate_to_micros(self.alphas[0] + self.alphas[1] * f64::from(input))
    }

    fn output_overhead(&self) -> Micros {
        truncate_to_micros(self.alphas[2])
    }

    fn completion_overhead(&self) -> Micros {
        Micros::ZERO
    }
}

fn to_step_time(value: f64) -> Micros {
    truncate_to_micros(value).max(Micros(1))
}

/// Whether the closed form is so far from a whole number that the reference's rounding cannot cross it.
///
/// Each sum rounds once per request, and a MoE request's bytes pass through its weights, which rounds three
/// times more: 4·|S| half units, and a few for the operations around the sums.
#[inline]
fn is_decided(value: f64, requests: f64) -> bool {
    // A cast is cheaper than `trunc`, and what it cannot hold is not decided.
    let fraction = value - (value as i64) as f64;
    let distance = fraction.min(1.0 - fraction);
    let tolerance = ((4.0 * requests + 32.0) * HALF_ULP * value).max(1e-6);
    distance > tolerance
}

#[cfg(test)]
mod tests;
