//! What a run was like: the assumptions of the closed forms, checked.

use super::calibration::Calibration;
use crate::config::Config;
use crate::outcome::Outcome;
use crate::outcome::statistics::{OrderedSamples, Samples, WeightedSamples};
use crate::outcome::verdict::{VerdictKind, verdict};
use crate::units::{Micros, RequestIndex};
use serde::Serialize;

/// Largest share by which the busiest instance may exceed the mean for the load to count as balanced.
const IMBALANCE: f64 = 0.1;
/// Relative gap between L and lambda W up to which a window counts as steady.
const LITTLE_GAP: f64 = 0.05;
/// Share of the KV cache above which it counts as full.
const KV_FULL: f64 = 0.98;
/// Share of the slots above which they count as full.
const SLOTS_FULL: f64 = 0.95;

/// Facts of a run. Rates are per second and instance where the name contains the instance, else per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact")]
pub struct Conditions {
    /// Number of instances.
    pub instances: f64,
    /// Requests routed per second and instance while requests arrived.
    pub rate_per_instance: f64,
    /// Number of routed requests.
    pub routed: f64,
    /// From the first to the last routed arrival, s.
    pub arrival_span_s: f64,
    /// Squared coefficient of variation of the time between arrivals.
    pub arrival_variation: f64,
    /// Whether arrivals do not depend on answers.
    pub open_loop: bool,
    /// The window that is measured: the second half of the arrivals. Its length in s.
    pub window_s: f64,
    /// Requests in the system, mean over the window: L.
    pub in_system: f64,
    /// Arrivals per second in the window: lambda.
    pub window_rate: f64,
    /// Mean time in the system of requests that arrived in the window, s: W.
    pub time_in_system_s: f64,
    /// Running requests per instance, mean over the window.
    pub running: f64,
    /// Requests that were completed in the window, per second and instance.
    pub served_per_instance: f64,
    /// Whether requests waited for every instance through the window, whose batches had filled and turned over before it
    /// began: only then is what was served what the instances can serve.
    pub saturated: bool,
    /// Mean wait for the batch of the last hundredth of the arrivals, ms.
    pub last_wait_ms: f64,
    /// Mean gap between tokens, ms.
    pub itl_ms: f64,
    /// 99th percentile of the time to first token, ms.
    pub ttft_p99_ms: f64,
    /// Mean of arrival to scheduling, ms.
    pub mean_wait_ms: f64,
    /// Whether the running requests fill the slots in the window, on average.
    pub filled: bool,
    /// Whether all slots of some instance were in use at some time.
    pub slots_reached: bool,
    /// Whether the run shows an overloaded cluster.
    pub growing: bool,
    /// Whether L and lambda W agree in the window.
    pub stationary: bool,
    /// Whether requests were evicted from a batch.
    pub preempted: bool,
    /// Whether a full KV cache held requests back.
    pub kv_bound: bool,
    /// Largest share of an instance's KV cache in use.
    pub kv_peak: f64,
    /// Whether all instances got about the same number of requests.
    pub balanced: bool,
    /// Share of the arrivals that admission refused.
    pub rejected: f64,
    /// Requests that gave up.
    pub timed_out: u64,
    /// Share of KV blocks taken from the prefix cache.
    pub cache_hits: f64,
}

