//! `blis calibrate` and `--measured`.

use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn blis(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_blis")).args(words).output().expect("the program runs")
}

/// A file of this test alone.
fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("blis-measured-{}-{name}", std::process::id()));
    fs::write(&path, text).expect("written");
    path
}

const SERVER: [&str; 8] =
    ["--model", "qwen/qwen3-14b", "--tp", "1", "--hardware", "H100", "--latency-model", "roofline"];

/// A run with prompts of 512 and answers of 64 tokens.
fn run(rate: &str, more: &[&str]) -> Value {
    let lengths = [
        "--prompt-tokens",
        "512",
        "--prompt-tokens-stdev",
        "0",
        "--output-tokens",
        "64",
        "--output-tokens-stdev",
        "0",
    ];
    let words = [
        &["run", "--rate", rate, "--num-requests", "200", "--format", "json"],
        SERVER.as_slice(),
        &lengths,
        more,
    ]
    .concat();
    let output = blis(&words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What a slower server shows is fitted, written, and read again: its latencies come out.
#[test]
fn what_is_calibrated_from_a_table_is_taken_by_a_run() {
    let slower = file(
        "slower.json",
        r#"{"name": "", "note": "", "coefficients": {"mfu_prefill": 0.36, "bandwidth": 0.7}}"#,
    );
    let slower = slower.to_str().expect("text");
    let figures = |document: &Value| {
        let mean = |name: &str| document["summary"][name]["mean_ms"].as_f64().expect("a mean");
        (mean("ttft"), mean("itl"))
    };
    let mut table = "rate,input,output,ttft (ms),itl (ms)\n".to_owned();
    for rate in ["1", "6", "12"] {
        let (ttft, itl) = figures(&run(rate, &["--measured", slower]));
        writeln!(table, "{rate},512,64,{ttft},{itl}").expect("a text");
    }
    let (table, written) = (file("table.csv", &table), file("fitted.json", ""));
    let (table, written) = (table.to_str().expect("text"), written.to_str().expect("text"));
    let words =
        [&["calibrate", table, "-o", written, "--name", "Ours", "--arrivals", "constant"], SERVER.as_slice()]
            .concat();
    let output = blis(&words);
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    for expected in [
        "table, 3 rows",
        "Kept as they are:",
        "Measured against predicted",
        "Warning: prompts have 512 tokens",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    assert!(errors.contains("which of 7 coefficients matter"), "{errors}");

    let document = run("6", &["--measured", written]);
    let (ttft, itl) = figures(&document);
    let (true_ttft, true_itl) = figures(&run("6", &["--measured", slower]));
    assert!((ttft / true_ttft - 1.0).abs() < 0.03 && (itl / true_itl - 1.0).abs() < 0.03, "{ttft} {itl}");
    assert!((figures(&run("6", &[])).1 / true_itl - 1.0).abs() > 0.1);
    assert!(
        document["warnings"].to_string().contains("latency as measured: Ours"),
        "{}",
        document["warnings"]
    );
    assert_eq!(document["config"]["model"]["measured"]["name"], "Ours");

    let json = blis(&[words.as_slice(), &["--json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(json["measurements"]["rows"].as_array().map(Vec::len), Some(3));
    let fitted: Value = serde_json::from_str(&fs::read_to_string(written).expect("written")).expect("JSON");
    assert_eq!(json["fit"]["measured"], fitted);
}

#[test]
fn too_few_rates_are_an_error_behind_what_was_read() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/traces/vllm-bench.json");
    let output = blis(&["calibrate", "--model", "qwen/qwen3-14b", sample]);
    assert_eq!(output.status.code(), Some(1));
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("vLLM's serving benchmark, 1 row") && text.contains("2 requests/s"), "{text}");
    assert!(errors.contains("nothing is calibrated: too few rates to calibrate"), "{errors}");
}

#[test]
fn a_file_that_holds_no_coefficients_is_refused_by_its_name() {
    for (text, expected) in [
        ("{", "EOF"),
        ("{}", "coefficients: got none"),
        (r#"{"coefficients": {"beta99": 1}}"#, "beta99"),
        (r#"{"coefficient": {}}"#, "unknown field"),
    ] {
        let path = file("wrong.json", text);
        let output = blis(&["run", "--model", "qwen/qwen3-14b", "--measured", path.to_str().expect("text")]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && errors.contains(expected), "{text}: {errors}");
    }
}
