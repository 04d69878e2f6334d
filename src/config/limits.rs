//! The hard limits of the simulator, in one place.
//!
//! The reference has almost none and then overflows or runs out of memory. A page must not freeze on any
//! input, and times and counts must stay inside their integer types, so everything is bounded here.

/// Most requests of one run, follow-ups of the closed loop included (memory: about 100 bytes each).
pub const MAX_REQUESTS: u64 = 5_000_000;

/// Most instances of a cluster.
pub const MAX_INSTANCES: i64 = 4_096;

/// Most pairs of (request, instance) when decisions read every instance: all routing policies but
/// round-robin, regret, and the admission policies that read the load.
pub const MAX_INSTANCE_READS: u64 = 5_000_000_000;

/// Most candidate rows of the decision trace (requests times candidates kept per decision).
pub const MAX_CANDIDATES: u64 = 50_000_000;

/// Most bursts of a run.
pub const MAX_BURSTS: usize = 1_000;

/// Most tokens of one request: shared prefix, prompt and output together.
pub const MAX_TOKENS_PER_REQUEST: u32 = 10_000_000;

/// Largest time that a setting may name or imply, µs (about 31 years; sums of a few stay far below 2^63).
pub const MAX_TIME_US: i64 = 1_000_000_000_000_000;

/// Longest client timeout in seconds: [`MAX_TIME_US`] in that unit.
pub const MAX_TIMEOUT_S: i64 = MAX_TIME_US / 1_000_000;

/// Most tokens per KV block.
pub const MAX_BLOCK_SIZE: i64 = 65_536;

/// Most KV blocks of an instance: block counts are 32-bit.
pub const MAX_BLOCKS: i64 = u32::MAX as i64;

/// Longest sequence that `max_model_len` may allow: token counts are 32-bit.
pub const MAX_MODEL_LEN: i64 = u32::MAX as i64;

/// Most requests in one running batch.
pub const MAX_RUNNING_REQUESTS: i64 = 1_000_000;

/// Largest token budget of a step.
pub const MAX_STEP_TOKENS: i64 = 1 << 31;

/// Most GPUs of one instance.
pub const MAX_TP: i64 = 1_024;

/// Most virtual users of the closed loop: each starts with one request.
pub const MAX_USERS: i64 = MAX_REQUESTS as i64;

/// Most GPUs of the user's own.
pub const MAX_OWN_GPUS: usize = 64;

/// Smallest peak rate of a GPU of the user's own, 10¹² FLOP/s: far below any, and high enough that no step lasts for years.
pub const MIN_TFLOPS: f64 = 1e-3;

/// Smallest memory bandwidth of a GPU of the user's own, 10¹² bytes/s.
pub const MIN_BANDWIDTH_TB_S: f64 = 1e-4;

/// Smallest share of a peak rate of a GPU of the user's own.
pub const MIN_SHARE: f64 = 1e-4;

/// Largest peak rate of a GPU, 10¹² FLOP/s.
pub const MAX_TFLOPS: f64 = 1e7;

/// Largest memory bandwidth of a GPU, 10¹² bytes/s.
pub const MAX_BANDWIDTH_TB_S: f64 = 1e5;

/// Largest memory of a GPU, GiB.
pub const MAX_MEMORY_GIB: f64 = 1e6;

/// Highest price of a GPU, US dollars per hour.
pub const MAX_GPU_PRICE: f64 = 10_000.0;

/// Most SLO classes that may be named in targets or priorities.
pub const MAX_CLASSES: usize = 1_000;

/// Most tenants that may be given a budget.
pub const MAX_TENANT_BUDGETS: usize = 1_000;

/// Longest name of a class, model or GPU, in bytes.
pub const MAX_NAME_BYTES: usize = 200;

/// Longest text that is read at all, in bytes: a key, a name or a cell, before it is known what it should be.
pub const MAX_TEXT_BYTES: usize = 65_536;

/// Priorities of SLO classes lie within plus and minus this (cluster chapter, C-1).
pub const MAX_CLASS_PRIORITY: i64 = 100;

/// Largest coefficient of a latency model; as an overhead it is 1000 s per token.
pub const MAX_COEFFICIENT: f64 = 1e9;

/// Most coefficients of a latency model that are read (only the first 3 and 10 have a meaning).
pub const MAX_COEFFICIENTS: usize = 64;

/// Largest measured share of a peak rate: figures of GPUs may be too low, but not by more.
pub const MAX_MEASURED_SHARE: f64 = 10.0;

/// Most models of the user's own.
pub const MAX_OWN_MODELS: usize = 32;

/// Most layers of a model.
pub const MAX_MODEL_LAYERS: u32 = 10_000;

/// Largest figure of a model's layers or parameters: far above any, and low enough that all products stay finite and exact.
pub const MAX_MODEL_FIGURE: f64 = 1e15;
