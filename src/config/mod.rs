//! The settings of a run as data, in the groups in which a request meets them.
//!
//! [`Config`] is the one description: the JSON form, the command-line flags, the page's form and its
//! URL are all generated from the table in [`settings`](crate::settings), which leads to every field of it.

pub mod architecture;
mod choices;
mod coverage;
mod deployment;
mod events;
mod explicit;
mod gpu;
pub mod limits;
mod model;
mod own;
mod pools;
mod sessions;
mod targets;
mod version;
pub mod workload_spec;

pub(crate) use targets::{check_classes, is_class_name, merged as merged_targets, no_class_name};

pub use architecture::Architecture;
pub use choices::{
    AdmissionPolicyName, Choice, ChoiceOption, EncodeDeciderName, KillMode, KvCacheFormat, KvWindows,
    LatencyModelName, LayerCounting, PdDeciderName, PreemptionPolicyName, PriorityPolicyName,
    RoutingPolicyName, SchedulerName, ScorerName, StreamsName, WorkloadKind,
};
pub use coverage::Coverage;
pub use deployment::{ClusterSettings, MemorySettings, ModelSettings};
pub use events::{Burst, Kill};
pub use explicit::{ExplicitRequest, ExplicitRequests, LoadedRequests};
pub use gpu::Gpu;
pub use model::{Model, RopeScaling};
pub use own::{MeasuredLatency, OwnGpus, OwnModels};
pub use pools::{PoolOverrides, PoolSettings, Role};
pub use sessions::{RoundScript, SessionScript, SessionScripts};
pub use version::FormatVersion;

use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Everything that determines a run. The same `Config` always gives the same outcome, bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Config {
    /// Version of the format, written into files; settings of other versions are refused.
    // In JavaScript a configuration is written as it is, so that it has its version from the start.
    #[cfg_attr(not(all(target_arch = "wasm32", feature = "js")), serde(skip_serializing))]
    pub version: FormatVersion,
    /// What is served, on which hardware, timed by which model.
    #[serde(deserialize_with = "apart")]
    pub model: ModelSettings,
    /// The KV cache of one instance.
    #[serde(deserialize_with = "apart")]
    pub memory: MemorySettings,
    /// How many instances, for how long.
    #[serde(deserialize_with = "apart")]
    pub cluster: ClusterSettings,
    /// Pools of instances that compute prompts and answers apart; only recordings have them so far.
    #[serde(skip)]
    pub pools: PoolSettings,
    /// The gateway's first decision.
    #[serde(deserialize_with = "apart")]
    pub admission: AdmissionSettings,
    /// The gateway's second decision.
    #[serde(deserialize_with = "apart")]
    pub routing: RoutingSettings,
    /// Scheduling and batching inside an instance.
    #[serde(deserialize_with = "apart")]
    pub instance: InstanceSettings,
    /// The requests.
    #[serde(deserialize_with = "apart")]
    pub workload: WorkloadSettings,
    /// What is recorded about decisions.
    #[serde(deserialize_with = "apart")]
    pub trace: TraceSettings,
    /// Latency targets per SLO class, for goodput.
    #[serde(deserialize_with = "apart")]
    pub slo: BTreeMap<String, SloTarget>,
    /// By which rules the random streams draw (random-streams chapter).
    pub streams: StreamsName,
    /// Master seed of all random streams (workload and routing ties).
    #[cfg_attr(feature = "js", tsify(type = "number | bigint"))]
    pub seed: i64,
}

/// Deserialises each group in its own function: browsers compile a function at its first call, and one function for
/// all groups took longer to compile than everything else before the first run.
#[inline(never)]
fn apart<'de, Group: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Group, D::Error> {
    Group::deserialize(deserializer)
}

impl Default for Config {
    fn default() -> Self {
        Self {
            version: FormatVersion,
            model: ModelSettings::default(),
            memory: MemorySettings::default(),
            cluster: ClusterSettings::default(),
            pools: PoolSettings::default(),
            admission: AdmissionSettings::default(),
            routing: RoutingSettings::default(),
            instance: InstanceSettings::default(),
            workload: WorkloadSettings::default(),
            trace: TraceSettings::default(),
            slo: BTreeMap::new(),
            streams: StreamsName::default(),
            seed: 42,
        }
    }
}

