//! Single requests and decisions that stand out, and what decisions cost by instance.

use super::Outcome;
use crate::units::RequestIndex;
use serde::Serialize;

/// What the decisions for one instance cost, in the unit of the run's regret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct InstanceRegret {
    /// Decisions for it whose regret is known.
    pub decisions: u64,
    /// Their mean regret; 0 without any.
    pub mean: f64,
    /// The largest.
    pub max: f64,
}

/// Regret by chosen instance.
pub fn regret_by_instance(outcome: &Outcome) -> Vec<InstanceRegret> {
    let mut by_instance = vec![InstanceRegret::default(); outcome.instances.len()];
    let decisions = outcome.records.instance.iter().zip(&outcome.records.regret);
    for (&instance, &regret) in decisions.filter(|&(&instance, _)| instance.is_some()) {
        if let Some(entry) = by_instance.get_mut(instance.index()).filter(|_| !regret.is_nan()) {
            entry.decisions += 1;
            entry.mean += regret;
            entry.max = entry.max.max(regret);
        }
    }
    for entry in &mut by_instance {
        entry.mean /= entry.decisions.max(1) as f64;
    }
    by_instance
}

/// The request with the longest time to first token in each of `stretches` (at least 1) equal stretches of time, by
/// arrival.
pub fn worst_waits(outcome: &Outcome, stretches: usize) -> Vec<RequestIndex> {
    let wait = |row: RequestIndex| Some((outcome.requests.arrival[row].0, outcome.ttft(row)? as f64));
    worst(outcome, stretches, wait)
}

/// The request whose routing decision had the largest regret in each of `stretches` (at least 1) equal stretches of
/// time.
pub fn worst_decisions(outcome: &Outcome, stretches: usize) -> Vec<RequestIndex> {
    let decision = |row: RequestIndex| {
        let regret = outcome.records.regret[row];
        Some((outcome.records.routed_at[row].get()?, regret)).filter(|_| !regret.is_nan())
    };
    worst(outcome, stretches, decision)
}

/// Of each stretch that has any, the first request with the largest value, in order of time.
fn worst(
    outcome: &Outcome,
    stretches: usize,
    of: impl Fn(RequestIndex) -> Option<(i64, f64)>,
) -> Vec<RequestIndex> {
    let times = outcome.rows().filter_map(|row| of(row).map(|(time, _)| time));
    let (from, to) = times.fold((i64::MAX, i64::MIN), |(from, to), time| (from.min(time), to.max(time)));
    let stretches = stretches.max(1);
    let stretch = |time: i64| {
        let (passed, span) = (i128::from(time) - i128::from(from), i128::from(to) - i128::from(from));
        // Below the number of stretches, so it fits.
        if span == 0 { 0 } else { ((passed * stretches as i128 / span) as usize).min(stretches - 1) }
    };
    let mut worst: Vec<Option<(RequestIndex, f64)>> = vec![None; stretches];
    for (row, (time, value)) in outcome.rows().filter_map(|row| Some((row, of(row)?))) {
        let kept = &mut worst[stretch(time)];
        if kept.is_none_or(|(_, largest)| value > largest) {
            *kept = Some((row, value));
        }
    }
    worst.into_iter().flatten().map(|(row, _)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    #[test]
    fn of_each_stretch_of_time_the_worst_is_kept_in_order_of_time() {
        // Arrivals at 0 to 9 s, the later ones first; two stretches of 4.5 s.
        let ttfts = [1, 9, 2, 3, 4, 5, 6, 7, 8, 5];
        let rows: Vec<RowBuilder> = (0..10)
            .map(|i| RowBuilder::completed((9 - i) * 1_000_000, ttfts[i as usize] * 1000, &[]))
            .collect();
        assert_eq!(worst_waits(&outcome(1, &rows), 2), [8, 1].map(RequestIndex::new));
        assert_eq!(worst_waits(&outcome(1, &rows), 1000).len(), 10);
        assert_eq!(worst_waits(&outcome(1, &rows[..1]), 4), [RequestIndex::new(0)]);
        assert_eq!(worst_waits(&outcome(1, &[RowBuilder::queued(0, 5)]), 4), []);
    }

    #[test]
    fn decisions_without_regret_do_not_count() {
        let rows = [(0, 2.0), (1, 3.0), (1, 5.0), (2, f64::NAN)].map(|(instance, regret)| RowBuilder {
            instance,
            regret,
            ..RowBuilder::completed(0, 10, &[])
        });
        let outcome = outcome(3, &rows);
        let regret = |decisions, mean, max| InstanceRegret { decisions, mean, max };
        assert_eq!(
            regret_by_instance(&outcome),
            [regret(1, 2.0, 2.0), regret(2, 4.0, 5.0), regret(0, 0.0, 0.0)]
        );
        assert_eq!(worst_decisions(&outcome, 10), [RequestIndex::new(2)]);
    }
}
