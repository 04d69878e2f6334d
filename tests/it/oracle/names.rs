//! What identifies full blocks: (parent, stream, start) (sessions chapter, S-3; tiers chapter, T-6; KV-10, N-15, TR-3).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A name: equal numbers for equal triples.
pub type Name = u32;

/// Where the tokens of a block come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    Group(u32),
    /// A conversation, and how often it had been compacted when its last token there came: that says which tokens come before.
    Session(u32, u32),
    /// Nobody else's tokens.
    Request(usize),
    /// The first tokens of their own that requests of a group have behind the prefix (N-15).
    Equal(Option<u32>, u64),
    /// The id of the hash block that holds the last token (TR-3).
    Hashed(u64),
}

/// The name before it, the stream, and the offset of the first token.
type Triple = (Option<Name>, Stream, u32);

/// All names of a run, whatever the instance.
#[derive(Clone, Debug, Default)]
pub struct Names(Rc<RefCell<BTreeMap<Triple, Name>>>);

impl Names {
    pub fn of(&self, parent: Option<Name>, stream: Stream, start: u32) -> Name {
        let mut names = self.0.borrow_mut();
        let next = names.len() as Name;
        *names.entry((parent, stream, start)).or_insert(next)
    }
}

/// The tokens of a request, prompt and answer, as the cache sees them.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub request: usize,
    /// Tokens of the prompt.
    pub prompt: u32,
    pub group: Option<u32>,
    pub prefix: u32,
    /// The tokens of its own in the block where the prefix ends, if they have to be known; else 0.
    pub own_start: u64,
    /// The ids of its hash blocks, if it has some, and how many tokens such a block has.
    pub hash_ids: Vec<u64>,
    pub hash_block: u32,
    /// The conversation, if its prompts grow.
    pub conversation: Option<Growing>,
}

/// A round of a conversation whose prompts grow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growing {
    pub session: u32,
    /// How many tokens of the answer the next round repeats: g of S-3.
    pub repeated: u32,
    /// From which offset on tokens are said since the conversation was compacted for the n-th time, n = 1, 2, …
    pub compacted: Vec<(u32, u32)>,
}

impl Growing {
    pub fn new(session: u32, repeated: u32) -> Self {
        Self { session, repeated, compacted: Vec::new() }
    }

    /// The number of the stretch of the conversation that the token at an offset is in.
    fn stretch(&self, offset: u32) -> u32 {
        self.compacted.iter().rev().find(|&&(from, _)| from <= offset).map_or(0, |&(_, number)| number)
    }
}

impl Tokens {
    /// Tokens that nobody shares.
    pub fn own(request: usize, prompt: u32) -> Self {
        let (hash_ids, hash_block) = (Vec::new(), 1);
        Self {
            request,
            prompt,
            group: None,
            prefix: 0,
            own_start: 0,
            hash_ids,
            hash_block,
            conversation: None,
        }
    }

    /// Where the tokens [start, start + block size) come from.
    fn stream(&self, start: u32, block_size: u32) -> Stream {
        let end = start + block_size;
        if end <= self.prompt && !self.hash_ids.is_empty() {
            return Stream::Hashed(self.hash_ids[((end - 1) / self.hash_block) as usize]);
        }
        if let Some(group) = self.group
            && end <= self.prefix
        {
            return Stream::Group(group);
        }
        if self.own_start > 0 && end <= self.prompt && start / block_size == self.prefix / block_size {
            return Stream::Equal(self.group, self.own_start);
        }
        match &self.conversation {
            // Behind an empty prompt the first token is stored twice (KV-5.5): that is no conversation.
            Some(growing) if self.prompt > 0 && end <= self.prompt + growing.repeated => {
                Stream::Session(growing.session, growing.stretch(end - 1))
            }
            _ => Stream::Request(self.request),
        }
    }

    /// The name of a full block with its first token at `start`.
    pub fn name(&self, names: &Names, parent: Option<Name>, start: u32, block_size: u32) -> Name {
        names.of(parent, self.stream(start, block_size), start)
    }

    /// The names that a lookup asks for, one after the other.
    pub fn prompt_names(&self, names: &Names, block_size: u32) -> Vec<Name> {
        let mut parent = None;
        let positions = 0..self.prompt / block_size;
        positions
            .map(|position| {
                let name = self.name(names, parent, position * block_size, block_size);
                parent = Some(name);
                name
            })
            .collect()
    }
}