/// Admission policy, its parameters and its latency (cluster chapter, C-1 and C-7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct AdmissionSettings {
    /// Which requests are let in.
    pub policy: AdmissionPolicyName,
    /// µs between arrival and the admission decision.
    pub latency: i64,
    /// Bucket size in input tokens.
    pub token_bucket_capacity: f64,
    /// Refill in tokens per second.
    pub token_bucket_refill_rate: f64,
    /// Load (waiting + running + in flight) of the busiest instance above which classes are shed.
    pub tier_shed_threshold: u32,
    /// Classes with a priority below this are shed.
    pub tier_shed_min_priority: i32,
    /// Queue depth per instance that counts as saturated.
    pub gaie_qd_threshold: f64,
    /// KV utilization that counts as saturated.
    pub gaie_kv_threshold: f64,
    /// Priorities of SLO classes, replacing or adding to the defaults; higher is more important.
    pub slo_priorities: BTreeMap<String, i32>,
    /// Share of the cluster's running slots that a tenant may keep busy before its requests with a priority below 0 are
    /// rejected; tenants without an entry have no limit (policy-bundle chapter, P-5).
    pub tenant_budgets: BTreeMap<String, f64>,
}

impl Default for AdmissionSettings {
    fn default() -> Self {
        Self {
            policy: AdmissionPolicyName::AlwaysAdmit,
            latency: 0,
            token_bucket_capacity: 10_000.0,
            token_bucket_refill_rate: 1000.0,
            tier_shed_threshold: 0,
            tier_shed_min_priority: 3,
            gaie_qd_threshold: 5.0,
            gaie_kv_threshold: 0.8,
            slo_priorities: BTreeMap::new(),
            tenant_budgets: BTreeMap::new(),
        }
    }
}

/// Routing policy, scorers, and the age of what they see (routing chapter, R-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct RoutingSettings {
    /// How an instance is chosen.
    pub policy: RoutingPolicyName,
    /// Scorers of the weighted policy, in evaluation order.
    pub scorers: Vec<WeightedScorer>,
    /// µs between admission and the routing decision.
    pub latency: i64,
    /// Age in µs that the router's view of queues, batches and KV use may reach; 0 is live.
    pub snapshot_refresh_interval: i64,
    /// Age in µs that the router's view of prefix caches may reach; 0 is live.
    pub cache_signal_delay: i64,
}

impl Default for RoutingSettings {
    fn default() -> Self {
        Self {
            policy: RoutingPolicyName::RoundRobin,
            scorers: vec![
                WeightedScorer { name: ScorerName::PrecisePrefixCache, weight: 2.0 },
                WeightedScorer { name: ScorerName::QueueDepth, weight: 1.0 },
                WeightedScorer { name: ScorerName::KvUtilization, weight: 1.0 },
            ],
            latency: 0,
            snapshot_refresh_interval: 50_000,
            cache_signal_delay: 50_000,
        }
    }
}

/// One scorer of the weighted policy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct WeightedScorer {
    /// Which scorer.
    pub name: ScorerName,
    /// Relative weight, finite and > 0; weights are divided by their sum.
    pub weight: f64,
}

/// Scheduling and batch formation (instance chapter, I-2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct InstanceSettings {
    /// Order of the wait queue.
    pub scheduler: SchedulerName,
    /// What makes a request urgent inside an instance.
    pub priority_policy: PriorityPolicyName,
    /// Which request is evicted when KV blocks run out.
    pub preemption_policy: PreemptionPolicyName,
    /// Limit of the running batch in requests.
    pub max_num_running_reqs: u32,
    /// Token budget of one step.
    pub max_num_scheduled_tokens: u32,
    /// Most prompt tokens of one request in one step; 0 is off.
    pub long_prefill_token_threshold: u32,
}

