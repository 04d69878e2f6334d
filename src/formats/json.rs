//! JSON as plain data.

use crate::config::limits::MAX_TEXT_BYTES;
use crate::text::{shortened, without_mark};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Parses JSON.
///
/// # Errors
/// What is no JSON, texts longer than any name is, and objects with a name twice, which serde_json by itself would let pass.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let document = serde_json::from_str(without_mark(text)).map(|Document(value)| value);
    document.map_err(|error| if error.is_data() { error.to_string() } else { format!("not JSON: {error}") })
}

/// Refuses a text before it is copied.
fn of_bearable_length<E: Error>(text: &str) -> Result<(), E> {
    if text.len() <= MAX_TEXT_BYTES {
        return Ok(());
    }
    let beginning = shortened(text);
    Err(E::custom(format_args!("`{beginning}` has {} bytes, expected at most {MAX_TEXT_BYTES}", text.len())))
}

/// The name of a field.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name(String::new()))
    }
}

impl Visitor<'_> for Name {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self, E> {
        of_bearable_length(text)?;
        Ok(Self(text.to_owned()))
    }
}

/// A value none of whose objects has a name twice.
struct Document(Value);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Parts).map(Self)
    }
}

struct Parts;

impl<'de> Visitor<'de> for Parts {
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
        of_bearable_length(text)?;
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Document(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Name(name)) = fields.next_key()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{}`", shortened(&name))));
            }
            let Document(value) = fields.next_value()?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
