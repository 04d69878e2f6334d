//! A cache with a second store in the memory of the CPU (KV tiers chapter).
//!
//! | module | subject |
//! |---|---|
//! | `counted` | the store of a batch that nothing is brought back for: figures alone |
//! | `chains` | what identifies a block |
//! | `holdings`, `holders` | what requests hold of the GPU's blocks, and how these get names |
//! | `allocate` | allocation, which brings blocks back first |
//! | `copying` | what a step copies |
//! | `store` | the CPU store and its order, in segments |

mod allocate;
mod chains;
mod copying;
mod counted;
mod holders;
mod holdings;
mod store;
// proptest does not run in a browser.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use counted::Grown;
pub use holdings::Asker;

use super::{KvCache, Prompt};
use crate::instance::TierParams;
use crate::record::TierRecord;
use crate::units::{Blocks, LegIndex, Micros, Tokens};
use allocate::{List, Stored};
use chains::{Chains, Part};
use counted::Counted;
use holders::Holders;
use store::Store;

/// An admission that failed, and all that it depended on: as long as that is the same it fails again (T-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The head of the queue.
    pub request: LegIndex,
    /// Tokens that were left in the step.
    pub budget: Tokens,
    version: u64,
    free: Blocks,
}

/// Everything that a tier adds to a cache.
#[derive(Clone, Debug)]
pub struct Tier {
    params: TierParams,
    chains: Chains,
    /// Blocks without a name among others that have some, so far.
    blanks: Blocks,
    held: Holders,
    store: Store,
    /// Time of transfers that the next step takes longer for.
    pending: Micros,
    /// Time of transfers in the steps so far.
    transfer: Micros,
    reloads: u64,
    failed: u64,
    refusal: Option<Refusal>,
    /// Whether the batch or its blocks have changed since blocks were last copied.
    changed: bool,
    /// Room for names.
    parts: Vec<Part>,
    /// Room for the slots of requests with something new.
    news: Vec<u32>,
    /// Names that every step adds to a store with less room than the batch needs, as long as nothing changes.
    repeated: Option<u64>,
}

/// The second tier of a cache, if there is one.
#[derive(Clone, Debug, Default)]
pub enum Second {
    /// There is none.
    #[default]
    None,
    /// Nothing can be brought back: the cache works as without it, and what the store copies is counted.
    Counted(Box<Counted>),
    /// Blocks are told apart.
    Blocks(Box<Tier>),
}

impl Tier {
    fn new(params: TierParams, runs: u32, block_size: Tokens) -> Self {
        Self {
            params,
            chains: Chains::new(runs, block_size),
            blanks: 0,
            held: Holders::default(),
            parts: Vec::new(),
            news: Vec::new(),
            store: Store::new(u64::from(params.blocks)),
            pending: Micros::ZERO,
            transfer: Micros::ZERO,
            reloads: 0,
            failed: 0,
            refusal: None,
            changed: false,
            repeated: None,
        }
    }
}

/// A running request whose blocks are copied.
#[derive(Clone, Copy, Debug)]
pub struct Copied {
    /// The request.
    pub prompt: Prompt,
    /// Its place in the order of the batch.
    pub order: u64,
    /// Tokens that it had stored when blocks were last copied.
    pub before: Tokens,
    /// Tokens that it has stored.
    pub stored: Tokens,
}

impl KvCache {
    /// The same cache with a second tier.
    #[must_use]
    pub fn with_tier(mut self, params: Option<TierParams>) -> Self {
        let blocks_count = self.runs.is_empty() && self.beside == 0;
        self.second = match params {
            None => Second::None,
            Some(params) if blocks_count => Second::Counted(Box::new(Counted::new(params))),
            Some(params) => {
                Second::Blocks(Box::new(Tier::new(params, self.runs.count(), self.block_size.tokens())))
            }
        };
        self
    }

    /// Whether there is a second tier.
    #[inline]
    pub const fn is_tiered(&self) -> bool {
        !matches!(self.second, Second::None)
    }

