//! Writing YAML: block style, four spaces, texts quoted unless they are plain words.

use serde_json::Value;

/// Words that some parser or other takes for something else than a text.
const RESERVED: [&str; 14] =
    ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan", "infinity", "none", "nil"];

/// A value to be written; unlike JSON values its maps keep their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    /// Null, a truth value, a number or a text.
    Scalar(Value),
    /// A list.
    List(Vec<Item>),
    /// A map.
    Map(Vec<(String, Item)>),
}

impl From<Value> for Item {
    fn from(value: Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::Map(fields.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
            scalar => Self::Scalar(scalar),
        }
    }
}

/// A map as a document.
pub(crate) fn write(fields: &[(String, Item)]) -> String {
    let mut text = String::new();
    if fields.is_empty() {
        text.push_str("{}\n");
    }
    write_fields(fields, 0, false, &mut text);
    text
}

/// The fields of a map; the first one may continue a line.
fn write_fields(fields: &[(String, Item)], indent: usize, continues: bool, text: &mut String) {
    for (index, (key, value)) in fields.iter().enumerate() {
        if index > 0 || !continues {
            text.extend(std::iter::repeat_n(' ', indent));
        }
        text.push_str(&quoted(key));
        text.push(':');
        match value {
            Item::Map(inner) if !inner.is_empty() => {
                text.push('\n');
                write_fields(inner, indent + 4, false, text);
            }
            Item::List(items) if !items.is_empty() => {
                text.push('\n');
                write_items(items, indent + 4, text);
            }
            leaf => write_leaf(leaf, text),
        }
    }
}

fn write_items(items: &[Item], indent: usize, text: &mut String) {
    for item in items {
        text.extend(std::iter::repeat_n(' ', indent));
        text.push('-');
        match item {
            Item::Map(inner) if !inner.is_empty() => {
                text.push(' ');
                write_fields(inner, indent + 2, true, text);
            }
            Item::List(inner) if !inner.is_empty() => {
                text.push('\n');
                write_items(inner, indent + 4, text);
            }
            leaf => write_leaf(leaf, text),
        }
    }
}

/// What stands on one line.
fn write_leaf(item: &Item, text: &mut String) {
    text.push(' ');
    match item {
        Item::Map(_) => text.push_str("{}"),
        Item::List(_) => text.push_str("[]"),
        Item::Scalar(Value::String(words)) => text.push_str(&quoted(words)),
        // Integers and whole floats print alike in the format that is followed.
        Item::Scalar(Value::Number(number)) if number.is_f64() => {
            text.push_str(&crate::formats::number_to_string(number.as_f64().unwrap_or_default()));
        }
        Item::Scalar(scalar) => text.push_str(&scalar.to_string()),
    }
    text.push('\n');
}

/// A text as it is if it is a plain word, else as JSON writes it, which YAML reads too.
fn quoted(text: &str) -> String {
    let word = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "_-./".contains(char));
    if word && !RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    Value::from(text).to_string()
}
