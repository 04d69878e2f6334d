//! Every sample becomes what was worked out for it by other means.

use super::{answering, expected, read, sample};
use crate::common::conversations;
use blis_playground::config::{ExplicitRequests, SessionScripts};
use blis_playground::import::{Options, Role, Slices, Table};
use blis_playground::workload::{NO_NODE, Requests, loaded};
use serde_json::{Value, json};

/// The samples whose rows are all kept, with their answers in columns.
const PLAIN: [&str; 6] = [
    "azure-conv-200.csv",
    "azure-conv-200.csv.gz",
    "azure-code-100.csv",
    "vidur-splitwise-conv-60.csv",
    "mooncake-conversation-100.jsonl",
    "mooncake-synthetic-100.jsonl",
];

fn stem(file: &str) -> &str {
    file.split('.').next().unwrap_or_default()
}

fn all(table: &Table) -> Requests {
    table.sliced(&Slices::default()).expect("all rows").list.requests
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().expect("a list").iter().map(|number| number.as_i64().expect("an integer")).collect()
}

#[test]
fn public_traces_become_the_columns_that_independent_scripts_made_of_them() {
    for file in PLAIN {
        let expected = expected(stem(file));
        let table = read(&sample(file), &Options::default()).expect(file);
        let requests = all(&table);
        let format = expected.get("format").and_then(Value::as_str).unwrap_or("vidur");
        assert_eq!(json!(table.report().preview.detected.id), format, "{file}");
        let arrivals: Vec<i64> = requests.arrival.iter().map(|time| time.0).collect();
        // The rows of one sample were cut out without setting their clock to zero; time zero is the first kept row.
        let own_clock = numbers(&expected["arrival_us"]);
        let from_first: Vec<i64> = own_clock.iter().map(|time| time - own_clock[0]).collect();
        assert_eq!(arrivals, from_first, "{file}");
        let wide = |tokens: &[u32]| tokens.iter().map(|&tokens| i64::from(tokens)).collect::<Vec<_>>();
        assert_eq!(wide(&requests.input), numbers(&expected["input_tokens"]), "{file}");
        assert_eq!(wide(&requests.output), numbers(&expected["output_tokens"]), "{file}");
        if let Some(blocks) = expected.get("hash_blocks").and_then(Value::as_array) {
            let tree = requests.tree.as_ref().expect("hash ids");
            tree.check(&requests).expect("a sound tree");
            assert_eq!(tree.hash_block, 512);
            let lengths = tree.lengths();
            for (row, block) in blocks.iter().enumerate() {
                let length = lengths[tree.leaf[row] as usize];
                let expected = block.as_u64().unwrap_or_else(|| block.as_array().expect("ids").len() as u64);
                assert_eq!(u64::from(length), expected, "{file} row {row}");
            }
            let leading = |size: u32| leading_blocks(&requests, size);
            for (size, blocks) in expected["leading_blocks_seen_before"].as_object().expect("sizes") {
                assert_eq!(leading(size.parse().expect("tokens")), numbers(blocks), "{file} {size}");
            }
        }
        if let Some(figures) = expected.get("aggregate") {
            aggregate(&table, figures, file);
        }
    }
}

/// Full KV blocks at the beginning of each prompt that were there before, by the rule of TR-3.
fn leading_blocks(requests: &Requests, size: u32) -> Vec<i64> {
    let tree = requests.tree.as_ref().expect("hash ids");
    let mut seen = std::collections::HashSet::new();
    let rows = 0..requests.len();
    let mut of_row = |row: usize| {
        let mut path = Vec::new();
        let mut node = tree.leaf[row];
        while node != NO_NODE {
            path.push(node);
            node = tree.parent[node as usize];
        }
        path.reverse();
        let blocks = requests.input[row] / size;
        let identity = |block: u32| (path[(((block + 1) * size - 1) / tree.hash_block) as usize], block);
        let hits =
            (0..blocks).take_while(|&block| !path.is_empty() && seen.contains(&identity(block))).count();
        if !path.is_empty() {
            seen.extend((0..blocks).map(identity));
        }
        hits as i64
    };
    rows.map(&mut of_row).collect()
}

