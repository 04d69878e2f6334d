//! The roofline over layers by kind: sliding windows, compressed entries, states, experts (models chapter, G-7.1).
//! Not in BLIS.
//!
//! Per step the larger of compute time and memory time, as in [`Roofline`](super::Roofline), with sums over layers by
//! kind. What decoding requests cost is closed form in their number and their sum of tokens, as long as no context is longer than
//! a window; beyond that it needs the tokens of each.

pub mod capacity;
mod facts;
mod reach;

pub(in crate::latency) use facts::Facts;

use super::request_cost::power;
use super::validity;
use super::{LatencyModel, PrefillMember, StepLoad};
use crate::catalog::{Gpu, Model};
use crate::config::architecture::{Part, Parts};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens, truncate_to_micros};
use facts::rate;
use reach::Mixing;

/// Step times of one model on one kind of GPU with one TP. Stateless.
#[derive(Clone, Debug)]
pub struct ByKind {
    /// α₀, α₁, α₂, as of the roofline model.
    alphas: [f64; 3],
    /// Added to the duration of each step in µs.
    step_overhead: f64,
    decode: Phase,
    prefill: Phase,
    /// Tokens that are seen at most, parallel to the lists of the phases and of `bytes_per_visible`.
    limits: Vec<u64>,
    /// The smallest of the limits.
    nearest_limit: u64,
    /// Bytes of one GPU per visible token.
    bytes_per_visible: Vec<f64>,
    /// Bytes of one GPU per request.
    bytes_per_request: f64,
    /// Bytes of one GPU per new token.
    bytes_per_new: f64,
    weights: Weights,
    tp: f64,
    /// Bytes/s.
    bandwidth: f64,
}

/// Seconds of compute of a request: in all, per new token, per new and visible token.
#[derive(Clone, Debug)]
struct Phase {
    request: f64,
    new: f64,
    /// By limit.
    visible: Vec<f64>,
}

/// Bytes of the weights that a step reads.
#[derive(Clone, Copy, Debug)]
struct Weights {
    /// Everything but experts.
    always: f64,
    /// All experts.
    experts: f64,
    /// (N − k)/N: the share of the experts that a token does not use.
    unused: f64,
}

/// What bounds a step, and by how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepTimes {
    /// Compute, seconds.
    pub compute: f64,
    /// Weights read, bytes of all GPUs.
    pub weight_bytes: f64,
    /// KV cache, states and activations, bytes of one GPU.
    pub other_bytes: f64,
    /// Memory, seconds.
    pub memory: f64,
}

impl Weights {
    fn new(parts: &Parts, active_experts: f64) -> Self {
        let Parts { embed, head, attn, dense_ffn, experts, shared, router, other } = parts;
        // Tied: the embedding is the head.
        let head = if head.parameters > 0.0 { head.bytes() } else { embed.parameters * 2.0 };
        let rest = [attn, dense_ffn, shared, router, other].map(Part::bytes);
        let total = experts.parameters;
        Self {
            always: rest.iter().fold(head, |sum, bytes| sum + bytes),
            experts: experts.bytes(),
            unused: if total > 0.0 { (total - active_experts) / total } else { 0.0 },
        }
    }

    fn read_by(&self, tokens: u64) -> f64 {
        if self.experts == 0.0 {
            return self.always;
        }
        self.always + self.experts * (1.0 - power(self.unused, tokens))
    }
}

impl ByKind {
    /// Builds the model for these facts. `kv_bytes`: of an element of the KV cache.
    ///
    /// # Errors
    ///
    /// At `model.tp`, `model.alpha_coeffs[i]`, `model.layers`, and below `model.config.architecture` and `model.hardware`.
    pub fn new(
        model: &Model,
        gpu: &Gpu,
        tp: u32,
        alphas: &[f64],
        kv_bytes: f64,
    ) -> Result<Self, ConfigError> {
        validity::check_gpu_of_roofline(gpu, tp)?;
        validity::check_alphas(alphas)?;
        let facts = Facts::new(model)?;
        let mixing = Mixing::new(&facts, f64::from(tp), kv_bytes);
        let limits: Vec<u64> = mixing.reaches.iter().map(|reach| reach.limit).collect();
        Ok(Self {
            alphas: [alphas[0], alphas[1], alphas[2]],
            step_overhead: 0.0,
            decode: Phase::new(&facts, gpu, tp, gpu.mfu_decode, &mixing, |reach| reach.decode_flops),
            prefill: Phase::new(&facts, gpu, tp, gpu.mfu_prefill, &mixing, |reach| reach.prefill_flops),
            nearest_limit: limits.iter().copied().min().unwrap_or(reach::NO_LIMIT),
            limits,
            bytes_per_visible: mixing.reaches.iter().map(|reach| reach.bytes).collect(),
            bytes_per_request: mixing.bytes_per_request,
            bytes_per_new: mixing.bytes_per_new,
            weights: Weights::new(&facts.architecture.parts, facts.architecture.active_expert_parameters),
            tp: f64::from(tp),
            bandwidth: gpu.bandwidth_tb_per_second * 1e12,
        })
    }

