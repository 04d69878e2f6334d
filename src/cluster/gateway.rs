//! The cluster's own events: arrivals, admission and routing decisions, in order (cluster chapter, C-2 and C-3).

use crate::order;
use crate::units::{Micros, RequestIndex};
use crate::workload::Requests;
use std::collections::VecDeque;

/// What happens at the gateway; the order of the variants is the order at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// A request arrives.
    Arrival,
    /// It is decided whether to let it in.
    Admission,
    /// It is decided where to send it.
    Routing,
}

/// The next thing to happen at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayEvent {
    /// When.
    pub time: Micros,
    /// What.
    pub stage: Stage,
    /// To which request.
    pub request: RequestIndex,
}

/// The gateway's queues. Both latencies are constants, so decisions happen in the order of arrivals and three
/// cursors are enough (C-3.1).
#[derive(Clone, Debug)]
pub struct GatewayQueues {
    /// Requests in order of arrival; empty if that is the order of the rows.
    order: Vec<RequestIndex>,
    listed: usize,
    next_arrival: usize,
    admission: VecDeque<RequestIndex>,
    routing: VecDeque<RequestIndex>,
    admission_latency: Micros,
    routing_latency: Micros,
}

impl GatewayQueues {
    /// The first `listed` requests are yet to arrive.
    pub fn new(
        requests: &Requests,
        listed: usize,
        admission_latency: Micros,
        routing_latency: Micros,
    ) -> Self {
        let mut order = Vec::new();
        if !requests.arrival[..listed].is_sorted() {
            order.extend(RequestIndex::first(listed));
            order::sort_indices(&mut order, |request| requests.arrival[request]);
        }
        Self {
            order,
            listed,
            next_arrival: 0,
            admission: VecDeque::new(),
            routing: VecDeque::new(),
            admission_latency,
            routing_latency,
        }
    }

    /// Time between an arrival and its routing decision.
    pub fn delay(&self) -> Micros {
        self.admission_latency + self.routing_latency
    }

    /// The request that arrives at this place.
    fn arrival(&self, place: usize) -> Option<RequestIndex> {
        let by_row = (place < self.listed).then_some(RequestIndex::from_index(place));
        if self.order.is_empty() { by_row } else { self.order.get(place).copied() }
    }

    /// Whether the request of this event, the next one, arrives and is decided upon before anything else happens.
    pub fn goes_straight_through(&self, event: GatewayEvent, requests: &Requests) -> bool {
        event.stage == Stage::Arrival
            && self.admission_latency == Micros::ZERO
            && self.routing_latency == Micros::ZERO
            && self.admission.is_empty()
            && self.routing.is_empty()
            && self.arrival(self.next_arrival + 1).is_none_or(|next| requests.arrival[next] > event.time)
    }

    /// The next event, if any.
    pub fn next(&self, requests: &Requests) -> Option<GatewayEvent> {
        let at = |request: RequestIndex| requests.arrival[request];
        let arriving = self.arrival(self.next_arrival);
        let mut next =
            arriving.map(|request| GatewayEvent { time: at(request), stage: Stage::Arrival, request });
        // Of equal times the earlier stage goes first: a later one must come strictly before.
        let mut consider = |waiting: &VecDeque<RequestIndex>, stage, latency: Micros| {
            if let Some(&request) = waiting.front() {
                let time = at(request) + latency;
                if next.is_none_or(|event| time < event.time) {
                    next = Some(GatewayEvent { time, stage, request });
                }
            }
        };
        consider(&self.admission, Stage::Admission, self.admission_latency);
        consider(&self.routing, Stage::Routing, self.admission_latency + self.routing_latency);
        next
    }

    /// The next arrival of the list has happened.
    pub fn take_arrival(&mut self) {
        self.next_arrival += 1;
    }

    /// A request has been let in, but its routing decision has to wait after all.
    pub fn await_routing(&mut self, request: RequestIndex) {
        self.routing.push_back(request);
    }

    /// A request has arrived and waits for its admission decision.
    pub fn await_admission(&mut self, request: RequestIndex) {
        self.admission.push_back(request);
    }

    /// The admission decision about the front request has been made.
    pub fn decided(&mut self, admitted: bool) {
        if let Some(request) = self.admission.pop_front()
            && admitted
        {
            self.routing.push_back(request);
        }
    }

    /// The front request has been sent to an instance.
    pub fn routed(&mut self) {
        self.routing.pop_front();
    }
}
