//! What the command line prints, digit by digit (N-22).

use crate::common::golden_json;
use serde_json::Value;
use std::fs;
use std::process::Command;

/// What a command line prints, its specification in a file of its own.
fn printed(case: &Value) -> String {
    let name = case["name"].as_str().expect("a name");
    let args = case["args"].as_array().expect("a list").iter().filter_map(Value::as_str);
    let mut command = Command::new(env!("CARGO_BIN_EXE_blis"));
    command.arg("run").args(args);
    if !case["spec"].is_null() {
        let folder = std::env::temp_dir().join(format!("blis-figures-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the specification");
        let path = folder.join(format!("{name}.yaml"));
        fs::write(&path, case["spec"].to_string()).expect("a file for the specification");
        command.arg("--workload-spec").arg(path);
    }
    let output = command.output().expect("started");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The JSON blocks of an output, and all other lines but their headings.
fn taken_apart(output: &str) -> (Vec<Value>, Vec<&str>) {
    let (mut blocks, mut lines) = (Vec::new(), Vec::new());
    let mut rest = output.lines();
    while let Some(line) = rest.next() {
        if line != "=== Simulation Metrics ===" {
            lines.push(line);
            continue;
        }
        let block: Vec<&str> = rest.by_ref().take_while(|line| *line != "}").collect();
        blocks.push(serde_json::from_str(&format!("{}}}", block.join("\n"))).expect("JSON"));
    }
    (blocks, lines)
}

/// What a command line prints otherwise than it is recorded.
fn deviation(case: &Value) -> Option<String> {
    let expected = &case["expected"];
    let output = printed(case);
    let (blocks, lines) = taken_apart(&output);
    let (cluster, instances) = blocks.split_last().expect("the cluster's block");
    if cluster != &expected["cluster"] {
        return Some(format!("{cluster}\n  instead of {}", expected["cluster"]));
    }
    let text: Vec<&str> =
        expected["text"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    if lines != text {
        return Some(format!("{lines:?}\n  instead of {text:?}"));
    }
    let of_instances = |key: &str| -> Value { instances.iter().map(|block| block[key].clone()).collect() };
    let recorded = ["instances_requests", "instances_ttft_p99_ms"].map(|key| &expected[key]);
    let found = ["injected_requests", "ttft_p99_ms"].map(of_instances);
    (!instances.is_empty() && recorded != [&found[0], &found[1]])
        .then(|| format!("{found:?}\n  instead of {recorded:?}"))
}

#[test]
fn every_recorded_command_line_prints_the_same_figures() {
    let recordings = golden_json("streams/figures.json");
    let cases = recordings["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), 153);
    let deviations: Vec<String> =
        cases.iter().filter_map(|case| Some(format!("{}: {}", case["name"], deviation(case)?))).collect();
    assert!(deviations.is_empty(), "{}", deviations.join("\n"));
}
