//! The conversations that are left of a plan once it is cut to the number of requests (sessions chapter, S-5).

use super::closed_loop::{ClosedLoop, RoundLengths, Session, SessionState, Template};
use super::conversations::Planned;
use super::independent::Streams;
use super::labels::SourceLabels;
use super::reference::{SessionSeeds, UserStream};
use super::rounds::{RoundStream, Rounds};
use super::sources::{Arrival, Members, Source};
use super::workload_plan::WorkloadPlan;
use super::{Context, NO_SESSION, Requests, Sessions};
use crate::config::StreamsName;
use crate::order;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The conversations of which at least one round is a request from the start.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Everything planned.
    pub planned: Planned,
    /// By their new numbers, which follow their first requests: their places among those planned.
    places: Vec<u32>,
    /// The new number of a planned one, or [`NO_SESSION`].
    numbers: Vec<u32>,
    /// By number the streams of those that wait for answers, with the reference's streams.
    streams: Vec<Option<UserStream>>,
    /// By client the template of its conversations.
    templates: HashMap<u32, u32>,
    /// Whether any waits for answers.
    is_closed: bool,
}

impl Kept {
    /// Numbers the conversations, and names them in the requests.
    pub(super) fn new(
        plan: &WorkloadPlan,
        sources: &[Source],
        planned: Planned,
        rows: &[Arrival],
        requests: &mut Requests,
    ) -> Self {
        if planned.begun.is_empty() {
            return Self::default();
        }
        let mut kept = Self { numbers: vec![NO_SESSION; planned.begun.len()], ..Self::default() };
        for round in rows.iter().filter_map(|row| planned.rounds.get(row.planned as usize)) {
            let number = &mut kept.numbers[round.conversation as usize];
            if *number == NO_SESSION {
                *number = kept.places.len() as u32;
                kept.places.push(round.conversation);
            }
        }
        kept.planned = planned;
        kept.is_closed = kept.places.iter().any(|&place| kept.planned.is_closed(plan, sources, place));
        if !kept.places.is_empty() {
            requests.sessions = Some(kept.sessions(plan, sources));
        }
        if let (StreamsName::Reference, Some(sessions)) = (plan.streams, &requests.sessions) {
            kept.seed(plan, sources, &sessions.names);
        }
        kept
    }

    /// Their names and contexts.
    fn sessions(&self, plan: &WorkloadPlan, sources: &[Source]) -> Sessions {
        let mut sessions = Sessions::default();
        for (number, &place) in self.places.iter().enumerate() {
            let begun = &self.planned.begun[place as usize];
            let source = &sources[begun.source as usize];
            sessions.names.push(match plan.streams {
                StreamsName::Reference => format!("sess_{}", begun.number),
                StreamsName::Independent => format!("sess_{number}"),
            });
            let conversations = plan.entries[source.entry as usize].conversations.as_ref();
            sessions.context.push(match conversations {
                Some(plan) if plan.grows && plan.is_closed => Context::Answered,
                Some(plan) if plan.grows => Context::Planned,
                _ => Context::Fresh,
            });
        }
        sessions
    }

    /// Gives those that wait for answers their streams: client by client, in the order of their names as texts (N-19).
    fn seed(&mut self, plan: &WorkloadPlan, sources: &[Source], names: &[String]) {
        let member = |number: u32| {
            let begun = &self.planned.begun[self.places[number as usize] as usize];
            sources[begun.source as usize].member
        };
        let is_closed = |&number: &u32| self.planned.is_closed(plan, sources, self.places[number as usize]);
        let mut closed: Vec<u32> = (0..self.places.len() as u32).filter(is_closed).collect();
        order::sort_indices(&mut closed, |number| (member(number), &names[number as usize]));
        let mut seeds = SessionSeeds::new(plan.seed);
        self.streams = vec![None; self.places.len()];
        for number in closed {
            self.streams[number as usize] = Some(seeds.next());
        }
    }

    /// Whether any conversation waits for answers.
    pub(super) const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Number of conversations.
    pub(super) const fn count(&self) -> usize {
        self.places.len()
    }

    /// The number of the conversation that a row belongs to, or [`NO_SESSION`], and that of its round.
    pub(super) fn session_of(&self, row: &Arrival) -> (u32, u32) {
        let round = self.planned.rounds.get(row.planned as usize);
        round.map_or((NO_SESSION, 0), |round| (self.numbers[round.conversation as usize], round.round))
    }

    /// Adds the conversations with these numbers to the closed loop.
    pub(super) fn add(
        &mut self,
        plan: &WorkloadPlan,
        members: &Members,
        sources: &[Source],
        labels: &[SourceLabels],
        numbers: Range<usize>,
        closed_loop: &mut ClosedLoop,
    ) {
        let streams = Streams::new(plan, members);
        for number in numbers {
            let begun = self.planned.begun[self.places[number] as usize];
            let source = &sources[begun.source as usize];
            let entry = &plan.entries[source.entry as usize];
            let template = *self.templates.entry(source.member).or_insert_with(|| {
                let conversations = entry.conversations.as_ref();
                closed_loop.templates.push(Template {
                    lengths: Arc::new(RoundLengths {
                        input: entry.input.clone(),
                        output: entry.output.clone(),
                    }),
                    rounds: conversations.map(|plan| plan.rounds),
                    think_time: conversations.map(|plan| plan.think_time).unwrap_or_default(),
                    labels: labels[begun.source as usize],
                });
                closed_loop.templates.len() as u32 - 1
            });
            let rounds = if !self.planned.is_closed(plan, sources, self.places[number]) {
                Rounds::Listed
            } else if let Some(stream) = self.streams.get_mut(number).and_then(Option::take) {
                Rounds::Drawn(RoundStream::Reference(stream))
            } else {
                Rounds::Drawn(streams.of_conversation(source, begun.number))
            };
            closed_loop.sessions.push(Session {
                number: number as u32,
                template,
                rounds,
                state: SessionState::Active,
            });
        }
    }
}
