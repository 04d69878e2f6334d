//! Traces and workload specifications, text in and text out.

use super::values::{self, config_from_js, config_to_js, record, to_js};
use super::{Problem, RunResult, js_error};
use crate::config::Config;
use crate::config::workload_spec::WorkloadSpec;
use crate::formats::trace::{MAX_DATA_BYTES, Mode, TraceFiles};
use crate::formats::yaml::MAX_BYTES as MAX_YAML_BYTES;
use crate::lessons::{self, Lesson};
use crate::outcome::print;
use crate::settings::policy::{self, Policies};
use crate::settings::saved::{self, Saved};
use crate::workload;
use crate::workload::specification::from_yaml;
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// A configuration with the requests of a trace in place of its workload. The header may be empty. The
/// configuration keeps its horizon, if any; its latency targets hold before those of the header.
///
/// @throws {ConfigError} if the trace cannot be read: with line, column and field
#[wasm_bindgen(js_name = importTrace, unchecked_return_type = "CompleteConfig")]
pub fn import_trace(
    #[wasm_bindgen(unchecked_param_type = "string")] header: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] data: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsValue, Error> {
    let config = config_from_js(&config)?;
    let replay = workload::replay(
        &values::text("header", &header, MAX_YAML_BYTES)?,
        &values::text("data", &data, MAX_DATA_BYTES)?,
    )
    .map_err(|error| js_error(&error))?;
    config_to_js(&replay.applied_to(&config))
}

/// Runs a configuration and gives its requests, and what became of them, as a trace.
///
/// @throws {ConfigError} if the configuration cannot be used
#[wasm_bindgen(js_name = exportTrace, unchecked_return_type = "TraceText")]
pub fn export_trace(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsValue, Error> {
    Ok(super::simulate(config)?.trace())
}

#[wasm_bindgen(js_class = Result)]
impl RunResult {
    /// The requests and what became of them as a trace.
    #[wasm_bindgen(unchecked_return_type = "TraceText")]
    pub fn trace(&self) -> JsValue {
        let listed = self.config.workload.requests.is_some();
        let mode = if listed { Mode::Replayed } else { Mode::Generated };
        let TraceFiles { header, data } = print::trace::export(&self.outcome, &self.config, mode);
        record([("header", header.into()), ("data", data.into())])
    }
}

/// The settings of a file in JSON, as pairs: a configuration, results of the page, or a workload specification, which
/// replaces the workload of the given configuration.
///
/// @throws {ConfigError} if it cannot be read
#[wasm_bindgen(js_name = importSettings, unchecked_return_type = "[string, string][]")]
pub fn import_settings(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsValue, Error> {
    let config = match saved::read(&values::text("text", &text, saved::MAX_BYTES)?)
        .map_err(|error| js_error(&error))?
    {
        Saved::Settings(config) => *config,
        Saved::Specification(spec) => with_spec(config_from_js(&config)?, *spec),
    };
    to_js(&config.to_pairs())
}

fn with_spec(mut config: Config, spec: WorkloadSpec) -> Config {
    config.workload.spec = Some(spec);
    config.workload.requests = None;
    config.workload.concurrency = 0;
    config
}

/// A configuration whose workload is replaced by a specification in YAML (or JSON).
///
/// @throws {ConfigError} if it cannot be read
#[wasm_bindgen(js_name = importWorkloadSpec, unchecked_return_type = "CompleteConfig")]
pub fn import_workload_spec(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsValue, Error> {
    let config = config_from_js(&config)?;
    let text = values::text("text", &text, MAX_YAML_BYTES)?;
    config_to_js(&with_spec(config, from_yaml(&text).map_err(|error| js_error(&error))?))
}

/// A configuration with the decisions of a policy file (YAML), and what is odd about the file.
///
/// @throws {ConfigError} if it cannot be read, by the names of the file
#[wasm_bindgen(js_name = importPolicy, unchecked_return_type = "{ config: CompleteConfig; remarks: string[] }")]
pub fn import_policy(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<JsValue, Error> {
    let config = config_from_js(&config)?;
    let text = values::text("text", &text, MAX_YAML_BYTES)?;
    let Policies { config, remarks, .. } =
        policy::from_yaml(&config, &text).map_err(|error| js_error(&error))?;
    Ok(record([("config", config_to_js(&config)?), ("remarks", to_js(&remarks)?)]))
}

/// The specification of a configuration as YAML; `undefined` if it has none.
///
/// @throws {ConfigError} if it is no configuration
#[wasm_bindgen(js_name = exportWorkloadSpec)]
pub fn export_workload_spec(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<Option<String>, Error> {
    let config = config_from_js(&config)?;
    Ok(config.workload.spec.as_ref().map(WorkloadSpec::to_yaml))
}

/// All problems of a lesson in JSON, the page's own or a teacher's; an empty list means that it can be shown and run.
/// `path` is a place in the lesson. Whether its figures exist and its claims hold, only its runs tell.
///
/// @throws {ConfigError} if the argument is no text, or one that is too long
#[wasm_bindgen(js_name = checkLesson, unchecked_return_type = "Problem[]")]
pub fn check_lesson(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
) -> Result<JsValue, Error> {
    let text = values::text("text", &text, lessons::MAX_BYTES)?;
    let problems = match Lesson::from_json(&text) {
        Ok(lesson) => lessons::check::problems(&lesson),
        Err(problem) => vec![problem],
    };
    to_js(&problems.iter().map(Problem::from).collect::<Vec<_>>())
}
