//! The cache exactly as the chapter words it: blocks, content keys, an index, a free list of block numbers.

use super::super::Prompt;
use crate::units::{RequestIndex, Tokens};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// What identifies a full block of input (KV-3 and KV-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Block of a group's prefix.
    Shared(u32, u32),
    /// Block of one request's own tokens.
    Private(RequestIndex, u32),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared(group, position) => write!(f, "G{group}#{position}"),
            Self::Private(request, position) => write!(f, "r{request}#{position}"),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Block {
    users: u32,
    fill: Tokens,
    key: Option<Key>,
}

/// The cache of KV-2 to KV-5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiteralCache {
    block_size: Tokens,
    blocks: Vec<Block>,
    free: VecDeque<usize>,
    index: BTreeMap<Key, usize>,
    holdings: BTreeMap<RequestIndex, Vec<usize>>,
    pub hits: u64,
    pub misses: u64,
    /// Blocks ever appended to holdings.
    pub appended: u64,
    /// Keys whose index entries the current operation has deleted.
    pub deleted: Vec<Key>,
}

impl LiteralCache {
    pub fn new(total: u32, block_size: Tokens) -> Self {
        Self {
            block_size,
            blocks: vec![Block::default(); total as usize],
            free: (0..total as usize).collect(),
            index: BTreeMap::new(),
            holdings: BTreeMap::new(),
            hits: 0,
            misses: 0,
            appended: 0,
            deleted: Vec::new(),
        }
    }

    pub fn free(&self) -> u32 {
        self.free.len() as u32
    }

    pub fn used(&self) -> u32 {
        self.blocks.iter().filter(|block| block.users > 0).count() as u32
    }

    fn key(prompt: &Prompt, position: u32) -> Key {
        if position < prompt.shared_blocks {
            Key::Shared(prompt.group, position)
        } else {
            Key::Private(prompt.request, position)
        }
    }

    /// KV-4.
    pub fn lookup(&self, prompt: &Prompt) -> Vec<usize> {
        (0..prompt.input / self.block_size)
            .map_while(|position| self.index.get(&Self::key(prompt, position)).copied())
            .collect()
    }

    /// Those among looked-up blocks that lie in the free list.
    pub fn free_among(&self, found: &[usize]) -> u32 {
        found.iter().filter(|&&block| self.blocks[block].users == 0).count() as u32
    }

    /// Number of leading blocks of a group's prefix that are found.
    pub fn leading(&self, group: u32) -> u32 {
        let blocks = 0..self.blocks.len() as u32;
        blocks.take_while(|&at| self.index.contains_key(&Key::Shared(group, at))).count() as u32
    }

    /// KV-5.1; `found` is empty for a request that is running already.
    pub fn prefill(&mut self, prompt: &Prompt, start: Tokens, end: Tokens, found: &[usize]) -> bool {
        self.deleted.clear();
        let new = end - start;
        let last = self.holdings.get(&prompt.request).and_then(|held| held.last()).copied();
        let room = last.map_or(0, |block| self.block_size - self.blocks[block].fill);
        let absorb = room.min(new);
        let fresh = (new - absorb).div_ceil(self.block_size);
        if fresh + self.free_among(found) > self.free() {
            return false;
        }
        if new == 0 {
            return true;
        }
        if last.is_none() {
            for &block in found {
                self.free.retain(|&other| other != block);
                self.blocks[block].users += 1;
                self.hits += 1;
                self.append(prompt.request, block);
            }
        }
        let mut stored = start;
        if let Some(block) = last.filter(|_| absorb > 0) {
            self.blocks[block].fill += absorb;
            stored += absorb;
            self.register_if_full(prompt, block, stored);
        }
        for _ in 0..fresh {
            let block = self.pop();
            let tokens = self.block_size.min(end - stored);
            self.blocks[block] = Block { users: 1, fill: tokens, key: None };
            stored += tokens;
            self.register_if_full(prompt, block, stored);
            self.append(prompt.request, block);
        }
        true
    }

    /// KV-5.2. The key of a block that a generated token completes is left out: nothing asks for it.
    pub fn decode(&mut self, request: RequestIndex) -> bool {
        self.deleted.clear();
        let last = self.holdings.get(&request).and_then(|held| held.last()).copied();
        if let Some(block) = last.filter(|&block| self.blocks[block].fill < self.block_size) {
            self.blocks[block].fill += 1;
            return true;
        }
        if self.free.is_empty() {
            return false;
        }
        let block = self.pop();
        self.blocks[block] = Block { users: 1, fill: 1, key: None };
        self.append(request, block);
        true
    }

    /// KV-5.4.
    pub fn release(&mut self, request: RequestIndex) {
        self.deleted.clear();
        for block in self.holdings.remove(&request).unwrap_or_default().into_iter().rev() {
            self.blocks[block].users -= 1;
            if self.blocks[block].users == 0 {
                self.free.push_back(block);
            }
        }
    }

    /// KV-5.3. The caller has checked that there is a free block.
    fn pop(&mut self) -> usize {
        let block = self.free.pop_front().expect("a free block");
        if let Some(key) = self.blocks[block].key.take()
            && self.index.remove(&key).is_some()
        {
            self.deleted.push(key);
        }
        self.misses += 1;
        block
    }

    fn append(&mut self, request: RequestIndex, block: usize) {
        self.holdings.entry(request).or_default().push(block);
        self.appended += 1;
    }

    fn register_if_full(&mut self, prompt: &Prompt, block: usize, stored: Tokens) {
        if self.blocks[block].fill == self.block_size {
            let key = Self::key(prompt, stored / self.block_size - 1);
            self.blocks[block].key = Some(key);
            self.index.insert(key, block);
        }
    }

    /// The invariants of KV-2.
    pub fn check_invariants(&self) {
        assert_eq!(self.used() + self.free(), self.blocks.len() as u32);
        let held: usize = self.holdings.values().map(Vec::len).sum();
        assert_eq!(self.blocks.iter().map(|block| block.users as usize).sum::<usize>(), held);
        for (number, block) in self.blocks.iter().enumerate() {
            assert_eq!(self.free.contains(&number), block.users == 0, "block {number}");
        }
        for (key, &block) in &self.index {
            assert_eq!(self.blocks[block].key, Some(*key), "a block can be found under its own key only");
        }
    }

    /// Keys of the free blocks, head first.
    pub fn free_keys(&self) -> impl Iterator<Item = Option<Key>> + '_ {
        self.free.iter().map(|&block| self.blocks[block].key)
    }

    /// `3 2 1:G1#1`: the free list in the notation of KV-13.
    pub fn free_text(&self) -> String {
        let blocks = self.free.iter().map(|&block| match self.blocks[block].key {
            Some(key) => format!("{block}:{key}"),
            None => block.to_string(),
        });
        blocks.collect::<Vec<_>>().join(" ")
    }

    /// The keys of the index.
    pub fn index_text(&self) -> String {
        self.index.keys().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The block to which a key leads.
    pub fn block_of(&self, key: Key) -> Option<usize> {
        self.index.get(&key).copied()
    }
}
