//! What was understood of a model, for people (models chapter, G-3 to G-8).

use super::kv_capacity::{MemoryBudget, kv_capacity, parameter_count};
use super::max_model_len::derived_max_model_len;
use crate::catalog::{Model, Published, published};
use crate::config::Coverage;
use crate::config::architecture::{Architecture, MixerGroup, MixerKind, Part, WeightFormat};
use crate::error::ConfigError;
use serde::Serialize;

/// A model as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ModelDescription {
    /// The name to give as `model.name`.
    pub name: String,
    /// For people.
    pub title: String,
    /// Whether the reference's formulas cover it.
    pub coverage: Coverage,
    /// Layers by kind; empty if only the reference's figures of it are known.
    pub layers: Vec<LayerRow>,
    /// Parameters by part; empty if only the reference's figures of it are known.
    pub parts: Vec<PartRow>,
    /// All parameters.
    pub parameters: f64,
    /// Parameters that a token is multiplied with: without the input embedding, of routed experts those that it uses.
    pub active_parameters: f64,
    /// Bytes of all weights.
    pub weight_bytes: f64,
    /// Bytes of the KV cache per token with 16-bit elements: what grows without bound.
    pub kv_bytes_per_token: f64,
    /// The same if windows are reserved as if they grew.
    pub kv_bytes_per_token_reserved: f64,
    /// Bytes of full windows per sequence with 16-bit elements.
    pub window_bytes_per_sequence: f64,
    /// Bytes of recurrent states per sequence.
    pub state_bytes_per_sequence: f64,
    /// Number format of the KV cache that the file names; empty if it names none.
    pub kv_cache_format: String,
    /// Longest sequence in tokens; 0 = the file does not say.
    pub max_length: f64,
    /// What was assumed or left out, a sentence each, without a dot.
    pub remarks: Vec<String>,
    /// What the reference makes of it.
    pub reference: ReferenceView,
    /// Counts that the maker published, in billions; `null` if they are not known here.
    pub published: Option<Published>,
}

/// Layers of one kind and size.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct LayerRow {
    /// What they are, in a few words.
    pub kind: String,
    /// How many.
    pub layers: u32,
    /// Elements of the KV cache per token and layer, the keys of an indexer included.
    pub elements_per_token: f64,
    /// Tokens that a layer looks back; 0 = all.
    pub window: f64,
    /// Bytes of the state per sequence and layer.
    pub state_bytes: f64,
}

/// One part of the parameters.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct PartRow {
    /// Which one, in a few words.
    pub part: &'static str,
    /// How many.
    pub parameters: f64,
    /// How each is stored.
    pub format: WeightFormat,
    /// Bytes of all.
    pub bytes: f64,
}

/// What the reference makes of a model's file (G-8).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ReferenceView {
    /// Whether it takes the file, on enough memory.
    pub accepts: bool,
    /// Why not; empty if it does.
    pub reason: String,
    /// The parameters that it counts (K-2); `null` if it cannot.
    pub parameters: Option<f64>,
    /// The bytes of weights that follow; `null` if it cannot tell.
    pub weight_bytes: Option<f64>,
}

/// What the reference makes of a model's file: whether it takes it, and the parameters that it counts.
pub fn reference_view(model: &Model) -> ReferenceView {
    // One GPU divides every number of heads; too little memory is no refusal of the file.
    let budget = MemoryBudget { memory_gib: 80.0, tp: 1, utilization: 0.9, block_size: 16 };
    let by_form = model.architecture.as_ref().is_some_and(|architecture| architecture.not_in_reference);
    let reason = match kv_capacity(model, &budget) {
        _ if by_form => "the file is no JSON: it has a number that JSON does not know".to_owned(),
        Ok(_) | Err(ConfigError::DoesNotFit { .. }) if model.is_moe() && model.num_experts_per_tok < 1 => {
            let path = "model.config.num_experts_per_tok";
            ConfigError::invalid(path, model.num_experts_per_tok, "a whole number from 1").to_string()
        }
        Ok(_) | Err(ConfigError::DoesNotFit { .. }) => String::new(),
        Err(error) => error.to_string(),
    };
    // As the reference, where it comes so far.
    let counted = model.num_hidden_layers > 0 && model.hidden_size > 0 && model.intermediate_size > 0;
    let parameters = if counted { parameter_count(model).ok().map(|count| count as f64) } else { None };
    let bytes = parameters.map(|count| count * model.weight_bytes()).filter(|bytes| *bytes > 0.0);
    ReferenceView { accepts: reason.is_empty(), reason, parameters, weight_bytes: bytes }
}

