//! The KV block cache of one instance (kv-cache chapter).
//!
//! Only blocks that a lookup can ever find are represented: full blocks that prompts share, in spans, and full private
//! blocks of evicted requests, one by one, until these end. All other blocks are counted. Without shared prompts and
//! preemption the whole cache is therefore two integers.

mod answers;
mod block_size;
mod free_list;
mod private;
mod prompt_runs;
mod shared_blocks;
mod tier;
// proptest does not run in a browser.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use answers::Naming;
pub use block_size::BlockSize;
pub use prompt_runs::{Path, PromptRuns, Stretch};
pub use shared_blocks::RunMap;
pub use tier::{Asker, Copied, Grown};

use crate::units::{Blocks, LegIndex, Tokens};
use crate::workload::Context;
use free_list::{Entry, FreeList};
use private::PrivateKeys;
use shared_blocks::{Piece, SharedBlocks};
use std::ops::Range;
use std::sync::Arc;
use tier::Second;

/// What a request needs to be known by the cache.
#[derive(Clone, Copy, Debug)]
pub struct Prompt {
    /// The request.
    pub request: LegIndex,
    /// Prompt length.
    pub input: Tokens,
    /// The runs that it goes along; irrelevant if `shared_blocks` is 0.
    pub path: Path,
    /// Full blocks of the prompt that lie on the path.
    pub shared_blocks: u32,
    /// Whether the path goes on with the answer.
    pub context: Context,
}

/// The blocks that a request holds. Empty = "no entry" in the chapter's words.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    /// Held blocks of shared runs, from position 0.
    shared: Vec<Piece>,
    /// Whether the blocks begin with the prompt. After a whole-prompt hit they hold generated tokens only.
    of_prompt: bool,
    /// Tokens stored.
    pub stored: Tokens,
}

/// The outcome of looking a prompt up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Leading full blocks found.
    pub blocks: u32,
    /// Those among them that lie in the free list.
    pub free: u32,
}

/// The cache of one instance.
#[derive(Clone, Debug)]
pub struct KvCache {
    block_size: BlockSize,
    total: Blocks,
    /// Blocks that a request holds beside those of its tokens.
    beside: Blocks,
    free: FreeList,
    shared: SharedBlocks,
    private: PrivateKeys,
    runs: Arc<PromptRuns>,
    /// Changes whenever a lookup might answer differently than before.
    version: u64,
    /// Blocks taken over from the cache.
    pub hits: u64,
    /// Blocks newly allocated.
    pub misses: u64,
    /// A second tier, if there is one. Where that tells blocks apart, only the free list is that of the cache.
    second: Second,
}

impl KvCache {
    /// An empty cache of `total` blocks. `follow`: whether changes in the tree of prompts will be asked for.
    pub fn new(total: Blocks, block_size: Tokens, runs: Arc<PromptRuns>, follow: bool) -> Self {
        Self {
            block_size: BlockSize::new(block_size),
            total,
            beside: 0,
            free: FreeList::new(total),
            shared: SharedBlocks::new(runs.group_runs(), follow && runs.has_tree(), runs.count()),
            private: PrivateKeys::default(),
            runs,
            version: 0,
            hits: 0,
            misses: 0,
            second: Second::None,
        }
    }

    /// The same cache, of which each request holds so many blocks beside those of its tokens, from its admission to its
    /// release. Unless it is 0, the blocks of evicted requests are not found again.
    #[must_use]
    pub const fn with_blocks_beside(mut self, beside: Blocks) -> Self {
        self.beside = beside;
        self
    }

    /// The size of a block.
    pub const fn block_size(&self) -> BlockSize {
        self.block_size
    }

    /// Blocks that a request holds beside those of its tokens.
    pub const fn beside(&self) -> Blocks {
        self.beside
    }

    /// Takes the blocks that a request holds beside those of its tokens. They hold no tokens, and are no misses.
    #[inline]
    pub fn take_beside(&mut self) {
        if self.beside > 0 && !self.free.take_plain(self.beside) {
            self.take_one_by_one(self.beside);
        }
    }

