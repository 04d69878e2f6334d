//! What is reported: the columns of a run and every figure computed from them (metrics chapter).
//!
//! | module | subject |
//! |---|---|
//! | [`records`] | the columns that a run leaves behind |
//! | [`samples`] | which request contributes which sample |
//! | [`statistics`] | mean and percentiles |
//! | [`metrics`], [`json`], [`rows`] | the JSON block, its number format, its per-request rows |
//! | [`replay_rows`] | the result list of a replay |
//! | [`classes`], [`tenants`], [`sessions`] | the same figures per SLO class, tenant, virtual user |
//! | [`anomalies`], [`inversions`], [`cache`] | counters of what went wrong, KV cache rates |
//! | [`goodput`], [`goodput_curve`], [`fitness`] | what was good enough, as a target moves, and one number for all of it |
//! | [`decision_log`], [`report`] | the summary of the decisions, everything printed |
//! | [`limits`] | why requests waited: step budget, slots, KV blocks |
//! | [`verdict`], [`levels`] | whether the cluster holds |
//! | [`summary`], [`charts`] | what the page shows |
//! | [`distribution`], [`phases`], [`singles`] | ... of latencies, of the way of a request, of single requests |
//! | [`beside`], [`words`] | our figures beside the reference's where those mislead, and numbers in sentences |
//! | [`digest`] | the fingerprint of a run |

pub mod anomalies;
pub mod beside;
pub mod cache;
pub mod charts;
pub mod classes;
pub mod decision_log;
pub mod digest;
pub mod distribution;
mod fingerprint;
pub mod fitness;
pub mod goodput;
pub mod goodput_curve;
pub mod inversions;
mod itl_pool;
pub mod json;
pub mod levels;
pub mod limits;
pub mod metrics;
pub mod phases;
mod radix;
pub mod records;
pub mod replay_rows;
pub mod report;
pub mod rows;
pub mod samples;
pub mod sessions;
pub mod singles;
pub mod statistics;
pub mod summary;
pub mod tenants;
#[cfg(test)]
pub(crate) mod testing;
pub mod verdict;
pub mod words;

use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US};
use crate::units::Micros;
use crate::workload::{Pattern, Requests};
use limits::LimitRecord;
use records::{Ending, GatewayRecord, InstanceRecord, RequestRecords, Service, StepRecord};

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
    /// Every step, if recorded, ordered by (start, instance).
    pub steps: Vec<StepRecord>,
    /// Why requests waited, if tracked.
    pub limits: Option<LimitRecord>,
    /// How the run ended.
    pub ending: Ending,
    /// A virtual user had to stop at a limit of the program: the run is shorter than requested.
    pub users_cut_short: bool,
    /// Order of waiting requests: some counters exist only under `priority-fcfs`.
    pub scheduler: crate::config::SchedulerName,
    /// Per-request completion overhead of the latency model.
    pub completion_overhead: Micros,
    /// What makes the requests arrive when they do.
    pub pattern: Pattern,
    /// Arrivals per second as set; `None` for users, windows and lists.
    pub offered_rate: Option<f64>,
    /// What one instance could do with these requests.
    pub service: Service,
}

impl Outcome {
    /// Warnings about a run that went ahead but is shorter than requested: the workload chapter
    /// (W-8) ends users at the horizon and the request budget only, this program also at its limits.
    pub fn warnings(&self) -> Vec<String> {
        let cut_short = format!(
            "workload.concurrency: a virtual user stopped at {MAX_REQUESTS} requests or {MAX_TIME_US} µs: the run is \
             shorter than asked for"
        );
        if self.users_cut_short { vec![cut_short] } else { Vec::new() }
    }
}
