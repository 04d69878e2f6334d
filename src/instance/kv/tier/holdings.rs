//! What requests hold of the GPU's blocks where there is a CPU tier, and how these get their names (kv-cache chapter, KV-2 to KV-5).
//!
//! Told apart are blocks with a name that a lookup may still ask for, in spans; all others are counted. What a running request
//! generates is stored in blocks that are counted as well, until their names matter: [`KvCache::catch_up`]. What belongs
//! to a request alone needs no names until it is evicted, if it has not been evicted before.

use super::super::shared_blocks::Piece;
use super::super::{KvCache, Prompt};
use super::Tier;
use super::chains::{BLANK, Chain, NAMELESS, Name, OF_TREE, Part};
use crate::units::{Blocks, LegIndex, Tokens};
use std::ops::Range;

/// What a request holds: blocks with names, then blocks that could have them, then such as have none, then one that is not full.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Blocks with names.
    pub pieces: Vec<Piece>,
    /// How many these are.
    pub named: Blocks,
    /// Full blocks behind them that belong to the request alone, and whose names nothing refers to.
    pub unnamed: Blocks,
    /// Full blocks without a name behind these.
    pub nameless: Blocks,
    /// Tokens in the last block, if it is not full.
    pub fill: Tokens,
    /// Offset of the first of these.
    pub start: Tokens,
    /// Whether nothing refers to a name of what belongs to the request alone.
    pub is_unknown: bool,
    /// Blocks that were in the store when blocks were last copied.
    pub copied: Blocks,
    /// Offset of the token that is stored next.
    pub next: Tokens,
    /// Tokens in its blocks.
    pub stored: Tokens,
    /// Length of the group's prefix in its prompt.
    pub prefix: Tokens,
}

impl Held {
    /// Its blocks.
    pub const fn len(&self) -> Blocks {
        self.full() + (self.fill > 0) as Blocks
    }

    /// Those that are full.
    const fn full(&self) -> Blocks {
        self.named + self.unnamed + self.nameless
    }

    /// Those that a step copies.
    pub fn with_names(&self) -> Blocks {
        (self.named + self.unnamed).max(self.copied)
    }
}

/// Whose tokens are stored: the prompt, and the tokens of it that are those of the group.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The prompt.
    pub prompt: Prompt,
    /// Length of the group's prefix.
    pub prefix: Tokens,
}

/// A stretch of a chain in a prompt.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChainStretch {
    /// The chain.
    pub chain: Chain,
    /// The position at which it begins.
    pub begin: Blocks,
    /// The position behind its last one.
    pub end: Blocks,
}

impl KvCache {
    /// The chain that a position of a prompt and its answer lies in.
    pub(super) fn chain_at(&self, tier: &Tier, prompt: &Prompt, position: Blocks) -> ChainStretch {
        let mut begin = 0;
        let goes_on = prompt.context.grows();
        if prompt.input > 0 && (goes_on || position < prompt.shared_blocks) {
            for stretch in self.runs.stretches(prompt.path) {
                let end = if goes_on { stretch.end } else { stretch.end.min(prompt.shared_blocks) };
                if position < end {
                    return ChainStretch { chain: stretch.run, begin, end };
                }
                begin = end;
            }
        }
        let begin = if goes_on { begin } else { prompt.shared_blocks };
        ChainStretch { chain: tier.chains.own(prompt.request), begin, end: Blocks::MAX }
    }

    /// The stream that a block belongs to whose first token has this offset (sessions chapter, S-3; traces chapter, TR-3).
    pub(super) fn stream(&self, tier: &Tier, asker: &Asker, start: Tokens) -> Chain {
        let Asker { prompt, prefix } = asker;
        let size = self.block_size;
        if size.remainder(start) == 0 && prompt.input > 0 {
            return self.chain_at(tier, prompt, size.full(start)).chain;
        }
        let end = start.saturating_add(size.tokens());
        let path = prompt.path;
        let stretches = self.runs.stretches(path);
        let by_accident = size.full(start) == size.full(*prefix) && size.full(start) < prompt.shared_blocks;
        let of_prompt = end <= prompt.input;
        let node = || self.runs.node_of_token(prompt.request.get(), prompt.input, end - 1);
        let shared = if prompt.input == 0 {
            // The first token of its answer is stored twice: these blocks are like no others.
            None
        } else if let Some(node) = of_prompt.then(node).flatten() {
            // A block of a tree belongs where its last token does.
            Some(OF_TREE | node)
        } else if end <= *prefix && !stretches.is_empty() {
            Some(stretches[0].run)
        } else if prompt.context.grows() {
            self.runs.run_of_token(path, end - 1)
        } else if of_prompt && by_accident {
            // Further tokens that requests of a group share by accident.
            stretches.last().map(|stretch| stretch.run)
        } else {
            None
        };
        shared.unwrap_or_else(|| tier.chains.own(prompt.request))
    }

