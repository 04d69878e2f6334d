//! Results of `vllm bench serve` and of SGLang's `bench_serving`: one object per rate.

use super::measured::{Measured, MeasuredArrivals};
use super::object::{Object, mean_and_stdev, percentile};
use super::quantity::{Times, fill};
use crate::error::ConfigError;
use crate::import::json;

/// Whether an object is such a result.
pub(super) fn is_result(object: &Object<'_>) -> bool {
    let has_times = ["mean_ttft_ms", "mean_tpot_ms", "mean_itl_ms", "ttfts", "median_ttft_ms"];
    has_times.into_iter().any(|name| object.has(name))
        && (object.has("duration") || object.has("completed") || object.has("request_throughput"))
}

/// Whether the means of a result can be: a median stands in for one that is not there, but not for one that is broken.
///
/// # Errors
///
/// The first mean that is no number, or 0 though requests were answered.
pub(super) fn check(object: &Object<'_>, source: &str) -> Result<(), ConfigError> {
    if object.count("completed") == Some(0) {
        return Ok(());
    }
    let refused = |name: &str| {
        let value = object.get(name).unwrap_or_default().chars().take(40).collect::<String>();
        ConfigError::invalid(
            format!("{source}: {name}"),
            value,
            "a number above 0: the mean over the requests",
        )
    };
    let names = ["mean_ttft_ms", "mean_tpot_ms", "mean_itl_ms", "mean_e2el_ms", "mean_e2e_latency_ms"];
    if let Some(broken) = names.into_iter().find(|name| object.has_no_number(name)) {
        return Err(refused(broken));
    }
    // An answer of one token has no time between tokens.
    let tokens = object.positive("total_output_tokens").zip(object.positive("completed"));
    let has_gaps = tokens.is_none_or(|(tokens, answered)| tokens > 1.5 * answered);
    let is_zero = |name: &&str| object.number(name) == Some(0.0);
    if is_zero(&names[0]) {
        return Err(refused(names[0]));
    }
    let gaps = ["mean_tpot_ms", "mean_itl_ms"];
    let has_one = gaps.into_iter().any(|name| object.positive(name).is_some());
    match gaps.into_iter().find(is_zero) {
        Some(zero) if has_gaps && !has_one => Err(refused(zero)),
        _ => Ok(()),
    }
}

/// The row of a result, and what is said about it.
pub(super) fn row(object: &Object<'_>, source: String, notes: &mut Vec<String>) -> Measured {
    let mut row = Measured { source, ..Measured::default() };
    let failed_of_all = || object.count("num_prompts").zip(object.count("completed"));
    row.failed = object
        .count("failed")
        .or_else(|| failed_of_all().map(|(all, done)| all.saturating_sub(done)))
        .unwrap_or(0);
    row.requests = object.count("completed");
    means(object, &mut row);
    if let Some(details) = Details::of(object) {
        details.fill(&mut row, notes);
    }
    load(object, &mut row, notes);
    row
}

fn means(object: &Object<'_>, row: &mut Measured) {
    let answered = row.requests.filter(|&requests| requests > 0).map(|requests| requests as f64);
    let of_total = |name: &str| Some(object.positive(name)? / answered?);
    row.input_tokens = of_total("total_input_tokens").or_else(|| object.positive("random_input_len"));
    row.output_tokens = of_total("total_output_tokens").or_else(|| object.positive("random_output_len"));
    row.ttft_ms = object.positive("mean_ttft_ms");
    row.ttft_p50_ms = object.positive("median_ttft_ms");
    row.ttft_p99_ms = object.positive("p99_ttft_ms");
    // Per request, as our simulation counts it; the mean over all gaps of all requests is the next best.
    let kind = if object.positive("mean_tpot_ms").is_some() { "tpot" } else { "itl" };
    row.itl_ms = object.positive(&format!("mean_{kind}_ms"));
    row.itl_p50_ms = object.positive(&format!("median_{kind}_ms"));
    row.itl_p99_ms = object.positive(&format!("p99_{kind}_ms"));
    row.e2e_ms = object.positive("mean_e2el_ms").or_else(|| object.positive("mean_e2e_latency_ms"));
    row.output_tokens_per_s = object
        .positive("output_throughput")
        .or_else(|| Some(object.positive("total_output_tokens")? / object.positive("duration")?));
}

