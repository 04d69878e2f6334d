//! The sizes of a decoder by their spellings (models chapter, G-2).

use super::family::{Family, QkNorm};
use super::keys::{Keys, WIDTHS};
use crate::error::ConfigError;

/// Most layers: the deepest models have some two hundred blocks.
const MOST_LAYERS: f64 = 10_000.0;

const LAYERS: [&str; 4] = ["num_hidden_layers", "n_layer", "num_layers", "n_layers"];
/// Lists with an entry per layer, where no number says how many there are.
const LAYER_LISTS: [&str; 4] =
    ["layers_block_type", "hybrid_override_pattern", "layer_types", "block_configs"];
const HEADS: [&str; 4] = ["num_attention_heads", "n_head", "n_heads", "num_heads"];
const KV_HEADS: [&str; 6] = [
    "num_key_value_heads",
    "num_kv_heads",
    "n_head_kv",
    "multi_query_group_num",
    "num_attention_groups",
    "attn_config.kv_n_heads",
];
const HEAD_WIDTHS: [&str; 3] = ["head_dim", "attention_head_dim", "kv_channels"];
const DENSE_WIDTHS: [&str; 8] = [
    "intermediate_size",
    "ffn_hidden_size",
    "n_inner",
    "ffn_dim",
    "ff_intermediate_size",
    "block_ff_dim",
    "ffn_config.ffn_hidden_size",
    "hidden_dim",
];
/// Keys of the shortcut family: two mixers and two dense MLPs around the experts of each layer.
pub(super) fn is_doubled(keys: &Keys) -> bool {
    keys.text(&["model_type"]).is_some_and(|name| name.starts_with("longcat_flash"))
}

pub(super) const EXPERTS: [&str; 6] = [
    "n_routed_experts",
    "num_experts",
    "num_local_experts",
    "moe_num_experts",
    "num_routed_experts",
    "ffn_config.moe_num_experts",
];
pub(super) const PER_TOKEN: [&str; 8] = [
    "num_experts_per_tok",
    "num_experts_per_token",
    "experts_per_token",
    "top_k_experts",
    "moe_topk",
    "moe_k",
    "moe_top_k",
    "ffn_config.moe_top_k",
];

/// Sizes of attention layers of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Heads {
    pub queries: f64,
    pub kv: f64,
    /// Width of a head of queries and keys.
    pub width: f64,
    /// Width of a head of values.
    pub value_width: f64,
}

/// What experts there are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Experts {
    pub count: f64,
    pub per_token: f64,
    /// Experts without weights, which the router may choose instead.
    pub idle: f64,
    pub width: f64,
    /// The width that the experts work in.
    pub inner: f64,
    /// Width of all shared experts of a layer.
    pub shared: f64,
    /// Whether the shared expert has a gate of its own.
    pub shared_gate: bool,
}

/// The sizes that most formulas need.
pub(super) struct Sizes {
    pub family: Family,
    pub width: f64,
    pub layers: usize,
    pub vocabulary: f64,
    /// None for models without attention.
    pub heads: Option<Heads>,
    /// None if the file has no width for a dense MLP.
    pub dense_width: Option<f64>,
    pub experts: Option<Experts>,
    /// Whether MLPs have three matrices instead of two.
    pub gated: bool,
    /// 0 = sees everything.
    pub window: f64,
    pub qk_norm: QkNorm,
    /// Bytes of an activation.
    pub activation_bytes: f64,
}

impl Sizes {
    pub(super) fn read(keys: &Keys) -> Result<Self, ConfigError> {
        let family = Family::of(keys);
        let width = or_default(keys, &family, &WIDTHS)?;
        let layers = layers(keys, &family)?;
        let gated = gated(keys, &family);
        let experts = experts(keys, width)?;
        Ok(Self {
            family,
            width,
            layers,
            vocabulary: or_default(keys, &family, &["vocab_size", "padded_vocab_size"])?,
            heads: heads(keys, &family, width)?,
            dense_width: dense_width(keys, &family, width)?,
            experts,
            gated,
            window: window(keys)?,
            qk_norm: qk_norm(keys, &family),
            activation_bytes: activation_bytes(keys),
        })
    }

    /// Sizes of attention, which a layer needs.
    pub(super) fn attention(&self, keys: &Keys) -> Result<Heads, ConfigError> {
        self.heads.ok_or_else(|| keys.missing(&HEADS))
    }

    /// Width of dense MLPs, which a layer needs.
    pub(super) fn dense(&self, keys: &Keys) -> Result<f64, ConfigError> {
        self.dense_width.ok_or_else(|| keys.missing(&DENSE_WIDTHS[..2]))
    }

    /// Matrices of an MLP.
    pub(super) fn matrices(&self) -> f64 {
        if self.gated { 3.0 } else { 2.0 }
    }
}

