//! What an instance of a pool serves with: its own KV blocks, longest request and latency model (disaggregation chapter, D-2.2).

use super::counting::Counting;
use super::setup::{CustomCatalog, ServingSetup};
use super::{LatencyModel, Roofline, StepLoad, TrainedPhysics};
use crate::config::{MemorySettings, ModelSettings, PoolOverrides};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};

/// The two latency models of the reference in one type, for runs whose pools are timed by different ones.
#[derive(Clone, Debug)]
pub enum MixedModel {
    /// See [`TrainedPhysics`].
    TrainedPhysics(TrainedPhysics),
    /// See [`Roofline`].
    Roofline(Roofline),
}

impl LatencyModel for MixedModel {
    fn step_time(&self, load: &StepLoad<'_>, progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        match self {
            Self::TrainedPhysics(model) => model.step_time(load, progress),
            Self::Roofline(model) => model.step_time(load, progress),
        }
    }

    fn queueing_delay(&self, input: Tokens) -> Micros {
        match self {
            Self::TrainedPhysics(model) => model.queueing_delay(input),
            Self::Roofline(model) => model.queueing_delay(input),
        }
    }

    fn output_overhead(&self) -> Micros {
        match self {
            Self::TrainedPhysics(model) => model.output_overhead(),
            Self::Roofline(model) => model.output_overhead(),
        }
    }

    fn completion_overhead(&self) -> Micros {
        match self {
            Self::TrainedPhysics(model) => model.completion_overhead(),
            Self::Roofline(model) => model.completion_overhead(),
        }
    }
}

impl ServingSetup {
    /// The setup of a pool, if this is that of the cluster. Another number of GPUs, or another GPU, means KV blocks that are counted
    /// anew, also where a number was given for the cluster; how long a step takes changes with the number of GPUs and the latency
    /// model only.
    ///
    /// # Errors
    /// What the pool changes cannot be used.
    pub fn of_pool(
        &self,
        (model, memory): (&ModelSettings, &MemorySettings),
        overrides: &PoolOverrides,
        custom: &CustomCatalog,
    ) -> Result<Self, ConfigError> {
        if self.counting == Counting::ByKind {
            return Err(ConfigError::conflict(
                "pools",
                "pools",
                "model.layers by-kind",
                "no pools, or layers counted as in BLIS",
            ));
        }
        let settings = ModelSettings {
            hardware: overrides.hardware.clone().or_else(|| Some(self.gpu.name.clone())),
            tp: Some(overrides.tp.unwrap_or(self.tp)),
            ..model.clone()
        };
        let moves =
            settings.tp != Some(self.tp) || settings.hardware.as_deref() != Some(self.gpu.name.as_str());
        let mut pool = self.clone();
        if moves {
            let counted = MemorySettings { total_kv_blocks: None, ..memory.clone() };
            let resolved = Self::resolve_with(&settings, &counted, custom)?;
            (pool.tp, pool.total_kv_blocks) = (resolved.tp, resolved.total_kv_blocks);
        }
        pool.max_model_len = self.length_limit(pool.total_kv_blocks, moves, overrides)?;
        pool.latency = self.latency_of(
            &ModelSettings { hardware: Some(self.gpu.name.clone()), ..settings },
            overrides,
            custom,
        )?;
        Ok(pool)
    }

    fn length_limit(
        &self,
        blocks: u32,
        moves: bool,
        overrides: &PoolOverrides,
    ) -> Result<Tokens, ConfigError> {
        let room = blocks.saturating_mul(self.block_size);
        match overrides.max_model_len {
            Some(length) if length.div_ceil(self.block_size) > blocks => Err(ConfigError::invalid(
                "max_model_len",
                length,
                format!("at most {room} tokens, which the KV blocks of the pool have room for"),
            )),
            Some(length) => Ok(length),
            None if moves && room < self.max_model_len => Ok(room),
            None => Ok(self.max_model_len),
        }
    }
}
