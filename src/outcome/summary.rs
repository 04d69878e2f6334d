//! The headline figures of a run, for the page and the JS API.

use super::Outcome;
use super::beside::{Beside, beside};
use super::cache::kv_cache_metrics;
use super::charts::requests_per_instance;
use super::conversations::{Conversations, conversations};
use super::cost::Cost;
use super::decision_log::mean_regret;
use super::samples::{LatencySamples, rate};
use super::statistics::OrderedSamples;
use super::tiers::{Tiers, tiers};
use super::verdict::{Verdict, verdict};
use crate::config::RoutingPolicyName;
use crate::record::StopRecord;
use serde::Serialize;

/// A latency in figures; ms, 0 without samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct LatencySummary {
    /// Number of samples: requests, or tokens for inter-token gaps.
    pub count: u64,
    /// Mean.
    pub mean_ms: f64,
    /// Median.
    pub p50_ms: f64,
    /// 90th percentile.
    pub p90_ms: f64,
    /// 95th percentile.
    pub p95_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
}

impl LatencySummary {
    /// The figures of these samples.
    pub fn of(samples: &impl OrderedSamples) -> Self {
        Self {
            count: samples.count(),
            mean_ms: samples.mean_ms(),
            p50_ms: samples.percentile_ms(50.0),
            p90_ms: samples.percentile_ms(90.0),
            p95_ms: samples.percentile_ms(95.0),
            p99_ms: samples.percentile_ms(99.0),
        }
    }
}

/// What regret is measured in (routing chapter, R-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum RegretUnit {
    /// Requests, counted up to twice: queue depth plus batch size plus in flight.
    Load,
    /// The dimensionless weighted score.
    Score,
}

impl From<RoutingPolicyName> for RegretUnit {
    fn from(policy: RoutingPolicyName) -> Self {
        match policy {
            RoutingPolicyName::Weighted => Self::Score,
            RoutingPolicyName::RoundRobin
            | RoutingPolicyName::LeastLoaded
            | RoutingPolicyName::AlwaysBusiest => Self::Load,
        }
    }
}

/// The headline figures.
///
/// Latencies are those of the samples there are, also if no request completed (where the reference's JSON
/// block prints zeros).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Summary {
    /// Requests of the workload, closed-loop follow-ups included.
    pub requests: u64,
    /// Requests that arrived before the run ended.
    pub arrived: u64,
    /// Finished requests, length-capped ones included.
    pub completed: u64,
    /// Requests refused by admission, or at routing because they name a model that is not served.
    pub rejected: u64,
    /// Requests that no instance could serve.
    pub dropped: u64,
    /// Requests cancelled at their deadline.
    pub timed_out: u64,
    /// Requests that were at an instance when it crashed.
    pub lost: u64,
    /// Requests of bursts, arrived or not.
    pub burst: u64,
    /// Instances that stopped taking requests, in the order of time.
    pub stops: Vec<StopRecord>,
    /// Requests cut at the model's length limit, among the completed.
    pub length_capped: u64,
    /// Requests in wait queues at the end.
    pub still_queued: u64,
    /// Requests in batches at the end.
    pub still_running: u64,
    /// Evictions.
    pub preemptions: u64,
    /// Time of the last event in s.
    pub simulated_s: f64,
    /// Completed requests per s.
    pub responses_per_sec: f64,
    /// Output tokens of completed requests per s.
    pub tokens_per_sec: f64,
    /// Time to first token, unfinished requests included.
    pub ttft: LatencySummary,
    /// Inter-token gaps of completed requests, per token.
    pub itl: LatencySummary,
    /// Arrival to last token of completed requests.
    pub e2e: LatencySummary,
    /// Arrival to (last) scheduling, unfinished requests included.
    pub scheduling_delay: LatencySummary,
    /// Unweighted mean of the instances' prefix-cache hit rates.
    pub cache_hit_rate: f64,
    /// Mean regret over routing decisions.
    pub mean_regret: f64,
    /// Largest regret.
    pub max_regret: f64,
    /// What regret is measured in.
    pub regret_unit: RegretUnit,
    /// Requests routed to each instance.
    pub requests_per_instance: Vec<u32>,
    /// Figures of ours beside those of the reference, where those mislead.
    pub beside: Beside,
    /// Whether the cluster holds; see [`verdict`].
    pub verdict: Verdict,
    /// What became of conversations; `null` without any.
    pub conversations: Option<Conversations>,
    /// The second tiers of KV memory; `null` without one.
    pub tiers: Option<Tiers>,
    /// What it costs; `null` if no price of the GPU is known.
    pub cost: Option<Cost>,
}

