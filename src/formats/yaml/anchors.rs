//! Values that have a name, `&name value`, and stand again where the name does, `*name`; maps that take in others,
//! `<<: *name`.

use super::node::{Kind, Node};
use super::parser::{Error, Key, Parser};
use super::{MAX_DEPTH, MAX_NODES};
use crate::text::shortened;
use std::collections::{HashMap, HashSet};

/// The named values so far.
#[derive(Default)]
pub(super) struct Anchors<'t>(HashMap<&'t str, Named>);

/// A value with its size.
struct Named {
    node: Node,
    /// Scalars, lists and maps in it.
    nodes: usize,
    /// Levels of nesting below it.
    depth: usize,
}

impl<'t> Anchors<'t> {
    /// Gives a value a name, which from here on means this value.
    pub fn name(&mut self, name: &'t str, node: &Node) {
        let (nodes, depth) = size(node);
        self.0.insert(name, Named { node: node.clone(), nodes, depth });
    }

    /// The value of a name.
    fn get(&self, name: &str) -> Option<&Named> {
        self.0.get(name)
    }
}

impl<'t> Parser<'t> {
    /// The name behind `&`, if that is next, and the spaces after it.
    pub fn anchor(&mut self) -> Result<Option<&'t str>, Error> {
        if self.peek() != Some('&') {
            return Ok(None);
        }
        let name = self.name()?;
        self.skip_spaces();
        Ok(Some(name))
    }

    /// A copy of the value whose name follows `*`.
    pub fn alias(&mut self, depth: usize) -> Result<Node, Error> {
        let start = self.at;
        let name = self.name()?;
        let wrong = |message| Err(Error { at: start, message });
        let Some(Named { node, nodes, depth: below }) = self.anchors.get(name) else {
            return wrong(format!("the alias of a value that is not there yet: {}", shortened(name)));
        };
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return wrong(format!("more than {MAX_NODES} nodes with this alias"));
        }
        if depth + below > MAX_DEPTH {
            return wrong(format!("nested more than {MAX_DEPTH} deep with this alias"));
        }
        Ok(Node { at: start, ..node.clone() })
    }

    /// The name of an anchor, behind its mark.
    fn name(&mut self) -> Result<&'t str, Error> {
        let text = self.text;
        let rest = &text[self.at + 1..];
        let ends = |char: char| char.is_whitespace() || ",[]{}".contains(char);
        let length = rest.find(ends).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.wrong("an anchor without a name"));
        }
        self.at += 1 + length;
        Ok(&rest[..length])
    }
}

/// The key for fields of other maps, which stand there as aliases. In quotes it is a key like any other.
const MERGE: &str = "<<";

/// The fields of a map as they are read.
#[derive(Default)]
pub(super) struct Fields {
    fields: Vec<(String, Node)>,
    /// What stands at the key for fields of other maps.
    merge: Option<Node>,
}

impl Fields {
    /// Another field.
    pub fn push(&mut self, Key { text, quoted }: Key, value: Node) {
        if text == MERGE && !quoted {
            self.merge = Some(value);
        } else {
            self.fields.push((text, value));
        }
    }

    /// The fields of a map, and those of the maps that its key `<<` names, unless it has a field of that name itself.
    /// Of several maps, an earlier one wins.
    pub fn merged(self) -> Result<Vec<(String, Node)>, Error> {
        let Self { mut fields, merge } = self;
        let maps = match merge {
            None => return Ok(fields),
            Some(Node { kind: Kind::List(items), .. }) => items,
            Some(node) => vec![node],
        };
        let mut known: HashSet<String> = fields.iter().map(|(key, _)| key.clone()).collect();
        for Node { at, kind } in maps {
            let Kind::Map(others) = kind else {
                let message = "<< must be followed by the alias of a map, or by a list of such".to_owned();
                return Err(Error { at, message });
            };
            for (key, value) in others {
                if known.insert(key.clone()) {
                    fields.push((key, value));
                }
            }
        }
        Ok(fields)
    }
}

/// How many nodes there are, and how many levels of them below the first.
fn size(node: &Node) -> (usize, usize) {
    let add = |(nodes, depth): (usize, usize), inner: &Node| {
        let (more, below) = size(inner);
        (nodes + more, depth.max(below + 1))
    };
    match &node.kind {
        Kind::Scalar(_) | Kind::Plain(..) => (1, 0),
        Kind::List(items) => items.iter().fold((1, 0), add),
        Kind::Map(fields) => fields.iter().map(|(_, node)| node).fold((1, 0), add),
    }
}
