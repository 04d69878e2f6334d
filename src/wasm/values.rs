//! Values on their way between Rust and JavaScript.

use super::js_error;
use crate::config::limits::{MAX_TEXT_BYTES, MAX_TIME_US};
use crate::config::{Config, SloTarget};
use crate::error::ConfigError;
use crate::formats::reader::read;
use crate::outcome::distribution::Latency;
use crate::settings::{misfit, schema};
use crate::sizing::Targets;
use crate::text::shortened;
use crate::units::{Micros, RequestIndex};
use js_sys::{Array, BigInt, Error, JsString, Map, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde_json::{Number, Value};
use wasm_bindgen::prelude::*;

/// Deeper values are refused; a configuration needs seven levels. Cycles end here.
const DEEPEST: usize = 32;

/// Whole numbers up to here are exact as doubles, and no other number is read as one of them.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// What a seed may be in JavaScript.
const SEED: &str =
    "a whole number from -9007199254740991 to 9007199254740991, or beyond that a bigint of 64 bits";

#[wasm_bindgen(module = "/src/wasm/values.js")]
extern "C" {
    /// Whether there may be more to an object than its own properties, which would not be read.
    #[wasm_bindgen(js_name = hidesData)]
    fn hides_data(value: &JsValue) -> bool;

    /// A value in a message.
    fn described(value: &JsValue) -> String;

    /// The items of a list; `None` if it is none, or cannot be read.
    #[wasm_bindgen(js_name = listOf)]
    fn list_of(value: &JsValue) -> Option<Array>;

    /// The bytes of a buffer or of a view into one; `None` if it is none, or cannot be read.
    #[wasm_bindgen(js_name = bytesOf)]
    fn bytes_of(value: &JsValue) -> Option<Uint8Array>;

    /// Names and values of a `Map` or an object; `None` if they cannot be read.
    #[wasm_bindgen(js_name = entriesOf)]
    fn entries_of(value: &JsValue) -> Option<Array>;

    /// What a list, a `Map` or the like consists of.
    #[wasm_bindgen(js_name = itemsOf)]
    fn items_of(value: &JsValue) -> Option<Array>;

    /// A text, or the text of a number or boolean.
    #[wasm_bindgen(js_name = textOf)]
    fn text_of(value: &JsValue) -> Option<String>;
}

/// A Rust value as plain JavaScript objects.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, Error> {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(|error| Error::new(&error.to_string()))
}

/// A configuration as plain JavaScript objects. Seeds that are not exact as numbers are bigints.
pub(super) fn config_to_js(config: &Config) -> Result<JsValue, Error> {
    let mut small = config.clone();
    let spec = small.workload.spec.as_mut().and_then(|spec| spec.seed.as_mut());
    let seeds = [(&["seed"] as &[&str], Some(&mut small.seed)), (&["workload", "spec", "seed"], spec)];
    let large: Vec<_> = seeds
        .into_iter()
        .filter_map(|(path, seed)| {
            seed.filter(|seed| seed.unsigned_abs() > EXACT as u64).map(|seed| (path, seed))
        })
        .map(|(path, seed)| (path, std::mem::take(seed)))
        .collect();
    let js = to_js(&small)?;
    for (path, seed) in large {
        let mut object = js.clone();
        for name in &path[..path.len() - 1] {
            object = Reflect::get(&object, &(*name).into())?;
        }
        Reflect::set(&object, &path[path.len() - 1].into(), &BigInt::from(seed))?;
    }
    Ok(js)
}

