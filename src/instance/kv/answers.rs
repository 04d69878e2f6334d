//! Blocks of generated tokens that a later round of a conversation finds (sessions chapter, S-3).
//!
//! A block gets its key with the token that fills it. Nobody asks for it before the next round comes, so that keys are mostly given
//! when the request leaves, all at once. That makes no difference as long as no other block here has one of them: only then it
//! matters whether such a block is recycled before or after.

use super::{Holdings, KvCache, Prompt};
use crate::units::Tokens;

/// When the blocks that generated tokens fill get their keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// They get none.
    #[default]
    None,
    /// Some time before anybody can ask for them.
    Deferred,
    /// Each when it is filled.
    AtOnce,
    /// Each when it is filled, as long as it is known: the request was evicted and generates the same once more, in a cache with a
    /// second tier.
    WhileKnown,
}

impl Naming {
    /// Whether each block gets its key when it is filled.
    #[inline]
    pub const fn is_at_once(self) -> bool {
        matches!(self, Self::AtOnce | Self::WhileKnown)
    }
}

impl KvCache {
    /// When the blocks get their keys that the answer to a prompt fills, which is all stored now.
    pub fn naming(&self, prompt: &Prompt, holdings: &Holdings) -> Naming {
        // With blocks of one token every generated one opens a block, and those have no keys.
        if !self.goes_on(prompt) || !holdings.of_prompt || self.block_size.tokens() == 1 {
            return Naming::None;
        }
        let (run, begin) = self.last_run(prompt);
        if self.shared.is_clear(run, begin, holdings.named()) { Naming::Deferred } else { Naming::AtOnce }
    }

    /// Whether later prompts may find blocks of the answer: not of models whose prompts share nothing.
    pub fn goes_on(&self, prompt: &Prompt) -> bool {
        prompt.context.grows() && !self.runs.stretches(prompt.path).is_empty()
    }

    /// Gives the blocks that the first `stored` tokens of prompt and answer fill their keys, but for those that have them.
    pub fn name_answer(&mut self, prompt: &Prompt, holdings: &mut Holdings, stored: Tokens) {
        let (from, to) = (holdings.named(), self.block_size.full(stored));
        if from >= to {
            return;
        }
        let (run, begin) = self.last_run(prompt);
        if !self.shared.is_clear(run, begin, from) {
            self.shared.lose(run, from, to, &mut self.free);
        }
        self.shared.register(run, begin, from, to, &mut holdings.shared);
        self.version += 1;
    }

    /// Whether the last of these tokens has filled a block that others had begun.
    pub const fn fills_begun_block(&self, stored: Tokens) -> bool {
        self.block_size.tokens() > 1 && self.block_size.remainder(stored) == 0
    }

    /// The run that the answer goes on in, and the position at which it begins.
    fn last_run(&self, prompt: &Prompt) -> (u32, u32) {
        match self.runs.stretches(prompt.path) {
            [.., before, last] => (last.run, before.end),
            [last] => (last.run, 0),
            [] => unreachable!("the path of a conversation has a run"),
        }
    }
}

impl Holdings {
    /// Whether the blocks begin with the prompt.
    pub const fn is_of_prompt(&self) -> bool {
        self.of_prompt
    }

    /// Blocks that have keys of shared runs, from the start of the prompt.
    fn named(&self) -> u32 {
        self.shared.last().map_or(0, |piece| piece.end)
    }
}
