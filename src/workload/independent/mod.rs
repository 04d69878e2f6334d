//! Draws from independent streams: one for each client and purpose, so that changing one thing leaves all others as they were
//! (workload chapter, W-10).

mod per_window;
pub mod streams;
mod variates;

pub(super) use streams::{positive_unit, unit};
pub(super) use variates::Variates;

use super::NO_SESSION;
use super::closed_loop::ClosedLoop;
use super::conversations::{self, ConversationPlan, NO_ROUND, Planned, Talk};
use super::interarrival::{Interarrival, InterarrivalSampler};
use super::lengths::LengthSampler;
use super::renewal::{Merge, Process};
use super::rounds::RoundStream;
use super::sources::{Arrival, Members, Source};
use super::workload_plan::{Arrivals, Entry, WorkloadPlan};
use crate::error::ConfigError;
use crate::units::Tokens;
use per_window::PerWindow;
use rand_xoshiro::Xoshiro256PlusPlus;
use streams::stream;

/// Gives every source its random streams by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Streams<'plan> {
    plan: &'plan WorkloadPlan,
    members: &'plan Members,
}

impl<'plan> Streams<'plan> {
    /// The streams of the clients of a plan.
    pub(super) fn new(plan: &'plan WorkloadPlan, members: &'plan Members) -> Self {
        Self { plan, members }
    }

    /// The stream of a source for a purpose. Clients are identified by name, not by position, so that adding one
    /// leaves the others as they were.
    fn of_source(self, source: &Source, purpose: &str) -> Xoshiro256PlusPlus {
        let (name, occurrence) = self.members.name(source.member);
        let part = match self.plan.entries[source.entry as usize].arrivals {
            Arrivals::PerWindow(_) => format!("window/{}/", source.part),
            Arrivals::Users { .. } => format!("user/{}/", source.part),
            Arrivals::Renewal { .. } | Arrivals::Never => String::new(),
        };
        stream(self.plan.seed, &format!("client/{name}/{occurrence}/{part}{purpose}"))
    }

    /// The streams of the conversations of a source.
    fn of_conversations(self, source: &Source) -> Talker {
        let (name, occurrence) = self.members.name(source.member);
        let part = match self.plan.entries[source.entry as usize].arrivals {
            Arrivals::PerWindow(_) => format!("window/{}/", source.part),
            _ => String::new(),
        };
        let prefix = format!("client/{name}/{occurrence}/{part}session");
        Talker { seed: self.plan.seed, prefix, begun: 0, streams: None }
    }

    /// The streams of a conversation with this number within its source, behind its first round.
    pub(super) fn of_conversation(self, source: &Source, number: u64) -> RoundStream {
        let (mut input, mut output) = self.of_conversations(source).streams(number);
        let lengths = conversations::Lengths::of(&self.plan.entries[source.entry as usize], source.part);
        lengths.input.draw(&mut input);
        lengths.output.draw(&mut output);
        RoundStream::Independent { input, output }
    }

    /// The streams of a virtual user.
    pub(super) fn of_user(self, source: &Source) -> RoundStream {
        RoundStream::Independent {
            input: self.of_source(source, "input"),
            output: self.of_source(source, "output"),
        }
    }
}

/// The gaps of a renewal process.
#[derive(Debug)]
struct Gaps {
    variates: &'static Variates,
    sampler: InterarrivalSampler,
    rng: Xoshiro256PlusPlus,
    /// The gaps, last one first, if they are drawn all at once.
    spread: Option<Vec<i64>>,
    /// Conversations that begin at the arrivals.
    talker: Option<Box<Talker>>,
}

impl Talk for Gaps {
    const ALL_ROUNDS: bool = false;

    fn begin(&mut self) -> u64 {
        self.talker.as_mut().map_or(0, |talker| talker.begin())
    }

    fn round(
        &mut self,
        plan: &ConversationPlan,
        lengths: conversations::Lengths,
        budget: &mut u64,
    ) -> (Tokens, Tokens) {
        self.talker.as_mut().map_or((0, 0), |talker| talker.round(plan, lengths, budget))
    }
}

impl Process for Gaps {
    type Row = Arrival;

    #[inline]
    fn gap(&mut self) -> i64 {
        match &mut self.spread {
            None => self.sampler.draw(self.variates, &mut self.rng),
            Some(gaps) => gaps.pop().unwrap_or(i64::MAX),
        }
    }

    #[inline]
    fn row(&mut self, _: &Entry, arrival: i64, source: u32, _: &mut u64) -> Arrival {
        Arrival { time: arrival, source, planned: NO_ROUND }
    }
}

/// The conversations of a source: each has a stream for its prompts and one for its answers, by its number, so that what is
/// drawn for one does not depend on any other.
#[derive(Debug)]
struct Talker {
    seed: i64,
    prefix: String,
    /// Conversations begun.
    begun: u64,
    /// Those of the latest one.
    streams: Option<(Xoshiro256PlusPlus, Xoshiro256PlusPlus)>,
}

