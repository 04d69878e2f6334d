//! The loop of all other runs: what instances do may create events of the cluster.
//!
//! An instance *emits* if one of its events creates an event of the cluster. With virtual users every instance that has
//! work does: a completion brings the next request of its user. Such events are unknown while the instance lags, so an
//! event of the cluster happens only when every event of an emitter before it has. Instances that do not emit lag as in
//! the plain loop.

use super::agenda::ClusterEvent;
use super::cut::Cut;
use super::engine::Engine;
use super::gateway::Stage;
use super::instance_set::InstanceSet;
use super::legs::request_of;
use super::run::Advance;
use crate::config::{Kill, KillMode};
use crate::instance::Completion;
use crate::latency::LatencyModel;
use crate::record::StopRecord;
use crate::units::{InstanceIndex, Micros};
use crate::workload::Answer;

impl<L: LatencyModel> Engine<L> {
    /// Executes every event up to and including `until`.
    pub(super) fn run_general(&mut self, until: Micros, budget: &mut u64) -> Advance {
        let horizon = self.horizon;
        while self.ending.is_none() {
            let event = self.next_cluster_event().filter(|event| event.time() <= horizon.min(until));
            let cut = event.map_or(Cut::after(until), |event| Cut::before(event.time()));
            let emission = self.general.emitters.as_ref().and_then(|emitters| emitters.first_before(cut));
            let advance = match (emission.filter(|&(_, time)| time <= horizon), event) {
                (Some((instance, time)), _) => self.emit(instance, time, budget),
                (None, Some(event)) if event.time() >= self.follow_at => self.follow(event.time(), budget),
                (None, Some(event)) => self.happen(event, budget),
                (None, None) if until < Micros::FOREVER => {
                    return self.bring_forward(until + Micros(1), budget);
                }
                (None, None) => self.wind_down(budget),
            };
            if advance != Advance::Reached {
                return advance;
            }
        }
        Advance::Over
    }

    /// The next event of the cluster, at the gateway or on the agenda.
    pub(super) fn next_cluster_event(&self) -> Option<ClusterEvent> {
        self.general.agenda.next(self.queues.next(&self.requests))
    }

    /// Executes one event of the cluster. If it cannot be reached, nothing is changed but that instances are advanced.
    fn happen(&mut self, event: ClusterEvent, budget: &mut u64) -> Advance {
        match event {
            ClusterEvent::Unlisted(time, request) => {
                if *budget == 0 {
                    return Advance::OutOfBudget;
                }
                self.general.agenda.take_arrival();
                self.queues.await_admission(request);
                self.arrive(request, self.requests.class[request]);
                self.clock = time;
                *budget -= 1;
                Advance::Reached
            }
            ClusterEvent::Kill(kill) => self.kill(kill, budget),
            ClusterEvent::Gateway(event) => {
                let advance = self.handle(event, budget);
                let instance = self.records.instance[event.request];
                if advance == Advance::Reached && event.stage == Stage::Routing && instance.is_some() {
                    self.note_next_event(instance.index());
                }
                advance
            }
        }
    }

    /// An instance stops taking requests, and if it crashes, loses those that it has (E-1 to E-3).
    fn kill(&mut self, kill: Kill, budget: &mut u64) -> Advance {
        let (instance, time) = (kill.instance as usize, Micros(kill.at));
        if *budget == 0 {
            return Advance::OutOfBudget;
        }
        // What it holds now is recorded.
        let advance = self.advance(instance, Cut::before(time).until(instance), budget);
        self.note_next_event(instance);
        if advance != Advance::Reached {
            return advance;
        }
        self.general.agenda.take_action();
        let all = self.fleet.instances.len();
        self.routable.get_or_insert_with(|| InstanceSet::all(all)).remove(instance);
        let held = u64::from(self.fleet.instances[instance].in_flight());
        // Made the number of those that follow when the run is over.
        let answered = self.fleet.instances[instance].completed();
        let lost = match kill.mode {
            KillMode::Drain => 0,
            KillMode::Crash => {
                self.fleet.instances[instance].crash(time, &mut self.records);
                self.fleet.idle_until[instance] = Micros::FOREVER;
                self.note_next_event(instance);
                held
            }
        };
        self.stops.push(StopRecord {
            instance: InstanceIndex::new(kill.instance),
            at: time,
            mode: kill.mode,
            held,
            answered,
            lost,
        });
        self.clock = time;
        *budget = budget.saturating_sub(1);
        Advance::Reached
    }

    /// Keeps the tournament in step with an instance that was advanced or given a request.
    fn note_next_event(&mut self, instance: usize) {
        if let Some(emitters) = &mut self.general.emitters {
            emitters.set(instance, self.fleet.idle_until[instance]);
        }
    }

    /// Executes the events of one emitter at one time; its completions call their users.
    fn emit(&mut self, instance: usize, time: Micros, budget: &mut u64) -> Advance {
        let advance = self.advance(instance, Cut::behind(time, instance).until(instance), budget);
        self.note_next_event(instance);
        if advance != Advance::Reached {
            return advance;
        }
        if let Some(users) = &mut self.general.users {
            for Completion { end, leg, context, .. } in self.fleet.instances[instance].take_completions() {
                let answer = Answer { request: request_of(leg), at: end, context };
                if let Some(next) = users.follow_up(&mut self.requests, answer, self.horizon) {
                    let row = next.index();
                    self.records.push_row();
                    let tokens = u64::from(self.requests.input[row]) + u64::from(self.requests.output[row]);
                    self.steps.add(tokens);
                    self.general.agenda.add_arrival(self.requests.arrival[row], next);
                }
            }
        }
        let others_wait = (0..self.fleet.instances.len()).all(|other| {
            self.fleet.idle_until[other] == Micros::FOREVER || self.hopeless_request(other).is_some()
        });
        if others_wait {
            self.ending = self.livelock(instance);
        }
        if self.ending.is_some() { Advance::Over } else { Advance::Reached }
    }
}
