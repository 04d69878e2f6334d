//! What is wrong with an input, for JavaScript.

use super::values::to_js;
use crate::error::ConfigError;
use crate::settings::schema;
use js_sys::Error;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A problem of a configuration, as data.
#[derive(Clone, Debug, Serialize, tsify::Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct Problem {
    /// What sort of problem.
    pub code: ProblemCode,
    /// Where, as a path into the configuration; the name of the argument if it is another one.
    pub path: String,
    /// The URL key of the setting at which it is to be shown; `null` if it belongs to none.
    #[tsify(type = "string | null")]
    pub key: Option<&'static str>,
    /// The offending value as text.
    pub value: String,
    /// What would have been valid.
    pub expected: String,
    /// All of it in one sentence.
    pub message: String,
}

/// Sorts of problems, for programs: `invalid`, a value outside its range or of the wrong type; `conflict`, a value that
/// contradicts another one; `does-not-fit`, a model that has no room on its GPUs; `malformed`, a text or an object that
/// is no configuration, trace or specification at all.
#[derive(Clone, Copy, Debug, Serialize, tsify::Tsify)]
#[serde(rename_all = "kebab-case")]
#[tsify(missing_as_null, hashmap_as_object)]
pub enum ProblemCode {
    /// A value outside its range or of the wrong type.
    Invalid,
    /// A value that contradicts another one.
    Conflict,
    /// A model that has no room on its GPUs.
    DoesNotFit,
    /// A text or an object that is no configuration, trace or specification at all.
    Malformed,
}

impl From<&ConfigError> for Problem {
    fn from(error: &ConfigError) -> Self {
        Self {
            code: match error {
                ConfigError::Invalid { .. } => ProblemCode::Invalid,
                ConfigError::Conflict { .. } => ProblemCode::Conflict,
                ConfigError::DoesNotFit { .. } => ProblemCode::DoesNotFit,
                ConfigError::Malformed { .. } => ProblemCode::Malformed,
            },
            path: error.path().to_owned(),
            key: schema::key_of(error.path()),
            value: error.value(),
            expected: error.expected(),
            message: error.to_string(),
        }
    }
}

#[wasm_bindgen(module = "/src/wasm/config_error.js")]
extern "C" {
    #[wasm_bindgen(extends = Error, js_name = ConfigError, reexport)]
    type JsConfigError;

    #[wasm_bindgen(constructor, js_class = "ConfigError")]
    fn new(problem: &JsValue) -> JsConfigError;
}

/// An error as JavaScript's `ConfigError`.
pub(super) fn js_error(error: &ConfigError) -> Error {
    match to_js(&Problem::from(error)) {
        Ok(problem) => JsConfigError::new(&problem).into(),
        Err(failure) => failure,
    }
}
