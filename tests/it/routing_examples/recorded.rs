//! Running a recorded workload, with all candidates kept and the ties falling as recorded.

use crate::common::cluster::view;
use crate::common::golden_text;
use blis_playground::golden::case_setup;
use blis_playground::record::{Candidate, TieBreak};
use blis_playground::{Config, Outcome, Simulation};

/// The settings of a case, with all candidates kept, and its ties.
pub fn setup(name: &str) -> (Config, Vec<TieBreak>) {
    let text = golden_text(&format!("cases/{name}.json"));
    let (mut config, ties) = case_setup(&text).expect("a case that can be run");
    config.trace.counterfactual_k = config.cluster.num_instances;
    config.trace.record_candidates = true;
    (config, ties)
}

pub fn run(config: &Config, ties: &[TieBreak]) -> Outcome {
    let mut simulation = Simulation::with_recorded_ties(config, ties).expect("a valid configuration");
    simulation.run_to_end();
    simulation.finish()
}

pub fn run_case(name: &str) -> Outcome {
    let (config, ties) = setup(name);
    run(&config, &ties)
}

/// One figure of what a decision saw of every instance, in instance order.
pub fn seen<T>(outcome: &Outcome, request: u32, figure: impl Fn(&Candidate) -> T) -> Vec<T> {
    view(outcome, request).iter().map(figure).collect()
}

pub fn scores(outcome: &Outcome, request: u32) -> Vec<f64> {
    seen(outcome, request, |seen| seen.score)
}

/// The tie of a request as (instances that tied, pick); `None` if there was none.
pub fn tie(outcome: &Outcome, request: u32) -> Option<(u32, u32)> {
    outcome.gateway.tie_breaks.iter().find(|tie| tie.request.get() == request).map(|tie| (tie.tied, tie.pick))
}
