//! Reading a specification from YAML.

use super::WorkloadSpec;
use crate::error::ConfigError;
use serde_saphyr::{Error, Options};

/// Longest specification that is read, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// Most scalars, lists and maps, and most of them repeated through aliases: an ordinary specification has
/// hundreds, an alias bomb has billions.
const MAX_NODES: usize = 200_000;

/// Reads one YAML (or JSON) document. Unknown keys are errors; aliases are expanded within limits, so that a
/// small text cannot become a large structure.
///
/// # Errors
///
/// [`ConfigError::Malformed`] with the path of the offending key and, in the message, line and column.
pub fn from_yaml(text: &str) -> Result<WorkloadSpec, ConfigError> {
    if text.len() > MAX_BYTES {
        return Err(ConfigError::invalid(
            "workload.spec",
            format!("{} bytes", text.len()),
            format!("at most {MAX_BYTES} bytes of YAML"),
        ));
    }
    let mut path = String::new();
    let parsed = serde_saphyr::with_deserializer_from_str_with_options(text, options(), |deserializer| {
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            path = error.path().to_string();
            error.into_inner()
        })
    });
    parsed.map_err(|error| malformed(&path, &error))
}

/// The limits of the parser.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: MAX_NODES,
            max_documents: 1,
            max_depth: 16,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_NODES,
            max_replay_stack_depth: 8,
        },
        with_snippet: false,
    }
}

/// The parser's complaint at its place in the specification.
fn malformed(path: &str, error: &Error) -> ConfigError {
    let path = if path.is_empty() || path == "." {
        "workload.spec".to_owned()
    } else {
        format!("workload.spec.{path}")
    };
    ConfigError::Malformed { path, message: error.to_string() }
}
