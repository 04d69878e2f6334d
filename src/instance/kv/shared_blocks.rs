//! The blocks of shared runs that an instance holds, and which of them a lookup finds (kv-cache chapter, KV-2, KV-5 and KV-7).
//!
//! Blocks of one run that lie behind each other and that the same requests hold are one *span*: they are claimed, released and
//! recycled together. It is cut in two where that ends. A run of a thousand blocks thus costs no more than one block, as long
//! as nobody uses a part of it.

mod apart;

use super::free_list::{Entry, FreeList, NIL, NodeIndex};
use super::prompt_runs::Stretch;
use crate::units::{Blocks, index_type};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

index_type! {
    /// The place of a span in the vector that holds them.
    internal SpanIndex
}

/// No span.
const NO_SPAN: SpanIndex = SpanIndex::new(u32::MAX);

/// Physical blocks with the keys of a run from one position to another, alike in everything else.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Their run.
    pub run: u32,
    /// Position of the first in a prompt.
    pub from: Blocks,
    /// Position behind the last.
    pub to: Blocks,
    /// Requests holding them.
    users: u32,
    /// Their node in the free list, if `users` is 0.
    node: NodeIndex,
    /// Whether their keys lead to them. Else they lead to later blocks of the same content, or nowhere (KV-7.3).
    findable: bool,
    /// Whether the first of them is recycled first, while no request holds them: they have been brought back from a second tier.
    first_goes_first: bool,
    /// The next findable span of the run, by position.
    next: SpanIndex,
    /// The span that was cut off at the end while requests held this one. They hold that, too.
    cut_off: SpanIndex,
}

/// Blocks that a request holds: from where those before them end.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// The span that begins there; more follow if it has been cut since.
    pub span: SpanIndex,
    /// Position behind the last block.
    pub end: Blocks,
}

/// What an instance has of a run.
#[derive(Clone, Copy, Debug)]
struct RunState {
    /// The position up to which its blocks are findable without a gap; anything up to its beginning if not even its first is.
    up_to: Blocks,
    /// Physical blocks with its keys, findable or not.
    blocks: Blocks,
    /// The first findable span.
    head: SpanIndex,
}

const NOTHING: RunState = RunState { up_to: 0, blocks: 0, head: NO_SPAN };

/// A map from the runs of a tree. It is asked for single runs, never iterated, so that its order cannot influence a result.
pub type RunMap<T> = HashMap<u32, T, BuildHasherDefault<RunHasher>>;

/// Spreads the numbers of runs over the buckets of a table.
#[derive(Clone, Debug, Default)]
pub struct RunHasher(u64);

