//! Files as the benchmarks write them, and tables as people type them.

use blis_playground::Config;
use blis_playground::latency::CustomCatalog;
use blis_playground::measurements::{
    LatencyFit, Measured, MeasuredArrivals, MeasurementOptions, Measurements, read_all,
};
use std::fs;
use std::path::Path;

pub(super) fn read(name: &str, text: &str) -> Measurements {
    read_all(&[(name, text.as_bytes())], &MeasurementOptions::default()).expect("options are fine")
}

fn only(measurements: &Measurements) -> &Measured {
    assert_eq!(measurements.files[0].problem, None, "{measurements:?}");
    assert_eq!(measurements.rows.len(), 1);
    &measurements.rows[0]
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or(f64::NAN);
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found}, expected {expected}");
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces").join(name)).expect("a sample")
}

/// The samples of three requests: what was read is right, and the answer is that there are too few rates.
#[test]
fn the_samples_are_read_and_hold_too_few_rates_to_calibrate() {
    let names = ["vllm-bench.json", "guidellm.json", "aiperf-profile-export.jsonl"];
    let samples: Vec<Vec<u8>> = names.iter().map(|name| sample(name)).collect();
    let each: Vec<Measurements> = names
        .iter()
        .zip(&samples)
        .map(|(name, bytes)| read_all(&[(name, bytes)], &MeasurementOptions::default()).expect("options"))
        .collect();

    let vllm = only(&each[0]);
    assert_eq!((vllm.rate, vllm.requests, vllm.failed), (Some(2.0), Some(2), 1));
    close(vllm.ttft_ms, 150.0);
    // (50 + 70) / 2 and 100 / 1.
    close(vllm.itl_ms, 80.0);
    close(vllm.input_tokens, 150.0);
    close(vllm.output_tokens, 2.5);
    close(vllm.e2e_ms, f64::midpoint(220.0, 300.0));

    let guidellm = only(&each[1]);
    assert_eq!((guidellm.requests, guidellm.failed), (Some(2), 1));
    close(guidellm.ttft_ms.map(f64::round), 200.0);
    close(guidellm.itl_ms.map(|gap| (gap * 1e3).round()), (800.0_f64 / 127.0 * 1e3).round());
    close(guidellm.rate, 2.0);

    let aiperf = only(&each[2]);
    assert_eq!((aiperf.requests, aiperf.failed), (Some(2), 1));
    close(aiperf.ttft_ms, f64::midpoint(255.887, 200.0));
    close(aiperf.itl_ms, (305.864_241 - 255.887) / 8.0);

    for measurements in &each {
        let problem = measurements.problem.as_deref().expect("cannot be fitted");
        assert!(
            problem.starts_with("too few rates to calibrate: 0 with at least 10 answered requests"),
            "{problem}"
        );
        let refused = LatencyFit::new(&Config::default(), CustomCatalog::default(), &measurements.rows, "");
        let error = refused.expect_err("too few rates").to_string();
        assert!(error.contains("too few rates to calibrate"), "{error}");
    }
    let files: Vec<(&str, &[u8])> = names.iter().copied().zip(samples.iter().map(Vec::as_slice)).collect();
    let all = read_all(&files, &MeasurementOptions::default()).expect("options");
    assert_eq!(all.rows.len(), 3);
    let problem = all.problem.expect("three rates, but of two requests each");
    assert!(problem.contains("too few rates to calibrate") && problem.contains("2 answered"), "{problem}");
}

