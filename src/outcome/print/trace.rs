//! A run as a trace (workload chapter, W-11.3).

use crate::config::workload_spec::{ReasoningSpec, WorkloadSpec};
use crate::config::{Config, ExplicitRequest};
use crate::formats::trace::{self, Mode, Optional, TraceFiles, TraceHeader, TraceRow};
use crate::order;
use crate::outcome::Outcome;
use crate::record::RequestState;
use crate::units::{Micros, RequestIndex, Tokens};
use crate::workload::loaded::{self, RequestList};
use crate::workload::{NO_GROUP, Requests};
use std::collections::HashMap;
use std::sync::Arc;

/// The rows of a run: one per request that arrived, in order of arrival, rejected and dropped ones included. Those of a
/// replay: one per row of the list, in its order, also of requests that had not arrived (W-12).
pub fn export(outcome: &Outcome, config: &Config, mode: Mode) -> TraceFiles {
    let labels = Labels::of(config);
    let answers = Answers::of(outcome);
    let turns = Turns::of(outcome, mode);
    let columns = Optional {
        slo_target_us: labels.any_target(),
        think_time_us: turns.grow() && labels.any_think_time(),
        hash_ids: outcome.requests.tree.is_some(),
        ..Optional::default()
    };
    let order = match mode {
        Mode::Generated => in_order_of_arrival(outcome),
        Mode::Replayed => outcome.rows().collect(),
    };
    let rows = order.into_iter().enumerate().map(|(number, row)| {
        let plain = TraceRow {
            session_id: outcome.requests.session_name(row.index()).unwrap_or_default(),
            ..trace_row(outcome, row, number as i64, &labels, &answers)
        };
        turns.row(outcome, row, &labels, plain)
    });
    let hash_block = outcome.requests.tree.as_ref().map_or(0, |tree| tree.hash_block);
    let session_context_growth = turns.grow().then(|| "accumulate".to_owned());
    trace::write(&TraceHeader { hash_block, session_context_growth, ..header(config, mode) }, columns, rows)
}

/// How the turns of conversations are written: if the prompts of all grow, each with its new tokens and the pause before it, so that
/// a replay can hold the conversations again (sessions chapter, S-10).
struct Turns {
    /// Per request the tokens that it repeats; `None` where prompts are written whole.
    context: Option<Vec<Tokens>>,
}

impl Turns {
    fn of(outcome: &Outcome, mode: Mode) -> Self {
        let requests = &outcome.requests;
        let all_grow = requests.sessions.as_ref().is_some_and(|sessions| {
            !sessions.context.is_empty() && sessions.context.iter().all(|context| context.grows())
        });
        Self { context: (all_grow && mode == Mode::Generated).then(|| requests.context_tokens()) }
    }

    const fn grow(&self) -> bool {
        self.context.is_some()
    }

    /// The row of a request as a turn.
    fn row(&self, outcome: &Outcome, row: RequestIndex, labels: &Labels<'_>, plain: TraceRow) -> TraceRow {
        let requests = &outcome.requests;
        let Some(context) = self.context.as_ref().filter(|_| requests.round[row] > 0) else { return plain };
        let input_tokens = i64::from(requests.input[row].saturating_sub(context[row.index()]));
        let think_time_us = labels.get(row, &plain.client_id).think_time_us;
        TraceRow { input_tokens, think_time_us, ..plain }
    }
}

fn header(config: &Config, mode: Mode) -> TraceHeader {
    let own_seed = config.workload.spec.as_ref().map(|spec| spec.seed.unwrap_or(0));
    let (mode, workload_seed) = match mode {
        Mode::Generated => ("generated", Some(own_seed.unwrap_or(config.seed))),
        Mode::Replayed => ("replayed", None),
    };
    TraceHeader {
        mode: mode.to_owned(),
        workload_seed,
        goodput_slo_targets: config.goodput_targets(),
        ..TraceHeader::default()
    }
}

fn in_order_of_arrival(outcome: &Outcome) -> Vec<RequestIndex> {
    let mut rows: Vec<_> = outcome.rows().filter(|&row| outcome.has_arrived(row)).collect();
    order::sort_indices(&mut rows, |row| outcome.requests.arrival[row]);
    rows
}

fn trace_row(
    outcome: &Outcome,
    row: RequestIndex,
    number: i64,
    labels: &Labels<'_>,
    answers: &Answers,
) -> TraceRow {
    let (requests, records) = (&outcome.requests, &outcome.records);
    let arrival = requests.arrival[row].0;
    let (first, last) = answers.chunks(outcome, row);
    let status = match records.state[row] {
        RequestState::Completed | RequestState::LengthCapped => "ok",
        RequestState::TimedOut => "timeout",
        RequestState::Lost => "lost",
        _ => "incomplete",
    };
    let client = requests.clients.get(requests.client[row] as usize).map_or("", String::as_str);
    let label = labels.get(row, client);
    let group = requests.group[row];
    let prefix = label.prefix_length.unwrap_or(requests.prefix[row]);
    TraceRow {
        request_id: number,
        client_id: client.to_owned(),
        tenant_id: requests.tenants[usize::from(requests.tenant[row])].clone(),
        slo_class: requests.classes[usize::from(requests.class[row])].clone(),
        round_index: i64::from(requests.round[row]),
        prefix_group: if group == NO_GROUP { String::new() } else { requests.groups[group as usize].clone() },
        prefix_length: i64::from(prefix),
        streaming: label.streaming,
        input_tokens: i64::from(requests.input[row]) - i64::from(prefix),
        output_tokens: i64::from(requests.output[row]),
        model: requests.model(row).to_owned(),
        deadline_us: requests.deadline[row].0,
        slo_target_us: label.slo_target_us,
        arrival_time_us: arrival,
        send_time_us: arrival,
        first_chunk_time_us: first,
        last_chunk_time_us: last,
        status: status.to_owned(),
        hash_ids: hash_ids(&outcome.requests, row.index()),
        ..TraceRow::default()
    }
}

