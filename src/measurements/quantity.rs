//! What was measured about single requests, and names and units of columns.

use super::measured::Measured;
use super::object::mean_and_stdev;
use super::vllm::summary;

/// What was measured about one answered request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    pub input: Option<f64>,
    pub output: Option<f64>,
    pub ttft_ms: Option<f64>,
    /// Mean over its gaps.
    pub itl_ms: Option<f64>,
    pub e2e_ms: Option<f64>,
}

/// Means over all requests in place of those of the file.
pub(super) fn fill(row: &mut Measured, times: &[Times]) {
    let all = |of: fn(&Times) -> Option<f64>| times.iter().filter_map(of).collect::<Vec<f64>>();
    row.requests = Some(times.len() as u64);
    if let Some((mean, stdev)) = mean_and_stdev(&all(|times| times.input)) {
        (row.input_tokens, row.input_tokens_stdev) = (Some(mean), Some(stdev));
    }
    if let Some((mean, stdev)) = mean_and_stdev(&all(|times| times.output)) {
        (row.output_tokens, row.output_tokens_stdev) = (Some(mean), Some(stdev));
    }
    if let Some((mean, median, high)) = summary(&all(|times| times.ttft_ms)) {
        (row.ttft_ms, row.ttft_p50_ms, row.ttft_p99_ms) = (Some(mean), Some(median), Some(high));
    }
    if let Some((mean, median, high)) = summary(&all(|times| times.itl_ms)) {
        (row.itl_ms, row.itl_p50_ms, row.itl_p99_ms) = (Some(mean), Some(median), Some(high));
    }
    if let Some((mean, _)) = mean_and_stdev(&all(|times| times.e2e_ms)) {
        row.e2e_ms = Some(mean);
    }
}

/// What a column or line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    Rate,
    Concurrency,
    Requests,
    Failed,
    Input,
    Output,
    Ttft,
    TtftP50,
    TtftP99,
    Itl,
    ItlP50,
    ItlP99,
    E2e,
    OutputPerSecond,
    /// Answered requests per second, where no rate is given.
    RequestsPerSecond,
    Burstiness,
}

use Quantity::{
    Burstiness, Concurrency, E2e, Failed, Input, Itl, ItlP50, ItlP99, Output, OutputPerSecond, Rate,
    Requests, RequestsPerSecond, Ttft, TtftP50, TtftP99,
};

/// Names, in small letters without anything but letters and digits.
const NAMES: [(&str, Quantity); 10] = [
    (
        "rate requestrate rps qps offeredrate arrivalrate requestratereqs requestraterequestss requestrateconfiguredrps \
         requestss reqs targetrate load",
        Rate,
    ),
    (
        "concurrency maxconcurrency users streams maximumrequestconcurrency maxrequestconcurrency numconcurrent \
         concurrentrequests virtualusers",
        Concurrency,
    ),
    ("requests numrequests completed successful successfulrequests requestcount numprompts n", Requests),
    ("failed errors failedrequests errored", Failed),
    (
        "input inputtokens inputlen inputlength prompt prompttokens promptlen promptlength isl meaninput meaninputtokens \
         avginput avginputtokens inputsequencelength prompttokencount randominputlen",
        Input,
    ),
    (
        "output outputtokens outputlen outputlength completiontokens generatedtokens osl meanoutput meanoutputtokens \
         avgoutput avgoutputtokens outputsequencelength outputtokencount randomoutputlen",
        Output,
    ),
    (
        "throughput outputthroughput outputtokenspers outputtokenss outputtokensec tokenspers tokenss toks tps \
         outputtokenthroughput outputtokenthroughputtoks outputtokenspersecond tokenspersecond tokensec toksec outputtoks \
         throughputtoks throughputtokenss outputthroughputtoks outputtps outputthroughputtokenss outputtokenthroughputtokenss",
        OutputPerSecond,
    ),
    (
        "requestthroughput requestthroughputreqs reqthroughput requestspersecond achievedrate throughputreqs \
         throughputrequestss requestthroughputrequestss requestspers",
        RequestsPerSecond,
    ),
    ("burstiness burstinessfactor", Burstiness),
    ("e2e e2el e2elatency latency requestlatency endtoendlatency endtoend totallatency", E2e),
];

/// Names of times of which there are means, medians and percentiles: to the first token, between tokens, to the end.
const TIMES: [(&str, [Option<Quantity>; 3]); 3] = [
    (
        "ttft timetofirsttoken firsttoken firsttokenlatency timetofirst",
        [Some(Ttft), Some(TtftP50), Some(TtftP99)],
    ),
    (
        "itl tpot intertokenlatency timeperoutputtoken tbt timebetweentokens timepertoken \
         timeperoutputtokenexcl1sttoken interchunklatency",
        [Some(Itl), Some(ItlP50), Some(ItlP99)],
    ),
    ("e2e e2el e2elatency latency requestlatency endtoendlatency", [Some(E2e), None, None]),
];

