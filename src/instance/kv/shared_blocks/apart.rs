//! What a cache with a second tier needs beyond that: blocks that are brought back, claimed in part, or told apart in a list.

use super::{Entry, FreeList, NIL, Piece, SharedBlocks, SpanIndex};
use crate::units::Blocks;

impl SharedBlocks {
    /// Whether a position of a run is findable, and up to which position that stays so.
    pub fn stretch_at(&self, run: u32, position: Blocks) -> (bool, Blocks) {
        let mut there = position;
        let mut at = self.state(run).head;
        while let Some(span) = self.spans.get(at.index()) {
            if span.from > there {
                return if there > position { (true, there) } else { (false, span.from) };
            }
            there = there.max(span.to);
            at = span.next;
        }
        if there > position { (true, there) } else { (false, Blocks::MAX) }
    }

    /// How many of the findable blocks of a run between two positions lie in the free list.
    pub fn free_between(&self, run: u32, from: Blocks, to: Blocks) -> Blocks {
        let mut free = 0;
        let mut at = self.state(run).head;
        while let Some(span) = self.spans.get(at.index())
            && span.from < to
        {
            if span.users == 0 && span.to > from {
                free += span.to.min(to) - span.from.max(from);
            }
            at = span.next;
        }
        free
    }

    /// Whether any block has a key of the run.
    pub fn has(&self, run: u32) -> bool {
        self.state(run).blocks > 0
    }

    /// A request takes over the findable blocks of a run from one position to another.
    pub fn claim_between(
        &mut self,
        run: u32,
        from: Blocks,
        to: Blocks,
        free: &mut FreeList,
        pieces: &mut Vec<Piece>,
    ) {
        let mut at = self.state(run).head;
        while let Some(&span) = self.spans.get(at.index())
            && span.from < to
        {
            if span.to <= from {
                at = span.next;
                continue;
            }
            if span.from < from {
                self.cut(at, from, free);
                at = self.spans[at].next;
                continue;
            }
            if span.to > to {
                self.cut(at, to, free);
            }
            self.claim_span(at, free, pieces);
            at = self.spans[at].next;
        }
    }

    /// A request takes over all blocks of a span.
    pub fn claim_span(&mut self, at: SpanIndex, free: &mut FreeList, pieces: &mut Vec<Piece>) {
        let span = &mut self.spans[at];
        if span.users == 0 {
            free.remove(span.node);
            span.first_goes_first = false;
        }
        span.users += 1;
        pieces.push(Piece { span: at, end: span.to });
    }

    /// The findable spans of a run from one position to another, cut so that they end there.
    pub fn list_between(
        &mut self,
        run: u32,
        from: Blocks,
        to: Blocks,
        free: &mut FreeList,
        list: &mut Vec<Piece>,
    ) {
        let mut at = self.state(run).head;
        while let Some(&span) = self.spans.get(at.index())
            && span.from < to
        {
            if span.to > to {
                self.cut(at, to, free);
            }
            if span.to > from {
                list.push(Piece { span: at, end: self.spans[at].to });
            }
            at = self.spans[at].next;
        }
    }

    /// Gives spans that have been cut off since places of their own in a list.
    pub fn list_cut_off(&self, list: &mut Vec<Piece>) {
        let mut place = 0;
        while let Some(&Piece { span, end }) = list.get(place) {
            let to = self.spans[span].to;
            if to < end {
                list[place].end = to;
                list.insert(place + 1, Piece { span: self.spans[span].cut_off, end });
            }
            place += 1;
        }
    }

    /// Blocks of a span that lie in the free list.
    pub fn free_in(&self, at: SpanIndex) -> Blocks {
        let span = &self.spans[at];
        if span.users == 0 { span.to - span.from } else { 0 }
    }

    /// The run of a span, its first position and the one behind its last.
    pub fn place_of(&self, at: SpanIndex) -> (u32, Blocks, Blocks) {
        let span = &self.spans[at];
        (span.run, span.from, span.to)
    }

    /// Whether the first block of a free span is recycled first.
    pub fn first_goes_first(&self, at: SpanIndex) -> bool {
        self.spans[at].first_goes_first
    }

    /// The same of what a request holds.
    pub fn place_of_piece(&self, piece: Piece) -> (u32, Blocks, Blocks) {
        let span = &self.spans[piece.span];
        (span.run, span.from, piece.end)
    }

    /// Free blocks have got the positions `from` to `to` of a run that begins at `begin`, whose keys lead nowhere at this moment. They
    /// are recycled last, the first of them first.
    pub fn bring_back(
        &mut self,
        run: u32,
        begin: Blocks,
        from: Blocks,
        to: Blocks,
        free: &mut FreeList,
    ) -> SpanIndex {
        let at = self.begin_span(run, from, to, 0);
        let span = &mut self.spans[at];
        span.first_goes_first = true;
        span.node = free.push_keyed(Entry::Shared(at, to - from));
        self.find_up_to(run, begin, from, to);
        at
    }

    /// Gives the blocks that a request holds back, the last first; those of runs that no lookup asks for any more lose their keys.
    pub fn give_back(
        &mut self,
        pieces: &mut Vec<Piece>,
        free: &mut FreeList,
        is_asked_for: impl Fn(u32) -> bool,
    ) {
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
                let blocks = span.to - span.from;
                if span.users > 0 {
                    continue;
                }
                if is_asked_for(span.run) {
                    span.node = free.push_keyed(Entry::Shared(at, blocks));
                } else {
                    span.node = NIL;
                    self.forget(at, blocks, free);
                    free.push_plain(blocks);
                }
            }
        }
        self.scratch = held;
    }
}
