//! What the rows hold.

use super::{BASE, blis, printed, rows};
use blis_playground::Config;
use blis_playground::sweep::Sweep;
use serde_json::{Value, json};

/// The row's figures are those of the document that `blis run` prints with these flags.
#[track_caller]
fn assert_is_run(row: &Value, command: &str) {
    let document: Value = serde_json::from_str(&printed(&format!("{command} --format json"))).expect("JSON");
    for key in ["digest", "ending", "verdict", "warnings", "notes", "summary"] {
        assert_eq!(row[key], document[key], "{command}: {key}");
    }
    for key in ["goodput_rps", "slo_attainment"] {
        assert_eq!(row["goodput"][key], document["metrics"][key], "{command}: {key}");
    }
    assert!(row.get("refused").is_none(), "{row}");
}

#[test]
fn each_row_is_the_run_with_the_same_flags() {
    let more = "--slo-ttft default=40ms --trace-level decisions --counterfactual-k 2";
    let found = rows(&format!(
        "{more} --vary routing-policy=round-robin,least-loaded --vary num-instances=1,3 --seeds 7..8"
    ));
    assert_eq!(found.len(), 8);
    let combinations = ["round-robin", "least-loaded"].into_iter().flat_map(|routing| {
        [1, 3].into_iter().flat_map(move |instances| [7, 8].map(|seed| (routing, instances, seed)))
    });
    for (number, ((routing, instances, seed), row)) in combinations.zip(&found).enumerate() {
        assert_eq!((&row["row"], &row["rows"], &row["seed"]), (&json!(number + 1), &json!(8), &json!(seed)));
        assert_eq!(row["settings"], json!({ "routing-policy": routing, "num-instances": instances }));
        assert_is_run(
            row,
            &format!(
                "run {BASE} {more} --routing-policy {routing} --num-instances {instances} --seed {seed}"
            ),
        );
        assert!(row["goodput"]["slo_attainment"].is_number());
    }
}

#[test]
fn without_seeds_there_is_the_one_of_the_settings() {
    let [row] = rows("--seed 5").try_into().expect("one row");
    assert_eq!(row["seed"], 5);
    assert_is_run(&row, &format!("run {BASE} --seed 5"));
    let seeds =
        |flags| rows(flags).iter().map(|row| row["seed"].as_i64().expect("a seed")).collect::<Vec<_>>();
    assert_eq!(seeds("--seed 5 --seeds 3"), [5, 6, 7]);
    assert_eq!(seeds("--seed 5 --seeds 9,1"), [9, 1]);
}

#[test]
fn rows_of_a_specification_are_its_runs() {
    let base = "--model qwen/qwen3-14b --workload-spec examples/files/workloads/two-clients.yaml";
    let found =
        printed(&format!("sweep {base} --vary num-requests=20,40 --vary num-instances=1,2 --seeds 3,4"));
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(found.len(), 8);
    for row in &found {
        let Value::Object(settings) = &row["settings"] else { panic!("{row}") };
        let flags: Vec<String> = settings.iter().map(|(name, value)| format!("--{name} {value}")).collect();
        assert_is_run(row, &format!("run {base} {} --seed {}", flags.join(" "), row["seed"]));
    }
    // Another seed draws other requests.
    assert_ne!(found[0]["digest"], found[1]["digest"]);
    // Without any it has its own, and a count goes on from there.
    let digests = |flags: &str| -> Vec<Value> {
        let text = printed(&format!("sweep {base} {flags}"));
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["digest"].clone())
            .collect()
    };
    let own = std::fs::read_to_string("examples/files/workloads/two-clients.yaml").expect("a file");
    let own = own.lines().find_map(|line| line.strip_prefix("seed: ")).expect("a seed");
    let alone: Value = serde_json::from_str(&printed(&format!("run {base} --format json"))).expect("JSON");
    assert_eq!(digests(""), [alone["digest"].clone()]);
    let row: Value = serde_json::from_str(&printed(&format!("sweep {base}"))).expect("JSON");
    assert_eq!(row["seed"].to_string(), own);
    let next = own.parse::<i64>().expect("a number") + 1;
    assert_eq!(digests("--seeds 2"), digests(&format!("--seeds {own},{next}")));
}

