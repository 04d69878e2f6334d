//! From a plan to finished columns: arrivals, order, cut, lengths and labels (workload chapter, W-5 to W-9).

use super::closed_loop::{ClosedLoop, RoundLengths, Session, SessionState, Template};
use super::columns::write_column;
use super::independent::{self, Streams};
use super::kept::Kept;
use super::labels::SourceLabels;
use super::reference;
use super::rounds::{RoundStream, Rounds};
use super::sources::{Arrival, Members, Source, check_prefixes, sources};
use super::workload_plan::{Arrivals, WorkloadPlan};
use super::{NO_SESSION, Requests, labels};
use crate::config::StreamsName;
use crate::config::limits::MAX_TIME_US;
use crate::error::ConfigError;
use std::ops::Range;
use std::sync::Arc;

/// The requests of a plan in the making. Everything that grows with their number is done in portions.
#[derive(Debug)]
pub(super) struct Assembly {
    plan: WorkloadPlan,
    members: Members,
    sources: Vec<Source>,
    stage: Stage,
    draws: Draws,
    rows: Vec<Arrival>,
    kept: Kept,
    labels: Vec<SourceLabels>,
    closed_loop: Option<ClosedLoop>,
    requests: Requests,
    /// Warnings that only what was drawn gives cause for.
    pub late_warnings: Vec<String>,
}

/// What is drawn, by the rules of the streams.
#[derive(Debug)]
enum Draws {
    Independent(Box<independent::Draws>),
    Reference(Box<reference::Draws>),
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Arrivals,
    /// Everything together in order of time, and the labels of the sources.
    Order,
    /// The virtual users from this source on.
    Users(usize),
    /// The conversations from this number on.
    Conversations(usize),
    /// What lengths have not been drawn with the arrivals.
    Lengths,
    /// The lengths into the order of the rows.
    Scatter,
    /// The column with this number.
    Columns(usize),
    Done,
}

/// Rows that are copied in the time of one draw.
const COPIES_PER_DRAW: u64 = 8;

/// Draws that take as long as two random streams made from their names.
const DRAWS_PER_USER: u64 = 16;

impl Assembly {
    /// Checks the plan; nothing of the size of the requests is allocated.
    pub(super) fn new(plan: WorkloadPlan) -> Result<Self, ConfigError> {
        plan.check_size()?;
        let members = Members::new(&plan);
        check_prefixes(&plan, &members)?;
        let sources = sources(&plan);
        let draws = match plan.streams {
            StreamsName::Independent => {
                Draws::Independent(Box::new(independent::Draws::new(&plan, &members, &sources)))
            }
            StreamsName::Reference => Draws::Reference(Box::new(reference::Draws::new(&plan, &members)?)),
        };
        Ok(Self {
            plan,
            members,
            sources,
            stage: Stage::Arrivals,
            draws,
            rows: Vec::new(),
            kept: Kept::default(),
            labels: Vec::new(),
            closed_loop: None,
            requests: Requests::default(),
            late_warnings: Vec::new(),
        })
    }

    /// What is assembled.
    pub(super) const fn plan(&self) -> &WorkloadPlan {
        &self.plan
    }

