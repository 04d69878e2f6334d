//! Recorded behaviour of the reference simulator, and how a run compares with it.
//!
//! The format of the files is described in `tests/golden/README.md`.

mod case;
mod case_parts;
mod case_workload;
mod observed;
mod pooled;

use crate::config::{Config, StreamsName, WorkloadSettings};
use crate::error::ConfigError;
use crate::outcome::Outcome;
use crate::record::TieBreak;
use crate::simulation::{Simulation, simulate};
use crate::workload::specification::from_yaml;
use case::Case;
use observed::Rows;
use serde_json::Value;

/// Largest relative difference of two floats that count as equal.
const TOLERANCE: f64 = 1e-9;

/// Differences that are worth reporting of one file.
const MOST_DIFFERENCES: usize = 1000;

/// A value that differs from the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which column or figure, as a path.
    pub column: String,
    /// Which row of it, if it has rows.
    pub index: Option<usize>,
    /// The recorded value.
    pub expected: String,
    /// Ours.
    pub got: String,
}

/// Runs a case file (`cluster-golden/1`) and returns where the outcome differs from the recording: every column
/// and figure of `expected`, and the routing ties.
///
/// # Errors
/// The file is not of this format, or its configuration cannot be run.
pub fn check_case(text: &str) -> Result<Vec<Difference>, ConfigError> {
    let case = Case::parse(text)?;
    let config = case.config();
    let mut simulation = Simulation::with_recorded_ties(&config, &case.tie_breaks()?)?;
    let mut found = Vec::new();
    if let Some(instances) = case.instances() {
        compare("config.instances", instances, &pooled::instances(&config, &simulation), &mut found);
    }
    simulation.run_to_end();
    found.extend(differences(&case, &simulation.finish())?);
    Ok(found)
}

/// The same for a run whose requests are drawn anew, from the specification that the recorded ones were drawn from; `None` for a
/// case without one.
///
/// # Errors
/// As [`check_case`].
pub fn check_case_from_specification(text: &str) -> Result<Option<Vec<Difference>>, ConfigError> {
    let case = Case::parse(text)?;
    let Some(spec) = case.specification() else { return Ok(None) };
    let mut config = case.config();
    config.streams = StreamsName::Reference;
    config.workload =
        WorkloadSettings { spec: Some(from_yaml(&spec.to_string())?), ..WorkloadSettings::default() };
    differences(&case, &simulate(&config)?).map(Some)
}

fn differences(case: &Case, outcome: &Outcome) -> Result<Vec<Difference>, ConfigError> {
    let mut differences = Vec::new();
    let rows = Rows::new(outcome, case.ids());
    compare_members("workload", &case.follow_ups(), &observed::workload(outcome, &rows), &mut differences);
    compare(
        "tie_breaks",
        &case.tie_breaks,
        &observed::tie_breaks(outcome, &rows, case.own_scorers()),
        &mut differences,
    );
    let got = observed::expected(outcome, &case.expected, &rows);
    if let Some(path) = first_unknown("", &case.expected, &got) {
        return Err(ConfigError::malformed(
            format!("expected.{path}"),
            "not a section or column of this format",
        ));
    }
    compare_members("", &case.expected, &got, &mut differences);
    Ok(differences)
}

/// The configuration of a case file, its requests included, and how its routing ties fell.
///
/// # Errors
/// The file is not of this format, or its configuration cannot be used.
pub fn case_setup(text: &str) -> Result<(Config, Vec<TieBreak>), ConfigError> {
    let case = Case::parse(text)?;
    Ok((case.config(), case.tie_breaks()?))
}

/// Compares two values; the members of objects and the elements of lists each for itself.
fn compare(path: &str, expected: &Value, got: &Value, differences: &mut Vec<Difference>) {
    match (expected, got) {
        (Value::Object(_), Value::Object(_)) => compare_members(path, expected, got, differences),
        (Value::Array(expected), Value::Array(got)) => {
            if expected.len() != got.len() {
                differences.push(Difference {
                    column: format!("{path}.length"),
                    index: None,
                    expected: expected.len().to_string(),
                    got: got.len().to_string(),
                });
            }
            for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
                if differences.len() >= MOST_DIFFERENCES {
                    return;
                }
                if !equal(expected, got) {
                    differences.push(Difference {
                        column: path.to_owned(),
                        index: Some(index),
                        expected: expected.to_string(),
                        got: got.to_string(),
                    });
                }
            }
        }
        _ if equal(expected, got) => {}
        _ => differences.push(Difference {
            column: path.to_owned(),
            index: None,
            expected: expected.to_string(),
            got: got.to_string(),
        }),
    }
}

fn compare_members(path: &str, expected: &Value, got: &Value, differences: &mut Vec<Difference>) {
    let (Value::Object(expected), Value::Object(got)) = (expected, got) else { return };
    let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
    for (key, value) in expected {
        compare(&format!("{prefix}{key}"), value, got.get(key).unwrap_or(&Value::Null), differences);
    }
    // Where the recording has names as keys, ours must have no others.
    for (key, value) in got.iter().filter(|(key, _)| path_is_named(path) && !expected.contains_key(*key)) {
        differences.push(Difference {
            column: format!("{prefix}{key}"),
            index: None,
            expected: "absent".to_owned(),
            got: value.to_string(),
        });
    }
}

/// The first section or column of a recording that no run can have: what cannot be compared must not count as agreeing.
fn first_unknown(path: &str, expected: &Value, got: &Value) -> Option<String> {
    let (Value::Object(expected), Value::Object(got)) = (expected, got) else { return None };
    expected.iter().find_map(|(key, value)| {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match got.get(key) {
            Some(got) => first_unknown(&path, value, got),
            None => {
                Some(path).filter(|path| !path_is_named(path.rsplit_once('.').map_or("", |(above, _)| above)))
            }
        }
    })
}

/// Objects whose keys are names of classes or instances rather than of columns.
fn path_is_named(path: &str) -> bool {
    matches!(
        path,
        "per_slo"
            | "counters.shed_by_class"
            | "counters.injected_by_class"
            | "trace_summary.target_distribution"
    )
}

/// Integers must be equal, floats within the tolerance, everything else the same.
fn equal(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            _ => match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()),
                _ => a == b,
            },
        },
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        _ => expected == got,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn differences(expected: &Value, got: &Value) -> usize {
        let mut differences = Vec::new();
        compare("", expected, got, &mut differences);
        differences.len()
    }

    #[test]
    fn integers_are_compared_exactly_and_floats_within_the_tolerance() {
        assert_eq!(differences(&json!(1_000_000_000_000_i64), &json!(1_000_000_000_001_i64)), 1);
        assert_eq!(differences(&json!(1.5), &json!(1.500_000_000_1)), 0);
        assert_eq!(differences(&json!(1.5), &json!(1.500_000_01)), 1);
        assert_eq!(differences(&json!(5), &json!(5.0)), 0);
        assert_eq!(differences(&json!(null), &json!(0)), 1);
    }

    #[test]
    fn every_wrong_row_and_every_missing_column_is_reported() {
        assert_eq!(differences(&json!({"a": [1, 2, 3]}), &json!({"a": [1, 9, 9]})), 2);
        assert_eq!(differences(&json!({"a": [1], "b": 3}), &json!({"a": [1]})), 1);
        assert_eq!(differences(&json!({"a": [1, 2]}), &json!({"a": [1]})), 1);
    }

    #[test]
    fn an_unknown_file_is_refused_with_a_reason() {
        assert!(check_case("").is_err());
        assert!(check_case("{\"format\": \"something/9\"}").is_err());
        assert!(check_case("[1, 2").is_err());
    }
}
