//! How many KV blocks an instance has where layers are counted by kind (models chapter, G-5 and G-6). Not in BLIS.
//!
//! Unlike the reference's count (K-4), what is free and what a block takes are those of the same GPU.

use super::facts::Facts;
use crate::catalog::{Model, coefficients};
use crate::config::architecture::{MixerGroup, MixerKind};
use crate::config::{KvCacheFormat, KvWindows, MemorySettings};
use crate::error::ConfigError;
use crate::latency::kv_capacity::{BYTES_PER_GIB, MAX_BLOCKS, MemoryBudget, Shares, check_settings};
use crate::units::Blocks;

/// What the cache of a model takes of one GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CacheBytes {
    /// Per token of the context, without bound.
    pub per_token: f64,
    /// Per sequence, whatever its context: recurrent states, and windows that are not reserved as if they grew.
    pub per_sequence: f64,
}

/// The block count and how it comes about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CapacityByKind {
    /// Bytes of the weights on all GPUs.
    pub weight_bytes: f64,
    /// Cache on one GPU.
    pub cache: CacheBytes,
    /// Bytes of one GPU that are left for it.
    pub free_bytes: f64,
    /// Bytes of a block on one GPU.
    pub bytes_per_block: f64,
    /// Blocks of an instance.
    pub blocks: Blocks,
    /// Blocks that stand for what a sequence takes whatever its context.
    pub blocks_per_sequence: Blocks,
}

/// Bytes of an element of the KV cache (G-5).
pub fn kv_element_bytes(model: &Model, memory: &MemorySettings) -> f64 {
    // Servers load 32-bit files as 16 bit.
    let activations = 2.0;
    match memory.kv_cache_format {
        KvCacheFormat::Bf16 => 2.0,
        KvCacheFormat::Fp8 => 1.0,
        KvCacheFormat::Auto => match &model.architecture {
            Some(architecture) if architecture.kv_cache_format.to_ascii_lowercase().contains("fp8") => 1.0,
            _ => activations,
        },
    }
}

/// What the cache of a model takes of each of `tp` GPUs (G-6).
///
/// # Errors
///
/// At `model.layers` and below `model.config.architecture`.
pub fn cache_bytes(model: &Model, memory: &MemorySettings, tp: u32) -> Result<CacheBytes, ConfigError> {
    let facts = Facts::new(model)?;
    let element = kv_element_bytes(model, memory);
    let mut cache = CacheBytes { per_token: 0.0, per_sequence: 0.0 };
    for group in &facts.architecture.mixers {
        let of_group = bytes_of_group(&facts, group, memory.kv_windows, f64::from(tp), element);
        cache.per_token += of_group.per_token;
        cache.per_sequence += of_group.per_sequence;
    }
    Ok(cache)
}

fn bytes_of_group(
    facts: &Facts<'_>,
    group: &MixerGroup,
    windows: KvWindows,
    tp: f64,
    element: f64,
) -> CacheBytes {
    let layers = f64::from(group.layers);
    let entries = layers * group.elements_per_token * element;
    let index = layers * group.index_elements_per_token * element;
    match group.kind {
        MixerKind::Full => {
            CacheBytes { per_token: entries * facts.head_share(group, tp) + index, per_sequence: 0.0 }
        }
        MixerKind::Sliding | MixerKind::Chunked => {
            let per_token = entries * facts.head_share(group, tp);
            match windows {
                KvWindows::Reserved => CacheBytes { per_token: per_token + index, per_sequence: 0.0 },
                KvWindows::Needed => CacheBytes { per_token: index, per_sequence: per_token * group.window },
            }
        }
        // On every GPU.
        MixerKind::Mla => CacheBytes { per_token: entries + index, per_sequence: 0.0 },
        MixerKind::Window | MixerKind::WindowCompressed => CacheBytes {
            per_token: entries + index,
            per_sequence: layers * group.window_elements * group.window * element,
        },
        MixerKind::Linear | MixerKind::Mamba2 => {
            let state = group.state_bytes_per_element * group.state_elements + 2.0 * group.conv_elements;
            CacheBytes { per_token: index, per_sequence: layers * state / tp }
        }
    }
}

/// Blocks of this many bytes that one sequence takes for what does not grow with its context.
fn blocks_per_sequence(
    cache: CacheBytes,
    bytes_per_block: f64,
    block_size: u32,
) -> Result<Blocks, ConfigError> {
    let blocks = (cache.per_sequence / bytes_per_block).ceil();
    if blocks > f64::from(MAX_BLOCKS) {
        let expected =
            format!("larger blocks: a sequence takes {blocks} of {bytes_per_block} bytes beside its tokens");
        return Err(ConfigError::invalid("memory.block_size_in_tokens", block_size, expected));
    }
    Ok(blocks as Blocks)
}

