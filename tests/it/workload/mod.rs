//! The workload chapter as tests: what is deterministic exactly, what is random within its standard error.

mod benchmarks;
mod builtin;
mod closed_loop;
mod conversations;
mod distributions;
mod explicit;
mod limits;
mod merging;
mod portions;
mod processes;
mod refusals;
mod specification;
mod streams;
mod support;
mod time_varying;
mod windows;