/// A fresh plain object with these properties.
pub(super) fn record<const FIELDS: usize>(fields: [(&str, JsValue); FIELDS]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// The numbers of these requests.
pub(super) fn numbers(requests: &[RequestIndex]) -> Vec<u32> {
    requests.iter().map(|request| request.get()).collect()
}

/// Reads a configuration; what does not fit is named by its path.
pub(super) fn config_from_js(value: &JsValue) -> Result<Config, Error> {
    read_config(value).map_err(|error| js_error(&error))
}

/// The same, with the problem as data.
pub(super) fn read_config(value: &JsValue) -> Result<Config, ConfigError> {
    if !value.is_object() || list_of(value).is_some() {
        return Err(ConfigError::invalid("configuration", described(value), "an object"));
    }
    Config::from_value(plain(value, "", DEEPEST)?)
}

/// Reads the name of a latency.
pub(super) fn latency_from_js(value: &JsValue) -> Result<Latency, Error> {
    argument(value, "latency", "one of ttft, itl, request_itl, e2e")
}

/// Reads a latency target; limits that are left out or `null` do not limit.
pub(super) fn target_from_js(value: &JsValue) -> Result<SloTarget, Error> {
    argument(value, "target", "ttft_ms, itl_ms and e2e_ms, each a number or null")
}

/// Reads the targets of a search.
pub(super) fn targets_from_js(value: &JsValue) -> Result<Targets, Error> {
    argument(
        value,
        "targets",
        "goodput_percent, seeds, max_instances and max_requests, each a number or left out",
    )
}

/// Reads an object that is no configuration; what does not fit is named by its path.
pub(super) fn document<T: serde::de::DeserializeOwned>(name: &str, value: &JsValue) -> Result<T, Error> {
    plain(value, name, DEEPEST)
        .and_then(|json| read(&json).map_err(|mismatch| misfit(name, &json, &mismatch)))
        .map_err(|error| js_error(&error))
}

/// Reads an argument that is no configuration, by its name.
fn argument<T: serde::de::DeserializeOwned>(value: &JsValue, name: &str, expected: &str) -> Result<T, Error> {
    plain(value, name, DEEPEST)
        .and_then(|json| {
            serde_json::from_value(json).map_err(|_| ConfigError::invalid(name, described(value), expected))
        })
        .map_err(|error| js_error(&error))
}

/// Reads pairs of a name and a text from a list, a `Map`, `URLSearchParams` or whatever else gives pairs one by one.
/// Numbers and booleans stand for their texts.
pub(super) fn pairs_from_js(value: &JsValue) -> Result<Vec<(String, String)>, Error> {
    let expected = "pairs of a name and a text: a list, a Map or URLSearchParams";
    let pair = |(index, pair): (usize, JsValue)| {
        let both = list_of(&pair).filter(|pair| pair.length() == 2);
        let Some((name, text)) = both.map(|both| (both.get(0), both.get(1))) else {
            return Err(ConfigError::invalid(
                format!("pairs[{index}]"),
                described(&pair),
                "a name and a text",
            ));
        };
        let (name, read) = name.as_string().zip(text_of(&text)).ok_or_else(|| {
            let value = format!("{} and {}", described(&name), described(&text));
            ConfigError::invalid(format!("pairs[{index}]"), value, "a name and a text")
        })?;
        if let Some(number) = text.as_f64()
            && schema::by_name(&name).is_some_and(|setting| setting.path == "seed")
        {
            plain_seed(number, "seed")?;
        }
        Ok((name, read))
    };
    items_of(value)
        .ok_or_else(|| ConfigError::invalid("pairs", described(value), expected))
        .and_then(|pairs| pairs.iter().enumerate().map(pair).collect())
        .map_err(|error| js_error(&error))
}

/// Reads a seed, a number or a bigint.
pub(super) fn seed_from_js(value: &JsValue) -> Result<i64, Error> {
    let read = |value: Value| {
        value
            .as_i64()
            .ok_or_else(|| ConfigError::invalid("seed", shown(&value), "a whole number that fits 64 bits"))
    };
    plain(value, "seed", DEEPEST).and_then(read).map_err(|error| js_error(&error))
}

/// Reads a text of a number of bytes at most. What is none would otherwise be taken for memory that it does not own.
pub(super) fn text(name: &str, value: &JsValue, most: usize) -> Result<String, Error> {
    if !value.is_string() {
        return Err(js_error(&ConfigError::invalid(name, described(value), "a text")));
    }
    bounded_text(value, name, most).map_err(|error| js_error(&error))
}

/// Reads bytes.
pub(super) fn bytes(name: &str, value: &JsValue) -> Result<Vec<u8>, Error> {
    match bytes_of(value) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(js_error(&ConfigError::invalid(name, described(value), "bytes, such as a Uint8Array"))),
    }
}

/// Reads a list of configurations.
pub(super) fn configs_from_js(name: &str, list: &JsValue) -> Result<Vec<Config>, Error> {
    let Some(items) = list_of(list) else {
        return Err(js_error(&ConfigError::invalid(name, described(list), "a list of configurations")));
    };
    items.iter().map(|config| config_from_js(&config)).collect()
}

