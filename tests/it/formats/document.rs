//! What a program reads of the command line: one JSON document, and standard input in place of a file.

use blis_playground::{Config, record::digest, simulate};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// `blis` with these words and this standard input.
fn blis(words: &[&str], input: &str) -> Output {
    let pipes = Command::new(env!("CARGO_BIN_EXE_blis"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = pipes.expect("started");
    let mut stdin = child.stdin.take().expect("piped");
    // A command that is refused does not read it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("ended")
}

/// The one document on standard output, and nothing on standard error.
#[track_caller]
fn document(words: &[&str], input: &str) -> Value {
    let output = blis(words, input);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "");
    // A parser that reads more than one value would find the rest.
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[track_caller]
fn refused(words: &[&str], input: &str) -> String {
    let output = blis(words, input);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn a_run_is_one_document_with_all_that_is_known_about_it() {
    let mut config = Config::default();
    config.cluster.num_instances = 2;
    config.workload.num_requests = 300;
    config.slo.entry("default".to_owned()).or_default().ttft_ms = Some(100.0);
    let document = document(&["run", "--config", "-", "--format", "json"], &config.to_json());
    let outcome = simulate(&config).expect("valid");
    assert_eq!(document["version"], 1);
    assert_eq!(document["digest"], digest(&outcome));
    assert_eq!(Config::from_value(document["config"].clone()).expect("a configuration"), config);
    assert_eq!(document["summary"], serde_json::to_value(outcome.summary()).expect("JSON"));
    assert_eq!(document["verdict"], document["summary"]["verdict"]);
    assert_eq!(document["ending"]["kind"], "finished");
    assert_eq!(document["metrics"]["completed_requests"], 300);
    assert!(document["metrics"]["slo_attainment"].as_f64().is_some_and(|share| share > 0.0));
    assert_eq!((&document["warnings"], &document["notes"]), (&json!([]), &json!([])));
    let keys: Vec<&str> = document.as_object().expect("an object").keys().map(String::as_str).collect();
    for key in ["fitness", "decisions"] {
        assert!(!keys.contains(&key), "{key} was not asked for");
    }
}

#[test]
fn what_the_report_says_beside_its_figures_is_in_the_document() {
    let words = "run --format json --num-requests 200 --horizon 1000 --routing-scorers x --trace-level decisions \
                 --summarize-trace --counterfactual-k 0 --fitness-weights throughput:1";
    let document = document(&words.split_whitespace().collect::<Vec<_>>(), "");
    let said = |key: &str| serde_json::to_string(&document[key]).expect("JSON");
    assert!(said("warnings").contains("--routing-scorers has no effect"), "{document}");
    assert!(said("warnings").contains("no requests completed"), "{document}");
    assert!(said("notes").contains("the regret is 0"), "{document}");
    assert_eq!(document["fitness"]["score"], 0.0);
    assert!(document["decisions"]["total_decisions"].as_u64().is_some());
}

#[test]
fn the_document_needs_no_model_and_the_report_does() {
    let document = document(&["run", "--format=json", "--num-requests=5"], "");
    assert_eq!(document["config"]["model"]["name"], Config::default().model.name);
    assert_eq!(refused(&["run", "--num-requests=5"], ""), "--model is required\n");
    assert_eq!(refused(&["run", "--format=text", "--num-requests=5"], ""), "--model is required\n");
}

#[test]
fn a_refusal_leaves_standard_output_empty() {
    let json = ["run", "--format", "json", "--config", "-"];
    assert!(refused(&json, r#"{"workload": {"rate": 0}}"#).starts_with("--rate must be"));
    assert!(refused(&json, "{").starts_with("--config -: not JSON: "));
    assert!(refused(&[&json[..], &["--fitness-weights", "luck:1"]].concat(), "{}").contains("luck"));
    assert!(
        refused(&[&json[..], &["--metrics-path", "no/such/folder/x"]].concat(), "{}").contains("no/such")
    );
    assert!(refused(&["run", "--format", "xml"], "").contains("xml"));
}

#[test]
fn standard_input_stands_for_every_file_that_is_read_and_for_one_at_a_time() {
    let policies = document(
        &["run", "--format=json", "--num-requests=5", "--policy-config=-"],
        "\u{feff}routing: {policy: least-loaded}\n",
    );
    assert_eq!(policies["config"]["routing"]["policy"], "least-loaded");
    let spec = "clients: [{id: a, rate_fraction: 1, arrival: {process: poisson}, \
                input_distribution: {type: constant, params: {value: 9}}, \
                output_distribution: {type: constant, params: {value: 9}}}]\naggregate_rate: 9\nnum_requests: 7\n";
    let specified = document(&["run", "--format=json", "--workload-spec=-"], spec);
    assert_eq!(specified["summary"]["requests"], 7);
    let both = refused(&["run", "--config=-", "--workload-spec=-"], "{}");
    assert_eq!(both, "--config - and --workload-spec -: standard input can be read only once\n");
}

#[test]
fn the_results_of_the_page_are_a_configuration_too() {
    let results = r#"{"format": "blis-playground-results", "settings": {"instances": "3", "n": "5"}}"#;
    let document = document(&["run", "--format=json", "--config=-"], results);
    assert_eq!(document["config"]["cluster"]["num_instances"], 3);
    let spec = refused(&["run", "--config=-"], r#"{"clients": []}"#);
    assert!(spec.starts_with("--config -: a workload specification, which --workload-spec reads"), "{spec}");
}

#[test]
fn a_replay_is_a_document_too() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("document-replay");
    std::fs::create_dir_all(&folder).expect("a folder");
    let prefix = folder.join("trace");
    let prefix = prefix.to_str().expect("a plain name");
    let run = document(&["run", "--format=json", "--num-requests=9", "--trace-output", prefix], "");
    let replay = document(&["replay", "--format=json", "--trace", prefix], "");
    assert_eq!(replay["metrics"], run["metrics"]);
    let data = std::fs::read_to_string(format!("{prefix}.csv")).expect("written");
    let read = document(&["replay", "--format=json", "--trace-data=-"], &data);
    assert_eq!(read["summary"]["completed"], 9);
}