/// A result of `vllm bench serve` without the lists.
fn vllm(rate: &str, more: &str) -> String {
    format!(
        r#"{{"date": "20260301-101112", "endpoint_type": "openai-comp", "backend": "openai-comp", "label": null,
        "model_id": "Qwen/Qwen3-14B", "tokenizer_id": "Qwen/Qwen3-14B", "num_prompts": 200, "request_rate": {rate},
        "burstiness": 1.0, "max_concurrency": null, "duration": 101.5, "completed": 198, "failed": 2,
        "total_input_tokens": 101376, "total_output_tokens": 25344, "request_throughput": 1.95, "request_goodput": null,
        "output_throughput": 249.7, "total_token_throughput": 1248.5, "max_output_tokens_per_s": 400.0,
        "max_concurrent_requests": 9, "rtfx": 0.0, "mean_ttft_ms": 41.5, "median_ttft_ms": 40.1, "std_ttft_ms": 3.0,
        "p99_ttft_ms": 55.2, "mean_tpot_ms": 13.2, "median_tpot_ms": 13.1, "std_tpot_ms": 0.4, "p99_tpot_ms": 14.9,
        "mean_itl_ms": 13.1, "median_itl_ms": 13.0, "std_itl_ms": 1.0, "p99_itl_ms": 20.0{more}}}"#
    )
}

#[test]
fn a_result_of_vllm_without_lists_has_its_means() {
    let text = vllm("2.0", "");
    let measurements = read("r2.json", &text);
    let row = only(&measurements);
    assert_eq!((row.rate, row.concurrency, row.requests, row.failed), (Some(2.0), None, Some(198), 2));
    assert_eq!(row.arrivals, Some(MeasuredArrivals::Poisson));
    close(row.input_tokens, 512.0);
    close(row.output_tokens, 128.0);
    close(row.ttft_ms, 41.5);
    close(row.itl_ms, 13.2);
    close(row.ttft_p99_ms, 55.2);
    close(row.output_tokens_per_s, 249.7);
    assert_eq!(row.problem, None);
}