/// The nodes of a prompt as hash ids.
fn hash_ids(requests: &Requests, row: usize) -> Vec<u64> {
    let path = requests.tree.as_ref().and_then(|tree| tree.path(row)).unwrap_or_default();
    path.into_iter().map(u64::from).collect()
}

/// The gaps of answers that began and did not end.
struct Answers(HashMap<RequestIndex, Micros>);

impl Answers {
    fn of(outcome: &Outcome) -> Self {
        Self(outcome.unfinished.iter().copied().collect())
    }

    /// Times of the first and the last token so far; 0 if there is none, or it was thrown away by an eviction.
    fn chunks(&self, outcome: &Outcome, row: RequestIndex) -> (i64, i64) {
        let gaps = if outcome.is_completed(row) {
            Some(outcome.records.itl_sum[row])
        } else {
            self.0.get(&row).map(|gaps| gaps.0)
        };
        let Some((ttft, gaps)) = outcome.ttft(row).zip(gaps) else { return (0, 0) };
        let first = outcome.requests.arrival[row].0 + ttft;
        (first, first + gaps)
    }
}

/// Fields of a client in a specification, or of a row in a list, that the simulation does not use.
#[derive(Clone, Copy, Default)]
struct Label {
    streaming: bool,
    slo_target_us: i64,
    /// If it is not the group's.
    prefix_length: Option<Tokens>,
    /// Pause before a later round of a conversation.
    think_time_us: i64,
}

impl RequestList {
    fn label(&self, row: usize) -> Label {
        fn at<T: Copy + Default>(column: Option<&Vec<T>>, row: usize) -> T {
            column.and_then(|column| column.get(row)).copied().unwrap_or_default()
        }
        Label {
            streaming: at(self.streaming.as_ref(), row),
            slo_target_us: at(self.slo_target_us.as_ref(), row),
            prefix_length: at(self.row_prefix_length.as_ref(), row),
            think_time_us: 0,
        }
    }
}

/// The labels by name of client or cohort, or by row of a list.
struct Labels<'c> {
    clients: HashMap<&'c str, Label>,
    cohorts: HashMap<&'c str, Label>,
    rows: &'c [ExplicitRequest],
    list: Option<Arc<RequestList>>,
}

impl<'c> Labels<'c> {
    fn of(config: &'c Config) -> Self {
        let workload = &config.workload;
        if let Some(list) = &workload.requests {
            let (rows, list) = (list.rows(), loaded::list_of(list));
            return Self { clients: HashMap::new(), cohorts: HashMap::new(), rows, list };
        }
        let (clients, cohorts) = match &workload.spec {
            Some(WorkloadSpec { clients, cohorts, .. }) => (clients.as_slice(), cohorts.as_slice()),
            None => (&[][..], &[][..]),
        };
        let label = |streaming, slo_target_us, reasoning: &Option<ReasoningSpec>| {
            let turns = reasoning.as_ref().and_then(|spec| spec.multi_turn.as_ref());
            let think_time_us = turns.map_or(0, |turns| turns.think_time_us);
            Label { streaming, slo_target_us, prefix_length: None, think_time_us }
        };
        Self {
            clients: clients
                .iter()
                .map(|it| (it.id.as_str(), label(it.streaming, it.slo_target_us, &it.reasoning)))
                .collect(),
            cohorts: cohorts
                .iter()
                .map(|it| (it.id.as_str(), label(it.streaming, it.slo_target_us, &it.reasoning)))
                .collect(),
            rows: &[],
            list: None,
        }
    }

    fn any_think_time(&self) -> bool {
        self.clients.values().chain(self.cohorts.values()).any(|label| label.think_time_us > 0)
    }

    fn any_target(&self) -> bool {
        let of_clients = self.clients.values().chain(self.cohorts.values()).map(|label| label.slo_target_us);
        let of_list = self.list.iter().filter_map(|list| list.slo_target_us.as_ref()).flatten().copied();
        of_clients
            .chain(self.rows.iter().map(|row| row.slo_target_us))
            .chain(of_list)
            .any(|target| target > 0)
    }

    /// Members of cohorts are called `<id>-<j>`.
    fn get(&self, row: RequestIndex, client: &str) -> Label {
        if let Some(ExplicitRequest { streaming, slo_target_us, row_prefix_length, .. }) =
            self.rows.get(row.index())
        {
            return Label {
                streaming: *streaming,
                slo_target_us: *slo_target_us,
                prefix_length: *row_prefix_length,
                think_time_us: 0,
            };
        }
        if let Some(list) = &self.list {
            return list.label(row.index());
        }
        let cohort = || client.rsplit_once('-').and_then(|(cohort, _)| self.cohorts.get(cohort));
        self.clients.get(client).or_else(cohort).copied().unwrap_or_default()
    }
}
