//! A document as it was read, with the place of each part.

use crate::formats::reader::Step;
use serde_json::Value;

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
    /// Null, a number, a truth value or a text.
    Scalar(Value),
    /// A list.
    List(Vec<Node>),
    /// A map with its distinct keys in order.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The same as plain data.
    pub fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => items.iter().map(Self::value).collect(),
            Kind::Map(fields) => fields.iter().map(|(key, node)| (key.clone(), node.value())).collect(),
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
