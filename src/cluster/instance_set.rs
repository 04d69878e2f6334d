//! A bit set of instances. Visiting the members costs no unpredictable branch per non-member.

use crate::units::InstanceIndex;

/// Instances per word.
const WORD: usize = u64::BITS as usize;

/// A set of instances.
#[derive(Clone, Debug, Default)]
pub struct InstanceSet {
    words: Vec<u64>,
}

impl InstanceSet {
    /// The empty set.
    pub fn none(instances: usize) -> Self {
        Self { words: vec![0; instances.div_ceil(WORD)] }
    }

    /// The set of all of so many instances.
    pub fn all(instances: usize) -> Self {
        let mut set = Self::none(instances);
        (0..instances).for_each(|instance| set.insert(instance));
        set
    }

    /// Makes room for so many instances.
    pub fn resize(&mut self, instances: usize) {
        self.words.resize(instances.div_ceil(WORD), 0);
    }

    /// Makes it the set of those for which `holds`; `items` has an item for each instance.
    #[inline]
    pub fn fill<T>(&mut self, items: &[T], holds: impl Fn(&T) -> bool) {
        match self.words.as_mut_slice() {
            [word] => *word = bits(items, holds),
            words => {
                for (word, items) in words.iter_mut().zip(items.chunks(WORD)) {
                    *word = bits(items, &holds);
                }
            }
        }
    }

    /// Makes it the set of this instance alone.
    pub fn set_to(&mut self, instance: usize) {
        self.words.fill(0);
        self.insert(instance);
    }

    /// Adds an instance.
    #[inline]
    pub fn insert(&mut self, instance: usize) {
        self.words[instance / WORD] |= 1 << (instance % WORD);
    }

    /// Takes an instance out.
    pub fn remove(&mut self, instance: usize) {
        self.words[instance / WORD] &= !(1 << (instance % WORD));
    }

    /// Whether it has this instance.
    pub fn contains(&self, instance: usize) -> bool {
        self.words[instance / WORD] & 1 << (instance % WORD) != 0
    }

    /// The members, in order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words
            .iter()
            .enumerate()
            .flat_map(|(at, &word)| Bits(word).map(move |bit| WORD * at + bit as usize))
    }

    /// Calls `stop` for each member in order; returns the first for which it is true. `iter().find` does the same, but
    /// a run with weighted routing takes 1 to 2% longer with it.
    #[inline]
    pub fn visit(&self, mut stop: impl FnMut(usize) -> bool) -> Option<usize> {
        for (at, &word) in self.words.iter().enumerate() {
            for bit in Bits(word) {
                let instance = WORD * at + bit as usize;
                if stop(instance) {
                    return Some(instance);
                }
            }
        }
        None
    }

    /// Visits the members, in order, and empties the set.
    pub fn drain(&mut self, visit: impl FnMut(usize)) {
        self.iter().for_each(visit);
        self.words.fill(0);
    }

    /// The member, if there is exactly one.
    #[inline]
    pub fn only(&self) -> Option<InstanceIndex> {
        let mut members = self.iter();
        let first = members.next()?;
        members.next().is_none().then_some(InstanceIndex::from_index(first))
    }

    /// Number of members.
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }
}

/// A bit for each item for which `holds`, the lowest for the first.
#[inline]
fn bits<T>(items: &[T], holds: impl Fn(&T) -> bool) -> u64 {
    items.iter().rev().fold(0, |word, item| word + word + u64::from(holds(item)))
}

/// Places of the bits that are set, from the lowest on.
struct Bits(u64);

impl Iterator for Bits {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.0 == 0 {
            return None;
        }
        let lowest = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::{InstanceIndex, InstanceSet};

    fn members(set: &InstanceSet) -> Vec<usize> {
        set.iter().collect()
    }

    #[test]
    fn members_come_in_order() {
        for instances in [1, 63, 64, 65, 200] {
            let all: Vec<usize> = (0..instances).collect();
            let mut set = InstanceSet::default();
            set.resize(instances);
            for &instance in &all {
                set.insert(instance);
            }
            assert_eq!(members(&set), all);
            let mut set = InstanceSet::none(instances);
            assert!(members(&set).is_empty());
            assert_eq!(set.only(), None);
            set.fill(&all, |instance| instance % 3 == 0);
            let expected: Vec<usize> = all.iter().copied().filter(|instance| instance % 3 == 0).collect();
            assert_eq!(members(&set), expected);
            assert_eq!(set.count() as usize, expected.len());
            assert_eq!(set.only(), if instances > 3 { None } else { Some(InstanceIndex::new(0)) });
            set.set_to(instances - 1);
            assert_eq!(set.only(), Some(InstanceIndex::from_index(instances - 1)));
            set.insert(instances - 1);
            set.insert(0);
            let expected = if instances == 1 { vec![0] } else { vec![0, instances - 1] };
            let mut drained = Vec::new();
            set.drain(|instance| drained.push(instance));
            assert_eq!(drained, expected);
            assert_eq!(set.count(), 0);
        }
    }
}
