//! The shared clock: gateway, admission, routing, and the instances behind them (cluster chapter).

mod admission;
mod advance;
mod affinity;
mod cluster_state;
mod columns;
mod decisions;
mod engine;
mod explain;
mod gateway;
mod instance_set;
mod routing;
mod scorers;
mod service;
mod tie_break;
mod view;
mod watchdog;

pub use admission::{Admission, class_priority, highest_priority};
pub use cluster_state::{ClusterState, InstanceState, RequestLocation};
pub use engine::{Engine, Parts};
pub use explain::{Explanation, ScorerShare, SeenInstance};
pub use routing::Router;
pub use tie_break::TieSource;
pub use view::{Reads, View};
