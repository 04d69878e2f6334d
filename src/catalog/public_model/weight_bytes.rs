//! Bytes of a quantised weight, from a public configuration or a name (latency chapter, L-8.1).

use crate::order;
use serde_json::Value;

/// Bytes of a weight if the file or, failing that, the name mentions quantisation.
pub(super) fn weight_bytes(name: &str, quantization: Option<&Value>) -> Option<f64> {
    quantization.and_then(from_quantization_config).or_else(|| from_name(name))
}

fn from_quantization_config(config: &Value) -> Option<f64> {
    if let Some(bits) = config.get("bits").and_then(bit_count) {
        return Some(bits / 8.0);
    }
    let method = config.get("quant_method")?.as_str()?;
    if method.eq_ignore_ascii_case("fp8") {
        return Some(1.0);
    }
    (method == "compressed-tensors").then(|| from_groups(config.get("config_groups")?)).flatten()
}

/// A positive number, or text that holds a positive integer.
fn bit_count(value: &Value) -> Option<f64> {
    let bits = match value {
        Value::String(text) => text.parse::<i64>().ok()? as f64,
        other => other.as_f64()?,
    };
    (bits > 0.0).then_some(bits)
}

fn from_groups(groups: &Value) -> Option<f64> {
    let mut groups: Vec<_> = groups.as_object()?.iter().collect();
    order::sort_by(&mut groups, |(left, _), (right, _)| left.cmp(right));
    let bits = groups
        .iter()
        .filter_map(|(_, group)| group.get("weights")?.get("num_bits")?.as_f64())
        .find(|bits| *bits > 0.0)?;
    Some(bits / 8.0)
}

/// `...-w4a16` gives half a byte, `...-fp8-...` one; the parts are bounded by `.`, `-`, `_`, on the left also by `/`.
fn from_name(name: &str) -> Option<f64> {
    let lower = name.to_ascii_lowercase();
    let parts = || bounded_parts(&lower);
    parts()
        .find_map(weight_bits)
        .map(|bits| bits / 8.0)
        .or_else(|| parts().any(|part| part == "fp8").then_some(1.0))
}

/// The parts between separators that may end a mark; one that is followed by `/` may not.
fn bounded_parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['.', '-', '_']).filter_map(|part| part.rsplit('/').next())
}

/// X of `wXaY`, two runs of digits.
fn weight_bits(part: &str) -> Option<f64> {
    let (weights, activations) = part.strip_prefix('w')?.split_once('a')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let bits: f64 = (digits(weights) && digits(activations)).then(|| weights.parse().ok())??;
    (bits > 0.0 && bits.is_finite()).then_some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_configuration_speaks_before_the_name() {
        assert_eq!(weight_bytes("x-fp8", Some(&json!({"bits": 4}))), Some(0.5));
        assert_eq!(weight_bytes("x-fp8", Some(&json!({"quant_method": "awq"}))), Some(1.0));
    }

    #[test]
    fn bits_may_be_a_number_or_text_holding_an_integer() {
        assert_eq!(weight_bytes("x", Some(&json!({"bits": "3"}))), Some(0.375));
        assert_eq!(weight_bytes("x", Some(&json!({"bits": "three"}))), None);
        assert_eq!(weight_bytes("x", Some(&json!({"bits": 0, "quant_method": "FP8"}))), Some(1.0));
    }

    #[test]
    fn compressed_tensors_take_the_first_group_with_a_positive_width() {
        let config = json!({"quant_method": "compressed-tensors", "config_groups": {
            "group_2": {"weights": {"num_bits": 8}},
            "group_1": {"weights": {"num_bits": 4}},
            "group_0": {"weights": {"num_bits": 0}}}});
        assert_eq!(weight_bytes("x", Some(&config)), Some(0.5));
    }

    #[test]
    fn a_name_tells_the_width_between_separators_in_any_case() {
        for (name, expected) in [
            ("org/llama-quantized.w4a16", Some(0.5)),
            ("org/Llama_W8A8-x", Some(1.0)),
            ("w4a16/llama", None),
            ("org/w4a16", Some(0.5)),
            ("a/b-w4a16/c", None),
            ("org/phi-4-FP8-dynamic", Some(1.0)),
            ("org/phifp8", None),
            ("org/phi-w4a16x", None),
            ("org/phi-wa16", None),
            ("fp8", Some(1.0)),
            ("", None),
        ] {
            assert_eq!(weight_bytes(name, None), expected, "{name}");
        }
    }

    #[test]
    fn odd_shapes_count_as_nothing() {
        for config in
            [json!(null), json!(3), json!([]), json!({"quant_method": 8}), json!({"config_groups": {}})]
        {
            assert_eq!(weight_bytes("x", Some(&config)), None);
        }
    }
}
