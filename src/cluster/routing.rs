//! The gateway's second decision: which instance (routing chapter, R-6 and R-8), and its regret.

use super::columns::largest;
use super::instance_set::InstanceSet;
use super::routable::{Routable, Seen, Subset};
use super::scorers::{PromptKey, ScorerShare, Scorers};
use super::tie_break::TieSource;
use super::view::{Reads, View};
use crate::config::{RoutingPolicyName, RoutingSettings, TraceSettings};
use crate::instance::PromptRuns;
use crate::order;
use crate::record::{Candidate, ChoiceName, TieBreak};
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

/// Where a decision is written.
#[derive(Debug)]
pub struct ChoiceLog<'a> {
    /// Which choice it is.
    pub choice: ChoiceName,
    /// Ties.
    pub ties: &'a mut Vec<TieBreak>,
    /// Candidates.
    pub candidates: &'a mut Vec<Candidate>,
    /// Candidates that are kept of each decision.
    pub kept: usize,
}

/// A routing policy with its state.
#[derive(Clone, Debug)]
pub struct Router {
    policy: RoutingPolicyName,
    scorers: Scorers,
    ties: TieSource,
    /// Decisions so far, by which round-robin counts; there are fewer than 2^32 (config::limits).
    turn: u32,
    /// Candidates that count (k).
    counterfactual: usize,
    record_candidates: bool,
    reads: Reads,
    /// Rank of each instance's name among the texts `instance_<i>`.
    name_rank: Vec<u32>,
    /// Room for what is seen of a part of the instances.
    subset: Subset,
    /// The scores of the least-loaded policy's last decision.
    scores: Vec<f64>,
    /// The best instances of the last decision, by place.
    best: InstanceSet,
    sorted: Vec<u32>,
}

impl Router {
    /// The policy of the settings.
    pub fn new(
        settings: &RoutingSettings,
        trace: TraceSettings,
        runs: Arc<PromptRuns>,
        ties: TieSource,
    ) -> Self {
        let policy = settings.policy;
        let scorers = if policy.has_scorers() { settings.scorers.as_slice() } else { &[] };
        let mut reads = scorers.iter().fold(policy.reads(), |reads, scorer| reads.and(scorer.name.reads()));
        let counterfactual = trace.counterfactual_k as usize;
        let record_candidates = trace.record_candidates && counterfactual > 0;
        if record_candidates || (counterfactual > 0 && !policy.has_scorers()) {
            reads = reads.and(Reads::LOAD);
        }
        Self {
            policy,
            scorers: Scorers::new(scorers, runs),
            ties,
            turn: 0,
            counterfactual,
            record_candidates,
            reads,
            name_rank: Vec::new(),
            subset: Subset::default(),
            scores: Vec::new(),
            best: InstanceSet::default(),
            sorted: Vec::new(),
        }
    }

    /// Further instances, of which the policy remembers nothing yet.
    pub fn add_instances(&mut self, count: usize) {
        self.scorers.add_instances(count);
        let instances = self.name_rank.len() + count;
        let mut by_name: Vec<u32> = (0..instances as u32).collect();
        let names: Vec<String> = by_name.iter().map(u32::to_string).collect();
        order::sort_indices(&mut by_name, |instance| names[instance as usize].as_str());
        self.name_rank.resize(instances, 0);
        for (rank, &instance) in by_name.iter().enumerate() {
            self.name_rank[instance as usize] = rank as u32;
        }
    }

