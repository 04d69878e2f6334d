//! The bundled coefficients (latency chapter, L-1 and L-5; kv-capacity chapter, K-4).

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Coefficients of the latency models and constants of the block count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coefficients {
    /// Of the trained-physics model.
    pub trained_physics: LatencyCoefficients,
    /// Of the roofline model: three zeros, and no step-time coefficients.
    pub roofline: LatencyCoefficients,
    /// Memory constants of the block count.
    pub kv_capacity: KvCapacityConstants,
}

/// The coefficient lists of one latency model, by position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatencyCoefficients {
    /// Per-request overheads in µs (L-1).
    pub alpha_coeffs: Vec<f64>,
    /// Weights of the basis times of a step (L-5, Combination).
    pub beta_coeffs: Vec<f64>,
}

/// Memory that is neither weights nor KV cache, in GiB (K-4), and the defaults of the block count (K-1).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KvCapacityConstants {
    /// Activations of a dense model, per instance.
    pub activation_gib_dense: f64,
    /// Activations of a MoE model, per instance.
    pub activation_gib_moe: f64,
    /// Everything else, of a single GPU.
    pub non_torch_gib_per_gpu_tp1: f64,
    /// Everything else, of each of several GPUs.
    pub non_torch_gib_per_gpu_tp_many: f64,
    /// Default fraction of GPU memory in use.
    pub gpu_memory_utilization: f64,
    /// Default tokens per block.
    pub block_size_in_tokens: u32,
    /// Block count where an input of the computation is missing (K-1, rule 3).
    pub blocks_if_not_computable: u32,
}

static COEFFICIENTS: LazyLock<Coefficients> = LazyLock::new(|| {
    serde_json::from_str(include_str!("coefficients.json"))
        .expect("the bundled coefficients are valid: a unit test reads them")
});

/// The bundled coefficients.
pub fn coefficients() -> &'static Coefficients {
    &COEFFICIENTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trained_physics_has_three_overheads_and_eleven_step_coefficients() {
        let trained = &coefficients().trained_physics;
        assert_eq!(trained.alpha_coeffs, [15_563.199_579, 777.3455, 45.907_545]);
        assert_eq!(trained.beta_coeffs.len(), 11);
    }

    #[test]
    fn roofline_has_no_overheads() {
        assert_eq!(coefficients().roofline.alpha_coeffs, [0.0; 3]);
    }
}
