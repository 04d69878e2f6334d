//! Reports of GuideLLM: a list of benchmarks, each one rate.
//!
//! Version 0.3 and before keeps the strategy below `args` and the counts in `run_stats`; later ones below `config` and in
//! `metrics.request_totals`. Means are over all requests, while the requests themselves may be a sample: the means come first.

use super::measured::{Measured, MeasuredArrivals};
use super::object::Object;
use super::quantity::{Times, fill};

/// The rows of a report.
pub(super) fn rows(report: &Object<'_>, name: &str, notes: &mut Vec<String>) -> Vec<Measured> {
    let benchmarks = report.list("benchmarks").unwrap_or_default();
    let several = benchmarks.len() > 1;
    let objects = benchmarks.iter().filter_map(|benchmark| Object::new(benchmark));
    let source = |place: usize| {
        if several { format!("{name}, benchmark {}", place + 1) } else { name.to_owned() }
    };
    objects.enumerate().map(|(place, benchmark)| row(&benchmark, source(place), notes)).collect()
}

fn row(benchmark: &Object<'_>, source: String, notes: &mut Vec<String>) -> Measured {
    let mut row = Measured { source, ..Measured::default() };
    let metrics = benchmark.object("metrics");
    let requests = benchmark.object("requests");
    totals(benchmark, &metrics, &requests, &mut row);
    means(&metrics, &mut row);
    let answered = requests.list("successful").unwrap_or_default();
    let objects: Vec<Object<'_>> = answered.iter().filter_map(|request| Object::new(request)).collect();
    // Told that none was answered, a sample of requests is not believed.
    if row.ttft_ms.is_none() && row.itl_ms.is_none() && row.requests != Some(0) {
        let told = row.requests;
        let times: Vec<Times> = objects.iter().map(times).collect();
        fill(&mut row, &times);
        if let Some(told) = told.filter(|&told| told > times.len() as u64) {
            notes.push(format!("{}: {} of {told} requests are in the file", row.source, times.len()));
            row.requests = Some(told);
        }
    }
    load(benchmark, &objects, &mut row, notes);
    row
}

fn totals(benchmark: &Object<'_>, metrics: &Object<'_>, requests: &Object<'_>, row: &mut Measured) {
    let told = [
        metrics.object("request_totals"),
        benchmark.object("run_stats").object("requests_made"),
        benchmark.object("scheduler_metrics").object("requests_made"),
        benchmark.object("request_totals"),
    ];
    if let Some(told) = told.iter().find(|told| told.has("successful")) {
        row.requests = told.count("successful");
        row.failed = told.count("errored").unwrap_or(0);
        return;
    }
    let length = |name: &str| requests.list(name).map(|list| list.len() as u64);
    row.requests = length("successful");
    row.failed = length("errored").unwrap_or(0);
}

fn means(metrics: &Object<'_>, row: &mut Measured) {
    let of = |name: &str| metrics.object(name).object("successful");
    let ttft = of("time_to_first_token_ms");
    row.ttft_ms = ttft.positive("mean");
    row.ttft_p50_ms = ttft.positive("median");
    row.ttft_p99_ms = ttft.object("percentiles").positive("p99");
    let gap = of("inter_token_latency_ms");
    row.itl_ms = gap.positive("mean");
    row.itl_p50_ms = gap.positive("median");
    row.itl_p99_ms = gap.object("percentiles").positive("p99");
    // In seconds, in all versions.
    row.e2e_ms = of("request_latency").positive("mean").map(|seconds| seconds * 1000.0);
    let (input, output) = (of("prompt_token_count"), of("output_token_count"));
    row.input_tokens = input.positive("mean");
    row.input_tokens_stdev = row.input_tokens.and(input.number("std_dev"));
    row.output_tokens = output.positive("mean");
    row.output_tokens_stdev = row.output_tokens.and(output.number("std_dev"));
    row.output_tokens_per_s = of("output_tokens_per_second").positive("mean");
}

fn times(request: &Object<'_>) -> Times {
    let timings = request.object("info").object("timings");
    let start = timings.positive("request_start").or_else(|| request.positive("start_time"));
    let since = |time: Option<f64>| Some((time? - start?) * 1000.0);
    let first = timings.positive("first_token_iteration").or_else(|| request.positive("first_token_time"));
    let last = timings.positive("last_token_iteration").or_else(|| request.positive("last_token_time"));
    let end = timings.positive("request_end").or_else(|| request.positive("end_time"));
    let tokens = |side: &str, before: &str| {
        let metrics = request.object(side);
        metrics
            .positive("total_tokens")
            .or_else(|| metrics.positive("text_tokens"))
            .or_else(|| request.positive(before))
    };
    let output = tokens("output_metrics", "output_tokens");
    let gaps = output.map(|output| output - 1.0).filter(|&gaps| gaps >= 1.0);
    let by_times = || Some((last? - first?) * 1000.0 / gaps?);
    let end_ms = since(end).or_else(|| Some(request.positive("request_latency")? * 1000.0));
    Times {
        input: tokens("input_metrics", "prompt_tokens"),
        output,
        ttft_ms: request.positive("time_to_first_token_ms").or_else(|| since(first)),
        itl_ms: request.positive("inter_token_latency_ms").or_else(by_times),
        e2e_ms: end_ms,
    }
}

fn load(benchmark: &Object<'_>, requests: &[Object<'_>], row: &mut Measured, notes: &mut Vec<String>) {
    let settings = |name: &str| {
        let own = benchmark.object("config").object(name);
        if own.has("type_") || own.has("rate") || own.has("streams") {
            own
        } else {
            benchmark.object("args").object(name)
        }
    };
    let strategy = settings("strategy");
    let kind = strategy.text("type_").or_else(|| strategy.text("type")).unwrap_or_default();
    let users = || strategy.positive("streams").or_else(|| strategy.positive("max_concurrency"));
    match kind.as_str() {
        "synchronous" => row.concurrency = Some(1),
        "concurrent" => row.concurrency = users().map(|users| users as u32),
        "throughput" => {
            let most = strategy.positive("max_concurrency").map(|users| users as u32);
            row.concurrency = most.or_else(|| row.requests.and_then(|all| u32::try_from(all).ok()));
            notes.push(format!("{}: as many requests as possible were sent at once", row.source));
        }
        "constant" => {
            row.rate = strategy.find("rate", 0);
            row.arrivals = Some(MeasuredArrivals::Constant);
        }
        "poisson" | "async" => {
            row.rate = strategy.find("rate", 0);
            row.arrivals = Some(MeasuredArrivals::Poisson);
        }
        _ => {
            row.rate = strategy.find("rate", 0);
            if row.rate.is_none() {
                row.concurrency = users().map(|users| users as u32);
            }
        }
    }
    if row.rate.is_none() && row.concurrency.is_none() {
        (row.rate, row.arrivals) = by_starts(requests);
        if row.rate.is_some() {
            notes.push(format!("{}: no rate is given; that of the requests' starts is taken", row.source));
        }
    }
}

/// Rate and arrivals by the requests' starts.
fn by_starts(requests: &[Object<'_>]) -> (Option<f64>, Option<MeasuredArrivals>) {
    let start = |request: &Object<'_>| {
        let timings = request.object("info").object("timings");
        timings.positive("request_start").or_else(|| request.positive("start_time"))
    };
    super::aiperf::by_starts(requests.iter().filter_map(start).collect())
}
