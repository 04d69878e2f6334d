//! Parts of cases with pools and with virtual users.

use crate::config::{LatencyModelName, PoolOverrides, ScorerName, WeightedScorer};
use serde::Deserialize;
use serde_json::Value;

/// What is different in a pool.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOverrides {
    hardware: Option<String>,
    tp: Option<u32>,
    latency_model: Option<LatencyModelName>,
    max_model_len: Option<u32>,
}

impl CaseOverrides {
    /// The same as settings have it, with the scorers of the pool.
    pub fn overrides(&self, list: Option<&Vec<(ScorerName, f64)>>) -> PoolOverrides {
        PoolOverrides {
            hardware: self.hardware.clone(),
            tp: self.tp,
            latency_model: self.latency_model,
            max_model_len: self.max_model_len,
            scorers: scorers(list),
        }
    }
}

/// Scorers as settings have them.
pub fn scorers(list: Option<&Vec<(ScorerName, f64)>>) -> Option<Vec<WeightedScorer>> {
    list.map(|list| list.iter().map(|&(name, weight)| WeightedScorer { name, weight }).collect())
}

/// Virtual users: the first requests of the list are theirs, the others follow from answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseUsers {
    /// How many there are.
    pub users: usize,
    /// Pause between an answer and the next request.
    pub think_time_us: i64,
    /// That of the list.
    #[serde(rename = "max_requests")]
    _max_requests: u64,
}

/// Puts the steps in the order of runs, by start and instance. Recordings have the order of execution, in which a step may follow at
/// the same time on a lower instance (disaggregation chapter, X9).
pub fn sort_steps(steps: &mut Value) {
    let Value::Object(columns) = steps else { return };
    let numbers = |name: &str| -> Vec<i64> {
        columns.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_i64).collect()
    };
    let (starts, instances) = (numbers("start_us"), numbers("instance"));
    let mut rows: Vec<usize> = (0..starts.len().min(instances.len())).collect();
    rows.sort_by_key(|&row| (starts[row], instances[row]));
    if rows.is_sorted() {
        return;
    }
    for column in columns.values_mut() {
        if let Value::Array(values) = column
            && values.len() == rows.len()
        {
            *values = rows.iter().map(|&row| values[row].take()).collect();
        }
    }
}
