//! How many KV blocks an instance has (kv-capacity chapter, K-2 to K-5).

use crate::catalog::{Model, coefficients};
use crate::error::{ConfigError, Gib};
use crate::units::Blocks;

/// Most blocks of an instance: half of what a block count can hold, so that sums of two counts fit.
pub const MAX_BLOCKS: Blocks = u32::MAX / 2;

/// 2³⁰.
pub(super) const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// Activation functions whose FFN has the three matrices of the formula.
const GATED_ACTIVATIONS: [&str; 4] = ["silu", "swiglu", "geglu", "situ"];

/// What the block count depends on, besides the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MemoryBudget {
    /// Memory of one GPU in GiB.
    pub memory_gib: f64,
    /// GPUs of the instance.
    pub tp: u32,
    /// Fraction of the memory that may be used.
    pub utilization: f64,
    /// Tokens per block.
    pub block_size: u32,
}

/// The block count and how it comes about. Sizes in GiB are of the whole instance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KvCapacity {
    /// p: parameters of the model.
    pub parameters: i64,
    /// w: bytes of all weights.
    pub weight_bytes: i64,
    /// y: KV bytes of one token on one GPU.
    pub bytes_per_token: f64,
    /// c: KV bytes of one block on one GPU.
    pub bytes_per_block: i64,
    /// R: memory that may be used.
    pub available_gib: f64,
    /// V: weights, activations and the rest.
    pub overhead_gib: f64,
    /// Bytes left for KV blocks.
    pub free_bytes: i64,
    /// Blocks of an instance.
    pub blocks: Blocks,
}

/// Computes the block count.
///
/// The budget is that of all GPUs, the cost of a block that of one: the reference does so, and the count therefore
/// grows more than fourfold when TP doubles (K-4).
///
/// # Errors
///
/// The rows of K-5 in their order, at `memory.gpu_memory_utilization`, `memory.block_size_in_tokens`, `model.tp`,
/// and below `model.config` and `model.hardware`; a count above [`MAX_BLOCKS`] at `memory.total_kv_blocks`.
pub fn kv_capacity(model: &Model, budget: &MemoryBudget) -> Result<KvCapacity, ConfigError> {
    check_settings(budget)?;
    check_model(model, budget)?;
    check_heads(model, budget.tp)?;
    let bytes_per_token = bytes_per_token(model, budget.tp);
    let bytes_per_block = (bytes_per_token * f64::from(budget.block_size)) as i64;
    if bytes_per_block <= 0 {
        let expected = format!("a block of at least one byte (a token takes {bytes_per_token} bytes)");
        return Err(ConfigError::invalid("memory.block_size_in_tokens", budget.block_size, expected));
    }
    let parameters = parameter_count(model)?;
    let weight_bytes = (parameters as f64 * model.weight_bytes()) as i64;
    let shares = Shares::new(weight_bytes as f64, model.is_moe(), budget);
    if shares.overhead >= shares.available {
        return Err(shares.does_not_fit(budget));
    }
    let free_bytes = shares.free_bytes() as i64;
    Ok(KvCapacity {
        parameters,
        weight_bytes,
        bytes_per_token,
        bytes_per_block,
        available_gib: shares.available,
        overhead_gib: shares.overhead,
        free_bytes,
        blocks: block_count(free_bytes, bytes_per_block, budget)?,
    })
}

/// p of K-2: parameters of the model, as the block count estimates them.
///
/// # Errors
///
/// Below `model.config` if a count is absurd.
pub fn parameter_count(model: &Model) -> Result<i64, ConfigError> {
    for (field, count) in model.counts() {
        if count.unsigned_abs() > Model::LARGEST_COUNT.unsigned_abs() {
            let expected = format!("at most {}", Model::LARGEST_COUNT);
            return Err(ConfigError::invalid(format!("model.config.{field}"), count, expected));
        }
    }
    let layers = i128::from(model.num_hidden_layers);
    let width = i128::from(model.hidden_size);
    let embedding = i128::from(model.vocab_size) * width;
    let kv_width = i128::from(model.kv_heads()) * i128::from(head_width(model));
    let attention_and_norms = layers * (width * (width + 2 * kv_width) + width * width + 2 * width);
    let head = if model.tie_word_embeddings { 0 } else { embedding };
    let parameters = embedding + attention_and_norms + feed_forward(model) + head + width;
    i64::try_from(parameters).map_err(|_| {
        ConfigError::invalid("model.config", format!("{parameters} parameters"), "fewer than 2^63")
    })
}