    /// The same with so many µs added to each step.
    #[must_use]
    pub const fn with_step_overhead(mut self, micros: f64) -> Self {
        self.step_overhead = micros;
        self
    }

    /// What the step takes, before it is rounded.
    #[inline]
    pub fn step_times(&self, load: &StepLoad<'_>, progress: impl FnOnce(&mut Vec<Tokens>)) -> StepTimes {
        let (mut compute, mut other_bytes, mut tokens) = (0.0, 0.0, load.decodes);
        for member in load.prefills {
            compute += self.prefill_compute(member);
            other_bytes += self.prefill_bytes(member);
            tokens += u64::from(member.new);
        }
        if load.decodes > 0 {
            let requests = load.decodes as f64;
            compute += requests * (self.decode.request + self.decode.new);
            other_bytes += requests * (self.bytes_per_request + self.bytes_per_new);
            let mut each = Vec::new();
            // No request has more tokens than all of them together.
            if load.context > self.nearest_limit {
                progress(&mut each);
            }
            for (at, &limit) in self.limits.iter().enumerate() {
                let visible = visible_of(&each, load.context, limit);
                compute += visible * self.decode.visible[at];
                other_bytes += visible * self.bytes_per_visible[at];
            }
        }
        let weight_bytes = self.weights.read_by(tokens);
        let memory = (weight_bytes / self.tp + other_bytes) / self.bandwidth;
        StepTimes { compute, weight_bytes, other_bytes, memory }
    }

    fn prefill_compute(&self, member: &PrefillMember) -> f64 {
        let (present, new) = (f64::from(member.progress), f64::from(member.new));
        // The middle of the chunk.
        let context = present + (new - 1.0) / 2.0;
        let mut per_new = self.prefill.new;
        for (limit, per_visible) in self.limits.iter().zip(&self.prefill.visible) {
            per_new += context.min(*limit as f64) * per_visible;
        }
        self.prefill.request + new * per_new
    }

    fn prefill_bytes(&self, member: &PrefillMember) -> f64 {
        let mut bytes = self.bytes_per_request + f64::from(member.new) * self.bytes_per_new;
        for (limit, per_visible) in self.limits.iter().zip(&self.bytes_per_visible) {
            bytes += u64::from(member.progress).min(*limit) as f64 * per_visible;
        }
        bytes
    }
}

/// Tokens that decoding requests see in a layer with this limit: all `context` of them, unless `each` is given.
fn visible_of(each: &[Tokens], context: u64, limit: u64) -> f64 {
    let visible: u64 = if each.is_empty() || limit >= context {
        context
    } else {
        each.iter().map(|&tokens| u64::from(tokens).min(limit)).sum()
    };
    visible as f64
}

impl Phase {
    fn new(
        facts: &Facts<'_>,
        gpu: &Gpu,
        tp: u32,
        mfu: f64,
        mixing: &Mixing,
        flops: impl Fn(&reach::Reach) -> f64,
    ) -> Self {
        let Parts { embed, head, attn, dense_ffn, experts, shared, router, other } =
            &facts.architecture.parts;
        let half = gpu.peak_tflops * 1e12;
        let share = f64::from(tp) * mfu;
        let of_parts: f64 = [attn, dense_ffn, shared, router, other]
            .iter()
            .map(|part| 2.0 * part.parameters / rate(part, gpu))
            .sum();
        let of_experts = 2.0 * facts.architecture.active_expert_parameters / rate(experts, gpu);
        let head = if head.parameters > 0.0 {
            2.0 * head.parameters / rate(head, gpu)
        } else {
            2.0 * embed.parameters / half
        };
        Self {
            request: head / share,
            new: (of_parts + of_experts + mixing.flops / half) / share,
            visible: mixing.reaches.iter().map(|reach| flops(reach) / half / share).collect(),
        }
    }
}

impl LatencyModel for ByKind {
    #[inline]
    fn step_time(&self, load: &StepLoad<'_>, progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        if load.is_empty() {
            return Micros(1);
        }
        let times = self.step_times(load, progress);
        let seconds = if times.compute > times.memory { times.compute } else { times.memory };
        truncate_to_micros(seconds * 1e6 + self.step_overhead).max(Micros(1))
    }

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
