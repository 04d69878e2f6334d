//! Random small clusters with everything switched on now and then.

use crate::common::cluster::{ROOFLINE, TRAINED_PHYSICS, config};
use blis_playground::Config;
use blis_playground::config::{
    AdmissionPolicyName, AdmissionSettings, InstanceSettings, MemorySettings, PreemptionPolicyName,
    PriorityPolicyName, RoutingPolicyName, RoutingSettings, SchedulerName, ScorerName, WeightedScorer,
};
use blis_playground::config::{Burst, ExplicitRequest, Kill, KillMode};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeMap;

/// Nothing, or something up to `most`.
fn sometimes(max: i64) -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(0), 1 => 1..=max]
}

fn ages() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), Just(50_000), 1_i64..400_000]
}

pub fn scorers() -> impl Strategy<Value = Vec<WeightedScorer>> {
    let names = subsequence(ScorerName::ALL.to_vec(), 1..=4).prop_shuffle();
    (names, prop::collection::vec(1_u32..9, 4)).prop_map(|(names, weights)| {
        let scorer = |(name, weight)| WeightedScorer { name, weight: f64::from(weight) };
        names.into_iter().zip(weights).map(scorer).collect()
    })
}

fn admission() -> impl Strategy<Value = AdmissionSettings> {
    let all = AdmissionPolicyName::ALL.iter().copied();
    let choosy = all.filter(|policy| *policy != AdmissionPolicyName::RejectAll).collect::<Vec<_>>();
    let policy = prop_oneof![1 => Just(AdmissionPolicyName::AlwaysAdmit), 1 => select(choosy)];
    let budgets = prop::collection::btree_map("a|b", select(vec![0.0, 0.1, 0.4]), 0..3);
    let budgets = prop_oneof![2 => Just(BTreeMap::new()), 1 => budgets];
    (policy, sometimes(20_000), 1_u32..2000, 0_u32..12, -3_i32..5, 1_u32..4, budgets).prop_map(
        |(policy, latency, capacity, threshold, min_priority, depth, tenant_budgets)| AdmissionSettings {
            policy,
            latency,
            token_bucket_capacity: f64::from(capacity),
            token_bucket_refill_rate: 3000.0,
            tier_shed_threshold: threshold,
            tier_shed_min_priority: min_priority,
            gaie_qd_threshold: f64::from(depth),
            gaie_kv_threshold: 0.3,
            tenant_budgets,
            ..AdmissionSettings::default()
        },
    )
}

fn routing() -> impl Strategy<Value = RoutingSettings> {
    (select(RoutingPolicyName::ALL), scorers(), sometimes(9000), ages(), ages()).prop_map(
        |(policy, scorers, latency, snapshot_refresh_interval, cache_signal_delay)| RoutingSettings {
            policy,
            scorers,
            latency,
            snapshot_refresh_interval,
            cache_signal_delay,
        },
    )
}

fn instance() -> impl Strategy<Value = InstanceSettings> {
    let scheduler = select(SchedulerName::ALL);
    let priority = select(PriorityPolicyName::ALL);
    let preemption = select(PreemptionPolicyName::ALL);
    let running = prop_oneof![1_u32..6, Just(256)];
    let budget = prop_oneof![1_u32..80, Just(2048)];
    let threshold = prop_oneof![2 => Just(0), 1 => 1_u32..60];
    (scheduler, priority, preemption, running, budget, threshold).prop_map(
        |(scheduler, priority_policy, preemption_policy, running, budget, threshold)| InstanceSettings {
            scheduler,
            priority_policy,
            preemption_policy,
            max_num_running_reqs: running,
            max_num_scheduled_tokens: budget,
            long_prefill_token_threshold: threshold,
        },
    )
}

