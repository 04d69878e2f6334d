//! How instances are brought forward whose completions bring requests.
//!
//! Let F be the earliest event of all emitting instances that has not happened yet. What happens then ends at F + 1 µs at the
//! earliest, so no arrival is still to be made known before F + 1 µs + the shortest thinking time: until then every instance may go on
//! for itself, up to the next event of the cluster. What completes meanwhile is put in order before rounds are made of it,
//! since these are numbered.

use super::agenda::ClusterEvent;
use super::cut::Cut;
use super::engine::Engine;
use super::legs::request_of;
use super::run::Advance;
use crate::instance::Completion;
use crate::latency::LatencyModel;
use crate::units::Micros;
use crate::workload::{Answer, ClosedLoop};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Longest window, so that instances that never come to an end are found.
const LONGEST_WINDOW: Micros = Micros(1_000_000_000);

/// The sessions of a run, and the answers that they have not been given yet.
#[derive(Debug)]
pub(super) struct SessionLoop {
    /// The sessions.
    pub closed_loop: ClosedLoop,
    /// The shortest time between an answer and the round that follows it.
    think_time: Micros,
    /// Answers, earliest first: by step, instance, and place in the batch, which is the order in which they came.
    answers: BinaryHeap<Reverse<Pending>>,
    taken: u64,
    /// End of the window that instances are going through; past if there is none.
    window: Micros,
}

/// An answer in the order in which answers bring rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pending {
    step: Micros,
    instance: usize,
    number: u64,
    end: Micros,
    leg: crate::units::LegIndex,
    context: crate::units::Tokens,
}

impl SessionLoop {
    /// Sessions at time 0.
    pub fn new(closed_loop: ClosedLoop) -> Self {
        let think_time = closed_loop.shortest_think_time();
        Self { closed_loop, think_time, answers: BinaryHeap::new(), taken: 0, window: Micros::ZERO }
    }

    /// The earliest arrival that an event at `first` may bring.
    fn reach(&self, first: Micros) -> Micros {
        Micros(first.0.saturating_add(1).saturating_add(self.think_time.0))
    }

    fn take(&mut self, instance: usize, completion: Completion) {
        let Completion { step, end, leg, context } = completion;
        self.answers.push(Reverse(Pending { step, instance, number: self.taken, end, leg, context }));
        self.taken += 1;
    }
}

impl<L: LatencyModel> Engine<L> {
    /// Whether an instance must be brought forward, or an answer given, before this event of the cluster, or before the state at
    /// `until` is complete.
    pub(super) fn must_come_first(&self, event: Option<ClusterEvent>, until: Micros) -> bool {
        let (Some(sessions), Some(emitters)) = (&self.general.sessions, &self.general.emitters) else {
            return false;
        };
        let first = emitters.first_time();
        let at = event.map_or(until, ClusterEvent::time);
        let is_behind = first <= self.horizon && first < Micros::FOREVER && sessions.reach(first) <= at;
        is_behind || sessions.answers.peek().is_some_and(|Reverse(answer)| answer.step < first)
    }

    /// Brings instances forward by a window, and makes the rounds that are certain.
    pub(super) fn run_window(
        &mut self,
        event: Option<ClusterEvent>,
        until: Micros,
        budget: &mut u64,
    ) -> Advance {
        // A round that is certain may arrive before the end of the window.
        if self.give_answers() {
            return Advance::Reached;
        }
        let limit =
            event.map_or_else(|| until.min(Micros(Micros::FOREVER.0 - 1)) + Micros(1), ClusterEvent::time);
        let window = self.window(limit);
        while let Some((instance, time)) = self.first_emitter(window) {
            let next = self.fleet.idle_until[instance];
            // What a decision has read is further than it was noted.
            if next > time {
                self.note_next_event(instance);
                continue;
            }
            let advance = self.advance(instance, window, budget);
            self.note_next_event(instance);
            if advance != Advance::Reached {
                return advance;
            }
        }
        if let Some(sessions) = &mut self.general.sessions {
            sessions.window = Micros::ZERO;
        }
        self.find_livelock()
    }

    /// The window that is under way, or the next one.
    fn window(&mut self, limit: Micros) -> Micros {
        let first =
            self.general.emitters.as_ref().map_or(Micros::FOREVER, super::emitters::Emitters::first_time);
        let Some(sessions) = &mut self.general.sessions else { return limit };
        if sessions.window == Micros::ZERO {
            let longest = Micros(first.0.saturating_add(LONGEST_WINDOW.0));
            sessions.window = limit.min(sessions.reach(first)).min(longest);
        }
        sessions.window
    }

    /// The emitter with the earliest event before `window` and within the horizon.
    fn first_emitter(&self, window: Micros) -> Option<(usize, Micros)> {
        let emitters = self.general.emitters.as_ref()?;
        emitters.first_before(Cut::before(window)).filter(|&(_, time)| time <= self.horizon)
    }

    /// Makes the rounds that follow from answers which none can precede any more. Returns whether there was such an answer.
    fn give_answers(&mut self) -> bool {
        let first =
            self.general.emitters.as_ref().map_or(Micros::FOREVER, super::emitters::Emitters::first_time);
        let Some(sessions) = &mut self.general.sessions else { return false };
        let mut any = false;
        while let Some(&Reverse(answer)) = sessions.answers.peek()
            && answer.step < first
        {
            sessions.answers.pop();
            any = true;
            let given = Answer { request: request_of(answer.leg), at: answer.end, context: answer.context };
            let Some(next) = sessions.closed_loop.follow_up(&mut self.requests, given, self.horizon) else {
                continue;
            };
            let row = next.index();
            self.records.push_row();
            let tokens = u64::from(self.requests.input[row]) + u64::from(self.requests.output[row]);
            self.steps.add(tokens);
            self.general.agenda.add_arrival(self.requests.arrival[row], next);
        }
        any
    }

    /// Ends the run if every instance that has work tries in vain to serve a request that can never fit.
    fn find_livelock(&mut self) -> Advance {
        let working = |&at: &usize| self.fleet.idle_until[at] < Micros::FOREVER;
        let mut instances = (0..self.fleet.instances.len()).filter(working);
        let Some(first) = instances.next() else { return Advance::Reached };
        let ending = self.livelock(first);
        if ending.is_none() || !instances.all(|other| self.hopeless_request(other).is_some()) {
            return Advance::Reached;
        }
        self.ending = ending;
        Advance::Over
    }

    /// Keeps the tournament in step with an instance that was advanced or given a request, and takes its answers over.
    pub(super) fn note_next_event(&mut self, instance: usize) {
        if let Some(emitters) = &mut self.general.emitters {
            emitters.set(instance, self.fleet.idle_until[instance]);
        }
        if let Some(sessions) = &mut self.general.sessions {
            for completion in self.fleet.instances[instance].take_completions() {
                sessions.take(instance, completion);
            }
        }
    }

    /// The same for all instances.
    pub(super) fn note_all_events(&mut self) {
        if self.general.sessions.is_some() {
            (0..self.fleet.instances.len()).for_each(|instance| self.note_next_event(instance));
        }
    }
}
