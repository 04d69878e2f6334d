//! The whole cluster at one moment: what an animation shows.

use super::agenda::ClusterEvent;
use super::engine::Engine;
use crate::instance::{Instance, RunningRequest};
use crate::latency::LatencyModel;
use crate::record::{Limit, RequestState};
use crate::units::{Blocks, Micros, RequestIndex, Tokens};

/// Where a request is at a moment. The numbers are part of the JavaScript API.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen(js_name = Place))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RequestLocation {
    /// Not yet arrived.
    Future = 0,
    /// Arrived, waiting for the admission decision.
    Admission = 1,
    /// Admitted, waiting for the routing decision.
    Routing = 2,
    /// Routed, on the way to the instance's queue.
    Delivery = 3,
    /// In a wait queue.
    Waiting = 4,
    /// Back in a wait queue after an eviction.
    Evicted = 5,
    /// In a batch, computing its prompt.
    Prefill = 6,
    /// In a batch, producing output.
    Decode = 7,
    /// Finished.
    Completed = 8,
    /// Refused by admission.
    Rejected = 9,
    /// Cancelled at its deadline.
    TimedOut = 10,
    /// Unservable.
    Dropped = 11,
}

/// An instance at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstanceState {
    /// Waiting requests, next one first.
    pub waiting: Vec<RequestIndex>,
    /// Running requests in batch order.
    pub running: Vec<RunningRequest>,
    /// KV blocks in use.
    pub used_blocks: Blocks,
    /// Requests in flight.
    pub in_flight: u32,
    /// Evictions so far.
    pub preemptions: u64,
    /// Requests completed so far.
    pub completed: u64,
    /// What the waiting requests wait for; only in a run that tracks limits.
    pub limit: Option<Limit>,
    /// Tokens of the step under way, 0 between two steps; only in a run that tracks limits.
    pub step_tokens: Tokens,
}

/// The cluster after all events up to and including `time`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterState {
    /// The time.
    pub time: Micros,
    /// Where each request is.
    pub locations: Vec<RequestLocation>,
    /// The instances.
    pub instances: Vec<InstanceState>,
}

/// What the instances hold, one column per quantity: a number per instance, and that time after time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstanceColumns {
    /// Waiting requests.
    pub waiting: Vec<u32>,
    /// Running requests.
    pub running: Vec<u32>,
    /// KV blocks in use.
    pub used_blocks: Vec<Blocks>,
}

/// What can be seen of a run in progress.
pub trait Observe {
    /// The cluster as the events so far have left it.
    fn cluster_state(&self, time: Micros) -> ClusterState;

    /// What every instance holds, appended to `columns`.
    fn sample(&self, columns: &mut InstanceColumns);

    /// Time of the next event anywhere, if one is left within the horizon.
    fn next_event(&mut self) -> Option<Micros>;

    /// Simulated time that has been reached.
    fn reached(&self) -> Micros;

    /// Requests that have ended.
    fn ended(&self) -> u64;

    /// Requests known so far.
    fn known(&self) -> u64;
}

impl<L: LatencyModel> Observe for Engine<L> {
    fn cluster_state(&self, time: Micros) -> ClusterState {
        let mut locations: Vec<RequestLocation> =
            (0..self.requests.len()).map(|row| self.location(row)).collect();
        let instances = self.fleet.instances.iter().zip(&self.fleet.setup_of).map(|(instance, &setup)| {
            let running: Vec<_> = instance.running_requests().collect();
            for member in &running {
                let location =
                    if member.prefill { RequestLocation::Prefill } else { RequestLocation::Decode };
                locations[member.request] = location;
            }
            InstanceState {
                waiting: instance.waiting_requests(
                    &self.fleet.setups[setup].params,
                    &self.requests,
                    &self.records,
                ),
                running,
                used_blocks: instance.snapshot().used_blocks,
                in_flight: instance.in_flight(),
                preemptions: instance.preemptions(),
                completed: instance.completed(),
                limit: instance.limit(time),
                step_tokens: instance.step_tokens(time),
            }
        });
        let instances = instances.collect();
        ClusterState { time, locations, instances }
    }

    fn sample(&self, columns: &mut InstanceColumns) {
        for instance in &self.fleet.instances {
            let snapshot = instance.snapshot();
            columns.waiting.push(snapshot.queue_depth);
            columns.running.push(snapshot.batch_size);
            columns.used_blocks.push(snapshot.used_blocks);
        }
    }

    fn next_event(&mut self) -> Option<Micros> {
        let gateway = self.next_cluster_event().map(ClusterEvent::time);
        let records = &self.records;
        let instances = self.fleet.instances.iter_mut().map(|instance| instance.next_live_event(records));
        let next = gateway.into_iter().chain(instances).min()?;
        (next < Micros::FOREVER && next <= self.horizon).then_some(next)
    }

    fn reached(&self) -> Micros {
        self.clock.max(self.fleet.instances.iter().map(Instance::clock).max().unwrap_or(Micros::ZERO))
    }

    fn ended(&self) -> u64 {
        self.record.rejected + self.fleet.instances.iter().map(Instance::left).sum::<u64>()
    }

    fn known(&self) -> u64 {
        self.requests.len() as u64
    }
}

impl<L: LatencyModel> Engine<L> {
    fn location(&self, row: usize) -> RequestLocation {
        let records = &self.records;
        match records.state[row] {
            RequestState::NotArrived => RequestLocation::Future,
            RequestState::InTransit if records.routed_at[row].happened() => RequestLocation::Delivery,
            RequestState::InTransit if records.admitted_at[row].happened() => RequestLocation::Routing,
            RequestState::InTransit => RequestLocation::Admission,
            RequestState::Rejected => RequestLocation::Rejected,
            RequestState::Queued if records.preemptions[row] > 0 => RequestLocation::Evicted,
            RequestState::Queued => RequestLocation::Waiting,
            RequestState::Running => RequestLocation::Decode,
            RequestState::Completed | RequestState::LengthCapped => RequestLocation::Completed,
            RequestState::TimedOut => RequestLocation::TimedOut,
            RequestState::Dropped => RequestLocation::Dropped,
        }
    }
}
