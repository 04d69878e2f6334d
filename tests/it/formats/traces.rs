//! Traces: what is written is read back; what is wrong is named with its place (workload chapter, W-11.1 and W-11.2).

use blis_playground::config::SloTarget;
use blis_playground::formats::trace::{Network, Server, Trace, TraceHeader, TraceRow};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// The example of the chapter (W-11.5).
const HEADER: &str = "trace_version: 3\ntime_unit: microseconds\nmode: generated\nwarm_up_requests: 0\nworkload_seed: 7\n\
    goodput_slo_targets:\n    critical:\n        ttft_ms: 18\n";
const HEAD: &str = "request_id,client_id,tenant_id,slo_class,session_id,round_index,prefix_group,prefix_length,streaming,\
    input_tokens,output_tokens,text_tokens,image_tokens,audio_tokens,video_tokens,reason_ratio,model,deadline_us,\
    server_input_tokens,arrival_time_us,send_time_us,first_chunk_time_us,last_chunk_time_us,num_chunks,status,\
    error_message,finish_reason\n";
const ROW: &str = "0,a,alice,critical,,0,,0,false,100,5,0,0,0,0,0,,0,0,49999,49999,55775,78831,0,ok,,\n";

fn refusal(header: &str, data: &str) -> String {
    Trace::read(header, data).expect_err("refused").to_string()
}

/// The row with another value in a column, counted from 1.
fn with(column: usize, value: &str) -> String {
    let mut fields: Vec<&str> = ROW.trim_end().split(',').collect();
    fields[column - 1] = value;
    format!("{HEAD}{}\n", fields.join(","))
}

#[test]
fn the_example_of_the_chapter_is_read_and_written_to_the_letter() {
    let data = format!("{HEAD}{ROW}");
    let trace = Trace::read(HEADER, &data).expect("valid");
    assert_eq!(trace.header.workload_seed, Some(7));
    assert_eq!(trace.header.goodput_slo_targets["critical"].ttft_ms, Some(18.0));
    assert_eq!((trace.rows[0].tenant_id.as_str(), trace.rows[0].last_chunk_time_us), ("alice", 78831));
    let written = trace.write();
    assert_eq!((written.header.as_str(), written.data.as_str()), (HEADER, data.as_str()));
}

#[test]
fn columns_are_found_by_name_and_without_all_names_by_position() {
    let shuffled = HEAD.trim_end().split(',').rev().collect::<Vec<_>>().join(",");
    let row = ROW.trim_end().split(',').rev().collect::<Vec<_>>().join(",");
    let straight = Trace::read("", &format!("{HEAD}{ROW}")).expect("valid");
    assert_eq!(Trace::read("", &format!("{shuffled}\n{row}\n")).expect("by name"), straight);
    let unnamed = HEAD.replace("client_id", "customer");
    assert_eq!(Trace::read("", &format!("{unnamed}{ROW}")).expect("by position"), straight);
    let optional = unnamed.replace("slo_class,", "slo_class,vllm_priority,");
    let row = ROW.replacen("critical,", "critical,9,", 1);
    assert_eq!(Trace::read("", &format!("{optional}{row}")).expect("valid").rows[0].vllm_priority, 9);
}

#[test]
fn blank_lines_carriage_returns_and_further_columns_do_no_harm_and_quotes_may_hold_line_ends() {
    let data = format!("\u{feff}{}\r\n\r\n{},more\r\n", HEAD.trim_end(), ROW.trim_end());
    assert_eq!(Trace::read("", &data).expect("valid").rows.len(), 1);
    let trace = Trace::read("", &with(26, "\"first\nsecond \"\"third\"\"\"")).expect("valid");
    assert_eq!(trace.rows[0].error_message, "first\nsecond \"third\"");
}

