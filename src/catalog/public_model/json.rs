//! JSON as Python writes it (models chapter, G-1).

use crate::config::limits::MAX_TEXT_BYTES;
use crate::error::ConfigError;
use crate::text::{shortened, without_mark};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;

/// Most entries of one list: real files list modules by the hundred and layers by the dozen.
const MOST_ENTRIES: usize = 100_000;

/// Most values in all, which bounds the memory.
const MOST_VALUES: usize = 500_000;

/// Parses JSON in which `Infinity`, `-Infinity` and `NaN` may stand for numbers and keys may be given twice: the last
/// counts.
///
/// Those numbers become texts, so that a key that is used refuses them. Paths of errors begin with `place`.
///
/// # Errors
/// What is no JSON; texts, lists and files that are far longer than any model's.
pub(super) fn read(place: &str, text: &str) -> Result<Value, ConfigError> {
    let text = with_quoted_numbers(without_mark(text));
    let file = File { place, keys: RefCell::default(), values: Cell::new(0), refused: RefCell::default() };
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let value = Part(&file).deserialize(&mut deserializer).and_then(|value| {
        deserializer.end()?;
        Ok(value)
    });
    value.map_err(|error| {
        let refused = file.refused.take();
        refused.unwrap_or_else(|| ConfigError::malformed(place, format_args!("not JSON: {error}")))
    })
}

/// Whether a text has numbers that JSON does not know, so that stricter readers refuse it.
pub(super) fn has_other_numbers(text: &str) -> bool {
    matches!(with_quoted_numbers(text), Cow::Owned(_))
}

/// The text with the numbers that JSON does not know in quotes.
fn with_quoted_numbers(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    let bytes = text.as_bytes();
    let (mut out, mut done, mut at) = (String::new(), 0, 0);
    let mut quoted = false;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'-' | b'I' | b'N' if !quoted => {
                if let Some(word) = WORDS.iter().find(|word| bytes[at..].starts_with(word.as_bytes())) {
                    out.push_str(&text[done..at]);
                    out.extend(["\"", word, "\""]);
                    at += word.len();
                    done = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// What is known while a file is read.
struct File<'a> {
    place: &'a str,
    keys: RefCell<Vec<String>>,
    values: Cell<usize>,
    refused: RefCell<Option<ConfigError>>,
}

impl File<'_> {
    fn path(&self) -> String {
        let keys = self.keys.borrow();
        std::iter::once(self.place).chain(keys.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }

    /// Ends the reading with an error that has a place.
    fn refuse<E: Error>(&self, value: impl fmt::Display, expected: impl fmt::Display) -> E {
        *self.refused.borrow_mut() = Some(ConfigError::invalid(self.path(), value, expected));
        E::custom("refused")
    }

    fn text<E: Error>(&self, text: &str) -> Result<String, E> {
        if text.len() <= MAX_TEXT_BYTES {
            return Ok(text.to_owned());
        }
        let value = format!("`{}` with {} bytes", shortened(text), text.len());
        Err(self.refuse(value, format_args!("at most {MAX_TEXT_BYTES} bytes")))
    }

    fn count<E: Error>(&self, length: usize) -> Result<(), E> {
        if length > MOST_ENTRIES {
            let expected = format_args!("at most {MOST_ENTRIES} entries in one list or object");
            return Err(self.refuse("a longer one", expected));
        }
        self.values.set(self.values.get() + 1);
        if self.values.get() > MOST_VALUES {
            let expected = format_args!("a model's file: at most {MOST_VALUES} values in all");
            return Err(self.refuse("more", expected));
        }
        Ok(())
    }
}

struct Part<'a>(&'a File<'a>);

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.0.text(text).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Part(self.0))? {
            list.push(item);
            self.0.count(list.len())?;
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = fields.next_key_seed(Part(self.0))? {
            let Value::String(name) = name else { return Err(A::Error::custom("a name expected")) };
            self.0.keys.borrow_mut().push(name.clone());
            let value = fields.next_value_seed(Part(self.0))?;
            map.insert(name, value);
            self.0.count(map.len())?;
            self.0.keys.borrow_mut().pop();
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_that_json_does_not_know_are_kept_as_texts() {
        let read = read("x", "\u{feff}{\"a\": [0.0, Infinity, -Infinity], \"b\\\"NaN\": NaN, \"c\": -1}");
        let expected = json!({"a": [0.0, "Infinity", "-Infinity"], "b\"NaN": "NaN", "c": -1});
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        assert_eq!(read("x", r#"{"a": 1, "b": {"a": 2}, "a": 3}"#), Ok(json!({"a": 3, "b": {"a": 2}})));
    }

    #[test]
    fn what_no_model_has_is_refused_with_its_key() {
        let list = format!(r#"{{"text_config": {{"layer_types": [{}0]}}}}"#, "0,".repeat(MOST_ENTRIES));
        assert_eq!(read("x", &list).expect_err("too long").path(), "x.text_config.layer_types");
        let text = format!(r#"{{"a": "{}"}}"#, "x".repeat(MAX_TEXT_BYTES + 1));
        assert_eq!(read("x", &text).expect_err("too long").path(), "x.a");
        let many = format!("[{}0]", format!("[{}0],", "0,".repeat(50_000)).repeat(12));
        assert_eq!(read("x", &many).expect_err("too many").path(), "x");
    }

    #[test]
    fn broken_texts_are_refused_without_a_deep_stack() {
        for text in ["", "{", "{]", "{\"a\": Infinit}", "{} {}", "{\"a\": +1}", &"[".repeat(1_000_000)] {
            assert_eq!(read("x", text).expect_err("broken").path(), "x");
        }
    }
}
