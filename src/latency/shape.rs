//! The facts of model and GPU as the step-time formulas read them (latency chapter, L-3).

use crate::catalog::{Gpu, Model};

/// Symbols of L-3 as doubles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// L.
    pub layers: f64,
    /// L_m: layers with routed experts.
    pub moe_layers: f64,
    /// L_d: layers without.
    pub dense_layers: f64,
    /// d.
    pub width: f64,
    /// H.
    pub heads: f64,
    /// K.
    pub kv_heads: f64,
    /// N.
    pub experts: f64,
    /// k.
    pub experts_per_token: f64,
    /// f_m.
    pub expert_width: f64,
    /// f_d.
    pub dense_width: f64,
    /// f_s.
    pub shared_width: f64,
    /// b_a.
    pub activation_bytes: f64,
    /// b_w.
    pub weight_bytes: f64,
    /// P: peak rate in 10¹² FLOP/s.
    pub peak_tflops: f64,
    /// bw: bandwidth in 10¹² bytes/s.
    pub bandwidth: f64,
    /// t.
    pub tp: f64,
}

impl Shape {
    /// `ffn_width` is f as the latency model sees it.
    pub fn new(model: &Model, gpu: &Gpu, tp: u32, ffn_width: i64) -> Self {
        let or_ffn = |width: i64| if width > 0 { width as f64 } else { ffn_width as f64 };
        Self {
            layers: model.num_hidden_layers as f64,
            moe_layers: model.moe_layers() as f64,
            dense_layers: model.dense_layers() as f64,
            width: model.hidden_size as f64,
            heads: model.num_attention_heads as f64,
            kv_heads: model.kv_heads() as f64,
            experts: model.num_local_experts as f64,
            experts_per_token: model.num_experts_per_tok as f64,
            expert_width: or_ffn(model.moe_intermediate_size),
            dense_width: or_ffn(model.intermediate_size_mlp),
            shared_width: model.shared_expert_intermediate_size as f64,
            activation_bytes: model.bytes_per_param,
            weight_bytes: model.weight_bytes(),
            peak_tflops: peak_tflops(model, gpu),
            bandwidth: gpu.bandwidth_tb_per_second,
            tp: f64::from(tp),
        }
    }
}

/// Weights of exactly one byte run at the 8-bit rate where the GPU has one.
fn peak_tflops(model: &Model, gpu: &Gpu) -> f64 {
    if model.weight_bytes() == 1.0 && gpu.fp8_tflops > 0.0 { gpu.fp8_tflops } else { gpu.peak_tflops }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{find_gpu, find_model};

    fn peak(model: &str, gpu: &str) -> f64 {
        peak_tflops(find_model(model).expect("bundled"), find_gpu(gpu).expect("bundled"))
    }

    #[test]
    fn eight_bit_weights_run_at_the_eight_bit_rate_where_there_is_one() {
        let scout = "llama-4-scout-17b-16e-instruct-fp8-dynamic";
        assert_eq!(
            (peak(scout, "H100"), peak(scout, "L40S"), peak(scout, "A100-80")),
            (1979.0, 1466.0, 312.0)
        );
        assert_eq!(peak("qwen3-14b", "H100"), 989.5);
    }

    #[test]
    fn half_byte_weights_run_at_the_sixteen_bit_rate() {
        let mut model = find_model("qwen3-14b").expect("bundled").clone();
        model.weight_bytes_per_param = 0.5;
        assert_eq!(peak_tflops(&model, find_gpu("H100").expect("bundled")), 989.5);
    }
}
