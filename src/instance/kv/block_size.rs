//! Tokens to blocks and back.

use crate::units::{Blocks, Tokens};

/// Tokens per KV block. Sizes are powers of two nearly always, and a shift costs a fraction of a division, of which
/// every request would need a dozen.
#[derive(Clone, Copy, Debug)]
pub struct BlockSize {
    tokens: Tokens,
    /// The logarithm, if it is a whole number.
    shift: Option<u32>,
}

impl BlockSize {
    /// Blocks of `tokens` each, at least 1.
    pub const fn new(tokens: Tokens) -> Self {
        Self { tokens, shift: if tokens.is_power_of_two() { Some(tokens.trailing_zeros()) } else { None } }
    }

    /// Tokens per block.
    pub const fn tokens(self) -> Tokens {
        self.tokens
    }

    /// Blocks that this number of tokens fills.
    #[inline]
    pub const fn full(self, tokens: Tokens) -> Blocks {
        match self.shift {
            Some(shift) => tokens >> shift,
            None => tokens / self.tokens,
        }
    }

    /// Blocks that this number of tokens needs.
    #[inline]
    pub const fn needed(self, tokens: Tokens) -> Blocks {
        match self.shift {
            Some(shift) => (tokens >> shift) + (tokens & (self.tokens - 1) != 0) as u32,
            None => tokens.div_ceil(self.tokens),
        }
    }

    /// Blocks with names among those of a request that has stored so many tokens, the first `input` of them of its prompt. With
    /// blocks of one token every generated one opens a block, and those have no names (kv-cache chapter, KV-3).
    pub fn named(self, input: Tokens, stored: Tokens) -> u64 {
        u64::from(if self.tokens == 1 { stored.min(input) } else { self.full(stored) })
    }

    /// Tokens in the last block, if it is not full.
    #[inline]
    pub const fn remainder(self, tokens: Tokens) -> Tokens {
        match self.shift {
            Some(_) => tokens & (self.tokens - 1),
            None => tokens % self.tokens,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_and_divisions_agree() {
        for size in [1, 2, 3, 7, 16, 17, 64, 100, 1 << 20, u32::MAX] {
            let blocks = BlockSize::new(size);
            for tokens in [0, 1, 2, 15, 16, 17, 99, 100, 101, 1 << 20, (1 << 20) + 1, u32::MAX - 1, u32::MAX]
            {
                let (full, needed) = (tokens / size, tokens.div_ceil(size));
                assert_eq!(
                    (blocks.full(tokens), blocks.needed(tokens)),
                    (full, needed),
                    "{tokens} by {size}"
                );
                assert_eq!(blocks.remainder(tokens), tokens % size, "{tokens} by {size}");
            }
        }
    }
}
