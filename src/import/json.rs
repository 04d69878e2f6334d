//! Objects of JSON as rows, and lists that come in pieces.

use super::lines::MAX_LINE_BYTES;
use super::values::{Cell, Resolver, Values};
use crate::error::ConfigError;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// How deep values are looked for.
const DEEPEST: usize = 6;

/// A key, borrowed where it has no escapes.
struct Key<'t>(Cow<'t, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// Calls a function with every name and value of an object.
struct Each<F>(F);

impl<'de, F: FnMut(&str, &'de RawValue)> DeserializeSeed<'de> for Each<F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for Each<F> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(name)) = map.next_key()? {
            (self.0)(&name, map.next_value()?);
        }
        Ok(())
    }
}

/// A text in which `NaN`, `Infinity` and `-Infinity` are `null`: Python writes them, and JSON has no such values.
pub(crate) fn finite(text: &[u8]) -> Cow<'_, [u8]> {
    finite_with(text, b"null")
}

/// As [`finite`], with something else in place of `NaN`, where it matters that it stood there.
pub(crate) fn finite_with<'t>(text: &'t [u8], not_a_number: &[u8]) -> Cow<'t, [u8]> {
    if !text.contains(&b'N') && !text.contains(&b'I') {
        return Cow::Borrowed(text);
    }
    let mut plain: Vec<u8> = Vec::new();
    let (mut done, mut place, mut in_text) = (0, 0, false);
    while let Some(&byte) = text.get(place) {
        match byte {
            b'\\' if in_text => place += 1,
            b'"' => in_text = !in_text,
            b'N' | b'I' | b'-' if !in_text => {
                let rest = &text[place..];
                let words: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];
                if let Some(word) = words.into_iter().find(|word| rest.starts_with(word)) {
                    plain.extend_from_slice(&text[done..place]);
                    plain.extend_from_slice(if word == b"NaN" { not_a_number } else { b"null" });
                    place += word.len();
                    done = place;
                    continue;
                }
            }
            _ => {}
        }
        place += 1;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    plain.extend_from_slice(&text[done..]);
    Cow::Owned(plain)
}

/// Calls a function with every name and value of an object; false if the text is no object.
pub(crate) fn each_field<'t>(object: &'t str, each: impl FnMut(&str, &'t RawValue)) -> bool {
    let mut deserializer = serde_json::Deserializer::from_str(object);
    Each(each).deserialize(&mut deserializer).is_ok() && deserializer.end().is_ok()
}

/// The value of a name of an object.
pub(super) fn field<'t>(object: &'t str, name: &str) -> Option<&'t str> {
    let mut found = None;
    each_field(object, |own, value| {
        if own == name {
            found = Some(value.get());
        }
    });
    found
}

/// The entries of a list; `None` if the text is no list.
pub(crate) fn entries(list: &str) -> Option<Vec<&str>> {
    let entries: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    Some(entries.into_iter().map(RawValue::get).collect())
}

/// A value as a cell; `null` is none.
pub(super) fn cell(value: &str) -> Option<Cell<'_>> {
    let cell = |text, is_nested, is_quoted| Some(Cell { text, is_nested, is_quoted });
    match value.as_bytes() {
        [b'n', ..] | [] => None,
        [b'{' | b'[', ..] => cell(Cow::Borrowed(value.as_bytes()), true, false),
        [b'"', text @ .., b'"'] if !text.contains(&b'\\') => cell(Cow::Borrowed(text), false, true),
        [b'"', ..] => {
            let text: String = serde_json::from_str(value).unwrap_or_default();
            cell(Cow::Owned(text.into_bytes()), false, true)
        }
        bytes => cell(Cow::Borrowed(bytes), false, false),
    }
}

/// Takes the values of an object out of a text; false if it is none.
pub(super) fn read<'t>(object: &'t str, resolver: &mut Resolver, values: &mut Values<'t>) -> bool {
    read_below(object, &mut String::new(), 0, resolver, values)
}

fn read_below<'t>(
    object: &'t str,
    path: &mut String,
    depth: usize,
    resolver: &mut Resolver,
    values: &mut Values<'t>,
) -> bool {
    let stem = path.len();
    each_field(object, |name, value| {
        let full = if stem == 0 {
            name
        } else {
            path.truncate(stem);
            path.push_str(name);
            path.as_str()
        };
        let found = resolver.find(full);
        if let Some(place) = found {
            if let Some(cell) = cell(value.get()) {
                values.put(place, cell);
            }
        } else if value.get().starts_with('{') && depth < DEEPEST {
            if stem == 0 {
                path.clear();
                path.push_str(name);
            }
            path.push('.');
            read_below(value.get(), path, depth + 1, resolver, values);
            path.truncate(stem);
        }
    })
}

/// All names of an object, those of nested ones with dots, and their values.
pub(super) fn names(object: &str) -> Option<Vec<(String, &str)>> {
    let mut found = Vec::new();
    names_below(object, "", 0, &mut found).then_some(found)
}

fn names_below<'t>(object: &'t str, stem: &str, depth: usize, found: &mut Vec<(String, &'t str)>) -> bool {
    each_field(object, |name, value| {
        let name = format!("{stem}{name}");
        if value.get().starts_with('{') && depth < DEEPEST {
            names_below(value.get(), &format!("{name}."), depth + 1, found);
        } else if found.len() < 1000 {
            found.push((name, value.get()));
        }
    })
}

/// Takes the entries out of a list that comes in pieces.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "where in the text a byte stands")]
pub(super) struct ListEntries {
    entry: Vec<u8>,
    /// Entries so far.
    pub number: u64,
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// Behind the closing bracket.
    pub is_over: bool,
    has_begun: bool,
}

impl ListEntries {
    /// Calls `each` with every entry that ends in this piece.
    pub fn push(
        &mut self,
        piece: &[u8],
        mut each: impl FnMut(u64, &[u8]) -> Result<(), ConfigError>,
    ) -> Result<(), ConfigError> {
        for &byte in piece {
            if self.in_text {
                self.entry.push(byte);
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
            } else {
                self.outside_text(byte, &mut each)?;
            }
            if self.entry.len() > MAX_LINE_BYTES {
                let place = format!("entry {}", self.number + 1);
                let expected = format!("at most {MAX_LINE_BYTES} bytes");
                return Err(ConfigError::invalid(place, "a longer entry", expected));
            }
        }
        Ok(())
    }

    fn outside_text(
        &mut self,
        byte: u8,
        each: &mut impl FnMut(u64, &[u8]) -> Result<(), ConfigError>,
    ) -> Result<(), ConfigError> {
        if !self.has_begun {
            self.has_begun = byte == b'[';
            return Ok(());
        }
        let at_end = self.depth == 0 && matches!(byte, b',' | b']');
        if at_end && !self.is_over {
            self.is_over = byte == b']';
            let is_blank = self.entry.trim_ascii().is_empty();
            if !(self.is_over && is_blank) {
                self.number += 1;
                each(self.number, self.entry.trim_ascii())?;
            }
            self.entry.clear();
            return Ok(());
        }
        if self.is_over {
            if byte.is_ascii_whitespace() {
                return Ok(());
            }
            let place = format!("behind entry {}", self.number);
            return Err(ConfigError::malformed(place, "something follows the end of the list"));
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.entry.push(byte);
        Ok(())
    }

    /// Whether the list ended as it should.
    pub fn finish(&self) -> Result<(), ConfigError> {
        if self.is_over {
            return Ok(());
        }
        let place = format!("behind entry {}", self.number);
        Err(ConfigError::malformed(place, "the list has no end: the file is cut off"))
    }
}
