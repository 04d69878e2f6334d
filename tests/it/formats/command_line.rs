//! Files in and out of the command line.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const RUN: &str =
    "run --model qwen/qwen3-14b --latency-model roofline --num-instances 2 --rate 50 --num-requests 60";

/// A folder of the test's own.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

pub fn blis(folder: &Path, line: &str) -> Output {
    let words = line.split_whitespace();
    Command::new(env!("CARGO_BIN_EXE_blis")).args(words).current_dir(folder).output().expect("started")
}

#[track_caller]
pub fn succeeds(folder: &Path, line: &str) -> (String, String) {
    let output = blis(folder, line);
    let errors = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{line}: {errors}");
    (String::from_utf8(output.stdout).expect("text"), errors)
}

#[track_caller]
pub fn fails(folder: &Path, line: &str) -> String {
    let output = blis(folder, line);
    assert_eq!(output.status.code(), Some(1), "{line}");
    String::from_utf8(output.stderr).expect("text")
}

pub fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("written")).expect("JSON")
}

#[test]
fn a_trace_is_written_and_its_replay_prints_the_same_figures() {
    let folder = folder("replay");
    let (figures, _) = succeeds(&folder, &format!("{RUN} --trace-output out.put"));
    assert!(
        std::fs::read_to_string(folder.join("out.put.yaml")).expect("written").contains("mode: generated\n")
    );
    let rest = "--model qwen/qwen3-14b --latency-model roofline --num-instances 2";
    let again = "--trace-output again --results-path results.json";
    let (replayed, _) = succeeds(&folder, &format!("replay --trace out.put {rest} {again}"));
    assert_eq!(replayed, figures);
    assert!(
        std::fs::read_to_string(folder.join("again.yaml")).expect("written").contains("mode: replayed\n")
    );
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("written");
    assert_eq!(read("again.csv"), read("out.put.csv"));
    let results = json(&folder.join("results.json"));
    assert_eq!(results.as_array().expect("a list").len(), 60);
    assert!(results[0]["ttft_us"].as_i64().expect("a time") > 0);
    let (bare, _) = succeeds(&folder, &format!("replay --trace-data out.put.csv {rest}"));
    assert_eq!(bare, figures);
}

/// More than can be served while requests arrive: the end makes a difference.
#[test]
fn a_replay_ends_when_all_is_done_unless_told_otherwise() {
    let folder = folder("replay-end");
    let model = "--model qwen/qwen3-14b --latency-model roofline --num-instances 1";
    let metrics = |line: &str| {
        succeeds(&folder, &format!("{line} {model} --metrics-path metrics.json"));
        json(&folder.join("metrics.json"))
    };
    let run = metrics("run --rate 100 --num-requests 300 --trace-output busy");
    assert_eq!(metrics("replay --trace busy"), run);
    let reference = metrics("replay --trace busy --reference-horizon");
    let explicit_horizon = metrics("replay --trace busy --horizon 5980000");
    assert_eq!(reference, explicit_horizon);
    assert!(reference["completed_requests"].as_u64() < Some(300), "{}", reference["completed_requests"]);
    let both = fails(&folder, &format!("replay --trace busy {model} --horizon 1 --reference-horizon"));
    assert!(both.contains("cannot be used with"), "{both}");
}

#[test]
fn a_replay_needs_a_trace_and_takes_no_workload() {
    let folder = folder("replay-wrong");
    let rest = "--model qwen/qwen3-14b";
    assert!(fails(&folder, &format!("replay {rest}")).contains("--trace"));
    assert!(fails(&folder, &format!("replay {rest} --trace x --rate 3")).contains("--rate"));
    assert!(fails(&folder, &format!("replay {rest} --trace nowhere")).starts_with("--trace nowhere.yaml: "));
    std::fs::write(folder.join("bad.csv"), "request_id\n1\n").expect("written");
    let error = fails(&folder, &format!("replay {rest} --trace-data bad.csv"));
    assert!(
        error.starts_with(
            "--trace-data bad.csv: file: no column of input tokens is known; columns found: \"request_id\""
        ),
        "{error}"
    );
}

