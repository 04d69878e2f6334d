//! Lists of requests that the process holds, so that settings that name one stay small ([`LoadedRequests`]).
//!
//! A list is known by the digest of its content: settings that name it give the same run wherever it is loaded, and an error
//! where it is not.

use super::{NO_GROUP, NO_USER, Requests};
use crate::config::limits::{MAX_NAME_BYTES, MAX_REQUESTS, MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::config::{ExplicitRequests, LoadedRequests};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// Where the requests stand among the settings.
const PATH: &str = "workload.requests";

/// What packed lists begin with; the number is that of the format.
const HEAD: &[u8] = b"blis requests 1\n";

/// A list of requests with the labels of its rows that a run does not use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestList {
    /// The requests.
    pub requests: Requests,
    /// Whether each answer is streamed, if any is.
    pub streaming: Option<Vec<bool>>,
    /// The latency that each client hopes for, µs, if any hopes for one; 0 = none.
    pub slo_target_us: Option<Vec<i64>>,
    /// The prefix length that each row names where that is not the group's, if any does.
    pub row_prefix_length: Option<Vec<Option<Tokens>>>,
}

impl From<Requests> for RequestList {
    fn from(requests: Requests) -> Self {
        Self { requests, ..Self::default() }
    }
}

/// The lists by digest.
static LOADED: LazyLock<Mutex<HashMap<String, Arc<RequestList>>>> = LazyLock::new(Mutex::default);

/// A map that is replaced entry by entry is whole even if a thread that held it has panicked.
fn lists() -> MutexGuard<'static, HashMap<String, Arc<RequestList>>> {
    LOADED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The list as bytes, to be kept or handed to another process.
///
/// # Panics
/// Never: numbers and texts can always be written into memory.
pub fn pack(list: &RequestList) -> Vec<u8> {
    postcard::to_extend(list, HEAD.to_vec()).expect("plain columns in memory")
}

/// Holds a packed list from now on; the name is a label.
///
/// # Errors
/// Bytes that are no such list, a list whose columns do not belong together, values out of range, no request at all, or
/// more than [`MAX_REQUESTS`].
pub fn load(bytes: &[u8], name: &str) -> Result<LoadedRequests, ConfigError> {
    let packed = bytes.strip_prefix(HEAD).ok_or_else(|| {
        ConfigError::malformed(PATH, "these bytes are no packed list of requests, or one of another version")
    })?;
    let (list, rest): (RequestList, _) = postcard::take_from_bytes(packed)
        .map_err(|error| ConfigError::malformed(PATH, format!("the packed list is damaged: {error}")))?;
    if !rest.is_empty() {
        let message = format!("the packed list is damaged: {} bytes behind its end", rest.len());
        return Err(ConfigError::malformed(PATH, message));
    }
    list.check()?;
    Ok(hold(list, digest(bytes), name))
}

/// Holds a list from now on; the name is a label.
///
/// # Errors
/// As [`load`].
pub fn load_list(list: RequestList, name: &str) -> Result<LoadedRequests, ConfigError> {
    list.check()?;
    let digest = digest(&pack(&list));
    Ok(hold(list, digest, name))
}

fn digest(bytes: &[u8]) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes))
}

fn hold(list: RequestList, digest: String, name: &str) -> LoadedRequests {
    let requests = list.requests.len() as u64;
    lists().insert(digest.clone(), Arc::new(list));
    LoadedRequests { digest, name: name.to_owned(), requests }
}

/// Lets go of a list; runs that have begun keep it. Returns whether it was there.
pub fn unload(digest: &str) -> bool {
    lists().remove(digest).is_some()
}

/// Whether the process holds the list.
pub fn is_loaded(digest: &str) -> bool {
    lists().contains_key(digest)
}

/// The list that settings name.
///
/// # Errors
/// The process does not hold it.
pub fn find(list: &LoadedRequests) -> Result<Arc<RequestList>, ConfigError> {
    lists().get(&list.digest).cloned().ok_or_else(|| missing(list))
}

