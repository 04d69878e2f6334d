//! The whole decoder: layers by kind and parameters by part (models chapter, G-3 to G-6).

use super::attention::{Counted, attention, compressed};
use super::keys::Keys;
use super::plan::{self, Layer, Mixer};
use super::quantisation::{self, Weights};
use super::sizes::Sizes;
use super::{feed_forward, recurrent};
use crate::config::architecture::{Architecture, MixerGroup, Part, Parts};
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// Reads the decoder that a file describes.
pub(super) fn read(
    file: &Map<String, Value>,
    quantisation: Option<&Map<String, Value>>,
) -> Result<Architecture, ConfigError> {
    let keys = Keys::new(file);
    if keys.says("is_encoder_decoder") {
        return Err(keys.wrong(
            "is_encoder_decoder",
            true,
            "a decoder alone: those with an encoder are not known",
        ));
    }
    let sizes = Sizes::read(&keys)?;
    feed_forward::check(&keys)?;
    let layers = plan::layers(&keys, &sizes)?;
    if keys.is_nested() || keys.has_other_towers() {
        keys.remark("without the parts that read pictures or sound");
    }
    for (key, remark) in APPROXIMATED {
        if keys.get(key).is_some_and(|value| value.as_f64() != Some(0.0) && value.as_bool() != Some(false)) {
            keys.remark(remark);
        }
    }
    let drafts = ["num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules"];
    if keys.size_or_0(&drafts)? > 0.0 {
        keys.remark("without the layers that draft tokens (MTP)");
    }
    if sizes.experts.is_some_and(|it| it.idle > 0.0) {
        keys.remark("experts that do nothing are chosen as often as others, on average");
    }
    if sizes.experts.is_some() && !layers.iter().any(|layer| layer.feed_forward.moe) {
        keys.remark("the file has experts, but no layer that uses them");
    }
    let mut counts = Counts { parts: Parts::default(), groups: Vec::new(), weights: Weights::default() };
    counts.add_ends(&keys, &sizes)?;
    for (at, layer) in layers.iter().enumerate() {
        counts.add(&keys, &sizes, at, layer)?;
    }
    let largest = parts_of(&mut counts.parts).into_iter().map(|part| part.parameters).fold(0.0, f64::max);
    if largest > MOST_PARAMETERS {
        let expected = "a model below 10^15 parameters";
        return Err(keys.wrong(
            "hidden_size",
            format_args!("sizes that make {largest:e} parameters"),
            expected,
        ));
    }
    quantisation::apply(&keys, quantisation, &counts.weights, &mut counts.parts)?;
    let per_token = sizes.experts.map_or(0.0, |experts| experts.per_token / experts.count);
    let moe_layers = layers.iter().filter(|layer| layer.feed_forward.moe).count();
    Ok(Architecture {
        layers: layers.len() as u32,
        hidden_size: sizes.width as u32,
        max_length: super::lengths::longest(&keys)?,
        mixers: counts.groups,
        dense_ffn_layers: layers.iter().filter(|layer| layer.feed_forward.dense > 0.0).count() as u32,
        moe_ffn_layers: moe_layers as u32,
        active_expert_parameters: counts.parts.experts.parameters * per_token,
        parts: counts.parts,
        kv_cache_format: quantisation::kv_cache_format(&keys, quantisation),
        not_in_reference: false,
        remarks: keys.into_remarks(),
    })
}

/// Keys of what is counted as something simpler.
const APPROXIMATED: [(&str, &str); 6] = [
    ("cross_attention_layers", "layers of cross-attention are counted as attention to the text"),
    ("dense_attention_every_n_layers", "block-sparse attention is counted as full attention"),
    ("sparse_config", "sparse attention is counted as full attention"),
    ("altup_num_inputs", "alternating updates (AltUp) are not counted"),
    ("laurel_rank", "residual matrices of low rank (LAuReL) are not counted"),
    (
        "num_kv_shared_layers",
        "layers that share keys and values are counted without matrices of their own for them",
    ),
];

/// Far above any model, and low enough that all sums are exact.
const MOST_PARAMETERS: f64 = 1e15;

pub(super) fn parts_of(parts: &mut Parts) -> [&mut Part; 8] {
    let Parts { embed, head, attn, dense_ffn, experts, shared, router, other } = parts;
    [embed, head, attn, dense_ffn, experts, shared, router, other]
}

struct Counts {
    parts: Parts,
    groups: Vec<MixerGroup>,
    weights: Weights,
}