/// F of K-2. Layers that are dense between MoE layers count as MoE layers; only the dense prefix counts as dense.
fn feed_forward(model: &Model) -> i128 {
    let layers = i128::from(model.num_hidden_layers);
    let width = i128::from(model.hidden_size);
    let ffn = i128::from(model.intermediate_size);
    if !model.is_moe() {
        return layers * 3 * width * ffn;
    }
    let or_ffn = |declared: i64| if declared > 0 { i128::from(declared) } else { ffn };
    let experts = i128::from(model.num_local_experts);
    let expert_width = or_ffn(model.moe_intermediate_size);
    let dense_width = or_ffn(model.intermediate_size_mlp);
    let shared_width = i128::from(model.shared_expert_intermediate_size);
    let dense_layers = i128::from(model.first_k_dense_replace).min(layers).max(0);
    dense_layers * 3 * width * dense_width
        + (layers - dense_layers)
            * (3 * width * expert_width * experts + 3 * width * shared_width + experts * width)
}

/// a: the declared head width, else the hidden size split over the heads.
fn head_width(model: &Model) -> i64 {
    if model.head_dim > 0 { model.head_dim } else { model.hidden_size / model.num_attention_heads.max(1) }
}

/// y of K-3.
pub(super) fn bytes_per_token(model: &Model, tp: u32) -> f64 {
    let layers = model.num_hidden_layers as f64;
    if model.has_compressed_kv() {
        let width = model.kv_lora_rank.saturating_add(model.qk_rope_head_dim);
        return layers * width as f64 * model.bytes_per_param;
    }
    layers * 2.0 * head_width(model) as f64 * model.kv_heads() as f64 * model.bytes_per_param / f64::from(tp)
}

/// The memory of an instance and its shares, in GiB (K-4).
pub(super) struct Shares {
    pub available: f64,
    weights: f64,
    activations: f64,
    other: f64,
    pub overhead: f64,
}

impl Shares {
    pub fn new(weight_bytes: f64, is_moe: bool, budget: &MemoryBudget) -> Self {
        let constants = &coefficients().kv_capacity;
        let weights = weight_bytes / BYTES_PER_GIB;
        let activations = if is_moe { constants.activation_gib_moe } else { constants.activation_gib_dense };
        let other = if budget.tp == 1 {
            constants.non_torch_gib_per_gpu_tp1
        } else {
            constants.non_torch_gib_per_gpu_tp_many * f64::from(budget.tp)
        };
        Self {
            available: (budget.memory_gib * budget.utilization) * f64::from(budget.tp),
            weights,
            activations,
            other,
            overhead: (weights + activations) + other,
        }
    }

    /// Bytes that are left of all GPUs.
    pub fn free_bytes(&self) -> f64 {
        (self.available - self.overhead) * BYTES_PER_GIB
    }

    /// Rows 8 and 9 of K-5.
    pub fn does_not_fit(&self, budget: &MemoryBudget) -> ConfigError {
        let per_gpu =
            budget.memory_gib * budget.utilization - coefficients().kv_capacity.non_torch_gib_per_gpu_tp_many;
        let minimum = ((self.weights + self.activations) / per_gpu).ceil();
        ConfigError::DoesNotFit {
            value: budget.tp,
            memory_gib: Gib::from_gib(budget.memory_gib),
            needed_gib: Gib::from_gib(self.overhead),
            weights_gib: Gib::from_gib(self.weights),
            activations_gib: Gib::from_gib(self.activations),
            other_gib: Gib::from_gib(self.other),
            available_gib: Gib::from_gib(self.available),
            utilization_percent: (budget.utilization * 100.0).round() as u32,
            minimum_gpus: (per_gpu > 0.0).then_some(minimum as u32),
        }
    }
}

fn block_count(free_bytes: i64, bytes_per_block: i64, budget: &MemoryBudget) -> Result<Blocks, ConfigError> {
    let blocks = free_bytes / bytes_per_block;
    if blocks <= 0 {
        let free = free_bytes as f64 / BYTES_PER_GIB;
        let expected =
            format!("room for one KV block: {free:.2} GiB are free, a block takes {bytes_per_block} bytes");
        return Err(ConfigError::invalid("memory.gpu_memory_utilization", budget.utilization, expected));
    }
    u32::try_from(blocks).ok().filter(|count| *count <= MAX_BLOCKS).ok_or_else(|| {
        let expected = format!("at most {MAX_BLOCKS} blocks: use larger blocks or give the count");
        ConfigError::invalid("memory.total_kv_blocks", format!("{blocks} (computed)"), expected)
    })
}