impl Conditions {
    /// Measures a run of this configuration.
    pub fn of(config: &Config, outcome: &Outcome, calibration: &Calibration) -> Self {
        let stays = stays(outcome);
        let instances = outcome.instances.len().max(1) as f64;
        let (first, last) = stays
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), stay| (a.min(stay.from), b.max(stay.from)));
        let span = if last > first { last - first } else { 0.0 };
        let routed = stays.len() as f64;
        let basic = Self {
            instances,
            routed,
            arrival_span_s: span,
            rate_per_instance: rate_per_instance(outcome),
            arrival_variation: variation_of_gaps(&stays),
            open_loop: config.workload.concurrency == 0 && outcome.requests.users() == 0,
            slots_reached: outcome
                .instances
                .iter()
                .any(|instance| instance.max_batch >= u64::from(calibration.slots)),
            growing: verdict(outcome).kind == VerdictKind::Overloaded,
            balanced: is_balanced(outcome),
            timed_out: outcome.total(|instance| instance.timed_out),
            rejected: outcome.gateway.turned_away() as f64 / (outcome.requests.len().max(1) as f64),
            ..Self::default()
        };
        let filling_s = basic.filling_s(calibration) + calibration.full_residence_s();
        let windowed = basic.with_window(&stays, last - span / 2.0, last, calibration);
        let waiting = windowed.in_system / instances - windowed.running;
        Self {
            saturated: waiting > 1.0 && span / 2.0 >= filling_s,
            last_wait_ms: last_wait_ms(&stays),
            ..windowed.with_samples(outcome)
        }
    }

    /// How long arrivals take to fill the slots of an instance that finishes nothing meanwhile, s.
    pub fn filling_s(&self, calibration: &Calibration) -> f64 {
        calibration.usable_slots() / self.rate_per_instance
    }

    fn with_window(self, stays: &[Stay], from: f64, to: f64, calibration: &Calibration) -> Self {
        let length = to - from;
        if length.is_nan() || length <= 0.0 {
            return self;
        }
        let overlap = |start: f64, end: f64| (end.min(to) - start.max(from)).max(0.0);
        let inside = || stays.iter().filter(|stay| stay.from >= from && stay.from < to);
        let arrived = inside().count() as f64;
        let served = stays.iter().filter(|stay| stay.completed && stay.to >= from && stay.to < to);
        let served = served.count() as f64;
        let in_system = stays.iter().map(|stay| overlap(stay.from, stay.to)).sum::<f64>() / length;
        let running = stays.iter().map(|stay| overlap(stay.scheduled, stay.to)).sum::<f64>();
        let running = running / length / self.instances;
        let time_in_system_s = inside().map(|stay| stay.to - stay.from).sum::<f64>() / arrived.max(1.0);
        let window_rate = arrived / length;
        let expected = window_rate * time_in_system_s;
        Self {
            window_s: length,
            in_system,
            window_rate,
            time_in_system_s,
            running,
            served_per_instance: served / length / self.instances,
            filled: running >= SLOTS_FULL * f64::from(calibration.slots),
            stationary: expected > 0.0 && (in_system - expected).abs() <= LITTLE_GAP * expected,
            ..self
        }
    }

    fn with_samples(self, outcome: &Outcome) -> Self {
        let ttft = outcome.rows().filter_map(|row| outcome.ttft(row)).collect();
        let wait = outcome.rows().filter_map(|row| outcome.scheduling_delay(row)).collect();
        let gaps = WeightedSamples::from_itls(outcome.instances.iter().flat_map(|instance| &instance.itls));
        let kv_peak = outcome.instances.iter().fold(0.0, |peak: f64, instance| {
            peak.max(f64::from(instance.peak_kv_blocks) / f64::from(instance.total_kv_blocks.max(1)))
        });
        let preempted = outcome.total(|instance| instance.preemptions) > 0;
        let hits = outcome.total(|instance| instance.cache_hits) as f64;
        let lookups = hits + outcome.total(|instance| instance.cache_misses) as f64;
        Self {
            itl_ms: gaps.mean_ms(),
            ttft_p99_ms: Samples::from_micros(ttft).percentile_ms(99.0),
            mean_wait_ms: Samples::from_micros(wait).mean_ms(),
            kv_peak,
            preempted,
            kv_bound: preempted || kv_peak >= KV_FULL,
            cache_hits: if lookups > 0.0 { hits / lookups } else { 0.0 },
            ..self
        }
    }
}

/// Requests per second and instance while requests were routed: bursts beside them left out, and shared among the instances
/// that are left when the last one arrives.
fn rate_per_instance(outcome: &Outcome) -> f64 {
    let listed = outcome.rows().filter(|row| !outcome.burst.contains(&row.index()));
    let routed = listed.filter(|&row| outcome.records.instance[row].is_some());
    let (mut count, mut first, mut last) = (0.0, Micros::FOREVER, Micros::ZERO);
    for arrival in routed.map(|row| outcome.requests.arrival[row]) {
        count += 1.0;
        (first, last) = (first.min(arrival), last.max(arrival));
    }
    let stopped = outcome.stops.iter().filter(|stop| stop.at < last).count();
    let left = outcome.instances.len().saturating_sub(stopped).max(1) as f64;
    if last > first { (count - 1.0) / (last.as_secs() - first.as_secs()) / left } else { 0.0 }
}

/// When a routed request was in the system, s.
struct Stay {
    from: f64,
    scheduled: f64,
    to: f64,
    completed: bool,
}

/// The stays of all routed requests; those not over last until the end of the run.
fn stays(outcome: &Outcome) -> Vec<Stay> {
    let end = outcome.duration().as_secs();
    let seconds = |time: Micros| if time.happened() { time.as_secs() } else { end };
    let records = &outcome.records;
    let stay = |row: RequestIndex| {
        let to = seconds(records.ended_at[row]);
        Stay {
            from: outcome.requests.arrival[row].as_secs(),
            scheduled: seconds(records.first_scheduled_at[row]).min(to),
            to,
            completed: outcome.is_completed(row),
        }
    };
    outcome.rows().filter(|&row| records.instance[row].is_some()).map(stay).collect()
}

/// Mean wait of the last hundredth of the arrivals, at least of one.
fn last_wait_ms(stays: &[Stay]) -> f64 {
    let mut by_arrival: Vec<&Stay> = stays.iter().collect();
    by_arrival.sort_unstable_by(|left, right| right.from.total_cmp(&left.from));
    by_arrival.truncate(stays.len().div_ceil(100));
    let waits = by_arrival.iter().map(|stay| 1000.0 * (stay.scheduled - stay.from));
    waits.sum::<f64>() / by_arrival.len().max(1) as f64
}

/// Squared coefficient of variation of the gaps between arrivals; 0 for fewer than two gaps.
fn variation_of_gaps(stays: &[Stay]) -> f64 {
    let mut arrivals: Vec<f64> = stays.iter().map(|stay| stay.from).collect();
    arrivals.sort_unstable_by(f64::total_cmp);
    let gaps: Vec<f64> = arrivals.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
    if gaps.len() < 2 || mean == 0.0 {
        return 0.0;
    }
    let squares: f64 = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum();
    squares / gaps.len() as f64 / (mean * mean)
}

/// Whether no instance got much more than its share; a rounding of one request is allowed.
fn is_balanced(outcome: &Outcome) -> bool {
    let max = outcome.instances.iter().map(|instance| instance.routed).max().unwrap_or(0) as f64;
    let mean = outcome.total(|instance| instance.routed) as f64 / outcome.instances.len().max(1) as f64;
    max <= mean * (1.0 + IMBALANCE) + 1.0
}
