//! From settings to what is served, on what, with how many blocks (latency chapter, L-8; kv-capacity chapter, K-1).

use super::by_kind::capacity::{kv_element_bytes, resolve_blocks as resolve_blocks_by_kind};
use super::counting::{self, Counting};
use super::gpu_notes;
use super::kv_capacity::{MAX_BLOCKS, MemoryBudget, bytes_per_token, check_settings, kv_capacity};
use super::max_model_len::{cap_max_model_len, declared_max_model_len};
use super::measured::{self, Tuned};
use super::replaced::{self, Resolved};
use super::{ByKind, Roofline, TrainedPhysics};
use crate::catalog::{self, Gpu, LatencyCoefficients, Model, coefficients};
use crate::config::{LatencyModelName, MemorySettings, ModelSettings, PoolOverrides};
use crate::error::ConfigError;
use crate::units::{Blocks, Tokens};

/// Everything about an instance that follows from the settings of model and memory.
#[derive(Clone, Debug)]
pub struct ServingSetup {
    /// The model served.
    pub model: Model,
    /// The GPU it is served on.
    pub gpu: Gpu,
    /// GPUs per instance.
    pub tp: u32,
    /// Tokens per KV block.
    pub block_size: u32,
    /// KV blocks per instance.
    pub total_kv_blocks: Blocks,
    /// Those of them that a running request takes beside its tokens: recurrent states, and windows that are not reserved.
    /// Always 0 where layers are counted as the reference does.
    pub blocks_per_sequence: Blocks,
    /// Longest prompt plus output of a request; 0 = unlimited.
    pub max_model_len: Tokens,
    /// How the layers of the model are counted.
    pub counting: Counting,
    /// How a step is timed.
    pub latency: LatencyChoice,
    /// What was decided otherwise than the user may expect.
    pub warnings: Vec<String>,
}

/// The latency model in use. Match on it once, outside of loops.
#[derive(Clone, Debug)]
pub enum LatencyChoice {
    /// See [`TrainedPhysics`].
    TrainedPhysics(TrainedPhysics),
    /// See [`Roofline`].
    Roofline(Roofline),
    /// See [`ByKind`].
    ByKind(ByKind),
}

/// Facts from a user's own files, in place of the bundled ones.
#[derive(Clone, Debug, Default)]
pub struct CustomCatalog {
    /// The model, from [`catalog::public_model::from_config_json`].
    pub model: Option<Model>,
    /// The table of GPUs, from [`catalog::parse_gpu_table`].
    pub gpus: Option<Vec<Gpu>>,
}

impl ServingSetup {
    /// Resolves the settings with the bundled models and GPUs.
    ///
    /// # Errors
    ///
    /// The first setting that cannot be used: see [`ServingSetup::resolve_with`].
    pub fn resolve(model: &ModelSettings, memory: &MemorySettings) -> Result<Self, ConfigError> {
        Self::resolve_with(model, memory, &CustomCatalog::default())
    }

