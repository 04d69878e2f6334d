//! Mean and percentiles, bit for bit in the written order of operations (metrics chapter, M-3).

use super::radix;
use crate::record::{self, WeightedItl};

/// Samples that can be read in ascending order; the unit is µs.
///
/// The JSON form of a figure is in ms and the text form in µs; they differ only in the last bits.
pub trait OrderedSamples {
    /// Number of samples.
    fn count(&self) -> u64;

    /// The sample with this number, from 0, in ascending order; the number must be below the count.
    fn at(&self, index: u64) -> f64;

    /// The sum, added in ascending order.
    fn sum(&self) -> f64;

    /// The values in ascending order, each with the number of samples that it stands for.
    fn each(&self) -> impl Iterator<Item = (f64, u64)>;

    /// Number of samples up to and including a value in µs.
    fn up_to(&self, value: f64) -> u64;

    /// Mean in µs; 0 without samples.
    fn mean_us(&self) -> f64 {
        if self.count() == 0 { 0.0 } else { self.sum() / self.count() as f64 }
    }

    /// Mean in ms; 0 without samples.
    fn mean_ms(&self) -> f64 {
        self.mean_us() / 1000.0
    }

    /// Percentile in ms, JSON form; `percent` is in [0, 100]; 0 without samples.
    fn percentile_ms(&self, percent: f64) -> f64 {
        match self.neighbours(percent) {
            None => 0.0,
            Some((low, high, _)) if low == high => self.at(low) / 1000.0,
            Some((low, high, rank)) => {
                let (below, above) = (self.at(low), self.at(high));
                below / 1000.0 + (above - below) * (rank - low as f64) / 1000.0
            }
        }
    }

    /// Percentile in µs, text form; `percent` is in [0, 100]; 0 without samples.
    fn percentile_us(&self, percent: f64) -> f64 {
        match self.neighbours(percent) {
            None => 0.0,
            Some((low, high, _)) if low == high => self.at(low),
            Some((low, high, rank)) => {
                let (below, above) = (self.at(low), self.at(high));
                below + (rank - low as f64) * (above - below)
            }
        }
    }

    /// The numbers of the samples on both sides of a percentile's rank, and the rank.
    fn neighbours(&self, percent: f64) -> Option<(u64, u64, f64)> {
        let last = self.count().checked_sub(1)?;
        let rank = (percent / 100.0) * last as f64;
        let low = (rank as u64).min(last);
        let high = if low as f64 == rank { low } else { (low + 1).min(last) };
        Some((low, high, rank))
    }
}

/// A sorted list of samples in µs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    ascending: Vec<f64>,
}

impl Samples {
    /// From whole µs in any order.
    pub fn from_micros(values: Vec<i64>) -> Self {
        Self { ascending: radix::ascending(values).into_iter().map(|value| value as f64).collect() }
    }

    /// From µs with fractions, in any order.
    pub fn from_values(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        Self { ascending: values }
    }

    /// The samples in ascending order.
    pub fn ascending(&self) -> &[f64] {
        &self.ascending
    }
}

impl OrderedSamples for Samples {
    fn count(&self) -> u64 {
        self.ascending.len() as u64
    }

    fn at(&self, index: u64) -> f64 {
        self.ascending[index as usize]
    }

    fn sum(&self) -> f64 {
        self.ascending.iter().sum()
    }

    fn each(&self) -> impl Iterator<Item = (f64, u64)> {
        self.ascending.iter().map(|&value| (value, 1))
    }

    fn up_to(&self, value: f64) -> u64 {
        self.ascending.partition_point(|&sample| sample <= value) as u64
    }
}

/// Inter-token gaps of many tokens: distinct values in ascending order, each with its number of tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightedSamples {
    distinct: Vec<WeightedItl>,
    /// Tokens up to and including each distinct value.
    cumulative: Vec<u64>,
}

impl WeightedSamples {
    /// Merges gaps in any order; nothing is expanded per token.
    pub fn from_itls<'a>(gaps: impl Iterator<Item = &'a WeightedItl> + Clone) -> Self {
        let distinct = record::merged(gaps);
        let cumulative = distinct
            .iter()
            .scan(0, |tokens, gap| {
                *tokens += gap.weight;
                Some(*tokens)
            })
            .collect();
        Self { distinct, cumulative }
    }

    /// The distinct values in ascending order.
    pub fn distinct(&self) -> &[WeightedItl] {
        &self.distinct
    }
}

impl OrderedSamples for WeightedSamples {
    fn count(&self) -> u64 {
        self.cumulative.last().copied().unwrap_or(0)
    }

    fn at(&self, index: u64) -> f64 {
        self.distinct[self.cumulative.partition_point(|&tokens| tokens <= index)].gap as f64
    }

    /// Integers add exactly in any order below 2^53 µs (285 years of token time); the one rounding is here.
    fn sum(&self) -> f64 {
        let total: i128 = self.distinct.iter().map(|gap| i128::from(gap.gap) * i128::from(gap.weight)).sum();
        total as f64
    }

    fn each(&self) -> impl Iterator<Item = (f64, u64)> {
        self.distinct.iter().map(|gap| (gap.gap as f64, gap.weight))
    }

