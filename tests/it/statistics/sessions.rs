//! Conversations with the reference's streams against its figures over 20 seeds: mean, standard deviation, smallest and largest
//! value of every metric, to the digits that are recorded.

use super::{config, figures, with_seed};
use blis_playground::config::StreamsName;
use blis_playground::outcome::cache::{KvCacheMetrics, kv_cache_metrics};
use blis_playground::outcome::sessions::{SessionStatistics, session_metrics};
use blis_playground::{Outcome, simulate};
use serde_json::{Map, Value, json};

/// The recorded configurations that are run.
const CONFIGURATIONS: [&str; 14] = [
    "session-chat-weighted",
    "session-chat-round-robin",
    "session-chat-least-loaded",
    "session-chat-precise-live",
    "session-tight-kv",
    "session-timeouts",
    "session-horizon",
    "session-single-session-cohort",
    "session-open-loop",
    "session-mixed-classes",
    "session-model-len",
    "session-agents",
    "session-token-bucket",
    "session-windows",
];

/// One in the last of the nine digits that are recorded, relative to a number.
const LAST_DIGIT: f64 = 1e-8;

/// A figure as it is printed, with so many decimals.
fn printed(value: f64, decimals: usize) -> f64 {
    format!("{value:.decimals$}").parse().expect("a number")
}

fn session_figures(outcome: &Outcome, figures: &mut Map<String, Value>) {
    let KvCacheMetrics { preemption_rate, cache_hit_rate, kv_thrashing_rate } = kv_cache_metrics(outcome);
    for (name, rate) in [
        ("preemption_rate", preemption_rate),
        ("cache_hit_rate", cache_hit_rate),
        ("kv_thrashing_rate", kv_thrashing_rate),
    ] {
        figures.insert(name.to_owned(), json!(printed(rate, 4)));
    }
    for name in ["mean_regret", "max_regret"] {
        let regret = figures[name].as_f64().expect("a regret");
        figures.insert(name.to_owned(), json!(printed(regret, 6)));
    }
    let Some(sessions) = session_metrics(outcome) else { return };
    figures.insert("sessions".to_owned(), json!(sessions.sessions));
    let parts = [
        ("ttft_cold", sessions.ttft_cold),
        ("ttft_warm", sessions.ttft_warm),
        ("session_duration", sessions.duration),
    ];
    for (name, SessionStatistics { count, mean_ms, p50_ms, p95_ms, p99_ms, .. }) in parts {
        figures.insert(format!("{name}_n"), json!(count));
        for (figure, value) in [("mean", mean_ms), ("p50", p50_ms), ("p95", p95_ms), ("p99", p99_ms)] {
            figures.insert(format!("{name}_{figure}_ms"), json!(printed(value, 2)));
        }
    }
}

/// Mean, sample standard deviation, smallest and largest value.
fn summary(values: &[f64]) -> [(&'static str, f64); 4] {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    [("mean", mean), ("sd", (squares / (count - 1.0)).sqrt()), ("min", smallest), ("max", largest)]
}

/// Whether two numbers are the same in the recorded digits, the last of which may be one apart where it was rounded. A spread is the
/// difference of numbers of the size of the mean.
fn same(ours: f64, recorded: f64, scale: f64) -> bool {
    (ours - recorded).abs() <= LAST_DIGIT * recorded.abs() + 1e-12 * scale.abs()
}

#[test]
fn conversations_of_the_reference_come_out_in_every_recorded_figure() {
    let file = crate::common::golden_json("statistics-sessions.json");
    let configs = file["configs"].as_array().expect("configurations");
    let mut failures = Vec::new();
    let mut compared = 0;
    for name in CONFIGURATIONS {
        let entry = configs.iter().find(|entry| entry["name"] == name).expect("a recorded configuration");
        let mut config = config(entry);
        config.streams = StreamsName::Reference;
        let run = |seed| {
            let outcome = simulate(&with_seed(&config, seed)).expect("recorded settings are valid");
            let mut figures = figures(&outcome);
            session_figures(&outcome, &mut figures);
            figures
        };
        let runs: Vec<_> = super::SEEDS.map(run).collect();
        for (metric, recorded) in entry["metrics"].as_object().expect("metrics") {
            let value = |run: &Map<String, Value>| run.get(metric).and_then(Value::as_f64);
            let values: Option<Vec<f64>> = runs.iter().map(value).collect();
            let Some(values) = values else {
                failures.push(format!("{name} {metric}: is not among our figures"));
                continue;
            };
            let summary = summary(&values);
            for (figure, ours) in summary {
                compared += 1;
                let recorded = recorded[figure].as_f64().expect("a number");
                if !same(ours, recorded, summary[0].1) {
                    failures.push(format!("{name} {metric} {figure}: {recorded} recorded, {ours} ours"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {compared} differ:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(compared, 14 * 52 * 4);
}
