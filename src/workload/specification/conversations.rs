//! Conversations of a client or cohort (sessions chapter, S-1).

use super::checked_clients::{CheckedClient, Window};
use super::{checks, distribution};
use crate::config::limits::MAX_REQUESTS;
use crate::config::workload_spec::{ContextGrowth, ReasoningSpec};
use crate::error::ConfigError;
use crate::units::Micros;
use crate::workload::conversations::ConversationPlan;

/// The conversations that `reasoning` asks for; none without `multi_turn`, whatever else it says.
pub(super) fn conversations(
    reasoning: Option<&ReasoningSpec>,
    closed_loop: Option<bool>,
    windows: &[Window],
    path: &str,
) -> Result<Option<ConversationPlan>, ConfigError> {
    let Some((reasoning, turns)) = reasoning.and_then(|spec| Some((spec, spec.multi_turn.as_ref()?))) else {
        return Ok(None);
    };
    let path = format!("{path}.reasoning");
    if !(1..=MAX_REQUESTS as i64).contains(&turns.max_rounds) {
        let expected = format!("1 to {MAX_REQUESTS} rounds");
        return Err(ConfigError::invalid(
            format!("{path}.multi_turn.max_rounds"),
            turns.max_rounds,
            expected,
        ));
    }
    let think_time = checks::time(format!("{path}.multi_turn.think_time_us"), turns.think_time_us, 0)?;
    let label = reasoning.reason_ratio_distribution.as_ref();
    let label = label.map(|spec| distribution::lengths(spec, &format!("{path}.reason_ratio_distribution")));
    Ok(Some(ConversationPlan {
        rounds: turns.max_rounds as u32,
        think_time: Micros(think_time),
        grows: turns.context_growth == ContextGrowth::Accumulate,
        is_single: turns.single_session,
        is_closed: closed_loop.unwrap_or(true),
        label: label.transpose()?,
        first_window: windows.first().map_or(0, |window| window.span.0),
    }))
}

/// Refuses virtual users and conversations in one file.
pub(super) fn check_beside_users(clients: &[CheckedClient]) -> Result<(), ConfigError> {
    let users = clients.iter().find_map(|client| Some((client, client.users?.0)));
    let talking = clients.iter().find(|client| client.conversations.is_some());
    match (users, talking) {
        (Some((client, users)), Some(talking)) => Err(ConfigError::conflict(
            format!("{}.concurrency", client.path),
            users,
            format!("{}.reasoning.multi_turn", talking.path),
            "virtual users or conversations, not both in one specification",
        )),
        _ => Ok(()),
    }
}
