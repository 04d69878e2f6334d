//! Rows that are not kept, counted by reason (TR-1).

use crate::text::{MOST_QUOTED, up_to};
use serde::Serialize;

/// Rows that were dropped for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub struct Dropped {
    /// Why, as in `input tokens: not a number`.
    pub reason: String,
    /// How many.
    pub rows: u64,
    /// Line of the first; of a list in JSON the place of its entry, from 1.
    pub first_line: u64,
    /// What the first has in that place.
    pub value: String,
    /// How they can be kept, if they can.
    pub kept_if: Option<&'static str>,
}

/// Why a row is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// The column in words; may be empty.
    pub what: &'static str,
    pub why: &'static str,
    pub kept_if: Option<&'static str>,
}

impl Reason {
    pub const fn new(why: &'static str) -> Self {
        Self { what: "", why, kept_if: None }
    }

    pub const fn of(what: &'static str, why: &'static str) -> Self {
        Self { what, why, kept_if: None }
    }

    pub const fn kept_if(self, kept_if: &'static str) -> Self {
        Self { kept_if: Some(kept_if), ..self }
    }
}

/// All that was dropped.
#[derive(Clone, Debug, Default)]
pub(super) struct Drops {
    list: Vec<(Reason, Dropped)>,
}

impl Drops {
    pub fn add(&mut self, line: u64, reason: Reason, value: &[u8]) {
        self.add_rows(1, line, reason, value);
    }

    /// Adds several rows, of which the first is in this line.
    pub fn add_rows(&mut self, rows: u64, line: u64, reason: Reason, value: &[u8]) {
        if let Some((_, dropped)) = self.list.iter_mut().find(|(known, _)| *known == reason) {
            dropped.rows += rows;
            return;
        }
        let words = match reason.what {
            "" => reason.why.to_owned(),
            what => format!("{what}: {}", reason.why),
        };
        let value = up_to(MOST_QUOTED, String::from_utf8_lossy(&value[..value.len().min(400)]));
        let dropped = Dropped { reason: words, rows, first_line: line, value, kept_if: reason.kept_if };
        self.list.push((reason, dropped));
    }

    pub fn rows(&self) -> u64 {
        self.list.iter().map(|(_, dropped)| dropped.rows).sum()
    }

    /// In order of the first.
    pub fn into_list(self) -> Vec<Dropped> {
        self.list.into_iter().map(|(_, dropped)| dropped).collect()
    }

    /// In words, for an error.
    pub fn in_words(&self) -> String {
        let words = |dropped: &Dropped| {
            let Dropped { reason, rows, first_line, value, .. } = dropped;
            format!("{rows} × {reason} (first in line {first_line}: \"{value}\")")
        };
        self.list.iter().map(|(_, dropped)| words(dropped)).collect::<Vec<_>>().join("; ")
    }
}
