//! The index of shared-prefix blocks: content key to block (kv-cache chapter, KV-2, KV-3 and KV-10).
//!
//! The keys of the full blocks of a prefix group are numbers in a row.

use super::free_list::{NIL, NodeIndex};
use crate::units::Tokens;
use crate::workload::{NO_GROUP, Requests};
use std::collections::HashMap;
use std::ops::Range;

/// No block has the key.
const NO_BLOCK: u32 = u32::MAX;

/// How the keys of all groups are numbered; the same for every instance of a run.
///
/// Behind the groups of the workload stand *branches*: each continues the prefix of a group by one block, for requests whose own
/// first tokens are equal by accident (random-streams chapter, N-15).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrefixNumbering {
    /// Of a group, the key of its first block; of a branch, the key of its only one.
    first_key: Vec<u32>,
    keys: u32,
    branches: Vec<Branch>,
    /// The branches of each group of the workload; empty if there is none at all.
    branches_of: Vec<Vec<u32>>,
    /// The branch of each request, a group; [`NO_GROUP`] = none. Empty if there is no branch.
    branch_of: Vec<u32>,
}

/// What a branch continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Branch {
    /// The group, or [`NO_GROUP`].
    of: u32,
    /// Its full blocks in front of the branch's.
    depth: u32,
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
        let mut numbering = Self { first_key, keys, ..Self::default() };
        if let Some(own) = &requests.own_start {
            numbering.add_branches(requests, own, block_size);
        }
        numbering
    }

    /// Gives a branch to all requests of a group that begin with the same tokens behind its prefix, if they are several.
    fn add_branches(&mut self, requests: &Requests, own: &[u64], block_size: Tokens) {
        let mut seen: HashMap<(u32, u32, u64), (u32, u32)> = HashMap::new();
        let mut branch_of = vec![NO_GROUP; own.len()];
        let mut branches_of = vec![Vec::new(); self.first_key.len()];
        for (row, &own) in own.iter().enumerate() {
            let (group, prefix) = (requests.group[row], requests.prefix[row]);
            let depth = prefix / block_size;
            if own == 0 || requests.input[row] / block_size <= depth {
                continue;
            }
            // The first row with these tokens, and the branch once there is a second one.
            let (first, branch) = seen.entry((group, depth, own)).or_insert((row as u32, NO_GROUP));
            if *first == row as u32 {
                continue;
            }
            if *branch == NO_GROUP {
                *branch = self.first_key.len() as u32;
                self.first_key.push(self.keys);
                self.keys += 1;
                self.branches.push(Branch { of: group, depth });
                if group != NO_GROUP {
                    branches_of[group as usize].push(*branch);
                }
                branch_of[*first as usize] = *branch;
            }
            branch_of[row] = *branch;
        }
        if !self.branches.is_empty() {
            (self.branch_of, self.branches_of) = (branch_of, branches_of);
        }
    }

    /// Number of groups, branches included.
    pub const fn groups(&self) -> usize {
        self.first_key.len()
    }

    /// Number of keys over all groups.
    pub const fn keys(&self) -> u32 {
        self.keys
    }

    /// The branch of a request instead of its group, and one block more than it shares with that; both as they are if it has
    /// none.
    #[inline]
    pub fn branched(&self, row: usize, group: u32, shared: u32) -> (u32, u32) {
        match self.branch_of.get(row) {
            Some(&branch) if branch != NO_GROUP => (branch, shared + 1),
            _ => (group, shared),
        }
    }

    /// The first `count` keys of a group: those in a row, and behind them that of a branch.
    #[inline]
    pub fn first_keys(&self, group: u32, count: u32) -> (Range<u32>, Option<u32>) {
        let Some(branch) = self.branch(group) else {
            let first = self.first_key[group as usize];
            return (first..first + count, None);
        };
        let own = (count > branch.depth).then(|| self.first_key[group as usize]);
        let shared = count.min(branch.depth);
        match branch.of {
            NO_GROUP => (0..0, own),
            of => (self.first_key[of as usize]..self.first_key[of as usize] + shared, own),
        }
    }

    /// The group that a block at a position belongs to, and its key.
    fn place(&self, group: u32, position: u32) -> (u32, u32) {
        match self.branch(group) {
            Some(branch) if position == branch.depth => (group, self.first_key[group as usize]),
            Some(branch) => (branch.of, self.first_key[branch.of as usize] + position),
            None => (group, self.first_key[group as usize] + position),
        }
    }

    fn branch(&self, group: u32) -> Option<&Branch> {
        let groups = self.first_key.len() - self.branches.len();
        self.branches.get((group as usize).checked_sub(groups)?)
    }

    /// The branches of a group of the workload.
    fn branches_of(&self, group: u32) -> &[u32] {
        self.branches_of.get(group as usize).map_or(&[], Vec::as_slice)
    }

    /// Number of keys of a group of the workload.
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

    /// The first `count` blocks of a group, which are known to be findable: those under keys in a row, and behind them that of
    /// a branch.
    #[inline]
    pub fn find_all(&self, numbering: &PrefixNumbering, group: u32, count: u32) -> (&[u32], Option<u32>) {
        let (keys, own) = numbering.first_keys(group, count);
        (&self.index[keys.start as usize..keys.end as usize], own.map(|key| self.index[key as usize]))
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
        let (group, key) = numbering.place(group, position);
        let block = PrefixBlock { group, position, users: 1, node: NIL };
        let number = if let Some(number) = self.vacant.pop() {
            self.blocks[number as usize] = block;
            number
        } else {
            self.blocks.push(block);
            self.blocks.len() as u32 - 1
        };
        self.index[key as usize] = number;
        if let Some(branch) = numbering.branch(group) {
            self.follow(numbering, group, *branch);
            return number;
        }
        let first = key - position;
        let leading = &mut self.leading[group as usize];
        if position == *leading {
            let end = numbering.key_count(group);
            while *leading < end && self.index[(first + *leading) as usize] != NO_BLOCK {
                *leading += 1;
            }
            self.follow_all(numbering, group);
        }
        number
    }

    /// The block is recycled: its key finds nothing any more, even if it found another copy (KV-7.3).
    pub fn forget(&mut self, numbering: &PrefixNumbering, block: u32) {
        let PrefixBlock { group, position, .. } = self.blocks[block as usize];
        let (group, key) = numbering.place(group, position);
        self.index[key as usize] = NO_BLOCK;
        self.vacant.push(block);
        if let Some(branch) = numbering.branch(group) {
            self.follow(numbering, group, *branch);
            return;
        }
        let leading = &mut self.leading[group as usize];
        if position < *leading {
            *leading = position;
            self.follow_all(numbering, group);
        }
    }

    /// Brings the leading blocks of all branches of a group up to date.
    #[inline]
    fn follow_all(&mut self, numbering: &PrefixNumbering, group: u32) {
        for &branch in numbering.branches_of(group) {
            if let Some(of) = numbering.branch(branch) {
                self.follow(numbering, branch, *of);
            }
        }
    }

    /// Brings the leading blocks of a branch up to date.
    fn follow(&mut self, numbering: &PrefixNumbering, group: u32, branch: Branch) {
        let shared = if branch.of == NO_GROUP { 0 } else { self.leading[branch.of as usize] };
        let own = self.index[numbering.first_key[group as usize] as usize] != NO_BLOCK;
        self.leading[group as usize] =
            if shared >= branch.depth { branch.depth + u32::from(own) } else { shared };
    }
}
