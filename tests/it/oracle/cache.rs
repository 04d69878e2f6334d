//! The KV cache block by block, exactly as KV-2 to KV-5 word it, and the CPU tier as T-2 to T-9 do.

use super::names::{Name, Names, Tokens};
use super::tier::Tier;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

#[derive(Clone, Debug, Default)]
struct Block {
    users: u32,
    /// Offset of its first token in the request that filled it.
    first: u32,
    fill: u32,
    name: Option<Name>,
}

/// Blocks, free list (head first), index and holdings; and the tier, if there is one.
#[derive(Clone, Debug)]
pub struct Cache {
    names: Names,
    block_size: u32,
    blocks: Vec<Block>,
    free: VecDeque<usize>,
    index: BTreeMap<Name, usize>,
    holdings: BTreeMap<usize, Vec<usize>>,
    pub tier: Option<Tier>,
    pub hits: u64,
    pub misses: u64,
}

impl Cache {
    pub fn new(names: Names, total: u32, block_size: u32, tier: Option<Tier>) -> Self {
        Self {
            names,
            block_size,
            blocks: vec![Block::default(); total as usize],
            free: (0..total as usize).collect(),
            index: BTreeMap::new(),
            holdings: BTreeMap::new(),
            tier,
            hits: 0,
            misses: 0,
        }
    }

    pub fn free(&self) -> u32 {
        self.free.len() as u32
    }

    pub fn used(&self) -> u32 {
        self.blocks.len() as u32 - self.free()
    }

    /// The names that can be found now.
    pub fn findable(&self) -> BTreeSet<Name> {
        self.index.keys().copied().collect()
    }

    /// KV-4: the leading full blocks of the prompt that are found.
    pub fn lookup(&self, tokens: &Tokens) -> Vec<usize> {
        let names = tokens.prompt_names(&self.names, self.block_size);
        names.iter().map_while(|name| self.index.get(name).copied()).collect()
    }

    /// T-5: tokens [start, end) of a prompt, on top of the looked-up blocks; none of a request that runs already.
    pub fn prefill(&mut self, tokens: &Tokens, start: u32, end: u32, found: &[usize]) -> bool {
        if !self.reload(tokens, found) {
            let stored = self.store_prompt(tokens, start, end, found);
            self.count_failure(stored);
            return stored;
        }
        let again = self.lookup(tokens);
        let reached = again.len() as u32 * self.block_size;
        if reached <= start {
            return self.store_prompt(tokens, start, end, found);
        }
        let holds = self.holdings.contains_key(&tokens.request);
        let from = if holds { start.div_ceil(self.block_size) as usize } else { 0 };
        let covered = reached >= end;
        let to = if covered { end.div_ceil(self.block_size) as usize } else { again.len() };
        for &block in again.get(from..to.min(again.len())).unwrap_or_default() {
            self.claim(tokens.request, block);
        }
        covered || self.store_prompt(tokens, reached, end, &again)
    }

    /// T-5: one generated token with this offset. Whatever is reloaded, its rule 4 follows: what can be found ends before it.
    pub fn decode(&mut self, tokens: &Tokens, offset: u32) -> bool {
        let reloaded = self.reload(tokens, &[]);
        let stored = self.store_generated(tokens, offset);
        if !reloaded {
            self.count_failure(stored);
        }
        stored
    }

    fn count_failure(&mut self, stored: bool) {
        if let Some(tier) = &mut self.tier {
            tier.failed += u64::from(!stored);
        }
    }

    /// Rules 1 and 2 of T-5, and T-7: whether anything was reloaded.
    fn reload(&mut self, tokens: &Tokens, found: &[usize]) -> bool {
        let Some(mut tier) = self.tier.take() else { return false };
        let own = self.holdings.get(&tokens.request).map_or(&[][..], Vec::as_slice);
        let before = if own.len() > found.len() { own } else { found };
        let mut parent = before.last().and_then(|&block| self.blocks[block].name);
        let limit = self.free.len();
        let mut reloaded = 0;
        for position in before.len() as u32..tokens.prompt / self.block_size {
            let start = position * self.block_size;
            let name = tokens.name(&self.names, parent, start, self.block_size);
            if !self.index.contains_key(&name) {
                if !tier.holds(name) || reloaded == limit || self.free.is_empty() {
                    break;
                }
                let block = self.recycle();
                let (first, fill) = (start, self.block_size);
                self.blocks[block] = Block { users: 0, first, fill, name: Some(name) };
                self.index.insert(name, block);
                self.free.push_back(block);
                tier.bring_back(name);
                reloaded += 1;
            }
            parent = Some(name);
        }
        self.tier = Some(tier);
        reloaded > 0
    }

