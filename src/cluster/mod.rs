//! The shared clock: gateway, admission, routing, and the instances behind them (cluster chapter).

mod admission;
mod affinity;
mod columns;
mod decisions;
mod engine;
mod explain;
mod gateway;
mod instance_set;
mod moment;
mod progress;
mod routing;
mod scorers;
mod service;
mod ties;
mod view;

pub use admission::{Admission, class_priority, highest_priority};
pub use engine::{Engine, Parts};
pub use explain::{Explanation, ScorerShare, SeenInstance};
pub use moment::{InstanceMoment, Moment, Place};
pub use routing::Router;
pub use ties::TieSource;
pub use view::{Reads, View};
