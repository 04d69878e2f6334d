//! Reads typed settings from a JSON value; an error carries its path.
//!
//! Instead of a general deserializer inside a path-tracking one, which are compiled once per pair of types and
//! used to make up almost half of the WebAssembly module: one deserializer, whose errors collect the path on
//! their way out.

use crate::text::{MOST_IN_MESSAGE, shortened, up_to};
use serde::de::value::{Error as Words, StrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::{Map, Value};
use std::fmt;

/// Reads a value of type `T`.
///
/// # Errors
/// What does not fit, and where.
pub(crate) fn read_owned<T: de::DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    T::deserialize(Reader(value))
}

/// Reads a value of type `T` that may borrow.
///
/// # Errors
/// What does not fit, and where.
pub(crate) fn read<'v, T: Deserialize<'v>>(value: &'v Value) -> Result<T, Mismatch> {
    T::deserialize(Reader(value))
}

/// Something that does not fit.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// Where, from the inside out.
    steps: Vec<Step>,
    /// What, in the words of the parser.
    pub message: String,
}

/// A step from a value to a part of it.
#[derive(Debug)]
pub(crate) enum Step {
    /// Into an object.
    Field(String),
    /// Into a list.
    Index(usize),
}

impl Mismatch {
    /// The place, as in `routing.scorers[1].weight`.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Field(name) if path.is_empty() => path.push_str(&shortened(name)),
                Step::Field(name) => path.extend([".", &shortened(name)]),
                Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
            }
        }
        path
    }

    /// The way to the place, from the outside in.
    pub fn outside_in(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().rev()
    }

    /// What stands at the place; `null` if nothing does.
    pub fn value_in<'v>(&self, document: &'v Value) -> &'v Value {
        self.steps.iter().rev().fold(document, |value, step| match step {
            Step::Field(name) => &value[name.as_str()],
            Step::Index(index) => &value[*index],
        })
    }

    fn inside(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self { steps: Vec::new(), message: up_to(MOST_IN_MESSAGE, message) }
    }

    // What is quoted is shortened before the words behind it are cut off.

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        quoting(unexpected, |unexpected| Words::invalid_type(unexpected, expected))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        quoting(unexpected, |unexpected| Words::invalid_value(unexpected, expected))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(Words::unknown_variant(&shortened(variant), expected))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(Words::unknown_field(&shortened(field), expected))
    }
}

/// A mismatch in serde's words, with what is quoted in them shortened.
fn quoting(unexpected: Unexpected<'_>, words: impl FnOnce(Unexpected<'_>) -> Words) -> Mismatch {
    de::Error::custom(match unexpected {
        Unexpected::Str(text) => words(Unexpected::Str(&shortened(text))),
        other => words(other),
    })
}

/// A value as a deserializer.
#[derive(Clone, Copy, Debug)]
struct Reader<'v>(&'v Value);

impl<'v> Reader<'v> {
    fn unexpected(self) -> Unexpected<'v> {
        match self.0 {
            Value::Null => Unexpected::Other("null"),
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), ..) => Unexpected::Unsigned(value),
                (_, Some(value), _) => Unexpected::Signed(value),
                (.., value) => Unexpected::Float(value.unwrap_or(f64::NAN)),
            },
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        }
    }

    #[cold]
    fn mismatch(self, expected: &dyn de::Expected) -> Mismatch {
        de::Error::invalid_type(self.unexpected(), expected)
    }

    fn number<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Value::Number(number) = self.0 else { return Err(self.mismatch(&visitor)) };
        if let Some(value) = number.as_u64() {
            visitor.visit_u64(value)
        } else if let Some(value) = number.as_i64() {
            visitor.visit_i64(value)
        } else {
            visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
        }
    }

    fn text<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn list<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items { items, next: 0 }),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn fields<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::new(fields)),
            _ => Err(self.mismatch(&visitor)),
        }
    }
}

/// Methods that read one kind of value through one of the helpers above.
macro_rules! read_through {
    ($helper:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> { self.$helper(visitor) })*
    };
}

