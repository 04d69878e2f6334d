//! Shares of the tenants and how even they are (metrics chapter, M-6, Per-Tenant Metrics).

use super::Outcome;
use crate::order;
use crate::text::visible;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What one tenant got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct TenantShare {
    /// Completed requests.
    pub requests: u64,
    /// Predetermined output tokens of the completed requests.
    pub tokens: u64,
}

/// The tenants that have a completed request; requests without tenant are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct TenantMetrics {
    /// By tenant name.
    pub tenants: BTreeMap<String, TenantShare>,
    /// Jain's fairness index of the tokens: 1 is even, 1/N is all for one.
    pub jain_fairness_index: f64,
}

/// Shares of the tenants; `None` if no completed request has a tenant.
pub fn tenant_metrics(outcome: &Outcome) -> Option<TenantMetrics> {
    let requests = &outcome.requests;
    let mut shares = vec![TenantShare::default(); requests.tenants.len()];
    for row in outcome.rows().filter(|&row| outcome.is_completed(row)) {
        let share = &mut shares[usize::from(requests.tenant[row])];
        share.requests += 1;
        share.tokens += u64::from(requests.output[row]);
    }
    let named = requests.tenants.iter().zip(shares);
    let served = named.filter(|(name, share)| !name.is_empty() && share.requests > 0);
    let tenants: BTreeMap<String, TenantShare> =
        order::map_of(served.map(|(name, share)| (name.clone(), share)));
    if tenants.is_empty() {
        return None;
    }
    let jain_fairness_index = jain_fairness_index(tenants.values().map(|share| share.tokens));
    Some(TenantMetrics { tenants, jain_fairness_index })
}

/// (sum T)^2 / (N * sum T^2); 1 if all are 0.
pub fn jain_fairness_index(tokens: impl Iterator<Item = u64>) -> f64 {
    let (mut count, mut sum, mut sum_of_squares) = (0.0, 0.0, 0.0);
    for tokens in tokens {
        let tokens = tokens as f64;
        count += 1.0;
        sum += tokens;
        sum_of_squares += tokens * tokens;
    }
    if sum_of_squares == 0.0 { 1.0 } else { sum * sum / (count * sum_of_squares) }
}

impl fmt::Display for TenantMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== Per-Tenant Metrics ===")?;
        for (name, TenantShare { requests, tokens }) in &self.tenants {
            writeln!(f, "  {}: requests={requests}, tokens={tokens}", visible(name))?;
        }
        writeln!(f, "  Jain Fairness Index: {:.4}", self.jain_fairness_index)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    #[test]
    fn metrics_6_jain_examples() {
        let index = |tokens: &[u64]| jain_fairness_index(tokens.iter().copied());
        assert_eq!(index(&[10, 10]), 1.0);
        assert_eq!(index(&[1, 0]), 0.5);
        assert_eq!(format!("{:.4}", index(&[12500, 2500, 5000])), "0.7111");
        assert_eq!(index(&[0, 0]), 1.0);
    }

    #[test]
    fn without_tenants_there_is_no_section() {
        assert_eq!(tenant_metrics(&outcome(1, &[RowBuilder::completed(0, 1, &[])])), None);
        assert_eq!(
            tenant_metrics(&outcome(1, &[RowBuilder { tenant: "alice", ..RowBuilder::queued(0, 0) }])),
            None
        );
    }

    #[test]
    fn tenants_are_sorted_by_name_and_the_unnamed_one_is_ignored() {
        let rows = [
            RowBuilder { tenant: "bob", ..RowBuilder::completed(0, 1, &[1]) },
            RowBuilder { tenant: "alice", ..RowBuilder::completed(0, 1, &[1, 1, 1]) },
            RowBuilder::completed(0, 1, &[1; 9]),
            RowBuilder { tenant: "bob", ..RowBuilder::completed(0, 1, &[1]) },
        ];
        let text = tenant_metrics(&outcome(1, &rows)).expect("two tenants completed").to_string();
        let expected = "=== Per-Tenant Metrics ===\n  alice: requests=1, tokens=4\n  bob: requests=2, tokens=4\n  \
            Jain Fairness Index: 1.0000\n";
        assert_eq!(text, expected);
    }
}