    /// The policy.
    pub const fn policy(&self) -> RoutingPolicyName {
        self.policy
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
    pub fn candidates_per_decision(&self) -> usize {
        if self.record_candidates { self.counterfactual.min(self.name_rank.len()) } else { 0 }
    }

    /// Chooses one of the routable instances, of which there is at least one, or takes the `forced` one after all draws
    /// have been made, and writes the trace. An instance that is not routable cannot be forced.
    pub fn decide(
        &mut self,
        request: RequestIndex,
        prompt: PromptKey,
        forced: Option<InstanceIndex>,
        (view, routable): (&View, Routable<'_>),
        log: ChoiceLog<'_>,
    ) -> Decision {
        match routable {
            Routable::All => self.decide_among(request, prompt, forced, &Seen::all(view), log),
            Routable::Only(_) => {
                let mut subset = std::mem::take(&mut self.subset);
                let seen = subset.seen(view, routable);
                let decision = self.decide_among(request, prompt, forced, &seen, log);
                self.subset = subset;
                decision
            }
        }
    }

    #[inline]
    fn decide_among(
        &mut self,
        request: RequestIndex,
        prompt: PromptKey,
        forced: Option<InstanceIndex>,
        seen: &Seen<'_>,
        mut log: ChoiceLog<'_>,
    ) -> Decision {
        let instances = seen.count();
        let weighted = self.policy.has_scorers();
        if weighted {
            self.scorers.score(prompt, seen);
        }
        let chosen = match self.policy {
            RoutingPolicyName::RoundRobin => (self.turn % instances as u32) as usize,
            RoutingPolicyName::AlwaysBusiest => {
                // Of equals the lowest index: a later one must be strictly busier.
                let load = |place| seen.columns.load(place);
                (1..instances).fold(0, |best, other| if load(other) > load(best) { other } else { best })
            }
            RoutingPolicyName::LeastLoaded | RoutingPolicyName::Weighted => {
                self.choose_best(request, seen, &mut log)
            }
        };
        self.turn += 1;
        let forced = forced.and_then(|instance| seen.place(instance));
        let chosen = forced.unwrap_or(chosen);
        let (score, regret) = self.regret(chosen, forced.is_some(), seen);
        if self.record_candidates {
            self.record_candidates(seen, &mut log);
        }
        let instance = seen.instance(chosen);
        if weighted {
            self.scorers.observe(prompt, instance);
        }
        Decision { instance, score, regret }
    }

    /// Draws among the instances with the highest score; one alone draws nothing.
    fn choose_best(&mut self, request: RequestIndex, seen: &Seen<'_>, log: &mut ChoiceLog<'_>) -> usize {
        let scores = if self.policy.has_scorers() {
            self.scorers.composite()
        } else {
            self.scores.clear();
            self.scores.extend((0..seen.count()).map(|place| load_score(seen, place)));
            &self.scores
        };
        let highest = largest(scores);
        self.best.resize(scores.len());
        self.best.fill(scores, |&score| score >= highest);
        if let Some(only) = self.best.only() {
            return only.index();
        }
        let tied = self.best.count();
        let pick = self.ties.pick(request, tied, log.choice);
        log.ties.push(TieBreak { request, tied, pick, choice: log.choice });
        debug_assert!(pick < tied, "a pick among too few");
        self.best.iter().nth(pick as usize).unwrap_or(0)
    }

    /// The scorers of the weighted policy with their normalised weights.
    pub fn scorer_shares(&self) -> Vec<ScorerShare> {
        self.scorers.shares()
    }

    /// What each scorer alone gives each routable instance.
    pub fn single_scores(&mut self, prompt: PromptKey, seen: &Seen<'_>) -> Vec<Vec<f64>> {
        self.scorers.single_scores(prompt, seen)
    }

    /// The score by which regret is measured: the weighted sum of the last decision, or minus the load.
    pub fn score_of(&self, place: usize, seen: &Seen<'_>) -> f64 {
        if self.policy.has_scorers() { self.scorers.composite()[place] } else { load_score(seen, place) }
    }

    /// Score and regret of the chosen instance.
    fn regret(&self, chosen: usize, forced: bool, seen: &Seen<'_>) -> (f64, f64) {
        if self.counterfactual == 0 {
            return (f64::NAN, f64::NAN);
        }
        let score = self.score_of(chosen, seen);
        let best = if self.policy.chooses_best() && !forced {
            score
        } else if self.policy.has_scorers() {
            largest(self.scorers.composite())
        } else {
            0.0 - seen.columns.least_load()
        };
        (score, (best - score).max(0.0))
    }

    /// The best k by score, then by name as text. Where there are fewer, the rest of the entries is empty.
    fn record_candidates(&mut self, seen: &Seen<'_>, log: &mut ChoiceLog<'_>) {
        let mut sorted = std::mem::take(&mut self.sorted);
        if sorted.len() != seen.count() {
            sorted.clear();
            sorted.extend(0..seen.count() as u32);
        }
        let rank = |place: u32| self.name_rank[seen.instance(place as usize)];
        sorted.sort_by(|&a, &b| {
            let (score_a, score_b) = (self.score_of(a as usize, seen), self.score_of(b as usize, seen));
            score_b.total_cmp(&score_a).then_with(|| rank(a).cmp(&rank(b)))
        });
        let columns = seen.columns;
        let best = sorted.iter().take(log.kept).map(|&place| {
            let at = place as usize;
            Candidate {
                instance: seen.instance(at),
                score: self.score_of(at, seen),
                queue_depth: columns.queue_depth[at] as u32,
                batch_size: columns.batch_size[at] as u32,
                in_flight: columns.in_flight[at] as u32,
                free_kv_blocks: columns.free_blocks[at],
            }
        });
        let entries = log.candidates.len() + log.kept;
        log.candidates.extend(best);
        log.candidates.resize(entries, Candidate::NONE);
        self.sorted = sorted;
    }
}

/// Not a negation: an idle instance scores 0, not -0.
fn load_score(seen: &Seen<'_>, place: usize) -> f64 {
    0.0 - seen.columns.load(place)
}
