//! Runs whose prompts and answers are computed apart (disaggregation chapter, D-15).

use super::compare::{requests_text, run_in_slices, run_text};
use super::generate::{cluster, scorers};
use blis_playground::config::{
    AdmissionPolicyName, EncodeDeciderName, PdDeciderName, PoolOverrides, PoolSettings, RoutingPolicyName,
    SchedulerName,
};
use blis_playground::record::{Ending, LegKind, PoolsRecord, RequestState};
use blis_playground::units::{LegIndex, Micros};
use blis_playground::{Config, Outcome, simulate};
use proptest::prelude::*;

/// Any pools and network, for clusters without a second tier and without instances that stop.
fn pools() -> impl Strategy<Value = PoolSettings> {
    let roles = (0_u32..4, 0_u32..4, 0_u32..3)
        .prop_filter("a pool for each part", |&(prefill, decode, both)| {
            both > 0 || (prefill > 0 && decode > 0)
        });
    let decider = prop_oneof![
        1 => Just(PdDeciderName::Never),
        3 => Just(PdDeciderName::Always),
        2 => Just(PdDeciderName::PrefixThreshold),
    ];
    let network =
        (prop_oneof![Just(25.0), 0.05..5.0_f64], prop_oneof![Just(0.0), 0.0..20.0_f64], any::<bool>());
    let own = || prop::option::weighted(0.2, scorers());
    let encode = (0_u32..3, any::<bool>());
    (roles, decider, 0_u32..60, network, (own(), own()), encode).prop_map(
        |((prefill, decode, both), decider, threshold, (bandwidth, latency, contention), scorers, encode)| {
            PoolSettings {
                prefill_instances: prefill,
                decode_instances: decode,
                prefill_decode_instances: both,
                decider,
                prefix_threshold: threshold,
                transfer_bandwidth: bandwidth,
                transfer_base_latency: latency,
                transfer_contention: contention,
                prefill: PoolOverrides { scorers: scorers.0, ..PoolOverrides::default() },
                decode: PoolOverrides { scorers: scorers.1, ..PoolOverrides::default() },
                encode_instances: encode.0,
                encode_decider: if encode.0 > 0 && encode.1 {
                    EncodeDeciderName::Always
                } else {
                    EncodeDeciderName::Never
                },
                multimodal: Vec::new(),
            }
        },
    )
}

/// Any cluster with pools, and perhaps instances beside them.
fn pooled_cluster() -> impl Strategy<Value = Config> {
    (cluster(), pools(), 0_u32..2).prop_map(|(mut config, pools, beside)| {
        config.cluster.num_instances = pools.serving() as u32 + pools.encode_instances + beside;
        config.memory.kv_cpu_blocks = 0;
        // An instance that tries in vain makes a step per µs.
        config.trace.record_steps = false;
        config.admission.tenant_budgets.clear();
        config.pools = pools;
        config
    })
}

fn record(outcome: &Outcome) -> &PoolsRecord {
    outcome.pools.as_ref().expect("pools")
}

/// A run in which some request can never be served ends where it is found, which depends on what is read.
fn ends(outcome: &Outcome) -> bool {
    outcome.ending == Ending::Finished
}

