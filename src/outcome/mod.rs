//! What is reported: the columns of a run and every figure computed from them.

pub mod records;

use crate::units::Micros;
use crate::workload::Requests;
use records::{GatewayRecord, InstanceRecord, RequestRecords, StepRecord, Verdict};

/// Everything that a run produced.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The requests, closed-loop follow-ups included.
    pub requests: Requests,
    /// What happened to each.
    pub records: RequestRecords,
    /// What each instance did.
    pub instances: Vec<InstanceRecord>,
    /// What the gateway decided.
    pub gateway: GatewayRecord,
    /// Every step, if asked for, ordered by (start, instance).
    pub steps: Vec<StepRecord>,
    /// How the run ended.
    pub verdict: Verdict,
    /// Order of waiting requests: some counters exist only under `priority-fcfs`.
    pub scheduler: crate::config::SchedulerName,
    /// Per-request completion overhead of the latency model.
    pub completion_overhead: Micros,
}
