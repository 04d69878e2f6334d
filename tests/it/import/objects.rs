//! Objects of JSON as tools write them, and traces of ours with hash ids.

use super::{answering, read};
use blis_playground::import::{Options, Slices, Table};
use blis_playground::workload::Requests;

fn table(text: &str) -> Table {
    read(text.as_bytes(), &Options::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
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
