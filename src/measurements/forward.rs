//! The rows as our own simulation shows them.

use super::measured::{Measured, MeasuredArrivals};
use crate::config::workload_spec::{
    ArrivalProcess, ArrivalSpec, ClientSpec, DistributionKind, DistributionSpec, WorkloadSpec,
};
use crate::config::{Config, MeasuredLatency, TraceSettings, WorkloadSettings};
use crate::error::ConfigError;
use crate::latency::CustomCatalog;
use crate::outcome::Outcome;
use crate::simulation::Simulation;
use crate::units::RequestIndex;
use crate::workload::{self, Workload};
use std::collections::BTreeMap;

/// Runs of a row: the same requests for all coefficients, so that only these make a difference.
pub(super) const SEEDS: usize = 3;
/// Parts of a run by which it is seen how much chance is in its means.
const PARTS: usize = 10;
/// Requests of a run of which nobody says how many there were.
const REQUESTS: u64 = 300;
/// Most requests of a run.
const MOST_REQUESTS: u64 = 600;
/// Fewest requests of a run that is cut for its length.
const FEWEST_REQUESTS: u64 = 60;
/// Most output tokens of a run.
const MOST_TOKENS: f64 = 200_000.0;
/// Most requests that are sent at once.
const MOST_AT_ONCE: u64 = 4096;

/// The quantities that are compared, in the order of [`Seen`].
pub(super) const TTFT: usize = 0;
pub(super) const ITL: usize = 1;
pub(super) const THROUGHPUT: usize = 2;
pub(super) const E2E: usize = 3;

/// What a row shows: TTFT, ITL, output tokens per second, E2E; times in ms.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub means: [f64; 4],
    /// Variances of what one run shows, relative to the mean.
    pub chance: [f64; 4],
}

/// Everything that the runs have in common.
#[derive(Debug)]
pub(super) struct Forward {
    config: Config,
    custom: CustomCatalog,
    /// Per row and seed.
    workloads: Vec<Workload>,
    /// Per row: requests that are simulated.
    pub requests: Vec<u64>,
}

impl Forward {
    /// The requests of all rows.
    ///
    /// # Errors
    ///
    /// The first setting that cannot be used.
    pub fn new(config: &Config, custom: CustomCatalog, rows: &[Measured]) -> Result<Self, ConfigError> {
        let mut base = config.undisturbed();
        base.trace = TraceSettings { counterfactual_k: 0, record_candidates: false, record_steps: false };
        base.cluster.horizon = None;
        base.slo.clear();
        let mut workloads = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            for seed in 0..SEEDS {
                // Rows with the same random numbers would be wrong together.
                let seed = 1 + (place * SEEDS + seed) as i64;
                let mut config = base.clone();
                config.workload = workload_of(row, config.seed.wrapping_mul(1_000).wrapping_add(seed));
                workloads.push(workload::generate(&config)?);
            }
        }
        let requests = rows.iter().map(requests_of).collect();
        Ok(Self { config: base, custom, workloads, requests })
    }

    /// Runs per set of coefficients.
    pub fn runs(&self) -> usize {
        self.workloads.len()
    }

    /// A run of a row at time 0: `run` counts seeds within rows.
    pub fn begin(&self, run: usize, measured: &MeasuredLatency) -> Result<Simulation, ConfigError> {
        let mut config = self.config.clone();
        config.model.measured = Some(measured.clone());
        let workload = self.workloads[run].clone();
        Simulation::with_custom_catalog_and_workload(&config, &self.custom, workload)
    }
}

/// The requests that are simulated for a row.
fn requests_of(row: &Measured) -> u64 {
    let told = row.requests.unwrap_or(REQUESTS);
    let users = u64::from(row.concurrency.unwrap_or(0));
    if users > 0 && row.requests.is_some_and(|requests| requests <= users) {
        return told.min(MOST_AT_ONCE);
    }
    let affordable = (MOST_TOKENS / row.output_tokens.unwrap_or(1.0).max(1.0)) as u64;
    let most = MOST_REQUESTS.min(affordable.max(FEWEST_REQUESTS)).max(4 * users.min(MOST_AT_ONCE));
    let enough = if row.requests.is_some() { told } else { told.max(4 * users) };
    enough.clamp(10, most)
}

