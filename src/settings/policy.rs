//! Policy bundles: what a cluster decides by, in one file (cluster chapter, C-1).
//!
//! A bundle is a YAML map with the sections `admission` and `routing` and the keys `scheduler`, `priority_policy` and
//! `preemption_policy`. Its keys are named like the settings, and so like the flags: `routing.snapshot_refresh_interval`
//! is `--snapshot-refresh-interval`. Scorers are a list of maps with `name` and `weight`, or a text as in the flag.

use super::schema::{self, Setting};
use super::setting_value::Number;
use super::validate;
use crate::config::Config;
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// Keys of a bundle outside its sections, and the settings they stand for.
const TOP_LEVEL: [(&str, &str); 3] = [
    ("scheduler", "instance.scheduler"),
    ("priority_policy", "instance.priority_policy"),
    ("preemption_policy", "instance.preemption_policy"),
];

/// Sections of a bundle, which are sections of the configuration.
const SECTIONS: [&str; 2] = ["admission", "routing"];

/// `base` with the settings of a bundle. The bundle is checked as a whole, even where its policies do not use a value.
///
/// `admission.tier_shed_min_priority` is 3 if the bundle names `tier-shed` without it.
///
/// # Errors
/// YAML that cannot be read, keys that are unknown or out of scope, and values out of range, by name.
pub fn from_yaml(base: &Config, text: &str) -> Result<Config, ConfigError> {
    let bundle: Option<Map<String, Value>> = crate::formats::yaml::read(text, "")?;
    apply(base, &bundle.unwrap_or_default())
}

/// The same for a bundle that has been parsed.
///
/// # Errors
/// As [`from_yaml`].
pub fn apply(base: &Config, bundle: &Map<String, Value>) -> Result<Config, ConfigError> {
    let given = settings_of(bundle)?;
    let mut config = base.clone();
    for (setting, value) in &given {
        match value {
            // A text for a list or map is read as in a flag.
            Value::String(words) => setting.read_text(&mut config, words)?,
            other => setting.read_json(&mut config, other)?,
        }
    }
    if says_tier_shed(&given) && !given.iter().any(|(setting, _)| setting.path == MIN_PRIORITY) {
        config.admission.tier_shed_min_priority = DEFAULT_MIN_PRIORITY;
    }
    check(&config, &given)?;
    Ok(config)
}

const MIN_PRIORITY: &str = "admission.tier_shed_min_priority";

/// What a bundle means that names `tier-shed` and no least priority (cluster chapter, C-1).
const DEFAULT_MIN_PRIORITY: i32 = 3;

fn says_tier_shed(given: &[(&Setting, &Value)]) -> bool {
    given
        .iter()
        .any(|(setting, given_value)| setting.path == "admission.policy" && *given_value == "tier-shed")
}

/// The settings that a bundle names. Sections and keys without a value are ignored.
fn settings_of(bundle: &Map<String, Value>) -> Result<Vec<(&'static Setting, &Value)>, ConfigError> {
    let mut given = Vec::new();
    for (key, value) in bundle {
        if let Some((_, path)) = TOP_LEVEL.iter().find(|(name, _)| name == key) {
            given.extend(schema::by_path(path).map(|setting| (setting, value)));
        } else if SECTIONS.contains(&key.as_str()) {
            match value {
                Value::Object(keys) => section(key, keys, &mut given)?,
                Value::Null => {}
                other => return Err(ConfigError::invalid(key, super::json::shown(other), "a map of keys")),
            }
        } else {
            return Err(unknown(key));
        }
    }
    given.retain(|(_, value)| !value.is_null());
    Ok(given)
}

fn section<'v>(
    name: &str,
    keys: &'v Map<String, Value>,
    given: &mut Vec<(&'static Setting, &'v Value)>,
) -> Result<(), ConfigError> {
    for (key, value) in keys {
        let path = format!("{name}.{key}");
        let setting = schema::settings().iter().find(|setting| setting.path == path);
        given.push((setting.ok_or_else(|| unknown(&path))?, value));
    }
    Ok(())
}

fn unknown(key: &str) -> ConfigError {
    let known: Vec<&str> = keys().collect();
    ConfigError::invalid(key, "a key that is unknown or out of scope", format!("one of {}", known.join(", ")))
}

/// The keys that a bundle may have, with the names of their sections.
pub fn keys() -> impl Iterator<Item = &'static str> {
    let in_section = |path: &str| SECTIONS.iter().any(|section| path.split('.').next() == Some(section));
    let sections = schema::settings().iter().map(|setting| setting.path).filter(move |path| in_section(path));
    sections.chain(TOP_LEVEL.iter().map(|(key, _)| *key))
}

/// Every value that was given is checked, whether it matters or not.
fn check(config: &Config, given: &[(&Setting, &Value)]) -> Result<(), ConfigError> {
    for (setting, _) in given {
        if is_idle_bucket(setting, config) {
            continue;
        }
        if let Some(problem) = validate::range_problem(setting, config) {
            return Err(problem);
        }
        if setting.path == "routing.scorers" {
            super::scorer_list::check(&config.routing.scorers)?;
        }
    }
    let in_bundle = |problem: &ConfigError| {
        given.iter().any(|(setting, _)| {
            problem
                .path()
                .strip_prefix(setting.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    };
    config.problems().into_iter().find(in_bundle).map_or(Ok(()), Err)
}

/// A bucket that is not used may have size or rate 0.
fn is_idle_bucket(setting: &Setting, config: &Config) -> bool {
    let bucket = setting.path.starts_with("admission.token_bucket_");
    bucket && !setting.applies(config) && setting.number(config) == Number::Real(0.0)
}
