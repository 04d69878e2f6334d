//! The requests of a run: arrivals, lengths, prefix groups, deadlines, random streams.
//!
//! A workload is a pure function of (settings, seed); nothing downstream (routing, instances, latency model)
//! can change what is generated here (workload chapter, section 10).

pub mod explicit;
pub mod spec;
pub mod streams;

use crate::units::{Micros, RequestIndex, Tokens};

/// A request without a prefix group.
pub const NO_GROUP: u32 = u32::MAX;

/// The requests in columns; a row is a [`RequestIndex`].
///
/// Prompts have no token values: two requests share exactly the full blocks that lie inside the common
/// prefix of their group (kv-cache chapter, section 10).
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// The user of a closed-loop request (index into [`ClosedLoop::users`]), or [`NO_USER`].
    pub user: Vec<u32>,
    /// Round of the closed-loop user, from 0.
    pub round: Vec<u32>,
    /// Names of the SLO classes that occur; the empty name is the class of unlabelled requests.
    pub classes: Vec<String>,
    /// Names of the tenants that occur; the empty name is "no tenant".
    pub tenants: Vec<String>,
    /// Names of the clients that occur.
    pub clients: Vec<String>,
    /// Names of the prefix groups that occur.
    pub groups: Vec<String>,
    /// Textual ids, if they are not `request_<row>`.
    pub ids: Option<Vec<String>>,
}

/// A request of the open loop.
pub const NO_USER: u32 = u32::MAX;

impl Requests {
    /// Number of requests.
    pub fn len(&self) -> usize {
        self.arrival.len()
    }

    /// Whether there is no request.
    pub fn is_empty(&self) -> bool {
        self.arrival.is_empty()
    }

    /// The textual id of a row: given, `request_<row>`, or for follow-ups of the closed loop
    /// `session_concurrency_<client>_user_<u>_round_<r>_<n>` (set in `ids` when they are created).
    pub fn id(&self, row: RequestIndex) -> String {
        self.ids
            .as_ref()
            .and_then(|ids| ids.get(row as usize).cloned())
            .unwrap_or_else(|| format!("request_{row}"))
    }
}

/// What the gateway needs to go on with virtual users who wait for each answer (section 8).
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedLoop {
    /// One entry per virtual user.
    pub users: Vec<User>,
    /// Requests that may still be created, follow-ups only; `None` = until the horizon.
    pub remaining: Option<u64>,
}

/// A virtual user of the closed loop.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Index into [`Requests::clients`].
    pub client: u32,
    /// Number of the user within its client, from 0.
    pub number: u32,
    /// Pause between an answer and the next request.
    pub think_time: Micros,
}
impl ClosedLoop { 
/// t
pub fn follow_up(&mut self, _r: &mut Requests, _row: RequestIndex, _e: Micros, _h: Micros) -> Option<RequestIndex> { None } }
