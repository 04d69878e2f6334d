//! The CPU store of an instance: which names it has, and in what order they go (KV tiers chapter, T-2 and T-3).
//!
//! Every step copies all full blocks of the running batch, so that these are always the newest in the store, in the order of the batch.
//! As long as they fit they need no places: a list holds the others alone, and a step costs as much as there is new. If the batch
//! has more names than the store has places, everything is listed and every step walks along all of its blocks.
//!
//! Names of one chain that lie behind each other, and that the store has in this order, are one *segment*.

use super::super::shared_blocks::RunMap;
mod segments;

use super::chains::{Chain, Part};
use crate::units::{Blocks, index_type};
use std::ops::Range;

index_type! {
    /// The place of a segment among all.
    internal SegmentIndex
}

const NONE: SegmentIndex = SegmentIndex::new(u32::MAX);

/// The chain of names that no lookup will ask for.
const UNNAMED: Chain = u32::MAX;

/// Where the store has names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In its list.
    Listed,
    /// Among those of the running batch, which have no places of their own.
    Batch,
}

/// Names of a chain that lie behind each other, the first the oldest.
#[derive(Clone, Copy, Debug)]
struct Segment {
    part: Part,
    place: Place,
    /// Running requests whose blocks had these names when blocks were last copied.
    holders: u32,
    /// The next segment of the chain.
    next: SegmentIndex,
    /// The next older one in the list.
    older: SegmentIndex,
    /// The next newer one.
    newer: SegmentIndex,
}

/// What a request had copied when it left the batch.
#[derive(Clone, Debug)]
struct Left {
    /// Its place in the order of the batch.
    order: u64,
    /// Place of its names among those of all that have left.
    parts: Range<usize>,
    /// Further blocks, whose names no lookup will ask for.
    unnamed: u64,
}

/// The store.
#[derive(Clone, Debug)]
pub struct Store {
    capacity: u64,
    /// Names in the list.
    listed: u64,
    /// Names of the batch, while these have no places.
    batch: u64,
    segments: Vec<Segment>,
    vacant: Vec<SegmentIndex>,
    /// The first segment of each chain that has any. Asked for single chains, never iterated.
    first: RunMap<SegmentIndex>,
    oldest: SegmentIndex,
    newest: SegmentIndex,
    /// What has left the batch since blocks were last copied.
    left: Vec<Left>,
    /// Its names.
    left_parts: Vec<Part>,
    /// Reloaded since then, in this order.
    touched: Vec<Part>,
    /// How many names these are.
    touched_names: u64,
    /// Whether everything is in the list, names of the batch included.
    pub explicit: bool,
    /// Names added.
    pub stores: u64,
    /// Names removed to make room.
    pub evictions: u64,
    /// Room for segments on the way to the list.
    scratch: Vec<SegmentIndex>,
    /// The same with how many names each has.
    newly: Vec<(SegmentIndex, u64)>,
}

impl Store {
    /// An empty store of so many blocks, at least one.
    pub fn new(capacity: u64) -> Self {
        Self {
            capacity,
            listed: 0,
            batch: 0,
            segments: Vec::new(),
            vacant: Vec::new(),
            first: RunMap::default(),
            oldest: NONE,
            newest: NONE,
            left: Vec::new(),
            left_parts: Vec::new(),
            touched: Vec::new(),
            touched_names: 0,
            explicit: false,
            stores: 0,
            evictions: 0,
            scratch: Vec::new(),
            newly: Vec::new(),
        }
    }

    /// Blocks in it.
    pub const fn len(&self) -> u64 {
        self.listed + self.batch
    }

    /// So many names are in it, the newest `batch` of which are those of the batch; no lookup will ask for the others.
    pub fn begin_with_batch(&mut self, len: u64, batch: u64) {
        self.batch = batch;
        self.link_unnamed(len - batch);
    }

    /// The last `len` of these names are in it, the oldest first; those of no chain are such as no lookup will ask for.
    pub fn begin_with_list(&mut self, parts: &[(Option<Part>, u64)], len: u64) {
        let mut skip = parts.iter().map(|&(_, names)| names).sum::<u64>() - len;
        self.explicit = true;
        for &(part, names) in parts {
            let gone = names.min(skip);
            skip -= gone;
            match part {
                _ if gone == names => {}
                None => self.link_unnamed(names - gone),
                Some(part) => {
                    self.insert(Part { from: part.from + gone as Blocks, ..part }, Place::Listed, 0);
                    self.listed += names - gone;
                }
            }
        }
    }

