//! The ten scorers of the weighted policy with their memories.

use super::names::{Name, Names, Tokens};
use super::view::{Seen, View};
use blis_playground::config::ScorerName;

/// Entries of a router-side prefix index.
const CAPACITY: usize = 10_000;

/// What stateful scorers remember.
#[derive(Debug)]
pub struct Memory {
    /// Instances that got cold requests, most recent first.
    cold_targets: Vec<usize>,
    /// Per instance the recorded names, least recent first.
    recorded: Vec<Vec<Name>>,
    names: Names,
    block_size: u32,
}

/// 1 for the least, 0 for the most, 1 for all if they are equal.
fn fewest_first(values: &[u32]) -> Vec<f64> {
    let min = values.iter().copied().min().unwrap_or(0);
    let max = values.iter().copied().max().unwrap_or(0);
    let score = |&value: &u32| {
        if max == min { 1.0 } else { f64::from(max - value) / f64::from(max - min) }
    };
    values.iter().map(score).collect()
}

fn most_first(values: &[u32]) -> Vec<f64> {
    let min = values.iter().copied().min().unwrap_or(0);
    let max = values.iter().copied().max().unwrap_or(0);
    let score = |&value: &u32| {
        if max == min { 1.0 } else { f64::from(value - min) / f64::from(max - min) }
    };
    values.iter().map(score).collect()
}

impl Memory {
    pub fn new(instances: usize, names: Names, block_size: u32) -> Self {
        Self { cold_targets: Vec::new(), recorded: vec![Vec::new(); instances], names, block_size }
    }

    /// One score per routable instance.
    pub fn scores(&self, scorer: ScorerName, view: &View, routable: &[usize], tokens: &Tokens) -> Vec<f64> {
        let seen: Vec<&Seen> = routable.iter().map(|&instance| &view.seen[instance]).collect();
        let of = |value: fn(&Seen) -> u32| -> Vec<u32> { seen.iter().map(|seen| value(seen)).collect() };
        match scorer {
            ScorerName::QueueDepth => fewest_first(&of(|seen| seen.queue_depth)),
            ScorerName::RunningRequests => fewest_first(&of(|seen| seen.batch_size)),
            ScorerName::VllmDp => fewest_first(&of(|seen| 4 * seen.queue_depth + seen.batch_size)),
            ScorerName::KvUtilization => seen.iter().map(|seen| 1.0 - seen.utilization).collect(),
            ScorerName::LoadBalance => seen.iter().map(|seen| 1.0 / (1.0 + f64::from(seen.load()))).collect(),
            ScorerName::ActiveRequests => {
                let max = seen.iter().map(|seen| seen.in_flight).max().unwrap_or(0);
                let score = |active: u32| {
                    if active == 0 { 1.0 } else { f64::from(max - active) / f64::from(max) }
                };
                seen.iter().map(|seen| score(seen.in_flight)).collect()
            }
            ScorerName::LoadAware => {
                let score = |depth: u32| {
                    if depth == 0 { 0.5 } else { 0.5 * (1.0 - f64::from(depth.min(128)) / 128.0) }
                };
                seen.iter().map(|seen| score(seen.queue_depth)).collect()
            }
            ScorerName::PrecisePrefixCache => most_first(&self.lookups(view, routable, tokens)),
            ScorerName::NoHitLru => self.spread_cold(view, routable, tokens),
            ScorerName::PrefixAffinity => {
                routable.iter().map(|&instance| self.affinity(instance, tokens)).collect()
            }
        }
    }

    fn lookups(&self, view: &View, routable: &[usize], tokens: &Tokens) -> Vec<u32> {
        routable.iter().map(|&instance| view.lookup(instance, tokens, &self.names, self.block_size)).collect()
    }

    ///
    fn spread_cold(&self, view: &View, routable: &[usize], tokens: &Tokens) -> Vec<f64> {
        let count = routable.len();
        if self.is_warm(view, routable, tokens) {
            return vec![0.5; count];
        }
        if count == 1 {
            return vec![1.0];
        }
        let mut order: Vec<usize> =
            routable.iter().copied().filter(|instance| !self.cold_targets.contains(instance)).collect();
        order.extend(self.cold_targets.iter().rev().filter(|instance| routable.contains(instance)));
        let mut scores = vec![0.0; count];
        for (place, instance) in order.into_iter().enumerate() {
            let column = routable.iter().position(|&other| other == instance).expect("it is routable");
            scores[column] = 1.0 - place as f64 / (count - 1) as f64;
        }
        scores
    }

    fn is_warm(&self, view: &View, routable: &[usize], tokens: &Tokens) -> bool {
        self.lookups(view, routable, tokens).iter().any(|&blocks| blocks > 0)
    }

    ///
    fn affinity(&self, instance: usize, tokens: &Tokens) -> f64 {
        let names = tokens.prompt_names(&self.names, self.block_size);
        if names.is_empty() {
            return 0.0;
        }
        let matched = names.iter().take_while(|name| self.recorded[instance].contains(name)).count();
        matched as f64 / names.len() as f64
    }

    /// The scorer's observer, after the choice.
    pub fn observe(
        &mut self,
        scorer: ScorerName,
        view: &View,
        routable: &[usize],
        tokens: &Tokens,
        chosen: usize,
    ) {
        match scorer {
            ScorerName::NoHitLru if !self.is_warm(view, routable, tokens) => {
                self.cold_targets.retain(|&instance| instance != chosen);
                self.cold_targets.insert(0, chosen);
            }
            ScorerName::PrefixAffinity => {
                let recorded = &mut self.recorded[chosen];
                for name in tokens.prompt_names(&self.names, self.block_size) {
                    if let Some(place) = recorded.iter().position(|&other| other == name) {
                        recorded.remove(place);
                    } else if recorded.len() >= CAPACITY {
                        recorded.remove(0);
                    }
                    recorded.push(name);
                }
            }
            _ => {}
        }
    }
}
