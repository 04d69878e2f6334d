//! How a file is to be read.

use super::format::Format;
use super::mapping::Mapping;
use super::shape::Shape;
use super::slices::Slices;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a file is to be read. Without anything, all is found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Options {
    /// Its format; `null` = found out.
    pub format: Option<Format>,
    /// What its columns hold; `null` = as the format says, or by their names.
    pub mapping: Option<Mapping>,
    /// How a table is written.
    pub shape: Shape,
    /// Answers to questions, by their ids.
    pub answers: BTreeMap<String, String>,
    /// The header of a trace of ours, YAML.
    pub header: Option<String>,
    /// Slices, of which those that leave rows out are applied while reading if the file has more rows than are kept.
    pub slices: Slices,
}
