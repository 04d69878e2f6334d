//! Files as they come: archives, line ends, quotes, odd times, odd ids, too many rows.

use super::{answering, read, read_in, sample};
use blis_playground::import::{Filter, Mapping, Options, Reader, Slices, Table, TimeUnit};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::Write as _;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn arrivals(table: &Table) -> Vec<i64> {
    let slice = table.sliced(&Slices::default()).expect("rows");
    slice.list.requests.arrival.iter().map(|time| time.0).collect()
}

fn error(bytes: &[u8], options: &Options) -> String {
    match read(bytes, options) {
        Ok(table) => panic!("{:?}", table.report().counts),
        Err(error) => error.to_string(),
    }
}

fn mapped(line: &str) -> Options {
    Options { mapping: Some(Mapping::from_line(line).expect(line)), ..Options::default() }
}

#[test]
fn pieces_of_any_size_give_the_same_table() {
    for name in [
        "azure-odd.csv",
        "mooncake-odd.jsonl",
        "azure-conv-200.csv.gz",
        "sharegpt-mini.json",
        "guidellm.json",
    ] {
        let bytes = sample(name);
        let whole = read(&bytes, &Options::default()).expect(name);
        for size in [1, 2, 7, 64, 1000] {
            let pieces = read_in(&bytes, &Options::default(), size).expect(name);
            assert_eq!(pieces.report(), whole.report(), "{name} {size}");
            assert_eq!(pieces.sliced(&Slices::default()), whole.sliced(&Slices::default()), "{name} {size}");
        }
    }
}

#[test]
fn gzip_is_read_in_members_and_refused_when_cut_or_damaged() {
    let text = sample("azure-conv-200.csv");
    let plain = arrivals(&read(&text, &Options::default()).expect("rows"));
    let (first, rest) = text.split_at(1000);
    let members = [gzip(first), gzip(rest)].concat();
    assert_eq!(arrivals(&read(&members, &Options::default()).expect("two members")), plain);
    let whole = gzip(&text);
    for cut in [3, 12, 100, whole.len() / 2, whole.len() - 5, whole.len() - 1] {
        let words = error(&whole[..cut], &Options::default());
        assert!(words.contains("cut off") || words.contains("damaged"), "{cut}: {words}");
    }
    let words = error(&[whole.as_slice(), b"something else"].concat(), &Options::default());
    assert!(words.contains("follows"), "{words}");
    let mut padded = whole.clone();
    padded.extend([0; 512]);
    assert_eq!(arrivals(&read(&padded, &Options::default()).expect("padded with zeros")), plain);
    let mut wrong = whole.clone();
    let place = wrong.len() - 6;
    wrong[place] ^= 1;
    assert!(error(&wrong, &Options::default()).contains("damaged"));
}

