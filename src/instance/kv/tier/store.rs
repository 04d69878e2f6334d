//! The CPU store of an instance: which names it has, and in what order they go (KV tiers chapter, T-2 and T-3).
//!
//! Every step copies all full blocks of the running batch, so that these are always the newest in the store, in the order of the batch.
//! As long as they fit they need no places: a list holds the others alone, and a step costs as much as there is new. If the batch
//! has more names than the store has places, everything is listed and every step walks along all of its blocks.

use super::names::{NAMELESS, NameIndex, Names, Stored};

/// The names that a request had copied when it left the batch.
#[derive(Clone, Debug)]
struct Left {
    /// Its place in the order of the batch.
    order: u64,
    names: Vec<NameIndex>,
}

/// The store.
#[derive(Clone, Debug)]
pub struct Store {
    capacity: u64,
    /// Names that no lookup will ask for, all older than those in the list.
    unnamed: u64,
    /// Names in the list.
    listed: u64,
    /// Names of the batch, while these have no places.
    batch: u64,
    oldest: NameIndex,
    newest: NameIndex,
    /// What has left the batch since blocks were last copied.
    left: Vec<Left>,
    /// Reloaded since then, in this order.
    touched: Vec<NameIndex>,
    /// Whether everything is in the list, names of the batch included.
    pub explicit: bool,
    /// Names added.
    pub stores: u64,
    /// Names removed to make room.
    pub evictions: u64,
}

impl Store {
    /// An empty store of so many blocks, at least one.
    pub const fn new(capacity: u64) -> Self {
        Self {
            capacity,
            unnamed: 0,
            listed: 0,
            batch: 0,
            oldest: NAMELESS,
            newest: NAMELESS,
            left: Vec::new(),
            touched: Vec::new(),
            explicit: false,
            stores: 0,
            evictions: 0,
        }
    }

    /// Blocks in it.
    pub const fn len(&self) -> u64 {
        self.unnamed + self.listed + self.batch
    }

    /// So many names are in it, the newest of which are those of the batch; the others are unknown.
    pub fn begin_with_batch(&mut self, names: &mut Names, len: u64, batch: impl Iterator<Item = NameIndex>) {
        for name in batch {
            Self::make_known(names, name);
            self.batch += 1;
        }
        self.unnamed = len - self.batch;
    }

    /// These names are in it, the oldest first.
    pub fn begin_with_list(&mut self, names: &mut Names, list: &[NameIndex]) {
        for &name in list {
            names.keep(name);
            names.get_mut(name).stored = Stored::Listed;
            self.link(names, name);
        }
        self.listed = list.len() as u64;
        self.explicit = true;
    }

    /// Names that can be added before one of the batch, or one that was reloaded, has to go.
    pub const fn room(&self) -> u64 {
        self.capacity.saturating_sub(self.batch + self.touched.len() as u64)
    }

    /// Whether it could depend on the order in which `count` names are added, these among them, which of them are removed to make room:
    /// not unless one of them is among the oldest.
    pub fn might_lose(&self, names: &Names, added: &[NameIndex], count: u64) -> bool {
        let gone = (self.len() + count).saturating_sub(self.capacity);
        let listed = |name: &&NameIndex| names.get(**name).stored == Stored::Listed;
        let mut listed: Vec<NameIndex> = added.iter().filter(listed).copied().collect();
        if gone <= self.unnamed || listed.is_empty() {
            return false;
        }
        listed.sort_unstable();
        let mut oldest = self.oldest;
        for _ in self.unnamed..gone {
            if oldest == NAMELESS {
                break;
            }
            if listed.binary_search(&oldest).is_ok() {
                return true;
            }
            oldest = names.get(oldest).newer;
        }
        false
    }

    /// A name has been brought back to the GPU: it is the newest now.
    pub fn touch(&mut self, names: &mut Names, name: NameIndex) {
        if self.explicit {
            self.unlink(names, name);
            self.link(names, name);
        } else {
            names.keep(name);
            self.touched.push(name);
        }
    }

    /// A request leaves the batch, at this place in its order, with these names copied.
    pub fn leave(&mut self, names: &mut Names, order: u64, copied: Vec<NameIndex>) {
        if self.explicit {
            return;
        }
        for &name in &copied {
            names.get_mut(name).holders -= 1;
        }
        self.left.push(Left { order, names: copied });
    }

    /// What has left the batch gets its places, and then what has been reloaded.
    pub fn settle(&mut self, names: &mut Names) {
        if self.left.is_empty() && self.touched.is_empty() {
            return;
        }
        let mut left = std::mem::take(&mut self.left);
        left.sort_unstable_by_key(|left| left.order);
        // The last time counts, of what several had.
        let mut newly = Vec::new();
        for &name in left.iter().rev().flat_map(|left| left.names.iter().rev()) {
            let entry = names.get_mut(name);
            if entry.stored == Stored::Batch && entry.holders == 0 {
                entry.stored = Stored::Listed;
                newly.push(name);
            }
        }
        self.batch -= newly.len() as u64;
        self.listed += newly.len() as u64;
        for &name in newly.iter().rev() {
            self.link(names, name);
        }
        for name in std::mem::take(&mut self.touched) {
            if names.get(name).stored == Stored::Listed {
                self.unlink(names, name);
                self.link(names, name);
            }
            names.drop(name);
        }
    }

