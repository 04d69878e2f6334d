//! How settings are named, read, written and checked: one table and the codecs that follow from it.
//!
//! Everything that is read takes one of two ways: a text becomes a JSON value (JSON, YAML), or the typed field of one
//! setting (flags, addresses). One reader turns a JSON value into a configuration, and in a policy bundle into single fields.

mod duration;
mod event_list;
mod field;
mod json;
mod json_schema;
mod pairs;
mod per_class;
pub mod policy;
pub mod saved;
pub mod schema;
pub mod scorer_list;
mod setting_value;
mod validate;

#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(crate) use json::misfit;
pub(crate) use json::misfit_of;
pub use json_schema::json_schema;
pub use validate::Warning;