/// What was understood of a model.
pub fn describe(model: &Model) -> ModelDescription {
    let reference = reference_view(model);
    let empty = Architecture::default();
    let architecture = model.architecture.as_ref();
    let known = architecture.unwrap_or(&empty);
    let sum = |of: &dyn Fn(&MixerGroup) -> f64| -> f64 {
        known.mixers.iter().map(|group| f64::from(group.layers) * of(group)).sum()
    };
    let growing = |group: &MixerGroup| if is_windowed(group) { 0.0 } else { group.elements_per_token };
    let reserved = |group: &MixerGroup| group.elements_per_token;
    let index = sum(&|group| group.index_elements_per_token);
    let windows = sum(&|group| {
        let elements = if is_windowed(group) { group.elements_per_token } else { group.window_elements };
        elements * group.window
    });
    let parts = parts(known);
    let (parameters, weight_bytes) = match architecture {
        Some(_) => (known.parts.parameters(), known.parts.bytes()),
        None => (reference.parameters.unwrap_or(0.0), reference.weight_bytes.unwrap_or(0.0)),
    };
    ModelDescription {
        name: model.name.clone(),
        title: model.title.clone(),
        coverage: model.coverage(),
        layers: known.mixers.iter().map(layer_row).chain(feed_forward_rows(known)).collect(),
        active_parameters: active_parameters(known),
        parts,
        parameters,
        weight_bytes,
        kv_bytes_per_token: 2.0 * (sum(&growing) + index),
        kv_bytes_per_token_reserved: 2.0 * (sum(&reserved) + index),
        window_bytes_per_sequence: 2.0 * windows,
        state_bytes_per_sequence: sum(&state_bytes),
        kv_cache_format: known.kv_cache_format.clone(),
        max_length: match architecture {
            Some(known) => f64::from(known.max_length),
            None => derived_max_model_len(model) as f64,
        },
        remarks: known.remarks.clone(),
        reference,
        published: published(&model.name).cloned(),
    }
}

/// Parameters that a token is multiplied with; a head that is the embedding is counted once.
fn active_parameters(known: &Architecture) -> f64 {
    let parts = &known.parts;
    let head = if parts.head.parameters > 0.0 { parts.head.parameters } else { parts.embed.parameters };
    let others = [parts.attn, parts.dense_ffn, parts.shared, parts.router, parts.other];
    head + known.active_expert_parameters + others.iter().map(|part| part.parameters).sum::<f64>()
}

fn is_windowed(group: &MixerGroup) -> bool {
    matches!(group.kind, MixerKind::Sliding | MixerKind::Chunked)
}

fn state_bytes(group: &MixerGroup) -> f64 {
    group.state_elements * group.state_bytes_per_element + 2.0 * group.conv_elements
}

fn layer_row(group: &MixerGroup) -> LayerRow {
    let kind = match group.kind {
        MixerKind::Full if group.elements_per_token == 0.0 => "full attention to shared keys and values",
        MixerKind::Full => "full attention",
        MixerKind::Sliding => "sliding window",
        MixerKind::Chunked => "chunked attention",
        MixerKind::Mla if group.topk > 0.0 => "compressed entries (MLA), chosen by an indexer",
        MixerKind::Mla => "compressed entries (MLA)",
        MixerKind::WindowCompressed => "window and compressed entries",
        MixerKind::Window => "window",
        MixerKind::Linear if group.state_elements == 0.0 => "short convolution",
        MixerKind::Linear => "linear attention",
        MixerKind::Mamba2 => "state space (Mamba)",
    };
    LayerRow {
        kind: kind.to_owned(),
        layers: group.layers,
        elements_per_token: group.elements_per_token + group.index_elements_per_token,
        window: group.window,
        state_bytes: state_bytes(group),
    }
}

fn feed_forward_rows(known: &Architecture) -> impl Iterator<Item = LayerRow> {
    let row = |kind: &str, layers| LayerRow {
        kind: kind.to_owned(),
        layers,
        elements_per_token: 0.0,
        window: 0.0,
        state_bytes: 0.0,
    };
    [row("dense MLP", known.dense_ffn_layers), row("experts (MoE)", known.moe_ffn_layers)]
        .into_iter()
        .filter(|row| row.layers > 0)
}

fn parts(known: &Architecture) -> Vec<PartRow> {
    const NAMES: [&str; 8] = [
        "embedding",
        "output head",
        "mixers",
        "dense MLPs",
        "experts",
        "shared experts",
        "routers",
        "norms and other",
    ];
    let row = |(part, of): (Part, &'static str)| PartRow {
        part: of,
        parameters: part.parameters,
        format: part.format,
        bytes: part.bytes(),
    };
    known.parts.all().into_iter().zip(NAMES).filter(|(part, _)| part.parameters > 0.0).map(row).collect()
}
