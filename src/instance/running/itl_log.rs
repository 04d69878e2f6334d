//! Inter-token gaps: the same for all that decode in a step, so a log of them serves every request (I-14).

use super::{Phase, Running, Slot};
use crate::record::{ItlPool, WeightedItl};
use crate::units::Micros;

/// All gaps of an instance, in order. Their number is the decode counter.
#[derive(Clone, Debug, Default)]
pub(super) struct ItlLog {
    /// Until the run ends, a weight is stored as a difference, modulo 2^64: requests that count this gap minus requests
    /// that counted the previous one.
    pool: ItlPool,
    /// The difference of the gap to come.
    change: i64,
    len: usize,
    /// Sum of all gaps; differences are exact even where it wraps around.
    sum: i64,
}

impl ItlLog {
    /// Number of gaps.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Sum of all gaps, modulo 2^64.
    pub const fn sum(&self) -> i64 {
        self.sum
    }

    #[inline]
    pub fn push(&mut self, gap: Micros) {
        self.sum = self.sum.wrapping_add(gap.0);
        self.len += 1;
        self.pool.push(WeightedItl { gap: gap.0, weight: self.change as u64 });
        self.change = 0;
    }

    /// From here on another request counts the gaps, on the assumption that it completes.
    #[inline]
    pub const fn begin(&mut self) {
        self.change += 1;
    }

    /// From here on a request no longer counts the gaps.
    #[inline]
    pub const fn end(&mut self) {
        self.change -= 1;
    }

    /// A request that saw the gaps between these two values of the counter does not complete after all.
    pub fn forget(&mut self, from: usize, to: usize) {
        self.add(from, -1);
        self.add(to, 1);
    }

    fn add(&mut self, at: usize, change: i64) {
        if at == self.len {
            self.change += change;
        } else {
            let gap = self.pool.at_mut(at);
            gap.weight = gap.weight.wrapping_add_signed(change);
        }
    }
}

impl Running {
    /// A member leaves without completing: its gaps do not count.
    pub(super) fn forget_itls(&mut self, slot: Slot) {
        if let Phase::Decode { since } = self.member(slot).phase {
            self.log.forget(since, self.log.len());
        }
        for &(owner, from, to) in &self.stretches {
            if owner == slot {
                self.log.forget(from, to);
            }
        }
    }

    /// Sum of the gaps of a member so far; `None` before its first token.
    pub fn gaps(&self, slot: Slot) -> Option<Micros> {
        let member = self.member(slot);
        match member.phase {
            Phase::Prefill => None,
            Phase::Decode { .. } => Some(Micros(member.gap_sum.wrapping_add(self.log.sum()))),
        }
    }

    /// The first gap of a member; `None` if it has none yet.
    pub fn first_gap(&self, slot: Slot) -> Option<Micros> {
        let Phase::Decode { since } = self.member(slot).phase else { return None };
        let of_stretches =
            self.stretches.iter().filter(|&&(owner, ..)| owner == slot).map(|&(_, from, _)| from);
        let first = of_stretches.fold(since, usize::min);
        (first < self.log.len()).then(|| Micros(self.log.pool.at(first).gap))
    }

    /// Ends the run: the gaps of completed requests.
    pub fn into_itls(mut self) -> ItlPool {
        let left: Vec<_> = self.slots().collect();
        for slot in left {
            self.remove(slot);
        }
        let mut weight = 0_u64;
        for gap in self.log.pool.iter_mut() {
            weight = weight.wrapping_add(gap.weight);
            gap.weight = weight;
        }
        self.log.pool
    }
}
