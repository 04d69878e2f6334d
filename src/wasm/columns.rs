//! What happened to each request, column by column.

use super::RunResult;
use super::values::{index, text, to_js};
use crate::config::limits::MAX_TEXT_BYTES;
use crate::error::ConfigError;
use crate::outcome::conversations::conversation_ends;
use crate::units::Micros;
use crate::workload::NO_SESSION;
use js_sys::Error;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// Declares the columns: name, unit, meaning, and what an empty place says.
macro_rules! columns {
    ($($column:ident, $name:literal, $unit:literal, $meaning:literal, $missing:literal;)*) => {
        /// Names of the columns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
        #[tsify(missing_as_null, hashmap_as_object)]
        pub enum ColumnName {
            $(#[serde(rename = $name)] #[doc = $meaning] $column,)*
        }

        /// The columns in the order in which files have them.
        const COLUMNS: &[Column] = &[$(Column {
            name: ColumnName::$column,
            unit: $unit,
            meaning: $meaning,
            missing: $missing,
        },)*];

        impl ColumnName {
            const fn as_str(self) -> &'static str {
                match self { $(Self::$column => $name,)* }
            }
        }
    };
}

columns! {
    Arrival, "arrival_us", "µs", "arrival at the gateway", "";
    Input, "input_tokens", "tokens", "length of the prompt, shared prefix included", "";
    Output, "output_tokens", "tokens", "length of the whole answer, whether it was produced or not", "";
    Prefix, "prefix_tokens", "tokens", "part of the prompt that is shared with its group", "";
    Deadline, "deadline_us", "µs", "time at which the client gives up", "it never does";
    Admitted, "admitted_us", "µs", "time of the admission decision", "not decided";
    Routed, "routed_us", "µs", "time of the routing decision", "not routed";
    Enqueued, "enqueued_us", "µs", "entry into the wait queue of its instance", "never there";
    FirstScheduled, "first_scheduled_us", "µs",
        "start of the step that first took it into the batch", "never in a batch";
    LastScheduled, "last_scheduled_us", "µs",
        "start of the step that last did; later than the first if it was evicted", "never in a batch";
    Ttft, "ttft_us", "µs",
        "arrival to first token, recorded overheads included; after an eviction, of the token that came first then",
        "no token";
    ItlSum, "itl_sum_us", "µs", "sum of the gaps between its tokens; 0 unless it completed", "";
    ItlCount, "itl_count", "gaps", "number of the gaps between its tokens; 0 unless it completed", "";
    E2e, "e2e_us", "µs",
        "TTFT, all gaps and the completion overhead added up: a sum of recorded parts. Steps in which it got no token are \
         not among them, and overheads are counted that no clock shows, so it may be shorter or longer than \
         `ended_us - arrival_us`",
        "not completed";
    Ended, "ended_us", "µs",
        "end of the step that completed it, or the moment at which it timed out or was dropped", "not ended";
    Instance, "instance", "index", "instance that it was routed to, from 0", "not routed";
    Score, "score", "load or score",
        "weighted score of the chosen instance, or minus its load; unit: `summary.regret_unit`", "not routed, or regret is off";
    Regret, "regret", "load or score", "best candidate's score less the chosen one's", "not routed, or regret is off";
    Preemptions, "preemptions", "times", "how often it was evicted from a batch", "";
    Cached, "cached_tokens", "tokens",
        "prompt tokens found in the prefix cache when it was last taken into the batch", "";
    Session, "session", "number", "its session: a conversation or a virtual user, from 0", "none";
    Round, "round", "number", "its round of the session, from 0", "";
    Context, "context_tokens", "tokens", "part of the prompt that repeats the conversation so far", "";
}

/// A column: one number per request.
#[derive(Clone, Copy, Debug, Serialize, Tsify)]
#[tsify(missing_as_null, hashmap_as_object)]
pub struct Column {
    /// What [`RunResult::column`] takes.
    pub name: ColumnName,
    /// Unit of the numbers.
    pub unit: &'static str,
    /// What a number says.
    pub meaning: &'static str,
    /// What NaN says; empty if the column has a number for every request.
    pub missing: &'static str,
}

/// The columns of [`RunResult::column`], with unit and meaning.
#[wasm_bindgen(unchecked_return_type = "Column[]")]
pub fn columns() -> Result<JsValue, Error> {
    to_js(&COLUMNS)
}

/// What a result holds of every request.
#[wasm_bindgen(js_class = Result)]
impl RunResult {
    /// The names that [`RunResult::column`] accepts; `columns` has their units and meanings, too.
    #[wasm_bindgen(js_name = columnNames, unchecked_return_type = "ColumnName[]")]
    pub fn column_names() -> Vec<String> {
        COLUMNS.iter().map(|column| column.name.as_str().to_owned()).collect()
    }

