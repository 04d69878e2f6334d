//! What admission and routing see of the instances, and how old it is.

use super::instance::Instance;
use super::names::{Name, Names, Tokens};
use blis_playground::config::{RoutingSettings, ScorerName};
use std::collections::BTreeSet;

/// The scorers that look prompts up.
const ASKING: [ScorerName; 2] = [ScorerName::PrecisePrefixCache, ScorerName::NoHitLru];

/// What is seen of one instance.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub queue_depth: u32,
    pub batch_size: u32,
    /// Used share of the KV blocks.
    pub utilization: f64,
    pub free_blocks: u32,
    pub in_flight: u32,
}

impl Seen {
    /// Effective load: a request that waits or runs counts twice.
    pub fn load(&self) -> u32 {
        self.queue_depth + self.batch_size + self.in_flight
    }
}

/// The gateway's copies and clocks.
#[derive(Debug)]
pub struct View {
    refresh_interval: i64,
    cache_delay: i64,
    last: i64,
    cache_last: i64,
    /// Free blocks are 0 before the first refresh.
    pub seen: Vec<Seen>,
    /// Whether anybody asks for the following.
    asked: bool,
    findable: Vec<BTreeSet<Name>>,
}

impl View {
    pub fn new(settings: &RoutingSettings, instances: usize) -> Self {
        Self {
            refresh_interval: settings.snapshot_refresh_interval,
            cache_delay: settings.cache_signal_delay,
            last: 0,
            cache_last: 0,
            seen: vec![Seen::default(); instances],
            asked: settings.scorers.iter().any(|scorer| ASKING.contains(&scorer.name)),
            findable: vec![BTreeSet::new(); instances],
        }
    }

    /// Refreshes at time `time` what is due.
    pub fn refresh(&mut self, instances: &[Instance], time: i64) {
        self.refresh_caches(instances, time);
        if self.refresh_interval == 0 || time - self.last >= self.refresh_interval {
            for (seen, instance) in self.seen.iter_mut().zip(instances) {
                let (used, free) = (instance.cache.used(), instance.cache.free());
                *seen = Seen {
                    queue_depth: instance.waiting.len() as u32,
                    batch_size: instance.batch_size(),
                    utilization: f64::from(used) / f64::from(used + free),
                    free_blocks: free,
                    in_flight: seen.in_flight,
                };
            }
            self.last = time;
        }
    }

    /// All that a look does that sees no instance (C-12).
    pub fn refresh_caches(&mut self, instances: &[Instance], time: i64) {
        if self.cache_delay == 0 || time - self.cache_last >= self.cache_delay {
            if self.asked {
                self.findable = instances.iter().map(|instance| instance.cache.findable()).collect();
            }
            self.cache_last = time;
        }
    }

    /// Leading blocks of a prompt that were findable on an instance at the last refresh.
    pub fn lookup(&self, instance: usize, tokens: &Tokens, names: &Names, block_size: u32) -> u32 {
        let names = tokens.prompt_names(names, block_size);
        names.iter().take_while(|name| self.findable[instance].contains(name)).count() as u32
    }
}
