//! One number for a whole run (metrics chapter, M-9).

use super::Outcome;
use super::samples::{LatencySamples, rate};
use super::statistics::OrderedSamples;
use crate::error::ConfigError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What can be weighed, in alphabetical order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FitnessKey {
    /// Mean of arrival to last token.
    MeanE2e,
    /// Mean time to first token.
    MeanTtft,
    /// Median of arrival to last token.
    P50E2e,
    /// Median time to first token.
    P50Ttft,
    /// 99th percentile of arrival to last token.
    P99E2e,
    /// 99th percentile of time to first token.
    P99Ttft,
    /// Completed requests per s.
    Throughput,
    /// Output tokens per s.
    TokensPerSec,
}

impl FitnessKey {
    /// All of them, in alphabetical order.
    pub const ALL: [Self; 8] = [
        Self::MeanE2e,
        Self::MeanTtft,
        Self::P50E2e,
        Self::P50Ttft,
        Self::P99E2e,
        Self::P99Ttft,
        Self::Throughput,
        Self::TokensPerSec,
    ];

    /// The name in the flag and in the printed output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MeanE2e => "mean_e2e",
            Self::MeanTtft => "mean_ttft",
            Self::P50E2e => "p50_e2e",
            Self::P50Ttft => "p50_ttft",
            Self::P99E2e => "p99_e2e",
            Self::P99Ttft => "p99_ttft",
            Self::Throughput => "throughput",
            Self::TokensPerSec => "tokens_per_sec",
        }
    }

    fn parse(name: &str) -> Result<Self, ConfigError> {
        Self::ALL.into_iter().find(|key| key.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            ConfigError::invalid("fitness_weights", name, format!("one of {names}"))
        })
    }
}

/// Weights of the components; each finite and >= 0.
pub type FitnessWeights = BTreeMap<FitnessKey, f64>;

/// Reads `key:weight,key:weight`.
///
/// # Errors
/// On an unknown key, a key given twice, or a weight that is not a finite number >= 0.
pub fn parse_fitness_weights(text: &str) -> Result<FitnessWeights, ConfigError> {
    let mut weights = FitnessWeights::new();
    for pair in text.split(',') {
        let (name, weight) = pair.split_once(':').ok_or_else(|| {
            ConfigError::invalid("fitness_weights", pair, "key:weight pairs separated by commas")
        })?;
        let key = FitnessKey::parse(name.trim())?;
        let path = format!("fitness_weights.{}", key.name());
        let number = weight.trim().parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight >= 0.0);
        let number = number.ok_or_else(|| ConfigError::invalid(&path, weight, "a finite number >= 0"))?;
        if weights.insert(key, number).is_some() {
            return Err(ConfigError::invalid(path, pair, "each key once"));
        }
    }
    Ok(weights)
}

/// The score and what it is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fitness {
    /// Sum of weight times component; not divided by the sum of the weights.
    pub score: f64,
    /// The weighed components, each in (0, 1].
    pub components: BTreeMap<FitnessKey, f64>,
}

/// Scores a run.
pub fn fitness(outcome: &Outcome, weights: &FitnessWeights) -> Fitness {
    let samples = LatencySamples::of_cluster(outcome);
    let mut fitness = Fitness::default();
    for (&key, &weight) in weights {
        let component = component(outcome, &samples, key);
        fitness.score += weight * component;
        fitness.components.insert(key, component);
    }
    fitness
}