    /// Whether there is a second tier for which blocks are told apart.
    #[inline]
    pub const fn tells_blocks_apart(&self) -> bool {
        matches!(self.second, Second::Blocks(_))
    }

    fn with<R>(&mut self, act: impl FnOnce(&mut Self, &mut Tier) -> R) -> Option<R> {
        match std::mem::take(&mut self.second) {
            Second::Blocks(mut tier) => {
                let result = act(self, &mut tier);
                self.second = Second::Blocks(tier);
                Some(result)
            }
            other => {
                self.second = other;
                None
            }
        }
    }

    const fn tier(&self) -> Option<&Tier> {
        match &self.second {
            Second::Blocks(tier) => Some(tier),
            Second::None | Second::Counted(_) => None,
        }
    }

    /// Tries to admit a request (T-5), with so many tokens left in the step: `chunk` says how many it gets if so many are found.
    /// Returns tokens found, granted and stored, or nothing if there are no blocks.
    pub fn admit(
        &mut self,
        asker: &Asker,
        budget: Tokens,
        chunk: impl FnOnce(Tokens) -> Tokens,
    ) -> Option<(Tokens, Tokens, Tokens)> {
        let request = asker.prompt.request;
        self.with(|kv, tier| {
            let refusal = Refusal { request, budget, version: kv.version, free: kv.free.len() };
            if tier.refusal == Some(refusal) {
                tier.failed += 1;
                return None;
            }
            let list = kv.find(tier, &asker.prompt);
            let found = list.blocks * kv.block_size.tokens();
            let granted = chunk(found);
            let part = match (asker.prompt.input, granted) {
                // An empty prompt has no prefill: its admission stores the first generated token (KV-5.5).
                (0, 1) => Stored::Answer(0),
                _ => Stored::Prompt(found, found + granted),
            };
            let own = tier.chains.own(request);
            let is_unknown = !tier.store.explicit && !kv.shared.has(own) && !tier.store.reaches(own, 0);
            let (slot, mut held) = tier.held.take_or_begin(request);
            held.is_unknown = is_unknown;
            let reloads = tier.reloads;
            let admitted = kv.allocate_in(tier, asker, &mut held, part, list);
            if admitted {
                tier.refusal = None;
                (held.next, held.prefix) = (asker.prompt.input.min(found + granted), asker.prefix);
                tier.changed = true;
            } else {
                tier.refusal = (tier.reloads == reloads).then_some(refusal);
            }
            let stored = held.stored;
            tier.held.put(slot, held);
            admitted.then_some((found, granted, stored))
        })
        .flatten()
    }

    /// Whether the last attempt to admit this request, with so many tokens left in the step, failed and would fail again as long as
    /// only blocks without names are taken.
    pub fn is_refused(&self, request: LegIndex, budget: Tokens) -> bool {
        let refusal = self.tier().and_then(|tier| tier.refusal);
        refusal.is_some_and(|last| {
            (last.request, last.budget, last.version) == (request, budget, self.version)
                && last.free >= self.free.len()
        })
    }

    /// So many more allocations have failed, with nothing brought back: the head of the queue was refused, or a token could not be
    /// stored.
    #[cold]
    pub fn count_failures(&mut self, count: u64) {
        match &mut self.second {
            Second::None => {}
            Second::Counted(counted) => counted.count_failures(count),
            Second::Blocks(tier) => tier.failed += count,
        }
    }

    /// Stores a part of a running request's prompt.
    pub fn store_part(&mut self, prompt: &Prompt, start: Tokens, end: Tokens) -> bool {
        self.allocate(prompt, Stored::Prompt(start, end))
    }

    /// Stores a generated token of a request that may have to look for its prompt. `last`: no prompt goes on from it.
    pub fn store_token(&mut self, prompt: &Prompt, at: Tokens, last: bool) -> bool {
        self.allocate(prompt, if last { Stored::Last(at) } else { Stored::Answer(at) })
    }

