//! The choices that a setting offers: policies, models and workloads by name.
//!
//! Names in JSON, flags and addresses are the kebab-case forms of the variants.

use serde::{Deserialize, Serialize};

/// The latency models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum LatencyModelName {
    /// Physics-based basis times with trained coefficients: the reference's default.
    #[default]
    TrainedPhysics,
    /// The larger of compute time and memory time from peak rates.
    Roofline,
}

/// The admission policies (C-7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum AdmissionPolicyName {
    /// Everything is admitted.
    #[default]
    AlwaysAdmit,
    /// Input tokens are paid from a bucket that refills over time.
    TokenBucket,
    /// Nothing is admitted.
    RejectAll,
    /// Unimportant classes are shed when the busiest instance is loaded.
    TierShed,
    /// Sheddable classes are shed when the average instance is saturated.
    GaieLegacy,
}

/// The routing policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum RoutingPolicyName {
    /// Instances in turn.
    #[default]
    RoundRobin,
    /// The instance with the least load; ties are drawn.
    LeastLoaded,
    /// The instance with the highest weighted score; ties are drawn.
    Weighted,
    /// The instance with the most load: how not to do it.
    AlwaysBusiest,
}

/// The scorers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum ScorerName {
    /// Few waiting requests.
    QueueDepth,
    /// Few running requests.
    RunningRequests,
    /// Four times the waiting plus the running requests, few of them.
    VllmDp,
    /// A large free share of the KV cache.
    KvUtilization,
    /// Little load, on a reciprocal scale.
    LoadBalance,
    /// Few requests in flight.
    ActiveRequests,
    /// Few waiting requests, on an absolute scale.
    LoadAware,
    /// A long prefix of the prompt in the instance's cache.
    PrecisePrefixCache,
    /// Cold requests go where the last cold request is longest ago.
    NoHitLru,
    /// A long prefix of the prompt among those the router sent there before.
    PrefixAffinity,
}

/// The schedulers (I-6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum SchedulerName {
    /// First come, first served.
    #[default]
    Fcfs,
    /// Most urgent first.
    PriorityFcfs,
    /// Shortest prompt first.
    Sjf,
    /// Least urgent first.
    ReversePriority,
}

/// The priority policies (C-11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum PriorityPolicyName {
    /// By SLO class, as the reference does.
    #[default]
    SloClass,
    /// All equal.
    Constant,
    /// The older, the more urgent.
    SloBased,
    /// The newer, the more urgent.
    InvertedSlo,
}

/// The preemption policies (I-8.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum PreemptionPolicyName {
    /// The request that joined the batch last.
    #[default]
    Fcfs,
    /// The least urgent, then the newest.
    Priority,
}

/// The built-in workloads (workload chapter, W-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum WorkloadKind {
    /// Prompt and output lengths as set.
    #[default]
    Distribution,
    /// Short questions, short answers.
    Chatbot,
    /// About a thousand tokens each way.
    Contentgen,
    /// Long prompts, medium answers.
    Summarization,
    /// Very long prompts, long answers.
    Multidoc,
}
