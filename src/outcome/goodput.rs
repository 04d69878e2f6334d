//! Which requests were good enough (metrics chapter, M-8): the one place that defines what a latency target is and
//! what meets it. The targets of a run are [`Config::goodput_targets`](crate::config::Config::goodput_targets).

use super::Outcome;
use super::samples::{class_label, rate, share};
use super::statistics::{OrderedSamples, Samples};
use crate::config::SloTarget;
use crate::order;
use crate::units::{Micros, RequestIndex};
use serde::Serialize;
use std::collections::BTreeMap;

/// Latency targets by class name; requests without class belong to `default`.
pub type SloTargets = BTreeMap<String, SloTarget>;

/// What part of the work met its targets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Goodput {
    /// Good requests per s.
    pub goodput_rps: f64,
    /// Good requests over arrivals, in all classes that have targets.
    pub slo_attainment: f64,
    /// The classes that have targets.
    pub per_class: BTreeMap<String, ClassGoodput>,
}

/// The same for one class; fields are printed in this, the alphabetical, order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ClassGoodput {
    /// Arrivals, whatever became of them.
    pub count: u64,
    /// 99th percentile of arrival to last token of completed requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e2e_p99_ms: Option<f64>,
    /// Good requests per s.
    pub goodput_rps: f64,
    /// Mean of the completed requests' mean inter-token latencies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itl_mean_ms: Option<f64>,
    /// Good requests over arrivals.
    pub slo_attainment: f64,
    /// Share of the completed requests that met each target by itself.
    pub slo_attainment_by_dim: DimensionAttainment,
    /// 99th percentile of time to first token of completed requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttft_p99_ms: Option<f64>,
}

/// Shares per target; absent where there is no target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct DimensionAttainment {
    /// Arrival to last token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e2e: Option<f64>,
    /// Mean inter-token latency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itl: Option<f64>,
    /// Time to first token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttft: Option<f64>,
}

/// Whether any class has a target.
pub fn has_targets(targets: &SloTargets) -> bool {
    targets.values().any(is_set)
}

/// Whether a class has a target.
pub(super) fn is_set(target: &SloTarget) -> bool {
    target.ttft_ms.is_some() || target.itl_ms.is_some() || target.e2e_ms.is_some()
}

/// Goodput against these targets; `None` if there is no target at all.
pub fn goodput(outcome: &Outcome, targets: &SloTargets) -> Option<Goodput> {
    let duration = outcome.duration();
    let mut completed = completed_by_class(outcome);
    let configured = targets.iter().filter(|(_, target)| is_set(target));
    let tallies: BTreeMap<&str, Tally> = order::map_of(configured.map(|(class, target)| {
        let label = class_label(class);
        let rows = completed.remove(label).unwrap_or_default();
        (label, Tally::new(outcome, label, target, &rows))
    }));
    if tallies.is_empty() {
        return None;
    }
    let good = tallies.values().map(|tally| tally.good).sum();
    let arrivals = tallies.values().map(|tally| tally.arrivals).sum();
    Some(Goodput {
        goodput_rps: rate(good, duration),
        slo_attainment: share(good, arrivals),
        per_class: order::map_of(
            tallies.into_iter().map(|(class, tally)| (class.to_owned(), tally.figures(duration))),
        ),
    })
}

/// Which of its class's targets a completed request met; what has no target is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Met {
    ttft: bool,
    itl: bool,
    e2e: bool,
}

impl Met {
    fn all(self) -> bool {
        self.ttft && self.itl && self.e2e
    }
}

/// `None` if the request was not completed.
fn met(outcome: &Outcome, row: RequestIndex, target: &SloTarget) -> Option<Met> {
    let keeps = |limit: Option<f64>, micros: f64| limit.is_none_or(|limit| micros / 1000.0 <= limit);
    let e2e = outcome.e2e(row)?;
    Some(Met {
        ttft: keeps(target.ttft_ms, outcome.ttft(row).unwrap_or(0) as f64),
        itl: keeps(target.itl_ms, outcome.mean_itl(row).unwrap_or(0.0)),
        e2e: keeps(target.e2e_ms, e2e as f64),
    })
}

/// Whether a request is good: completed, and within every limit. Its inter-token latency is the mean of its gaps.
pub fn meets(outcome: &Outcome, row: RequestIndex, target: &SloTarget) -> bool {
    met(outcome, row, target).is_some_and(Met::all)
}