#[test]
fn results_appended_to_one_file_are_rows_and_infinity_is_a_number_under_way() {
    let all = [
        vllm("2.0", ""),
        vllm(r#""inf""#, r#", "max_concurrency": 16"#),
        vllm(r#""inf""#, ""),
        vllm("Infinity", r#", "max_concurrency": 8"#),
    ];
    let lines: Vec<String> = all.iter().map(|text| text.replace('\n', " ")).collect();
    for text in [lines.join("\n"), all.join("\n\n"), format!("[{}]", all.join(","))] {
        let rows = read("all.json", &text).rows;
        let loads: Vec<_> = rows.iter().map(|row| (row.rate, row.concurrency)).collect();
        assert_eq!(loads, [(Some(2.0), None), (None, Some(16)), (None, Some(200)), (None, Some(8))]);
        assert_eq!(rows[1].source, "all.json, result 2");
    }
}

#[test]
fn a_result_of_sglang_is_read_like_one_of_vllm() {
    let text = r#"{"backend": "sglang", "dataset_name": "random", "request_rate": 4.0, "max_concurrency": null,
        "sharegpt_output_len": null, "random_input_len": 1024, "random_output_len": 256, "random_range_ratio": 1.0, "duration": 60.2,
        "completed": 240, "total_input_tokens": 245760, "total_output_tokens": 61440, "total_output_tokens_retokenized": 61400,
        "request_throughput": 3.98, "input_throughput": 4082.0, "output_throughput": 1020.6, "mean_e2e_latency_ms": 4100.0,
        "median_e2e_latency_ms": 4000.0, "std_e2e_latency_ms": 80.0, "p99_e2e_latency_ms": 4600.0, "mean_ttft_ms": 95.0,
        "median_ttft_ms": 90.0, "p99_ttft_ms": 180.0, "mean_tpot_ms": 15.7, "mean_itl_ms": 15.6, "concurrency": 16.3,
        "accept_length": null}"#;
    let measurements = read("sglang.jsonl", text);
    assert_eq!(measurements.files[0].format, "SGLang's serving benchmark");
    let row = only(&measurements);
    assert_eq!((row.rate, row.concurrency, row.requests), (Some(4.0), None, Some(240)));
    close(row.e2e_ms, 4100.0);
    close(row.input_tokens, 1024.0);
    assert_eq!(row.problem, None);
}

#[test]
fn what_vllm_prints_is_read_as_it_is_pasted() {
    let text = "Traffic request rate: 4.0\nBurstiness factor: 1.0 (Poisson process)\nMaximum request concurrency: None\n\
        100%|####| 200/200 [00:50<00:00]\n============ Serving Benchmark Result ============\n\
        Successful requests:                     200       \nFailed requests:                         0         \n\
        Request rate configured (RPS):           4.00      \nBenchmark duration (s):                  52.10     \n\
        Total input tokens:                      102400    \nTotal generated tokens:                  25600     \n\
        Request throughput (req/s):              3.84      \nOutput token throughput (tok/s):         491.36    \n\
        Peak concurrent requests:                14.00     \nTotal token throughput (tok/s):          2456.81   \n\
        ---------------Time to First Token----------------\nMean TTFT (ms):                          45.20     \n\
        Median TTFT (ms):                        43.10     \nP99 TTFT (ms):                           88.00     \n\
        -----Time per Output Token (excl. 1st token)------\nMean TPOT (ms):                          14.20     \n\
        Median TPOT (ms):                        14.10     \nP99 TPOT (ms):                           16.00     \n\
        ---------------Inter-token Latency----------------\nMean ITL (ms):                           14.00     \n\
        ==================================================\n";
    let slower = text
        .replace("4.0\n", "1.0\n")
        .replace("(RPS):           4.00", "(RPS):           1.00")
        .replace("491.36", "122.80");
    let measurements = read("terminal.txt", &format!("{text}\n{slower}"));
    assert_eq!(measurements.problem, None, "{measurements:?}");
    assert_eq!(measurements.rows.iter().map(|row| row.rate).collect::<Vec<_>>(), [Some(4.0), Some(1.0)]);
    let row = &measurements.rows[0];
    assert_eq!((row.requests, row.itl_ms, row.ttft_p99_ms), (Some(200), Some(14.2), Some(88.0)));
    assert_eq!((row.input_tokens, row.output_tokens), (Some(512.0), Some(128.0)));
    assert_eq!(row.output_tokens_per_s, Some(491.36));
}

/// A benchmark of GuideLLM in its newer form.
fn guidellm(strategy: &str, ttft: f64) -> String {
    let figure = |mean: f64| {
        format!(
            r#"{{"successful": {{"mean": {mean}, "median": {mean}, "std_dev": 0.0, "count": 60, "percentiles": {{"p50": {mean}, "p99": {}}}}},
            "errored": {{"mean": 0.0, "count": 0}}, "incomplete": {{"mean": 0.0, "count": 0}}}}"#,
            mean * 1.2
        )
    };
    format!(
        r#"{{"type_": "generative_benchmark", "config": {{"strategy": {strategy}, "profile": {{"type_": "sweep"}}}},
        "metrics": {{"request_totals": {{"successful": 60, "errored": 1, "incomplete": 2, "total": 63}},
        "requests_per_second": {}, "request_latency": {}, "prompt_token_count": {}, "output_token_count": {},
        "time_to_first_token_ms": {}, "time_per_output_token_ms": {}, "inter_token_latency_ms": {}, "output_tokens_per_second": {}}},
        "requests": {{"successful": [], "incomplete": [], "errored": []}}}}"#,
        figure(2.0),
        figure(1.9),
        figure(512.0),
        figure(128.0),
        figure(ttft),
        figure(14.8),
        figure(14.6),
        figure(250.0)
    )
}

