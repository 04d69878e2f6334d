//! Flags, file and defaults (P-3), and what is in force after them (P-5.1).

use super::{folder, refused, settings};
use serde_json::{Value, json};

/// A policy file with this text in a folder of its own, and what is in force with some flags.
fn with(name: &str, file: &str, flags: &[&str]) -> (Value, Vec<String>) {
    let folder = folder(name);
    std::fs::write(folder.join("p.yaml"), file).expect("written");
    settings(&folder, &[&["--policy-config", "p.yaml"], flags].concat())
}

fn refusal(name: &str, file: &str, flags: &[&str]) -> String {
    let folder = folder(name);
    std::fs::write(folder.join("p.yaml"), file).expect("written");
    refused(&folder, &[&["--policy-config", "p.yaml"], flags].concat())
}

const EVERYTHING: &str = "admission: {policy: token-bucket, token_bucket_capacity: 7, token_bucket_refill_rate: 8}\n\
    routing: {policy: weighted, scorers: [{name: load-balance, weight: 3}]}\n\
    scheduler: sjf\npreemption: {policy: priority}\n";

#[test]
fn a_flag_wins_even_with_the_default_value() {
    let (file, _) = with("flags", EVERYTHING, &[]);
    assert_eq!(file["admission"]["policy"], "token-bucket");
    assert_eq!(file["routing"]["scorers"], json!([{ "name": "load-balance", "weight": 3.0 }]));
    assert_eq!(file["instance"]["scheduler"], "sjf");
    assert_eq!(file["instance"]["preemption_policy"], "priority");
    for (flag, value, path, expected) in [
        ("--admission-policy", "always-admit", "/admission/policy", json!("always-admit")),
        ("--token-bucket-capacity", "10000", "/admission/token_bucket_capacity", json!(10000.0)),
        ("--token-bucket-refill-rate", "1000", "/admission/token_bucket_refill_rate", json!(1000.0)),
        ("--routing-policy", "round-robin", "/routing/policy", json!("round-robin")),
        ("--routing-scorers", "queue-depth:1", "/routing/scorers/0/name", json!("queue-depth")),
        ("--scheduler", "fcfs", "/instance/scheduler", json!("fcfs")),
        ("--preemption-policy", "fcfs", "/instance/preemption_policy", json!("fcfs")),
    ] {
        let (both, _) = with("flags", EVERYTHING, &[flag, value]);
        assert_eq!(both.pointer(path), Some(&expected), "{flag}");
        // Key by key: nothing else changes.
        let mut rest = both.clone();
        *rest.pointer_mut(path).expect("it is there") = file.pointer(path).expect("it is there").clone();
        if flag == "--routing-scorers" {
            rest["routing"]["scorers"][0]["weight"] = json!(3.0);
        }
        assert_eq!(rest, file, "{flag}");
    }
    let ours = "admission: {tier_shed_threshold: 7, slo_priorities: {batch: 5}}\ntenant_budgets: {a: 1}\n";
    let flags = ["--tier-shed-threshold", "0", "--slo-priorities", "", "--tenant-budgets", "b=0.5"];
    let (both, _) = with("flags", ours, &flags);
    assert_eq!(both["admission"]["tier_shed_threshold"], 0);
    assert_eq!(both["admission"]["slo_priorities"], json!({}));
    assert_eq!(both["admission"]["tenant_budgets"], json!({ "b": 0.5 }));
}

#[test]
fn the_least_priority_is_3_only_if_the_file_itself_names_tier_shed() {
    let least = |file: &str, flags: &[&str]| {
        let (settings, warnings) = with("least", file, flags);
        let warned = warnings.iter().any(|warning| warning.starts_with("--tier-shed-min-priority is 0"));
        (settings["admission"]["tier_shed_min_priority"].as_i64(), warned)
    };
    let tier_shed = ["--admission-policy", "tier-shed"];
    assert_eq!(least("admission: {policy: tier-shed}", &[]), (Some(3), false));
    assert_eq!(least("admission: {policy: tier-shed}", &tier_shed), (Some(3), false));
    assert_eq!(least("admission: {policy: always-admit}", &tier_shed), (Some(0), true));
    assert_eq!(least("{}", &tier_shed), (Some(0), true));
    assert_eq!(least("admission: {tier_shed_min_priority: 2}", &tier_shed), (Some(2), false));
    assert_eq!(least("admission: {policy: tier-shed, tier_shed_min_priority: 2}", &[]), (Some(2), false));
    let folder = folder("least");
    let (without_a_file, warnings) = settings(&folder, &tier_shed);
    assert_eq!(without_a_file["admission"]["tier_shed_min_priority"], 0);
    assert!(
        warnings.iter().any(|warning| warning.starts_with("--tier-shed-min-priority is 0")),
        "{warnings:?}"
    );
}

#[test]
fn values_that_the_policies_in_force_do_not_use_are_silent_in_a_file_and_not_as_flags() {
    let idle = "admission: {token_bucket_capacity: 5, gaie_qd_threshold: 2, tier_shed_threshold: 4}\n\
        routing: {scorers: [{name: load-balance, weight: 1}]}\n";
    let unused = |flags: &[&str]| {
        let warnings = with("idle", idle, flags).1.into_iter();
        warnings.filter(|warning| warning.contains("has no effect unless")).collect::<Vec<_>>()
    };
    assert_eq!(unused(&[]), Vec::<String>::new());
    let scorers = unused(&["--routing-scorers", "queue-depth:1"]);
    assert_eq!(scorers.len(), 1, "{scorers:?}");
    assert!(scorers[0].starts_with("--routing-scorers has no effect"), "{scorers:?}");
    let threshold = unused(&["--gaie-qd-threshold", "3"]);
    assert_eq!(threshold.len(), 1, "{threshold:?}");
}

#[test]
fn the_default_scorers_count_unless_flag_or_file_names_some() {
    for file in [
        "routing: {policy: weighted}",
        "routing: {policy: weighted, scorers: []}",
        "routing: {policy: weighted, scorers: }",
    ] {
        let (settings, _) = with("scorers", file, &[]);
        let names: Vec<_> = settings["routing"]["scorers"].as_array().expect("a list").iter().collect();
        assert_eq!(names.len(), 3, "{file}");
        assert_eq!(names[0], &json!({ "name": "precise-prefix-cache", "weight": 2.0 }), "{file}");
    }
}

#[test]
fn a_bucket_of_0_is_refused_only_where_it_is_in_force() {
    let idle = "admission: {token_bucket_capacity: 0, token_bucket_refill_rate: 0}";
    let in_force = "admission: {policy: token-bucket, token_bucket_capacity: 0}";
    assert_eq!(with("bucket", idle, &[]).0["admission"]["token_bucket_capacity"], 0.0);
    let error = refusal("bucket", in_force, &[]);
    assert!(error.contains("--token-bucket-capacity must be a number greater than 0, got 0"), "{error}");
    let error = refusal("bucket", idle, &["--admission-policy", "token-bucket"]);
    assert!(error.contains("--token-bucket-capacity"), "{error}");
    let rescued = with("bucket", in_force, &["--token-bucket-capacity", "9"]);
    assert_eq!(rescued.0["admission"]["token_bucket_capacity"], 9.0);
    assert_eq!(
        with("bucket", in_force, &["--admission-policy", "always-admit"]).0["admission"]["policy"],
        "always-admit"
    );
}
