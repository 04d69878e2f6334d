//! The stored inputs of every fuzz target, replayed: no panic, no hang, each refusal names its place.

#[path = "../fuzz/bodies.rs"]
mod bodies;

use std::path::Path;

/// Largest stored input in bytes: the corpus is kept small.
const MOST_BYTES: usize = 8192;

/// Gives the stored inputs of a target to its body, in the order of their names.
fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no inputs for {target}");
    for path in paths {
        let input = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(input.len() <= MOST_BYTES, "{} is too large to be kept", path.display());
        println!("{}", path.display());
        body(&input);
    }
}

#[test]
fn stored_configurations_are_run_or_refused() {
    replay("config_json", bodies::config_json);
}

#[test]
fn stored_workload_specifications_are_run_or_refused() {
    replay("workload_spec", bodies::workload_spec);
}

#[test]
fn stored_policy_files_are_run_or_refused() {
    replay("policy_file", bodies::policy_file);
}

#[test]
fn stored_addresses_are_run_or_refused() {
    replay("url_pairs", bodies::url_pairs);
}

#[test]
fn stored_files_for_check_are_compared_or_refused() {
    replay("check_file", bodies::check_file);
}

#[test]
fn stored_traces_are_replayed_or_refused() {
    replay("trace", bodies::trace);
}
