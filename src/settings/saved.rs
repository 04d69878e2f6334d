//! Files that the page or a person has saved, by what they hold: settings in one of two forms, or a specification.

use super::json::shown;
use crate::config::workload_spec::WorkloadSpec;
use crate::config::{Config, StreamsName};
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

/// The version of results before there were streams of the reference: its settings have independent ones.
const BEFORE_STREAMS: u64 = 1;

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
    // Without a version, results are as old as that.
    let old = fields.get("version").is_none_or(|version| version.as_u64() == Some(BEFORE_STREAMS));
    if let Some(Value::Object(settings)) = fields.get("settings") {
        let mut config = Config::default();
        if old {
            config.streams = StreamsName::Independent;
        }
        for (key, value) in settings {
            let text = value.as_str().ok_or_else(|| {
                ConfigError::invalid(format!("settings.{key}"), shown(value), "a setting as a text")
            })?;
            config.set(key, text)?;
        }
        return Ok(config);
    }
    match fields.get("config") {
        Some(config) => Config::from_value(versioned(config, old)),
        None => Err(ConfigError::malformed("", "these results hold no settings")),
    }
}

/// The configuration of results, which has the version of its own format, or else that of old results.
fn versioned(config: &Value, old: bool) -> Value {
    let mut config = config.clone();
    if old && let Value::Object(fields) = &mut config {
        fields.entry("version").or_insert(BEFORE_STREAMS.into());
    }
    config
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
        let results = |rest: &str| settings(&format!(r#"{{"format": "blis-playground-results", {rest}}}"#));
        assert_eq!(results(r#""version": 2, "settings": {"seed": "7"}, "config": {"seed": 8}"#), config);
        assert_eq!(results(r#""version": 2, "config": {"seed": 7}"#), config);
    }

    #[test]
    fn results_of_the_time_before_there_were_streams_are_of_independent_ones() {
        let results = |rest: &str| settings(&format!(r#"{{"format": "blis-playground-results", {rest}}}"#));
        let config = Config { seed: 7, streams: StreamsName::Independent, ..Config::default() };
        for old in [
            r#""version": 1, "settings": {"seed": "7"}"#,
            r#""version": 1, "config": {"version": 1, "seed": 7}"#,
            r#""settings": {"seed": "7"}"#,
            r#""config": {"seed": 7}"#,
        ] {
            assert_eq!(results(old), config, "{old}");
        }
        let named = results(r#""version": 1, "settings": {"seed": "7", "streams": "reference"}"#);
        assert_eq!(named, Config { seed: 7, ..Config::default() });
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