/// Rows 1 and 2 of K-5: valid settings, whether the count is computed or given.
///
/// # Errors
///
/// At `memory.gpu_memory_utilization` or `memory.block_size_in_tokens`.
pub fn check_settings(budget: &MemoryBudget) -> Result<(), ConfigError> {
    let utilization = budget.utilization;
    if !(utilization > 0.0 && utilization <= 1.0) {
        return Err(ConfigError::invalid("memory.gpu_memory_utilization", utilization, "above 0, at most 1"));
    }
    if budget.block_size == 0 {
        return Err(ConfigError::invalid("memory.block_size_in_tokens", 0, "at least 1"));
    }
    Ok(())
}

/// Whether the count can be computed for some GPU: whether the model has what the formulas need.
pub(super) fn accepts(model: &Model) -> bool {
    let any = MemoryBudget { memory_gib: 1.0, tp: 1, utilization: 1.0, block_size: 1 };
    check_model(model, &any).is_ok() && check_heads(model, 1).is_ok() && parameter_count(model).is_ok()
}

/// Rows 3 to 5 of K-5.
fn check_model(model: &Model, budget: &MemoryBudget) -> Result<(), ConfigError> {
    positive_count("intermediate_size", model.intermediate_size)?;
    positive_count("vocab_size", model.vocab_size)?;
    positive_figure("model.hardware.MemoryGiB", budget.memory_gib)?;
    let weight_bytes = model.weight_bytes_per_param;
    if !(weight_bytes >= 0.0 && weight_bytes.is_finite()) {
        let expected = "a finite number, 0 or more";
        return Err(ConfigError::invalid("model.config.weight_bytes_per_param", weight_bytes, expected));
    }
    let activation = model.hidden_act.as_str();
    if !(activation.is_empty() || GATED_ACTIVATIONS.contains(&activation)) {
        let expected = format!("one of {}", GATED_ACTIVATIONS.join(", "));
        return Err(ConfigError::invalid("model.config.hidden_act", format!("`{activation}`"), expected));
    }
    if budget.tp == 0 {
        return Err(ConfigError::invalid("model.tp", 0, "at least 1"));
    }
    positive_count("num_hidden_layers", model.num_hidden_layers)?;
    positive_count("num_attention_heads", model.num_attention_heads)?;
    positive_count("hidden_size", model.hidden_size)?;
    positive_figure("model.config.torch_dtype", model.bytes_per_param)
}

/// Row 6 of K-5.
fn check_heads(model: &Model, tp: u32) -> Result<(), ConfigError> {
    if model.has_compressed_kv() {
        return positive_count("kv_lora_rank", model.kv_lora_rank.saturating_add(model.qk_rope_head_dim));
    }
    let (heads, width, kv_heads) = (model.num_attention_heads, model.hidden_size, model.kv_heads());
    if model.head_dim == 0 && width % heads != 0 {
        let expected = format!("a multiple of the {heads} attention heads");
        return Err(ConfigError::invalid("model.config.hidden_size", width, expected));
    }
    if kv_heads < 0 {
        return Err(ConfigError::invalid("model.config.num_key_value_heads", kv_heads, "0 or more"));
    }
    let gpus = i64::from(tp);
    if kv_heads >= gpus && kv_heads % gpus != 0 {
        return Err(ConfigError::invalid("model.tp", tp, format!("a divisor of the {kv_heads} KV heads")));
    }
    Ok(())
}

fn positive_count(field: &str, count: i64) -> Result<(), ConfigError> {
    if count > 0 {
        Ok(())
    } else {
        Err(ConfigError::invalid(format!("model.config.{field}"), count, "at least 1"))
    }
}

fn positive_figure(path: &str, figure: f64) -> Result<(), ConfigError> {
    if figure > 0.0 && figure.is_finite() {
        Ok(())
    } else {
        Err(ConfigError::invalid(path, figure, "a positive finite number"))
    }
}

#[cfg(test)]
mod tests;
