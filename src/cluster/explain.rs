//! One routing decision laid open: what the router saw, how old that was, and how it scored (routing chapter).

use super::engine::Engine;
use super::explanation::{Explanation, SeenInstance};
use super::legs::leg_of;
use super::routable::{Routable, Subset};
use super::run::Explain;
use super::scorers::PromptKey;
use crate::instance::{Instance, InstanceSnapshot, Wait};
use crate::latency::LatencyModel;
use crate::record::TieBreak;
use crate::units::{InstanceIndex, Micros, RequestIndex};

impl<L: LatencyModel> Explain for Engine<L> {
    fn watch(&mut self, request: RequestIndex) {
        self.watch.request = Some(request);
    }

    fn force_route(&mut self, request: RequestIndex, instance: InstanceIndex) -> u32 {
        let instances = self.fleet.instances.len() as u32;
        self.watch.forced = (instance.get() < instances).then_some((request, instance));
        instances
    }

    fn take_explanation(&mut self) -> Option<Explanation> {
        self.watch.explanation.take()
    }

    fn track_limits(&mut self) {
        if self.clock == Micros::ZERO && self.steps.is_whole() && self.ending.is_none() {
            self.fleet.instances.iter_mut().for_each(Instance::track_limits);
        }
    }

    fn watch_wait(&mut self, request: RequestIndex) {
        let leg = leg_of(request);
        self.fleet.instances.iter_mut().for_each(|instance| instance.watch(leg));
    }

    fn wait(&self) -> Option<Wait> {
        self.fleet.instances.iter().find_map(Instance::wait)
    }
}

impl<L: LatencyModel> Engine<L> {
    /// What the router sees before it decides about the watched request.
    pub(super) fn explain(&mut self, time: Micros, request: RequestIndex, prompt: PromptKey) -> Explanation {
        let scorers = self.router.scorer_shares();
        let mut subset = Subset::default();
        let seen = subset.seen(&self.view, Routable::from(self.routable.as_ref()));
        let by_scorer = self.router.single_scores(prompt, &seen);
        let columns = self.view.columns();
        let instances = (0..self.fleet.instances.len()).map(|at| {
            let total = f64::from(self.fleet.setup(at).params.total_blocks);
            let InstanceSnapshot { queue_depth, batch_size, used_blocks } =
                self.fleet.instances[at].snapshot();
            SeenInstance {
                queue_depth: columns.queue_depth[at] as u32,
                batch_size: columns.batch_size[at] as u32,
                kv_utilization: columns.utilization[at],
                in_flight: self.fleet.instances[at].in_flight(),
                cached_blocks: self.view.found(at, prompt.path, prompt.shared_blocks),
                load: columns.load(at) as u64,
                true_queue_depth: queue_depth,
                true_batch_size: batch_size,
                true_kv_utilization: f64::from(used_blocks) / total,
                score: f64::NAN,
                scores: seen
                    .place(InstanceIndex::from_index(at))
                    .map_or_else(Vec::new, |place| by_scorer.iter().map(|scores| scores[place]).collect()),
            }
        });
        Explanation {
            request,
            time_us: time.0,
            snapshot_age_us: self.view.snapshot_age(time).0,
            cache_age_us: self.view.cache_age(time).0,
            scorers,
            instances: instances.collect(),
            chosen: InstanceIndex::NONE,
            tied: 1,
            regret: 0.0,
        }
    }

    /// Completes the explanation with what was decided.
    pub(super) fn finish_explanation(&mut self, mut explanation: Explanation, ties_before: usize) {
        let request = explanation.request;
        let row = request.index();
        explanation.chosen = self.records.instance[row];
        explanation.tied = match self.record.tie_breaks.get(ties_before) {
            Some(&TieBreak { request: drawn, tied, .. }) if drawn == request => tied,
            _ => 1,
        };
        let mut subset = Subset::default();
        let seen = subset.seen(&self.view, Routable::from(self.routable.as_ref()));
        for place in 0..seen.count() {
            explanation.instances[seen.instance(place)].score = self.router.score_of(place, &seen);
        }
        let scores = explanation.instances.iter().map(|seen| seen.score);
        let best = scores.fold(f64::NEG_INFINITY, f64::max);
        explanation.regret = (best - explanation.instances[explanation.chosen].score).max(0.0);
        self.watch.explanation = Some(explanation);
    }
}
