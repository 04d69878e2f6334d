//! Looking up the keys of a public configuration (models chapter, G-1 and G-2).

use crate::error::ConfigError;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::fmt::Display;

/// Where errors say that something is wrong.
const PLACE: &str = "model.config";

/// Largest size of anything in a model. The reference's limit is [`crate::config::Model::LARGEST_COUNT`], the same.
const LARGEST: f64 = (1_u64 << 30) as f64;

/// Objects that may hold the text decoder.
const NESTED: [&str; 5] =
    ["text_config", "llm_config", "language_config", "thinker_config", "language_model"];

/// Keys that make an object a decoder's.
pub(super) const WIDTHS: [&str; 5] = ["hidden_size", "n_embd", "d_model", "dim", "n_embed"];

/// The keys of a file: those of the text decoder, then those of the whole.
pub(super) struct Keys<'a> {
    /// From the decoder outwards.
    levels: Vec<&'a Map<String, Value>>,
    /// Where the decoder's object lies, as `text_config.`; empty if it is the whole.
    prefix: String,
    /// What had to be assumed, a sentence each, without a dot.
    remarks: RefCell<Vec<String>>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(outer: &'a Map<String, Value>) -> Self {
        let mut keys = Self { levels: vec![outer], prefix: String::new(), remarks: RefCell::default() };
        // `thinker_config` holds a `text_config` of its own.
        for _ in 0..2 {
            let inner = keys.levels[0];
            let has_width = |map: &Map<String, Value>| WIDTHS.iter().any(|key| map.contains_key(*key));
            let objects = || NESTED.iter().filter_map(|key| Some((key, inner.get(*key)?.as_object()?)));
            let decoder = objects()
                .find(|(_, object)| has_width(object) || objects_in(object).any(has_width))
                // A wrapper may leave everything that its class has as default to it.
                .or_else(|| objects().find(|_| !has_width(inner)));
            let Some((key, object)) = decoder else { break };
            keys.prefix = format!("{}{key}.", keys.prefix);
            keys.levels.insert(0, object);
        }
        keys
    }

    /// Whether the decoder is only a part of what the file describes.
    pub(super) fn is_nested(&self) -> bool {
        self.levels.len() > 1
    }

    /// Whether the file describes encoders of pictures, films or sound.
    pub(super) fn has_other_towers(&self) -> bool {
        let towers =
            ["vision_config", "audio_config", "visual", "vision_tower", "img_processor", "embd_layer"];
        towers.iter().any(|key| self.get(key).is_some())
    }

    /// Adds a remark, once.
    pub(super) fn remark(&self, text: impl Display) {
        let text = text.to_string();
        let mut remarks = self.remarks.borrow_mut();
        if !remarks.contains(&text) {
            remarks.push(text);
        }
    }

    pub(super) fn into_remarks(self) -> Vec<String> {
        self.remarks.into_inner()
    }

    /// What the key holds; null counts as missing. `a.b` is the key `b` of the object `a`.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.levels.iter().find_map(|level| in_level(level, key).filter(|value| !value.is_null()))
    }

    /// Where a key stands, for errors.
    pub(super) fn path(&self, key: &str) -> String {
        let first = key.split('.').next().unwrap_or(key);
        let inner =
            self.levels[0].contains_key(first) || !self.levels.iter().any(|it| it.contains_key(first));
        format!("{PLACE}.{}{key}", if inner { self.prefix.as_str() } else { "" })
    }

    /// The first of several spellings that the file has.
    pub(super) fn first<'k>(&self, keys: &[&'k str]) -> Option<(&'k str, &'a Value)> {
        keys.iter().find_map(|key| Some((*key, self.get(key)?)))
    }

    pub(super) fn text(&self, keys: &[&str]) -> Option<&'a str> {
        self.first(keys)?.1.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// Whether the key is there and says yes.
    pub(super) fn says(&self, key: &str) -> bool {
        self.flag(key) == Some(true)
    }

    pub(super) fn list(&self, key: &str) -> Option<&'a [Value]> {
        self.get(key)?.as_array().map(Vec::as_slice)
    }

    /// A size by its spellings. Some files give one number per layer: equal ones are that size.
    pub(super) fn size(&self, keys: &[&str]) -> Result<Option<f64>, ConfigError> {
        let Some((key, value)) = self.first(keys) else { return Ok(None) };
        let value = match value {
            Value::Array(list) => match list.split_first() {
                Some((first, rest)) if rest.iter().all(|other| other == first) => first,
                _ => return Err(self.wrong(key, "a list", "one number, or equal ones for all layers")),
            },
            other => other,
        };
        self.number(key, value).map(Some)
    }

    /// A size that is 0 if the file has none.
    pub(super) fn size_or_0(&self, keys: &[&str]) -> Result<f64, ConfigError> {
        Ok(self.size(keys)?.unwrap_or(0.0))
    }

    /// A size that the file must have, under the first spelling.
    pub(super) fn needed(&self, keys: &[&str]) -> Result<f64, ConfigError> {
        let size = self.size(keys)?.filter(|size| *size >= 1.0);
        size.ok_or_else(|| match self.first(keys) {
            Some((key, _)) => self.wrong(key, 0, format_args!("a whole number from 1 to {LARGEST}")),
            None => self.missing(keys),
        })
    }

    pub(super) fn missing(&self, keys: &[&str]) -> ConfigError {
        let expected = format_args!("a whole number from 1 to {LARGEST}, as {}", keys.join(" or "));
        self.wrong(keys[0], "nothing", expected)
    }

    pub(super) fn number(&self, key: &str, value: &Value) -> Result<f64, ConfigError> {
        let number = value.as_f64().filter(|it| (0.0..=LARGEST).contains(it) && it.fract() == 0.0);
        number
            .ok_or_else(|| self.wrong(key, shown(value), format_args!("a whole number from 0 to {LARGEST}")))
    }

    pub(super) fn wrong(&self, key: &str, value: impl Display, expected: impl Display) -> ConfigError {
        ConfigError::invalid(self.path(key), value.to_string(), expected)
    }
}

fn in_level<'a>(level: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        Some((first, rest)) => in_level(level.get(first)?.as_object()?, rest),
        None => level.get(key),
    }
}

fn objects_in(object: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    NESTED.iter().filter_map(|key| object.get(*key)?.as_object())
}

/// A value in a message; long ones are cut where messages are made.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}
