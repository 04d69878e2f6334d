//! What was found, as it is printed and drawn.

use super::targets::Dimension;
use super::trial::{Finding, RunFigures, Trial};
use crate::outcome::goodput::SloTargets;
use serde::Serialize;
use std::cmp::Ordering;

/// What a row answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum RowKind {
    /// How many instances of this TP are needed.
    Instances,
    /// How high a rate the cluster of the settings takes.
    Rate,
}

/// How far a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum RowStatus {
    /// Not known yet.
    Searching,
    /// There is an answer.
    Found,
    /// Nothing within the bounds meets the targets.
    Unreachable,
    /// The settings cannot be used.
    Refused,
    /// The question makes no sense for this workload.
    NotApplicable,
}

/// A figure over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Spread {
    /// Of the best seed.
    pub low: f64,
    /// Mean.
    pub mean: f64,
    /// Of the worst seed.
    pub high: f64,
}

impl Spread {
    fn of(runs: &[RunFigures], figure: impl Fn(&RunFigures) -> f64) -> Option<Self> {
        let values: Vec<f64> = runs.iter().map(figure).collect();
        let low = values.iter().copied().min_by(f64::total_cmp)?;
        let high = values.iter().copied().max_by(f64::total_cmp)?;
        Some(Self { low, mean: values.iter().sum::<f64>() / values.len() as f64, high })
    }
}

/// What the answer shows over its runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Answer {
    /// Instances.
    pub instances: u32,
    /// GPUs in all.
    pub gpus: u32,
    /// Requests per second; `null` where users set the pace.
    pub rate: Option<f64>,
    /// Share of the capacity that arrives; `null` where users set the pace.
    pub load: Option<f64>,
    /// The 99th percentile of the time to first token, ms.
    pub ttft_p99_ms: Spread,
    /// The 99th percentile of the requests' mean inter-token latencies, ms.
    pub mean_itl_p99_ms: Spread,
    /// The 99th percentile of arrival to last token, ms.
    pub e2e_p99_ms: Spread,
    /// Share of the requests that meet every latency target of their class, percent.
    pub goodput_percent: Spread,
    /// US dollars per hour; `null` if no price of the GPU is known.
    pub usd_per_hour: Option<f64>,
    /// US dollars per million output tokens of completed requests: the mean over the runs; `null` without a price.
    pub usd_per_million_tokens: Option<f64>,
    /// By what clusters of one size are compared: the mean of the first p99 above that has a target, ms.
    pub leading_p99_ms: f64,
    /// Runs, one per seed.
    pub runs: u32,
    /// Requests of the longest of them.
    pub requests: u64,
}

impl Answer {
    pub(super) fn of(trial: &Trial, tp: u32, leading: Dimension) -> Option<Self> {
        let runs = &trial.runs;
        let ttft = Spread::of(runs, |run| run.ttft_p99_ms)?;
        let mean_itl = Spread::of(runs, |run| run.mean_itl_p99_ms)?;
        let e2e = Spread::of(runs, |run| run.e2e_p99_ms)?;
        let mut per_million = Vec::new();
        for run in runs {
            per_million.extend(run.cost.and_then(|cost| cost.usd_per_million_tokens));
        }
        let mean_of_all = per_million.iter().sum::<f64>() / runs.len() as f64;
        let compared = match leading {
            Dimension::Ttft => ttft,
            Dimension::MeanItl => mean_itl,
            Dimension::E2e => e2e,
        };
        Some(Self {
            instances: trial.instances,
            gpus: trial.instances * tp,
            rate: trial.rate,
            load: trial.load,
            ttft_p99_ms: ttft,
            mean_itl_p99_ms: mean_itl,
            e2e_p99_ms: e2e,
            goodput_percent: Spread::of(runs, |run| run.goodput_percent)?,
            usd_per_hour: runs.first().and_then(|run| run.cost).map(|cost| cost.usd_per_hour),
            usd_per_million_tokens: (per_million.len() == runs.len()).then_some(mean_of_all),
            leading_p99_ms: compared.mean,
            runs: runs.len() as u32,
            requests: runs.iter().map(|run| run.requests).max()?,
        })
    }
}

/// The neighbour of an answer on the wrong side: one instance fewer, or the next higher rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Neighbour {
    /// Instances.
    pub instances: u32,
    /// Requests per second; `null` where users set the pace.
    pub rate: Option<f64>,
    /// Share of the capacity that arrives; `null` where users set the pace.
    pub load: Option<f64>,
    /// What its runs show.
    pub finding: Finding,
    /// Why, in one sentence without a dot.
    pub reason: String,
}

impl From<&Trial> for Neighbour {
    fn from(trial: &Trial) -> Self {
        let Trial { instances, rate, load, finding, ref reason, .. } = *trial;
        Self { instances, rate, load, finding, reason: reason.clone() }
    }
}

/// The answer to one question so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Row {
    /// The question.
    pub question: RowKind,
    /// The GPU, as `model.hardware`; empty if the settings do not give it.
    pub hardware: String,
    /// GPUs per instance; 0 if the settings do not give it.
    pub tp: u32,
    /// How far it is.
    pub status: RowStatus,
    /// Why there is no answer, in one sentence; empty otherwise.
    pub reason: String,
    /// Requests per second that one instance can serve, as calibrated.
    pub capacity: Option<f64>,
    /// The answer.
    pub answer: Option<Answer>,
    /// The latency targets that count, by class; empty before the requests are first read. Where the settings have
    /// none, they are the proposed ones.
    #[cfg_attr(feature = "js", tsify(type = "Record<string, SloTarget>"))]
    pub targets: SloTargets,
    /// What fails next to it.
    pub next: Option<Neighbour>,
    /// What contradicts its neighbours: instances that fail above an answer that holds, or rates below one.
    pub exceptions: Vec<f64>,
    /// Remarks for a reader.
    pub notes: Vec<String>,
    /// Everything that was tried, by instances, then by rate.
    pub trials: Vec<Trial>,
    /// Requests simulated in all.
    pub simulated_requests: u64,
}

/// Orders rows of several GPUs by what their cluster costs per hour, those without a known price behind the others and by
/// [`fewest_gpus_first`]; rows without an answer come last.
pub fn cheapest_first(a: &Row, b: &Row) -> Ordering {
    let price = |row: &Row| row.answer.as_ref().map(|answer| answer.usd_per_hour);
    let by_price = match (price(a), price(b)) {
        (Some(Some(a)), Some(Some(b))) => a.total_cmp(&b),
        (Some(Some(_)), Some(None)) => Ordering::Less,
        (Some(None), Some(Some(_))) => Ordering::Greater,
        _ => Ordering::Equal,
    };
    by_price.then_with(|| fewest_gpus_first(a, b))
}

/// Orders rows by what their cluster costs: fewest GPUs first, then the lowest latency (the mean over the seeds of the
/// first p99 that has a target); rows without an answer come last.
pub fn fewest_gpus_first(a: &Row, b: &Row) -> Ordering {
    match (&a.answer, &b.answer) {
        (Some(a), Some(b)) => a.gpus.cmp(&b.gpus).then_with(|| a.leading_p99_ms.total_cmp(&b.leading_p99_ms)),
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (None, None) => Ordering::Equal,
    }
}
