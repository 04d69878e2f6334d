//! The router's own idea of which prefixes went where (routing chapter, R-7.2).

use crate::instance::{Path, PromptRuns, RunMap, Stretch};
use crate::units::{Blocks, RequestIndex};
use std::collections::{HashMap, VecDeque};

/// Entries that the index of one instance holds.
const CAPACITY: u64 = 10_000;

/// One stretch of records, oldest first in the queue.
#[derive(Clone, Copy, Debug)]
enum Record {
    /// Blocks of a run, first to last: those that the run still has under this stamp.
    Shared { run: u32, stamp: u64 },
    /// A number of blocks that no other prompt can match.
    Private(u64),
    /// The same of a request about which is decided more than once: those that it still has under this stamp.
    Own { request: RequestIndex, stamp: u64 },
}

/// Blocks of a run that were last recorded together.
#[derive(Clone, Copy, Debug)]
struct Recorded {
    from: Blocks,
    to: Blocks,
    stamp: u64,
}

/// Blocks of one request, and how many of them are still there.
#[derive(Clone, Copy, Debug)]
struct Own {
    all: Blocks,
    left: u64,
    stamp: u64,
}

/// The 10,000 most recently recorded distinct block keys of one instance.
#[derive(Clone, Debug, Default)]
pub struct RouterPrefixHistory {
    /// Per run with recorded blocks: these, by position. Never iterated over runs.
    runs: RunMap<Vec<Recorded>>,
    /// Blocks that no other prompt can match, by the request about which is decided more than once.
    own: HashMap<RequestIndex, Own>,
    records: VecDeque<Record>,
    size: u64,
    stamp: u64,
}

impl RouterPrefixHistory {
    /// How many of the first `shared` blocks of a path are present without a gap.
    pub fn matched(&self, runs: &PromptRuns, path: Path, shared: Blocks) -> Blocks {
        let mut begin = 0;
        for stretch in runs.stretches(path) {
            let end = stretch.end.min(shared);
            for recorded in self.runs.get(&stretch.run).map_or(&[][..], Vec::as_slice) {
                if recorded.from <= begin {
                    begin = begin.max(recorded.to.min(end));
                }
            }
            if begin < end || end == shared {
                break;
            }
        }
        begin
    }

    /// How many blocks that no other prompt can match are present of this request, from the first one on.
    pub fn matched_own(&self, request: RequestIndex) -> Blocks {
        // The oldest go first.
        self.own.get(&request).filter(|own| own.left == u64::from(own.all)).map_or(0, |own| own.all)
    }

    /// Records a prompt: the first `shared` blocks of its path, then `private` ones, which are looked for again if the prompt is that
    /// of `own`.
    pub fn record(&mut self, path: &[Stretch], shared: Blocks, private: Blocks, own: Option<RequestIndex>) {
        let mut begin = 0;
        for stretch in path {
            if begin >= shared {
                break;
            }
            let end = stretch.end.min(shared);
            self.record_stretch(stretch.run, begin, end);
            begin = end;
        }
        if private > 0 {
            self.size += u64::from(private);
            let record = match own {
                None => Record::Private(u64::from(private)),
                Some(request) => {
                    self.stamp += 1;
                    let stamp = self.stamp;
                    let own = Own { all: private, left: u64::from(private), stamp };
                    self.size -= self.own.insert(request, own).map_or(0, |before| before.left);
                    Record::Own { request, stamp }
                }
            };
            self.records.push_back(record);
        }
        self.evict();
    }

    /// Records the blocks from the beginning of a run to a position.
    fn record_stretch(&mut self, run: u32, begin: Blocks, end: Blocks) {
        self.stamp += 1;
        self.size += u64::from(end - begin);
        let recorded = self.runs.entry(run).or_default();
        for older in recorded.iter_mut() {
            let kept = older.from.max(end).min(older.to);
            self.size -= u64::from(kept - older.from);
            older.from = kept;
        }
        recorded.retain(|older| older.from < older.to);
        recorded.insert(0, Recorded { from: begin, to: end, stamp: self.stamp });
        self.records.push_back(Record::Shared { run, stamp: self.stamp });
    }

    fn evict(&mut self) {
        while self.size > CAPACITY {
            let excess = self.size - CAPACITY;
            match self.records.front_mut() {
                Some(Record::Private(count)) => {
                    let forgotten = excess.min(*count);
                    *count -= forgotten;
                    self.size -= forgotten;
                    if *count == 0 {
                        self.records.pop_front();
                    }
                }
                Some(&mut Record::Shared { run, stamp }) => {
                    let forgotten = self.forget(run, stamp, excess);
                    self.size -= forgotten;
                    if forgotten < excess || !self.is_recorded(run, stamp) {
                        self.records.pop_front();
                    }
                }
                Some(&mut Record::Own { request, stamp }) => {
                    let own = self.own.get_mut(&request).filter(|own| own.stamp == stamp);
                    let Some(own) = own else {
                        self.records.pop_front();
                        continue;
                    };
                    let forgotten = excess.min(own.left);
                    own.left -= forgotten;
                    self.size -= forgotten;
                    if own.left == 0 {
                        self.own.remove(&request);
                        self.records.pop_front();
                    }
                }
                None => return,
            }
        }
        // Records overtaken by newer ones of the same keys would otherwise pile up behind a valid one.
        if self.records.len() > 2 * CAPACITY as usize {
            let records = std::mem::take(&mut self.records);
            let is_valid = |record: &Record| match *record {
                Record::Shared { run, stamp } => self.is_recorded(run, stamp),
                Record::Private(_) => true,
                Record::Own { request, stamp } => {
                    self.own.get(&request).is_some_and(|own| own.stamp == stamp)
                }
            };
            self.records = records.into_iter().filter(is_valid).collect();
        }
    }

