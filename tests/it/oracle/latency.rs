//! Step times: the crate's own latency models, which are checked against separate recordings.

use blis_playground::latency::{LatencyChoice, LatencyModel, PrefillMember, StepLoad};

/// The three other durations that a model gives, and its step time.
#[derive(Debug)]
pub struct Durations<'a>(pub &'a LatencyChoice);

impl Durations<'_> {
    /// Duration of a step over these requests: at least 1, and 1 if there are none (I-8.6).
    pub fn step(&self, prefills: &[PrefillMember], decodes: &[u32]) -> i64 {
        if prefills.is_empty() && decodes.is_empty() {
            return 1;
        }
        let load = StepLoad {
            prefills,
            decodes: decodes.len() as u64,
            context: decodes.iter().map(|&progress| u64::from(progress)).sum(),
            others: 0,
        };
        match self.0 {
            LatencyChoice::TrainedPhysics(model) => model.step_time(&load, |list| list.extend(decodes)).0,
            LatencyChoice::Roofline(model) => model.step_time(&load, |list| list.extend(decodes)).0,
            LatencyChoice::ByKind(model) => model.step_time(&load, |list| list.extend(decodes)).0,
        }
        .max(1)
    }

    /// q of I-7.
    pub fn queueing(&self, input: u32) -> i64 {
        match self.0 {
            LatencyChoice::TrainedPhysics(model) => model.queueing_delay(input).0,
            LatencyChoice::Roofline(model) => model.queueing_delay(input).0,
            LatencyChoice::ByKind(model) => model.queueing_delay(input).0,
        }
    }

    /// o of I-8.6.
    pub fn output_overhead(&self) -> i64 {
        match self.0 {
            LatencyChoice::TrainedPhysics(model) => model.output_overhead().0,
            LatencyChoice::Roofline(model) => model.output_overhead().0,
            LatencyChoice::ByKind(model) => model.output_overhead().0,
        }
    }

    /// x of I-8.7.
    pub fn completion_overhead(&self) -> i64 {
        match self.0 {
            LatencyChoice::TrainedPhysics(model) => model.completion_overhead().0,
            LatencyChoice::Roofline(model) => model.completion_overhead().0,
            LatencyChoice::ByKind(model) => model.completion_overhead().0,
        }
    }
}
