//! One rate of a benchmark, and what cannot be about it.

use crate::error::ConfigError;
use serde::{Deserialize, Serialize};

/// A mean over fewer answered requests is not used.
pub(super) const FEWEST_REQUESTS: u64 = 10;
/// Loads count as different from this ratio on.
const DIFFERENT: f64 = 1.05;
/// Longest time of a row, ms: an hour.
const LONGEST_MS: f64 = 3.6e6;
/// Longest time between two tokens, ms.
const LONGEST_GAP_MS: f64 = 10_000.0;
/// Shortest time to a first token, ms: what is below was written in seconds.
const SHORTEST_TTFT_MS: f64 = 1.0;
/// Shortest time between two tokens, ms.
const SHORTEST_GAP_MS: f64 = 0.1;
/// Most tokens of a request.
const MOST_TOKENS: f64 = 10_000_000.0;

/// What makes the requests of a row arrive when they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub enum MeasuredArrivals {
    /// At random: a Poisson process, or a gamma process if the row has a burstiness.
    #[default]
    Poisson,
    /// Evenly spaced.
    Constant,
}

/// One rate of a benchmark. Times are means over the answered requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Measured {
    /// The file it comes from, and its place there.
    pub source: String,
    /// Requests per second that were sent; `null` where a number of requests was kept under way.
    pub rate: Option<f64>,
    /// Requests that were kept under way; `null` where they were sent at a rate.
    pub concurrency: Option<u32>,
    /// When they were sent; `null` if not known, and then the fit looks for what fits.
    pub arrivals: Option<MeasuredArrivals>,
    /// Shape of the gamma distribution of the gaps, as vLLM counts it: 1 is Poisson, less is burstier; `null` is 1.
    pub burstiness: Option<f64>,
    /// Requests that were answered; `null` if not known.
    pub requests: Option<u64>,
    /// Requests that failed; they are in none of the means.
    pub failed: u64,
    /// Mean prompt length, tokens.
    pub input_tokens: Option<f64>,
    /// Its standard deviation; `null` if not known, and taken as 0.
    pub input_tokens_stdev: Option<f64>,
    /// Mean output length, tokens.
    pub output_tokens: Option<f64>,
    /// Its standard deviation; `null` if not known, and taken as 0.
    pub output_tokens_stdev: Option<f64>,
    /// Mean time to first token, ms.
    pub ttft_ms: Option<f64>,
    /// Its median, ms.
    pub ttft_p50_ms: Option<f64>,
    /// Its 99th percentile, ms.
    pub ttft_p99_ms: Option<f64>,
    /// Mean time between two tokens of an answer, ms (TPOT, ITL).
    pub itl_ms: Option<f64>,
    /// Its median, ms.
    pub itl_p50_ms: Option<f64>,
    /// Its 99th percentile, ms.
    pub itl_p99_ms: Option<f64>,
    /// Mean time from sending to the last token, ms.
    pub e2e_ms: Option<f64>,
    /// Output tokens per second of all requests together.
    pub output_tokens_per_s: Option<f64>,
    /// Why it cannot be used; `null` if it can.
    pub problem: Option<String>,
}

impl Measured {
    /// The rate or the requests under way, in words.
    pub fn load(&self) -> String {
        match (self.rate, self.concurrency) {
            (Some(rate), _) => format!("{} requests/s", rounded(rate)),
            (None, Some(users)) => format!("{users} under way"),
            (None, None) => "no rate".to_owned(),
        }
    }

    /// Whether so few requests were answered that their means tell nothing.
    pub(super) fn is_scant(&self) -> bool {
        self.requests.is_some_and(|requests| requests < FEWEST_REQUESTS)
    }

    /// Whether both are about as much load.
    pub(super) fn has_load_of(&self, other: &Self) -> bool {
        let close = |a: f64, b: f64| a.max(b) < a.min(b) * DIFFERENT;
        match (self.rate, other.rate) {
            (Some(a), Some(b)) => close(a, b),
            (None, None) => self.concurrency == other.concurrency,
            _ => false,
        }
    }

    /// Everything that cannot be about the row.
    pub(super) fn find_problem(&self) -> Option<String> {
        let mut found = Vec::new();
        self.find_load(&mut found);
        self.find_lengths(&mut found);
        self.find_times(&mut found);
        if found.is_empty() {
            self.find_contradictions(&mut found);
        }
        (!found.is_empty()).then(|| found.join("; "))
    }

    fn find_load(&self, found: &mut Vec<String>) {
        match (self.rate, self.concurrency) {
            (Some(rate), _) if !(1e-6..=1e6).contains(&rate) => {
                found.push(format!("a rate of {} requests/s, expected 0.000001 to 1000000", shown(rate)));
            }
            (None, Some(users)) if !(1..=100_000).contains(&users) => {
                found.push(format!("{users} requests under way, expected 1 to 100000"));
            }
            (None, None) => found.push("neither a rate nor a number of requests under way".to_owned()),
            _ => {}
        }
        if self.burstiness.is_some_and(|shape| !(0.01..=1e6).contains(&shape)) {
            found.push("a burstiness out of 0.01 to 1000000".to_owned());
        }
        if self.requests == Some(0) {
            found.push("no request was answered".to_owned());
        } else if let Some(requests) = self.requests.filter(|_| self.is_scant()) {
            found.push(format!(
                "{requests} answered requests, of which a mean tells nothing (at least {FEWEST_REQUESTS})"
            ));
        }
    }

