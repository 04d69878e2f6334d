//! The hash ids of one prompt.

use super::decide::SIZES;
use super::drops::Reason;
use super::ids::{IdKey, Ids, NEGATIVE, NUMBERS, OWN};
use super::rows::Refused;
use super::values::Cell;

/// The prompt that the ids are of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prompt {
    pub line: u64,
    pub input: u32,
    /// Tokens per id.
    pub block: u32,
    /// Whose ids they are; 0 = those of the whole file.
    pub conversation: u32,
    /// Whether the id of a partly filled last block may be missing.
    pub may_lack_last: bool,
    pub drops_unchained: bool,
}

const NOT_IDS: Reason = Reason::of("hash ids", "not a list of 64-bit integers or texts");
const TOO_FEW: Reason = Reason::of("hash ids", "fewer than the input tokens need");
const TOO_MANY: Reason = Reason::of("hash ids", "more than the input tokens need");
const UNCHAINED: Reason =
    Reason::of("hash ids", "an id behind another one than before").kept_if("ids are chained here");

/// How many ids a prompt has.
pub(super) fn needed(input: u32, block: u32) -> usize {
    input.div_ceil(block) as usize
}

/// How many ids a cell has.
pub(super) fn number(cell: &Cell<'_>) -> Option<usize> {
    let mut number = 0;
    each(cell, |_| {
        number += 1;
        true
    })
    .then_some(number)
}

/// Which size of blocks the ids of refused rows would fit.
#[derive(Clone, Debug, Default)]
pub(super) struct Sizes {
    refused: u64,
    fitting: [u64; SIZES.len()],
}

impl Sizes {
    /// A row whose number of ids is not what its input needs.
    pub fn refused(&mut self, input: u32, cell: &Cell<'_>) {
        let Some(ids) = number(cell) else { return };
        self.refused += 1;
        for (fitting, size) in self.fitting.iter_mut().zip(SIZES) {
            *fitting += u64::from(ids == needed(input, size));
        }
    }

    /// What to do, in words, if another size fits most of them.
    pub fn advice(&self, block: u32) -> Option<String> {
        let sizes = self.fitting.iter().zip(SIZES).filter(|(_, size)| *size != block);
        let (&fitting, size) = sizes.max_by_key(|(fitting, _)| **fitting)?;
        (fitting * 2 > self.refused).then(|| {
            format!(
                "the hash ids of {fitting} dropped rows fit {size} tokens to an id, not {block}: if that is right, answer \
                 hash_block={size}"
            )
        })
    }
}

/// The node of the last id; all of them are known afterwards.
pub(super) fn node<'v>(
    prompt: Prompt,
    cell: &'v Cell<'_>,
    keys: &mut Vec<IdKey>,
    ids: &mut Ids,
) -> Result<u32, Refused<'v>> {
    keys.clear();
    let read = each(cell, |id| {
        let key = key(id, ids);
        keys.extend(key);
        key.is_some()
    });
    if !read {
        return Err((NOT_IDS, &cell.text));
    }
    if prompt.conversation > 0 {
        // Numbers and texts stay apart also within a conversation.
        for key in keys.iter_mut() {
            key.space += OWN.wrapping_mul(prompt.conversation);
        }
    }
    let needed = needed(prompt.input, prompt.block);
    let last_fill = prompt.input - (needed as u32 - 1) * prompt.block;
    let lacks_last = prompt.may_lack_last && keys.len() + 1 == needed && last_fill < prompt.block;
    if keys.len() > needed {
        return Err((TOO_MANY, &cell.text));
    }
    if keys.len() < needed && !lacks_last {
        return Err((TOO_FEW, &cell.text));
    }
    if prompt.drops_unchained && !ids.are_chained(keys) {
        return Err((UNCHAINED, &cell.text));
    }
    let last_fill = if lacks_last { prompt.block } else { last_fill };
    let leaf = ids.leaf(prompt.line, keys, last_fill, prompt.block);
    Ok(if lacks_last { ids.own_node(leaf) } else { leaf })
}

/// One id as it stands there.
#[derive(Clone, Copy, Debug)]
enum Id<'t> {
    Number(&'t [u8]),
    Text(&'t [u8]),
}

/// Calls `each` with every id of a list of JSON, or of a cell of a table, where blanks, `;`, `|` or commas are between them.
/// False if there is something else, or if `each` says so.
fn each(cell: &Cell<'_>, mut each: impl FnMut(Id<'_>) -> bool) -> bool {
    let text = cell.text.trim_ascii();
    let list = text.strip_prefix(b"[").and_then(|list| list.strip_suffix(b"]"));
    let list = list.unwrap_or(text).trim_ascii();
    if list.is_empty() {
        return true;
    }
    let is_json = cell.is_nested;
    let separator =
        |byte: &u8| if is_json { *byte == b',' } else { matches!(byte, b',' | b' ' | b';' | b'|') };
    for id in list.split(separator) {
        let id = id.trim_ascii();
        if id.is_empty() && !is_json {
            continue;
        }
        let quoted = id.strip_prefix(b"\"").and_then(|id| id.strip_suffix(b"\""));
        let read = match quoted {
            Some(text) => each(Id::Text(text)),
            None if is_json || is_number(id) => each(Id::Number(id)),
            None => each(Id::Text(id)),
        };
        if !read {
            return false;
        }
    }
    true
}

fn is_number(id: &[u8]) -> bool {
    let digits = id.strip_prefix(b"-").unwrap_or(id);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

fn key(id: Id<'_>, ids: &mut Ids) -> Option<IdKey> {
    match id {
        Id::Text(text) => Some(ids.text(text)),
        Id::Number([b'-', digits @ ..]) => Some(IdKey { bits: integer(digits)?, space: NEGATIVE }),
        Id::Number(digits) => Some(IdKey { bits: integer(digits)?, space: NUMBERS }),
    }
}

/// An integer of 64 bits.
fn integer(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, &digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}