    /// Blocks not in use.
    pub const fn free(&self) -> Blocks {
        self.free.len()
    }

    /// Blocks in use.
    pub const fn used(&self) -> Blocks {
        self.total - self.free.len()
    }

    /// A number that changes whenever a lookup might answer differently than before.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Per run of a prefix group, the position up to which a lookup finds its blocks (KV-9).
    pub fn found_of_groups(&self) -> impl Iterator<Item = Blocks> + '_ {
        self.shared.of_groups()
    }

    /// Tells of each run of the tree of which a lookup finds more or less than at the last call up to which position it does now.
    pub fn drain_changes(&mut self, tell: impl FnMut(u32, Blocks)) {
        self.shared.drain_changes(tell);
    }

    /// Whether the next `count` recycled blocks include none that a lookup could find.
    pub fn next_are_plain(&self, count: u32) -> bool {
        self.free.plain_at_head() >= count
    }

    /// Whether filling blocks of this prompt makes something findable for a later lookup.
    pub fn is_observable(&self, prompt: &Prompt) -> bool {
        prompt.shared_blocks > 0 || self.private.has_table(prompt.request)
    }

    /// Whether it is plain that a lookup finds nothing: no prefix is shared, and no request has been evicted.
    pub fn holds_nothing_of(&self, prompt: &Prompt) -> bool {
        prompt.shared_blocks == 0 && self.private.is_empty()
    }

    /// Leading full blocks of the prompt that are in the cache (KV-4). Changes nothing.
    pub fn lookup(&self, prompt: &Prompt) -> Found {
        let mut found = Found { blocks: 0, free: 0 };
        if prompt.shared_blocks > 0 {
            found.blocks = self.runs.leading(prompt.path, prompt.shared_blocks, |run| self.shared.up_to(run));
            found.free = self.shared.free_among(self.runs.stretches(prompt.path), found.blocks);
        }
        if found.blocks == prompt.shared_blocks && !self.private.is_empty() {
            let more = self.private.leading(prompt.request);
            found.blocks += more;
            found.free += more;
        }
        found
    }

    /// Blocks that a prefill of `new` tokens on top of `stored` ones must take from the free list (KV-5.1).
    pub fn fresh_blocks(&self, stored: Tokens, new: Tokens) -> u32 {
        self.block_size.needed(stored + new) - self.block_size.needed(stored)
    }

    /// Whether storing one generated token on top of `stored` ones needs a new block (KV-5.2).
    pub const fn opens_block(&self, stored: Tokens) -> bool {
        self.block_size.remainder(stored) == 0
    }

    /// Claims the looked-up blocks for an admission that computes at least one token (5.1, rule 6).
    #[inline]
    pub fn claim(&mut self, prompt: &Prompt, found: Found, holdings: &mut Holdings) {
        holdings.of_prompt = true;
        holdings.stored = found.blocks * self.block_size.tokens();
        if found.blocks > 0 {
            self.claim_found(prompt, found, holdings);
        }
    }

    fn claim_found(&mut self, prompt: &Prompt, found: Found, holdings: &mut Holdings) {
        let shared = found.blocks.min(prompt.shared_blocks);
        if shared > 0 {
            let path = self.runs.stretches(prompt.path);
            self.shared.claim(path, shared, &mut self.free, &mut holdings.shared);
        }
        if found.blocks > shared {
            self.private.claim(prompt.request, found.blocks - shared, &mut self.free);
        }
        self.hits += u64::from(found.blocks);
        self.version += 1;
    }

    /// Stores `new` prompt tokens (5.1, rules 7 and 8). The caller has checked that the blocks are there.
    #[inline]
    pub fn store_prompt(&mut self, prompt: &Prompt, holdings: &mut Holdings, new: Tokens) {
        let before = holdings.stored;
        holdings.stored += new;
        let mut fresh = self.fresh_blocks(before, new);
        if self.is_observable(prompt) {
            fresh -= self.store_full_blocks(prompt, holdings, before);
        }
        self.take(fresh);
    }

    /// Stores those of the blocks filled beyond `before` tokens that a lookup can find. Returns how many it took.
    fn store_full_blocks(&mut self, prompt: &Prompt, holdings: &mut Holdings, before: Tokens) -> u32 {
        let size = self.block_size;
        let mut full = size.full(before)..size.full(holdings.stored);
        if !self.private.has_table(prompt.request) {
            full.end = full.end.min(prompt.shared_blocks).max(full.start);
        }
        // The first of them may be one that the request has already, so that only the others are taken.
        let mut held = u32::from(size.remainder(before) != 0 && !full.is_empty());
        let taken = full.len() as u32 - held;
        let shared = full.start.min(prompt.shared_blocks)..full.end.min(prompt.shared_blocks);
        if !shared.is_empty() {
            self.store_shared(prompt, holdings, shared.clone(), &mut held);
        }
        for position in full.start.max(shared.end)..full.end {
            self.take(1 - held);
            held = 0;
            self.private.register(prompt.request, position - prompt.shared_blocks);
        }
        taken
    }

    /// Stores the blocks at these positions of the prompt's path. The first `held` of them are there, the others are taken.
    fn store_shared(&mut self, prompt: &Prompt, holdings: &mut Holdings, full: Range<u32>, held: &mut u32) {
        let (mut at, mut begin) = (full.start, 0);
        for place in 0.. {
            let Some(&Stretch { run, end }) = self.runs.stretches(prompt.path).get(place) else { break };
            let to = end.min(full.end);
            if at < to {
                if self.shared.is_clear(run, begin, at) {
                    self.take(to - at - *held);
                    *held = 0;
                    self.shared.register(run, begin, at, to, &mut holdings.shared);
                } else {
                    // Pops and registrations alternate: a pop may delete the key that was registered just before.
                    for position in at..to {
                        self.take(1 - *held);
                        *held = 0;
                        self.shared.lose(run, position, position + 1, &mut self.free);
                        self.shared.register(run, begin, position, position + 1, &mut holdings.shared);
                    }
                }
                at = to;
            }
            if at == full.end {
                break;
            }
            begin = end;
        }
        self.version += 1;
    }

    /// Takes `count` blocks for generated tokens or partial blocks from the head of the free list (KV-5.3).
    #[inline]
    pub fn take(&mut self, count: u32) {
        self.misses += u64::from(count);
        if !self.free.take_plain(count) {
            self.take_one_by_one(count);
        }
    }

    fn take_one_by_one(&mut self, mut count: u32) {
        while count > 0 {
            match self.free.pop(count) {
                Entry::Plain(n) => count -= n,
                Entry::Shared(span, n) => {
                    self.shared.forget(span, n, &mut self.free);
                    self.version += 1;
                    count -= n;
                }
                Entry::Private(table, place) => {
                    self.private.forget(table, place);
                    self.version += 1;
                    count -= 1;
                }
            }
        }
    }

    /// Gives all blocks back, last block first (KV-5.4). `comes_back`: whether the request may be looked up
    /// again: only then its private prompt blocks stay findable.
    #[inline]
    pub fn release(&mut self, prompt: &Prompt, holdings: &mut Holdings, comes_back: bool) {
        let total = self.block_size.needed(holdings.stored);
        let shared = holdings.shared.last().map_or(0, |piece| piece.end);
        let comes_back = comes_back && self.beside == 0;
        let private = if comes_back && holdings.of_prompt {
            self.block_size.full(holdings.stored.min(prompt.input)).saturating_sub(shared)
        } else {
            0
        };
        self.free.push_plain(total - shared - private + self.beside);
        if private > 0 {
            let capacity = self.block_size.full(prompt.input) - prompt.shared_blocks;
            self.private.release(prompt.request, private, capacity, &mut self.free);
        } else if !comes_back {
            self.private.end(prompt.request);
        }
        if shared > 0 {
            self.shared.release(&mut holdings.shared, &mut self.free);
        }
        self.version += 1;
        holdings.of_prompt = false;
        holdings.stored = 0;
    }

    /// A waiting request has ended: its private blocks need not be found any more.
    pub fn end(&mut self, request: LegIndex) {
        self.give_back(request, None, false);
        self.private.end(request);
    }
}
