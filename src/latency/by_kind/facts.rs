//! What a model's layers by kind are, checked, with what the reference's fields give where the description leaves a gap.

use crate::catalog::{Gpu, Model};
use crate::config::Architecture;
use crate::config::architecture::{MixerGroup, MixerKind, Part, WeightFormat};
use crate::error::ConfigError;

/// Most groups of alike layers.
const MOST_GROUPS: usize = 256;

/// Largest figure that a description may hold: products of a few of them stay finite.
const LARGEST: f64 = 1e18;

/// 2⁵³: whole numbers up to here are exact as doubles.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The layers of a model, checked.
#[derive(Clone, Copy, Debug)]
pub(in crate::latency) struct Facts<'a> {
    /// As described.
    pub architecture: &'a Architecture,
    /// Layers.
    pub layers: f64,
    /// Width of the residual stream.
    pub width: f64,
    /// Key and value heads of groups that do not say how many they have.
    kv_heads: f64,
    /// Bytes of an activation.
    pub activation_bytes: f64,
}

impl<'a> Facts<'a> {
    /// Checks the description of a model.
    ///
    /// # Errors
    ///
    /// At `model.layers` if there is none, and below `model.config.architecture` for a figure that cannot be.
    pub fn new(model: &'a Model) -> Result<Self, ConfigError> {
        let Some(architecture) = &model.architecture else {
            return Err(ConfigError::conflict(
                "model.layers",
                "by-kind",
                format!("{}, whose layers by kind are not known", model.name),
                "auto or reference, or the model's own config.json",
            ));
        };
        if architecture.mixers.len() > MOST_GROUPS {
            let expected = format!("at most {MOST_GROUPS} groups of alike layers");
            return Err(invalid("mixers", format!("{} groups", architecture.mixers.len()), expected));
        }
        check_parts(architecture)?;
        for (at, group) in architecture.mixers.iter().enumerate() {
            check_group(at, group)?;
        }
        let mixers: u64 = architecture.mixers.iter().map(|group| u64::from(group.layers)).sum();
        let others = u64::from(architecture.dense_ffn_layers.max(architecture.moe_ffn_layers));
        let layers =
            if architecture.layers > 0 { u64::from(architecture.layers) } else { mixers.max(others) };
        let width = if architecture.hidden_size > 0 {
            i64::from(architecture.hidden_size)
        } else {
            model.hidden_size
        };
        // A layer may have two mixers side by side.
        if layers == 0 || mixers > 2 * layers {
            return Err(invalid(
                "layers",
                layers,
                "at least 1, and at least half as many as there are mixers",
            ));
        }
        if !(1..=Model::LARGEST_COUNT).contains(&width) {
            let expected = format!("1 to {}", Model::LARGEST_COUNT);
            return Err(invalid("hidden_size", width, expected));
        }
        // Servers load 32-bit files as 16 bit, and what has no type or an unknown one is taken as that (G-2).
        let activation_bytes = 2.0;
        let kv_heads = model.kv_heads().clamp(0, Model::LARGEST_COUNT) as f64;
        Ok(Self { architecture, layers: layers as f64, width: width as f64, kv_heads, activation_bytes })
    }

    /// Whether layers have routed experts.
    pub fn is_moe(&self) -> bool {
        self.architecture.parts.experts.parameters > 0.0
    }

    /// The share of a group's KV heads that one of `tp` GPUs holds: heads below TP are repeated (G-7).
    pub fn head_share(&self, group: &MixerGroup, tp: f64) -> f64 {
        let heads = if group.kv_heads > 0 { f64::from(group.kv_heads) } else { self.kv_heads };
        if heads > 0.0 { (heads / tp).ceil() / heads } else { 1.0 / tp }
    }
}

fn check_parts(architecture: &Architecture) -> Result<(), ConfigError> {
    let parts = &architecture.parts;
    let names = ["embed", "head", "attn", "dense_ffn", "experts", "shared", "router", "other"];
    for (name, part) in names.into_iter().zip(parts.all()) {
        figure(&format!("parts.{name}.parameters"), part.parameters)?;
    }
    if parts.parameters() < 1.0 {
        return Err(invalid("parts", "no parameters", "at least one parameter"));
    }
    let active = architecture.active_expert_parameters;
    figure("active_expert_parameters", active)?;
    if active > parts.experts.parameters || (active == 0.0 && parts.experts.parameters > 0.0) {
        let expected = format!("above 0 and at most all {} of the experts", parts.experts.parameters);
        return Err(invalid("active_expert_parameters", active, expected));
    }
    Ok(())
}

fn check_group(at: usize, group: &MixerGroup) -> Result<(), ConfigError> {
    for (name, value) in [
        ("elements_per_token", group.elements_per_token),
        ("index_elements_per_token", group.index_elements_per_token),
        ("window_elements", group.window_elements),
        ("state_elements", group.state_elements),
        ("conv_elements", group.conv_elements),
        ("state_bytes_per_element", group.state_bytes_per_element),
        ("attn_flops_per_ctx", group.attn_flops_per_ctx),
        ("attn_flops_per_ctx_prefill", group.attn_flops_per_ctx_prefill),
        ("index_flops_per_ctx", group.index_flops_per_ctx),
        ("attn_flops_const", group.attn_flops_const),
    ] {
        figure(&format!("mixers[{at}].{name}"), value)?;
    }
    for (name, value) in [("window", group.window), ("topk", group.topk), ("ratio", group.ratio)] {
        let path = format!("mixers[{at}].{name}");
        figure(&path, value)?;
        if value != value.trunc() || value > EXACT {
            return Err(invalid(&path, value, "a whole number of tokens, 0 for none"));
        }
    }
    if matches!(
        group.kind,
        MixerKind::Sliding | MixerKind::Chunked | MixerKind::Window | MixerKind::WindowCompressed
    ) && group.window == 0.0
    {
        return Err(invalid(&format!("mixers[{at}].window"), 0, "at least 1 in layers with a window"));
    }
    Ok(())
}

fn figure(place: &str, value: f64) -> Result<(), ConfigError> {
    if (0.0..=LARGEST).contains(&value) {
        Ok(())
    } else {
        Err(invalid(place, value, format!("a number from 0 to {LARGEST:e}")))
    }
}

fn invalid(place: &str, value: impl std::fmt::Display, expected: impl std::fmt::Display) -> ConfigError {
    ConfigError::invalid(format!("model.config.architecture.{place}"), value, expected)
}

/// Peak rate of the matrices of a part in FLOP/s: 8-bit and 4-bit rates only where weights and activations have that
/// format and the GPU has the rate (G-7.1).
pub(super) fn rate(part: &Part, gpu: &Gpu) -> f64 {
    let special = match part.format {
        WeightFormat::Fp8
        | WeightFormat::Fp8Block128
        | WeightFormat::Fp8Block128Ue8m0
        | WeightFormat::Mxfp8 => gpu.fp8_tflops,
        WeightFormat::Nvfp4 => gpu.fp4_tflops,
        WeightFormat::Fp32
        | WeightFormat::Bf16
        | WeightFormat::Mxfp4
        | WeightFormat::Int8
        | WeightFormat::Int4G32
        | WeightFormat::Int4G64
        | WeightFormat::Int4G128 => 0.0,
    };
    (if special > 0.0 { special } else { gpu.peak_tflops }) * 1e12
}