#[test]
fn the_metrics_file_has_the_layout_of_the_chapter() {
    let folder = folder("metrics");
    succeeds(&folder, &format!("{RUN} --metrics-path metrics.json"));
    let text = std::fs::read_to_string(folder.join("metrics.json")).expect("written");
    let metrics = json(&folder.join("metrics.json"));
    // The chapter's order (metrics chapter, M-4), on the file's own lines.
    let keys: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  \"")?.split_once('"').map(|(key, _)| key))
        .collect();
    let expected = "instance_id completed_requests still_queued still_running injected_requests total_input_tokens \
        total_output_tokens vllm_estimated_duration_s responses_per_sec tokens_per_sec e2e_mean_ms e2e_p90_ms e2e_p95_ms \
        e2e_p99_ms ttft_mean_ms ttft_p90_ms ttft_p95_ms ttft_p99_ms itl_mean_ms itl_p90_ms itl_p95_ms itl_p99_ms \
        scheduling_delay_p99_ms preemption_count cache_hit_rate dropped_unservable length_capped_requests timed_out_requests \
        requests";
    assert_eq!(keys, expected.split_whitespace().collect::<Vec<_>>());
    assert_eq!(metrics["instance_id"], "cluster");
    let rows = metrics["requests"].as_array().expect("rows");
    assert_eq!(rows.len(), 60);
    for key in [
        "arrived_at",
        "requestID",
        "num_prefill_tokens",
        "num_decode_tokens",
        "ttft_ms",
        "handled_by",
        "round_index",
    ] {
        assert!(rows.iter().all(|row| row.get(key).is_some()), "{key}");
    }
}

#[test]
fn flags_win_over_the_policy_file_which_wins_over_the_configuration() {
    let folder = folder("policies");
    let policies = "admission: {policy: token-bucket, token_bucket_capacity: 7}\nscheduler: sjf\n";
    std::fs::write(folder.join("p.yaml"), policies).expect("written");
    let config =
        r#"{"version": 2, "admission": {"token_bucket_capacity": 5}, "cluster": {"num_instances": 3}}"#;
    std::fs::write(folder.join("c.json"), config).expect("written");
    let line = "run --config c.json --policy-config p.yaml --scheduler fcfs --print-config";
    let (printed, _) = succeeds(&folder, line);
    let printed: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(printed["admission"]["policy"], "token-bucket");
    assert_eq!(printed["admission"]["token_bucket_capacity"], 7.0);
    assert_eq!(printed["instance"]["scheduler"], "fcfs");
    assert_eq!(printed["cluster"]["num_instances"], 3);
    assert_eq!(printed["version"], 2);
}

#[test]
fn the_least_priority_of_tier_shed_depends_on_who_names_it() {
    let folder = folder("least-priority");
    let min_priority = |file: &str, flags: &str| {
        std::fs::write(folder.join("p.yaml"), file).expect("written");
        let line = format!("run --model qwen/qwen3-14b --policy-config p.yaml --print-config {flags}");
        let printed: Value = serde_json::from_str(&succeeds(&folder, &line).0).expect("JSON");
        printed["admission"]["tier_shed_min_priority"].clone()
    };
    assert_eq!(min_priority("admission: {policy: tier-shed}", ""), 3);
    assert_eq!(min_priority("scheduler: sjf", "--admission-policy tier-shed"), 0);
    assert_eq!(min_priority("admission: {tier_shed_min_priority: 2}", "--admission-policy tier-shed"), 2);
    assert_eq!(min_priority("admission: {policy: tier-shed}", "--tier-shed-min-priority 1"), 1);
}

#[test]
fn a_wrong_policy_file_is_refused_with_its_name_and_key() {
    let folder = folder("wrong-policies");
    std::fs::write(folder.join("p.yaml"), "autoscaler: {interval_us: 3}\n").expect("written");
    let error = fails(&folder, &format!("{RUN} --policy-config p.yaml"));
    assert!(
        error.starts_with("--policy-config p.yaml: autoscaler.interval_us: got 3, expected 0"),
        "{error}"
    );
    std::fs::write(folder.join("p.yaml"), "scheduler: luck\n").expect("written");
    let error = fails(&folder, &format!("{RUN} --policy-config p.yaml"));
    assert!(
        error.starts_with("--policy-config p.yaml: scheduler: got luck, expected one of fcfs"),
        "{error}"
    );
}

