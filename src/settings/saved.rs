//! Files that the page or a person has saved, by what they hold: settings in one of two forms, or a specification.

use super::json::shown;
use crate::config::Config;
use crate::config::workload_spec::WorkloadSpec;
use crate::error::ConfigError;
use crate::formats::json;
use crate::workload::specification;
use serde_json::{Map, Value};

/// Longest text that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// How the page's results begin: `{"format": "blis-playground-results"`.
const RESULTS: &str = "blis-playground-results";

/// Keys that only a workload specification has.
const OF_SPECIFICATIONS: [&str; 2] = ["clients", "cohorts"];

/// What a file in JSON holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// Settings: a configuration, or those of results.
    Settings(Box<Config>),
    /// A workload specification.
    Specification(Box<WorkloadSpec>),
}

/// Reads a file in JSON. Of results, the settings by URL key come before the configuration.
///
/// # Errors
/// As [`Config::from_json`], what is longer than [`MAX_BYTES`], and what is neither of the known kinds.
pub fn read(text: &str) -> Result<Saved, ConfigError> {
    if text.len() > MAX_BYTES {
        let expected = format_args!("at most {MAX_BYTES} bytes");
        return Err(ConfigError::invalid("configuration", format_args!("{} bytes", text.len()), expected));
    }
    let value = json::read(text).map_err(|error| ConfigError::malformed("", error))?;
    let Value::Object(fields) = &value else {
        let expected = "a configuration, which begins with {";
        return Err(ConfigError::invalid("configuration", shown(&value), expected));
    };
    if OF_SPECIFICATIONS.iter().any(|key| fields.contains_key(*key)) {
        return specification::from_yaml(text).map(|spec| Saved::Specification(Box::new(spec)));
    }
    let config = if fields.contains_key("format") { of_results(fields) } else { Config::from_value(value) };
    config.map(|config| Saved::Settings(Box::new(config)))
}

fn of_results(fields: &Map<String, Value>) -> Result<Config, ConfigError> {
    if fields["format"] != RESULTS {
        return Err(ConfigError::invalid("format", shown(&fields["format"]), RESULTS));
    }
    if let Some(Value::Object(settings)) = fields.get("settings") {
        let mut config = Config::default();
        for (key, value) in settings {
            let text = value.as_str().ok_or_else(|| {
                ConfigError::invalid(format!("settings.{key}"), shown(value), "a setting as a text")
            })?;
            config.set(key, text)?;
        }
        return Ok(config);
    }
    match fields.get("config") {
        Some(config) => Config::from_value(config.clone()),
        None => Err(ConfigError::malformed("", "these results hold no settings")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Config {
        match read(text).expect("readable") {
            Saved::Settings(config) => *config,
            Saved::Specification(_) => panic!("a specification"),
        }
    }

    #[test]
    fn settings_are_taken_from_a_configuration_and_from_results() {
        let config = Config { seed: 7, ..Config::default() };
        assert_eq!(settings(&config.to_json()), config);
        let results =
            r#"{"format": "blis-playground-results", "settings": {"seed": "7"}, "config": {"seed": 8}}"#;
        assert_eq!(settings(results), config);
        assert_eq!(settings(r#"{"format": "blis-playground-results", "config": {"seed": 7}}"#), config);
    }

    #[test]
    fn a_specification_is_known_by_its_clients() {
        let spec = read("\u{feff}{\"clients\": [], \"seed\": 3}").expect("readable");
        assert!(matches!(spec, Saved::Specification(spec) if spec.seed == Some(3)));
    }

    #[test]
    fn what_is_neither_is_named() {
        for (text, message) in [
            ("[]", "configuration: got [], expected a configuration, which begins with {"),
            (r#"{"format": "other"}"#, "format: got other, expected blis-playground-results"),
            (r#"{"format": "blis-playground-results"}"#, "these results hold no settings"),
            (
                r#"{"format": "blis-playground-results", "settings": {"seed": 7}}"#,
                "settings.seed: got 7, expected a setting as a text",
            ),
            (r#"{"seed": 1, "seed": 2}"#, "duplicate field `seed` at line 1 column 18"),
        ] {
            assert_eq!(read(text).expect_err("refused").to_string(), message);
        }
    }
}
