//! Parameters that makers published, to hold counts against (models chapter, G-4).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a maker says of the size of a model, rounded as it says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Published {
    /// All parameters, in billions.
    pub total_billion: f64,
    /// Parameters that a token uses, in billions; `null` for dense models.
    pub active_billion: Option<f64>,
}

static PUBLISHED: LazyLock<BTreeMap<String, Published>> = LazyLock::new(|| {
    let counts: BTreeMap<String, Vec<f64>> = serde_json::from_str(include_str!("published.json"))
        .expect("the table of published counts is valid: a unit test reads it");
    let entry = |(name, counts): (String, Vec<f64>)| {
        (name, Published { total_billion: counts[0], active_billion: counts.get(1).copied() })
    };
    counts.into_iter().map(entry).collect()
});

/// What the maker says of a model, by its name without the organisation, in any case of letters. Models that differ only in
/// the number format or in fine-tuning have one entry, under the beginning of their names.
pub fn published(name: &str) -> Option<&'static Published> {
    let lower = name.to_lowercase();
    let key = lower.rsplit('/').next().unwrap_or(&lower);
    let begins = |entry: &str| {
        key.strip_prefix(entry).is_some_and(|rest| {
            // Another number in the name is another model.
            rest.is_empty() || (rest.starts_with('-') && rest[1..].split('-').all(is_variant))
        })
    };
    let longest = PUBLISHED.iter().filter(|(entry, _)| begins(entry)).max_by_key(|(entry, _)| entry.len());
    longest.map(|(_, published)| published)
}

/// Whether a part of a name says how a model was trained further or stored, not how large it is.
fn is_variant(part: &str) -> bool {
    const WORDS: [&str; 29] = [
        "instruct",
        "it",
        "base",
        "chat",
        "thinking",
        "fp8",
        "nvfp4",
        "fp4",
        "bf16",
        "awq",
        "gptq",
        "int4",
        "int8",
        "mxfp4",
        "4bit",
        "8bit",
        "dynamic",
        "static",
        "pertensor",
        "quantized.w4a16",
        "quantized.w8a8",
        "2507",
        "2512",
        "0528",
        "0324",
        "0905",
        "hf",
        "8k",
        "turbo",
    ];
    WORDS.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_a_model_have_its_counts_and_others_do_not() {
        let total = |name: &str| published(name).map(|it| it.total_billion);
        assert_eq!(total("Qwen/Qwen3-32B"), Some(32.8));
        assert_eq!(total("Qwen/Qwen3-32B-FP8-Static-PerTensor"), Some(32.8));
        assert_eq!(total("me/qwen3-32b-awq"), Some(32.8));
        assert_eq!(total("Qwen/Qwen3-32B-A3B"), None);
        assert_eq!(total("zai-org/GLM-4.5-Air"), Some(106.0));
        assert_eq!(published("nvidia/DeepSeek-V3.1-NVFP4").and_then(|it| it.active_billion), Some(37.0));
        assert!(PUBLISHED.len() > 50);
        assert!(PUBLISHED.keys().all(|key| *key == key.to_lowercase()));
    }
}
