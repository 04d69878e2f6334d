//! The basis times of the trained-physics model in µs (latency chapter, L-5, "Basis times").
//!
//! Every product keeps the chapter's order of operations. Constants are multiplied beforehand only where they
//! lead the product, so that the same operations happen in the same order, or where the product is exact.

use super::PrefillMember;
use super::shape::Shape;
use crate::catalog::Model;

/// 2⁵³: whole numbers up to here are exact as doubles.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// T_pc and T_dc: floating-point operations over the peak rate.
#[derive(Clone, Debug)]
pub(super) struct Compute {
    shape: Shape,
    /// L·2
    twice_layers: f64,
    /// 2·d + 2·w
    projection_width: f64,
    /// 4·h
    attention_per_head: f64,
    /// (L·4)·h
    attention_per_layer_head: f64,
    /// e
    head_width: f64,
    /// κ
    routed: f64,
    /// F: operations per µs
    rate: f64,
}

impl Compute {
    pub(super) fn new(shape: &Shape, head_width: f64) -> Self {
        let heads_per_gpu = shape.heads / shape.tp;
        Self {
            shape: *shape,
            twice_layers: shape.layers * 2.0,
            projection_width: projection_width(shape, head_width),
            attention_per_head: 4.0 * heads_per_gpu,
            attention_per_layer_head: shape.layers * 4.0 * heads_per_gpu,
            head_width,
            routed: shape.experts_per_token.max(1.0),
            rate: shape.peak_tflops * 1e6,
        }
    }

    pub(super) fn time(&self, tokens: f64, attention: f64) -> f64 {
        let shape = &self.shape;
        let projections = self.twice_layers * tokens * shape.width * self.projection_width / shape.tp;
        let dense = shape.dense_layers * tokens * 6.0 * shape.width * shape.dense_width / shape.tp;
        let (routed, shared) = if shape.moe_layers == 0.0 { (0.0, 0.0) } else { self.experts(tokens) };
        ((projections + attention) + ((routed + shared) + dense)) / self.rate
    }

    fn experts(&self, tokens: f64) -> (f64, f64) {
        let shape = &self.shape;
        let per_gpu = tokens * self.routed / shape.tp;
        let routed = shape.moe_layers * per_gpu * 6.0 * shape.width * shape.expert_width;
        let shared = shape.moe_layers * tokens * 6.0 * shape.width * shape.shared_width / shape.tp;
        (routed, shared)
    }

    /// L·A': every chunk is charged with its full prompt.
    pub(super) fn prefill_attention(&self, prefills: &[PrefillMember]) -> f64 {
        let mut sum = 0.0;
        for member in prefills {
            let (new, input) = (f64::from(member.new), f64::from(member.input));
            sum += self.attention_per_head * new * (input + new / 2.0) * self.head_width;
        }
        self.shape.layers * sum
    }

    pub(super) fn decode_attention(&self, context: f64) -> f64 {
        self.attention_per_layer_head * context * self.head_width
    }
}

/// T_pk and T_dk: KV elements of two bytes over the bandwidth.
#[derive(Clone, Debug)]
pub(super) struct KvTraffic {
    /// L·2·(w/t)
    elements_per_token: f64,
    /// W: bytes per µs
    rate: f64,
}

impl KvTraffic {
    pub(super) fn new(shape: &Shape, head_width: f64, rate: f64) -> Self {
        let width_per_gpu = shape.kv_heads * head_width / shape.tp;
        Self { elements_per_token: shape.layers * 2.0 * width_per_gpu, rate }
    }

    pub(super) fn write_time(&self, tokens: f64) -> f64 {
        self.elements_per_token * tokens * 2.0 / self.rate
    }

    #[inline]
    pub(super) fn read_time(&self, positions: f64) -> f64 {
        self.elements_per_token * 2.0 * positions / self.rate
    }
}

/// T_ar: exchange of activations between the GPUs of an instance.
#[derive(Clone, Debug)]
pub(super) struct AllReduce {
    layers: LayerMix,
    width: f64,
    activation_bytes: f64,
    /// d·b_a·2
    bytes: f64,
    /// Up to this many tokens the products with `bytes` are exact in any order.
    pub(super) exact_tokens: f64,
    /// τ = (t − 1)/t
    share: f64,
    /// W: bytes per µs
    rate: f64,
}

/// Which of R(L), R(L_d), R(L_m) have to be computed.
#[derive(Clone, Copy, Debug)]
enum LayerMix {
    /// One GPU: no exchange.
    Alone,
    /// All layers of one kind: R(L) twice.
    Uniform { all: f64 },
    /// Both kinds.
    Interleaved { all: f64, dense: f64, moe: f64 },
}

impl AllReduce {
    pub(super) fn new(shape: &Shape, model: &Model, rate: f64) -> Self {
        let layers = if shape.tp == 1.0 {
            LayerMix::Alone
        } else if model.is_interleaved() {
            LayerMix::Interleaved { all: shape.layers, dense: shape.dense_layers, moe: shape.moe_layers }
        } else {
            LayerMix::Uniform { all: shape.layers }
        };
        Self {
            layers,
            width: shape.width,
            activation_bytes: shape.activation_bytes,
            bytes: shape.width * shape.activation_bytes * 2.0,
            exact_tokens: exact_tokens(shape),
            share: (shape.tp - 1.0) / shape.tp,
            rate,
        }
    }

    #[inline]
    pub(super) fn time(&self, tokens: f64) -> f64 {
        match self.layers {
            LayerMix::Alone => 0.0,
            LayerMix::Uniform { all } => {
                let time = self.layer_time(all, tokens);
                time + time
            }
            LayerMix::Interleaved { all, dense, moe } => {
                (self.layer_time(all, tokens) + self.layer_time(dense, tokens)) + self.layer_time(moe, tokens)
            }
        }
    }

    /// R(u)
    #[inline]
    fn layer_time(&self, layers: f64, tokens: f64) -> f64 {
        if tokens <= self.exact_tokens {
            layers * tokens * self.bytes * self.share / self.rate
        } else {
            layers * tokens * self.width * self.activation_bytes * 2.0 * self.share / self.rate
        }
    }
}

/// Largest token count for which L·tokens·d·b_a·2 and all its parts are exact.
fn exact_tokens(shape: &Shape) -> f64 {
    // Whole bytes: then every factor is a whole number, and only the size of the product matters.
    let whole_bytes = shape.activation_bytes == shape.activation_bytes.trunc();
    let product_per_token = shape.layers * shape.width * shape.activation_bytes * 2.0;
    if whole_bytes { EXACT / 2.0 / product_per_token } else { 0.0 }
}

fn projection_width(shape: &Shape, head_width: f64) -> f64 {
    let kv_width = shape.kv_heads * head_width;
    2.0 * shape.width + 2.0 * kv_width
}

/// T_w: all weights are read in every step, however few experts it uses.
pub(super) fn weights_time(shape: &Shape, head_width: f64, rate: f64) -> f64 {
    let (width, bytes, tp) = (shape.width, shape.weight_bytes, shape.tp);
    let attention = shape.layers * width * projection_width(shape, head_width) * bytes / tp;
    let dense = shape.dense_layers * 3.0 * width * shape.dense_width * bytes / tp;
    let (routed, shared) = if shape.moe_layers == 0.0 {
        (0.0, 0.0)
    } else {
        let experts_per_gpu = shape.experts / tp;
        (
            shape.moe_layers * experts_per_gpu * 3.0 * width * shape.expert_width * bytes,
            shape.moe_layers * 3.0 * width * shape.shared_width * bytes / tp,
        )
    };
    (attention + ((routed + shared) + dense)) / rate
}
