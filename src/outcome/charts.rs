//! Columns for charts, thinned to what can be drawn.

use super::Outcome;
use super::statistics::{OrderedSamples, Samples};
use serde::Serialize;

/// Equal samples are drawn as one bar that reaches this far to both sides, as a share of their value.
const EQUAL_SAMPLES: f64 = 0.05;

/// How often values fell between the edges; the last bin includes its upper edge.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Histogram {
    /// Edges in ms, one more than bins; empty without samples.
    pub edges_ms: Vec<f64>,
    /// Samples per bin.
    pub counts: Vec<u64>,
    /// Samples of 0, which have no place on a logarithmic scale; always 0 for even steps.
    pub left_out: u64,
}

/// How the edges of a histogram lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// In even steps.
    Linear,
    /// In even ratios.
    Logarithmic,
}

/// Points of a cumulative distribution, ascending.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct CumulativeDistribution {
    /// Sample in ms.
    pub value_ms: Vec<f64>,
    /// Share of the samples up to and including this one, in (0, 1].
    pub share: Vec<f64>,
}

/// Regret over time; a point stands for one decision or for several successive ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct RegretSeries {
    /// Time of the first of the decisions, s.
    pub time_s: Vec<f64>,
    /// Smallest regret of the decisions.
    pub min: Vec<f64>,
    /// Mean regret of the decisions.
    pub mean: Vec<f64>,
    /// Largest regret of the decisions.
    pub max: Vec<f64>,
}

fn ttft_samples(outcome: &Outcome) -> Samples {
    Samples::from_micros(outcome.rows().filter_map(|row| outcome.ttft(row)).collect())
}

/// Time to first token in `bins` equally wide bins (at least 1) from the smallest to the largest sample.
pub fn ttft_histogram(outcome: &Outcome, bins: usize) -> Histogram {
    histogram(&ttft_samples(outcome), bins, Spacing::Linear)
}

/// The distribution of time to first token in at most `max_points` points (at least 2), both ends included.
pub fn ttft_cdf(outcome: &Outcome, max_points: usize) -> CumulativeDistribution {
    cumulative(&ttft_samples(outcome), max_points)
}

/// The samples in `bins` bins (at least 1) from the smallest to the largest; equal samples have a single bin around
/// them.
pub fn histogram(samples: &impl OrderedSamples, bins: usize, spacing: Spacing) -> Histogram {
    let fits = |value: f64| spacing == Spacing::Linear || value > 0.0;
    let left_out = samples.each().filter(|&(value, _)| !fits(value)).map(|(_, weight)| weight).sum();
    let Some(smallest) = samples.each().map(|(value, _)| value).find(|&value| fits(value)) else {
        return Histogram { left_out, ..Histogram::default() };
    };
    let edges = edges(smallest, samples.at(samples.count() - 1), bins.max(1), spacing);
    let last = edges.len() - 2;
    let mut counts = vec![0; last + 1];
    let mut bin = 0;
    for (value, weight) in samples.each().filter(|&(value, _)| fits(value)) {
        while bin < last && value >= edges[bin + 1] {
            bin += 1;
        }
        counts[bin] += weight;
    }
    Histogram { edges_ms: edges.into_iter().map(|edge| edge / 1000.0).collect(), counts, left_out }
}

/// One edge more than bins, in µs.
fn edges(smallest: f64, largest: f64, bins: usize, spacing: Spacing) -> Vec<f64> {
    if largest <= smallest {
        let around = smallest * EQUAL_SAMPLES;
        return vec![smallest - around, smallest + around.max(1.0)];
    }
    let between = |edge: usize| {
        let way = edge as f64 / bins as f64;
        match spacing {
            Spacing::Linear => smallest + (largest - smallest) * way,
            Spacing::Logarithmic => smallest * libm::exp(libm::log(largest / smallest) * way),
        }
    };
    // The ends are exact whatever the logarithm rounds.
    (0..=bins)
        .map(|edge| {
            if edge == 0 {
                smallest
            } else if edge == bins {
                largest
            } else {
                between(edge)
            }
        })
        .collect()
}

/// The cumulative distribution in at most `max_points` points (at least 2), both ends included. Equal samples share a
/// point.
pub fn cumulative(samples: &impl OrderedSamples, max_points: usize) -> CumulativeDistribution {
    let mut distribution = CumulativeDistribution::default();
    for value in spread(samples, max_points) {
        distribution.value_ms.push(value / 1000.0);
        distribution.share.push(samples.up_to(value) as f64 / samples.count() as f64);
    }
    distribution
}

/// Distinct values in µs at ranks that are spread evenly from the first sample to the last.
pub(super) fn spread(samples: &impl OrderedSamples, max_points: usize) -> Vec<f64> {
    let count = samples.count();
    let points = count.min(max_points.max(2) as u64);
    let rank = |point: u64| if points == 1 { 0 } else { point * (count - 1) / (points - 1) };
    let mut values: Vec<f64> = (0..points).map(|point| samples.at(rank(point))).collect();
    values.dedup();
    values
}

