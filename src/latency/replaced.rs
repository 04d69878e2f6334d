//! Warnings where settings or files make model or GPU other than their names say (latency chapter, L-8).
//!
//! What one tunes on a real server is left alone: the memory fraction and the block size, a lower length limit. A value
//! that equals what it would replace is no replacement.

use super::by_kind::capacity::capacity_by_kind;
use super::counting::Counting;
use super::kv_capacity::{MemoryBudget, kv_capacity};
use super::max_model_len::declared_max_model_len;
use super::measured;
use super::setup::CustomCatalog;
use crate::catalog::{self, Gpu, LatencyCoefficients, Model};
use crate::config::{MeasuredLatency, MemorySettings};
use crate::units::Blocks;

/// What a run is set up with, after everything has been resolved.
pub(super) struct Resolved<'a> {
    pub model: &'a Model,
    pub gpu: &'a Gpu,
    pub budget: &'a MemoryBudget,
    /// In use, and the ones bundled with the latency model.
    pub coefficients: [&'a LatencyCoefficients; 2],
    /// Where they were measured.
    pub measured: Option<&'a MeasuredLatency>,
    /// How layers are counted.
    pub counting: Counting,
}

/// One sentence, without a dot, for everything that is not as the names of model and GPU promise.
pub(super) fn warnings(
    resolved: &Resolved<'_>,
    memory: &MemorySettings,
    custom: &CustomCatalog,
) -> Vec<String> {
    let Resolved { model, coefficients, measured, .. } = resolved;
    [
        measured.map_or_else(|| coefficients_replaced(coefficients), |given| Some(measured::warning(given))),
        model_replaced(model, custom),
        gpu_replaced(resolved.gpu),
        memory.total_kv_blocks.and_then(|given| blocks_replaced(resolved, memory, given)),
        memory.max_model_len.and_then(|given| length_replaced(resolved, given)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn coefficients_replaced([used, bundled]: &[&LatencyCoefficients; 2]) -> Option<String> {
    let overhead = used.alpha_coeffs != bundled.alpha_coeffs;
    let step = used.beta_coeffs != bundled.beta_coeffs;
    let which = match (overhead, step) {
        (false, false) => return None,
        (true, false) => "overhead coefficients",
        (false, true) => "step-time coefficients",
        (true, true) => "overhead and step-time coefficients",
    };
    Some(format!("{which} were replaced: times are not those of the model"))
}

/// A model of a file under the name of a bundled one.
fn model_replaced(model: &Model, custom: &CustomCatalog) -> Option<String> {
    custom.model.as_ref()?;
    let bundled = catalog::find_model(&model.name).ok()?;
    // What describes the entry of the table, not the model.
    let alike = Model {
        key: model.key.clone(),
        title: model.title.clone(),
        name: model.name.clone(),
        hf_id: model.hf_id.clone(),
        parameters: model.parameters,
        tp_trained_physics: model.tp_trained_physics.clone(),
        tp_roofline: model.tp_roofline.clone(),
        default_hardware: model.default_hardware.clone(),
        default_tp: model.default_tp,
        architecture: model.architecture.clone(),
        ..bundled.clone()
    };
    let other = alike != *model;
    other.then(|| format!("the figures of {} were replaced by others from a file", bundled.name))
}

/// A GPU of a file or of the settings under the name of a bundled one.
fn gpu_replaced(gpu: &Gpu) -> Option<String> {
    let bundled = catalog::find_gpu(&gpu.name).ok()?;
    let figures = [
        ("TFlopsPeak", gpu.peak_tflops, bundled.peak_tflops),
        ("TFlopsFP8", gpu.fp8_tflops, bundled.fp8_tflops),
        ("BwPeakTBs", gpu.bandwidth_tb_per_second, bundled.bandwidth_tb_per_second),
        ("mfuPrefill", gpu.mfu_prefill, bundled.mfu_prefill),
        ("mfuDecode", gpu.mfu_decode, bundled.mfu_decode),
        ("MemoryGiB", gpu.memory_gib, bundled.memory_gib),
    ];
    let other: Vec<String> = figures
        .iter()
        .filter(|(_, given, known)| given != known)
        .map(|(name, given, known)| format!("{name} {given} instead of {known}"))
        .collect();
    let words = || format!("the figures of the GPU {} were replaced: {}", gpu.name, other.join(", "));
    (!other.is_empty()).then(words)
}

/// Blocks that model and GPU do not leave free, or more than that.
fn blocks_replaced(resolved: &Resolved<'_>, memory: &MemorySettings, given: Blocks) -> Option<String> {
    let Resolved { model, gpu, budget, counting, .. } = resolved;
    let computed = match counting {
        // There is no count to replace (K-1, rule 3).
        _ if budget.memory_gib <= 0.0 => return None,
        Counting::AsReference if model.expert_count_is_missing() => return None,
        Counting::AsReference => kv_capacity(model, budget).map(|capacity| capacity.blocks),
        Counting::ByKind => capacity_by_kind(model, memory, budget).map(|capacity| capacity.blocks),
    };
    match computed {
        Ok(blocks) if blocks == given => None,
        Ok(blocks) => Some(format!(
            "KV blocks were replaced: {given} instead of the {blocks} that the model leaves free"
        )),
        Err(_) => Some(format!(
            "KV blocks were replaced: {given}, although the model leaves none free on {} × {}",
            budget.tp, gpu.name
        )),
    }
}

/// A limit above the one that the model declares.
fn length_replaced(resolved: &Resolved<'_>, given: u32) -> Option<String> {
    let declared = declared_max_model_len(resolved.model, resolved.counting);
    match given {
        _ if declared == 0 => None,
        0 => Some(format!(
            "the longest request was replaced: no limit instead of the model's {declared} tokens"
        )),
        given if i64::from(given) > declared => Some(format!(
            "the longest request was replaced: {given} instead of the model's {declared} tokens"
        )),
        _ => None,
    }
}
