//! The whole cluster at one moment: what an animation shows.

use super::engine::Engine;
use crate::instance::RunningRequest;
use crate::latency::LatencyModel;
use crate::outcome::limits::Limit;
use crate::outcome::records::RequestState;
use crate::units::{Blocks, Micros, RequestIndex, Tokens};
use serde::Serialize;

/// Where a request is at a moment. The numbers are part of the JavaScript API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Place {
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
pub struct InstanceMoment {
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
pub struct Moment {
    /// The time.
    pub time: Micros,
    /// Where each request is.
    pub places: Vec<Place>,
    /// The instances.
    pub instances: Vec<InstanceMoment>,
}

impl<L: LatencyModel> Engine<L> {
    /// The cluster as the events so far have left it.
    pub fn moment(&self, time: Micros) -> Moment {
        let mut places: Vec<Place> = (0..self.requests.len()).map(|row| self.place(row)).collect();
        let instances = self.instances.iter().map(|instance| {
            let running: Vec<_> = instance.running_requests().collect();
            for member in &running {
                let place = if member.prefill { Place::Prefill } else { Place::Decode };
                places[member.request as usize] = place;
            }
            InstanceMoment {
                waiting: instance.waiting_requests(&self.params, &self.requests, &self.records),
                running,
                used_blocks: instance.look().used_blocks,
                in_flight: instance.in_flight(),
                preemptions: instance.preemptions(),
                completed: instance.completed(),
                limit: instance.limit(time),
                step_tokens: instance.step_tokens(time),
            }
        });
        let instances = instances.collect();
        Moment { time, places, instances }
    }

    /// Waiting, running and used blocks of every instance, in this order, appended to `columns`.
    pub fn sample(&self, columns: &mut Vec<u32>) {
        for instance in &self.instances {
            let look = instance.look();
            columns.extend([look.queue_depth, look.batch_size, look.used_blocks]);
        }
    }

    /// Time of the next event anywhere, if one is left within the horizon.
    pub fn next_event(&mut self) -> Option<Micros> {
        let gateway = self.queues.next(&self.requests).map(|event| event.time);
        let records = &self.records;
        let instances = self.instances.iter_mut().map(|instance| instance.next_live_event(records));
        let next = gateway.into_iter().chain(instances).min()?;
        (next < Micros::FOREVER && next <= self.params.horizon).then_some(next)
    }

    fn place(&self, row: usize) -> Place {
        let records = &self.records;
        match records.state[row] {
            RequestState::NotArrived => Place::Future,
            RequestState::InTransit if records.routed_at[row].happened() => Place::Delivery,
            RequestState::InTransit if records.admitted_at[row].happened() => Place::Routing,
            RequestState::InTransit => Place::Admission,
            RequestState::Rejected => Place::Rejected,
            RequestState::Queued if records.preemptions[row] > 0 => Place::Evicted,
            RequestState::Queued => Place::Waiting,
            RequestState::Running => Place::Decode,
            RequestState::Completed | RequestState::LengthCapped => Place::Completed,
            RequestState::TimedOut => Place::TimedOut,
            RequestState::Dropped => Place::Dropped,
        }
    }
}
