//! The text form of a single setting, as in flags and URLs.

use super::duration;
use super::schema::{Setting, SettingKind, TargetDimension};
use super::scorer_list;
use crate::error::ConfigError;
use serde_json::{Map, Value};

/// Stands for a list without entries, which could otherwise not be told from "not set".
const EMPTY_LIST: &str = "none";

/// Reads the text form into the JSON form. Ranges are checked later, by `validate`.
pub(super) fn parse(setting: &Setting, text: &str) -> Result<Value, ConfigError> {
    let invalid = || ConfigError::invalid(setting.path, text, setting.expected());
    if text.is_empty() {
        return if setting.kind.nullable() {
            Ok(Value::Null)
        } else if allows_empty(&setting.kind) {
            Ok(setting.default.clone())
        } else {
            Err(invalid())
        };
    }
    match &setting.kind {
        SettingKind::Integer { .. } => text.parse::<i64>().map(Value::from).map_err(|_| invalid()),
        SettingKind::Number { .. } => finite(text).map(Value::from).ok_or_else(invalid),
        SettingKind::Boolean => text.parse::<bool>().map(Value::from).map_err(|_| invalid()),
        SettingKind::Choice { choices } => {
            let known = choices.iter().any(|choice| choice.value == text);
            if known { Ok(Value::from(text)) } else { Err(invalid()) }
        }
        SettingKind::Text { .. } => Ok(Value::from(text)),
        SettingKind::Floats { .. } | SettingKind::Scorers { .. } if text == EMPTY_LIST => {
            Ok(Value::Array(Vec::new()))
        }
        SettingKind::Floats { .. } => text
            .split(',')
            .map(|item| finite(item.trim()).map(Value::from))
            .collect::<Option<Vec<_>>>()
            .map(Value::Array)
            .ok_or_else(invalid),
        SettingKind::Scorers { .. } => {
            let scorers = scorer_list::parse(text)?;
            serde_json::to_value(scorers).map_err(|_| invalid())
        }
        SettingKind::Targets { .. } => per_class(text, |word| {
            duration::parse_ms(word)
                .filter(|duration| *duration > 0.0 && duration.is_finite())
                .map(Value::from)
        })
        .ok_or_else(invalid),
        SettingKind::ClassPriorities { min, max } => per_class(text, |word| {
            word.parse::<i64>().ok().filter(|priority| (*min..=*max).contains(priority)).map(Value::from)
        })
        .ok_or_else(invalid),
        SettingKind::Document => serde_json::from_str(text).map_err(|error| ConfigError::Malformed {
            path: setting.path.to_owned(),
            message: error.to_string(),
        }),
    }
}

/// Writes the JSON form as text.
pub(super) fn write(setting: &Setting, value: &Value) -> String {
    match (&setting.kind, value) {
        (_, Value::Null) => String::new(),
        (SettingKind::Document, document) => document.to_string(),
        (SettingKind::Floats { .. } | SettingKind::Scorers { .. }, Value::Array(list)) if list.is_empty() => {
            EMPTY_LIST.to_owned()
        }
        (SettingKind::Floats { .. }, Value::Array(list)) => {
            list.iter().map(plain).collect::<Vec<_>>().join(",")
        }
        (SettingKind::Scorers { .. }, list) => serde_json::from_value(list.clone())
            .map_or_else(|_| list.to_string(), |list: Vec<_>| scorer_list::write(&list)),
        (SettingKind::Targets { .. }, Value::Object(map)) => {
            classes(map, |value| value.as_f64().map_or_else(|| value.to_string(), duration::write_ms))
        }
        (SettingKind::ClassPriorities { .. }, Value::Object(map)) => classes(map, plain),
        (_, value) => plain(value),
    }
}

/// A setting's value inside the JSON form of a configuration.
pub(super) fn get(setting: &Setting, config: &Value) -> Value {
    let value = setting.value(config);
    let SettingKind::Targets { dimension } = setting.kind else { return value.clone() };
    let Some(targets) = value.as_object() else { return Value::Null };
    let set = |(class, target): (&String, &Value)| match &target[dimension.field()] {
        Value::Null => None,
        limit => Some((class.clone(), limit.clone())),
    };
    targets.iter().filter_map(set).collect::<Map<_, _>>().into()
}

/// Puts a setting's value into the JSON form of a configuration.
pub(super) fn put(setting: &Setting, config: &mut Value, value: Value) {
    if let SettingKind::Targets { dimension } = setting.kind {
        return put_targets(dimension, &mut config["slo"], value);
    }
    let place = setting.path.split('.').fold(config, |place, name| &mut place[name]);
    *place = value;
}

/// Replaces one latency of all classes; classes without any target disappear.
fn put_targets(dimension: TargetDimension, targets: &mut Value, limits: Value) {
    let Value::Object(targets) = targets else { return };
    for target in targets.values_mut() {
        target[dimension.field()] = Value::Null;
    }
    if let Value::Object(limits) = limits {
        for (class, limit) in limits {
            let target = targets.entry(class).or_insert_with(|| Value::Object(Map::new()));
            target[dimension.field()] = limit;
        }
    }
    targets.retain(|_, target| {
        target.as_object().is_none_or(|dimensions| dimensions.values().any(|limit| !limit.is_null()))
    });
}

/// Settings for which an empty text means the default (`--routing-policy ""`).
const fn allows_empty(kind: &SettingKind) -> bool {
    matches!(
        kind,
        SettingKind::Choice { .. }
            | SettingKind::Scorers { .. }
            | SettingKind::Targets { .. }
            | SettingKind::ClassPriorities { .. }
    )
}

fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Reads `class=word,class=word`; each class once.
fn per_class(text: &str, read: impl Fn(&str) -> Option<Value>) -> Option<Value> {
    let mut map = Map::new();
    for item in text.split(',') {
        let (class, word) = item.split_once('=')?;
        let class = class.trim();
        if map.insert(class.to_owned(), read(word.trim())?).is_some() {
            return None;
        }
    }
    Some(Value::Object(map))
}

fn classes(map: &Map<String, Value>, write: impl Fn(&Value) -> String) -> String {
    map.iter().map(|(class, value)| format!("{class}={}", write(value))).collect::<Vec<_>>().join(",")
}

/// A string without quotes; numbers without a needless `.0`.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string())
        }
        other => other.to_string(),
    }
}
