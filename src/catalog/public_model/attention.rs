//! Attention: parameters (models chapter, G-4), cache (G-6) and FLOPs (G-7.1).

use super::family::QkNorm;
use super::keys::Keys;
use super::plan::{Layer, Mixer};
use super::sizes::{Heads, Sizes};
use crate::config::architecture::{MixerGroup, MixerKind};
use crate::error::ConfigError;

/// One layer's mixer: what it weighs, and its row of the table.
pub(super) type Counted = (f64, MixerGroup);

/// Attention with keys and values per head; with compressed entries if the model has them.
pub(super) fn attention(
    keys: &Keys,
    sizes: &Sizes,
    layer: &Layer,
    mixer: Mixer,
) -> Result<Counted, ConfigError> {
    if mixer == Mixer::Full && keys.size_or_0(&["kv_lora_rank"])? > 0.0 {
        return mla(keys, sizes, layer);
    }
    let heads = heads(keys, sizes, layer, mixer)?;
    let Heads { queries, kv, width, value_width } = heads;
    let d = sizes.width;
    let output_gate = keys.flag("attn_output_gate").unwrap_or(sizes.family.output_gate);
    let per_head = if keys.says("gating") {
        keys.remark("gating is counted as one gate per head");
        d * queries
    } else {
        0.0
    };
    // Queries of a low rank: a matrix down, a norm and a matrix up.
    let low = keys.size_or_0(&["share_q_dim"])?;
    let query = if low > 0.0 {
        d * low + low + low * queries * width
    } else {
        d * queries * width * if output_gate { 2.0 } else { 1.0 }
    } + per_head;
    let no_values = mixer == Mixer::Full && keys.says("attention_k_eq_v");
    let key_value = d * kv * width + if no_values { 0.0 } else { d * kv * value_width };
    let key_value = if layer.shares_kv { 0.0 } else { key_value };
    let output = queries * value_width * d;
    let norm = match sizes.qk_norm {
        QkNorm::None => 0.0,
        QkNorm::PerHead => 2.0 * width,
        QkNorm::Whole => (queries + kv) * width,
    };
    let mut parameters = query + key_value + output + norm + biases(keys, sizes, &heads);
    let elements = if layer.shares_kv { 0.0 } else { kv * (width + value_width) };
    let (kind, window) = match mixer {
        Mixer::Sliding => (MixerKind::Sliding, sizes.window),
        Mixer::Chunked => (MixerKind::Chunked, keys.needed(&["attention_chunk_size"])?),
        _ => (MixerKind::Full, 0.0),
    };
    let mut group = MixerGroup {
        kind,
        layers: 1,
        kv_heads: kv as u32,
        elements_per_token: elements,
        window,
        attn_flops_per_ctx: 2.0 * queries * (width + value_width),
        ..MixerGroup::default()
    };
    if layer.indexer && mixer == Mixer::Full {
        let count = keys.needed(&["index_n_heads", "sparse_attention_config.sparse_num_index_heads"])?;
        let width = keys.needed(&["index_head_dim", "sparse_attention_config.sparse_index_dim"])?;
        keys.remark("block-sparse attention is timed as full attention; the keys of its indexer are counted");
        // A matrix for its heads and one for its keys, both normalised.
        parameters += d * count * width + d * width + 2.0 * width;
        group.index_elements_per_token = width;
    }
    Ok((parameters, group))
}

/// The sizes that a kind of layers has for itself.
fn heads(keys: &Keys, sizes: &Sizes, layer: &Layer, mixer: Mixer) -> Result<Heads, ConfigError> {
    let mut heads = sizes.attention(keys)?;
    let names: [&[&str]; 4] = match mixer {
        Mixer::Sliding => [
            &["swa_num_attention_heads", "attention_other_setting.num_attention_heads"],
            &["swa_num_key_value_heads", "attention_other_setting.num_attention_groups"],
            &["swa_head_dim", "attention_other_setting.head_dim"],
            &["swa_v_head_dim"],
        ],
        Mixer::Full => [&[], &["num_global_key_value_heads"], &["global_head_dim"], &[]],
        _ => [&[]; 4],
    };
    let own = |names: &[&str]| Ok::<_, ConfigError>(keys.size(names)?.filter(|it| *it > 0.0));
    if let Some(queries) = own(names[0])? {
        heads.queries = queries;
    }
    if let Some(kv) = own(names[1])? {
        heads.kv = kv;
    }
    if let Some(width) = own(names[2])? {
        // Values are as wide as keys where the file does not say otherwise.
        if heads.value_width == heads.width {
            heads.value_width = width;
        }
        heads.width = width;
    }
    if let Some(width) = own(names[3])? {
        heads.value_width = width;
    }
    heads.queries = layer.queries.unwrap_or(heads.queries);
    heads.kv = layer.kv_heads.unwrap_or(heads.kv);
    Ok(heads)
}

