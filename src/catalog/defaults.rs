//! Which names have a default GPU and TP (latency chapter, L-8).

use crate::config::Model;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A model name with its default GPU and TP. Most of these models have no bundled architecture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueEntry {
    /// The name to give as the model, in lower case.
    pub name: String,
    /// The model's id on the public hub, where known.
    pub hf_id: Option<String>,
    /// Default GPU.
    pub hardware: String,
    /// Default number of GPUs per instance.
    pub tp: u32,
    /// Key of the bundled model, if its architecture is bundled.
    pub bundled: Option<String>,
}

#[derive(Deserialize)]
struct CatalogueTable {
    catalogue: Vec<CatalogueEntry>,
}

static CATALOGUE: LazyLock<Vec<CatalogueEntry>> = LazyLock::new(|| {
    let table: CatalogueTable = serde_json::from_str(include_str!("catalogue.json"))
        .expect("the bundled catalogue is valid: a unit test reads it");
    table.catalogue
});

/// The current models that the reference does not have, with the smallest number of GPUs that holds them (models chapter,
/// G-9).
static CURRENT: LazyLock<Vec<CatalogueEntry>> = LazyLock::new(|| {
    let entry = |model: &Model| {
        Some(CatalogueEntry {
            name: model.name.clone(),
            hf_id: Some(model.hf_id.clone()),
            hardware: model.default_hardware.clone()?,
            tp: model.default_tp?,
            bundled: Some(model.key.clone()),
        })
    };
    super::current_models().filter_map(entry).collect()
});

/// The names to which the reference gives a default GPU and TP.
pub fn catalogue() -> &'static [CatalogueEntry] {
    &CATALOGUE
}

/// The entry of this name in any case, or of this short key of a bundled model: the reference's before ours.
pub fn catalogue_entry(name: &str) -> Option<&'static CatalogueEntry> {
    let lower = name.to_lowercase();
    let named = |entry: &&CatalogueEntry| entry.name == lower || entry.bundled.as_ref() == Some(&lower);
    catalogue().iter().find(named).or_else(|| CURRENT.iter().find(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qwen3_14b_runs_on_one_h100_by_default() {
        for name in ["qwen/qwen3-14b", "Qwen/Qwen3-14B", "qwen3-14b"] {
            let entry = catalogue_entry(name).expect(name);
            assert_eq!((entry.hardware.as_str(), entry.tp), ("H100", 1));
        }
    }

    #[test]
    fn current_models_have_the_defaults_of_the_reference_or_ours() {
        let place = |name: &str| catalogue_entry(name).map(|entry| (entry.hardware.as_str(), entry.tp));
        assert_eq!(place("openai/gpt-oss-120b"), Some(("H100", 4)));
        assert_eq!(place("gpt-oss-120b"), Some(("H100", 4)));
        assert_eq!(place("deepseek-ai/DeepSeek-V3"), Some(("B200", 4)));
    }

    #[test]
    fn names_that_are_not_listed_have_no_defaults() {
        for name in ["01-ai/yi-34b", "mirror/qwen3-14b", ""] {
            assert_eq!(catalogue_entry(name), None);
        }
    }
}
