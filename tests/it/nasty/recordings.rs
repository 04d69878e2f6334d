//! Recordings with settings or columns that nobody knows: comparing the rest would pass for agreement.

use super::files::Temporary;
use super::fronts::blis;
use crate::common::golden_json;
use blis_playground::golden::check_case;
use serde_json::{Value, json};
use std::ffi::OsStr;

const PLACES: [&str; 11] = [
    "",
    "/config",
    "/workload",
    "/workload/sessions",
    "/tie_breaks",
    "/expected",
    "/expected/requests",
    "/expected/instances",
    "/expected/metrics",
    "/expected/counters",
    "/expected/sessions",
];

#[test]
fn a_recording_with_an_unknown_setting_or_column_is_refused() {
    let case = golden_json("cases/session-tiny-timeout.json");
    assert_eq!(check_case(&case.to_string()), Ok(Vec::new()));
    for place in PLACES {
        for value in [Value::Null, json!([null, null]), json!({})] {
            let mut case = case.clone();
            case.pointer_mut(place).expect("a section")["foreign"] = value;
            let error = check_case(&case.to_string()).expect_err(place);
            assert!(error.to_string().contains("foreign"), "{place}: {error}");
        }
    }
}

#[test]
fn the_last_line_of_a_check_counts_the_files() {
    let case = golden_json("cases/session-tiny-order.json");
    let mut foreign = case.clone();
    foreign["expected"]["instances"]["foreign"] = Value::Null;
    let mut wrong = case.clone();
    wrong["expected"]["requests"]["ttft_us"][0] = json!(1);
    let files = [("right.json", &case), ("foreign.json", &foreign), ("wrong.json", &wrong)]
        .map(|(name, case)| Temporary::write(name, case.to_string().as_bytes()));
    let paths = files.iter().map(|file| file.0.as_os_str());
    let output = blis([OsStr::new("check")].into_iter().chain(paths));
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(text.lines().last(), Some("1 passed, 2 failed"), "{text}");
    assert!(text.contains("expected.instances.foreign"), "{text}");
}
