//! The order of the waiting queue and the choice of a victim (I-6, I-8.3, C-6, C-11).

use super::request::Request;
use blis_playground::config::{
    AdmissionSettings, InstanceSettings, PreemptionPolicyName, PriorityPolicyName, SchedulerName,
};
use std::cmp::Reverse;

/// pri(class): higher is more important (C-6).
pub fn importance(admission: &AdmissionSettings, class: &str) -> i64 {
    if let Some(&given) = admission.slo_priorities.get(class) {
        return i64::from(given);
    }
    match class {
        "critical" => 4,
        "batch" => -1,
        "sheddable" => -2,
        "background" => -3,
        _ => 3,
    }
}

/// maxPri: the greatest of 3 and all values of the map (I-6).
fn greatest_importance(admission: &AdmissionSettings) -> i64 {
    let named = ["critical", "standard", "batch", "sheddable", "background"]
        .map(|class| importance(admission, class));
    let given = admission.slo_priorities.values().map(|&value| i64::from(value));
    named.into_iter().chain(given).fold(3, i64::max)
}

/// The key of C-11; smaller is more urgent.
pub fn urgency(policy: PriorityPolicyName, admission: &AdmissionSettings, class: &str, arrival: i64) -> i64 {
    match policy {
        PriorityPolicyName::SloClass => greatest_importance(admission) - importance(admission, class),
        PriorityPolicyName::Constant => 0,
        PriorityPolicyName::SloBased => arrival,
        PriorityPolicyName::InvertedSlo => -arrival,
    }
}

/// Sorts the waiting requests as the scheduler wants them.
pub fn sort(settings: &InstanceSettings, waiting: &mut [usize], requests: &[Request]) {
    let of = |row: &usize| &requests[*row];
    match settings.scheduler {
        SchedulerName::Fcfs => {}
        SchedulerName::PriorityFcfs => {
            waiting.sort_by_key(|row| (of(row).priority, of(row).arrival, of(row).id.clone()));
        }
        SchedulerName::Sjf => waiting.sort_by_key(|row| (of(row).input, of(row).arrival, of(row).id.clone())),
        SchedulerName::ReversePriority => {
            waiting.sort_by_key(|row| (Reverse(of(row).priority), of(row).arrival, of(row).id.clone()));
        }
    }
}

/// Place of the victim in the running list.
pub fn victim(settings: &InstanceSettings, running: &[usize], requests: &[Request]) -> usize {
    let places = 0..running.len();
    let chosen = match settings.preemption_policy {
        PreemptionPolicyName::Fcfs => places.last(),
        PreemptionPolicyName::Priority => places.max_by_key(|&place| {
            let request = &requests[running[place]];
            (request.priority, request.arrival, place)
        }),
    };
    chosen.expect("a request is running")
}
