//! Mixers with a state of fixed size: parameters (models chapter, G-4), state (G-6) and FLOPs (G-7.1).

use super::attention::Counted;
use super::keys::Keys;
use super::sizes::Sizes;
use crate::config::architecture::{MixerGroup, MixerKind};
use crate::error::ConfigError;

/// Bytes of an element of a recurrent state.
fn state_bytes(keys: &Keys, default: f64) -> f64 {
    match keys.text(&["mamba_ssm_cache_dtype", "mamba_ssm_dtype"]) {
        Some("float32") => 4.0,
        Some("float16" | "bfloat16") => 2.0,
        _ => default,
    }
}

/// Single precision, which the delta rules need.
const SINGLE: f64 = 4.0;

/// Gated delta net.
pub(super) fn delta_net(keys: &Keys, sizes: &Sizes) -> Result<Counted, ConfigError> {
    let d = sizes.width;
    let value_heads = keys.needed(&["linear_num_value_heads"])?;
    let key_heads = keys.needed(&["linear_num_key_heads"])?;
    let key_width = keys.needed(&["linear_key_head_dim"])?;
    let value_width = keys.needed(&["linear_value_head_dim"])?;
    let kernel = keys.needed(&["linear_conv_kernel_dim"])?;
    let (key, value) = (key_heads * key_width, value_heads * value_width);
    let channels = 2.0 * key + value;
    let matrices = d * (2.0 * key + 2.0 * value) + 2.0 * d * value_heads + value * d;
    // A decay and a step per head, the norm of the output.
    let small = 2.0 * value_heads + value_width;
    let state = value_heads * key_width * value_width;
    let group = MixerGroup {
        kind: MixerKind::Linear,
        layers: 1,
        state_elements: state,
        conv_elements: (kernel - 1.0) * channels,
        state_bytes_per_element: state_bytes(keys, SINGLE),
        attn_flops_const: 8.0 * state,
        ..MixerGroup::default()
    };
    Ok((matrices + kernel * channels + small, group))
}

/// Kimi delta attention.
pub(super) fn kimi_delta(keys: &Keys, sizes: &Sizes) -> Result<Counted, ConfigError> {
    let d = sizes.width;
    let heads = keys.needed(&["linear_attn_config.num_heads", "linear_num_heads"])?;
    let head_width = keys.needed(&["linear_attn_config.head_dim", "linear_head_dim"])?;
    let kernel = keys.needed(&["linear_attn_config.short_conv_kernel_size", "linear_conv_kernel_dim"])?;
    let width = heads * head_width;
    let low_rank = d * head_width + head_width * width;
    // Decays go through a low rank; the gate of the output does, unless it has a matrix of its own.
    let gates = if keys.says("linear_attn_config.use_full_rank_gate") || keys.says("use_full_rank_gate") {
        low_rank + d * width
    } else {
        2.0 * low_rank
    };
    keys.remark("the gates of Kimi delta attention are counted as in its public description");
    let small = d * heads + heads + width + head_width;
    let state = heads * head_width * head_width;
    let group = MixerGroup {
        kind: MixerKind::Linear,
        layers: 1,
        state_elements: state,
        conv_elements: (kernel - 1.0) * 3.0 * width,
        state_bytes_per_element: state_bytes(keys, SINGLE),
        attn_flops_const: 8.0 * state,
        ..MixerGroup::default()
    };
    Ok((4.0 * d * width + gates + 3.0 * width * kernel + small, group))
}

/// Linear attention with a decay per head and a gate of the output.
pub(super) fn lightning(keys: &Keys, sizes: &Sizes) -> Result<Counted, ConfigError> {
    let heads = sizes.attention(keys)?;
    let width = heads.queries * heads.width;
    keys.remark("linear attention without sizes of its own is counted as lightning attention: heads as in full layers");
    let state = heads.queries * heads.width * heads.width;
    let group = MixerGroup {
        kind: MixerKind::Linear,
        layers: 1,
        state_elements: state,
        state_bytes_per_element: state_bytes(keys, SINGLE),
        attn_flops_const: 6.0 * state,
        ..MixerGroup::default()
    };
    Ok((5.0 * sizes.width * width + width, group))
}

