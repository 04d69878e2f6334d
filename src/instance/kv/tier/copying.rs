//! What a step copies to the CPU store (KV tiers chapter, T-3 and T-10).

use super::super::KvCache;
use super::blocks::Held;
use super::names::{NAMELESS, NameIndex};
use super::{Copied, Second, Tier};

impl Tier {
    /// The place behind the last block of a request that has a name.
    fn named(&self, held: &Held) -> usize {
        let last = held.blocks.iter().rposition(|&at| self.blocks[at].name != NAMELESS);
        last.map_or(0, |last| last + 1).max(held.copied)
    }
}

impl KvCache {
    /// Copies what is new after a step: `filled` blocks that answers have filled for the first time, and what those in `news` have, in the
    /// order of the batch. `all` gives the whole batch in its order, where it is needed.
    pub fn copy(&mut self, filled: u64, news: &[Copied], all: impl FnOnce() -> Vec<Copied>) {
        self.with(|kv, tier| kv.copy_in(tier, filled, news, all));
    }

    fn copy_in(&mut self, tier: &mut Tier, filled: u64, news: &[Copied], all: impl FnOnce() -> Vec<Copied>) {
        for member in news {
            self.catch_up_in(tier, &member.prompt, member.stored, false);
        }
        if tier.store.explicit {
            return self.copy_explicitly(tier, filled > 0 || !news.is_empty(), all);
        }
        let mut added = Vec::new();
        for member in news {
            if let Some(held) = tier.held.get(&member.prompt.request) {
                added.extend(tier.names_of(&held.blocks[held.copied..tier.named(held)]));
            }
        }
        let count = filled + added.len() as u64;
        if count == 0 {
            // What leaves later was copied later.
            tier.store.settle(&mut tier.names);
            return;
        }
        if count > tier.store.room() || (filled > 0 && tier.store.might_lose(&tier.names, &added, count)) {
            let members = all();
            self.list_batch(tier, &members);
            self.copy_all(tier, &members);
            return;
        }
        for member in news {
            if let Some(held) = tier.held.get(&member.prompt.request) {
                let named = tier.named(held);
                tier.held_mut(member.prompt.request).copied = named;
            }
        }
        tier.store.settle(&mut tier.names);
        for name in added {
            tier.store.add(&mut tier.names, name);
        }
        tier.store.add_unknown(&mut tier.names, filled);
    }

    /// Gives the names of the batch their places in the store, as of when blocks were last copied.
    fn list_batch(&mut self, tier: &mut Tier, members: &[Copied]) {
        let mut lists = Vec::with_capacity(members.len());
        for member in members {
            self.catch_up_in(tier, &member.prompt, member.before, true);
            if let Some(held) = tier.held.get(&member.prompt.request) {
                lists.push((member.order, tier.names_of(&held.blocks[..held.copied]).collect()));
            }
        }
        tier.store.list_all(&mut tier.names, lists);
    }

    /// Copies every block of the batch, one after the other. Returns how many names were new.
    fn copy_all(&mut self, tier: &mut Tier, members: &[Copied]) -> u64 {
        let stores = tier.store.stores;
        let mut lists: Vec<Vec<NameIndex>> = Vec::with_capacity(members.len());
        for member in members {
            self.catch_up_in(tier, &member.prompt, member.stored, false);
            if let Some(held) = tier.held.get(&member.prompt.request) {
                let named = tier.named(held);
                let list = tier.names_of(&held.blocks[..named]).collect::<Vec<_>>();
                for &name in &list {
                    tier.store.copy(&mut tier.names, name);
                }
                tier.held_mut(member.prompt.request).copied = named;
                lists.push(list);
            }
        }
        tier.store.fold_batch(&mut tier.names, &lists);
        (tier.changed, tier.repeated) = (false, None);
        tier.store.stores - stores
    }

    /// The same in a step of a batch that has more names than the store has places: without any change every step does what the one
    /// before did, but for the first (T-10).
    fn copy_explicitly(&mut self, tier: &mut Tier, changed: bool, all: impl FnOnce() -> Vec<Copied>) {
        let same = !changed && !tier.changed;
        if let Some(count) = tier.repeated.filter(|_| same) {
            tier.store.stores += count;
            tier.store.evictions += count;
            return;
        }
        let count = self.copy_all(tier, &all());
        tier.repeated = same.then_some(count);
    }

    /// Most quiet steps from now on whose copies can be counted, at most `most`. `fillings`: blocks that answers fill in the next step, in
    /// the one after it, and so on, going round; `decodes` is their sum.
    pub fn most_quiet_steps(&self, most: u64, decodes: u32, mut fillings: impl Iterator<Item = u32>) -> u64 {
        let Second::Blocks(tier) = &self.second else { return most };
        let rounds = u64::from(self.block_size.tokens());
        if !self.names_answers() {
            return if tier.store.explicit && (tier.changed || tier.repeated.is_none()) { 0 } else { most };
        }
        if !tier.store.explicit {
            return most.min((tier.store.room() / u64::from(decodes.max(1))).saturating_mul(rounds));
        }
        if tier.changed || tier.repeated.is_none() {
            return 0;
        }
        most.min(fillings.position(|count| count > 0).map_or(most, |steps| steps as u64))
    }

    /// Copies what answers have filled for the first time in quiet steps.
    pub fn copy_quietly(&mut self, steps: u64, filled: u64) {
        let Second::Blocks(tier) = &mut self.second else { return };
        if tier.store.explicit {
            let count = tier.repeated.unwrap_or(0) * steps;
            tier.store.stores += count;
            tier.store.evictions += count;
        } else {
            tier.store.settle(&mut tier.names);
            tier.store.add_unknown(&mut tier.names, filled);
        }
    }
}
