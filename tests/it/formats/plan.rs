//! `blis plan`: answers as JSON lines.

use serde_json::Value;
use std::process::{Command, Output};

const SMALL: &str = "plan --model qwen/qwen3-14b --latency-model roofline --rate 60 --num-instances 2 \
    --prompt-tokens 100 --output-tokens 20 --output-tokens-stdev 10";

fn blis(line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_blis")).args(line.split_whitespace()).output().expect("started")
}

/// The lines of a plan, and what went to standard error.
fn plan(line: &str) -> (Vec<Value>, String) {
    let output = blis(line);
    let errors = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{line}: {errors}");
    let text = String::from_utf8(output.stdout).expect("text");
    (text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect(), errors)
}

#[track_caller]
fn refused(line: &str, reason: &str) {
    let output = blis(line);
    assert_eq!(output.status.code(), Some(1), "{line}");
    let errors = String::from_utf8(output.stderr).expect("text");
    assert!(errors.contains(reason), "{errors}");
}

#[test]
fn a_plan_has_a_line_per_tp_one_for_the_rate_and_the_recommendation() {
    let (lines, progress) = plan(&format!("{SMALL} --seeds 2 --tps 1,2"));
    let [one, two, rate, recommended] = lines.as_slice() else { panic!("{lines:?}") };
    for (line, tp) in [(one, 1), (two, 2)] {
        assert_eq!(
            (&line["question"], &line["tp"], &line["status"]),
            (&"instances".into(), &tp.into(), &"found".into())
        );
        assert_eq!(line["answer"]["runs"], 2);
        assert!(line["answer"]["load"].as_f64().is_some_and(|load| load < 1.0));
    }
    assert_eq!((&rate["question"], &rate["answer"]["instances"]), (&"rate".into(), &2.into()));
    assert!(rate["answer"]["rate"].as_f64().is_some_and(|rate| rate > 60.0));
    assert_eq!(recommended["recommended"]["tp"], 1);
    assert_eq!(recommended["recommended"]["instances"], one["answer"]["instances"]);
    assert!(progress.contains("TP 1: ") && progress.contains("run 1 of"), "{progress}");
}

#[test]
fn the_length_of_the_run_makes_no_difference() {
    let (short, _) = plan(&format!("{SMALL} --seeds 1 --tps 1 --num-requests 50"));
    let (long, _) = plan(&format!("{SMALL} --seeds 1 --tps 1 --num-requests 5000"));
    assert_eq!(short, long);
}

#[test]
fn events_are_left_out_of_a_plan_whatever_instances_they_need() {
    let one = SMALL.replace("--num-instances 2", "--num-instances 1");
    let (quiet, _) = plan(&format!("{one} --seeds 1 --tps 1"));
    for events in ["--kill 0@1s", "--kill 7@1s:crash", "--kill 0@1s --burst 300@2s"] {
        let (lines, _) = plan(&format!("{one} --seeds 1 --tps 1 {events}"));
        for (line, without) in lines.iter().zip(&quiet).take(2) {
            assert_eq!(line["answer"], without["answer"], "{events}");
            let note = "planned without instances that stop and without bursts";
            assert_eq!(line["notes"], serde_json::json!([note]), "{events}");
        }
    }
    // Elsewhere they have to fit.
    refused("run --model qwen/qwen3-14b --kill 0@1s", "no instance would be left");
}

#[test]
fn where_the_model_does_not_fit_the_row_says_so() {
    let model =
        "plan --model meta-llama/llama-3.1-70b-instruct --hardware H100 --latency-model roofline --tp 4";
    let (lines, _) =
        plan(&format!("{model} --rate 3 --seeds 1 --tps 1,4 --output-tokens 20 --output-tokens-stdev 5"));
    assert_eq!(lines[0]["status"], "refused");
    assert!(lines[0]["reason"].as_str().is_some_and(|reason| reason.contains("GiB")), "{}", lines[0]);
    assert_eq!(lines[3]["recommended"]["tp"], 4);
}

#[test]
fn more_gpus_per_instance_on_cards_without_nvlink_are_planned_with_a_word() {
    let model =
        "plan --model meta-llama/llama-3.1-8b-instruct --hardware L40S --tp 1 --latency-model roofline";
    let (lines, _) =
        plan(&format!("{model} --rate 3 --seeds 1 --tps 1,2 --output-tokens 20 --output-tokens-stdev 5"));
    assert_eq!(lines[0]["notes"], serde_json::json!([]));
    assert!(
        lines[1]["notes"][0].as_str().is_some_and(|note| note.contains("more KV blocks")),
        "{}",
        lines[1]
    );
}

#[test]
fn a_target_out_of_range_is_named_by_its_flag() {
    refused(&format!("{SMALL} --seeds 21"), "--seeds must be a whole number from 1 to 20, got 21");
    refused(&format!("{SMALL} --slo-ttft default=0"), "--slo-ttft");
    refused(&format!("{SMALL} --goodput most"), "--goodput must be a number > 0, got most");
    refused(
        &format!("{SMALL} --tps 1,0"),
        "--tps must be a list of whole numbers >= 1 such as 1,2,4, got 1,0",
    );
    refused(&format!("{SMALL} --goodput 200"), "--goodput must be a number > 0 and <= 100, got 200");
}

#[test]
fn the_latency_targets_are_those_of_every_other_command() {
    let (lines, messages) = plan(&format!("{SMALL} --seeds 1 --tps 1"));
    assert!(
        messages.contains("no latency target given") && messages.contains("a TTFT of 500 ms is taken"),
        "{messages}"
    );
    let (given, messages) = plan(&format!("{SMALL} --seeds 1 --tps 1 --slo-ttft default=500ms"));
    assert_eq!(lines, given);
    assert!(!messages.contains("no latency target"), "{messages}");
}

#[test]
fn a_trace_is_planned_for() {
    let line = "plan --model qwen/qwen3-14b --latency-model roofline --trace examples/files/traces/generated --tps 1 --seeds 1";
    let (lines, _) = plan(line);
    assert_eq!((&lines[0]["question"], &lines[0]["status"]), (&"instances".into(), &"found".into()));
    assert_eq!((&lines[1]["question"], &lines[1]["status"]), (&"rate".into(), &"not_applicable".into()));
}

#[test]
fn a_plan_is_the_same_on_any_number_of_threads() {
    let output = |threads| blis(&format!("{SMALL} --seeds 3 --tps 1,2 --threads {threads}")).stdout;
    let one = output(1);
    assert!(!one.is_empty());
    for threads in [2, 7] {
        assert!(output(threads) == one, "{threads} threads");
    }
    refused(&format!("{SMALL} --threads 0"), "--threads must be a whole number from 1 to 1024, got 0");
}
