//! R-X6: all ten scorers on one decision.

use super::recorded::{run, run_case, scores, seen, setup};
use blis_playground::config::{ScorerName, WeightedScorer};

#[test]
fn x6_all_scorers_together() {
    let outcome = run_case("scorers-all");
    assert_eq!(outcome.records.routed_at[100].0, 1_184_708);
    assert_eq!(seen(&outcome, 100, |seen| seen.queue_depth), [0, 0, 0, 0]);
    assert_eq!(seen(&outcome, 100, |seen| seen.batch_size), [22, 20, 23, 20]);
    assert_eq!(seen(&outcome, 100, |seen| seen.in_flight), [22, 20, 23, 21]);
    assert_eq!(seen(&outcome, 100, |seen| seen.free_kv_blocks), [430, 437, 450, 447]);
    let composite =
        [0.397_624_858_289_671_26, 0.627_905_836_148_857, 0.285_169_920_381_449_34, 0.623_445_251_664_412_4];
    assert_eq!(scores(&outcome, 100), composite);
    assert_eq!(outcome.records.instance[100].get(), 1);
}

/// The composite scores of request 100 follow, to the last bit, from the table of single scores.
#[test]
fn x6_the_composite_is_the_sum_of_single_scores_in_list_order() {
    let single: [(ScorerName, [f64; 4]); 10] = [
        (ScorerName::PrefixAffinity, [32.0 / 43.0; 4]),
        (ScorerName::PrecisePrefixCache, [1.0; 4]),
        (ScorerName::NoHitLru, [0.5; 4]),
        (ScorerName::QueueDepth, [1.0; 4]),
        (ScorerName::KvUtilization, [0.5375, 0.54625, 0.5625, 0.558_750_000_000_000_1]),
        (ScorerName::LoadBalance, [1.0 / 45.0, 1.0 / 41.0, 1.0 / 47.0, 1.0 / 42.0]),
        (ScorerName::ActiveRequests, [1.0 / 23.0, 3.0 / 23.0, 0.0, 2.0 / 23.0]),
        (ScorerName::RunningRequests, [1.0 / 3.0, 1.0, 0.0, 1.0]),
        (ScorerName::LoadAware, [0.5; 4]),
        (ScorerName::VllmDp, [1.0 / 3.0, 1.0, 0.0, 1.0]),
    ];
    let (config, ties) = setup("scorers-all");
    let listed: Vec<WeightedScorer> = single
        .iter()
        .zip(1_u32..)
        .map(|(&(name, _), weight)| WeightedScorer { name, weight: f64::from(weight) })
        .collect();
    assert_eq!(config.routing.scorers, listed);
    let outcome = run(&config, &ties);
    for (instance, score) in scores(&outcome, 100).into_iter().enumerate() {
        let composite = single
            .iter()
            .zip(1_u32..)
            .fold(0.0, |sum, ((_, scores), weight)| sum + scores[instance] * (f64::from(weight) / 55.0));
        assert_eq!(score, composite, "instance {instance}");
    }
}
