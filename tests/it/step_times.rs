//! Step times and overheads of both latency models, as recorded from the reference.

use blis_playground::latency::check::{Report, check_step_times};

fn check(recording: &str) -> Report {
    let report = check_step_times(&crate::common::golden_text(recording)).expect("a recording of step times");
    let shown: Vec<_> = report.differences.iter().take(20).map(ToString::to_string).collect();
    assert!(report.passed(), "{} differences:\n{}", report.differences.len(), shown.join("\n"));
    report
}

#[test]
fn eleven_batches_on_every_model_agree() {
    // 130 + 30 rows of 11 times and three overheads; 65 roofline rows are summed a second time.
    let report = check("step_time.json");
    assert!(report.compared >= 160 * (11 + 3), "{} values compared", report.compared);
}

#[test]
fn eighty_thousand_random_and_adversarial_step_times_agree() {
    let report = check("step-times-2.json");
    assert!(report.compared >= 80_284, "{} values compared", report.compared);
}

#[test]
fn a_changed_time_is_reported_with_its_place() {
    let mut recording = crate::common::golden_json("step_time.json");
    recording["rows"][3][7][2] = serde_json::json!(1);
    recording["coefficient_rows"][1][5] = serde_json::json!(-7);
    let report = check_step_times(&recording.to_string()).expect("still a recording");
    let places: Vec<_> =
        report.differences.iter().map(|d| (d.table.as_str(), d.row, d.column.as_str())).collect();
    assert_eq!(places[0], ("rows", 3, "step_us[2]"));
    assert_eq!(*places.last().expect("two changes"), ("coefficient_rows", 1, "queueing_us"));
    assert_eq!(report.differences[0].expected, "1");
}

#[test]
fn an_unknown_model_is_a_difference_and_not_an_error() {
    let text = r#"{"format": "cluster-golden-step/1", "batches": [[]],
        "columns": ["model", "hardware", "tp", "latency_model", "step_us"],
        "rows": [["gpt-5", "H100", 1, "roofline", [1]]]}"#;
    let report = check_step_times(text).expect("well-formed");
    assert!(!report.passed());
    assert!(report.differences[0].got.contains("model.name"));
}

#[test]
fn malformed_recordings_are_errors_with_a_place() {
    let columns = r#""columns": ["model", "hardware", "tp", "latency_model", "step_us"]"#;
    for (text, path) in [
        (String::new(), "file"),
        ("[]".to_owned(), "file"),
        (r#"{"format": "other/1"}"#.to_owned(), "format"),
        (r#"{"format": "cluster-golden-step/1"}"#.to_owned(), "file"),
        (
            format!(r#"{{"format": "cluster-golden-step/1", {columns}, "batches": [[[1]]], "rows": []}}"#),
            "batches[0][0]",
        ),
        (format!(r#"{{"format": "cluster-golden-step/1", {columns}, "batches": 3, "rows": []}}"#), "batches"),
        (
            format!(r#"{{"format": "cluster-golden-step/1", {columns}, "batches": [], "rows": [3]}}"#),
            "rows[0]",
        ),
        (
            format!(
                r#"{{"format": "cluster-golden-step/1", {columns}, "batches": [],
                "rows": [["qwen3-14b", "H100", -1, "roofline", []]]}}"#
            ),
            "rows[0][2]",
        ),
    ] {
        let error = check_step_times(&text).expect_err(&text);
        assert_eq!(error.path(), path, "{text}");
    }
}
