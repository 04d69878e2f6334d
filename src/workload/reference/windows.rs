//! Requests of clients whose windows have parameters of their own (random-streams chapter, N-16).

use super::functions::to_integer;
use super::generator::ReferenceStream;
use super::spacing::Spacing;
use super::ziggurat::Ziggurats;
use super::{Chain, Drawn, IDS_PER_DRAW, accidental_tokens};
use crate::error::ConfigError;
use crate::workload::conversations::{NO_ROUND, Planned, Start};
use crate::workload::workload_plan::{Arrivals, WindowPlan, WorkloadPlan};

/// Windows that are being drawn, client by client in list order, and for each in the order in which it lists them.
#[derive(Debug, Default)]
pub(super) struct PerWindow {
    clients: Vec<Client>,
    /// The client that comes next, its next window, and what has been drawn of that.
    client: usize,
    window: usize,
    drawn: Option<Window>,
    /// The conversations that arrivals have begun.
    pub planned: Planned,
}

#[derive(Debug)]
struct Client {
    entry: usize,
    /// The source of its first window.
    source: u32,
    chain: Chain,
}

/// A window whose gaps are all drawn before its first request.
#[derive(Debug)]
struct Window {
    spacing: Spacing,
    gaps: Vec<i64>,
    /// The gaps have been stretched to the window, and this many of them have become requests up to this time.
    placed: Option<(usize, i64)>,
}

impl PerWindow {
    /// Takes the seeds of the clients from the master stream, also of those without a window before the horizon.
    pub(super) fn new(plan: &WorkloadPlan, master: &mut ReferenceStream) -> Self {
        let mut clients = Vec::new();
        let mut source = 0;
        for (entry, of_entry) in plan.entries.iter().enumerate() {
            for _ in 0..of_entry.members() {
                match &of_entry.arrivals {
                    Arrivals::PerWindow(windows) => {
                        clients.push(Client { entry, source, chain: Chain::new(master.int63()) });
                        source += windows.len() as u32;
                    }
                    Arrivals::Users { started, .. } => source += started,
                    Arrivals::Renewal { .. } => source += 1,
                    Arrivals::Never => {}
                }
            }
        }
        Self { clients, ..Self::default() }
    }

    /// Appends requests in about the time of `budget` draws, which it uses up; returns whether all are there.
    ///
    /// # Errors
    /// More rounds of conversations than may be planned.
    pub(super) fn advance(
        &mut self,
        plan: &WorkloadPlan,
        rows: &mut Vec<Drawn>,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        // Here requests carry no prefix.
        let known = accidental_tokens(0, plan.block_size);
        while let Some(client) = self.clients.get_mut(self.client) {
            let Arrivals::PerWindow(windows) = &plan.entries[client.entry].arrivals else { return Ok(true) };
            while let Some(window) = windows.get(self.window) {
                let drawn = self.drawn.get_or_insert_with(|| Window {
                    spacing: Spacing::new(&window.interarrival),
                    gaps: Vec::new(),
                    placed: None,
                });
                let entry = client.entry as u32;
                let start = Start {
                    entry,
                    source: client.source + self.window as u32,
                    part: self.window as u32,
                    at: 0,
                };
                if !drawn.draw_gaps(window, &mut client.chain, budget) {
                    return Ok(false);
                }
                let done = if plan.entries[client.entry].conversations.is_some() {
                    drawn.talk(plan, window, start, &mut client.chain, &mut self.planned, budget)?
                } else {
                    drawn.request(window, start.source, &mut client.chain, known, rows, budget)
                };
                if !done {
                    return Ok(false);
                }
                self.drawn = None;
                self.window += 1;
            }
            self.client += 1;
            self.window = 0;
        }
        Ok(true)
    }
}

impl Window {
    /// Draws further gaps, and stretches them to the window once all are there; returns whether they are.
    fn draw_gaps(&mut self, plan: &WindowPlan, chain: &mut Chain, budget: &mut u64) -> bool {
        if self.placed.is_some() {
            return true;
        }
        let missing = plan.gaps_to_draw - self.gaps.len() as u64;
        let now = missing.min(*budget);
        *budget -= now;
        for _ in 0..now {
            self.gaps.push(self.spacing.draw(Ziggurats::get(), chain.stream()));
        }
        if now < missing {
            return false;
        }
        stretch(&mut self.gaps, plan.end - plan.start);
        self.placed = Some((0, plan.start));
        true
    }

    /// The next arrival; none where the last gap ends, which is where the window does.
    fn next(&self, plan: &WindowPlan) -> Option<i64> {
        let (next, time) = self.placed?;
        let arrival = time.saturating_add(*self.gaps.get(next)?);
        (arrival < plan.end).then_some(arrival)
    }

    /// Goes on behind an arrival.
    fn place(&mut self, arrival: i64) {
        if let Some((next, time)) = &mut self.placed {
            (*next, *time) = (*next + 1, arrival);
        }
    }

    /// Draws requests; returns whether all are there.
    fn request(
        &mut self,
        plan: &WindowPlan,
        source: u32,
        chain: &mut Chain,
        known: u32,
        rows: &mut Vec<Drawn>,
        budget: &mut u64,
    ) -> bool {
        while let Some(arrival) = self.next(plan) {
            if *budget == 0 {
                return false;
            }
            let lengths = chain.lengths(Ziggurats::get(), &plan.input, &plan.output, known);
            *budget = budget.saturating_sub(1 + chain.owed / IDS_PER_DRAW);
            rows.push(Drawn { arrival, source, planned: NO_ROUND, lengths });
            self.place(arrival);
        }
        true
    }

    /// Plans conversations, the first one only if the client is one; returns whether all are there.
    fn talk(
        &mut self,
        workload: &WorkloadPlan,
        plan: &WindowPlan,
        start: Start,
        chain: &mut Chain,
        planned: &mut Planned,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        let conversations = workload.entries[start.entry as usize].conversations.as_ref();
        let is_single = conversations.is_some_and(|plan| plan.is_single);
        loop {
            if !planned.advance(workload, chain, budget)? {
                return Ok(false);
            }
            let has_begun = self.placed.is_some_and(|(next, _)| next > 0);
            let Some(arrival) = self.next(plan).filter(|_| !(is_single && has_begun)) else {
                return Ok(true);
            };
            planned.begin(Start { at: arrival, ..start }, chain);
            self.place(arrival);
        }
    }
}

/// Scales gaps so that they fill a window to the microsecond; the last one takes what is missing.
fn stretch(gaps: &mut [i64], window: i64) {
    let sum = gaps.iter().fold(0_i64, |sum, gap| sum.saturating_add(*gap));
    let scale = window as f64 / sum as f64;
    let mut filled = 0_i64;
    for gap in gaps.iter_mut() {
        *gap = to_integer(*gap as f64 * scale);
        filled = filled.saturating_add(*gap);
    }
    if let Some(last) = gaps.last_mut() {
        *last = last.saturating_add(window.saturating_sub(filled));
    }
}