#[test]
fn the_schema_command_prints_the_schema_or_the_settings() {
    let folder = folder("schema");
    let schema: Value = serde_json::from_str(&succeeds(&folder, "schema").0).expect("JSON");
    assert_eq!(schema["$id"], "urn:blis-playground:config:2");
    let settings: Value = serde_json::from_str(&succeeds(&folder, "schema --settings").0).expect("JSON");
    assert_eq!(settings[0]["path"], "model.name");
}

#[test]
fn a_run_says_which_random_streams_it_is_of() {
    let folder = folder("streams");
    let said = |more: &str| -> Vec<String> {
        let line = format!("run --model qwen/qwen3-14b --num-requests 3 {more}");
        let (_, errors) = succeeds(&folder, &line);
        errors.lines().filter_map(|line| line.strip_prefix("streams: ")).map(str::to_owned).collect()
    };
    assert_eq!(said(""), ["reference: random numbers as BLIS draws them"]);
    assert_eq!(said("--streams reference"), said(""));
    let independent = "independent: BLIS draws other random numbers, of the same distributions";
    assert_eq!(said("--streams independent"), [independent]);
}

#[test]
fn the_largest_horizon_is_none() {
    let folder = folder("horizon");
    let line = "run --model qwen/qwen3-14b --num-requests 3";
    let (printed, _) = succeeds(&folder, line);
    assert_eq!(succeeds(&folder, &format!("{line} --horizon 9223372036854775807")).0, printed);
}

#[test]
fn a_run_prints_one_verdict_with_its_reason_on_standard_error() {
    let folder = folder("verdict");
    let long = RUN.replace("--num-requests 60", "--num-requests 2000").replace("--rate 50", "--rate 200");
    for (line, start) in [
        (RUN, "too short to tell: batches were 10% full and still filling: run at least"),
        (&long, "overloaded: the queue grew from"),
    ] {
        let (_, errors) = succeeds(&folder, line);
        let verdicts: Vec<&str> = errors.lines().filter_map(|line| line.strip_prefix("verdict: ")).collect();
        assert!(verdicts.len() == 1 && verdicts[0].starts_with(start), "{errors}");
    }
}

#[test]
fn what_makes_model_or_gpu_other_than_named_is_warned_of_on_standard_error() {
    let folder = folder("replaced");
    let faster = r#"{"H100": {"TFlopsPeak": 989.5, "BwPeakTBs": 33.5, "mfuPrefill": 0.45, "mfuDecode": 0.3, "MemoryGiB": 80}}"#;
    std::fs::write(folder.join("gpus.json"), faster).expect("written");
    let (plain, said) = succeeds(&folder, RUN);
    assert!(!said.contains("replaced"), "{said}");
    for (flags, warning) in [
        ("--total-kv-blocks 50000", "warning: KV blocks were replaced: 50000 instead of the 15909"),
        (
            "--hardware-config gpus.json --hardware H100",
            "warning: the figures of the GPU H100 were replaced: ",
        ),
        ("--max-model-len 50000", "warning: the longest request was replaced: 50000 instead of"),
    ] {
        let (figures, said) = succeeds(&folder, &format!("{RUN} {flags}"));
        assert!(said.contains(warning), "{flags}: {said}");
        assert!(!figures.contains("warning"), "{figures}");
        assert_eq!(figures.lines().next(), plain.lines().next());
    }
    let zeros =
        "run --model qwen/qwen3-14b --num-requests 20 --alpha-coeffs 0,0,0 --beta-coeffs 0,0,0,0,0,0,0";
    let (_, said) = succeeds(&folder, zeros);
    assert!(said.contains("warning: overhead and step-time coefficients were replaced"), "{said}");
}
