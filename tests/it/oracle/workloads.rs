//! Random clusters that bring about what `generate` meets seldom.

use crate::invariants::generate::{cluster, disturbed, endless_cluster, scorers};
use blis_playground::Config;
use blis_playground::config::architecture::{MixerGroup, MixerKind, Part, Parts};
use blis_playground::config::{
    AdmissionPolicyName, Architecture, KvWindows, LatencyModelName, Model, ModelSettings, OwnModels,
    PreemptionPolicyName, RoutingPolicyName, ScorerName, TraceSettings, WeightedScorer,
};
use proptest::prelude::*;

/// Steps that last a whole number of ticks, whatever the batch: `base` and `per request`, in µs.
fn even_steps(config: &mut Config, base: u32, per_request: u32, queueing: u32) {
    config.model.latency_model = LatencyModelName::TrainedPhysics;
    config.model.alpha_coeffs = Some(vec![f64::from(queueing), 3.0, 2.0]);
    let mut beta = vec![0.0; 7];
    (beta[5], beta[6]) = (f64::from(per_request), f64::from(base));
    config.model.beta_coeffs = Some(beta);
}

/// Everything on a grid of `tick` µs, so that arrivals, steps, deadlines, decisions and the horizon meet.
pub fn coincidences() -> impl Strategy<Value = Config> {
    let ticks = (1_i64..5, 0_u32..3, 0_u32..3);
    let kept = (0_u32..4, any::<bool>());
    let priorities = prop::collection::btree_map("critical|batch|standard|other|", -4_i32..9, 0..3);
    (cluster(), ticks, kept, priorities).prop_map(
        |(mut config, (base, per_request, queueing), kept, priorities)| {
            let tick = 1000;
            let on_grid = |time: &mut i64| *time = *time / 25_000 * tick;
            even_steps(&mut config, base as u32 * 1000, per_request * 1000, queueing * 1000);
            for request in config.workload.rows_mut().into_iter().flatten() {
                on_grid(&mut request.arrival_us);
                // Some name a model, and not all the one that is served.
                match request.input_tokens % 9 {
                    0 => config.model.name.clone_into(&mut request.model),
                    1 | 2 => "other".clone_into(&mut request.model),
                    _ => {}
                }
                if let Some(deadline) = &mut request.deadline_us {
                    on_grid(deadline);
                }
            }
            if let Some(horizon) = &mut config.cluster.horizon {
                *horizon = (*horizon / 25_000 * tick).max(1);
            }
            on_grid(&mut config.routing.snapshot_refresh_interval);
            on_grid(&mut config.routing.cache_signal_delay);
            config.admission.latency = config.admission.latency / 5000 * tick;
            config.routing.latency = config.routing.latency / 3000 * tick;
            config.admission.slo_priorities = priorities;
            config.trace =
                TraceSettings { counterfactual_k: kept.0, record_candidates: kept.1, record_steps: true };
            config
        },
    )
}

/// Tenants with budgets that are soon used up, most of whose requests can be shed.
pub fn tenants() -> impl Strategy<Value = Config> {
    let budget = prop::sample::select(vec![0.0, 0.05, 0.125, 0.3, 1.0]);
    let budgets = prop::collection::btree_map("a|b|c|", budget, 1..4);
    let names = prop::collection::vec("a|b|c|", 1..9);
    let clusters = prop_oneof![cluster().boxed(), coincidences().boxed(), disturbed().boxed()];
    (clusters, budgets, names, any::<bool>()).prop_map(|(mut config, budgets, names, shed)| {
        config.admission.tenant_budgets = budgets;
        if shed {
            config.admission.slo_priorities = [(String::new(), -1), ("standard".to_owned(), -4)].into();
        }
        let requests = config.workload.rows_mut().into_iter().flatten();
        for (request, tenant) in requests.zip(names.iter().cycle()) {
            request.tenant.clone_from(tenant);
        }
        config
    })
}

