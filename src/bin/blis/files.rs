//! Models, GPUs and recordings from files, as the library wants them.

use crate::failure::Failure;
use crate::plan::{Plan, in_file, read};
use blis_playground::ConfigError;
use blis_playground::catalog::public_model::from_config_json;
use blis_playground::catalog::{find_model, parse_gpu_table};
use blis_playground::latency::check;
use blis_playground::latency::setup::CustomCatalog;
use std::path::Path;

/// How a recording compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Values compared.
    pub compared: usize,
    /// Place, expected and computed value of each difference, as text.
    pub differences: Vec<String>,
}

impl Comparison {
    /// Whether everything agreed, and there was something to agree on.
    pub fn agrees(&self) -> bool {
        self.compared > 0 && self.differences.is_empty()
    }
}

impl From<check::Report> for Comparison {
    fn from(report: check::Report) -> Self {
        let differences = report.differences.iter().map(ToString::to_string).collect();
        Self { compared: report.compared, differences }
    }
}

/// Compares recorded step times.
pub fn check_step_times(text: &str) -> Result<Comparison, ConfigError> {
    check::check_step_times(text).map(Comparison::from)
}

/// Compares recorded block counts and maximum lengths.
pub fn check_kv_capacity(text: &str) -> Result<Comparison, ConfigError> {
    check::check_kv_capacity(text).map(Comparison::from)
}

/// Model and GPU figures from the user's own files; refuses expert parallelism for a dense model.
pub fn custom_catalog(plan: &Plan) -> Result<CustomCatalog, Failure> {
    let mut custom = CustomCatalog::default();
    if let Some(path) = &plan.hardware_config {
        const FLAG: &str = "--hardware-config";
        let table = parse_gpu_table(&read(FLAG, path)?);
        custom.gpus = Some(table.map_err(|error| in_file(FLAG, path, &error))?);
    }
    if let Some(folder) = &plan.model_config_folder {
        custom.model = Some(custom_model(&plan.config.model.name, &folder.join("config.json"))?);
    }
    if plan.expert_parallel {
        let bundled = || find_model(&plan.config.model.name).cloned();
        let model = custom.model.clone().map_or_else(bundled, Ok)?;
        if !model.is_moe() {
            let rule = "--enable-expert-parallel needs a mixture-of-experts model";
            return Err(Failure::Flag(format!("{rule}, got {}", plan.config.model.name)));
        }
    }
    Ok(custom)
}

fn custom_model(name: &str, path: &Path) -> Result<blis_playground::catalog::Model, Failure> {
    const FLAG: &str = "--model-config-folder";
    let text = read(FLAG, path)?;
    let malformed = |error: serde_json::Error| Failure::File {
        flag: FLAG,
        path: path.to_owned(),
        message: error.to_string(),
    };
    let json = serde_json::from_str(&text).map_err(malformed)?;
    from_config_json(name, &json).map_err(|error| in_file(FLAG, path, &error))
}
