//! What is refused before anything runs.

use super::{BASE, refused};

#[track_caller]
fn says(flags: &str, expected: &str) {
    let said = refused(&format!("sweep {BASE} {flags}"));
    assert!(said.contains(expected), "{flags}: {said}");
}

#[test]
fn errors_name_flag_value_and_range() {
    says("--vary num-instances=0..2", "--num-instances must be a whole number from 1 to 4096, got 0");
    says("--vary rate=1,-5", "--rate must be a number greater than 0, got -5");
    says("--vary routing-policy=best", "--routing-policy must be one of round-robin");
    says("--vary num-instances=4..1", "--vary num-instances must be numbers (10,20,40) or ranges");
    says("--vary num-instances=1,2,1", "--vary num-instances must name every value once, got 1 twice");
    says("--vary tp=x", "--tp must be a whole number from 1 to 1024, got x");
    says(
        "--vary instances",
        "--vary must be a setting by the name of its flag and its values, such as num-instances=1..16",
    );
    says("--vary nonsense=1", "got nonsense=1");
    says("--vary rate=1 --vary=--rate=2", "--vary must name every setting once, got rate twice");
    says("--vary seed=1..5", "seeds are given with --seeds 1..5");
    says("--seeds 0", "--seeds must be how many (5), a range (1..5) or a list (1,2,9)");
    says("--seeds 1,1", "got 1,1");
    says("--threads 0", "--threads must be a whole number from 1 to 1024, got 0");
    says(
        "--shard 3/2",
        "--shard must be the number of a part and how many there are, from 1/N to N/N such as 2/8, got 3/2",
    );
    says("--rows both", "'both' for '--rows");
    says("--format json", "'json' for '--format");
    says("--metrics-path x", "unexpected argument '--metrics-path'");
    says("--merge x", "--merge");
}

#[test]
fn a_grid_that_is_too_large_is_refused_with_the_limit() {
    says("--vary rate=1..20000", "--vary rate must name at most 10000 values, got 1..20000");
    says("--vary rate=1..200 --vary num-instances=1..200", "at most 10000 combinations, got 200 × 200");
    says("--vary rate=1..200 --seeds 1000", "at most 100000 runs, got 200 combinations × 1000 seeds");
}

#[test]
fn what_contradicts_each_other_is_refused() {
    let trace = "sweep --model qwen/qwen3-14b --trace examples/files/traces/generated";
    for flags in ["--vary rate=1,2", "--rate 3"] {
        let said = refused(&format!("{trace} {flags}"));
        assert!(said.contains("--rate cannot be combined with a trace"), "{said}");
    }
    let said = refused("sweep --vary num-instances=1,2");
    assert!(said.contains("--model is required"), "{said}");
    let said = refused("sweep --model x --model-config-folder examples/files/models/small --vary model=a,b");
    assert!(said.contains("--vary model cannot be combined with --model-config-folder"), "{said}");
    // The settings of all combinations are wrong in the same way.
    says("--vary num-instances=1,2 --prompt-tokens-min 900", "--prompt-tokens-min 900");
}
