//! The JSON Schema (draft-07, which every validator supports) of a configuration, generated from the table of settings.

use super::schema::{self, Condition, Setting, SettingKind, Test};
use crate::config::{Choice, ChoiceOption, FormatVersion, KillMode, limits};
use serde_json::{Map, Value, json};

/// The schema. It describes what [`Config::from_json`](crate::Config::from_json) reads and which values single settings
/// may have; rules that tie settings together are beyond it, apart from ranges that count only if a setting applies.
pub fn json_schema() -> Value {
    let mut root = object("Settings of a run; whatever is left out has its default.");
    root["properties"]["version"] = json!({
        "description": "Version of this format. Settings of version 1 have independent streams unless they name others.",
        "enum": [1, FormatVersion::NUMBER],
    });
    let mut conditional = Vec::new();
    for setting in schema::settings() {
        let always = if is_conditional(setting) { typed(setting) } else { ranged(setting) };
        place(&mut root, setting.path, described(setting, always));
        if is_conditional(setting) {
            let applies: Vec<_> = setting.applies_when.iter().map(condition).collect();
            conditional.push(json!({
                "if": { "allOf": applies },
                "then": nested(setting.path, &ranged(setting), false),
            }));
        }
    }
    root["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    root["$id"] = format!("urn:blis-playground:config:{}", FormatVersion::NUMBER).into();
    root["title"] = "blis-playground configuration".into();
    root["allOf"] = conditional.into();
    root
}

/// Ranges that are checked only if the setting has an effect.
fn is_conditional(setting: &Setting) -> bool {
    setting.checked_only_if_applies || matches!(setting.kind, SettingKind::Scorers { .. })
}

fn object(description: &str) -> Value {
    json!({ "description": description, "type": "object", "properties": {}, "additionalProperties": false })
}

/// Puts a setting's schema where its path leads; a `*` stands for any name.
fn place(root: &mut Value, path: &str, leaf: Value) {
    let mut names = path.split('.').peekable();
    let mut here = root;
    while let Some(name) = names.next() {
        let inner =
            if name == "*" { &mut here["additionalProperties"] } else { &mut here["properties"][name] };
        if names.peek().is_none() {
            *inner = leaf;
            return;
        }
        if !inner.is_object() {
            *inner = object("A group of settings.");
        }
        here = inner;
    }
}

/// What a person reads about a setting, and its default.
fn described(setting: &Setting, mut leaf: Value) -> Value {
    let unit = setting.unit.map_or_else(String::new, |unit| format!(" [{unit}]"));
    leaf["title"] = setting.label.into();
    leaf["description"] = format!("{}{unit}", setting.help).into();
    if !setting.path.contains('*') {
        leaf["default"] = setting.default.clone();
    }
    leaf
}

/// The type alone.
fn typed(setting: &Setting) -> Value {
    match &setting.kind {
        SettingKind::Integer { nullable, .. } => {
            // A value that does not count must still fit into its integer.
            let mut leaf = json!({ "type": types("integer", *nullable) });
            if setting.path.starts_with("workload.") {
                leaf["minimum"] = 0.into();
                leaf["maximum"] = u32::MAX.into();
            }
            leaf
        }
        SettingKind::Number { nullable, .. } => json!({ "type": types("number", *nullable) }),
        SettingKind::Scorers { choices } => scorers(choices, &json!({ "type": "number" })),
        _ => ranged(setting),
    }
}

/// Type and valid values.
fn ranged(setting: &Setting) -> Value {
    match &setting.kind {
        SettingKind::Integer { min, max, nullable } => bounded(
            json!({ "type": types("integer", *nullable) }),
            &[("minimum", min.map(Value::from)), ("maximum", max.map(Value::from))],
        ),
        SettingKind::Number { min, max, exclusive_min, nullable } => {
            let lower = if *exclusive_min { "exclusiveMinimum" } else { "minimum" };
            bounded(
                json!({ "type": types("number", *nullable) }),
                &[(lower, Some((*min).into())), ("maximum", max.map(Value::from))],
            )
        }
        SettingKind::Boolean => json!({ "type": "boolean" }),
        SettingKind::Choice { choices } => json!({ "enum": values(choices) }),
        SettingKind::Text { nullable, .. } => {
            json!({ "type": types("string", *nullable), "minLength": 1, "maxLength": limits::MAX_NAME_BYTES })
        }
        SettingKind::Floats { min_length } => json!({
            "type": types("array", true),
            "items": { "type": "number", "minimum": 0, "maximum": limits::MAX_COEFFICIENT },
            "minItems": min_length,
            "maxItems": limits::MAX_COEFFICIENTS,
        }),
        SettingKind::Scorers { choices } => {
            let mut leaf = scorers(choices, &json!({ "type": "number", "exclusiveMinimum": 0 }));
            leaf["minItems"] = 1.into();
            leaf
        }
        SettingKind::Targets { .. } => json!({ "type": types("number", true), "exclusiveMinimum": 0 }),
        SettingKind::ClassPriorities { min, max } => json!({
            "type": "object",
            "additionalProperties": { "type": "integer", "minimum": min, "maximum": max },
            "maxProperties": limits::MAX_CLASSES,
        }),
        SettingKind::TenantBudgets => json!({
            "type": "object",
            "additionalProperties": { "type": "number", "minimum": 0, "maximum": 1 },
            "maxProperties": limits::MAX_TENANT_BUDGETS,
        }),
        SettingKind::Kills => {
            let mut leaf = events("instance", 0, limits::MAX_INSTANCES - 1);
            leaf["items"]["properties"]["mode"] = json!({ "enum": values(KillMode::OPTIONS) });
            leaf
        }
        SettingKind::Bursts => {
            let mut leaf = events("requests", 1, limits::MAX_REQUESTS as i64);
            leaf["maxItems"] = limits::MAX_BURSTS.into();
            leaf
        }
        SettingKind::Document => json!({ "type": ["object", "array", "null"] }),
    }
}

fn types(name: &str, nullable: bool) -> Value {
    if nullable { json!([name, "null"]) } else { name.into() }
}

fn bounded(mut leaf: Value, bounds: &[(&str, Option<Value>)]) -> Value {
    for (name, bound) in bounds {
        if let Some(bound) = bound {
            leaf[*name] = bound.clone();
        }
    }
    leaf
}

fn values(choices: &[ChoiceOption]) -> Vec<&'static str> {
    choices.iter().map(|choice| choice.value).collect()
}

