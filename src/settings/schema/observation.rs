//! Settings of latency targets (metrics chapter, M-8) and of the decision trace (routing chapter, R-10).

use super::kind::{SettingKind, TargetDimension};
use super::{Condition, Setting};
use crate::settings::field::{Field, field};

pub(super) fn targets() -> Vec<Setting> {
    const TTFT: &Field = &Field::targets("slo.*.ttft_ms", TargetDimension::Ttft);
    const ITL: &Field = &Field::targets("slo.*.itl_ms", TargetDimension::Itl);
    const E2E: &Field = &Field::targets("slo.*.e2e_ms", TargetDimension::E2e);
    let target =
        |field, key, label, dimension| Setting::new(field, key, label, SettingKind::Targets { dimension });
    vec![
        target(TTFT, "slottft", "TTFT target", TargetDimension::Ttft)
            .flag("--slo-ttft")
            .help("TTFT target, per class if you like, for example default=500ms (requests without a class are in class default)"),
        target(ITL, "sloitl", "ITL target", TargetDimension::Itl)
            .flag("--slo-itl")
            .help("Target for the mean time between tokens of an answer, per class if you like, for example default=50ms")
            .advanced(),
        target(E2E, "sloe2e", "E2E target", TargetDimension::E2e)
            .flag("--slo-e2e")
            .help("Target for the time from arrival to the last token, per class if you like, for example default=20s")
            .advanced(),
    ]
}

pub(super) fn trace() -> Vec<Setting> {
    vec![
        Setting::new(field!(trace.counterfactual_k),
            "k",
            "Alternatives compared",
            SettingKind::integer(0, i64::from(u32::MAX)),
        )
        .flag("--counterfactual-k")
        .help("Instances that each routing decision is compared with afterwards (regret); 0 turns the comparison off")
        .advanced()
        .slider(0.0, 16.0, 1.0),
        Setting::new(field!(trace.record_candidates), "candidates", "Record the alternatives", SettingKind::Boolean)
            .help("Records what the router knew about each alternative, for programs that read it afterwards")
            .advanced()
            .not_in_page()
            .applies_when(Condition::is_not(field!(trace.counterfactual_k), &0_u32)),
        Setting::new(field!(trace.record_steps), "steps", "Record the steps", SettingKind::Boolean)
            .help("Records every step of every instance with its batch; for small runs")
            .advanced()
            .not_in_page(),
    ]
}
