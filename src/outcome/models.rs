//! The figures of each model that requests name (metrics chapter, M-6, Per-Model Metrics).

use super::Outcome;
use super::samples::rate;
use super::statistics::{OrderedSamples, Samples};
use crate::order;
use crate::text::visible;
use std::collections::BTreeMap;
use std::fmt;

/// What the requests with one model label got.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelFigures {
    /// Time to first token, unfinished requests included.
    pub ttft: Samples,
    /// Arrival to last token.
    pub e2e: Samples,
    /// Completed requests per second of the run.
    pub requests_per_sec: f64,
    /// Their predetermined output tokens per second of the run.
    pub tokens_per_sec: f64,
}

/// The models that a request with a first token names, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelMetrics(pub BTreeMap<String, ModelFigures>);

/// One model on the way: samples in µs, tokens of completed requests.
#[derive(Default)]
struct Tally {
    ttft: Vec<i64>,
    e2e: Vec<i64>,
    tokens: u64,
}

/// Figures of the models; `None` if no request with a first token names one.
pub fn model_metrics(outcome: &Outcome) -> Option<ModelMetrics> {
    let models = outcome.requests.models.as_ref()?;
    let mut tallies: Vec<Tally> = models.names.iter().map(|_| Tally::default()).collect();
    for row in outcome.rows() {
        let tally = &mut tallies[models.place(row)];
        tally.ttft.extend(outcome.ttft(row));
        if let Some(e2e) = outcome.e2e(row) {
            tally.e2e.push(e2e);
            tally.tokens += u64::from(outcome.requests.output[row]);
        }
    }
    let named = models.names.iter().zip(tallies);
    let sampled = named.filter(|(name, tally)| !name.is_empty() && !tally.ttft.is_empty());
    let duration = outcome.duration();
    let figures: BTreeMap<String, ModelFigures> = order::map_of(sampled.map(|(name, tally)| {
        let figures = ModelFigures {
            requests_per_sec: rate(tally.e2e.len() as u64, duration),
            tokens_per_sec: rate(tally.tokens, duration),
            ttft: Samples::from_micros(tally.ttft),
            e2e: Samples::from_micros(tally.e2e),
        };
        (name.clone(), figures)
    }));
    (!figures.is_empty()).then_some(ModelMetrics(figures))
}

impl fmt::Display for ModelMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== Per-Model Metrics ===")?;
        for (name, ModelFigures { ttft, e2e, requests_per_sec, tokens_per_sec }) in &self.0 {
            writeln!(f, "  {}:", visible(name))?;
            for (what, samples) in [("TTFT:", ttft), ("E2E: ", e2e)] {
                let (p50, p99) = (samples.percentile_us(50.0), samples.percentile_us(99.0));
                writeln!(f, "    {what} p50={p50:.2} p99={p99:.2} (n={})", samples.count())?;
            }
            writeln!(f, "    Throughput: {requests_per_sec:.2} req/s, {tokens_per_sec:.2} tok/s")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::units::Micros;
    use crate::workload::Models;

    #[test]
    fn metrics_6_example_is_printed_word_for_word() {
        let rows = [RowBuilder::completed(1000, 8703, &[5769, 5769]), RowBuilder::completed(0, 1, &[])];
        let mut outcome = outcome(1, &rows);
        assert_eq!(model_metrics(&outcome), None);
        outcome.instances[0].end = Micros(73_082);
        outcome.requests.models =
            Some(Models { names: vec!["qwen/qwen3-14b".to_owned(), String::new()], of_request: vec![0, 1] });
        let expected = "=== Per-Model Metrics ===\n  qwen/qwen3-14b:\n    TTFT: p50=8703.00 p99=8703.00 (n=1)\n    \
            E2E:  p50=20241.00 p99=20241.00 (n=1)\n    Throughput: 13.68 req/s, 41.05 tok/s\n";
        assert_eq!(model_metrics(&outcome).expect("a label").to_string(), expected);
    }

    #[test]
    fn models_without_a_first_token_are_left_out() {
        let mut outcome = outcome(1, &[RowBuilder::rejected(0)]);
        outcome.requests.models = Some(Models { names: vec!["other".to_owned()], of_request: vec![0] });
        assert_eq!(model_metrics(&outcome), None);
    }
}
