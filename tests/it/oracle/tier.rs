//! The store of the CPU tier (T-2, T-3, T-7).

use super::names::Name;
use blis_playground::config::MemorySettings;
use blis_playground::record::{TierRecord, TierStep};
use blis_playground::units::Micros;
use std::collections::BTreeMap;

/// Names in the order in which they were used, oldest first, and what has happened.
#[derive(Clone, Debug)]
pub struct Tier {
    capacity: usize,
    /// µs of a block on its way back.
    per_block: i64,
    by_age: BTreeMap<u64, Name>,
    ages: BTreeMap<Name, u64>,
    next_age: u64,
    /// µs that the next step takes longer.
    pending: i64,
    /// µs that steps took longer: the last one, and all.
    last_transfer: i64,
    transferred: i64,
    reloads: u64,
    pub failed: u64,
    stores: u64,
    evictions: u64,
}

impl Tier {
    pub fn new(memory: &MemorySettings, block_size: u32) -> Option<Self> {
        let capacity = memory.kv_cpu_blocks as usize;
        let transfer = (f64::from(block_size) / memory.kv_transfer_bandwidth).ceil();
        (capacity > 0).then(|| Self {
            capacity,
            per_block: memory.kv_transfer_base_latency + transfer as i64,
            by_age: BTreeMap::new(),
            ages: BTreeMap::new(),
            next_age: 0,
            pending: 0,
            last_transfer: 0,
            transferred: 0,
            reloads: 0,
            failed: 0,
            stores: 0,
            evictions: 0,
        })
    }

    pub fn holds(&self, name: Name) -> bool {
        self.ages.contains_key(&name)
    }

    /// T-3, for one block.
    pub fn copy(&mut self, name: Name) {
        if !self.holds(name) {
            if self.ages.len() == self.capacity {
                let (_, oldest) = self.by_age.pop_first().expect("the store is full");
                self.ages.remove(&oldest);
                self.evictions += 1;
            }
            self.stores += 1;
        }
        self.make_newest(name);
    }

    /// Rule 5 of T-7.
    pub fn bring_back(&mut self, name: Name) {
        self.pending = self.pending.saturating_add(self.per_block);
        self.make_newest(name);
        self.reloads += 1;
    }

    /// µs that the step about to run takes longer.
    pub fn take_pending(&mut self) -> i64 {
        self.last_transfer = std::mem::take(&mut self.pending);
        self.transferred = self.transferred.saturating_add(self.last_transfer);
        self.last_transfer
    }

    pub fn record(&self) -> TierRecord {
        TierRecord {
            capacity: self.capacity as u32,
            used: self.ages.len() as u32,
            reloads: self.reloads,
            failed: self.failed,
            stores: self.stores,
            evictions: self.evictions,
            transfer: Micros(self.transferred),
        }
    }

    /// What a recording has of it after a step.
    pub fn step(&self, cache_hits: u64, cache_misses: u64) -> TierStep {
        TierStep { record: self.record(), transfer: Micros(self.last_transfer), cache_hits, cache_misses }
    }

    fn make_newest(&mut self, name: Name) {
        if let Some(age) = self.ages.insert(name, self.next_age) {
            self.by_age.remove(&age);
        }
        self.by_age.insert(self.next_age, name);
        self.next_age += 1;
    }

    pub fn check_invariants(&self) {
        assert!(self.ages.len() <= self.capacity);
        assert_eq!(self.ages.len(), self.by_age.len());
    }
}
