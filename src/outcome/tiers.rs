//! The second tier of KV memory in figures (KV tiers chapter, T-8). Ours: the reference prints only a rate of evictions.

use super::Outcome;
use crate::record::TierRecord;
use serde::Serialize;

/// A request that was evicted so often runs in a circle with one that waits and holds blocks (T-9). Of 20 seeds of the chapter's
/// example, two run into it: there the most evictions of a request are 264 and 342, in the other 18 at most 14, and in all
/// recordings with a tier at most 27.
const CIRCLES: u32 = 50;

/// The second tier of one instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct TierFigures {
    /// Its blocks.
    pub capacity: u32,
    /// Blocks in it.
    pub used: u32,
    /// Blocks copied to it that were not there.
    pub stores: u64,
    /// Blocks removed from it to make room.
    pub evictions: u64,
    /// Blocks brought back to the GPU.
    pub reloads: u64,
    /// Time by which transfers made its steps longer, µs.
    pub transfer_us: i64,
}

impl From<TierRecord> for TierFigures {
    fn from(record: TierRecord) -> Self {
        let TierRecord { capacity, used, reloads, failed: _, stores, evictions, transfer } = record;
        Self { capacity, used, stores, evictions, reloads, transfer_us: transfer.0 }
    }
}

/// The second tiers of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Tiers {
    /// Those of the instances, in their order.
    pub instances: Vec<TierFigures>,
    /// Time of all steps of each instance, µs, transfers included.
    pub busy_us: Vec<i64>,
    /// Requests that were evicted and admitted again in a circle, because one that waited held the blocks that they needed.
    pub circling: u64,
}

/// The second tiers of a run; `None` without one.
pub fn tiers(outcome: &Outcome) -> Option<Tiers> {
    let instances: Vec<_> =
        outcome.instances.iter().filter_map(|instance| instance.tier).map(TierFigures::from).collect();
    if instances.is_empty() {
        return None;
    }
    let circling = outcome.rows().filter(|&row| outcome.records.preemptions[row] >= CIRCLES).count() as u64;
    let busy_us = outcome.instances.iter().map(|instance| instance.busy.0).collect();
    Some(Tiers { instances, busy_us, circling })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;
    use crate::units::Micros;

    #[test]
    fn without_a_tier_there_are_no_figures() {
        assert_eq!(tiers(&outcome(2, &[RowBuilder::completed(0, 10, &[])])), None);
    }

    #[test]
    fn t_8_counters_and_requests_in_a_circle_are_told() {
        let mut outcome = outcome(1, &[RowBuilder::completed(0, 10, &[]), RowBuilder::completed(5, 10, &[])]);
        outcome.records.preemptions[0] = CIRCLES;
        outcome.records.preemptions[1] = CIRCLES - 1;
        outcome.instances[0].busy = Micros(900);
        outcome.instances[0].tier = Some(TierRecord {
            capacity: 9,
            used: 4,
            reloads: 3,
            failed: 1,
            stores: 7,
            evictions: 2,
            transfer: Micros(60),
        });
        let own = TierFigures { capacity: 9, used: 4, stores: 7, evictions: 2, reloads: 3, transfer_us: 60 };
        assert_eq!(tiers(&outcome), Some(Tiers { instances: vec![own], busy_us: vec![900], circling: 1 }));
    }
}
