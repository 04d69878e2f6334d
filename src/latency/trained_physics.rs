//! The trained-physics model: physical basis times, weighted by trained coefficients (latency chapter, L-5).
//!
//! Every product keeps the chapter's order of operations. Constants are multiplied beforehand only where they
//! lead the product, so that the same operations happen in the same order, or where the product is exact.

use super::basis_times::{AllReduce, Compute, KvTraffic, weights_time};
use super::shape::Shape;
use super::validity;
use super::{LatencyModel, PrefillMember, StepLoad};
use crate::catalog::{Gpu, LatencyCoefficients, Model};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens, truncate_to_micros};

/// Step times of one model on one kind of GPU with one TP. Stateless.
#[derive(Clone, Debug)]
pub struct TrainedPhysics {
    queueing: Micros,
    output: Micros,
    completion: Micros,
    compute: Compute,
    kv: KvTraffic,
    all_reduce: AllReduce,
    prefill: Phase,
    decode: Phase,
    /// β₂·T_w
    weights_term: f64,
    /// β₃
    all_reduce_weight: f64,
    /// β₄·L
    layers_term: f64,
    /// β₅
    request_weight: f64,
    /// β₆
    step_term: f64,
    /// g
    interleave_term: f64,
}

/// How a phase's compute time and KV time make its part of the step.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// One coefficient for the larger of both.
    Larger { weight: f64 },
    /// A coefficient for each.
    Both { compute: f64, kv: f64 },
}

impl Phase {
    /// The times are only computed where their coefficient is not 0: all times are finite.
    #[inline]
    fn term(self, compute_time: impl FnOnce() -> f64, kv_time: impl FnOnce() -> f64) -> f64 {
        match self {
            Self::Larger { weight: 0.0 } => 0.0,
            Self::Larger { weight } => weight * compute_time().max(kv_time()),
            Self::Both { compute: 0.0, kv } => kv * kv_time(),
            Self::Both { compute, kv: 0.0 } => compute * compute_time(),
            Self::Both { compute, kv } => compute * compute_time() + kv * kv_time(),
        }
    }
}

impl TrainedPhysics {
    /// Builds the model for these facts.
    ///
    /// # Errors
    ///
    /// By L-7: at `model.tp`, `model.alpha_coeffs[i]`, `model.beta_coeffs[i]`, and below `model.config` and
    /// `model.hardware` for facts from a user's files.
    pub fn new(
        model: &Model,
        gpu: &Gpu,
        tp: u32,
        coefficients: &LatencyCoefficients,
    ) -> Result<Self, ConfigError> {
        let (alpha, beta) = (&coefficients.alpha_coeffs, &coefficients.beta_coeffs);
        validity::check_common(model, gpu, tp)?;
        validity::check_trained_physics(model, tp)?;
        validity::check_alphas(alpha)?;
        validity::check_betas(beta)?;
        let shape = Shape::new(model, gpu, tp, model.intermediate_size);
        let head_width = (model.hidden_size / model.num_attention_heads) as f64;
        let bytes_per_micro = shape.bandwidth * 1e6;
        let optional = |index: usize| beta.get(index).copied().unwrap_or(0.0);
        let interleaved = model.is_interleaved();
        Ok(Self {
            queueing: truncate_to_micros(alpha[0]),
            output: truncate_to_micros(alpha[2]),
            completion: truncate_to_micros(alpha[1]),
            compute: Compute::new(&shape, head_width),
            kv: KvTraffic::new(&shape, head_width, bytes_per_micro),
            all_reduce: AllReduce::new(&shape, model, bytes_per_micro),
            prefill: if beta.len() >= 9 {
                Phase::Both { compute: beta[0], kv: beta[8] }
            } else {
                Phase::Larger { weight: beta[0] }
            },
            decode: if beta.len() >= 10 {
                Phase::Both { compute: beta[1], kv: beta[9] }
            } else {
                Phase::Larger { weight: beta[1] }
            },
            weights_term: beta[2] * weights_time(&shape, head_width, bytes_per_micro),
            all_reduce_weight: beta[3],
            layers_term: beta[4] * shape.layers,
            request_weight: beta[5],
            step_term: beta[6],
            interleave_term: if interleaved { optional(7) * shape.moe_layers } else { 0.0 },
        })
    }

    /// v of L-5: the duration in µs before truncation, of a step that is not empty.
    #[inline]
    pub fn step_value(&self, load: &StepLoad<'_>) -> f64 {
        let (prefill_term, prefill_tokens) =
            if load.prefills.is_empty() { (0.0, 0) } else { self.prefill_term(load.prefills) };
        let decode_term = if load.decodes > 0 { self.decode_term(load.decodes, load.context) } else { 0.0 };
        let tokens = (prefill_tokens + load.decodes) as f64;
        let requests = (load.prefills.len() as u64 + load.decodes + load.others) as f64;
        prefill_term
            + decode_term
            + self.weights_term
            + self.all_reduce_weight * self.all_reduce.time(tokens)
            + self.layers_term
            + self.request_weight * requests
            + self.step_term
            + self.interleave_term
    }

    /// p, and N_p.
    fn prefill_term(&self, prefills: &[PrefillMember]) -> (f64, u64) {
        let tokens: u64 = prefills.iter().map(|member| u64::from(member.new)).sum();
        if tokens == 0 {
            return (0.0, 0);
        }
        let count = tokens as f64;
        let compute_time = || self.compute.time(count, self.compute.prefill_attention(prefills));
        (self.prefill.term(compute_time, || self.kv.write_time(count)), tokens)
    }

    /// c.
    #[inline]
    fn decode_term(&self, decodes: u64, context: u64) -> f64 {
        let compute_time =
            || self.compute.time(decodes as f64, self.compute.decode_attention(context as f64));
        self.decode.term(compute_time, || self.kv.read_time((context + decodes) as f64))
    }
}

impl LatencyModel for TrainedPhysics {
    #[inline]
    fn step_time(&self, load: &StepLoad<'_>, _progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        if load.is_empty() {
            return Micros(1);
        }
        truncate_to_micros(self.step_value(load)).max(Micros(1))
    }

    fn queueing_delay(&self, _input: Tokens) -> Micros {
        self.queueing
    }

    fn output_overhead(&self) -> Micros {
        self.output
    }

    fn completion_overhead(&self) -> Micros {
        self.completion
    }
}

#[cfg(test)]
mod tests;
