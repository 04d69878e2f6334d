//! Models whose layers are counted by kind (models chapter).

mod capacity;
pub mod described;
mod examples;
mod setup;
mod steps;
