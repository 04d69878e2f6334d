//! The JSON form of a configuration, with errors that name the place.

use super::Config;
use super::reader::read;
use super::schema::{self, SettingKind};
use super::value_text::plain;
use crate::error::ConfigError;
use serde::Deserializer;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Longer values are cut in messages.
const LONGEST_SHOWN: usize = 80;

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
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let config = read_text(&mut deserializer, || serde_json::from_str(text).ok())?;
        deserializer.end().map_err(|error| malformed("", &error))?;
        Ok(config)
    }

    /// Reads a parsed JSON form; see [`Config::from_json`].
    ///
    /// # Errors
    /// As [`Config::from_json`].
    #[allow(clippy::needless_pass_by_value)]
    pub fn from_value(value: Value) -> Result<Self, ConfigError> {
        read(&value).map_err(|mismatch| {
            let found = shown(mismatch.value_in(&value));
            problem(mismatch.path(), found, &mismatch.message)
        })
    }

    /// The JSON form.
    ///
    /// # Panics
    /// Never: a configuration consists of plain values under text keys, which JSON can always express.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("a configuration has text keys only and plain values")
    }

    /// The JSON form as text, indented, with the version of the format: what a file should hold.
    pub fn to_json(&self) -> String {
        let mut value = self.to_value();
        value["version"] = super::FormatVersion::NUMBER.into();
        format!("{value:#}")
    }
}

/// Deserialises; the whole document is only needed to describe an error.
fn read_text<'de, D>(deserializer: D, document: impl FnOnce() -> Option<Value>) -> Result<Config, ConfigError>
where
    D: Deserializer<'de, Error = serde_json::Error>,
{
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().clone();
        document().map_or_else(
            || malformed("", error.inner()),
            |document| describe(&path, error.inner(), &document),
        )
    })
}

fn malformed(path: &str, error: &serde_json::Error) -> ConfigError {
    ConfigError::Malformed { path: path.to_owned(), message: error.to_string() }
}

/// Describes what is wrong at a path, in the words of the schema where the path is a setting.
fn describe(path: &Path, error: &serde_json::Error, document: &Value) -> ConfigError {
    let place = path_text(path);
    let value = shown(path.iter().fold(document, |value, segment| match segment {
        Segment::Seq { index } => &value[index],
        Segment::Map { key } => &value[key],
        Segment::Enum { variant } => &value[variant],
        Segment::Unknown => &Value::Null,
    }));
    let message = error.to_string();
    problem(place, value, message.split(" at line ").next().unwrap_or_default())
}

/// Describes what is wrong at a path, and what was expected if that is known.
fn problem(path: String, value: String, message: &str) -> ConfigError {
    // The document as a whole has no path.
    let path = if path.is_empty() { "configuration".to_owned() } else { path };
    match expected(&path, message) {
        Some(expected) => ConfigError::Invalid { path, value, expected },
        None => ConfigError::Malformed { path, message: message.to_owned() },
    }
}

/// What would have been right: from the schema, else from the parser's own message.
fn expected(place: &str, message: &str) -> Option<String> {
    let from_parser = message.split_once(", expected ").map(|(_, expected)| expected.replace('`', ""));
    if message.starts_with("unknown field") {
        return from_parser.map(|fields| format!("a known field: {fields}"));
    }
    let setting = schema::by_path(place);
    let from_schema = match setting.map(|setting| (setting.path == place, &setting.kind)) {
        Some((true, kind)) if kind.nullable() => Some(format!("{} or null", kind.expected())),
        Some((true, kind)) => Some(kind.expected()),
        Some((false, SettingKind::Scorers { choices })) if place.rsplit('.').next() == Some("name") => {
            Some(format!("one of {}", schema::values(choices)))
        }
        _ => None,
    };
    from_schema.or(from_parser)
}

/// `routing.scorers[1].weight`; the document itself is the empty path.
fn path_text(path: &Path) -> String {
    match path.iter().len() {
        0 => String::new(),
        _ => path.to_string(),
    }
}

/// A value in a message: text without quotes, long values cut.
pub(super) fn shown(value: &Value) -> String {
    let text = plain(value);
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
