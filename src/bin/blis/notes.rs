//! Notes on how a run ended (metrics chapter, M-11).

use crate::remark::Remark;
use blis_playground::Outcome;
use blis_playground::outcome::{self, beside};
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
    notes.extend(circling(outcome).map(Remark::Warning));
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

/// Requests that went in a circle because one that waited held the blocks that they needed (KV tiers chapter, T-9).
fn circling(outcome: &Outcome) -> Option<String> {
    let circling = outcome::tiers::tiers(outcome)?.circling;
    let requests = match circling {
        0 => return None,
        1 => "1 request was".to_owned(),
        more => format!("{more} requests were"),
    };
    Some(format!(
        "livelock: {requests} evicted and admitted again in every step for a time, since a waiting request held the KV blocks \
         needed; that ends only when another request leaves, by a deadline or with the run"
    ))
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

#[cfg(test)]
mod tests {
    use super::*;
    use blis_playground::config::{Config, ExplicitRequest, LatencyModelName};
    use blis_playground::simulate;

    /// The livelock of T-9: the last request holds five of ten blocks while it waits, the one before it needs seven.
    fn held(horizon: i64) -> Config {
        let row = |arrival_us: i64, input_tokens: u32, output_tokens: u32, shares: bool| ExplicitRequest {
            arrival_us,
            input_tokens,
            output_tokens,
            prefix_group: shares.then(|| "g".to_owned()),
            prefix_length: if shares { 40 } else { 0 },
            ..ExplicitRequest::default()
        };
        let rows = [
            row(0, 40, 3, true),
            row(200_000, 72, 2, false),
            row(400_000, 30, 20, false),
            row(405_000, 70, 4, true),
        ];
        let mut config = Config::default();
        config.model.latency_model = LatencyModelName::Roofline;
        config.memory.total_kv_blocks = Some(10);
        config.memory.block_size_in_tokens = 8;
        config.memory.max_model_len = Some(80);
        config.memory.kv_cpu_blocks = 100;
        config.cluster.num_instances = 1;
        config.cluster.horizon = Some(horizon);
        config.workload.requests = Some(rows.to_vec().into());
        config
    }

    #[test]
    fn a_circle_of_evictions_is_said() {
        let said = |horizon| circling(&simulate(&held(horizon)).expect("a run"));
        assert_eq!(said(300_000), None);
        let words = said(60_000_000).expect("a livelock");
        assert!(words.starts_with("livelock: 1 request was evicted"), "{words}");
    }
}
