//! Rates of the KV cache (metrics chapter, M-6, KV Cache Metrics).

use super::Outcome;
use super::samples::share;
use crate::record::InstanceRecord;
use serde::Serialize;
use std::fmt;

/// The rates; printed only if one of them is above 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct KvCacheMetrics {
    /// Evictions per completed request; 0 if none completed.
    pub preemption_rate: f64,
    /// Unweighted mean of the instances' hit rates.
    pub cache_hit_rate: f64,
    /// Unweighted mean over instances of evictions from the second tier per block copied to it; 0 without one (KV tiers chapter, T-8).
    pub kv_thrashing_rate: f64,
}

/// Rates of a run.
pub fn kv_cache_metrics(outcome: &Outcome) -> KvCacheMetrics {
    let preemptions = outcome.total(|instance| instance.preemptions);
    KvCacheMetrics {
        preemption_rate: share(preemptions, outcome.completed()),
        cache_hit_rate: mean(outcome, InstanceRecord::cache_hit_rate),
        kv_thrashing_rate: mean(outcome, |instance| instance.tier.map_or(0.0, |tier| tier.thrashing_rate())),
    }
}

/// Unweighted mean over instances, added in their order; 0 without instances.
fn mean(outcome: &Outcome, rate: impl Fn(&InstanceRecord) -> f64) -> f64 {
    let instances = &outcome.instances;
    if instances.is_empty() {
        return 0.0;
    }
    instances.iter().map(rate).sum::<f64>() / instances.len() as f64
}

impl KvCacheMetrics {
    /// Whether there is nothing to print.
    pub fn is_silent(&self) -> bool {
        self.preemption_rate == 0.0 && self.cache_hit_rate == 0.0 && self.kv_thrashing_rate == 0.0
    }
}

impl fmt::Display for KvCacheMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== KV Cache Metrics ===")?;
        writeln!(f, "Preemption Rate: {:.4}", self.preemption_rate)?;
        writeln!(f, "Cache Hit Rate: {:.4}", self.cache_hit_rate)?;
        writeln!(f, "KV Thrashing Rate: {:.4}", self.kv_thrashing_rate)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::record::TierRecord;

    #[test]
    fn metrics_6_example_prints_four_decimals() {
        let mut outcome = outcome(1, &vec![RowBuilder::completed(0, 10, &[]); 10]);
        let instance = &mut outcome.instances[0];
        (instance.preemptions, instance.cache_hits, instance.cache_misses) = (7, 2, 15);
        let expected = "=== KV Cache Metrics ===\nPreemption Rate: 0.7000\nCache Hit Rate: 0.1176\nKV Thrashing Rate: 0.0000\n";
        assert_eq!(kv_cache_metrics(&outcome).to_string(), expected);
    }

    #[test]
    fn the_hit_rate_is_the_unweighted_mean_over_instances() {
        let mut outcome = outcome(2, &[]);
        (outcome.instances[0].cache_hits, outcome.instances[0].cache_misses) = (1, 0);
        (outcome.instances[1].cache_hits, outcome.instances[1].cache_misses) = (0, 1000);
        assert_eq!(kv_cache_metrics(&outcome).cache_hit_rate, 0.5);
    }

    #[test]
    fn t_8_failed_allocations_lower_the_hit_rate_and_evictions_are_counted_per_store() {
        let mut outcome = outcome(2, &[]);
        let instance = &mut outcome.instances[0];
        (instance.cache_hits, instance.cache_misses) = (3, 2);
        instance.tier = Some(TierRecord { failed: 5, stores: 36, evictions: 33, ..TierRecord::default() });
        outcome.instances[1].tier = Some(TierRecord::default());
        let metrics = kv_cache_metrics(&outcome);
        assert_eq!(metrics.cache_hit_rate, 0.15);
        assert_eq!(metrics.kv_thrashing_rate, 33.0 / 36.0 / 2.0);
    }

    #[test]
    fn preemptions_without_completions_have_rate_zero() {
        let mut outcome = outcome(1, &[]);
        outcome.instances[0].preemptions = 3;
        assert!(kv_cache_metrics(&outcome).is_silent());
    }
}
