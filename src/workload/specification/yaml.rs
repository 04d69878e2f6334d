//! Specifications from YAML and back.

use crate::config::workload_spec::WorkloadSpec;
use crate::error::ConfigError;
use crate::formats::yaml::{self, Item, TextKeys};
use crate::order;
use serde_json::{Map, Value};

/// Where a specification stands in a configuration.
const ROOT: &str = "workload.spec";

/// The map of a distribution's figures under their names, which are chosen freely.
const PARAMS: &str = "params";

/// Keys of clients and cohorts for which 0 means the same as nothing.
const ZERO_IS_ABSENT: [&str; 5] =
    ["rate_fraction", "concurrency", "think_time_us", "prefix_length", "slo_target_us"];

/// Keys whose values are texts, whatever they look like.
const TEXTS: TextKeys = TextKeys {
    keys: &["version", "category", "id", "tenant_id", "slo_class", "prefix_group", "model"],
    free_below: &[PARAMS],
};

/// Keys that come first in their map; the others follow by name.
const FIRST: [&str; 7] = ["version", "seed", "category", "aggregate_rate", "num_requests", "horizon", "id"];

/// Reads one document in YAML, or in JSON, which is a part of it. Texts of several lines and tags are refused; aliases
/// are copied within limits, so that a small text cannot become a large structure.
///
/// # Errors
///
/// [`ConfigError::Malformed`] with the path of the offending key and, in the message, line and column.
pub fn from_yaml(text: &str) -> Result<WorkloadSpec, ConfigError> {
    yaml::read_with_texts(text, ROOT, TEXTS)
}

impl WorkloadSpec {
    /// The specification as YAML that [`from_yaml`] and the reference read; what is as by default is left out.
    ///
    /// # Panics
    /// Never: a specification consists of plain values under text keys.
    pub fn to_yaml(&self) -> String {
        let value = serde_json::to_value(self).expect("a specification has text keys only and plain values");
        match value {
            Value::Object(fields) => yaml::write(&ordered(fields)),
            _ => String::new(),
        }
    }
}

/// The fields that are set, in the order of [`FIRST`].
fn ordered(fields: Map<String, Value>) -> Vec<(String, Item)> {
    let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
    let mut kept: Vec<_> = fields.into_iter().filter(|(key, value)| says_something(key, value)).collect();
    order::sort_by_key(&mut kept, |(key, _)| rank(key));
    kept.into_iter()
        .map(|(key, value)| {
            let item = item(&key, value);
            (key, item)
        })
        .collect()
}

/// What stands under a key.
fn item(key: &str, value: Value) -> Item {
    match value {
        Value::Array(items) => Item::List(items.into_iter().map(|value| item(key, value)).collect()),
        Value::Object(params) if key == PARAMS => {
            Item::Map(params.into_iter().map(|(name, figure)| (name, Item::Scalar(figure))).collect())
        }
        Value::Object(fields) => Item::Map(ordered(fields)),
        scalar => Item::Scalar(scalar),
    }
}

fn says_something(key: &str, value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) if key == "prefix_sharing" => text != "shared",
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty() || key == "windows",
        Value::Object(_) | Value::Bool(true) => key != PARAMS || value != &Value::Object(Map::new()),
        Value::Number(number) => !(ZERO_IS_ABSENT.contains(&key) && number.as_f64() == Some(0.0)),
    }
}
