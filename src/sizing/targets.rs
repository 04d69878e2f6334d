//! What a cluster should keep to: the latency targets of the settings, and how thoroughly it is tried.

use crate::config::limits::{MAX_INSTANCES, MAX_REQUESTS};
use crate::config::{Config, SloTarget};
use crate::error::ConfigError;
use crate::order;
use crate::outcome::Outcome;
use crate::outcome::classes::class_statistics;
use crate::outcome::goodput::{SloTargets, goodput, has_targets};
use crate::outcome::samples::class_label;
use serde::{Deserialize, Serialize};

/// Most seeds: each is a run of every cluster that passes.
pub const MOST_SEEDS: u32 = 20;

/// The TTFT target of every class where the settings have no latency target at all, ms.
pub const PROPOSED_TTFT_MS: f64 = 500.0;

/// What a search requires of a cluster besides the latency targets of the settings, and how far it goes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Targets {
    /// Smallest share of requests that meet every latency target of their class, percent.
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
        Self { goodput_percent: None, seeds: 5, max_instances: 256, max_requests: 1_000_000 }
    }
}

impl Targets {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        in_range("targets.goodput_percent", self.goodput_percent, 100.0, "a number > 0 and <= 100")?;
        count("targets.seeds", self.seeds, u64::from(MOST_SEEDS))?;
        count("targets.max_instances", self.max_instances, MAX_INSTANCES as u64)?;
        count("targets.max_requests", self.max_requests, MAX_REQUESTS)
    }
}

/// The latency targets of the settings, by class. A cluster keeps one if the 99th percentile of the class is within it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LatencyTargets(pub(super) SloTargets);

impl LatencyTargets {
    /// The targets that the settings give the classes of the requests; without any, a TTFT of 500 ms for each.
    ///
    /// # Errors
    /// There are targets, but for classes of which there is no request.
    pub(super) fn of(config: &Config, classes: &[String]) -> Result<Self, ConfigError> {
        let labels = classes.iter().map(|class| class_label(class));
        let given = config.goodput_targets();
        if !has_targets(&given) {
            let proposal = SloTarget { ttft_ms: Some(PROPOSED_TTFT_MS), ..SloTarget::default() };
            return Ok(Self(order::map_of(labels.map(|label| (label.to_owned(), proposal)))));
        }
        let target = |label: &str| {
            given.iter().find(|(class, _)| class_label(class) == label).map(|(_, target)| *target)
        };
        let named = labels.clone().filter_map(|label| Some((label.to_owned(), target(label)?)));
        let targets: SloTargets = order::map_of(named);
        if !has_targets(&targets) {
            let present: Vec<&str> = labels.collect();
            let targeted: Vec<&str> = given.keys().map(|class| class_label(class)).collect();
            return Err(ConfigError::invalid(
                "slo",
                format!("targets for {} only", targeted.join(", ")),
                format!("a target for a class of the requests ({})", present.join(", ")),
            ));
        }
        Ok(Self(targets))
    }

    /// Every target with what a run shows for it.
    pub(super) fn latencies(&self, outcome: &Outcome) -> Vec<Latency> {
        let statistics = class_statistics(outcome).0;
        let several = self.0.len() > 1;
        let mut latencies = Vec::new();
        for (class, target) in &self.0 {
            let Some(shown) = statistics.get(class) else { continue };
            let of_class = if several { format!(" of {class}") } else { String::new() };
            let dimensions = [
                ("TTFT p99", target.ttft_ms, shown.ttft_us.p99),
                ("mean ITL p99", target.itl_ms, shown.itl_us.p99),
                ("E2E p99", target.e2e_ms, shown.e2e_us.p99),
            ];
            latencies.extend(dimensions.into_iter().filter_map(|(name, target_ms, p99_us)| {
                let name = format!("{name}{of_class}");
                Some(Latency { name, target_ms: target_ms?, value_ms: p99_us / 1000.0 })
            }));
        }
        latencies
    }

    /// Share of the requests of all classes with targets that meet each of them, percent; rejected and unfinished ones
    /// do not.
    pub(super) fn good_percent(&self, outcome: &Outcome) -> f64 {
        goodput(outcome, &self.0).map_or(0.0, |goodput| 100.0 * goodput.slo_attainment)
    }

    /// The dimension by which clusters of one size are compared: the first that has a target.
    pub(super) fn leading(&self) -> Dimension {
        let any = |of: fn(&SloTarget) -> Option<f64>| self.0.values().any(|target| of(target).is_some());
        if any(|target| target.ttft_ms) {
            Dimension::Ttft
        } else if any(|target| target.itl_ms) {
            Dimension::MeanItl
        } else {
            Dimension::E2e
        }
    }
}

/// What a latency target is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    /// Time to first token.
    Ttft,
    /// The mean of a request's inter-token latencies.
    MeanItl,
    /// Arrival to last token.
    E2e,
}

/// A latency target and what a run shows.
#[derive(Clone, Debug)]
pub(super) struct Latency {
    pub name: String,
    pub target_ms: f64,
    pub value_ms: f64,
}

fn in_range(path: &str, value: Option<f64>, max: f64, expected: &str) -> Result<(), ConfigError> {
    match value {
        Some(value) if !(value > 0.0 && value <= max) => Err(ConfigError::invalid(path, value, expected)),
        _ => Ok(()),
    }
}

fn count(path: &str, value: u32, max: u64) -> Result<(), ConfigError> {
    if (1..=max).contains(&u64::from(value)) {
        return Ok(());
    }
    Err(ConfigError::invalid(path, value, format!("a whole number from 1 to {max}")))
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
            wrong(Targets { seeds: 21, ..defaults }),
            "targets.seeds: got 21, expected a whole number from 1 to 20"
        );
        assert!(wrong(Targets { goodput_percent: Some(101.0), ..defaults }).contains("<= 100"));
        assert!(wrong(Targets { goodput_percent: Some(f64::NAN), ..defaults }).contains("goodput_percent"));
    }

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|&name| name.to_owned()).collect()
    }

    fn e2e(ms: f64) -> SloTarget {
        SloTarget { e2e_ms: Some(ms), ..SloTarget::default() }
    }

    #[test]
    fn without_a_target_every_class_gets_the_proposed_one() {
        let LatencyTargets(targets) =
            LatencyTargets::of(&Config::default(), &names(&["", "batch"])).expect("is proposed");
        assert_eq!(targets.keys().collect::<Vec<_>>(), ["batch", "default"]);
        assert!(targets.values().all(|target| target.ttft_ms == Some(PROPOSED_TTFT_MS)));
    }

    #[test]
    fn the_targets_are_those_of_the_settings_for_the_classes_that_occur() {
        let mut config = Config::default();
        config.slo.insert("batch".to_owned(), e2e(9000.0));
        let of = |classes: &[&str]| LatencyTargets::of(&config, &names(classes));
        let targets = of(&["", "batch"]).expect("batch occurs");
        assert_eq!(targets.0, [("batch".to_owned(), e2e(9000.0))].into());
        assert_eq!(targets.leading(), Dimension::E2e);
        assert_eq!(
            of(&[""]).expect_err("there is no batch").to_string(),
            "slo: got targets for batch only, expected a target for a class of the requests (default)"
        );
    }
}
