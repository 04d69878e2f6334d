//! From a plan to finished columns: arrivals, order, cut, lengths and labels (workload chapter, W-5 to W-9).

use super::closed_loop::{ClosedLoop, Template, User};
use super::labels::{SourceLabels, deadline, prompt_length};
use super::lengths::LengthSampler;
use super::per_window::PerWindow;
use super::renewal::Merge;
use super::sources::{Arrival, Members, Source, Streams, check_prefixes, sources};
use super::workload_plan::{Arrivals, WorkloadPlan};
use super::{NO_USER, Requests, labels};
use crate::config::limits::{MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::ops::Range;

/// The requests of a plan in the making. Everything that grows with their number is done in portions.
#[derive(Debug)]
pub(super) struct Assembly {
    plan: WorkloadPlan,
    members: Members,
    sources: Vec<Source>,
    stage: Stage,
    renewal: Merge,
    per_window: PerWindow,
    /// Arrivals of all kinds but renewal processes.
    others: Vec<Arrival>,
    rows: Vec<Arrival>,
    labels: Vec<SourceLabels>,
    closed_loop: Option<ClosedLoop>,
    lengths: Lengths,
    requests: Requests,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Renewal,
    PerWindow,
    /// Everything together in order of time, and the labels of the sources.
    Order,
    /// The virtual users from this source on.
    Users(usize),
    Lengths,
    /// The lengths from the order of the sources into that of the rows.
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
        let renewal = Merge::new(&plan, &sources, &Streams::new(&plan, &members));
        Ok(Self {
            plan,
            members,
            sources,
            stage: Stage::Renewal,
            renewal,
            per_window: PerWindow::default(),
            others: Vec::new(),
            rows: Vec::new(),
            labels: Vec::new(),
            closed_loop: None,
            lengths: Lengths::default(),
            requests: Requests::default(),
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
        self.sources.iter().any(|source| source.user != NO_USER)
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
        let streams = Streams::new(&self.plan, &self.members);
        let rows = self.rows.len() as u64;
        Ok(match self.stage {
            Stage::Renewal => {
                self.renewal.advance(&self.plan, &mut self.rows, budget)?.then_some(Stage::PerWindow)
            }
            Stage::PerWindow => self
                .per_window
                .advance(&self.plan, &self.sources, &streams, &mut self.others, budget)
                .then_some(Stage::Order),
            Stage::Order => {
                self.order()?;
                *budget = budget.saturating_sub(self.rows.len() as u64 / COPIES_PER_DRAW);
                Some(Stage::Users(0))
            }
            Stage::Users(from) => {
                let Some(closed_loop) = &mut self.closed_loop else {
                    return Ok(Some(Stage::Lengths));
                };
                let users = rows_within(*budget / DRAWS_PER_USER).max(1);
                let to = self.sources.len().min(from.saturating_add(users));
                *budget = budget.saturating_sub(DRAWS_PER_USER * (to - from) as u64);
                add_users(closed_loop, &self.plan, &self.sources, from..to, &self.labels, &streams);
                Some(if to == self.sources.len() { Stage::Lengths } else { Stage::Users(to) })
            }
            Stage::Lengths => {
                let users = self.closed_loop.as_mut();
                self.lengths
                    .draw(&self.plan, &self.sources, &streams, users, &self.rows, budget)
                    .then_some(Stage::Scatter)
            }
            Stage::Scatter => {
                let lengths = std::mem::take(&mut self.lengths);
                (self.requests.input, self.requests.output) = lengths.by_row(self.sources.len(), &self.rows);
                *budget = budget.saturating_sub(rows / COPIES_PER_DRAW);
                Some(Stage::Columns(0))
            }
            Stage::Columns(number) => {
                *budget = budget.saturating_sub(rows / COPIES_PER_DRAW);
                let more = write_column(number, &self.sources, &self.labels, &self.rows, &mut self.requests);
                Some(if more { Stage::Columns(number + 1) } else { Stage::Done })
            }
            Stage::Done => Some(Stage::Done),
        })
    }

    /// Brings all arrivals into the order of time, equal times in list order, cut to the number of requests, and labels
    /// the sources.
    fn order(&mut self) -> Result<(), ConfigError> {
        self.others.append(&mut first_requests(&self.plan, &self.sources));
        if !self.others.is_empty() {
            self.rows.append(&mut self.others);
            self.rows.sort_by_key(|row| (row.arrival, row.source));
        }
        if let Some(limit) = self.plan.num_requests {
            self.rows.truncate(limit as usize);
        }
        if self.rows.last().is_some_and(|last| last.arrival > MAX_TIME_US) {
            return Err(self.plan.too_late());
        }
        let (plan, members, sources) = (&self.plan, &self.members, &self.sources);
        self.labels = labels::label_sources(plan, members, sources, &self.rows, &mut self.requests);
        self.lengths = Lengths::new(sources.len(), &self.rows);
        let created = self.rows.len() as u64;
        self.closed_loop =
            self.has_users().then(|| ClosedLoop::new(plan.num_requests.map(|limit| limit - created)));
        Ok(())
    }

    /// The requests and what the closed loop needs to go on, once all are there.
    pub(super) fn finish(self) -> (Requests, Option<ClosedLoop>) {
        debug_assert!(self.stage == Stage::Done, "the requests are not all there");
        (self.requests, self.closed_loop)
    }
}

/// The first request of every virtual user, spread over one think time (W-8).
fn first_requests(plan: &WorkloadPlan, sources: &[Source]) -> Vec<Arrival> {
    let mut rows = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        if let Arrivals::Users { count, think_time, .. } = plan.entries[source.entry as usize].arrivals {
            let arrival = i128::from(source.part) * i128::from(think_time.0) / i128::from(count);
            rows.push(Arrival { arrival: arrival as i64, source: index as u32 });
        }
    }
    let horizon = plan.horizon.unwrap_or(i64::MAX);
    rows.retain(|row| row.arrival <= horizon);
    rows
}

/// A budget as a number of rows.
fn rows_within(budget: u64) -> usize {
    usize::try_from(budget).unwrap_or(usize::MAX)
}

/// Adds the virtual users among the sources of a range, with their streams.
fn add_users(
    closed_loop: &mut ClosedLoop,
    plan: &WorkloadPlan,
    sources: &[Source],
    range: Range<usize>,
    labels: &[SourceLabels],
    streams: &Streams,
) {
    for at in range {
        let (source, labels) = (&sources[at], &labels[at]);
        let entry = &plan.entries[source.entry as usize];
        let Arrivals::Users { think_time, .. } = entry.arrivals else { continue };
        if at == 0 || sources[at - 1].entry != source.entry {
            let (input, output) = (entry.input.clone(), entry.output.clone());
            closed_loop.templates.push(Template { input, output, labels: *labels });
        }
        closed_loop.users.push(User {
            client: labels.client,
            number: source.part,
            think_time,
            template: closed_loop.templates.len() as u32 - 1,
            input_stream: streams.of_source(source, "input"),
            output_stream: streams.of_source(source, "output"),
        });
    }
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
        streams: &Streams,
        mut closed_loop: Option<&mut ClosedLoop>,
        rows: &[Arrival],
        budget: &mut u64,
    ) -> bool {
        if self.inputs.is_empty() {
            (self.inputs, self.outputs) = (vec![0; rows.len()], vec![0; rows.len()]);
        }
        while let Some(source) = sources.get(self.source) {
            let end = self.starts[self.source + 1];
            let to = end.min(self.next.saturating_add(rows_within(*budget)));
            if self.next < to {
                *budget -= (to - self.next) as u64;
                let (inputs, outputs) = (&mut self.inputs[self.next..to], &mut self.outputs[self.next..to]);
                let (input, output) = samplers(plan, source);
                if let (Some(closed_loop), true) = (closed_loop.as_deref_mut(), source.user != NO_USER) {
                    let user = &mut closed_loop.users[source.user as usize];
                    input.fill(&mut user.input_stream, inputs);
                    output.fill(&mut user.output_stream, outputs);
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
    fn by_row(self, sources: usize, rows: &[Arrival]) -> (Vec<Tokens>, Vec<Tokens>) {
        if sources == 1 {
            return (self.inputs, self.outputs);
        }
        let mut next = self.starts;
        let (mut inputs, mut outputs) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            let place = &mut next[row.source as usize];
            inputs.push(self.inputs[*place]);
            outputs.push(self.outputs[*place]);
            *place += 1;
        }
        (inputs, outputs)
    }
}

/// Where the draws of each source begin when they lie one source after the other, and one past the end.
fn source_starts(sources: usize, rows: &[Arrival]) -> Vec<usize> {
    let mut starts = vec![0; sources + 1];
    for row in rows {
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

/// Fills the column with this number, of all but the lengths, and puts the prefixes in front of the prompts. Returns
/// whether another one follows.
fn write_column(
    number: usize,
    sources: &[Source],
    labels: &[SourceLabels],
    rows: &[Arrival],
    requests: &mut Requests,
) -> bool {
    let column = Column { labels, rows };
    match number {
        0 => requests.arrival = rows.iter().map(|row| Micros(row.arrival)).collect(),
        1 => requests.group = column.of(|labels| labels.group),
        2 => requests.class = column.of(|labels| labels.class),
        3 => requests.tenant = column.of(|labels| labels.tenant),
        4 => requests.client = column.of(|labels| labels.client),
        5 => requests.round = vec![0; rows.len()],
        6 => {
            requests.user = if sources.iter().all(|source| source.user == NO_USER) {
                vec![NO_USER; rows.len()]
            } else {
                rows.iter().map(|row| sources[row.source as usize].user).collect()
            };
        }
        7 => {
            requests.deadline =
                rows.iter().map(|row| deadline(Micros(row.arrival), column.label(row).timeout)).collect();
        }
        8 => {
            for output in &mut requests.output {
                *output = (*output).min(MAX_TOKENS_PER_REQUEST);
            }
            requests.budget = requests.output.iter().map(|&output| output as i32).collect();
        }
        _ => {
            requests.prefix = column.of(|labels| labels.prefix);
            for (input, &prefix) in requests.input.iter_mut().zip(&requests.prefix) {
                *input = prompt_length(prefix, *input);
            }
            return false;
        }
    }
    true
}

/// Spreads a label over the rows.
struct Column<'rows> {
    labels: &'rows [SourceLabels],
    rows: &'rows [Arrival],
}

impl Column<'_> {
    fn label(&self, row: &Arrival) -> &SourceLabels {
        match self.labels {
            [only] => only,
            labels => &labels[row.source as usize],
        }
    }

    fn of<T: Copy>(&self, label: impl Fn(&SourceLabels) -> T) -> Vec<T> {
        match self.labels {
            [only] => vec![label(only); self.rows.len()],
            _ => self.rows.iter().map(|row| label(self.label(row))).collect(),
        }
    }
}
