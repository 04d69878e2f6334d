//! Outcomes built by hand for the tests of this folder.

use super::Outcome;
use crate::config::{RoutingPolicyName, SchedulerName};
use crate::record::{
    EndReason, Ending, GatewayRecord, InstanceRecord, RequestRecords, RequestState, Service, WeightedItl,
};
use crate::units::{InstanceIndex, Micros, RequestIndex};
use crate::workload::{NO_GROUP, NO_SESSION, Pattern, Requests};

/// Builds one request and what happened to it; unset times did not happen.
#[derive(Clone, Debug)]
pub struct RowBuilder {
    pub arrival: i64,
    pub input: u32,
    pub output: u32,
    pub class: &'static str,
    pub tenant: &'static str,
    pub session: u32,
    pub round: u32,
    pub state: RequestState,
    pub instance: u32,
    pub enqueued: Option<i64>,
    pub scheduled: Option<i64>,
    pub ended: Option<i64>,
    pub ttft: Option<i64>,
    pub gaps: Vec<i64>,
    pub regret: f64,
}

impl RowBuilder {
    /// Completed on instance 0, scheduled on arrival, with one output token more than gaps.
    pub fn completed(arrival: i64, ttft: i64, gaps: &[i64]) -> Self {
        Self {
            arrival,
            input: 10,
            output: gaps.len() as u32 + 1,
            class: "",
            tenant: "",
            session: NO_SESSION,
            round: 0,
            state: RequestState::Completed,
            instance: 0,
            enqueued: Some(arrival),
            scheduled: Some(arrival),
            ended: None,
            ttft: Some(ttft),
            gaps: gaps.to_vec(),
            regret: 0.0,
        }
    }

    /// Waiting on instance 0 at the end.
    pub fn queued(arrival: i64, enqueued: i64) -> Self {
        let state = RequestState::Queued;
        Self {
            state,
            enqueued: Some(enqueued),
            scheduled: None,
            ttft: None,
            ..Self::completed(arrival, 0, &[])
        }
    }

    /// Refused by admission.
    pub fn rejected(arrival: i64) -> Self {
        let state = RequestState::Rejected;
        Self { state, instance: InstanceIndex::NONE.get(), enqueued: None, ..Self::queued(arrival, 0) }
    }

    fn is_completed(&self) -> bool {
        matches!(self.state, RequestState::Completed | RequestState::LengthCapped)
    }

    fn e2e(&self) -> Option<i64> {
        self.is_completed().then(|| self.ttft.unwrap_or(0) + self.gaps.iter().sum::<i64>())
    }
}

/// The outcome of these requests on `instances` instances; routed in row order at their arrival.
pub fn outcome(instances: usize, rows: &[RowBuilder]) -> Outcome {
    let mut outcome = Outcome {
        pools: None,
        requests: Requests { clients: vec!["client".to_owned()], ..Requests::default() },
        records: RequestRecords::default(),
        instances: vec![InstanceRecord::default(); instances],
        gateway: GatewayRecord::default(),
        stops: Vec::new(),
        burst: 0..0,
        steps: Vec::new(),
        unfinished: Vec::new(),
        sessions: Vec::new(),
        limits: None,
        ending: Ending::Finished,
        scheduler: SchedulerName::Fcfs,
        streams: crate::config::StreamsName::Reference,
        routing: RoutingPolicyName::RoundRobin,
        users_cut_short: false,
        completion_overhead: Micros::ZERO,
        pattern: Pattern::default(),
        offered_rate: None,
        service: Service::default(),
        rented: crate::record::Rented::default(),
    };
    for row in rows {
        push_request(&mut outcome.requests, row);
        push_record(&mut outcome.records, row);
        count_at_gateway(&mut outcome, row);
        if let Some(instance) = outcome.instances.get_mut(row.instance as usize) {
            count_at_instance(instance, row);
        }
    }
    outcome
}