    /// Names that can be added before one of the batch, or one that was reloaded, has to go.
    pub const fn room(&self) -> u64 {
        self.capacity.saturating_sub(self.batch + self.touched_names)
    }

    /// Whether it has names of a chain at this place or behind it.
    pub fn reaches(&self, chain: Chain, place: Blocks) -> bool {
        self.of_chain(chain).any(|(_, segment)| segment.part.to > place)
    }

    /// Whether it has a name, and up to which place that stays so.
    pub fn stretch_at(&self, chain: Chain, place: Blocks) -> (bool, Blocks) {
        let mut there = place;
        for (_, segment) in self.of_chain(chain) {
            if segment.part.from > there {
                return if there > place { (true, there) } else { (false, segment.part.from) };
            }
            there = there.max(segment.part.to);
        }
        if there > place { (true, there) } else { (false, Blocks::MAX) }
    }

    /// Whether some have to go for `count` more.
    pub const fn is_tight(&self, count: u64) -> bool {
        self.len() + count > self.capacity
    }

    /// Whether it could depend on the order in which `count` names are added, these among them, which of them are removed to make room:
    /// not unless one of them is among the oldest.
    pub fn might_lose(&self, added: &[Part], count: u64) -> bool {
        let mut gone = (self.len() + count).saturating_sub(self.capacity);
        let mut at = self.oldest;
        while gone > 0 && at != NONE {
            let Segment { part, newer, .. } = self.segments[at];
            let to = part.from.saturating_add(gone.min(part.len()) as Blocks);
            let meets = |other: &Part| other.chain == part.chain && other.from < to && part.from < other.to;
            if part.chain != UNNAMED && added.iter().any(meets) {
                return true;
            }
            gone = gone.saturating_sub(part.len());
            at = newer;
        }
        false
    }

    /// Names have been brought back to the GPU: they are the newest now.
    pub fn touch(&mut self, part: Part) {
        if self.explicit {
            self.renew(part);
        } else {
            self.touched_names += part.len();
            self.touched.push(part);
        }
    }

    /// A request leaves the batch, at this place in its order, with these names copied, and further ones that no lookup will ask for.
    pub fn leave(&mut self, order: u64, parts: &[Part], unnamed: u64) {
        if self.explicit {
            return;
        }
        for &part in parts {
            self.each_in(part, |segment| segment.holders -= 1);
        }
        let before = self.left_parts.len();
        self.left_parts.extend_from_slice(parts);
        self.left.push(Left { order, parts: before..self.left_parts.len(), unnamed });
    }

    /// What has left the batch gets its places, and then what has been reloaded.
    #[inline]
    pub fn settle(&mut self) {
        if !self.left.is_empty() {
            self.list_left();
        }
        if !self.touched.is_empty() {
            self.renew_touched();
        }
    }

    /// Lists the names of the batch that no request holds any more. The last time counts, of what several had.
    fn list_left(&mut self) {
        self.left.sort_unstable_by_key(|left| left.order);
        let mut newly = std::mem::take(&mut self.newly);
        let mut in_part = std::mem::take(&mut self.scratch);
        let parts = std::mem::take(&mut self.left_parts);
        let mut left = std::mem::take(&mut self.left);
        for Left { parts: range, unnamed, .. } in left.iter().rev() {
            if *unnamed > 0 {
                newly.push((NONE, *unnamed));
            }
            for &part in parts[range.clone()].iter().rev() {
                self.cut_at_ends(part);
                in_part.extend(self.of_part(part).map(|(at, _)| at));
                while let Some(at) = in_part.pop() {
                    let segment = &mut self.segments[at];
                    if segment.place == Place::Batch && segment.holders == 0 {
                        segment.place = Place::Listed;
                        newly.push((at, segment.part.len()));
                    }
                }
            }
        }
        while let Some((at, names)) = newly.pop() {
            self.batch -= names;
            if at == NONE {
                self.link_unnamed(names);
            } else {
                self.listed += names;
                self.link(at);
            }
        }
        left.clear();
        (self.left, self.left_parts, self.scratch, self.newly) = (left, parts, in_part, newly);
        self.left_parts.clear();
    }

