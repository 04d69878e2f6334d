//! How long a step takes, and the fixed times around it (latency chapter).
//!
//! A latency model reads a step only through [`StepLoad`]: order-independent integer sums, which is what lets
//! an instance keep them up to date instead of visiting every request (instance chapter, I-14).

mod any_model;
mod basis_times;
pub mod by_kind;
pub mod check;
mod counting;
pub mod description;
#[cfg(test)]
mod example_batches;
pub mod fits;
mod gpu_notes;
pub mod kv_capacity;
pub mod max_model_len;
mod measured;
mod pool;
mod replaced;
mod request_cost;
pub mod roofline;
pub mod setup;
mod shape;
pub mod trained_physics;
mod validity;

pub use any_model::AnyModel;
pub use by_kind::ByKind;
pub use counting::Counting;
pub use measured::coefficient_names;
pub use roofline::Roofline;
pub use setup::{CustomCatalog, LatencyChoice, ServingSetup};
pub use trained_physics::TrainedPhysics;

use crate::units::{Micros, Tokens};
use std::fmt::Debug;

/// A prefill request's part in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefillMember {
    /// Tokens present before the step (0 in the admission step even if a cached prefix was found).
    pub progress: Tokens,
    /// Prompt length.
    pub input: Tokens,
    /// New tokens in this step.
    pub new: Tokens,
}

/// The requests of a step that got tokens, as sums (latency chapter, L-4).
#[derive(Clone, Copy, Debug, Default)]
pub struct StepLoad<'a> {
    /// Requests still computing their prompt, in batch order.
    pub prefills: &'a [PrefillMember],
    /// Number of decoding requests, D.
    pub decodes: u64,
    /// Sum of progress over the decoding requests, C.
    pub context: u64,
    /// Requests that count in B but belong to neither (progress >= input and no output).
    pub others: u64,
}

impl StepLoad<'_> {
    /// Whether no request got a token: such a step lasts 1 µs in every model.
    pub fn is_empty(&self) -> bool {
        self.prefills.is_empty() && self.decodes == 0 && self.others == 0
    }
}

/// What an instance needs from a latency model. Implementations are pure functions of the load.
pub trait LatencyModel: Debug + Send {
    /// Duration of the step, at least 1 µs. `progress` lists the progress of the decoding requests in batch
    /// order; it is called only where the sums do not decide the last bit.
    fn step_time(&self, load: &StepLoad<'_>, progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros;

    /// Time between an instance's arrival event and its wait queue.
    fn queueing_delay(&self, input: Tokens) -> Micros;

    /// Added to TTFT and to every inter-token gap; never delays a step.
    fn output_overhead(&self) -> Micros;

    /// Added once to E2E of a request with output.
    fn completion_overhead(&self) -> Micros;
}
