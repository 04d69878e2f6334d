//! Random clusters with conversations: scripted ones, whose rounds follow from answers, and such as are only listed.

use super::workloads::{coincidences, states, tenants, tight_memory, trees};
use crate::invariants::generate::{cluster, disturbed};
use blis_playground::Config;
use blis_playground::config::{
    ExplicitRequest, RoundScript, RoutingPolicyName, ScorerName, SessionScript, SessionScripts,
    WeightedScorer,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// How a request of the list becomes a conversation.
#[derive(Clone, Debug)]
struct Talk {
    kind: Kind,
    accumulate: bool,
    timeout_us: Option<i64>,
    rounds: Vec<RoundScript>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// It stays alone.
    None,
    /// Its later rounds follow from answers.
    Scripted,
    /// Its later rounds are in the list: they repeat whole answers, or all but the last tokens.
    Planned,
    Answered,
}

fn round() -> impl Strategy<Value = RoundScript> {
    let think_time = prop_oneof![
        3 => Just(0),
        2 => Just(1),
        2 => (0_i64..30).prop_map(|ms| ms * 1000),
        1 => 0_i64..300_000,
        1 => (1_i64..4).prop_map(|s| s * 1_000_000),
    ];
    let lengths = (prop_oneof![1_u32..20, 0_u32..60], prop_oneof![0_u32..4, 0_u32..40]);
    let kept = prop_oneof![9 => Just(None), 1 => (0_u32..120).prop_map(Some)];
    (think_time, lengths, kept).prop_map(|(think_time_us, (input_tokens, output_tokens), kept)| RoundScript {
        think_time_us,
        context_tokens: kept,
        input_tokens,
        output_tokens,
    })
}

fn talk() -> impl Strategy<Value = Talk> {
    let kind = prop_oneof![
        2 => Just(Kind::None),
        5 => Just(Kind::Scripted),
        1 => Just(Kind::Planned),
        1 => Just(Kind::Answered),
    ];
    let timeout = prop_oneof![3 => Just(None), 1 => Just(Some(0)), 2 => (1_i64..400_000).prop_map(Some)];
    let rounds = prop::collection::vec(round(), 0..7);
    (kind, prop::bool::weighted(0.75), timeout, rounds)
        .prop_map(|(kind, accumulate, timeout_us, rounds)| Talk { kind, accumulate, timeout_us, rounds })
}

/// The later rounds of a listed conversation, which do not wait for answers.
fn listed(first: &ExplicitRequest, talk: &Talk) -> Vec<ExplicitRequest> {
    let mut all = Vec::new();
    let mut before = first.clone();
    for (number, round) in (1..).zip(&talk.rounds) {
        let kept = if talk.kind == Kind::Planned {
            before.output_tokens
        } else {
            before.output_tokens.saturating_sub(1)
        };
        let context_tokens = if talk.accumulate { before.input_tokens + kept } else { 0 };
        let repeated = if talk.accumulate { context_tokens } else { first.prefix_length };
        let arrival_us = before.arrival_us + round.think_time_us.min(100_000);
        before = ExplicitRequest {
            id: None,
            arrival_us,
            input_tokens: repeated + round.input_tokens,
            output_tokens: round.output_tokens,
            budget: None,
            context_tokens,
            round: number,
            deadline_us: talk.timeout_us.filter(|&timeout| timeout > 0).map(|timeout| arrival_us + timeout),
            ..first.clone()
        };
        all.push(before.clone());
    }
    all
}

fn add(config: &mut Config, talks: &[Talk]) {
    let mut scripts = Vec::new();
    let mut further = Vec::new();
    let list = config.workload.rows_mut().into_iter().flatten();
    for (number, (request, talk)) in list.zip(talks).enumerate() {
        let session = format!("s{}", number * 7 % 10);
        let session = if number < 10 { session } else { format!("{session}_{number}") };
        // Behind an empty prompt it could not be told from the list how much is repeated.
        let listed_empty = request.input_tokens == 0 && talk.kind != Kind::Scripted;
        let kind = if listed_empty { Kind::None } else { talk.kind };
        if kind != Kind::None {
            request.session.clone_from(&session);
        }
        match kind {
            Kind::None => {}
            Kind::Scripted => scripts.push(SessionScript {
                session,
                accumulate: talk.accumulate,
                timeout_us: talk.timeout_us,
                rounds: talk.rounds.clone(),
            }),
            Kind::Planned | Kind::Answered => further.extend(listed(request, talk)),
        }
    }
    let mut requests = config.workload.rows_mut().cloned().unwrap_or_default();
    requests.extend(further);
    config.workload.requests = Some(requests.into());
    config.workload.sessions = (!scripts.is_empty()).then_some(SessionScripts(scripts));
}

/// Clusters with and without conversations whose instances have a second tier of KV memory.
pub fn tiers() -> impl Strategy<Value = Config> {
    let clusters = prop_oneof![
        1 => cluster().boxed(),
        2 => coincidences().boxed(),
        3 => tight_memory().boxed(),
        1 => disturbed().boxed(),
        1 => trees().boxed(),
        4 => among(prop_oneof![cluster().boxed(), tight_memory().boxed(), coincidences().boxed()]).boxed(),
    ];
    let blocks = prop_oneof![3 => 1_u32..12, 3 => 10_u32..80, 1 => Just(5000)];
    let bandwidth = prop_oneof![select(vec![0.01, 0.5, 3.0, 100.0, 1e9]), 0.001_f64..20.0];
    let latency = prop_oneof![3 => Just(0), 2 => 1_i64..50, 1 => 1000_i64..20_000];
    // Where prompts share nothing, blocks are counted until a request is evicted.
    let shares = prop_oneof![2 => Just(true), 1 => Just(false)];
    (clusters, blocks, bandwidth, latency, shares).prop_map(
        |(mut config, blocks, bandwidth, latency, shares)| {
            if !shares && let Some(requests) = config.workload.rows_mut() {
                for request in requests {
                    (request.prefix_group, request.prefix_length, request.hash_ids) = (None, 0, None);
                    (request.session, request.round, request.context_tokens) = (String::new(), 0, 0);
                }
                config.workload.sessions = None;
            }
            config.memory.kv_cpu_blocks = blocks;
            config.memory.kv_transfer_bandwidth = bandwidth;
            config.memory.kv_transfer_base_latency = latency;
            // Requests in the queue may hold blocks for ever (T-9).
            config.cluster.horizon = Some(config.cluster.horizon.unwrap_or(400_000));
            config
        },
    )
}

/// Any cluster with conversations.
pub fn conversations() -> impl Strategy<Value = Config> {
    let clusters = prop_oneof![
        3 => cluster().boxed(),
        3 => coincidences().boxed(),
        4 => tight_memory().boxed(),
        1 => disturbed().boxed(),
        1 => tenants().boxed(),
        1 => states().boxed(),
    ];
    among(clusters)
}

/// These clusters with conversations, half of them routed by what is cached where.
pub fn among(clusters: impl Strategy<Value = Config>) -> impl Strategy<Value = Config> {
    let by_prefix = prop::option::of(subsequence(
        vec![
            ScorerName::PrecisePrefixCache,
            ScorerName::PrefixAffinity,
            ScorerName::NoHitLru,
            ScorerName::LoadBalance,
        ],
        1..=4,
    ));
    let delays = select(vec![None, Some(0), Some(20_000)]);
    let room = prop_oneof![Just(None), (20_u32..200).prop_map(Some)];
    (clusters, prop::collection::vec(talk(), 1..12), by_prefix, delays, room).prop_map(
        |(mut config, talks, by_prefix, delay, room)| {
            add(&mut config, &talks);
            if let Some(names) = by_prefix {
                let weighted = |name| WeightedScorer { name, weight: 1.0 };
                config.routing.policy = RoutingPolicyName::Weighted;
                config.routing.scorers = names.into_iter().map(weighted).collect();
                config.cluster.num_instances = config.cluster.num_instances.max(2);
            }
            if let Some(delay) = delay {
                config.routing.cache_signal_delay = delay;
            }
            // Contexts grow: sometimes there is room for that.
            if let (Some(blocks), Some(length)) = (room, config.memory.max_model_len) {
                let total = config.memory.total_kv_blocks.unwrap_or(0).max(blocks);
                config.memory.total_kv_blocks = Some(total);
                if length > 0 {
                    config.memory.max_model_len = Some((total * config.memory.block_size_in_tokens).max(2));
                }
            }
            config
        },
    )
}
