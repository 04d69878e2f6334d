//! The whole of YAML, within limits.

use super::{MAX_DEPTH, MAX_NODES, check_size, join};
use crate::error::ConfigError;
use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Options};

/// Reads one YAML (or JSON) document. Aliases are expanded within limits, so that a small text cannot become a large
/// structure.
///
/// # Errors
/// [`ConfigError::Malformed`] with the path of the offending key below `root` and, in the message, line and column.
pub(crate) fn read<T: DeserializeOwned>(text: &str, root: &str) -> Result<T, ConfigError> {
    check_size(text, root)?;
    let mut path = String::new();
    let parsed = serde_saphyr::with_deserializer_from_str_with_options(text, options(), |deserializer| {
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            path = error.path().to_string();
            error.into_inner()
        })
    });
    parsed.map_err(|error: Error| ConfigError::Malformed {
        path: join(root, &path),
        message: error.to_string(),
    })
}

/// The limits of the parser.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: MAX_NODES,
            max_documents: 1,
            max_depth: MAX_DEPTH,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_NODES,
            max_replay_stack_depth: 8,
        },
        with_snippet: false,
    }
}
