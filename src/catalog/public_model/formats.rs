//! Number formats as quantisation tools name them (models chapter, G-5).

use super::keys::Keys;
use crate::config::architecture::{Parts, WeightFormat};
use serde_json::{Map, Value};

type Block<'a> = &'a Map<String, Value>;

fn text<'a>(block: Block<'a>, key: &str) -> Option<&'a str> {
    block.get(key)?.as_str()
}

fn number(block: Block, keys: &[&str]) -> Option<f64> {
    let value = keys.iter().find_map(|key| block.get(*key).filter(|value| !value.is_null()))?;
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// Integers of 4 bits in groups.
fn int4(keys: &Keys, group: Option<f64>) -> WeightFormat {
    match group {
        Some(32.0) => WeightFormat::Int4G32,
        Some(64.0) => WeightFormat::Int4G64,
        Some(128.0) => WeightFormat::Int4G128,
        other => {
            let group =
                other.filter(|it| *it > 0.0).map_or("per channel".to_owned(), |it| format!("per {it}"));
            keys.remark(format_args!("4-bit integers with scales {group} are counted with scales per 128"));
            WeightFormat::Int4G128
        }
    }
}

/// Integers of some width.
pub(super) fn integers(keys: &Keys, bits: f64, group: Option<f64>) -> WeightFormat {
    if bits == 8.0 {
        return WeightFormat::Int8;
    }
    if bits != 4.0 {
        let counted = if bits < 4.0 { 4 } else { 8 };
        keys.remark(format_args!("integers of {bits} bits are counted as {counted}-bit ones"));
    }
    if bits <= 4.0 { int4(keys, group) } else { WeightFormat::Int8 }
}

/// What `quant_algo` names; none for what is not quantised.
pub(super) fn of_algorithm(keys: &Keys, name: &str, group: Option<f64>) -> Option<WeightFormat> {
    let name = name.to_ascii_uppercase();
    let has = |part: &str| name.contains(part);
    if has("W4A16_NVFP4") || has("W4A16_MXFP4") {
        keys.remark("4-bit weights with 16-bit activations: steps at the FP4 rate are too fast");
    }
    Some(if has("NVFP4") {
        WeightFormat::Nvfp4
    } else if has("MXFP4") {
        WeightFormat::Mxfp4
    } else if has("MXFP8") {
        WeightFormat::Mxfp8
    } else if has("FP8_PB") || has("FP8_BLOCK") {
        WeightFormat::Fp8Block128
    } else if has("INT4") || has("W4A16") || has("W4A8_AWQ") {
        int4(keys, group.or(Some(128.0)))
    } else if has("FP8") {
        WeightFormat::Fp8
    } else if has("INT8") || has("W8A8") || has("W8A16") {
        WeightFormat::Int8
    } else {
        if !matches!(name.as_str(), "" | "NONE" | "NO_QUANT" | "W16A16" | "MIXED_PRECISION") {
            unknown(keys, "quant_algo", &name);
        }
        return None;
    })
}

fn unknown(keys: &Keys, key: &str, value: &str) {
    keys.remark(format_args!("the {key} `{value}` is not known: all weights are counted with 16 bits"));
}

/// Whether a block names bits and neither a method nor an algorithm, as MLX writes it.
pub(super) fn has_bits_alone(block: Block) -> bool {
    block.get("bits").is_some_and(Value::is_number)
        && !["quant_method", "quant_algo", "config_groups"].iter().any(|key| block.contains_key(*key))
}

/// Such a block: a scale and an offset of 2 bytes each per group.
fn of_bits(keys: &Keys, block: Block, bits: f64, group: Option<f64>) -> WeightFormat {
    match (text(block, "mode"), bits) {
        (Some("mxfp4"), _) => WeightFormat::Mxfp4,
        (Some("nvfp4"), _) => WeightFormat::Nvfp4,
        (Some("mxfp8"), _) => WeightFormat::Mxfp8,
        // As many bytes as scales alone for half as many.
        (_, 4.0) if group == Some(64.0) => WeightFormat::Int4G32,
        _ => integers(keys, bits, group),
    }
}

/// What `quant_method` and its block name; none for what is not quantised.
pub(super) fn of_method(keys: &Keys, block: Block) -> Option<WeightFormat> {
    let method = text(block, "quant_method").unwrap_or_default().to_ascii_lowercase();
    let group = number(block, &["group_size", "q_group_size"]);
    let bits = number(block, &["bits", "w_bit", "nbits"]);
    if let Some(bits) = bits.filter(|_| has_bits_alone(block)) {
        return Some(of_bits(keys, block, bits, group));
    }
    Some(match method.as_str() {
        "mxfp4" => WeightFormat::Mxfp4,
        "mxfp8" => WeightFormat::Mxfp8,
        "fp8" | "fbgemm_fp8" | "finegrained_fp8" => fp8(keys, block),
        "awq" | "gptq" | "auto-round" | "intel/auto-round" | "auto_round" | "hqq" => {
            integers(keys, bits.unwrap_or(4.0), group)
        }
        "bitsandbytes" => {
            let says = |key: &str| block.get(key).and_then(Value::as_bool) == Some(true);
            if says("load_in_8bit") || says("_load_in_8bit") {
                WeightFormat::Int8
            } else {
                keys.remark("4-bit weights of bitsandbytes are counted with 2 bytes per 64");
                WeightFormat::Int4G64
            }
        }
        "eetq" => WeightFormat::Int8,
        "quanto" => of_word(keys, text(block, "weights").unwrap_or_default(), group)?,
        "quark" => of_quark(keys, block)?,
        // Their groups say it.
        "modelopt" | "modelopt_fp4" | "compressed-tensors" | "compressed_tensors" | "" => return None,
        other => {
            unknown(keys, "quant_method", other);
            return None;
        }
    })
}

fn fp8(keys: &Keys, block: Block) -> WeightFormat {
    let size: Vec<f64> = block
        .get("weight_block_size")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_f64).collect())
        .unwrap_or_default();
    match size.as_slice() {
        [] => WeightFormat::Fp8,
        [1.0, 32.0] => WeightFormat::Mxfp8,
        size => {
            if *size != [128.0, 128.0] {
                keys.remark("FP8 in blocks of another size than 128 × 128 is counted as if of that");
            }
            let small_scales =
                text(block, "scale_fmt").is_some_and(|name| name.eq_ignore_ascii_case("ue8m0"));
            if small_scales { WeightFormat::Fp8Block128Ue8m0 } else { WeightFormat::Fp8Block128 }
        }
    }
}

