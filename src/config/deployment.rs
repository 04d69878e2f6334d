//! What is served on what: model and GPUs, the KV cache of an instance, the size of the cluster.

use super::{
    Kill, KvCacheFormat, KvWindows, LatencyModelName, LayerCounting, MeasuredLatency, OwnGpus, OwnModels,
};
use serde::{Deserialize, Serialize};

/// Model, hardware and latency model (latency chapter, L-8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ModelSettings {
    /// Model name as in the catalogue (`qwen/qwen3-14b`); compared in lower case.
    pub name: String,
    /// GPU name; `null` takes the catalogue's entry for the model.
    pub hardware: Option<String>,
    /// GPUs per instance (tensor parallelism); `null` takes the catalogue's entry for the model.
    pub tp: Option<u32>,
    /// How a step is timed.
    pub latency_model: LatencyModelName,
    /// Overhead coefficients, at least 3; `null` takes the bundled ones. Only together with `beta_coeffs`.
    pub alpha_coeffs: Option<Vec<f64>>,
    /// Step-time coefficients, at least 7; `null` takes the bundled ones.
    pub beta_coeffs: Option<Vec<f64>>,
    /// How layers are counted: as the reference does, or by their kind (models chapter, G-8). Ours.
    pub layers: LayerCounting,
    /// US dollars per GPU and hour; `null` takes the GPU's default. Ours.
    pub gpu_price: Option<f64>,
    /// The user's own models. Ours.
    pub own_models: Option<OwnModels>,
    /// The user's own GPUs. Ours.
    pub own_gpus: Option<OwnGpus>,
    /// Coefficients fitted to measurements, in place of those of the latency model. Ours.
    pub measured: Option<MeasuredLatency>,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            name: "qwen/qwen3-14b".to_owned(),
            hardware: None,
            tp: None,
            latency_model: LatencyModelName::TrainedPhysics,
            alpha_coeffs: None,
            beta_coeffs: None,
            layers: LayerCounting::Auto,
            gpu_price: None,
            own_models: None,
            own_gpus: None,
            measured: None,
        }
    }
}

/// KV blocks and sequence length (kv-capacity chapter, K-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct MemorySettings {
    /// KV blocks per instance; `null` computes them from model, GPU, TP and memory fraction.
    pub total_kv_blocks: Option<u32>,
    /// Tokens per KV block.
    pub block_size_in_tokens: u32,
    /// Fraction of GPU memory that the engine may use, weights included.
    pub gpu_memory_utilization: f64,
    /// Longest prompt plus output of one request in tokens; 0 is unlimited, `null` derives it from the model.
    pub max_model_len: Option<u32>,
    /// Number format of the KV cache, where layers are counted by kind (models chapter, G-5). Ours.
    pub kv_cache_format: KvCacheFormat,
    /// How the KV cache of layers with a window is budgeted, where layers are counted by kind (models chapter, G-6). Ours.
    pub kv_windows: KvWindows,
    /// KV blocks of a second, larger store in CPU memory; 0 = none (KV tiers chapter, T-1).
    pub kv_cpu_blocks: u32,
    /// Tokens per µs from there to the GPU.
    pub kv_transfer_bandwidth: f64,
    /// µs that each block takes in addition.
    pub kv_transfer_base_latency: i64,
}

impl Default for MemorySettings {
    fn default() -> Self {
        Self {
            total_kv_blocks: None,
            block_size_in_tokens: 16,
            gpu_memory_utilization: 0.9,
            max_model_len: None,
            kv_cache_format: KvCacheFormat::Auto,
            kv_windows: KvWindows::Reserved,
            kv_cpu_blocks: 0,
            kv_transfer_bandwidth: 100.0,
            kv_transfer_base_latency: 0,
        }
    }
}

/// Size of the cluster and end of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ClusterSettings {
    /// Number of identical instances.
    pub num_instances: u32,
    /// Simulated time in µs at which the run is cut; `null` runs until all work is done.
    pub horizon: Option<i64>,
    /// Instances that stop taking requests (events chapter, E-1). Ours.
    pub kills: Vec<Kill>,
}

impl Default for ClusterSettings {
    fn default() -> Self {
        Self { num_instances: 1, horizon: None, kills: Vec::new() }
    }
}
