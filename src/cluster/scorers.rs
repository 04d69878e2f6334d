//! The scorers of the weighted policy (routing chapter, R-7).

use super::affinity::RouterPrefixHistory;
use super::columns;
use super::routable::Seen;
use super::view::Reads;
use crate::config::{ScorerName, WeightedScorer};
use crate::instance::{Path, PromptRuns};
use crate::units::{Blocks, InstanceIndex, RequestIndex};
use serde::Serialize;
use std::sync::Arc;

/// Queue depth from which on `load-aware` gives nothing.
const FULL_QUEUE: f64 = 128.0;

impl ScorerName {
    /// What the scorer reads of the view.
    pub const fn reads(self) -> Reads {
        match self {
            Self::QueueDepth
            | Self::LoadAware
            | Self::RunningRequests
            | Self::VllmDp
            | Self::KvUtilization => Reads::SNAPSHOT,
            Self::LoadBalance => Reads::LOAD,
            Self::ActiveRequests => Reads::IN_FLIGHT,
            Self::PrecisePrefixCache | Self::NoHitLru => Reads::INDEX,
            Self::PrefixAffinity => Reads::NOTHING,
        }
    }
}

/// A scorer and its share of the decision.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ScorerShare {
    /// The scorer.
    pub name: ScorerName,
    /// Its weight, divided by the sum of weights.
    pub weight: f64,
}

/// What a decision reads of the request's prompt.
#[derive(Clone, Copy, Debug, Default)]
pub struct PromptKey {
    /// The runs that it goes along; irrelevant if `shared_blocks` is 0.
    pub path: Path,
    /// Full blocks of its prompt that lie on the path.
    pub shared_blocks: Blocks,
    /// Full blocks of its prompt.
    pub full_blocks: Blocks,
    /// The request, if more than one choice is made for it.
    pub own: Option<RequestIndex>,
}

/// The configured scorers with normalised weights and their state.
#[derive(Clone, Debug)]
pub struct Scorers {
    weighted: Vec<(ScorerName, f64)>,
    runs: Arc<PromptRuns>,
    /// `prefix-affinity`: per instance; empty if the scorer is not used.
    histories: Vec<RouterPrefixHistory>,
    /// `no-hit-lru`: instances that took cold requests, most recent first.
    recent: Vec<InstanceIndex>,
    /// Whether the request being decided is cold, as `no-hit-lru` found.
    cold: bool,
    composite: Vec<f64>,
    /// The sum so far, as long as it is the same for all instances; `composite` holds nothing then.
    same_for_all: Option<f64>,
    /// By place: leading prompt blocks in its cache.
    found: Vec<f64>,
    /// Room for a column.
    scratch: Vec<f64>,
}

