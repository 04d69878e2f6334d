//! What can be wrong with an input: always a place, a value and what would have been right.

use crate::text::{MOST_IN_MESSAGE, MOST_QUOTED, short_path, up_to};
use serde::Serialize;
use std::fmt::Display;

/// A setting that cannot be used.
///
/// `path` names the field as in the JSON form of the configuration (`routing.scorers[1].weight`),
/// `value` repeats what was given, `expected` describes what is valid.
///
/// What is quoted is cut: a value and each part of a path to 80 characters, with "…". Quotations are raw: before they are
/// shown to people, pass them through [`visible`](crate::text::visible).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
pub enum ConfigError {
    /// A single value is outside its range or not one of its choices.
    #[error("{}got {value}, expected {expected}", place(path))]
    #[non_exhaustive]
    Invalid {
        /// Where, as a path into the configuration.
        path: String,
        /// The offending value as text.
        value: String,
        /// The valid range or choices.
        expected: String,
    },
    /// The value is fine by itself but not together with another setting.
    #[error("{}{value} cannot be combined with {other}; expected {expected}", place(path))]
    #[non_exhaustive]
    Conflict {
        /// Where, as a path into the configuration.
        path: String,
        /// The offending value as text.
        value: String,
        /// The other setting and its value.
        other: String,
        /// What would be consistent.
        expected: String,
    },
    /// The model's weights and overheads leave no room for KV blocks (kv-capacity chapter, K-5).
    #[error(
        "model.tp: got {value}, but the model needs {needed_gib:.2} GiB (weights {weights_gib:.2}, activations \
         {activations_gib:.2}, other {other_gib:.2}) and only {available_gib:.2} GiB are usable ({value} × \
         {memory_gib} GiB at {utilization_percent}%); expected {}",
        self.expected()
    )]
    DoesNotFit {
        /// GPUs per instance.
        value: u32,
        /// Memory of one GPU.
        memory_gib: Gib,
        /// Weights, activations and overheads of the instance.
        needed_gib: Gib,
        /// The weights' part of it.
        weights_gib: Gib,
        /// The activations' part of it.
        activations_gib: Gib,
        /// The rest of it.
        other_gib: Gib,
        /// Memory that the instance may use.
        available_gib: Gib,
        /// The memory fraction in whole percent.
        utilization_percent: u32,
        /// Smallest number of GPUs that would do; `None` if no number would.
        minimum_gpus: Option<u32>,
    },
    /// The text is not a configuration at all (bad JSON or YAML, a value of the wrong type).
    #[error("{}{message}", place(path))]
    #[non_exhaustive]
    Malformed {
        /// Where, if the parser reports it.
        path: String,
        /// The parser's message.
        message: String,
    },
}

/// A path in front of a message; the whole text has none.
fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

/// A memory size in GiB, kept in millionths so that errors stay comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Gib(pub u64);

impl Gib {
    /// Rounds a size in GiB to millionths.
    pub fn from_gib(gib: f64) -> Self {
        Self((gib * 1e6).round() as u64)
    }
}

impl std::fmt::Display for Gib {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let gib = self.0 as f64 / 1e6;
        match f.precision() {
            Some(precision) => write!(f, "{gib:.precision$}"),
            None => write!(f, "{gib}"),
        }
    }
}

impl ConfigError {
    /// A value outside its range.
    #[allow(clippy::needless_pass_by_value, reason = "numbers and texts alike are given as they are")]
    pub fn invalid(path: impl Into<String>, value: impl Display, expected: impl Display) -> Self {
        Self::Invalid {
            path: short_path(path.into()),
            value: up_to(MOST_QUOTED, value),
            expected: up_to(MOST_IN_MESSAGE, expected),
        }
    }

    /// A value that contradicts another setting.
    #[allow(clippy::needless_pass_by_value, reason = "numbers and texts alike are given as they are")]
    pub fn conflict(
        path: impl Into<String>,
        value: impl Display,
        other: impl Display,
        expected: impl Display,
    ) -> Self {
        Self::Conflict {
            path: short_path(path.into()),
            value: up_to(MOST_QUOTED, value),
            other: up_to(MOST_IN_MESSAGE, other),
            expected: up_to(MOST_IN_MESSAGE, expected),
        }
    }

    /// A text that is not of the form that it should have; the path of a whole document is empty.
    #[allow(clippy::needless_pass_by_value, reason = "errors and texts alike are given as they are")]
    pub fn malformed(path: impl Into<String>, message: impl Display) -> Self {
        Self::Malformed { path: short_path(path.into()), message: up_to(MOST_IN_MESSAGE, message) }
    }

    /// The place of the offending setting in the configuration.
    pub fn path(&self) -> &str {
        match self {
            Self::Invalid { path, .. } | Self::Conflict { path, .. } | Self::Malformed { path, .. } => path,
            Self::DoesNotFit { .. } => "model.tp",
        }
    }

    /// The offending value as text.
    pub fn value(&self) -> String {
        match self {
            Self::Invalid { value, .. } | Self::Conflict { value, .. } => value.clone(),
            Self::DoesNotFit { value, .. } => value.to_string(),
            Self::Malformed { .. } => String::new(),
        }
    }

    /// What would have been valid.
    pub fn expected(&self) -> String {
        match self {
            Self::Invalid { expected, .. } => expected.clone(),
            Self::Conflict { other, expected, .. } => format!("{expected} (with {other})"),
            Self::DoesNotFit { minimum_gpus: Some(n), .. } => format!("at least {n} GPUs per instance"),
            Self::DoesNotFit { minimum_gpus: None, .. } => "a GPU with more memory".to_owned(),
            Self::Malformed { message, .. } => message.clone(),
        }
    }
}
