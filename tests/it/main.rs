//! Every native test of the crate as a whole, in one program: it is linked once, and the modules share what they need.
//!
//! The fronts of a browser are tested in `wasm.rs`, which is built for another target; what a module alone can be asked
//! is tested beside it in `src`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

mod beside;
mod by_kind;
mod cluster_examples;
mod digests;
mod disturbances;
mod documents;
mod empty_prompts;
mod example_files;
mod formats;
mod fuzz_corpus;
mod golden_cases;
mod import;
mod instance_examples;
mod instance_micro;
mod invariants;
mod kv_capacity;
mod latency_properties;
mod layers;
mod lessons;
mod limits;
mod loaded_lists;
mod measurements;
mod models;
mod nasty;
mod oracle;
mod outcome_golden;
mod playback;
mod policy_bundles;
mod prefix_trees;
mod routing_examples;
mod settings;
mod shown_settings;
mod sizing;
mod statistics;
mod step_times;
mod streams;
mod sweep;
mod sweep_command;
mod theory;
mod verdict;
mod workflows;
mod workload;
