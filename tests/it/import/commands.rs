//! Importing on the command line.

use super::sample;
use crate::formats::command_line::{fails, folder, json, succeeds};
use serde_json::Value;
use std::path::Path;

fn put(folder: &Path, name: &str) {
    std::fs::write(folder.join(name), sample(name)).expect("written");
}

const MODEL: &str = "--model qwen/qwen3-14b --hardware H100 --tp 1";

#[test]
fn imported_samples_give_the_figures_of_the_reference() {
    let folder = folder("import-replay");
    let recorded: Value = serde_json::from_slice(&sample("replay-metrics.json")).expect("JSON");
    for (case, file) in [
        ("azure-conv", "azure-conv-200.csv"),
        ("azure-conv", "azure-conv-200.csv.gz"),
        ("azure-code", "azure-code-100.csv"),
        ("vidur", "vidur-splitwise-conv-60.csv"),
    ] {
        put(&folder, file);
        let flags = recorded[case]["flags"].as_array().expect("flags");
        let flags: Vec<_> = flags.iter().map(|flag| flag.as_str().expect("text")).collect();
        let line = format!("replay --trace-data {file} {} --metrics-path metrics.json", flags.join(" "));
        let (_, said) = succeeds(&folder, &line);
        assert!(said.contains("rows kept, 0 dropped"), "{said}");
        let metrics = json(&folder.join("metrics.json"));
        for (name, value) in recorded[case]["metrics"].as_object().expect("metrics") {
            assert_eq!(metrics[name], *value, "{file} {name}");
        }
    }
}

#[test]
fn send_times_on_another_clock_count_from_their_earliest() {
    let folder = folder("import-epoch");
    for file in ["epoch-send.csv", "epoch-send-deadline.csv"] {
        put(&folder, file);
        let (_, said) =
            succeeds(&folder, &format!("replay --trace-data {file} {MODEL} --metrics-path metrics.json"));
        assert!(said.contains("send_time_us counts from long before"), "{said}");
        let metrics = json(&folder.join("metrics.json"));
        assert_eq!(metrics["completed_requests"], 6);
        assert_eq!(metrics["ttft_mean_ms"], 28.177);
        assert_eq!(metrics["e2e_mean_ms"], 261.068);
        assert_eq!(metrics["vllm_estimated_duration_s"], 5.259_391);
    }
}

#[test]
fn rounds_that_wait_by_themselves_are_all_served_in_a_closed_loop() {
    let folder = folder("import-closed-loop");
    put(&folder, "tracelab.csv");
    let line = format!("replay --trace-data tracelab.csv {MODEL} --metrics-path");
    succeeds(&folder, &format!("{line} fixed.json"));
    succeeds(&folder, &format!("{line} closed.json --session-mode closed-loop"));
    assert_eq!(json(&folder.join("closed.json")), json(&folder.join("fixed.json")));
    assert_eq!(json(&folder.join("closed.json"))["completed_requests"], 7);
    let said = fails(&folder, &format!("{line} none.json --session-mode closed-loop --think-time-ms 5"));
    assert!(said.contains("the file says itself how long its conversations pause"), "{said}");
}

#[test]
fn an_import_is_written_as_a_trace_and_comes_back_the_same() {
    let folder = folder("import-written");
    for file in ["mooncake-conversation-100.jsonl", "burstgpt-3.csv", "bailian.jsonl"] {
        put(&folder, file);
        let rest = format!("{MODEL} --num-instances 2 --metrics-path");
        succeeds(&folder, &format!("trace {file} -o written"));
        succeeds(&folder, &format!("replay --trace-data {file} {rest} imported.json --trace-output again"));
        succeeds(&folder, &format!("replay --trace written {rest} written.json"));
        succeeds(&folder, &format!("replay --trace again {rest} again.json"));
        let imported = json(&folder.join("imported.json"));
        assert_eq!(json(&folder.join("written.json")), imported, "{file}");
        assert_eq!(json(&folder.join("again.json")), imported, "{file}");
        let (one, _) = succeeds(&folder, &format!("trace {file} --json"));
        let (other, _) = succeeds(&folder, "trace written.csv --trace-header written.yaml --json");
        let traffic =
            |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["file"]["traffic"].clone();
        assert_eq!(traffic(&one), traffic(&other), "{file}");
    }
}

#[test]
fn flags_map_slice_and_answer() {
    let folder = folder("import-flags");
    put(&folder, "generic.csv");
    put(&folder, "azure-conv-200.csv");
    let text = "trace generic.csv --trace-map arrival=when:s,input=prompt,output=answer,tenant=who";
    assert!(succeeds(&folder, text).0.contains("who = tenant"));
    let slices = "--trace-from 10s --trace-to 40 --trace-filter input<=1000 --trace-every 2 --trace-first 20 --trace-speed 2";
    let (text, _) = succeeds(&folder, &format!("trace azure-conv-200.csv {slices}"));
    assert!(text.contains("from 10 s to 40 s: 76 rows"), "{text}");
    assert!(text.contains("the first 20 rows: 20 rows"), "{text}");
    assert!(text.contains("2 times as fast, which is a time scale of 0.5"), "{text}");
    let scale = succeeds(&folder, "trace azure-conv-200.csv --trace-time-scale 0.5").0;
    assert!(scale.contains("2 times as fast"), "{scale}");
    let (_, said) = succeeds(
        &folder,
        &format!("replay --trace-data azure-conv-200.csv {MODEL} --trace-rate 8 --trace-repeat 2"),
    );
    assert!(said.contains("2 times one after the other: 400 rows left"), "{said}");
}

#[test]
fn wrong_flags_and_files_are_named() {
    let folder = folder("import-wrong");
    put(&folder, "azure-conv-200.csv");
    std::fs::write(folder.join("odd.csv"), "colour,weather\nred,rain\n").expect("written");
    for (line, words) in [
        (
            "trace azure-conv-200.csv --trace-format csv",
            "--trace-format must be one of auto, trace-v2, azure-llm",
        ),
        ("trace azure-conv-200.csv --trace-format mooncake", "this file is a table"),
        ("trace azure-conv-200.csv --trace-from soon", "--trace-from must be a time"),
        ("trace azure-conv-200.csv --trace-every 0", "--trace-every: got 0, expected 1 to"),
        ("trace azure-conv-200.csv --trace-map speed=x", "--trace-map: mapping: got speed=x"),
        ("trace azure-conv-200.csv --trace-filter speed=1", "--trace-filter: filter"),
        ("trace azure-conv-200.csv --trace-answer size", "--trace-answer must be id=value"),
        ("trace azure-conv-200.csv --trace-filter input>9999999", "no row is left"),
        ("trace odd.csv", "columns found: \"colour\", \"weather\""),
        ("trace nowhere.csv", "FILE nowhere.csv: "),
    ] {
        let error = fails(&folder, line);
        assert!(error.contains(words), "{line}: {error}");
    }
    put(&folder, "no-arrival.csv");
    let error = fails(&folder, &format!("replay {MODEL} --trace-data no-arrival.csv"));
    assert!(
        error.contains("line 2, column 20 (arrival_time_us): got nothing, expected a 64-bit integer"),
        "{error}"
    );
    let error = fails(&folder, &format!("replay {MODEL} --trace-data odd.csv"));
    assert!(error.starts_with("--trace-data odd.csv: file: no column of input tokens is known"), "{error}");
}
