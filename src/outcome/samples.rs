//! Which request contributes which sample (metrics chapter, M-1).

use super::Outcome;
use super::statistics::{Samples, WeightedSamples};
use crate::record::{InstanceRecord, RequestState};
use crate::units::{Micros, RequestIndex};
use std::collections::BTreeSet;

/// Per-request figures, derived from the state and the columns.
impl Outcome {
    /// Every row, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = RequestIndex> + DoubleEndedIterator + Clone + use<> {
        RequestIndex::first(self.requests.len())
    }

    /// Whether the request arrived before the run ended.
    pub fn has_arrived(&self, row: RequestIndex) -> bool {
        self.records.state[row] != RequestState::NotArrived
    }

    /// Whether the request finished; length-capped ones did.
    pub fn is_completed(&self, row: RequestIndex) -> bool {
        matches!(self.records.state[row], RequestState::Completed | RequestState::LengthCapped)
    }

    /// Time to first token in µs, for every request that ever produced one.
    pub fn ttft(&self, row: RequestIndex) -> Option<i64> {
        self.records.ttft[row].get()
    }

    /// Arrival to last token in µs, for completed requests; in two parts, arrival to the end of the second one, whatever it was
    /// (disaggregation chapter, D-10).
    pub fn e2e(&self, row: RequestIndex) -> Option<i64> {
        if self.pools.is_some() || self.is_completed(row) { self.records.e2e[row].get() } else { None }
    }

    /// Arrival to the step that last took the request from the queue in µs, if one ever did.
    pub fn scheduling_delay(&self, row: RequestIndex) -> Option<i64> {
        let scheduled = self.records.last_scheduled_at[row].get()?;
        Some(scheduled - self.requests.arrival[row].0)
    }

    /// The request's mean inter-token latency in µs, for completed requests: the sum of its gaps over
    /// max(output - 1, 1), or over max(gaps - 1, 1) if length-capped; 0 without output (M-1).
    pub fn mean_itl(&self, row: RequestIndex) -> Option<f64> {
        if !self.is_completed(row) {
            return None;
        }
        let records = &self.records;
        let output = self.requests.output[row];
        if output == 0 {
            return Some(0.0);
        }
        let capped = records.state[row] == RequestState::LengthCapped;
        let divisor = if capped { records.itl_count[row] } else { output }.saturating_sub(1).max(1);
        Some(records.itl_sum[row] as f64 / f64::from(divisor))
    }

    /// Time of the last token, for completed requests: arrival plus E2E.
    pub fn completion_time(&self, row: RequestIndex) -> Option<Micros> {
        self.e2e(row).map(|e2e| Micros(self.requests.arrival[row].0 + e2e))
    }

    /// The SLO class as statistics name it: `default` for unlabelled requests (M-6).
    pub fn class_label(&self, row: RequestIndex) -> &str {
        class_label(&self.requests.classes[usize::from(self.requests.class[row])])
    }

    /// The classes of which a request arrived, as statistics name them, in alphabetical order.
    pub fn arrived_classes(&self) -> BTreeSet<&str> {
        let classes = self.requests.classes.iter().zip(&self.gateway.arrivals_by_class);
        classes.filter(|&(_, &arrivals)| arrivals > 0).map(|(class, _)| class_label(class)).collect()
    }

    /// The run's duration: the latest end of an instance (M-2); 0 without instances.
    pub fn duration(&self) -> Micros {
        self.instances.iter().map(|instance| instance.end).max().unwrap_or_default()
    }

    /// A counter summed over the instances.
    pub fn total(&self, counter: impl Fn(&InstanceRecord) -> u64) -> u64 {
        self.instances.iter().map(counter).sum()
    }
}

/// The name of a class in statistics: `default` for the empty one.
pub fn class_label(class: &str) -> &str {
    if class.is_empty() { "default" } else { class }
}

/// Events per second; 0 for a run without duration.
pub fn rate(count: u64, duration: Micros) -> f64 {
    if duration > Micros::ZERO { count as f64 / duration.as_secs() } else { 0.0 }
}

/// `part / whole`; 0 for an empty whole.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The pooled latency samples of some requests, in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatencySamples {
    /// Time to first token, unfinished requests included.
    pub ttft: Samples,
    /// Arrival to last token of completed requests.
    pub e2e: Samples,
    /// Arrival to (last) scheduling, unfinished requests included.
    pub scheduling_delay: Samples,
    /// All inter-token gaps of completed requests, per token.
    pub itl: WeightedSamples,
}

impl LatencySamples {
    /// Of the whole cluster.
    pub fn of_cluster(outcome: &Outcome) -> Self {
        Self::collect(outcome, &outcome.rows(), &outcome.instances)
    }

    /// Of these requests, with the gaps of these instances.
    pub fn collect(
        outcome: &Outcome,
        rows: &(impl Iterator<Item = RequestIndex> + Clone),
        instances: &[InstanceRecord],
    ) -> Self {
        let micros = |sample: fn(&Outcome, RequestIndex) -> Option<i64>| {
            Samples::from_micros(rows.clone().filter_map(|row| sample(outcome, row)).collect())
        };
        Self {
            ttft: micros(Outcome::ttft),
            e2e: micros(Outcome::e2e),
            scheduling_delay: micros(Outcome::scheduling_delay),
            itl: WeightedSamples::from_itls(instances.iter().flat_map(|instance| &instance.itls)),
        }
    }
}

/// The rows routed to each instance, in row order.
pub(super) fn rows_by_instance(outcome: &Outcome) -> Vec<Vec<RequestIndex>> {
    let mut rows = vec![Vec::new(); outcome.instances.len()];
    for (row, &instance) in outcome.rows().zip(&outcome.records.instance) {
        if let Some(routed) = rows.get_mut(instance.index()) {
            routed.push(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use crate::record::RequestState;
    use crate::units::RequestIndex;

    fn mean_itl(output: u32, gaps: &[i64], state: RequestState) -> Option<f64> {
        let row = RowBuilder { output, state, ..RowBuilder::completed(0, 100, gaps) };
        outcome(1, &[row]).mean_itl(RequestIndex::new(0))
    }

    #[test]
    fn mean_itl_divides_by_the_predetermined_output_length_less_one() {
        assert_eq!(mean_itl(4, &[8768, 5774, 5774], RequestState::Completed), Some(6772.0));
    }

    #[test]
    fn mean_itl_of_one_token_is_zero() {
        assert_eq!(mean_itl(1, &[], RequestState::Completed), Some(0.0));
    }

    #[test]
    fn mean_itl_without_output_is_zero() {
        assert_eq!(mean_itl(0, &[], RequestState::Completed), Some(0.0));
    }

    #[test]
    fn mean_itl_of_a_length_capped_request_divides_by_its_gaps_less_one() {
        assert_eq!(mean_itl(100, &[10, 10, 10], RequestState::LengthCapped), Some(15.0));
        assert_eq!(mean_itl(100, &[10], RequestState::LengthCapped), Some(10.0));
    }

    #[test]
    fn only_completed_requests_have_a_mean_itl_and_an_e2e() {
        let row = RowBuilder { state: RequestState::TimedOut, ..RowBuilder::completed(0, 100, &[10]) };
        let outcome = outcome(1, &[row]);
        let row = RequestIndex::new(0);
        assert_eq!((outcome.mean_itl(row), outcome.e2e(row), outcome.ttft(row)), (None, None, Some(100)));
    }
}