#[test]
fn every_wrong_value_is_named_with_line_column_and_field() {
    for (column, value, message) in [
        (
            1,
            "1e3",
            "trace data, line 2, column 1 (request_id): got 1e3, expected a 64-bit integer in decimal digits",
        ),
        (6, "", "(round_index): got nothing, expected a 64-bit integer"),
        (8, "-1", "(prefix_length): got -1, expected a whole number of at least 0"),
        (9, "yes", "(streaming): got yes, expected true or false"),
        (10, "9223372036854775808", "(input_tokens): got 9223372036854775808"),
        (16, "NaN", "(reason_ratio): got NaN, expected a finite number from 0 to 1"),
        (16, "1.5", "(reason_ratio)"),
        (18, "49998", "(deadline_us): got 49998, expected 0, or at least arrival_time_us = 49999"),
        (24, "x", "column 24 (num_chunks)"),
    ] {
        let error = refusal("", &with(column, value));
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn short_rows_empty_traces_and_broken_quotes_are_refused() {
    let short = format!("{HEAD}{}\n", ROW.trim_end().rsplit_once(',').expect("commas").0);
    assert_eq!(refusal("", &short), "trace data, line 2: row has 26 columns, expected at least 27");
    for empty in ["", HEAD, "\n\n"] {
        assert_eq!(refusal("", empty), "trace data: empty trace: no rows");
    }
    assert!(
        refusal("", &format!("{HEAD}0,\"a\n")).contains("line 2, column 2: a quote that is never closed")
    );
    assert!(
        refusal("", &format!("{HEAD}0,a\"b\n"))
            .contains("line 2, column 2: a quote or carriage return inside")
    );
    assert!(
        refusal("", &format!("{HEAD}\"0\"x,a\n")).contains("line 2, column 1: text behind a closing quote")
    );
    let many_columns = ",".repeat(5000);
    assert!(refusal("", &many_columns).contains("more than 1000 columns"));
}

#[test]
fn a_wrong_header_is_named_with_key_line_and_column() {
    for (header, message) in [
        ("trace_version: 3\nspeed: 4\n", "trace header.speed: line 2, column 8: unknown field `speed`"),
        ("workload_seed: seven\n", "trace header.workload_seed: line 1, column 16: invalid type: string"),
        ("server:\n    block_size: 1.5\n", "trace header.server.block_size: line 2, column 17"),
        ("mode: a\nmode: b\n", "line 2, column 1: the key \"mode\" for the second time"),
        ("mode: *x\n", "line 1, column 7: the alias of a value that is not there yet: x"),
        ("mode: & a\n", "line 1, column 7: an anchor without a name"),
        ("server: {&x mode: a}\n", "an anchor or an alias cannot be part of a key"),
        ("mode: |\n  a\n", "texts of several lines"),
        ("\tmode: a\n", "a tab in the indentation"),
        ("mode: \"a\n", "a quoted text must end on its line"),
        ("mode: a: b\n", "a colon that belongs to no key"),
        ("mode: a\n---\nmode: b\n", "a second document"),
        ("warm_up_requests: .inf\n", ".inf is no finite number"),
    ] {
        let error = refusal(header, &format!("{HEAD}{ROW}"));
        assert!(error.contains(message), "{header:?}: {error}");
    }
    let deep = format!("server: {}", "[".repeat(100_000));
    assert!(refusal(&deep, "").contains("deep"));
    assert!(refusal(&"#\n".repeat(3 << 20), "").contains("at most"));
}

/// Names as they come, with everything that CSV and YAML have to quote.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-zA-Z0-9_. -]{1,8}",
        "[ -~\\n\\r\\t\u{e4}\u{20ac}]{0,12}",
        prop::sample::select(vec![
            "true", "null", "~", "-1", "1e5", "# no", "a: b", "- x", "\"", "'", "*a", "no", "<<", "\u{feff}",
            " ",
        ])
        .prop_map(str::to_owned),
    ]
}

fn count() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), 0..1000_i64, 0..=i64::MAX]
}

