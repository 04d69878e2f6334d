//! The gateway's second decision: which instance (routing chapter, R-6 and R-8), and its regret.

use super::columns::largest;
use super::explain::ScorerShare;
use super::instance_set::InstanceSet;
use super::scorers::{PromptKey, Scorers};
use super::tie_break::TieSource;
use super::view::{Reads, View};
use crate::config::{RoutingPolicyName, RoutingSettings, TraceSettings};
use crate::instance::PrefixNumbering;
use crate::order;
use crate::record::{Candidate, GatewayRecord, TieBreak};
use crate::units::{InstanceIndex, RequestIndex};
use std::sync::Arc;

impl RoutingPolicyName {
    /// What the policy reads of the view by itself; its scorers add what they read.
    pub const fn reads(self) -> Reads {
        match self {
            Self::RoundRobin | Self::Weighted => Reads::NOTHING,
            Self::LeastLoaded | Self::AlwaysBusiest => Reads::LOAD,
        }
    }

    /// Whether a decision computes something for every instance.
    pub const fn compares_instances(self) -> bool {
        match self {
            Self::RoundRobin => false,
            Self::LeastLoaded | Self::Weighted | Self::AlwaysBusiest => true,
        }
    }

    /// Whether the weighted scorers rate the instances; otherwise, their load does.
    const fn has_scorers(self) -> bool {
        match self {
            Self::Weighted => true,
            Self::RoundRobin | Self::LeastLoaded | Self::AlwaysBusiest => false,
        }
    }

    /// Whether the instance with the best rating is chosen, so that there is nothing to regret.
    const fn chooses_best(self) -> bool {
        match self {
            Self::LeastLoaded | Self::Weighted => true,
            Self::RoundRobin | Self::AlwaysBusiest => false,
        }
    }
}

/// A routing decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// The chosen instance.
    pub instance: InstanceIndex,
    /// Its score, or NaN when regret is off (`counterfactual_k` = 0).
    pub score: f64,
    /// Best score less that score, or NaN when regret is off.
    pub regret: f64,
}

/// A routing policy with its state.
#[derive(Clone, Debug)]
pub struct Router {
    policy: RoutingPolicyName,
    scorers: Scorers,
    ties: TieSource,
    /// The next instance under round-robin.
    turn: u32,
    /// Candidates that count (k).
    counterfactual: usize,
    record_candidates: bool,
    reads: Reads,
    /// Rank of each instance's name among the texts `instance_<i>`.
    name_rank: Vec<u32>,
    /// The scores of the least-loaded policy's last decision.
    scores: Vec<f64>,
    /// The best instances of the last decision.
    best: InstanceSet,
    sorted: Vec<u32>,
}

impl Router {
    /// The policy of the settings.
    pub fn new(
        settings: &RoutingSettings,
        trace: TraceSettings,
        instances: usize,
        numbering: Arc<PrefixNumbering>,
        ties: TieSource,
    ) -> Self {
        let policy = settings.policy;
        let scorers = if policy.has_scorers() { settings.scorers.as_slice() } else { &[] };
        let mut reads = scorers.iter().fold(policy.reads(), |reads, scorer| reads.and(scorer.name.reads()));
        let counterfactual = (trace.counterfactual_k as usize).min(instances);
        let record_candidates = trace.record_candidates && counterfactual > 0;
        if record_candidates || (counterfactual > 0 && !policy.has_scorers()) {
            reads = reads.and(Reads::LOAD);
        }
        let mut by_name: Vec<u32> = (0..instances as u32).collect();
        let names: Vec<String> = by_name.iter().map(u32::to_string).collect();
        order::sort_indices(&mut by_name, |instance| names[instance as usize].as_str());
        let mut name_rank = vec![0; instances];
        for (rank, &instance) in by_name.iter().enumerate() {
            name_rank[instance as usize] = rank as u32;
        }
        Self {
            policy,
            scorers: Scorers::new(scorers, instances, numbering),
            ties,
            turn: 0,
            counterfactual,
            record_candidates,
            reads,
            name_rank,
            scores: Vec::new(),
            best: InstanceSet::none(instances),
            sorted: (0..instances as u32).collect(),
        }
    }

    /// What decisions of this policy may read.
    pub const fn may_read(&self) -> Reads {
        self.reads
    }

    /// Whether decisions depend on the request's prompt.
    pub const fn reads_prompt(&self) -> bool {
        self.policy.has_scorers()
    }

    /// What the decision about this request reads: without a shared block no prefix cache can hold anything.
    pub const fn reads(&self, prompt: PromptKey) -> Reads {
        Reads { index: self.reads.index && prompt.shared_blocks > 0, ..self.reads }
    }

