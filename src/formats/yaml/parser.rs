//! The strict reader: block and flow collections, scalars on one line, anchors and aliases, comments.

mod flow;

use super::anchors::{Anchors, Fields};
use super::node::{Kind, Node};
use super::{MAX_DEPTH, MAX_NODES, scalar};
use crate::text::shortened;
use serde_json::Value;
use std::collections::HashSet;

/// What is wrong with a text, and at which byte.
#[derive(Debug)]
pub(super) struct Error {
    /// The byte.
    pub at: usize,
    /// What.
    pub message: String,
}

/// The key of a field.
pub(super) struct Key {
    /// Its text.
    pub text: String,
    /// Whether it stood in quotation marks.
    pub quoted: bool,
}

/// Reads the one document of a text.
pub(super) fn parse(text: &str) -> Result<Node, Error> {
    let mut parser = Parser { text, at: 0, nodes: 0, anchors: Anchors::default() };
    parser.skip_blank()?;
    if parser.marker("---") {
        parser.at += 3;
        parser.skip_blank()?;
    }
    let node = match parser.peek() {
        None => parser.scalar_node(parser.at, Value::Null)?,
        Some(_) => parser.block(0)?,
    };
    parser.skip_blank()?;
    if parser.marker("...") {
        parser.at += 3;
        parser.skip_blank()?;
    }
    if parser.marker("---") {
        return Err(parser.wrong("a second document; one is read"));
    }
    match parser.peek() {
        None => Ok(node),
        Some(_) => {
            Err(parser.wrong("text that belongs to nothing before it; is it indented as its neighbours?"))
        }
    }
}

/// Whether a scalar stands in a block or between brackets, where some characters end it.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    Block,
    Flow,
}