#[test]
fn a_report_of_guidellm_has_a_row_per_benchmark_in_each_of_its_forms() {
    let strategies = [
        r#"{"type_": "synchronous"}"#,
        r#"{"type_": "throughput", "max_concurrency": 512}"#,
        r#"{"type_": "constant", "rate": 1.5, "max_concurrency": null}"#,
        r#"{"type_": "poisson", "rate": 2.5}"#,
        r#"{"type_": "concurrent", "streams": 8, "max_concurrency": 8}"#,
    ];
    let benchmarks: Vec<String> = strategies.iter().map(|strategy| guidellm(strategy, 60.0)).collect();
    let newer = format!(
        r#"{{"metadata": {{"version": 1, "guidellm_version": "0.5.0"}}, "args": {{"profile": "sweep"}}, "benchmarks": [{}]}}"#,
        benchmarks.join(",")
    );
    // Before version 0.4 the strategy stood below `args`, the counts in `run_stats`.
    let older = newer
        .replace(
            r#""config": {"strategy""#,
            r#""run_stats": {"requests_made": {"successful": 60, "errored": 1}}, "args": {"strategy""#,
        )
        .replace("request_totals", "totals_of_then");
    for text in [newer, older] {
        let measurements = read("benchmarks.json", &text);
        let loads: Vec<_> =
            measurements.rows.iter().map(|row| (row.rate, row.concurrency, row.arrivals)).collect();
        assert_eq!(
            loads,
            [
                (None, Some(1), None),
                (None, Some(512), None),
                (Some(1.5), None, Some(MeasuredArrivals::Constant)),
                (Some(2.5), None, Some(MeasuredArrivals::Poisson)),
                (None, Some(8), None),
            ]
        );
        let row = &measurements.rows[2];
        assert_eq!((row.requests, row.failed), (Some(60), 1));
        assert_eq!((row.ttft_ms, row.itl_ms, row.e2e_ms), (Some(60.0), Some(14.6), Some(1900.0)));
        assert_eq!((row.input_tokens, row.output_tokens), (Some(512.0), Some(128.0)));
        assert_eq!(row.source, "benchmarks.json, benchmark 3");
        assert_eq!(measurements.problem, None);
    }
}