    fn allocate(&mut self, prompt: &Prompt, part: Stored) -> bool {
        self.with(|kv, tier| {
            let (slot, mut held) = tier.held.take_or_begin(prompt.request);
            let asker = Asker { prompt: *prompt, prefix: held.prefix };
            let done = kv.allocate_in(tier, &asker, &mut held, part, List::default());
            tier.held.put(slot, held);
            done
        })
        .unwrap_or(false)
    }

    /// Stores the token of a request that holds as many blocks as its prompt fills: nothing is brought back for it.
    pub fn store_plainly(&mut self, stored: Tokens) -> bool {
        let fresh = u32::from(self.opens_block(stored));
        if fresh > self.free.len() {
            self.count_failures(1);
            return false;
        }
        self.take(fresh);
        true
    }

    /// Tokens in the blocks of a request.
    pub fn stored(&self, request: LegIndex) -> Tokens {
        let held = self.tier().and_then(|tier| tier.held.get(request));
        held.map_or(0, |held| held.stored)
    }

    /// Whether a request that stores so many tokens holds as many blocks as its prompt fills.
    pub const fn holds_prompt(&self, input: Tokens, stored: Tokens) -> bool {
        self.block_size.needed(stored) >= self.block_size.full(input)
    }

    /// Blocks that answers fill have names, except where every token opens one.
    pub const fn names_answers(&self) -> bool {
        self.block_size.tokens() > 1
    }

    /// Names what a running request has filled. `copied`: whether all of it has been copied.
    pub fn catch_up(&mut self, prompt: &Prompt, stored: Tokens, copied: bool) {
        self.with(|kv, tier| {
            if let Some((slot, mut held)) = tier.held.take(prompt.request) {
                kv.catch_up_in(tier, prompt, &mut held, stored, copied);
                tier.held.put(slot, held);
            }
        });
    }

    /// A running request that has stored so many tokens completes and gives everything back. `answer`: the offset of the last token of its
    /// answer, which is stored before, and whether no prompt goes on from it. Returns whether that found a block. `order`: its
    /// place in the batch.
    pub fn complete(
        &mut self,
        prompt: &Prompt,
        stored: Tokens,
        answer: Option<(Tokens, bool)>,
        order: u64,
    ) -> bool {
        self.with(|kv, tier| {
            let (slot, mut held) = tier.held.take_or_begin(prompt.request);
            kv.catch_up_in(tier, prompt, &mut held, stored, true);
            let done = answer.is_none_or(|(at, is_last)| {
                let asker = Asker { prompt: *prompt, prefix: held.prefix };
                let token = if is_last { Stored::Last(at) } else { Stored::Answer(at) };
                kv.allocate_in(tier, &asker, &mut held, token, List::default())
            });
            kv.release_held(tier, prompt.request, (slot, held), Some(order), false);
            done
        })
        .unwrap_or(true)
    }

    /// Gives back what a request holds. `order`: its place in the batch that it leaves.
    pub fn give_back(&mut self, request: LegIndex, order: Option<u64>, comes_back: bool) {
        self.with(|kv, tier| {
            if let Some(held) = tier.held.take(request) {
                kv.release_held(tier, request, held, order, comes_back);
            }
        });
    }

    /// Whether the next step takes longer by transfers.
    pub fn has_pending_transfer(&self) -> bool {
        self.tier().is_some_and(|tier| tier.pending > Micros::ZERO)
    }

    /// The time of transfers that the step under way takes longer for.
    pub fn take_transfers(&mut self) -> Micros {
        let Second::Blocks(tier) = &mut self.second else { return Micros::ZERO };
        let pending = std::mem::replace(&mut tier.pending, Micros::ZERO);
        tier.transfer += pending;
        pending
    }

    /// The figures of the tier so far.
    pub fn tier_record(&self) -> Option<TierRecord> {
        let tier = match &self.second {
            Second::None => return None,
            Second::Counted(counted) => return Some(counted.record()),
            Second::Blocks(tier) => tier,
        };
        Some(TierRecord {
            capacity: tier.params.blocks,
            used: tier.store.len() as Blocks,
            reloads: tier.reloads,
            failed: tier.failed,
            stores: tier.store.stores,
            evictions: tier.store.evictions,
            transfer: tier.transfer,
        })
    }
}
