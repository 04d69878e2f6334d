//! From a plan to finished columns: arrivals, order, cut, lengths and labels (workload chapter, W-5 to W-9).

use super::closed_loop::{ClosedLoop, Template, User};
use super::labels::{SourceLabels, deadline, prompt_length};
use super::lengths::LengthSampler;
use super::sources::{Arrival, Members, Source, Streams, check_prefixes, sources};
use super::workload_plan::{Arrivals, WorkloadPlan};
use super::{NO_USER, Requests, labels, per_window, renewal};
use crate::config::limits::{MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;
use crate::units::Micros;

/// Generates the requests of a plan and what the closed loop needs to go on.
pub(super) fn requests(plan: &WorkloadPlan) -> Result<(Requests, Option<ClosedLoop>), ConfigError> {
    plan.check_size()?;
    let members = Members::new(plan);
    check_prefixes(plan, &members)?;
    let sources = sources(plan);
    let streams = Streams::new(plan, &members);
    let rows = arrivals(plan, &sources, &streams)?;

    let mut requests = Requests::default();
    let labels = labels::label_sources(plan, &members, &sources, &rows, &mut requests);
    let mut closed_loop = closed_loop(plan, &sources, &labels, &streams, rows.len());
    draw_lengths(plan, &sources, &streams, closed_loop.as_mut(), &rows, &mut requests);
    write_columns(&sources, &labels, &rows, &mut requests);
    Ok((requests, closed_loop))
}

/// All arrivals in time order, equal times in list order, cut to the number of requests.
fn arrivals(plan: &WorkloadPlan, sources: &[Source], streams: &Streams) -> Result<Vec<Arrival>, ConfigError> {
    let mut rows = renewal::arrivals(plan, sources, streams)?;
    let mut others = per_window::arrivals(plan, sources, streams);
    others.append(&mut first_requests(plan, sources));
    if !others.is_empty() {
        rows.append(&mut others);
        rows.sort_by_key(|row| (row.arrival, row.source));
    }
    if let Some(limit) = plan.num_requests {
        rows.truncate(limit as usize);
    }
    match rows.last() {
        Some(last) if last.arrival > MAX_TIME_US => Err(plan.too_late()),
        _ => Ok(rows),
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

/// The virtual users with their streams; `None` in the open loop.
fn closed_loop(
    plan: &WorkloadPlan,
    sources: &[Source],
    labels: &[SourceLabels],
    streams: &Streams,
    created: usize,
) -> Option<ClosedLoop> {
    let mut closed_loop = ClosedLoop::new(plan.num_requests.map(|limit| limit - created as u64));
    let mut last_entry = None;
    for (source, labels) in sources.iter().zip(labels) {
        let entry = &plan.entries[source.entry as usize];
        let Arrivals::Users { think_time, .. } = entry.arrivals else { continue };
        if last_entry != Some(source.entry) {
            last_entry = Some(source.entry);
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
    (!closed_loop.users.is_empty()).then_some(closed_loop)
}

/// Draws the lengths of every row, source by source; the k-th kept arrival of a source takes its k-th draws.
fn draw_lengths(
    plan: &WorkloadPlan,
    sources: &[Source],
    streams: &Streams,
    mut closed_loop: Option<&mut ClosedLoop>,
    rows: &[Arrival],
    requests: &mut Requests,
) {
    let mut next = source_starts(sources.len(), rows);
    let (mut inputs, mut outputs) = (vec![0; rows.len()], vec![0; rows.len()]);
    for (index, source) in sources.iter().enumerate() {
        let range = next[index]..next[index + 1];
        if range.is_empty() {
            continue;
        }
        let (input, output) = samplers(plan, source);
        let (inputs, outputs) = (&mut inputs[range.clone()], &mut outputs[range]);
        if let (Some(closed_loop), true) = (closed_loop.as_deref_mut(), source.user != NO_USER) {
            let user = &mut closed_loop.users[source.user as usize];
            input.fill(&mut user.input_stream, inputs);
            output.fill(&mut user.output_stream, outputs);
        } else {
            input.fill(&mut streams.of_source(source, "input"), inputs);
            output.fill(&mut streams.of_source(source, "output"), outputs);
        }
    }
    if sources.len() == 1 {
        (requests.input, requests.output) = (inputs, outputs);
        return;
    }
    requests.input.reserve(rows.len());
    requests.output.reserve(rows.len());
    for row in rows {
        let place = &mut next[row.source as usize];
        requests.input.push(inputs[*place]);
        requests.output.push(outputs[*place]);
        *place += 1;
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

/// Fills every column but the lengths, and puts the prefixes in front of the prompts.
fn write_columns(sources: &[Source], labels: &[SourceLabels], rows: &[Arrival], requests: &mut Requests) {
    let column = Column { labels, rows };
    requests.arrival = rows.iter().map(|row| Micros(row.arrival)).collect();
    requests.prefix = column.of(|labels| labels.prefix);
    requests.group = column.of(|labels| labels.group);
    requests.class = column.of(|labels| labels.class);
    requests.tenant = column.of(|labels| labels.tenant);
    requests.client = column.of(|labels| labels.client);
    requests.round = vec![0; rows.len()];
    requests.user = if sources.iter().all(|source| source.user == NO_USER) {
        vec![NO_USER; rows.len()]
    } else {
        rows.iter().map(|row| sources[row.source as usize].user).collect()
    };
    requests.deadline =
        rows.iter().map(|row| deadline(Micros(row.arrival), column.label(row).timeout)).collect();
    for output in &mut requests.output {
        *output = (*output).min(MAX_TOKENS_PER_REQUEST);
    }
    requests.budget = requests.output.iter().map(|&output| output as i32).collect();
    for (input, &prefix) in requests.input.iter_mut().zip(&requests.prefix) {
        *input = prompt_length(prefix, *input);
    }
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
