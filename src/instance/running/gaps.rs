//! Inter-token gaps: the same for all that decode in a step, so a log of them serves every request (I-14).

use super::{Phase, Running};
use crate::outcome::records::WeightedGap;

impl Running {
    /// Sum and number of all inter-token gaps of a member so far.
    pub fn gaps(&self, slot: u32) -> (i64, u32) {
        let member = self.member(slot);
        match member.phase {
            Phase::Prefill => (member.gap_sum, member.gap_count),
            Phase::Decode { since } => {
                let counter = self.counter();
                (
                    member.gap_sum + self.gap_sums[counter].wrapping_sub(self.gap_sums[since]),
                    member.gap_count + (counter - since) as u32,
                )
            }
        }
    }

    /// Adds the gaps of a completed member to the pool.
    pub fn pool_gaps(&mut self, slot: u32) {
        if let Phase::Decode { since } = self.members[slot as usize].phase {
            self.weights[since] += 1;
            let counter = self.counter();
            self.weights[counter] -= 1;
        }
        for &(owner, from, to) in &self.stretches {
            if owner == slot {
                self.weights[from] += 1;
                self.weights[to] -= 1;
            }
        }
    }

    /// The pool: every gap of the log with the number of completed requests that saw it.
    pub fn pool(&self) -> Vec<WeightedGap> {
        let mut pool = Vec::with_capacity(self.counter());
        let mut weight = 0_i64;
        for (sums, &change) in self.gap_sums.windows(2).zip(&self.weights) {
            weight += i64::from(change);
            if weight > 0 {
                pool.push(WeightedGap { gap: sums[1].wrapping_sub(sums[0]), weight: weight as u64 });
            }
        }
        pool
    }
}