impl Hasher for RunHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(u32::from(byte));
        }
    }

    fn write_u32(&mut self, run: u32) {
        let product = (self.0 ^ u64::from(run)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ (product >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The blocks of shared runs.
#[derive(Clone, Debug)]
pub struct SharedBlocks {
    spans: Vec<Span>,
    vacant: Vec<SpanIndex>,
    /// Of the runs of prefix groups.
    of_groups: Vec<RunState>,
    /// Of those runs of the tree that have blocks here.
    of_tree: RunMap<RunState>,
    /// Runs of the tree whose findable blocks have changed, if anyone wants to know.
    changed: Option<Vec<u32>>,
    /// Number behind the last run of the tree. What is not a part of it has higher ones.
    tree_end: u32,
    /// How many of them there were when duplicates were last removed.
    distinct: usize,
    /// Room for the spans of a piece.
    scratch: Vec<SpanIndex>,
}

impl SharedBlocks {
    /// No blocks. `follow`: whether changes in the tree will be asked for, whose runs have numbers below `tree_end`.
    pub fn new(group_runs: usize, follow: bool, tree_end: u32) -> Self {
        Self {
            spans: Vec::new(),
            vacant: Vec::new(),
            of_groups: vec![NOTHING; group_runs],
            of_tree: RunMap::default(),
            changed: follow.then(Vec::new),
            tree_end,
            distinct: 0,
            scratch: Vec::new(),
        }
    }

    /// The position up to which the blocks of a run are findable; 0 if there are none.
    #[inline]
    pub fn up_to(&self, run: u32) -> Blocks {
        self.state(run).up_to
    }

    /// The same of each prefix group.
    pub fn of_groups(&self) -> impl Iterator<Item = Blocks> + '_ {
        self.of_groups.iter().map(|state| state.up_to)
    }

    /// Tells of each run of the tree whose findable blocks have changed since the last call up to which position they reach now.
    pub fn drain_changes(&mut self, mut tell: impl FnMut(u32, Blocks)) {
        let Some(changed) = &mut self.changed else { return };
        for run in changed.drain(..) {
            tell(run, self.of_tree.get(&run).map_or(0, |state| state.up_to));
        }
        self.distinct = 0;
    }

    /// How many of the first `found` blocks of a path, all of them findable, lie in the free list.
    pub fn free_among(&self, path: &[Stretch], found: Blocks) -> Blocks {
        let (mut free, mut begin) = (0, 0);
        for stretch in path {
            if begin == found {
                break;
            }
            let end = stretch.end.min(found);
            free += self.free_between(stretch.run, begin, end);
            begin = end;
        }
        free
    }

    /// A request takes over the first `found` blocks of a path, all of them findable.
    pub fn claim(&mut self, path: &[Stretch], found: Blocks, free: &mut FreeList, pieces: &mut Vec<Piece>) {
        let mut begin = 0;
        for stretch in path {
            if begin == found {
                break;
            }
            let end = stretch.end.min(found);
            self.claim_between(stretch.run, begin, end, free, pieces);
            begin = end;
        }
    }

    /// Gives the blocks that a request holds back, the last first.
    pub fn release(&mut self, pieces: &mut Vec<Piece>, free: &mut FreeList) {
        let mut held = std::mem::take(&mut self.scratch);
        while let Some(Piece { span, end }) = pieces.pop() {
            let mut at = span;
            while self.spans[at].to < end {
                held.push(at);
                at = self.spans[at].cut_off;
            }
            held.push(at);
            while let Some(at) = held.pop() {
                let span = &mut self.spans[at];
                span.users -= 1;
                if span.users == 0 {
                    span.node = free.push_keyed(Entry::Shared(at, span.to - span.from));
                }
            }
        }
        self.scratch = held;
    }

    /// Whether no block here has a key of the run from position `from` on; the run begins at `begin`.
    pub fn is_clear(&self, run: u32, begin: Blocks, from: Blocks) -> bool {
        let state = self.state(run);
        let up_to = state.up_to.max(begin);
        up_to <= from && state.blocks == up_to - begin
    }

    /// Blocks that a request holds have just been filled with the positions `from` to `to` of a run that begins at `begin`: gives
    /// them their keys, which lead nowhere at this moment.
    pub fn register(&mut self, run: u32, begin: Blocks, from: Blocks, to: Blocks, pieces: &mut Vec<Piece>) {
        self.append(run, from, to, pieces);
        self.find_up_to(run, begin, from, to);
    }

    /// The positions `from` to `to` of a run have got findable blocks.
    fn find_up_to(&mut self, run: u32, begin: Blocks, from: Blocks, to: Blocks) {
        let state = self.state_mut(run);
        state.blocks += to - from;
        let mut up_to = state.up_to.max(begin);
        if from != up_to {
            return;
        }
        let mut at = state.head;
        while let Some(&Span { from, to, next, .. }) = self.spans.get(at.index())
            && from <= up_to
        {
            up_to = up_to.max(to);
            at = next;
        }
        self.state_mut(run).up_to = up_to;
        self.note(run);
    }

    /// Makes the blocks part of the last span of the request if no other request holds that, or else a span of their own.
    fn append(&mut self, run: u32, from: Blocks, to: Blocks, pieces: &mut Vec<Piece>) {
        if let Some(last) = pieces.last_mut() {
            let span = &mut self.spans[last.span];
            if span.run == run && span.to == from && last.end == from && span.users == 1 && span.findable {
                span.to = to;
                last.end = to;
                return;
            }
        }
        let at = self.begin_span(run, from, to, 1);
        pieces.push(Piece { span: at, end: to });
    }

    /// A findable span of its own for blocks that are all new in their run.
    fn begin_span(&mut self, run: u32, from: Blocks, to: Blocks, users: u32) -> SpanIndex {
        let (mut before, mut next) = (NO_SPAN, self.state(run).head);
        while let Some(span) = self.spans.get(next.index())
            && span.from < from
        {
            (before, next) = (next, span.next);
        }
        let at = self.insert(Span {
            run,
            from,
            to,
            users,
            node: NIL,
            findable: true,
            first_goes_first: false,
            next,
            cut_off: NO_SPAN,
        });
        self.link(run, before, at);
        at
    }

    /// The keys of these positions lead nowhere any more.
    pub fn lose(&mut self, run: u32, from: Blocks, to: Blocks, free: &mut FreeList) {
        let (mut before, mut at) = (NO_SPAN, self.state(run).head);
        while let Some(&span) = self.spans.get(at.index())
            && span.from < to
        {
            if span.to <= from {
                (before, at) = (at, span.next);
            } else if span.from < from {
                self.cut(at, from, free);
            } else {
                if span.to > to {
                    self.cut(at, to, free);
                }
                let span = &mut self.spans[at];
                span.findable = false;
                at = span.next;
                self.link(run, before, at);
            }
        }
        self.shorten(run, from);
    }

    /// `count` blocks at one end of a span have been recycled, and left the free list: their keys lead nowhere any more, even if they
    /// led to other blocks (KV-5.3). It is the last ones, unless the first goes first.
    pub fn forget(&mut self, at: SpanIndex, count: Blocks, free: &mut FreeList) {
        let span = &mut self.spans[at];
        let Span { run, mut from, mut to, findable, next, .. } = *span;
        if span.first_goes_first {
            span.from += count;
            to = span.from;
        } else {
            span.to -= count;
            from = span.to;
        }
        if span.from == span.to {
            if findable {
                let (mut before, mut other) = (NO_SPAN, self.state(run).head);
                while other != at {
                    (before, other) = (other, self.spans[other].next);
                }
                self.link(run, before, next);
            }
            self.vacant.push(at);
        }
        if findable {
            self.shorten(run, from);
        } else {
            self.lose(run, from, to, free);
        }
        let state = self.state_mut(run);
        state.blocks -= count;
        if state.blocks == 0 && run as usize >= self.of_groups.len() {
            self.of_tree.remove(&run);
        }
    }

    /// A span by number, for tests, which do not run in browsers.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub fn span(&self, at: SpanIndex) -> &Span {
        &self.spans[at]
    }

    /// Cuts a span in two; what lies behind `position` gets a number of its own.
    fn cut(&mut self, at: SpanIndex, position: Blocks, free: &mut FreeList) {
        let span = self.spans[at];
        let behind = self.insert(Span { from: position, ..span });
        if span.users == 0 {
            let entry = Entry::Shared(behind, span.to - position);
            self.spans[behind].node = free.cut(span.node, entry, span.first_goes_first);
        }
        let span = &mut self.spans[at];
        span.to = position;
        span.cut_off = behind;
        if span.findable {
            span.next = behind;
        }
    }

    /// Its blocks are findable without a gap up to this position at most.
    fn shorten(&mut self, run: u32, position: Blocks) {
        if self.state(run).up_to > position {
            self.state_mut(run).up_to = position;
            self.note(run);
        }
    }

    /// The findable span behind `before`, or the first, is this one.
    fn link(&mut self, run: u32, before: SpanIndex, at: SpanIndex) {
        if before == NO_SPAN {
            self.state_mut(run).head = at;
        } else {
            self.spans[before].next = at;
        }
    }

    fn insert(&mut self, span: Span) -> SpanIndex {
        if let Some(at) = self.vacant.pop() {
            self.spans[at] = span;
            return at;
        }
        self.spans.push(span);
        SpanIndex::from_index(self.spans.len() - 1)
    }

    #[inline]
    fn state(&self, run: u32) -> RunState {
        match self.of_groups.get(run as usize) {
            Some(&state) => state,
            None => self.of_tree.get(&run).copied().unwrap_or(NOTHING),
        }
    }

    #[inline]
    fn state_mut(&mut self, run: u32) -> &mut RunState {
        match self.of_groups.get_mut(run as usize) {
            Some(state) => state,
            None => self.of_tree.entry(run).or_insert(NOTHING),
        }
    }

    /// Notes that the findable blocks of a run have changed.
    fn note(&mut self, run: u32) {
        let Some(changed) = &mut self.changed else { return };
        let in_tree = (self.of_groups.len()..self.tree_end as usize).contains(&(run as usize));
        if !in_tree || changed.last() == Some(&run) {
            return;
        }
        changed.push(run);
        // Nobody may ask for a long time.
        if changed.len() > 2 * self.distinct + 1024 {
            changed.sort_unstable();
            changed.dedup();
            self.distinct = changed.len();
        }
    }
}
