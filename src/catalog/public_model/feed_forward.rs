//! Which layers have experts (models chapter, G-3), and what FFNs weigh (G-4).

use super::keys::{Keys, shown};
use super::plan::{FeedForward, per_layer};
use super::sizes::{Experts, Sizes, is_doubled};
use crate::error::ConfigError;
use serde_json::Value;
use std::collections::BTreeSet;

/// The FFN of each layer.
pub(super) fn of_layers(keys: &Keys, sizes: &Sizes) -> Result<Vec<FeedForward>, ConfigError> {
    let rule = Rule::read(keys, sizes.layers)?;
    let widths = match keys.get("intermediate_size") {
        Some(Value::Array(_)) => per_layer(keys, "intermediate_size", sizes.layers)?,
        _ => None,
    };
    // Only blocks of state spaces come without.
    let without = sizes.heads.is_none() && sizes.experts.is_none() && sizes.family.norms < 2.0;
    let mut layers = Vec::with_capacity(sizes.layers);
    for at in 0..sizes.layers {
        let moe = sizes.experts.is_some() && rule.is_moe(at);
        let mut layer = FeedForward { moe, ..FeedForward::default() };
        if (!moe || rule.both) && !without {
            layer.dense = match widths {
                Some(list) => keys.number("intermediate_size", &list[at])?,
                None => sizes.dense(keys)?,
            };
            if rule.twice {
                layer.dense *= 2.0;
            }
        }
        layers.push(layer);
    }
    Ok(layers)
}

/// Which layers are MoE, in a model that has experts.
struct Rule<'a> {
    frequencies: Option<&'a [Value]>,
    words: Option<&'a [Value]>,
    step: usize,
    first_dense: usize,
    end: usize,
    dense: Vec<usize>,
    sparse_step: usize,
    frequency: usize,
    period: usize,
    offset: usize,
    interval: usize,
    /// The layers with experts, where the file lists them.
    listed: Option<BTreeSet<usize>>,
    both: bool,
    twice: bool,
}

impl<'a> Rule<'a> {
    fn read(keys: &Keys<'a>, layers: usize) -> Result<Self, ConfigError> {
        let listed = matches!(keys.get("moe_layer_freq"), Some(Value::Array(_)));
        let or = |names: &[&str], default: f64| -> Result<usize, ConfigError> {
            Ok(keys.size(names)?.unwrap_or(default) as usize)
        };
        let dense = keys.list("mlp_only_layers").unwrap_or_default();
        Ok(Self {
            frequencies: if listed { per_layer(keys, "moe_layer_freq", layers)? } else { None },
            words: per_layer(keys, "mlp_layer_types", layers)?,
            step: or(&["interleave_moe_layer_step"], 0.0)?,
            first_dense: or(
                &[
                    "first_k_dense_replace",
                    "num_dense_layers",
                    "moe_layer_start_index",
                    "moe_layer_num_skipped",
                ],
                0.0,
            )?,
            // A negative one counts from the end, as the last layer.
            end: match keys.get("moe_layer_end_index").and_then(Value::as_i64) {
                Some(..0) => layers,
                _ => or(&["moe_layer_end_index"], layers as f64)?,
            },
            dense: dense
                .iter()
                .map(|value| Ok(keys.number("mlp_only_layers", value)? as usize))
                .collect::<Result<_, _>>()?,
            sparse_step: or(&["decoder_sparse_step"], 1.0)?,
            frequency: if listed { 1 } else { or(&["moe_layer_freq"], 1.0)? },
            period: or(&["expert_layer_period"], 1.0)?,
            offset: or(&["expert_layer_offset"], 0.0)?,
            interval: or(&["moe_layer_interval", "moe_layer_frequency"], 1.0)?,
            listed: keys.get("moe_layers_enum").map(|value| numbers(keys, value)).transpose()?,
            twice: is_doubled(keys),
            both: is_doubled(keys)
                || keys.says("enable_moe_block")
                || keys.says("residual_moe")
                || keys.says("parallel_attn_mlp_res"),
        })
    }

