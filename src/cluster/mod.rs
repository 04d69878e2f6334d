//! The shared clock: gateway, admission, routing, and the instances behind them (cluster chapter).
//!
//! Every match on a choice names all of its values: what is added to a list must be answered everywhere.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

mod admission;
mod advance;
mod affinity;
mod agenda;
mod bounds;
mod cluster_state;
mod columns;
mod cut;
mod decisions;
mod emitters;
mod engine;
mod explain;
mod explanation;
mod fleet;
mod gateway;
mod general;
mod instance_set;
mod legs;
mod observe;
mod plain;
mod pooled;
mod pools;
mod reported;
mod routable;
mod routing;
mod run;
mod scorers;
mod service;
mod setup;
mod tenant_budgets;
mod tie_break;
mod view;
mod watchdog;
mod windows;

pub use admission::{Admission, class_priority, highest_priority};
pub use cluster_state::{ClusterState, InstanceColumns, InstanceState, RequestLocation, RunningRequest};
pub use engine::{Drive, Engine, Parts};
pub use explanation::{Explanation, SeenInstance};
pub use instance_set::InstanceSet;
pub use pools::{Network, PoolParams};
pub use routing::Router;
pub use run::{Advance, Explain, Observe, Run};
pub use scorers::ScorerShare;
pub use setup::{Pool, Setup};
pub use tenant_budgets::TenantBudgets;
pub use tie_break::TieSource;
pub use view::{Reads, View};