fn scorers(choices: &[ChoiceOption], weight: &Value) -> Value {
    let name = json!({ "enum": values(choices) });
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": { "name": name, "weight": weight },
            "required": ["name", "weight"],
            "additionalProperties": false,
        },
    })
}

/// A list of events, each with a number of something and a time.
fn events(what: &str, min: i64, max: i64) -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                what: { "type": "integer", "minimum": min, "maximum": max },
                "at": { "type": "integer", "minimum": 0, "maximum": limits::MAX_TIME_US },
            },
            "required": [what, "at"],
            "additionalProperties": false,
        },
    })
}

/// A condition as a schema of the whole configuration; a setting that is left out has its default.
fn condition(condition: &Condition) -> Value {
    let Condition { test, path, values, .. } = condition;
    let by_default = schema::by_path(path).is_some_and(|setting| values.contains(&setting.default));
    let holds = nested(path, &json!({ "enum": values }), !by_default);
    match test {
        Test::Is => holds,
        Test::IsNot => json!({ "not": holds }),
    }
}

/// A schema of the whole configuration that constrains one path, if there is something at the path or,
/// on demand, only then.
fn nested(path: &str, leaf: &Value, required: bool) -> Value {
    path.rsplit('.').fold(leaf.clone(), |inner, name| {
        let mut fields = Map::new();
        fields.insert(name.to_owned(), inner);
        let mut outer = json!({ "properties": fields });
        if required {
            outer["required"] = json!([name]);
        }
        outer
    })
}
