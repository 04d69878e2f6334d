//! Conversations of a list, given round by round: their first rounds are in the list, the others follow from the answers
//! (sessions chapter, S-2 and S-9).

use super::closed_loop::{ClosedLoop, RoundLengths, Session, SessionState, Template};
use super::labels::SourceLabels;
use super::rounds::{Rounds, ScriptedRound};
use super::{Context, Fork, LengthSampler, NO_GROUP, Requests};
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::config::{RoundScript, SessionScript};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};
use std::collections::HashMap;
use std::sync::Arc;

/// The closed loop of these conversations, whose first rounds are among `requests`; `None` without any.
///
/// # Errors
/// A conversation that no request of round 0 belongs to, or two of one name; rounds with values out of range.
pub(super) fn closed_loop(
    scripts: &[SessionScript],
    requests: &mut Requests,
) -> Result<Option<ClosedLoop>, ConfigError> {
    if scripts.is_empty() {
        return Ok(None);
    }
    let mut first_rows: HashMap<u32, usize> = HashMap::new();
    for (row, &session) in requests.session.iter().enumerate() {
        if requests.round[row] == 0 {
            first_rows.entry(session).or_insert(row);
        }
    }
    let names = requests.sessions.iter().flat_map(|sessions| &sessions.names).enumerate();
    let mut numbers: HashMap<String, u32> = names.map(|(place, name)| (name.clone(), place as u32)).collect();
    let count = numbers.len();
    let mut closed_loop = ClosedLoop::new(None);
    let listed = Session { number: 0, template: 0, rounds: Rounds::Listed, state: SessionState::Active };
    closed_loop.sessions = vec![listed; count];
    for (place, script) in scripts.iter().enumerate() {
        let path = |field: &str| format!("workload.sessions[{place}].{field}");
        let first = numbers
            .remove(&script.session)
            .and_then(|number| first_rows.get(&number).map(|&row| (number, row)));
        let Some((number, row)) = first else {
            let expected = "the session of a request of round 0 in workload.requests, once";
            return Err(ConfigError::invalid(path("session"), &script.session, expected));
        };
        if let Some(sessions) = requests.sessions.as_mut().filter(|_| script.accumulate) {
            sessions.context[number as usize] = Context::Answered;
            let first = (requests.input[row], requests.output[row]);
            sessions.forks.extend(forks(script, number, first));
        }
        closed_loop.templates.push(template(script, requests, row, &path)?);
        closed_loop.sessions[number as usize] = Session {
            number: 0,
            template: closed_loop.templates.len() as u32 - 1,
            rounds: rounds(script, &path)?,
            state: SessionState::Active,
        };
    }
    if let Some(sessions) = &mut requests.sessions {
        sessions.forks.sort_by_key(|fork| (fork.session, fork.round));
    }
    Ok(Some(closed_loop))
}

/// The rounds that repeat less than there is, if none is cut short.
fn forks(script: &SessionScript, session: u32, first: (Tokens, Tokens)) -> Vec<Fork> {
    let mut forks = Vec::new();
    let (mut input, mut output) = first;
    for (number, round) in (1..).zip(&script.rounds) {
        let said = input.saturating_add(output.saturating_sub(1));
        let at = round.context_tokens.map_or(said, |own| own.min(said));
        if at < said {
            forks.push(Fork { session, round: number, at });
        }
        (input, output) = (at.saturating_add(round.input_tokens), round.output_tokens);
    }
    forks
}

/// What all rounds have from the first one.
fn template(
    script: &SessionScript,
    requests: &Requests,
    row: usize,
    path: &dyn Fn(&str) -> String,
) -> Result<Template, ConfigError> {
    let timeout = script.timeout_us.unwrap_or(0);
    in_range(path("timeout_us"), timeout, MAX_TIME_US, "µs")?;
    let group = requests.group[row];
    Ok(Template {
        lengths: Arc::new(RoundLengths {
            input: LengthSampler::Constant(0),
            output: LengthSampler::Constant(0),
        }),
        rounds: None,
        think_time: Micros::ZERO,
        labels: SourceLabels {
            client: requests.client[row],
            class: requests.class[row],
            tenant: requests.tenant[row],
            model: requests.models.as_ref().map_or(0, |models| models.of_request[row]),
            group,
            prefix: if group == NO_GROUP { 0 } else { requests.prefix[row] },
            timeout: (timeout > 0).then_some(Micros(timeout)),
        },
    })
}

/// The rounds of a conversation.
fn rounds(script: &SessionScript, path: &dyn Fn(&str) -> String) -> Result<Rounds, ConfigError> {
    let given = script.rounds.len();
    if given as u64 > MAX_REQUESTS {
        let expected = format!("at most {MAX_REQUESTS} rounds");
        return Err(ConfigError::invalid(path("rounds"), format!("{given} rounds"), expected));
    }
    for (number, &RoundScript { think_time_us, context_tokens, input_tokens, output_tokens }) in
        script.rounds.iter().enumerate()
    {
        let field = |name: &str| path(&format!("rounds[{number}].{name}"));
        in_range(field("think_time_us"), think_time_us, MAX_TIME_US, "µs")?;
        let most = i64::from(MAX_TOKENS_PER_REQUEST);
        in_range(field("context_tokens"), i64::from(context_tokens.unwrap_or(0)), most, "tokens")?;
        in_range(field("input_tokens"), i64::from(input_tokens), most, "tokens")?;
        in_range(field("output_tokens"), i64::from(output_tokens), most, "tokens")?;
    }
    let scripted = script.rounds.iter().map(|round| ScriptedRound {
        think_time: Micros(round.think_time_us),
        context: round.context_tokens,
        input: round.input_tokens,
        output: round.output_tokens,
    });
    Ok(Rounds::Scripted(scripted.collect()))
}

fn in_range(path: String, value: i64, most: i64, unit: &str) -> Result<(), ConfigError> {
    if (0..=most).contains(&value) {
        return Ok(());
    }
    Err(ConfigError::invalid(path, value, format!("0 to {most} {unit}")))
}