/// Layers with a state of fixed size and layers with a window: running requests hold up to `per_sequence` blocks beside
/// those of their tokens.
fn with_states(config: &mut Config, per_sequence: u32, windows: KvWindows, window: u32) {
    let attention = MixerGroup {
        layers: 4,
        elements_per_token: 256.0,
        attn_flops_per_ctx: 512.0,
        ..MixerGroup::default()
    };
    let sliding = MixerGroup { kind: MixerKind::Sliding, window: f64::from(window), ..attention };
    // The blocks are those of four attention layers on one GPU, or of eight with reserved windows.
    let block = 4.0 * 256.0 * 2.0 * f64::from(config.memory.block_size_in_tokens);
    let state = MixerGroup {
        kind: MixerKind::Linear,
        layers: 1,
        state_elements: block * f64::from(per_sequence),
        state_bytes_per_element: 1.0,
        attn_flops_const: 1000.0,
        ..MixerGroup::default()
    };
    let part = Part { parameters: 1e7, ..Part::default() };
    let architecture = Architecture {
        mixers: vec![attention, sliding, state],
        parts: Parts { attn: part, dense_ffn: part, embed: part, ..Parts::default() },
        ..Architecture::default()
    };
    let model = Model {
        name: "me/hybrid".to_owned(),
        hidden_size: 512,
        architecture: Some(architecture),
        ..Model::default()
    };
    config.model = ModelSettings {
        name: model.name.clone(),
        hardware: Some("H100".to_owned()),
        tp: Some(1),
        latency_model: LatencyModelName::Roofline,
        own_models: Some(OwnModels(vec![model])),
        ..ModelSettings::default()
    };
    config.memory.kv_windows = windows;
}

/// Models whose running requests hold blocks without tokens, in many and in few blocks.
pub fn states() -> impl Strategy<Value = Config> {
    let windows = prop::sample::select(vec![KvWindows::Reserved, KvWindows::Needed]);
    let parts = (1_u32..6, windows, 1_u32..40);
    let clusters = prop_oneof![cluster().boxed(), disturbed().boxed()];
    (clusters, parts).prop_map(|(mut config, (per_sequence, windows, window))| {
        with_states(&mut config, per_sequence, windows, window);
        let blocks = config.memory.total_kv_blocks.unwrap_or(100);
        // As much room for a sequence as before.
        let windowed = window.div_ceil(config.memory.block_size_in_tokens) + 1;
        config.memory.total_kv_blocks = Some(blocks + per_sequence + windowed);
        config
    })
}

/// Few blocks, much prefix sharing, no length limit: preemptions, whole-prompt hits, final-token failures.
pub fn tight_memory() -> impl Strategy<Value = Config> {
    let policies = prop::sample::select(vec![RoutingPolicyName::Weighted, RoutingPolicyName::LeastLoaded]);
    let parts = (policies, scorers(), any::<bool>(), 1_u32..4, 6_u32..16, 2_i64..400);
    (endless_cluster(), parts).prop_map(
        |(mut config, (policy, scorers, by_priority, block_size, blocks, horizon))| {
            config.admission.policy = AdmissionPolicyName::AlwaysAdmit;
            (config.routing.policy, config.routing.scorers) = (policy, scorers);
            config.instance.max_num_running_reqs = 256;
            config.instance.preemption_policy =
                if by_priority { PreemptionPolicyName::Priority } else { PreemptionPolicyName::Fcfs };
            config.memory.block_size_in_tokens = block_size;
            config.memory.total_kv_blocks = Some(blocks);
            config.memory.max_model_len = Some(0);
            // A request that can never fit is evicted again and again until the horizon.
            config.cluster.horizon = Some(horizon * 1000);
            even_steps(&mut config, 1000, 100, 0);
            for request in config.workload.rows_mut().into_iter().flatten() {
                request.arrival_us /= 10;
                request.deadline_us = request.deadline_us.map(|deadline| deadline / 2);
                let room = if request.input_tokens % 16 == 0 {
                    2 * block_size * blocks
                } else {
                    block_size * blocks / 2
                };
                // Some prompts are empty (KV-5.5).
                request.input_tokens = request.input_tokens.saturating_sub(7) % room;
                request.output_tokens %= 2 * block_size + 3;
                request.prefix_length = request.prefix_length.min(request.input_tokens);
                if request.prefix_group.is_some() && request.input_tokens % 2 == 0 {
                    request.prefix_length = request.input_tokens;
                }
            }
            config
        },
    )
}

