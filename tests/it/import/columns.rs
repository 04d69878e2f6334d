//! Columns that must not be overlooked, misread or taken for others.

use super::{answering, read, sample};
use blis_playground::import::{Mapping, Options, Reader, Role, Slices, Table};
use std::fmt::Write as _;

fn mapped(line: &str) -> Options {
    Options { mapping: Some(Mapping::from_line(line).expect(line)), ..Options::default() }
}

fn table(text: &str, options: &Options) -> Table {
    read(text.as_bytes(), options).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str, options: &Options) -> String {
    match read(text.as_bytes(), options) {
        Ok(table) => panic!("{text}: {:?}", table.report().counts),
        Err(error) => error.to_string(),
    }
}

fn arrivals(table: &Table) -> Vec<i64> {
    let slice = table.sliced(&Slices::default()).expect("rows");
    slice.list.requests.arrival.iter().map(|time| time.0).collect()
}

fn inputs(table: &Table) -> Vec<u32> {
    table.sliced(&Slices::default()).expect("rows").list.requests.input
}

/// Whether some warning or note says this.
fn says(table: &Table, words: &str) -> bool {
    let report = table.report();
    report.warnings.iter().chain(&report.notes).any(|own| own.contains(words))
}

#[test]
fn a_mapped_column_that_is_not_there_is_refused_with_those_that_are() {
    let csv = "when,prompt,answer\n0,10,1\n1,20,2\n";
    let json = "{\"when\":0,\"prompt\":10,\"answer\":1}\n{\"when\":1,\"prompt\":20,\"answer\":2}\n";
    let roles =
        ["class", "tenant", "session", "hash_ids", "deadline", "status", "error", "round", "prefix_group"];
    for text in [csv, json] {
        let words = refused(text, &mapped("arrival=nope:s,input=prompt,output=answer"));
        assert!(words.contains("arrival=nope") && words.contains("\"when\", \"prompt\""), "{words}");
        for role in roles {
            let words =
                refused(text, &mapped(&format!("arrival=when:s,input=prompt,output=answer,{role}=nope")));
            assert!(words.contains(&format!("{role}=nope")), "{words}");
        }
    }
    let words = refused(csv, &mapped("arrival=#9:s,input=prompt,output=answer"));
    assert!(words.contains("arrival=#9") && words.contains("#1 to #3"), "{words}");
    // A field that only a later object has is one.
    let late = json.repeat(200) + "{\"when\":2,\"prompt\":20,\"answer\":2,\"who\":\"x\"}\n";
    let late = table(&late, &mapped("arrival=when:s,input=prompt,output=answer,tenant=who"));
    assert_eq!(late.report().labels.tenants, ["x"]);
}

#[test]
fn times_are_found_under_their_usual_names_with_units() {
    for name in [
        "timestamp_ms",
        "time_ms",
        "arrival_ms",
        "Arrival Time (ms)",
        "Time [ms]",
        "created_at_ms",
        "event_time_ms",
    ] {
        let found = table(&format!("{name},in,out\n0,5,5\n1500,5,5\n"), &Options::default());
        assert_eq!(arrivals(&found), [0, 1_500_000], "{name}");
    }
    for name in
        ["time_s", "timestamp (s)", "start_time_s", "created", "datetime", "date", "@timestamp", "Zeit"]
    {
        let found = table(&format!("{name},in,out\n0,5,5\n1.5,5,5\n"), &Options::default());
        assert_eq!(arrivals(&found), [0, 1_500_000], "{name}");
    }
    let nanoseconds = "startTimeUnixNano,in,out\n1759813207532900363,5,5\n1759813209032900363,5,5\n";
    assert_eq!(arrivals(&table(nanoseconds, &Options::default())), [0, 1_500_000]);
}

#[test]
fn arrivals_are_not_made_while_a_column_looks_like_times() {
    for (text, what) in [
        ("moment,in,out\n2024-05-10 00:00:00,5,5\n2024-05-10 00:00:01,5,5\n", "\"moment\" holds dates"),
        ("moment,in,out\n0.5,5,5\n1.25,5,5\n4,5,5\n", "\"moment\" holds numbers that rise"),
        (
            "{\"moment\":\"2024-05-10T00:00:00Z\",\"in\":5,\"out\":5}\n{\"moment\":\"2024-05-10T00:00:01Z\",\"in\":5,\"out\":5}\n",
            "\"moment\" holds dates",
        ),
    ] {
        let words = refused(text, &Options::default());
        assert!(words.contains(what) && words.contains("arrival=moment:"), "{words}");
        table(text, &answering("arrivals", "constant"));
        table(text, &mapped("input=in,output=out"));
    }
    // Numbers of rows, identities and lengths are no times.
    for text in [
        "row,in,out\n1,5,5\n2,6,5\n3,7,5\n",
        "request_id,in,out\n11,5,5\n25,6,5\n31,7,5\n",
        "score,in,out\n3,5,5\n2,6,5\n7,7,5\n",
    ] {
        assert!(says(&table(text, &Options::default()), "arrivals are made"), "{text}");
    }
}

