//! Settings without effect, and runs that end before anything happens (metrics chapter, M-11).

use super::Warning;
use crate::config::{AdmissionPolicyName, Config, PreemptionPolicyName, PriorityPolicyName, SchedulerName};
use crate::settings::schema::{self, Condition, Setting};

/// All warnings, in the order of the schema, then the special ones.
pub(super) fn of(config: &Config) -> Vec<Warning> {
    let mut warnings = without_effect(config);
    warnings.extend(shed_priority(config));
    warnings.extend(gateway_delay(config));
    warnings.extend(priority_policy(config));
    warnings.extend(targets(config));
    warnings.extend(events_after_the_end(config));
    warnings
}

/// Settings that were changed although another setting switches them off.
fn without_effect(config: &Config) -> Vec<Warning> {
    let changed = schema::settings().iter().filter(|setting| !setting.is_default(config));
    let warning = |setting: &Setting| {
        let missing = setting.missing(config)?;
        Some(Warning { path: setting.path.to_owned(), message: ignored(missing) })
    };
    changed.filter_map(warning).collect()
}

/// Why a setting is without effect.
fn ignored(missing: &Condition) -> String {
    match missing.path {
        "workload.requests" => "is ignored: all requests come from the imported list".to_owned(),
        "workload.spec" => "is ignored: all requests come from the workload specification".to_owned(),
        _ => format!("has no effect unless {missing}"),
    }
}

/// With a least priority of at most 0 only the classes that are sheddable anyway are shed (C-7.2).
fn shed_priority(config: &Config) -> Option<Warning> {
    let admission = &config.admission;
    let mild = admission.policy == AdmissionPolicyName::TierShed && admission.tier_shed_min_priority <= 0;
    mild.then(|| Warning {
        path: "admission.tier_shed_min_priority".to_owned(),
        message: format!(
            "is {}, so only classes with a priority below that are shed; standard and unlabelled requests have 3",
            admission.tier_shed_min_priority
        ),
    })
}

/// Nothing reaches an instance if the run ends before the first decisions (C-1).
fn gateway_delay(config: &Config) -> Option<Warning> {
    let delay = config.admission.latency.saturating_add(config.routing.latency);
    let horizon = config.cluster.horizon.filter(|horizon| *horizon < delay)?;
    Some(Warning {
        path: "cluster.horizon".to_owned(),
        message: format!(
            "is {horizon} µs: the run ends before any request reaches an instance (the gateway takes {delay} µs)"
        ),
    })
}

/// Priorities matter to two queue orders and one preemption policy only (C-11).
fn priority_policy(config: &Config) -> Option<Warning> {
    let instance = &config.instance;
    let used = matches!(instance.scheduler, SchedulerName::PriorityFcfs | SchedulerName::ReversePriority)
        || instance.preemption_policy == PreemptionPolicyName::Priority;
    let pointless = instance.priority_policy != PriorityPolicyName::SloClass && !used;
    pointless.then(|| Warning {
        path: "instance.priority_policy".to_owned(),
        message: "has no effect unless instance.scheduler is priority-fcfs or reverse-priority, \
                  or instance.preemption_policy is priority"
            .to_owned(),
    })
}

/// The built-in workloads have one class only, `default` (metrics chapter, M-8).
fn targets(config: &Config) -> Option<Warning> {
    let built_in = config.workload.spec.is_none() && config.workload.requests.is_none();
    let unmatched = built_in && !config.slo.is_empty() && !config.slo.contains_key("default");
    unmatched.then(|| Warning {
        path: "slo".to_owned(),
        message: "has no effect: the requests of this workload have no class; use the class default"
            .to_owned(),
    })
}

/// Events after the end of the run never happen (events chapter, E-5).
fn events_after_the_end(config: &Config) -> Vec<Warning> {
    let Some(horizon) = config.cluster.horizon else { return Vec::new() };
    let kills =
        config.cluster.kills.iter().enumerate().map(|(at, kill)| (format!("cluster.kills[{at}]"), kill.at));
    let bursts = config
        .workload
        .bursts
        .iter()
        .enumerate()
        .map(|(at, burst)| (format!("workload.bursts[{at}]"), burst.at));
    let message = format!("has no effect: the run ends at {horizon} µs");
    let late = kills.chain(bursts).filter(|&(_, at)| at > horizon);
    late.map(|(path, _)| Warning { path, message: message.clone() }).collect()
}