impl<'v> Deserializer<'v> for Reader<'v> {
    type Error = Mismatch;

    read_through! { number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 }
    read_through! { text: deserialize_char deserialize_str deserialize_string deserialize_identifier }
    read_through! { list: deserialize_seq }
    read_through! { fields: deserialize_map }

    fn deserialize_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(_) => self.number(visitor),
            Value::String(_) => self.text(visitor),
            Value::Array(_) => self.list(visitor),
            Value::Object(_) => self.fields(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Bool(value) => visitor.visit_bool(*value),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'v>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'v>>(self, _length: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.list(visitor)
    }

    fn deserialize_struct<V: Visitor<'v>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.fields(visitor)
    }

    /// All choices are plain names.
    fn deserialize_enum<V: Visitor<'v>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    forward_to_deserialize_any! { <V: Visitor<'v>> i128 u128 bytes byte_buf unit unit_struct tuple_struct ignored_any }
}

/// The items of a list, one by one.
struct Items<'v> {
    items: &'v [Value],
    next: usize,
}

impl<'v> SeqAccess<'v> for Items<'v> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'v>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(Reader(item)).map(Some).map_err(|error| error.inside(Step::Index(index)))
    }
}

/// The fields of an object, one by one.
struct Fields<'v> {
    fields: serde_json::map::Iter<'v>,
    current: Option<(&'v String, &'v Value)>,
}

impl<'v> Fields<'v> {
    fn new(fields: &'v Map<String, Value>) -> Self {
        Self { fields: fields.iter(), current: None }
    }

    fn here(&self) -> Step {
        Step::Field(self.current.map(|(name, _)| name.clone()).unwrap_or_default())
    }
}

impl<'v> MapAccess<'v> for Fields<'v> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'v>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        self.current = self.fields.next();
        let Some((name, _)) = self.current else { return Ok(None) };
        let key: StrDeserializer<'v, Mismatch> = name.as_str().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|error| error.inside(self.here()))
    }

    fn next_value_seed<S: DeserializeSeed<'v>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        let value = self.current.map_or(&Value::Null, |(_, value)| value);
        seed.deserialize(Reader(value)).map_err(|error| error.inside(self.here()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, LatencyModelName, WeightedScorer};
    use serde_json::json;

    fn mismatch<T: for<'v> Deserialize<'v> + fmt::Debug>(value: &Value) -> (String, String) {
        let mismatch = read::<T>(value).expect_err("does not fit");
        (mismatch.path(), mismatch.message)
    }

    #[test]
    fn a_configuration_comes_back_from_its_value() {
        let config = Config { seed: i64::MIN, ..Config::default() };
        assert_eq!(read::<Config>(&config.to_value()).expect("fits"), config);
    }

    #[test]
    fn the_place_of_a_mismatch_is_told_by_fields_and_indices() {
        let value = json!({"routing": {"scorers": [{"name": "queue-depth", "weight": 1}, {"weight": true}]}});
        let (path, message) = mismatch::<Config>(&value);
        assert_eq!(path, "routing.scorers[1].weight");
        assert_eq!(message, "invalid type: boolean `true`, expected f64");
        assert_eq!(read::<Config>(&value).expect_err("does not fit").value_in(&value), &json!(true));
    }

    #[test]
    fn unknown_and_missing_fields_are_named() {
        let (path, message) = mismatch::<Config>(&json!({"cluster": {"instances": 4}}));
        assert_eq!(path, "cluster.instances");
        assert!(message.starts_with("unknown field `instances`, expected "), "{message}");
        let (path, message) = mismatch::<Vec<WeightedScorer>>(&json!([{"name": "queue-depth"}]));
        assert_eq!((path.as_str(), message.as_str()), ("[0]", "missing field `weight`"));
    }

    #[test]
    fn names_are_texts_numbers_keep_their_kind_and_structs_are_objects() {
        assert_eq!(read::<LatencyModelName>(&json!("roofline")).expect("fits"), LatencyModelName::Roofline);
        assert!(mismatch::<LatencyModelName>(&json!("fast")).1.starts_with("unknown variant `fast`"));
        assert_eq!(mismatch::<u32>(&json!(1.5)).1, "invalid type: floating point `1.5`, expected u32");
        assert_eq!(mismatch::<u32>(&json!(-1)).1, "invalid value: integer `-1`, expected u32");
        assert_eq!(read::<f64>(&json!(2)).expect("fits"), 2.0);
        assert_eq!(read::<Option<u32>>(&json!(null)).expect("fits"), None);
        assert_eq!(mismatch::<u32>(&json!(null)).1, "invalid type: null, expected u32");
        assert!(mismatch::<Config>(&json!([])).1.starts_with("invalid type: sequence"));
    }
}