    /// The name of the last full block that a request holds.
    pub(super) fn last_name(&self, tier: &Tier, request: LegIndex, held: &Held) -> Name {
        if held.nameless > 0 {
            return NAMELESS;
        }
        if held.unnamed > 0 {
            return Name { chain: tier.chains.own(request), at: held.named + held.unnamed - 1 };
        }
        held.pieces.last().map_or(NAMELESS, |&piece| {
            let (chain, _, to) = self.shared.place_of_piece(piece);
            Name { chain, at: to - 1 }
        })
    }

    /// The blocks behind those that a request holds, `count` of them, have been filled with the tokens from offset `start` on: gives them
    /// their names. `taken`: how many the request has already; the others are taken.
    pub(super) fn name_blocks(
        &mut self,
        tier: &mut Tier,
        asker: &Asker,
        held: &mut Held,
        mut start: Tokens,
        mut count: Blocks,
        mut taken: Blocks,
    ) {
        let size = self.block_size;
        let prompt = &asker.prompt;
        while count > 0 {
            let before = self.last_name(tier, prompt.request, held);
            let stream = self.stream(tier, asker, start);
            let name = tier.chains.name(before, stream, start);
            let mut part = Part { chain: name.chain, from: name.at, to: name.at + 1 };
            let mut begin = 0;
            if tier.chains.is_natural(name.chain) {
                let stretch = self.chain_at(tier, prompt, name.at);
                if stretch.chain == name.chain {
                    begin = stretch.begin;
                    part.to = stretch.end.min(name.at.saturating_add(count));
                }
                let is_own = name.chain == tier.chains.own(prompt.request);
                if is_own && held.is_unknown && name.at == held.full() {
                    self.take(count - taken.min(count));
                    held.unnamed += count;
                    return;
                }
            }
            if held.unnamed > 0 {
                self.name_own(tier, prompt.request, held);
            }
            self.register(&part, begin, &mut taken, &mut held.pieces);
            let blocks = part.to - part.from;
            held.named += blocks;
            count -= blocks;
            start = start.saturating_add(blocks * size.tokens());
        }
    }

    /// Gives blocks their keys, of which the request has the first `taken`.
    fn register(&mut self, part: &Part, begin: Blocks, taken: &mut Blocks, pieces: &mut Vec<Piece>) {
        let Part { chain, from, to } = *part;
        if self.shared.is_clear(chain, begin, from) {
            let had = (*taken).min(to - from);
            *taken -= had;
            self.take(to - from - had);
            self.shared.register(chain, begin, from, to, pieces);
        } else {
            // Pops and registrations alternate: a pop may delete the key that was registered just before.
            for at in from..to {
                let had = (*taken).min(1);
                *taken -= had;
                self.take(1 - had);
                self.shared.lose(chain, at, at + 1, &mut self.free);
                self.shared.register(chain, begin, at, at + 1, pieces);
            }
        }
        self.version += 1;
    }

    /// The names of some of the blocks that a request holds, as far as they are known.
    pub(super) fn parts(&self, held: &Held, blocks: Range<Blocks>, parts: &mut Vec<Part>) {
        let first_part = parts.len();
        let mut before: Blocks = 0;
        for &piece in &held.pieces {
            let (chain, first, end) = self.shared.place_of_piece(piece);
            let count = end - first;
            let (from, to) =
                (blocks.start.max(before) - before, blocks.end.min(before + count).max(before) - before);
            before += count;
            if from >= to || chain == BLANK {
                continue;
            }
            let part = Part { chain, from: first + from, to: first + to };
            match parts[first_part..].last_mut() {
                Some(last) if (last.chain, last.to) == (chain, part.from) => last.to = part.to,
                _ => parts.push(part),
            }
        }
    }

    /// The last block that a request holds stays as it is, though it is not full: others come behind it.
    pub(super) fn leave_blank(&mut self, tier: &mut Tier, held: &mut Held) {
        if held.fill > 0 {
            held.fill = 0;
            held.named += 1;
            self.shared.register(BLANK, 0, tier.blanks, tier.blanks + 1, &mut held.pieces);
            tier.blanks += 1;
        }
    }

