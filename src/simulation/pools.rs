//! From settings to pools (disaggregation chapter, D-1 and D-2).

use crate::cluster::{Network, PoolParams, Router, TieSource};
use crate::config::{
    Config, EncodeDeciderName, PoolSettings, Role, RoutingPolicyName, RoutingSettings, WeightedScorer,
};
use crate::error::ConfigError;
use crate::instance::PromptRuns;
use crate::latency::{CustomCatalog, ServingSetup};
use crate::record::{ChoiceName, TieBreak};
use std::sync::Arc;

/// Neighbouring instances that are set up alike.
#[derive(Clone, Debug)]
pub(crate) struct PoolPlan {
    /// As what.
    pub setup: ServingSetup,
    /// How many.
    pub instances: u32,
}

/// The instances of a run in order; without pools all are alike.
///
/// # Errors
/// The first setting of the pools that cannot be used.
pub(super) fn plans(
    config: &Config,
    setup: &ServingSetup,
    custom: &CustomCatalog,
) -> Result<Vec<PoolPlan>, ConfigError> {
    let pools = &config.pools;
    let all = config.cluster.num_instances;
    let resolved = |role: Role| match pools.overrides(role) {
        Some(overrides) => setup.of_pool((&config.model, &config.memory), overrides, custom),
        None => Ok(setup.clone()),
    };
    let (prefill, decode) = (resolved(Role::Prefill)?, resolved(Role::Decode)?);
    check_topology(pools, all)?;
    check_network(pools)?;
    check_pairs(config)?;
    let answering = pools.decode_instances + pools.prefill_decode_instances;
    let rest = all - pools.prefill_instances - answering;
    let plans = [(prefill, pools.prefill_instances), (decode, answering), (setup.clone(), rest)];
    let plans = plans.into_iter().filter(|&(_, instances)| instances > 0);
    Ok(plans.map(|(setup, instances)| PoolPlan { setup, instances }).collect())
}

/// The rules of D-1.
fn check_topology(pools: &PoolSettings, all: u32) -> Result<(), ConfigError> {
    let PoolSettings {
        prefill_instances, decode_instances, prefill_decode_instances, encode_instances, ..
    } = *pools;
    if encode_instances > 0 && !pools.are_on() {
        let expected = "0 unless some instances compute prompts or answers";
        return Err(ConfigError::invalid("pools.encode_instances", encode_instances, expected));
    }
    if pools.encode_decider != EncodeDeciderName::Never && encode_instances == 0 {
        let expected = "never, unless some instances encode (pools.encode_instances)";
        return Err(ConfigError::invalid("pools.encode_decider", pools.encode_decider, expected));
    }
    if prefill_decode_instances == 0 && (prefill_instances == 0) != (decode_instances == 0) {
        return Err(ConfigError::conflict(
            "pools.prefill_instances",
            prefill_instances,
            format!("pools.decode_instances {decode_instances}"),
            "both above 0, or some instances that do both (pools.prefill_decode_instances)",
        ));
    }
    let needed = pools.serving() + u64::from(encode_instances);
    if needed > u64::from(all) {
        return Err(ConfigError::conflict(
            "cluster.num_instances",
            all,
            format!(
                "{prefill_instances} prefill, {decode_instances} decode, {prefill_decode_instances} shared and \
                 {encode_instances} encode instances"
            ),
            format!("at least {needed} instances"),
        ));
    }
    Ok(())
}

/// Ours also checks it where no instance computes prompts only (D-1).
fn check_network(pools: &PoolSettings) -> Result<(), ConfigError> {
    let PoolSettings { transfer_bandwidth: bandwidth, transfer_base_latency: latency, .. } = *pools;
    if !(bandwidth.is_finite() && bandwidth > 0.0) {
        let expected = "a number greater than 0";
        return Err(ConfigError::invalid("pools.transfer_bandwidth", bandwidth, expected));
    }
    if !(latency.is_finite() && latency >= 0.0) {
        let expected = "a number of at least 0";
        return Err(ConfigError::invalid("pools.transfer_base_latency", latency, expected));
    }
    if pools.transfer_contention && !pools.are_on() {
        let expected = "false without pools";
        return Err(ConfigError::invalid("pools.transfer_contention", true, expected));
    }
    Ok(())
}