/// A size that the file must have, unless its class has it as default.
fn or_default(keys: &Keys, family: &Family, spellings: &[&str]) -> Result<f64, ConfigError> {
    match (keys.first(spellings), family.default_of(spellings[0])) {
        (None, Some(size)) => {
            keys.remark(format_args!("{} is not in the file: {size}, as its class has it", spellings[0]));
            Ok(size)
        }
        _ => keys.needed(spellings),
    }
}

fn layers(keys: &Keys, family: &Family) -> Result<usize, ConfigError> {
    let lists = LAYER_LISTS.iter().find_map(|key| {
        let value = keys.get(key)?;
        let length =
            value.as_array().map(Vec::len).or_else(|| value.as_str().map(|it| it.chars().count()))?;
        Some((*key, length as f64))
    });
    let (key, layers) = match (keys.first(&LAYERS), lists) {
        (None, Some(of_list)) => of_list,
        (found, _) => (found.map_or(LAYERS[0], |(key, _)| key), or_default(keys, family, &LAYERS)?),
    };
    if !(1.0..=MOST_LAYERS).contains(&layers) {
        return Err(keys.wrong(key, layers, format_args!("from 1 to {MOST_LAYERS} layers")));
    }
    Ok(layers as usize)
}

/// Whether a family has state spaces alone, whatever it calls heads.
pub(super) fn is_state_space(model_type: &str) -> bool {
    model_type.starts_with("mamba") || model_type == "falcon_mamba"
}

fn heads(keys: &Keys, family: &Family, width: f64) -> Result<Option<Heads>, ConfigError> {
    if keys.text(&["model_type"]).is_some_and(is_state_space) {
        return Ok(None);
    }
    let queries = match keys.size(&HEADS)? {
        Some(queries) => queries,
        None => match family.default_of(HEADS[0]) {
            Some(_) => or_default(keys, family, &HEADS)?,
            None => return Ok(None),
        },
    };
    if queries < 1.0 {
        return Ok(None);
    }
    let head_width = match keys.size(&HEAD_WIDTHS)?.filter(|it| *it > 0.0) {
        Some(head_width) => head_width,
        // The class has it as default only where it has the heads as default.
        None => match family.default_of("head_dim").filter(|_| keys.first(&HEADS).is_none() || family.tied) {
            Some(_) => or_default(keys, family, &["head_dim"])?,
            None => libm::floor(width / queries),
        },
    };
    let kv = kv_heads(keys, family, queries)?;
    let value_width = keys.size(&["v_head_dim"])?.filter(|it| *it > 0.0).unwrap_or(head_width);
    if kv > queries {
        return Err(keys.wrong("num_key_value_heads", kv, format_args!("at most the {queries} query heads")));
    }
    if width % queries != 0.0
        && keys.first(&["kv_lora_rank", HEAD_WIDTHS[0], HEAD_WIDTHS[1], HEAD_WIDTHS[2]]).is_none()
        && family.default_of("head_dim").is_none()
    {
        keys.remark(format_args!("a width of {width} is no multiple of {queries} heads: servers refuse it"));
    }
    if queries % kv != 0.0 {
        keys.remark(format_args!(
            "{queries} query heads are no multiple of {kv} KV heads: servers refuse it"
        ));
    }
    Ok(Some(Heads { queries, kv, width: head_width, value_width }))
}

fn kv_heads(keys: &Keys, family: &Family, queries: f64) -> Result<f64, ConfigError> {
    // Falcon's old architecture has one, whatever it counts otherwise.
    if keys.says("multi_query") && !keys.says("new_decoder_architecture") {
        return Ok(1.0);
    }
    match keys.size(&KV_HEADS)?.filter(|it| *it > 0.0) {
        Some(kv) => Ok(kv),
        None if family.default_of(KV_HEADS[0]).is_some() => or_default(keys, family, &KV_HEADS[..1]),
        None => Ok(queries),
    }
}

fn dense_width(keys: &Keys, family: &Family, width: f64) -> Result<Option<f64>, ConfigError> {
    let given = match keys.size(&["dense_intermediate_size"])? {
        Some(given) => Some(given),
        None if keys.get("interleave_moe_layer_step").is_some() => {
            keys.size(&["intermediate_size_mlp", "intermediate_size"])?
        }
        None => keys.size(&DENSE_WIDTHS)?,
    };
    let given = given.filter(|it| *it > 0.0);
    if keys.says("block_auto_adjust_ff_dim") {
        return given.map(|given| adjusted(keys, given)).transpose();
    }
    if given.is_none() && family.default_of("intermediate_size").is_some() {
        return or_default(keys, family, &["intermediate_size"]).map(Some);
    }
    if given.is_none() && family.four_times {
        keys.remark("no width of the MLP in the file: four times the model's, as in its class");
        return Ok(Some(4.0 * width));
    }
    Ok(given)
}