impl Talker {
    fn streams(&self, number: u64) -> (Xoshiro256PlusPlus, Xoshiro256PlusPlus) {
        let of = |purpose: &str| stream(self.seed, &format!("{}/{number}/{purpose}", self.prefix));
        (of("input"), of("output"))
    }
}

impl Talk for Talker {
    const ALL_ROUNDS: bool = false;

    fn begin(&mut self) -> u64 {
        let number = self.begun;
        self.begun += 1;
        self.streams = Some(self.streams(number));
        number
    }

    fn round(
        &mut self,
        _: &ConversationPlan,
        lengths: conversations::Lengths,
        _: &mut u64,
    ) -> (Tokens, Tokens) {
        let Some((input, output)) = &mut self.streams else { return (0, 0) };
        (lengths.input.draw(input), lengths.output.draw(output))
    }
}

/// Arrivals, and then the lengths, of a plan in the making.
#[derive(Debug)]
pub(super) struct Draws {
    renewal: Merge<Gaps>,
    /// Whether all renewal processes have come to their end.
    is_renewed: bool,
    per_window: PerWindow,
    rows: Vec<Arrival>,
    /// Arrivals of all kinds but renewal processes.
    others: Vec<Arrival>,
    lengths: Lengths,
}

impl Draws {
    /// Nothing drawn yet.
    pub(super) fn new(plan: &WorkloadPlan, members: &Members, sources: &[Source]) -> Self {
        let streams = Streams::new(plan, members);
        let gaps = |source: &Source, interarrival: &Interarrival| {
            let variates = Variates::get();
            let mut rng = streams.of_source(source, "arrivals");
            let talks = plan.entries[source.entry as usize].conversations.is_some();
            Gaps {
                variates,
                sampler: interarrival.sampler,
                spread: interarrival.spread(|| variates.exponential(&mut rng)),
                rng,
                talker: talks.then(|| Box::new(streams.of_conversations(source))),
            }
        };
        Self {
            renewal: Merge::new(plan, sources, gaps),
            is_renewed: false,
            per_window: PerWindow::default(),
            rows: Vec::new(),
            others: Vec::new(),
            lengths: Lengths::default(),
        }
    }

    /// Draws arrivals, about `budget` of them, which it uses up; returns whether all are there.
    pub(super) fn advance(
        &mut self,
        plan: &WorkloadPlan,
        members: &Members,
        sources: &[Source],
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        if !self.is_renewed {
            self.is_renewed = self.renewal.advance(plan, &mut self.rows, budget)?;
            if !self.is_renewed {
                return Ok(false);
            }
        }
        let streams = Streams::new(plan, members);
        self.per_window.advance(plan, sources, streams, &mut self.others, budget)
    }

    /// All arrivals in order of time, equal times in list order, cut to the number of requests.
    pub(super) fn in_order(&mut self, plan: &WorkloadPlan, sources: &[Source]) -> (Vec<Arrival>, Planned) {
        let mut rows = std::mem::take(&mut self.rows);
        self.others.append(&mut first_requests(plan, sources));
        let of_windows = std::mem::take(&mut self.per_window.planned);
        let of_renewal = std::mem::take(&mut self.renewal.planned);
        // A plan has windows with parameters of their own or not.
        let mut planned = if of_windows.begun.is_empty() { of_renewal } else { of_windows };
        self.others.extend(planned.rounds.iter().enumerate().map(|(at, round)| Arrival {
            time: round.arrival,
            source: round.source,
            planned: at as u32,
        }));
        if !self.others.is_empty() {
            rows.append(&mut self.others);
            rows.sort_by_key(|row| (row.time, row.source));
        }
        if let Some(limit) = plan.num_requests {
            planned.was_cut = rows.len() as u64 >= limit;
            rows.truncate(limit as usize);
        }
        if !planned.begun.is_empty() {
            rows.retain(|row| planned.is_request(plan, sources, row.planned));
        }
        self.lengths = Lengths::new(sources.len(), &rows);
        (rows, planned)
    }

    /// Draws lengths, at most about `budget` pairs, which it uses up; returns whether all are there.
    pub(super) fn draw_lengths(
        &mut self,
        plan: &WorkloadPlan,
        sources: &[Source],
        streams: Streams,
        closed_loop: Option<&mut ClosedLoop>,
        budget: &mut u64,
    ) -> bool {
        self.lengths.draw(plan, sources, streams, closed_loop, budget)
    }

    /// Inputs and outputs in the order of the rows, once all are there.
    pub(super) fn lengths(
        &mut self,
        sources: usize,
        rows: &[Arrival],
        planned: &Planned,
    ) -> (Vec<Tokens>, Vec<Tokens>) {
        std::mem::take(&mut self.lengths).by_row(sources, rows, planned)
    }
}

