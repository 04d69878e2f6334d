//! The router's own idea of which prefixes went where (routing chapter, R-7.2).

use std::collections::VecDeque;
use std::ops::Range;

/// Entries that the index of one instance holds.
const CAPACITY: u64 = 10_000;

/// Never recorded.
const NEVER: u64 = 0;

/// One stretch of records, oldest first in the queue.
#[derive(Clone, Copy, Debug)]
enum Record {
    /// A block of a shared prefix, valid if the stamp is still its latest.
    Shared { key: u32, stamp: u64 },
    /// A number of blocks that no other prompt can match.
    Private(u64),
}

/// The 10,000 most recently recorded distinct block keys of one instance.
#[derive(Clone, Debug)]
pub struct RouterPrefixHistory {
    /// Per key: the stamp of its latest record, or `NEVER`.
    latest: Vec<u64>,
    records: VecDeque<Record>,
    size: u64,
    stamp: u64,
}

impl RouterPrefixHistory {
    /// An empty history for `keys` shared-prefix blocks.
    pub fn new(keys: u32) -> Self {
        Self { latest: vec![NEVER; keys as usize], records: VecDeque::new(), size: 0, stamp: NEVER }
    }

    /// Number of leading keys that are present: of those in a row, and of one behind them.
    pub fn matched(&self, shared: Range<u32>, own: Option<u32>) -> u32 {
        let is_present = |key: &u32| self.latest[*key as usize] != NEVER;
        shared.chain(own).take_while(is_present).count() as u32
    }

    /// Records a prompt: the keys of the blocks that it shares, then `private` ones.
    pub fn record(&mut self, shared: Range<u32>, own: Option<u32>, private: u64) {
        for key in shared.chain(own) {
            let latest = &mut self.latest[key as usize];
            if *latest == NEVER {
                self.size += 1;
            }
            self.stamp += 1;
            *latest = self.stamp;
            self.records.push_back(Record::Shared { key, stamp: self.stamp });
        }
        if private > 0 {
            self.records.push_back(Record::Private(private));
            self.size += private;
        }
        self.evict();
    }

    fn evict(&mut self) {
        while self.size > CAPACITY {
            match self.records.front_mut() {
                Some(Record::Private(count)) => {
                    let excess = (self.size - CAPACITY).min(*count);
                    *count -= excess;
                    self.size -= excess;
                    if *count == 0 {
                        self.records.pop_front();
                    }
                }
                Some(&mut Record::Shared { key, stamp }) => {
                    if self.latest[key as usize] == stamp {
                        self.latest[key as usize] = NEVER;
                        self.size -= 1;
                    }
                    self.records.pop_front();
                }
                None => return,
            }
        }
        // Records overtaken by newer ones of the same key would otherwise pile up behind a valid one.
        if self.records.len() > 2 * CAPACITY as usize {
            let latest = &self.latest;
            self.records.retain(|record| match *record {
                Record::Shared { key, stamp } => latest[key as usize] == stamp,
                Record::Private(_) => true,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_disappears_from_its_beginning() {
        let mut history = RouterPrefixHistory::new(4);
        history.record(0..4, None, 0);
        history.record(0..0, None, 9_997);
        assert_eq!(history.matched(0..4, None), 0, "block 0 is the oldest entry");
        assert_eq!(history.matched(1..4, None), 3, "the others are still there");
    }

    #[test]
    fn a_prompt_longer_than_the_index_pushes_out_its_own_beginning() {
        let mut history = RouterPrefixHistory::new(2);
        history.record(0..2, None, 10_001);
        assert_eq!(history.matched(0..2, None), 0);
    }

    #[test]
    fn records_of_a_popular_prefix_do_not_pile_up() {
        let mut history = RouterPrefixHistory::new(3);
        history.record(0..1, None, 0);
        for _ in 0..100_000 {
            history.record(1..3, None, 0);
        }
        assert!(history.records.len() <= 2 * CAPACITY as usize);
        assert_eq!((history.matched(0..1, None), history.matched(1..3, None)), (1, 2));
    }

    #[test]
    fn recording_again_refreshes() {
        let mut history = RouterPrefixHistory::new(2);
        history.record(0..2, None, 5_000);
        history.record(0..2, None, 5_000);
        history.record(0..0, None, 4_998);
        assert_eq!(history.matched(0..2, None), 2);
    }
}
