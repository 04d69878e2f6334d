//! Multi-client specifications: the accepted keys (workload chapter, W-7.5).
//!
//! Keys of the reference whose features are not simulated here yet are known, so that they are refused by the name of
//! the feature and not as unknown. A key with the value `null` counts as not given.

mod conversations;
mod parts;
mod to_come;

pub use conversations::{
    ContextGrowth, InferencePerfSpec, MultiTurnSpec, MultimodalSpec, ReasoningSpec, SharedPrefixSpec,
    StageSpec,
};
pub use parts::{
    ArrivalProcess, ArrivalSpec, DistributionKind, DistributionSpec, DiurnalSpec, DrainSpec, LifecycleSpec,
    PrefixSharing, SpikeSpec, WindowSpec,
};
pub use to_come::ToCome;

use super::SloTarget;
use crate::order;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// A multi-client workload.
///
/// A caller that reads a specification from a file and has flags beside it (the command line) writes the explicitly
/// given ones into `num_requests`, `horizon` and `seed` here. A horizon in the cluster settings also comes
/// first. The other workload settings, except for the timeout, do not apply; the master seed of the
/// configuration is then only that of the routing ties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a specification, which is a map with clients or cohorts")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct WorkloadSpec {
    /// Version of the format: "2", or "1" (also when absent), which admits two old class names.
    #[serde(deserialize_with = "version")]
    pub version: Option<String>,
    /// Master seed of the workload's random streams; absent is 0.
    #[cfg_attr(feature = "js", tsify(type = "number | bigint | null"))]
    pub seed: Option<i64>,
    /// Label without effect: empty, `language`, `multimodal` or `reasoning`.
    #[serde(deserialize_with = "or_default")]
    pub category: String,
    /// Arrivals per second of all clients together; 0 = every window states its own rate.
    #[serde(deserialize_with = "or_default")]
    pub aggregate_rate: f64,
    /// Number of requests; absent or 0 = until the horizon.
    pub num_requests: Option<u64>,
    /// Arrivals at or past this time (µs) are not generated; absent or 0 = no bound.
    pub horizon: Option<i64>,
    /// The clients.
    #[serde(deserialize_with = "or_default")]
    pub clients: Vec<ClientSpec>,
    /// Groups of identical clients, after the clients in list order.
    #[serde(deserialize_with = "or_default")]
    pub cohorts: Vec<CohortSpec>,
    /// Latency targets per SLO class; 0 or absent = the dimension does not count.
    #[serde(deserialize_with = "or_default")]
    pub goodput_slo_targets: BTreeMap<String, SloTarget>,
    /// Not simulated here yet.
    #[serde(deserialize_with = "to_come::servegen", skip_serializing)]
    pub servegen_data: Option<ToCome>,
    /// Another tool's benchmark, in place of clients and cohorts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inference_perf: Option<InferencePerfSpec>,
}

/// One client.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ClientSpec {
    /// Name.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// Tenant.
    #[serde(deserialize_with = "or_default")]
    pub tenant_id: String,
    /// SLO class; all clients have one or none has.
    #[serde(deserialize_with = "or_default")]
    pub slo_class: String,
    /// Weight in the aggregate rate, finite and > 0; 0 only for clients with `concurrency`.
    #[serde(deserialize_with = "or_default")]
    pub rate_fraction: f64,
    /// Virtual users; 0 = open loop.
    #[serde(deserialize_with = "or_default")]
    pub concurrency: i64,
    /// Pause of a virtual user between an answer and the next request, µs.
    #[serde(deserialize_with = "or_default")]
    pub think_time_us: i64,
    /// Arrival process; not needed by virtual users.
    pub arrival: Option<ArrivalSpec>,
    /// Prompt lengths, without the shared prefix.
    pub input_distribution: Option<DistributionSpec>,
    /// Output lengths.
    pub output_distribution: Option<DistributionSpec>,
    /// Prefix group; empty = none.
    #[serde(deserialize_with = "or_default")]
    pub prefix_group: String,
    /// Tokens of the group's prefix; counts for the first client that names the group, 0 = 50.
    #[serde(deserialize_with = "or_default")]
    pub prefix_length: i64,
    /// Label without effect.
    #[serde(deserialize_with = "or_default")]
    pub streaming: bool,
    /// Times at which the client is active; absent = always.
    pub lifecycle: Option<LifecycleSpec>,
    /// µs from arrival until the client gives up; 0 = never; absent = never, for virtual users 300 s.
    pub timeout: Option<i64>,
    /// Label without effect, µs.
    #[serde(deserialize_with = "or_default")]
    pub slo_target_us: i64,
    /// The model that its requests name; no instance serves another one than that of the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Not simulated here yet.
    #[serde(deserialize_with = "to_come::adapter", skip_serializing)]
    pub adapter: Option<ToCome>,
    /// Round trip and bandwidth of the client's network: labels without effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<BTreeMap<String, f64>>,
    /// Prompts of several media, in place of the input distribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multimodal: Option<MultimodalSpec>,
    /// Conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<ReasoningSpec>,
    /// Whether each round of a conversation waits for the answer before it; absent = it does. For other clients true only means:
    /// where no timeout is given, the requests give up after 300 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_loop: Option<bool>,
}

