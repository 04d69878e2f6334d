//! Settings of latency targets (metrics chapter, section 8) and of the decision trace (routing chapter, R-10).

use super::kind::{SettingKind, TargetDimension};
use super::{Condition, Setting};

pub(super) fn targets() -> Vec<Setting> {
    let target =
        |path, key, label, dimension| Setting::new(path, key, label, SettingKind::Targets { dimension });
    vec![
        target("slo.*.ttft_ms", "slottft", "TTFT target", TargetDimension::Ttft)
            .flag("--slo-ttft")
            .help("Longest good time to the first token per class, for example default=500ms; unlabelled requests are class default"),
        target("slo.*.itl_ms", "sloitl", "ITL target", TargetDimension::Itl)
            .flag("--slo-itl")
            .help("Longest good mean time between two tokens of an answer, per class, for example default=50ms")
            .advanced(),
        target("slo.*.e2e_ms", "sloe2e", "E2E target", TargetDimension::E2e)
            .flag("--slo-e2e")
            .help("Longest good time from arrival to the last token, per class, for example default=20s")
            .advanced(),
    ]
}

pub(super) fn trace() -> Vec<Setting> {
    vec![
        Setting::new(
            "trace.counterfactual_k",
            "k",
            "Alternatives kept",
            SettingKind::integer(0, i64::from(u32::MAX)),
        )
        .flag("--counterfactual-k")
        .help("Instances that each routing decision is compared with afterwards (regret); 0: no comparison")
        .advanced()
        .slider(0.0, 16.0, 1.0),
        Setting::new("trace.record_candidates", "candidates", "Keep the alternatives", SettingKind::Boolean)
            .help("Keeps what the router saw of each alternative, for programs that read it afterwards")
            .advanced()
            .not_in_page()
            .applies_when(Condition::is_not("trace.counterfactual_k", 0)),
        Setting::new("trace.record_steps", "steps", "Keep the steps", SettingKind::Boolean)
            .help("Keeps every step of every instance with its batch; for small runs")
            .advanced()
            .not_in_page(),
    ]
}
