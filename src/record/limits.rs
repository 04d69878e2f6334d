//! Why requests waited in the queues of the instances.

use crate::units::Micros;
use serde::Serialize;

/// What the requests in an instance's queue wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Limit {
    /// The token budget of a step is used up: prompts are read as fast as steps allow.
    StepBudget,
    /// As many requests run as may.
    Slots,
    /// The KV cache has no room for the head of the queue, or evictions had to make room.
    KvBlocks,
    /// No limit: they came after the batch of the present step had been formed.
    StepUnderWay,
}

/// Time by what requests waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct LimitTimes {
    /// The token budget of a step.
    pub step_budget: Micros,
    /// Slots of the batch.
    pub slots: Micros,
    /// KV blocks.
    pub kv_blocks: Micros,
    /// The end of the step under way.
    pub step_under_way: Micros,
}

impl LimitTimes {
    /// The time that belongs to a limit.
    pub const fn of_mut(&mut self, limit: Limit) -> &mut Micros {
        match limit {
            Limit::StepBudget => &mut self.step_budget,
            Limit::Slots => &mut self.slots,
            Limit::KvBlocks => &mut self.kv_blocks,
            Limit::StepUnderWay => &mut self.step_under_way,
        }
    }

    /// All of it.
    pub fn sum(&self) -> Micros {
        self.step_budget + self.slots + self.kv_blocks + self.step_under_way
    }
}

/// Why requests waited, in µs of every instance.
///
/// The rule, the same for every kind of step:
///
/// * If requests wait after the batch of a step has been formed, the whole duration of the step belongs to the limit
///   at which formation stopped: the first, in the order slots, step budget, KV blocks, that refused the head of
///   the queue. A step that evicted a request admits none, and belongs to the KV blocks. It makes no difference
///   whether the waiting requests give up before the step ends.
/// * If no request waits then, and one joins the queue before the next batch is formed, the time from the first that
///   joins to the next formation belongs to the step under way, whether or not that request gives up before.
/// * All other time of an instance, steps included, belongs to nothing: no request waits.
///
/// Counted is the time of the run from the first arrival at the gateway to the end of the last completed request; in a
/// run in which none completes, to the last event at an instance. Time before the queue of an instance is reached is
/// not waiting in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitRecord {
    /// The first arrival.
    pub from: Micros,
    /// The end of the last completed request; without any, the last event at an instance within the horizon.
    pub to: Micros,
    /// Per instance.
    pub instances: Vec<LimitTimes>,
}
