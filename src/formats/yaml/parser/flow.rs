//! Lists and maps in brackets.

use super::{Context, Error, Parser};
use crate::formats::yaml::MAX_DEPTH;
use crate::formats::yaml::anchors::Fields;
use crate::formats::yaml::node::{Kind, Node};
use std::collections::HashSet;

impl Parser<'_> {
    /// A value in brackets, or a scalar.
    pub(super) fn flow(&mut self, depth: usize, context: Context) -> Result<Node, Error> {
        if depth > MAX_DEPTH {
            return Err(self.wrong(format!("nested more than {MAX_DEPTH} deep")));
        }
        let start = self.at;
        match self.peek() {
            Some('{') => self.flow_map(depth),
            Some('[') => self.flow_list(depth),
            Some('*') => self.alias(depth),
            Some('&') => {
                let name = self.anchor()?.unwrap_or_default();
                if self.rest().starts_with(['&', '*']) {
                    return Err(self.wrong("an anchor must be followed by a value of its own"));
                }
                let node = self.flow(depth, context)?;
                self.anchors.name(name, &node);
                Ok(node)
            }
            _ => {
                let value = self.scalar(context)?;
                self.scalar_node(start, value)
            }
        }
    }

    fn flow_map(&mut self, depth: usize) -> Result<Node, Error> {
        let start = self.at;
        self.at += 1;
        let mut fields = Fields::default();
        let mut known = HashSet::new();
        loop {
            self.skip_blank()?;
            if self.closes('}') {
                return self.node(start, Kind::Map(fields.merged()?));
            }
            let key = self.key(Context::Flow, &mut known)?;
            self.skip_blank()?;
            let value = self.flow(depth + 1, Context::Flow)?;
            fields.push(key, value);
            self.comma('}')?;
        }
    }

    fn flow_list(&mut self, depth: usize) -> Result<Node, Error> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blank()?;
            if self.closes(']') {
                return self.node(start, Kind::List(items));
            }
            items.push(self.flow(depth + 1, Context::Flow)?);
            self.comma(']')?;
        }
    }

    fn closes(&mut self, bracket: char) -> bool {
        let closes = self.peek() == Some(bracket);
        self.at += usize::from(closes);
        closes
    }

    /// A comma, or the bracket that follows, which stays.
    fn comma(&mut self, bracket: char) -> Result<(), Error> {
        self.skip_blank()?;
        match self.peek() {
            Some(',') => self.at += 1,
            Some(next) if next == bracket => {}
            _ => return Err(self.wrong(format!("expected a comma or {bracket}"))),
        }
        Ok(())
    }
}
