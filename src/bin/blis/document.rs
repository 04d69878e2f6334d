//! What programs read: a run as one JSON document.

use crate::failure::Failure;
use crate::remark::{Remark, Remarks};
use blis_playground::outcome::decision_log::{DecisionSummary, summarize_decisions};
use blis_playground::outcome::fitness::{Fitness, FitnessWeights, fitness};
use blis_playground::outcome::goodput::goodput;
use blis_playground::outcome::print::metrics::{ClusterMetrics, metrics};
use blis_playground::outcome::summary::Summary;
use blis_playground::outcome::verdict::Verdict;
use blis_playground::record::{Ending, digest};
use blis_playground::text::visible_json;
use blis_playground::{Config, Outcome};
use serde::Serialize;
use serde_json::Value;
use std::io::Write;

/// Version of the form. A key that is added does not change it.
const VERSION: u32 = 1;

/// What a finished run shows.
#[derive(Debug, Serialize)]
pub struct Judged {
    /// Equal only for equal outcomes.
    pub digest: String,
    /// How it ended.
    pub ending: Ending,
    /// Whether the cluster holds.
    pub verdict: Verdict,
    /// What is odd.
    #[serde(flatten)]
    pub remarks: Remarks,
    /// The headline figures.
    pub summary: Summary,
}

impl Judged {
    /// What this outcome shows, with what is to be said about it.
    pub fn new(outcome: &Outcome, remarks: impl IntoIterator<Item = Remark>) -> Self {
        let summary = outcome.summary();
        Self {
            digest: digest(outcome),
            ending: outcome.ending,
            verdict: summary.verdict.clone(),
            remarks: remarks.into_iter().collect(),
            summary,
        }
    }
}

/// A finished run.
#[derive(Debug, Serialize)]
pub struct Document {
    version: u32,
    /// Every setting, as a file for `--config` holds it.
    config: Value,
    #[serde(flatten)]
    judged: Judged,
    /// The reference's block of the whole cluster.
    metrics: ClusterMetrics,
    #[serde(skip_serializing_if = "Option::is_none")]
    fitness: Option<Fitness>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<DecisionSummary>,
}

impl Document {
    /// What is to be said about a run of this configuration.
    pub fn new(config: &Config, outcome: &Outcome, remarks: impl IntoIterator<Item = Remark>) -> Self {
        let metrics = metrics(outcome);
        Self {
            version: VERSION,
            config: config.to_document(),
            judged: Judged::new(outcome, remarks),
            metrics: match goodput(outcome, &config.goodput_targets()) {
                Some(goodput) => metrics.with_goodput(goodput),
                None => metrics,
            },
            fitness: None,
            decisions: None,
        }
    }

    /// Adds the fitness score, if there are weights for one.
    pub fn with_fitness(self, outcome: &Outcome, weights: &FitnessWeights) -> Self {
        Self { fitness: (!weights.is_empty()).then(|| fitness(outcome, weights)), ..self }
    }

    /// Adds the summary of the decisions.
    pub fn with_decisions(self, outcome: &Outcome) -> Self {
        Self { decisions: Some(summarize_decisions(outcome)), ..self }
    }
}

/// Prints a value as one line of JSON.
pub fn print(value: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(value).map_err(std::io::Error::from)?;
    Ok(writeln!(std::io::stdout(), "{}", visible_json(&json))?)
}
