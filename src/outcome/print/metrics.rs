//! The JSON block of the cluster or of one instance (metrics chapter, M-4).

use super::json;
use super::rows::{RequestRow, request_rows};
use crate::outcome::Outcome;
use crate::outcome::cache::kv_cache_metrics;
use crate::outcome::goodput::{ClassGoodput, Goodput};
use crate::outcome::pools::Corrections;
use crate::outcome::samples::{LatencySamples, rate, rows_by_instance};
use crate::outcome::statistics::OrderedSamples;
use crate::record::InstanceRecord;
use crate::units::{InstanceIndex, Micros, RequestIndex};
use serde::Serialize;
use std::collections::BTreeMap;

/// The block; fields are printed in this order.
///
/// If nothing completed, every latency and both rates are 0, even when first tokens were produced.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ClusterMetrics {
    /// `instance_<i>`, or `cluster`.
    pub instance_id: String,
    /// Finished requests, length-capped ones included.
    pub completed_requests: u64,
    /// Requests in wait queues at the end.
    pub still_queued: u64,
    /// Requests in batches at the end.
    pub still_running: u64,
    /// Completed, queued, running, dropped and timed-out requests; not the rejected ones.
    pub injected_requests: u64,
    /// Prompt tokens of requests that passed the drop checks.
    pub total_input_tokens: u64,
    /// Generated tokens of completed requests.
    pub total_output_tokens: u64,
    /// Time of the last event in s.
    pub vllm_estimated_duration_s: f64,
    /// Completed requests per s.
    pub responses_per_sec: f64,
    /// Output tokens per s.
    pub tokens_per_sec: f64,
    /// Mean of arrival to last token, ms.
    pub e2e_mean_ms: f64,
    /// 90th percentile of the same.
    pub e2e_p90_ms: f64,
    /// 95th percentile of the same.
    pub e2e_p95_ms: f64,
    /// 99th percentile of the same.
    pub e2e_p99_ms: f64,
    /// Mean time to first token, ms; unfinished requests included.
    pub ttft_mean_ms: f64,
    /// 90th percentile of the same.
    pub ttft_p90_ms: f64,
    /// 95th percentile of the same.
    pub ttft_p95_ms: f64,
    /// 99th percentile of the same.
    pub ttft_p99_ms: f64,
    /// Mean inter-token gap over all tokens of completed requests, ms.
    pub itl_mean_ms: f64,
    /// 90th percentile of the same.
    pub itl_p90_ms: f64,
    /// 95th percentile of the same.
    pub itl_p95_ms: f64,
    /// 99th percentile of the same.
    pub itl_p99_ms: f64,
    /// 99th percentile of arrival to scheduling, ms.
    pub scheduling_delay_p99_ms: f64,
    /// Failed final-token stores; should be 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub kv_allocation_failures: u64,
    /// Evictions.
    pub preemption_count: u64,
    /// Unweighted mean of the instances' hit rates; only in the metrics file (M-13).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_hit_rate: Option<f64>,
    /// Requests that no instance could serve.
    pub dropped_unservable: u64,
    /// Requests cut at the model's length limit.
    pub length_capped_requests: u64,
    /// Requests cancelled at their deadline.
    pub timed_out_requests: u64,
    /// Ours: requests that were at an instance when it crashed; printed only if there are some.
    #[serde(skip_serializing_if = "is_zero")]
    pub lost_requests: u64,
    /// One row per request; only in the metrics file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestRow>,
    /// Good requests per s; only with goodput targets.
    #[serde(skip_serializing_if = "is_absent")]
    pub goodput_rps: f64,
    /// Share of arrivals that were good; only with goodput targets.
    #[serde(skip_serializing_if = "is_absent")]
    pub slo_attainment: f64,
    /// Goodput per class; only with goodput targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_class: Option<BTreeMap<String, ClassGoodput>>,
}

// Serde hands the field over by reference.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature; on wasm32 the lint does not fire")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature; on wasm32 the lint does not fire")]
fn is_absent(figure: &f64) -> bool {
    *figure == 0.0
}

