//! What identifies a full block where there is a CPU tier (KV tiers chapter, T-6): the name of the block before it, the stream that
//! its tokens come from, and the offset of its first token there.
//!
//! A name is a number as long as anything refers to it: a block that carries it, the CPU store, or a name that goes on from it.

use super::super::shared_blocks::RunHasher;
use crate::units::{Blocks, LegIndex, Tokens, index_type};
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};

index_type! {
    /// A name.
    internal NameIndex
}

index_type! {
    /// The place of a block among those that are told apart.
    internal BlockIndex
}

/// No name.
pub const NAMELESS: NameIndex = NameIndex::new(u32::MAX);

/// No block.
pub const NO_BLOCK: BlockIndex = BlockIndex::new(u32::MAX);

/// Where tokens come from: a shared run, or one request alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream(u64);

impl Stream {
    /// A run that prompts share.
    pub const fn run(run: u32) -> Self {
        Self(run as u64)
    }

    /// What belongs to a request alone.
    pub const fn own(request: LegIndex) -> Self {
        Self(1 << 32 | request.get() as u64)
    }

    /// The run, if it is shared.
    pub const fn shared(self) -> Option<u32> {
        if self.0 >> 32 == 0 { Some(self.0 as u32) } else { None }
    }
}

/// Where the CPU store has a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stored {
    /// Nowhere.
    #[default]
    Not,
    /// In its list.
    Listed,
    /// Among those of the running batch, which have no places of their own.
    Batch,
}

/// A name.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// The name of the block before, or none.
    pub parent: NameIndex,
    /// The stream.
    pub stream: Stream,
    /// Offset of the first token.
    pub start: Tokens,
    /// Whether it is the name of its position in every prompt that has it: nothing before is missing or out of place.
    pub natural: bool,
    /// The block to which the index leads.
    pub block: BlockIndex,
    /// What refers to it.
    references: u32,
    /// Where the CPU store has it.
    pub stored: Stored,
    /// Running requests whose blocks had this name when blocks were last copied.
    pub holders: u32,
    /// The next older one in the store's list.
    pub older: NameIndex,
    /// The next newer one.
    pub newer: NameIndex,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Key(NameIndex, Stream, Tokens);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self(parent, Stream(stream), start) = *self;
        for word in [parent.get(), stream as u32, (stream >> 32) as u32 ^ start] {
            state.write_u32(word);
        }
    }
}

/// The natural names of one stream by position, from the first one that is known.
#[derive(Clone, Debug, Default)]
struct Chain {
    from: Blocks,
    names: VecDeque<NameIndex>,
}

/// All names. The maps are asked for single entries, never iterated.
#[derive(Clone, Default)]
pub struct Names {
    entries: Vec<Name>,
    vacant: Vec<NameIndex>,
    by_key: HashMap<Key, NameIndex, BuildHasherDefault<RunHasher>>,
    chains: HashMap<u64, Chain, BuildHasherDefault<StreamHasher>>,
    block_size: Tokens,
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Names").field("entries", &self.entries).finish_non_exhaustive()
    }
}

/// Spreads the numbers of streams.
#[derive(Clone, Debug, Default)]
pub struct StreamHasher(RunHasher);

impl Hasher for StreamHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0.write_u32(number as u32);
        self.0.write_u32((number >> 32) as u32);
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

impl Names {
    /// No names, of blocks of this size.
    pub fn new(block_size: Tokens) -> Self {
        Self { block_size, ..Self::default() }
    }

    /// A name.
    #[inline]
    pub fn get(&self, name: NameIndex) -> &Name {
        &self.entries[name]
    }

    /// A name.
    #[inline]
    pub fn get_mut(&mut self, name: NameIndex) -> &mut Name {
        &mut self.entries[name]
    }

    /// The name with these parts, if anything refers to it.
    pub fn find(&self, parent: NameIndex, stream: Stream, start: Tokens) -> Option<NameIndex> {
        self.by_key.get(&Key(parent, stream, start)).copied()
    }

    /// The name with these parts, and one more reference to it.
    pub fn refer(&mut self, parent: NameIndex, stream: Stream, start: Tokens) -> NameIndex {
        if let Some(name) = self.find(parent, stream, start) {
            self.entries[name].references += 1;
            return name;
        }
        let natural = match parent {
            NAMELESS => start == 0,
            parent => {
                let before = &mut self.entries[parent];
                before.references += 1;
                before.natural && before.start + self.block_size == start
            }
        };
        let name = Name {
            parent,
            stream,
            start,
            natural,
            block: NO_BLOCK,
            references: 1,
            stored: Stored::Not,
            holders: 0,
            older: NAMELESS,
            newer: NAMELESS,
        };
        let at = if let Some(at) = self.vacant.pop() {
            self.entries[at] = name;
            at
        } else {
            self.entries.push(name);
            NameIndex::from_index(self.entries.len() - 1)
        };
        self.by_key.insert(Key(parent, stream, start), at);
        if natural {
            self.chain(stream, start / self.block_size, at);
        }
        at
    }

    /// One more reference to a name.
    #[inline]
    pub fn keep(&mut self, name: NameIndex) {
        self.entries[name].references += 1;
    }

    /// One reference less; without any the name goes, and what it kept.
    pub fn drop(&mut self, mut name: NameIndex) {
        while name != NAMELESS {
            let gone = &mut self.entries[name];
            gone.references -= 1;
            if gone.references > 0 {
                return;
            }
            let Name { parent, stream, start, natural, .. } = *gone;
            self.by_key.remove(&Key(parent, stream, start));
            if natural {
                self.unchain(stream, start / self.block_size);
            }
            self.vacant.push(name);
            name = parent;
        }
    }

    /// Calls `visit` with the natural names from a position on, as long as it wants to go on and there are any.
    pub fn walk(&self, stream: Stream, from: Blocks, mut visit: impl FnMut(NameIndex, &Name) -> bool) {
        let Some(chain) = self.chains.get(&stream.0) else { return };
        let Some(first) = from.checked_sub(chain.from) else { return };
        for &name in chain.names.iter().skip(first as usize) {
            if name == NAMELESS || !visit(name, &self.entries[name]) {
                return;
            }
        }
    }

    fn chain(&mut self, stream: Stream, position: Blocks, name: NameIndex) {
        let chain = self.chains.entry(stream.0).or_default();
        if chain.names.is_empty() {
            chain.from = position;
        }
        while chain.from > position {
            chain.names.push_front(NAMELESS);
            chain.from -= 1;
        }
        let at = (position - chain.from) as usize;
        while chain.names.len() <= at {
            chain.names.push_back(NAMELESS);
        }
        chain.names[at] = name;
    }

    fn unchain(&mut self, stream: Stream, position: Blocks) {
        let Some(chain) = self.chains.get_mut(&stream.0) else { return };
        chain.names[(position - chain.from) as usize] = NAMELESS;
        while chain.names.back() == Some(&NAMELESS) {
            chain.names.pop_back();
        }
        while chain.names.front() == Some(&NAMELESS) {
            chain.names.pop_front();
            chain.from += 1;
        }
        if chain.names.is_empty() {
            self.chains.remove(&stream.0);
        }
    }
}