fn aggregate(table: &Table, figures: &Value, file: &str) {
    let traffic = &table.report().traffic;
    let close = |ours: f64, name: &str, theirs: &Value| {
        let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{name}"));
        assert!((ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0), "{file} {name}: {ours} {theirs}");
    };
    close(traffic.rows as f64, "rows", &figures["rows"]);
    close(traffic.span_s, "span", &figures["span_s"]);
    close(traffic.mean_rate.unwrap_or_default(), "rate", &figures["mean_rate_per_s"]);
    close(traffic.gap_cv.unwrap_or_default(), "gap_cv", &figures["gap_cv"]);
    close(traffic.peak_1s as f64, "peak 1", &figures["peak_per_1s"]);
    close(traffic.peak_10s as f64, "peak 10", &figures["peak_per_10s"]);
    close(traffic.peak_60s as f64, "peak 60", &figures["peak_per_60s"]);
    for (lengths, name) in [(&traffic.input, "input_tokens"), (&traffic.output, "output_tokens")] {
        let theirs = &figures[name];
        let ours = [
            ("min", f64::from(lengths.min)),
            ("mean", lengths.mean),
            ("p50", lengths.p50),
            ("p90", lengths.p90),
            ("p99", lengths.p99),
            ("max", f64::from(lengths.max)),
            ("sum", lengths.sum as f64),
        ];
        for (figure, ours) in ours {
            close(ours, &format!("{name} {figure}"), &theirs[figure]);
        }
        assert_eq!(lengths.histogram.counts.iter().sum::<u64>(), traffic.rows);
    }
    assert_eq!(traffic.arrivals.counts.iter().sum::<u64>(), traffic.rows);
}

/// The fields that `expected` has of each row.
fn rows(table: &Table, expected: &Value) -> Value {
    let requests = all(table);
    let measured = table.measured();
    let name = |names: &[String], place: usize| names[place].clone();
    let row = |(place, fields): (usize, &Value)| {
        let mut row = serde_json::Map::new();
        for field in fields.as_object().expect("a row").keys() {
            let value = match field.as_str() {
                "line" => json!(table.lines()[place]),
                "index" => json!(table.lines()[place] - 1),
                "arrival_us" => json!(requests.arrival[place]),
                "input_tokens" => json!(requests.input[place]),
                "output_tokens" => json!(requests.output[place]),
                "label" => json!(name(&requests.clients, requests.client[place] as usize)),
                "slo_class" => json!(name(&requests.classes, requests.class[place] as usize)),
                "tenant" => json!(name(&requests.tenants, requests.tenant[place] as usize)),
                "round" => json!(requests.round[place]),
                "measured_ttft_us" => json!(measured[place].0),
                "measured_e2e_us" => json!(measured[place].1),
                "session" => match crate::common::conversations(&requests)[place] {
                    "" => Value::Null,
                    session if fields["session"].is_number() => {
                        json!(session.parse::<i64>().expect("a number"))
                    }
                    session => json!(session),
                },
                _ => fields[field].clone(),
            };
            row.insert(field.clone(), value);
        }
        Value::Object(row)
    };
    let list = expected["kept"].as_array().expect("rows");
    assert_eq!(requests.len(), list.len());
    list.iter().enumerate().map(row).collect()
}

#[test]
fn odd_files_become_the_rows_that_were_worked_out_by_hand() {
    for file in [
        "azure-odd.csv",
        "azure-lmm.csv",
        "burstgpt-1.csv",
        "burstgpt-3.csv",
        "guidellm.json",
        "aiperf-profile-export.jsonl",
        "inference-perf-per-request.json",
        "vllm-bench.json",
        "bailian.jsonl",
    ] {
        let expected = expected(stem(file));
        let table = read(&sample(file), &Options::default()).expect(file);
        assert_eq!(json!(table.report().preview.detected.id), expected["format"], "{file}");
        assert_eq!(rows(&table, &expected), expected["kept"], "{file}");
        let counts = table.report().counts;
        let dropped = expected.get("dropped").map_or(0, |list| list.as_array().expect("rows").len());
        assert_eq!(counts.dropped, dropped as u64, "{file}");
        assert_eq!(counts.read, counts.kept + counts.dropped + counts.blank, "{file}");
    }
}

#[test]
fn reasons_name_line_and_value() {
    let table = read(&sample("azure-odd.csv"), &Options::default()).expect("rows");
    let reasons: Vec<_> = table
        .report()
        .dropped
        .iter()
        .map(|dropped| (dropped.first_line, dropped.reason.as_str(), dropped.value.as_str()))
        .collect();
    assert_eq!(
        reasons,
        [
            (5, "zero output tokens", "0"),
            (7, "zero input tokens", "0"),
            (10, "input tokens: not a number", "abc"),
            (11, "too few columns", "2 columns instead of 3"),
            (12, "input tokens: negative", "-5"),
        ]
    );
    assert_eq!(table.report().counts.blank, 1);
    assert_eq!(table.report().counts.out_of_order, 1);
    assert_eq!(table.report().time_zero, "2024-05-10 00:00:00.000000000 UTC (line 3)");
}