/// A state space of the second kind.
pub(super) fn mamba2(keys: &Keys, sizes: &Sizes) -> Result<Counted, ConfigError> {
    let d = sizes.width;
    let alone = sizes.heads.is_none();
    let heads = if alone {
        keys.needed(&["mamba_num_heads", "mamba_n_heads", "n_mamba_heads", "num_heads"])?
    } else {
        keys.needed(&["mamba_num_heads", "mamba_n_heads", "n_mamba_heads"])?
    };
    let expand = keys.size(&["mamba_expand", "expand"])?.unwrap_or(2.0);
    let width = keys.get("mamba_d_head").and_then(serde_json::Value::as_f64);
    let head_width = match (keys.size(&["mamba_head_dim"])?, width) {
        (Some(width), _) | (None, Some(width)) if width >= 1.0 => width,
        _ if alone && keys.get("head_dim").is_some() => keys.needed(&["head_dim"])?,
        // `auto`, or nothing.
        _ => libm::floor(expand * d / heads),
    };
    let states = keys.needed(&["ssm_state_size", "mamba_d_state", "state_size"])?;
    let groups = keys.size(&["n_groups", "mamba_n_groups", "mamba_ngroups"])?.unwrap_or(1.0);
    let kernel = keys.size(&["conv_kernel", "mamba_d_conv"])?.unwrap_or(4.0);
    let inner = heads * head_width;
    let (double, channels) = (2.0 * groups * states, inner + 2.0 * groups * states);
    let bias =
        if keys.flag("use_conv_bias").or(keys.flag("mamba_conv_bias")) == Some(false) { 0.0 } else { 1.0 };
    let matrices = d * (2.0 * inner + double + heads) + inner * d;
    // A decay, a step and a skip per head, the norm of the output.
    let small = 3.0 * heads + inner;
    let state = inner * states;
    let group = MixerGroup {
        kind: MixerKind::Mamba2,
        layers: 1,
        state_elements: state,
        conv_elements: (kernel - 1.0) * channels,
        state_bytes_per_element: state_bytes(keys, sizes.activation_bytes),
        attn_flops_const: 6.0 * state,
        ..MixerGroup::default()
    };
    Ok((matrices + (kernel + bias) * channels + small, group))
}

/// A state space of the first kind: no heads, steps through a low rank.
pub(super) fn mamba1(keys: &Keys, sizes: &Sizes) -> Result<Counted, ConfigError> {
    let d = sizes.width;
    let expand = keys.size(&["mamba_expand", "expand"])?.unwrap_or(2.0);
    let states = keys.needed(&["mamba_d_state", "ssm_state_size", "state_size"])?;
    let kernel = keys.size(&["mamba_d_conv", "conv_kernel"])?.unwrap_or(4.0);
    let rank = match keys.first(&["mamba_dt_rank", "time_step_rank"]) {
        Some((key, value)) if value.is_number() => keys.number(key, value)?,
        _ => libm::ceil(d / 16.0),
    };
    // Models of state spaces alone give the width itself.
    let given =
        if sizes.heads.is_none() { keys.size(&["intermediate_size"])?.filter(|it| *it > 0.0) } else { None };
    let inner = given.unwrap_or(expand * d);
    let matrices = d * 2.0 * inner + inner * (rank + 2.0 * states) + rank * inner + inner * d;
    let small = inner * (kernel + 1.0) + inner + inner * states + inner + rank + 2.0 * states;
    let state = inner * states;
    let group = MixerGroup {
        kind: MixerKind::Mamba2,
        layers: 1,
        state_elements: state,
        conv_elements: (kernel - 1.0) * inner,
        state_bytes_per_element: state_bytes(keys, sizes.activation_bytes),
        attn_flops_const: 6.0 * state,
        ..MixerGroup::default()
    };
    keys.remark("Mamba-1 layers are shown and timed as Mamba-2 layers with the same state");
    Ok((matrices + small, group))
}

/// A short convolution between two gates.
pub(super) fn convolution(keys: &Keys, sizes: &Sizes) -> Result<Counted, ConfigError> {
    let d = sizes.width;
    let kernel = keys.needed(&["conv_L_cache"])?;
    let group = MixerGroup {
        kind: MixerKind::Linear,
        layers: 1,
        conv_elements: (kernel - 1.0) * d,
        attn_flops_const: 2.0 * kernel * d,
        ..MixerGroup::default()
    };
    keys.remark("short convolutions are shown as linear attention without a state");
    Ok((4.0 * d * d + kernel * d, group))
}
