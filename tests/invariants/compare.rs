//! Whether two runs are the same.

use blis_playground::Outcome;
use blis_playground::outcome::records::RequestRecords;

/// Everything that happened to the requests; scores and regrets, which only the trace records, left out.
pub fn requests_text(outcome: &Outcome) -> String {
    let records = RequestRecords { score: Vec::new(), regret: Vec::new(), ..outcome.records.clone() };
    format!("{records:?} {:?} {:?}", outcome.requests, outcome.verdict)
}

/// What happened to requests and instances, and the ties.
pub fn run_text(outcome: &Outcome) -> String {
    format!("{} {:?} {:?}", requests_text(outcome), outcome.instances, outcome.gateway.tie_breaks)
}

/// Everything that was recorded. (As text: NaN marks what was not, and is equal to itself there.)
pub fn whole_text(outcome: &Outcome) -> String {
    format!("{:?} {} {:?} {:?}", outcome.records, run_text(outcome), outcome.gateway, outcome.steps)
}