/// Two thirds of the width, times a factor, rounded up.
fn adjusted(keys: &Keys, width: f64) -> Result<f64, ConfigError> {
    let factor = keys.get("block_ffn_dim_multiplier").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
    let multiple = keys.size(&["block_multiple_of"])?.unwrap_or(256.0).max(1.0);
    let cut = libm::trunc(factor * libm::trunc(2.0 * width / 3.0));
    Ok(libm::ceil(cut / multiple) * multiple)
}

fn experts(keys: &Keys, width: f64) -> Result<Option<Experts>, ConfigError> {
    let mut count = 0.0;
    for key in EXPERTS {
        count = keys.size(&[key])?.unwrap_or(0.0);
        if count >= 2.0 {
            break;
        }
    }
    if count < 2.0 {
        return Ok(None);
    }
    let idle = keys.size_or_0(&["zero_expert_num"])?;
    let per_token = keys.needed(&PER_TOKEN)?;
    if per_token > count {
        let found = keys.first(&PER_TOKEN).map_or(PER_TOKEN[0], |(key, _)| key);
        return Err(keys.wrong(found, per_token, format_args!("at most the {count} experts")));
    }
    let expert_width = keys.needed(&[
        "moe_intermediate_size",
        "expert_intermediate_size",
        "moe_ffn_hidden_size",
        "expert_ffn_hidden_size",
        "intermediate_size",
        "ffn_hidden_size",
        "ffn_config.ffn_hidden_size",
    ])?;
    let inner = keys
        .size(&["moe_latent_size", "routed_expert_hidden_size", "moe_hidden_size"])?
        .filter(|it| *it > 0.0);
    let (shared, shared_gate) = shared(keys, expert_width)?;
    Ok(Some(Experts {
        count,
        // Those that do nothing are chosen as often as others.
        per_token: per_token * (count / (count + idle)),
        idle,
        width: expert_width,
        inner: inner.unwrap_or(width),
        shared,
        shared_gate,
    }))
}

fn shared(keys: &Keys, expert_width: f64) -> Result<(f64, bool), ConfigError> {
    const WITH_GATE: &str = "shared_expert_intermediate_size";
    let declared =
        ["moe_shared_expert_intermediate_size", WITH_GATE, "share_expert_dim", "shared_intermediate_size"];
    if let Some((key, _)) = keys.first(&declared) {
        let width = keys.size_or_0(&[key])?;
        if width > 0.0 {
            return Ok((width, key == WITH_GATE));
        }
    }
    let counts = ["n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"];
    let count = keys.size_or_0(&counts)?;
    // Llama 4 has one without saying so; it alone has two widths.
    let unsaid = keys.first(&counts).is_none() && keys.get("intermediate_size_mlp").is_some();
    Ok((if unsaid { expert_width } else { count * expert_width }, false))
}

fn gated(keys: &Keys, family: &Family) -> bool {
    if let Some(gated) = family.gated {
        return gated;
    }
    let names = ["mlp_hidden_act", "hidden_act", "hidden_activation", "activation_function", "activation"];
    let plain = ["relu2", "relu", "gelu", "gelu_new", "gelu_fast", "quick_gelu", "xielu"];
    !keys.text(&names).is_some_and(|name| plain.contains(&name))
}

fn window(keys: &Keys) -> Result<f64, ConfigError> {
    const NAMES: [&str; 2] = ["sliding_window", "sliding_window_size"];
    if keys.flag("use_sliding_window") == Some(false) {
        return Ok(0.0);
    }
    // A negative one is none.
    if keys.first(&NAMES).is_some_and(|(_, value)| value.as_i64().is_some_and(|it| it == -1)) {
        return Ok(0.0);
    }
    keys.size_or_0(&NAMES)
}

fn qk_norm(keys: &Keys, family: &Family) -> QkNorm {
    let said =
        keys.flag("use_qk_norm").or_else(|| keys.flag("qk_layernorm")).or_else(|| keys.flag("qk_norm"));
    match said {
        Some(false) => QkNorm::None,
        Some(true) if keys.text(&["qk_norm_type"]) == Some("per_layer") => QkNorm::Whole,
        // Llama 4's has no parameters.
        Some(true) if keys.get("attention_chunk_size").is_some() => QkNorm::None,
        Some(true) if family.qk_norm == QkNorm::None => QkNorm::PerHead,
        _ => family.qk_norm,
    }
}

fn activation_bytes(keys: &Keys) -> f64 {
    match keys.text(&["torch_dtype", "dtype"]) {
        Some("float32") => {
            keys.remark("the file is fp32; servers load it as 16 bit");
            2.0
        }
        Some("bfloat16" | "float16") => 2.0,
        Some(other) => {
            keys.remark(format_args!("the number format `{other}` is counted as bfloat16"));
            2.0
        }
        None => {
            keys.remark("no number format in the file: bfloat16 assumed");
            2.0
        }
    }
}