/// Good requests over arrivals if every class had this target; 0 if nothing arrived.
pub fn good_share(outcome: &Outcome, target: &SloTarget) -> f64 {
    let good = outcome.rows().filter(|&row| meets(outcome, row, target)).count() as u64;
    share(good, outcome.gateway.arrivals_by_class.iter().sum())
}

fn completed_by_class(outcome: &Outcome) -> BTreeMap<&str, Vec<RequestIndex>> {
    let mut rows: BTreeMap<&str, Vec<RequestIndex>> = BTreeMap::new();
    for row in outcome.rows().filter(|&row| outcome.is_completed(row)) {
        rows.entry(outcome.class_label(row)).or_default().push(row);
    }
    rows
}

/// The completed requests of one class, held against its targets.
struct Tally {
    arrivals: u64,
    good: u64,
    attainment: DimensionAttainment,
    ttft: Samples,
    itl_mean_ms: f64,
    e2e: Samples,
}

impl Tally {
    fn new(outcome: &Outcome, label: &str, target: &SloTarget, rows: &[RequestIndex]) -> Self {
        let ttft: Vec<i64> = rows.iter().map(|&row| outcome.ttft(row).unwrap_or(0)).collect();
        let e2e: Vec<i64> = rows.iter().map(|&row| outcome.e2e(row).unwrap_or(0)).collect();
        let (mut good, mut met_ttft, mut met_itl, mut met_e2e) = (0, 0, 0, 0);
        for met in rows.iter().filter_map(|&row| met(outcome, row, target)) {
            met_ttft += u64::from(met.ttft);
            met_itl += u64::from(met.itl);
            met_e2e += u64::from(met.e2e);
            good += u64::from(met.all());
        }
        let attained = |limit: Option<f64>, met| limit.map(|_| share(met, rows.len() as u64));
        Self {
            arrivals: arrivals(outcome, label),
            good,
            attainment: DimensionAttainment {
                e2e: attained(target.e2e_ms, met_e2e),
                itl: attained(target.itl_ms, met_itl),
                ttft: attained(target.ttft_ms, met_ttft),
            },
            ttft: Samples::from_micros(ttft),
            itl_mean_ms: itl_mean_ms(outcome, rows),
            e2e: Samples::from_micros(e2e),
        }
    }

    fn figures(&self, duration: Micros) -> ClassGoodput {
        let positive = |figure: f64| (figure > 0.0).then_some(figure);
        ClassGoodput {
            count: self.arrivals,
            e2e_p99_ms: positive(self.e2e.percentile_ms(99.0)),
            goodput_rps: rate(self.good, duration),
            itl_mean_ms: positive(self.itl_mean_ms),
            slo_attainment: share(self.good, self.arrivals),
            slo_attainment_by_dim: self.attainment,
            ttft_p99_ms: positive(self.ttft.percentile_ms(99.0)),
        }
    }
}

/// Mean of the requests' mean gaps, added in byte order of their ids as text, as the reference does here alone (M-13).
fn itl_mean_ms(outcome: &Outcome, rows: &[RequestIndex]) -> f64 {
    if rows.is_empty() {
        return 0.0;
    }
    let mut rows = rows.to_vec();
    let requests = &outcome.requests;
    if requests.ids.is_none() && requests.follow_ups_from.is_none() {
        order::sort_indices(&mut rows, |row: RequestIndex| as_text(row.get()));
    } else {
        rows.sort_by_cached_key(|&row| requests.id(row));
    }
    let sum: f64 = rows.iter().map(|&row| outcome.mean_itl(row).unwrap_or(0.0)).sum();
    sum / rows.len() as f64 / 1000.0
}

/// A key that orders numbers as their decimal digits do: `1`, `10`, `2`.
fn as_text(number: u32) -> (u64, u32) {
    let digits = number.checked_ilog10().unwrap_or(0) + 1;
    (u64::from(number) * 10_u64.pow(10 - digits), digits)
}

