//! Budgets of tenants: the share of the cluster that each may keep busy with requests that can be shed (policy-bundle
//! chapter, P-5).

use super::admission::class_priority;
use super::engine::Engine;
use super::run::Advance;
use crate::config::Config;
use crate::instance::Instance;
use crate::latency::LatencyModel;
use crate::units::{Micros, RequestIndex};
use crate::workload::Requests;

/// The budgets of a run, and what is used of them.
#[derive(Clone, Debug)]
pub struct TenantBudgets {
    /// Requests in flight above which a tenant is over its budget, per tenant of the workload.
    limits: Vec<f64>,
    /// Per tenant, its requests that were routed, without those that are known to have ended.
    used: Vec<u64>,
    /// Per class of the workload, whether a tenant that is over its budget loses its requests.
    sheddable: Vec<bool>,
}

impl TenantBudgets {
    /// The budgets of the settings; `None` if they concern no tenant of the workload.
    pub fn new(config: &Config, requests: &Requests) -> Option<Self> {
        let slots = u64::from(config.cluster.num_instances) * u64::from(config.instance.max_num_running_reqs);
        let budgets = &config.admission.tenant_budgets;
        let budget_of = |tenant: &String| budgets.get(tenant).filter(|_| !tenant.is_empty());
        if !requests.tenants.iter().any(|tenant| budget_of(tenant).is_some()) {
            return None;
        }
        let limit = |tenant| budget_of(tenant).map_or(f64::INFINITY, |budget| budget * slots as f64);
        let is_sheddable = |class: &String| class_priority(&config.admission, class) < 0;
        Some(Self {
            limits: requests.tenants.iter().map(limit).collect(),
            used: vec![0; requests.tenants.len()],
            sheddable: requests.classes.iter().map(is_sheddable).collect(),
        })
    }

    /// Whether a request of this class is refused if what is known is all that has happened.
    fn refuse(&self, tenant: u16, class: u16) -> bool {
        let tenant = usize::from(tenant);
        self.sheddable[usize::from(class)] && self.used[tenant] as f64 > self.limits[tenant]
    }
}

impl<L: LatencyModel> Engine<L> {
    /// The instances note every end for the budgets.
    pub(super) fn note_ends(&mut self) {
        if self.budgets.is_some() {
            self.fleet.instances.iter_mut().for_each(Instance::note_ends);
        }
    }

    /// Whether the budget of its tenant refuses a request; only after [`Engine::settle_budgets`].
    pub(super) fn is_over_budget(&self, request: RequestIndex, class: u16) -> bool {
        self.budgets.as_ref().is_some_and(|budgets| budgets.refuse(self.requests.tenant[request], class))
    }

    /// Brings what the tenant of a request uses up to date, if the decision at `now` about it can depend on that. Ends
    /// only lower it, so a tenant that is within its budget without them needs no instance to be looked at.
    pub(super) fn settle_budgets(
        &mut self,
        now: Micros,
        request: RequestIndex,
        class: u16,
        budget: &mut u64,
    ) -> Advance {
        if !self.is_over_budget(request, class) {
            return Advance::Reached;
        }
        let advance = self.bring_forward(now, budget);
        if let Some(budgets) = &mut self.budgets {
            for instance in &mut self.fleet.instances {
                for leg in instance.take_ends() {
                    budgets.used[usize::from(self.requests.tenant[super::legs::request_of(leg)])] -= 1;
                }
            }
        }
        advance
    }

    /// A request has been sent to an instance: from now on it counts.
    pub(super) fn count_routed(&mut self, request: RequestIndex) {
        if let Some(budgets) = &mut self.budgets {
            budgets.used[usize::from(self.requests.tenant[request])] += 1;
        }
    }
}
