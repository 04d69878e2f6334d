//! When a latency model cannot be built (latency chapter, L-7).

use crate::catalog::{Gpu, Model};
use crate::error::ConfigError;

/// Fewest overhead coefficients.
const ALPHAS: usize = 3;
/// Fewest step-time coefficients of trained-physics.
const BETAS: usize = 7;

/// What both models refuse.
pub(super) fn check_common(model: &Model, gpu: &Gpu, tp: u32) -> Result<(), ConfigError> {
    if tp == 0 {
        return Err(ConfigError::invalid("model.tp", tp, "at least 1"));
    }
    check_shape(model)?;
    positive_gpu_figure("TFlopsPeak", gpu.peak_tflops)?;
    positive_gpu_figure("BwPeakTBs", gpu.bandwidth_tb_per_second)?;
    check_chosen_experts(model)
}

/// What both models refuse of a model, on whatever GPU.
pub(super) fn check_model(model: &Model) -> Result<(), ConfigError> {
    check_shape(model)?;
    check_chosen_experts(model)
}

fn check_shape(model: &Model) -> Result<(), ConfigError> {
    positive_count("num_hidden_layers", model.num_hidden_layers)?;
    positive_count("num_attention_heads", model.num_attention_heads)?;
    positive_count("hidden_size", model.hidden_size)?;
    positive_figure("model.config.torch_dtype", model.bytes_per_param, "a type of known width")
}

fn check_chosen_experts(model: &Model) -> Result<(), ConfigError> {
    if model.num_local_experts > 1 {
        positive_count("num_experts_per_tok", model.num_experts_per_tok)?;
    }
    Ok(())
}

/// What trained-physics refuses besides.
pub(super) fn check_trained_physics(model: &Model, tp: u32) -> Result<(), ConfigError> {
    let heads = [("attention heads", model.num_attention_heads), ("KV heads", model.kv_heads())];
    for (what, count) in heads {
        if count % i64::from(tp) != 0 {
            let expected =
                format!("a divisor of the {count} {what} (trained-physics splits them over the GPUs)");
            return Err(ConfigError::invalid("model.tp", tp, expected));
        }
    }
    check_model_of_trained_physics(model)
}

/// What trained-physics refuses of a model besides, with whatever TP.
pub(super) fn check_model_of_trained_physics(model: &Model) -> Result<(), ConfigError> {
    positive_count("intermediate_size", model.intermediate_size)
}

/// What the roofline over layers by kind refuses of GPU and TP.
pub(super) fn check_gpu_of_roofline(gpu: &Gpu, tp: u32) -> Result<(), ConfigError> {
    if tp == 0 {
        return Err(ConfigError::invalid("model.tp", tp, "at least 1"));
    }
    positive_gpu_figure("TFlopsPeak", gpu.peak_tflops)?;
    positive_gpu_figure("BwPeakTBs", gpu.bandwidth_tb_per_second)?;
    positive_gpu_figure("mfuPrefill", gpu.mfu_prefill)?;
    positive_gpu_figure("mfuDecode", gpu.mfu_decode)?;
    not_negative("model.hardware.TFlopsFP8", gpu.fp8_tflops)?;
    not_negative("model.hardware.TFlopsFP4", gpu.fp4_tflops)?;
    not_negative("model.hardware.MemoryGiB", gpu.memory_gib)
}

/// What roofline refuses besides.
pub(super) fn check_roofline(model: &Model, gpu: &Gpu) -> Result<(), ConfigError> {
    positive_gpu_figure("mfuPrefill", gpu.mfu_prefill)?;
    positive_gpu_figure("mfuDecode", gpu.mfu_decode)?;
    check_experts(model)?;
    not_negative("model.hardware.TFlopsFP8", gpu.fp8_tflops)?;
    not_negative("model.hardware.MemoryGiB", gpu.memory_gib)?;
    not_negative("model.config.weight_bytes_per_param", model.weight_bytes_per_param)
}

/// What roofline refuses of a model besides, on whatever GPU.
pub(super) fn check_model_of_roofline(model: &Model) -> Result<(), ConfigError> {
    check_experts(model)?;
    not_negative("model.config.weight_bytes_per_param", model.weight_bytes_per_param)
}

fn check_experts(model: &Model) -> Result<(), ConfigError> {
    let (experts, chosen) = (model.num_local_experts, model.num_experts_per_tok);
    if (experts > 1 && chosen > experts) || (experts == 0 && chosen > 0) {
        return Err(ConfigError::conflict(
            "model.config.num_experts_per_tok",
            chosen,
            format!("num_local_experts = {experts}"),
            "at most the number of experts",
        ));
    }
    for (field, count) in [
        ("num_local_experts", experts),
        ("moe_intermediate_size", model.moe_intermediate_size),
        ("shared_expert_intermediate_size", model.shared_expert_intermediate_size),
    ] {
        if count < 0 {
            return Err(ConfigError::invalid(format!("model.config.{field}"), count, "0 or more"));
        }
    }
    Ok(())
}

/// Overhead coefficients: at least three, none negative.
pub(super) fn check_alphas(alphas: &[f64]) -> Result<(), ConfigError> {
    check_coefficients("model.alpha_coeffs", alphas, ALPHAS)
}

/// Step-time coefficients: at least seven, none negative.
pub(super) fn check_betas(betas: &[f64]) -> Result<(), ConfigError> {
    check_coefficients("model.beta_coeffs", betas, BETAS)
}

fn check_coefficients(path: &str, coefficients: &[f64], fewest: usize) -> Result<(), ConfigError> {
    if coefficients.len() < fewest {
        let expected = format!("at least {fewest} coefficients");
        return Err(ConfigError::invalid(path, format!("{} coefficients", coefficients.len()), expected));
    }
    let mut numbered = coefficients.iter().enumerate();
    numbered.try_for_each(|(index, coefficient)| not_negative(&format!("{path}[{index}]"), *coefficient))
}

fn positive_count(field: &str, count: i64) -> Result<(), ConfigError> {
    if count > 0 {
        Ok(())
    } else {
        Err(ConfigError::invalid(format!("model.config.{field}"), count, "at least 1"))
    }
}

fn positive_gpu_figure(field: &str, figure: f64) -> Result<(), ConfigError> {
    positive_figure(&format!("model.hardware.{field}"), figure, "a positive finite number")
}

fn positive_figure(path: &str, figure: f64, expected: &str) -> Result<(), ConfigError> {
    if figure > 0.0 && figure.is_finite() {
        Ok(())
    } else {
        Err(ConfigError::invalid(path, figure, expected))
    }
}

fn not_negative(path: &str, figure: f64) -> Result<(), ConfigError> {
    if figure >= 0.0 && figure.is_finite() {
        Ok(())
    } else {
        Err(ConfigError::invalid(path, figure, "a finite number, 0 or more"))
    }
}