    /// Resolves the settings, with a user's own model or GPU table.
    ///
    /// # Errors
    ///
    /// The first setting that cannot be used: an unknown model or GPU, none given and none in the catalogue, the
    /// errors of the block count (K-5), or a latency model that does not accept TP or coefficients (L-7).
    pub fn resolve_with(
        settings: &ModelSettings,
        memory: &MemorySettings,
        custom: &CustomCatalog,
    ) -> Result<Self, ConfigError> {
        let of_the_user = custom.model.as_ref().or_else(|| own_model(settings));
        let bundled = of_the_user.is_none();
        let mut model = of_the_user.map_or_else(|| catalog::find_model(&settings.name), Ok)?.clone();
        let defaults = catalog::catalogue_entry(&settings.name);
        let default_gpu = defaults.map(|entry| entry.hardware.as_str()).or(model.default_hardware.as_deref());
        let gpu = resolve_gpu(settings, default_gpu, custom)?;
        let tp = resolve_tp(settings, defaults.map(|entry| entry.tp).or(model.default_tp))?;
        let tuned = measured::tuned(settings, resolve_coefficients(settings)?, &gpu)?;
        let budget = MemoryBudget {
            memory_gib: gpu.memory_gib,
            tp,
            utilization: memory.gpu_memory_utilization,
            block_size: memory.block_size_in_tokens,
        };
        let counting = counting::counting(settings, memory, &model, bundled)?;
        if counting == Counting::ByKind && model.architecture.is_none() {
            model.architecture = Some(counting::described(&model)?);
        }
        let mut warnings = Vec::new();
        let (total_kv_blocks, blocks_per_sequence) = match counting {
            Counting::AsReference => {
                let blocks = resolve_blocks(&model, memory, &budget, &mut warnings);
                let explain = |error| counting::explain_misfit(error, settings, &model, memory, &budget);
                (blocks.map_err(explain)?, 0)
            }
            Counting::ByKind => resolve_blocks_by_kind(&model, memory, &budget, &mut warnings)?,
        };
        let for_tokens = total_kv_blocks - blocks_per_sequence;
        let max_model_len = resolve_max_model_len(&model, counting, memory, for_tokens, &mut warnings);
        let latency = match counting {
            Counting::AsReference => build_latency_model(settings.latency_model, &model, tp, &tuned)?,
            Counting::ByKind => LatencyChoice::ByKind(by_kind(&model, memory, tp, &tuned)?),
        };
        let in_use = [&tuned.coefficients, bundled_coefficients(settings.latency_model)];
        let measured = settings.measured.as_ref();
        let resolved =
            Resolved { model: &model, gpu: &gpu, budget: &budget, coefficients: in_use, measured, counting };
        warnings.extend(replaced::warnings(&resolved, memory, custom));
        warnings.extend(gpu_notes::notes(settings, &model, &gpu, custom));
        warnings.extend(counting::warnings(counting, &model, memory, blocks_per_sequence > 0));
        let block_size = memory.block_size_in_tokens;
        Ok(Self {
            model,
            gpu,
            tp,
            block_size,
            total_kv_blocks,
            blocks_per_sequence,
            max_model_len,
            counting,
            latency,
            warnings,
        })
    }

    /// Whether prompts that begin alike share KV blocks. Recurrent states and windows of a prompt are gone when it has been
    /// computed, so that nothing could go on from its middle.
    pub const fn prefix_caching(&self) -> bool {
        self.blocks_per_sequence == 0
    }
}

impl ServingSetup {
    /// How steps of a pool are timed: by its own model, with the coefficients of the cluster.
    pub(super) fn latency_of(
        &self,
        settings: &ModelSettings,
        overrides: &PoolOverrides,
        custom: &CustomCatalog,
    ) -> Result<LatencyChoice, ConfigError> {
        let gpu = resolve_gpu(settings, None, custom)?;
        let tp = resolve_tp(settings, None)?;
        let tuned = measured::tuned(settings, resolve_coefficients(settings)?, &gpu)?;
        let name = overrides.latency_model.unwrap_or(settings.latency_model);
        build_latency_model(name, &self.model, tp, &tuned)
    }

    /// Bytes of the KV blocks of a token on one of so many GPUs that share an instance.
    pub fn kv_bytes_per_token(&self, tp: u32) -> f64 {
        bytes_per_token(&self.model, tp)
    }
}

fn by_kind(model: &Model, memory: &MemorySettings, tp: u32, tuned: &Tuned) -> Result<ByKind, ConfigError> {
    let element = kv_element_bytes(model, memory);
    let latency = ByKind::new(model, &tuned.gpu, tp, &tuned.coefficients.alpha_coeffs, element)?;
    Ok(latency.with_step_overhead(tuned.step_overhead))
}

/// The user's own model of the settings' name, in any case of letters.
fn own_model(settings: &ModelSettings) -> Option<&Model> {
    let name = settings.name.to_lowercase();
    settings.own_models.as_ref()?.0.iter().find(|model| model.name.to_lowercase() == name)
}

fn resolve_gpu(
    settings: &ModelSettings,
    default: Option<&str>,
    custom: &CustomCatalog,
) -> Result<Gpu, ConfigError> {
    let table = custom.gpus.as_deref().unwrap_or_else(|| catalog::gpus());
    let name = settings.hardware.as_deref().or(default);
    let Some(name) = name else {
        let known = table.iter().map(|gpu| gpu.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(no_default("model.hardware", "GPU", settings, &format!("one of {known}")));
    };
    let own = settings.own_gpus.iter().flat_map(|own| &own.0).find(|gpu| gpu.name == name);
    own.map_or_else(|| catalog::find_gpu_in(table, name), Ok).cloned()
}

fn resolve_tp(settings: &ModelSettings, default: Option<u32>) -> Result<u32, ConfigError> {
    match settings.tp.or(default) {
        Some(0) => Err(ConfigError::invalid("model.tp", 0, "at least 1")),
        Some(tp) => Ok(tp),
        None => Err(no_default("model.tp", "number of GPUs", settings, "the number of GPUs per instance")),
    }
}

fn no_default(path: &str, what: &str, settings: &ModelSettings, expected: &str) -> ConfigError {
    let expected = format!("{expected} ({} has no default {what})", settings.name);
    ConfigError::invalid(path, "no value", expected)
}

/// The coefficients that belong to a latency model.
pub(super) fn bundled_coefficients(latency_model: LatencyModelName) -> &'static LatencyCoefficients {
    match latency_model {
        LatencyModelName::TrainedPhysics => &coefficients().trained_physics,
        LatencyModelName::Roofline => &coefficients().roofline,
    }
}

