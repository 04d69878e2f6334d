//! One cluster at one rate: its runs, and what they show.

use super::targets::{Latency, LatencyTargets, Targets};
use crate::outcome::Outcome;
use crate::outcome::cost::Cost;
use crate::outcome::statistics::{OrderedSamples, Samples};
use crate::outcome::summary::Summary;
use crate::outcome::verdict::VerdictKind;
use serde::Serialize;

/// This close to a target, runs are made longer before they decide.
const CLOSE: f64 = 0.85;
/// As far above it.
const CLOSELY_MISSED: f64 = 1.3;

/// What a run shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct RunFigures {
    /// The 99th percentile of the time to first token, ms.
    pub ttft_p99_ms: f64,
    /// The 99th percentile of the requests' mean inter-token latencies, ms.
    pub mean_itl_p99_ms: f64,
    /// The 99th percentile of arrival to last token, ms.
    pub e2e_p99_ms: f64,
    /// Share of all requests that meet every latency limit, percent.
    pub goodput_percent: f64,
    /// Requests of the run.
    pub requests: u64,
    /// Simulated time, s.
    pub simulated_s: f64,
    /// What it costs; `null` if no price of the GPU is known.
    pub cost: Option<Cost>,
    /// What the run shows about the cluster.
    pub verdict: VerdictKind,
}

/// What the runs of a candidate show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Finding {
    /// Steady, and every run meets every target.
    Passes,
    /// Steady, but a target is missed.
    Misses,
    /// The cluster does not keep up.
    Overloaded,
    /// The runs seem to hold, but a disturbance would last.
    AtTheLimit,
    /// The longest run that is allowed is inconclusive.
    TooShort,
}

/// A candidate that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Trial {
    /// Instances.
    pub instances: u32,
    /// Requests per second; `null` where users set the pace.
    pub rate: Option<f64>,
    /// Share of the capacity that arrives; `null` where users set the pace.
    pub load: Option<f64>,
    /// What the runs show.
    pub finding: Finding,
    /// Why, in one sentence without a dot; empty if it passes.
    pub reason: String,
    /// The runs, one per seed; none if the load alone decided.
    pub runs: Vec<RunFigures>,
}

/// What a run leads to.
#[derive(Debug)]
pub(super) enum Judgement {
    /// It meets the targets; how close it came, as a share of the target.
    Meets(f64),
    /// It misses a target; the worst latency, as a share of its target, and what is missed.
    Misses(f64, String),
    /// It shows that the cluster does not keep up, and why.
    Overloaded(String),
    /// It was too short; how many requests are enough, if known.
    Longer(u64, String),
}

/// Judges a finished run.
pub(super) fn judge(
    outcome: &Outcome,
    targets: &Targets,
    latencies: &LatencyTargets,
    steadiness: bool,
) -> (RunFigures, Judgement) {
    let summary = outcome.summary();
    let mean_itls = Samples::from_values(outcome.rows().filter_map(|row| outcome.mean_itl(row)).collect());
    let figures = RunFigures {
        ttft_p99_ms: summary.ttft.p99_ms,
        mean_itl_p99_ms: mean_itls.percentile_ms(99.0),
        e2e_p99_ms: summary.e2e.p99_ms,
        goodput_percent: latencies.good_percent(outcome),
        requests: summary.requests,
        simulated_s: summary.simulated_s,
        cost: summary.cost,
        verdict: summary.verdict.kind,
    };
    let judgement = judgement(&summary, &figures, targets, &latencies.latencies(outcome), steadiness);
    (figures, judgement)
}

fn judgement(
    summary: &Summary,
    figures: &RunFigures,
    targets: &Targets,
    latencies: &[Latency],
    steadiness: bool,
) -> Judgement {
    let verdict = &summary.verdict;
    if verdict.kind == VerdictKind::Overloaded {
        return Judgement::Overloaded(format!("overloaded: {}", verdict.reason));
    }
    if verdict.kind == VerdictKind::TooShort && steadiness {
        return Judgement::Longer(verdict.enough_requests.unwrap_or(0), verdict.reason.clone());
    }
    let shares = latencies.iter().map(|latency| latency.value_ms / latency.target_ms);
    let worst = shares.fold(0.0, f64::max);
    let misses = misses(summary, figures, targets, latencies);
    if misses.is_empty() { Judgement::Meets(worst) } else { Judgement::Misses(worst, misses.join(", ")) }
}

/// Every target that the run misses, with its figure.
fn misses(summary: &Summary, figures: &RunFigures, targets: &Targets, latencies: &[Latency]) -> Vec<String> {
    if summary.completed == 0 {
        return vec!["nothing was completed".to_owned()];
    }
    let late = latencies.iter().filter(|latency| latency.value_ms > latency.target_ms);
    let mut misses: Vec<String> = late.map(|late| format!("{} {}", late.name, span(late.value_ms))).collect();
    if targets.goodput_percent.is_some_and(|share| figures.goodput_percent < share) {
        misses.push(format!("goodput {:.1}%", figures.goodput_percent));
    }
    misses
}

/// Whether runs that came this close to the target should be longer: the worst seed and its distance from the best.
pub(super) fn is_close(shares: &[f64]) -> bool {
    let (low, high) = range(shares);
    high + (high - low) > CLOSE
}

/// Whether a run missed a target by so little that a longer one may meet it.
pub(super) fn misses_closely(share: f64) -> bool {
    share < CLOSELY_MISSED
}

/// Whether the seeds differ by so much that another one may well miss the target.
pub(super) fn may_miss(shares: &[f64]) -> bool {
    let (low, high) = range(shares);
    high + (high - low) / 2.0 > 1.0
}

fn range(shares: &[f64]) -> (f64, f64) {
    shares.iter().fold((f64::INFINITY, 0.0), |(low, high), &share| (low.min(share), high.max(share)))
}

/// A latency for people.
fn span(ms: f64) -> String {
    if ms < 1000.0 { format!("{ms:.0} ms") } else { format!("{:.2} s", ms / 1000.0) }
}
