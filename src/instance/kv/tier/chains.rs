//! What identifies a full block where there is a CPU tier (KV tiers chapter, T-6): the name of the block before it, the stream that
//! its tokens come from, and the offset of its first token there.
//!
//! Nearly all names go on from each other: a *chain*, in which a number is enough. The chain of a shared run, and that of what belongs to
//! a request alone, have each block at its position in the prompt; nothing else has such a name. Blocks that are out of place begin chains of
//! their own, one for each name that they go on from, stream and offset.

use super::super::shared_blocks::RunHasher;
use crate::units::{Blocks, LegIndex, Tokens};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A chain. Shared runs have the first numbers, then follow the requests; those of blocks out of place are numbered from the last one down.
pub type Chain = u32;

/// A name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The chain.
    pub chain: Chain,
    /// The place in it.
    pub at: Blocks,
}

/// No name.
pub const NAMELESS: Name = Name { chain: u32::MAX, at: 0 };

/// The chain of blocks without a name among others that have some: no lookup asks for them, and no step copies them.
pub const BLANK: Chain = u32::MAX - 1;

/// The stream of blocks out of place whose last token lies in a node of the tree of hash ids, with that node's number.
pub const OF_TREE: Chain = 1 << 31;

/// The first number of a chain of blocks out of place.
const FIRST_ODD: Chain = BLANK - 1;

/// Names that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Their chain.
    pub chain: Chain,
    /// The first place.
    pub from: Blocks,
    /// The place behind the last.
    pub to: Blocks,
}

impl Part {
    /// How many names they are.
    pub const fn len(&self) -> u64 {
        (self.to - self.from) as u64
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    parent: Name,
    stream: Chain,
    start: Tokens,
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for word in [self.parent.chain, self.parent.at, self.stream, self.start] {
            state.write_u32(word);
        }
    }
}

/// All chains.
#[derive(Clone, Debug)]
pub struct Chains {
    block_size: Tokens,
    /// Number of shared runs.
    runs: u32,
    /// Those of blocks out of place.
    odd: Vec<Key>,
    /// Asked for single chains, never iterated.
    by_key: HashMap<Key, Chain, BuildHasherDefault<RunHasher>>,
}

impl Chains {
    /// The chains of so many shared runs, and of requests, for blocks of this size.
    pub fn new(runs: u32, block_size: Tokens) -> Self {
        Self { block_size, runs, odd: Vec::new(), by_key: HashMap::default() }
    }

    /// The chain of what belongs to a request alone.
    pub const fn own(&self, request: LegIndex) -> Chain {
        self.runs + request.get()
    }

    /// The chain of blocks out of place, if it is one.
    fn odd(&self, chain: Chain) -> Option<&Key> {
        self.odd.get(FIRST_ODD.checked_sub(chain)? as usize)
    }

    /// Whether each block of the chain is at its position in the prompt.
    pub fn is_natural(&self, chain: Chain) -> bool {
        chain < BLANK && self.odd(chain).is_none()
    }

    /// The stream of a chain.
    pub fn stream(&self, chain: Chain) -> Chain {
        self.odd(chain).map_or(chain, |key| key.stream)
    }

    /// The name of a block that goes on from another one, if there has ever been one.
    pub fn find(&self, parent: Name, stream: Chain, start: Tokens) -> Option<Name> {
        if let Some(name) = self.next(parent, stream, start) {
            return Some(name);
        }
        self.by_key.get(&Key { parent, stream, start }).map(|&chain| Name { chain, at: 0 })
    }

    /// The name of a block that goes on from another one.
    pub fn name(&mut self, parent: Name, stream: Chain, start: Tokens) -> Name {
        if let Some(name) = self.find(parent, stream, start) {
            return name;
        }
        let key = Key { parent, stream, start };
        let chain = FIRST_ODD - self.odd.len() as u32;
        self.odd.push(key);
        self.by_key.insert(key, chain);
        Name { chain, at: 0 }
    }

    /// The name, if it is the next one of a chain.
    fn next(&self, parent: Name, stream: Chain, start: Tokens) -> Option<Name> {
        if parent == NAMELESS {
            return (start == 0).then_some(Name { chain: stream, at: 0 });
        }
        let at = parent.at + 1;
        match self.odd(parent.chain) {
            None => (u64::from(at) * u64::from(self.block_size) == u64::from(start))
                .then_some(Name { chain: stream, at }),
            Some(key) => {
                let expected = u64::from(key.start) + u64::from(at) * u64::from(self.block_size);
                (key.stream == stream && expected == u64::from(start))
                    .then_some(Name { chain: parent.chain, at })
            }
        }
    }
}
