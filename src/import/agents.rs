//! Conversations of agents: objects that hold a list of requests, whose hash ids are their own (TR-2).

use super::answers::MAX_HASH_BLOCK;
use super::drops::Reason;
use super::entries::object;
use super::json::{cell, each_field, entries, field};
use super::mapping::Role;
use super::rows::Rows;
use super::values::{Cell, Resolver};
use crate::error::ConfigError;
use std::borrow::Cow;

/// How deep agents call agents.
const DEEPEST: usize = 8;

const TOO_DEEP: Reason = Reason::new("agents that are called by more than 8 others");

/// A conversation with its requests, those of the agents that it calls among them; or one request.
pub(super) fn conversation(
    rows: &mut Rows,
    resolver: &mut Resolver,
    number: u64,
    text: &str,
) -> Result<(), ConfigError> {
    let Some(list) = requests(text) else { return object(rows, resolver, number, text, None) };
    if list.is_empty() {
        rows.blank();
    }
    rows.conversations += 1;
    let name = ["id", "session_id", "conversation_id"].into_iter().find_map(|name| field(text, name));
    let own = format!("conversation {number}");
    let name = name.and_then(cell).unwrap_or_else(|| Cell {
        text: Cow::Owned(own.into_bytes()),
        is_nested: false,
        is_quoted: true,
    });
    each(rows, resolver, number, list, &name, 0)
}

/// Times of called agents count from the beginning of the conversation as well, and their ids are its ids.
fn each(
    rows: &mut Rows,
    resolver: &mut Resolver,
    number: u64,
    list: Vec<&str>,
    name: &Cell<'_>,
    depth: usize,
) -> Result<(), ConfigError> {
    for request in list {
        match requests(request) {
            None => object(rows, resolver, number, request, Some((Role::Session, name.clone())))?,
            Some(_) if depth == DEEPEST => rows.drop(number, TOO_DEEP, request.as_bytes()),
            Some(list) => each(rows, resolver, number, list, name, depth + 1)?,
        }
    }
    Ok(())
}

fn requests(text: &str) -> Option<Vec<&str>> {
    field(text, "requests").and_then(entries)
}

/// The requests in the first objects of a file: its objects themselves, or those that conversations hold.
pub(super) fn innermost<'t>(objects: &[&'t str]) -> Vec<&'t str> {
    let mut found = Vec::new();
    for object in objects {
        inner(object, 0, &mut found);
    }
    found
}

/// Most requests that are looked at.
const MOST: usize = 200;

fn inner<'t>(text: &'t str, depth: usize, found: &mut Vec<&'t str>) {
    match requests(text) {
        None if found.len() < MOST => found.push(text),
        Some(list) if depth < DEEPEST && found.len() < MOST => {
            for request in list {
                inner(request, depth + 1, found);
            }
        }
        _ => {}
    }
}

/// Whether objects hold lists of requests that have a time and lengths as those of agents have.
pub(super) fn are_held(objects: &[&str]) -> bool {
    innermost(objects).into_iter().any(|request| {
        let mut has = [false; 3];
        each_field(request, |name, _| {
            if let Some(place) = ["t", "in", "out"].iter().position(|own| *own == name) {
                has[place] = true;
            }
        });
        has == [true; 3]
    })
}

/// What a file says about its hash ids: tokens per id, and whether they are local to a conversation.
pub(super) fn stated(objects: &[&str]) -> (Option<u32>, Option<bool>) {
    let (mut size, mut is_local) = (None, None);
    for object in objects {
        each_field(object, |name, value| match name {
            "block_size" if size.is_none() => {
                size = value.get().parse().ok().filter(|size| (1..=MAX_HASH_BLOCK).contains(size));
            }
            "hash_id_scope" if is_local.is_none() => is_local = Some(value.get() == "\"local\""),
            _ => {}
        });
    }
    (size, is_local)
}

/// Whether an object describes the file, as the first line of some does.
pub(super) fn is_header(text: &str) -> bool {
    let mut has = [false; 2];
    each_field(text, |name, _| {
        has[0] |= name == "schema";
        has[1] |= name == "block_size";
    });
    has == [true; 2]
}
