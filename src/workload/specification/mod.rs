//! Multi-client specifications: from the keys of a file to a plan of the workload (workload chapter, W-7).

mod checked_clients;
mod checks;
mod conversations;
mod distribution;
mod inference_perf;
mod media;
mod patterns;
mod rates;
mod resolve;
mod slo;
mod time_varying;
mod yaml;

pub(super) use resolve::plan;
pub use yaml::from_yaml;
