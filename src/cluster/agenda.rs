//! Cluster events that the gateway's own queues do not know: only the general loop has them.

use super::emitters::Emitters;
use super::gateway::{GatewayEvent, Stage};
use crate::instance::Coupling;
use crate::units::{Micros, RequestIndex};
use crate::workload::ClosedLoop;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The events, in the order of time, class and creation. Each class that is added gets a queue and a counter of its own
/// (question 2 of `docs/spec/growth.md`), so that what is created in one class never moves another.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    /// Class 0, arrivals that a completion has brought: (time, number, request).
    arrivals: BinaryHeap<Reverse<(Micros, u64, RequestIndex)>>,
    created: u64,
}

/// Where the next event of the cluster waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClusterEvent {
    /// At the gateway.
    Gateway(GatewayEvent),
    /// On the agenda: a request arrives that a completion has brought.
    FollowUp(Micros, RequestIndex),
}

impl ClusterEvent {
    /// When it happens.
    pub const fn time(self) -> Micros {
        match self {
            Self::Gateway(event) => event.time,
            Self::FollowUp(time, _) => time,
        }
    }
}

impl Agenda {
    /// A completion has brought a request that arrives at `time`.
    pub fn add_arrival(&mut self, time: Micros, request: RequestIndex) {
        self.arrivals.push(Reverse((time, self.created, request)));
        self.created += 1;
    }

    /// The next event of the cluster, if `gateway` is the gateway's.
    pub fn next(&self, gateway: Option<GatewayEvent>) -> Option<ClusterEvent> {
        let follow_up = self.arrivals.peek().map(|&Reverse((time, _, request))| (time, request));
        match (gateway, follow_up) {
            // At one time listed requests arrive before follow-ups (C-3.3), and these before any decision.
            (Some(event), Some((time, request)))
                if time < event.time || (time == event.time && event.stage > Stage::Arrival) =>
            {
                Some(ClusterEvent::FollowUp(time, request))
            }
            (Some(event), _) => Some(ClusterEvent::Gateway(event)),
            (None, follow_up) => follow_up.map(|(time, request)| ClusterEvent::FollowUp(time, request)),
        }
    }

    /// The next of these arrivals happens.
    pub fn take_arrival(&mut self) {
        self.arrivals.pop();
    }
}

/// What only the general loop has.
#[derive(Debug)]
pub(super) struct General {
    /// Events of the cluster that are not at the gateway.
    pub agenda: Agenda,
    /// The next events of the instances, if they emit.
    pub emitters: Option<Emitters>,
    /// Virtual users.
    pub users: Option<ClosedLoop>,
}

impl General {
    /// Nothing is on the agenda yet.
    pub fn new(coupling: Coupling, instances: usize, users: Option<ClosedLoop>) -> Self {
        let emitters = match coupling {
            Coupling::None => None,
            Coupling::Completions => Some(Emitters::new(instances)),
        };
        Self { agenda: Agenda::default(), emitters, users }
    }
}
