//! What an instance leaves behind when the run is over.

use super::Instance;
use crate::record::{InstanceRecord, StepRecord};
use crate::units::{LegIndex, Micros};

/// What an instance leaves behind.
#[derive(Debug)]
pub struct Finished {
    /// Its totals.
    pub totals: InstanceRecord,
    /// Its steps, if they were recorded.
    pub steps: Vec<StepRecord<LegIndex>>,
    /// What did not complete although its answer had begun, with the sum of its gaps until then.
    pub unfinished: Vec<(LegIndex, Micros)>,
    /// The first gap of the answer of each decode part that has ended.
    pub first_gaps: Vec<(LegIndex, Micros)>,
}

impl Instance {
    /// Ends the run: counts the requests that are left and hands the totals over.
    pub fn finish(mut self, horizon: Micros) -> Finished {
        self.totals.still_queued = u64::from(self.waiting);
        self.totals.still_running = self.running.len() as u64;
        for slot in self.running.slots().collect::<Vec<_>>() {
            self.note_unfinished(slot);
        }
        self.totals.used_kv_blocks_end = self.kv.used();
        self.totals.cache_hits = self.kv.hits;
        self.totals.cache_misses = self.kv.misses;
        self.totals.tier = self.kv.tier_record();
        self.totals.end = self.clock.min(horizon);
        self.totals.itls = self.running.into_itls();
        Finished {
            totals: self.totals,
            steps: self.steps,
            unfinished: self.unfinished,
            first_gaps: self.first_gaps,
        }
    }
}
