//! What an instance of a pool serves with: its own KV blocks, longest request and latency model (disaggregation chapter, D-2.2).

use super::counting::Counting;
use super::setup::{CustomCatalog, ServingSetup};
use crate::config::{MemorySettings, ModelSettings, PoolOverrides};
use crate::error::ConfigError;
use crate::units::Tokens;

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
