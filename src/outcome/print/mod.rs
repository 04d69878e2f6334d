//! What is printed: figures as the JSON and the text of the reference (metrics chapter).
//!
//! | module | subject |
//! |---|---|
//! | [`metrics`], [`json`], [`rows`] | the JSON block, its number format, its per-request rows |
//! | [`replay_rows`] | the result list of a replay |
//! | [`report`] | everything in words |
//! | [`trace`] | a run as a trace |

pub mod json;
pub mod metrics;
pub mod replay_rows;
pub mod report;
pub mod rows;
pub mod trace;