impl Scorers {
    /// Scorers in list order; weights are divided by their sum, taken from left to right.
    pub fn new(list: &[WeightedScorer], runs: Arc<PromptRuns>) -> Self {
        let mut total = 0.0;
        for scorer in list {
            total += scorer.weight;
        }
        Self {
            weighted: list.iter().map(|scorer| (scorer.name, scorer.weight / total)).collect(),
            runs,
            histories: Vec::new(),
            recent: Vec::new(),
            cold: false,
            composite: Vec::new(),
            same_for_all: None,
            found: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Further instances, of which the scorers remember nothing yet.
    pub fn add_instances(&mut self, count: usize) {
        if self.weighted.iter().any(|&(name, _)| name == ScorerName::PrefixAffinity) {
            let instances = self.histories.len() + count;
            self.histories.resize(instances, RouterPrefixHistory::default());
        }
    }

    /// The composite score of every routable instance: products added in list order, two roundings each.
    pub fn score(&mut self, prompt: PromptKey, seen: &Seen<'_>) {
        let view = seen.columns;
        self.composite.resize(seen.count(), 0.0);
        self.same_for_all = Some(0.0);
        for at in 0..self.weighted.len() {
            let (name, weight) = self.weighted[at];
            match name {
                ScorerName::QueueDepth => self.add_low_is_best(weight, &view.queue_depth),
                ScorerName::RunningRequests => self.add_low_is_best(weight, &view.batch_size),
                ScorerName::VllmDp => {
                    let mut both = std::mem::take(&mut self.scratch);
                    both.clone_from(&view.batch_size);
                    columns::update(&mut both, &view.queue_depth, |running, waiting| 4.0 * waiting + running);
                    self.add_low_is_best(weight, &both);
                    self.scratch = both;
                }
                ScorerName::KvUtilization => self.add(weight, &view.utilization, |used| 1.0 - used),
                ScorerName::LoadBalance => {
                    let mut loads = std::mem::take(&mut self.scratch);
                    loads.clear();
                    loads.extend(view.loads());
                    self.add(weight, &loads, |load| 1.0 / (1.0 + load));
                    self.scratch = loads;
                }
                ScorerName::ActiveRequests => {
                    let max = columns::largest(&view.in_flight);
                    self.add(
                        weight,
                        &view.in_flight,
                        |active| {
                            if active > 0.0 { (max - active) / max } else { 1.0 }
                        },
                    );
                }
                ScorerName::LoadAware => {
                    self.add(weight, &view.queue_depth, |waiting| {
                        0.5 * (1.0 - waiting.min(FULL_QUEUE) / FULL_QUEUE)
                    });
                }
                // Nothing of the prompt can be in any cache: all are equally good.
                ScorerName::PrecisePrefixCache if prompt.shared_blocks == 0 => self.add_to_all(weight),
                ScorerName::PrecisePrefixCache => {
                    self.look_up(prompt, seen);
                    self.add_cached_prefix(weight);
                }
                ScorerName::NoHitLru => {
                    self.look_up(prompt, seen);
                    self.add_cold_order(weight, seen);
                }
                ScorerName::PrefixAffinity => self.add_affinity(weight, prompt, seen),
            }
        }
        self.settle();
    }

    /// The scorers with their normalised weights.
    pub fn shares(&self) -> Vec<ScorerShare> {
        self.weighted.iter().map(|&(name, weight)| ScorerShare { name, weight }).collect()
    }

    /// What each scorer alone gives each routable instance; nothing is remembered of it.
    pub fn single_scores(&mut self, prompt: PromptKey, seen: &Seen<'_>) -> Vec<Vec<f64>> {
        let weighted = std::mem::take(&mut self.weighted);
        let scores = weighted.iter().map(|&(name, _)| {
            self.weighted = vec![(name, 1.0)];
            self.score(prompt, seen);
            self.composite.clone()
        });
        let scores = scores.collect();
        self.weighted = weighted;
        scores
    }

    /// The scores of the last decision, by place.
    pub fn composite(&self) -> &[f64] {
        &self.composite
    }

    /// Notes the chosen instance in the scorers that have a memory.
    pub fn observe(&mut self, prompt: PromptKey, chosen: InstanceIndex) {
        for at in 0..self.weighted.len() {
            match self.weighted[at].0 {
                ScorerName::PrefixAffinity => {
                    let path = self.runs.stretches(prompt.path);
                    let private = prompt.full_blocks - prompt.shared_blocks;
                    self.histories[chosen].record(path, prompt.shared_blocks, private, prompt.own);
                }
                ScorerName::NoHitLru => {
                    if self.cold {
                        self.recent.retain(|&instance| instance != chosen);
                        self.recent.insert(0, chosen);
                    }
                }
                ScorerName::QueueDepth
                | ScorerName::RunningRequests
                | ScorerName::VllmDp
                | ScorerName::KvUtilization
                | ScorerName::LoadBalance
                | ScorerName::ActiveRequests
                | ScorerName::LoadAware
                | ScorerName::PrecisePrefixCache => {}
            }
        }
    }

    /// Adds what each instance scores for its value, times the weight.
    #[inline]
    fn add(&mut self, weight: f64, values: &[f64], score: impl Fn(f64) -> f64) {
        let composite = &mut self.composite;
        match self.same_for_all.take() {
            Some(so_far) => columns::update(composite, values, |_, value| so_far + score(value) * weight),
            None => columns::update(composite, values, |so_far, value| so_far + score(value) * weight),
        }
    }

    fn add_to_all(&mut self, share: f64) {
        match &mut self.same_for_all {
            Some(so_far) => *so_far += share,
            None => self.composite.iter_mut().for_each(|composite| *composite += share),
        }
    }

    /// From here on every instance has its own sum.
    fn settle(&mut self) {
        if let Some(so_far) = self.same_for_all.take() {
            self.composite.fill(so_far);
        }
    }

    /// Adds (max - value) / (max - min), or 1 for all if all are equal.
    fn add_low_is_best(&mut self, weight: f64, values: &[f64]) {
        let (min, max) = (columns::smallest(values), columns::largest(values));
        if max == min {
            self.add_to_all(weight);
        } else {
            let span = max - min;
            self.add(weight, values, |value| (max - value) / span);
        }
    }

    /// Leading prompt blocks in each routable instance's cache, as the view has them.
    fn look_up(&mut self, prompt: PromptKey, seen: &Seen<'_>) {
        self.found.clear();
        self.found.resize(seen.count(), 0.0);
        if prompt.shared_blocks == 0 {
            return;
        }
        for (place, found) in self.found.iter_mut().enumerate() {
            *found = f64::from(seen.found(place, prompt.path, prompt.shared_blocks));
        }
    }

    /// Adds (value - min) / (max - min), or 1 for all if all are equal.
    fn add_cached_prefix(&mut self, weight: f64) {
        let found = std::mem::take(&mut self.found);
        let (min, max) = (columns::smallest(&found), columns::largest(&found));
        if max == min {
            self.add_to_all(weight);
        } else {
            let span = max - min;
            self.add(weight, &found, |found| (found - min) / span);
        }
        self.found = found;
    }

    /// Warm requests: 0.5 for all. Cold ones: instances that have had none first, then the longest ago.
    fn add_cold_order(&mut self, weight: f64, seen: &Seen<'_>) {
        self.cold = self.found.iter().all(|&found| found == 0.0);
        let instances = seen.count();
        if !self.cold {
            self.add_to_all(0.5 * weight);
            return;
        }
        if instances == 1 {
            self.add_to_all(weight);
            return;
        }
        self.settle();
        // Instances that cannot be chosen are forgotten (disaggregation chapter, D-5.3).
        self.recent.retain(|&instance| seen.place(instance).is_some());
        let step = (instances - 1) as f64;
        let mut position = 0_usize;
        for place in 0..instances {
            if !self.recent.contains(&seen.instance(place)) {
                self.composite[place] += (1.0 - position as f64 / step) * weight;
                position += 1;
            }
        }
        for place in self.recent.iter().rev().filter_map(|&instance| seen.place(instance)) {
            self.composite[place] += (1.0 - position as f64 / step) * weight;
            position += 1;
        }
    }

    fn add_affinity(&mut self, weight: f64, prompt: PromptKey, seen: &Seen<'_>) {
        self.settle();
        for (place, composite) in self.composite.iter_mut().enumerate() {
            let history = &self.histories[seen.instance(place)];
            let score = if prompt.full_blocks == 0 {
                0.0
            } else {
                let mut matched = history.matched(&self.runs, prompt.path, prompt.shared_blocks);
                if let Some(request) = prompt.own
                    && matched == prompt.shared_blocks
                {
                    matched += history.matched_own(request);
                }
                f64::from(matched) / f64::from(prompt.full_blocks)
            };
            *composite += score * weight;
        }
    }
}
