//! The formats of files: what stands in them, not what it means for a run.
//!
//! | module | subject |
//! |---|---|
//! | `yaml` | YAML in and out |
//! | `csv` | records and fields of a table |
//! | [`trace`] | trace files: a YAML header beside a CSV table |
//! | [`number_to_string`] | numbers as text |

mod csv;
mod number;
pub mod trace;
pub(crate) mod yaml;

pub use number::number_to_string;