pub(super) struct Parser<'t> {
    pub text: &'t str,
    pub at: usize,
    /// How many nodes have been made.
    pub nodes: usize,
    pub anchors: Anchors<'t>,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Distance from the beginning of the line.
    fn column(&self) -> usize {
        self.at - self.text[..self.at].rfind('\n').map_or(0, |end| end + 1)
    }

    pub fn wrong(&self, message: impl Into<String>) -> Error {
        Error { at: self.at, message: message.into() }
    }

    /// A document marker at the beginning of a line.
    fn marker(&self, marker: &str) -> bool {
        let after = self.rest().strip_prefix(marker);
        self.column() == 0
            && after.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\n', '\r']))
    }

    fn node(&mut self, at: usize, kind: Kind) -> Result<Node, Error> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.wrong(format!("more than {MAX_NODES} nodes")));
        }
        Ok(Node { at, kind })
    }

    /// A scalar that has just been read, from `at`.
    fn scalar_node(&mut self, at: usize, value: Value) -> Result<Node, Error> {
        let kind = match value {
            Value::Number(_) | Value::Bool(_) => {
                let word = self.text[at..self.at].trim_end_matches([' ', '\t']);
                Kind::Plain(value, word.to_owned())
            }
            _ => Kind::Scalar(value),
        };
        self.node(at, kind)
    }

    /// Skips spaces on this line.
    pub fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    /// Skips to the next thing that is neither space nor comment. Indentation by tabs is refused.
    fn skip_blank(&mut self) -> Result<(), Error> {
        loop {
            let line_begins = self.column() == 0;
            let before = self.at;
            self.skip_spaces();
            let skipped = &self.text[before..self.at];
            match self.peek() {
                Some('#') if line_begins || !skipped.is_empty() || self.after_space() => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                Some('\n' | '\r') => self.at += 1,
                Some(_) if line_begins && skipped.contains('\t') => {
                    return Err(self.wrong("a tab in the indentation; YAML wants spaces"));
                }
                _ => return Ok(()),
            }
        }
    }

    fn after_space(&self) -> bool {
        self.text[..self.at].ends_with([' ', '\t', '\n'])
    }

    /// Goes to the end of the line, on which nothing but a comment may follow.
    fn end_line(&mut self) -> Result<(), Error> {
        self.skip_spaces();
        match self.peek() {
            None | Some('\n' | '\r') => Ok(()),
            Some('#') if self.after_space() => Ok(()),
            Some(_) => Err(self.wrong("text behind the end of a value")),
        }
    }

    fn is_item(&self) -> bool {
        let after = self.rest().strip_prefix('-');
        after.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t', '\n', '\r']))
    }

    /// A value that may consist of several lines, of which this is the first.
    fn block(&mut self, depth: usize) -> Result<Node, Error> {
        if depth > MAX_DEPTH {
            return Err(self.wrong(format!("nested more than {MAX_DEPTH} deep")));
        }
        if self.is_item() {
            return self.block_list(depth);
        }
        let start = self.at;
        if matches!(self.peek(), Some('{' | '[' | '&' | '*')) {
            return self.inline(depth);
        }
        let key = self.scalar(Context::Block)?;
        if !self.colon(Context::Block) {
            self.end_line()?;
            return self.scalar_node(start, key);
        }
        self.at = start;
        self.block_map(depth)
    }

    /// A value that ends on its line, or with its bracket.
    fn inline(&mut self, depth: usize) -> Result<Node, Error> {
        let node = self.flow(depth, Context::Block)?;
        if self.colon(Context::Block) {
            return Err(self.wrong("a colon that belongs to no key; values with \": \" must be quoted"));
        }
        self.end_line()?;
        Ok(node)
    }

    fn block_list(&mut self, depth: usize) -> Result<Node, Error> {
        let (start, column) = (self.at, self.column());
        let mut items = Vec::new();
        while self.peek().is_some() && self.column() == column && self.is_item() && !self.marker("---") {
            let dash = self.at;
            self.at += 1;
            let item = self.value_below(dash, column + 1, depth, true)?;
            items.push(item);
            self.skip_blank()?;
        }
        self.node(start, Kind::List(items))
    }

    fn block_map(&mut self, depth: usize) -> Result<Node, Error> {
        let (start, column) = (self.at, self.column());
        let mut fields = Fields::default();
        let mut known = HashSet::new();
        while self.peek().is_some() && self.column() == column && !self.marker("---") && !self.marker("...") {
            let key_at = self.at;
            let key = self.key(Context::Block, &mut known)?;
            // A list may stand at the column of its key.
            let value = self.value_below(key_at, column, depth, false)?;
            fields.push(key, value);
            self.skip_blank()?;
        }
        self.node(start, Kind::Map(fields.merged()?))
    }

    /// What follows a dash or a key: on its line, or below it and further to the right.
    fn value_below(&mut self, owner: usize, min: usize, depth: usize, item: bool) -> Result<Node, Error> {
        if self.is_on_line() {
            let start = self.at;
            let Some(name) = self.anchor()? else {
                return if item { self.block(depth + 1) } else { self.inline(depth + 1) };
            };
            if self.is_on_line() {
                self.at = start;
                return self.inline(depth + 1);
            }
            let node = self.below(owner, min, depth, item)?;
            self.anchors.name(name, &node);
            return Ok(node);
        }
        self.below(owner, min, depth, item)
    }

    /// Whether a value follows on this line.
    fn is_on_line(&mut self) -> bool {
        self.skip_spaces();
        match self.peek() {
            None | Some('\n' | '\r') => false,
            Some('#') => !self.after_space(),
            Some(_) => true,
        }
    }

    /// What follows on the next lines, if it belongs to this dash or key.
    fn below(&mut self, owner: usize, min: usize, depth: usize, item: bool) -> Result<Node, Error> {
        self.skip_blank()?;
        let below = self.column() > min || (self.column() == min && (item || self.is_item()));
        if self.peek().is_none() || !below || self.marker("---") {
            return self.scalar_node(owner, Value::Null);
        }
        self.block(depth + 1)
    }

    /// A key with its colon; every key of a map once.
    fn key(&mut self, context: Context, known: &mut HashSet<String>) -> Result<Key, Error> {
        let start = self.at;
        let quoted = matches!(self.peek(), Some('"' | '\''));
        let value = self.scalar(context)?;
        let text = match value {
            Value::String(text) => text,
            _ if quoted => String::new(),
            _ => self.text[start..self.at].trim_end().to_owned(),
        };
        if !(self.colon(context) || (quoted && context == Context::Flow && self.rest().starts_with(':'))) {
            return Err(Error {
                at: start,
                message: "a key must be followed by a colon and a space".to_owned(),
            });
        }
        self.at += 1;
        if known.insert(text.clone()) {
            return Ok(Key { text, quoted });
        }
        Err(Error { at: start, message: format!("the key {:?} for the second time", shortened(&text)) })
    }

    /// Whether a colon that ends a key is next, spaces before it skipped.
    fn colon(&mut self, context: Context) -> bool {
        self.skip_spaces();
        let after = self.rest().strip_prefix(':');
        let ends = |after: &str| {
            after.is_empty()
                || after.starts_with([' ', '\t', '\n', '\r'])
                || (context == Context::Flow && after.starts_with([',', '}', ']', '{', '[', '"']))
        };
        after.is_some_and(ends)
    }

    fn scalar(&mut self, context: Context) -> Result<Value, Error> {
        let quoted = |read: Result<(String, usize), (usize, &str)>, parser: &mut Self| match read {
            Ok((text, length)) => {
                parser.at += 1 + length;
                Ok(Value::String(text))
            }
            Err((at, message)) => Err(Error { at: parser.at + 1 + at, message: message.to_owned() }),
        };
        match self.peek() {
            Some('"') => quoted(scalar::double_quoted(&self.rest()[1..]), self),
            Some('\'') => quoted(scalar::single_quoted(&self.rest()[1..]), self),
            Some('&' | '*') => Err(self.wrong("an anchor or an alias cannot be part of a key")),
            Some('!') => Err(self.wrong("tags are not read")),
            Some('|' | '>') => Err(self.wrong("texts of several lines are not read; quote the text")),
            Some('%' | '@' | '`') => {
                Err(self.wrong("a plain text cannot begin with this character; quote it"))
            }
            Some('?') if self.rest()[1..].starts_with([' ', '\n']) => Err(self.wrong("keys must be texts")),
            _ => self.plain(context),
        }
    }

    fn plain(&mut self, context: Context) -> Result<Value, Error> {
        let rest = self.rest();
        let mut end = rest.len();
        let mut before = ' ';
        for (at, char) in rest.char_indices() {
            let next = rest[at + char.len_utf8()..].chars().next();
            let ends = match char {
                '\n' | '\r' => true,
                '#' => before == ' ' || before == '\t',
                ':' => {
                    next.is_none_or(char::is_whitespace)
                        || (context == Context::Flow && next.is_some_and(|next| ",[]{}".contains(next)))
                }
                ',' | '[' | ']' | '{' | '}' => context == Context::Flow,
                _ => false,
            };
            if ends {
                end = at;
                break;
            }
            before = char;
        }
        let word = rest[..end].trim_end_matches([' ', '\t']);
        if word.is_empty() && context == Context::Block {
            return Err(self.wrong("expected a value"));
        }
        let value = scalar::plain(word);
        self.at += word.len();
        Ok(value)
    }
}