/// All arrivals of a class, rejected and unfinished ones included.
pub(super) fn arrivals(outcome: &Outcome, label: &str) -> u64 {
    let classes = outcome.requests.classes.iter().zip(&outcome.gateway.arrivals_by_class);
    classes.filter(|(class, _)| class_label(class) == label).map(|(_, count)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    fn targets(class: &str, target: SloTarget) -> SloTargets {
        SloTargets::from([(class.to_owned(), target)])
    }

    #[test]
    fn metrics_8_example_counts_rejected_requests_in_the_denominator() {
        // 50 arrivals, the token bucket rejects 34, the other 16 meet 100 ms; 16 / 7.4624 s = 2.144...
        let mut rows = vec![RowBuilder::completed(0, 100_000, &[]); 16];
        rows.extend((0..34).map(|_| RowBuilder::rejected(0)));
        let mut outcome = outcome(1, &rows);
        outcome.instances[0].end = Micros(7_462_400);
        let target = SloTarget { ttft_ms: Some(100.0), ..SloTarget::default() };
        let goodput = goodput(&outcome, &targets("default", target)).expect("there is a target");
        assert_eq!(format!("{:.3}", goodput.goodput_rps), "2.144");
        assert_eq!(goodput.slo_attainment, 0.32);
        let class = &goodput.per_class["default"];
        assert_eq!((class.count, class.slo_attainment_by_dim.ttft), (50, Some(1.0)));
    }

    #[test]
    fn a_good_request_meets_every_target_of_its_class() {
        let rows = [
            RowBuilder::completed(0, 10_000, &[2000]),
            RowBuilder::completed(0, 10_001, &[2000]),
            RowBuilder::completed(0, 10_000, &[2001]),
        ];
        let target = SloTarget { ttft_ms: Some(10.0), itl_ms: Some(2.0), e2e_ms: None };
        let goodput = goodput(&outcome(1, &rows), &targets("default", target)).expect("there is a target");
        let class = &goodput.per_class["default"];
        assert_eq!(class.slo_attainment, 1.0 / 3.0);
        let expected = DimensionAttainment { e2e: None, itl: Some(2.0 / 3.0), ttft: Some(2.0 / 3.0) };
        assert_eq!(class.slo_attainment_by_dim, expected);
    }

    #[test]
    fn a_class_without_targets_is_left_out_of_everything() {
        let rows = [
            RowBuilder { class: "critical", ..RowBuilder::completed(0, 10, &[]) },
            RowBuilder::completed(0, 10, &[]),
        ];
        let target = SloTarget { e2e_ms: Some(1.0), ..SloTarget::default() };
        let goodput = goodput(&outcome(1, &rows), &targets("critical", target)).expect("there is a target");
        assert_eq!(goodput.slo_attainment, 1.0);
        assert_eq!(goodput.per_class.keys().collect::<Vec<_>>(), ["critical"]);
    }

    #[test]
    fn numbers_are_ordered_as_their_digits() {
        let mut numbers: Vec<u32> = (0..1200).chain([99_999, 100_000, 4_294_967_295, 429_496_729]).collect();
        let mut texts: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        numbers.sort_by_key(|&number| as_text(number));
        texts.sort();
        assert_eq!(numbers.iter().map(ToString::to_string).collect::<Vec<_>>(), texts);
    }

    #[test]
    fn mean_gaps_are_added_in_the_order_of_ids_as_text() {
        // A large number first swallows what the small ones after it would add to each other.
        let gaps: Vec<i64> = (0..12).map(|row| if row == 10 { 1 << 58 } else { 1 + row }).collect();
        let rows: Vec<RowBuilder> = gaps
            .iter()
            .map(|&gap| RowBuilder { output: 4, ..RowBuilder::completed(0, 10, &[gap]) })
            .collect();
        let target = SloTarget { ttft_ms: Some(1.0), ..SloTarget::default() };
        let of = |outcome: &Outcome| {
            goodput(outcome, &targets("default", target)).expect("a target").per_class["default"].itl_mean_ms
        };
        let sum = |order: &[usize]| order.iter().map(|&row| gaps[row] as f64 / 3.0).sum::<f64>();
        let text_order = [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9];
        let ascending = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 10];
        assert_ne!(sum(&text_order), sum(&ascending), "the order shows");
        let mut outcome = outcome(1, &rows);
        assert_eq!(of(&outcome), Some(sum(&text_order) / 12.0 / 1000.0));
        outcome.requests.ids = Some((0..12).map(|row| format!("r{row:02}")).collect());
        assert_eq!(of(&outcome), Some(sum(&(0..12).collect::<Vec<_>>()) / 12.0 / 1000.0));
    }

    #[test]
    fn no_targets_no_goodput() {
        let outcome = outcome(1, &[RowBuilder::completed(0, 10, &[])]);
        assert_eq!(goodput(&outcome, &SloTargets::new()), None);
        assert_eq!(goodput(&outcome, &targets("default", SloTarget::default())), None);
    }
}
