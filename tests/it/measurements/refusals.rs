//! What is refused, and why.

use super::reading::read;
use blis_playground::latency::CustomCatalog;
use blis_playground::measurements::{LatencyFit, MeasurementOptions, read_all};
use blis_playground::{Config, ConfigError};
use std::fmt::Write as _;

/// The problem of a table of two rates whose first row has these times.
fn problem(ttft: &str, itl: &str, e2e: &str) -> String {
    let text = format!(
        "rate,input,output,ttft (ms),itl (ms),e2e (ms)\n1,512,128,{ttft},{itl},{e2e}\n4,512,128,60,15,\n"
    );
    read("t.csv", &text).problem.unwrap_or_default()
}

#[test]
fn what_cannot_be_is_refused_with_the_reason() {
    assert_eq!(problem("40", "13", "1700"), "");
    let cases = [
        (("-40", "13", ""), "TTFT of -40 ms, expected above 0"),
        (("0", "13", ""), "TTFT of 0 ms, expected above 0"),
        (("NaN", "13", ""), "TTFT of NaN ms, expected above 0"),
        (("inf", "13", ""), "TTFT of inf ms, expected at most 3600000"),
        (("", "", "1700"), "neither a time to first token nor one between tokens"),
        (("2000", "13", "1700"), "TTFT of 2000 ms above E2E of 1700 ms"),
        (("40", "13000", "1700"), "ITL of 13000 ms, expected at most 10000: is its unit right?"),
        (("40", "130", "1700"), "far from E2E 1700 ms"),
        (("0.04", "0.013", ""), "shorter than any server's; are these seconds?"),
    ];
    for ((ttft, itl, e2e), expected) in cases {
        let problem = problem(ttft, itl, e2e);
        assert!(
            problem.contains(expected) && problem.contains("t.csv, line 2"),
            "{problem}, expected {expected}"
        );
    }
    let one = read("t.csv", "rate,input,output,ttft,itl\n2,512,128,40,13\n2.01,512,128,41,13\n");
    let problem = one.problem.expect("one rate");
    assert!(problem.starts_with("too few rates to calibrate: 1 with"), "{problem}");
    let much =
        read("t.csv", "rate,input,output,ttft,itl,throughput\n1,512,128,40,13,9000\n2,512,128,41,13,256\n");
    assert!(much.problem.expect("too much").contains("more than was asked for"));
}