/// A number of identical clients, named `<id>-<j>`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct CohortSpec {
    /// Name.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// Number of members, 1 to 100000.
    #[serde(deserialize_with = "or_default")]
    pub population: i64,
    /// Tenant.
    #[serde(deserialize_with = "or_default")]
    pub tenant_id: String,
    /// SLO class.
    #[serde(deserialize_with = "or_default")]
    pub slo_class: String,
    /// Weight of the whole cohort in the aggregate rate, finite and > 0.
    #[serde(deserialize_with = "or_default")]
    pub rate_fraction: f64,
    /// Arrival process of each member.
    pub arrival: Option<ArrivalSpec>,
    /// Prompt lengths, without the shared prefix.
    pub input_distribution: Option<DistributionSpec>,
    /// Output lengths.
    pub output_distribution: Option<DistributionSpec>,
    /// Prefix group; empty = none.
    #[serde(deserialize_with = "or_default")]
    pub prefix_group: String,
    /// Tokens of the group's prefix; 0 = 50.
    #[serde(deserialize_with = "or_default")]
    pub prefix_length: i64,
    /// Whether the members share one prefix.
    #[serde(deserialize_with = "or_default")]
    pub prefix_sharing: PrefixSharing,
    /// Label without effect.
    #[serde(deserialize_with = "or_default")]
    pub streaming: bool,
    /// µs from arrival until a member gives up; 0 or absent = never.
    pub timeout: Option<i64>,
    /// Label without effect, µs.
    #[serde(deserialize_with = "or_default")]
    pub slo_target_us: i64,
    /// A single window.
    pub spike: Option<SpikeSpec>,
    /// Full activity, then ten shorter and shorter bursts.
    pub drain: Option<DrainSpec>,
    /// One day with a busy hour.
    pub diurnal: Option<DiurnalSpec>,
    /// The model that its requests name; no instance serves another one than that of the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Not simulated here yet.
    #[serde(deserialize_with = "to_come::adapter", skip_serializing)]
    pub adapter: Option<ToCome>,
    /// Round trip and bandwidth of the client's network: labels without effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<BTreeMap<String, f64>>,
    /// Prompts of several media, in place of the input distribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multimodal: Option<MultimodalSpec>,
    /// Conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<ReasoningSpec>,
    /// Whether each round of a conversation waits for the answer before it; absent = it does. For other clients true only means:
    /// where no timeout is given, the requests give up after 300 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_loop: Option<bool>,
}

/// A value, or the default for `null`.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A version is a text, but a number is understood too.
fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Version {
        Text(String),
        Number(i64),
    }
    Ok(Option::deserialize(deserializer)?.map(|version| match version {
        Version::Text(text) => text,
        Version::Number(number) => number.to_string(),
    }))
}

impl WorkloadSpec {
    /// The latency targets, dimensions given as 0 left out as the format has it.
    pub fn slo_targets(&self) -> BTreeMap<String, SloTarget> {
        let gated = |target: Option<f64>| target.filter(|&ms| ms != 0.0);
        let targets = self.goodput_slo_targets.iter().map(|(class, target)| {
            let target = SloTarget {
                ttft_ms: gated(target.ttft_ms),
                itl_ms: gated(target.itl_ms),
                e2e_ms: gated(target.e2e_ms),
            };
            (class.clone(), target)
        });
        order::map_of(targets)
    }
}