fn workload_of(row: &Measured, seed: i64) -> WorkloadSettings {
    let requests = requests_of(row);
    let users = row.rate.is_none().then_some(row.concurrency).flatten();
    let users = users.map(|users| u64::from(users).min(requests));
    let shape = row.burstiness.unwrap_or(1.0);
    let arrival = match row.arrivals.unwrap_or_default() {
        MeasuredArrivals::Constant => {
            ArrivalSpec { process: ArrivalProcess::Constant, cv: None, shape: None, scale: None }
        }
        MeasuredArrivals::Poisson if shape == 1.0 => {
            ArrivalSpec { process: ArrivalProcess::Poisson, cv: None, shape: None, scale: None }
        }
        MeasuredArrivals::Poisson => {
            let cv = Some((1.0 / shape).sqrt().clamp(0.01, 20.0));
            ArrivalSpec { process: ArrivalProcess::Gamma, cv, shape: None, scale: None }
        }
    };
    let client = ClientSpec {
        id: "benchmark".to_owned(),
        rate_fraction: if users.is_some() { 0.0 } else { 1.0 },
        concurrency: users.map_or(0, |users| users as i64),
        arrival: users.is_none().then_some(arrival),
        input_distribution: Some(lengths(row.input_tokens, row.input_tokens_stdev)),
        output_distribution: Some(lengths(row.output_tokens, row.output_tokens_stdev)),
        timeout: Some(0),
        ..ClientSpec::default()
    };
    let spec = WorkloadSpec {
        version: Some("2".to_owned()),
        seed: Some(seed),
        aggregate_rate: row.rate.filter(|_| users.is_none()).unwrap_or(0.0),
        num_requests: Some(requests),
        clients: vec![client],
        ..WorkloadSpec::default()
    };
    WorkloadSettings { spec: Some(spec), timeout: Some(-1), ..WorkloadSettings::default() }
}

fn lengths(mean: Option<f64>, stdev: Option<f64>) -> DistributionSpec {
    let mean = mean.unwrap_or(1.0).max(1.0);
    let stdev = stdev.unwrap_or(0.0);
    let (kind, params) = if stdev < 0.01 * mean {
        (DistributionKind::Constant, vec![("value", mean.round())])
    } else {
        let params =
            vec![("mean", mean), ("std_dev", stdev), ("min", 1.0), ("max", (mean + 4.0 * stdev).ceil())];
        (DistributionKind::Gaussian, params)
    };
    let params: BTreeMap<String, f64> =
        params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    DistributionSpec { kind, params, file: None }
}

/// What a finished run shows; `None` if no request was answered.
pub(super) fn seen(outcome: &Outcome) -> Option<Seen> {
    let rows: Vec<RequestIndex> = outcome.rows().filter(|&row| outcome.is_completed(row)).collect();
    if rows.is_empty() {
        return None;
    }
    let ms = |us: f64| us / 1000.0;
    let of = |row: RequestIndex| {
        let has_gaps = outcome.requests.output[row] > 1;
        [
            outcome.ttft(row).map(|us| ms(us as f64)),
            outcome.mean_itl(row).filter(|_| has_gaps).map(ms),
            None,
            outcome.e2e(row).map(|us| ms(us as f64)),
        ]
    };
    let mut seen = Seen::default();
    let figures: Vec<[Option<f64>; 4]> = rows.iter().map(|&row| of(row)).collect();
    for quantity in [TTFT, ITL, E2E] {
        let values: Vec<f64> = figures.iter().filter_map(|figures| figures[quantity]).collect();
        (seen.means[quantity], seen.chance[quantity]) = mean_and_chance(&values);
    }
    let tokens: f64 = rows.iter().map(|&row| f64::from(outcome.requests.output[row])).sum();
    let first = rows.iter().map(|&row| outcome.requests.arrival[row].0).min().unwrap_or(0);
    let ends = rows.iter().filter_map(|&row| outcome.completion_time(row)).map(|time| time.0);
    let span = ends.max().unwrap_or(0) - first;
    seen.means[THROUGHPUT] = if span > 0 { tokens * 1e6 / span as f64 } else { 0.0 };
    seen.chance[THROUGHPUT] = 1.0 / rows.len() as f64 / PARTS as f64;
    Some(seen)
}

/// The mean, and its relative variance by the means of parts of the run.
fn mean_and_chance(values: &[f64]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let part = values.len() / PARTS;
    if part == 0 || mean <= 0.0 {
        return (mean, 1.0);
    }
    let squares: f64 = values
        .chunks_exact(part)
        .take(PARTS)
        .map(|values| values.iter().sum::<f64>() / part as f64 - mean)
        .map(|distance| distance * distance)
        .sum();
    (mean, squares / (PARTS * (PARTS - 1)) as f64 / (mean * mean))
}

/// What the runs of a row show together. `more` is how many times as many requests were measured as are simulated.
pub(super) fn together(runs: &[Seen], more: f64) -> Seen {
    let count = runs.len() as f64;
    let mut all = Seen::default();
    for quantity in 0..4 {
        let mean = runs.iter().map(|run| run.means[quantity]).sum::<f64>() / count;
        let within = runs.iter().map(|run| run.chance[quantity]).sum::<f64>() / count;
        let distances = runs.iter().map(|run| (run.means[quantity] - mean) * (run.means[quantity] - mean));
        let between =
            if mean > 0.0 { distances.sum::<f64>() / (count - 1.0).max(1.0) / (mean * mean) } else { 0.0 };
        all.means[quantity] = mean;
        // The chance of what was measured, and that of our mean over the seeds.
        all.chance[quantity] = within.max(between) * (1.0 / more + 1.0 / count);
    }
    all
}