fn component(outcome: &Outcome, samples: &LatencySamples, key: FitnessKey) -> f64 {
    let LatencySamples { ttft, e2e, .. } = samples;
    let per_second = |count: u64| rate(count, outcome.duration());
    let reached = |rate: f64, reference: f64| rate / (rate + reference);
    let quick = |micros: f64| 1.0 / (1.0 + micros / 1000.0);
    match key {
        FitnessKey::MeanE2e => quick(e2e.mean_us()),
        FitnessKey::MeanTtft => quick(ttft.mean_us()),
        FitnessKey::P50E2e => quick(e2e.percentile_us(50.0)),
        FitnessKey::P50Ttft => quick(ttft.percentile_us(50.0)),
        FitnessKey::P99E2e => quick(e2e.percentile_us(99.0)),
        FitnessKey::P99Ttft => quick(ttft.percentile_us(99.0)),
        FitnessKey::Throughput => reached(per_second(outcome.total(|instance| instance.completed)), 100.0),
        FitnessKey::TokensPerSec => {
            reached(per_second(outcome.total(|instance| instance.output_tokens)), 10_000.0)
        }
    }
}

impl fmt::Display for Fitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== Fitness Evaluation ===")?;
        writeln!(f, "Score: {:.6}", self.score)?;
        for (key, component) in &self.components {
            writeln!(f, "  {}: {component:.6}", key.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::record::RequestState;
    use crate::units::Micros;

    /// r = 40, t = 5000, TTFT list of M-3, E2E {2 s, 4 s}.
    fn metrics_9_run() -> Outcome {
        let ttfts = [1200, 1500, 1900, 2300, 2800, 3500, 4100, 5200, 7400, 12000];
        let mut rows: Vec<RowBuilder> = ttfts
            .into_iter()
            .map(|ttft| RowBuilder { state: RequestState::Running, ..RowBuilder::completed(0, ttft, &[]) })
            .collect();
        rows[0] = RowBuilder::completed(0, 1200, &[2_000_000 - 1200]);
        rows[1] = RowBuilder::completed(0, 1500, &[4_000_000 - 1500]);
        let mut outcome = outcome(1, &rows);
        let instance = &mut outcome.instances[0];
        // Rates are set by hand: 40 completed and 5000 tokens in one second.
        (instance.completed, instance.output_tokens, instance.end) = (40, 5000, Micros(1_000_000));
        outcome
    }

    #[test]
    fn metrics_9_example() {
        let weights: FitnessWeights = FitnessKey::ALL.map(|key| (key, 1.0)).into();
        let expected = "=== Fitness Evaluation ===\nScore: 1.133061\n  mean_e2e: 0.000333\n  mean_ttft: 0.192678\n  \
            p50_e2e: 0.000333\n  p50_ttft: 0.240964\n  p99_e2e: 0.000251\n  p99_ttft: 0.079453\n  \
            throughput: 0.285714\n  tokens_per_sec: 0.333333\n";
        assert_eq!(fitness(&metrics_9_run(), &weights).to_string(), expected);
    }

    #[test]
    fn the_score_is_not_divided_by_the_sum_of_the_weights() {
        let weights = FitnessWeights::from([(FitnessKey::Throughput, 3.0), (FitnessKey::TokensPerSec, 0.5)]);
        let score = fitness(&metrics_9_run(), &weights).score;
        assert_eq!(score, 3.0 * (40.0 / 140.0) + 0.5 * (5000.0 / 15000.0));
    }

    #[test]
    fn names_are_alphabetical() {
        assert!(FitnessKey::ALL.map(FitnessKey::name).is_sorted());
        assert!(FitnessKey::ALL.is_sorted());
    }

    #[test]
    fn weights_are_read_from_pairs() {
        let weights = parse_fitness_weights("throughput:0.5, p99_ttft:2").expect("both keys exist");
        assert_eq!(
            weights,
            FitnessWeights::from([(FitnessKey::P99Ttft, 2.0), (FitnessKey::Throughput, 0.5)])
        );
    }

    #[test]
    fn wrong_weights_name_the_offender() {
        let value = |text: &str| parse_fitness_weights(text).expect_err("the text is wrong").value();
        assert_eq!(value("speed:1"), "speed");
        assert_eq!(value("throughput:-1"), "-1");
        assert_eq!(value("throughput:inf"), "inf");
        assert_eq!(value("throughput"), "throughput");
        assert_eq!(value("throughput:1,throughput:2"), "throughput:2");
    }
}
