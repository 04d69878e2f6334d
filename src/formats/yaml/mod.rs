//! YAML in and out.
//!
//! [`read`] is a small strict reader for what traces, specifications and policy bundles are written in, the same for
//! page and command line. It exists because a whole YAML parser is larger than the rest of the WebAssembly module's
//! reading code together. Aliases are copied within limits, so that no small text becomes a large structure. Texts of
//! several lines, tags and several documents are refused: no value of these files needs them.

mod anchors;
mod node;
mod parser;
mod scalar;
mod writer;

pub(crate) use writer::{Item, write};

use crate::error::ConfigError;
use crate::formats::reader;
use crate::text::without_mark;
use node::Node;
pub(crate) use node::TextKeys;
use serde::de::DeserializeOwned;

/// Longest YAML text that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 4 << 20;

/// Most scalars, lists and maps of a text: an ordinary specification has hundreds.
const MAX_NODES: usize = 200_000;

/// Deepest nesting.
const MAX_DEPTH: usize = 16;

/// Reads one document of the subset: block and flow maps and lists, plain and quoted scalars on one line, anchors,
/// aliases and merged maps, comments.
///
/// # Errors
/// [`ConfigError::Malformed`] with the path of the offending key below `root`, and line and column in the message.
pub(crate) fn read<T: DeserializeOwned>(text: &str, root: &str) -> Result<T, ConfigError> {
    read_with_texts(text, root, TextKeys::default())
}

/// The same, with keys whose values are texts.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_with_texts<T: DeserializeOwned>(
    text: &str,
    root: &str,
    texts: TextKeys,
) -> Result<T, ConfigError> {
    check_size(text, root)?;
    let text = without_mark(text);
    let node = parser::parse(text).map_err(|error| {
        ConfigError::malformed(root, format!("{}: {}", place(text, error.at), error.message))
    })?;
    let value = node.value(texts);
    reader::read_owned(&value).map_err(|mismatch| {
        let message = match mismatch.value_in(&value).as_str() {
            Some(word) if scalar::is_not_finite(word) => format!("{word} is no finite number"),
            _ => in_plain_words(&mismatch.message),
        };
        let place = place(text, Node::at_steps(&node, mismatch.outside_in()));
        ConfigError::malformed(join(root, &mismatch.path()), format!("{place}: {message}"))
    })
}

/// A message that says what kind of number is expected instead of its type.
fn in_plain_words(message: &str) -> String {
    let kinds = [("u64", "a whole number of at least 0"), ("i64", "a whole number"), ("f64", "a number")];
    let said = kinds.iter().find_map(|(kind, words)| {
        let before = message.strip_suffix(kind)?.strip_suffix("expected ")?;
        Some(format!("{before}expected {words}"))
    });
    said.unwrap_or_else(|| message.to_owned())
}

/// Refuses texts that are too long.
fn check_size(text: &str, root: &str) -> Result<(), ConfigError> {
    if text.len() <= MAX_BYTES {
        return Ok(());
    }
    let expected = format!("at most {MAX_BYTES} bytes of YAML");
    Err(ConfigError::invalid(root, format!("{} bytes", text.len()), expected))
}

/// A path below a root.
fn join(root: &str, path: &str) -> String {
    match path {
        "" | "." => root.to_owned(),
        path if root.is_empty() => path.to_owned(),
        path => format!("{root}.{path}"),
    }
}

/// `line 3, column 5` of a byte of a text.
fn place(text: &str, at: usize) -> String {
    let before = &text[..at.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_job_file_of_ours_reads_as_others_read_it() {
        let text = include_str!("../../../examples/jobs/kubernetes.yaml");
        let job: Value = read(text, "job").expect("YAML of the subset");
        assert_eq!(job["kind"], "Job");
        assert_eq!(job, serde_saphyr::from_str::<Value>(text).expect("YAML"));
    }
}