/// Own coefficients come in pairs of lists, and belong to trained-physics.
fn resolve_coefficients(settings: &ModelSettings) -> Result<LatencyCoefficients, ConfigError> {
    let bundled = bundled_coefficients(settings.latency_model);
    let (alpha_coeffs, beta_coeffs) = match (&settings.alpha_coeffs, &settings.beta_coeffs) {
        (None, None) => return Ok(bundled.clone()),
        (Some(alpha), Some(beta)) => (alpha.clone(), beta.clone()),
        (Some(_), None) => return Err(half_given("model.alpha_coeffs", "model.beta_coeffs")),
        (None, Some(_)) => return Err(half_given("model.beta_coeffs", "model.alpha_coeffs")),
    };
    if settings.latency_model == LatencyModelName::Roofline {
        return Err(ConfigError::conflict(
            "model.alpha_coeffs",
            "own coefficients",
            "model.latency_model = roofline",
            "model.latency_model = trained-physics, or no coefficients",
        ));
    }
    Ok(LatencyCoefficients { alpha_coeffs, beta_coeffs })
}

fn half_given(given: &str, missing: &str) -> ConfigError {
    ConfigError::conflict(
        given,
        "own coefficients",
        format!("{missing}, which is not set"),
        "both lists or neither",
    )
}

/// The three rules of K-1.
fn resolve_blocks(
    model: &Model,
    memory: &MemorySettings,
    budget: &MemoryBudget,
    warnings: &mut Vec<String>,
) -> Result<Blocks, ConfigError> {
    check_settings(budget)?;
    if let Some(blocks) = memory.total_kv_blocks {
        return if (1..=MAX_BLOCKS).contains(&blocks) {
            Ok(blocks)
        } else {
            let expected = format!("1 to {MAX_BLOCKS}");
            Err(ConfigError::invalid("memory.total_kv_blocks", blocks, expected))
        };
    }
    let missing = if budget.memory_gib <= 0.0 {
        "the GPU's memory is unknown"
    } else if model.expert_count_is_missing() {
        "the model looks like a mixture of experts but gives no number of experts"
    } else {
        return Ok(kv_capacity(model, budget)?.blocks);
    };
    let blocks = coefficients().kv_capacity.blocks_if_not_computable;
    warnings.push(format!("KV blocks cannot be computed ({missing}): {blocks} are assumed"));
    Ok(blocks)
}

fn resolve_max_model_len(
    model: &Model,
    counting: Counting,
    memory: &MemorySettings,
    blocks: Blocks,
    warnings: &mut Vec<String>,
) -> Tokens {
    let wanted = memory.max_model_len.map_or_else(|| declared_max_model_len(model, counting), i64::from);
    let (capped, warning) = cap_max_model_len(wanted, blocks, memory.block_size_in_tokens);
    warnings.extend(warning);
    // Longer than any request can be (token counts are 32 bit), so the limit never bites.
    u32::try_from(capped).unwrap_or(u32::MAX)
}

fn build_latency_model(
    name: LatencyModelName,
    model: &Model,
    tp: u32,
    tuned: &Tuned,
) -> Result<LatencyChoice, ConfigError> {
    let Tuned { coefficients, gpu, step_overhead } = tuned;
    Ok(match name {
        LatencyModelName::TrainedPhysics => {
            LatencyChoice::TrainedPhysics(TrainedPhysics::new(model, gpu, tp, coefficients)?)
        }
        LatencyModelName::Roofline => {
            let roofline = Roofline::new(model, gpu, tp, &coefficients.alpha_coeffs)?;
            LatencyChoice::Roofline(roofline.with_step_overhead(*step_overhead))
        }
    })
}

#[cfg(test)]
mod tests;
