//! Lists of requests that the process holds, so that settings that name one stay small ([`LoadedRequests`]).
//!
//! A list is known by the digest of its content: settings that name it give the same run wherever it is loaded, and an error
//! where it is not.
//!
//! | module | subject |
//! |---|---|
//! | `check` | what a list from outside has to be like |
//! | `canonical` | one form for lists of the same content; rows of a list |

mod canonical;
mod check;

use super::Requests;
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US};
use crate::config::{ExplicitRequests, LoadedRequests, SessionScript};
use crate::error::ConfigError;
use crate::units::Tokens;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// Where the requests stand among the settings.
const PATH: &str = "workload.requests";

/// What packed lists begin with; the number is that of the format.
const HEAD: &[u8] = b"blis requests 2\n";

/// A list of requests with the labels of its rows that a run does not use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestList {
    /// The requests.
    pub requests: Requests,
    /// Whether each answer is streamed, if any is.
    pub streaming: Option<Vec<bool>>,
    /// The latency that each client hopes for, µs, if any hopes for one; 0 = none.
    pub slo_target_us: Option<Vec<i64>>,
    /// The rounds of conversations that follow from the answers to requests of the list.
    pub sessions: Vec<SessionScript>,
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

/// Holds a list from now on, in its canonical form; the name is a label.
///
/// # Errors
/// As [`load`].
pub fn load_list(list: RequestList, name: &str) -> Result<LoadedRequests, ConfigError> {
    list.check()?;
    let list = list.canonical();
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
            return Err(check::damaged("columns of different lengths"));
        }
        let targets = self.slo_target_us.iter().flatten();
        check::in_range("slo_target_us", targets.copied(), 0..=MAX_TIME_US)?;
        check::requests(&self.requests)
    }
}