/// The lists of a result that was saved with every request.
struct Details {
    times: Vec<Times>,
    failed: u64,
}

impl Details {
    fn of(object: &Object<'_>) -> Option<Self> {
        let (ttfts, gaps) = (object.numbers("ttfts")?, object.list("itls")?);
        let (inputs, outputs) = (object.numbers("input_lens")?, object.numbers("output_lens")?);
        let errors = object.list("errors").unwrap_or_default();
        let count = ttfts.len();
        if count == 0 || gaps.len() != count || outputs.len() != count {
            return None;
        }
        let (mut times, mut failed) = (Vec::new(), 0);
        for place in 0..count {
            if errors.get(place).is_some_and(|error| !matches!(*error, "null" | "\"\"")) {
                failed += 1;
                continue;
            }
            let gaps: Vec<&str> = json::entries(gaps[place]).unwrap_or_default();
            let sum: f64 = gaps.iter().map(|gap| super::object::number(gap).unwrap_or(f64::NAN)).sum();
            let (ttft, output) = (ttfts[place] * 1000.0, outputs[place]);
            let has_gaps = output > 1.0 && !gaps.is_empty();
            times.push(Times {
                input: inputs.get(place).copied(),
                output: Some(output),
                ttft_ms: Some(ttft),
                itl_ms: has_gaps.then(|| sum * 1000.0 / (output - 1.0)),
                e2e_ms: Some(ttft + sum * 1000.0),
            });
        }
        Some(Self { times, failed })
    }

    fn fill(&self, row: &mut Measured, notes: &mut Vec<String>) {
        if let Some(told) = row.requests.filter(|&told| told != self.times.len() as u64) {
            notes.push(format!(
                "{} says that {told} requests were completed; its lists hold {} without an error, which are used",
                row.source,
                self.times.len()
            ));
        }
        row.failed = self.failed;
        fill(row, &self.times);
    }
}

fn load(object: &Object<'_>, row: &mut Measured, notes: &mut Vec<String>) {
    let users = object.positive("max_concurrency").map(|users| users as u32);
    let told = object.number("request_rate").filter(|rate| rate.is_finite());
    let reached = object
        .positive("request_throughput")
        .or_else(|| Some(object.positive("completed")? / object.positive("duration")?));
    row.burstiness = object.positive("burstiness").filter(|&shape| shape != 1.0);
    let ramp = object.text("ramp_up_strategy").filter(|strategy| !strategy.is_empty());
    if let Some(strategy) = ramp {
        notes.push(format!("{}: the rate changed ({strategy} ramp-up); its mean is taken", row.source));
        row.rate = reached;
        return;
    }
    match (told, users) {
        (Some(rate), Some(users)) => {
            // The limit of requests under way set the pace, not the rate.
            if reached.is_some_and(|reached| reached < 0.9 * rate) {
                row.concurrency = Some(users);
                notes.push(format!(
                    "{}: at most {users} requests under way, fewer answered than sent for: taken as {users} kept under way",
                    row.source
                ));
            } else {
                row.rate = Some(rate);
            }
        }
        (Some(rate), None) => row.rate = Some(rate),
        (None, Some(users)) => row.concurrency = Some(users),
        // Infinity, as a word or as Python writes it.
        (None, None) if object.has("request_rate") => {
            let all = object.count("num_prompts").or(row.requests);
            row.concurrency = all.and_then(|all| u32::try_from(all).ok());
            notes.push(format!("{}: all requests were sent at once", row.source));
        }
        (None, None) => {
            row.rate = reached;
            notes.push(format!(
                "{}: no rate is given; the answered requests per second are taken",
                row.source
            ));
        }
    }
    if row.rate.is_none() {
        row.burstiness = None;
    } else if told.is_some() {
        row.arrivals = Some(MeasuredArrivals::Poisson);
    }
}

/// Means, deviations and percentiles of every request.
pub(super) fn summary(values: &[f64]) -> Option<(f64, f64, f64)> {
    let (mean, _) = mean_and_stdev(values)?;
    Some((mean, percentile(values, 50.0)?, percentile(values, 99.0)?))
}
