//! Inputs known to be nasty, each through every front that can say it: the JSON form, the pairs of an address,
//! the command line. Accepted inputs run to an end; refused ones name the setting.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod files;
mod fronts;
mod numbers;
mod requests;
mod users;
