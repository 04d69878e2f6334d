//! The loop of all other runs: what instances do may create events of the cluster.
//!
//! An instance *emits* if one of its events creates an event of the cluster. With sessions every instance that has work does: a
//! completion brings the next round, one thinking time after the end of its step. Such events are unknown while the instance
//! lags, so an event of the cluster happens only when no instance lags so far that it could bring an arrival before. Where
//! sessions think for seconds, instances lag by seconds and are brought forward in windows of that length; where they do not
//! think at all, a window is a microsecond, and all events happen in order of time. Instances that do not emit lag as in the
//! plain loop.

use super::agenda::ClusterEvent;
use super::cut::Cut;
use super::engine::Engine;
use super::gateway::Stage;
use super::instance_set::InstanceSet;
use super::run::Advance;
use crate::config::{Kill, KillMode};
use crate::latency::LatencyModel;
use crate::record::StopRecord;
use crate::units::{InstanceIndex, Micros};

impl<L: LatencyModel> Engine<L> {
    /// Executes every event up to and including `until`.
    pub(super) fn run_general(&mut self, until: Micros, budget: &mut u64) -> Advance {
        let horizon = self.horizon;
        while self.ending.is_none() {
            let event = self.next_cluster_event().filter(|event| event.time() <= horizon.min(until));
            if self.general.sessions.is_some() && self.must_come_first(event, until) {
                let advance = self.run_window(event, until, budget);
                if advance != Advance::Reached {
                    return advance;
                }
                continue;
            }
            let advance = match event {
                Some(event) if event.time() >= self.follow_at => self.follow(event.time(), budget),
                Some(event) => self.happen(event, budget),
                None if until < Micros::FOREVER => {
                    let advance = self.bring_forward(until + Micros(1), budget);
                    self.note_all_events();
                    return advance;
                }
                None => self.wind_down(budget),
            };
            if advance != Advance::Reached {
                return advance;
            }
        }
        Advance::Over
    }

    /// The next event of the cluster, at the gateway or on the agenda.
    pub(super) fn next_cluster_event(&self) -> Option<ClusterEvent> {
        let event = self.general.agenda.next(self.queues.next(&self.requests));
        self.pools.as_ref().map_or(event, |pools| pools.before(event))
    }

    /// Executes one event of the cluster. If it cannot be reached, nothing is changed but that instances are advanced.
    pub(super) fn happen(&mut self, event: ClusterEvent, budget: &mut u64) -> Advance {
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
            ClusterEvent::PrefillChoice(time, request) => self.choose_prefill(time, request, budget),
            ClusterEvent::TransferEnd(time, row) => self.end_transfer(time, row, budget),
            ClusterEvent::Gateway(event) => {
                let advance = self.handle(event, budget);
                let instance = self.records.instance[event.request];
                if advance == Advance::Reached
                    && event.stage == Stage::Routing
                    && instance.is_some()
                    && self.pools.is_none()
                {
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
}
