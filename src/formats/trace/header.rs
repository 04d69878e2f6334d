//! The header of a trace (workload chapter, W-11.1).

use crate::config::{SloTarget, check_classes};
use crate::error::ConfigError;
use crate::formats::yaml::{self, Item};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The version that is written.
const VERSION: i64 = 3;

/// Where the requests of a trace come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A workload of the simulator.
    Generated,
    /// Another trace.
    Replayed,
}

/// What holds for all rows of a trace. Of it a replay uses the latency targets only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TraceHeader {
    /// 3 on export; not checked.
    pub trace_version: i64,
    /// `microseconds`; not checked, never converted.
    pub time_unit: String,
    /// When it was made; empty if unknown.
    pub created_at: String,
    /// `generated`, `replayed` or `real`.
    pub mode: String,
    /// Requests at the beginning that do not count; not used.
    pub warm_up_requests: i64,
    /// Seed of the workload, if there was one.
    pub workload_seed: Option<i64>,
    /// Where the workload came from; may be empty.
    pub workload_spec: String,
    /// The measured server.
    pub server: Option<Server>,
    /// The network before it.
    pub network: Option<Network>,
    /// Latency targets per SLO class.
    pub goodput_slo_targets: BTreeMap<String, SloTarget>,
    /// Tokens per hash id of the rows; ours, 0 = they have none.
    pub hash_block: u32,
    /// How the prompts of sessions grow: `accumulate`, or empty. It matters to replays with sessions only.
    pub session_context_growth: Option<String>,
    /// A second tier of KV memory; not used.
    #[serde(skip_serializing)]
    pub kv_offload: Option<IgnoredAny>,
    /// What a real server reported of its KV cache; not used.
    #[serde(skip_serializing)]
    pub observed_kv_metrics: Option<IgnoredAny>,
}

impl Default for TraceHeader {
    fn default() -> Self {
        Self {
            trace_version: VERSION,
            time_unit: "microseconds".to_owned(),
            created_at: String::new(),
            mode: String::new(),
            warm_up_requests: 0,
            workload_seed: None,
            workload_spec: String::new(),
            server: None,
            network: None,
            goodput_slo_targets: BTreeMap::new(),
            hash_block: 0,
            session_context_growth: None,
            kv_offload: None,
            observed_kv_metrics: None,
        }
    }
}

/// A measured server; 0 and empty = not given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Its software.
    #[serde(rename = "type")]
    pub kind: String,
    /// The model.
    pub model: String,
    /// GPUs per instance.
    pub tensor_parallel: i64,
    /// Limit of the running batch.
    pub max_num_seqs: i64,
    /// Tokens per KV block.
    pub block_size: i64,
    /// Fraction of GPU memory in use.
    pub gpu_memory_utilization: f64,
    /// Longest sequence in tokens.
    pub max_model_len: i64,
}

/// The network before a measured server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// Round trip, ms.
    pub measured_rtt_ms: f64,
}

impl TraceHeader {
    /// Reads a header; an empty text is one without any key.
    ///
    /// # Errors
    /// Unknown keys, wrong types and YAML beyond maps of scalars, with line, column and key; classes of targets whose names
    /// no setting takes.
    pub fn from_yaml(text: &str) -> Result<Self, ConfigError> {
        let header: Option<Self> = yaml::read(text, "trace header")?;
        let header = header.unwrap_or_default();
        check_classes("trace header.goodput_slo_targets", &header.goodput_slo_targets)?;
        Ok(header)
    }

    /// The keys of newer headers that are there, and not used (W-12).
    pub fn unused(&self) -> Vec<&'static str> {
        let keys = [("kv_offload", self.kv_offload), ("observed_kv_metrics", self.observed_kv_metrics)];
        keys.into_iter().filter_map(|(key, value)| value.map(|_| key)).collect()
    }

    /// Writes the header in the format's order of keys, optional keys without a value left out.
    pub fn to_yaml(&self) -> String {
        let mut fields = Fields(Vec::new());
        fields.push("trace_version", self.trace_version);
        fields.push("time_unit", self.time_unit.as_str());
        fields.optional("created_at", self.created_at.as_str());
        fields.push("mode", self.mode.as_str());
        fields.push("warm_up_requests", self.warm_up_requests);
        if let Some(seed) = self.workload_seed {
            fields.push("workload_seed", seed);
        }
        fields.optional("workload_spec", self.workload_spec.as_str());
        fields.map("server", self.server.as_ref().map(Server::fields));
        fields.map("network", self.network.as_ref().map(Network::fields));
        let targets: Vec<_> = self
            .goodput_slo_targets
            .iter()
            .map(|(class, target)| (class.clone(), Item::Map(target_fields(target).0)))
            .collect();
        fields.map("goodput_slo_targets", (!targets.is_empty()).then_some(Fields(targets)));
        fields.optional("hash_block", self.hash_block);
        fields.optional("session_context_growth", self.session_context_growth.as_deref().unwrap_or_default());
        yaml::write(&fields.0)
    }
}

impl Server {
    fn fields(&self) -> Fields {
        let mut fields = Fields(Vec::new());
        fields.optional("type", self.kind.as_str());
        fields.optional("model", self.model.as_str());
        fields.optional("tensor_parallel", self.tensor_parallel);
        fields.optional("max_num_seqs", self.max_num_seqs);
        fields.optional("block_size", self.block_size);
        fields.optional("gpu_memory_utilization", self.gpu_memory_utilization);
        fields.optional("max_model_len", self.max_model_len);
        fields
    }
}

impl Network {
    fn fields(&self) -> Fields {
        let mut fields = Fields(Vec::new());
        fields.optional("measured_rtt_ms", self.measured_rtt_ms);
        fields
    }
}

fn target_fields(target: &SloTarget) -> Fields {
    let mut fields = Fields(Vec::new());
    for (key, limit) in [("ttft_ms", target.ttft_ms), ("itl_ms", target.itl_ms), ("e2e_ms", target.e2e_ms)] {
        fields.optional(key, limit.unwrap_or(0.0));
    }
    fields
}

/// A map under construction.
struct Fields(Vec<(String, Item)>);

impl Fields {
    fn push(&mut self, key: &str, value: impl Into<Value>) {
        self.0.push((key.to_owned(), Item::Scalar(value.into())));
    }

    /// Left out if it is empty or 0.
    fn optional(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        if value.as_str() != Some("") && value.as_f64() != Some(0.0) {
            self.push(key, value);
        }
    }

    fn map(&mut self, key: &str, fields: Option<Self>) {
        if let Some(Self(fields)) = fields {
            self.0.push((key.to_owned(), Item::Map(fields)));
        }
    }
}