/// Reads a whole number of a range.
pub(super) fn whole(name: &str, number: f64, range: std::ops::RangeInclusive<u32>) -> Result<u32, Error> {
    let (least, most) = (*range.start(), *range.end());
    if number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&number) {
        return Ok(number as u32);
    }
    let expected = format!("a whole number from {least} to {most}");
    Err(js_error(&ConfigError::invalid(name, number, expected)))
}

/// Reads the index of one of `count` things that are called so.
pub(super) fn index(name: &str, number: f64, count: usize, things: &str) -> Result<u32, Error> {
    match count.checked_sub(1) {
        Some(last) => whole(name, number, 0..=last as u32),
        None => Err(js_error(&ConfigError::invalid(name, number, format!("nothing: there are no {things}")))),
    }
}

/// Reads a number of steps.
pub(super) fn steps(number: f64) -> Result<u64, Error> {
    // Infinity runs to the end: the cast saturates.
    if number >= 1.0 {
        return Ok(number as u64);
    }
    Err(js_error(&ConfigError::invalid("steps", number, "a number that is at least 1")))
}

/// Reads a time in µs.
pub(super) fn time(name: &str, number: f64) -> Result<Micros, Error> {
    if (0.0..=MAX_TIME_US as f64).contains(&number) {
        return Ok(Micros(number as i64));
    }
    Err(js_error(&ConfigError::invalid(name, number, format!("a time from 0 to {MAX_TIME_US} µs"))))
}

/// A JavaScript value as JSON; properties that are `undefined` are left out.
fn plain(value: &JsValue, path: &str, depth: usize) -> Result<Value, ConfigError> {
    if depth == 0 {
        return Err(ConfigError::invalid(path, described(value), "a value that is not nested so deeply"));
    }
    if value.is_null() || value.is_undefined() {
        Ok(Value::Null)
    } else if let Some(value) = value.as_bool() {
        Ok(Value::Bool(value))
    } else if let Some(number) = value.as_f64() {
        match path {
            "seed" | "workload.spec.seed" => plain_seed(number, path),
            _ => plain_number(number, path),
        }
    } else if value.is_string() {
        owned_text(value, path).map(Value::String)
    } else if value.is_bigint() {
        plain_integer(value, path)
    } else if let Some(list) = list_of(value) {
        let item = |(index, item)| plain(&item, &format!("{path}[{index}]"), depth - 1);
        list.iter().enumerate().map(item).collect::<Result<_, _>>().map(Value::Array)
    } else if value.is_function() || value.is_symbol() {
        Err(ConfigError::invalid(path, described(value), "plain data"))
    } else {
        let shows_all = value.has_type::<Map>() || !hides_data(value);
        let Some(entries) = shows_all.then(|| entries_of(value)).flatten() else {
            let place = if path.is_empty() { "configuration" } else { path };
            return Err(ConfigError::invalid(place, described(value), "a plain object"));
        };
        fields(&entries, path, depth)
    }
}

/// A text, refused if it is longer than any name is.
fn owned_text(value: &JsValue, path: &str) -> Result<String, ConfigError> {
    bounded_text(value, path, MAX_TEXT_BYTES)
}

/// A text, refused before it is copied if it is too long: the module's memory never shrinks. It has at least as many bytes as
/// JavaScript counts characters; its reader counts the bytes.
fn bounded_text(value: &JsValue, path: &str, most: usize) -> Result<String, ConfigError> {
    if value.unchecked_ref::<JsString>().length() as usize > most {
        let expected = format_args!("a text of at most {most} characters");
        return Err(ConfigError::invalid(path, described(value), expected));
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
            return Err(ConfigError::invalid(path, described(&key), "names as keys"));
        }
        let key = owned_text(&key, path)?;
        if !value.is_undefined() {
            let name = shortened(&key);
            let place = if path.is_empty() { name.into_owned() } else { format!("{path}.{name}") };
            let value = plain(&value, &place, depth - 1)?;
            fields.insert(key, value);
        }
    }
    Ok(Value::Object(fields))
}

/// A seed that is exact as a number: where one is rounded, another run than the one that was asked for would follow.
fn plain_seed(number: f64, path: &str) -> Result<Value, ConfigError> {
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Ok(Value::from(number as i64));
    }
    Err(ConfigError::invalid(path, described(&number.into()), SEED))
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
        value.unchecked_ref::<BigInt>().to_string(10).map_or_else(|_| String::new(), |text| described(&text));
    let range = "a whole number from -9223372036854775808 to 9223372036854775807";
    Err(ConfigError::invalid(path, text, range))
}

/// A value as JSON in a message.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