    /// A running request has a full block with this name that it did not have when blocks were last copied.
    pub fn add(&mut self, names: &mut Names, name: NameIndex) {
        let entry = names.get_mut(name);
        entry.holders += 1;
        let before = std::mem::replace(&mut entry.stored, Stored::Batch);
        match before {
            Stored::Batch => return,
            Stored::Listed => {
                self.unlink(names, name);
                self.listed -= 1;
            }
            Stored::Not => {
                names.keep(name);
                self.make_room(names, 1);
                self.stores += 1;
            }
        }
        self.batch += 1;
    }

    /// Running requests have filled so many blocks whose names are new and not known yet.
    pub fn add_unknown(&mut self, names: &mut Names, count: u64) {
        self.make_room(names, count);
        self.stores += count;
        self.batch += count;
    }

    /// One of the names that [`Store::add_unknown`] counted.
    pub fn make_known(names: &mut Names, name: NameIndex) {
        names.keep(name);
        let entry = names.get_mut(name);
        debug_assert_eq!(entry.stored, Stored::Not, "it was new");
        entry.stored = Stored::Batch;
        entry.holders = 1;
    }

    /// Copies a block one by one: everything is in the list.
    pub fn copy(&mut self, names: &mut Names, name: NameIndex) {
        let entry = names.get_mut(name);
        match entry.stored {
            Stored::Not => {
                entry.stored = Stored::Listed;
                names.keep(name);
                self.make_room(names, 1);
                self.stores += 1;
                self.listed += 1;
                self.link(names, name);
            }
            Stored::Listed | Stored::Batch => {
                self.unlink(names, name);
                self.link(names, name);
            }
        }
    }

    /// Gives all names of the batch their places. `members`: per running request its place in the order of the batch and the names
    /// that it has had copied.
    pub fn list_all(&mut self, names: &mut Names, members: Vec<(u64, Vec<NameIndex>)>) {
        let mut all = std::mem::take(&mut self.left);
        all.extend(members.into_iter().map(|(order, names)| Left { order, names }));
        all.sort_unstable_by_key(|left| left.order);
        let mut newly = Vec::new();
        for &name in all.iter().rev().flat_map(|left| left.names.iter().rev()) {
            let entry = names.get_mut(name);
            entry.holders = 0;
            if entry.stored == Stored::Batch {
                entry.stored = Stored::Listed;
                newly.push(name);
            }
        }
        debug_assert_eq!(newly.len() as u64, self.batch, "every name of the batch is known");
        self.listed += newly.len() as u64;
        self.batch = 0;
        for &name in newly.iter().rev() {
            self.link(names, name);
        }
        self.explicit = true;
        for name in std::mem::take(&mut self.touched) {
            if names.get(name).stored == Stored::Listed {
                self.unlink(names, name);
                self.link(names, name);
            }
            names.drop(name);
        }
    }

    /// Takes the places of the names of the batch away again if all of them are there. `members`: the names of each running request, all
    /// of which have just been copied. Returns whether it did.
    pub fn fold_batch(&mut self, names: &mut Names, members: &[Vec<NameIndex>]) -> bool {
        let mut distinct = 0_u64;
        for &name in members.iter().flatten() {
            let entry = names.get_mut(name);
            distinct += u64::from(entry.holders == 0);
            entry.holders += 1;
        }
        let fits = distinct <= self.capacity;
        for &name in members.iter().flatten() {
            if !fits {
                names.get_mut(name).holders = 0;
            } else if names.get(name).stored == Stored::Listed {
                self.unlink(names, name);
                names.get_mut(name).stored = Stored::Batch;
                self.listed -= 1;
                self.batch += 1;
            }
        }
        self.explicit = !fits;
        fits
    }

    /// Removes the oldest ones until `count` more have room.
    fn make_room(&mut self, names: &mut Names, count: u64) {
        let unnamed = (self.len() + count).saturating_sub(self.capacity).min(self.unnamed);
        self.unnamed -= unnamed;
        self.evictions += unnamed;
        while self.len() + count > self.capacity && self.oldest != NAMELESS {
            let name = self.oldest;
            self.unlink(names, name);
            self.listed -= 1;
            self.evictions += 1;
            names.get_mut(name).stored = Stored::Not;
            names.drop(name);
        }
    }

    fn link(&mut self, names: &mut Names, name: NameIndex) {
        let newest = self.newest;
        let entry = names.get_mut(name);
        (entry.older, entry.newer) = (newest, NAMELESS);
        if newest == NAMELESS {
            self.oldest = name;
        } else {
            names.get_mut(newest).newer = name;
        }
        self.newest = name;
    }

    fn unlink(&mut self, names: &mut Names, name: NameIndex) {
        let (older, newer) = (names.get(name).older, names.get(name).newer);
        if older == NAMELESS {
            self.oldest = newer;
        } else {
            names.get_mut(older).newer = newer;
        }
        if newer == NAMELESS {
            self.newest = older;
        } else {
            names.get_mut(newer).older = older;
        }
    }
}
