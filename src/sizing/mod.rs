//! How many instances keep to latency targets, and how high a rate a given cluster takes.
//!
//! The answer does not depend on the length of the user's run: every candidate is run until it is steady or found
//! overloaded, with several seeds.
//!
//! | module | subject |
//! |---|---|
//! | [`targets`] | what the cluster should keep to, and how thoroughly it is tried |
//! | `traffic` | the requests of the settings, for as long as a run has to be |
//! | `capacity` | what one instance serves, and how long a run has to be |
//! | `trial` | one cluster at one rate: its runs, and what they show |
//! | `border` | which cluster or rate to try next |
//! | `candidate` | a cluster under trial, and those tried before |
//! | `search` | all of it, in slices |
//! | [`runs`] | the runs of a candidate, for any thread |
//! | `report` | what a search has found and what it is doing |
//! | `row` | what was found, as it is printed and drawn |

mod border;
mod candidate;
mod capacity;
mod report;
pub mod row;
pub mod runs;
pub mod search;
pub mod targets;
mod traffic;
pub mod trial;

pub use row::{Answer, Row, RowKind, RowStatus, cheapest_first, fewest_gpus_first};
pub use search::{Question, Search, SearchProgress};
pub use targets::Targets;
