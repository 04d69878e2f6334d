//! Bundled models, GPUs and coefficients, and reading the same facts from a user's own files.
//!
//! The tables are compiled in and parsed once, on first use.

mod coefficients;
mod current;
mod defaults;
mod derived;
mod gpu;
mod named;
pub mod public_model;
mod published;

pub use coefficients::{Coefficients, KvCapacityConstants, LatencyCoefficients, coefficients};
pub use current::{current_models, search_models};
pub use defaults::{CatalogueEntry, catalogue, catalogue_entry};
pub use derived::derived_architecture;
pub use gpu::{GPUS_OF_THE_REFERENCE, find_gpu, find_gpu_in, gpus, parse_gpu_table};
pub use published::{Published, published};

pub use crate::config::{Gpu, Model, RopeScaling};

use crate::error::ConfigError;
use named::{Named, in_file_order};
use serde::Deserialize;
use std::sync::LazyLock;

impl Named for Model {
    fn key(&self) -> &str {
        &self.key
    }

    fn set_key(&mut self, key: String) {
        self.key = key;
    }
}

#[derive(Deserialize)]
struct ModelTable {
    #[serde(deserialize_with = "in_file_order")]
    models: Vec<Model>,
}

static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let table: ModelTable = serde_json::from_str(include_str!("models.json"))
        .expect("the bundled model table is valid: a unit test reads it");
    table.models
});

/// The models of the reference whose architecture is bundled, in the order of the table.
pub fn models() -> impl Iterator<Item = &'static Model> {
    MODELS.iter()
}

/// The bundled model with this name, in any case (latency chapter, L-8).
///
/// `Qwen/Qwen3-14B` finds the table entry called like the part after the first `/`; the short key
/// `qwen3-14b` finds it too.
///
/// # Errors
///
/// At `model.name`, with the bundled names, if the architecture of this model is not bundled.
pub fn find_model(name: &str) -> Result<&'static Model, ConfigError> {
    let lower = name.to_lowercase();
    let key = lower.split_once('/').map_or(lower.as_str(), |(_, rest)| rest);
    models().chain(current_models()).find(|model| model.key == key).ok_or_else(|| not_bundled(name))
}

fn not_bundled(name: &str) -> ConfigError {
    let bundled = models().map(|model| model.name.as_str()).collect::<Vec<_>>().join(", ");
    let expected = match catalogue_entry(name) {
        Some(entry) => format!(
            "a model whose architecture is bundled; this one has default hardware ({} with TP {}) but its \
             architecture is not bundled: give its config.json, or choose one of {bundled}",
            entry.hardware, entry.tp
        ),
        None => format!(
            "one of {bundled}, one of {} others (`blis model` lists them), or the model's own config.json",
            current_models().count()
        ),
    };
    ConfigError::invalid("model.name", format!("`{name}`"), expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_gpus_and_catalogue_entries_are_bundled() {
        assert_eq!(models().count(), 13);
        let names: Vec<&str> = gpus().iter().map(|gpu| gpu.name.as_str()).collect();
        assert_eq!(names[..4], ["H100", "A100-SXM", "A100-80", "L40S"], "those of the reference come first");
        assert_eq!(names.len(), 25);
        assert_eq!(catalogue().len(), 30);
    }

    #[test]
    fn a_model_is_found_by_any_spelling_of_its_name() {
        for name in ["Qwen/Qwen3-14B", "qwen/qwen3-14b", "qwen3-14b", "QWEN3-14B", "mirror/qwen3-14b"] {
            assert_eq!(find_model(name).expect(name).key, "qwen3-14b");
        }
    }

    #[test]
    fn every_model_is_found_by_its_key_its_name_and_its_hub_id() {
        for model in models() {
            for name in [&model.key, &model.name, &model.hf_id] {
                assert_eq!(find_model(name).expect(name).key, model.key);
            }
        }
    }

    #[test]
    fn an_unbundled_catalogue_name_says_what_is_missing_and_what_is_there() {
        let error = find_model("ibm-granite/granite-3.1-8b-instruct").expect_err("not bundled");
        assert_eq!(error.path(), "model.name");
        let message = error.to_string();
        for part in [
            "`ibm-granite/granite-3.1-8b-instruct`",
            "H100 with TP 1",
            "architecture is not bundled",
            "qwen/qwen3-14b",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn an_unknown_name_lists_the_bundled_models() {
        for name in ["", "/", "gpt-5", "qwen/"] {
            let error = find_model(name).expect_err(name);
            assert_eq!(error.path(), "model.name");
            assert!(error.expected().contains("01-ai/yi-34b"));
        }
    }

    #[test]
    fn the_catalogue_agrees_with_the_model_table() {
        for entry in catalogue() {
            find_gpu(&entry.hardware).expect("catalogue names known GPUs");
            if let Some(key) = &entry.bundled {
                let model = find_model(&entry.name).expect("marked as bundled");
                assert_eq!(&model.key, key);
                assert_eq!(model.default_hardware.as_ref(), Some(&entry.hardware));
                assert_eq!(model.default_tp, Some(entry.tp));
            } else {
                // The reference has no architecture of it; we may have.
                assert!(
                    models().all(|model| model.name != entry.name),
                    "{} is marked as not bundled",
                    entry.name
                );
            }
        }
    }
}