fn missing(list: &LoadedRequests) -> ConfigError {
    let name = if list.name.is_empty() { &list.digest } else { &list.name };
    ConfigError::invalid(
        PATH,
        format!("the list {name}"),
        "a list that has been loaded: choose its file again",
    )
}

/// The loaded list of the requests, if that is what they are and the process holds it.
pub(crate) fn list_of(requests: &ExplicitRequests) -> Option<Arc<RequestList>> {
    requests.loaded().and_then(|list| find(list).ok())
}

impl RequestList {
    /// Whether the columns belong together and all values are in range: what comes from outside must not break the engine.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), ConfigError> {
        let rows = self.requests.len();
        if rows == 0 {
            return Err(ConfigError::malformed(PATH, "the list has no request"));
        }
        if rows as u64 > MAX_REQUESTS {
            return Err(ConfigError::invalid(PATH, rows, format!("at most {MAX_REQUESTS} requests")));
        }
        let labels = [
            self.streaming.as_ref().map(Vec::len),
            self.slo_target_us.as_ref().map(Vec::len),
            self.row_prefix_length.as_ref().map(Vec::len),
        ];
        if labels.into_iter().flatten().any(|length| length != rows) {
            return Err(damaged("columns of different lengths"));
        }
        let targets = self.slo_target_us.iter().flatten();
        in_range("slo_target_us", targets.copied(), 0..=MAX_TIME_US)?;
        check(&self.requests)
    }
}

/// The requests of a list that comes from outside.
fn check(requests: &Requests) -> Result<(), ConfigError> {
    let rows = requests.len();
    same_lengths(requests, rows)?;
    let tokens = || 0..=i64::from(MAX_TOKENS_PER_REQUEST);
    in_range("arrival_us", requests.arrival.iter().map(|time| time.0), 0..=MAX_TIME_US)?;
    in_range("deadline_us", requests.deadline.iter().map(|time| time.0), 0..=MAX_TIME_US)?;
    in_range("input_tokens", requests.input.iter().copied().map(i64::from), tokens())?;
    in_range("output_tokens", requests.output.iter().copied().map(i64::from), tokens())?;
    in_range("budget", requests.budget.iter().copied().map(i64::from), tokens())?;
    let names = [&requests.classes, &requests.tenants, &requests.clients, &requests.groups];
    let optional = [&requests.ids, &requests.sessions].into_iter().flatten();
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
    if requests.user.iter().any(|&user| user != NO_USER) || requests.own_start.is_some() {
        return Err(damaged("it has virtual users or tokens of generated prompts"));
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
        requests.user.len(),
        requests.round.len(),
    ];
    let optional = [
        requests.ids.as_ref().map(Vec::len),
        requests.sessions.as_ref().map(Vec::len),
        requests.models.as_ref().map(|models| models.of_request.len()),
    ];
    if all.into_iter().chain(optional.into_iter().flatten()).all(|length| length == rows) {
        return Ok(());
    }
    Err(damaged("columns of different lengths"))
}

fn in_range(
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

fn damaged(what: &str) -> ConfigError {
    ConfigError::malformed(PATH, format!("the list is damaged: {what}"))
}

impl Requests {
    /// Fills the columns that a list from outside seldom has: no deadlines, labels, groups or users, and budgets of the true
    /// lengths. To be called when arrivals and lengths are there.
    #[must_use]
    pub fn with_plain_labels(mut self) -> Self {
        let rows = self.len();
        let fill = |column: &mut Vec<u32>, value: u32| column.resize(rows, value);
        fill(&mut self.group, NO_GROUP);
        fill(&mut self.prefix, 0);
        fill(&mut self.client, 0);
        fill(&mut self.user, NO_USER);
        fill(&mut self.round, 0);
        self.class.resize(rows, 0);
        self.tenant.resize(rows, 0);
        self.deadline.resize(rows, Micros::ZERO);
        if self.budget.len() < rows {
            self.budget = self.output.iter().map(|&tokens| tokens as i32).collect();
        }
        for names in [&mut self.classes, &mut self.tenants, &mut self.clients] {
            if names.is_empty() {
                names.push(String::new());
            }
        }
        self
    }
}
