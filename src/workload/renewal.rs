//! Arrivals of the open loop: one renewal process per client, merged in time (workload chapter, W-3 and W-5).

use super::conversations::{Planned, Start, Talk};
use super::interarrival::Interarrival;
use super::sources::Source;
use super::workload_plan::{Arrivals, Entry, MAX_DISCARDED_ARRIVALS, WorkloadPlan};
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US};
use crate::error::ConfigError;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// Where the arrivals of one client come from, and the rounds of conversations that they begin.
pub(super) trait Process: Talk {
    /// What an arrival becomes.
    type Row;

    /// The time to the next arrival, µs, at least 1.
    fn gap(&mut self) -> i64;

    /// An arrival that counts, of the source with this index. Takes what it costs, apart from the gap, out of `budget`.
    fn row(&mut self, entry: &Entry, arrival: i64, source: u32, budget: &mut u64) -> Self::Row;
}

/// The renewal processes of a plan, stepped in order of time.
#[derive(Debug)]
pub(super) struct Merge<P> {
    clients: Vec<Client<P>>,
    /// The next arrival of every client, if there are several.
    next: BinaryHeap<Reverse<(i64, usize)>>,
    /// Clients whose next arrival has to be drawn before any other is taken, the last one first.
    due: Vec<usize>,
    /// Arrivals that may still fall outside windows.
    discards_left: u64,
    /// The conversations that arrivals have begun.
    pub planned: Planned,
    /// The client whose conversation is being planned.
    talking: usize,
}

/// One renewal process.
#[derive(Debug)]
struct Client<P> {
    source: u32,
    entry: u32,
    process: P,
    has_windows: bool,
    /// Whether arrivals begin conversations, and whether there is one only.
    has_conversations: bool,
    is_single: bool,
    cursor: usize,
    time: i64,
    /// Arrivals that may still come, and rounds that were planned.
    left: u64,
    planned: u64,
}

/// What comes next at a client.
enum Next {
    /// An arrival.
    At(i64),
    /// Nothing any more.
    End,
    /// Not known yet: the budget is used up.
    Unknown,
}

/// Room made for arrivals beforehand, at most; growing costs a copy each time.
const RESERVED_ROWS: usize = 1 << 20;

impl<P: Process> Merge<P> {
    /// All renewal processes at time 0, made one after the other in list order.
    pub(super) fn new(
        plan: &WorkloadPlan,
        sources: &[Source],
        mut process: impl FnMut(&Source, &Interarrival) -> P,
    ) -> Self {
        let clients = sources.iter().enumerate().filter_map(|(index, source)| {
            let Arrivals::Renewal { interarrival, windows } = &plan.entries[source.entry as usize].arrivals
            else {
                return None;
            };
            let conversations = plan.entries[source.entry as usize].conversations.as_ref();
            let single = conversations.filter(|plan| plan.is_single);
            Some(Client {
                source: index as u32,
                entry: source.entry,
                process: process(source, interarrival),
                has_windows: windows.is_some(),
                has_conversations: conversations.is_some(),
                is_single: single.is_some(),
                cursor: 0,
                time: single.map_or(0, |plan| plan.first_window),
                left: if single.is_some() { 1 } else { interarrival.most_arrivals() },
                planned: 0,
            })
        });
        let clients: Vec<_> = clients.collect();
        Self {
            next: BinaryHeap::with_capacity(clients.len()),
            due: (0..clients.len()).rev().collect(),
            clients,
            discards_left: MAX_DISCARDED_ARRIVALS,
            planned: Planned::default(),
            talking: 0,
        }
    }

    /// Appends arrivals of all clients, sorted by time, equal times in client order, until the number of requests is
    /// reached or no more come; about `budget` draws are made, which it uses up. Every client is walked only up to the
    /// cut, which yields what sorting complete walks would. Those that begin conversations are planned instead, a few rounds
    /// beyond the cut among them.
    ///
    /// Returns whether all are there.
    pub(super) fn advance(
        &mut self,
        plan: &WorkloadPlan,
        rows: &mut Vec<P::Row>,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        let limit = plan.num_requests.unwrap_or(MAX_REQUESTS + 1) as usize;
        if rows.capacity() == 0 && !self.clients.is_empty() {
            rows.reserve(limit.min(RESERVED_ROWS));
        }
        let done = if let [Client { has_conversations: false, .. }] = self.clients[..] {
            self.walk(plan, limit, rows, budget)?
        } else {
            self.interleave(plan, limit, rows, budget)?
        };
        let planned = if plan.num_requests.is_some() { 0 } else { self.planned.rounds.len() };
        if (rows.len() + planned) as u64 > MAX_REQUESTS {
            return Err(plan.too_many_requests());
        }
        Ok(done)
    }