proptest! {
    #[test]
    fn where_a_run_is_cut_makes_no_difference(
        config in pooled_cluster(),
        budgets in prop::collection::vec(1_u64..40, 1..6),
    ) {
        let whole = simulate(&config).expect("a valid configuration");
        let sliced = run_in_slices(&config, &budgets);
        prop_assert_eq!(run_text(&whole), run_text(&sliced));
        prop_assert_eq!(format!("{:?}", record(&whole)), format!("{:?}", record(&sliced)));
    }

    #[test]
    fn what_is_read_and_recorded_makes_no_difference(config in pooled_cluster()) {
        let mut blind = config.clone();
        (blind.trace.counterfactual_k, blind.trace.record_candidates, blind.trace.record_steps) = (0, false, false);
        let mut seeing = config;
        seeing.trace.counterfactual_k = seeing.cluster.num_instances;
        (seeing.trace.record_candidates, seeing.trace.record_steps) = (true, true);
        let (blind, seeing) = (
            simulate(&blind).expect("a valid configuration"),
            simulate(&seeing).expect("a valid configuration"),
        );
        prop_assume!(ends(&blind) && ends(&seeing));
        prop_assert_eq!(requests_text(&blind), requests_text(&seeing));
        prop_assert_eq!(format!("{:?}", blind.instances), format!("{:?}", seeing.instances));
        prop_assert_eq!(format!("{:?}", record(&blind).records), format!("{:?}", record(&seeing).records));
    }

    #[test]
    fn parts_follow_each_other_and_nothing_is_lost(config in pooled_cluster()) {
        let outcome = simulate(&config).expect("a valid configuration");
        let (pools, records) = (record(&outcome), &outcome.records);
        let legs = &pools.records;
        for parts in &pools.apart {
            let (start, end) = (parts.transfer_start, parts.transfer_end);
            let prefill = parts.prefill;
            prop_assert!(outcome.requests.arrival[parts.request] <= records.routed_at[parts.request]);
            if start.happened() {
                prop_assert_eq!(legs.state[prefill], RequestState::Completed);
                prop_assert!(legs.last_scheduled_at[prefill] <= start);
                prop_assert_eq!(parts.blocks, outcome.requests.input[parts.request].div_ceil(config.memory.block_size_in_tokens));
            }
            if end.happened() {
                prop_assert!(end - start >= Micros(1));
            }
            if let Some(decode) = parts.decode.filter(|&leg| legs.first_scheduled_at[leg].happened()) {
                prop_assert!(parts.transferred && end <= legs.first_scheduled_at[decode]);
            }
        }
        if config.cluster.horizon.is_none() && ends(&outcome) {
            let held: u64 = outcome.instances.iter().map(|instance| u64::from(instance.used_kv_blocks_end)).sum();
            prop_assert_eq!(held, 0);
            prop_assert!(pools.apart.iter().all(|parts| !parts.transfer_end.happened() || parts.transferred));
        }
        // Prefill parts end on instances that compute prompts, and the rest on those that compute answers.
        let completed = |kind: LegKind| {
            let legs_of = (0..pools.legs.kind.len()).map(LegIndex::from_index);
            legs_of
                .filter(|&leg| pools.legs.kind[leg] == kind)
                .filter(|&leg| matches!(legs.state[leg], RequestState::Completed | RequestState::LengthCapped))
                .count() as u64
        };
        let all: u64 = outcome.instances.iter().map(|instance| instance.completed).sum();
        prop_assert_eq!(all, completed(LegKind::Whole) + completed(LegKind::Prefill) + completed(LegKind::Decode));
        let places = |state: RequestState| records.state.iter().filter(|&&own| own == state).count() as u64;
        prop_assert_eq!(outcome.completed(), places(RequestState::Completed) + places(RequestState::LengthCapped));
        prop_assert_eq!(outcome.dropped(), places(RequestState::Dropped));
    }

    #[test]
    fn a_cluster_that_never_splits_is_one_of_decode_instances(config in pooled_cluster()) {
        let mut config = config;
        config.pools.decider = PdDeciderName::Never;
        config.pools.encode_decider = EncodeDeciderName::Never;
        (config.pools.decode.scorers, config.pools.prefill.scorers) = (None, None);
        config.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        config.routing.policy = RoutingPolicyName::LeastLoaded;
        // The last resort of an order are ids, which are the same in both.
        config.instance.scheduler = SchedulerName::Sjf;
        let mut alone = config.clone();
        alone.cluster.num_instances = config.pools.decode_instances + config.pools.prefill_decode_instances;
        alone.pools = PoolSettings::default();
        let (pooled, alone) = (
            simulate(&config).expect("a valid configuration"),
            simulate(&alone).expect("a valid configuration"),
        );
        prop_assume!(ends(&pooled) && ends(&alone));
        prop_assert_eq!(&pooled.records.e2e, &alone.records.e2e);
        prop_assert_eq!(&pooled.records.ttft, &alone.records.ttft);
        prop_assert_eq!(&pooled.records.ended_at, &alone.records.ended_at);
        prop_assert!(record(&pooled).apart.is_empty());
    }
}
