//! A document as it was read, with the place of each part.

use crate::formats::reader::Step;
use serde_json::Value;

/// Keys whose values are texts even without quotation marks: `id: 12`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TextKeys {
    /// The keys.
    pub keys: &'static [&'static str],
    /// Keys of maps whose own keys are chosen freely, so that `id` says nothing there about its value.
    pub free_below: &'static [&'static str],
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Byte of the text at which it begins.
    pub at: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a part of a document is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Null or a text.
    Scalar(Value),
    /// A number or a truth value, and the word for it.
    Plain(Value, String),
    /// A list.
    List(Vec<Node>),
    /// A map with its distinct keys in order.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The same as plain data. The values of the keys in `texts` are texts, also where the word is one for a number or a
    /// truth value.
    pub fn value(&self, texts: TextKeys) -> Value {
        match &self.kind {
            Kind::Scalar(value) | Kind::Plain(value, _) => value.clone(),
            Kind::List(items) => items.iter().map(|item| item.value(texts)).collect(),
            Kind::Map(fields) => {
                let value = |key: &str, node: &Self| match &node.kind {
                    Kind::Plain(_, word) if texts.keys.contains(&key) => Value::from(word.as_str()),
                    _ if texts.free_below.contains(&key) => node.value(TextKeys::default()),
                    _ => node.value(texts),
                };
                fields.iter().map(|(key, node)| (key.clone(), value(key, node))).collect()
            }
        }
    }

    /// Where the part lies to which these steps lead, or the last part on the way that exists.
    pub fn at_steps<'s>(mut node: &Self, steps: impl Iterator<Item = &'s Step>) -> usize {
        for step in steps {
            let inner = match (&node.kind, step) {
                (Kind::List(items), Step::Index(index)) => items.get(*index),
                (Kind::Map(fields), Step::Field(name)) => {
                    fields.iter().find(|(key, _)| key == name).map(|(_, node)| node)
                }
                _ => None,
            };
            match inner {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node.at
    }
}
