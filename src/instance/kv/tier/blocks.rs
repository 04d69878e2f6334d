//! The GPU's blocks one by one (kv-cache chapter, KV-2 to KV-5): where there is a CPU tier, it matters which block is which.
//!
//! Told apart are blocks that a request holds and free ones with a name that somebody may still ask for. All others are counted, in
//! the free list of the cache. What a running request generates is stored in blocks that are counted as well, until somebody
//! wants to know: [`KvCache::catch_up`].

use super::super::free_list::{Entry, NIL, NodeIndex};
use super::super::{KvCache, Prompt};
use super::Tier;
use super::names::{BlockIndex, NAMELESS, NO_BLOCK, NameIndex, Stored, Stream};
use super::store::Store;
use crate::units::{LegIndex, Tokens};

/// A block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Requests that hold it.
    pub users: u32,
    /// Tokens stored.
    pub fill: Tokens,
    /// Offset of the first of them in prompt and answer.
    pub start: Tokens,
    /// Its name, once it is full.
    pub name: NameIndex,
    /// Its place in the free list, if nobody holds it.
    pub node: NodeIndex,
}

impl Block {
    /// One that a request holds, with nothing in it.
    pub const TAKEN: Self = Self { users: 1, fill: 0, start: 0, name: NAMELESS, node: NIL };
}

/// What a request holds.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Its blocks.
    pub blocks: Vec<BlockIndex>,
    /// Those that were in the store when blocks were last copied.
    pub copied: usize,
    /// Offset of the token that is stored next.
    pub next: Tokens,
    /// Tokens in its blocks, if all but the last are full.
    pub stored: Tokens,
    /// Length of the group's prefix in its prompt.
    pub prefix: Tokens,
}

/// Whose tokens are stored: the prompt, and the tokens of it that are those of the group.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The prompt.
    pub prompt: Prompt,
    /// Length of the group's prefix.
    pub prefix: Tokens,
}

impl Tier {
    /// A block.
    pub(super) fn block(&self, at: BlockIndex) -> &Block {
        &self.blocks[at]
    }

    /// A place for a block that a request takes.
    pub(super) fn place(&mut self, block: Block) -> BlockIndex {
        if let Some(at) = self.vacant.pop() {
            self.blocks[at] = block;
            return at;
        }
        self.blocks.push(block);
        BlockIndex::from_index(self.blocks.len() - 1)
    }

    /// The name of the last block of a list.
    pub(super) fn last_name(&self, list: &[BlockIndex]) -> NameIndex {
        list.last().map_or(NAMELESS, |&block| self.blocks[block].name)
    }

    /// What a request holds.
    pub(super) fn held(&self, request: LegIndex) -> &[BlockIndex] {
        self.held.get(&request).map_or(&[], |held| &held.blocks)
    }
}

impl KvCache {
    /// The stream that a block belongs to whose first token has this offset (sessions chapter, S-3).
    pub(super) fn stream(&self, asker: &Asker, start: Tokens) -> Stream {
        let Asker { prompt, prefix } = asker;
        let size = self.block_size;
        let end = start.saturating_add(size.tokens());
        let own = Stream::own(prompt.request);
        let stretches = self.runs.stretches(prompt.path);
        let at = |position: u32| stretches.iter().find(|stretch| position < stretch.end);
        let shared = if prompt.input == 0 {
            // The first token of its answer is stored twice: these blocks are like no others.
            None
        } else if prompt.context.grows() {
            let in_group = stretches.len() > 1 && end <= *prefix;
            if in_group { stretches.first() } else { at(size.full(end - 1)) }
        } else if size.remainder(start) == 0 {
            at(size.full(start)).filter(|_| size.full(start) < prompt.shared_blocks)
        } else if *prefix > 0 {
            at(size.full(start)).filter(|_| end <= *prefix)
        } else {
            // A block of a tree belongs where its last token does.
            at(size.full(end - 1)).filter(|_| size.full(end - 1) < prompt.shared_blocks)
        };
        shared.map_or(own, |stretch| Stream::run(stretch.run))
    }

