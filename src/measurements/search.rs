//! The fit, in slices, so that it can show progress and be given up.

use super::attempt::Attempt;
use super::fit::{FitProgress, FittedLatency};
use super::measured::{Measured, MeasuredArrivals};
use super::reading::refusal;
use crate::config::Config;
use crate::error::ConfigError;
use crate::latency::CustomCatalog;

/// Noise up to which an attempt needs no other, percent: what careful measurements have.
const GOOD_PERCENT: f64 = 2.0;
/// Noise of the other attempt, as a share, from which on it is taken.
const BETTER: f64 = 0.8;

/// A fit of coefficients of the latency model to measurements.
///
/// Where nobody says whether requests were sent at random or evenly spaced, and at random does not fit well, the other is
/// tried as well: it makes much of the time that requests wait.
#[derive(Debug)]
pub struct LatencyFit {
    attempt: Attempt,
    /// What is left to be tried.
    other: Option<Box<Attempt>>,
    first: Option<FittedLatency>,
    end: Option<Result<FittedLatency, ConfigError>>,
}

impl LatencyFit {
    /// A fit that has simulated nothing yet. The settings say what was measured: model, GPU, TP, number of instances, limits
    /// of the batch; their workload does not count. The name is that of the result, and may be empty.
    ///
    /// # Errors
    ///
    /// At `measurements` for rows that cannot be fitted, with every reason; at the first setting that cannot be used.
    pub fn new(
        config: &Config,
        custom: CustomCatalog,
        rows: &[Measured],
        name: &str,
    ) -> Result<Self, ConfigError> {
        if let Some(refusal) = refusal(rows) {
            return Err(ConfigError::malformed("measurements", refusal));
        }
        if config.model.alpha_coeffs.is_some() || config.model.beta_coeffs.is_some() {
            return Err(ConfigError::conflict(
                "model.alpha_coeffs",
                "own coefficients",
                "a fit to measurements",
                "none: those of the latency model are where the fit begins",
            ));
        }
        let is_open = |row: &Measured| row.rate.is_some() && row.arrivals.is_none();
        let other = if rows.iter().any(is_open) {
            let mut rows = rows.to_vec();
            for row in rows.iter_mut().filter(|row| is_open(row)) {
                row.arrivals = Some(MeasuredArrivals::Constant);
            }
            Some(Box::new(Attempt::new(config, custom.clone(), &rows, name)?))
        } else {
            None
        };
        let attempt = Attempt::new(config, custom, rows, name)?;
        Ok(Self { attempt, other, first: None, end: None })
    }

    /// Works on for at most about `budget` steps and decisions of simulations.
    pub fn advance(&mut self, budget: u64) -> FitProgress {
        if self.end.is_none() {
            self.attempt.advance(budget);
            if let Some(result) = self.attempt.result().cloned() {
                self.ended(result);
            }
        }
        self.progress()
    }

    fn ended(&mut self, result: Result<FittedLatency, ConfigError>) {
        let result = match (result, self.first.take()) {
            (Err(error), _) => Err(error),
            (Ok(fit), None) => {
                if fit.noise_percent > GOOD_PERCENT
                    && let Some(other) = self.other.take()
                {
                    self.first = Some(fit);
                    self.attempt = *other;
                    return;
                }
                Ok(fit)
            }
            (Ok(second), Some(first)) => Ok(better(first, second)),
        };
        self.end = Some(result);
    }

    /// What it is doing.
    pub fn progress(&self) -> FitProgress {
        let mut progress = self.attempt.progress();
        progress.done = self.end.is_some();
        if progress.done {
            progress.doing.clear();
            progress.share = 1.0;
        } else if let Some(first) = &self.first {
            progress.doing = format!("as if sent evenly spaced: {}", progress.doing);
            progress.share = f64::midpoint(1.0, progress.share);
            progress.runs += first.runs;
            progress.simulated_requests += first.simulated_requests;
        } else if self.other.is_some() {
            progress.share /= 2.0;
        }
        progress
    }

    /// Works until it is over.
    ///
    /// # Errors
    ///
    /// A row that the simulation cannot serve.
    pub fn run_to_end(&mut self) -> Result<FittedLatency, ConfigError> {
        while !self.advance(u64::MAX).done {}
        self.result()
    }

    /// What came of it.
    ///
    /// # Errors
    ///
    /// A row that the simulation cannot serve; that it is not over.
    pub fn result(&self) -> Result<FittedLatency, ConfigError> {
        let not_over = || ConfigError::malformed("fit", "it is not over yet");
        self.end.clone().unwrap_or_else(|| Err(not_over()))
    }
}

/// The fit with less noise; the first, unless the second is clearly better.
fn better(first: FittedLatency, second: FittedLatency) -> FittedLatency {
    let (runs, requests) = (first.runs + second.runs, first.simulated_requests + second.simulated_requests);
    let mut taken = if second.noise_percent < BETTER * first.noise_percent {
        let words = format!(
            "the file does not say when requests were sent: evenly spaced fits (noise {:.1}%, at random {:.1}%) and is taken",
            second.noise_percent, first.noise_percent
        );
        let mut second = second;
        second.warnings.insert(0, words);
        second
    } else {
        first
    };
    (taken.runs, taken.simulated_requests) = (runs, requests);
    taken
}
