//! Inter-token gaps: the same for all that decode in a step, so a log of them serves every request (I-14).

use super::{Phase, Running};
use crate::outcome::records::WeightedGap;
use crate::units::Micros;

/// Entries per page of the log: a growing log is never copied.
const PAGE: usize = 512;

/// The log at one value of the decode counter.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Sum of all gaps before. Differences are exact even where it wraps around.
    sum: i64,
    /// Completed requests whose gaps begin here, less those whose gaps end here.
    change: i32,
}

/// All gaps of an instance, in order.
#[derive(Clone, Debug)]
pub(super) struct GapLog {
    pages: Vec<Vec<Entry>>,
    /// Number of gaps.
    len: usize,
    sum: i64,
}

impl GapLog {
    pub fn new() -> Self {
        let mut log = Self { pages: Vec::new(), len: 0, sum: 0 };
        log.new_page();
        log
    }

    /// Number of gaps: the decode counter.
    pub const fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn push(&mut self, gap: Micros) {
        self.sum = self.sum.wrapping_add(gap.0);
        self.len += 1;
        if self.len.is_multiple_of(PAGE) {
            self.new_page();
        } else if let Some(page) = self.pages.last_mut() {
            page.push(Entry { sum: self.sum, change: 0 });
        }
    }

    #[cold]
    fn new_page(&mut self) {
        let mut page = Vec::with_capacity(PAGE);
        page.push(Entry { sum: self.sum, change: 0 });
        self.pages.push(page);
    }

    /// Sum of the gaps since the counter had this value.
    #[inline]
    pub fn sum_since(&self, since: usize) -> i64 {
        self.sum.wrapping_sub(self.pages[since / PAGE][since % PAGE].sum)
    }

    /// A completed request saw the gaps between these two values of the counter.
    #[inline]
    fn count(&mut self, from: usize, to: usize) {
        self.pages[from / PAGE][from % PAGE].change += 1;
        self.pages[to / PAGE][to % PAGE].change -= 1;
    }
}

impl Running {
    /// Adds the gaps of a member that completes to the pool.
    #[inline]
    pub(super) fn pool_gaps(&mut self, slot: u32) {
        if let Phase::Decode { since } = self.members[slot as usize].phase {
            self.log.count(since, self.log.len());
        }
        for &(owner, from, to) in &self.stretches {
            if owner == slot {
                self.log.count(from, to);
            }
        }
    }

    /// The pool: every gap of the log with the number of completed requests that saw it.
    pub fn pool(&self) -> Vec<WeightedGap> {
        let mut pool = Vec::with_capacity(self.log.len());
        let (mut weight, mut before) = (0, 0);
        for &Entry { sum, change } in self.log.pages.iter().flatten() {
            if weight > 0 {
                pool.push(WeightedGap { gap: sum.wrapping_sub(before), weight: weight as u64 });
            }
            weight += i64::from(change);
            before = sum;
        }
        pool
    }
}