#[test]
fn rows_of_a_trace_are_its_replays() {
    let base = "--model qwen/qwen3-14b --trace examples/files/traces/generated";
    let found = printed(&format!("sweep {base} --vary num-instances=1,2 --seeds 1..2"));
    for (line, (instances, seed)) in found.lines().zip([(1, 1), (1, 2), (2, 1), (2, 2)]) {
        let row = serde_json::from_str(line).expect("JSON");
        assert_is_run(&row, &format!("replay {base} --num-instances {instances} --seed {seed}"));
    }
    assert_eq!(found.lines().count(), 4);
}

#[test]
fn rows_are_what_the_page_shows_of_the_same_settings() {
    let from_page = "tests/it/sweep_command/page.json";
    let variants: Vec<Config> = (1..=3)
        .map(|instances| {
            let text = std::fs::read_to_string(from_page).expect("a file");
            let mut config = Config::from_json(&text).expect("a configuration");
            config.cluster.num_instances = instances;
            config
        })
        .collect();
    assert!(variants[0].trace.counterfactual_k > 0, "the page compares decisions");
    let found = printed(&format!("sweep --config {from_page} --vary num-instances=1..3 --seeds 42..43"));
    let mut page = Sweep::new(variants);
    for (number, line) in found.lines().enumerate() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        page.start(number / 2, 42 + number as i64 % 2).expect("valid");
        while !page.advance(1000).expect("valid").expect("under way").done {}
        let summary = page.finish().expect("valid").expect("under way").summary();
        assert_eq!(row["summary"], serde_json::to_value(&summary).expect("plain"), "{number}");
    }
    assert_eq!(found.lines().count(), 6);
}

#[test]
fn points_are_the_median_and_ends_of_their_runs() {
    let flags = "--slo-ttft default=40ms --vary num-instances=1,2 --seeds 4";
    let (runs, points) = (rows(flags), rows(&format!("{flags} --rows points")));
    assert_eq!(points.len(), 2);
    for (point, runs) in points.iter().zip(runs.chunks(4)) {
        assert_eq!((&point["settings"], &point["runs"]), (&runs[0]["settings"], &json!(4)));
        let pointers = [
            ("ttft.p99_ms", "/summary/ttft/p99_ms"),
            ("responses_per_sec", "/summary/responses_per_sec"),
            ("goodput.slo_attainment", "/goodput/slo_attainment"),
        ];
        for (name, pointer) in pointers {
            let mut values: Vec<f64> = runs
                .iter()
                .map(|run| run.pointer(pointer).and_then(Value::as_f64).expect("a figure"))
                .collect();
            values.sort_by(f64::total_cmp);
            let median = f64::midpoint(values[1], values[2]);
            let spread = json!({ "median": median, "min": values[0], "max": values[3] });
            assert_eq!(point["figures"][name], spread, "{name}");
        }
        // Decisions are not compared unless flags ask for it: there is no regret, not one of 0.
        assert!(point["figures"].get("mean_regret").is_none());
        let kinds = ["overloaded", "too_short", "steady"];
        let counted: Vec<u64> =
            kinds.iter().map(|kind| point["verdicts"][kind].as_u64().expect("a count")).collect();
        let found = |kind: &str| runs.iter().filter(|run| run["verdict"]["kind"] == kind).count() as u64;
        assert_eq!(counted, kinds.map(found));
    }
}

