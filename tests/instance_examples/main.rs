//! The worked examples of the instance chapter, I-15: every cell of every table.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod batching;
mod check;
mod example;
mod integration;
mod limits;
mod preemption;
mod prefixes;
mod replay;
mod schedulers;
