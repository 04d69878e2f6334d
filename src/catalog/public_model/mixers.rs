//! Which mixer each layer has (models chapter, G-3).

use super::keys::{Keys, shown};
use super::plan::{BLOCK_SPARSE, Mixer, per_layer};
use super::sizes::{Sizes, is_doubled, is_state_space};
use crate::error::ConfigError;
use serde_json::Value;

/// The mixers of each layer: one, or two side by side.
pub(super) fn of_layers(keys: &Keys, sizes: &Sizes) -> Result<Vec<Vec<Mixer>>, ConfigError> {
    let layers = sizes.layers;
    let each = |mixer: &dyn Fn(usize) -> Mixer| Ok((0..layers).map(|at| vec![mixer(at)]).collect());
    if let Some(ratios) = per_layer(keys, "compress_ratios", layers)? {
        let ratio = |value| Ok(vec![Mixer::Compressed { ratio: keys.number("compress_ratios", value)? }]);
        return ratios.iter().map(ratio).collect();
    }
    if let Some(rates) = keys.get("compress_rates").and_then(Value::as_object) {
        let words = per_layer(keys, "layer_types", layers)?.unwrap_or_default();
        if words.is_empty() {
            return Err(keys.wrong("layer_types", "nothing", "a kind for each layer, beside compress_rates"));
        }
        let ratio = |word: &Value| {
            let name = word.as_str().unwrap_or_default();
            let ratio = match rates.get(name) {
                Some(rate) => keys.number("compress_rates", rate)?,
                None if name == "sliding_attention" => 0.0,
                None => {
                    return Err(keys.wrong("layer_types", shown(word), "a kind that compress_rates names"));
                }
            };
            Ok(vec![Mixer::Compressed { ratio }])
        };
        return words.iter().map(ratio).collect();
    }
    if keys.get("linear_attn_config.full_attn_layers").is_some() {
        let full = numbers(keys, "linear_attn_config.full_attn_layers")?;
        return each(&|at| if full.contains(&(at + 1)) { Mixer::Full } else { Mixer::KimiDelta });
    }
    if let Some(words) = per_layer(keys, "layer_types", layers)? {
        return words.iter().map(|word| Ok(vec![named(keys, sizes, word)?])).collect();
    }
    if let Some(pattern) = per_layer(keys, "hybrid_layer_pattern", layers)? {
        let sliding = |value: &Value| match value.as_u64() {
            Some(0) => Ok(vec![Mixer::Full]),
            Some(1) => Ok(vec![Mixer::Sliding]),
            _ => Err(keys.wrong("hybrid_layer_pattern", shown(value), "0 (full) or 1 (sliding)")),
        };
        return pattern.iter().map(sliding).collect();
    }
    if is_doubled(keys) {
        return Ok(vec![vec![Mixer::Full, Mixer::Full]; layers]);
    }
    if keys.size_or_0(&["kv_lora_rank"])? > 0.0 {
        return each(&|_| Mixer::Full);
    }
    if let Some(interval) = keys.size(&["full_attention_interval"])?.filter(|it| *it > 0.0) {
        return each(&|at| if (at + 1) % interval as usize == 0 { Mixer::Full } else { Mixer::DeltaNet });
    }
    if keys.get("attention_chunk_size").is_some() {
        return each(&|at| if (at + 1) % 4 == 0 { Mixer::Full } else { Mixer::Chunked });
    }
    of_other_families(keys, sizes)
}

/// A word of `layer_types`.
fn named(keys: &Keys, sizes: &Sizes, word: &Value) -> Result<Mixer, ConfigError> {
    const KEY: &str = "layer_types";
    Ok(match word.as_str().unwrap_or_default() {
        "full_attention" | "attention" | "deepseek_sparse_attention" | "indexed_attention" | BLOCK_SPARSE => {
            Mixer::Full
        }
        "sliding_attention" if sizes.window > 0.0 => Mixer::Sliding,
        "sliding_attention" => return Err(keys.missing(&["sliding_window"])),
        "chunked_attention" if keys.get("attention_chunk_size").is_some() => Mixer::Chunked,
        "linear_attention" if keys.get("linear_num_value_heads").is_some() => Mixer::DeltaNet,
        "linear_attention" if is_kimi(keys) => Mixer::KimiDelta,
        "linear_attention" if keys.first(&["mamba_d_state", "mamba_n_heads", "ssm_state_size"]).is_some() => {
            mamba(keys)
        }
        // Without heads of its own it has those of attention.
        "linear_attention" => Mixer::Lightning,
        "mamba" | "mamba2" => mamba(keys),
        "conv" => Mixer::Convolution,
        _ => {
            let expected = "a kind that is known: full_attention, attention, sliding_attention, chunked_attention, \
                            linear_attention, deepseek_sparse_attention, indexed_attention, mamba, conv";
            return Err(keys.wrong(KEY, shown(word), expected));
        }
    })
}

/// Others have heads of the same names.
fn is_kimi(keys: &Keys) -> bool {
    let named = keys.text(&["model_type"]).is_some_and(|name| name.starts_with("kimi"));
    keys.get("linear_attn_config").is_some() || (named && keys.get("linear_head_dim").is_some())
}

/// The first kind has no heads.
fn mamba(keys: &Keys) -> Mixer {
    let heads = keys.first(&["mamba_num_heads", "mamba_n_heads", "n_mamba_heads"]).is_some();
    let second = keys.text(&["model_type"]).is_some_and(|name| name.starts_with("mamba2"));
    if heads || second { Mixer::Mamba2 } else { Mixer::Mamba1 }
}

