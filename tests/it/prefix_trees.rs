//! Prompts that are paths of a tree of hash ids, in whole runs (traces chapter, TR-3).

use blis_playground::config::{Config, ExplicitRequest, RoutingPolicyName, ScorerName, WeightedScorer};
use blis_playground::record::{Outcome, digest};
use blis_playground::simulate;
use serde_json::Value;

/// Whole numbers of a JSON list.
fn numbers(column: &Value) -> Vec<u32> {
    let numbers = column.as_array().expect("a column").iter();
    numbers.map(|number| u32::try_from(number.as_u64().expect("a number")).expect("a small one")).collect()
}

/// The prompts of a sample, one after the other: each ends before the next begins. Nothing is ever recycled.
fn one_after_the_other(sample: &str, block_size: u32) -> (Outcome, Vec<u32>) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/traces");
    let read = |name: String| std::fs::read_to_string(format!("{folder}/{name}")).expect("the sample");
    let expected: Value = serde_json::from_str(&read(format!("{sample}.expected.json"))).expect("JSON");
    let rows = read(format!("{sample}.jsonl"));
    let rows = rows.lines().enumerate().map(|(at, line)| {
        let row: Value = serde_json::from_str(line).expect("JSON");
        ExplicitRequest {
            arrival_us: at as i64 * 1_000_000_000,
            input_tokens: row["input_length"].as_u64().expect("a number") as u32,
            output_tokens: 1,
            hash_ids: Some(numbers(&row["hash_ids"]).into_iter().map(u64::from).collect()),
            ..ExplicitRequest::default()
        }
    });
    let mut config = Config::default();
    config.workload.requests = Some(rows.collect());
    config.memory.block_size_in_tokens = block_size;
    config.memory.total_kv_blocks = Some(10_000_000);
    config.memory.max_model_len = Some(0);
    let leading = numbers(&expected["leading_blocks_seen_before"][block_size.to_string()]);
    (simulate(&config).expect("a valid configuration"), leading)
}

#[test]
fn a_prompt_finds_the_leading_blocks_that_came_before() {
    for sample in ["mooncake-conversation-100", "mooncake-synthetic-100"] {
        for block_size in [16, 32, 48, 512] {
            let (outcome, leading) = one_after_the_other(sample, block_size);
            let found = outcome.records.cached_first.iter().map(|tokens| tokens / block_size);
            assert_eq!(found.collect::<Vec<_>>(), leading, "{sample}, {block_size} tokens a block");
            assert!(leading.iter().sum::<u32>() > 0);
        }
    }
}

/// Requests of two conversations at the same time, on two instances.
fn pair(change: impl FnOnce(&mut Config)) -> Outcome {
    let request = |arrival_us, input_tokens, ids: &[u64]| ExplicitRequest {
        arrival_us,
        input_tokens,
        output_tokens: 20,
        hash_ids: Some(ids.to_vec()),
        ..ExplicitRequest::default()
    };
    let mut config = Config::default();
    config.cluster.num_instances = 2;
    config.workload.hash_block = 64;
    config.workload.requests = Some(
        vec![
            request(0, 300, &[1, 2, 3, 4, 5]),
            request(1_000, 300, &[9, 10, 11, 12, 13]),
            request(2_000_000, 500, &[1, 2, 3, 4, 6, 7, 8, 99]),
            request(4_000_000, 320, &[9, 10, 11, 12, u64::MAX]),
            request(6_000_000, 100, &[21, 22]),
        ]
        .into(),
    );
    change(&mut config);
    simulate(&config).expect("a valid configuration")
}

#[test]
fn scorers_that_read_prefixes_send_a_conversation_where_it_was() {
    for scorer in [ScorerName::PrecisePrefixCache, ScorerName::PrefixAffinity] {
        let outcome = pair(|config| {
            config.routing.policy = RoutingPolicyName::Weighted;
            // The queue decides where the first two go: apart.
            config.routing.scorers = vec![
                WeightedScorer { name: scorer, weight: 10.0 },
                WeightedScorer { name: ScorerName::LoadBalance, weight: 1.0 },
            ];
            (config.routing.snapshot_refresh_interval, config.routing.cache_signal_delay) = (0, 0);
        });
        let instance = &outcome.records.instance;
        assert_ne!(instance[0], instance[1], "{scorer:?}");
        assert_eq!(instance[2], instance[0], "{scorer:?}");
        assert_eq!(instance[3], instance[1], "{scorer:?}");
        // Four hash blocks of 64 tokens are sixteen KV blocks.
        assert_eq!(outcome.records.cached_first, [0, 0, 256, 256, 0], "{scorer:?}");
    }
}

#[test]
fn a_copy_of_the_caches_that_is_never_renewed_finds_nothing() {
    let outcome = pair(|config| {
        config.routing.policy = RoutingPolicyName::Weighted;
        config.routing.scorers = vec![WeightedScorer { name: ScorerName::PrecisePrefixCache, weight: 1.0 }];
        config.routing.cache_signal_delay = 60_000_000;
    });
    let tied: Vec<u32> = outcome.gateway.tie_breaks.iter().map(|tie| tie.request.get()).collect();
    assert_eq!(tied, [0, 1, 2, 3, 4], "to the router both instances are equally good");
}

#[test]
fn ids_are_names_only() {
    let renamed = pair(|config| {
        for request in config.workload.rows_mut().into_iter().flatten() {
            let ids = request.hash_ids.iter_mut().flatten();
            ids.for_each(|id| *id = id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        }
    });
    assert_eq!(digest(&renamed), digest(&pair(|_| ())));
}

#[test]
fn a_group_is_a_tree_with_one_fork() {
    let run = |as_tree: bool| {
        let request = |row: u64| {
            let mut request = ExplicitRequest {
                arrival_us: row as i64 * 10_000,
                input_tokens: 96 + 16 * (row % 3) as u32,
                output_tokens: 60,
                ..ExplicitRequest::default()
            };
            if as_tree {
                let ids = [0, 1, 2, 3, 1000 + row, 2000 + row];
                let blocks = request.input_tokens.div_ceil(24) as usize;
                request.hash_ids = Some(ids[..blocks].to_vec());
            } else {
                (request.prefix_group, request.prefix_length) = (Some("g".to_owned()), 96);
            }
            request
        };
        let mut config = Config::default();
        config.workload.hash_block = 24;
        config.memory.total_kv_blocks = Some(40);
        config.cluster.num_instances = 2;
        config.routing.policy = RoutingPolicyName::Weighted;
        config.workload.requests = Some((0..60).map(request).collect());
        simulate(&config).expect("a valid configuration")
    };
    let (group, tree) = (run(false), run(true));
    assert_eq!((&group.records, &group.gateway), (&tree.records, &tree.gateway));
    assert_eq!(group.instances, tree.instances);
    assert!(group.instances.iter().all(|instance| instance.cache_hits > 0 && instance.preemptions > 0));
}
