//! Inputs known to be nasty, each through every front that can express it: the JSON form, the pairs of an address,
//! the command line. Accepted inputs run to an end; refused ones name the setting.

pub mod files;
mod fronts;
mod numbers;
mod recordings;
mod requests;
mod sessions;
mod terminal;
mod texts;
mod users;
