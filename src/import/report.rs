//! What is said about a file and about a part of it.

use super::answers::Question;
use super::drops::Dropped;
use super::preview::Preview;
use super::traffic::Traffic;
use serde::Serialize;

/// All that a preview shows of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Report {
    /// What its beginning shows.
    pub preview: Preview,
    /// Rows counted: read = kept + dropped + blank.
    pub counts: Counts,
    /// Rows that were dropped, by reason.
    pub dropped: Vec<Dropped>,
    /// The first kept arrival on the clock of the file, in words: all times count from it.
    pub time_zero: String,
    /// What is asked, with the answers that hold.
    pub questions: Vec<Question>,
    /// What is odd, in words.
    pub warnings: Vec<String>,
    /// What was done, in words.
    pub notes: Vec<String>,
    /// The kept rows in figures.
    pub traffic: Traffic,
    /// The names that filters can ask for, at most 100 of each.
    pub labels: LabelNames,
    /// Whether the slices that leave rows out were applied while reading, because there are too many rows.
    pub sliced_while_reading: bool,
}

/// Rows counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Counts {
    /// Bytes of the file, as it is.
    pub bytes: u64,
    /// Rows, blank lines among them; the line with the names is none.
    pub read: u64,
    /// Rows that became requests.
    pub kept: u64,
    /// Rows that did not.
    pub dropped: u64,
    /// Blank lines.
    pub blank: u64,
    /// Kept rows that are earlier than one before them in the file.
    pub out_of_order: u64,
}

/// Names that occur.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct LabelNames {
    /// SLO classes.
    pub classes: Vec<String>,
    /// Tenants.
    pub tenants: Vec<String>,
    /// Clients: the models of traces that name some.
    pub clients: Vec<String>,
}

/// One step of cutting and scaling.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Step {
    /// The field of `Slices` that it is.
    pub id: &'static str,
    /// What it does, in words.
    pub words: String,
    /// Rows that are left.
    pub rows: u64,
}

/// A part of a trace in figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct SliceReport {
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// What was lost on the way, in words.
    pub notes: Vec<String>,
    /// What is odd, in words.
    pub warnings: Vec<String>,
    /// The rows in figures.
    pub traffic: Traffic,
}
