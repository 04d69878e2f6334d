//! What the requests of a trace look like: rates, lengths, sharing.

use super::columns::{Columns, NONE};
use serde::Serialize;

/// Requests in figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Traffic {
    /// Number of requests.
    pub rows: u64,
    /// First arrival, µs.
    pub first_us: i64,
    /// Last arrival, µs.
    pub last_us: i64,
    /// From the first to the last arrival, s.
    pub span_s: f64,
    /// Requests per second: one less than there are, by the span; `null` if they all arrive at one time.
    pub mean_rate: Option<f64>,
    /// Most arrivals in any second that begins with one.
    pub peak_1s: u64,
    /// The same of ten seconds.
    pub peak_10s: u64,
    /// The same of a minute.
    pub peak_60s: u64,
    /// Coefficient of variation of the gaps between arrivals; `null` if there are none.
    pub gap_cv: Option<f64>,
    /// Rows that arrive at the same time as the one before.
    pub equal_times: u64,
    /// Input tokens.
    pub input: Lengths,
    /// Output tokens.
    pub output: Lengths,
    /// Arrivals over time: up to 120 parts of the span, edges in seconds.
    pub arrivals: Bins,
    /// Sharing of prefixes, if there are hash ids or prefix groups.
    pub sharing: Option<Sharing>,
    /// Sessions that are named.
    pub sessions: u64,
    /// Prefix groups that are named.
    pub prefix_groups: u64,
}

/// A distribution of lengths, in tokens; percentiles lie between neighbours linearly.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Lengths {
    /// Smallest.
    pub min: u32,
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Largest.
    pub max: u32,
    /// All together.
    pub sum: u64,
    /// Up to 40 parts of equal ratio.
    pub histogram: Bins,
}

/// A histogram: part i lies from edge i to edge i + 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Bins {
    /// One more than there are parts.
    pub edges: Vec<f64>,
    /// How many lie in each.
    pub counts: Vec<u64>,
}

/// How much a cache without limit on one instance would find (TR-3).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Sharing {
    /// Tokens per hash block; 0 if only prefix groups share.
    pub hash_block: u32,
    /// Different blocks.
    pub blocks: u64,
    /// Rows with hash ids.
    pub rows_with_ids: u64,
    /// Full blocks of all prompts that were there before, in tokens.
    pub hit_tokens: u64,
    /// That as a share of all input tokens.
    pub hit_ratio: f64,
    /// Rows with a hit.
    pub rows_with_hit: u64,
}

/// Most parts of a histogram of lengths.
const LENGTH_BINS: usize = 40;
/// Most parts of the arrivals over time.
const TIME_BINS: usize = 120;

impl Traffic {
    /// Of rows in order of arrival; their times are µs.
    pub(super) fn of(columns: &Columns, tree: Option<(&[u32], u32)>) -> Self {
        let times = &columns.time;
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Self::default() };
        let span = last - first;
        let gaps = times.len() as u64 - 1;
        let peak = |seconds: i64| peak(times, seconds * 1_000_000);
        Self {
            rows: times.len() as u64,
            first_us: first,
            last_us: last,
            span_s: span as f64 / 1e6,
            mean_rate: (span > 0).then(|| gaps as f64 * 1e6 / span as f64),
            peak_1s: peak(1),
            peak_10s: peak(10),
            peak_60s: peak(60),
            gap_cv: gap_cv(times),
            equal_times: times.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64,
            input: Lengths::of(&columns.input),
            output: Lengths::of(&columns.output),
            arrivals: over_time(times, first, span),
            sharing: sharing(columns, tree),
            sessions: different(
                (0..columns.len()).map(|row| columns.session.get(row)),
                columns.session.is_used(),
            ),
            prefix_groups: different(
                (0..columns.len()).map(|row| columns.group.get(row)),
                columns.group.is_used(),
            ),
        }
    }
}

/// How many different labels there are.
fn different(labels: impl Iterator<Item = u32>, any: bool) -> u64 {
    if !any {
        return 0;
    }
    let mut labels: Vec<_> = labels.filter(|&label| label != NONE).collect();
    labels.sort_unstable();
    labels.dedup();
    labels.len() as u64
}

/// Most arrivals in a half-open window that begins with one.
fn peak(times: &[i64], window: i64) -> u64 {
    let (mut most, mut end) = (0, 0);
    for (start, &time) in times.iter().enumerate() {
        while end < times.len() && times[end] - time < window {
            end += 1;
        }
        most = most.max(end - start);
    }
    most as u64
}

fn gap_cv(times: &[i64]) -> Option<f64> {
    let gaps = || times.windows(2).map(|pair| (pair[1] - pair[0]) as f64);
    let number = times.len().checked_sub(1).filter(|&number| number > 0)? as f64;
    let mean = gaps().sum::<f64>() / number;
    if mean <= 0.0 {
        return None;
    }
    let variance = gaps().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / number;
    Some(variance.sqrt() / mean)
}

