//! Our reader of CSV against the `csv` crate, which is too large for the page.

use blis_playground::formats::trace::{Trace, TraceRow};
use proptest::prelude::*;

/// With what formulas begin (workload chapter, W-11.2).
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＋', '－', '＝', '＠'];

/// A text that begins like a formula as often as not.
fn name(letters: &str) -> impl Strategy<Value = String> + use<> {
    let beginning = "('{0,2}[=+@\\t\\r\\n＋－＝＠-])?";
    prop::string::string_regex(&format!("{beginning}{letters}{{0,9}}")).expect("an expression")
}

/// Whether spreadsheets take a text for a formula, or would without the apostrophes in front.
fn like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// A text as it stands in the table: one apostrophe more in front of a formula.
fn guarded(text: &str) -> String {
    if like_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// A text that stands in a table of another program.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| like_formula(text)).unwrap_or(cell)
}

proptest! {
    #[test]
    fn another_reader_sees_the_same_fields(names in prop::collection::vec(name("[ -~\\n]"), 3)) {
        let row = TraceRow {
            client_id: names[0].clone(),
            error_message: names[1].clone(),
            finish_reason: names[2].clone(),
            ..TraceRow::default()
        };
        let data = Trace { rows: vec![row], ..Trace::default() }.write().data;
        let mut reader = csv::Reader::from_reader(data.as_bytes());
        let record = reader.records().next().expect("one row").expect("valid");
        prop_assert_eq!([&record[1], &record[25], &record[26]].map(str::to_owned), [0, 1, 2].map(|name| guarded(&names[name])));
    }

    #[test]
    fn what_another_writer_writes_is_read(names in prop::collection::vec(name("[ -~\\n\\r]"), 2)) {
        let plain = Trace { rows: vec![TraceRow::default()], ..Trace::default() }.write().data;
        let mut reader = csv::Reader::from_reader(plain.as_bytes());
        let head = reader.headers().expect("a first line").clone();
        let mut fields: Vec<String> = reader.records().next().expect("a row").expect("valid").iter().map(str::to_owned).collect();
        fields[1].clone_from(&names[0]);
        fields[26].clone_from(&names[1]);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&head).expect("written");
        writer.write_record(&fields).expect("written");
        let data = String::from_utf8(writer.into_inner().expect("written")).expect("text");
        let trace = Trace::read("", &data).expect("valid");
        prop_assert_eq!([&trace.rows[0].client_id, &trace.rows[0].finish_reason], [0, 1].map(|name| unguarded(&names[name])));
    }
}