impl Outcome {
    /// The headline figures. The reference's block, whose latencies are zeros where nothing completed, is
    /// [`metrics`](super::print::metrics::metrics).
    ///
    /// # Examples
    /// ```
    /// use blis_playground::{Config, simulate};
    ///
    /// let summary = simulate(&Config::default())?.summary();
    /// println!("{:.1} ms, {}", summary.ttft.p99_ms, summary.verdict.kind.words());
    /// # Ok::<(), blis_playground::ConfigError>(())
    /// ```
    pub fn summary(&self) -> Summary {
        summarize(self)
    }
}

fn summarize(outcome: &Outcome) -> Summary {
    let samples = LatencySamples::of_cluster(outcome);
    let duration = outcome.duration();
    let completed = outcome.total(|instance| instance.completed);
    let tokens_per_sec = rate(outcome.total(|instance| instance.output_tokens), duration);
    Summary {
        requests: outcome.requests.len() as u64,
        arrived: outcome.gateway.arrivals_by_class.iter().sum(),
        completed,
        rejected: outcome.gateway.turned_away(),
        dropped: outcome.total(|instance| instance.dropped),
        timed_out: outcome.total(|instance| instance.timed_out),
        lost: outcome.total(|instance| instance.lost),
        burst: outcome.burst.len() as u64,
        stops: outcome.stops.clone(),
        length_capped: outcome.total(|instance| instance.length_capped),
        still_queued: outcome.total(|instance| instance.still_queued),
        still_running: outcome.total(|instance| instance.still_running),
        preemptions: outcome.total(|instance| instance.preemptions),
        simulated_s: duration.as_secs(),
        responses_per_sec: rate(completed, duration),
        tokens_per_sec,
        ttft: LatencySummary::of(&samples.ttft),
        itl: LatencySummary::of(&samples.itl),
        e2e: LatencySummary::of(&samples.e2e),
        scheduling_delay: LatencySummary::of(&samples.scheduling_delay),
        cache_hit_rate: kv_cache_metrics(outcome).cache_hit_rate,
        mean_regret: mean_regret(outcome),
        max_regret: outcome.gateway.regret_max,
        regret_unit: outcome.routing.into(),
        requests_per_instance: requests_per_instance(outcome),
        beside: beside(outcome),
        verdict: verdict(outcome),
        conversations: conversations(outcome),
        tiers: tiers(outcome),
        cost: Cost::of(outcome.rented, tokens_per_sec),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    #[test]
    fn figures_come_from_the_samples_of_the_chapter() {
        let ttfts = [1200, 1500, 1900, 2300, 2800, 3500, 4100, 5200, 7400, 12000];
        let rows = ttfts.map(|ttft| RowBuilder::completed(0, ttft, &[]));
        let summary = outcome(1, &rows).summary();
        let LatencySummary { count, mean_ms, p50_ms, p90_ms, p95_ms, p99_ms } = summary.ttft;
        assert_eq!((count, mean_ms, p50_ms), (10, 4.19, 3.15));
        assert_eq!(
            [p90_ms, p95_ms, p99_ms],
            [7.859_999_999_999_998_5, 9.929_999_999_999_996, 11.586_000_000_000_002]
        );
        assert_eq!((summary.simulated_s, summary.completed, summary.arrived), (0.012, 10, 10));
    }

    #[test]
    fn regret_of_the_weighted_policy_is_a_score_and_otherwise_a_load() {
        let unit = |routing| Outcome { routing, ..outcome(1, &[]) }.summary().regret_unit;
        assert_eq!(unit(RoutingPolicyName::Weighted), RegretUnit::Score);
        assert_eq!(unit(RoutingPolicyName::AlwaysBusiest), RegretUnit::Load);
    }

    #[test]
    fn an_empty_run_is_all_zeros() {
        let summary = outcome(1, &[]).summary();
        assert_eq!((summary.ttft, summary.itl), (LatencySummary::default(), LatencySummary::default()));
        assert_eq!((summary.responses_per_sec, summary.mean_regret), (0.0, 0.0));
    }
}