#[test]
fn columns_of_one_name_are_told_apart_by_place() {
    let text = "when,tokens,tokens\n0,5,7\n1,6,8\n";
    let options = mapped("arrival=when:s,input=#2,output=#3");
    let found = table(text, &options);
    let requests = found.sliced(&Slices::default()).expect("rows").list.requests;
    assert_eq!((requests.input, requests.output), (vec![5, 6], vec![7, 8]));
    assert!(says(&found, "columns 2 and 3 have the same name \"tokens\": the second is called #3"));
    assert_eq!(found.report().preview.columns[2].name, "#3");
    let first = table("when,in,in,out\n0,,7,3\n1,6,8,3\n", &Options::default());
    assert_eq!(inputs(&first), [6], "an empty cell of the first is not filled from the second");
}

#[test]
fn numbers_of_rows_without_a_name_move_no_column() {
    let text = "\"ts\",\"in\",\"out\"\n\"1\",1000,100,10\n\"2\",1002,110,11\n";
    let found = table(text, &Options::default());
    assert_eq!((arrivals(&found), inputs(&found)), (vec![0, 2_000_000], vec![100, 110]));
    assert!(says(&found, "one cell more than there are names"));
    // A separator at the end of each line is no cell of numbers.
    let found = table("ts,in,out\n0,100,10,\n2,110,11,\n", &Options::default());
    assert_eq!(inputs(&found), [100, 110]);
}

#[test]
fn lines_before_the_names_are_remarks() {
    let rows = "0,10,1\n1,20,2\n";
    for before in ["# exported by hand\n#\n\n", "# a, b, c, d\n", "sep=,\r\n", "\"sep=,\"\n", "#1,2\n"] {
        let found = table(&format!("{before}when,prompt,answer\n{rows}"), &Options::default());
        assert_eq!(inputs(&found), [10, 20], "{before}");
        assert_eq!(
            (found.report().counts.read, found.lines()[0]),
            (2, before.matches('\n').count() as u32 + 2)
        );
    }
    let found = table(&format!("sep=;\nwhen;prompt;answer\n{}", rows.replace(',', ";")), &Options::default());
    assert_eq!(inputs(&found), [10, 20]);
    let found = table(&format!("# when,prompt,answer\n{rows}"), &Options::default());
    assert_eq!(inputs(&found), [10, 20], "names behind the sign");
}

#[test]
fn states_and_errors_that_say_nothing_are_no_failures() {
    let mut text = String::from("ts,in,out,status,error\n");
    let good = ["200", "200.0", "OK", "Unset", "STATUS_CODE_UNSET", "0", ""];
    for status in good {
        writeln!(text, "0,5,5,{status},").expect("memory");
    }
    let nothing = ["None", "null", "nan", "No", "false", "''"];
    for error in nothing {
        writeln!(text, "0,5,5,,{error}").expect("memory");
    }
    text += "0,5,5,500,\n0,5,5,,timed out\n0,5,5,404.0,None\n";
    let counts = table(&text, &Options::default()).report().counts;
    assert_eq!((counts.kept, counts.dropped), ((good.len() + nothing.len()) as u64, 3));
}

#[test]
fn lengths_of_the_file_are_better_than_estimates_from_its_texts() {
    let row = |time: u32| {
        format!(
            "{{\"created\":{},\"messages\":[{{\"role\":\"user\",\"content\":\"hello\"}},{{\"role\":\"assistant\",\"content\":\"hi\"}}],\
             \"usage\":{{\"prompt_tokens\":100,\"completion_tokens\":20}}}}\n",
            1_700_000_000 + time
        )
    };
    let text: String = (0..3).map(row).collect();
    let found = table(&text, &Options::default());
    assert_eq!((arrivals(&found), inputs(&found)), (vec![0, 1_000_000, 2_000_000], vec![100; 3]));
    let estimated =
        Options { format: blis_playground::import::Format::named("sharegpt"), ..Options::default() };
    assert_eq!(inputs(&table(&text, &estimated)), [2; 3]);
}