    /// Warnings of the plan.
    pub(super) fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.plan.warnings)
    }

    /// Whether the loop is closed.
    pub(super) fn has_users(&self) -> bool {
        self.sources.iter().any(|source| source.session != NO_SESSION)
    }

    /// Goes on for about `budget` draws, which it uses up; returns whether all requests are there.
    pub(super) fn advance(&mut self, budget: &mut u64) -> Result<bool, ConfigError> {
        while self.stage != Stage::Done && *budget > 0 {
            let Some(next) = self.work(budget)? else { return Ok(false) };
            self.stage = next;
        }
        Ok(self.stage == Stage::Done)
    }

    /// Works on the present stage; gives the next one once it is done.
    fn work(&mut self, budget: &mut u64) -> Result<Option<Stage>, ConfigError> {
        let (plan, members, sources) = (&self.plan, &self.members, &self.sources[..]);
        let rows = self.rows.len() as u64;
        Ok(match self.stage {
            Stage::Arrivals => {
                let done = match &mut self.draws {
                    Draws::Independent(draws) => draws.advance(plan, members, sources, budget)?,
                    Draws::Reference(draws) => draws.advance(plan, members, sources, budget)?,
                };
                done.then_some(Stage::Order)
            }
            Stage::Order => {
                self.order()?;
                *budget = budget.saturating_sub(self.rows.len() as u64 / COPIES_PER_DRAW);
                Some(Stage::Users(0))
            }
            Stage::Users(from) => {
                if self.closed_loop.is_none() {
                    return Ok(Some(Stage::Lengths));
                }
                if self.kept.is_closed() {
                    return Ok(Some(Stage::Conversations(0)));
                }
                let users = usize::try_from(*budget / DRAWS_PER_USER).unwrap_or(usize::MAX).max(1);
                let to = sources.len().min(from.saturating_add(users));
                *budget = budget.saturating_sub(DRAWS_PER_USER * (to - from) as u64);
                self.add_users(from..to);
                Some(if to == self.sources.len() { Stage::Lengths } else { Stage::Users(to) })
            }
            Stage::Conversations(from) => {
                let now = usize::try_from(*budget / DRAWS_PER_USER).unwrap_or(usize::MAX).max(1);
                let to = self.kept.count().min(from.saturating_add(now));
                *budget = budget.saturating_sub(DRAWS_PER_USER * (to - from) as u64);
                if let Some(closed_loop) = &mut self.closed_loop {
                    self.kept.add(plan, members, sources, &self.labels, from..to, closed_loop);
                }
                Some(if to == self.kept.count() { Stage::Lengths } else { Stage::Conversations(to) })
            }
            Stage::Lengths => {
                let done = match &mut self.draws {
                    Draws::Independent(draws) => {
                        let streams = Streams::new(plan, members);
                        let users = self.closed_loop.as_mut();
                        draws.draw_lengths(plan, sources, streams, users, budget)
                    }
                    Draws::Reference(_) => true,
                };
                done.then_some(Stage::Scatter)
            }
            Stage::Scatter => {
                let requests = &mut self.requests;
                match &mut self.draws {
                    Draws::Independent(draws) => {
                        (requests.input, requests.output) =
                            draws.lengths(sources.len(), &self.rows, &self.kept.planned);
                    }
                    Draws::Reference(draws) => draws.write_lengths(requests),
                }
                *budget = budget.saturating_sub(rows / COPIES_PER_DRAW);
                Some(Stage::Columns(0))
            }
            Stage::Columns(number) => {
                *budget = budget.saturating_sub(rows / COPIES_PER_DRAW);
                let more =
                    write_column(number, sources, &self.kept, &self.labels, &self.rows, &mut self.requests);
                Some(if more { Stage::Columns(number + 1) } else { Stage::Done })
            }
            Stage::Done => Some(Stage::Done),
        })
    }

    /// Brings all arrivals into the order of time and labels the sources.
    fn order(&mut self) -> Result<(), ConfigError> {
        let (plan, members, sources) = (&self.plan, &self.members, &self.sources);
        let (rows, planned) = match &mut self.draws {
            Draws::Independent(draws) => draws.in_order(plan, sources),
            Draws::Reference(draws) => draws.in_order(plan, members, sources),
        };
        self.rows = rows;
        if self.rows.last().is_some_and(|last| last.time > MAX_TIME_US) {
            return Err(plan.too_late());
        }
        self.labels = labels::label_sources(plan, members, sources, &self.rows, &mut self.requests);
        self.late_warnings.extend(planned.missing(plan, sources));
        self.kept = Kept::new(plan, sources, planned, &self.rows, &mut self.requests);
        let created = self.rows.len() as u64;
        let remaining = plan.num_requests.map(|limit| limit.saturating_sub(created));
        self.closed_loop = if self.has_users() {
            Some(ClosedLoop::new(remaining))
        } else {
            // The number of requests decides which conversations there are, not how long they are (S-5).
            self.kept.is_closed().then(|| ClosedLoop::new(None))
        };
        Ok(())
    }

    /// Adds the virtual users among the sources of a range, with their streams.
    fn add_users(&mut self, range: Range<usize>) {
        let Some(closed_loop) = &mut self.closed_loop else { return };
        let streams = Streams::new(&self.plan, &self.members);
        for at in range {
            let (source, labels) = (&self.sources[at], &self.labels[at]);
            let entry = &self.plan.entries[source.entry as usize];
            let Arrivals::Users { think_time, .. } = entry.arrivals else { continue };
            let first_users = &mut self.requests.first_users;
            first_users.resize(self.requests.clients.len(), u32::MAX);
            first_users[labels.client as usize] = source.session - source.part;
            if at == 0 || self.sources[at - 1].entry != source.entry {
                let lengths = RoundLengths { input: entry.input.clone(), output: entry.output.clone() };
                closed_loop.templates.push(Template {
                    lengths: Arc::new(lengths),
                    rounds: None,
                    think_time,
                    labels: *labels,
                });
            }
            closed_loop.sessions.push(Session {
                number: source.part,
                template: closed_loop.templates.len() as u32 - 1,
                rounds: Rounds::Drawn(match &self.draws {
                    Draws::Independent(_) => streams.of_user(source),
                    Draws::Reference(draws) => RoundStream::Reference(draws.of_user(source.session)),
                }),
                state: SessionState::Active,
            });
        }
    }

    /// The requests and what the closed loop needs to go on, once all are there.
    pub(super) fn finish(self) -> (Requests, Option<ClosedLoop>) {
        debug_assert!(self.stage == Stage::Done, "the requests are not all there");
        (self.requests, self.closed_loop)
    }
}