impl Default for InstanceSettings {
    fn default() -> Self {
        Self {
            scheduler: SchedulerName::Fcfs,
            priority_policy: PriorityPolicyName::SloClass,
            preemption_policy: PreemptionPolicyName::Fcfs,
            max_num_running_reqs: 256,
            max_num_scheduled_tokens: 2048,
            long_prefill_token_threshold: 0,
        }
    }
}

/// The requests: a built-in workload, a multi-client specification, or an explicit list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct WorkloadSettings {
    /// Which built-in workload; ignored when `spec` or `requests` is given.
    pub kind: WorkloadKind,
    /// Arrivals per second.
    pub rate: f64,
    /// Number of requests; 0 means as many as arrive before the horizon.
    pub num_requests: u32,
    /// Virtual users of the closed loop; 0 is the open loop.
    pub concurrency: u32,
    /// Pause of a virtual user between an answer and the next request, ms.
    pub think_time_ms: u32,
    /// Shared prefix in front of every prompt, tokens.
    pub prefix_tokens: u32,
    /// Mean prompt length, tokens.
    pub prompt_tokens: u32,
    /// Standard deviation of the prompt length.
    pub prompt_tokens_stdev: u32,
    /// Shortest prompt.
    pub prompt_tokens_min: u32,
    /// Longest prompt.
    pub prompt_tokens_max: u32,
    /// Mean output length, tokens.
    pub output_tokens: u32,
    /// Standard deviation of the output length.
    pub output_tokens_stdev: u32,
    /// Shortest output.
    pub output_tokens_min: u32,
    /// Longest output.
    pub output_tokens_max: u32,
    /// Seconds that a client waits before it gives up; negative is forever; `null` is the workload's own
    /// default (300 s, or the one of the specification).
    pub timeout: Option<i64>,
    /// A multi-client workload (workload chapter, W-7); replaces `kind` and its parameters.
    pub spec: Option<workload_spec::WorkloadSpec>,
    /// An explicit list of requests; replaces everything else but the bursts.
    #[cfg_attr(feature = "js", tsify(type = "ExplicitRequest[] | LoadedRequests | null"))]
    pub requests: Option<ExplicitRequests>,
    /// Conversations of the list whose later rounds follow from the answers (sessions chapter, S-2). Ours.
    pub sessions: Option<SessionScripts>,
    /// Tokens per hash block of the requests' hash ids (traces chapter, TR-3). Ours.
    pub hash_block: u32,
    /// Requests that arrive all at once, beside all others (events chapter, E-4). Ours.
    pub bursts: Vec<Burst>,
}

impl Default for WorkloadSettings {
    fn default() -> Self {
        Self {
            kind: WorkloadKind::Distribution,
            rate: 1.0,
            num_requests: 100,
            concurrency: 0,
            think_time_ms: 0,
            prefix_tokens: 0,
            prompt_tokens: 512,
            prompt_tokens_stdev: 256,
            prompt_tokens_min: 2,
            prompt_tokens_max: 7000,
            output_tokens: 512,
            output_tokens_stdev: 256,
            output_tokens_min: 2,
            output_tokens_max: 7000,
            timeout: None,
            spec: None,
            requests: None,
            sessions: None,
            hash_block: 512,
            bursts: Vec::new(),
        }
    }
}

/// What is recorded about decisions. Recording never changes the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct TraceSettings {
    /// Candidates that count for the regret of a routing decision; 0 switches regret off.
    pub counterfactual_k: u32,
    /// Whether the candidates themselves are kept (memory: `counterfactual_k` rows per request).
    pub record_candidates: bool,
    /// Whether every step is kept, with its batch (for tests and small runs).
    pub record_steps: bool,
}

impl Default for TraceSettings {
    fn default() -> Self {
        // The reference's default of 0 silently reports zero regret; here regret is on unless switched off.
        Self { counterfactual_k: 1, record_candidates: false, record_steps: false }
    }
}

/// Latency targets of one SLO class in ms; `null` leaves the dimension out (metrics chapter, M-8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct SloTarget {
    /// Time to first token.
    pub ttft_ms: Option<f64>,
    /// Mean inter-token latency of the request.
    pub itl_ms: Option<f64>,
    /// Arrival to last token.
    pub e2e_ms: Option<f64>,
}
