//! Which names have a default GPU and TP (latency chapter, L-8).

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

/// All names with a default GPU and TP.
pub fn catalogue() -> &'static [CatalogueEntry] {
    &CATALOGUE
}

/// The entry of this name in any case, or of this short key of a bundled model.
pub fn catalogue_entry(name: &str) -> Option<&'static CatalogueEntry> {
    let lower = name.to_lowercase();
    catalogue().iter().find(|entry| entry.name == lower || entry.bundled.as_ref() == Some(&lower))
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
    fn names_that_are_not_listed_have_no_defaults() {
        for name in ["01-ai/yi-34b", "mirror/qwen3-14b", ""] {
            assert_eq!(catalogue_entry(name), None);
        }
    }
}
