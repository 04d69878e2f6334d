//! The index of shared-prefix blocks: content key to block (kv-cache chapter, KV-2, KV-3 and KV-10).
//!
//! The key of full block `i` of prefix group `g` is the number `numbering.first_key(g) + i`.

use super::free_list::{NIL, NodeIndex};
use crate::units::Tokens;
use crate::workload::{NO_GROUP, Requests};
use std::ops::Range;

/// No block has the key.
const NO_BLOCK: u32 = u32::MAX;

/// How the keys of all groups are numbered; the same for every instance of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrefixNumbering {
    first_key: Vec<u32>,
    keys: u32,
}

impl PrefixNumbering {
    /// Numbers the full prefix blocks of every group that occurs in the workload. Members of one group may
    /// declare different lengths; the longest counts.
    pub fn new(requests: &Requests, block_size: Tokens) -> Self {
        let mut blocks = vec![0_u32; requests.groups.len()];
        for (&group, &prefix) in requests.group.iter().zip(&requests.prefix) {
            if group != NO_GROUP {
                let longest = &mut blocks[group as usize];
                *longest = (*longest).max(prefix / block_size);
            }
        }
        let mut first_key = Vec::with_capacity(blocks.len());
        let mut keys = 0;
        for count in blocks {
            first_key.push(keys);
            keys += count;
        }
        Self { first_key, keys }
    }

    /// Number of groups.
    pub const fn groups(&self) -> usize {
        self.first_key.len()
    }

    /// Number of keys over all groups.
    pub const fn keys(&self) -> u32 {
        self.keys
    }

    /// Key of block 0 of a group.
    pub fn first_key(&self, group: u32) -> u32 {
        self.first_key[group as usize]
    }

    /// Number of keys of a group.
    fn key_count(&self, group: u32) -> u32 {
        self.first_key.get(group as usize + 1).copied().unwrap_or(self.keys) - self.first_key[group as usize]
    }
}

/// A physical block that holds a full block of a shared prefix.
#[derive(Clone, Copy, Debug)]
pub struct PrefixBlock {
    /// Its group.
    pub group: u32,
    /// Its position in the prompt.
    pub position: u32,
    /// Requests holding it.
    pub users: u32,
    /// Its node in the free list, if `users` is 0.
    pub node: NodeIndex,
}

/// Which prefix blocks an instance holds, and which of them a lookup finds.
#[derive(Clone, Debug)]
pub struct CachedPrefixes {
    blocks: Vec<PrefixBlock>,
    vacant: Vec<u32>,
    /// Key to block, or `NO_BLOCK`.
    index: Vec<u32>,
    /// Per group: number of leading keys that are in the index.
    leading: Vec<u32>,
}

impl CachedPrefixes {
    /// An empty index.
    pub fn new(numbering: &PrefixNumbering) -> Self {
        Self {
            blocks: Vec::new(),
            vacant: Vec::new(),
            index: vec![NO_BLOCK; numbering.keys() as usize],
            leading: vec![0; numbering.groups()],
        }
    }

    /// Number of leading blocks of the group's prefix that are findable.
    pub fn leading(&self, group: u32) -> u32 {
        self.leading[group as usize]
    }

    /// Number of leading findable blocks of every group.
    pub fn all_leading(&self) -> &[u32] {
        &self.leading
    }

    /// The blocks under keys that are known to be findable.
    pub fn find_all(&self, keys: Range<u32>) -> &[u32] {
        &self.index[keys.start as usize..keys.end as usize]
    }

    /// A block by number.
    pub fn block(&self, block: u32) -> &PrefixBlock {
        &self.blocks[block as usize]
    }

    /// A block by number.
    pub fn block_mut(&mut self, block: u32) -> &mut PrefixBlock {
        &mut self.blocks[block as usize]
    }

    /// A block has just been filled with block `position` of the group's prefix: gives it its key, which from
    /// now on finds this block and no other. Returns the block's number.
    pub fn register(&mut self, numbering: &PrefixNumbering, group: u32, position: u32) -> u32 {
        let block = PrefixBlock { group, position, users: 1, node: NIL };
        let number = if let Some(number) = self.vacant.pop() {
            self.blocks[number as usize] = block;
            number
        } else {
            self.blocks.push(block);
            self.blocks.len() as u32 - 1
        };
        let first = numbering.first_key(group);
        self.index[(first + position) as usize] = number;
        let leading = &mut self.leading[group as usize];
        if position == *leading {
            let end = numbering.key_count(group);
            while *leading < end && self.index[(first + *leading) as usize] != NO_BLOCK {
                *leading += 1;
            }
        }
        number
    }

    /// The block is recycled: its key finds nothing any more, even if it found another copy (KV-7.3).
    pub fn forget(&mut self, numbering: &PrefixNumbering, block: u32) {
        let PrefixBlock { group, position, .. } = self.blocks[block as usize];
        self.index[(numbering.first_key(group) + position) as usize] = NO_BLOCK;
        let leading = &mut self.leading[group as usize];
        *leading = (*leading).min(position);
        self.vacant.push(block);
    }
}
