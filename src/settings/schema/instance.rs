//! Settings of scheduling and batching (instance chapter, I-2; priority policies: cluster chapter, C-11).

use super::Setting;
use super::kind::SettingKind;
use crate::config::{PreemptionPolicyName, PriorityPolicyName, SchedulerName, limits};
use crate::settings::field::field;

pub(super) fn instance() -> Vec<Setting> {
    vec![
        Setting::new(
            field!(instance.scheduler),
            "scheduler",
            "Queue order",
            SettingKind::choice::<SchedulerName>(),
        )
        .flag("--scheduler")
        .help("Which waiting request an instance starts next"),
        Setting::new(
            field!(instance.priority_policy),
            "priority",
            "Urgency",
            SettingKind::choice::<PriorityPolicyName>(),
        )
        .flag("--priority-policy")
        .help("What makes a request urgent, for the queue order and for preemption by priority")
        .advanced(),
        Setting::new(
            field!(instance.preemption_policy),
            "preemption",
            "Preemption",
            SettingKind::choice::<PreemptionPolicyName>(),
        )
        .flag("--preemption-policy")
        .help("Which running request goes back to the queue when KV memory runs out")
        .advanced(),
        Setting::new(
            field!(instance.max_num_running_reqs),
            "running",
            "Batch size",
            SettingKind::integer(1, limits::MAX_RUNNING_REQUESTS),
        )
        .flag("--max-num-seqs")
        .older_flag("--max-num-running-reqs")
        .unit("requests")
        .help("Most requests that one instance works on at a time; the rest wait")
        .log_slider(1.0, 1024.0, 1.0),
        Setting::new(
            field!(instance.max_num_scheduled_tokens),
            "budget",
            "Tokens per step",
            SettingKind::integer(1, limits::MAX_STEP_TOKENS),
        )
        .flag("--max-num-batched-tokens")
        .older_flag("--max-num-scheduled-tokens")
        .unit("tokens")
        .help("Most tokens computed in one step, over all requests; long prompts take several steps")
        .log_slider(128.0, 16_384.0, 128.0),
        Setting::new(
            field!(instance.long_prefill_token_threshold),
            "chunk",
            "Prompt chunk",
            SettingKind::integer(0, i64::from(u32::MAX)),
        )
        .flag("--long-prefill-token-threshold")
        .unit("tokens")
        .help("Most prompt tokens of one request in one step; 0 means that only the limit of the step counts")
        .advanced()
        .slider(0.0, 4096.0, 64.0),
    ]
}
