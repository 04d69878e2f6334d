//! Both rooflines in one type, so that the engine is compiled once for them: a choice per step costs less than a second engine.

use super::{ByKind, LatencyModel, Roofline, StepLoad};
use crate::units::{Micros, Tokens};

/// A roofline model, the reference's or ours.
#[derive(Clone, Debug)]
pub enum AnyRoofline {
    /// As the reference has it.
    AsReference(Roofline),
    /// Over layers by kind.
    ByKind(ByKind),
}

impl LatencyModel for AnyRoofline {
    #[inline]
    fn step_time(&self, load: &StepLoad<'_>, progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        match self {
            Self::AsReference(model) => model.step_time(load, progress),
            Self::ByKind(model) => model.step_time(load, progress),
        }
    }

    fn queueing_delay(&self, input: Tokens) -> Micros {
        match self {
            Self::AsReference(model) => model.queueing_delay(input),
            Self::ByKind(model) => model.queueing_delay(input),
        }
    }

    fn output_overhead(&self) -> Micros {
        match self {
            Self::AsReference(model) => model.output_overhead(),
            Self::ByKind(model) => model.output_overhead(),
        }
    }

    fn completion_overhead(&self) -> Micros {
        match self {
            Self::AsReference(model) => model.completion_overhead(),
            Self::ByKind(model) => model.completion_overhead(),
        }
    }
}