/// What is not defined together with pools (growth page, pairs), or not yet.
fn check_pairs(config: &Config) -> Result<(), ConfigError> {
    if !config.pools.are_on() {
        return Ok(());
    }
    let refused = [
        (config.memory.kv_cpu_blocks > 0, "memory.kv_cpu_blocks", "a second tier of KV memory"),
        (!config.cluster.kills.is_empty(), "cluster.kills", "instances that stop"),
        (!config.admission.tenant_budgets.is_empty(), "admission.tenant_budgets", "budgets of tenants"),
    ];
    match refused.into_iter().find(|&(is_set, ..)| is_set) {
        Some((_, path, what)) => {
            Err(ConfigError::conflict(path, what, "pools, with which this is not defined", "one of them"))
        }
        None => Ok(()),
    }
}

/// The random streams of the choices of pools that have scorers of their own.
#[derive(Clone, Debug)]
pub(crate) struct PoolTies {
    /// Of prefill instances.
    pub prefill: TieSource,
    /// Of decode instances.
    pub decode: TieSource,
}

impl PoolTies {
    /// Those of a run.
    pub fn seeded(config: &Config) -> Self {
        let of = |name| TieSource::named(config.streams, config.seed, name);
        Self { prefill: of("prefill-router"), decode: of("decode-router") }
    }

    /// Recorded ones; what is left are those of the main policy.
    pub fn recorded(config: &Config, picks: &[TieBreak]) -> (TieSource, Self) {
        let own = |choice| match choice {
            ChoiceName::Main => config.pools.decode.scorers.is_some(),
            ChoiceName::Prefill => config.pools.prefill.scorers.is_some(),
            ChoiceName::Encode => false,
        };
        let of = |stream: Option<ChoiceName>| {
            let belongs = |tie: &TieBreak| stream == Some(tie.choice).filter(|&choice| own(choice));
            TieSource::Recorded { picks: picks.iter().copied().filter(belongs).collect(), used: 0 }
        };
        let pools = Self { prefill: of(Some(ChoiceName::Prefill)), decode: of(Some(ChoiceName::Main)) };
        (of(None), pools)
    }
}

/// What the gateway does with pools; `None` without them.
pub(super) fn pool_params(
    config: &Config,
    setup: &ServingSetup,
    runs: &Arc<PromptRuns>,
    ties: PoolTies,
) -> Option<PoolParams> {
    let pools = &config.pools;
    if !pools.are_on() {
        return None;
    }
    let router = |scorers: &Option<Vec<WeightedScorer>>, ties: TieSource| {
        let settings = RoutingSettings {
            policy: RoutingPolicyName::Weighted,
            scorers: scorers.clone()?,
            ..config.routing.clone()
        };
        Some(Router::new(&settings, config.trace, runs.clone(), ties))
    };
    let sending = pools.overrides(Role::Prefill).and_then(|own| own.tp).unwrap_or(setup.tp);
    Some(PoolParams {
        roles: (0..config.cluster.num_instances).map(|at| pools.role_of(at)).collect(),
        decider: pools.decider,
        threshold: pools.prefix_threshold,
        encode: pools.encode_decider,
        multimodal: pools.multimodal.clone(),
        network: Network {
            block_bytes: f64::from(setup.block_size) * setup.kv_bytes_per_token(sending),
            bandwidth: pools.transfer_bandwidth,
            base_latency: pools.transfer_base_latency,
            contention: pools.transfer_contention,
        },
        keep_lookups: config.trace.record_candidates,
        prefill_router: router(&pools.prefill.scorers, ties.prefill),
        decode_router: router(&pools.decode.scorers, ties.decode),
    })
}
