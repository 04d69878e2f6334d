//! Compares recordings of the reference with what the simulator computes.

use blis_playground::ConfigError;
use blis_playground::golden::{self, Difference};
use blis_playground::latency::check;
use serde_json::Value;

/// How a recording compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Values compared.
    pub compared: usize,
    /// Place, expected and computed value of each difference, as text.
    pub differences: Vec<String>,
}

impl Comparison {
    /// Whether everything agreed, and there was something to agree on.
    pub fn agrees(&self) -> bool {
        self.compared > 0 && self.differences.is_empty()
    }
}

impl From<check::Report> for Comparison {
    fn from(report: check::Report) -> Self {
        let differences = report.differences.iter().map(ToString::to_string).collect();
        Self { compared: report.compared, differences }
    }
}

/// Compares recorded step times.
pub fn check_step_times(text: &str) -> Result<Comparison, ConfigError> {
    check::check_step_times(text).map(Comparison::from)
}

/// Compares recorded block counts and maximum lengths.
pub fn check_kv_capacity(text: &str) -> Result<Comparison, ConfigError> {
    check::check_kv_capacity(text).map(Comparison::from)
}

/// Compares a recorded case.
pub fn check_case(text: &str) -> Result<Comparison, ConfigError> {
    let differences = golden::check_case(text)?;
    Ok(Comparison { compared: recorded_values(text), differences: differences.iter().map(line).collect() })
}

/// Number of values that a case records: a file that records nothing must not count as agreement.
fn recorded_values(text: &str) -> usize {
    serde_json::from_str::<Value>(text).map_or(0, |case| leaves(&case["expected"]))
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(members) => members.values().map(leaves).sum(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

fn line(difference: &Difference) -> String {
    let Difference { column, index, expected, got } = difference;
    let index = index.map_or_else(String::new, |index| format!("[{index}]"));
    format!("{column}{index}: expected {expected}, got {got}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_records_nothing_has_nothing_to_agree_on() {
        for text in
            [r#"{"expected": {}}"#, r#"{"expected": {"requests": {"ttft_us": []}}}"#, "{}", "nonsense"]
        {
            assert_eq!(recorded_values(text), 0, "{text}");
        }
        assert_eq!(
            recorded_values(r#"{"expected": {"requests": {"ttft_us": [1, null, 3]}, "name": "x"}}"#),
            3
        );
    }
}
