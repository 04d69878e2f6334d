//! Why requests waited in the queues of the instances, as shares of the time of a run.
//!
//! The rule, the same for every kind of step:
//!
//! * If requests wait after the batch of a step has been formed, the whole duration of the step belongs to the limit
//!   at which formation stopped: the first, in the order slots, step budget, KV blocks, that refused the head of
//!   the queue. A step that evicted a request admits none, and belongs to the KV blocks. It makes no difference
//!   whether the waiting requests give up before the step ends.
//! * If no request waits then, and one joins the queue before the next batch is formed, the time from the first that
//!   joins to the next formation belongs to the step under way, whether or not that request gives up before.
//! * All other time of an instance, steps included, belongs to nothing: no request waits.
//!
//! Counted is the time of the run from the first arrival at the gateway to the end of the last completed request; in a
//! run in which none completes, to the last event at an instance. Time before the queue of an instance is reached is
//! not waiting in it.

use crate::units::Micros;
use serde::Serialize;

/// What the requests in an instance's queue wait for. The numbers are part of the JavaScript API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[repr(u8)]
pub enum Limit {
    /// The token budget of a step is used up: prompts are read as fast as steps allow.
    StepBudget = 1,
    /// As many requests run as may.
    Slots = 2,
    /// The KV cache has no room for the head of the queue, or evictions had to make room.
    KvBlocks = 3,
    /// No limit: they came after the batch of the present step had been formed.
    StepUnderWay = 4,
}

/// Time by what requests waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitRecord {
    /// The first arrival.
    pub from: Micros,
    /// The end of the last completed request; without any, the last event at an instance within the horizon.
    pub to: Micros,
    /// Per instance.
    pub instances: Vec<LimitTimes>,
}

/// Shares of the time of a run by what requests waited for; they sum to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LimitShares {
    /// The token budget of a step.
    pub step_budget: f64,
    /// Slots of the batch.
    pub slots: f64,
    /// KV blocks.
    pub kv_blocks: f64,
    /// The end of the step under way.
    pub step_under_way: f64,
    /// No request waited.
    pub nothing: f64,
}

impl LimitShares {
    /// Of so much time in all; without any, nothing waits.
    fn of(times: LimitTimes, span: i128) -> Self {
        let share = |part: i128| if span > 0 { part as f64 / span as f64 } else { 0.0 };
        let part = |time: Micros| share(i128::from(time.0));
        let nothing = if span > 0 { share(span - i128::from(times.sum().0)) } else { 1.0 };
        Self {
            step_budget: part(times.step_budget),
            slots: part(times.slots),
            kv_blocks: part(times.kv_blocks),
            step_under_way: part(times.step_under_way),
            nothing,
        }
    }
}

/// Why requests waited, as shares.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Limits {
    /// The time of which these are shares: first arrival to last completion, s.
    pub span_s: f64,
    /// Over all instances: the mean of their shares.
    pub overall: LimitShares,
    /// Per instance.
    pub per_instance: Vec<LimitShares>,
}

impl LimitRecord {
    /// As shares of the time of the run.
    pub fn shares(&self) -> Limits {
        let span = self.to - self.from;
        let mut all = LimitTimes::default();
        for times in &self.instances {
            all.step_budget += times.step_budget;
            all.slots += times.slots;
            all.kv_blocks += times.kv_blocks;
            all.step_under_way += times.step_under_way;
        }
        Limits {
            span_s: span.as_secs(),
            overall: LimitShares::of(all, i128::from(span.0) * self.instances.len() as i128),
            per_instance: self
                .instances
                .iter()
                .map(|&times| LimitShares::of(times, i128::from(span.0)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_time_of_the_run() {
        let busy = LimitTimes {
            step_budget: Micros(10),
            slots: Micros(20),
            kv_blocks: Micros(5),
            step_under_way: Micros(15),
        };
        let record =
            LimitRecord { from: Micros(100), to: Micros(200), instances: vec![busy, LimitTimes::default()] };
        let Limits { span_s, overall, per_instance } = record.shares();
        assert_eq!(span_s, 100e-6);
        let expected =
            LimitShares { step_budget: 0.1, slots: 0.2, kv_blocks: 0.05, step_under_way: 0.15, nothing: 0.5 };
        assert_eq!(per_instance[0], expected);
        assert_eq!(per_instance[1].nothing, 1.0);
        assert_eq!(overall.slots, 0.1);
        assert_eq!(overall.nothing, 0.75);
    }

    #[test]
    fn without_time_nothing_waits() {
        let record = LimitRecord { instances: vec![LimitTimes::default()], ..LimitRecord::default() };
        assert_eq!(record.shares().overall.nothing, 1.0);
        assert_eq!(LimitRecord::default().shares().overall.nothing, 1.0);
    }
}
