//! The worked examples of the cluster chapter, C-14.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod admission;
mod clock;
mod closed_loop;
mod priorities;
mod token_bucket;