fn name_index(names: &mut Vec<String>, name: &str) -> u16 {
    let found = names.iter().position(|known| known == name);
    found.unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    }) as u16
}

fn push_request(requests: &mut Requests, row: &RowBuilder) {
    requests.arrival.push(Micros(row.arrival));
    requests.input.push(row.input);
    requests.output.push(row.output);
    requests.budget.push(row.output as i32);
    requests.deadline.push(Micros::ZERO);
    requests.group.push(NO_GROUP);
    requests.prefix.push(0);
    requests.class.push(name_index(&mut requests.classes, row.class));
    requests.tenant.push(name_index(&mut requests.tenants, row.tenant));
    requests.client.push(0);
    requests.session.push(row.session);
    requests.round.push(row.round);
}

fn push_record(records: &mut RequestRecords, row: &RowBuilder) {
    let micros = |time: Option<i64>| time.map_or(Micros::NEVER, Micros);
    let instance = InstanceIndex::new(row.instance);
    let routed = instance.is_some().then_some(row.arrival);
    records.state.push(row.state);
    records.end_reason.push(EndReason::None);
    records.admitted_at.push(Micros(row.arrival));
    records.routed_at.push(micros(routed));
    records.instance.push(instance);
    records.score.push(if routed.is_some() { 0.0 } else { f64::NAN });
    records.regret.push(if routed.is_some() { row.regret } else { f64::NAN });
    records.enqueued_at.push(micros(row.enqueued));
    records.priority.push(0);
    records.first_scheduled_at.push(micros(row.scheduled));
    records.last_scheduled_at.push(micros(row.scheduled));
    records.ttft.push(micros(row.ttft));
    records.itl_sum.push(row.gaps.iter().sum());
    records.itl_count.push(row.gaps.len() as u32);
    records.e2e.push(micros(row.e2e()));
    records.ended_at.push(micros(row.ended.or(row.e2e().map(|e2e| row.arrival + e2e))));
    records.preemptions.push(0);
    records.cached_first.push(0);
    records.cached_last.push(0);
}

fn count_at_gateway(outcome: &mut Outcome, row: &RowBuilder) {
    let gateway = &mut outcome.gateway;
    gateway.arrivals_by_class.resize(outcome.requests.classes.len(), 0);
    gateway.rejected_by_class.resize(outcome.requests.classes.len(), 0);
    if row.state == RequestState::NotArrived {
        return;
    }
    let index = outcome.requests.len() - 1;
    let class = usize::from(outcome.requests.class[index]);
    gateway.arrivals_by_class[class] += 1;
    gateway.admission_decisions += 1;
    if row.state == RequestState::Rejected {
        gateway.rejected += 1;
        gateway.rejected_by_class[class] += 1;
    } else {
        gateway.routing_order.push(RequestIndex::from_index(index));
        gateway.regret_sum += row.regret;
        gateway.regret_max = gateway.regret_max.max(row.regret);
    }
}

fn count_at_instance(instance: &mut InstanceRecord, row: &RowBuilder) {
    instance.routed += 1;
    instance.input_tokens += u64::from(row.input);
    match row.state {
        RequestState::Completed | RequestState::LengthCapped => {
            instance.completed += 1;
            instance.length_capped += u64::from(row.state == RequestState::LengthCapped);
            instance.output_tokens += u64::from(row.output);
            instance.itls.extend(row.gaps.iter().map(|&gap| WeightedItl { gap, weight: 1 }));
        }
        RequestState::TimedOut => instance.timed_out += 1,
        RequestState::Dropped => instance.dropped += 1,
        RequestState::Lost => instance.lost += 1,
        RequestState::Queued => instance.still_queued += 1,
        RequestState::Running => instance.still_running += 1,
        RequestState::NotArrived
        | RequestState::InTransit
        | RequestState::Rejected
        | RequestState::InTransfer => {}
    }
    let end = row.e2e().map(|e2e| Micros(row.arrival + e2e));
    instance.end = instance.end.max(end.unwrap_or_default());
}
