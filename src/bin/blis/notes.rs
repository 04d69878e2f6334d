//! Notes on how a run ended (metrics chapter, M-11).

use crate::remark::Remark;
use blis_playground::Outcome;
use blis_playground::outcome::beside;
use blis_playground::record::{EndReason, Ending, RequestState};
use std::collections::BTreeSet;

/// One remark for each thing that is odd about a finished run.
pub fn notes(outcome: &Outcome) -> Vec<Remark> {
    let mut notes = Vec::new();
    notes.extend(given_up(outcome));
    notes.extend(outcome.warnings().into_iter().map(Remark::Warning));
    let count = |state| outcome.records.state.iter().filter(|other| **other == state).count();
    let completed = count(RequestState::Completed) + count(RequestState::LengthCapped);
    for (state, what) in [
        (RequestState::Dropped, "dropped: they can never be served with this memory and length limit"),
        (RequestState::LengthCapped, "cut at the longest length allowed"),
    ] {
        match count(state) {
            0 => {}
            number => notes.push(Remark::Warning(format!("{number} requests were {what}"))),
        }
    }
    notes.extend(other_models(outcome).map(Remark::Warning));
    let preemptions: u64 = outcome.instances.iter().map(|instance| instance.preemptions).sum();
    if preemptions > 0 {
        notes.push(Remark::Warning(format!("{preemptions} preemptions: KV blocks ran out")));
    }
    notes.extend(beside::notes(outcome).into_iter().map(Remark::Note));
    if completed == 0 {
        let total = outcome.requests.len();
        let reason = match (
            count(RequestState::Rejected),
            count(RequestState::TimedOut),
            count(RequestState::Dropped),
        ) {
            (rejected, _, _) if rejected == total && total > 0 => match outcome.gateway.routing_rejections {
                0 => "all were rejected by admission",
                _ => "all were rejected, at routing or before",
            },
            (_, timed_out, _) if timed_out == total && total > 0 => "all timed out",
            (_, _, dropped) if dropped == total && total > 0 => "all were dropped",
            _ => "the horizon is too short or the workload too small",
        };
        notes.push(Remark::Warning(format!("no requests completed: {reason}")));
    }
    notes
}

/// Requests that were rejected at routing, with the models that they name.
fn other_models(outcome: &Outcome) -> Option<String> {
    let number = outcome.gateway.routing_rejections;
    let models = outcome.requests.models.as_ref().filter(|_| number > 0)?;
    let rejected = outcome.rows().filter(|&row| outcome.records.end_reason[row] == EndReason::OtherModel);
    let names: BTreeSet<&str> = rejected.map(|row| models.name(row)).collect();
    let first = names.first()?;
    let more = match names.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("{number} requests were rejected at routing: no instance serves the model {first}{more}"))
}

/// A run that could not finish.
fn given_up(outcome: &Outcome) -> Option<Remark> {
    let text = match outcome.ending {
        Ending::Finished => return None,
        Ending::Livelock { instance, request, at } => format!(
            "given up at {at}: instance_{instance} evicts its only request {} again and again, its KV blocks do not \
             suffice",
            outcome.requests.id(request)
        ),
        Ending::StepLimit { steps, at } => {
            format!("given up at {at}: more than {steps} steps, more than such a run can need")
        }
    };
    Some(Remark::Warning(text))
}
