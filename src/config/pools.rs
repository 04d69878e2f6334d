//! Pools of instances that compute prompts and answers apart (disaggregation chapter, D-1).

use super::{EncodeDeciderName, LatencyModelName, PdDeciderName, WeightedScorer};
use serde::Serialize;

/// What an instance does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Prefill parts.
    Prefill,
    /// Decode parts, and requests that live on one instance.
    Decode,
    /// All of them.
    PrefillDecode,
    /// Nothing but being chosen for the encoding of images, audio or video.
    Encode,
    /// Nothing.
    None,
}

/// Pools, and the network between them. Without instances in any of them there are no pools.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolSettings {
    /// Instances that compute prompts; the first ones.
    pub prefill_instances: u32,
    /// Instances that compute answers; the next ones.
    pub decode_instances: u32,
    /// Instances that do both; the next ones.
    pub prefill_decode_instances: u32,
    /// Which requests are served in two parts.
    pub decider: PdDeciderName,
    /// Tokens of a prompt that are not found on the decode instance, beyond which `prefix-threshold` serves a request in two parts.
    pub prefix_threshold: u32,
    /// Bandwidth of the network between the pools, GB/s.
    pub transfer_bandwidth: f64,
    /// What every transfer takes in addition, ms.
    pub transfer_base_latency: f64,
    /// Whether transfers share the bandwidth.
    pub transfer_contention: bool,
    /// What is different on instances that compute prompts only.
    pub prefill: PoolOverrides,
    /// What is different on all other instances that compute answers.
    pub decode: PoolOverrides,
    /// Instances that encode images, audio and video; the ones after the other pools.
    pub encode_instances: u32,
    /// Which requests are encoded.
    pub encode_decider: EncodeDeciderName,
    /// Which requests of a list have images, audio or video; empty = none.
    pub multimodal: Vec<bool>,
}

/// Settings of a pool in place of those of the cluster; `null` = as there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoolOverrides {
    /// GPU whose memory sets the number of KV blocks. Steps take as long as on the GPU of the cluster, as in the reference.
    pub hardware: Option<String>,
    /// GPUs per instance.
    pub tp: Option<u32>,
    /// How a step is timed, with the coefficients of the cluster.
    pub latency_model: Option<LatencyModelName>,
    /// Longest prompt plus output, tokens.
    pub max_model_len: Option<u32>,
    /// Scorers of the pool's own weighted policy; `null`: the main policy chooses.
    pub scorers: Option<Vec<WeightedScorer>>,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            prefill_instances: 0,
            decode_instances: 0,
            prefill_decode_instances: 0,
            decider: PdDeciderName::Never,
            prefix_threshold: 16,
            transfer_bandwidth: 25.0,
            transfer_base_latency: 0.05,
            transfer_contention: false,
            prefill: PoolOverrides::default(),
            decode: PoolOverrides::default(),
            encode_instances: 0,
            encode_decider: EncodeDeciderName::Never,
            multimodal: Vec::new(),
        }
    }
}

impl PoolSettings {
    /// Instances that compute prompts, answers or both; none = no pools.
    pub fn serving(&self) -> u64 {
        u64::from(self.prefill_instances)
            + u64::from(self.decode_instances)
            + u64::from(self.prefill_decode_instances)
    }

    /// What an instance does, by its index (D-2.1).
    pub fn role_of(&self, instance: u32) -> Role {
        let mut first_behind = 0_u64;
        let roles = [
            (self.prefill_instances, Role::Prefill),
            (self.decode_instances, Role::Decode),
            (self.prefill_decode_instances, Role::PrefillDecode),
            (self.encode_instances, Role::Encode),
        ];
        let role = roles.into_iter().find(|&(count, _)| {
            first_behind += u64::from(count);
            u64::from(instance) < first_behind
        });
        role.map_or(Role::None, |(_, role)| role)
    }

    /// The settings of a role in place of those of the cluster (D-2.2); they are read only if some instances compute prompts only.
    pub fn overrides(&self, role: Role) -> Option<&PoolOverrides> {
        match role {
            _ if self.prefill_instances == 0 => None,
            Role::Prefill => Some(&self.prefill),
            Role::Decode | Role::PrefillDecode => Some(&self.decode),
            Role::Encode | Role::None => None,
        }
    }

    /// Whether there are pools.
    pub fn are_on(&self) -> bool {
        self.serving() > 0
    }
}
