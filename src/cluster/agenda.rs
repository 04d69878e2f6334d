//! Cluster events that the gateway's own queues do not know: only the general loop has them.

use super::emitters::Emitters;
use super::gateway::{GatewayEvent, Stage};
use super::windows::SessionLoop;
use crate::config::Kill;
use crate::order;
use crate::units::{Micros, RequestIndex};
use crate::workload::{ClosedLoop, Requests};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// The events, in the order of time, class and creation. Each class that is added gets a queue and a counter of its own
/// (question 2 of `docs/spec/growth.md`), so that what is created in one class never moves another.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    /// Class 0, arrivals that are not listed, since a burst or a completion brings them: (time, number, request).
    arrivals: BinaryHeap<Reverse<(Micros, u64, RequestIndex)>>,
    created: u64,
    /// Class 9, actions: instances that stop, the next one last.
    actions: Vec<Kill>,
}

/// Where the next event of the cluster waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClusterEvent {
    /// At the gateway.
    Gateway(GatewayEvent),
    /// On the agenda: a request arrives that is not listed.
    Unlisted(Micros, RequestIndex),
    /// On the agenda: an instance stops taking requests.
    Kill(Kill),
    /// Between pools: an instance is chosen that computes the prompt of a request.
    PrefillChoice(Micros, RequestIndex),
    /// Between pools: the blocks of a prompt arrive; with the row of its request among those in two parts.
    TransferEnd(Micros, u32),
}

impl ClusterEvent {
    /// When it happens.
    pub const fn time(self) -> Micros {
        match self {
            Self::Gateway(event) => event.time,
            Self::Unlisted(time, _) | Self::PrefillChoice(time, _) | Self::TransferEnd(time, _) => time,
            Self::Kill(kill) => Micros(kill.at),
        }
    }
}

impl Agenda {
    /// What is on it from the start: the requests of bursts, and instances that stop.
    pub fn new(requests: &Requests, burst: Range<usize>, kills: &[Kill]) -> Self {
        let mut agenda = Self { actions: kills.to_vec(), ..Self::default() };
        for request in burst.map(RequestIndex::from_index) {
            agenda.add_arrival(requests.arrival[request], request);
        }
        // At one time in the order in which they are given.
        agenda.actions.reverse();
        order::sort_by_key(&mut agenda.actions, |kill| Reverse(kill.at));
        agenda
    }

    /// A request that is not listed arrives at `time`.
    pub fn add_arrival(&mut self, time: Micros, request: RequestIndex) {
        self.arrivals.push(Reverse((time, self.created, request)));
        self.created += 1;
    }

    /// The next event of the cluster, if `gateway` is the gateway's.
    pub fn next(&self, gateway: Option<GatewayEvent>) -> Option<ClusterEvent> {
        let arrival = self.arrivals.peek().map(|&Reverse((time, _, request))| (time, request));
        let before_action = match (gateway, arrival) {
            // At one time listed requests arrive before all others (C-3.3), and these before any decision.
            (Some(event), Some((time, request)))
                if time < event.time || (time == event.time && event.stage > Stage::Arrival) =>
            {
                Some(ClusterEvent::Unlisted(time, request))
            }
            (Some(event), _) => Some(ClusterEvent::Gateway(event)),
            (None, arrival) => arrival.map(|(time, request)| ClusterEvent::Unlisted(time, request)),
        };
        // At one time actions come last (E-1).
        let action = self
            .actions
            .last()
            .filter(|kill| before_action.is_none_or(|event| Micros(kill.at) < event.time()));
        action.map_or(before_action, |&kill| Some(ClusterEvent::Kill(kill)))
    }

    /// The next of these arrivals happens.
    pub fn take_arrival(&mut self) {
        self.arrivals.pop();
    }

    /// The next action happens.
    pub fn take_action(&mut self) {
        self.actions.pop();
    }
}

/// What only the general loop has.
#[derive(Debug)]
pub(super) struct General {
    /// Events of the cluster that are not at the gateway.
    pub agenda: Agenda,
    /// The next events of the instances, if they emit.
    pub emitters: Option<Emitters>,
    /// Sessions.
    pub sessions: Option<SessionLoop>,
}

impl General {
    /// Before the first event.
    pub fn new(agenda: Agenda, emitters: Option<Emitters>, closed_loop: Option<ClosedLoop>) -> Self {
        Self { agenda, emitters, sessions: closed_loop.map(SessionLoop::new) }
    }
}