    /// One number per request, in a fresh array; NaN where the thing did not happen. Every column is such an array,
    /// counts and indices included.
    ///
    /// @throws {ConfigError} if there is no column of this name
    pub fn column(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ColumnName")] name: JsValue,
    ) -> Result<Vec<f64>, Error> {
        let name = text("name", &name, MAX_TEXT_BYTES)?;
        let (requests, records) = (&self.outcome.requests, &self.outcome.records);
        let times =
            |column: &[Micros]| column.iter().map(|time| time.get().map_or(f64::NAN, |t| t as f64)).collect();
        let counts = |column: &[u32]| column.iter().map(|&count| f64::from(count)).collect();
        let Some(column) = COLUMNS.iter().find(|column| column.name.as_str() == name) else {
            let names: Vec<_> = COLUMNS.iter().map(|column| column.name.as_str()).collect();
            let error = ConfigError::invalid("name", name, format!("one of {}", names.join(", ")));
            return Err(super::js_error(&error));
        };
        Ok(match column.name {
            ColumnName::Arrival => times(&requests.arrival),
            ColumnName::Input => counts(&requests.input),
            ColumnName::Output => counts(&requests.output),
            ColumnName::Prefix => counts(&requests.prefix),
            ColumnName::Deadline => requests
                .deadline
                .iter()
                .map(|&deadline| if deadline > Micros::ZERO { deadline.0 as f64 } else { f64::NAN })
                .collect(),
            ColumnName::Admitted => times(&records.admitted_at),
            ColumnName::Routed => times(&records.routed_at),
            ColumnName::Enqueued => times(&records.enqueued_at),
            ColumnName::FirstScheduled => times(&records.first_scheduled_at),
            ColumnName::LastScheduled => times(&records.last_scheduled_at),
            ColumnName::Ttft => times(&records.ttft),
            ColumnName::ItlSum => records.itl_sum.iter().map(|&sum| sum as f64).collect(),
            ColumnName::ItlCount => counts(&records.itl_count),
            ColumnName::E2e => times(&records.e2e),
            ColumnName::Ended => times(&records.ended_at),
            ColumnName::Instance => records
                .instance
                .iter()
                .map(|&instance| if instance.is_some() { f64::from(instance.get()) } else { f64::NAN })
                .collect(),
            ColumnName::Score => records.score.clone(),
            ColumnName::Regret => records.regret.clone(),
            ColumnName::Preemptions => counts(&records.preemptions),
            ColumnName::Cached => counts(&records.cached_last),
            ColumnName::Session => {
                let number =
                    |&session: &u32| if session == NO_SESSION { f64::NAN } else { f64::from(session) };
                requests.session.iter().map(number).collect()
            }
            ColumnName::Round => counts(&requests.round),
            ColumnName::Context => counts(&requests.context_tokens()),
        })
    }

    /// The name of the session of a request; `undefined` if it belongs to none.
    ///
    /// @throws {ConfigError} if there is no such request
    #[wasm_bindgen(js_name = sessionName)]
    pub fn session_name(&self, request: f64) -> Result<Option<String>, Error> {
        let row = index("request", request, self.outcome.requests.len(), "requests")?;
        Ok(self.outcome.requests.session_name(row as usize))
    }

    /// How each conversation ended, by its number in the column `session`; `null` for one that did not begin. Empty without
    /// conversations, and where rounds do not wait for answers. Made at the first read, as `states`.
    #[wasm_bindgen(
        getter,
        js_name = conversationEnds,
        unchecked_return_type = "readonly (ConversationEnd | null)[]"
    )]
    pub fn conversation_ends(&self) -> Result<JsValue, Error> {
        to_js(&conversation_ends(&self.outcome))
    }

    /// The state of each request at the end. A list of texts, made at the first read: at a million requests it takes half
    /// a second and some ten megabytes.
    #[wasm_bindgen(getter, unchecked_return_type = "readonly RequestState[]")]
    pub fn states(&self) -> Vec<String> {
        let name = |state| match serde_json::to_value(state) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::new(),
        };
        self.outcome.records.state.iter().map(|&state| name(state)).collect()
    }

    /// The SLO class of each request; empty for unlabelled ones. Made at the first read, as `states`.
    #[wasm_bindgen(getter, unchecked_return_type = "readonly string[]")]
    pub fn classes(&self) -> Vec<String> {
        let requests = &self.outcome.requests;
        requests.class.iter().map(|&class| requests.classes[usize::from(class)].clone()).collect()
    }
}
