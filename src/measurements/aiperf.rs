//! What AIPerf writes, and genai-perf before it: a line per request, or one object of figures with their units.

use super::measured::{Measured, MeasuredArrivals};
use super::object::{Object, mean_and_stdev};
use super::quantity::{Times, Unit, fill};

/// Whether an object is the summary of a run.
pub(super) fn is_summary(object: &Object<'_>) -> bool {
    ["time_to_first_token", "inter_token_latency", "request_latency"]
        .into_iter()
        .any(|name| object.object(name).has("unit") && object.object(name).has("avg"))
}

/// Whether an object is the record of a request.
pub(super) fn is_record(object: &Object<'_>) -> bool {
    // Version 0.1 has other names; what failed may have no time.
    let metadata = object.object("metadata");
    let is_of_request = ["request_start_ns", "timestamp_ns", "benchmark_phase", "credit_phase"];
    is_of_request.into_iter().any(|name| metadata.has(name)) && (object.has("metrics") || object.has("error"))
}

/// A figure in ms, or in tokens, by its unit; a text names one that is not known.
fn figure(record: &Object<'_>, name: &str) -> Result<Option<f64>, String> {
    let Some(value) = record.number(name) else { return Ok(None) };
    match record.text("unit") {
        None => Ok(Some(value)),
        Some(unit) if unit.starts_with("token") || unit.starts_with("request") => Ok(Some(value)),
        Some(unit) => match Unit::of(&unit) {
            Some(unit) => Ok(Some(unit.to_ms(value))),
            None => Err(unit),
        },
    }
}

/// The row of a summary.
pub(super) fn summary(object: &Object<'_>, source: String, notes: &mut Vec<String>) -> Measured {
    let mut row = Measured { source, ..Measured::default() };
    let mut get = |name: &str, which: &str| match figure(&object.object(name), which) {
        Ok(value) => value.filter(|&value| value != 0.0),
        Err(unit) => {
            notes.push(format!("{name} is in \"{unit}\", which is no unit of time that is known; left out"));
            None
        }
    };
    row.ttft_ms = get("time_to_first_token", "avg");
    row.ttft_p50_ms = get("time_to_first_token", "p50");
    row.ttft_p99_ms = get("time_to_first_token", "p99");
    row.itl_ms = get("inter_token_latency", "avg");
    row.itl_p50_ms = get("inter_token_latency", "p50");
    row.itl_p99_ms = get("inter_token_latency", "p99");
    row.e2e_ms = get("request_latency", "avg");
    row.input_tokens = get("input_sequence_length", "avg");
    row.input_tokens_stdev = row.input_tokens.and(object.object("input_sequence_length").number("std"));
    row.output_tokens = get("output_sequence_length", "avg").or_else(|| get("output_token_count", "avg"));
    row.output_tokens_stdev = row.output_tokens.and(object.object("output_sequence_length").number("std"));
    row.output_tokens_per_s = object.object("output_token_throughput").positive("avg");
    row.requests = object.object("request_count").count("avg");
    let errors = object.list("error_summary").unwrap_or_default();
    let counted = errors.iter().filter_map(|error| Object::new(error)?.count("count")).sum();
    row.failed = object.object("error_request_count").count("avg").unwrap_or(counted);
    let reached = object.object("request_throughput").positive("avg");
    settings(object, reached, &mut row, notes);
    row
}

/// Rate or concurrency from the settings, whose place differs by version.
fn settings(object: &Object<'_>, reached: Option<f64>, row: &mut Measured, notes: &mut Vec<String>) {
    let config = object.object("input_config");
    let run = object.object("run_info");
    let command = config.text("cli_command").or_else(|| run.text("cli_command")).unwrap_or_default();
    let word = |name: &str| {
        let is_whole = |rest: &&str| rest.starts_with(['=', ' ']);
        let rest = command.split(name).skip(1).find(is_whole)?;
        rest.trim_start_matches(['=', ' ', '\'', '"']).split(['\'', '"', ' ']).next()
    };
    let flag = |name: &str| word(name)?.parse::<f64>().ok();
    let phase = measured_phase(&config).unwrap_or_default();
    let told = |ours: &str, theirs: &str, name: &str| {
        phase.find(ours, 0).or_else(|| config.find(theirs, 5)).or_else(|| flag(name))
    };
    let rate = told("rate", "request_rate", "--request-rate").filter(|&rate| rate > 0.0);
    let users = told("concurrency", "concurrency", "--concurrency").filter(|&users| users >= 1.0);
    let generator = config.object("loadgen");
    let pattern = phase.text("type").or_else(|| generator.text("request_rate_mode"));
    let pattern = pattern.or_else(|| generator.text("arrival_pattern"));
    let evenly = pattern.is_some_and(|pattern| pattern == "constant")
        || word("--request-rate-mode") == Some("constant")
        || word("--arrival-pattern") == Some("constant");
    match (rate, users) {
        (Some(rate), None) => row.rate = Some(rate),
        (Some(rate), Some(_)) if reached.is_none_or(|reached| reached >= 0.9 * rate) => row.rate = Some(rate),
        (_, Some(users)) => row.concurrency = Some(users.min(f64::from(u32::MAX)) as u32),
        (None, None) => {
            row.rate = reached;
            if reached.is_some() {
                let words = "no rate is given; the answered requests per second are taken";
                notes.push(format!("{}: {words}", row.source));
            }
        }
    }
    if row.rate.is_some() && rate.is_some() {
        row.arrivals = Some(if evenly { MeasuredArrivals::Constant } else { MeasuredArrivals::Poisson });
    }
}

