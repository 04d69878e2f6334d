//! The free list: which block is recycled next (kv-cache chapter, KV-2 and KV-7).
//!
//! Blocks without a content key are interchangeable, so a stretch of them is one node with a count. So is a span of a shared
//! run, whose last block is recycled first. Blocks that a lookup may still find can leave from the middle.

use super::shared_blocks::SpanIndex;
use crate::units::index_type;

index_type! {
    /// The place of a node in the vector that holds the list.
    internal NodeIndex
}

/// No node.
pub const NIL: NodeIndex = NodeIndex::new(u32::MAX);

/// What a node of the list stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A number of interchangeable blocks without a key.
    Plain(u32),
    /// A number of blocks at the end of a span of a shared run.
    Shared(SpanIndex, u32),
    /// A full private block of an evicted request: the request's key table and the place in it.
    Private(u32, u32),
}

impl Entry {
    const fn blocks(self) -> u32 {
        match self {
            Self::Plain(blocks) | Self::Shared(_, blocks) => blocks,
            Self::Private(..) => 1,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    previous: NodeIndex,
    next: NodeIndex,
    entry: Entry,
}

/// A doubly linked list in a vector, head = recycled next, tail = released last.
#[derive(Clone, Debug)]
pub struct FreeList {
    nodes: Vec<Node>,
    vacant: Vec<NodeIndex>,
    head: NodeIndex,
    tail: NodeIndex,
    blocks: u32,
}

impl FreeList {
    /// A list of `blocks` blocks without keys.
    pub fn new(blocks: u32) -> Self {
        let mut list = Self { nodes: Vec::new(), vacant: Vec::new(), head: NIL, tail: NIL, blocks: 0 };
        list.push_plain(blocks);
        list
    }

    /// Number of free blocks.
    pub const fn len(&self) -> u32 {
        self.blocks
    }

    /// What is recycled next.
    pub fn head(&self) -> Option<Entry> {
        self.nodes.get(self.head.index()).map(|node| node.entry)
    }

    /// Number of blocks without a key at the head, before the first block with one.
    pub fn plain_at_head(&self) -> u32 {
        let mut count = 0;
        let mut at = self.head;
        while at != NIL {
            let node = self.nodes[at];
            match node.entry {
                Entry::Plain(n) => count += n,
                _ => break,
            }
            at = node.next;
        }
        count
    }

    /// Appends `count` blocks without a key to the tail.
    pub fn push_plain(&mut self, count: u32) {
        if count == 0 {
            return;
        }
        self.blocks += count;
        if self.tail != NIL
            && let Entry::Plain(n) = &mut self.nodes[self.tail].entry
        {
            *n += count;
            return;
        }
        self.append(Entry::Plain(count));
    }

    /// Appends blocks with keys to the tail and returns their node.
    pub fn push_keyed(&mut self, entry: Entry) -> NodeIndex {
        self.blocks += entry.blocks();
        self.append(entry)
    }

    /// Takes `wanted` blocks from the stretch without keys at the head; `false`, with nothing changed, if it is not
    /// longer than that.
    #[inline]
    pub fn take_plain(&mut self, wanted: u32) -> bool {
        match self.nodes.get_mut(self.head.index()) {
            Some(Node { entry: Entry::Plain(n), .. }) if *n > wanted => {
                *n -= wanted;
                self.blocks -= wanted;
                true
            }
            _ => false,
        }
    }

    /// Takes up to `wanted` blocks without a key or of one span, or a private one with a key, from the head. The caller
    /// guarantees that the list holds a block.
    pub fn pop(&mut self, wanted: u32) -> Entry {
        let node = &mut self.nodes[self.head];
        let entry = match &mut node.entry {
            Entry::Plain(n) if *n > wanted => {
                *n -= wanted;
                self.blocks -= wanted;
                return Entry::Plain(wanted);
            }
            Entry::Shared(span, n) if *n > wanted => {
                *n -= wanted;
                self.blocks -= wanted;
                return Entry::Shared(*span, wanted);
            }
            entry => *entry,
        };
        let head = self.head;
        self.blocks -= entry.blocks();
        self.unlink(head);
        entry
    }

    /// Removes blocks with keys from wherever they are.
    pub fn remove(&mut self, node: NodeIndex) {
        self.blocks -= self.nodes[node].entry.blocks();
        self.unlink(node);
    }

    /// Gives the blocks at the end of a span a node of their own, and returns it. They are recycled before the others, or `after` them.
    pub fn cut(&mut self, node: NodeIndex, end: Entry, after: bool) -> NodeIndex {
        if let Entry::Shared(_, n) = &mut self.nodes[node].entry {
            *n -= end.blocks();
        }
        let Node { previous, next, .. } = self.nodes[node];
        let (previous, next) = if after { (node, next) } else { (previous, node) };
        let at = self.place(Node { previous, next, entry: end });
        match previous {
            NIL => self.head = at,
            previous => self.nodes[previous].next = at,
        }
        match next {
            NIL => self.tail = at,
            next => self.nodes[next].previous = at,
        }
        at
    }

    fn append(&mut self, entry: Entry) -> NodeIndex {
        let at = self.place(Node { previous: self.tail, next: NIL, entry });
        match self.tail {
            NIL => self.head = at,
            tail => self.nodes[tail].next = at,
        }
        self.tail = at;
        at
    }

    fn place(&mut self, node: Node) -> NodeIndex {
        if let Some(at) = self.vacant.pop() {
            self.nodes[at] = node;
            return at;
        }
        self.nodes.push(node);
        NodeIndex::from_index(self.nodes.len() - 1)
    }

    fn unlink(&mut self, at: NodeIndex) {
        let Node { previous, next, .. } = self.nodes[at];
        match previous {
            NIL => self.head = next,
            previous => self.nodes[previous].next = next,
        }
        match next {
            NIL => self.tail = previous,
            next => self.nodes[next].previous = previous,
        }
        self.vacant.push(at);
    }
}
