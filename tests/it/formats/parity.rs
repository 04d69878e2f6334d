//! The reference's command line, word for word: flags by all their names, flags of features to come, what is said.

use super::command_line::{blis, fails, folder, json, succeeds};
use std::path::Path;

const RUN: &str = "run --model qwen/qwen3-14b --latency-model roofline --rate 50 --num-requests 60";

/// The flags that the chapter names as those of features to come.
fn flags_to_come() -> Vec<String> {
    let chapter = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spec/metrics.md"));
    let chapter = chapter.expect("the chapter");
    let (_, rest) = chapter.split_once("id=\"M-11.2\"").expect("the rule");
    let table =
        rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    table.flat_map(|line| line.split('`').filter(|word| word.starts_with("--")).map(str::to_owned)).collect()
}

#[test]
fn flags_of_features_to_come_are_refused_by_name() {
    let folder = folder("to-come");
    let flags = flags_to_come();
    assert!(flags.len() > 40, "{flags:?}");
    for command in ["run --model qwen/qwen3-14b", "replay --trace t --model qwen/qwen3-14b"] {
        for flag in &flags {
            let error = fails(&folder, &format!("{command} {flag} 3"));
            let name = format!("{flag}: not simulated here yet (");
            assert!(error.starts_with(&name) && error.lines().count() == 1, "{error}");
        }
    }
    let unknown = fails(&folder, &format!("{RUN} --prefill-instancez 3"));
    assert!(unknown.starts_with("Error: unexpected argument '--prefill-instancez' found"), "{unknown}");
}

#[test]
fn renamed_flags_give_the_same_run_by_both_names() {
    let folder = folder("renamed");
    let newer = succeeds(&folder, &format!("{RUN} --max-num-seqs 3 --max-num-batched-tokens 600"));
    let older = succeeds(&folder, &format!("{RUN} --max-num-running-reqs 3 --max-num-scheduled-tokens 600"));
    assert_eq!(newer, older);
    assert_ne!(newer, succeeds(&folder, RUN));
    let both = fails(&folder, &format!("{RUN} --max-num-scheduled-tokens 6 --max-num-batched-tokens 6"));
    assert!(
        both.contains("--max-num-scheduled-tokens") && both.contains("--max-num-batched-tokens"),
        "{both}"
    );
    let wrong = fails(&folder, &format!("{RUN} --max-num-running-reqs 0"));
    assert_eq!(wrong, "--max-num-seqs must be a whole number from 1 to 1000000, got 0\n");
}

#[test]
fn the_log_level_decides_what_standard_error_gets_and_nothing_else() {
    let folder = folder("log");
    // One warning, two lines for information.
    let run = format!("{RUN} --summarize-trace");
    let (plain, all) = succeeds(&folder, &run);
    assert!(all.starts_with("warning: ") && all.contains("\nverdict: "), "{all}");
    for (level, lines) in [
        ("trace", all.lines().count()),
        ("debug", all.lines().count()),
        ("info", all.lines().count()),
        ("warn", all.lines().filter(|line| line.starts_with("warning: ")).count()),
        ("error", 0),
        ("fatal", 0),
        ("panic", 0),
    ] {
        for line in [format!("{run} --log {level}"), format!("--log={level} {run}")] {
            let (figures, said) = succeeds(&folder, &line);
            assert_eq!(figures, plain, "{level}");
            assert_eq!(said.lines().count(), lines, "{level}: {said}");
        }
        let why = fails(&folder, &format!("{run} --rate 0 --log {level}"));
        assert_eq!(why, "--rate must be a number greater than 0, got 0\n", "{level}");
    }
    let unknown = fails(&folder, &format!("{run} --log loud"));
    assert!(unknown.contains("'loud'") && unknown.contains("trace, debug, info, warn, error, fatal, panic"));
}

#[test]
fn without_a_command_the_help_is_printed() {
    let folder = folder("no-command");
    let (help, said) = succeeds(&folder, "");
    assert_eq!((help.as_str(), said.as_str()), (succeeds(&folder, "--help").0.as_str(), ""));
    assert!(help.contains("Usage: blis"), "{help}");
    assert_eq!(succeeds(&folder, "--log warn").0, help);
    assert_eq!(blis(&folder, "nonsense").status.code(), Some(1));
}

#[test]
fn a_replay_writes_the_metrics_file_of_its_run() {
    let folder = folder("replay-metrics");
    let cache = "--prefix-tokens 64";
    succeeds(&folder, &format!("{RUN} {cache} --trace-output t --metrics-path run.json"));
    let model = "--model qwen/qwen3-14b --latency-model roofline";
    let (printed, _) = succeeds(&folder, &format!("replay --trace t {model} --metrics-path replay.json"));
    let written = json(&folder.join("replay.json"));
    assert_eq!(written, json(&folder.join("run.json")));
    assert!(written["cache_hit_rate"].as_f64().expect("a rate") > 0.0, "{}", written["cache_hit_rate"]);
    assert!(!printed.contains("cache_hit_rate"), "{printed}");
}

#[test]
fn rows_of_another_model_are_told_of_and_the_others_served() {
    let folder = folder("other-models");
    succeeds(&folder, &format!("{RUN} --trace-output t"));
    let data = std::fs::read_to_string(folder.join("t.csv")).expect("written");
    // The model is the 17th column.
    let labelled = data.lines().enumerate().map(|(number, line)| {
        let mut fields: Vec<&str> = line.split(',').collect();
        match number {
            0 => {}
            1..=3 => fields[16] = "llama",
            _ => fields[16] = "qwen/qwen3-14b",
        }
        fields.join(",") + "\n"
    });
    std::fs::write(folder.join("t.csv"), labelled.collect::<String>()).expect("written");
    let model = "--model qwen/qwen3-14b --latency-model roofline";
    let out = "--metrics-path m.json --results-path r.json --trace-output u";
    let (printed, said) = succeeds(&folder, &format!("replay --trace t {model} {out}"));
    let warning = "warning: 3 requests were rejected at routing: no instance serves the model llama\n";
    assert!(
        said.contains(warning) && said.contains("3 of 60 name a model that no instance serves"),
        "{said}"
    );
    assert!(printed.contains("Rejected Requests (Routing): 3\n"), "{printed}");
    assert!(printed.contains("=== Per-Model Metrics ===\n  qwen/qwen3-14b:\n"), "{printed}");
    for (file, rows) in
        [("m.json", &json(&folder.join("m.json"))["requests"]), ("r.json", &json(&folder.join("r.json")))]
    {
        let rows = rows.as_array().expect("rows");
        assert_eq!(rows.len(), 57, "{file}");
        assert!(rows.iter().all(|row| row["model"] == "qwen/qwen3-14b"), "{file}");
    }
    let again = std::fs::read_to_string(folder.join("u.csv")).expect("written");
    assert_eq!(again.matches(",llama,").count(), 3);
    let (_, said) = succeeds(
        &folder,
        &format!("replay --trace t --model qwen/qwen2.5-7b-instruct --hardware H100 --tp 1 {out}"),
    );
    assert!(said.contains("no requests completed: all were rejected, at routing or before"), "{said}");
    assert!(said.contains("no instance serves the model llama and 1 more"), "{said}");
}
