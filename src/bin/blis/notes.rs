//! Notes on how a run ended (metrics chapter, M-11).

use blis_playground::Outcome;
use blis_playground::outcome::beside;
use blis_playground::record::{Ending, RequestState};

/// One line for each thing that is odd about a finished run.
pub fn notes(outcome: &Outcome) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(given_up(outcome));
    notes.extend(outcome.warnings().iter().map(|warning| format!("warning: {warning}")));
    let count = |state| outcome.records.state.iter().filter(|other| **other == state).count();
    let completed = count(RequestState::Completed) + count(RequestState::LengthCapped);
    for (state, what) in [
        (RequestState::Dropped, "dropped: they can never be served with this memory and length limit"),
        (RequestState::LengthCapped, "cut at the longest length allowed"),
    ] {
        match count(state) {
            0 => {}
            number => notes.push(format!("warning: {number} requests were {what}")),
        }
    }
    let preemptions: u64 = outcome.instances.iter().map(|instance| instance.preemptions).sum();
    if preemptions > 0 {
        notes.push(format!("warning: {preemptions} preemptions: KV blocks ran out"));
    }
    notes.extend(beside::notes(outcome).into_iter().map(|note| format!("note: {note}")));
    if completed == 0 {
        let total = outcome.requests.len();
        let reason = match (
            count(RequestState::Rejected),
            count(RequestState::TimedOut),
            count(RequestState::Dropped),
        ) {
            (rejected, _, _) if rejected == total && total > 0 => "all were rejected by admission",
            (_, timed_out, _) if timed_out == total && total > 0 => "all timed out",
            (_, _, dropped) if dropped == total && total > 0 => "all were dropped",
            _ => "the horizon is too short or the workload too small",
        };
        notes.push(format!("warning: no requests completed: {reason}"));
    }
    notes
}

/// A run that could not finish.
fn given_up(outcome: &Outcome) -> Option<String> {
    match outcome.ending {
        Ending::Finished => None,
        Ending::Livelock { instance, request, at } => Some(format!(
            "warning: given up at {at}: instance_{instance} evicts its only request {} again and again, \
             its KV blocks do not suffice",
            outcome.requests.id(request)
        )),
        Ending::StepLimit { steps, at } => {
            Some(format!("warning: given up at {at}: more than {steps} steps, more than such a run can need"))
        }
    }
}
