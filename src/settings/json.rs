//! The JSON form of a configuration, with errors that name the place.

use super::schema::{self, SettingKind};
use crate::config::{Choice, Config, FormatVersion, ScorerName, StreamsName};
use crate::error::ConfigError;
use crate::formats::json;
use crate::formats::reader::{Mismatch, read};
use crate::text::{MOST_QUOTED, shortened, up_to};
use serde_json::Value;

impl Config {
    /// Reads the JSON form; what is not mentioned keeps its default.
    ///
    /// # Errors
    /// Not JSON, an unknown field, or a value of the wrong type, with path, value and what was expected.
    /// Ranges are not checked: see [`Config::validate`].
    ///
    /// ```
    /// use blis_playground::Config;
    /// let error = Config::from_json(r#"{"routing": {"policy": "random"}}"#).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "routing.policy: got random, expected one of round-robin, least-loaded, weighted, always-busiest"
    /// );
    /// ```
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        Self::from_value(json::read(text).map_err(|error| ConfigError::malformed("", error))?)
    }

    /// Reads a parsed JSON form; see [`Config::from_json`].
    ///
    /// # Errors
    /// As [`Config::from_json`].
    pub fn from_value(mut value: Value) -> Result<Self, ConfigError> {
        bring_up_to_date(&mut value);
        read(&value).map_err(|mismatch| misfit("", &value, &mismatch))
    }

    /// The JSON form.
    ///
    /// # Panics
    /// Never: a configuration consists of plain values under text keys, which JSON can always express.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("a configuration has text keys only and plain values")
    }

    /// The JSON form with the version of the format: what a file should hold.
    pub fn to_document(&self) -> Value {
        let mut value = self.to_value();
        value["version"] = FormatVersion::NUMBER.into();
        value
    }

    /// The same as text, indented.
    pub fn to_json(&self) -> String {
        format!("{:#}", self.to_document())
    }
}

/// Turns settings of version 1 into those of today that give the same run: what came after it is as it was then.
fn bring_up_to_date(value: &mut Value) {
    if let Value::Object(fields) = value
        && fields.get("version").and_then(Value::as_u64) == Some(1)
    {
        fields.insert("version".to_owned(), FormatVersion::NUMBER.into());
        fields.entry("streams").or_insert_with(|| StreamsName::Independent.name().into());
    }
}

/// What is wrong with the value of a setting, or with a whole configuration, which has no path.
pub(crate) fn misfit(root: &str, value: &Value, mismatch: &Mismatch) -> ConfigError {
    located("configuration", root, value, mismatch)
}

/// What is wrong with a document that is no configuration; where it concerns all of it, the path is this name.
pub(crate) fn misfit_of(document: &str, value: &Value, mismatch: &Mismatch) -> ConfigError {
    located(document, "", value, mismatch)
}

fn located(document: &str, root: &str, value: &Value, mismatch: &Mismatch) -> ConfigError {
    let inner = mismatch.path();
    let dot = if root.is_empty() || inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    let got = shown(mismatch.value_in(value));
    // Where the type is what is wrong, a text shows that it is one: 3 is no number if it is "3".
    let got = if mismatch.message.starts_with("invalid type: string") {
        format!("\"{got}\" (a text)")
    } else {
        got
    };
    let path = format!("{root}{dot}{inner}");
    // The document as a whole has no path.
    problem(if path.is_empty() { document.to_owned() } else { path }, got, &mismatch.message)
}

/// Describes what is wrong at a path, and what was expected if that is known.
fn problem(path: String, value: String, message: &str) -> ConfigError {
    match expected(&path, message) {
        Some(expected) => ConfigError::invalid(path, value, expected),
        None => ConfigError::malformed(path, message),
    }
}

/// What would have been right: from the schema, else from the parser's own message.
fn expected(place: &str, message: &str) -> Option<String> {
    let from_parser = message.split_once(", expected ").map(|(_, expected)| in_words(expected));
    if message.starts_with("unknown field") {
        return from_parser.map(|fields| format!("a known field: {fields}"));
    }
    let setting = schema::by_path(place);
    let from_schema = match setting.map(|setting| (setting.path == place, &setting.kind)) {
        Some((true, kind)) if kind.nullable() => Some(format!("{} or null", kind.expected())),
        Some((true, kind)) => Some(kind.expected()),
        Some((false, SettingKind::Scorers { .. })) if place.rsplit('.').next() == Some("name") => {
            Some(format!("one of {}", schema::values(ScorerName::OPTIONS)))
        }
        _ => None,
    };
    from_schema.or(from_parser)
}

/// What the parser expected, in the words of those who write settings.
fn in_words(expected: &str) -> String {
    match expected {
        "f64" => "a number".to_owned(),
        "i32" | "i64" | "u32" | "u64" => "a whole number".to_owned(),
        "a string" => "a text".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        structure if structure.starts_with("struct ") => "an object".to_owned(),
        other => other.replace('`', ""),
    }
}

/// A value in a message: text without quotes, long values cut.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => shortened(text).into_owned(),
        // Without a needless `.0`.
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())
        }
        other => up_to(MOST_QUOTED, other),
    }
}