    /// Forgets the first blocks of a record, at most so many; returns how many.
    fn forget(&mut self, run: u32, stamp: u64, most: u64) -> u64 {
        let Some(recorded) = self.runs.get_mut(&run) else { return 0 };
        let Some(place) = recorded.iter().position(|recorded| recorded.stamp == stamp) else { return 0 };
        let oldest = &mut recorded[place];
        let forgotten = most.min(u64::from(oldest.to - oldest.from));
        oldest.from += forgotten as Blocks;
        if oldest.from == oldest.to {
            recorded.remove(place);
            if recorded.is_empty() {
                self.runs.remove(&run);
            }
        }
        forgotten
    }

    /// Whether some blocks have been recorded last under this stamp.
    fn is_recorded(&self, run: u32, stamp: u64) -> bool {
        self.runs.get(&run).is_some_and(|recorded| recorded.iter().any(|recorded| recorded.stamp == stamp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::{NO_GROUP, Requests};

    /// Runs of one group, and a request of it.
    fn group() -> (PromptRuns, Path) {
        let requests = Requests {
            input: vec![1000],
            group: vec![0],
            prefix: vec![1000],
            groups: vec![String::new()],
            ..Requests::default()
        };
        let runs = PromptRuns::new(&requests, 1);
        let (path, _) = runs.shared(&requests, 0, 1);
        (runs, path)
    }

    fn record(history: &mut RouterPrefixHistory, of: &(PromptRuns, Path), shared: Blocks, private: Blocks) {
        history.record(of.0.stretches(of.1), shared, private, None);
    }

    fn matched(history: &RouterPrefixHistory, of: &(PromptRuns, Path), shared: Blocks) -> Blocks {
        history.matched(&of.0, of.1, shared)
    }

    #[test]
    fn a_prefix_disappears_from_its_beginning() {
        let (mut history, group) = (RouterPrefixHistory::default(), group());
        record(&mut history, &group, 4, 0);
        record(&mut history, &group, 0, 9_996);
        assert_eq!(matched(&history, &group, 4), 4);
        record(&mut history, &group, 0, 1);
        assert_eq!(matched(&history, &group, 4), 0, "block 0 is the oldest entry");
        record(&mut history, &group, 1, 0);
        assert_eq!(matched(&history, &group, 4), 1, "block 1 made room for it");
        assert_eq!(history.size, CAPACITY);
    }

    #[test]
    fn a_prompt_longer_than_the_index_pushes_out_its_own_beginning() {
        let (mut history, group) = (RouterPrefixHistory::default(), group());
        record(&mut history, &group, 2, 10_001);
        assert_eq!(matched(&history, &group, 2), 0);
    }

    #[test]
    fn records_of_a_popular_prefix_do_not_pile_up() {
        let (mut history, group) = (RouterPrefixHistory::default(), group());
        record(&mut history, &group, 3, 0);
        for _ in 0..100_000 {
            record(&mut history, &group, 2, 0);
        }
        assert!(history.records.len() <= 2 * CAPACITY as usize);
        assert_eq!((matched(&history, &group, 1), matched(&history, &group, 3)), (1, 3));
        assert_eq!(history.size, 3);
    }

    #[test]
    fn recording_again_refreshes() {
        let (mut history, group) = (RouterPrefixHistory::default(), group());
        record(&mut history, &group, 2, 5_000);
        record(&mut history, &group, 2, 5_000);
        record(&mut history, &group, 0, 4_998);
        assert_eq!(matched(&history, &group, 2), 2);
    }

    /// The index as words it, key by key, beside records of random paths.
    #[test]
    fn it_is_the_index_key_by_key() {
        let lists: [&[u64]; 5] = [&[1, 2, 3], &[1, 2, 4], &[1, 5], &[6], &[1, 2]];
        let mut tree = crate::workload::TreeBuilder::default();
        for list in lists {
            tree.push(Some(list)).expect("chained ids");
        }
        let requests = Requests {
            input: vec![3000, 2500, 1999, 1000, 1700],
            group: vec![NO_GROUP; 5],
            prefix: vec![0; 5],
            tree: tree.finish(1000),
            ..Requests::default()
        };
        let runs = PromptRuns::new(&requests, 3);
        let keys = |row: usize| {
            let id = move |at: u32| (lists[row][((at * 3 + 2) / 1000) as usize], at);
            (0..requests.input[row] / 3).map(id)
        };
        let (mut history, mut literal) = (RouterPrefixHistory::default(), Vec::<(u64, u32)>::new());
        let mut number = 1_u64;
        for step in 0..300_u64 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step);
            let (row, private) = ((number >> 60) as usize % 5, (number >> 40) as u32 % 4000);
            let (path, shared) = runs.shared(&requests, row, 3);
            history.record(runs.stretches(path), shared, private, None);
            let own = (0..private).map(|at| (1 << 40 | step, at));
            for key in keys(row).chain(own) {
                literal.retain(|&other| other != key || key.0 >= 1 << 40);
                literal.push(key);
            }
            literal.drain(..literal.len().saturating_sub(CAPACITY as usize));
            assert_eq!(history.size, literal.len() as u64);
            for row in 0..5 {
                let (path, shared) = runs.shared(&requests, row, 3);
                let expected = keys(row).take_while(|key| literal.contains(key)).count();
                assert_eq!(history.matched(&runs, path, shared), expected as Blocks, "step {step}");
            }
        }
    }
}
