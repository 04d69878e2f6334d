//! Models and GPUs from the user's own files.

use crate::failure::Failure;
use crate::files::in_file;
use crate::invocation::Invocation;
use crate::model_files;
use crate::sources::Sources;
use blis_playground::catalog::{find_model, parse_gpu_table};
use blis_playground::latency::setup::CustomCatalog;

/// Model and GPU figures from the user's own files; refuses expert parallelism for a dense model.
pub fn custom_catalog(invocation: &Invocation, sources: &Sources) -> Result<CustomCatalog, Failure> {
    let mut custom = CustomCatalog::default();
    if let Some(path) = &invocation.hardware_config {
        const FLAG: &str = "--hardware-config";
        let table = parse_gpu_table(&sources.text(FLAG, path)?);
        custom.gpus = Some(table.map_err(|error| in_file(FLAG, path, &error))?);
    }
    if let Some(folder) = &invocation.model_config_folder {
        let name = &invocation.config.model.name;
        custom.model = Some(model_files::served("--model-config-folder", name, folder, sources)?);
    }
    if invocation.expert_parallel {
        let bundled = || find_model(&invocation.config.model.name).cloned();
        let model = custom.model.clone().map_or_else(bundled, Ok)?;
        if !model.is_moe() {
            let rule = "--enable-expert-parallel needs a mixture-of-experts model";
            return Err(Failure::Flag(format!("{rule}, got {}", invocation.config.model.name)));
        }
    }
    Ok(custom)
}
