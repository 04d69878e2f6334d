//! Specifications whose windows have their own parameters (workload chapter, W-7.3).
//!
//! The reference drops the shared prefix in this mode (N-16); with independent streams requests keep it.

use super::checked_clients::{CheckedClient, Window};
use super::distribution::interarrival;
use crate::config::StreamsName;
use crate::config::workload_spec::WorkloadSpec;
use crate::error::ConfigError;
use crate::workload::interarrival::rate_per_microsecond;
use crate::workload::windows::spans_overlap;
use crate::workload::workload_plan::{Arrivals, WindowPlan};

/// Whether any window has its own parameters.
pub(super) fn is_time_varying(clients: &[CheckedClient]) -> bool {
    clients.iter().any(|client| client.windows.iter().any(Window::has_parameters))
}

/// With `aggregate_rate` 0 every window of every open-loop client must state a rate.
pub(super) fn check_absolute_rates(
    spec: &WorkloadSpec,
    clients: &[CheckedClient],
) -> Result<(), ConfigError> {
    if spec.aggregate_rate > 0.0 {
        return Ok(());
    }
    for client in clients.iter().filter(|client| client.users.is_none()) {
        if client.windows.is_empty() {
            return Err(no_rate(&client.path, "windows with trace_rate"));
        }
        for window in &client.windows {
            if window.trace_rate.is_none() {
                return Err(no_rate(&window.path, "a trace_rate"));
            }
        }
    }
    Ok(())
}

fn no_rate(path: &str, expected: &str) -> ConfigError {
    ConfigError::conflict(path, "no trace_rate", "workload.spec.aggregate_rate = 0", expected)
}

/// The windows of a source with their rates and numbers of requests.
pub(super) fn arrivals(
    spec: &WorkloadSpec,
    clients: &[CheckedClient],
    client: &CheckedClient,
    horizon: Option<i64>,
    streams: StreamsName,
    warnings: &mut Vec<String>,
) -> Arrivals {
    let mut windows = Vec::with_capacity(client.windows.len());
    for window in &client.windows {
        let (start, end) = (window.span.0, window.span.1.min(horizon.unwrap_or(i64::MAX)));
        let Some(arrival) = window.arrival.or(client.arrival) else { continue };
        if start >= end {
            continue;
        }
        let rate = match streams {
            StreamsName::Reference => reference_rate(spec, clients, client, window, (start, end)),
            StreamsName::Independent => window_rate(spec, clients, client, window),
        };
        let rate_per_us = rate_per_microsecond(rate, 1.0, 1.0);
        windows.push(WindowPlan {
            start,
            end,
            gaps_to_draw: (rate * ((end - start) as f64 / 1e6)).ceil() as u64,
            interarrival: interarrival(arrival, rate_per_us, &format!("{}.arrival", window.path), warnings),
            input: window.input.clone().unwrap_or_else(|| client.input.clone()),
            output: window.output.clone().unwrap_or_else(|| client.output.clone()),
        });
    }
    Arrivals::PerWindow(windows)
}

/// Requests per second of a member of a source in a window that ends with the horizon, in the reference's order of operations,
/// client by client and member by member: the number of requests depends on the last bit (N-16).
fn reference_rate(
    spec: &WorkloadSpec,
    clients: &[CheckedClient],
    client: &CheckedClient,
    window: &Window,
    span: (i64, i64),
) -> f64 {
    let weight = window.trace_rate.unwrap_or(client.fraction);
    if spec.aggregate_rate == 0.0 && window.trace_rate.is_some() {
        return weight;
    }
    let mut total = 0.0;
    for other in clients {
        let weight = weight_during(other, span);
        for _ in 0..other.members() {
            total += weight;
        }
    }
    if total > 0.0 { spec.aggregate_rate * (weight / total) } else { 0.0 }
}

/// The same with independent streams, whose numbers stay as they were.
fn window_rate(
    spec: &WorkloadSpec,
    clients: &[CheckedClient],
    client: &CheckedClient,
    window: &Window,
) -> f64 {
    if spec.aggregate_rate == 0.0 {
        return window.trace_rate.unwrap_or(0.0);
    }
    let sum: f64 =
        clients.iter().map(|other| weight_during(other, window.span) * f64::from(other.members())).sum();
    // All weights may be 0.
    if sum > 0.0 { spec.aggregate_rate * window.trace_rate.unwrap_or(client.fraction) / sum } else { 0.0 }
}

/// The weight of the first window of a source that overlaps the span; without windows its fraction.
fn weight_during(client: &CheckedClient, span: (i64, i64)) -> f64 {
    if client.windows.is_empty() {
        return client.fraction;
    }
    let first = client.windows.iter().find(|window| spans_overlap(window.span, span));
    first.map_or(0.0, |window| window.trace_rate.unwrap_or(client.fraction))
}
