//! Where the time of a request goes: the stretches of its way from arrival to last token.

use super::Outcome;
use crate::units::RequestIndex;
use serde::Serialize;

/// Mean time that completed requests spent in each stretch, ms; the five add up to the mean of arrival to last token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Phases {
    /// Completed requests, over which the means are taken.
    pub completed: u64,
    /// Arrival to the admission decision.
    pub admission_ms: f64,
    /// Admission to the choice of an instance.
    pub routing_ms: f64,
    /// Choice of an instance to the first step of the request.
    pub queueing_ms: f64,
    /// First step to first token; after an eviction to the first token that counts.
    pub prefill_ms: f64,
    /// First to last token.
    pub decode_ms: f64,
}

/// The stretches of a run.
pub fn phases(outcome: &Outcome) -> Phases {
    let ways = outcome.rows().filter_map(|row| way(outcome, row));
    let (completed, sums) = ways.fold((0u64, [0i128; 5]), |(completed, mut sums), times| {
        for (sum, ends) in sums.iter_mut().zip(times.windows(2)) {
            *sum += i128::from(ends[1] - ends[0]);
        }
        (completed + 1, sums)
    });
    let [admission_ms, routing_ms, queueing_ms, prefill_ms, decode_ms] =
        sums.map(|sum| if completed == 0 { 0.0 } else { sum as f64 / completed as f64 / 1000.0 });
    Phases { completed, admission_ms, routing_ms, queueing_ms, prefill_ms, decode_ms }
}

/// The times between the stretches, in µs, if the request was completed.
fn way(outcome: &Outcome, row: RequestIndex) -> Option<[i64; 6]> {
    let e2e = outcome.e2e(row)?;
    let records = &outcome.records;
    let arrival = outcome.requests.arrival[row].0;
    Some([
        arrival,
        records.admitted_at[row].get()?,
        records.routed_at[row].get()?,
        records.first_scheduled_at[row].get()?,
        arrival + outcome.ttft(row)?,
        arrival + e2e,
    ])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    #[test]
    fn stretches_are_means_over_the_completed_and_add_up_to_the_mean_e2e() {
        let rows = [
            RowBuilder { scheduled: Some(4000), ..RowBuilder::completed(1000, 5000, &[10_000]) },
            RowBuilder { scheduled: Some(2000), ..RowBuilder::completed(1000, 2000, &[]) },
            RowBuilder::queued(0, 5),
        ];
        let phases = phases(&outcome(1, &rows));
        // Waits of 3 and 1 ms, prefill of 2 and 1, decode of 10 and 0.
        let expected =
            Phases { completed: 2, queueing_ms: 2.0, prefill_ms: 1.5, decode_ms: 5.0, ..Phases::default() };
        assert_eq!(phases, expected);
        assert_eq!(phases.queueing_ms + phases.prefill_ms + phases.decode_ms, f64::midpoint(15.0, 2.0));
    }

    #[test]
    fn without_a_completed_request_there_are_no_stretches() {
        assert_eq!(phases(&outcome(1, &[RowBuilder::queued(0, 5)])), Phases::default());
    }
}
