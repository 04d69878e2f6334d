//! What happened to each request, column by column.

use super::RunResult;
use crate::units::Micros;
use wasm_bindgen::prelude::*;

/// Names of the columns of [`RunResult::column`].
const NAMES: [&str; 20] = [
    "arrival_us",
    "input_tokens",
    "output_tokens",
    "prefix_tokens",
    "deadline_us",
    "admitted_us",
    "routed_us",
    "enqueued_us",
    "first_scheduled_us",
    "last_scheduled_us",
    "ttft_us",
    "itl_sum_us",
    "itl_count",
    "e2e_us",
    "ended_us",
    "instance",
    "score",
    "regret",
    "preemptions",
    "cached_tokens",
];

#[wasm_bindgen(js_class = Result)]
impl RunResult {
    /// The names that [`RunResult::column`] accepts.
    #[wasm_bindgen(js_name = columnNames)]
    pub fn column_names() -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    /// One number per request; NaN where the thing did not happen, `undefined` for an unknown name.
    pub fn column(&self, name: &str) -> Option<Vec<f64>> {
        let (requests, records) = (&self.outcome.requests, &self.outcome.records);
        let times =
            |column: &[Micros]| column.iter().map(|time| time.get().map_or(f64::NAN, |t| t as f64)).collect();
        let counts = |column: &[u32]| column.iter().map(|&count| f64::from(count)).collect();
        Some(match name {
            "arrival_us" => times(&requests.arrival),
            "input_tokens" => counts(&requests.input),
            "output_tokens" => counts(&requests.output),
            "prefix_tokens" => counts(&requests.prefix),
            "deadline_us" => requests
                .deadline
                .iter()
                .map(|&deadline| if deadline > Micros::ZERO { deadline.0 as f64 } else { f64::NAN })
                .collect(),
            "admitted_us" => times(&records.admitted_at),
            "routed_us" => times(&records.routed_at),
            "enqueued_us" => times(&records.enqueued_at),
            "first_scheduled_us" => times(&records.first_scheduled_at),
            "last_scheduled_us" => times(&records.last_scheduled_at),
            "ttft_us" => times(&records.ttft),
            "itl_sum_us" => records.itl_sum.iter().map(|&sum| sum as f64).collect(),
            "itl_count" => counts(&records.itl_count),
            "e2e_us" => times(&records.e2e),
            "ended_us" => times(&records.ended_at),
            "instance" => records
                .instance
                .iter()
                .map(|&instance| if instance.is_some() { f64::from(instance.get()) } else { f64::NAN })
                .collect(),
            "score" => records.score.clone(),
            "regret" => records.regret.clone(),
            "preemptions" => counts(&records.preemptions),
            "cached_tokens" => counts(&records.cached_last),
            _ => return None,
        })
    }

    /// The state of each request at the end, by name.
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn states(&self) -> Vec<String> {
        let name = |state| match serde_json::to_value(state) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::new(),
        };
        self.outcome.records.state.iter().map(|&state| name(state)).collect()
    }

    /// The SLO class of each request; empty for unlabelled ones.
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn classes(&self) -> Vec<String> {
        let requests = &self.outcome.requests;
        requests.class.iter().map(|&class| requests.classes[usize::from(class)].clone()).collect()
    }
}
