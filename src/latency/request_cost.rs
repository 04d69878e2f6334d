//! What one request costs in the roofline model: operations and bytes (latency chapter, L-6).

use super::shape::Shape;

/// Floating-point operations of a request (L-6, "FLOPs of one request").
#[derive(Clone, Debug)]
pub(super) struct Flops {
    shape: Shape,
    /// ĥ: not truncated, unlike the head width of trained-physics.
    head_width: f64,
    /// d·d + 2·d·ŵ
    projections: f64,
    /// 2·d·f_m
    expert: f64,
    /// 2·d·f_d
    dense: f64,
}

impl Flops {
    pub(super) fn new(shape: &Shape) -> Self {
        let (width, head_width) = (shape.width, shape.width / shape.heads);
        let kv_width = shape.kv_heads * head_width;
        Self {
            shape: *shape,
            head_width,
            projections: width * width + 2.0 * width * kv_width,
            expert: 2.0 * width * shape.expert_width,
            dense: 2.0 * width * shape.dense_width,
        }
    }

    /// fl of a request with `present` tokens and `new` ones.
    pub(super) fn of_request(&self, present: f64, new: f64) -> f64 {
        let shape = &self.shape;
        let context = if new <= 1.0 { present } else { present + (new - 1.0) / 2.0 };
        let linear = (2.0 * new * self.projections + 2.0 * new * shape.width * shape.width) * shape.layers;
        let attention = (4.0 * shape.heads * new * context * self.head_width) * shape.layers;
        let vector = ((5.0 * shape.heads * new * context) + 2.0 * new * shape.width) * shape.layers;
        let experts = (2.0 * new * self.expert * shape.experts_per_token) * shape.moe_layers;
        let dense = (2.0 * new * self.dense) * shape.dense_layers;
        (((linear + attention) + experts) + dense) + vector
    }

    /// What each token present adds to a decode request.
    pub(super) fn per_token_present(&self) -> f64 {
        (4.0 * self.shape.heads * self.head_width + 5.0 * self.shape.heads) * self.shape.layers
    }
}

/// Bytes that a step moves (L-6, "Bytes").
#[derive(Clone, Debug)]
pub(super) struct Bytes {
    experts: f64,
    moe_layers: f64,
    /// (N − k)/N
    unused_share: f64,
    /// 2·d·f_m
    expert: f64,
    /// wl·L
    attention: f64,
    /// wd
    dense: f64,
    /// b_w
    per_weight: f64,
    /// wt of a dense model, whatever it computes
    dense_model: f64,
    /// kv
    pub(super) kv_per_token: f64,
    /// L·d·b_a
    pub(super) activations_per_token: f64,
}

impl Bytes {
    pub(super) fn new(shape: &Shape) -> Self {
        let (width, head_width) = (shape.width, shape.width / shape.heads);
        let kv_width = shape.kv_heads * head_width;
        let attention = (width * (width + 2.0 * kv_width) + width * width) * shape.layers;
        let dense = (2.0 * width * shape.dense_width) * shape.dense_layers;
        Self {
            experts: shape.experts,
            moe_layers: shape.moe_layers,
            unused_share: (shape.experts - shape.experts_per_token) / shape.experts,
            expert: 2.0 * width * shape.expert_width,
            attention,
            dense,
            per_weight: shape.weight_bytes,
            dense_model: (attention + (0.0 + dense)) * shape.weight_bytes,
            kv_per_token: 2.0 * shape.layers * shape.kv_heads * head_width * shape.activation_bytes,
            activations_per_token: shape.layers * width * shape.activation_bytes,
        }
    }

    /// wt(n): the weights that `tokens` processed together read.
    #[inline]
    pub(super) fn weights(&self, tokens: u64) -> f64 {
        if self.moe_layers == 0.0 {
            return self.dense_model;
        }
        let touched = self.touched_experts(tokens);
        let experts = (self.expert * touched) * self.moe_layers;
        (self.attention + (experts + self.dense)) * self.per_weight
    }

    /// n_eff(n): the expected number of experts that at least one token uses.
    pub(super) fn touched_experts(&self, tokens: u64) -> f64 {
        self.experts * (1.0 - power(self.unused_share, tokens))
    }

    /// `full − wt(n)`: the detour through the weights rounds as the reference does.
    pub(super) fn besides_weights(&self, present: f64, new: f64, weights: f64) -> f64 {
        let full = ((weights + self.kv_per_token * new) + self.kv_per_token * present)
            + self.activations_per_token * new;
        full - weights
    }
}

/// `base` to the power `exponent` by squaring from the lowest bit up: the reference's last bits.
pub(super) fn power(base: f64, exponent: u64) -> f64 {
    let (mut result, mut square, mut bits) = (1.0, base, exponent);
    while bits > 0 {
        if bits & 1 == 1 {
            result *= square;
        }
        square *= square;
        bits >>= 1;
    }
    result
}