#[test]
fn seconds_in_a_format_of_milliseconds_and_guesses_are_said() {
    let rows = |times: &[&str]| {
        let row = |time: &&str| format!("{{\"timestamp\":{time},\"input_length\":10,\"output_length\":3}}\n");
        times.iter().map(row).collect::<String>()
    };
    let words = "are they seconds?";
    assert!(says(&table(&rows(&["0.0", "0.1", "0.25"]), &Options::default()), words));
    assert!(says(&table(&rows(&["1700000000", "1700000001"]), &Options::default()), words));
    assert!(says(&table(&rows(&["0", "1", "2", "3"]), &Options::default()), words));
    assert!(!says(&table(&rows(&["0", "1000.5", "2000"]), &Options::default()), words));
    assert!(!says(&table(&rows(&["1700000000000", "1700000001000"]), &Options::default()), words));
    let slow = table("timestamp,in,out\n0,5,5\n600,5,5\n1200,5,5\n", &Options::default());
    assert_eq!(arrivals(&slow), [0, 600_000_000, 1_200_000_000]);
    assert!(says(&slow, "the times of \"timestamp\" are taken as s"));
    let guessed = table("timestamp,in,out\n0,5,5\n6000,5,5\n12000,5,5\n", &Options::default());
    assert!(guessed.report().warnings.iter().any(|own| own.contains("are taken as ms")));
}

#[test]
fn reasons_say_which_dates_and_numbers_are_read() {
    let found = table("time,in,out\n1,5,5\n5/10/2024 9:00,5,5\n2,5,5\n", &Options::default());
    let reason = &found.report().dropped[0].reason;
    assert!(reason.contains("not a number") && reason.contains("2024-05-10 09:00:00"), "{reason}");
    let found = table("ts;in;out\n0;1.234;5\n1;1.500;7\n2;7;7\n", &Options::default());
    assert!(found.report().dropped[0].reason.contains("--trace-decimal"), "{:?}", found.report().dropped);
}

#[test]
fn a_suggested_label_with_too_many_names_is_left_out_and_a_mapped_one_refused() {
    let mut text = String::from("ts,in,out,user\n");
    for row in 0..65_540 {
        writeln!(text, "{row},5,5,u{row}").expect("memory");
    }
    let found = table(&text, &Options::default());
    assert_eq!(arrivals(&found).len(), 65_540);
    assert!(says(&found, "65540 different names") && found.report().labels.tenants.is_empty());
    let found = table(&text, &mapped("arrival=ts:s,input=in,output=out,tenant=user"));
    assert!(
        found.sliced(&Slices::default()).expect_err("too many").to_string().contains("65536 different names")
    );
}

#[test]
fn a_long_file_without_times_is_thinned_like_a_short_one() {
    let mut text = String::from("in,out\n");
    for row in 0..1000 {
        writeln!(text, "{},1", 1 + row % 7).expect("memory");
    }
    let whole = table(&text, &Options::default());
    let every = Slices { every: Some(20), ..Slices::default() };
    let window = Slices { from_us: Some(100_000_000), to_us: Some(150_000_000), ..Slices::default() };
    for slices in [every, window] {
        let options = Options { slices: slices.clone(), ..Options::default() };
        let mut reader = Reader::keeping(options, 100).expect("options");
        reader.push(text.as_bytes()).expect("rows");
        let long = reader.finish().expect("rows").sliced(&slices).expect("rows");
        assert_eq!(long, whole.sliced(&slices).expect("rows"));
    }
}

#[test]
fn long_names_are_shortened_in_messages() {
    let name = "n".repeat(5000);
    let words = refused(&format!("{name},b\n1,x\n"), &Options::default());
    assert!(words.len() < 1500 && words.contains("columns found"), "{}", words.len());
    assert_eq!(Role::suggested(&name), Role::Ignore);
}

#[test]
fn causes_are_named_behind_gzip_too() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    let twice = gzip(&gzip(&sample("azure-conv-200.csv")));
    let words = read(&twice, &Options::default()).expect_err("refused").to_string();
    assert!(words.contains("gzip in gzip"), "{words}");
    let words = refused("<!DOCTYPE html><html><body>404 Not Found</body></html>", &Options::default());
    assert!(words.contains("web page"), "{words}");
}
