//! Imported requests as a trace of ours.

use super::table::Slice;
use crate::config::SloTarget;
use crate::formats::trace::{Optional, TraceFiles, TraceHeader, TraceRow, write};
use crate::units::RequestIndex;
use crate::workload::NO_GROUP;
use std::collections::BTreeMap;

impl Slice {
    /// The requests as our two files; reading them gives the same requests again.
    pub fn trace(&self, targets: &BTreeMap<String, SloTarget>) -> TraceFiles {
        let (list, requests) = (&self.list, &self.list.requests);
        let header = TraceHeader {
            mode: "real".to_owned(),
            goodput_slo_targets: targets.clone(),
            hash_block: requests.tree.as_ref().map_or(0, |tree| tree.hash_block),
            ..TraceHeader::default()
        };
        let columns = Optional {
            slo_target_us: list.slo_target_us.is_some(),
            hash_ids: requests.tree.is_some(),
            ..Optional::default()
        };
        let row = |row: usize| {
            let group = requests.group[row];
            let arrival = requests.arrival[row].0;
            let ids = requests.tree.as_ref().and_then(|tree| tree.path(row)).unwrap_or_default();
            TraceRow {
                request_id: row as i64,
                client_id: requests.clients[requests.client[row] as usize].clone(),
                tenant_id: requests.tenants[usize::from(requests.tenant[row])].clone(),
                slo_class: requests.classes[usize::from(requests.class[row])].clone(),
                session_id: requests
                    .conversation(RequestIndex::from_index(row))
                    .unwrap_or_default()
                    .to_owned(),
                round_index: i64::from(requests.round[row]),
                prefix_group: if group == NO_GROUP {
                    String::new()
                } else {
                    requests.groups[group as usize].clone()
                },
                prefix_length: i64::from(requests.prefix[row]),
                streaming: list.streaming.as_ref().is_some_and(|streaming| streaming[row]),
                input_tokens: i64::from(requests.input[row]) - i64::from(requests.prefix[row]),
                output_tokens: i64::from(requests.output[row]),
                deadline_us: requests.deadline[row].0,
                slo_target_us: list.slo_target_us.as_ref().map_or(0, |targets| targets[row]),
                arrival_time_us: arrival,
                send_time_us: arrival,
                status: "ok".to_owned(),
                hash_ids: ids.into_iter().map(u64::from).collect(),
                ..TraceRow::default()
            }
        };
        write(&header, columns, (0..requests.len()).map(row))
    }
}