fn over_time(times: &[i64], first: i64, span: i64) -> Bins {
    // Whole microseconds per part, so that the last arrival lies inside.
    let parts = TIME_BINS.min(times.len().max(1)) as i64;
    let width = span / parts + 1;
    let parts = span / width + 1;
    let mut counts = vec![0; parts as usize];
    for &time in times {
        counts[((time - first) / width) as usize] += 1;
    }
    let edges = (0..=parts).map(|part| (first + part * width) as f64 / 1e6).collect();
    Bins { edges, counts }
}

impl Lengths {
    fn of(lengths: &[u32]) -> Self {
        let mut sorted = lengths.to_vec();
        sorted.sort_unstable();
        let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else { return Self::default() };
        let sum: u64 = sorted.iter().map(|&length| u64::from(length)).sum();
        let percentile = |p: u64| {
            // The place of the percentile in hundredths of a row, exactly.
            let place = (sorted.len() as u64 - 1) * p;
            let (low, part) = ((place / 100) as usize, (place % 100) as f64 / 100.0);
            let (low_value, high) =
                (f64::from(sorted[low]), f64::from(sorted[(low + 1).min(sorted.len() - 1)]));
            low_value + (high - low_value) * part
        };
        Self {
            min,
            mean: sum as f64 / sorted.len() as f64,
            p50: percentile(50),
            p90: percentile(90),
            p99: percentile(99),
            max,
            sum,
            histogram: by_ratio(&sorted, min, max),
        }
    }
}

/// Parts of equal ratio from the smallest to the largest, with whole edges.
fn by_ratio(sorted: &[u32], min: u32, max: u32) -> Bins {
    let (low, high) = (f64::from(min.max(1)), f64::from(max) + 1.0);
    let ratio = libm::exp(libm::log(high / low) / LENGTH_BINS as f64);
    let mut edges = vec![f64::from(min)];
    let mut exact = low;
    for _ in 1..LENGTH_BINS {
        exact *= ratio;
        let edge = exact.ceil();
        if edge > edges[edges.len() - 1] && edge < high {
            edges.push(edge);
        }
    }
    edges.push(high);
    let mut counts = vec![0; edges.len() - 1];
    let mut part = 0;
    for &length in sorted {
        while f64::from(length) >= edges[part + 1] {
            part += 1;
        }
        counts[part] += 1;
    }
    Bins { edges, counts }
}

/// What a cache without limit would find: in order of arrival, a row's blocks enter after it.
fn sharing(columns: &Columns, tree: Option<(&[u32], u32)>) -> Option<Sharing> {
    let has_ids = tree.is_some() && columns.leaf.is_used();
    if !has_ids && !columns.group.is_used() {
        return None;
    }
    let (parent, block) = tree.filter(|_| has_ids).unwrap_or((&[], 0));
    let mut sharing = Sharing { hash_block: block, ..Sharing::default() };
    // Whether a node was there as a full block, and whether it was there at all.
    let mut seen = vec![0u8; parent.len()];
    let groups = (0..columns.len()).map(|row| columns.group.get(row)).filter(|&group| group != NONE).max();
    let mut longest = vec![0u32; groups.map_or(0, |group| group as usize + 1)];
    for row in 0..columns.len() {
        let leaf = columns.leaf.get(row);
        let mut hit = 0;
        if has_ids && leaf != NONE {
            sharing.rows_with_ids += 1;
            hit = u64::from(walk(parent, block, columns.input[row], leaf, &mut seen, &mut sharing.blocks));
        } else if columns.group.get(row) != NONE {
            let known = &mut longest[columns.group.get(row) as usize];
            hit = u64::from(columns.prefix.get(row).min(*known));
            *known = (*known).max(columns.prefix.get(row));
        }
        sharing.hit_tokens += hit;
        sharing.rows_with_hit += u64::from(hit > 0);
    }
    let all: u64 = columns.input.iter().map(|&input| u64::from(input)).sum();
    sharing.hit_ratio = if all == 0 { 0.0 } else { sharing.hit_tokens as f64 / all as f64 };
    Some(sharing)
}

/// Tokens of a prompt that were there before, in full blocks; its own are there from now on.
fn walk(parent: &[u32], block: u32, input: u32, leaf: u32, seen: &mut [u8], blocks: &mut u64) -> u32 {
    const THERE: u8 = 1;
    const FULL: u8 = 2;
    let mut left = input / block;
    let mut node = leaf;
    if !input.is_multiple_of(block) {
        *blocks += u64::from(seen[leaf as usize] == 0);
        seen[leaf as usize] |= THERE;
        node = parent[leaf as usize];
    }
    // Above a full block all are full.
    while node != NONE && seen[node as usize] & FULL == 0 {
        *blocks += u64::from(seen[node as usize] == 0);
        seen[node as usize] |= THERE | FULL;
        node = parent[node as usize];
        left -= 1;
    }
    left * block
}