/// The phase whose requests were measured, as versions from 0.10 on write it: the last that is no warm-up.
fn measured_phase<'t>(config: &Object<'t>) -> Option<Object<'t>> {
    let phases = config.list("phases")?;
    let is_measured = |phase: &Object<'_>| {
        phase.get("exclude_from_results") != Some("true") && phase.text("name").as_deref() != Some("warmup")
    };
    phases.into_iter().rev().filter_map(Object::new).find(is_measured)
}

/// The row of the records of a run.
pub(super) fn records(records: &[Object<'_>], source: String, notes: &mut Vec<String>) -> Measured {
    let mut row = Measured { source, ..Measured::default() };
    let (mut times, mut spans) = (Vec::new(), Vec::new());
    let (mut warm_up, mut unknown) = (0, None);
    for record in records {
        let metadata = record.object("metadata");
        let phase = metadata.text("benchmark_phase").or_else(|| metadata.text("credit_phase"));
        if phase.is_some_and(|phase| phase != "profiling") {
            warm_up += 1;
            continue;
        }
        let is_cancelled = metadata.get("was_cancelled") == Some("true");
        if is_cancelled || record.get("error").is_some() {
            row.failed += 1;
            continue;
        }
        let metrics = record.object("metrics");
        let mut get = |name: &str| {
            figure(&metrics.object(name), "value").unwrap_or_else(|unit| {
                unknown = Some(unit);
                None
            })
        };
        times.push(Times {
            input: get("input_sequence_length"),
            output: get("output_sequence_length").or_else(|| get("output_token_count")),
            ttft_ms: get("time_to_first_token").or_else(|| get("ttft")),
            itl_ms: get("inter_token_latency").filter(|&gap| gap != 0.0),
            e2e_ms: get("request_latency"),
        });
        let start = metadata.number("request_start_ns").or_else(|| metadata.number("timestamp_ns"));
        let end = metadata.number("request_end_ns");
        let end = end.or_else(|| get("max_response_timestamp").map(|ms| ms * 1e6));
        if let (Some(start), Some(end)) = (start, end) {
            spans.push((start / 1e9, end / 1e9));
        }
    }
    // Older versions write no time between tokens.
    for times in &mut times {
        if let (None, Some(ttft), Some(e2e), Some(output)) =
            (times.itl_ms, times.ttft_ms, times.e2e_ms, times.output)
            && output > 1.0
        {
            times.itl_ms = Some((e2e - ttft) / (output - 1.0));
        }
    }
    fill(&mut row, &times);
    if warm_up > 0 {
        notes.push(format!("{}: {warm_up} requests of the warm-up are left out", row.source));
    }
    if let Some(unit) = unknown {
        notes.push(format!("{}: a unit \"{unit}\" is not known; what has it is left out", row.source));
    }
    pace(&spans, &mut row, notes);
    row
}

/// The records do not say what set the pace: their starts show it.
fn pace(spans: &[(f64, f64)], row: &mut Measured, notes: &mut Vec<String>) {
    let first = spans.iter().map(|span| span.0).fold(f64::INFINITY, f64::min);
    let last = spans.iter().map(|span| span.1).fold(f64::NEG_INFINITY, f64::max);
    if let (true, Some(output), Some(requests)) = (last > first, row.output_tokens, row.requests) {
        row.output_tokens_per_s = Some(output * requests as f64 / (last - first));
    }
    if let Some(users) = kept_under_way(spans) {
        row.concurrency = Some(users);
        notes.push(format!(
            "{}: the file does not say how requests were sent; each starts when another ends, with {users} under way",
            row.source
        ));
        return;
    }
    (row.rate, row.arrivals) = by_starts(spans.iter().map(|span| span.0).collect());
    if row.rate.is_some() {
        notes.push(format!("{}: no rate is given; that of the requests' starts is taken", row.source));
    }
}

/// The number of requests that were always under way, if there is one: nearly every start then follows an end at once.
fn kept_under_way(spans: &[(f64, f64)]) -> Option<u32> {
    let mut events: Vec<(f64, bool)> =
        spans.iter().flat_map(|&(start, end)| [(start, true), (end, false)]).collect();
    events.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let lengths: f64 = spans.iter().map(|(start, end)| end - start).sum();
    let at_once = 0.1 * lengths / spans.len().max(1) as f64;
    let (mut under_way, mut last_end, mut starts) = (0_u32, f64::NEG_INFINITY, Vec::new());
    for (time, is_start) in events {
        if is_start {
            starts.push((under_way, time - last_end <= at_once));
            under_way += 1;
        } else {
            under_way = under_way.saturating_sub(1);
            last_end = time;
        }
    }
    let most = starts.iter().map(|start| start.0).max()?;
    let after_ramp = starts.iter().skip(most as usize + 1);
    let full = after_ramp.clone().filter(|&&(before, follows)| before == most && follows).count();
    let all = after_ramp.count();
    (all >= 10 && full * 10 >= all * 9).then_some(most + 1)
}

/// Requests per second by their starts, and whether these are evenly spaced.
pub(super) fn by_starts(mut starts: Vec<f64>) -> (Option<f64>, Option<MeasuredArrivals>) {
    starts.sort_by(f64::total_cmp);
    let gaps: Vec<f64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Some((mean, stdev)) = mean_and_stdev(&gaps).filter(|&(mean, _)| mean > 0.0) else {
        return (None, None);
    };
    let evenly = stdev < 0.3 * mean;
    (Some(1.0 / mean), Some(if evenly { MeasuredArrivals::Constant } else { MeasuredArrivals::Poisson }))
}
