//! Block counts and maximum sequence lengths, as recorded from the reference.

use blis_playground::latency::check::check_kv_capacity;

#[test]
fn all_recorded_capacities_agree() {
    let report = check_kv_capacity(&crate::common::golden_text("kv_capacity.json")).expect("a recording");
    let shown: Vec<_> = report.differences.iter().take(20).map(ToString::to_string).collect();
    assert!(report.passed(), "{}", shown.join("\n"));
    assert_eq!(report.compared, 286 * 3);
}

#[test]
fn a_changed_count_is_reported_with_its_place() {
    let mut recording = crate::common::golden_json("kv_capacity.json");
    recording["rows"][2][5] = serde_json::json!(1);
    let report = check_kv_capacity(&recording.to_string()).expect("still a recording");
    assert_eq!(report.differences.len(), 1);
    assert_eq!(report.differences[0].to_string(), "rows[2].total_kv_blocks: expected 1, got 296614");
}

#[test]
fn malformed_recordings_are_errors() {
    for text in ["", "{}", r#"{"format": "cluster-golden-kv/1"}"#, r#"{"format": 3}"#] {
        check_kv_capacity(text).expect_err(text);
    }
}
