//! Goodput as the target of the time to first token moves; those of the other latencies stay.

use super::Outcome;
use super::charts::spread;
use super::goodput::{Goodput, SloTargets, arrivals, goodput, has_targets, is_set, meets};
use super::samples::{class_label, share};
use super::statistics::{OrderedSamples, Samples};
use crate::config::SloTarget;
use crate::units::RequestIndex;
use serde::Serialize;

/// Goodput against the target of the time to first token.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct GoodputCurve {
    /// Arrivals that count: those of the classes that have targets, or all if none has.
    pub arrivals: u64,
    /// Values of the target in ms, ascending; among them the targets that are set. Empty if nothing was completed.
    pub ttft_ms: Vec<f64>,
    /// Share of these arrivals that would be good if this were the only target.
    pub ttft_alone: Vec<f64>,
    /// The same if the other targets stay.
    pub with_others: Vec<f64>,
    /// The targets that are set, by class.
    #[cfg_attr(feature = "js", tsify(type = "Record<string, SloTarget>"))]
    pub targets: SloTargets,
    /// Goodput at the targets that are set; `null` without targets.
    pub goodput: Option<Goodput>,
}

/// The curve in about `points` points (at least 2).
pub fn goodput_curve(outcome: &Outcome, targets: &SloTargets, points: usize) -> GoodputCurve {
    let free = !has_targets(targets);
    let target_of = |row: RequestIndex| {
        let label = outcome.class_label(row);
        let of_class = targets.iter().find(|(class, target)| class_label(class) == label && is_set(target));
        of_class.map(|(_, target)| *target).or_else(|| free.then(SloTarget::default))
    };
    let counted: Vec<(RequestIndex, SloTarget)> = outcome
        .rows()
        .filter(|&row| outcome.is_completed(row))
        .filter_map(|row| Some((row, target_of(row)?)))
        .collect();
    let keeping_others = |(row, target): &(RequestIndex, SloTarget)| {
        meets(outcome, *row, &SloTarget { ttft_ms: None, ..*target })
    };
    let ttft = |(row, _): &(RequestIndex, SloTarget)| outcome.ttft(*row);
    let alone = Samples::from_micros(counted.iter().filter_map(ttft).collect());
    let others = counted.iter().filter(|entry| keeping_others(entry)).filter_map(ttft);
    let others = Samples::from_micros(others.collect());
    let total = if free {
        outcome.gateway.arrivals_by_class.iter().sum()
    } else {
        targets
            .iter()
            .filter(|(_, target)| is_set(target))
            .map(|(class, _)| arrivals(outcome, class_label(class)))
            .sum()
    };
    let limits = limits(&alone, targets, points);
    let shares = |samples: &Samples| limits.iter().map(|&limit| share(samples.up_to(limit), total)).collect();
    GoodputCurve {
        arrivals: total,
        ttft_alone: shares(&alone),
        with_others: shares(&others),
        ttft_ms: limits.iter().map(|limit| limit / 1000.0).collect(),
        targets: targets.clone(),
        goodput: goodput(outcome, targets),
    }
}

/// Where the curve has points, in µs.
fn limits(samples: &Samples, targets: &SloTargets, points: usize) -> Vec<f64> {
    let mut limits = spread(samples, points);
    if !limits.is_empty() {
        limits.extend(targets.values().filter_map(|target| target.ttft_ms).map(|limit| limit * 1000.0));
    }
    limits.sort_unstable_by(f64::total_cmp);
    limits.dedup();
    limits
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    fn target(class: &str, target: SloTarget) -> SloTargets {
        SloTargets::from([(class.to_owned(), target)])
    }

    /// Two quick ones, one with long gaps, one that is not over.
    fn rows() -> [RowBuilder; 4] {
        [
            RowBuilder::completed(0, 1000, &[100]),
            RowBuilder::completed(0, 2000, &[900]),
            RowBuilder::completed(0, 3000, &[100]),
            RowBuilder::queued(0, 5),
        ]
    }

    #[test]
    fn all_arrivals_count_and_the_other_targets_stay() {
        let limits = SloTarget { ttft_ms: Some(2.5), itl_ms: Some(0.5), e2e_ms: None };
        let curve = goodput_curve(&outcome(1, &rows()), &target("default", limits), 100);
        assert_eq!((curve.arrivals, curve.ttft_ms), (4, vec![1.0, 2.0, 2.5, 3.0]));
        assert_eq!(curve.ttft_alone, [0.25, 0.5, 0.5, 0.75]);
        assert_eq!(curve.with_others, [0.25, 0.25, 0.25, 0.5]);
        // The curve at the target is the goodput.
        assert_eq!(curve.goodput.map(|goodput| goodput.slo_attainment), Some(0.25));
    }

    #[test]
    fn without_targets_every_class_counts_and_both_curves_are_one() {
        let curve = goodput_curve(&outcome(1, &rows()), &SloTargets::new(), 100);
        assert_eq!((curve.arrivals, curve.goodput), (4, None));
        assert_eq!(curve.ttft_alone, curve.with_others);
        assert_eq!(curve.ttft_alone, [0.25, 0.5, 0.75]);
    }

    #[test]
    fn a_class_without_targets_counts_neither_here_nor_there() {
        let rows = [
            RowBuilder { class: "critical", ..RowBuilder::completed(0, 1000, &[]) },
            RowBuilder::completed(0, 1000, &[]),
        ];
        let limits = SloTarget { ttft_ms: Some(1.0), ..SloTarget::default() };
        let curve = goodput_curve(&outcome(1, &rows), &target("critical", limits), 10);
        assert_eq!((curve.arrivals, curve.ttft_alone), (1, vec![1.0]));
    }

    #[test]
    fn a_run_in_which_nothing_completed_has_no_curve() {
        let limits = SloTarget { ttft_ms: Some(1.0), ..SloTarget::default() };
        let curve = goodput_curve(&outcome(1, &[RowBuilder::queued(0, 5)]), &target("default", limits), 10);
        assert_eq!((curve.arrivals, curve.ttft_ms.len()), (1, 0));
    }
}
