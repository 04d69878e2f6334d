//! A run in progress, whatever latency model its engine is compiled for.

use super::cluster_state::{ClusterState, InstanceColumns};
use super::explanation::Explanation;
use crate::instance::Wait;
use crate::record::Outcome;
use crate::units::{InstanceIndex, Micros, RequestIndex};
use std::fmt::Debug;

/// What a call came to that works on a run within a budget of steps and decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Advance {
    /// All that was asked for is done.
    Reached,
    /// The budget was used up before. The same call, made again, goes on where this one stopped.
    OutOfBudget,
    /// The run is over.
    Over,
}

/// What can be asked about single requests of a run, and how one is sent elsewhere.
pub trait Explain {
    /// From now on the routing decision about this request is laid open.
    fn watch(&mut self, request: RequestIndex);

    /// The watched decision, once it has been made.
    fn take_explanation(&mut self) -> Option<Explanation>;

    /// From now on this request goes to this instance, whatever the policy chooses. Ties are still drawn, so that every
    /// other decision has the luck it had before. An instance that does not exist or is not routable is ignored. Returns how many there are.
    fn force_route(&mut self, request: RequestIndex, instance: InstanceIndex) -> u32;

    /// Notes why requests wait. Changes nothing once the run has begun: what is not noted from the start is not noted.
    fn track_limits(&mut self);

    /// Follows the first wait of a request; only with limits.
    fn watch_wait(&mut self, request: RequestIndex);

    /// The wait of the followed request, if it has joined a queue.
    fn wait(&self) -> Option<Wait>;
}

/// What can be seen of a run in progress.
pub trait Observe {
    /// The cluster as the events so far have left it.
    fn cluster_state(&self, time: Micros) -> ClusterState;

    /// What every instance holds, appended to `columns`.
    fn sample(&self, columns: &mut InstanceColumns);

    /// Time of the next event anywhere, if one is left within the horizon.
    fn next_event(&mut self) -> Option<Micros>;

    /// Simulated time that has been reached.
    fn reached(&self) -> Micros;

    /// Requests that have ended.
    fn ended(&self) -> u64;

    /// Requests known so far.
    fn known(&self) -> u64;
}

/// A run in progress. Where it is cut into slices makes no difference to its outcome.
pub trait Run: Debug + Send + Explain + Observe {
    /// Executes every event up to and including `until`, with at most `budget` steps and decisions, which it uses up.
    /// It is over only if it is asked to go on for ever, or ends early.
    fn run_until(&mut self, until: Micros, budget: &mut u64) -> Advance;

    /// Ends the run and hands over what happened so far.
    fn finish(self: Box<Self>) -> Outcome;
}