/// The first request of every virtual user, spread over one think time (W-8).
fn first_requests(plan: &WorkloadPlan, sources: &[Source]) -> Vec<Arrival> {
    let horizon = plan.horizon.unwrap_or(i64::MAX);
    let rows = sources.iter().enumerate().filter_map(|(index, source)| {
        let arrival = plan.entries[source.entry as usize].first_arrival(source.part)?;
        Some(Arrival { time: arrival, source: index as u32, planned: NO_ROUND })
    });
    rows.filter(|row| row.time <= horizon).collect()
}

/// The lengths of the requests, source by source; the k-th kept arrival of a source takes its k-th draws.
#[derive(Debug, Default)]
struct Lengths {
    /// Where the draws of each source begin, and one past the end.
    starts: Vec<usize>,
    inputs: Vec<Tokens>,
    outputs: Vec<Tokens>,
    /// The source that is drawn from, the first of its rows without lengths, and its streams.
    source: usize,
    next: usize,
    streams: Option<(Xoshiro256PlusPlus, Xoshiro256PlusPlus)>,
}

impl Lengths {
    fn new(sources: usize, rows: &[Arrival]) -> Self {
        Self { starts: source_starts(sources, rows), ..Self::default() }
    }

    /// Draws lengths, at most about `budget` pairs, which it uses up; returns whether all are there.
    fn draw(
        &mut self,
        plan: &WorkloadPlan,
        sources: &[Source],
        streams: Streams,
        mut closed_loop: Option<&mut ClosedLoop>,
        budget: &mut u64,
    ) -> bool {
        if self.inputs.is_empty() {
            let drawn = self.starts.last().copied().unwrap_or(0);
            (self.inputs, self.outputs) = (vec![0; drawn], vec![0; drawn]);
        }
        while let Some(source) = sources.get(self.source) {
            let end = self.starts[self.source + 1];
            let (input, output) = samplers(plan, source);
            // A budget that is not used up takes one row further.
            let draws = input.draws() as u64;
            let pairs = usize::try_from(budget.div_ceil(draws)).unwrap_or(usize::MAX);
            let to = end.min(self.next.saturating_add(pairs));
            if self.next < to {
                *budget = budget.saturating_sub(draws.saturating_mul((to - self.next) as u64));
                let (inputs, outputs) = (&mut self.inputs[self.next..to], &mut self.outputs[self.next..to]);
                if let (Some(closed_loop), true) = (closed_loop.as_deref_mut(), source.session != NO_SESSION)
                {
                    let session = &mut closed_loop.sessions[source.session as usize];
                    let template = &closed_loop.templates[session.template as usize];
                    for (to_input, to_output) in inputs.iter_mut().zip(outputs) {
                        let first = session.rounds.lengths(template, 0);
                        (*to_input, *to_output) = (first.input, first.output);
                    }
                } else {
                    let (for_input, for_output) = self.streams.get_or_insert_with(|| {
                        (streams.of_source(source, "input"), streams.of_source(source, "output"))
                    });
                    input.fill(for_input, inputs);
                    output.fill(for_output, outputs);
                }
                self.next = to;
            }
            if self.next < end {
                return false;
            }
            self.source += 1;
            self.streams = None;
        }
        true
    }

    /// Inputs and outputs in the order of the rows.
    fn by_row(self, sources: usize, rows: &[Arrival], planned: &Planned) -> (Vec<Tokens>, Vec<Tokens>) {
        if sources == 1 && planned.begun.is_empty() {
            return (self.inputs, self.outputs);
        }
        let mut next = self.starts;
        let (mut inputs, mut outputs) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            if let Some(round) = planned.rounds.get(row.planned as usize) {
                inputs.push(round.input);
                outputs.push(round.output);
                continue;
            }
            let place = &mut next[row.source as usize];
            inputs.push(self.inputs[*place]);
            outputs.push(self.outputs[*place]);
            *place += 1;
        }
        (inputs, outputs)
    }
}

/// Where the draws of each source begin when they lie one source after the other, and one past the end. Rounds of conversations
/// have their lengths.
fn source_starts(sources: usize, rows: &[Arrival]) -> Vec<usize> {
    let mut starts = vec![0; sources + 1];
    for row in rows.iter().filter(|row| row.planned == NO_ROUND) {
        starts[row.source as usize + 1] += 1;
    }
    for source in 0..sources {
        starts[source + 1] += starts[source];
    }
    starts
}

/// The length distributions of a source: a window may have its own.
fn samplers<'plan>(
    plan: &'plan WorkloadPlan,
    source: &Source,
) -> (&'plan LengthSampler, &'plan LengthSampler) {
    let entry = &plan.entries[source.entry as usize];
    match &entry.arrivals {
        Arrivals::PerWindow(windows) => {
            let window = &windows[source.part as usize];
            (&window.input, &window.output)
        }
        _ => (&entry.input, &entry.output),
    }
}
