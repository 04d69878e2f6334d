//! What a cluster should keep to.

use crate::config::SloTarget;
use crate::config::limits::{MAX_INSTANCES, MAX_REQUESTS};
use crate::error::ConfigError;
use crate::outcome::Outcome;
use crate::outcome::goodput::{SloTargets, goodput};
use crate::outcome::samples::class_label;
use crate::outcome::summary::Summary;
use serde::{Deserialize, Serialize};

/// Most seeds: each is a run of every cluster that passes.
pub const MOST_SEEDS: u32 = 20;

/// The targets and the bounds of the search.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Targets {
    /// Longest 99th percentile of the time to first token, ms.
    pub ttft_p99_ms: Option<f64>,
    /// Longest 99th percentile of the gaps between tokens, ms.
    pub itl_p99_ms: Option<f64>,
    /// Longest 99th percentile of arrival to last token, ms.
    pub e2e_p99_ms: Option<f64>,
    /// Smallest share of requests that meet every limit above (ITL as the mean of each request), percent.
    pub goodput_percent: Option<f64>,
    /// Seeds that all have to meet the targets, 1 to 20.
    pub seeds: u32,
    /// Largest cluster that is tried, instances.
    pub max_instances: u32,
    /// Longest run that is tried, requests.
    pub max_requests: u32,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            ttft_p99_ms: Some(500.0),
            itl_p99_ms: None,
            e2e_p99_ms: None,
            goodput_percent: None,
            seeds: 5,
            max_instances: 256,
            max_requests: 1_000_000,
        }
    }
}

impl Targets {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range, or that there is no latency target at all.
    pub fn check(&self) -> Result<(), ConfigError> {
        let latencies = [
            ("targets.ttft_p99_ms", self.ttft_p99_ms),
            ("targets.itl_p99_ms", self.itl_p99_ms),
            ("targets.e2e_p99_ms", self.e2e_p99_ms),
        ];
        for (path, value) in latencies {
            in_range(path, value, f64::MAX, "a finite number > 0, in ms")?;
        }
        in_range("targets.goodput_percent", self.goodput_percent, 100.0, "a number > 0 and <= 100")?;
        if latencies.iter().all(|(_, value)| value.is_none()) {
            return Err(ConfigError::invalid(
                "targets",
                "no latency",
                "at least one of TTFT, ITL and E2E p99",
            ));
        }
        count("targets.seeds", self.seeds, u64::from(MOST_SEEDS))?;
        count("targets.max_instances", self.max_instances, MAX_INSTANCES as u64)?;
        count("targets.max_requests", self.max_requests, MAX_REQUESTS)
    }

    /// The latency targets with what a run shows for them, ms.
    pub(super) fn latencies(&self, summary: &Summary) -> impl Iterator<Item = Latency> {
        let Summary { ttft, itl, e2e, .. } = *summary;
        [
            ("TTFT p99", self.ttft_p99_ms, ttft.p99_ms),
            ("ITL p99", self.itl_p99_ms, itl.p99_ms),
            ("E2E p99", self.e2e_p99_ms, e2e.p99_ms),
        ]
        .into_iter()
        .filter_map(|(name, target_ms, value_ms)| Some(Latency { name, target_ms: target_ms?, value_ms }))
    }

    /// Share of all requests of a run that meet every limit, percent; rejected and unfinished ones do not.
    pub(super) fn good_percent(&self, outcome: &Outcome) -> f64 {
        let limit = SloTarget { ttft_ms: self.ttft_p99_ms, itl_ms: self.itl_p99_ms, e2e_ms: self.e2e_p99_ms };
        let classes = outcome.requests.classes.iter();
        let targets: SloTargets = classes.map(|class| (class_label(class).to_owned(), limit)).collect();
        goodput(outcome, &targets).map_or(0.0, |goodput| 100.0 * goodput.slo_attainment)
    }
}

/// A latency target and what a run shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latency {
    pub name: &'static str,
    pub target_ms: f64,
    pub value_ms: f64,
}

fn in_range(path: &str, value: Option<f64>, most: f64, expected: &str) -> Result<(), ConfigError> {
    match value {
        Some(value) if !(value > 0.0 && value <= most) => Err(ConfigError::invalid(path, value, expected)),
        _ => Ok(()),
    }
}

fn count(path: &str, value: u32, most: u64) -> Result<(), ConfigError> {
    if (1..=most).contains(&u64::from(value)) {
        return Ok(());
    }
    Err(ConfigError::invalid(path, value, format!("a whole number from 1 to {most}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_out_of_range_is_named_with_its_range() {
        let wrong = |targets: Targets| targets.check().expect_err("is out of range").to_string();
        let defaults = Targets::default();
        assert_eq!(defaults.check(), Ok(()));
        assert_eq!(
            wrong(Targets { ttft_p99_ms: Some(0.0), ..defaults }),
            "targets.ttft_p99_ms: got 0, expected a finite number > 0, in ms"
        );
        assert_eq!(
            wrong(Targets { seeds: 21, ..defaults }),
            "targets.seeds: got 21, expected a whole number from 1 to 20"
        );
        assert!(wrong(Targets { ttft_p99_ms: None, ..defaults }).contains("at least one of"));
        assert!(wrong(Targets { goodput_percent: Some(101.0), ..defaults }).contains("<= 100"));
        assert!(wrong(Targets { itl_p99_ms: Some(f64::NAN), ..defaults }).contains("itl_p99_ms"));
    }
}
