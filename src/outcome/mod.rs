//! What is reported: every figure computed from the columns of a run (metrics chapter).
//!
//! | module | subject |
//! |---|---|
//! | [`samples`] | which request contributes which sample |
//! | [`statistics`] | mean and percentiles |
//! | [`classes`], [`models`], [`tenants`], [`sessions`] | the same figures per SLO class, model, tenant, session |
//! | [`anomalies`], [`inversions`], [`cache`] | counters of what went wrong, KV cache rates |
//! | [`goodput`], [`goodput_curve`], [`fitness`] | what was good enough, as a target moves, and one number for all of it |
//! | [`mod@pools`] | prompts and answers that were computed apart |
//! | [`decision_log`] | the summary of the decisions |
//! | [`mod@print`] | all of it as JSON, text and trace |
//! | [`limits`] | why requests waited: step budget, slots, KV blocks |
//! | [`verdict`], [`levels`] | whether the cluster holds |
//! | [`summary`], [`charts`] | what the page shows |
//! | [`distribution`], [`phases`], [`singles`] | ... of latencies, of the way of a request, of single requests |
//! | [`beside`], [`words`] | our figures beside the reference's where those mislead, and numbers in sentences |

pub mod anomalies;
pub mod beside;
pub mod cache;
pub mod charts;
pub mod classes;
pub mod conversations;
pub mod cost;
pub mod decision_log;
pub mod distribution;
pub mod fitness;
pub mod goodput;
pub mod goodput_curve;
pub mod inversions;
pub mod levels;
pub mod limits;
pub mod models;
pub mod phases;
pub mod pools;
pub mod print;
mod radix;
pub mod samples;
pub mod sessions;
pub mod singles;
pub mod statistics;
pub mod summary;
pub mod tenants;
#[cfg(test)]
pub(crate) mod testing;
pub mod tiers;
pub mod verdict;
pub mod words;

pub use crate::record::Outcome;