impl Counts {
    /// Embedding, head and the last norm.
    fn add_ends(&mut self, keys: &Keys, sizes: &Sizes) -> Result<(), ConfigError> {
        let matrix = sizes.vocabulary * sizes.width;
        let said = keys.flag("tie_word_embeddings").or(keys.flag("tie_embedding"));
        let tied = said.unwrap_or(sizes.family.tied);
        self.parts.embed.parameters = matrix;
        self.parts.head.parameters = if tied { 0.0 } else { matrix };
        self.parts.other.parameters = sizes.width;
        if sizes.family.positions {
            let positions = keys.size_or_0(&super::LENGTHS)?;
            self.parts.other.parameters += positions * sizes.width;
        }
        Ok(())
    }

    fn add(&mut self, keys: &Keys, sizes: &Sizes, at: usize, layer: &Layer) -> Result<(), ConfigError> {
        for mixer in &layer.mixers {
            let (parameters, group) = counted(keys, sizes, layer, *mixer)?;
            self.parts.attn.parameters += parameters;
            self.weights.mixers.push((at as u32, parameters));
            self.add_group(group);
        }
        let block = layer.feed_forward;
        if block.matrix {
            self.parts.dense_ffn.parameters += sizes.width * sizes.width;
        }
        if block.dense > 0.0 {
            let parameters = feed_forward::dense(keys, sizes, block.dense);
            self.parts.dense_ffn.parameters += parameters;
            self.weights.dense.push((at as u32, parameters));
        }
        if let Some(experts) = sizes.experts.as_ref().filter(|_| block.moe) {
            self.parts.experts.parameters += experts.count * feed_forward::expert(sizes, experts);
            self.parts.shared.parameters += feed_forward::shared(sizes, experts);
            self.parts.router.parameters += feed_forward::router(keys, sizes, experts);
            self.weights.experts.push(at as u32);
        }
        self.parts.other.parameters += small(keys, sizes, layer)?;
        // Embeddings of each token for each layer, looked up and let in through a gate.
        let per_layer = keys.size_or_0(&["hidden_size_per_layer_input"])?;
        if per_layer > 0.0 {
            let vocabulary = keys.size(&["vocab_size_per_layer_input"])?.unwrap_or(sizes.vocabulary);
            self.parts.embed.parameters += vocabulary * per_layer;
            self.parts.other.parameters += 3.0 * sizes.width * per_layer + sizes.width;
        }
        Ok(())
    }

    /// Layers of one kind and size stand together, in the order in which they first occur.
    fn add_group(&mut self, group: MixerGroup) {
        if group == (MixerGroup { layers: 1, ..MixerGroup::default() }) {
            return;
        }
        let same = self.groups.iter_mut().find(|other| MixerGroup { layers: 1, ..**other } == group);
        match same {
            Some(other) => other.layers += 1,
            None => self.groups.push(group),
        }
    }
}

fn counted(keys: &Keys, sizes: &Sizes, layer: &Layer, mixer: Mixer) -> Result<Counted, ConfigError> {
    match mixer {
        Mixer::Full | Mixer::Sliding | Mixer::Chunked => attention(keys, sizes, layer, mixer),
        Mixer::Compressed { ratio } => compressed(keys, sizes, ratio),
        Mixer::DeltaNet => recurrent::delta_net(keys, sizes),
        Mixer::KimiDelta => recurrent::kimi_delta(keys, sizes),
        Mixer::Lightning => recurrent::lightning(keys, sizes),
        Mixer::Mamba2 => recurrent::mamba2(keys, sizes),
        Mixer::Mamba1 => recurrent::mamba1(keys, sizes),
        Mixer::Convolution => recurrent::convolution(keys, sizes),
        Mixer::Matrix => Ok((sizes.width * sizes.width, MixerGroup { layers: 1, ..MixerGroup::default() })),
    }
}

/// Norms and the like of a layer.
fn small(keys: &Keys, sizes: &Sizes, layer: &Layer) -> Result<f64, ConfigError> {
    let d = sizes.width;
    let twice = if layer.mixers == [Mixer::Full; 2] { 2.0 } else { 1.0 };
    let mut parameters = if layer.single { d } else { twice * sizes.family.norms * d };
    // Gemma 4: a factor per layer; with experts three more norms, a factor per channel and one per expert.
    if keys.get("num_global_key_value_heads").is_some() || keys.get("global_head_dim").is_some() {
        parameters += 1.0;
        if let Some(experts) = sizes.experts.filter(|_| keys.says("enable_moe_block")) {
            parameters += 4.0 * d + experts.count;
        }
    }
    // Hyper-connections: before mixer and FFN each.
    let streams = keys.size_or_0(&["hc_mult"])?;
    if streams > 0.0 {
        let mixes = 2.0 * streams + streams * streams;
        parameters += 2.0 * (streams * d * mixes + mixes + 3.0);
    }
    Ok(parameters)
}
