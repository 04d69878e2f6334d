//! What is said beside the results.

use serde::Serialize;
use std::fmt;

/// Something odd that does not stop a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The figures may not be those of the intended run.
    Warning(String),
    /// How to read the figures.
    Note(String),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Warning(text) => write!(f, "warning: {text}"),
            Self::Note(text) => write!(f, "note: {text}"),
        }
    }
}

/// Remarks by kind, for programs.
#[derive(Debug, Default, Serialize)]
pub struct Remarks {
    /// The warnings.
    pub warnings: Vec<String>,
    /// The notes.
    pub notes: Vec<String>,
}

impl FromIterator<Remark> for Remarks {
    fn from_iter<Iter: IntoIterator<Item = Remark>>(remarks: Iter) -> Self {
        let mut sorted = Self::default();
        for remark in remarks {
            match remark {
                Remark::Warning(text) => sorted.warnings.push(text),
                Remark::Note(text) => sorted.notes.push(text),
            }
        }
        sorted
    }
}