#[test]
fn a_summary_of_aiperf_is_read_by_its_units() {
    let text = |loadgen: &str, ttft: &str, unit: &str| {
        format!(
            r#"{{"request_throughput": {{"unit": "requests/sec", "avg": 3.9}}, "request_latency": {{"unit": "ms", "avg": 1900.0}},
            "time_to_first_token": {{"unit": "{unit}", "avg": {ttft}, "p50": {ttft}, "p99": {ttft}}},
            "inter_token_latency": {{"unit": "ms", "avg": 14.5, "p50": 14.4, "p99": 17.0}},
            "output_token_throughput": {{"unit": "tokens/sec", "avg": 499.0}},
            "output_sequence_length": {{"unit": "tokens", "avg": 128.0, "std": 0.0}}, "input_sequence_length": {{"unit": "tokens", "avg": 550.0}},
            "request_count": {{"unit": "requests", "avg": 200.0}}, "error_summary": [{{"error_details": {{"code": 499}}, "count": 3}}],
            "error_request_count": null, "input_config": {{"endpoint": {{"streaming": true}}, "loadgen": {loadgen},
            "cli_command": "aiperf profile -m x --streaming"}}}}"#
        )
    };
    let measurements = read(
        "profile_export_aiperf.json",
        &text(r#"{"concurrency": 100, "request_rate_mode": "concurrency_burst"}"#, "0.06", "sec"),
    );
    let row = only(&measurements);
    assert_eq!((row.rate, row.concurrency, row.requests, row.failed), (None, Some(100), Some(200), 3));
    close(row.ttft_ms, 60.0);
    let measurements =
        read("a.json", &text(r#"{"request_rate": 4.0, "request_rate_mode": "constant"}"#, "60", "ms"));
    assert_eq!(
        (only(&measurements).rate, only(&measurements).arrivals),
        (Some(4.0), Some(MeasuredArrivals::Constant))
    );
    let measurements = read("a.json", &text("{}", "60", "ms"));
    assert_eq!(only(&measurements).rate, Some(3.9));
    let measurements = read("a.json", &text("{}", "60", "fortnights"));
    assert!(measurements.files[0].notes[0].contains("fortnights"), "{measurements:?}");
    assert_eq!(only(&measurements).ttft_ms, None);
}

#[test]
fn records_of_aiperf_show_what_set_their_pace() {
    let line = |start: u64, end: u64| {
        format!(
            r#"{{"metadata": {{"session_num": 0, "request_start_ns": {}, "request_end_ns": {}, "benchmark_phase": "profiling", "was_cancelled": false}}, "metrics": {{"input_sequence_length": {{"value": 100, "unit": "tokens"}}, "output_sequence_length": {{"value": 11, "unit": "tokens"}}, "time_to_first_token": {{"value": 40, "unit": "ms"}}, "inter_token_latency": {{"value": 12, "unit": "ms"}}, "request_latency": {{"value": 160, "unit": "ms"}}}}, "error": null}}"#,
            1_759_813_207_000_000_000 + start * 1_000_000,
            1_759_813_207_000_000_000 + end * 1_000_000
        )
    };
    // Two users, one after the other.
    let users: Vec<String> = (0..40).map(|place| line(place * 100, place * 100 + 199)).collect();
    let measurements = read("profile_export.jsonl", &users.join("\n"));
    assert_eq!((only(&measurements).rate, only(&measurements).concurrency), (None, Some(2)));
    let evenly: Vec<String> = (0..40).map(|place| line(place * 500, place * 500 + 160)).collect();
    let measurements = read("profile_export.jsonl", &evenly.join("\n"));
    let row = only(&measurements);
    assert_eq!((row.concurrency, row.arrivals), (None, Some(MeasuredArrivals::Constant)), "{row:?}");
    close(row.rate.map(|rate| (rate * 1e6).round() / 1e6), 2.0);
    close(row.itl_ms, 12.0);
}

#[test]
fn tables_are_read_however_they_are_written() {
    let tables = [
        "rate,input tokens,output tokens,ttft (ms),itl (ms),throughput\n1.5,512,128,41.5,13.2,192\n4,512,128,60,15.1,510\n",
        "# of the second of March\nrate\tinput_tokens\toutput_tokens\tttft_ms\titl_ms\toutput_tokens_per_s\n1.5\t512\t128\t41.5\t13.2\t192\n\n4\t512\t128\t60\t15.1\t510\n",
        "Rate (req/s);ISL;OSL;TTFT [s];TPOT [ms];Output throughput (tok/s)\n1,5;512;128;0,0415;13,2;192\n4;512;128;0,06;15,1;510\n",
        "| request rate | prompt tokens | output tokens | Mean TTFT (ms) | Mean ITL (ms) | tokens/s |\n|---|--:|--:|--:|--:|:-:|\n| 1.5 | 512 | 128 | 41.5 | 13.2 | 192 |\n| 4 | 512 | 128 | 60 | 15.1 | 510 |\n",
        "rate  input  output  ttft  itl  throughput\n1.5   512    128     41.5ms  0.0132 s  192\n4     512    128     60 ms   15.1ms    510\n",
        "\u{feff}rps,input,output,\"TTFT, mean (ms)\",itl_ms,tps\r\n1.5,512,128,41.5,13.2,192\r\n4,512,128,60,15.1,510\r\n",
        r#"[{"rate": 1.5, "input_tokens": 512, "output_tokens": 128, "ttft_ms": 41.5, "itl_ms": 13.2, "output_tokens_per_s": 192},
            {"rate": 4, "input_tokens": 512, "output_tokens": 128, "ttft_ms": 60, "itl_ms": 15.1, "output_tokens_per_s": 510}]"#,
    ];
    for text in tables {
        let measurements = read("table", text);
        assert_eq!(measurements.problem, None, "{text}");
        let row = &measurements.rows[0];
        assert_eq!((row.rate, row.concurrency), (Some(1.5), None), "{text}");
        close(row.ttft_ms, 41.5);
        close(row.itl_ms, 13.2);
        assert_eq!(
            (row.input_tokens, row.output_tokens, row.output_tokens_per_s),
            (Some(512.0), Some(128.0), Some(192.0))
        );
        assert_eq!(measurements.rows[1].ttft_ms, Some(60.0), "{text}");
    }
    let users = read("table", "concurrency,ttft,itl,input,output\n1,40,13,512,128\n16,80,15,512,128\n");
    assert_eq!(users.rows[1].concurrency, Some(16));
    assert!(users.files[0].notes[0].contains("taken as ms"), "{users:?}");
}

#[test]
fn lengths_that_are_missing_are_asked_for_and_can_be_given() {
    let text = "rate,ttft (ms),itl (ms)\n1,40,13\n4,60,15\n";
    let problem = read("t.csv", text).problem.expect("no lengths");
    assert!(problem.contains("no input tokens: give them (--input-tokens)"), "{problem}");
    let options =
        MeasurementOptions { input_tokens: Some(512.0), output_tokens: Some(128.0), arrivals: None };
    let given = read_all(&[("t.csv", text.as_bytes())], &options).expect("options");
    assert_eq!((given.problem, given.rows[0].input_tokens), (None, Some(512.0)));
    let wrong = MeasurementOptions { input_tokens: Some(f64::NAN), ..options };
    let error = read_all(&[], &wrong).expect_err("no length");
    assert_eq!(error.to_string(), "options.input_tokens: got NaN, expected 1 to 10000000 tokens");
}

/// A summary of `AIPerf` 0.10 whose measured phase is this.
fn phases(phase: &str) -> String {
    format!(
        r#"{{"request_throughput": {{"unit": "requests/sec", "avg": 0.75}}, "request_count": {{"unit": "requests", "avg": 96}},
        "time_to_first_token": {{"unit": "ms", "avg": 154.3}}, "inter_token_latency": {{"unit": "ms", "avg": 5.67}},
        "input_sequence_length": {{"unit": "tokens", "avg": 2855, "std": 1427}},
        "output_sequence_length": {{"unit": "tokens", "avg": 434.7}},
        "input_config": {{"phases": [{{"name": "warmup", "type": "concurrency", "concurrency": 9, "exclude_from_results": true}},
        {phase}]}}, "run_info": {{"cli_command": "aiperf profile ..."}}}}"#
    )
}

