//! All latency models in one type, so that the engine is compiled once for all but the usual one: a choice per step costs less than
//! another engine. Pools of one run may have different ones.

use super::{ByKind, LatencyModel, Roofline, StepLoad, TrainedPhysics};
use crate::units::{Micros, Tokens};

/// Any latency model.
#[derive(Clone, Debug)]
pub enum AnyModel {
    /// A roofline as the reference has it.
    Roofline(Roofline),
    /// A roofline over layers by kind.
    ByKind(ByKind),
    /// The physics with trained coefficients, where other instances have a roofline.
    TrainedPhysics(TrainedPhysics),
}

impl LatencyModel for AnyModel {
    #[inline]
    fn step_time(&self, load: &StepLoad<'_>, progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        match self {
            Self::Roofline(model) => model.step_time(load, progress),
            Self::ByKind(model) => model.step_time(load, progress),
            Self::TrainedPhysics(model) => model.step_time(load, progress),
        }
    }

    fn queueing_delay(&self, input: Tokens) -> Micros {
        match self {
            Self::Roofline(model) => model.queueing_delay(input),
            Self::ByKind(model) => model.queueing_delay(input),
            Self::TrainedPhysics(model) => model.queueing_delay(input),
        }
    }

    fn output_overhead(&self) -> Micros {
        match self {
            Self::Roofline(model) => model.output_overhead(),
            Self::ByKind(model) => model.output_overhead(),
            Self::TrainedPhysics(model) => model.output_overhead(),
        }
    }

    fn completion_overhead(&self) -> Micros {
        match self {
            Self::Roofline(model) => model.completion_overhead(),
            Self::ByKind(model) => model.completion_overhead(),
            Self::TrainedPhysics(model) => model.completion_overhead(),
        }
    }
}
