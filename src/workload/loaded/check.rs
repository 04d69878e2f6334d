//! What a list from outside has to be like, so that nothing in the engine breaks by it.

use super::PATH;
use crate::config::limits::{MAX_NAME_BYTES, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;
use crate::workload::{NO_GROUP, NO_SESSION, Requests};
use std::collections::HashSet;

/// The requests of a list that comes from outside.
pub(super) fn requests(requests: &Requests) -> Result<(), ConfigError> {
    let rows = requests.len();
    same_lengths(requests, rows)?;
    let tokens = || 0..=i64::from(MAX_TOKENS_PER_REQUEST);
    in_range("arrival_us", requests.arrival.iter().map(|time| time.0), 0..=MAX_TIME_US)?;
    in_range("deadline_us", requests.deadline.iter().map(|time| time.0), 0..=MAX_TIME_US)?;
    in_range("input_tokens", requests.input.iter().copied().map(i64::from), tokens())?;
    in_range("output_tokens", requests.output.iter().copied().map(i64::from), tokens())?;
    in_range("budget", requests.budget.iter().copied().map(i64::from), tokens())?;
    let names = [&requests.classes, &requests.tenants, &requests.clients, &requests.groups];
    let optional = requests.ids.iter().chain(requests.sessions.iter().map(|sessions| &sessions.names));
    let models = requests.models.iter().map(|models| &models.names);
    for name in names.into_iter().chain(optional).chain(models).flatten() {
        if name.len() > MAX_NAME_BYTES {
            let expected = format!("names of at most {MAX_NAME_BYTES} bytes");
            return Err(ConfigError::invalid(PATH, name, expected));
        }
    }
    places(&requests.class, requests.classes.len())?;
    places(&requests.tenant, requests.tenants.len())?;
    places(&requests.client, requests.clients.len())?;
    if let Some(models) = &requests.models {
        places(&models.of_request, models.names.len())?;
    }
    let groups = requests.group.iter().copied().filter(|&group| group != NO_GROUP);
    places(&groups.collect::<Vec<_>>(), requests.groups.len())?;
    for row in 0..rows {
        let (prefix, input) = (requests.prefix[row], requests.input[row]);
        if prefix > input || (prefix > 0 && requests.group[row] == NO_GROUP) {
            let expected = format!("at most input_tokens = {input}, and 0 without a prefix group");
            return Err(ConfigError::invalid(format!("{PATH}[{row}].prefix_length"), prefix, expected));
        }
    }
    let sessions = requests.session.iter().copied().filter(|&session| session != NO_SESSION);
    places(
        &sessions.collect::<Vec<_>>(),
        requests.sessions.as_ref().map_or(0, |sessions| sessions.names.len()),
    )?;
    if requests.own_start.is_some() {
        return Err(damaged("it has tokens of generated prompts"));
    }
    if let Some(tree) = &requests.tree {
        tree.check(requests)?;
    }
    let mut seen = HashSet::new();
    let ids = requests.ids.iter().flatten();
    ids.enumerate().try_for_each(|(row, id)| {
        if seen.insert(id) {
            return Ok(());
        }
        Err(ConfigError::invalid(format!("{PATH}[{row}].id"), id, "an id that no other request has"))
    })
}

fn same_lengths(requests: &Requests, rows: usize) -> Result<(), ConfigError> {
    let all = [
        requests.input.len(),
        requests.output.len(),
        requests.budget.len(),
        requests.deadline.len(),
        requests.group.len(),
        requests.prefix.len(),
        requests.class.len(),
        requests.tenant.len(),
        requests.client.len(),
        requests.session.len(),
        requests.round.len(),
    ];
    let optional =
        [requests.ids.as_ref().map(Vec::len), requests.models.as_ref().map(|models| models.of_request.len())];
    if all.into_iter().chain(optional.into_iter().flatten()).all(|length| length == rows) {
        return Ok(());
    }
    Err(damaged("columns of different lengths"))
}

pub(super) fn in_range(
    field: &str,
    values: impl Iterator<Item = i64>,
    range: std::ops::RangeInclusive<i64>,
) -> Result<(), ConfigError> {
    for (row, value) in values.enumerate() {
        if !range.contains(&value) {
            let expected = format!("{} to {}", range.start(), range.end());
            return Err(ConfigError::invalid(format!("{PATH}[{row}].{field}"), value, expected));
        }
    }
    Ok(())
}

/// Whether all places lie in a table of so many names.
fn places<Place: Copy + Into<u32>>(places: &[Place], names: usize) -> Result<(), ConfigError> {
    if places.iter().all(|&place| (place.into() as usize) < names) {
        return Ok(());
    }
    Err(damaged("a label without a name"))
}

pub(super) fn damaged(what: &str) -> ConfigError {
    ConfigError::malformed(PATH, format!("the list is damaged: {what}"))
}