/// Block size and number, with a length limit that keeps every request servable (I-10.7).
fn memory() -> impl Strategy<Value = MemorySettings> {
    (prop_oneof![1_u32..=4, 1_u32..=16], prop_oneof![4_u32..20, 20_u32..200], 0.3_f64..1.0).prop_map(
        |(block_size, blocks, share)| MemorySettings {
            total_kv_blocks: Some(blocks),
            block_size_in_tokens: block_size,
            max_model_len: Some((f64::from(blocks * block_size) * share).max(2.0) as u32),
            ..MemorySettings::default()
        },
    )
}

fn request() -> impl Strategy<Value = ExplicitRequest> {
    let class = select(vec!["", "critical", "standard", "batch", "sheddable", "background", "other"]);
    let labels = (class, select(vec!["", "a", "b"]));
    let arrival = prop_oneof![(0_i64..8).prop_map(|n| n * 25_000), 0_i64..250_000];
    let group = prop_oneof![2 => Just(None), 2 => select(vec!["g", "h"]).prop_map(Some)];
    let deadline = prop_oneof![3 => Just(None), 1 => (1_i64..400_000).prop_map(Some)];
    let budget = prop_oneof![4 => Just(None), 1 => (0_i32..30).prop_map(Some)];
    (arrival, 1_u32..100, prop_oneof![0_u32..4, 0_u32..40], budget, group, 0_u32..60, labels, deadline)
        .prop_map(
            |(
                arrival_us,
                input_tokens,
                output_tokens,
                budget,
                group,
                prefix,
                (class, tenant),
                deadline_us,
            )| {
                ExplicitRequest {
                    arrival_us,
                    input_tokens,
                    output_tokens,
                    budget,
                    prefix_group: group.map(str::to_owned),
                    prefix_length: if group.is_some() { prefix.min(input_tokens) } else { 0 },
                    slo_class: class.to_owned(),
                    tenant: tenant.to_owned(),
                    deadline_us,
                    ..ExplicitRequest::default()
                }
            },
        )
}

pub fn requests() -> impl Strategy<Value = Vec<ExplicitRequest>> {
    prop::collection::vec(request(), 0..40)
}

/// A cluster without horizon: every request comes to an end.
pub fn endless_cluster() -> impl Strategy<Value = Config> {
    let parts = (admission(), routing(), instance(), memory(), requests());
    (1_u32..5, any::<bool>(), any::<i64>(), parts).prop_map(
        |(instances, roofline, seed, (admission, routing, instance, memory, requests))| {
            let latency_model = if roofline { ROOFLINE } else { TRAINED_PHYSICS };
            Config {
                seed,
                admission,
                routing,
                instance,
                memory,
                ..config(latency_model, instances, requests)
            }
        },
    )
}

/// Any cluster, half of them cut off by a horizon.
pub fn cluster() -> impl Strategy<Value = Config> {
    (endless_cluster(), prop::option::of(1_i64..600_000)).prop_map(|(mut config, horizon)| {
        config.cluster.horizon = horizon;
        config
    })
}

/// Any cluster in which something happens: instances stop, bursts come, at any time and at the same time as other events.
pub fn disturbed() -> impl Strategy<Value = Config> {
    let time = || prop_oneof![(0_i64..8).prop_map(|n| n * 25_000), 0_i64..400_000];
    let kill = (time(), any::<bool>());
    let kills = prop::collection::vec(kill, 0..4);
    let bursts = prop::collection::vec((1_u32..12, time()), 0..3);
    (cluster(), 2_u32..6, kills, bursts, 0_u32..6).prop_map(
        |(mut config, instances, kills, bursts, first)| {
            config.cluster.num_instances = instances;
            let kill = |(number, (at, crash)): (u32, (i64, bool))| Kill {
                instance: (first + number) % instances,
                at,
                mode: if crash { KillMode::Crash } else { KillMode::Drain },
            };
            config.cluster.kills = (0..instances - 1).zip(kills).map(kill).collect();
            config.workload.bursts =
                bursts.into_iter().map(|(requests, at)| Burst { requests, at }).collect();
            config
        },
    )
}
