//! Requests from an explicit list.

use super::labels::{Models, Names};
use super::{Misplaced, NO_GROUP, PromptTree, Requests, Sessions, TreeBuilder};
use crate::config::ExplicitRequest;
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};
use std::collections::HashSet;

/// The list as columns, in the order given (requests need not be sorted by arrival).
///
/// # Errors
///
/// Rows with values out of range, prefixes longer than their prompt or without a group, ids that occur
/// twice, and hash ids that are no path of a tree are refused with their row, as in `workload.requests[3].arrival_us`.
pub(super) fn requests(list: &[ExplicitRequest], hash_block: Tokens) -> Result<Requests, ConfigError> {
    if list.len() as u64 > MAX_REQUESTS {
        let expected = format!("at most {MAX_REQUESTS} requests");
        return Err(ConfigError::invalid("workload.requests", list.len(), expected));
    }
    if hash_block == 0 {
        return Err(ConfigError::invalid("workload.hash_block", 0, "at least 1 token"));
    }
    for (row, request) in list.iter().enumerate() {
        check(request).and_then(|()| hash_ids(request, hash_block)).map_err(|problem| problem.at(row))?;
    }
    let mut requests = Requests { ids: ids(list)?, ..numbers(list) };
    write_labels(list, &mut requests)?;
    requests.models = models(list)?;
    requests.tree = tree(list, hash_block)?;
    if list.iter().any(|request| request.context_tokens > 0) {
        let repeated: Vec<Tokens> = list.iter().map(|request| request.context_tokens).collect();
        requests.settle_contexts(&repeated);
    }
    Ok(requests)
}

/// What is wrong with a row.
struct Problem {
    field: &'static str,
    value: String,
    expected: String,
}

impl Problem {
    fn new(field: &'static str, value: &impl ToString, expected: impl Into<String>) -> Self {
        Self { field, value: value.to_string(), expected: expected.into() }
    }

    fn at(self, row: usize) -> ConfigError {
        ConfigError::invalid(format!("workload.requests[{row}].{}", self.field), self.value, self.expected)
    }
}

/// Checks the ranges of a row.
fn check(request: &ExplicitRequest) -> Result<(), Problem> {
    time("arrival_us", request.arrival_us)?;
    time("deadline_us", request.deadline_us.unwrap_or(0))?;
    tokens("input_tokens", request.input_tokens)?;
    tokens("output_tokens", request.output_tokens)?;
    time("slo_target_us", request.slo_target_us)?;
    if let Some(budget) = request.budget
        && !(0..=MAX_TOKENS_PER_REQUEST as i32).contains(&budget)
    {
        return Err(Problem::new("budget", &budget, format!("0 to {MAX_TOKENS_PER_REQUEST}, 0 = none")));
    }
    if request.context_tokens > request.input_tokens {
        let expected = format!("at most input_tokens = {}", request.input_tokens);
        return Err(Problem::new("context_tokens", &request.context_tokens, expected));
    }
    if request.prefix_length > request.input_tokens {
        let expected = format!("at most input_tokens = {}", request.input_tokens);
        return Err(Problem::new("prefix_length", &request.prefix_length, expected));
    }
    if request.row_prefix_length.is_some_and(|length| length > request.input_tokens) {
        let expected = format!("at most input_tokens = {}", request.input_tokens);
        let length = request.row_prefix_length.unwrap_or_default();
        return Err(Problem::new("row_prefix_length", &length, expected));
    }
    if request.prefix_length > 0 && request.prefix_group.is_none() {
        let expected = "0, or a prefix_group to share the prefix with";
        return Err(Problem::new("prefix_length", &request.prefix_length, expected));
    }
    Ok(())
}

/// Checks the number of hash ids of a row.
fn hash_ids(request: &ExplicitRequest, hash_block: Tokens) -> Result<(), Problem> {
    let Some(ids) = &request.hash_ids else { return Ok(()) };
    let input = request.input_tokens;
    if request.prefix_group.is_some() {
        let expected = "none beside a prefix_group: a prompt has the one or the other";
        return Err(Problem::new("hash_ids", &format!("{} ids", ids.len()), expected));
    }
    let needed = input.div_ceil(hash_block);
    if ids.len() != needed as usize {
        let expected = format!(
            "{needed}, one for each {hash_block} tokens (workload.hash_block) of {input}, begun or full"
        );
        return Err(Problem::new("hash_ids", &format!("{} ids", ids.len()), expected));
    }
    Ok(())
}

fn time(field: &'static str, value: i64) -> Result<(), Problem> {
    if (0..=MAX_TIME_US).contains(&value) {
        return Ok(());
    }
    Err(Problem::new(field, &value, format!("0 to {MAX_TIME_US} µs")))
}