prop_compose! {
    fn row()(
        names in vec(name(), 12),
        counts in vec(count(), 10),
        times in vec(any::<i64>(), 4),
        (request_id, round_index) in any::<(i64, i64)>(),
        streaming in any::<bool>(),
        reason_ratio in 0.0..=1.0_f64,
        hash_ids in vec(any::<u64>(), 0..4),
    ) -> TraceRow {
        let [client_id, tenant_id, slo_class, session_id, prefix_group, model, status, error_message, finish_reason,
            x_request_id, adapter, _] = <[String; 12]>::try_from(names).expect("twelve names");
        TraceRow {
            think_time_us: 0,
            request_id, client_id, tenant_id, slo_class, session_id, round_index, prefix_group, streaming, model,
            status, error_message, finish_reason, x_request_id, adapter, reason_ratio, hash_ids,
            vllm_priority: counts[0],
            prefix_length: counts[1],
            input_tokens: counts[2],
            output_tokens: counts[3],
            text_tokens: counts[4],
            image_tokens: counts[5],
            audio_tokens: counts[6],
            video_tokens: counts[7],
            deadline_us: if times[0] > 0 { i64::MAX } else { 0 },
            slo_target_us: counts[8],
            server_input_tokens: counts[9],
            arrival_time_us: times[0],
            send_time_us: times[1],
            first_chunk_time_us: times[2],
            last_chunk_time_us: times[3],
            num_chunks: counts[8],
        }
    }
}

fn limit() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(1e-9..1e12_f64)
}

/// Whether the settings take it for the name of a class.
fn is_class(name: &str) -> bool {
    !name.is_empty() && name.trim() == name && !name.contains([',', '='])
}

prop_compose! {
    fn header()(
        names in vec(name(), 6),
        (trace_version, warm_up_requests, tokens) in any::<(i64, i64, i64)>(),
        workload_seed in prop::option::of(any::<i64>()),
        share in 0.0..1e9_f64,
        hash_block in any::<u32>(),
        (with_server, with_network) in any::<(bool, bool)>(),
        targets in btree_map(name().prop_filter("a class", |name| is_class(name)), (limit(), limit(), limit()), 0..3),
    ) -> TraceHeader {
        let server = Server {
            kind: names[4].clone(), model: names[5].clone(), tensor_parallel: tokens, max_num_seqs: 0,
            block_size: 16, gpu_memory_utilization: share, max_model_len: tokens,
        };
        TraceHeader {
            trace_version,
            time_unit: names[0].clone(),
            created_at: names[1].clone(),
            mode: names[2].clone(),
            warm_up_requests,
            workload_seed,
            hash_block,
            workload_spec: names[3].clone(),
            server: with_server.then_some(server),
            network: with_network.then_some(Network { measured_rtt_ms: share }),
            goodput_slo_targets: targets
                .into_iter()
                .map(|(class, (ttft_ms, itl_ms, e2e_ms))| (class, SloTarget { ttft_ms, itl_ms, e2e_ms }))
                .collect(),
            ..TraceHeader::default()
        }
    }
}

#[test]
fn a_name_like_a_formula_is_no_formula_in_the_table_and_comes_back() {
    let names = ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "'=1", "＝1"];
    let rows = names.map(|name| TraceRow { tenant_id: name.to_owned(), ..Default::default() });
    let trace = Trace { rows: rows.to_vec(), ..Trace::default() };
    let files = trace.write();
    for name in names {
        assert!(files.data.contains(&format!(",'{name},")), "{}", files.data);
    }
    assert_eq!(Trace::read(&files.header, &files.data).expect("a trace"), trace);
    // Numbers are never texts.
    let earlier =
        Trace { rows: vec![TraceRow { arrival_time_us: -5, ..TraceRow::default() }], ..Trace::default() };
    assert!(earlier.write().data.contains(",-5,"));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(header in header(), rows in vec(row(), 1..5)) {
        let trace = Trace { header, rows };
        let files = trace.write();
        let read = Trace::read(&files.header, &files.data).map_err(|error| TestCaseError::fail(
            format!("{error}\n{}\n{}", files.header, files.data)))?;
        prop_assert_eq!(&read, &trace);
        prop_assert_eq!(read.write(), files);
    }

    #[test]
    fn no_text_makes_it_panic(header in any::<String>(), data in any::<String>(), cut in any::<prop::sample::Index>()) {
        // Only that it comes back at all is asserted here.
        let _ = Trace::read(&header, &data);
        let text = format!("{HEAD}{ROW}");
        let _ = Trace::read(&HEADER[..cut.index(HEADER.len())], &text);
        let _ = Trace::read("", &text[..cut.index(text.len())]);
    }

    #[test]
    fn yaml_like_texts_end_in_a_header_or_an_error(text in "[a-c:{}\\[\\]\"',#&*\\- \\n]{0,60}") {
        let _ = Trace::read(&text, "");
    }
}