/// Any of these clusters with prompts that are paths of a random tree: hash blocks smaller and larger than KV blocks, and such
/// that do not divide each other; some requests keep their prefix group, some have nothing to share.
pub fn trees() -> impl Strategy<Value = Config> {
    let clusters = prop_oneof![
        2 => cluster().boxed(),
        2 => coincidences().boxed(),
        4 => tight_memory().boxed(),
        1 => disturbed().boxed(),
        1 => tenants().boxed(),
    ];
    let hash_block = prop_oneof![1_u32..=6, 1_u32..=48];
    // At each hash block one of three ways on, mostly the first.
    let ways = prop::collection::vec(prop_oneof![8 => Just(0_u64), 2 => Just(1), 1 => Just(2)], 24);
    let prompts = prop::collection::vec((0_u8..6, ways), 1..9);
    // Half of them are routed by what is cached where.
    let by_prefix = prop::option::of(prop::sample::subsequence(
        vec![
            ScorerName::PrecisePrefixCache,
            ScorerName::PrefixAffinity,
            ScorerName::NoHitLru,
            ScorerName::LoadBalance,
        ],
        1..=4,
    ));
    (clusters, hash_block, prompts, by_prefix).prop_map(|(mut config, hash_block, prompts, by_prefix)| {
        config.workload.hash_block = hash_block;
        if let Some(names) = by_prefix {
            let weighted = |name| WeightedScorer { name, weight: 1.0 };
            config.routing.policy = RoutingPolicyName::Weighted;
            config.routing.scorers = names.into_iter().map(weighted).collect();
            config.cluster.num_instances = config.cluster.num_instances.max(2);
        }
        let requests = config.workload.rows_mut().into_iter().flatten();
        for (request, (kind, ways)) in requests.zip(prompts.iter().cycle()) {
            if *kind == 0 {
                continue;
            }
            (request.prefix_group, request.prefix_length) = (None, 0);
            if *kind == 1 {
                continue;
            }
            let blocks = request.input_tokens.div_ceil(hash_block) as usize;
            // An id that no other path has: the ways to it, mixed.
            let further = |id: &mut u64, &way: &u64| {
                *id = id.wrapping_add(way + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
                Some(*id)
            };
            request.hash_ids = Some(ways.iter().cycle().take(blocks).scan(1, further).collect());
        }
        config
    })
}

/// Users that wait for their answers.
pub fn virtual_users() -> impl Strategy<Value = Config> {
    let users = (1_u32..7, 0_u32..40, prop::option::of(1_u32..40), any::<bool>(), 0_u32..30, 1_i64..3);
    (cluster(), users).prop_map(|(mut config, (users, think_time, requests, even, prefix, timeout))| {
        let workload = &mut config.workload;
        workload.requests = None;
        workload.concurrency = users;
        workload.think_time_ms = think_time;
        workload.num_requests = requests.unwrap_or(0);
        workload.prefix_tokens = prefix;
        (workload.prompt_tokens, workload.prompt_tokens_stdev, workload.prompt_tokens_max) = (30, 15, 60);
        (workload.output_tokens, workload.output_tokens_stdev, workload.output_tokens_max) = (10, 8, 40);
        workload.timeout = Some(timeout);
        if even {
            even_steps(&mut config, 1000, 0, 1000);
        }
        if requests.is_none() {
            config.cluster.horizon = Some(config.cluster.horizon.unwrap_or(300_000));
        }
        config
    })
}

/// Users that wait for their answers, which do not always come.
pub fn disturbed_users() -> impl Strategy<Value = Config> {
    (virtual_users(), disturbed(), 0_i64..4).prop_map(|(mut config, disturbed, tick)| {
        config.cluster =
            blis_playground::config::ClusterSettings { horizon: config.cluster.horizon, ..disturbed.cluster };
        // On the grid of the steps, so that completions and stops meet.
        for kill in &mut config.cluster.kills {
            kill.at = kill.at / 25_000 * 1000 * tick;
        }
        config.workload.bursts = disturbed.workload.bursts;
        config
    })
}