    fn is_moe(&self, at: usize) -> bool {
        let nth = |step: usize| step <= 1 || (at + 1).is_multiple_of(step);
        let freq = self.frequencies.is_none_or(|list| list[at].as_f64() != Some(0.0));
        let word = self.words.is_none_or(|list| list[at].as_str() != Some("dense"));
        freq && word
            && self.listed.as_ref().is_none_or(|list| list.contains(&at))
            && nth(self.step)
            && at >= self.first_dense
            && at <= self.end
            && !self.dense.contains(&at)
            && nth(self.sparse_step)
            && (self.frequency <= 1 || at.is_multiple_of(self.frequency))
            && (self.period <= 1 || at % self.period == self.offset)
            && nth(self.interval)
    }
}

/// Numbers of layers, in a list or a text with commas.
fn numbers(keys: &Keys, value: &Value) -> Result<BTreeSet<usize>, ConfigError> {
    const KEY: &str = "moe_layers_enum";
    let wrong = || keys.wrong(KEY, shown(value), "numbers of layers, in a list or a text with commas");
    match value {
        Value::String(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| part.parse().map_err(|_| wrong())).collect()
        }
        Value::Array(list) => list.iter().map(|it| Ok(keys.number(KEY, it)? as usize)).collect(),
        _ => Err(wrong()),
    }
}

/// Parameters of a dense MLP of this width.
pub(super) fn dense(keys: &Keys, sizes: &Sizes, width: f64) -> f64 {
    let biases = if keys.says("mlp_bias") { (sizes.matrices() - 1.0) * width + sizes.width } else { 0.0 };
    sizes.matrices() * sizes.width * width + biases
}

/// Parameters of one expert.
pub(super) fn expert(sizes: &Sizes, experts: &Experts) -> f64 {
    let biases = if sizes.family.biased_experts { 2.0 * experts.width + experts.inner } else { 0.0 };
    sizes.matrices() * experts.inner * experts.width + biases
}

/// Parameters of the shared experts of a layer, and of the matrices to and from the width that experts work in.
pub(super) fn shared(sizes: &Sizes, experts: &Experts) -> f64 {
    let latent = if experts.inner == sizes.width { 0.0 } else { 2.0 * sizes.width * experts.inner };
    let gate = if experts.shared_gate { sizes.width } else { 0.0 };
    sizes.matrices() * sizes.width * experts.shared + latent + gate
}

/// Parameters of the router of a layer.
pub(super) fn router(keys: &Keys, sizes: &Sizes, experts: &Experts) -> f64 {
    let told =
        ["use_routing_bias", "use_moe_router_bias", "moe_use_aux_free", "moe_router_enable_expert_bias"];
    let scores =
        keys.text(&["scoring_func", "moe_router_activation_func"]).is_some_and(|name| name != "softmax");
    let method = keys.text(&["topk_method"]);
    // Groups of experts without a method are chosen as in DeepSeek-V3.
    let like_v3 =
        method.is_none() && keys.get("routed_scaling_factor").is_some() && keys.get("topk_group").is_some();
    let bias = sizes.family.biased_experts
        || told.iter().any(|key| keys.says(key))
        || scores
        || method == Some("noaux_tc")
        || like_v3;
    let rows = experts.count + experts.idle;
    rows * sizes.width + if bias { rows } else { 0.0 }
}

/// Refuses words that are neither of the two.
pub(super) fn check(keys: &Keys) -> Result<(), ConfigError> {
    let known = |value: &Value| matches!(value.as_str(), Some("dense" | "sparse" | "moe" | "hash_moe"));
    let odd = keys.list("mlp_layer_types").unwrap_or_default().iter().find(|value| !known(value));
    odd.map_or(Ok(()), |value| {
        Err(keys.wrong(
            "mlp_layer_types",
            shown(value),
            "`dense`, `sparse`, `moe` or `hash_moe` for each layer",
        ))
    })
}