/// Regret in decision order, in at most `max_points` points (at least 1); empty if regret was off.
pub fn regret_series(outcome: &Outcome, max_points: usize) -> RegretSeries {
    let records = &outcome.records;
    let decisions = outcome.gateway.routing_order.iter().copied();
    let scored: Vec<(f64, f64)> = decisions
        .filter(|&row| !records.regret[row].is_nan())
        .map(|row| (records.routed_at[row].as_secs(), records.regret[row]))
        .collect();
    let per_point = scored.len().div_ceil(max_points.max(1)).max(1);
    let mut series = RegretSeries::default();
    for group in scored.chunks(per_point) {
        let regrets = || group.iter().map(|(_, regret)| *regret);
        series.time_s.push(group[0].0);
        series.min.push(regrets().fold(f64::INFINITY, f64::min));
        series.mean.push(regrets().sum::<f64>() / group.len() as f64);
        series.max.push(regrets().fold(f64::NEG_INFINITY, f64::max));
    }
    series
}

/// Requests routed to each instance.
pub fn requests_per_instance(outcome: &Outcome) -> Vec<u32> {
    outcome.instances.iter().map(|instance| instance.routed as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    fn run(ttfts: impl IntoIterator<Item = i64>) -> Outcome {
        let rows: Vec<RowBuilder> =
            ttfts.into_iter().map(|ttft| RowBuilder::completed(0, ttft, &[])).collect();
        outcome(1, &rows)
    }

    #[test]
    fn histogram_bins_are_equally_wide_and_hold_every_sample() {
        let histogram = ttft_histogram(&run([1000, 1500, 2000, 2999, 3000, 5000]), 4);
        assert_eq!(histogram.edges_ms, [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(histogram.counts, [2, 2, 1, 1]);
    }

    #[test]
    fn equal_samples_have_one_bin_around_them() {
        let histogram = ttft_histogram(&run([1000, 1000]), 2);
        assert_eq!((histogram.edges_ms, histogram.counts), (vec![0.95, 1.05], vec![2]));
        let histogram = ttft_histogram(&run([0]), 2);
        assert_eq!((histogram.edges_ms, histogram.counts), (vec![0.0, 0.001], vec![1]));
    }

    #[test]
    fn logarithmic_bins_have_even_ratios_and_no_place_for_zeros() {
        // 1, 10, 100 and 1,000 ms in three bins: edges at the powers of ten, the last value in the last bin.
        let samples = Samples::from_micros(vec![0, 0, 1000, 9000, 20_000, 500_000, 1_000_000]);
        let Histogram { edges_ms, counts, left_out } = histogram(&samples, 3, Spacing::Logarithmic);
        for (edge, expected) in edges_ms.iter().zip([1.0, 10.0, 100.0, 1000.0]) {
            assert!((edge - expected).abs() < 1e-9 * expected, "{edge} {expected}");
        }
        assert_eq!((counts, left_out), (vec![2, 1, 2], 2));
        let zeros = histogram(&Samples::from_micros(vec![0]), 3, Spacing::Logarithmic);
        assert_eq!(zeros, Histogram { left_out: 1, ..Histogram::default() });
    }

    #[test]
    fn no_samples_draw_nothing() {
        assert_eq!(ttft_histogram(&run([]), 10), Histogram::default());
        assert_eq!(ttft_cdf(&run([]), 10), CumulativeDistribution::default());
        assert_eq!(regret_series(&run([]), 10), RegretSeries::default());
    }

    #[test]
    fn a_short_distribution_shows_every_sample() {
        let distribution = ttft_cdf(&run([3000, 1000, 2000, 2000]), 100);
        assert_eq!(distribution.value_ms, [1.0, 2.0, 3.0]);
        assert_eq!(distribution.share, [0.25, 0.75, 1.0]);
    }

    #[test]
    fn a_long_distribution_keeps_both_ends() {
        let distribution = ttft_cdf(&run((1..=1001).map(|ttft| ttft * 1000)), 11);
        assert_eq!(
            distribution.value_ms,
            [1.0, 101.0, 201.0, 301.0, 401.0, 501.0, 601.0, 701.0, 801.0, 901.0, 1001.0]
        );
        assert_eq!(distribution.share.last(), Some(&1.0));
        assert_eq!(ttft_cdf(&run([1000]), 11).value_ms, [1.0]);
    }

    fn regretful(regrets: &[f64]) -> Outcome {
        let rows: Vec<RowBuilder> = regrets
            .iter()
            .enumerate()
            .map(|(number, &regret)| RowBuilder {
                regret,
                ..RowBuilder::completed(number as i64 * 1_000_000, 10, &[])
            })
            .collect();
        outcome(1, &rows)
    }

    #[test]
    fn few_decisions_are_drawn_one_by_one() {
        let series = regret_series(&regretful(&[0.0, 3.0]), 10);
        assert_eq!((series.time_s, series.mean), (vec![0.0, 1.0], vec![0.0, 3.0]));
    }

    #[test]
    fn many_decisions_are_drawn_as_smallest_mean_and_largest() {
        let series = regret_series(&regretful(&[0.0, 3.0, 1.0, 1.0, 5.0]), 3);
        assert_eq!(series.time_s, [0.0, 2.0, 4.0]);
        assert_eq!(series.min, [0.0, 1.0, 5.0]);
        assert_eq!(series.mean, [1.5, 1.0, 5.0]);
        assert_eq!(series.max, [3.0, 1.0, 5.0]);
    }

    #[test]
    fn without_regret_there_is_no_series() {
        assert_eq!(regret_series(&regretful(&[f64::NAN]), 3), RegretSeries::default());
    }

    #[test]
    fn requests_are_counted_where_they_were_routed() {
        let rows = [0, 2, 2].map(|instance| RowBuilder { instance, ..RowBuilder::completed(0, 10, &[]) });
        assert_eq!(requests_per_instance(&outcome(3, &rows)), [1, 0, 2]);
    }
}
