//! A run as a trace (workload chapter, W-11.3).

use crate::config::Config;
use crate::config::workload_spec::WorkloadSpec;
use crate::formats::trace::{self, Mode, Optional, TraceFiles, TraceHeader, TraceRow};
use crate::order;
use crate::outcome::Outcome;
use crate::outcome::sessions::SessionNames;
use crate::record::RequestState;
use crate::units::RequestIndex;
use crate::workload::NO_GROUP;
use std::collections::HashMap;

/// One row per request that arrived, in order of arrival, rejected and dropped ones included.
///
/// The inter-token gaps of requests that did not complete are not kept, so that their last chunk is their first.
pub fn export(outcome: &Outcome, config: &Config, mode: Mode) -> TraceFiles {
    let labels = Labels::of(config);
    let sessions = SessionNames::new(outcome);
    let columns = Optional { slo_target_us: labels.any_target(), ..Optional::default() };
    let rows = in_order_of_arrival(outcome).into_iter().enumerate();
    let rows = rows.map(|(number, row)| trace_row(outcome, row, number as i64, &labels, &sessions));
    trace::write(&header(config, mode), columns, rows)
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
    sessions: &SessionNames,
) -> TraceRow {
    let (requests, records) = (&outcome.requests, &outcome.records);
    let arrival = requests.arrival[row].0;
    let first = outcome.ttft(row).map_or(0, |ttft| arrival + ttft);
    let status = match records.state[row] {
        RequestState::Completed | RequestState::LengthCapped => "ok",
        RequestState::TimedOut => "timeout",
        RequestState::Lost => "lost",
        _ => "incomplete",
    };
    let client = requests.clients.get(requests.client[row] as usize).map_or("", String::as_str);
    let label = labels.get(client);
    let group = requests.group[row];
    TraceRow {
        request_id: number,
        client_id: client.to_owned(),
        tenant_id: requests.tenants[usize::from(requests.tenant[row])].clone(),
        slo_class: requests.classes[usize::from(requests.class[row])].clone(),
        session_id: sessions.name(outcome, row).unwrap_or_default(),
        round_index: i64::from(requests.round[row]),
        prefix_group: if group == NO_GROUP { String::new() } else { requests.groups[group as usize].clone() },
        prefix_length: i64::from(requests.prefix[row]),
        streaming: label.streaming,
        input_tokens: i64::from(requests.input[row] - requests.prefix[row]),
        output_tokens: i64::from(requests.output[row]),
        deadline_us: requests.deadline[row].0,
        slo_target_us: label.slo_target_us,
        arrival_time_us: arrival,
        send_time_us: arrival,
        first_chunk_time_us: first,
        last_chunk_time_us: if first > 0 { first + records.itl_sum[row] } else { 0 },
        status: status.to_owned(),
        ..TraceRow::default()
    }
}

/// Fields of a client in a specification that the simulation does not use.
#[derive(Clone, Copy, Default)]
struct Label {
    streaming: bool,
    slo_target_us: i64,
}

/// The labels by name of client or cohort.
struct Labels<'c> {
    clients: HashMap<&'c str, Label>,
    cohorts: HashMap<&'c str, Label>,
}

impl<'c> Labels<'c> {
    fn of(config: &'c Config) -> Self {
        let (clients, cohorts) = match &config.workload.spec {
            Some(WorkloadSpec { clients, cohorts, .. }) => (clients.as_slice(), cohorts.as_slice()),
            None => (&[][..], &[][..]),
        };
        let label = |streaming, slo_target_us| Label { streaming, slo_target_us };
        Self {
            clients: clients
                .iter()
                .map(|it| (it.id.as_str(), label(it.streaming, it.slo_target_us)))
                .collect(),
            cohorts: cohorts
                .iter()
                .map(|it| (it.id.as_str(), label(it.streaming, it.slo_target_us)))
                .collect(),
        }
    }

    fn any_target(&self) -> bool {
        self.clients.values().chain(self.cohorts.values()).any(|label| label.slo_target_us > 0)
    }

    /// Members of cohorts are called `<id>-<j>`.
    fn get(&self, client: &str) -> Label {
        let cohort = || client.rsplit_once('-').and_then(|(cohort, _)| self.cohorts.get(cohort));
        self.clients.get(client).or_else(cohort).copied().unwrap_or_default()
    }
}
