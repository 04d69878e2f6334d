//! The reference's random streams against its recordings (random-streams chapter).

mod figures;
mod generators;
mod limits;
mod windows;
mod workloads;
