//! What holds for every run: invariants of the cluster chapter (C-10), of routing and of batching
//! (I-11, I-14), over random small clusters.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod closed_loop;
mod compare;
mod conservation;
mod endings;
mod equivalences;
mod generate;
mod lives;
mod order;
mod replay;
mod routing;
mod speed;
mod streams;