/// Words for a statistic, and its place in [`TIMES`]; 3 is none of them.
const STATISTICS: [(&str, usize); 13] = [
    ("mean", 0),
    ("average", 0),
    ("avg", 0),
    ("median", 1),
    ("p50", 1),
    ("p999", 3),
    ("p99", 2),
    ("p90", 3),
    ("p95", 3),
    ("stddev", 3),
    ("std", 3),
    ("min", 3),
    ("max", 3),
];

impl Quantity {
    pub const fn is_time(self) -> bool {
        matches!(self, Ttft | TtftP50 | TtftP99 | Itl | ItlP50 | ItlP99 | E2e)
    }

    /// By a name in small letters without anything but letters and digits, and without a unit.
    pub fn of(name: &str) -> Option<Self> {
        let is_among = |names: &str, name: &str| names.split_whitespace().any(|own| own == name);
        if let Some((_, found)) = NAMES.iter().find(|(names, _)| is_among(names, name)) {
            return Some(*found);
        }
        let (rest, place) = statistic(name);
        let (_, found) = TIMES.iter().find(|(names, _)| is_among(names, rest))?;
        found.get(place).copied().flatten()
    }

    /// Puts a value, times in ms, where it belongs.
    pub fn put(self, row: &mut Measured, value: f64) {
        let count = || if (0.0..=1e15).contains(&value) { Some(value as u64) } else { None };
        match self {
            Rate if value == f64::INFINITY => {}
            Rate => row.rate = Some(value),
            Concurrency => row.concurrency = count().map(|users| users.min(u64::from(u32::MAX)) as u32),
            Requests => row.requests = count(),
            Failed => row.failed = count().unwrap_or(0),
            Input => row.input_tokens = Some(value),
            Output => row.output_tokens = Some(value),
            Ttft => row.ttft_ms = Some(value),
            TtftP50 => row.ttft_p50_ms = Some(value),
            TtftP99 => row.ttft_p99_ms = Some(value),
            Itl => row.itl_ms = Some(value),
            ItlP50 => row.itl_p50_ms = Some(value),
            ItlP99 => row.itl_p99_ms = Some(value),
            E2e => row.e2e_ms = Some(value),
            OutputPerSecond => row.output_tokens_per_s = Some(value),
            RequestsPerSecond => {
                if row.rate.is_none() && row.concurrency.is_none() {
                    row.rate = Some(value);
                }
            }
            Burstiness => row.burstiness = Some(value).filter(|&shape| shape != 1.0),
        }
    }
}

/// A name without the word that says which statistic it is; a mean has none.
fn statistic(name: &str) -> (&str, usize) {
    for (word, place) in STATISTICS {
        let rest = name.strip_prefix(word).or_else(|| name.strip_suffix(word));
        if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
            return (rest, place);
        }
    }
    (name, 0)
}

/// Words of units that are no times.
const OTHER_UNITS: [&str; 14] = [
    "req", "reqs", "request", "requests", "rps", "qps", "tok", "toks", "token", "tokens", "per", "s", "sec",
    "second",
];

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    S,
    Ms,
    Us,
    Ns,
}

impl Unit {
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "s" | "sec" | "secs" | "second" | "seconds" => Self::S,
            "ms" | "msec" | "millis" | "millisecond" | "milliseconds" => Self::Ms,
            "us" | "µs" | "μs" | "usec" | "micros" | "microseconds" => Self::Us,
            "ns" | "nanos" | "nanoseconds" => Self::Ns,
            _ => return None,
        })
    }

    pub fn to_ms(self, value: f64) -> f64 {
        match self {
            Self::S => value * 1000.0,
            Self::Ms => value,
            Self::Us => value / 1000.0,
            Self::Ns => value / 1e6,
        }
    }
}

/// What a heading says: the quantity, and the unit if it is a time with one.
pub(super) fn heading(text: &str) -> Option<(Quantity, Option<Unit>)> {
    let lower =
        text.trim_matches(|char: char| char == '*' || char == '`' || char.is_whitespace()).to_lowercase();
    let words: Vec<&str> =
        lower.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let whole = words.concat();
    if let Some((last, before)) = words.split_last()
        && let Some(unit) = Unit::of(last)
        && let Some(quantity) = Quantity::of(&before.concat()).filter(|quantity| quantity.is_time())
    {
        return Some((quantity, Some(unit)));
    }
    if let Some(quantity) = Quantity::of(&whole) {
        return Some((quantity, None));
    }
    // A unit of something else than a time, as in "rate (req/s)".
    let end = words.iter().rposition(|word| !OTHER_UNITS.contains(word))? + 1;
    Quantity::of(&words[..end].concat())
        .filter(|quantity| !quantity.is_time())
        .map(|quantity| (quantity, None))
}
