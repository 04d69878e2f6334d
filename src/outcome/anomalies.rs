//! Counters of what went wrong (metrics chapter, M-6, Anomaly Counters).

use super::Outcome;
use super::inversions::count_double_inversions;
use super::samples::class_label;
use super::samples::rows_by_instance;
use crate::config::SchedulerName;
use crate::instance::LegRequests;
use crate::order;
use crate::record::{PoolsRecord, RequestState};
use crate::text::visible;
use crate::units::{InstanceIndex, LegIndex, RequestIndex};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// The counters; printed only if one of them is above 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct AnomalyCounters {
    /// Pairs of one class in which the earlier request took more than twice as long; only under `priority-fcfs`.
    pub priority_inversions: u64,
    /// Instances whose mean queue is more than twice the cluster's.
    pub hol_blocking_events: u64,
    /// Requests refused by admission.
    pub rejected: u64,
    /// The same per class, `standard` for unlabelled requests; only classes with refusals.
    pub shed_by_class: BTreeMap<String, u64>,
    /// Requests that no instance could be chosen for: they name another model than the one that is served.
    pub routing_rejections: u64,
    /// Requests that no instance could serve.
    pub dropped_unservable: u64,
    /// Requests cancelled at their deadline.
    pub timed_out_requests: u64,
    /// Requests cut at the model's length limit.
    pub length_capped_requests: u64,
}

/// Counts the anomalies of a run.
pub fn anomaly_counters(outcome: &Outcome) -> AnomalyCounters {
    AnomalyCounters {
        priority_inversions: priority_inversions(outcome),
        hol_blocking_events: hol_blocking_events(outcome),
        rejected: outcome.gateway.rejected,
        shed_by_class: shed_by_class(outcome),
        routing_rejections: outcome.gateway.routing_rejections,
        dropped_unservable: outcome.dropped(),
        timed_out_requests: outcome.total(|instance| instance.timed_out),
        length_capped_requests: outcome.total(|instance| instance.length_capped),
    }
}

fn shed_by_class(outcome: &Outcome) -> BTreeMap<String, u64> {
    let mut shed = BTreeMap::new();
    let classes = outcome.requests.classes.iter().zip(&outcome.gateway.rejected_by_class);
    for (class, &count) in classes.filter(|(_, count)| **count > 0) {
        let name = if class.is_empty() { "standard" } else { class };
        *shed.entry(name.to_owned()).or_default() += count;
    }
    shed
}

/// Per instance and class: pairs of completed requests, by arrival, of which the earlier took more than twice
/// as long. Tied arrivals are ordered by id as text.
fn priority_inversions(outcome: &Outcome) -> u64 {
    if outcome.scheduler != SchedulerName::PriorityFcfs {
        return 0;
    }
    if let Some(pools) = &outcome.pools {
        return inversions_of_parts(outcome, pools);
    }
    let instances = rows_by_instance(outcome).into_iter();
    instances.map(|rows| inversions_of_instance(outcome, rows)).sum()
}

/// The same over the parts that each instance completed, with the time that each took there (disaggregation chapter, D-11).
fn inversions_of_parts(outcome: &Outcome, pools: &PoolsRecord) -> u64 {
    let legs = LegRequests::new(&outcome.requests, Some(&pools.legs));
    let completed = |leg: &LegIndex| {
        matches!(pools.records.state[*leg], RequestState::Completed | RequestState::LengthCapped)
    };
    let mut by_instance: BTreeMap<InstanceIndex, Vec<LegIndex>> = BTreeMap::new();
    for leg in (0..pools.legs.kind.len()).map(LegIndex::from_index).filter(completed) {
        by_instance.entry(outcome.instance_of(pools, leg)).or_default().push(leg);
    }
    let of_instance = |mut parts: Vec<LegIndex>| {
        order::sort_by_key(&mut parts, |&leg| (legs.arrival(leg), legs.id_key(leg)));
        let mut durations: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for leg in parts {
            let class = &outcome.requests.classes[usize::from(legs.class(leg))];
            durations.entry(class_label(class)).or_default().push(pools.records.e2e[leg].0);
        }
        durations.values().map(|durations| count_double_inversions(durations)).sum::<u64>()
    };
    by_instance.into_values().map(of_instance).sum()
}

fn inversions_of_instance(outcome: &Outcome, mut rows: Vec<RequestIndex>) -> u64 {
    let requests = &outcome.requests;
    rows.retain(|&row| outcome.is_completed(row));
    order::sort_by(&mut rows, |&row, &other| {
        let arrivals = requests.arrival[row].cmp(&requests.arrival[other]);
        arrivals.then_with(|| requests.id(row).cmp(&requests.id(other)))
    });
    let mut durations: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for row in rows {
        let class = &requests.classes[usize::from(requests.class[row])];
        durations.entry(class_label(class)).or_default().extend(outcome.e2e(row));
    }
    durations.values().map(|durations| count_double_inversions(durations)).sum()
}

