//! The longest sequence of a request (kv-capacity chapter, K-6).

use super::counting::Counting;
use crate::catalog::{Model, RopeScaling};
use crate::units::Blocks;

/// Kinds of scaling whose declared length is already the scaled one.
const ALREADY_SCALED: [&str; 3] = ["su", "longrope", "llama3"];

/// 2⁶³: lengths from here on are not representable, and are not scaled.
const TOO_LONG: f64 = 9_223_372_036_854_775_808.0;

/// The longest sequence that a model declares, scaled as declared; 0 = unlimited.
pub fn derived_max_model_len(model: &Model) -> i64 {
    let declared = model.max_position_embeddings.max(0);
    match &model.rope_scaling {
        Some(scaling) if declared > 0 && is_scaled(model, scaling) => scaled(declared, scaling),
        _ => declared,
    }
}

fn is_scaled(model: &Model, scaling: &RopeScaling) -> bool {
    !model.model_type.contains("gemma3")
        && !ALREADY_SCALED.contains(&scaling.kind.as_str())
        && scaling.factor > 1.0
}

fn scaled(declared: i64, scaling: &RopeScaling) -> i64 {
    let original = scaling.original_max_position_embeddings;
    let base = if scaling.kind == "yarn" && original >= 1.0 { original.trunc() } else { declared as f64 };
    let product = base * scaling.factor;
    if base >= TOO_LONG || product >= TOO_LONG { declared } else { product as i64 }
}

/// The longest sequence that a model declares, as its layers are counted: by kind, what its description says goes first.
pub(super) fn declared_max_model_len(model: &Model, counting: Counting) -> i64 {
    let described = match counting {
        Counting::AsReference => 0,
        Counting::ByKind => model.architecture.as_ref().map_or(0, |architecture| architecture.max_length),
    };
    if described > 0 { i64::from(described) } else { derived_max_model_len(model) }
}

/// Shortens the longest sequence to what the blocks hold. Returns it with a warning if it was shortened.
pub fn cap_max_model_len(max_model_len: i64, blocks: Blocks, block_size: u32) -> (i64, Option<String>) {
    let capacity = i64::from(blocks).saturating_mul(i64::from(block_size));
    // ceil(M / bs) > blocks is M > blocks · bs.
    if max_model_len <= capacity {
        return (max_model_len, None);
    }
    let warning = format!(
        "a sequence can have at most {capacity} tokens, as many as the KV cache of an instance holds ({blocks} blocks \
         of {block_size}); the model's limit is {max_model_len}"
    );
    (capacity, Some(warning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::find_model;

    fn derived(model: &str) -> i64 {
        derived_max_model_len(find_model(model).expect("bundled"))
    }

    fn with_rope(kind: &str, factor: f64, original: f64) -> Model {
        let rope = RopeScaling { kind: kind.to_owned(), factor, original_max_position_embeddings: original };
        Model { max_position_embeddings: 1000, rope_scaling: Some(rope), ..Model::default() }
    }

    #[test]
    fn worked_examples_of_k6() {
        assert_eq!(derived("qwen3-14b"), 40_960);
        assert_eq!(derived("deepseek-v2-lite"), 163_840);
        assert_eq!(derived("llama-3.1-70b-instruct"), 131_072);
        assert_eq!(derived("llama-4-scout-17b-16e-instruct-fp8-dynamic"), 10_485_760);
    }

    #[test]
    fn llama_70b_on_two_h100_is_capped_by_its_blocks() {
        let (capped, warning) = cap_max_model_len(131_072, 2_409, 16);
        assert_eq!(capped, 38_544);
        assert!(warning.expect("capped").contains("38544"));
    }

    #[test]
    fn a_length_that_just_fits_is_kept() {
        assert_eq!(cap_max_model_len(32, 2, 16), (32, None));
        assert_eq!(cap_max_model_len(33, 2, 16).0, 32);
        assert_eq!(cap_max_model_len(0, 2, 16), (0, None));
    }

    #[test]
    fn a_missing_length_is_unlimited_even_with_scaling() {
        for declared in [0, -5] {
            let model = Model { max_position_embeddings: declared, ..with_rope("yarn", 4.0, 100.0) };
            assert_eq!(derived_max_model_len(&model), 0);
        }
    }

    #[test]
    fn only_yarn_starts_from_the_original_length() {
        assert_eq!(derived_max_model_len(&with_rope("yarn", 4.0, 100.0)), 400);
        assert_eq!(derived_max_model_len(&with_rope("yarn", 4.0, 0.0)), 4000);
        assert_eq!(derived_max_model_len(&with_rope("linear", 4.0, 100.0)), 4000);
        assert_eq!(derived_max_model_len(&with_rope("", 1.5, 100.0)), 1500);
    }

    #[test]
    fn some_kinds_and_factors_up_to_one_do_not_scale() {
        for kind in ALREADY_SCALED {
            assert_eq!(derived_max_model_len(&with_rope(kind, 4.0, 100.0)), 1000);
        }
        assert_eq!(derived_max_model_len(&with_rope("linear", 1.0, 100.0)), 1000);
        let gemma = Model { model_type: "gemma3_text".to_owned(), ..with_rope("linear", 4.0, 0.0) };
        assert_eq!(derived_max_model_len(&gemma), 1000);
    }

    #[test]
    fn lengths_that_do_not_fit_an_integer_are_not_scaled() {
        assert_eq!(derived_max_model_len(&with_rope("linear", 1e300, 0.0)), 1000);
        assert_eq!(derived_max_model_len(&with_rope("yarn", 2.0, 1e19)), 1000);
    }
}
