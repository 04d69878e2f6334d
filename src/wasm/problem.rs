//! What is wrong with a configuration, for JavaScript.

use crate::error::ConfigError;
use crate::settings::schema;
use js_sys::{Error, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A problem of a configuration, as data.
#[derive(Clone, Debug, Serialize, tsify::Tsify)]
pub struct Problem {
    /// Where, as a path into the configuration.
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

impl From<&ConfigError> for Problem {
    fn from(error: &ConfigError) -> Self {
        Self {
            path: error.path().to_owned(),
            key: schema::key_of(error.path()),
            value: error.value(),
            expected: error.expected(),
            message: error.to_string(),
        }
    }
}

/// An error as JavaScript's, with what a [`Problem`] has as properties.
pub(super) fn js_error(error: &ConfigError) -> Error {
    let js = Error::new(&error.to_string());
    let problem = Problem::from(error);
    let properties: [(&str, JsValue); 4] = [
        ("path", problem.path.into()),
        ("key", problem.key.map_or(JsValue::NULL, JsValue::from)),
        ("value", problem.value.into()),
        ("expected", problem.expected.into()),
    ];
    for (name, value) in properties {
        // Setting a property of a fresh object cannot fail; if it did, the message would still be complete.
        let _ = Reflect::set(&js, &name.into(), &value);
    }
    js
}
