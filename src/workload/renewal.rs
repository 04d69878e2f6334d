//! Arrivals of the open loop: one renewal process per client, merged in time (workload chapter, W-3 and W-5).

use super::interarrival::InterarrivalSampler;
use super::sources::{Arrival, Source, Streams};
use super::variates::Variates;
use super::windows::Windows;
use super::workload_plan::{Arrivals, MAX_DISCARDED_ARRIVALS, WorkloadPlan};
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US};
use crate::error::ConfigError;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// The renewal processes of a plan, stepped in order of time.
struct Merge<'plan> {
    plan: &'plan WorkloadPlan,
    variates: &'static Variates,
    clients: Vec<Client<'plan>>,
    /// Arrivals that may still fall outside windows.
    discards_left: u64,
}

/// One renewal process.
struct Client<'plan> {
    source: u32,
    entry: u32,
    interarrival: InterarrivalSampler,
    windows: Option<&'plan Windows>,
    cursor: usize,
    rng: Xoshiro256PlusPlus,
    time: i64,
}

/// Room made for arrivals beforehand, at most; growing costs a copy each time.
const RESERVED_ROWS: usize = 1 << 20;

/// The arrivals of all renewal clients, sorted by time, equal times in client order, cut to the number of
/// requests. Every client is walked only up to the cut, which yields what sorting complete walks would.
pub(super) fn arrivals(
    plan: &WorkloadPlan,
    sources: &[Source],
    streams: &Streams,
) -> Result<Vec<Arrival>, ConfigError> {
    let mut merge = Merge::new(plan, sources, streams);
    let limit = plan.num_requests.unwrap_or(MAX_REQUESTS + 1) as usize;
    let mut rows = Vec::with_capacity(limit.min(RESERVED_ROWS));
    if let [_] = merge.clients[..] {
        while rows.len() < limit
            && let Some(arrival) = merge.next_arrival(0)?
        {
            rows.push(Arrival { arrival, source: merge.clients[0].source });
        }
    } else {
        merge.interleave(limit, &mut rows)?;
    }
    if rows.len() as u64 > MAX_REQUESTS {
        return Err(plan.too_many_requests());
    }
    Ok(rows)
}

impl<'plan> Merge<'plan> {
    fn new(plan: &'plan WorkloadPlan, sources: &[Source], streams: &Streams) -> Self {
        let clients = sources.iter().enumerate().filter_map(|(index, source)| {
            let Arrivals::Renewal { interarrival, windows } = &plan.entries[source.entry as usize].arrivals
            else {
                return None;
            };
            Some(Client {
                source: index as u32,
                entry: source.entry,
                interarrival: *interarrival,
                windows: windows.as_ref(),
                cursor: 0,
                rng: streams.of_source(source, "arrivals"),
                time: 0,
            })
        });
        Self {
            plan,
            variates: Variates::get(),
            clients: clients.collect(),
            discards_left: MAX_DISCARDED_ARRIVALS,
        }
    }

    /// Takes the earliest arrival of any client, again and again.
    fn interleave(&mut self, limit: usize, rows: &mut Vec<Arrival>) -> Result<(), ConfigError> {
        let mut next = BinaryHeap::with_capacity(self.clients.len());
        for index in 0..self.clients.len() {
            if let Some(arrival) = self.next_arrival(index)? {
                next.push(Reverse((arrival, index)));
            }
        }
        while rows.len() < limit
            && let Some(mut earliest) = next.peek_mut()
        {
            let Reverse((arrival, index)) = *earliest;
            rows.push(Arrival { arrival, source: self.clients[index].source });
            match self.next_arrival(index)? {
                Some(following) => *earliest = Reverse((following, index)),
                None => {
                    PeekMut::pop(earliest);
                }
            }
        }
        Ok(())
    }

    /// The next arrival of a client inside its windows and before the horizon.
    #[inline]
    fn next_arrival(&mut self, index: usize) -> Result<Option<i64>, ConfigError> {
        let horizon = self.plan.horizon;
        let client = &mut self.clients[index];
        loop {
            client.time =
                client.time.saturating_add(client.interarrival.draw(self.variates, &mut client.rng));
            if horizon.is_some_and(|horizon| client.time >= horizon) {
                return Ok(None);
            }
            if let Some(windows) = client.windows {
                if client.time >= windows.end() {
                    return Ok(None);
                }
                if !windows.contains(client.time, &mut client.cursor) {
                    self.discards_left = self
                        .discards_left
                        .checked_sub(1)
                        .ok_or_else(|| too_many_discards(self.plan, client.entry))?;
                    continue;
                }
            }
            if client.time > MAX_TIME_US {
                return Err(self.plan.too_late());
            }
            return Ok(Some(client.time));
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