/// Computes the block count.
///
/// # Errors
///
/// As the reference's count: at `memory.gpu_memory_utilization`, `memory.block_size_in_tokens`, `model.tp`, and below
/// `model.config` and `model.hardware`; besides, if not even one sequence has room beside its states.
pub fn capacity_by_kind(
    model: &Model,
    memory: &MemorySettings,
    budget: &MemoryBudget,
) -> Result<CapacityByKind, ConfigError> {
    check_settings(budget)?;
    if budget.tp == 0 {
        return Err(ConfigError::invalid("model.tp", 0, "at least 1"));
    }
    if !(budget.memory_gib > 0.0 && budget.memory_gib.is_finite()) {
        let expected = "a positive finite number";
        return Err(ConfigError::invalid("model.hardware.MemoryGiB", budget.memory_gib, expected));
    }
    let facts = Facts::new(model)?;
    let cache = cache_bytes(model, memory, budget.tp)?;
    let weight_bytes = facts.architecture.parts.bytes();
    let shares = Shares::new(weight_bytes, facts.is_moe(), budget);
    if shares.overhead >= shares.available {
        return Err(shares.does_not_fit(budget));
    }
    let free_bytes = shares.free_bytes() / f64::from(budget.tp);
    // Where nothing grows, tokens take practically nothing: blocks are as small as their count allows.
    let smallest = free_bytes / f64::from(MAX_BLOCKS);
    let grows = cache.per_token > 0.0;
    let bytes_per_block = if grows { cache.per_token * f64::from(budget.block_size) } else { smallest };
    let blocks = (free_bytes / bytes_per_block).floor();
    if blocks > f64::from(MAX_BLOCKS) {
        let expected = format!("at most {MAX_BLOCKS} blocks: use larger blocks or give the count");
        return Err(ConfigError::invalid("memory.total_kv_blocks", format!("{blocks} (computed)"), expected));
    }
    let blocks_per_sequence = blocks_per_sequence(cache, bytes_per_block, budget.block_size)?;
    if blocks < f64::from(blocks_per_sequence) + 1.0 {
        let (free, needed) = (free_bytes / BYTES_PER_GIB, cache.per_sequence / BYTES_PER_GIB);
        let expected = format!(
            "room for one sequence: {free:.2} GiB per GPU are free, a sequence takes {needed:.2} GiB and \
             {bytes_per_block} bytes per KV block"
        );
        return Err(ConfigError::invalid("memory.gpu_memory_utilization", budget.utilization, expected));
    }
    let blocks = blocks as Blocks;
    Ok(CapacityByKind { weight_bytes, cache, free_bytes, bytes_per_block, blocks, blocks_per_sequence })
}

/// The rules of K-1 for layers by kind: blocks of an instance, and those of them that a sequence takes beside its tokens.
///
/// # Errors
///
/// As [`capacity_by_kind`]; at `memory.total_kv_blocks` if it is out of range or leaves no room for one sequence.
pub(in crate::latency) fn resolve_blocks(
    model: &Model,
    memory: &MemorySettings,
    budget: &MemoryBudget,
    warnings: &mut Vec<String>,
) -> Result<(Blocks, Blocks), ConfigError> {
    check_settings(budget)?;
    let (blocks, path) = match memory.total_kv_blocks {
        Some(blocks) if (1..=MAX_BLOCKS).contains(&blocks) => (blocks, "memory.total_kv_blocks"),
        Some(blocks) => {
            let expected = format!("1 to {MAX_BLOCKS}");
            return Err(ConfigError::invalid("memory.total_kv_blocks", blocks, expected));
        }
        None if budget.memory_gib > 0.0 => {
            let capacity = capacity_by_kind(model, memory, budget)?;
            return Ok((capacity.blocks, capacity.blocks_per_sequence));
        }
        None => {
            let blocks = coefficients().kv_capacity.blocks_if_not_computable;
            warnings.push(format!(
                "KV blocks cannot be computed (the GPU's memory is unknown): {blocks} are assumed"
            ));
            (blocks, "memory.block_size_in_tokens")
        }
    };
    let cache = cache_bytes(model, memory, budget.tp.max(1))?;
    // Without anything that grows a block has no size of its own, and a given number of them none at all.
    let grows = cache.per_token > 0.0;
    let fixed = if grows {
        let bytes_per_block = cache.per_token * f64::from(budget.block_size);
        blocks_per_sequence(cache, bytes_per_block, budget.block_size)?
    } else {
        0
    };
    if blocks <= fixed {
        let expected = format!("more than the {fixed} blocks that a sequence takes beside its tokens");
        return Err(ConfigError::invalid(path, blocks, expected));
    }
    Ok((blocks, fixed))
}