impl ClusterMetrics {
    /// Adds the goodput figures, which only the cluster's block has.
    #[must_use]
    pub fn with_goodput(self, goodput: Goodput) -> Self {
        Self {
            goodput_rps: goodput.goodput_rps,
            slo_attainment: goodput.slo_attainment,
            per_class: Some(goodput.per_class),
            ..self
        }
    }

    /// Adds what the metrics file has beyond the printed block: one row per request, and the hit rate.
    #[must_use]
    pub fn with_details(self, outcome: &Outcome) -> Self {
        let cache_hit_rate = Some(kv_cache_metrics(outcome).cache_hit_rate);
        Self { requests: request_rows(outcome), cache_hit_rate, ..self }
    }

    /// The block as printed: two-space indentation, JavaScript's numbers.
    #[expect(clippy::missing_panics_doc, reason = "it cannot panic, as the message proves")]
    pub fn to_json(&self) -> String {
        json::to_pretty_json(self).expect("string keys and plain fields always serialise")
    }
}

/// The block of the whole cluster: counts summed, the longest duration, all samples pooled.
pub fn metrics(outcome: &Outcome) -> ClusterMetrics {
    let samples = LatencySamples::of_cluster(outcome);
    let corrections = outcome.pools.as_ref().map(|pools| pools.corrections()).unwrap_or_default();
    block("cluster".to_owned(), &outcome.instances, corrections, &samples)
}

/// The block of one instance; `None` if there is no such instance.
pub fn instance_metrics(outcome: &Outcome, instance: InstanceIndex) -> Option<ClusterMetrics> {
    outcome.instances.get(instance.index())?;
    let routed = outcome.rows().filter(|&row| outcome.records.instance[row] == instance);
    Some(instance_block(outcome, instance, &routed))
}

/// The blocks of all instances, in index order.
pub fn all_instance_metrics(outcome: &Outcome) -> Vec<ClusterMetrics> {
    let blocks = rows_by_instance(outcome);
    InstanceIndex::first(blocks.len())
        .zip(blocks)
        .map(|(instance, rows)| instance_block(outcome, instance, &rows.into_iter()))
        .collect()
}

fn instance_block(
    outcome: &Outcome,
    instance: InstanceIndex,
    rows: &(impl Iterator<Item = RequestIndex> + Clone),
) -> ClusterMetrics {
    let records = &outcome.instances[instance.index()..=instance.index()];
    let samples = LatencySamples::collect(outcome, rows, records);
    block(format!("instance_{instance}"), records, Corrections::default(), &samples)
}

fn block(
    instance_id: String,
    instances: &[InstanceRecord],
    corrections: Corrections,
    samples: &LatencySamples,
) -> ClusterMetrics {
    let Corrections { prefill_completed, fallen_through, in_transfer } = corrections;
    let total = |counter: fn(&InstanceRecord) -> u64| instances.iter().map(counter).sum::<u64>();
    let duration = instances.iter().map(|instance| instance.end).max().unwrap_or_default();
    let counts = ClusterMetrics {
        instance_id,
        completed_requests: total(|instance| instance.completed) - prefill_completed,
        still_queued: total(|instance| instance.still_queued),
        still_running: total(|instance| instance.still_running) + in_transfer,
        injected_requests: total(InstanceRecord::injected) + fallen_through + in_transfer - prefill_completed,
        total_input_tokens: total(|instance| instance.input_tokens),
        total_output_tokens: total(|instance| instance.output_tokens),
        vllm_estimated_duration_s: duration.as_secs(),
        kv_allocation_failures: total(|instance| instance.kv_allocation_failures),
        preemption_count: total(|instance| instance.preemptions),
        dropped_unservable: total(|instance| instance.dropped) + fallen_through,
        length_capped_requests: total(|instance| instance.length_capped),
        timed_out_requests: total(|instance| instance.timed_out),
        lost_requests: total(|instance| instance.lost),
        ..ClusterMetrics::default()
    };
    if counts.completed_requests == 0 { counts } else { with_latencies(counts, duration, samples) }
}