    /// T-3, for one member of the batch.
    pub fn copy(&mut self, request: usize) {
        let Some(tier) = &mut self.tier else { return };
        for &block in self.holdings.get(&request).into_iter().flatten() {
            if let Some(name) = self.blocks[block].name {
                tier.copy(name);
            }
        }
    }

    /// KV-5.1.
    fn store_prompt(&mut self, tokens: &Tokens, start: u32, end: u32, found: &[usize]) -> bool {
        let new = end - start;
        let last = self.last_held(tokens.request);
        let absorb = last.map_or(0, |block| (self.block_size - self.blocks[block].fill).min(new));
        let fresh = (new - absorb).div_ceil(self.block_size);
        let claimed = found.iter().filter(|&&block| self.blocks[block].users == 0).count() as u32;
        if fresh + claimed > self.free() {
            return false;
        }
        if new == 0 {
            return true;
        }
        if last.is_none() {
            for &block in found {
                self.claim(tokens.request, block);
            }
        }
        let mut stored = start;
        if let Some(block) = last
            && absorb > 0
        {
            stored += absorb;
            self.fill(tokens, block, absorb);
        }
        for _ in 0..fresh {
            let fill = self.block_size.min(end - stored);
            let block = self.pop(tokens.request, stored);
            self.fill(tokens, block, fill);
            stored += fill;
        }
        true
    }

    /// KV-5.2, and the last paragraph of KV-3: a token that opens a block gives it no name.
    fn store_generated(&mut self, tokens: &Tokens, offset: u32) -> bool {
        match self.last_held(tokens.request) {
            Some(block) if self.blocks[block].fill < self.block_size => self.fill(tokens, block, 1),
            _ if self.free.is_empty() => return false,
            _ => {
                let block = self.pop(tokens.request, offset);
                self.blocks[block].fill = 1;
            }
        }
        true
    }

    /// KV-5.4.
    pub fn release(&mut self, request: usize) {
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
        self.holdings.entry(request).or_default().push(block);
    }

    /// KV-5.3, without the counter; the caller has made sure that a block is free.
    fn recycle(&mut self) -> usize {
        let block = self.free.pop_front().expect("a free block");
        if let Some(name) = self.blocks[block].name.take() {
            self.index.remove(&name);
        }
        block
    }

    /// A block for tokens from `first` on.
    fn pop(&mut self, request: usize, first: u32) -> usize {
        let block = self.recycle();
        self.misses += 1;
        self.blocks[block] = Block { users: 1, first, fill: 0, name: None };
        self.holdings.entry(request).or_default().push(block);
        block
    }

    /// Stores tokens in the last block of a request, which can be found from the moment it is full.
    fn fill(&mut self, tokens: &Tokens, block: usize, stored: u32) {
        self.blocks[block].fill += stored;
        if self.blocks[block].fill < self.block_size {
            return;
        }
        let held = &self.holdings[&tokens.request];
        assert_eq!(held.last(), Some(&block), "tokens go to the end");
        let parent = held.len().checked_sub(2).and_then(|before| self.blocks[held[before]].name);
        let name = tokens.name(&self.names, parent, self.blocks[block].first, self.block_size);
        self.blocks[block].name = Some(name);
        self.index.insert(name, block);
    }

    /// The invariants of KV-2.
    pub fn check_invariants(&self) {
        let held: usize = self.holdings.values().map(Vec::len).sum();
        assert_eq!(self.blocks.iter().map(|block| block.users as usize).sum::<usize>(), held);
        let mut in_list = vec![false; self.blocks.len()];
        for &block in &self.free {
            assert!(!in_list[block], "block {block} is free once");
            in_list[block] = true;
        }
        for (number, block) in self.blocks.iter().enumerate() {
            assert_eq!(in_list[number], block.users == 0, "block {number}");
            assert!(block.name.is_none() || block.fill == self.block_size, "only full blocks have names");
        }
        for (name, &block) in &self.index {
            assert_eq!(self.blocks[block].name, Some(*name), "a block can be found under its own name only");
        }
        if let Some(tier) = &self.tier {
            tier.check_invariants();
        }
    }
}
