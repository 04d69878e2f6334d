//! How a latency is distributed: percentiles, cumulative curve and histograms of one and the same samples.

use super::Outcome;
use super::charts::{CumulativeDistribution, Histogram, Spacing, cumulative, histogram};
use super::statistics::{OrderedSamples, Samples, WeightedSamples};
use super::summary::LatencySummary;
use crate::units::RequestIndex;
use serde::{Deserialize, Serialize};

/// The latencies that have a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Latency {
    /// Time to first token, unfinished requests included.
    Ttft,
    /// Gaps between tokens of completed requests, one sample per gap.
    Itl,
    /// The mean gap of each completed request, which goodput is about.
    RequestItl,
    /// Arrival to last token of completed requests.
    E2e,
}

/// A latency in percentiles and as curves, all of the same samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Distribution {
    /// Count, mean and percentiles: for TTFT, ITL and E2E those of the headline figures.
    pub summary: LatencySummary,
    /// Share of the samples up to a value.
    pub cumulative: CumulativeDistribution,
    /// Bins in even steps.
    pub linear: Histogram,
    /// Bins in even ratios.
    pub log: Histogram,
}

/// The distribution of a latency in `bins` bins and at most `points` points of the curve.
pub fn distribution(outcome: &Outcome, latency: Latency, bins: usize, points: usize) -> Distribution {
    let micros = |sample: fn(&Outcome, RequestIndex) -> Option<i64>| {
        Samples::from_micros(outcome.rows().filter_map(|row| sample(outcome, row)).collect())
    };
    match latency {
        Latency::Ttft => of(&micros(Outcome::ttft), bins, points),
        Latency::E2e => of(&micros(Outcome::e2e), bins, points),
        Latency::RequestItl => {
            let means = outcome.rows().filter_map(|row| outcome.mean_itl(row)).collect();
            of(&Samples::from_values(means), bins, points)
        }
        Latency::Itl => {
            let gaps = outcome.instances.iter().flat_map(|instance| &instance.itls);
            of(&WeightedSamples::from_itls(gaps), bins, points)
        }
    }
}

fn of(samples: &impl OrderedSamples, bins: usize, points: usize) -> Distribution {
    Distribution {
        summary: LatencySummary::of(samples),
        cumulative: cumulative(samples, points),
        linear: histogram(samples, bins, Spacing::Linear),
        log: histogram(samples, bins, Spacing::Logarithmic),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    #[test]
    fn each_latency_has_the_samples_that_its_name_says() {
        let rows = [
            RowBuilder::completed(0, 1000, &[10_000, 30_000]),
            RowBuilder::completed(0, 3000, &[20_000]),
            RowBuilder::queued(0, 5),
        ];
        let of = |latency| distribution(&outcome(1, &rows), latency, 10, 10).summary;
        let (ttft, itl) = (of(Latency::Ttft), of(Latency::Itl));
        assert_eq!((ttft.count, ttft.p50_ms), (2, 2.0));
        // Gaps of 10, 20 and 30 ms; as means of the requests 20 and 20.
        assert_eq!((itl.count, itl.p50_ms, itl.p99_ms), (3, 20.0, 29.8));
        let (means, e2e) = (of(Latency::RequestItl), of(Latency::E2e));
        assert_eq!((means.count, means.p50_ms, means.p99_ms), (2, 20.0, 20.0));
        assert_eq!((e2e.count, e2e.mean_ms), (2, 32.0));
    }

    #[test]
    fn a_run_without_samples_has_an_empty_distribution() {
        for latency in [Latency::Ttft, Latency::Itl, Latency::RequestItl, Latency::E2e] {
            assert_eq!(distribution(&outcome(1, &[]), latency, 10, 10), Distribution::default());
        }
    }
}
