//! What a step copies to the CPU store (KV tiers chapter, T-3 and T-10).

use super::super::KvCache;
use super::{Copied, Second, Tier};

impl KvCache {
    /// Copies what is new after a step: `filled` blocks that answers have filled for the first time, and what those in `news` have, in the
    /// order of the batch. `all` gives the whole batch in its order, where it is needed.
    pub fn copy(&mut self, filled: u64, news: &[Copied], all: impl FnOnce() -> Vec<Copied>) {
        self.with(|kv, tier| kv.copy_in(tier, filled, news, all));
    }

    fn copy_in(&mut self, tier: &mut Tier, filled: u64, news: &[Copied], all: impl FnOnce() -> Vec<Copied>) {
        let mut count = filled;
        let mut slots = std::mem::take(&mut tier.news);
        for member in news {
            if let Some((slot, mut held)) = tier.held.take(member.prompt.request) {
                self.catch_up_in(tier, &member.prompt, &mut held, member.stored, false);
                count += u64::from(held.with_names() - held.copied);
                tier.held.put(slot, held);
                slots.push(slot);
            }
        }
        if tier.store.explicit {
            self.copy_explicitly(tier, filled > 0 || !news.is_empty(), all);
        } else if count == 0 {
            // What leaves later was copied later.
            tier.store.settle();
        } else if count > tier.store.room() || (filled > 0 && self.might_lose(tier, &slots, count)) {
            let members = all();
            self.list_batch(tier, &members);
            self.copy_all(tier, &members);
        } else {
            tier.store.settle();
            for &slot in &slots {
                self.add_new(tier, slot);
            }
            tier.store.add_unknown(filled);
        }
        slots.clear();
        tier.news = slots;
    }

    /// Copies what a request has that has not been copied.
    fn add_new(&mut self, tier: &mut Tier, slot: u32) {
        let held = tier.held.at(slot);
        let (copied, named, all) = (held.copied, held.named, held.with_names());
        if copied < named {
            self.parts(held, copied..named, &mut tier.parts);
            for part in tier.parts.drain(..) {
                tier.store.add(part);
            }
        }
        tier.store.add_unknown(u64::from(all - named.max(copied)));
        tier.held.at_mut(slot).copied = all;
    }

    fn might_lose(&self, tier: &Tier, slots: &[u32], count: u64) -> bool {
        if !tier.store.is_tight(count) {
            return false;
        }
        let mut added = Vec::new();
        for &slot in slots {
            let held = tier.held.at(slot);
            self.parts(held, held.copied..held.named, &mut added);
        }
        tier.store.might_lose(&added, count)
    }

    /// Gives the names of the batch their places in the store, as of when blocks were last copied.
    fn list_batch(&mut self, tier: &mut Tier, members: &[Copied]) {
        for member in members {
            if let Some((slot, mut held)) = tier.held.take(member.prompt.request) {
                self.catch_up_in(tier, &member.prompt, &mut held, member.before, true);
                self.name_own(tier, member.prompt.request, &mut held);
                self.parts(&held, 0..held.copied, &mut tier.parts);
                tier.held.put(slot, held);
                tier.store.leave(member.order, &tier.parts, 0);
                tier.parts.clear();
            }
        }
        tier.store.list_all();
    }

    /// Copies every block of the batch, one after the other. Returns how many names were new.
    fn copy_all(&mut self, tier: &mut Tier, members: &[Copied]) -> u64 {
        let stores = tier.store.stores;
        let mut parts = std::mem::take(&mut tier.parts);
        for member in members {
            if let Some((slot, mut held)) = tier.held.take(member.prompt.request) {
                self.catch_up_in(tier, &member.prompt, &mut held, member.stored, false);
                self.name_own(tier, member.prompt.request, &mut held);
                held.copied = held.with_names();
                let before = parts.len();
                self.parts(&held, 0..held.named, &mut parts);
                tier.held.put(slot, held);
                for &part in &parts[before..] {
                    tier.store.copy(part);
                }
            }
        }
        tier.store.fold_batch(&parts);
        parts.clear();
        tier.parts = parts;
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
            tier.store.settle();
            tier.store.add_unknown(filled);
        }
    }
}
