//! The KV cache block by block, exactly as KV-2 to KV-5 word it: blocks, content keys, an index, a free list.
//!
//! It uses nothing of the crate, and two programs hold the engine against it: the oracle, in whole runs, and the unit
//! tests of `src/instance/kv`, operation by operation. Neither needs all of it.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

/// What identifies a full block of prompt tokens (KV-3, KV-10 and TR-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Group and position.
    Shared(u32, u32),
    /// Request and position.
    Own(usize, u32),
    /// Group, position, and the tokens of their own that requests have there (N-15).
    Equal(Option<u32>, u32, u64),
    /// The id of the hash block that holds its last token, and position.
    Hashed(u64, u32),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared(group, position) => write!(f, "G{group}#{position}"),
            Self::Own(request, position) => write!(f, "r{request}#{position}"),
            Self::Equal(group, position, tokens) => write!(f, "G{group:?}#{position}={tokens}"),
            Self::Hashed(id, position) => write!(f, "H{id}#{position}"),
        }
    }
}

/// The prompt of a request, as the cache sees it.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub request: usize,
    pub length: u32,
    pub group: Option<u32>,
    pub prefix: u32,
    /// The tokens of its own in the block where the prefix ends, if they have to be known; else 0.
    pub own_start: u64,
    /// The ids of its hash blocks, if it has some, and how many tokens such a block has.
    pub hash_ids: Vec<u64>,
    pub hash_block: u32,
}

impl Prompt {
    /// Content key of block `position`.
    pub fn key(&self, position: u32, block_size: u32) -> Key {
        if !self.hash_ids.is_empty() {
            let last_token = (position + 1) * block_size - 1;
            return Key::Hashed(self.hash_ids[(last_token / self.hash_block) as usize], position);
        }
        match self.group {
            Some(group) if (position + 1) * block_size <= self.prefix => Key::Shared(group, position),
            group if self.own_start > 0 && position == self.prefix / block_size => {
                Key::Equal(group, position, self.own_start)
            }
            _ => Key::Own(self.request, position),
        }
    }

    /// Keys of all full blocks, first to last.
    pub fn keys(&self, block_size: u32) -> Vec<Key> {
        (0..self.length / block_size).map(|position| self.key(position, block_size)).collect()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Block {
    users: u32,
    fill: u32,
    key: Option<Key>,
}

/// Blocks, free list (head first), index and holdings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceCache {
    block_size: u32,
    blocks: Vec<Block>,
    free: VecDeque<usize>,
    index: BTreeMap<Key, usize>,
    holdings: BTreeMap<usize, Vec<usize>>,
    pub hits: u64,
    pub misses: u64,
    /// Blocks ever appended to holdings.
    pub appended: u64,
    /// Keys whose index entries the current operation has deleted.
    pub deleted: Vec<Key>,
}

impl ReferenceCache {
    pub fn new(total: u32, block_size: u32) -> Self {
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

    /// The keys that can be found now.
    pub fn findable(&self) -> BTreeSet<Key> {
        self.index.keys().copied().collect()
    }

    /// KV-4: the leading full blocks that are found.
    pub fn lookup(&self, prompt: &Prompt) -> Vec<usize> {
        let keys = prompt.keys(self.block_size);
        keys.iter().map_while(|key| self.index.get(key).copied()).collect()
    }

    /// Those among looked-up blocks that lie in the free list.
    pub fn free_among(&self, found: &[usize]) -> u32 {
        found.iter().filter(|&&block| self.blocks[block].users == 0).count() as u32
    }

    /// Number of leading blocks of a group's prefix that are found.
    pub fn leading(&self, group: u32) -> u32 {
        let positions = 0..self.blocks.len() as u32;
        positions.take_while(|&at| self.index.contains_key(&Key::Shared(group, at))).count() as u32
    }

    /// KV-5.1: tokens [start, end) of a prompt, on top of the looked-up blocks; none of a request that runs already.
    pub fn prefill(&mut self, prompt: &Prompt, start: u32, end: u32, found: &[usize]) -> bool {
        self.deleted.clear();
        let new = end - start;
        let last = self.last_held(prompt.request);
        let absorb = last.map_or(0, |block| (self.block_size - self.blocks[block].fill).min(new));
        let fresh = (new - absorb).div_ceil(self.block_size);
        if fresh + self.free_among(found) > self.free() {
            return false;
        }
        if new == 0 {
            return true;
        }
        if last.is_none() {
            for &block in found {
                self.claim(prompt.request, block);
            }
        }
        let mut stored = start;
        if let Some(block) = last
            && absorb > 0
        {
            stored += absorb;
            self.blocks[block].fill += absorb;
            self.name_if_full(prompt, block, stored);
        }
        for _ in 0..fresh {
            let tokens = self.block_size.min(end - stored);
            let block = self.pop(prompt.request, tokens);
            stored += tokens;
            self.name_if_full(prompt, block, stored);
        }
        true
    }

    /// KV-5.2: one generated token. The key of a block that it completes is left out: it can never be looked up.
    pub fn decode(&mut self, request: usize) -> bool {
        self.deleted.clear();
        match self.last_held(request) {
            Some(block) if self.blocks[block].fill < self.block_size => self.blocks[block].fill += 1,
            _ if self.free.is_empty() => return false,
            _ => {
                self.pop(request, 1);
            }
        }
        true
    }

    /// KV-5.4.
    pub fn release(&mut self, request: usize) {
        self.deleted.clear();
        for block in self.holdings.remove(&request).unwrap_or_default().into_iter().rev() {
            self.blocks[block].users -= 1;
            if self.blocks[block].users == 0 {
                self.free.push_back(block);
            }
        }
    }

    fn last_held(&self, request: usize) -> Option<usize> {
        self.holdings.get(&request)?.last().copied()
    }

    /// KV-5.1, rule 6.
    fn claim(&mut self, request: usize, block: usize) {
        self.free.retain(|&other| other != block);
        self.blocks[block].users += 1;
        self.hits += 1;
        self.append(request, block);
    }

    /// KV-5.3; the caller has made sure that a block is free.
    fn pop(&mut self, request: usize, tokens: u32) -> usize {
        let block = self.free.pop_front().expect("a free block");
        if let Some(key) = self.blocks[block].key
            && self.index.remove(&key).is_some()
        {
            self.deleted.push(key);
        }
        self.blocks[block] = Block { users: 1, fill: tokens, key: None };
        self.misses += 1;
        self.append(request, block);
        block
    }

    fn append(&mut self, request: usize, block: usize) {
        self.holdings.entry(request).or_default().push(block);
        self.appended += 1;
    }

    /// A block that has become full with the prompt's first `stored` tokens can be found from now on.
    fn name_if_full(&mut self, prompt: &Prompt, block: usize, stored: u32) {
        if self.blocks[block].fill == self.block_size {
            let key = prompt.key(stored / self.block_size - 1, self.block_size);
            self.blocks[block].key = Some(key);
            self.index.insert(key, block);
        }
    }

    /// The invariants of KV-2.
    pub fn check_invariants(&self) {
        assert_eq!(self.used() + self.free(), self.blocks.len() as u32);
        let held: usize = self.holdings.values().map(Vec::len).sum();
        assert_eq!(self.blocks.iter().map(|block| block.users as usize).sum::<usize>(), held);
        let mut in_list = vec![false; self.blocks.len()];
        for &block in &self.free {
            in_list[block] = true;
        }
        for (number, block) in self.blocks.iter().enumerate() {
            assert_eq!(in_list[number], block.users == 0, "block {number}");
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