/// Instances whose mean queue length (sampled once per step) is more than twice the mean over instances.
fn hol_blocking_events(outcome: &Outcome) -> u64 {
    let instances = &outcome.instances;
    if instances.len() < 2 {
        return 0;
    }
    let means: Vec<f64> = instances
        .iter()
        .map(|instance| super::samples::share(instance.sum_waiting, instance.steps))
        .collect();
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    if mean == 0.0 {
        return 0;
    }
    means.into_iter().filter(|&queue| queue > 2.0 * mean).count() as u64
}

impl AnomalyCounters {
    /// Whether nothing went wrong.
    pub fn is_silent(&self) -> bool {
        let counters = [
            self.priority_inversions,
            self.hol_blocking_events,
            self.rejected,
            self.routing_rejections,
            self.dropped_unservable,
            self.timed_out_requests,
            self.length_capped_requests,
        ];
        counters.iter().all(|&counter| counter == 0)
    }
}

impl fmt::Display for AnomalyCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== Anomaly Counters ===")?;
        writeln!(f, "Priority Inversions: {}", self.priority_inversions)?;
        writeln!(f, "HOL Blocking Events: {}", self.hol_blocking_events)?;
        writeln!(f, "Rejected Requests (Admission): {}", self.rejected)?;
        for (class, count) in &self.shed_by_class {
            writeln!(f, "  Shed ({}): {count}", visible(class))?;
        }
        writeln!(f, "Rejected Requests (Routing): {}", self.routing_rejections)?;
        writeln!(f, "Dropped Unservable: {}", self.dropped_unservable)?;
        writeln!(f, "Timed Out Requests: {}", self.timed_out_requests)?;
        writeln!(f, "Length-Capped Requests: {}", self.length_capped_requests)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    fn inversions(rows: &[RowBuilder]) -> u64 {
        let mut outcome = outcome(2, rows);
        outcome.scheduler = SchedulerName::PriorityFcfs;
        anomaly_counters(&outcome).priority_inversions
    }

    #[test]
    fn inversions_are_counted_only_under_priority_fcfs() {
        let rows = [RowBuilder::completed(0, 100, &[]), RowBuilder::completed(1, 10, &[])];
        assert_eq!(inversions(&rows), 1);
        assert_eq!(anomaly_counters(&outcome(1, &rows)).priority_inversions, 0);
    }

    #[test]
    fn inversions_compare_neither_classes_nor_instances() {
        let long = RowBuilder::completed(0, 100, &[]);
        let short = RowBuilder::completed(1, 10, &[]);
        assert_eq!(inversions(&[long.clone(), RowBuilder { class: "batch", ..short.clone() }]), 0);
        assert_eq!(inversions(&[long, RowBuilder { instance: 1, ..short }]), 0);
    }

    #[test]
    fn inversions_follow_arrival_not_row_order() {
        assert_eq!(inversions(&[RowBuilder::completed(1, 10, &[]), RowBuilder::completed(0, 100, &[])]), 1);
    }

    fn hol(queues: &[(u64, u64)]) -> u64 {
        let mut outcome = outcome(queues.len(), &[]);
        for (instance, &(sum_waiting, steps)) in outcome.instances.iter_mut().zip(queues) {
            (instance.sum_waiting, instance.steps) = (sum_waiting, steps);
        }
        anomaly_counters(&outcome).hol_blocking_events
    }

    #[test]
    fn an_instance_with_more_than_twice_the_mean_queue_blocks() {
        assert_eq!(hol(&[(90, 10), (10, 10), (0, 0)]), 1);
        assert_eq!(hol(&[(0, 10), (0, 10), (0, 0)]), 0);
    }

    #[test]
    fn two_instances_can_never_block() {
        assert_eq!(hol(&[(1000, 1), (0, 1)]), 0);
        assert_eq!(hol(&[(1000, 1)]), 0);
    }

    #[test]
    fn metrics_6_text_with_unlabelled_requests_shed_as_standard() {
        let mut rows = vec![RowBuilder::completed(0, 10, &[]); 16];
        rows.extend((0..34).map(|_| RowBuilder::rejected(0)));
        let mut outcome = outcome(3, &rows);
        (outcome.instances[0].sum_waiting, outcome.instances[0].steps) = (9, 1);
        let expected = "=== Anomaly Counters ===\nPriority Inversions: 0\nHOL Blocking Events: 1\n\
            Rejected Requests (Admission): 34\n  Shed (standard): 34\nRejected Requests (Routing): 0\n\
            Dropped Unservable: 0\nTimed Out Requests: 0\nLength-Capped Requests: 0\n";
        assert_eq!(anomaly_counters(&outcome).to_string(), expected);
    }

    #[test]
    fn an_ordinary_run_is_silent() {
        assert!(anomaly_counters(&outcome(1, &[RowBuilder::completed(0, 10, &[])])).is_silent());
        assert!(!anomaly_counters(&outcome(1, &[RowBuilder::rejected(0)])).is_silent());
    }
}
