//! The hard limits of the simulator, in one place.

/// Most requests of one run, follow-ups of the closed loop included (memory: about 100 bytes each).
pub const MAX_REQUESTS: u64 = 5_000_000;

/// Most tokens of one prompt (shared prefix included) and of one output.
pub const MAX_TOKENS_PER_REQUEST: u32 = 10_000_000;

/// Largest time that a setting may name or imply, µs (about 31 years; sums of a few stay far below 2^63).
pub const MAX_TIME_US: i64 = 1_000_000_000_000_000;
