//! The result list of a replay (workload chapter, W-11.6).

use crate::order;
use crate::outcome::Outcome;
use serde::Serialize;

/// What became of one request that produced a first token and completed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReplayRow {
    /// Number of the request: that of its id, else its row.
    pub request_id: i64,
    /// Time to first token, µs.
    pub ttft_us: i64,
    /// Arrival to last token, µs.
    pub e2e_us: i64,
    /// Prompt length, shared prefix included.
    pub input_tokens: u32,
    /// True output length.
    pub output_tokens: u32,
    /// SLO class, if it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub slo_class: String,
    /// The model that it names, if it names one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Mean inter-token latency, µs; left out if it is 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub itl_mean_us: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

/// The list, by number.
pub fn replay_rows(outcome: &Outcome) -> Vec<ReplayRow> {
    let requests = &outcome.requests;
    let number = |row| {
        let id = requests.id(row);
        id.strip_prefix("request_").and_then(|number| number.parse().ok()).unwrap_or(i64::from(row.get()))
    };
    let of_request = |row| {
        Some(ReplayRow {
            request_id: number(row),
            ttft_us: outcome.ttft(row)?,
            e2e_us: outcome.e2e(row)?,
            input_tokens: requests.input[row],
            output_tokens: requests.output[row],
            slo_class: requests.classes[usize::from(requests.class[row])].clone(),
            model: requests.model(row).to_owned(),
            itl_mean_us: outcome.mean_itl(row).unwrap_or(0.0),
        })
    };
    let mut rows: Vec<_> = outcome.rows().filter_map(of_request).collect();
    order::sort_by_key(&mut rows, |row| row.request_id);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::testing::{RowBuilder, outcome};

    #[test]
    fn only_completed_requests_are_listed_and_empty_values_are_left_out() {
        let rows = [
            RowBuilder::rejected(0),
            RowBuilder { class: "batch", input: 100, ..RowBuilder::completed(10, 5776, &[8768, 5774]) },
            RowBuilder::completed(20, 100, &[]),
        ];
        let text = serde_json::to_string(&replay_rows(&outcome(1, &rows))).expect("rows are JSON");
        let keys =
            ["request_id", "ttft_us", "e2e_us", "input_tokens", "output_tokens", "slo_class", "itl_mean_us"];
        assert!(text.starts_with(r#"[{"request_id":1,"ttft_us":5776,"e2e_us":"#), "{text}");
        assert!(keys.iter().all(|key| text.contains(key)), "{text}");
        assert_eq!(text.matches("slo_class").count(), 1);
        assert_eq!(text.matches("itl_mean_us").count(), 1);
        assert!(!text.contains(r#""request_id":0"#));
    }
}
