//! Whether two runs are the same, and runs cut into slices.

use blis_playground::record::RequestRecords;
use blis_playground::{Config, Outcome, Simulation};

/// Everything that happened to the requests; scores and regrets, which only the trace records, left out.
pub fn requests_text(outcome: &Outcome) -> String {
    let records = RequestRecords { score: Vec::new(), regret: Vec::new(), ..outcome.records.clone() };
    format!("{records:?} {:?} {:?}", outcome.requests, outcome.ending)
}

/// What happened to requests and instances, and the ties.
pub fn run_text(outcome: &Outcome) -> String {
    format!("{} {:?} {:?}", requests_text(outcome), outcome.instances, outcome.gateway.tie_breaks)
}

/// Everything that was recorded. (As text: NaN marks what was not, and is equal to itself there.)
pub fn whole_text(outcome: &Outcome) -> String {
    format!("{:?} {} {:?} {:?}", outcome.records, run_text(outcome), outcome.gateway, outcome.steps)
}

/// A run advanced by these budgets in turn.
pub fn run_in_slices(config: &Config, budgets: &[u64]) -> Outcome {
    let mut simulation = Simulation::new(config).expect("a valid configuration");
    let mut reached = (0.0, 0);
    for &budget in budgets.iter().cycle() {
        let progress = simulation.advance(budget);
        let now = (progress.simulated_seconds, progress.finished_requests);
        assert!(now.0 >= reached.0 && now.1 >= reached.1, "progress goes forwards");
        reached = now;
        if progress.done {
            break;
        }
    }
    simulation.finish()
}
