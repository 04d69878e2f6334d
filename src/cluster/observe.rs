//! What a run in progress shows of itself.

use super::agenda::ClusterEvent;
use super::cluster_state::{ClusterState, InstanceColumns, InstanceState, RequestLocation, RunningRequest};
use super::engine::Engine;
use super::run::Observe;
use crate::instance::{Instance, RunningLeg};
use crate::latency::LatencyModel;
use crate::record::RequestState;
use crate::units::Micros;

impl<L: LatencyModel> Observe for Engine<L> {
    fn cluster_state(&self, time: Micros) -> ClusterState {
        let mut locations: Vec<RequestLocation> =
            (0..self.requests.len()).map(|row| self.location(row)).collect();
        let instances = self.fleet.instances.iter().zip(&self.fleet.setup_of).enumerate();
        let instances = instances.map(|(index, (instance, &setup))| {
            let running = instance.running_requests().map(|RunningLeg { leg, progress, prefill }| {
                let request = self.request_of(leg);
                locations[request] = if prefill { RequestLocation::Prefill } else { RequestLocation::Decode };
                RunningRequest { request, progress, prefill }
            });
            let running = running.collect();
            let waiting = {
                let (legs, records) = self.legs();
                instance.waiting_requests(&self.fleet.setups[setup].params, legs, records)
            };
            InstanceState {
                waiting: waiting.into_iter().map(|leg| self.request_of(leg)).collect(),
                running,
                used_blocks: instance.snapshot().used_blocks,
                in_flight: instance.in_flight(),
                preemptions: instance.preemptions(),
                completed: instance.completed(),
                lost: instance.lost(),
                routable: self.routable.as_ref().is_none_or(|set| set.contains(index)),
                tier: instance.tier(),
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
            columns.tier_blocks.push(instance.tier().map_or(0, |tier| tier.used));
        }
    }

    fn next_event(&mut self) -> Option<Micros> {
        let gateway = self.next_cluster_event().map(ClusterEvent::time);
        let records = self.pools.as_ref().map_or(&self.records, |pools| &pools.records);
        let instances = self.fleet.instances.iter_mut().map(|instance| instance.next_live_event(records));
        let next = gateway.into_iter().chain(instances).min()?;
        (next < Micros::FOREVER && next <= self.horizon).then_some(next)
    }

    fn reached(&self) -> Micros {
        self.clock.max(self.fleet.instances.iter().map(Instance::clock).max().unwrap_or(Micros::ZERO))
    }

    fn ended(&self) -> u64 {
        self.record.turned_away() + self.fleet.instances.iter().map(Instance::left).sum::<u64>()
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
            RequestState::Lost => RequestLocation::Lost,
            RequestState::InTransfer => RequestLocation::Delivery,
        }
    }
}
