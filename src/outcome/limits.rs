//! Why requests waited, as shares of the time of a run. [`LimitRecord`] states the rule.

use crate::record::{LimitRecord, LimitTimes};
use crate::units::Micros;
use serde::Serialize;

/// Shares of the time of a run by what requests waited for; they sum to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
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
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
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
