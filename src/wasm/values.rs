//! Values on their way between Rust and JavaScript.

use crate::config::limits::MAX_TEXT_BYTES;
use crate::config::{Config, SloTarget};
use crate::error::ConfigError;
use crate::outcome::distribution::Latency;
use crate::text::{MOST_QUOTED, shortened};
use crate::units::RequestIndex;
use js_sys::{Array, BigInt, Error, JsString, Map, Object};
use serde::Serialize;
use serde_json::{Number, Value};
use wasm_bindgen::prelude::*;

/// Deeper values are refused; a configuration needs seven levels. Cycles end here.
const DEEPEST: usize = 32;

/// Whole numbers up to here are exact as doubles.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What is copied of a text that is quoted: more than stays of it, surrogate pairs included.
const QUOTED: u32 = 4 * MOST_QUOTED as u32;

/// A Rust value as plain JavaScript objects.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, Error> {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(|error| Error::new(&error.to_string()))
}

/// The numbers of these requests.
pub(super) fn numbers(requests: &[RequestIndex]) -> Vec<u32> {
    requests.iter().map(|request| request.get()).collect()
}

/// Reads a configuration; what does not fit is named by its path.
pub(super) fn config_from_js(value: &JsValue) -> Result<Config, ConfigError> {
    Config::from_value(plain(value, "", DEEPEST)?)
}

/// Reads the name of a latency.
pub(super) fn latency_from_js(value: &JsValue) -> Result<Latency, ConfigError> {
    let expected = "one of ttft, itl, request_itl, e2e";
    let name = plain(value, "latency", DEEPEST)?;
    serde_json::from_value(name).map_err(|_| ConfigError::invalid("latency", kind(value), expected))
}

/// Reads a latency target; limits that are left out or `null` do not limit.
pub(super) fn target_from_js(value: &JsValue) -> Result<SloTarget, ConfigError> {
    let expected = "ttft_ms, itl_ms and e2e_ms, each a number or null";
    let target = plain(value, "target", DEEPEST)?;
    serde_json::from_value(target).map_err(|_| ConfigError::invalid("target", kind(value), expected))
}

/// Reads a list of pairs of texts.
pub(super) fn pairs_from_js(value: &JsValue) -> Result<Vec<(String, String)>, ConfigError> {
    let expected = "a list of pairs of texts";
    let pairs = value.dyn_ref::<Array>().ok_or_else(|| ConfigError::invalid("", kind(value), expected))?;
    let pair = |(index, pair): (usize, JsValue)| {
        let texts = pair.dyn_ref::<Array>().filter(|pair| pair.length() == 2);
        texts
            .and_then(|texts| texts.get(0).as_string().zip(texts.get(1).as_string()))
            .ok_or_else(|| ConfigError::invalid(format!("[{index}]"), kind(&pair), "a pair of texts"))
    };
    pairs.iter().enumerate().map(pair).collect()
}

/// A JavaScript value as JSON; properties that are `undefined` are left out.
fn plain(value: &JsValue, path: &str, depth: usize) -> Result<Value, ConfigError> {
    if depth == 0 {
        return Err(ConfigError::invalid(path, kind(value), "a value that is not nested so deeply"));
    }
    if value.is_null() || value.is_undefined() {
        Ok(Value::Null)
    } else if let Some(value) = value.as_bool() {
        Ok(Value::Bool(value))
    } else if let Some(number) = value.as_f64() {
        plain_number(number, path)
    } else if value.is_string() {
        text(value, path).map(Value::String)
    } else if value.is_bigint() {
        plain_integer(value, path)
    } else if let Some(list) = value.dyn_ref::<Array>() {
        let item = |(index, item)| plain(&item, &format!("{path}[{index}]"), depth - 1);
        list.iter().enumerate().map(item).collect::<Result<_, _>>().map(Value::Array)
    } else if let Some(map) = value.dyn_ref::<Map>() {
        fields(&Array::from(&map.entries()), path, depth)
    } else if value.is_function() || value.is_symbol() {
        Err(ConfigError::invalid(path, kind(value), "plain data"))
    } else {
        fields(&Object::entries(value.unchecked_ref()), path, depth)
    }
}

/// A text, refused before it is copied if it is longer than any name is: the module's memory never shrinks.
fn text(value: &JsValue, path: &str) -> Result<String, ConfigError> {
    if value.unchecked_ref::<JsString>().length() as usize > MAX_TEXT_BYTES {
        let expected = format_args!("a text of at most {MAX_TEXT_BYTES} characters");
        return Err(ConfigError::invalid(path, kind(value), expected));
    }
    Ok(value.as_string().unwrap_or_default())
}

/// An object from its entries.
fn fields(entries: &Array, path: &str, depth: usize) -> Result<Value, ConfigError> {
    let mut fields = serde_json::Map::new();
    for entry in entries.iter() {
        let entry: Array = entry.unchecked_into();
        let (key, value) = (entry.get(0), entry.get(1));
        if !key.is_string() {
            return Err(ConfigError::invalid(path, kind(&key), "names as keys"));
        }
        let key = text(&key, path)?;
        if !value.is_undefined() {
            let name = shortened(&key);
            let place = if path.is_empty() { name.into_owned() } else { format!("{path}.{name}") };
            let value = plain(&value, &place, depth - 1)?;
            fields.insert(key, value);
        }
    }
    Ok(Value::Object(fields))
}

/// Whole numbers are integers, as in the text form.
fn plain_number(number: f64, path: &str) -> Result<Value, ConfigError> {
    let number = if number.trunc() == number && number.abs() <= EXACT {
        Some(Number::from(number as i64))
    } else {
        Number::from_f64(number)
    };
    // JSON has no NaN and no infinity.
    number
        .map(Value::Number)
        .ok_or_else(|| ConfigError::invalid(path, "a value that is not finite", "a finite number"))
}

fn plain_integer(value: &JsValue, path: &str) -> Result<Value, ConfigError> {
    if let Ok(number) = i64::try_from(value.clone()) {
        return Ok(Value::from(number));
    }
    let text =
        value.unchecked_ref::<BigInt>().to_string(10).map_or_else(|_| String::new(), |text| kind(&text));
    let range = "a whole number from -9223372036854775808 to 9223372036854775807";
    Err(ConfigError::invalid(path, text, range))
}

/// What sort of value it is, for messages.
fn kind(value: &JsValue) -> String {
    match value.dyn_ref::<JsString>() {
        Some(text) => text.slice(0, QUOTED).into(),
        None => value.js_typeof().as_string().unwrap_or_default(),
    }
}