    /// The blocks found at the start of a prompt (KV-4).
    pub(super) fn find(&self, tier: &Tier, prompt: &Prompt) -> Vec<BlockIndex> {
        let mut list = Vec::new();
        let mut begin = 0;
        let mut take = |stream: Stream, to: u32| {
            let from = begin;
            tier.names.walk(stream, from, |_, name| {
                let there = begin < to && name.block != NO_BLOCK;
                if there {
                    list.push(name.block);
                    begin += 1;
                }
                there
            });
            begin == to
        };
        let shared = prompt.shared_blocks;
        let mut complete = true;
        for stretch in self.runs.stretches(prompt.path) {
            if !complete || shared == 0 {
                break;
            }
            let end = stretch.end.min(shared);
            complete = take(Stream::run(stretch.run), end);
            if end == shared {
                break;
            }
        }
        if complete {
            take(Stream::own(prompt.request), self.block_size.full(prompt.input));
        }
        list
    }

    /// The index leads from a name to a block.
    pub(super) fn register(&mut self, tier: &mut Tier, name: NameIndex, block: BlockIndex) {
        tier.names.get_mut(name).block = block;
        self.version += 1;
        let entry = *tier.names.get(name);
        let Some(run) = entry.stream.shared().filter(|_| entry.natural) else { return };
        let position = self.block_size.full(entry.start);
        let begins = entry.parent == NAMELESS || tier.names.get(entry.parent).stream != entry.stream;
        if begins || self.shared.up_to(run) == position {
            let mut up_to = position;
            tier.names.walk(entry.stream, position, |_, name| {
                let there = name.block != NO_BLOCK;
                up_to += u32::from(there);
                there
            });
            self.shared.set_up_to(run, up_to);
        }
    }

    /// The index leads from a name nowhere any more.
    pub(super) fn unregister(&mut self, tier: &mut Tier, name: NameIndex) {
        if name == NAMELESS {
            return;
        }
        self.version += 1;
        let entry = tier.names.get_mut(name);
        entry.block = NO_BLOCK;
        let entry = *entry;
        if let Some(run) = entry.stream.shared().filter(|_| entry.natural) {
            let position = self.block_size.full(entry.start);
            if self.shared.up_to(run) > position {
                let begins = entry.parent == NAMELESS || tier.names.get(entry.parent).stream != entry.stream;
                self.shared.set_up_to(run, if begins { 0 } else { position });
            }
        }
    }

    /// Takes the block at the head of the free list, without its name (KV-5.3).
    pub(super) fn pop(&mut self, tier: &mut Tier) -> BlockIndex {
        let fresh = Block { users: 0, fill: 0, start: 0, name: NAMELESS, node: NIL };
        match self.free.pop(1) {
            Entry::Private(block, _) => {
                let at = BlockIndex::new(block);
                self.forget_name(tier, at);
                tier.blocks[at] = fresh;
                at
            }
            Entry::Plain(_) | Entry::Shared(..) => tier.place(fresh),
        }
    }

    /// The content of a block goes: its name leads nowhere, even if it led to another block.
    pub(super) fn forget_name(&mut self, tier: &mut Tier, at: BlockIndex) {
        let name = tier.blocks[at].name;
        self.unregister(tier, name);
        tier.blocks[at].name = NAMELESS;
        tier.names.drop(name);
    }

    /// A block that a running request takes for tokens has been recycled, and is counted from now on.
    pub(in crate::instance::kv) fn recycle(&mut self, block: u32) {
        self.with(|kv, tier| {
            let at = BlockIndex::new(block);
            kv.forget_name(tier, at);
            tier.vacant.push(at);
        });
    }

    /// A block of these tokens is full: it gets its name, which goes on from that of the block before.
    pub(super) fn name_block(&mut self, tier: &mut Tier, asker: &Asker, before: NameIndex, at: BlockIndex) {
        let start = tier.blocks[at].start;
        let stream = self.stream(asker, start);
        let name = tier.names.refer(before, stream, start);
        tier.blocks[at].name = name;
        self.register(tier, name, at);
    }

