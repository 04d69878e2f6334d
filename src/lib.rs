//! A deterministic simulator of LLM-serving clusters.
//!
//! The opening scene of the page: 200 requests per second for Qwen3-14B on H100 GPUs, timed by the roofline model. At
//! 4 instances, each gets 50 prompts a second and can read about 44: it is behind at once. From 6 to 11, each reads them in
//! time but cannot finish answers as fast as they come (about 17 a second): that shows only once the batches are full,
//! some 10 s later. From 12 on it holds. So a percentile needs the [`outcome::verdict`] beside it.
//!
//! ```
//! use blis_playground::{Config, simulate};
//!
//! let config = Config::from_json(r#"{"cluster": {"num_instances": 12}, "workload": {"rate": 200, "num_requests": 1000}}"#)?;
//! let summary = simulate(&config)?.summary();
//! println!("TTFT p99: {:.1} ms, {}", summary.ttft.p99_ms, summary.verdict.kind.words());
//! # Ok::<(), blis_playground::ConfigError>(())
//! ```
//!
//! A library leaves the default feature `cli` out (`default-features = false`): it is the command line.
//!
//! The modules follow a request on its way; data flows through them in this order:
//!
//! | module | stage |
//! |---|---|
//! | [`config`] | the settings of a run as data, and their limits |
//! | [`settings`] | the table of settings, how they are read, written and checked |
//! | [`catalog`] | bundled models, GPUs and coefficients |
//! | [`workload`] | arrivals, lengths, prefix groups, random streams |
//! | [`import`] | files of others: detected, read in pieces, sliced |
//! | [`cluster`] | the shared clock: admission, routing, decision trace |
//! | [`instance`] | wait queue, batch formation, KV cache, the step |
//! | [`latency`] | step time and KV capacity |
//! | [`record`] | the columns that they write, and their digest |
//! | [`outcome`] | metrics, percentiles, regret: what is reported |
//! | [`theory`] | closed forms beside a run, and whether they hold for it |
//! | [`simulation`] | the whole way, from a configuration to an outcome |
//! | [`estimate`] | what a run takes, before it is made |
//! | [`sweep`] | the same with variants and seeds, sharing what they have in common |
//! | [`measurements`] | results of benchmarks, and coefficients of the latency model fitted to them |
//! | [`sizing`] | how many instances keep to targets, how high a rate a cluster takes |
//! | [`playback`] | a run that can be moved to any time |
//! | [`formats`] | files as such: YAML, CSV, traces |
//! | [`text`] | texts of others in messages: shortened, every character visible |
//! | [`figures`] | every figure of a run under a name |
//! | [`lessons`] | the lessons' data, what is wrong with it, and whether its claims hold |
//! | [`golden`] | recorded behaviour of the reference, and whether a run agrees with it |

pub mod catalog;
pub mod cluster;
pub mod config;
pub mod error;
pub mod estimate;
pub mod figures;
pub mod formats;
pub mod golden;
pub mod import;
pub mod instance;
pub mod latency;
pub mod lessons;
pub mod measurements;
mod order;
pub mod outcome;
pub mod playback;
pub mod record;
pub mod settings;
pub mod simulation;
pub mod sizing;
pub mod sweep;
pub mod text;
pub mod theory;
pub mod units;
#[cfg(feature = "js")]
pub mod wasm;
pub mod workload;

pub use config::Config;
pub use error::ConfigError;
pub use outcome::Outcome;
pub use simulation::{Phase, Preparation, Progress, Simulation, StagedRun, simulate};

/// The examples of the README are compiled and run with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