    fn find_lengths(&self, found: &mut Vec<String>) {
        for (name, flag, length) in [
            ("input", "--input-tokens", self.input_tokens),
            ("output", "--output-tokens", self.output_tokens),
        ] {
            match length {
                None => found.push(format!("no {name} tokens: give them ({flag})")),
                Some(length) if !(1.0..=MOST_TOKENS).contains(&length) => {
                    let length = shown(length);
                    found.push(format!("{length} {name} tokens, expected 1 to {MOST_TOKENS}"));
                }
                Some(_) => {}
            }
        }
        for (name, stdev) in [("input", self.input_tokens_stdev), ("output", self.output_tokens_stdev)] {
            if stdev.is_some_and(|stdev| !(0.0..=MOST_TOKENS).contains(&stdev)) {
                found.push(format!("a standard deviation of the {name} tokens out of 0 to {MOST_TOKENS}"));
            }
        }
    }

    fn find_times(&self, found: &mut Vec<String>) {
        if self.ttft_ms.is_none() && self.itl_ms.is_none() {
            found.push("neither a time to first token nor one between tokens".to_owned());
        }
        for (name, time, longest) in [
            ("TTFT", self.ttft_ms, LONGEST_MS),
            ("ITL", self.itl_ms, LONGEST_GAP_MS),
            ("E2E", self.e2e_ms, 24.0 * LONGEST_MS),
        ] {
            let Some(time) = time else { continue };
            if time.is_nan() || time <= 0.0 {
                found.push(format!("{name} of {} ms, expected above 0", shown(time)));
            } else if time > longest {
                let time = shown(time);
                found.push(format!("{name} of {time} ms, expected at most {longest}: is its unit right?"));
            }
        }
        let below = |time: Option<f64>, least: f64| time.is_some_and(|time| time > 0.0 && time < least);
        if below(self.ttft_ms, SHORTEST_TTFT_MS) || below(self.itl_ms, SHORTEST_GAP_MS) {
            let shown =
                |time: Option<f64>| time.map_or("none".to_owned(), |time| format!("{} ms", shown(time)));
            found.push(format!(
                "TTFT {}, ITL {}: shorter than any server's; are these seconds?",
                shown(self.ttft_ms),
                shown(self.itl_ms)
            ));
        }
        if self.output_tokens_per_s.is_some_and(|rate| rate.is_nan() || rate <= 0.0) {
            found.push("a throughput that is not above 0".to_owned());
        }
    }

    /// Times that are fine by themselves but not together.
    fn find_contradictions(&self, found: &mut Vec<String>) {
        if let (Some(ttft), Some(e2e)) = (self.ttft_ms, self.e2e_ms)
            && ttft > 1.001 * e2e
        {
            found.push(format!("TTFT of {ttft} ms above E2E of {e2e} ms"));
        } else if let (Some(ttft), Some(itl), Some(e2e)) = (self.ttft_ms, self.itl_ms, self.e2e_ms) {
            let gaps = (self.output_tokens.unwrap_or(1.0) - 1.0).max(0.0);
            let sum = ttft + itl * gaps;
            if sum > 2.0 * e2e || sum < 0.5 * e2e {
                found.push(format!(
                    "TTFT {ttft} ms + {gaps} × ITL {itl} ms = {} ms, far from E2E {e2e} ms: a unit is wrong, or a length",
                    rounded(sum)
                ));
            }
        }
        if let (Some(rate), Some(output), Some(throughput)) =
            (self.rate, self.output_tokens, self.output_tokens_per_s)
            && throughput > 3.0 * rate * output
        {
            found.push(format!(
                "{} output tokens/s, of {} requests/s with {} tokens each: more than was asked for",
                rounded(throughput),
                rounded(rate),
                rounded(output)
            ));
        }
    }
}

/// Refuses a row whose requests are all longer than the longest sequence, which is 0 if there is no limit.
///
/// # Errors
///
/// At the row.
pub(super) fn check_length(row: &Measured, longest: i64) -> Result<(), ConfigError> {
    // Lengths that differ are within four standard deviations.
    let least =
        |mean: Option<f64>, stdev: Option<f64>| (mean.unwrap_or(1.0) - 4.0 * stdev.unwrap_or(0.0)).max(1.0);
    let input = least(row.input_tokens, row.input_tokens_stdev);
    let output = least(row.output_tokens, row.output_tokens_stdev);
    if longest > 0 && input + output > longest as f64 {
        let (input, output) = (rounded(input), rounded(output));
        let expected = format!("together at most the model's longest sequence of {longest}");
        let got = format!("{input} input and {output} output tokens");
        return Err(ConfigError::invalid(format!("{}, {}", row.source, row.load()), got, expected));
    }
    Ok(())
}

/// A number as it stands in a file; not with hundreds of digits.
fn shown(value: f64) -> String {
    if value.abs() >= 1e9 { format!("{value:e}") } else { format!("{value}") }
}

/// A number for a sentence: four digits are enough.
pub(super) fn rounded(value: f64) -> String {
    let text = if value.abs() >= 1000.0 { format!("{value:.0}") } else { format!("{value:.3}") };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