/// A format by one word, as `fp8_e4m3` or `int4`.
fn of_word(keys: &Keys, word: &str, group: Option<f64>) -> Option<WeightFormat> {
    let word = word.to_ascii_lowercase();
    Some(if word.contains("int8") || word.contains("uint8") {
        WeightFormat::Int8
    } else if word.contains("int4") {
        int4(keys, group)
    } else if word.contains("fp4") {
        if group == Some(16.0) { WeightFormat::Nvfp4 } else { WeightFormat::Mxfp4 }
    } else if word.contains("fp8") || word.contains("float8") {
        if group == Some(32.0) { WeightFormat::Mxfp8 } else { WeightFormat::Fp8 }
    } else {
        unknown(keys, "weight format", &word);
        return None;
    })
}

fn of_quark(keys: &Keys, block: Block) -> Option<WeightFormat> {
    let weight = block.get("global_quant_config")?.get("weight")?;
    // A list of several is one after another: the last is what is stored.
    let weight = weight.as_array().map_or(Some(weight), |list| list.last())?.as_object()?;
    of_word(keys, text(weight, "dtype")?, number(weight, &["group_size"]))
}

/// The weights of one of `config_groups`.
pub(super) fn of_group(keys: &Keys, weights: Block) -> Option<WeightFormat> {
    let bits = number(weights, &["num_bits"])?;
    let group = number(weights, &["group_size"]).filter(|it| *it > 0.0);
    let float = text(weights, "type") == Some("float");
    let blocks = weights.get("block_structure").is_some_and(Value::is_array)
        || text(weights, "strategy") == Some("block");
    Some(match (float, bits) {
        (true, 8.0) if blocks => WeightFormat::Fp8Block128,
        (true, 8.0) if group == Some(32.0) => WeightFormat::Mxfp8,
        (true, 8.0) => WeightFormat::Fp8,
        (true, 4.0) if group == Some(32.0) => WeightFormat::Mxfp4,
        (true, 4.0) => WeightFormat::Nvfp4,
        (true, 16.0) => return None,
        (_, bits) => integers(keys, bits, group),
    })
}

/// A remark where a name promises a number format and neither the file nor the one beside it names any.
pub(super) fn unsaid(name: &str, file: Block, parts: &Parts) -> Option<String> {
    const WORDS: [&str; 13] = [
        "fp8", "nvfp4", "mxfp4", "mxfp8", "fp4", "awq", "gptq", "int4", "int8", "w4a16", "w8a8", "4bit",
        "8bit",
    ];
    if parts.all().iter().any(|part| part.parameters > 0.0 && part.format != WeightFormat::Bf16) {
        return None;
    }
    let own = file.get("_name_or_path").and_then(Value::as_str).unwrap_or_default();
    let said = [name, own]
        .iter()
        .flat_map(|it| it.split(['/', '-', '_', '.', ' ']))
        .find_map(|part| WORDS.iter().find(|word| part.eq_ignore_ascii_case(word)))?;
    let said = said.to_ascii_uppercase();
    Some(format!("the name says {said}, the file does not: is there an hf_quant_config.json beside it"))
}
