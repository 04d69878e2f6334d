//! The routing policies, regret and candidates.

use super::request::Request;
use super::scorers::Memory;
use super::view::View;
use blis_playground::config::{RoutingPolicyName, RoutingSettings, TraceSettings};
use blis_playground::record::{Candidate, ChoiceName, TieBreak};
use blis_playground::units::{InstanceIndex, RequestIndex};

/// The router. Ties are decided as in the run under test; which instances tie is checked.
#[derive(Debug)]
pub struct Router<'a> {
    settings: &'a RoutingSettings,
    trace: TraceSettings,
    memory: Memory,
    decisions: usize,
    ties: &'a [TieBreak],
    pub tie_breaks: Vec<TieBreak>,
    pub candidates: Vec<Candidate>,
    pub regret_sum: f64,
    pub regret_max: f64,
}

impl<'a> Router<'a> {
    pub fn new(
        settings: &'a RoutingSettings,
        trace: TraceSettings,
        memory: Memory,
        ties: &'a [TieBreak],
    ) -> Self {
        Self {
            settings,
            trace,
            memory,
            decisions: 0,
            ties,
            tie_breaks: Vec::new(),
            candidates: Vec::new(),
            regret_sum: 0.0,
            regret_max: 0.0,
        }
    }

    /// R-2, steps 2 and 3: the chosen instance. Writes the request's score and regret.
    /// Places are those among the routable instances.
    pub fn route(&mut self, view: &View, routable: &[usize], request: &mut Request) -> usize {
        let count = routable.len();
        let weighted = self.settings.policy == RoutingPolicyName::Weighted;
        let loads: Vec<u32> = routable.iter().map(|&instance| view.seen[instance].load()).collect();
        let scores: Vec<f64> = if weighted {
            self.composite(view, routable, request)
        } else {
            loads.iter().map(|&load| -f64::from(load)).collect()
        };
        let place = match self.settings.policy {
            RoutingPolicyName::RoundRobin => self.decisions % count,
            RoutingPolicyName::LeastLoaded | RoutingPolicyName::Weighted => self.best(&scores, request.row),
            RoutingPolicyName::AlwaysBusiest => {
                let max = loads.iter().max();
                loads.iter().position(|load| Some(load) == max).expect("an instance")
            }
        };
        let chosen = routable[place];
        if weighted {
            for scorer in &self.settings.scorers {
                self.memory.observe(scorer.name, view, routable, &request.tokens(), chosen);
            }
        }
        self.decisions += 1;
        if self.trace.counterfactual_k > 0 {
            self.judge(view, routable, &scores, place, request);
        }
        chosen
    }

    fn composite(&self, view: &View, routable: &[usize], request: &Request) -> Vec<f64> {
        let mut total = 0.0;
        for scorer in &self.settings.scorers {
            total += scorer.weight;
        }
        let mut composite = vec![0.0; routable.len()];
        for scorer in &self.settings.scorers {
            let weight = scorer.weight / total;
            let scores = self.memory.scores(scorer.name, view, routable, &request.tokens());
            for (sum, score) in composite.iter_mut().zip(scores) {
                let product = score.clamp(0.0, 1.0) * weight;
                *sum += product;
            }
        }
        composite
    }

    /// The highest score; a tie falls as recorded.
    fn best(&mut self, scores: &[f64], row: usize) -> usize {
        let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let tied: Vec<usize> = (0..scores.len()).filter(|&instance| scores[instance] == best).collect();
        if tied.len() == 1 {
            return tied[0];
        }
        let pick = self.ties.get(self.tie_breaks.len()).map_or(0, |tie| tie.pick);
        self.tie_breaks.push(TieBreak {
            choice: ChoiceName::Main,
            request: RequestIndex::from_index(row),
            tied: tied.len() as u32,
            pick,
        });
        tied[pick as usize % tied.len()]
    }

    /// R-10, counterfactual.
    fn judge(
        &mut self,
        view: &View,
        routable: &[usize],
        scores: &[f64],
        chosen: usize,
        request: &mut Request,
    ) {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        let name = |place: usize| format!("instance_{}", routable[place]);
        order.sort_by(|&one, &other| {
            scores[other].total_cmp(&scores[one]).then_with(|| name(one).cmp(&name(other)))
        });
        request.score = scores[chosen];
        request.regret = (scores[order[0]] - scores[chosen]).max(0.0);
        self.regret_sum += request.regret;
        self.regret_max = self.regret_max.max(request.regret);
        if !self.trace.record_candidates {
            return;
        }
        // A decision has entries for as many as there are instances; with fewer routable the last stay empty.
        let kept = (self.trace.counterfactual_k as usize).min(view.seen.len());
        for number in 0..kept {
            let Some(&place) = order.get(number) else {
                self.candidates.push(Candidate::NONE);
                continue;
            };
            let seen = &view.seen[routable[place]];
            self.candidates.push(Candidate {
                instance: InstanceIndex::from_index(routable[place]),
                score: scores[place],
                queue_depth: seen.queue_depth,
                batch_size: seen.batch_size,
                in_flight: seen.in_flight,
                free_kv_blocks: seen.free_blocks,
            });
        }
    }
}
