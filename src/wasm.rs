//! The JavaScript API: nothing but translation.
//!
//! What is wrong with an input is thrown as a `ConfigError` with `code`, `path`, `value` and `expected` beside its message.
#![allow(clippy::missing_errors_doc, reason = "the sentence above holds for all of them")]
#![allow(clippy::needless_pass_by_value, reason = "wasm-bindgen gives JavaScript values so")]

mod catalog;
mod columns;
mod distributions;
mod formats;
mod lists;
mod measurements;
mod models;
mod playback;
mod problem;
mod result;
mod run;
mod settings;
mod sizing;
mod sweep;
mod theory;
mod traces;
mod values;

pub use catalog::{Catalog, CatalogGpu, CatalogModel, Fit, Serving, catalog, fits, serving};
pub use columns::{Column, ColumnName, columns};
pub use formats::{
    check_lesson, export_trace, export_workload_spec, import_policy, import_settings, import_trace,
    import_workload_spec,
};
pub use lists::{has_requests, load_requests, packed_requests, unload_requests, with_rows};
pub use measurements::{JsLatencyFit, read_measurements};
pub use models::{describe_model, read_model};
pub use playback::{JsClusterState, JsPlayback, explain_decision, explain_wait, fork_route};
pub use result::RunResult;
pub use settings::Settings;
pub use sizing::JsSizeSearch;
pub use sweep::JsSweep;
pub use theory::{JsCalibration, calibrate};
pub use traces::{JsTraceReader, JsTraceSlice, JsTraceTable, TraceRoleInfo, trace_formats, trace_roles};

use crate::config::Config;
use crate::settings::schema;
use js_sys::Error;
use problem::js_error;
pub use problem::{Problem, ProblemCode};
pub use run::{Run, estimate, simulate};
use settings::problems_of;
use values::{config_from_js, config_to_js, read_config, record, to_js};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// What `tsify` does not derive from a type.
#[wasm_bindgen(typescript_custom_section)]
const DECLARATIONS: &str = include_str!("wasm/declarations.d.ts");

/// The version of the package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The default configuration, complete.
#[wasm_bindgen(js_name = defaultConfig, unchecked_return_type = "CompleteConfig")]
pub fn default_config() -> Result<JsValue, Error> {
    config_to_js(&Config::default())
}

/// Every setting with its name, range, default and explanation.
#[wasm_bindgen(unchecked_return_type = "Setting[]")]
pub fn schema() -> Result<JsValue, Error> {
    to_js(&schema::settings())
}

/// All problems of a configuration; an empty list means that it can be run. Never throws for what it is given.
#[wasm_bindgen(unchecked_return_type = "Problem[]")]
pub fn validate(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<JsValue, Error> {
    let problems = match read_config(&config) {
        Ok(config) => problems_of(&config),
        Err(error) => vec![Problem::from(&error)],
    };
    to_js(&problems)
}

/// A random seed: 53 random bits of the platform.
///
/// @throws {Error} if the platform has none
#[wasm_bindgen(js_name = newSeed)]
pub fn new_seed() -> Result<f64, Error> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| Error::new(&error.to_string()))?;
    Ok((u64::from_le_bytes(bytes) >> 11) as f64)
}

/// The default configuration with some settings replaced, named by URL key, path or flag. What cannot be read is
/// left out and reported.
///
/// @throws {ConfigError} if these are no pairs
#[wasm_bindgen(js_name = configFromPairs, unchecked_return_type = "ReadPairs")]
pub fn config_from_pairs(
    #[wasm_bindgen(unchecked_param_type = "Pairs")] pairs: JsValue,
) -> Result<JsValue, Error> {
    let Settings { config, rejected } = Settings::new(pairs)?;
    Ok(record([("config", config_to_js(&config)?), ("rejected", to_js(&rejected)?)]))
}

/// The settings that differ from the defaults, by URL key.
///
/// @throws {ConfigError} if it is no configuration
#[wasm_bindgen(js_name = configToPairs, unchecked_return_type = "[string, string][]")]
pub fn config_to_pairs(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsValue, Error> {
    let config = config_from_js(&config)?;
    to_js(&config.to_pairs())
}