    /// Whether anything refers to the name of the block that the next tokens of a request fill. If not, nothing does to those behind it.
    pub fn knows_next_name(&self, prompt: &Prompt) -> bool {
        let Some(tier) = self.tier().filter(|_| self.names_answers()) else { return false };
        let Some(held) = tier.held.get(&prompt.request) else { return false };
        let (before, start) = match held.blocks.split_last() {
            Some((&last, others)) if tier.block(last).fill < self.block_size.tokens() => {
                (tier.last_name(others), tier.block(last).start)
            }
            _ => (tier.last_name(&held.blocks), held.next),
        };
        let stream = self.stream(&Asker { prompt: *prompt, prefix: held.prefix }, start);
        tier.names.find(before, stream, start).is_some()
    }

    /// Names what a running request has filled since it was last looked at, until it has `stored` tokens. `copied`: whether all of it
    /// has been copied and counted.
    pub(super) fn catch_up_in(&mut self, tier: &mut Tier, prompt: &Prompt, stored: Tokens, copied: bool) {
        let Some(entry) = tier.held.get_mut(&prompt.request) else { return };
        if entry.stored >= stored {
            return;
        }
        let mut held = std::mem::take(entry);
        let asker = &Asker { prompt: *prompt, prefix: held.prefix };
        let size = self.block_size.tokens();
        let copied = copied && !tier.store.explicit;
        while held.stored < stored {
            let room = (size - self.block_size.remainder(held.stored)) % size;
            if room == 0 {
                let block = Block { start: held.next, ..Block::TAKEN };
                held.blocks.push(tier.place(block));
            }
            let added = (stored - held.stored).min(if room == 0 { size } else { room });
            let [.., last] = held.blocks[..] else { break };
            tier.blocks[last].fill += added;
            held.stored += added;
            held.next += added;
            // A token that opens a block gives it no name, even if it fills it.
            if tier.blocks[last].fill == size && size > 1 {
                let before = tier.last_name(&held.blocks[..held.blocks.len() - 1]);
                self.name_block(tier, asker, before, last);
                let name = tier.blocks[last].name;
                if copied && held.copied < held.blocks.len() {
                    held.copied = held.blocks.len();
                    if tier.names.get(name).stored == Stored::Not {
                        Store::make_known(&mut tier.names, name);
                    }
                }
            }
        }
        *tier.held_mut(prompt.request) = held;
    }

    /// Gives all blocks of a request back, the last first (KV-5.4). `comes_back`: whether it may be looked up again: only then what
    /// belongs to it alone keeps its names.
    pub(super) fn release_in(
        &mut self,
        tier: &mut Tier,
        request: LegIndex,
        order: Option<u64>,
        comes_back: bool,
    ) {
        let Some(held) = tier.held.remove(&request) else { return };
        tier.changed = true;
        let copied: Vec<NameIndex> = tier.names_of(&held.blocks[..held.copied]).collect();
        if let Some(order) = order
            && !copied.is_empty()
        {
            tier.store.leave(&mut tier.names, order, copied);
        }
        for &at in held.blocks.iter().rev() {
            let block = &mut tier.blocks[at];
            block.users -= 1;
            if block.users > 0 {
                continue;
            }
            let name = block.name;
            let asked_for =
                name != NAMELESS && (comes_back || tier.names.get(name).stream != Stream::own(request));
            if asked_for {
                tier.blocks[at].node = self.free.push_keyed(Entry::Private(at.get(), 0));
            } else {
                if name != NAMELESS {
                    self.forget_name(tier, at);
                }
                tier.vacant.push(at);
                self.free.push_plain(1);
            }
        }
        self.version += 1;
    }
}

impl Tier {
    /// The names of blocks.
    pub(super) fn names_of<'a>(&'a self, blocks: &'a [BlockIndex]) -> impl Iterator<Item = NameIndex> + 'a {
        blocks.iter().map(|&at| self.blocks[at].name).filter(|&name| name != NAMELESS)
    }
}
