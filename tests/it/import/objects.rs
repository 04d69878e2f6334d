//! Objects of JSON as tools write them, and traces of ours with hash ids.

use super::{answering, read};
use blis_playground::config::RoundScript;
use blis_playground::import::{Options, Reader, Role, Slices, Table};
use blis_playground::workload::Requests;
use std::fmt::Write as _;

fn table(text: &str) -> Table {
    read(text.as_bytes(), &Options::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn error(text: &str) -> String {
    read(text.as_bytes(), &Options::default()).expect_err("an error").to_string()
}

fn all(table: &Table) -> Requests {
    table.sliced(&Slices::default()).expect("rows").list.requests
}

#[test]
fn hash_ids_of_our_own_traces_get_a_size_that_fits_or_an_error() {
    let text = concat!(
        r#"{"timestamp":0,"input_length":40,"output_length":1,"hash_ids":[1,2,3]}"#,
        "\n",
        r#"{"timestamp":1000,"input_length":33,"output_length":1,"hash_ids":[1,2,4]}"#,
    );
    let made = read(text.as_bytes(), &answering("hash_block", "16")).expect("rows");
    let files = made.sliced(&Slices::default()).expect("rows").trace(&made.targets);
    assert!(files.header.contains("hash_block: 16"), "{}", files.header);
    let own = |header: &str| Options { header: Some(header.to_owned()), ..Options::default() };
    let again = read(files.data.as_bytes(), &own(&files.header)).expect("our own files");
    assert_eq!(again.report().warnings, made.report().warnings[1..]);
    for header in
        ["", &files.header.replace("hash_block: 16", "hash_block: 0"), &files.header.replace("16", "512")]
    {
        let table = read(files.data.as_bytes(), &own(header)).expect(header);
        assert_eq!(all(&table).tree, all(&again).tree, "{header}");
        assert_eq!(all(&table).tree.map(|tree| tree.hash_block), Some(16));
        assert!(table.report().warnings.iter().any(|words| words.contains("16 tokens, not for 512")));
    }
    let short = files.data.replace("0 1 3", "0 1");
    assert_ne!(short, files.data);
    let words = read(short.as_bytes(), &own(&files.header)).expect_err("an id is missing").to_string();
    assert!(
        words.contains("line 3, hash_ids") && words.contains("2 ids") && words.contains("3 for 33"),
        "{words}"
    );
    let answered = Options { header: None, ..answering("hash_block", "32") };
    let words = read(files.data.as_bytes(), &answered).expect_err("another size").to_string();
    assert!(words.contains("16 tokens to an id fit all"), "{words}");
}

#[test]
fn numbers_that_are_none_are_null() {
    let lines = concat!(
        "{\"timestamp\":0,\"input_length\":10,\"output_length\":5,\"delay\":NaN}\n",
        "{\"timestamp\":1,\"input_length\":11,\"output_length\":5,\"x\":[Infinity,-Infinity,\"NaN \\\" NaN\"]}\n",
        "{\"timestamp\":2,\"input_length\":NaN,\"output_length\":5}\n",
    );
    let list = format!("[{}]", lines.trim_end().replace('\n', ","));
    for text in [lines, &list] {
        let table = table(text);
        assert_eq!(all(&table).input, [10, 11]);
        assert_eq!(table.report().dropped[0].reason, "input tokens: missing");
    }
    let table = table(
        r#"{"request_rate": Infinity, "input_lens": [5, 6], "output_lens": [1, 2], "ttfts": [NaN, 0.5], "start_times": [1, 2]}"#,
    );
    assert_eq!(all(&table).input, [5, 6]);
    assert_eq!(table.measured(), [(None, None), (Some(500_000), None)]);
}

/// A conversation of agents as it is written on one line.
const AGENTS: &str = r#"{"id": "A", "models": ["m"], "block_size": 32, "hash_id_scope": "local", "requests": [{"t": 0.0, "in": 128, "out": 10, "hash_ids": [0, 1, 2, 3]}, {"t": 5.0, "type": "subagent", "requests": [{"t": 5.5, "in": 70, "out": 3, "hash_ids": [0, 1, 7]}, {"t": 6.5, "in": 130, "out": 3, "hash_ids": [0, 1, 2, 8, 9]}]}, {"t": 9.25, "in": 192, "out": 20, "hash_ids": [0, 1, 2, 3, 4, 5]}]}"#;

#[test]
fn conversations_of_agents_are_the_same_however_they_are_written() {
    let value: serde_json::Value = serde_json::from_str(AGENTS).expect("JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("JSON");
    let expected = table(AGENTS);
    let requests = all(&expected);
    assert_eq!(requests.input, [128, 70, 130, 192]);
    assert_eq!(crate::common::conversations(&requests), ["A"; 4]);
    let tree = requests.tree.as_ref().expect("hash ids");
    // Called agents have the ids of the conversation, and the file says how long a block is.
    assert_eq!((tree.hash_block, tree.parent.len()), (32, 9));
    assert!(expected.report().warnings.is_empty(), "{:?}", expected.report().warnings);
    assert!(
        expected.report().questions.iter().any(|question| question.words.contains("conversations begin"))
    );
    for text in [pretty.clone(), format!("[{pretty}]"), format!("{AGENTS}\n"), format!("[{AGENTS}]")] {
        let table = table(&text);
        assert_eq!(all(&table), requests, "{text}");
        assert_eq!(table.report().questions, expected.report().questions, "{text}");
    }
    let two = format!("{pretty}\n{}", pretty.replace("\"A\"", "\"B\""));
    let two = all(&table(&two));
    assert_eq!(two.tree.map(|tree| tree.parent.len()), Some(18));
    assert_eq!(two.input.len(), 8);
}

#[test]
fn ids_of_single_rows_are_local_to_their_session() {
    let text = concat!(
        r#"{"session_id": "A", "t": 0, "in": 128, "out": 5, "hash_ids": [1, 2]}"#,
        "\n",
        r#"{"session_id": "B", "t": 0.5, "in": 128, "out": 5, "hash_ids": [1, 2]}"#,
        "\n",
        r#"{"session_id": "A", "t": 2, "in": 192, "out": 5, "hash_ids": [1, 2, 3]}"#,
    );
    assert_eq!(all(&table(text)).tree.map(|tree| tree.parent.len()), Some(5));
    let lines = concat!(
        r#"{"session_id": "s0", "timestamp": 0, "input_length": 32, "output_length": 5, "hash_ids": [0, 1]}"#,
        "\n",
        r#"{"session_id": "s1", "timestamp": 9, "input_length": 32, "output_length": 5, "hash_ids": [0, 1]}"#,
    );
    let header = |scope: &str| {
        format!("{{\"schema\": \"x\", \"block_size\": 16, \"hash_id_scope\": \"{scope}\"}}\n{lines}")
    };
    for (scope, nodes) in [("local", 4), ("global", 2)] {
        let table = table(&header(scope));
        let tree = all(&table).tree.expect("hash ids");
        assert_eq!((tree.hash_block, tree.parent.len()), (16, nodes), "{scope}");
        assert_eq!(table.report().dropped[0].reason, "a line that describes the file, no request");
        assert!(!table.report().warnings.iter().any(|words| words.contains("as usual")));
    }
}

#[test]
fn chats_belong_to_the_root_of_their_chain_whatever_happened_to_it() {
    let row = |chat: u32, parent: i32, time: u32, output: u32| {
        format!(
            "{{\"chat_id\": {chat}, \"parent_chat_id\": {parent}, \"timestamp\": {time}, \"input_length\": 10, \
             \"output_length\": {output}, \"turn\": 1, \"hash_ids\": [{chat}]}}\n"
        )
    };
    let sessions = |text: &str| -> Vec<String> {
        crate::common::conversations(&all(&table(text))).into_iter().map(str::to_owned).collect()
    };
    let dropped = row(1, -1, 0, 3) + &row(2, 1, 1, 0) + &row(3, 2, 2, 4) + &row(4, 3, 3, 4);
    assert_eq!(sessions(&dropped), ["1", "1", "1"]);
    let backwards = row(3, 2, 2, 4) + &row(2, 1, 1, 1) + &row(1, -1, 0, 3);
    assert_eq!(sessions(&backwards), ["1", "1", "1"]);
    let circle = row(3, 2, 2, 4) + &row(2, 3, 1, 1);
    assert_eq!(sessions(&circle), ["2", "2"]);
}

#[test]
fn lists_in_objects_and_objects_one_after_another_are_rows() {
    let row = |at: u32| format!("{{\"when\": {at}, \"prompt\": 5, \"answer\": 1}}");
    let rows = [row(0), row(1), row(2)];
    let pretty = rows.join("\n").replace(", ", ",\n ");
    for text in [
        format!("{{\"data\": [{}]}}", rows.join(",")),
        format!("{{\"data\": [{}]}}\n", rows.join(",")),
        format!("{{\"note\": 1,\n\"requests\": [{}]}}", rows.join(",\n")),
        format!("{{\"requests\": [{}]}}", rows.join(",")),
        rows.concat(),
        pretty,
        format!("[1,2]\n{}", rows.join("\n")),
    ] {
        let table = table(&text);
        assert_eq!(all(&table).input, [5, 5, 5], "{text}");
        assert_eq!(table.report().traffic.last_us, 2_000_000, "{text}");
    }
}

#[test]
fn results_of_benchmarks_say_what_they_have_and_lack() {
    let result =
        r#"{"input_lens": [5, 6], "output_lens": [1, 2], "start_times": [1, 2], "errors": ["", ""]}"#;
    let list = table(&format!("[{result}, {result}]"));
    assert!(list.report().questions.iter().any(|question| question.id == "benchmark"));
    assert_eq!(all(&list).input, [5, 6]);
    let roles: Vec<_> = list.report().preview.columns.iter().map(|column| column.role).collect();
    assert_eq!(roles, [Role::Input, Role::Output, Role::Arrival, Role::Error]);
    let words = error(r#"{"backend": "sglang", "request_rate": 8.0, "total_input_tokens": 300}"#);
    assert!(words.contains("--output-details"), "{words}");
    for requests in [r#"{"successful": [], "incomplete": [], "errored": []}"#, "null"] {
        let words = error(&format!("{{\"benchmarks\": [{{\"requests\": {requests}}}]}}"));
        assert!(words.contains("keep them when it is saved"), "{words}");
    }
    let cancelled = concat!(
        r#"{"metadata": {"request_start_ns": 1, "was_cancelled": true}, "metrics": {"input_sequence_length": {"value": 5}, "output_sequence_length": {"value": 1}}}"#,
        "\n",
        r#"{"metadata": {"request_start_ns": 2, "was_cancelled": false}, "metrics": {"input_sequence_length": {"value": 6}, "output_sequence_length": {"value": 1}}}"#,
    );
    let cancelled = table(cancelled);
    assert_eq!(all(&cancelled).input, [6]);
    assert_eq!(cancelled.report().dropped[0].reason, "failed request");
}

#[test]
fn conversations_are_known_by_another_name_and_sessions_without_times_begin_at_made_ones() {
    let lmsys = concat!(
        r#"{"conversation_id": "a", "conversation": [{"content": "hello", "role": "user"}, {"content": "world!!!!", "role": "assistant"}]}"#,
        "\n",
    );
    assert_eq!(all(&table(lmsys)).output, [3]);
    let turns = concat!(
        r#"{"session_id": "a", "input_length": 10, "output_length": 3}"#,
        "\n",
        r#"{"session_id": "a", "delay": 100, "input_length": 20, "output_length": 3}"#,
        "\n",
        r#"{"session_id": "b", "input_length": 11, "output_length": 3}"#,
    );
    let turns = table(turns);
    assert_eq!(all(&turns).input, [10, 11]);
    let scripts = turns.sliced(&Slices::default()).expect("rows").list.sessions;
    let round =
        RoundScript { think_time_us: 100_000, context_tokens: None, input_tokens: 20, output_tokens: 3 };
    assert_eq!((scripts.len(), scripts[0].accumulate, &scripts[0].rounds[..]), (1, false, &[round][..]));
    assert!(turns.report().questions.iter().any(|question| question.id == "arrivals"));
}

#[test]
fn rounds_of_coding_agents_count_from_the_first_and_have_their_prefix() {
    let text = "session_id,round_idx,arrival_time,prefix_len,input_len,output_len,tool_wait_after_ms\n\
                s1,1,0,30,100,10,500\ns1,2,,110,20,5,0\ns2,1,1500,0,50,5,0\n";
    let table = table(text);
    assert_eq!(all(&table).input, [130, 50]);
    let scripts = table.sliced(&Slices::default()).expect("rows").list.sessions;
    let round =
        RoundScript { think_time_us: 500_000, context_tokens: Some(110), input_tokens: 20, output_tokens: 5 };
    assert_eq!((scripts.len(), scripts[0].accumulate, &scripts[0].rounds[..]), (1, true, &[round][..]));
}

#[test]
fn a_size_of_hash_blocks_that_dropped_rows_fit_is_proposed() {
    let mut text = String::new();
    for row in 0..300 {
        let ids = if row < 210 { "" } else { ", \"hash_ids\": [1, 2, 3]" };
        writeln!(text, "{{\"timestamp\": {row}, \"input_length\": 40, \"output_length\": 1{ids}}}")
            .expect("memory");
    }
    let table = table(&text);
    let proposed = "the hash ids of 90 dropped rows fit 16 tokens";
    assert!(
        table.report().warnings.iter().any(|words| words.starts_with(proposed)),
        "{:?}",
        table.report().warnings
    );
    let read = read(text.as_bytes(), &answering("hash_block", "16")).expect("rows");
    assert_eq!(read.report().counts.kept, 300);
}

#[test]
fn a_far_time_does_not_change_how_many_rows_are_sliced_while_they_are_read() {
    let mut text = String::from("time,in,out\n2024-05-10 00:00:00,1,1\n1970-01-01 00:00:00,1,1\n");
    for row in 0..1000 {
        let far = if row == 500 { "2090" } else { "2024" };
        writeln!(text, "{far}-05-10 00:{:02}:{:02},{},1", row / 60, row % 60, 1 + row % 7).expect("memory");
    }
    let whole = read(text.as_bytes(), &Options::default()).expect("rows");
    for slices in [
        Slices { from_us: Some(500_000_000), to_us: Some(560_000_000), ..Slices::default() },
        Slices { every: Some(17), ..Slices::default() },
        Slices { first: Some(50), ..Slices::default() },
    ] {
        let mut reader =
            Reader::keeping(Options { slices: slices.clone(), ..Options::default() }, 100).expect("options");
        reader.push(text.as_bytes()).expect("rows");
        let table = reader.finish().expect("rows");
        assert_eq!(table.sliced(&slices), whole.sliced(&slices), "{slices:?}");
        assert_eq!(table.report().time_zero, whole.report().time_zero, "{slices:?}");
        assert_eq!(table.report().dropped, whole.report().dropped);
        assert_eq!(table.report().counts.kept, 1000);
    }
}
