//! What is reported of a request in two parts (disaggregation chapter, D-10).

use super::pools::Pools;
use crate::record::{Apart, PoolsRecord, RequestRecords, RequestState, Way};
use crate::units::{LegIndex, Micros, RequestIndex};
use crate::workload::Requests;

impl Pools {
    /// Writes the records of the requests from those of their legs, and hands over what is left of the run.
    pub fn report(
        self,
        requests: &Requests,
        records: &mut RequestRecords,
        first_gaps: &[(LegIndex, Micros)],
    ) -> PoolsRecord {
        let Self { legs, records: of_legs, record: mut kept, .. } = self;
        for &(leg, gap) in first_gaps {
            if let Way::Apart(row) = kept.ways[legs.request[leg].index()] {
                kept.apart[row as usize].first_gap = gap;
            }
        }
        for request in RequestIndex::first(requests.len()) {
            match kept.ways[request.index()] {
                Way::Unrouted => {}
                Way::Local(leg) => copy(&of_legs, leg, records, request),
                Way::Apart(row) => compose(&kept.apart[row as usize], requests, &of_legs, records),
            }
        }
        (kept.legs, kept.records) = (legs, of_legs);
        kept
    }
}

/// A request on one instance has what its leg has.
fn copy(of_legs: &RequestRecords, leg: LegIndex, records: &mut RequestRecords, request: RequestIndex) {
    records.state[request] = of_legs.state[leg];
    records.end_reason[request] = of_legs.end_reason[leg];
    records.enqueued_at[request] = of_legs.enqueued_at[leg];
    records.priority[request] = of_legs.priority[leg];
    records.first_scheduled_at[request] = of_legs.first_scheduled_at[leg];
    records.last_scheduled_at[request] = of_legs.last_scheduled_at[leg];
    records.ttft[request] = of_legs.ttft[leg];
    records.itl_sum[request] = of_legs.itl_sum[leg];
    records.itl_count[request] = of_legs.itl_count[leg];
    records.e2e[request] = of_legs.e2e[leg];
    records.ended_at[request] = of_legs.ended_at[leg];
    records.preemptions[request] = of_legs.preemptions[leg];
    records.cached_first[request] = of_legs.cached_first[leg];
    records.cached_last[request] = of_legs.cached_last[leg];
}

fn compose(apart: &Apart, requests: &Requests, of_legs: &RequestRecords, records: &mut RequestRecords) {
    let (request, prefill) = (apart.request, apart.prefill);
    let arrival = requests.arrival[request];
    copy(of_legs, prefill, records, request);
    let Some(decode) = apart.decode else {
        // A prompt without an answer is complete with its prefill part (D-9.3); what ended before has no figures at all.
        if of_legs.state[prefill] != RequestState::Completed {
            records.ttft[request] = Micros::NEVER;
            records.last_scheduled_at[request] = Micros::NEVER;
        }
        return;
    };
    let state = of_legs.state[decode];
    let fell_through = state == RequestState::Dropped;
    records.state[request] = if apart.transferred || fell_through { state } else { RequestState::InTransfer };
    records.end_reason[request] = of_legs.end_reason[decode];
    records.ended_at[request] = of_legs.ended_at[decode];
    records.preemptions[request] += of_legs.preemptions[decode];
    let completed = matches!(state, RequestState::Completed | RequestState::LengthCapped);
    // Of what is not over, and of what was dropped at time 0, nothing is reported.
    let ended = of_legs.ended_at[decode].get().filter(|&at| at > 0);
    let Some(ended) = ended else {
        records.ttft[request] = Micros::NEVER;
        records.e2e[request] = Micros::NEVER;
        records.last_scheduled_at[request] = Micros::NEVER;
        return;
    };
    let delay = of_legs.last_scheduled_at[decode].get().map(|at| Micros(at) - arrival);
    records.e2e[request] = if completed {
        let own = of_legs.e2e[decode];
        // Its own time to first token, which it has if it was evicted, counts from the arrival.
        if of_legs.ttft[decode].happened() { own } else { delay.unwrap_or(Micros::ZERO) + own }
    } else {
        Micros(ended) - arrival
    };
    if let Some(delay) = delay
        && apart.first_gap.happened()
    {
        records.ttft[request] = delay + apart.first_gap;
    }
    if completed {
        records.itl_sum[request] = of_legs.itl_sum[decode];
        records.itl_count[request] = of_legs.itl_count[decode];
    }
}
