//! The requests of a run: arrivals, lengths, prefix groups, deadlines, random streams.
//!
//! A workload is a pure function of (settings, seed); nothing downstream (routing, instances, latency model)
//! can change what is generated here (workload chapter, W-10).
//!
//! Settings are first resolved into a plan (`builtin`, [`specification`]), then requests are drawn from it (`generation`,
//! `assemble` and below it the arrivals of `renewal` and `per_window`, the lengths of `lengths`).

mod assemble;
mod builtin;
mod bursts;
mod closed_loop;
mod columns;
mod conversations;
mod entry;
pub mod explicit;
mod generation;
pub mod imported;
mod independent;
mod interarrival;
mod kept;
mod labels;
mod lengths;
pub mod loaded;
mod prompt_tree;
pub mod reference;
mod renewal;
mod repeated;
mod replay;
mod rounds;
mod scripts;
mod session_replay;
mod sessions;
mod sources;
pub mod specification;
mod timeout;
mod windows;
mod workload_plan;

pub use closed_loop::{Answer, ClosedLoop, Session, SessionState};
pub use generation::{Expected, Generation};
pub use independent::streams;
pub use labels::Models;
pub use lengths::{Bounds, LengthSampler};
pub use prompt_tree::{Misplaced, NO_NODE, PromptTree, TreeBuilder};
pub use repeated::generate_repeated;
pub use replay::{Replay, reference_horizon, replay};
pub use rounds::ScriptedRound;
pub use session_replay::{Recorded, SessionReplay, ThinkTime, closed_loop};
pub use sessions::{Context, Fork, Sessions};

use crate::config::{Config, StreamsName};
use crate::error::ConfigError;
use crate::units::{Micros, RequestIndex, Tokens};
use serde::{Deserialize, Serialize};

/// A request without a prefix group.
pub const NO_GROUP: u32 = u32::MAX;

/// The requests in columns; a row is a [`RequestIndex`].
///
/// Prompts have no token values: two requests share exactly the full blocks that lie inside the common
/// prefix of their group (kv-cache chapter, KV-10), or of their paths in the tree of hash ids (traces chapter, TR-3).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Requests {
    /// Arrival at the gateway. Rows may be in any order; equal times keep row order.
    pub arrival: Vec<Micros>,
    /// Prompt length, shared prefix included.
    pub input: Vec<Tokens>,
    /// True output length.
    pub output: Vec<Tokens>,
    /// Declared output budget; 0 = none declared. Generated workloads declare the true length.
    pub budget: Vec<i32>,
    /// Absolute time at which the client gives up; [`Micros::ZERO`] = never.
    pub deadline: Vec<Micros>,
    /// Index into [`Requests::groups`], or [`NO_GROUP`].
    pub group: Vec<u32>,
    /// Tokens of the prompt that are shared with the group.
    pub prefix: Vec<Tokens>,
    /// Index into [`Requests::classes`].
    pub class: Vec<u16>,
    /// Index into [`Requests::tenants`].
    pub tenant: Vec<u16>,
    /// Index into [`Requests::clients`].
    pub client: Vec<u32>,
    /// The session of a request, or [`NO_SESSION`]: an index into [`Requests::sessions`] if there are some, else the number of a
    /// virtual user; in the closed loop into [`ClosedLoop::sessions`].
    pub session: Vec<u32>,
    /// Round of the session, from 0.
    pub round: Vec<u32>,
    /// Names of the SLO classes that occur; the empty name is the class of unlabelled requests.
    pub classes: Vec<String>,
    /// Names of the tenants that occur; the empty name is "no tenant".
    pub tenants: Vec<String>,
    /// Names of the clients that occur.
    pub clients: Vec<String>,
    /// Names of the prefix groups that occur.
    pub groups: Vec<String>,
    /// The first one or two tokens of its own in a code above 0, where these alone share a block with the end of a prefix and may
    /// be those of another request by accident (random-streams chapter, N-15); 0 where they need not be known.
    pub own_start: Option<Vec<u64>>,
    /// Textual ids of the rows that are not follow-ups, if they are not `request_<row>`.
    pub ids: Option<Vec<String>>,
    /// Per client the number of its first virtual user; empty without virtual users.
    pub first_users: Vec<u32>,
    /// The first row that an answer has brought; all rows from there on are follow-ups, in the order in which they were made.
    pub follow_ups_from: Option<u32>,
    /// The conversations, if there are some. Sessions of virtual users are named after their clients.
    pub sessions: Option<Sessions>,
    /// The models that requests name, if any does.
    pub models: Option<Models>,
    /// What prompts share by their hash ids, if any has some. A request has a leaf there, or a prefix group, or neither.
    pub tree: Option<PromptTree>,
}

/// A request that belongs to no session.
pub const NO_SESSION: u32 = u32::MAX;

impl Requests {
    /// Number of requests.
    pub fn len(&self) -> usize {
        self.arrival.len()
    }

    /// Whether there is no request.
    pub fn is_empty(&self) -> bool {
        self.arrival.is_empty()
    }

    /// The model that a request names; empty if it names none.
    pub fn model(&self, row: RequestIndex) -> &str {
        self.models.as_ref().map_or("", |models| models.name(row))
    }
}

/// What makes requests arrive when they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pattern {
    /// Streams with constant rates.
    #[default]
    Streams,
    /// Streams that are off, or come at another rate, at some times: a rate that changes on purpose.
    Windows,
    /// Conversations: streams of them, of which each brings several requests, one after the other.
    Conversations,
    /// Virtual users, each of which waits for its answer before it sends the next request.
    Users,
    /// A list of requests, such as a trace.
    List,
}

/// The requests of a run and how they go on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workload {
    /// The requests known from the start, sorted by arrival (an explicit list keeps its order), and behind them those of
    /// bursts.
    pub requests: Requests,
    /// Number of rows that are requests of bursts (events chapter, E-4).
    pub burst: usize,
    /// What makes them arrive when they do.
    pub pattern: Pattern,
    /// Arrivals per second as set; `None` for users, windows and lists.
    pub offered_rate: Option<f64>,
    /// The virtual users, if there are any.
    pub closed_loop: Option<ClosedLoop>,
    /// End of the run in simulated time if the specification sets one and the cluster settings do not.
    pub horizon: Option<Micros>,
    /// Warnings, although nothing is wrong.
    pub warnings: Vec<String>,
}

/// Whether two runs have the same requests, so that they can share what [`generate`] made for one of them.
pub fn same_requests(one: &Config, other: &Config) -> bool {
    one.seed == other.seed && same_but_seed(one, other)
}

/// Whether two runs would have the same requests if they had the same seed.
pub(crate) fn same_but_seed(one: &Config, other: &Config) -> bool {
    let own_starts = |config: &Config| match config.streams {
        StreamsName::Reference => config.memory.block_size_in_tokens,
        StreamsName::Independent => 0,
    };
    one.streams == other.streams
        && own_starts(one) == own_starts(other)
        && one.cluster.horizon == other.cluster.horizon
        && one.workload == other.workload
}

/// Generates the requests of a run: an explicit list, a specification, virtual users, or a built-in workload,
/// whichever the settings name, in this order. The same settings always give the same workload.
///
/// # Errors
///
/// Every setting that cannot be used, with its path; workloads above the limits of [`crate::config::limits`]
/// are refused before anything of their size is allocated.
pub fn generate(config: &Config) -> Result<Workload, ConfigError> {
    Generation::new(config)?.complete()
}