#[test]
fn the_load_of_a_summary_with_phases_is_that_of_the_measured_phase() {
    let open = read("a.json", &phases(r#"{"name": "profiling", "type": "poisson", "rate": 0.8}"#));
    let row = &open.rows[0];
    assert_eq!((row.rate, row.concurrency, row.arrivals), (Some(0.8), None, Some(MeasuredArrivals::Poisson)));
    assert_eq!(row.input_tokens_stdev, Some(1427.0));
    let even = read("a.json", &phases(r#"{"name": "profiling", "type": "constant", "rate": 0.8}"#));
    assert_eq!(even.rows[0].arrivals, Some(MeasuredArrivals::Constant));
    let closed = read("a.json", &phases(r#"{"name": "profiling", "type": "concurrency", "concurrency": 2}"#));
    assert_eq!((closed.rows[0].rate, closed.rows[0].concurrency), (None, Some(2)));
    let command = phases(r#"{"name": "profiling"}"#).replace(
        "profile ...",
        "profile --request-rate-mode x --request-rate 1.5 --arrival-pattern 'constant'",
    );
    let told = read("a.json", &command);
    assert_eq!((told.rows[0].rate, told.rows[0].arrivals), (Some(1.5), Some(MeasuredArrivals::Constant)));
}

#[test]
fn records_of_the_first_version_are_read_after_cancelled_ones() {
    let mut lines = Vec::new();
    for at in 0..2 {
        lines.push(format!(
            r#"{{"metadata": {{"timestamp_ns": {at}, "credit_phase": "profiling"}}, "metrics": {{"error_request_count": {{"value": 1, "unit": "requests"}}}}, "error": {{"code": 499}}}}"#
        ));
    }
    for at in 0..20_u64 {
        let (start, end) = (at * 250_000_000, at * 250_000_000 + 1_300_000_000);
        lines.push(format!(
            r#"{{"metadata": {{"timestamp_ns": {start}, "credit_phase": "profiling"}}, "metrics": {{"ttft": {{"value": 47, "unit": "ms"}}, "inter_token_latency": {{"value": 10, "unit": "ms"}}, "request_latency": {{"value": 1300, "unit": "ms"}}, "input_sequence_length": {{"value": 512, "unit": "tokens"}}, "output_sequence_length": {{"value": 128, "unit": "tokens"}}, "max_response_timestamp": {{"value": {end}, "unit": "ns"}}}}, "error": null}}"#
        ));
    }
    let found = read("records.jsonl", &lines.join("\n"));
    let row = &found.rows[0];
    assert_eq!((row.requests, row.failed, row.ttft_ms), (Some(20), 2, Some(47.0)), "{found:?}");
    assert!(row.rate.is_some_and(|rate| (rate - 4.0).abs() < 1e-6), "{row:?}");
}
