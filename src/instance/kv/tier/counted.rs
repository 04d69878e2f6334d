//! A CPU store of which only the figures are kept (KV tiers chapter, T-3 and T-10).
//!
//! As long as prompts share nothing and no request has been evicted, no lookup finds anything, and nothing is ever brought
//! back: which blocks the store has is of no consequence, only how many were added and removed. The store keeps what was used
//! last, and every step uses all full blocks of the batch in its order. A block is therefore still there if no more distinct
//! blocks were used since, itself included, than the store has places. All blocks that a request had before have the same
//! distance: those of the last step, without what has left before the request, and with what is new before it.

use super::super::KvCache;
use super::chains::Part;
use super::holdings::Held;
use super::{Copied, Second, Tier};
use crate::instance::TierParams;
use crate::record::TierRecord;
use crate::units::{Blocks, Micros};

/// A request that has left the batch since blocks were last copied.
#[derive(Clone, Copy, Debug)]
struct Left {
    /// Its place in the order of the batch.
    order: u64,
    /// Its blocks that were copied.
    blocks: u64,
}

/// Blocks of a running request that a step copies.
#[derive(Clone, Copy, Debug)]
pub struct Grown {
    /// Its place in the order of the batch.
    pub order: u64,
    /// Full blocks that it had in the last step.
    pub before: u64,
    /// Full blocks that it has.
    pub now: u64,
}

/// The figures.
#[derive(Clone, Debug)]
pub struct Counted {
    params: TierParams,
    /// Distinct blocks that the last step copied.
    batch: u64,
    left: Vec<Left>,
    /// Distinct blocks so far.
    ever: u64,
    stores: u64,
    failed: u64,
}

impl Counted {
    /// An empty store.
    pub const fn new(params: TierParams) -> Self {
        Self { params, batch: 0, left: Vec::new(), ever: 0, stores: 0, failed: 0 }
    }

    const fn capacity(&self) -> u64 {
        self.params.blocks as u64
    }

    fn len(&self) -> u64 {
        self.ever.min(self.capacity())
    }

    fn left_blocks(&self) -> u64 {
        self.left.iter().map(|left| left.blocks).sum()
    }

    /// Whether nothing that a step copies can still be in the store: its batch has more blocks than that has places.
    fn overflows(&self) -> bool {
        self.batch > self.capacity() && self.batch - self.left_blocks() > self.capacity()
    }

    /// A step copies the blocks of its batch, so many of which are new. `members`: the batch in order.
    fn copy<I: Iterator<Item = Grown>>(&mut self, new: u64, members: impl FnOnce() -> I) {
        let gone = self.left_blocks();
        if self.batch + new <= self.capacity() {
            self.stores += new;
        } else if self.overflows() {
            self.stores += self.batch - gone + new;
        } else {
            self.stores += new + self.pushed_out(members());
        }
        self.ever += new;
        self.batch = self.batch - gone + new;
        self.left.clear();
    }

    /// How many of the blocks that a step copies again are not in the store any more when it comes to them.
    fn pushed_out(&mut self, members: impl Iterator<Item = Grown>) -> u64 {
        self.left.sort_unstable_by_key(|left| left.order);
        let mut left = self.left.iter().peekable();
        let (mut distance, mut out) = (self.batch, 0);
        for member in members {
            while let Some(gone) = left.next_if(|left| left.order < member.order) {
                distance -= gone.blocks;
            }
            if distance > self.capacity() {
                out += member.before;
            }
            distance += member.now - member.before;
        }
        out
    }

    /// The figures so far.
    pub fn record(&self) -> TierRecord {
        TierRecord {
            capacity: self.params.blocks,
            used: self.len() as Blocks,
            reloads: 0,
            failed: self.failed,
            stores: self.stores,
            evictions: self.stores - self.len(),
            transfer: Micros::ZERO,
        }
    }

    /// So many more allocations have failed.
    pub const fn count_failures(&mut self, count: u64) {
        self.failed += count;
    }
}

impl KvCache {
    fn counted(&mut self) -> Option<&mut Counted> {
        match &mut self.second {
            Second::Counted(counted) => Some(counted),
            Second::None | Second::Blocks(_) => None,
        }
    }

    /// A step copies the blocks of its batch, so many of which are new, where they are only counted.
    pub fn count_copies<I: Iterator<Item = Grown>>(&mut self, new: u64, members: impl FnOnce() -> I) {
        if let Some(counted) = self.counted() {
            counted.copy(new, members);
        }
    }

