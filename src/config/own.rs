//! The user's own models, GPUs and measurements, as part of the settings. Not in BLIS.

use super::gpu::Gpu;
use super::model::Model;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Models that `model.name` finds before the bundled ones, in any case of letters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct OwnModels(pub Vec<Model>);

/// GPUs that `model.hardware` finds before the bundled ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct OwnGpus(pub Vec<Gpu>);

/// A latency model that was fitted to measurements: coefficients that replace those of `model.latency_model`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct MeasuredLatency {
    /// For people.
    pub name: String,
    /// What it was fitted to, in a sentence.
    pub note: String,
    /// By name; those that are left out stay as they are.
    pub coefficients: BTreeMap<String, f64>,
}
