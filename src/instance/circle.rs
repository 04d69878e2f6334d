//! Evictions that go round in a circle where a second tier lets waiting requests hold blocks (KV tiers chapter, T-9).
//!
//! Nothing comes from outside, and nothing ends: what the instance does then follows from its state alone. The batch and how far each
//! request has come are most of it; when these have been the same many times, the rest is taken to be, too.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Evictions without an end of any request before states are compared: storms do not come near it.
const FEW: u32 = 256;

/// Most states that are kept; a longer circle is ended by the limit of steps.
const MOST_STATES: usize = 4096;

/// What has been seen since a request last ended.
#[derive(Clone, Debug, Default)]
pub struct Circle {
    evictions: u32,
    /// How often each state was there. Asked for single states, never iterated.
    seen: HashMap<u64, u32>,
}

impl Circle {
    /// A request has been evicted; `state` hashes what the instance has come to. Returns how often it has been there.
    pub fn note(&mut self, state: impl FnOnce(&mut DefaultHasher)) -> u32 {
        self.evictions = self.evictions.saturating_add(1);
        if self.evictions <= FEW {
            return 0;
        }
        let mut hasher = DefaultHasher::new();
        state(&mut hasher);
        if self.seen.len() >= MOST_STATES {
            self.seen.clear();
        }
        let times = self.seen.entry(hasher.finish()).or_insert(0);
        *times += 1;
        *times
    }

    /// A request has ended.
    pub fn end(&mut self) {
        self.evictions = 0;
        if !self.seen.is_empty() {
            self.seen.clear();
        }
    }
}

/// Adds the batch to a state.
pub fn hash_all(hasher: &mut DefaultHasher, values: impl Iterator<Item = (u32, u32)>) {
    for value in values {
        value.hash(hasher);
    }
}