#[test]
fn failures_are_kept_if_the_user_says_so() {
    let table = read(&sample("burstgpt-1.csv"), &answering("keep_failures", "yes")).expect("rows");
    let requests = all(&table);
    assert_eq!(requests.len(), 5);
    assert_eq!((requests.arrival[3].0, requests.input[3], requests.output[3]), (113_000_000, 300, 1));
}

#[test]
fn images_have_the_tokens_that_are_answered() {
    let table = read(&sample("azure-lmm.csv"), &answering("tokens_per_image", "576")).expect("rows");
    assert_eq!(all(&table).input, [1452, 100]);
}

#[test]
fn mooncakes_odd_rows_are_kept_and_dropped_as_worked_out() {
    let expected = expected("mooncake-odd");
    let kept = |options: &Options| {
        let table = read(&sample("mooncake-odd.jsonl"), options).expect("rows");
        let times = all(&table).arrival.iter().map(|time| time.0).collect::<Vec<_>>();
        (table.lines().to_vec(), times, table)
    };
    // Line 6 is the open question: its id stands at another place than before.
    let (lines, times, dropping) = kept(&answering("unchained", "drop"));
    let rows = expected["kept"].as_array().expect("rows");
    assert_eq!(json!(lines), rows.iter().map(|row| row["line"].clone()).collect::<Value>());
    assert_eq!(json!(times), rows.iter().map(|row| row["arrival_us"].clone()).collect::<Value>());
    let (lines, _, chaining) = kept(&Options::default());
    assert_eq!(lines, [1, 4, 6, 7]);
    let dropped: Vec<u64> = chaining.report().dropped.iter().map(|dropped| dropped.first_line).collect();
    let wanted: Vec<u64> = expected["dropped"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["line"].as_u64().expect("a line"))
        // Written down when rounds that wait for answers were left out.
        .filter(|&line| line != 8)
        .collect();
    assert_eq!(dropped, wanted);
    let script = &chaining.sliced(&Slices::default()).expect("rows").list.sessions[0];
    assert_eq!((script.rounds[0].think_time_us, script.rounds[0].input_tokens), (50_000, 350));
    assert!(
        chaining.report().warnings.iter().any(|words| words.contains("line 6")),
        "{:?}",
        chaining.report().warnings
    );
    assert!(
        dropping
            .report()
            .questions
            .iter()
            .any(|question| question.id == "unchained" && question.answer == "drop")
    );
    assert_eq!(chaining.report().counts.blank, 1);
}

#[test]
fn ids_of_bailian_stand_for_16_tokens() {
    let requests = all(&read(&sample("bailian.jsonl"), &Options::default()).expect("rows"));
    assert_eq!(requests.tree.as_ref().map(|tree| tree.hash_block), Some(16));
    let expected = expected("bailian");
    for (size, blocks) in expected["leading_blocks_seen_before"].as_object().expect("sizes") {
        assert_eq!(leading_blocks(&requests, size.parse().expect("tokens")), numbers(blocks), "{size}");
    }
}

#[test]
fn texts_become_estimates_at_made_times() {
    let table = read(&sample("sharegpt-mini.json"), &Options::default()).expect("rows");
    let requests = all(&table);
    assert_eq!((requests.input[..].to_vec(), requests.output[..].to_vec()), (vec![20], vec![30]));
    let reasons: Vec<_> = table.report().dropped.iter().map(|dropped| dropped.first_line).collect();
    assert_eq!(reasons, [2, 3]);
    assert!(table.report().notes.iter().any(|note| note.contains("estimates")));
    let all_rounds = all(&read(&sample("sharegpt-mini.json"), &answering("rounds", "all")).expect("rows"));
    assert_eq!((all_rounds.input, all_rounds.output), (vec![20, 1], vec![30, 5]));
}

