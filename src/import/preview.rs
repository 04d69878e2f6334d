//! What the beginning of a file shows.

use super::format::Format;
use super::mapping::{Mapping, Role};
use super::shape::Shape;
use super::time::TimeUnit;
use serde::Serialize;

/// A format in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct FormatInfo {
    /// What it is called in `Options::format`.
    pub id: Format,
    /// Its name.
    pub name: &'static str,
    /// Whose data it is, and its licence, of public data.
    pub credit: Option<&'static str>,
}

impl From<Format> for FormatInfo {
    fn from(format: Format) -> Self {
        Self { id: format, name: format.name(), credit: format.known().credit }
    }
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Column {
    /// Its name; `#3` if it has none.
    pub name: String,
    /// What it holds.
    pub role: Role,
    /// What its numbers count, of times.
    pub unit: Option<TimeUnit>,
    /// What it probably holds, by its name.
    pub suggested: Role,
}

/// What the beginning of a file shows, before its rows are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Preview {
    /// The format it is read as.
    pub detected: FormatInfo,
    /// Others that would fit.
    pub candidates: Vec<FormatInfo>,
    /// Whether it is gzipped.
    pub is_gzip: bool,
    /// How a table is written.
    pub shape: Option<Shape>,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The first rows, cells in order of the columns, cut to 60 characters.
    pub head: Vec<Vec<String>>,
    /// What the columns hold, in the form in which it can be given again.
    pub mapping: Mapping,
}

impl Default for Preview {
    fn default() -> Self {
        Self {
            detected: Format::Generic.into(),
            candidates: Vec::new(),
            is_gzip: false,
            shape: None,
            columns: Vec::new(),
            head: Vec::new(),
            mapping: Mapping::default(),
        }
    }
}