    /// Entries per decision in the record of candidates.
    pub const fn candidates_per_decision(&self) -> usize {
        if self.record_candidates { self.counterfactual } else { 0 }
    }

    /// Chooses an instance, or takes the `forced` one after all draws have been made, and writes the trace.
    pub fn decide(
        &mut self,
        request: RequestIndex,
        prompt: PromptKey,
        forced: Option<InstanceIndex>,
        view: &View,
        record: &mut GatewayRecord,
    ) -> Decision {
        let instances = view.instances();
        let weighted = self.policy.has_scorers();
        if weighted {
            self.scorers.score(prompt, view);
        }
        let instance = match self.policy {
            RoutingPolicyName::RoundRobin => InstanceIndex::new(self.turn),
            RoutingPolicyName::AlwaysBusiest => {
                // Of equals the lowest index: a later one must be strictly busier.
                InstanceIndex::from_index(
                    (1..instances)
                        .fold(0, |best, other| if view.load(other) > view.load(best) { other } else { best }),
                )
            }
            RoutingPolicyName::LeastLoaded | RoutingPolicyName::Weighted => {
                self.choose_best(request, view, record)
            }
        };
        self.turn = if self.turn as usize + 1 < instances { self.turn + 1 } else { 0 };
        let instance = forced.unwrap_or(instance);
        let (score, regret) = self.regret(instance, forced.is_some(), view);
        if self.record_candidates {
            self.record_candidates(view, record);
        }
        if weighted {
            self.scorers.observe(prompt, instance);
        }
        Decision { instance, score, regret }
    }

    /// Draws among the instances with the highest score; one alone draws nothing.
    fn choose_best(
        &mut self,
        request: RequestIndex,
        view: &View,
        record: &mut GatewayRecord,
    ) -> InstanceIndex {
        let scores = if self.policy.has_scorers() {
            self.scorers.composite()
        } else {
            self.scores.clear();
            self.scores.extend((0..view.instances()).map(|instance| load_score(view, instance)));
            &self.scores
        };
        let highest = largest(scores);
        self.best.fill(scores, |&score| score >= highest);
        if let Some(only) = self.best.only() {
            return only;
        }
        let tied = self.best.len();
        let pick = self.ties.pick(request, tied);
        record.tie_breaks.push(TieBreak { request, tied, pick });
        debug_assert!(pick < tied, "a pick among too few");
        InstanceIndex::from_index(self.best.iter().nth(pick as usize).unwrap_or(0))
    }

    /// The scorers of the weighted policy with their normalised weights.
    pub fn scorer_shares(&self) -> Vec<ScorerShare> {
        self.scorers.shares()
    }

    /// What each scorer alone gives each instance.
    pub fn single_scores(&mut self, prompt: PromptKey, view: &View) -> Vec<Vec<f64>> {
        self.scorers.single_scores(prompt, view)
    }

    /// The score by which regret is measured: the weighted sum of the last decision, or minus the load.
    pub fn score_of(&self, instance: usize, view: &View) -> f64 {
        if self.policy.has_scorers() {
            self.scorers.composite()[instance]
        } else {
            load_score(view, instance)
        }
    }

    /// Score and regret of the chosen instance.
    fn regret(&self, chosen: InstanceIndex, forced: bool, view: &View) -> (f64, f64) {
        if self.counterfactual == 0 {
            return (f64::NAN, f64::NAN);
        }
        let score = self.score_of(chosen.index(), view);
        let best = if self.policy.chooses_best() && !forced {
            score
        } else if self.policy.has_scorers() {
            largest(self.scorers.composite())
        } else {
            0.0 - view.least_load()
        };
        (score, (best - score).max(0.0))
    }

    /// The best k by score, then by name as text.
    fn record_candidates(&mut self, view: &View, record: &mut GatewayRecord) {
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.sort_by(|&a, &b| {
            let (score_a, score_b) = (self.score_of(a as usize, view), self.score_of(b as usize, view));
            score_b
                .total_cmp(&score_a)
                .then_with(|| self.name_rank[a as usize].cmp(&self.name_rank[b as usize]))
        });
        record.candidates.extend(sorted[..self.counterfactual].iter().map(|&instance| {
            let at = instance as usize;
            Candidate {
                instance: InstanceIndex::new(instance),
                score: self.score_of(at, view),
                queue_depth: view.queue_depth[at] as u32,
                batch_size: view.batch_size[at] as u32,
                in_flight: view.in_flight[at] as u32,
                free_kv_blocks: view.free_blocks[at],
            }
        }));
        self.sorted = sorted;
    }
}

/// Not a negation: an idle instance scores 0, not -0.
fn load_score(view: &View, instance: usize) -> f64 {
    0.0 - view.load(instance)
}
