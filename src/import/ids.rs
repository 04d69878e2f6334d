//! Hash ids as nodes of a tree (TR-3): an id stands for the whole prompt up to the end of its block.

use super::columns::NONE;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The value of an id. Ids are never floating-point numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct IdKey {
    pub bits: u64,
    /// Numbers, negative numbers, texts, and above these one for each conversation that has ids of its own.
    pub space: u32,
}

pub(super) const NUMBERS: u32 = 0;
pub(super) const NEGATIVE: u32 = 1;
pub(super) const TEXTS: u32 = 2;
/// As many spaces has each conversation that has ids of its own; the first ones belong to the whole file.
pub(super) const OWN: u32 = 3;

/// Mixes a few words; keys are spread by multiplying into 128 bits and folding.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Mix {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93_u128;
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.mix(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }
}

type Map<Key> = HashMap<Key, u32, BuildHasherDefault<Mix>>;

/// The ids of a file.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// The first node of each id.
    first: Map<IdKey>,
    /// The nodes of ids that occur behind more than one other.
    further: Map<(u32, IdKey)>,
    texts: HashMap<Box<[u8]>, u32>,
    pub parent: Vec<u32>,
    /// Tokens of the block where it was the last and partly filled; 0 = it was full, or an inner one.
    fill: Vec<u32>,
    /// Rows with an id at another place or behind another id than before.
    pub unchained: u64,
    /// The line of the first of them.
    pub first_unchained: u64,
    /// Nodes that end a prompt with different numbers of tokens.
    pub two_fills: u64,
}

impl Ids {
    /// The key of an id that is a text.
    pub fn text(&mut self, text: &[u8]) -> IdKey {
        let next = self.texts.len() as u32;
        let place = match self.texts.get(text) {
            Some(&place) => place,
            None => *self.texts.entry(text.into()).or_insert(next),
        };
        IdKey { bits: u64::from(place), space: TEXTS }
    }

    /// Whether these ids stand where they stood before: each behind the same one.
    pub fn are_chained(&self, keys: &[IdKey]) -> bool {
        let mut parent = NONE;
        keys.iter().all(|key| {
            let Some(&node) = self.first.get(key) else { return true };
            let before = std::mem::replace(&mut parent, node);
            self.parent[node as usize] == before
        }) && self.new_ones_last(keys)
    }

    /// No known id behind a new one.
    fn new_ones_last(&self, keys: &[IdKey]) -> bool {
        let known = keys.iter().take_while(|key| self.first.contains_key(key)).count();
        keys[known..].iter().all(|key| !self.first.contains_key(key))
    }

    /// The node of the last of these ids of a prompt; `last_fill` tokens are in the last block of `block`.
    pub fn leaf(&mut self, line: u64, keys: &[IdKey], last_fill: u32, block: u32) -> u32 {
        let mut parent = NONE;
        let mut unchained = false;
        for (place, &key) in keys.iter().enumerate() {
            let new = self.parent.len() as u32;
            let first = *self.first.entry(key).or_insert(new);
            let node = if first == new || self.parent[first as usize] == parent {
                first
            } else {
                unchained = true;
                *self.further.entry((parent, key)).or_insert(new)
            };
            let fill = if place + 1 == keys.len() && last_fill < block { last_fill } else { 0 };
            if node == new {
                self.parent.push(parent);
                self.fill.push(fill);
            } else if self.fill[node as usize] != fill {
                self.two_fills += 1;
                self.fill[node as usize] = self.fill[node as usize].max(fill);
            }
            parent = node;
        }
        if unchained {
            self.unchained += 1;
            if self.unchained == 1 {
                self.first_unchained = line;
            }
        }
        parent
    }

    /// A node that no other prompt has.
    pub fn own_node(&mut self, parent: u32) -> u32 {
        self.parent.push(parent);
        self.fill.push(0);
        self.parent.len() as u32 - 1
    }
}
