//! Allocation with a CPU tier (KV tiers chapter, T-5 and T-7): what was recycled on the GPU and is in the store is brought back first.

use super::super::KvCache;
use super::super::free_list::{Entry, NIL};
use super::Tier;
use super::blocks::{Asker, Block};
use super::names::{BlockIndex, NO_BLOCK, NameIndex, Stored};
use crate::units::Tokens;

/// What is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A part of the prompt, from one offset to another.
    Prompt(Tokens, Tokens),
    /// A generated token at this offset.
    Answer(Tokens),
    /// The last token of an answer, which no prompt goes on from.
    Last(Tokens),
}

impl KvCache {
    /// Stores tokens of a request on top of the blocks of a lookup, which only an admission has (T-5).
    pub(super) fn allocate_in(
        &mut self,
        tier: &mut Tier,
        asker: &Asker,
        tokens: Part,
        list: &[BlockIndex],
    ) -> bool {
        let request = asker.prompt.request;
        let own = tier.held(request);
        let (mut position, mut parent) = (list.len(), tier.last_name(list));
        if own.len() > position {
            (position, parent) = (own.len(), tier.last_name(own));
        }
        if self.reload(tier, asker, position as u32, parent) == 0 {
            let done = self.store(tier, asker, tokens, list);
            tier.failed += u64::from(!done);
            return done;
        }
        let (start, end) = match tokens {
            Part::Prompt(start, end) => (start, end),
            // Nothing of a prompt reaches behind it.
            Part::Answer(_) | Part::Last(_) => return self.store(tier, asker, tokens, list),
        };
        let again = self.find(tier, &asker.prompt);
        let (size, found) = (self.block_size, again.len() as Tokens * self.block_size.tokens());
        if found <= start {
            return self.store(tier, asker, tokens, list);
        }
        let holds = !tier.held(request).is_empty();
        let from = if holds { (size.needed(start) as usize).min(again.len()) } else { 0 };
        let to = (size.needed(end) as usize).min(again.len()).max(from);
        self.claim_blocks(tier, asker, &again[from..to]);
        if found >= end {
            tier.held_mut(request).next = end;
            return true;
        }
        self.store(tier, asker, Part::Prompt(found, end), &again)
    }

    /// Brings back what follows a position (T-7). Returns how many blocks.
    fn reload(&mut self, tier: &mut Tier, asker: &Asker, from: u32, mut parent: NameIndex) -> u32 {
        let full = self.block_size.full(asker.prompt.input);
        let limit = self.free.len();
        let mut reloaded = 0;
        for position in from..full {
            let start = position * self.block_size.tokens();
            let stream = self.stream(asker, start);
            let Some(name) = tier.names.find(parent, stream, start) else { break };
            let entry = tier.names.get(name);
            if entry.block == NO_BLOCK {
                if entry.stored == Stored::Not || reloaded == limit {
                    break;
                }
                tier.names.keep(name);
                let at = self.pop(tier);
                let node = self.free.push_keyed(Entry::Private(at.get(), 0));
                tier.blocks[at] = Block { users: 0, fill: self.block_size.tokens(), start, name, node };
                self.register(tier, name, at);
                tier.store.touch(&mut tier.names, name);
                tier.pending += tier.params.per_block;
                tier.reloads += 1;
                tier.changed = true;
                reloaded += 1;
            }
            parent = name;
        }
        reloaded
    }

    /// Takes blocks over for a request (KV-5.1, rule 6).
    fn claim_blocks(&mut self, tier: &mut Tier, asker: &Asker, list: &[BlockIndex]) {
        for &at in list {
            let block = &mut tier.blocks[at];
            if block.users == 0 {
                self.free.remove(block.node);
                block.node = NIL;
            }
            block.users += 1;
        }
        self.hits += list.len() as u64;
        self.version += 1;
        let size = self.block_size.tokens();
        let held = tier.held_mut(asker.prompt.request);
        held.blocks.extend_from_slice(list);
        held.stored = held.blocks.len() as Tokens * size;
    }

    /// The allocation of the GPU alone (KV-5.1 and KV-5.2).
    fn store(&mut self, tier: &mut Tier, asker: &Asker, tokens: Part, list: &[BlockIndex]) -> bool {
        let request = asker.prompt.request;
        let size = self.block_size;
        let last = tier.held(request).last().copied();
        let room = last.map_or(0, |last| size.tokens() - tier.block(last).fill);
        let (start, new, answer) = match tokens {
            Part::Prompt(start, end) => (start, end - start, false),
            Part::Answer(at) | Part::Last(at) => (at, 1, true),
        };
        let absorbed = room.min(new);
        let fresh = size.needed(new - absorbed);
        let claimed = list.iter().filter(|&&at| tier.block(at).users == 0).count() as u32;
        if fresh + claimed > self.free.len() {
            return false;
        }
        if new == 0 {
            return true;
        }
        if last.is_none() && !list.is_empty() {
            self.claim_blocks(tier, asker, list);
        }
        if let Some(last) = last
            && absorbed > 0
        {
            let block = tier.block_mut(last);
            block.fill += absorbed;
            if block.fill == size.tokens() && !matches!(tokens, Part::Last(_)) {
                self.name_last(tier, asker);
            }
        }
        let mut offset = start + absorbed;
        for _ in 0..fresh {
            let fill = size.tokens().min(start + new - offset);
            let at = self.pop(tier);
            self.misses += 1;
            tier.blocks[at] = Block { fill, start: offset, ..Block::TAKEN };
            tier.held_mut(request).blocks.push(at);
            offset += fill;
            // A generated token that opens a block gives it no name.
            if fill == size.tokens() && !answer {
                self.name_last(tier, asker);
            }
        }
        let held = tier.held_mut(request);
        held.next = start + new;
        let blocks = held.blocks.len() as Tokens;
        if let Some(&last) = held.blocks.last() {
            let fill = tier.block(last).fill;
            tier.held_mut(request).stored = (blocks - 1) * size.tokens() + fill;
        }
        true
    }

    /// The last block of a request has become full.
    fn name_last(&mut self, tier: &mut Tier, asker: &Asker) {
        let held = tier.held(asker.prompt.request);
        let [before @ .., last] = held else { return };
        let (parent, last) = (tier.last_name(before), *last);
        self.name_block(tier, asker, parent, last);
    }
}
