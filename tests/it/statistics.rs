//! Our own generator against the reference over 20 seeds each: the same configurations, the same distributions.
//!
//! The rule, once: the mean over our seeds differs from the reference's mean by at most four standard errors of
//! the difference, plus 1% of the reference's mean. Where the reference shows no spread over its seeds ours must
//! show none either, and the values must be equal.

mod sessions;

use blis_playground::config::StreamsName;
use blis_playground::outcome::anomalies::anomaly_counters;
use blis_playground::outcome::cache::kv_cache_metrics;
use blis_playground::outcome::decision_log::summarize_decisions;
use blis_playground::outcome::print::metrics::metrics;
use blis_playground::{Config, Outcome, simulate};
use serde_json::{Map, Value, json};

/// Standard errors of the difference that two means of the same distribution may be apart.
const STANDARD_ERRORS: f64 = 4.0;

/// Slack relative to the reference's mean.
const SLACK: f64 = 0.01;

/// Our seeds; the reference's number streams are others anyway.
const SEEDS: std::ops::RangeInclusive<i64> = 1..=20;

/// A count of something rare: none in the reference's 20 runs does not mean never, so the interval applies. (With
/// 4 instances, roofline and 500 requests it happens in 12 of our first 200 seeds, and 0 in 20 is then no surprise.)
const RARE_EVENT: &str = "hol_blocking_events";

struct Spread {
    mean: f64,
    deviation: f64,
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Self { mean, deviation: (squares / (count - 1.0)).sqrt() }
    }

    fn recorded(value: &Value) -> Self {
        let number = |key: &str| value[key].as_f64().expect("a number");
        Self { mean: number("mean"), deviation: number("sd") }
    }

    /// What is wrong with ours, if anything.
    fn contradicts(&self, name: &str, ours: &Self, seeds: f64) -> Option<String> {
        let variance = self.deviation * self.deviation + ours.deviation * ours.deviation;
        let error = (variance / seeds).sqrt();
        let allowed = if self.deviation == 0.0 && name != RARE_EVENT {
            // Rates are rounded when printed; a constant must be met to the precision of the recording.
            1e-9 * self.mean.abs()
        } else {
            STANDARD_ERRORS * error + SLACK * self.mean.abs()
        };
        let apart = (ours.mean - self.mean).abs();
        (apart > allowed).then(|| {
            format!(
                "{} ± {} recorded, {} ± {} ours, {:.1} standard errors",
                self.mean,
                self.deviation,
                ours.mean,
                ours.deviation,
                apart / error
            )
        })
    }
}

/// The configuration of a recorded command line.
fn config(entry: &Value) -> Config {
    let flags = entry["flags"].as_str().expect("flags");
    let words: Vec<&str> = flags.split_whitespace().collect();
    let pairs = words.chunks(2).map(|pair| (pair[0], pair[1]));
    let mut config = Config::from_pairs(&Config::default(), pairs).expect("recorded flags are valid");
    config.trace.counterfactual_k = 3;
    // Those of the reference are held against its figures digit by digit.
    config.streams = StreamsName::Independent;
    if let Some(spec) = entry.get("workload_spec") {
        config.workload.spec = Some(serde_json::from_value(spec.clone()).expect("recorded specs are valid"));
    }
    config
}

fn with_seed(config: &Config, seed: i64) -> Config {
    let mut config = Config { seed, ..config.clone() };
    if let Some(spec) = &mut config.workload.spec {
        spec.seed = Some(seed);
    }
    config
}

/// The figures of a run under their recorded names.
fn figures(outcome: &Outcome) -> Map<String, Value> {
    let mut figures = match serde_json::to_value(metrics(outcome)) {
        Ok(Value::Object(figures)) => figures,
        other => panic!("metrics are an object: {other:?}"),
    };
    let trace = summarize_decisions(outcome);
    let anomalies = anomaly_counters(outcome);
    let targets = trace.target_distribution.values();
    for (name, value) in [
        ("mean_regret", json!(trace.mean_regret)),
        ("max_regret", json!(trace.max_regret)),
        ("unique_targets", json!(trace.unique_targets)),
        ("target_max", json!(targets.clone().max())),
        ("target_min", json!(targets.min())),
        ("cache_hit_rate", json!(kv_cache_metrics(outcome).cache_hit_rate)),
        ("hol_blocking_events", json!(anomalies.hol_blocking_events)),
        ("priority_inversions", json!(anomalies.priority_inversions)),
        ("rejected_admission", json!(anomalies.rejected)),
    ] {
        figures.insert(name.to_owned(), value);
    }
    figures
}

#[test]
fn our_workloads_behave_like_those_of_the_reference() {
    let file = crate::common::golden_json("statistics.json");
    let configs = file["configs"].as_array().expect("configurations");
    assert_eq!(configs.len(), 38);
    let mut failures = Vec::new();
    let mut compared = 0;
    for entry in configs {
        let config = config(entry);
        let runs: Vec<_> = SEEDS
            .map(|seed| figures(&simulate(&with_seed(&config, seed)).expect("recorded settings are valid")))
            .collect();
        for (name, recorded) in entry["metrics"].as_object().expect("metrics") {
            let values: Vec<f64> =
                runs.iter().map(|run| run.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)).collect();
            compared += 1;
            let ours = Spread::of(&values);
            if let Some(difference) = Spread::recorded(recorded).contradicts(name, &ours, values.len() as f64)
            {
                failures.push(format!("{} {name}: {difference}", entry["name"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {compared} figures differ:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(compared, 38 * 35);
}

#[test]
fn the_opening_story_is_told_by_our_workloads_too() {
    let p99 = |instances: u32| {
        let mut config = Config { streams: StreamsName::Independent, ..Config::default() };
        config.model.latency_model = blis_playground::config::LatencyModelName::Roofline;
        config.workload.rate = 200.0;
        config.workload.num_requests = 1000;
        config.cluster.num_instances = instances;
        let values: Vec<f64> = SEEDS
            .map(|seed| metrics(&simulate(&with_seed(&config, seed)).expect("valid")).ttft_p99_ms)
            .collect();
        Spread::of(&values)
    };
    let four = p99(4);
    let twelve = p99(12);
    assert!((four.mean - 1430.0).abs() < 4.0 * 131.0 / 20.0_f64.sqrt(), "{} ms at 4 instances", four.mean);
    assert!((twelve.mean - 55.9).abs() < 4.0 * 1.4 / 20.0_f64.sqrt(), "{} ms at 12 instances", twelve.mean);
}
