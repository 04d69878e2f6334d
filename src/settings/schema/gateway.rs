//! Settings of the gateway: admission (cluster chapter, C-1) and routing (routing chapter, R-1).

use super::kind::SettingKind;
use super::{Condition, Setting};
use crate::config::{AdmissionPolicyName, Choice, RoutingPolicyName, ScorerName, limits};
use crate::settings::field::field;

pub(super) fn admission() -> Vec<Setting> {
    let latency = SettingKind::integer(0, limits::MAX_TIME_US);
    let mut settings = vec![
        Setting::new(
            field!(admission.policy),
            "admission",
            "Admission",
            SettingKind::choice::<AdmissionPolicyName>(),
        )
        .flag("--admission-policy")
        .help("The gateway's first decision: which requests to admit"),
        Setting::new(field!(admission.latency), "admissionlatency", "Admission latency", latency)
            .flag("--admission-latency")
            .unit("µs")
            .help("Time from a request's arrival to the decision to admit it")
            .advanced()
            .slider(0.0, 200_000.0, 100.0),
    ];
    settings.extend(token_bucket());
    settings.extend(shedding());
    settings
}

fn token_bucket() -> [Setting; 2] {
    let condition = || Condition::is(field!(admission.policy), &AdmissionPolicyName::TokenBucket);
    [
        Setting::new(
            field!(admission.token_bucket_capacity),
            "bucket",
            "Bucket size",
            SettingKind::positive(),
        )
        .flag("--token-bucket-capacity")
        .unit("tokens")
        .help("Prompt tokens that a full bucket admits at once; longer prompts are always rejected")
        .applies_when(condition())
        .checked_only_if_applies()
        .log_slider(1000.0, 1_000_000.0, 1000.0),
        Setting::new(
            field!(admission.token_bucket_refill_rate),
            "refill",
            "Refill rate",
            SettingKind::positive(),
        )
        .flag("--token-bucket-refill-rate")
        .unit("tokens/s")
        .help("Prompt tokens per second that the bucket admits in the long run")
        .applies_when(condition())
        .checked_only_if_applies()
        .log_slider(100.0, 1_000_000.0, 100.0),
    ]
}

fn shedding() -> [Setting; 6] {
    let tier = || Condition::is(field!(admission.policy), &AdmissionPolicyName::TierShed);
    let saturation = || Condition::is(field!(admission.policy), &AdmissionPolicyName::GaieLegacy);
    [
        Setting::new(field!(admission.tier_shed_threshold),
            "shedload",
            "Load that starts shedding",
            SettingKind::integer(0, i64::from(u32::MAX)),
        )
        .flag("--tier-shed-threshold")
        .unit("requests")
        .help("Requests on the busiest instance above which low-priority classes are rejected (set in a policy file in the reference)")
        .applies_when(tier())
        .slider(0.0, 500.0, 1.0),
        Setting::new(field!(admission.tier_shed_min_priority),
            "shedpriority",
            "Lowest priority admitted",
            SettingKind::integer(i64::from(i32::MIN), i64::from(i32::MAX)),
        )
        .flag("--tier-shed-min-priority")
        .help("Classes with a lower priority are rejected under load (set in a policy file in the reference)")
        .applies_when(tier())
        .slider(-4.0, 5.0, 1.0),
        Setting::new(field!(admission.gaie_qd_threshold), "gaieqd", "Queue that counts as full", SettingKind::positive())
            .flag("--gaie-qd-threshold")
            .unit("requests")
            .help("Waiting requests per instance from which it counts as saturated (set in a policy file in the reference)")
            .applies_when(saturation())
            .slider(1.0, 100.0, 1.0),
        Setting::new(field!(admission.gaie_kv_threshold), "gaiekv", "Memory that counts as full", SettingKind::fraction())
            .flag("--gaie-kv-threshold")
            .help("Share of KV blocks in use from which an instance counts as saturated (set in a policy file in the reference)")
            .applies_when(saturation())
            .slider(0.05, 1.0, 0.05),
        Setting::new(field!(admission.slo_priorities),
            "priorities",
            "Class priorities",
            SettingKind::ClassPriorities { min: -limits::MAX_CLASS_PRIORITY, max: limits::MAX_CLASS_PRIORITY },
        )
        .flag("--slo-priorities")
        .help("Priority of each SLO class, as class=priority,...; higher is more important (set in a policy file in the reference)")
        .advanced(),
        Setting::new(field!(admission.tenant_budgets), "tenants", "Tenant budgets", SettingKind::TenantBudgets)
            .flag("--tenant-budgets")
            .help("Share of all running slots that each tenant may use before its classes with a priority below 0 are rejected, as tenant=fraction,... (set in a policy file in the reference)")
            .advanced(),
    ]
}

pub(super) fn routing() -> Vec<Setting> {
    let time = || SettingKind::integer(0, limits::MAX_TIME_US);
    vec![
        Setting::new(field!(routing.policy), "route", "Routing", SettingKind::choice::<RoutingPolicyName>())
            .flag("--routing-policy")
            .help("The gateway's second decision: which instance serves the request"),
        Setting::new(
            field!(routing.scorers),
            "scorers",
            "Scorers",
            SettingKind::Scorers { choices: ScorerName::OPTIONS.to_vec() },
        )
        .flag("--routing-scorers")
        .help("What makes an instance attractive, and how much each aspect counts, as name:weight,...")
        .applies_when(Condition::is(field!(routing.policy), &RoutingPolicyName::Weighted))
        .checked_only_if_applies(),
        Setting::new(field!(routing.latency), "routinglatency", "Routing latency", time())
            .flag("--routing-latency")
            .unit("µs")
            .help("Time from admitting a request to choosing its instance")
            .advanced()
            .slider(0.0, 200_000.0, 100.0),
        Setting::new(field!(routing.snapshot_refresh_interval), "refresh", "Router data age", time())
            .flag("--snapshot-refresh-interval")
            .unit("µs")
            .help("How old the router's data on queues, batches and memory may get; 0 means always current")
            .slider(0.0, 5_000_000.0, 10_000.0),
        Setting::new(field!(routing.cache_signal_delay), "cachedelay", "Router cache data age", time())
            .flag("--cache-signal-delay")
            .unit("µs")
            .help("How old the router's data on the prefix caches may get; 0 means always current")
            .advanced()
            .slider(0.0, 5_000_000.0, 10_000.0),
    ]
}
