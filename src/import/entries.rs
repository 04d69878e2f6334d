//! Objects of JSON that are a request, or hold several (TR-2).

use super::agents;
use super::drops::Reason;
use super::format::Format;
use super::json;
use super::mapping::Role;
use super::rows::Rows;
use super::values::{Cell, Resolver, Values};
use crate::error::ConfigError;
use std::borrow::Cow;

pub(super) const NOT_JSON: Reason = Reason::new("not JSON");
const NOT_AN_OBJECT: Reason = Reason::new("not an object of JSON");
const NO_QUESTION: Reason = Reason::new("no question first, with an answer behind it");
const EMPTY: Reason = Reason::new("an empty conversation");
const HEADER: Reason = Reason::new("a line that describes the file, no request");
const NO_REQUESTS: Reason = Reason::new("no list of requests");

/// Takes an entry of a list, or a line.
pub(super) fn entry(
    rows: &mut Rows,
    resolver: &mut Resolver,
    number: u64,
    bytes: &[u8],
) -> Result<(), ConfigError> {
    let plain = json::finite(bytes);
    let Ok(text) = std::str::from_utf8(&plain) else {
        rows.drop(number, NOT_JSON, bytes);
        return Ok(());
    };
    match rows.plan.format {
        Format::Sharegpt => conversation(rows, number, text),
        Format::Aibrix => requests(rows, resolver, number, text),
        Format::Weka => agents::conversation(rows, resolver, number, text),
        _ => object(rows, resolver, number, text, None),
    }
}

/// An object that is one request; `outer` has values that hold for it as well.
pub(super) fn object<'t>(
    rows: &mut Rows,
    resolver: &mut Resolver,
    number: u64,
    text: &'t str,
    outer: Option<(Role, Cell<'t>)>,
) -> Result<(), ConfigError> {
    let mut values = Values::new();
    if let Some((role, cell)) = outer {
        values.put((role, 0), cell);
    }
    if json::read(text, resolver, &mut values) {
        if !values.has(Role::Input) && agents::is_header(text) {
            rows.drop(number, HEADER, text.as_bytes());
            return Ok(());
        }
        return rows.row(number, &values);
    }
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    rows.drop(number, if is_json { NOT_AN_OBJECT } else { NOT_JSON }, text.as_bytes());
    Ok(())
}

/// A point in time with a list of requests.
fn requests(rows: &mut Rows, resolver: &mut Resolver, number: u64, text: &str) -> Result<(), ConfigError> {
    let Some(list) = json::field(text, "requests").and_then(json::entries) else {
        let reason = if json::each_field(text, |_, _| ()) { NO_REQUESTS } else { NOT_JSON };
        rows.drop(number, reason, text.as_bytes());
        return Ok(());
    };
    if list.is_empty() {
        rows.blank();
    }
    let time = json::field(text, "timestamp").and_then(json::cell);
    for request in list {
        object(rows, resolver, number, request, time.clone().map(|time| (Role::Arrival, time)))?;
    }
    Ok(())
}

/// Who speaks in a conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaker {
    User,
    Model,
    Other,
}

/// A conversation of texts: a question and the answer behind it are a round.
fn conversation(rows: &mut Rows, number: u64, text: &str) -> Result<(), ConfigError> {
    let list =
        ["conversations", "messages", "conversation"].into_iter().find_map(|name| json::field(text, name));
    let Some(turns) = list.and_then(json::entries) else {
        let reason = if json::each_field(text, |_, _| ()) { EMPTY } else { NOT_JSON };
        rows.drop(number, reason, text.as_bytes());
        return Ok(());
    };
    if turns.is_empty() {
        rows.drop(number, EMPTY, text.as_bytes());
        return Ok(());
    }
    let mut turns = turns.into_iter().map(turn).filter(|(speaker, _)| *speaker != Speaker::Other);
    let mut rounds = Vec::new();
    while let Some((speaker, characters)) = turns.next() {
        match (speaker, turns.next()) {
            (Speaker::User, Some((Speaker::Model, answer))) => rounds.push((characters, answer)),
            _ => break,
        }
    }
    if rounds.is_empty() {
        rows.drop(number, NO_QUESTION, text.as_bytes());
        return Ok(());
    }
    let most = if rows.plan.answers.all_rounds { rounds.len() } else { 1 };
    let name = ["id", "conversation_id"].into_iter().find_map(|name| json::field(text, name));
    let name = name.and_then(json::cell);
    for (round, (question, answer)) in rounds.into_iter().take(most).enumerate() {
        let cell = |number: usize| Cell {
            text: Cow::Owned(number.to_string().into_bytes()),
            is_nested: false,
            is_quoted: false,
        };
        let mut values = Values::new();
        // A token for every four characters.
        values.put((Role::Input, 0), cell(question.div_ceil(4)));
        values.put((Role::Output, 0), cell(answer.div_ceil(4)));
        values.put((Role::Round, 0), cell(round));
        if let (true, Some(name)) = (most > 1, &name) {
            values.put((Role::Session, 0), name.clone());
        }
        rows.row(number, &values)?;
    }
    Ok(())
}

/// Who says how many characters.
fn turn(turn: &str) -> (Speaker, usize) {
    let (mut speaker, mut characters) = (Speaker::Other, 0);
    json::each_field(turn, |name, value| match name {
        "from" | "role" => {
            speaker = match value.get().trim_matches('"') {
                "human" | "user" => Speaker::User,
                "gpt" | "assistant" | "chatgpt" | "bing" | "bard" | "model" => Speaker::Model,
                _ => Speaker::Other,
            };
        }
        "value" | "content" => characters = text_of(value.get()),
        _ => {}
    });
    (speaker, characters)
}

/// Characters of a text, or of the texts of a list of parts.
fn text_of(value: &str) -> usize {
    if let Some(parts) = json::entries(value) {
        return parts.into_iter().filter_map(|part| json::field(part, "text")).map(text_of).sum();
    }
    match json::cell(value) {
        Some(cell) if cell.is_quoted => String::from_utf8_lossy(&cell.text).chars().count(),
        _ => 0,
    }
}
