//! Latencies per SLO class (metrics chapter, M-6, Per-SLO Metrics).

use super::Outcome;
use super::samples::class_label;
use super::statistics::{OrderedSamples, Samples};
use crate::order;
use crate::text::visible;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// A list of samples in figures; µs, percentiles in text form, all 0 without samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Statistics {
    /// Number of samples.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
}

impl From<&Samples> for Statistics {
    fn from(samples: &Samples) -> Self {
        Self {
            count: samples.count(),
            mean: samples.mean_us(),
            p50: samples.percentile_us(50.0),
            p95: samples.percentile_us(95.0),
            p99: samples.percentile_us(99.0),
            min: samples.percentile_us(0.0),
            max: samples.percentile_us(100.0),
        }
    }
}

/// The latencies of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ClassStatistics {
    /// Time to first token, unfinished requests included.
    pub ttft_us: Statistics,
    /// Mean inter-token latency per completed request.
    pub itl_us: Statistics,
    /// Arrival to last token of completed requests.
    pub e2e_us: Statistics,
}

/// The classes that have samples, by name; unlabelled requests are `default`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct PerClassStatistics(pub BTreeMap<String, ClassStatistics>);

/// The samples of one class, in row order.
#[derive(Default)]
struct ClassSamples {
    ttft: Vec<i64>,
    itl: Vec<f64>,
    e2e: Vec<i64>,
}

impl ClassSamples {
    fn statistics(self) -> Option<ClassStatistics> {
        if self.ttft.is_empty() && self.e2e.is_empty() {
            return None;
        }
        Some(ClassStatistics {
            ttft_us: Statistics::from(&Samples::from_micros(self.ttft)),
            itl_us: Statistics::from(&Samples::from_values(self.itl)),
            e2e_us: Statistics::from(&Samples::from_micros(self.e2e)),
        })
    }
}

/// Latencies per SLO class.
pub fn class_statistics(outcome: &Outcome) -> PerClassStatistics {
    let names = &outcome.requests.classes;
    let mut labels: Vec<&str> = names.iter().map(|name| class_label(name)).collect();
    order::sort_by(&mut labels, Ord::cmp);
    labels.dedup();
    // Unlabelled requests and those of a class named `default` share a place.
    let places: Vec<usize> =
        names.iter().map(|name| labels.partition_point(|label| *label < class_label(name))).collect();
    let mut samples: Vec<ClassSamples> = labels.iter().map(|_| ClassSamples::default()).collect();
    for row in outcome.rows() {
        let class = &mut samples[places[usize::from(outcome.requests.class[row])]];
        class.ttft.extend(outcome.ttft(row));
        class.itl.extend(outcome.mean_itl(row));
        class.e2e.extend(outcome.e2e(row));
    }
    let figures = labels.into_iter().zip(samples);
    PerClassStatistics(order::map_of(
        figures.filter_map(|(label, samples)| Some((label.to_owned(), samples.statistics()?))),
    ))
}

impl fmt::Display for PerClassStatistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== Per-SLO Metrics ===")?;
        for (class, statistics) in &self.0 {
            writeln!(f, "  {}:", visible(class))?;
            let lines = [
                ("TTFT: ", statistics.ttft_us),
                ("ITL:  ", statistics.itl_us),
                ("E2E:  ", statistics.e2e_us),
            ];
            for (name, Statistics { count, mean, p99, .. }) in lines {
                writeln!(f, "    {name}mean={mean:.2} p99={p99:.2} (n={count})")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::record::RequestState;

    #[test]
    fn unlabelled_requests_are_the_class_default() {
        let rows = [
            RowBuilder::completed(0, 10, &[]),
            RowBuilder { class: "default", ..RowBuilder::completed(0, 30, &[]) },
        ];
        let PerClassStatistics(classes) = class_statistics(&outcome(1, &rows));
        assert_eq!(classes.len(), 1);
        assert_eq!((classes["default"].ttft_us.count, classes["default"].ttft_us.mean), (2, 20.0));
    }

    #[test]
    fn a_class_without_samples_does_not_appear() {
        let rows =
            [RowBuilder { class: "batch", ..RowBuilder::queued(0, 0) }, RowBuilder::completed(0, 10, &[])];
        let PerClassStatistics(classes) = class_statistics(&outcome(1, &rows));
        assert_eq!(classes.keys().collect::<Vec<_>>(), ["default"]);
    }

    #[test]
    fn first_tokens_of_unfinished_requests_count_but_their_e2e_does_not() {
        let row = RowBuilder { state: RequestState::TimedOut, ..RowBuilder::completed(0, 10, &[5]) };
        let PerClassStatistics(classes) = class_statistics(&outcome(1, &[row]));
        let ClassStatistics { ttft_us, itl_us, e2e_us } = classes["default"];
        assert_eq!((ttft_us.count, itl_us, e2e_us), (1, Statistics::default(), Statistics::default()));
    }
}
