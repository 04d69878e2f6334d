//! The formats of files: what stands in them, not what it means for a run.
//!
//! | module | subject |
//! |---|---|
//! | `json` | JSON text as plain data |
//! | `yaml` | YAML in and out |
//! | `reader` | plain data as typed values |
//! | `csv` | records and fields of a table |
//! | [`trace`] | trace files: a YAML header beside a CSV table |
//! | [`number_to_string`] | numbers as text |

mod csv;
pub(crate) mod json;
mod number;
pub(crate) mod reader;
pub mod trace;
pub(crate) mod yaml;

pub use number::number_to_string;