    /// Takes the arrivals of the only client.
    fn walk(
        &mut self,
        plan: &WorkloadPlan,
        limit: usize,
        rows: &mut Vec<P::Row>,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        while rows.len() < limit {
            match self.next_arrival(plan, 0, budget)? {
                Next::At(arrival) => rows.push(self.row(plan, 0, arrival, budget)),
                Next::End => return Ok(true),
                Next::Unknown => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Takes the earliest arrival of any client, again and again.
    fn interleave(
        &mut self,
        plan: &WorkloadPlan,
        limit: usize,
        rows: &mut Vec<P::Row>,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        let mut next = std::mem::take(&mut self.next);
        let done = self.interleave_with(&mut next, plan, limit, rows, budget);
        self.next = next;
        done
    }

    fn interleave_with(
        &mut self,
        next: &mut BinaryHeap<Reverse<(i64, usize)>>,
        plan: &WorkloadPlan,
        limit: usize,
        rows: &mut Vec<P::Row>,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        loop {
            if let Some(talking) = self.clients.get_mut(self.talking)
                && !self.planned.advance(plan, &mut talking.process, budget)?
            {
                return Ok(false);
            }
            while let Some(&index) = self.due.last() {
                match self.next_arrival(plan, index, budget)? {
                    Next::At(arrival) => next.push(Reverse((arrival, index))),
                    Next::End => {}
                    Next::Unknown => return Ok(false),
                }
                self.due.pop();
            }
            let Some(began) = self.take_earliest(next, plan, limit, rows, budget)? else {
                return Ok(self.due.is_empty());
            };
            self.talking = began;
            self.due.push(began);
        }
    }

    /// Takes the earliest arrival of any client, again and again, until one begins a conversation, and returns its client.
    fn take_earliest(
        &mut self,
        next: &mut BinaryHeap<Reverse<(i64, usize)>>,
        plan: &WorkloadPlan,
        limit: usize,
        rows: &mut Vec<P::Row>,
        budget: &mut u64,
    ) -> Result<Option<usize>, ConfigError> {
        while let Some(mut earliest) = next.peek_mut() {
            let Reverse((arrival, index)) = *earliest;
            if rows.len() + self.planned.passed(arrival) >= limit {
                break;
            }
            if self.clients[index].has_conversations {
                PeekMut::pop(earliest);
                self.begin(plan, index, arrival);
                return Ok(Some(index));
            }
            rows.push(self.row(plan, index, arrival, budget));
            match self.next_arrival(plan, index, budget)? {
                Next::At(following) => *earliest = Reverse((following, index)),
                Next::End => {
                    PeekMut::pop(earliest);
                }
                Next::Unknown => {
                    PeekMut::pop(earliest);
                    self.due.push(index);
                    break;
                }
            }
        }
        Ok(None)
    }

    /// Begins a conversation. A client begins none any more once it has planned twice as many rounds as there may be requests (S-5).
    fn begin(&mut self, plan: &WorkloadPlan, index: usize, at: i64) {
        let client = &mut self.clients[index];
        let start = Start { entry: client.entry, source: client.source, part: 0, at };
        self.planned.begin(start, &mut client.process);
        client.planned += plan.entries[client.entry as usize].requests_per_arrival() as u64;
        if plan.num_requests.is_some_and(|limit| client.planned >= 2 * limit) {
            client.left = 0;
        }
    }

    /// The row of a client's latest arrival.
    #[inline]
    fn row(&mut self, plan: &WorkloadPlan, index: usize, arrival: i64, budget: &mut u64) -> P::Row {
        let client = &mut self.clients[index];
        client.process.row(&plan.entries[client.entry as usize], arrival, client.source, budget)
    }

    /// The next arrival of a client inside its windows and before the horizon.
    #[inline]
    fn next_arrival(
        &mut self,
        plan: &WorkloadPlan,
        index: usize,
        budget: &mut u64,
    ) -> Result<Next, ConfigError> {
        let client = &mut self.clients[index];
        let Some(left) = client.left.checked_sub(1) else { return Ok(Next::End) };
        client.left = left;
        loop {
            let Some(left) = budget.checked_sub(1) else {
                client.left += 1;
                return Ok(Next::Unknown);
            };
            *budget = left;
            client.time = client.time.saturating_add(client.process.gap());
            if plan.horizon.is_some_and(|horizon| client.time >= horizon) {
                return Ok(Next::End);
            }
            if client.has_windows
                && let Arrivals::Renewal { windows: Some(windows), .. } =
                    &plan.entries[client.entry as usize].arrivals
            {
                if client.time >= windows.end() {
                    return Ok(Next::End);
                }
                if !windows.contains(client.time, &mut client.cursor) {
                    // A single conversation has no other time at which to begin.
                    if client.is_single {
                        return Ok(Next::End);
                    }
                    self.discards_left = self
                        .discards_left
                        .checked_sub(1)
                        .ok_or_else(|| too_many_discards(plan, client.entry))?;
                    continue;
                }
            }
            if client.time > MAX_TIME_US {
                return Err(plan.too_late());
            }
            return Ok(Next::At(client.time));
        }
    }
}

/// The error for windows so late that stepping over the arrivals before them would take too long.
fn too_many_discards(plan: &WorkloadPlan, entry: u32) -> ConfigError {
    ConfigError::conflict(
        plan.entries[entry as usize].path.clone(),
        "the windows",
        format!("{} = {}", plan.paths.rate, plan.paths.rate_value),
        format!("at most {MAX_DISCARDED_ARRIVALS} arrivals outside all windows"),
    )
}
