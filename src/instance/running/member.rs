//! A request of the running batch.

use crate::instance::kv::{Holdings, Naming, Prompt};
use crate::units::{Micros, Tokens};

/// What a member of the batch is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Computing its prompt.
    Prefill,
    /// Producing a token per step since the decode counter had this value.
    Decode {
        /// The counter's value when it joined.
        since: usize,
    },
}

/// A request of the running batch. While it decodes, `progress`, `holdings.stored`, `gap_sum` and `gap_count` stand still;
/// they are brought up to date when it leaves the decoding ones.
#[derive(Clone, Debug)]
pub struct Member {
    /// The request as the KV cache identifies it.
    pub prompt: Prompt,
    /// Prefill or decode.
    pub phase: Phase,
    /// Prompt tokens computed plus decode steps done.
    pub progress: Tokens,
    /// Progress at which it finishes.
    pub goal: Tokens,
    /// Its blocks.
    pub holdings: Holdings,
    /// Place in the order of the batch: it never changes, and newcomers get higher ones.
    pub order: u64,
    /// New prompt tokens in this step.
    pub granted: Tokens,
    /// Progress of a prefill after this step.
    pub after: Tokens,
    /// A decoding member that gets no token in this step.
    pub passed_over: bool,
    /// Sum of its inter-token gaps; while it decodes, less all gaps before it joined.
    pub gap_sum: i64,
    /// Number of those gaps.
    pub gap_count: u32,
    /// Time to first token, once it decodes.
    pub ttft: Micros,
    /// True output length.
    pub output: Tokens,
    /// When the blocks of its answer get their keys.
    pub(in crate::instance) naming: Naming,
    /// Residue of the counter before steps in which it opens a block, while it decodes.
    pub(super) opening: u32,
}

impl Member {
    /// A request that has just been admitted.
    pub(super) fn new(prompt: Prompt, output: Tokens, goal: Tokens, order: u64) -> Self {
        Self {
            prompt,
            phase: Phase::Prefill,
            progress: 0,
            goal,
            holdings: Holdings::default(),
            order,
            granted: 0,
            after: 0,
            passed_over: false,
            gap_sum: 0,
            gap_count: 0,
            ttft: Micros::NEVER,
            output,
            naming: Naming::None,
            opening: 0,
        }
    }

    /// Takes the place of one that has left and has no blocks any more. Field by field: a copy of a whole member would
    /// have to wait until what it is copied from has been written.
    #[inline]
    pub(super) fn begin(&mut self, prompt: Prompt, output: Tokens, goal: Tokens, order: u64) {
        self.prompt = prompt;
        self.phase = Phase::Prefill;
        self.progress = 0;
        self.output = output;
        self.goal = goal;
        self.order = order;
        self.granted = 0;
        self.after = 0;
        self.passed_over = false;
        self.gap_sum = 0;
        self.gap_count = 0;
        self.ttft = Micros::NEVER;
        self.naming = Naming::None;
    }
}