#[test]
fn a_table_has_the_same_figures_under_a_head() {
    let flags = "--slo-ttft default=40ms --vary num-instances=1,2 --seeds 2";
    let runs = rows(flags);
    let text = printed(&format!("sweep {BASE} {flags} --format csv"));
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let head = table.headers().expect("a head").clone();
    let column = |record: &csv::StringRecord, name: &str| {
        let at = head.iter().position(|other| other == name).unwrap_or_else(|| panic!("no column {name}"));
        record[at].to_owned()
    };
    let mut count = 0;
    for (record, run) in table.records().zip(&runs) {
        let record = record.expect("a record");
        for (name, pointer) in [
            ("row", "/row"),
            ("num-instances", "/settings/num-instances"),
            ("seed", "/seed"),
            ("ttft.p99_ms", "/summary/ttft/p99_ms"),
            ("tokens_per_sec", "/summary/tokens_per_sec"),
            ("goodput.goodput_rps", "/goodput/goodput_rps"),
        ] {
            let expected = run.pointer(pointer).and_then(Value::as_f64);
            assert_eq!(column(&record, name).parse().ok(), expected, "{name}");
        }
        assert_eq!(column(&record, "verdict"), run["verdict"]["kind"]);
        assert_eq!(column(&record, "reason"), run["verdict"]["reason"]);
        assert_eq!(
            (column(&record, "refused"), column(&record, "mean_regret")),
            (String::new(), String::new())
        );
        count += 1;
    }
    assert_eq!(count, 4);
    // Also of combinations, where a refused one has empty figures.
    let tps = "--model meta-llama/llama-3.1-70b-instruct --hardware H100 --num-requests 5 --format csv --rows points";
    let text = printed(&format!("sweep {tps} --vary tp=1,4"));
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let records: Vec<_> = table.records().map(|record| record.expect("as many fields as the head")).collect();
    assert_eq!(records.len(), 2);
    assert!(
        records[0].iter().any(|field| field.contains("GiB"))
            && records[1].iter().all(|field| !field.contains("GiB"))
    );
}

#[test]
fn what_cannot_be_run_is_a_row_with_its_reason() {
    let model =
        "--model meta-llama/llama-3.1-70b-instruct --hardware H100 --latency-model roofline --num-requests 5";
    let found = printed(&format!("sweep {model} --vary tp=1,4 --seeds 2"));
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (row, tp) in found.iter().zip([1, 1, 4, 4]) {
        assert_eq!(row["settings"], json!({ "tp": tp }));
        let reason = row["refused"].as_str();
        assert_eq!(
            reason.is_some_and(|reason| reason.starts_with("--tp: got 1") && reason.contains("GiB")),
            tp == 1
        );
        assert_eq!(row.get("summary").is_none(), tp == 1);
    }
    // Of all the same: there is nothing to print.
    let output = blis(format!("sweep {model} --tp 1 --vary num-instances=1,2").split_whitespace());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("GiB"));
}

#[test]
fn what_is_swept_can_be_files_lists_and_settings_from_standard_input() {
    let files = ["two-clients", "cohorts"].map(|name| format!("examples/files/workloads/{name}.yaml"));
    let base = "--model qwen/qwen3-14b --num-requests 30";
    let found = printed(&format!("sweep {base} --vary workload-spec={}", files.join(",")));
    assert_eq!(found.lines().count(), 2);
    for (line, file) in found.lines().zip(&files) {
        let row: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(row["settings"]["workload-spec"], file.as_str());
        assert_is_run(&row, &format!("run {base} --workload-spec {file}"));
    }
    let lists = ["queue-depth:1", "kv-utilization:2,queue-depth:1"];
    let base = format!("{BASE} --num-instances 2 --routing-policy weighted");
    let found = printed(&format!("sweep {base} --vary routing-scorers={}", lists.join(";")));
    assert_eq!(found.lines().count(), 2);
    for (line, list) in found.lines().zip(lists) {
        assert_is_run(
            &serde_json::from_str(line).expect("JSON"),
            &format!("run {base} --routing-scorers {list}"),
        );
    }
    // Of two names of a flag, the one that is given is the one that is varied.
    let [row] = rows("--max-num-running-reqs 9 --vary max-num-seqs=2").try_into().expect("one row");
    assert_is_run(&row, &format!("run {BASE} --max-num-seqs 2"));

    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_blis"))
        .args("sweep --config - --vary num-instances=1..3".split(' '))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("started");
    let mut input = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut input, br#"{"workload": {"num_requests": 20}}"#).expect("written");
    drop(input);
    let output = child.wait_with_output().expect("ended");
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).expect("text").lines().count(), 3);
}
