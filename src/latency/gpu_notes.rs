//! What a reader should know about the GPU of a run (models chapter, G-9).

use super::setup::CustomCatalog;
use crate::catalog::{self, Gpu, Model};
use crate::config::ModelSettings;

/// One sentence, without a dot, for each remark.
pub(super) fn notes(
    settings: &ModelSettings,
    model: &Model,
    gpu: &Gpu,
    custom: &CustomCatalog,
) -> impl Iterator<Item = String> {
    [not_in_blis(settings, gpu, custom), rate_with_sparsity(model, gpu)].into_iter().flatten()
}

fn not_in_blis(settings: &ModelSettings, gpu: &Gpu, custom: &CustomCatalog) -> Option<String> {
    let name = &gpu.name;
    if settings.own_gpus.iter().flat_map(|own| &own.0).any(|own| own.name == *name) {
        return Some(format!("{name} is a GPU of your own: not in BLIS"));
    }
    // A table from a file is the reference's own way to bring GPUs.
    if custom.gpus.is_some()
        || !catalog::gpus()[catalog::GPUS_OF_THE_REFERENCE..].iter().any(|known| known.name == *name)
    {
        return None;
    }
    let borrowed =
        if gpu.calibrated { "" } else { "; the shares of the peak rate that it reaches are borrowed" };
    Some(format!("{name} is not in BLIS: its figures are from data sheets{borrowed}"))
}

/// L40S as the reference of August has it, with weights that use the rate in question.
fn rate_with_sparsity(model: &Model, gpu: &Gpu) -> Option<String> {
    let dense = catalog::find_gpu("L40S-dense").ok()?;
    let doubled = gpu.name == "L40S" && gpu.fp8_tflops == 2.0 * dense.fp8_tflops;
    (doubled && model.weight_bytes() == 1.0).then(|| {
        format!(
            "the 8-bit rate of L40S is the one with sparsity, as in BLIS: twice the dense one; {} has that",
            dense.name
        )
    })
}