#[test]
fn other_archives_say_what_to_do() {
    for (bytes, words) in [
        (&b"PK\x03\x04 and so on, and so on"[..], "unpack it"),
        (b"PAR1 and so on, and so on", "convert it first"),
        (b"\x28\xb5\x2f\xfd and so on, and so on", "zstd -d"),
        (b"\xff\xfet\x00i\x00m\x00e\x00,\x00i\x00n\x00", "UTF-16"),
    ] {
        let error = error(bytes, &Options::default());
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn files_without_a_request_say_what_they_have() {
    assert!(error(b"", &Options::default()).contains("empty"));
    assert!(error(b" \n\n", &Options::default()).contains("empty"));
    let header = b"TIMESTAMP,ContextTokens,GeneratedTokens\r\n";
    assert!(error(header, &Options::default()).contains("it has no rows"));
    let zeros =
        b"TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,0,1\n\n2023-11-16 18:15:47,5,0\n";
    let words = error(zeros, &Options::default());
    assert!(
        words.contains("3 (1 blank)") && words.contains("1 × zero input tokens (first in line 2"),
        "{words}"
    );
    let words = error(b"colour,weather\nred,rain\n", &Options::default());
    assert!(words.contains("\"colour\", \"weather\"") && words.contains("Mooncake"), "{words}");
    let words = error(b"[]", &Options::default());
    assert!(words.contains("columns found: none"), "{words}");
    let words = error(b"[{\"timestamp\":1,\"input_length\":3,\"output_length\":4},", &Options::default());
    assert!(words.contains("no end"), "{words}");
    let words = error(br#"{"backend":"vllm","request_rate":2,"total_input_tokens":30}"#, &Options::default());
    assert!(words.contains("--save-detailed"), "{words}");
}

#[test]
fn marks_line_ends_and_quotes_do_not_matter() {
    let plain = b"when,prompt,answer,who\n0,10,1,a\n1,20,2,b\n3,30,3,c\n";
    let expected = arrivals(&read(plain, &Options::default()).expect("rows"));
    assert_eq!(expected, [0, 1_000_000, 3_000_000]);
    for text in [
        "\u{feff}when,prompt,answer,who\r\n0,10,1,a\r\n1,20,2,b\r\n3,30,3,c",
        "when\tprompt\tanswer\twho\n0\t10\t1\ta\n\n1\t20\t2\tb\n3\t30\t3\tc\n\n",
        "\"when\",\"prompt\",\"answer\",\"who\"\n\"0\",\"10\",\"1\",\"a, b\nand c \"\"d\"\"\"\n1,20,2,b\n3,30,3,c\n",
        "when;prompt;answer;who\n0,0;10;1;a\n1,0;20;2;b\n3,0;30;3;c\n",
        "when|prompt|answer|who\n0|10|1|a\n1|20|2|b\n3|30|3|c",
        "{\"when\":0,\"prompt\":10,\"answer\":1}\n{\"when\":1,\"prompt\":20,\"answer\":2}\n{\"when\":3.0,\"prompt\":30,\"answer\":3}",
        "[{\"when\":0,\"prompt\":10,\"answer\":1},\n{\"when\":1,\"prompt\":20,\"answer\":2},{\"when\":\"3\",\"prompt\":30,\"answer\":3}]",
        "{\"note\": \"x\",\n \"data\": [{\"when\":0,\"prompt\":10,\"answer\":1},\n{\"when\":1,\"prompt\":20,\"answer\":2},{\"when\":3,\"prompt\":30,\"answer\":3}]}",
    ] {
        let table =
            read(text.as_bytes(), &Options::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(arrivals(&table), expected, "{text}");
        assert_eq!(
            table.sliced(&Slices::default()).expect("rows").list.requests.input,
            [10, 20, 30],
            "{text}"
        );
    }
}

#[test]
fn a_quote_that_is_never_closed_takes_no_other_row_with_it() {
    let mut text = String::from("when,prompt,answer\n");
    for row in 0..500 {
        let quote = if row == 3 { "\"" } else { "" };
        writeln!(text, "{row},{quote}10,1").expect("memory");
    }
    let table = read(text.as_bytes(), &Options::default()).expect("rows");
    let counts = table.report().counts;
    assert_eq!((counts.read, counts.kept, counts.dropped), (500, 499, 1));
    assert_eq!(table.report().dropped[0].reason, "a quote that is never closed");
    assert_eq!(table.report().dropped[0].first_line, 5);
}

#[test]
fn a_table_without_names_is_mapped_by_place() {
    let options = mapped("arrival=#2:ms,input=#1,output=#3");
    let table = read(b"10,0,1\n20,1500,2\n", &options).expect("rows");
    assert_eq!(arrivals(&table), [0, 1_500_000]);
    assert_eq!(table.report().counts.read, 2);
    let words = error(b"10,0,1\n20,1500,2\n", &Options::default());
    assert!(words.contains("\"#1\""), "{words}");
}

#[test]
fn times_of_every_kind() {
    let two = |first: &str, second: &str| {
        let text = format!("time;in;out\n{first};1;1\n{second};1;1\n");
        arrivals(
            &read(text.as_bytes(), &Options::default()).unwrap_or_else(|error| panic!("{text}: {error}")),
        )
    };
    for (first, second, span) in [
        ("1759813207", "1759813208", 1_000_000),
        ("1759813207.532900363", "1759813207.532901364", 1),
        ("1759813207532", "1759813208532", 1_000_000),
        ("1759813207532900", "1759813207532901", 1),
        ("1759813207532900363", "1759813207532901362", 0),
        ("1759813207532900363", "1759813207532901363", 1),
        ("-5", "0.5", 5_500_000),
        ("0.000001", "0.000002", 1),
        ("1.5e0", "2.5e0", 1_000_000),
        ("2024-02-28T23:59:59Z", "2024-02-29 00:00:00+00:00", 1_000_000),
        ("2023-11-16 18:15:46.6805900", "2023-11-16 18:15:50.9951690", 4_314_579),
        ("1970-01-01 00:00:00", "1970-01-01 00:00:01", 1_000_000),
    ] {
        assert_eq!(two(first, second), [0, span], "{first} {second}");
    }
}

#[test]
fn rows_far_from_all_others_are_dropped_and_counted() {
    let mut text = String::from("time,in,out\n1970-01-01 00:00:00,1,1\n");
    for second in 10..20 {
        writeln!(text, "2024-05-10 00:00:{second},1,1").expect("memory");
    }
    let table = read(text.as_bytes(), &Options::default()).expect("rows");
    let counts = table.report().counts;
    assert_eq!((counts.read, counts.kept, counts.dropped), (11, 10, 1));
    assert!(table.report().dropped[0].value.starts_with("1970-01-01"), "{:?}", table.report().dropped);
    assert_eq!(arrivals(&table)[9], 9_000_000);
}

#[test]
fn units_are_guessed_by_size_name_and_rate() {
    let guessed = |name: &str, times: [&str; 3]| {
        let mut text = format!("{name},in,out\n");
        for time in times {
            writeln!(text, "{time},1,1").expect("memory");
        }
        let options = mapped(&format!("arrival={name},input=in,output=out"));
        read(text.as_bytes(), &options).expect("rows").report().preview.columns[0].unit.map(TimeUnit::name)
    };
    assert_eq!(guessed("x", ["0", "1", "2"]), Some("s"));
    assert_eq!(guessed("x", ["0", "3000", "6000"]), Some("ms"));
    assert_eq!(guessed("x", ["0", "3000000", "6000000"]), Some("us"));
    assert_eq!(guessed("arrival_ms", ["0", "1", "2"]), Some("ms"));
    assert_eq!(guessed("x", ["1759813207", "1759813208", "1759813209"]), Some("s"));
    assert_eq!(guessed("x", ["1759813207000", "1759813208000", "1759813209000"]), Some("ms"));
}

#[test]
fn ids_of_64_bits_negative_ids_and_texts_stay_apart() {
    let row = |ids: &str| {
        format!("{{\"timestamp\":0,\"input_length\":600,\"output_length\":1,\"hash_ids\":[{ids}]}}\n")
    };
    let blocks = |rows: &[&str]| {
        let text: String = rows.iter().map(|ids| row(ids)).collect();
        let table = read(text.as_bytes(), &Options::default()).expect("rows");
        table.report().traffic.sharing.as_ref().map(|sharing| sharing.blocks)
    };
    // Both would be the same floating-point number.
    assert_eq!(blocks(&["9007199254740992,1", "9007199254740993,2"]), Some(4));
    assert_eq!(blocks(&["18446744073709551615,1", "-1,2"]), Some(4));
    assert_eq!(blocks(&["7,1", "\"7\",2"]), Some(4));
    assert_eq!(blocks(&["7,1", "7,2"]), Some(3));
    assert_eq!(blocks(&["\"ab12\",\"x\"", "\"ab12\",\"y\""]), Some(3));
    let text = row("1,2") + &row("1.5,2") + &row("36893488147419103232,2") + &row("null,1");
    let table = read(text.as_bytes(), &Options::default()).expect("rows");
    assert_eq!(table.report().counts.dropped, 3);
    assert_eq!(table.report().dropped[0].reason, "hash ids: not a list of 64-bit integers or texts");
}

#[test]
fn another_size_of_hash_blocks_is_found_and_said() {
    let mut text = String::new();
    for row in 0..10 {
        let ids: Vec<_> = (0..=row).map(|id: i32| id.to_string()).collect();
        let input = row * 16 + 5;
        writeln!(
            text,
            "{{\"timestamp\":{row},\"input_length\":{input},\"output_length\":1,\"hash_ids\":[{}]}}",
            ids.join(",")
        )
        .expect("memory");
    }
    let table = read(text.as_bytes(), &Options::default()).expect("rows");
    assert_eq!(table.report().counts.kept, 10);
    assert_eq!(table.report().traffic.sharing.as_ref().map(|sharing| sharing.hash_block), Some(16));
    assert!(table.report().warnings.iter().any(|words| words.contains("16 tokens, not for 512")));
    let table = read(text.as_bytes(), &answering("hash_block", "512")).expect("the first row fits");
    assert_eq!(table.report().counts.kept, 1);
}

#[test]
fn a_file_with_too_many_rows_is_sliced_while_it_is_read() {
    let mut text = String::from("time,in,out\n");
    for row in 0..1000 {
        writeln!(text, "{row},{},1", 1 + row % 7).expect("memory");
    }
    let limited = |slices: &Slices| {
        let options = Options { slices: slices.clone(), ..Options::default() };
        let mut reader = Reader::keeping(options, 100)?;
        reader.push(text.as_bytes())?;
        reader.finish()?.sliced(slices)
    };
    let all = read(text.as_bytes(), &Options::default()).expect("rows");
    let window = Slices { from_us: Some(500_000_000), to_us: Some(560_000_000), ..Slices::default() };
    let every = Slices { every: Some(11), speed: Some(3.0), ..Slices::default() };
    let filter = Slices {
        filters: vec![Filter::from_text("input=3").expect("a filter")],
        first: Some(50),
        ..Slices::default()
    };
    let sample = Slices { sample: Some(0.05), seed: 3, ..Slices::default() };
    for slices in [window, every, filter, sample] {
        let (some, whole) = (limited(&slices).expect("rows"), all.sliced(&slices).expect("rows"));
        assert_eq!(some, whole);
    }
    let words = limited(&Slices::default()).expect_err("too many").to_string();
    assert!(words.contains("1000") && words.contains("at most 100") && words.contains("999 s"), "{words}");
    let half = Slices { every: Some(2), ..Slices::default() };
    assert!(limited(&half).expect_err("still too many").to_string().contains("at most 100"));
}

#[test]
fn arrivals_are_made_where_there_are_none() {
    let text = b"num_prefill_tokens,num_decode_tokens\n10,1\n20,2\n30,3\n";
    let constant = Options {
        answers: [("arrivals".to_owned(), "constant".to_owned()), ("rate".to_owned(), "4".to_owned())].into(),
        ..Options::default()
    };
    assert_eq!(arrivals(&read(text, &constant).expect("rows")), [0, 250_000, 500_000]);
    let (one, other) = (read(text, &answering("seed", "1")), read(text, &answering("seed", "2")));
    let (one, other) = (arrivals(&one.expect("rows")), arrivals(&other.expect("rows")));
    assert_ne!(one, other);
    assert_eq!(one, arrivals(&read(text, &answering("seed", "1")).expect("rows")));
    let words = Reader::new(answering("speed", "1")).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(words.contains("one of the questions"), "{words}");
}

#[test]
fn hash_ids_that_are_local_to_a_conversation_stay_apart() {
    let text = concat!(
        r#"{"id":"a","requests":[{"t":0,"in":100,"out":5,"hash_ids":[1,2]},{"t":2.5,"in":130,"out":5,"hash_ids":[1,2]}]}"#,
        "\n",
        r#"{"id":"b","requests":[{"t":0,"in":64,"out":5,"hash_ids":[1]}]}"#,
    );
    let table = read(text.as_bytes(), &answering("arrivals", "constant")).expect("rows");
    let slice = table.sliced(&Slices::default()).expect("rows");
    let requests = &slice.list.requests;
    assert_eq!(arrivals(&table), [0, 1_000_000, 2_500_000]);
    let tree = requests.tree.as_ref().expect("hash ids");
    tree.check(requests).expect("a sound tree");
    assert_eq!(tree.hash_block, 64);
    // The last block of 130 tokens has no id: it is its own.
    assert_eq!(tree.parent.len(), 4);
    assert_eq!(crate::common::conversations(requests), ["a", "b", "a"]);
}

#[test]
fn lists_of_requests_at_points_of_time() {
    let text = concat!(
        r#"{"timestamp":0,"requests":[{"Prompt Length":10,"Output Length":2,"session_id":"x"},{"prompt_length":20,"output_length":null}]}"#,
        "\n",
        r#"{"timestamp":1500,"requests":[{"prompt_length":30,"output_length":3}]}"#,
        "\n",
    );
    let table = read(text.as_bytes(), &Options::default()).expect("rows");
    assert_eq!(arrivals(&table), [0, 1_500_000]);
    let counts = table.report().counts;
    assert_eq!((counts.read, counts.kept, counts.dropped), (3, 2, 1));
    assert_eq!(table.report().preview.detected.name, "workload of aibrix");
}

#[test]
fn lengths_beyond_a_limit_are_counted() {
    let table = read(&sample("azure-conv-200.csv"), &Options::default()).expect("rows");
    let slice = table.sliced(&Slices::default()).expect("rows");
    let requests = &slice.list.requests;
    let longer = (0..200).filter(|&row| requests.input[row] + requests.output[row] > 2000).count() as u64;
    assert!(longer > 0);
    assert_eq!((table.longer_than(2000), slice.longer_than(2000)), (longer, longer));
}