    fn renew_touched(&mut self) {
        self.touched_names = 0;
        let mut touched = std::mem::take(&mut self.touched);
        for part in touched.drain(..) {
            self.renew(part);
        }
        self.touched = touched;
    }

    /// Those of these names that are listed are the newest now.
    fn renew(&mut self, part: Part) {
        self.cut_at_ends(part);
        let mut in_part = std::mem::take(&mut self.scratch);
        in_part.extend(self.of_part(part).map(|(at, _)| at));
        for at in in_part.drain(..) {
            if self.segments[at].place == Place::Listed {
                self.unlink(at);
                self.link(at);
            }
        }
        self.scratch = in_part;
    }

    /// A running request has full blocks with these names that it did not have when blocks were last copied.
    pub fn add(&mut self, part: Part) {
        self.cut_at_ends(part);
        let mut from = part.from;
        while from < part.to {
            // Making room may take away what follows.
            let found = self.of_part(Part { from, ..part }).next().map(|(at, segment)| (at, *segment));
            match found {
                Some((at, segment)) if segment.part.from == from => {
                    if segment.place == Place::Listed {
                        self.unlink(at);
                        self.listed -= segment.part.len();
                        self.batch += segment.part.len();
                    }
                    let entry = &mut self.segments[at];
                    (entry.place, entry.holders) = (Place::Batch, segment.holders + 1);
                    from = segment.part.to;
                }
                found => {
                    let to = found.map_or(part.to, |(_, segment)| segment.part.from);
                    let new = Part { from, to, ..part };
                    self.make_room(new.len());
                    self.stores += new.len();
                    self.batch += new.len();
                    self.insert(new, Place::Batch, 1);
                    from = to;
                }
            }
        }
    }

    /// Running requests have filled so many blocks whose names are new and not known yet.
    pub fn add_unknown(&mut self, count: u64) {
        self.make_room(count);
        self.stores += count;
        self.batch += count;
    }

    /// Some of the names that [`Store::add_unknown`] counted.
    pub fn make_known(&mut self, part: Part) {
        debug_assert!(self.of_part(part).next().is_none(), "they were new");
        self.insert(part, Place::Batch, 1);
    }

    /// Copies blocks one by one: everything is in the list.
    pub fn copy(&mut self, part: Part) {
        self.cut_at_ends(part);
        let mut from = part.from;
        while from < part.to {
            let found = self.of_part(Part { from, ..part }).next().map(|(at, segment)| (at, segment.part));
            match found {
                Some((at, there)) if there.from == from => {
                    self.unlink(at);
                    self.link(at);
                    from = there.to;
                }
                found => {
                    let to = found.map_or(part.to, |(_, there)| there.from);
                    let new = Part { from, to, ..part };
                    self.insert(new, Place::Listed, 0);
                    self.listed += new.len();
                    self.stores += new.len();
                    // What does not even fit alone pushes its own beginning out.
                    self.make_room(0);
                    from = to;
                }
            }
        }
    }

    /// Gives all names of the batch their places: all requests have left it.
    pub fn list_all(&mut self) {
        self.settle();
        debug_assert_eq!(self.batch, 0, "every name of the batch is known");
        self.explicit = true;
    }

    /// Takes the places of the names of the batch away again if all of them are there. `parts`: the names of each running request, all
    /// of which have just been copied.
    pub fn fold_batch(&mut self, parts: &[Part]) {
        let is_there = |part: &Part| {
            let (there, until) = self.stretch_at(part.chain, part.from);
            there && until >= part.to
        };
        self.explicit = !parts.iter().all(is_there);
        if self.explicit {
            return;
        }
        for &part in parts {
            self.cut_at_ends(part);
            let mut in_part = std::mem::take(&mut self.scratch);
            in_part.extend(self.of_part(part).map(|(at, _)| at));
            for at in in_part.drain(..) {
                let Segment { part, place, .. } = self.segments[at];
                if place == Place::Listed {
                    self.unlink(at);
                    self.listed -= part.len();
                    self.batch += part.len();
                }
                let segment = &mut self.segments[at];
                (segment.place, segment.holders) = (Place::Batch, segment.holders + 1);
            }
            self.scratch = in_part;
        }
    }
}