    /// The same of quiet steps, in which answers filled so many blocks; `in_each` gives how many in each step.
    pub fn count_quiet_copies<I: Iterator<Item = Grown>>(
        &mut self,
        filled: u64,
        in_each: impl Iterator<Item = u64>,
        members: impl Fn() -> I,
    ) {
        let names_answers = self.names_answers();
        let Some(counted) = self.counted() else { return };
        let filled = if names_answers { filled } else { 0 };
        if counted.batch + filled <= counted.capacity() {
            return counted.copy(filled, members);
        }
        for new in in_each {
            counted.copy(if names_answers { new } else { 0 }, &members);
        }
    }

    /// A request has left the batch with so many blocks that had been copied.
    pub fn count_left(&mut self, order: u64, blocks: u64) {
        if let Some(counted) = self.counted() {
            counted.left.push(Left { order, blocks });
        }
    }

    /// Most quiet steps from now on that can be counted afterwards, at most `most` and at least one. `fillings`: blocks that
    /// answers fill in the next step, in the one after it, and so on, going round; `decodes` is their sum.
    pub fn most_counted_steps(&self, most: u64, decodes: u32, fillings: impl Iterator<Item = u32>) -> u64 {
        let Second::Counted(counted) = &self.second else { return most };
        if counted.overflows() {
            return most;
        }
        let mut room = counted.capacity().saturating_sub(counted.batch);
        if !self.names_answers() {
            return if counted.batch <= counted.capacity() { most } else { most.min(1) };
        }
        let rounds = room / u64::from(decodes.max(1));
        if rounds > 0 {
            return most.min(rounds.saturating_mul(u64::from(self.block_size.tokens())));
        }
        let fit = fillings.take_while(|&filled| {
            let fits = u64::from(filled) <= room;
            room = room.saturating_sub(u64::from(filled));
            fits
        });
        most.min(fit.count() as u64).max(1)
    }

    /// Tells the blocks of the running requests apart from now on, since one of them is about to be evicted. `members`: the batch in
    /// order, with what each had stored when blocks were last copied, and what it has stored now.
    pub fn tell_apart(&mut self, members: &[Copied]) {
        let Second::Counted(counted) = std::mem::take(&mut self.second) else { return };
        let mut tier = Box::new(Tier::new(counted.params, self.runs.count(), self.block_size.tokens()));
        tier.failed = counted.failed;
        for member in members {
            self.tell_member_apart(&mut tier, member);
        }
        let (len, stores) = (counted.len(), counted.stores);
        (tier.store.stores, tier.store.evictions) = (stores, stores - len);
        if counted.batch <= counted.capacity() {
            tier.store.begin_with_batch(len, counted.batch);
            for member in members {
                // What is out of place has a name already.
                if let Some(held) = tier.held.get(member.prompt.request) {
                    self.parts(held, 0..held.copied, &mut tier.parts);
                }
                for part in tier.parts.drain(..) {
                    tier.store.make_known(part);
                }
            }
            for left in &counted.left {
                tier.store.leave(left.order, &[], left.blocks);
            }
        } else {
            let mut used: Vec<(u64, Option<Part>, u64)> =
                counted.left.iter().map(|left| (left.order, None, left.blocks)).collect();
            tier.store.explicit = true;
            for member in members {
                if let Some((slot, mut held)) = tier.held.take(member.prompt.request) {
                    self.name_own(&mut tier, member.prompt.request, &mut held);
                    self.parts(&held, 0..held.copied, &mut tier.parts);
                    tier.held.put(slot, held);
                }
                used.extend(tier.parts.drain(..).map(|part| (member.order, Some(part), part.len())));
            }
            used.sort_by_key(|&(order, ..)| order);
            let parts: Vec<(Option<Part>, u64)> =
                used.into_iter().map(|(_, part, names)| (part, names)).collect();
            tier.store.begin_with_list(&parts, len);
        }
        self.second = Second::Blocks(tier);
    }

    fn tell_member_apart(&mut self, tier: &mut Tier, member: &Copied) {
        let Copied { prompt, before, stored, .. } = member;
        let size = self.block_size;
        // The first token of an answer to nothing is stored twice: the next one has its offset.
        let of_prompt = if prompt.input == 0 { (*stored).min(1) } else { prompt.input.min(*stored) };
        let full = size.full(of_prompt);
        let mut held = Held {
            next: prompt.input.min(of_prompt),
            stored: of_prompt,
            fill: of_prompt - full * size.tokens(),
            start: full * size.tokens(),
            is_unknown: true,
            ..Held::default()
        };
        if prompt.input > 0 {
            held.unnamed = full;
        } else {
            held.nameless = full;
        }
        self.catch_up_in(tier, prompt, &mut held, *stored, false);
        held.copied = size.named(prompt.input, *before) as Blocks;
        let (slot, _) = tier.held.take_or_begin(prompt.request);
        tier.held.put(slot, held);
    }
}