    fn up_to(&self, value: f64) -> u64 {
        let distinct = self.distinct.partition_point(|gap| gap.gap as f64 <= value);
        distinct.checked_sub(1).map_or(0, |last| self.cumulative[last])
    }
}

// proptest does not run in a browser; the figures there are checked by their digests.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEN: [i64; 10] = [1200, 1500, 1900, 2300, 2800, 3500, 4100, 5200, 7400, 12000];

    #[test]
    fn metrics_3_worked_example_in_json_form() {
        let samples = Samples::from_micros(TEN.to_vec());
        assert_eq!(samples.mean_ms(), 4.19);
        assert_eq!(samples.percentile_ms(50.0), 3.15);
        assert_eq!(samples.percentile_ms(90.0), 7.859_999_999_999_998_5);
        assert_eq!(samples.percentile_ms(95.0), 9.929_999_999_999_996);
        assert_eq!(samples.percentile_ms(99.0), 11.586_000_000_000_002);
    }

    #[test]
    fn metrics_3_worked_example_in_text_form() {
        let samples = Samples::from_micros(TEN.into_iter().rev().collect());
        assert_eq!(samples.mean_us(), 4190.0);
        assert_eq!(samples.percentile_us(50.0), 3150.0);
        assert_eq!(samples.percentile_us(95.0), 9_929.999_999_999_995);
        assert_eq!(samples.percentile_us(99.0), 11586.0);
    }

    #[test]
    fn one_sample_is_every_percentile() {
        let samples = Samples::from_micros(vec![5000]);
        assert_eq!(samples.mean_ms(), 5.0);
        for percent in [0.0, 50.0, 90.0, 95.0, 99.0, 100.0] {
            assert_eq!((samples.percentile_ms(percent), samples.percentile_us(percent)), (5.0, 5000.0));
        }
    }

    #[test]
    fn two_and_three_even_samples_have_the_same_percentiles() {
        for list in [vec![1000, 3000], vec![1000, 2000, 3000]] {
            let samples = Samples::from_micros(list);
            let figures = [
                samples.mean_ms(),
                samples.percentile_ms(90.0),
                samples.percentile_ms(95.0),
                samples.percentile_ms(99.0),
            ];
            assert_eq!(figures, [2.0, 2.8, 2.9, 2.98]);
        }
    }

    #[test]
    fn no_sample_gives_zero() {
        let (list, gaps) = (Samples::default(), WeightedSamples::default());
        assert_eq!([list.mean_ms(), list.percentile_ms(99.0), list.percentile_us(99.0)], [0.0; 3]);
        assert_eq!([gaps.mean_ms(), gaps.percentile_ms(99.0)], [0.0; 2]);
    }

    proptest! {
        #[test]
        fn weighted_gaps_equal_the_expanded_list(
            gaps in proptest::collection::vec((0i64..60, 0u64..5), 1..60),
            factor in prop_oneof![Just(1i64), Just(1_000_003)],
        ) {
            let gaps: Vec<WeightedItl> =
                gaps.into_iter().map(|(gap, weight)| WeightedItl { gap: gap * factor, weight }).collect();
            let expanded: Vec<i64> =
                gaps.iter().flat_map(|gap| std::iter::repeat_n(gap.gap, gap.weight as usize)).collect();
            let (weighted, list) = (WeightedSamples::from_itls(gaps.iter()), Samples::from_micros(expanded));
            prop_assert_eq!(weighted.count(), list.count());
            prop_assert_eq!(weighted.mean_ms(), list.mean_ms());
            for percent in [0.0, 50.0, 90.0, 95.0, 99.0, 100.0] {
                prop_assert_eq!(weighted.percentile_ms(percent), list.percentile_ms(percent));
                prop_assert_eq!(weighted.percentile_us(percent), list.percentile_us(percent));
            }
            for value in [-1.0, 0.0, 17.5, 59.0, 1e12] {
                prop_assert_eq!(weighted.up_to(value), list.up_to(value));
            }
            prop_assert_eq!(weighted.each().map(|(_, weight)| weight).sum::<u64>(), list.count());
            prop_assert!(weighted.distinct().is_sorted_by(|a, b| a.gap < b.gap));
        }

        /// The definition: between the two sorted samples around rank `percent / 100 (n - 1)`, in proportion.
        #[test]
        fn percentiles_are_those_of_the_sorted_list(
            values in proptest::collection::vec(prop_oneof![0i64..1000, 0i64..1_000_000_000], 1..300),
            percent in 0.0f64..=100.0,
        ) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let rank = percent / 100.0 * (sorted.len() - 1) as f64;
            let (low, high) = (sorted[rank.floor() as usize] as f64, sorted[rank.ceil() as usize] as f64);
            let expected = (low + (high - low) * rank.fract()) / 1000.0;
            let samples = Samples::from_micros(values);
            let found = samples.percentile_ms(percent);
            prop_assert!((found - expected).abs() <= 1e-9 * expected.max(1.0), "{found} {expected}");
            let below = samples.up_to(found * 1000.0 * (1.0 - 1e-12)) as f64;
            prop_assert!(below <= rank + 1.0 && samples.up_to(found * 1000.0 * (1.0 + 1e-12)) as f64 >= rank.floor());
        }
    }
}
