//! Whether the layers of a model are counted as the reference does or by their kind, and what to say about it (models
//! chapter, G-8). Ours.

use super::by_kind::capacity::{cache_bytes, capacity_by_kind};
use super::kv_capacity::{self, BYTES_PER_GIB, MemoryBudget, parameter_count};
use super::validity;
use crate::catalog::{Model, derived_architecture};
use crate::config::architecture::{MixerGroup, MixerKind};
use crate::config::{
    Architecture, Coverage, KvCacheFormat, KvWindows, LatencyModelName, LayerCounting, MemorySettings,
    ModelSettings,
};
use crate::error::ConfigError;

/// Parameters that a count may be off without a warning: as much as published figures are rounded by.
const TOLERANCE: f64 = 0.03;

/// The way to the other count.
const BY_KIND: &str = "To count by kind set model.layers to by-kind and model.latency_model to roofline (--layers by-kind \
                       --latency-model roofline)";

/// How the layers are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// As BLIS does: every layer as attention and one feed-forward block.
    AsReference,
    /// By kind.
    ByKind,
}

/// What the settings ask for, or what the model's file allows. `bundled`: the model is no file of the user's.
///
/// # Errors
///
/// At `model.latency_model` if layers are counted by kind and that is not roofline.
pub(super) fn counting(
    settings: &ModelSettings,
    memory: &MemorySettings,
    model: &Model,
    bundled: bool,
) -> Result<Counting, ConfigError> {
    let by_kind = match settings.layers {
        LayerCounting::Reference => false,
        LayerCounting::ByKind => true,
        LayerCounting::Auto => {
            // What the reference makes of a user's file is what its own command line gives. Of the bundled models it has
            // only those that it covers.
            let other = bundled && model.coverage() == Coverage::RooflineOnly;
            model.architecture.is_some() && (other || !is_readable_by_reference(settings, memory, model))
        }
    };
    if !by_kind {
        return Ok(Counting::AsReference);
    }
    if settings.latency_model == LatencyModelName::TrainedPhysics {
        return Err(ConfigError::conflict(
            "model.latency_model",
            "trained-physics",
            format!(
                "{}, whose layers are counted by kind: the coefficients of trained-physics were fitted to models with full \
                 attention in every layer",
                model.name
            ),
            "model.latency_model = roofline (--latency-model roofline)",
        ));
    }
    Ok(Counting::ByKind)
}

/// The layers by kind of a model that is known only as the reference has it.
///
/// # Errors
///
/// At `model.layers`, with what is missing.
pub(super) fn described(model: &Model) -> Result<Architecture, ConfigError> {
    derived_architecture(model).map_err(|error| {
        ConfigError::conflict(
            "model.layers",
            "by-kind",
            format!("{}, of which the layers by kind are not known ({error})", model.name),
            "auto or reference, or the model's own config.json",
        )
    })
}

/// Whether the reference could serve the model of this file on some GPU.
fn is_readable_by_reference(settings: &ModelSettings, memory: &MemorySettings, model: &Model) -> bool {
    let described = model.architecture.as_ref();
    if described.is_some_and(|architecture| architecture.not_in_reference) {
        return false;
    }
    let counted = memory.total_kv_blocks.is_some() || model.expert_count_is_missing();
    let timed = match settings.latency_model {
        LatencyModelName::TrainedPhysics => validity::check_model_of_trained_physics(model),
        LatencyModelName::Roofline => validity::check_model_of_roofline(model),
    };
    validity::check_model(model).is_ok() && timed.is_ok() && (counted || kv_capacity::accepts(model))
}

/// What to say where a model does not fit as the reference counts it, but does by kind.
pub(super) fn explain_misfit(
    error: ConfigError,
    settings: &ModelSettings,
    model: &Model,
    memory: &MemorySettings,
    budget: &MemoryBudget,
) -> ConfigError {
    let ConfigError::DoesNotFit { weights_gib, .. } = &error else { return error };
    let Ok(capacity) = capacity_by_kind(model, memory, budget) else { return error };
    if settings.layers != LayerCounting::Auto {
        return error;
    }
    ConfigError::conflict(
        "model.layers",
        "auto",
        format!(
            "{} on {} GPU(s): BLIS counts {weights_gib:.1} GiB of weights, for which they are too small; the model's file \
             says {:.1} GiB",
            model.name,
            budget.tp,
            capacity.weight_bytes / BYTES_PER_GIB,
        ),
        "by-kind, with model.latency_model = roofline (--layers by-kind --latency-model roofline), or more GPUs",
    )
}

