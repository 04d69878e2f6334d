//! The admission policies (C-7), and the budgets of tenants before them (policy-bundle chapter, P-5).

use super::queue::importance;
use super::request::Request;
use super::view::Seen;
use blis_playground::Config;
use blis_playground::config::{AdmissionPolicyName, AdmissionSettings};
use blis_playground::record::{RejectionReason, RequestState};

/// The bucket of C-7.1.
#[derive(Debug)]
pub struct Bucket {
    level: f64,
    last: i64,
}

impl Bucket {
    pub fn full(settings: &AdmissionSettings) -> Self {
        Self { level: settings.token_bucket_capacity, last: 0 }
    }

    fn take(&mut self, settings: &AdmissionSettings, time: i64, tokens: u32) -> bool {
        let elapsed = time - self.last;
        if elapsed > 0 {
            let refill = elapsed as f64 * settings.token_bucket_refill_rate / 1_000_000.0;
            self.level = settings.token_bucket_capacity.min(self.level + refill);
            self.last = time;
        }
        let enough = self.level >= f64::from(tokens);
        if enough {
            self.level -= f64::from(tokens);
        }
        enough
    }
}

/// Whether a request of this class is refused because its tenant has too much in flight (P-5).
pub fn is_over_budget(config: &Config, requests: &[Request], row: usize, class: &str) -> bool {
    let tenant = &requests[row].tenant;
    let Some(budget) = config.admission.tenant_budgets.get(tenant).filter(|_| !tenant.is_empty()) else {
        return false;
    };
    let is_used = |request: &&Request| {
        let ended = matches!(
            request.state,
            RequestState::Completed
                | RequestState::LengthCapped
                | RequestState::TimedOut
                | RequestState::Dropped
                | RequestState::Lost
        );
        request.tenant == *tenant && request.routed_at.is_some() && !ended
    };
    let used = requests.iter().filter(is_used).count();
    let slots = config.cluster.num_instances * config.instance.max_num_running_reqs;
    used as f64 > budget * f64::from(slots) && importance(&config.admission, class) < 0
}

/// Why a request of this class and length is refused, if it is.
pub fn refusal(
    settings: &AdmissionSettings,
    bucket: &mut Bucket,
    view: &[Seen],
    time: i64,
    class: &str,
    input: u32,
) -> Option<RejectionReason> {
    let priority = importance(settings, class) as i32;
    match settings.policy {
        AdmissionPolicyName::AlwaysAdmit => None,
        AdmissionPolicyName::RejectAll => Some(RejectionReason::RejectAll),
        AdmissionPolicyName::TokenBucket => {
            (!bucket.take(settings, time, input)).then_some(RejectionReason::InsufficientTokens)
        }
        AdmissionPolicyName::TierShed => {
            let load = view.iter().map(Seen::load).max().unwrap_or(0);
            let min = settings.tier_shed_min_priority;
            (load > settings.tier_shed_threshold && priority < min).then(|| RejectionReason::TierShed {
                priority,
                min,
                load: u64::from(load),
            })
        }
        AdmissionPolicyName::GaieLegacy => {
            if priority >= 0 {
                return None;
            }
            let mut total = 0.0;
            for seen in view {
                let queue = f64::from(seen.queue_depth) / settings.gaie_qd_threshold;
                total += queue.max(seen.utilization / settings.gaie_kv_threshold);
            }
            let saturation = if view.is_empty() { 1.0 } else { total / view.len() as f64 };
            (saturation >= 1.0).then_some(RejectionReason::GaieSaturated { saturation })
        }
    }
}