fn tokens(field: &'static str, value: Tokens) -> Result<(), Problem> {
    if value <= MAX_TOKENS_PER_REQUEST {
        return Ok(());
    }
    Err(Problem::new(field, &value, format!("at most {MAX_TOKENS_PER_REQUEST} tokens")))
}

/// The ids, if any row has one: rows without are numbered by their place.
fn ids(list: &[ExplicitRequest]) -> Result<Option<Vec<String>>, ConfigError> {
    if list.iter().all(|request| request.id.is_none()) {
        return Ok(None);
    }
    let id = |(row, request): (usize, &ExplicitRequest)| {
        request.id.clone().unwrap_or_else(|| format!("request_{row}"))
    };
    let ids: Vec<String> = list.iter().enumerate().map(id).collect();
    let mut seen = HashSet::with_capacity(ids.len());
    for (row, id) in ids.iter().enumerate() {
        if !seen.insert(id.as_str()) {
            return Err(Problem::new("id", &id, "an id that no other request has").at(row));
        }
    }
    Ok(Some(ids))
}

/// The columns of numbers.
fn numbers(list: &[ExplicitRequest]) -> Requests {
    let (session, sessions) = Sessions::of_rows(list.iter().map(|request| request.session.as_str()));
    Requests {
        arrival: list.iter().map(|request| Micros(request.arrival_us)).collect(),
        input: list.iter().map(|request| request.input_tokens).collect(),
        output: list.iter().map(|request| request.output_tokens).collect(),
        budget: list.iter().map(|request| request.budget.unwrap_or(request.output_tokens as i32)).collect(),
        deadline: list.iter().map(|request| Micros(request.deadline_us.unwrap_or(0))).collect(),
        prefix: list.iter().map(|request| request.prefix_length).collect(),
        session,
        round: list.iter().map(|request| request.round).collect(),
        sessions,
        ..Requests::default()
    }
}

/// The columns of labels with their tables, names in order of first mention, the empty name first.
fn write_labels(list: &[ExplicitRequest], requests: &mut Requests) -> Result<(), ConfigError> {
    let (mut classes, mut tenants, mut groups) = (Names::default(), Names::default(), Names::default());
    let mut clients = Names::default();
    if list.is_empty() {
        clients.place("");
    }
    if list.iter().any(|request| request.slo_class.is_empty()) {
        classes.place("");
    }
    if list.iter().any(|request| request.tenant.is_empty()) {
        tenants.place("");
    }
    for (row, request) in list.iter().enumerate() {
        requests.class.push(small(classes.place(&request.slo_class), "slo_class", row)?);
        requests.tenant.push(small(tenants.place(&request.tenant), "tenant", row)?);
        requests.client.push(clients.place(&request.client));
        requests.group.push(request.prefix_group.as_deref().map_or(NO_GROUP, |name| groups.place(name)));
    }
    requests.classes = classes.into_vec();
    requests.tenants = tenants.into_vec();
    requests.groups = groups.into_vec();
    requests.clients = clients.into_vec();
    Ok(())
}

/// The tree of the hash ids, if any row has some.
fn tree(list: &[ExplicitRequest], hash_block: Tokens) -> Result<Option<PromptTree>, ConfigError> {
    if list.iter().all(|request| request.hash_ids.is_none()) {
        return Ok(None);
    }
    let mut builder = TreeBuilder::default();
    for (row, request) in list.iter().enumerate() {
        builder.push(request.hash_ids.as_deref()).map_err(|misplaced| {
            let Misplaced { at, id, first: (first_at, before) } = misplaced;
            let behind = before.map_or_else(|| "at the start of a prompt".to_owned(), |id| format!("behind {id}"));
            let expected = format!(
                "a number of its own: {id} stands for a whole prompt up to its block, and it came first as hash_ids[{first_at}] {behind}"
            );
            ConfigError::invalid(format!("workload.requests[{row}].hash_ids[{at}]"), id, expected)
        })?;
    }
    Ok(builder.finish(hash_block))
}

/// The models, if any row names one.
fn models(list: &[ExplicitRequest]) -> Result<Option<Models>, ConfigError> {
    if list.iter().all(|request| request.model.is_empty()) {
        return Ok(None);
    }
    let mut names = Names::default();
    let places = list.iter().enumerate();
    let of_request = places.map(|(row, request)| small(names.place(&request.model), "model", row));
    let of_request = of_request.collect::<Result<_, _>>()?;
    Ok(Some(Models { names: names.into_vec(), of_request }))
}

/// The place of a name in a table of at most 65536 names.
fn small(place: u32, field: &'static str, row: usize) -> Result<u16, ConfigError> {
    u16::try_from(place)
        .map_err(|_| Problem::new(field, &"name number 65537", "at most 65536 different names").at(row))
}
