//! A run in progress, whatever latency model its engine is compiled for.

use super::cluster_state::Observe;
use super::explain::Explain;
use crate::record::Outcome;
use crate::units::Micros;
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

/// A run in progress. Where it is cut into slices makes no difference to its outcome.
pub trait Run: Debug + Send + Explain + Observe {
    /// Executes every event up to and including `until`, with at most `budget` steps and decisions, which it uses up.
    /// It is over only if it is asked to go on for ever, or ends early.
    fn run_until(&mut self, until: Micros, budget: &mut u64) -> Advance;

    /// Ends the run and hands over what happened so far.
    fn finish(self: Box<Self>) -> Outcome;
}
