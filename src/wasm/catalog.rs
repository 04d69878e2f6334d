//! What can be served, on what, and whether it fits.

use super::values::{config_from_js, to_js};
use super::{Problem, js_error};
use crate::catalog;
use crate::config::architecture::MixerKind;
use crate::config::{Coverage, Gpu, Model};
use crate::latency::ServingSetup;
use crate::latency::description::describe;
use js_sys::Error;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A model of the catalogue.
#[derive(Debug, Serialize, tsify::Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct CatalogModel {
    /// The name to give as `model.name`.
    pub name: String,
    /// For people.
    pub title: String,
    /// GPU that is taken if none is named.
    pub default_hardware: Option<String>,
    /// GPUs per instance that are taken if none are named.
    pub default_tp: Option<u32>,
    /// Whether BLIS's formulas cover it.
    pub coverage: Coverage,
    /// All its parameters.
    pub parameters: f64,
    /// Parameters that a token is multiplied with; as many as `parameters` where experts are not told from the rest.
    pub active_parameters: f64,
    /// Longest sequence in tokens; 0 = not known.
    pub max_length: f64,
    /// Whether it has routed experts.
    pub moe: bool,
    /// Kinds of its layers, each once; empty if only the reference's figures of it are known.
    pub mixers: Vec<MixerKind>,
    /// Values among 1, 2, 4 and 8 that the trained-physics model accepts.
    pub tp_trained_physics: Vec<u32>,
    /// Values among 1, 2, 4 and 8 that the roofline model accepts.
    pub tp_roofline: Vec<u32>,
}

/// A GPU of the catalogue.
#[derive(Debug, Serialize, tsify::Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct CatalogGpu {
    /// The name to give as `model.hardware`.
    pub name: String,
    /// For people.
    pub title: String,
    /// Memory in GiB.
    pub memory_gib: f64,
    /// Whether BLIS has it.
    pub in_blis: bool,
    /// All its figures, as an entry of `model.own_gpus`.
    pub figures: Gpu,
}

/// What can be served and on what.
#[derive(Debug, Serialize, tsify::Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct Catalog {
    /// Bundled models, those of BLIS first.
    pub models: Vec<CatalogModel>,
    /// Bundled GPUs.
    pub gpus: Vec<CatalogGpu>,
}

/// A model on a number of GPUs, and whether an instance can be set up so.
#[derive(Debug, Serialize, tsify::Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct Fit {
    /// As `model.name`.
    pub model: String,
    /// As `model.hardware`; `null` for the catalogue's default.
    pub hardware: Option<String>,
    /// As `model.tp`; `null` for the catalogue's default.
    pub tp: Option<u32>,
    /// Why not; `null` if it can.
    pub problem: Option<Problem>,
}

fn has_experts(model: &Model) -> bool {
    let known = model.architecture.as_ref();
    known.map_or(model.num_local_experts > 1, |architecture| architecture.moe_ffn_layers > 0)
}

fn mixer_kinds(model: &Model) -> Vec<MixerKind> {
    let mut kinds = Vec::new();
    for group in model.architecture.iter().flat_map(|architecture| &architecture.mixers) {
        if !kinds.contains(&group.kind) {
            kinds.push(group.kind);
        }
    }
    kinds
}

/// The bundled models and GPUs.
#[wasm_bindgen(unchecked_return_type = "Catalog")]
pub fn catalog() -> Result<JsValue, Error> {
    let models = catalog::models().chain(catalog::current_models()).map(|model| {
        let described = describe(model);
        CatalogModel {
            name: model.name.clone(),
            title: model.title.clone(),
            default_hardware: model.default_hardware.clone(),
            default_tp: model.default_tp,
            coverage: described.coverage,
            parameters: described.parameters,
            active_parameters: described.active_parameters,
            max_length: described.max_length,
            moe: has_experts(model),
            mixers: mixer_kinds(model),
            tp_trained_physics: model.tp_trained_physics.clone(),
            tp_roofline: model.tp_roofline.clone(),
        }
    });
    let gpus = catalog::gpus().iter().enumerate().map(|(index, gpu)| CatalogGpu {
        name: gpu.name.clone(),
        title: gpu.title.clone(),
        memory_gib: gpu.memory_gib,
        in_blis: index < catalog::GPUS_OF_THE_REFERENCE,
        figures: gpu.clone(),
    });
    to_js(&Catalog { models: models.collect(), gpus: gpus.collect() })
}

/// What can be reached from a configuration by one choice: every model on its GPU, and its model on every GPU and on the
/// catalogue's default, with 1 to 32 GPUs per instance (powers of 2) and the default number: whether it fits, and why not.
/// All else is as in the configuration.
///
/// @throws {ConfigError} if it is no configuration
#[wasm_bindgen(unchecked_return_type = "Fit[]")]
pub fn fits(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<JsValue, Error> {
    let config = config_from_js(&config)?;
    let list = crate::latency::fits::fits(&config.model, &config.memory);
    let fits = list.into_iter().map(|fit| Fit {
        problem: fit.problem.as_ref().map(Problem::from),
        model: fit.model,
        hardware: fit.hardware,
        tp: fit.tp,
    });
    to_js(&fits.collect::<Vec<_>>())
}

/// What the instances of some settings can hold.
#[derive(Debug, Serialize, tsify::Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct Serving {
    /// Longest request, prompt and answer together, in tokens; 0 = no limit.
    pub max_model_len: u32,
    /// KV blocks of one instance.
    pub total_kv_blocks: u64,
    /// Tokens of a KV block.
    pub block_size: u32,
    /// How many instances there are.
    pub instances: u32,
}

/// What the instances of a configuration can hold: the longest request, and their KV cache.
///
/// @throws {ConfigError} if the model cannot be served like this
#[wasm_bindgen(unchecked_return_type = "Serving")]
pub fn serving(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<JsValue, Error> {
    let config = config_from_js(&config)?;
    let setup = ServingSetup::resolve(&config.model, &config.memory).map_err(|error| js_error(&error))?;
    to_js(&Serving {
        max_model_len: setup.max_model_len,
        total_kv_blocks: u64::from(setup.total_kv_blocks),
        block_size: setup.block_size,
        instances: config.cluster.num_instances,
    })
}