fn biases(keys: &Keys, sizes: &Sizes, heads: &Heads) -> f64 {
    let told = ["attention_bias", "qkv_bias", "use_qkv_bias", "add_qkv_bias"];
    let has = told.iter().find_map(|key| keys.flag(key)).unwrap_or(sizes.family.qkv_bias);
    if !has {
        return 0.0;
    }
    let output = keys.flag("attention_out_bias").unwrap_or(sizes.family.output_bias);
    let sinks = if sizes.family.biased_experts { heads.queries } else { 0.0 };
    let Heads { queries, kv, width, value_width } = *heads;
    queries * width + kv * (width + value_width) + sinks + if output { sizes.width } else { 0.0 }
}

/// Compressed entries, with an indexer if the layer has one.
fn mla(keys: &Keys, sizes: &Sizes, layer: &Layer) -> Result<Counted, ConfigError> {
    let queries = sizes.attention(keys)?.queries;
    let d = sizes.width;
    let kv = keys.needed(&["kv_lora_rank"])?;
    let rope = keys.size_or_0(&["qk_rope_head_dim"])?;
    let nope = keys.needed(&["qk_nope_head_dim"])?;
    let value = keys.needed(&["v_head_dim"])?;
    let low = keys.size_or_0(&["q_lora_rank"])?;
    let into_queries =
        if low > 0.0 { d * low + low * queries * (nope + rope) + low } else { d * queries * (nope + rope) };
    let gate = if keys.says("mla_use_output_gate") { d * queries * value } else { 0.0 };
    let entries = d * (kv + rope) + kv * queries * (nope + value) + kv;
    let topk = keys.size_or_0(&["index_topk"])?;
    let mut parameters = into_queries + entries + queries * value * d + gate;
    let mut group = MixerGroup {
        kind: MixerKind::Mla,
        layers: 1,
        elements_per_token: kv + rope,
        topk,
        attn_flops_per_ctx: 2.0 * queries * (2.0 * kv + rope),
        attn_flops_per_ctx_prefill: 2.0 * queries * (nope + rope + value),
        ..MixerGroup::default()
    };
    if layer.indexer {
        let (count, width) = indexer(keys)?;
        let from = if low > 0.0 { low } else { d };
        parameters += from * count * width + d * width + d * count + 2.0 * width;
        group.index_elements_per_token = width;
        group.index_flops_per_ctx = 2.0 * count * width;
    }
    Ok((parameters, group))
}

fn indexer(keys: &Keys) -> Result<(f64, f64), ConfigError> {
    Ok((keys.needed(&["index_n_heads"])?, keys.needed(&["index_head_dim"])?))
}

/// The last tokens, and compressed entries of all.
pub(super) fn compressed(keys: &Keys, sizes: &Sizes, ratio: f64) -> Result<Counted, ConfigError> {
    let heads = sizes.attention(keys)?;
    let (d, a, queries) = (sizes.width, heads.width, heads.queries);
    let low = keys.needed(&["q_lora_rank"])?;
    let (output, groups) = (keys.needed(&["o_lora_rank"])?, keys.needed(&["o_groups"])?);
    let window = keys.needed(&["sliding_window"])?;
    // Norms of queries and entries, and a sink per head.
    let small = low + a + queries;
    let mut parameters =
        d * low + low * queries * a + d * a + queries * a * output + groups * output * d + small;
    let mut group = MixerGroup {
        kind: MixerKind::Window,
        layers: 1,
        window,
        window_elements: a,
        attn_flops_per_ctx: 4.0 * queries * a,
        ..MixerGroup::default()
    };
    if ratio == 0.0 {
        return Ok((parameters, group));
    }
    // Entries of a fine ratio overlap: twice the matrices.
    let twice = |ratio: f64| if ratio == 4.0 { 2.0 } else { 1.0 };
    let compressor = |width: f64| twice(ratio) * (2.0 * d + ratio) * width + width;
    parameters += compressor(a);
    group.kind = MixerKind::WindowCompressed;
    group.ratio = ratio;
    group.elements_per_token = a / ratio;
    if ratio == 4.0 {
        let (count, width) = indexer(keys)?;
        parameters += low * count * width + d * count + compressor(width);
        group.topk = keys.needed(&["index_topk"])?;
        group.index_elements_per_token = width / ratio;
        group.index_flops_per_ctx = 2.0 * count * width / ratio;
    }
    Ok((parameters, group))
}