#[test]
fn files_that_are_something_else_are_refused_and_say_what_they_have() {
    let cases: [(&str, &str); 9] = [
        ("", "an empty file"),
        ("{}", "the object has no names"),
        (r#"{"name": "x", "version": 2}"#, "the object has name, version"),
        (r#"{"benchmarks": []}"#, "no result in it"),
        ("[1, 2]", "values that are no objects"),
        (r#"{"mean_ttft_ms": 5, "#, "no JSON, or cut off"),
        ("hello world\n", "no table with a column for the rate"),
        ("rate,ttft,itl\n", "a heading and no row"),
        ("rate,ttft,itl\n1,fast,13\n", "line 2, ttft: got \"fast\", expected a number"),
    ];
    for (text, expected) in cases {
        let found = read("file", text).files[0].problem.clone().unwrap_or_default();
        assert!(found.contains(expected), "{text:?}: {found}, expected {expected}");
    }
    let long = (0..2000).fold("rate,ttft,itl\n".to_owned(), |mut text, rate| {
        let _ = writeln!(text, "{rate},40,13");
        text
    });
    assert!(read("file", &long).problem.expect("too many").contains("2000 rows"));
    let bytes = read_all(&[("a", &[0xff, 0xfe, 0x00])], &MeasurementOptions::default()).expect("options");
    assert!(bytes.files[0].problem.as_deref().is_some_and(|problem| problem.contains("UTF-8")));
    let cut = read_all(&[("a.gz", &[0x1f, 0x8b, 8, 0, 1])], &MeasurementOptions::default()).expect("options");
    assert!(cut.files[0].problem.as_deref().is_some_and(|problem| problem.contains("damaged gzip")));
}

#[test]
fn own_coefficients_are_no_beginning_of_a_fit() {
    let mut config = Config::default();
    (config.model.alpha_coeffs, config.model.beta_coeffs) = (Some(vec![1.0; 3]), Some(vec![1.0; 7]));
    let rows = read("t", "rate,input,output,ttft,itl\n1,512,128,40,13\n4,512,128,60,15\n").rows;
    let error = LatencyFit::new(&config, CustomCatalog::default(), &rows, "").expect_err("refused");
    assert!(matches!(error, ConfigError::Conflict { .. }), "{error}");
}

/// A result as vLLM writes it, with these words for the means.
fn result(ttft: &str, itl: &str) -> String {
    format!(
        r#"{{"request_rate": 4.0, "completed": 60, "duration": 15.0, "total_input_tokens": 30720, "total_output_tokens": 7680,
        "median_ttft_ms": 47.0, "median_itl_ms": 9.9, {ttft} "mean_tpot_ms": {itl}, "mean_itl_ms": {itl}}}"#
    )
}

#[test]
fn a_mean_that_is_broken_is_refused_and_one_that_is_not_there_is_not() {
    let cases = [
        (r#""mean_ttft_ms": NaN,"#, "10.0", "r.json: mean_ttft_ms"),
        (r#""mean_ttft_ms": true,"#, "10.0", "r.json: mean_ttft_ms"),
        (r#""mean_ttft_ms": 0.0,"#, "10.0", "r.json: mean_ttft_ms"),
        (r#""mean_ttft_ms": 47.1,"#, "0.0", "r.json: mean_tpot_ms"),
    ];
    for (ttft, itl, expected) in cases {
        let problem = read("r.json", &result(ttft, itl)).files[0].problem.clone().unwrap_or_default();
        assert!(problem.contains(expected) && problem.contains("above 0"), "{problem}, expected {expected}");
    }
    for absent in ["", r#""mean_ttft_ms": null,"#] {
        let found = read("r.json", &result(absent, "10.0"));
        assert_eq!(found.rows[0].ttft_ms, Some(47.0));
        assert!(found.files[0].notes[0].contains("its median is taken"), "{:?}", found.files[0].notes);
    }
    let huge = read("r.json", &result(r#""mean_ttft_ms": 1e300,"#, "10.0")).problem.expect("refused");
    assert!(huge.contains("TTFT of 1e300 ms") && huge.len() < 500, "{huge}");
}

#[test]
fn files_beside_the_right_one_say_which_is_needed() {
    let cases = [
        (r#"{"per_combination_metrics": []}"#, "profile_export_aiperf.json of each combination"),
        ("metadata:\n  version: 1\nbenchmarks:\n- config: {}\n", "save the report as JSON (--outputs json)"),
        ("Run Info,Run Info,Benchmark\nModel,Backend,Name\n,,\nm,b,constant@2\n", "save the report as JSON"),
    ];
    for (text, expected) in cases {
        let problem = read("file", text).files[0].problem.clone().unwrap_or_default();
        assert!(problem.contains(expected), "{problem}");
    }
}

#[test]
fn of_a_report_that_says_none_was_answered_no_sample_is_believed() {
    let request = r#"{"request_latency": 1.5, "time_to_first_token_ms": 40, "inter_token_latency_ms": 10}"#;
    let sample = [request; 12].join(",");
    let text = format!(
        r#"{{"benchmarks": [{{"config": {{"strategy": {{"type_": "poisson", "rate": 2}}}},
        "metrics": {{"request_totals": {{"successful": 0, "errored": 60}}}}, "requests": {{"successful": [{sample}]}}}}]}}"#
    );
    let found = read("report.json", &text);
    assert_eq!((found.rows[0].requests, found.rows[0].failed, found.rows[0].ttft_ms), (Some(0), 60, None));
    assert!(found.problem.expect("refused").contains("no request was answered"));
}

#[test]
fn a_row_longer_than_the_model_takes_is_refused_before_anything_is_simulated() {
    let config = Config::default();
    let text = "rate,input,output,ttft,itl\n1,512,128,40,13\n4,10000000,128,60,15\n";
    let error = LatencyFit::new(&config, CustomCatalog::default(), &read("t.csv", text).rows, "")
        .expect_err("too long")
        .to_string();
    assert!(error.contains("t.csv, line 3") && error.contains("longest sequence of"), "{error}");
}
