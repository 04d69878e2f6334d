//! The gateway's first decision: let a request in or not (cluster chapter, C-5 to C-7).

use super::view::{Columns, Reads};
use crate::config::{AdmissionPolicyName, AdmissionSettings};
use crate::record::RejectionReason;
use crate::units::{Micros, Tokens};

/// Priority of a class without an entry.
const DEFAULT_PRIORITY: i32 = 3;

/// Priorities of the five named classes; higher = more important (C-6).
const NAMED_PRIORITIES: [(&str, i32); 5] =
    [("critical", 4), ("standard", 3), ("batch", -1), ("sheddable", -2), ("background", -3)];

/// Priority of a class after overrides.
pub fn class_priority(settings: &AdmissionSettings, class: &str) -> i32 {
    let named = || NAMED_PRIORITIES.iter().find(|(name, _)| *name == class).map(|&(_, priority)| priority);
    settings.slo_priorities.get(class).copied().or_else(named).unwrap_or(DEFAULT_PRIORITY)
}

/// The highest priority of any class: instances count urgency down from it (I-6).
pub fn highest_priority(settings: &AdmissionSettings) -> i32 {
    let named = NAMED_PRIORITIES.iter().map(|(name, _)| class_priority(settings, name));
    let overrides = settings.slo_priorities.values().copied();
    named.chain(overrides).max().map_or(DEFAULT_PRIORITY, |highest| highest.max(DEFAULT_PRIORITY))
}

impl AdmissionPolicyName {
    /// What the policy reads of the view, for some request at least.
    pub const fn reads(self) -> Reads {
        match self {
            Self::AlwaysAdmit | Self::TokenBucket | Self::RejectAll => Reads::NOTHING,
            Self::TierShed => Reads::LOAD,
            Self::GaieLegacy => Reads::SNAPSHOT,
        }
    }
}

/// An admission policy with its state.
#[derive(Clone, Debug)]
pub struct Admission {
    policy: Policy,
    reads: Reads,
    /// Per class of the workload.
    priorities: Vec<i32>,
}

#[derive(Clone, Debug)]
enum Policy {
    AlwaysAdmit,
    RejectAll,
    TokenBucket { capacity: f64, rate: f64, level: f64, last: Micros },
    TierShed { threshold: u64, min_priority: i32 },
    GaieLegacy { queue_depth: f64, kv_utilization: f64 },
}

impl Policy {
    /// Whether requests of this priority are admitted without a look at the view, though the policy reads it for others.
    const fn spares(&self, priority: i32) -> bool {
        match self {
            Self::GaieLegacy { .. } => priority >= 0,
            Self::AlwaysAdmit | Self::RejectAll | Self::TokenBucket { .. } | Self::TierShed { .. } => false,
        }
    }
}

impl Admission {
    /// The policy of the settings, with a full bucket.
    pub fn new(settings: &AdmissionSettings, classes: &[String]) -> Self {
        let policy = match settings.policy {
            AdmissionPolicyName::AlwaysAdmit => Policy::AlwaysAdmit,
            AdmissionPolicyName::RejectAll => Policy::RejectAll,
            AdmissionPolicyName::TokenBucket => Policy::TokenBucket {
                capacity: settings.token_bucket_capacity,
                rate: settings.token_bucket_refill_rate,
                level: settings.token_bucket_capacity,
                last: Micros::ZERO,
            },
            AdmissionPolicyName::TierShed => Policy::TierShed {
                threshold: u64::from(settings.tier_shed_threshold),
                min_priority: settings.tier_shed_min_priority,
            },
            AdmissionPolicyName::GaieLegacy => Policy::GaieLegacy {
                queue_depth: settings.gaie_qd_threshold,
                kv_utilization: settings.gaie_kv_threshold,
            },
        };
        let priorities = classes.iter().map(|class| class_priority(settings, class)).collect();
        Self { policy, reads: settings.policy.reads(), priorities }
    }

    /// What a decision about a request of this class reads.
    pub fn reads(&self, class: u16) -> Reads {
        if self.policy.spares(self.priorities[usize::from(class)]) { Reads::NOTHING } else { self.reads }
    }

    /// What decisions of this policy may read, whatever the class.
    pub const fn may_read(&self) -> Reads {
        self.reads
    }

    /// Decides about a request at `now`, by what is seen of the instances.
    ///
    /// # Errors
    /// The reason for a refusal.
    pub fn decide(
        &mut self,
        now: Micros,
        input: Tokens,
        class: u16,
        seen: &Columns,
    ) -> Result<(), RejectionReason> {
        let priority = self.priorities[usize::from(class)];
        if self.policy.spares(priority) {
            return Ok(());
        }
        match &mut self.policy {
            Policy::AlwaysAdmit => Ok(()),
            Policy::RejectAll => Err(RejectionReason::RejectAll),
            Policy::TokenBucket { capacity, rate, level, last } => {
                let elapsed = now - *last;
                if elapsed > Micros::ZERO {
                    // The level is a running sum whose rounding depends on every refill: never a closed form.
                    *level = capacity.min(*level + (elapsed.0 as f64 * *rate) / 1_000_000.0);
                    *last = now;
                }
                let cost = f64::from(input);
                if *level >= cost {
                    *level -= cost;
                    Ok(())
                } else {
                    Err(RejectionReason::InsufficientTokens)
                }
            }
            Policy::TierShed { threshold, min_priority } => {
                let load = seen.most_load() as u64;
                if load <= *threshold || priority >= *min_priority {
                    Ok(())
                } else {
                    Err(RejectionReason::TierShed { priority, min: *min_priority, load })
                }
            }
            Policy::GaieLegacy { queue_depth, kv_utilization } => {
                let mut total = 0.0;
                for (&waiting, &utilization) in seen.queue_depth.iter().zip(&seen.utilization) {
                    total += (waiting / *queue_depth).max(utilization / *kv_utilization);
                }
                // Of no instance it is 1 (C-12).
                let saturation = if seen.len() == 0 { 1.0 } else { total / seen.len() as f64 };
                if saturation >= 1.0 { Err(RejectionReason::GaieSaturated { saturation }) } else { Ok(()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overriding_standard_does_not_move_the_empty_and_unknown_classes() {
        let mut settings = AdmissionSettings::default();
        settings.slo_priorities.insert("standard".into(), 50);
        assert_eq!(class_priority(&settings, "standard"), 50);
        assert_eq!(class_priority(&settings, ""), 3);
        assert_eq!(class_priority(&settings, "unknown-tier"), 3);
        assert_eq!(highest_priority(&settings), 50);
        assert_eq!(highest_priority(&AdmissionSettings::default()), 4);
    }
}