#[test]
fn rounds_of_agents_follow_when_the_answer_is_there_and_the_tool_has_worked() {
    let expected = expected("tracelab");
    let table = read(&sample("tracelab.csv"), &Options::default()).expect("rows");
    let slice = table.sliced(&Slices::default()).expect("rows");
    assert_eq!((table.report().counts.kept, table.report().counts.dropped), (7, 0));
    assert!(slice.report.notes.iter().any(|note| note.contains("4 rounds of 3 conversations follow")));
    let mut config = blis_playground::Config::default();
    config.workload.requests = Some(slice.list.rows().into());
    config.workload.sessions = Some(SessionScripts(slice.list.sessions.clone()));
    let rows = blis_playground::simulate(&config).expect("a run");
    // A list that is held by the process has its conversations with it.
    config.workload.sessions = None;
    config.workload.requests =
        Some(ExplicitRequests::Loaded(loaded::load_list(slice.list, "").expect("sound")));
    let outcome = blis_playground::simulate(&config).expect("a run");
    let (requests, records) = (&outcome.requests, &outcome.records);
    assert_eq!(requests.arrival, rows.requests.arrival);
    let context = requests.context_tokens();
    for session in expected["sessions"].as_array().expect("sessions") {
        let name = session["id"].as_str().expect("a name");
        let rounds = session["rounds"].as_array().expect("rounds");
        let mut before: Option<(usize, i64)> = None;
        for (number, round) in rounds.iter().enumerate() {
            let row = (0..requests.len())
                .find(|&row| requests.round[row] as usize == number && conversations(requests)[row] == name)
                .expect("every round is sent");
            assert_eq!(json!(requests.input[row]), round["prompt"], "{name} {number}");
            assert_eq!(json!(requests.output[row]), round["output"], "{name} {number}");
            let shared = round["shared_with_before"].as_u64().expect("tokens") as u32;
            if let Some((before, pause)) = before {
                assert_eq!(requests.arrival[row].0, records.ended_at[before].0 + pause, "{name} {number}");
                // The last token of an answer is never repeated.
                let said = requests.input[before] + requests.output[before] - 1;
                assert_eq!(context[row], shared.min(said), "{name} {number}");
                assert_eq!(records.cached_first[row], context[row] / 16 * 16, "{name} {number}");
            } else {
                assert_eq!(json!(requests.arrival[row]), session["first_arrival_us"], "{name}");
            }
            before = Some((row, round["think_after_us"].as_i64().unwrap_or(0)));
        }
    }
}

#[test]
fn slices_are_those_that_were_worked_out() {
    let table = read(&sample("azure-conv-200.csv"), &Options::default()).expect("rows");
    let cases: Value = serde_json::from_slice(&sample("slices.expected.json")).expect("JSON");
    for case in cases["cases"].as_array().expect("cases") {
        let mut slices = Slices::default();
        for (option, value) in case["options"].as_object().expect("options") {
            let number = value.as_f64().expect("a number");
            match option.as_str() {
                "first" => slices.first = Some(number as u64),
                "from_s" => slices.from_us = Some(number as i64 * 1_000_000),
                "to_s" => slices.to_us = Some(number as i64 * 1_000_000),
                "speed" => slices.speed = Some(number),
                "rate" => slices.rate = Some(number),
                "max_input" => {
                    let filter = blis_playground::import::Filter::from_text(&format!("input<={number}"));
                    slices.filters.push(filter.expect("a filter"));
                }
                "clip_input" => slices.clip_input = Some(number as u32),
                "input_scale" => slices.input_scale = Some(number),
                "output_scale" => slices.output_scale = Some(number),
                "every" => slices.every = Some(number as u32),
                "repeat" => slices.repeat = Some(number as u32),
                other => panic!("{other} is not tested"),
            }
        }
        let slice = table.sliced(&slices).expect("rows");
        let requests = &slice.list.requests;
        let head: Vec<i64> = requests.arrival.iter().take(5).map(|time| time.0).collect();
        let sum = |tokens: &[u32]| tokens.iter().map(|&tokens| u64::from(tokens)).sum::<u64>();
        let ours = json!({
            "rows": requests.len(),
            "first_us": requests.arrival[0],
            "last_us": requests.arrival[requests.len() - 1],
            "input_sum": sum(&requests.input),
            "output_sum": sum(&requests.output),
            "arrival_us_head": head,
        });
        for (field, value) in ours.as_object().expect("fields") {
            assert_eq!(*value, case[field], "{} {field}", case["name"]);
        }
    }
}

#[test]
fn a_mapping_is_shown_in_the_form_in_which_it_is_given() {
    let table = read(&sample("generic.csv"), &Options::default()).expect("rows");
    let preview = &table.report().preview;
    let line = preview.mapping.to_line();
    assert_eq!(line, "arrival=when:s,input=prompt,output=answer,class=class");
    let wanted = "arrival=when:s,input=prompt,output=answer,class=class,tenant=who";
    let mapping = blis_playground::import::Mapping::from_line(wanted).expect("a mapping");
    let table = read(&sample("generic.csv"), &Options { mapping: Some(mapping), ..Options::default() })
        .expect("rows");
    assert_eq!(table.report().preview.mapping.to_line(), wanted);
    assert_eq!(table.report().preview.columns[4].role, Role::Tenant);
    assert_eq!(rows(&table, &expected("generic")), expected("generic")["kept"]);
}