/// One sentence, without a dot, for everything about the counting that should be known.
pub(super) fn warnings(
    counting: Counting,
    model: &Model,
    memory: &MemorySettings,
    states: bool,
) -> Vec<String> {
    match counting {
        Counting::AsReference => miscounted(model, memory).into_iter().chain(ignored(memory)).collect(),
        Counting::ByKind => {
            let label =
                "roofline, not in BLIS: layers are counted by kind, which was not compared with measurements";
            std::iter::once(label.to_owned()).chain(states.then(|| without_prefix_caching(model))).collect()
        }
    }
}

/// What only counting by kind reads.
fn ignored(memory: &MemorySettings) -> Option<String> {
    let format = (memory.kv_cache_format != KvCacheFormat::Auto).then_some("memory.kv_cache_format");
    let windows = (memory.kv_windows != KvWindows::Reserved).then_some("memory.kv_windows");
    let names: Vec<&str> = format.into_iter().chain(windows).collect();
    let verb = if names.len() == 1 { "has" } else { "have" };
    (!names.is_empty()).then(|| {
        format!("{} {verb} no effect: layers are counted as in BLIS (model.layers)", names.join(" and "))
    })
}

fn without_prefix_caching(model: &Model) -> String {
    let recurrent = model
        .architecture
        .iter()
        .flat_map(|architecture| &architecture.mixers)
        .any(|group| matches!(group.kind, MixerKind::Linear | MixerKind::Mamba2));
    let what = if recurrent { "recurrent states" } else { "windows" };
    format!("prefix caching is off: {what} can be shared between requests only with snapshots of them")
}

/// Layers that the reference takes for something else although the sizes come out alike.
fn other_layers(model: &Model) -> Option<String> {
    let architecture = model.architecture.as_ref()?;
    if model.coverage() == Coverage::AsInBlis {
        return None;
    }
    let layers_with = |is: fn(&MixerGroup) -> bool| -> u32 {
        architecture.mixers.iter().filter(|group| is(group)).map(|group| group.layers).sum()
    };
    let kinds = [
        (layers_with(|group| group.window > 0.0), "a window"),
        (layers_with(|group| group.topk > 0.0), "a selection of tokens"),
        (layers_with(|group| group.state_elements > 0.0), "a state"),
    ];
    let named = kinds.iter().filter(|(layers, _)| *layers > 0);
    let named: Vec<String> = named.map(|(layers, what)| format!("{layers} with {what}")).collect();
    let others = if named.is_empty() { "parts of other kinds or sizes".to_owned() } else { named.join(", ") };
    Some(format!(
        "layers are counted as in BLIS, each as full attention and one feed-forward block; the model's file has {others} \
         among its {}. {BY_KIND}",
        architecture.layers
    ))
}

/// Both figures, where the reference's are wrong.
fn miscounted(model: &Model, memory: &MemorySettings) -> Option<String> {
    let parts = &model.architecture.as_ref()?.parts;
    // A share of the KV cache per GPU is counted otherwise, too; one GPU shows what the layers are.
    let theirs = parameter_count(model).ok()? as f64;
    let Ok(cache) = cache_bytes(model, memory, 1) else { return other_layers(model) };
    let ours = parts.parameters();
    let (their_weights, our_weights) = (theirs * model.weight_bytes(), parts.bytes());
    let (their_bytes, our_bytes) = (kv_capacity::bytes_per_token(model, 1), cache.per_token);
    let differ = |one: f64, other: f64| (one - other).abs() > TOLERANCE * other;
    let fixed = cache.per_sequence > 0.0;
    let agree = !differ(theirs, ours)
        && !differ(their_weights, our_weights)
        && !differ(their_bytes, our_bytes)
        && !fixed;
    if agree {
        return other_layers(model);
    }
    let state =
        if fixed { format!(", and {:.1} MB per sequence", cache.per_sequence / 1e6) } else { String::new() };
    Some(format!(
        "layers are counted as in BLIS: {:.1} billion parameters in {:.1} GB, {their_bytes:.0} KV bytes per token; the \
         model's file says {:.1} billion in {:.1} GB, {our_bytes:.0} bytes per token{state}. {BY_KIND}",
        theirs / 1e9,
        their_weights / 1e9,
        ours / 1e9,
        our_weights / 1e9,
    ))
}