    /// Gives those blocks of a request their names that belong to it alone.
    pub(super) fn name_own(&mut self, tier: &mut Tier, request: LegIndex, held: &mut Held) {
        held.is_unknown = false;
        let (from, to) = (held.named, held.named + held.unnamed);
        if from == to {
            return;
        }
        let chain = tier.chains.own(request);
        self.shared.register(chain, from, from, to, &mut held.pieces);
        self.version += 1;
        (held.named, held.unnamed) = (to, 0);
        if held.copied > from && !tier.store.explicit {
            tier.store.make_known(Part { chain, from, to: held.copied.min(to) });
        }
    }

    /// Whether anything refers to the name of the block that the next tokens of a request fill. If not, nothing does to those behind it.
    pub fn knows_next_name(&self, prompt: &Prompt) -> bool {
        let Some(tier) = self.tier().filter(|_| self.names_answers()) else { return false };
        let Some(held) = tier.held.get(prompt.request) else { return false };
        let before = self.last_name(tier, prompt.request, held);
        let start = if held.fill > 0 { held.start } else { held.next };
        let stream = self.stream(tier, &Asker { prompt: *prompt, prefix: held.prefix }, start);
        let Some(name) = tier.chains.find(before, stream, start) else { return false };
        let natural = tier.chains.is_natural(name.chain);
        let begin = if natural { self.chain_at(tier, prompt, name.at).begin } else { 0 };
        !self.shared.is_clear(name.chain, begin, name.at) || tier.store.reaches(name.chain, name.at)
    }

    /// Names what a running request has filled since it was last looked at, until it has `stored` tokens. `copied`: whether all of it
    /// has been copied and counted.
    pub(super) fn catch_up_in(
        &mut self,
        tier: &mut Tier,
        prompt: &Prompt,
        held: &mut Held,
        stored: Tokens,
        copied: bool,
    ) {
        if held.stored >= stored {
            return;
        }
        let asker = &Asker { prompt: *prompt, prefix: held.prefix };
        let size = self.block_size;
        let (before, all_before) = (held.named, held.named + held.unnamed);
        let mut new = stored - held.stored;
        if size.remainder(held.stored) == 0 {
            self.leave_blank(tier, held);
        }
        held.stored = stored;
        if held.fill > 0 {
            let added = new.min(size.tokens() - held.fill);
            held.fill += added;
            held.next += added;
            new -= added;
            if held.fill == size.tokens() {
                held.fill = 0;
                let start = held.start;
                self.name_blocks(tier, asker, held, start, 1, 1);
            }
        }
        let full = size.full(new);
        let start = held.next;
        held.next += new;
        if size.tokens() == 1 {
            // A token that opens a block gives it no name, even if it fills it.
            held.nameless += full;
        } else if new > 0 {
            self.name_blocks(tier, asker, held, start, full, full);
            held.fill = new - full * size.tokens();
            held.start = start + full * size.tokens();
        }
        if copied && !tier.store.explicit && held.named + held.unnamed > all_before.max(held.copied) {
            let known = held.copied.max(before);
            held.copied = held.named + held.unnamed;
            if known < held.named {
                let mut parts = std::mem::take(&mut tier.parts);
                self.parts(held, known..held.named, &mut parts);
                for part in parts.drain(..) {
                    tier.store.make_known(part);
                }
                tier.parts = parts;
            }
        }
    }

    /// Gives all blocks of a request back, the last first (KV-5.4). `comes_back`: whether it may be looked up again: only then what
    /// belongs to it alone keeps its names.
    pub(super) fn release_held(
        &mut self,
        tier: &mut Tier,
        request: LegIndex,
        (slot, mut held): (u32, Held),
        order: Option<u64>,
        comes_back: bool,
    ) {
        if comes_back {
            self.name_own(tier, request, &mut held);
        }
        tier.changed = true;
        if let Some(order) = order
            && held.copied > 0
            && !tier.store.explicit
        {
            let mut parts = std::mem::take(&mut tier.parts);
            self.parts(&held, 0..held.copied, &mut parts);
            tier.store.leave(order, &parts, u64::from(held.copied.saturating_sub(held.named)));
            parts.clear();
            tier.parts = parts;
        }
        self.free.push_plain(held.len() - held.named);
        let own = tier.chains.own(request);
        let asked_for = |chain: Chain| chain != BLANK && (comes_back || tier.chains.stream(chain) != own);
        self.shared.give_back(&mut held.pieces, &mut self.free, asked_for);
        tier.held.end(request, slot, held);
        self.version += 1;
    }
}
