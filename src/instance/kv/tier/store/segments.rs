//! The segments of a store: those of each chain in the order of its names, and those of the list in the order in which they go.

use super::super::chains::{Chain, Part};
use super::{NONE, Place, Segment, SegmentIndex, Store, UNNAMED};
use crate::units::Blocks;

impl Store {
    /// Removes the oldest ones until `count` more have room.
    pub(super) fn make_room(&mut self, count: u64) {
        let mut gone = (self.len() + count).saturating_sub(self.capacity);
        while gone > 0 && self.oldest != NONE {
            let at = self.oldest;
            let names = self.segments[at].part.len().min(gone);
            if names == self.segments[at].part.len() {
                self.unlink(at);
                self.remove(at);
            } else {
                self.segments[at].part.from += names as Blocks;
            }
            self.listed -= names;
            self.evictions += names;
            gone -= names;
        }
    }

    pub(super) fn of_chain(&self, chain: Chain) -> impl Iterator<Item = (SegmentIndex, &Segment)> {
        let mut at = self.first.get(&chain).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let (here, segment) = (at, self.segments.get(at.index())?);
            at = segment.next;
            Some((here, segment))
        })
    }

    /// The segments that have some of these names.
    pub(super) fn of_part(&self, part: Part) -> impl Iterator<Item = (SegmentIndex, &Segment)> {
        self.of_chain(part.chain)
            .skip_while(move |(_, segment)| segment.part.to <= part.from)
            .take_while(move |(_, segment)| segment.part.from < part.to)
    }

    /// Does something with all segments of names that the store has.
    pub(super) fn each_in(&mut self, part: Part, mut act: impl FnMut(&mut Segment)) {
        self.cut_at_ends(part);
        let mut at = self.first.get(&part.chain).copied().unwrap_or(NONE);
        while let Some(segment) = self.segments.get_mut(at.index())
            && segment.part.from < part.to
        {
            if segment.part.from >= part.from {
                act(segment);
            }
            at = segment.next;
        }
    }

    /// No segment goes beyond either end of these names.
    pub(super) fn cut_at_ends(&mut self, part: Part) {
        let mut at = self.first.get(&part.chain).copied().unwrap_or(NONE);
        while let Some(&segment) = self.segments.get(at.index())
            && segment.part.from < part.to
        {
            let inside = |place: Blocks| segment.part.from < place && place < segment.part.to;
            if inside(part.from) {
                self.cut(at, part.from);
            } else if inside(part.to) {
                self.cut(at, part.to);
            }
            at = self.segments[at].next;
        }
    }

    fn cut(&mut self, at: SegmentIndex, place: Blocks) {
        let segment = self.segments[at];
        let behind = self.place(Segment { part: Part { from: place, ..segment.part }, older: at, ..segment });
        let before = &mut self.segments[at];
        before.part.to = place;
        before.next = behind;
        if segment.place == Place::Listed {
            before.newer = behind;
            match segment.newer {
                NONE => self.newest = behind,
                newer => self.segments[newer].older = behind,
            }
        }
    }

    /// A segment for names that the store has not had so far. In the list it is the newest.
    pub(super) fn insert(&mut self, part: Part, place: Place, holders: u32) {
        let mut before = NONE;
        for (at, segment) in self.of_chain(part.chain) {
            if segment.part.from > part.from {
                break;
            }
            before = at;
        }
        if let Some(last) = self.segments.get_mut(before.index())
            && (last.part.to, last.place, last.holders) == (part.from, place, holders)
            && (place == Place::Batch || before == self.newest)
        {
            last.part.to = part.to;
            return;
        }
        let next = match self.segments.get(before.index()) {
            Some(segment) => segment.next,
            None => self.first.get(&part.chain).copied().unwrap_or(NONE),
        };
        let at = self.place(Segment { part, place, holders, next, older: NONE, newer: NONE });
        match before {
            NONE => _ = self.first.insert(part.chain, at),
            before => self.segments[before].next = at,
        }
        if place == Place::Listed {
            self.link(at);
        }
    }

    fn place(&mut self, segment: Segment) -> SegmentIndex {
        if let Some(at) = self.vacant.pop() {
            self.segments[at] = segment;
            return at;
        }
        self.segments.push(segment);
        SegmentIndex::from_index(self.segments.len() - 1)
    }

    /// A segment that is in the list no more has gone from its chain.
    pub(super) fn remove(&mut self, at: SegmentIndex) {
        let Segment { part: Part { chain, .. }, next, .. } = self.segments[at];
        self.vacant.push(at);
        if chain == UNNAMED {
            return;
        }
        let mut before = NONE;
        let mut other = self.first.get(&chain).copied().unwrap_or(NONE);
        while other != at {
            (before, other) = (other, self.segments[other].next);
        }
        match (before, next) {
            (NONE, NONE) => _ = self.first.remove(&chain),
            (NONE, next) => _ = self.first.insert(chain, next),
            (before, next) => self.segments[before].next = next,
        }
    }

    /// So many names that nobody will ask for are the newest in the list.
    pub(super) fn link_unnamed(&mut self, mut names: u64) {
        self.listed += names;
        if let Some(newest) = self.segments.get_mut(self.newest.index())
            && newest.part.chain == UNNAMED
        {
            let more = names.min(u64::from(Blocks::MAX - newest.part.to));
            newest.part.to += more as Blocks;
            names -= more;
        }
        while names > 0 {
            let count = names.min(u64::from(Blocks::MAX));
            let part = Part { chain: UNNAMED, from: 0, to: count as Blocks };
            let at = self.place(Segment {
                part,
                place: Place::Listed,
                holders: 0,
                next: NONE,
                older: NONE,
                newer: NONE,
            });
            self.link(at);
            names -= count;
        }
    }

    /// A segment is the newest, and a part of the one before it where it goes on from that.
    pub(super) fn link(&mut self, at: SegmentIndex) {
        let newest = self.newest;
        let part = self.segments[at].part;
        if let Some(before) = self.segments.get_mut(newest.index())
            && part.chain != UNNAMED
            && (before.part.chain, before.part.to) == (part.chain, part.from)
        {
            before.part.to = part.to;
            self.remove(at);
            return;
        }
        let segment = &mut self.segments[at];
        (segment.older, segment.newer) = (newest, NONE);
        match newest {
            NONE => self.oldest = at,
            newest => self.segments[newest].newer = at,
        }
        self.newest = at;
    }

    pub(super) fn unlink(&mut self, at: SegmentIndex) {
        let Segment { older, newer, .. } = self.segments[at];
        match older {
            NONE => self.oldest = newer,
            older => self.segments[older].newer = newer,
        }
        match newer {
            NONE => self.newest = older,
            newer => self.segments[newer].older = older,
        }
    }
}