/// What follows from the keys of single families (ours).
fn of_other_families(keys: &Keys, sizes: &Sizes) -> Result<Vec<Vec<Mixer>>, ConfigError> {
    let layers = sizes.layers;
    let each = |mixer: &dyn Fn(usize) -> Mixer| Ok((0..layers).map(|at| vec![mixer(at)]).collect());
    let model_type = keys.text(&["model_type"]).unwrap_or_default();
    refuse(keys, &UNKNOWN)?;
    if let Some(kinds) = per_layer(keys, "attn_type_list", layers)? {
        let kind = |value: &Value| match value.as_u64() {
            Some(0) => Ok(vec![Mixer::Lightning]),
            Some(1) => Ok(vec![Mixer::Full]),
            _ => Err(keys.wrong("attn_type_list", shown(value), "0 (linear) or 1 (full)")),
        };
        return kinds.iter().map(kind).collect();
    }
    if let Some(period) = keys.size(&["attn_layer_period"])?.filter(|it| *it > 0.0) {
        let offset = keys.size_or_0(&["attn_layer_offset"])? as usize;
        let rest = mamba(keys);
        return each(&|at| if at % period as usize == offset { Mixer::Full } else { rest });
    }
    if keys.get("attn_layer_indices").is_some() {
        let full = numbers(keys, "attn_layer_indices")?;
        let rest = mamba(keys);
        return each(&|at| if full.contains(&at) { Mixer::Full } else { rest });
    }
    if keys.get("full_attn_idxs").is_some() {
        let full = numbers(keys, "full_attn_idxs")?;
        return each(&|at| if full.contains(&at) { Mixer::Full } else { Mixer::Convolution });
    }
    if model_type.starts_with("falcon_h1") {
        return Ok(vec![vec![Mixer::Full, Mixer::Mamba2]; layers]);
    }
    if is_state_space(model_type) {
        let mixer = mamba(keys);
        return each(&|_| mixer);
    }
    refuse(keys, &WITHOUT_A_LIST)?;
    windowed(keys, sizes)
}

/// Keys of kinds of which the public facts do not say enough.
const UNKNOWN: [(&str, &str); 7] = [
    ("block_types", "recurrent blocks"),
    ("hybrid_layer_ids", "transformer blocks that share their weights"),
    ("num_mem_blocks", "transformer blocks that share their weights"),
    ("attention_hidden_size", "attention of another width (RWKV, Zamba)"),
    ("attn_mode", "linear attention of another kind"),
    ("expand_k", "linear attention of another kind"),
    ("ssm_cfg", "state spaces in their first form"),
];

/// Keys of known kinds, where nothing says which layers have them.
const WITHOUT_A_LIST: [(&str, &str); 3] = [
    ("mamba_d_state", "state spaces without a list of the layers that have them"),
    ("ssm_state_size", "state spaces without a list of the layers that have them"),
    ("linear_num_value_heads", "linear attention without a list of the layers that have it"),
];

fn refuse(keys: &Keys, unknown: &[(&str, &str)]) -> Result<(), ConfigError> {
    match unknown.iter().find(|(key, _)| keys.get(key).is_some()) {
        Some((key, what)) => {
            let expected =
                "layers of a kind that is known: attention, MLA, gated delta net, Mamba, convolution";
            Err(keys.wrong(key, what, expected))
        }
        None => Ok(()),
    }
}

/// Attention with a window in some layers, all or none.
fn windowed(keys: &Keys, sizes: &Sizes) -> Result<Vec<Vec<Mixer>>, ConfigError> {
    let layers = sizes.layers;
    let each = |mixer: &dyn Fn(usize) -> Mixer| Ok((0..layers).map(|at| vec![mixer(at)]).collect());
    let longest = keys.size_or_0(&super::LENGTHS)?;
    if sizes.window == 0.0 || (longest > 0.0 && sizes.window >= longest) {
        return each(&|_| Mixer::Full);
    }
    // A text such as `LLLG` is repeated: local, local, local, global.
    if let Some(letters) = keys.text(&["sliding_window_pattern"]).filter(|it| !it.is_empty()) {
        if let Some(odd) = letters.chars().find(|letter| !matches!(letter, 'L' | 'G')) {
            return Err(keys.wrong(
                "sliding_window_pattern",
                odd,
                "a number, or a text of L (local) and G (global)",
            ));
        }
        let letters = letters.as_bytes();
        return each(&|at| if letters[at % letters.len()] == b'G' { Mixer::Full } else { Mixer::Sliding });
    }
    let said = keys.size(&["sliding_window_pattern", "_sliding_window_pattern"])?;
    if let Some(pattern) = said.or(sizes.family.pattern).filter(|it| *it >= 1.0) {
        return each(&|at| if (at + 1) % pattern as usize == 0 { Mixer::Full } else { Mixer::Sliding });
    }
    // Qwen 2 has it in the layers from this one on.
    let first = keys.size_or_0(&["max_window_layers"])? as usize;
    each(&|at| if at >= first { Mixer::Sliding } else { Mixer::Full })
}

/// A list of numbers of layers.
fn numbers(keys: &Keys, key: &str) -> Result<std::collections::BTreeSet<usize>, ConfigError> {
    let Some(list) = keys.list(key) else { return Err(keys.wrong(key, "no list", "a list of layers")) };
    list.iter().map(|value| Ok(keys.number(key, value)? as usize)).collect()
}
