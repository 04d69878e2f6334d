//! The requests of a case.

use super::case_parts::CaseUsers;
use crate::config::{RoundScript, SessionScript, SessionScripts};
use serde::Deserialize;
use serde_json::Value;

/// The requests of a case, in columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseWorkload {
    /// What drew the requests, which are listed below.
    pub source: Value,
    pub request: Vec<String>,
    pub arrival_us: Vec<i64>,
    pub input_tokens: Vec<u32>,
    pub output_tokens: Vec<u32>,
    pub prefix_group: Vec<Option<String>>,
    pub prefix_length: Vec<u32>,
    /// Tokens per hash block, if there are hash ids.
    #[serde(default)]
    pub hash_block: Option<u32>,
    #[serde(default)]
    pub hash_ids: Option<Vec<Option<Vec<u64>>>>,
    pub slo_class: Vec<String>,
    #[serde(default)]
    pub tenant: Option<Vec<String>>,
    pub deadline_us: Vec<Option<i64>>,
    #[serde(default)]
    pub session: Option<Vec<String>>,
    #[serde(default)]
    pub round: Option<Vec<u32>>,
    /// The request whose end made this one.
    #[serde(default)]
    pub parent: Option<Vec<Option<usize>>>,
    #[serde(default)]
    pub context_tokens: Option<Vec<u32>>,
    #[serde(default)]
    pub sessions: Option<CaseSessions>,
    #[serde(default)]
    pub multimodal: Option<Vec<bool>>,
    /// The virtual user of each request.
    #[serde(default)]
    pub user: Option<Vec<usize>>,
    #[serde(default)]
    pub closed_loop: Option<CaseUsers>,
}

impl CaseWorkload {
    /// The name of the session of a user's requests.
    pub fn user_session(user: usize) -> String {
        format!("concurrency_distribution_user_{user}")
    }

    /// Whether a request follows from an answer.
    pub fn is_follow_up(&self, row: usize) -> bool {
        let of_user = self.closed_loop.as_ref().is_some_and(|users| row >= users.users);
        of_user || self.parent.as_ref().is_some_and(|parents| parents[row].is_some())
    }

    /// The requests of virtual users, as sessions of rounds that share nothing.
    pub fn user_scripts(&self) -> Option<SessionScripts> {
        let (users, user) = (self.closed_loop.as_ref()?, self.user.as_ref()?);
        let script = |number: usize| {
            let rows = (users.users..self.request.len()).filter(|&row| user[row] == number);
            let round = |row: usize| RoundScript {
                think_time_us: users.think_time_us,
                context_tokens: None,
                input_tokens: self.input_tokens[row] - self.prefix_length[row],
                output_tokens: self.output_tokens[row],
            };
            SessionScript {
                session: Self::user_session(number),
                accumulate: false,
                timeout_us: None,
                rounds: rows.map(round).collect(),
            }
        };
        Some(SessionScripts((0..users.users).map(script).collect()))
    }
}

/// The sessions of the closed loop, a row each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSessions {
    session: Vec<String>,
    /// Labels, which the first round has, too.
    #[serde(rename = "client")]
    _client: Vec<String>,
    #[serde(rename = "slo_class")]
    _slo_class: Vec<String>,
    #[serde(rename = "tenant")]
    _tenant: Vec<String>,
    #[serde(rename = "prefix_group")]
    _prefix_group: Vec<Option<String>>,
    #[serde(rename = "prefix_length")]
    _prefix_length: Vec<u32>,
    max_rounds: Vec<Option<usize>>,
    accumulate: Vec<bool>,
    timeout_us: Vec<Option<i64>>,
    /// That of the run, where the run has one.
    #[serde(rename = "horizon")]
    _horizon: Vec<Option<i64>>,
    think_us: Vec<Vec<i64>>,
    new_input_tokens: Vec<Vec<u32>>,
    output_tokens: Vec<Vec<u32>>,
    #[serde(rename = "follow_up_budget")]
    _follow_up_budget: Option<u64>,
}

impl CaseSessions {
    /// The sessions as settings have them. Rounds that were never made have no lengths in a recording.
    pub fn scripts(&self) -> SessionScripts {
        let script = |(at, session): (usize, &String)| {
            let (input, output) = (&self.new_input_tokens[at], &self.output_tokens[at]);
            let most = self.max_rounds[at].map_or(input.len(), |most| most - 1);
            let round = |round: usize| RoundScript {
                think_time_us: self.think_us[at].get(round).copied().unwrap_or(0),
                context_tokens: None,
                input_tokens: input.get(round).copied().unwrap_or(0),
                output_tokens: output.get(round).copied().unwrap_or(0),
            };
            SessionScript {
                session: session.clone(),
                accumulate: self.accumulate[at],
                timeout_us: self.timeout_us[at],
                rounds: (0..most).map(round).collect(),
            }
        };
        SessionScripts(self.session.iter().enumerate().map(script).collect())
    }
}
