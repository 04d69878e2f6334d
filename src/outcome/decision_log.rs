//! The decision trace in short (metrics chapter, M-7; routing chapter, R-10).

use super::Outcome;
use crate::order;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Counts over admission decisions; targets and regret over routing decisions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct DecisionSummary {
    /// Admission decisions.
    pub total_decisions: u64,
    /// Admitted among them.
    pub admitted: u64,
    /// Rejected among them.
    pub rejected: u64,
    /// Instances that were chosen at least once.
    pub unique_targets: u64,
    /// How often each of those was chosen, by name as text.
    pub target_distribution: BTreeMap<String, u64>,
    /// Mean regret over routing decisions; 0 if there are none.
    pub mean_regret: f64,
    /// Largest regret; 0 if there are no routing decisions.
    pub max_regret: f64,
}

/// Summarises the decisions of a run.
pub fn summarize_decisions(outcome: &Outcome) -> DecisionSummary {
    let gateway = &outcome.gateway;
    let mut chosen = vec![0u64; outcome.instances.len()];
    for &row in gateway.routing_order.iter().filter(|&&row| !outcome.is_apart(row)) {
        if let Some(count) = chosen.get_mut(outcome.records.instance[row].index()) {
            *count += 1;
        }
    }
    let named = chosen.into_iter().enumerate().filter(|(_, count)| *count > 0);
    let target_distribution: BTreeMap<String, u64> =
        order::map_of(named.map(|(instance, count)| (format!("instance_{instance}"), count)));
    DecisionSummary {
        total_decisions: gateway.admission_decisions,
        admitted: gateway.admission_decisions - gateway.rejected,
        rejected: gateway.rejected,
        unique_targets: target_distribution.len() as u64,
        target_distribution,
        mean_regret: mean_regret(outcome),
        max_regret: gateway.regret_max,
    }
}

/// Sum of regrets in decision order over routing decisions; 0 if there are none.
pub(super) fn mean_regret(outcome: &Outcome) -> f64 {
    // The choice of a decode instance is no record of its own where a request is in two parts (disaggregation chapter, D-12).
    let apart = outcome.pools.as_ref().map_or(0, |pools| pools.apart.len());
    let decisions = outcome.gateway.routing_order.len() - apart;
    if decisions == 0 { 0.0 } else { outcome.gateway.regret_sum / decisions as f64 }
}

impl fmt::Display for DecisionSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "=== Trace Summary ===")?;
        writeln!(f, "Total Decisions: {}", self.total_decisions)?;
        writeln!(f, "  Admitted: {}", self.admitted)?;
        writeln!(f, "  Rejected: {}", self.rejected)?;
        writeln!(f, "Unique Targets: {}", self.unique_targets)?;
        writeln!(f, "Target Distribution:")?;
        for (target, count) in &self.target_distribution {
            writeln!(f, "  {target}: {count}")?;
        }
        writeln!(f, "Mean Regret: {:.6}", self.mean_regret)?;
        writeln!(f, "Max Regret: {:.6}", self.max_regret)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    #[test]
    fn metrics_7_layout() {
        let rows: Vec<RowBuilder> = (0..500)
            .map(|row| {
                // 1727 / 500 = 3.454
                let regret = if row == 0 {
                    19.0
                } else if row < 210 {
                    4.0
                } else {
                    3.0
                };
                RowBuilder { instance: row % 4, regret, ..RowBuilder::completed(0, 10, &[]) }
            })
            .collect();
        let mut outcome = outcome(4, &rows);
        outcome.gateway.regret_sum = 1727.0;
        let expected = "=== Trace Summary ===\nTotal Decisions: 500\n  Admitted: 500\n  Rejected: 0\n\
            Unique Targets: 4\nTarget Distribution:\n  instance_0: 125\n  instance_1: 125\n  instance_2: 125\n  \
            instance_3: 125\nMean Regret: 3.454000\nMax Regret: 19.000000\n";
        assert_eq!(summarize_decisions(&outcome).to_string(), expected);
    }

    #[test]
    fn instances_never_chosen_are_absent_and_names_sort_as_text() {
        let rows = [2, 10, 2].map(|instance| RowBuilder { instance, ..RowBuilder::completed(0, 10, &[]) });
        let summary = summarize_decisions(&outcome(12, &rows));
        let targets: Vec<_> =
            summary.target_distribution.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(targets, [("instance_10", 1), ("instance_2", 2)]);
    }

    #[test]
    fn rejected_requests_count_as_decisions_without_a_target() {
        let summary = summarize_decisions(&outcome(1, &[RowBuilder::rejected(0)]));
        assert_eq!((summary.total_decisions, summary.admitted, summary.rejected), (1, 0, 1));
        assert_eq!((summary.unique_targets, summary.mean_regret), (0, 0.0));
    }
}