fn with_latencies(counts: ClusterMetrics, duration: Micros, samples: &LatencySamples) -> ClusterMetrics {
    let LatencySamples { ttft, e2e, scheduling_delay, itl } = samples;
    ClusterMetrics {
        responses_per_sec: rate(counts.completed_requests, duration),
        tokens_per_sec: rate(counts.total_output_tokens, duration),
        e2e_mean_ms: e2e.mean_ms(),
        e2e_p90_ms: e2e.percentile_ms(90.0),
        e2e_p95_ms: e2e.percentile_ms(95.0),
        e2e_p99_ms: e2e.percentile_ms(99.0),
        ttft_mean_ms: ttft.mean_ms(),
        ttft_p90_ms: ttft.percentile_ms(90.0),
        ttft_p95_ms: ttft.percentile_ms(95.0),
        ttft_p99_ms: ttft.percentile_ms(99.0),
        itl_mean_ms: itl.mean_ms(),
        itl_p90_ms: itl.percentile_ms(90.0),
        itl_p95_ms: itl.percentile_ms(95.0),
        itl_p99_ms: itl.percentile_ms(99.0),
        scheduling_delay_p99_ms: scheduling_delay.percentile_ms(99.0),
        ..counts
    }
}

impl InstanceRecord {
    /// Requests that reached a terminal or resident state here (M-2).
    pub fn injected(&self) -> u64 {
        self.completed + self.still_queued + self.still_running + self.dropped + self.timed_out + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::testing::{RowBuilder, outcome};
    use crate::record::RequestState;

    #[test]
    fn nothing_completed_prints_zero_latencies_despite_first_tokens() {
        let row = RowBuilder { state: RequestState::Running, ..RowBuilder::completed(0, 5000, &[]) };
        let block = metrics(&outcome(1, &[row]));
        assert_eq!(block.still_running, 1);
        assert_eq!(
            (block.ttft_mean_ms, block.responses_per_sec, block.scheduling_delay_p99_ms),
            (0.0, 0.0, 0.0)
        );
    }

    #[test]
    fn the_cluster_pools_the_samples_of_its_instances() {
        let rows = [
            RowBuilder::completed(0, 1000, &[]),
            RowBuilder { instance: 1, ..RowBuilder::completed(0, 3000, &[]) },
            RowBuilder { instance: 1, ..RowBuilder::completed(0, 5000, &[]) },
        ];
        let outcome = outcome(2, &rows);
        assert_eq!(metrics(&outcome).ttft_mean_ms, 3.0);
        let means: Vec<f64> = all_instance_metrics(&outcome).iter().map(|block| block.ttft_mean_ms).collect();
        assert_eq!(means, [1.0, 4.0]);
    }

    #[test]
    fn one_instance_alone_equals_its_place_among_all() {
        let rows = [
            RowBuilder::completed(0, 1000, &[7]),
            RowBuilder { instance: 1, ..RowBuilder::completed(0, 3000, &[9, 9]) },
        ];
        let outcome = outcome(2, &rows);
        let alone: Vec<_> =
            InstanceIndex::first(2).filter_map(|instance| instance_metrics(&outcome, instance)).collect();
        assert_eq!(alone, all_instance_metrics(&outcome));
        assert_eq!(instance_metrics(&outcome, InstanceIndex::new(2)), None);
    }

    #[test]
    fn the_hit_rate_stands_in_the_file_alone_behind_the_preemptions_even_if_it_is_0() {
        let mut outcome = outcome(2, &[RowBuilder::completed(0, 1000, &[])]);
        assert!(!metrics(&outcome).to_json().contains("cache_hit_rate"));
        let file = |outcome: &Outcome| metrics(outcome).with_details(outcome).to_json();
        assert!(file(&outcome).contains("\"preemption_count\": 0,\n  \"cache_hit_rate\": 0,\n"));
        (outcome.instances[0].cache_hits, outcome.instances[0].cache_misses) = (1, 1);
        assert!(file(&outcome).contains("\"cache_hit_rate\": 0.25,\n  \"dropped_unservable\": 0,"));
    }

    #[test]
    fn allocation_failures_appear_only_when_there_are_some() {
        let mut outcome = outcome(1, &[RowBuilder::completed(0, 1000, &[])]);
        assert!(!metrics(&outcome).to_json().contains("kv_allocation_failures"));
        outcome.instances[0].kv_allocation_failures = 2;
        assert!(metrics(&outcome).to_json().contains("\"kv_allocation_failures\": 2,"));
    }
}
