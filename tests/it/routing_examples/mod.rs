//! The worked examples of the routing chapter, R-11, on the recorded workloads that they use.
//!
//! R-X9 compares percentiles over the reference's own random workload and is not repeated here.

mod caches;
mod loads;
mod recorded;
mod scorers;
mod ties;
