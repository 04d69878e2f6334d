//! Columns for charts, thinned to what can be drawn.

use super::Outcome;
use super::statistics::Samples;
use serde::Serialize;

/// How often values fell between the edges; the last bin includes its upper edge.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Histogram {
    /// Edges in ms, one more than bins; empty without samples.
    pub edges_ms: Vec<f64>,
    /// Samples per bin.
    pub counts: Vec<u32>,
}

/// Points of a cumulative distribution, ascending.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CumulativeDistribution {
    /// Sample in ms.
    pub value_ms: Vec<f64>,
    /// Share of the samples up to and including this one, in (0, 1].
    pub share: Vec<f64>,
}

/// Regret over time; a point stands for one decision or for several successive ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
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

/// Time to first token in so many equally wide bins (at least 1) from the smallest to the largest sample.
pub fn ttft_histogram(outcome: &Outcome, bins: usize) -> Histogram {
    let samples = ttft_samples(outcome);
    let (Some(&smallest), Some(&largest)) = (samples.ascending().first(), samples.ascending().last()) else {
        return Histogram::default();
    };
    let bins = bins.max(1);
    // Equal samples get bins of 1 µs rather than of no width.
    let width = if largest > smallest { (largest - smallest) / bins as f64 } else { 1.0 };
    let mut counts = vec![0; bins];
    for &sample in samples.ascending() {
        counts[(((sample - smallest) / width) as usize).min(bins - 1)] += 1;
    }
    let edges_ms = (0..=bins).map(|edge| (smallest + width * edge as f64) / 1000.0).collect();
    Histogram { edges_ms, counts }
}

/// The distribution of time to first token in at most so many points (at least 2), both ends included.
pub fn ttft_cdf(outcome: &Outcome, max_points: usize) -> CumulativeDistribution {
    let samples = ttft_samples(outcome);
    let ascending = samples.ascending();
    let points = ascending.len().min(max_points.max(2));
    let mut distribution = CumulativeDistribution::default();
    for point in 0..points {
        // Ranks are spread evenly from the first to the last sample.
        let rank = if points == 1 { 0 } else { point * (ascending.len() - 1) / (points - 1) };
        distribution.value_ms.push(ascending[rank] / 1000.0);
        distribution.share.push((rank + 1) as f64 / ascending.len() as f64);
    }
    distribution
}

/// Regret in decision order, in at most so many points (at least 1); empty if regret was off.
pub fn regret_series(outcome: &Outcome, max_points: usize) -> RegretSeries {
    let records = &outcome.records;
    let decisions = outcome.gateway.routing_order.iter().map(|&row| row as usize);
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
    use super::super::testing::{Row, outcome};
    use super::*;

    fn run(ttfts: impl IntoIterator<Item = i64>) -> Outcome {
        let rows: Vec<Row> = ttfts.into_iter().map(|ttft| Row::completed(0, ttft, &[])).collect();
        outcome(1, &rows)
    }

    #[test]
    fn histogram_bins_are_equally_wide_and_hold_every_sample() {
        let histogram = ttft_histogram(&run([1000, 1500, 2000, 2999, 3000, 5000]), 4);
        assert_eq!(histogram.edges_ms, [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(histogram.counts, [2, 2, 1, 1]);
    }

    #[test]
    fn equal_samples_fall_into_the_first_bin() {
        let histogram = ttft_histogram(&run([1000, 1000]), 2);
        assert_eq!((histogram.edges_ms, histogram.counts), (vec![1.0, 1.001, 1.002], vec![2, 0]));
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
        assert_eq!(distribution.value_ms, [1.0, 2.0, 2.0, 3.0]);
        assert_eq!(distribution.share, [0.25, 0.5, 0.75, 1.0]);
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
        let rows: Vec<Row> = regrets
            .iter()
            .enumerate()
            .map(|(number, &regret)| Row { regret, ..Row::completed(number as i64 * 1_000_000, 10, &[]) })
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
        let rows = [0, 2, 2].map(|instance| Row { instance, ..Row::completed(0, 10, &[]) });
        assert_eq!(requests_per_instance(&outcome(3, &rows)), [1, 0, 2]);
    }
}
