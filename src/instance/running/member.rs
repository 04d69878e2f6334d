//! A request of the running batch, before, while and after it is in it.

use crate::instance::kv::{Holdings, Prompt};
use crate::units::Tokens;

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

/// A request of the running batch.
#[derive(Clone, Debug)]
pub struct Member {
    /// How the KV cache knows it.
    pub prompt: Prompt,
    /// Prefill or decode.
    pub phase: Phase,
    /// Progress: of a prefill now, of a decoding request when it joined.
    pub progress: Tokens,
    /// Progress at which it finishes.
    pub goal: Tokens,
    /// Its blocks; `holdings.stored` is that of the moment it joined the decoding ones.
    pub holdings: Holdings,
    /// Place in the order of the batch: it never changes, and newcomers get higher ones.
    pub order: u64,
    /// New prompt tokens in this step.
    pub granted: Tokens,
    /// Progress of a prefill after this step.
    pub after: Tokens,
    /// A decoding member that gets no token in this step.
    pub passed_over: bool,
    /// Gaps of earlier stretches of decoding (a request may be passed over in between).
    pub gap_sum: i64,
    /// Number of those gaps.
    pub gap_count: u32,
    /// Residue of the counter before steps in which it opens a block, while it decodes.
    pub(super) opening: u32,
    /// Next member that finishes in the same slot of the wheel.
    pub(super) next: u32,
}

/// What a member takes along when it leaves.
#[derive(Debug)]
pub struct Leaver {
    /// How the KV cache knows it.
    pub prompt: Prompt,
    /// Its blocks.
    pub holdings: Holdings,
    /// Whether it was decoding.
    pub decoding: bool,
    /// New tokens granted in this step.
    pub granted: Tokens,
}

/// A request about to join the batch.
#[derive(Debug)]
pub struct Newcomer {
    /// How the KV cache knows it.
    pub prompt: Prompt,
    /// Progress at which it finishes.
    pub goal: Tokens,
    /// Blocks found in the cache and taken.
    pub holdings: Holdings,
    /// New prompt tokens in this step; 0 if the whole prompt was found.
    pub granted: Tokens,
    /// Progress after this step.
    pub after: Tokens,
}
