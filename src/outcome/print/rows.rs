//! One row per request, for the metrics file (metrics chapter, M-4.1).

use crate::order;
use crate::outcome::Outcome;
use crate::record::RequestState;
use crate::units::RequestIndex;
use serde::Serialize;

/// What became of one request that reached an instance; samples that it lacks are 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct RequestRow {
    /// Arrival at the gateway in **seconds**.
    pub arrived_at: f64,
    /// Textual id.
    #[serde(rename = "requestID")]
    pub request_id: String,
    /// Prompt length, shared prefix included.
    pub num_prefill_tokens: u32,
    /// Predetermined output length.
    pub num_decode_tokens: u32,
    /// Time to first token.
    pub ttft_ms: f64,
    /// Mean inter-token latency of the request.
    pub itl_ms: f64,
    /// Arrival to last token.
    pub e2e_ms: f64,
    /// Arrival to scheduling.
    pub scheduling_delay_ms: f64,
    /// SLO class, if it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub slo_class: String,
    /// Tenant, if it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tenant_id: String,
    /// The instance, as `instance_<i>`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub handled_by: String,
    /// The model that it names, if it names one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Whether it was cut at the model's length limit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub length_capped: bool,
    /// The session, if it belongs to one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session_id: String,
    /// Round of the session, from 0.
    pub round_index: u32,
}

/// The rows of all requests that were handed to an instance and not dropped, by arrival, then by id.
pub fn request_rows(outcome: &Outcome) -> Vec<RequestRow> {
    let mut rows: Vec<(i64, RequestRow)> = outcome
        .rows()
        .filter(|&row| has_row(outcome, row))
        .map(|row| (outcome.requests.arrival[row].0, request_row(outcome, row)))
        .collect();
    order::sort_by(&mut rows, |(arrival, row), (other_arrival, other)| {
        arrival.cmp(other_arrival).then_with(|| row.request_id.cmp(&other.request_id))
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

fn has_row(outcome: &Outcome, row: RequestIndex) -> bool {
    outcome.records.instance[row].is_some() && outcome.records.state[row] != RequestState::Dropped
}

fn request_row(outcome: &Outcome, row: RequestIndex) -> RequestRow {
    let (requests, records) = (&outcome.requests, &outcome.records);
    let milliseconds = |sample: Option<i64>| sample.map_or(0.0, |micros| micros as f64 / 1000.0);
    RequestRow {
        arrived_at: requests.arrival[row].as_secs(),
        request_id: requests.id(row),
        num_prefill_tokens: requests.input[row],
        num_decode_tokens: requests.output[row],
        ttft_ms: milliseconds(outcome.ttft(row)),
        itl_ms: outcome.mean_itl(row).unwrap_or(0.0) / 1000.0,
        e2e_ms: milliseconds(outcome.e2e(row)),
        scheduling_delay_ms: milliseconds(outcome.scheduling_delay(row)),
        slo_class: requests.classes[usize::from(requests.class[row])].clone(),
        tenant_id: requests.tenants[usize::from(requests.tenant[row])].clone(),
        handled_by: format!("instance_{}", records.instance[row]),
        model: requests.model(row).to_owned(),
        length_capped: records.state[row] == RequestState::LengthCapped,
        session_id: requests.session_name(row.index()).unwrap_or_default(),
        round_index: requests.round[row],
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::to_pretty_json;
    use super::*;
    use crate::outcome::testing::{RowBuilder, outcome};

    #[test]
    fn keys_and_omissions_are_those_of_the_chapter() {
        let row = RowBuilder {
            class: "critical",
            input: 100,
            ..RowBuilder::completed(1500, 5776, &[8768, 5774, 5774])
        };
        let rows = request_rows(&outcome(1, &[row]));
        let text = to_pretty_json(&rows[0]).expect("a row is JSON");
        let expected = "{\n  \"arrived_at\": 0.0015,\n  \"requestID\": \"request_0\",\n  \"num_prefill_tokens\": 100,\n  \
            \"num_decode_tokens\": 4,\n  \"ttft_ms\": 5.776,\n  \"itl_ms\": 6.772,\n  \"e2e_ms\": 26.092,\n  \
            \"scheduling_delay_ms\": 0,\n  \"slo_class\": \"critical\",\n  \"handled_by\": \"instance_0\",\n  \
            \"round_index\": 0\n}";
        assert_eq!(text, expected);
    }

    #[test]
    fn rejected_and_dropped_requests_have_no_row_but_timed_out_ones_do() {
        let rows = [
            RowBuilder::rejected(0),
            RowBuilder { state: RequestState::Dropped, ..RowBuilder::queued(10, 20) },
            RowBuilder { state: RequestState::TimedOut, ..RowBuilder::queued(20, 30) },
        ];
        let rows = request_rows(&outcome(1, &rows));
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].request_id.as_str(), rows[0].ttft_ms, rows[0].e2e_ms), ("request_2", 0.0, 0.0));
    }

    #[test]
    fn rows_are_ordered_by_arrival_then_by_id_as_text() {
        let mut rows = vec![RowBuilder::completed(5, 10, &[])];
        rows.extend((1..11).map(|_| RowBuilder::completed(0, 10, &[])));
        let ids: Vec<String> =
            request_rows(&outcome(1, &rows)).into_iter().map(|row| row.request_id).collect();
        assert_eq!(ids[..3], ["request_1", "request_10", "request_2"]);
        assert_eq!(ids[10], "request_0");
    }
}
