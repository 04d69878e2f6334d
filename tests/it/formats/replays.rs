//! Runs as traces and traces as workloads (workload chapter, W-11.3 and W-11.4; cluster chapter, INV-13).

use blis_playground::config::{AdmissionPolicyName, SloTarget};
use blis_playground::formats::trace::{Mode, Trace, TraceRow};
use blis_playground::outcome::print::trace::export;
use blis_playground::record::{RequestState, digest};
use blis_playground::workload::replay;
use blis_playground::workload::specification::from_yaml;
use blis_playground::{Config, Outcome, simulate};

fn config(pairs: &[(&str, &str)]) -> Config {
    let story = [("latency", "roofline"), ("instances", "2"), ("rate", "50"), ("n", "200")];
    Config::from_pairs(&Config::default(), story.iter().chain(pairs).copied()).expect("settings")
}

/// The configuration with the workload of a run's trace.
fn again(config: &Config, outcome: &Outcome) -> Config {
    let files = export(outcome, config, Mode::Generated);
    replay(&files.header, &files.data).expect("valid").applied_to(config)
}

#[track_caller]
fn same_latencies(config: &Config) {
    let first = simulate(config).expect("runs");
    let second = simulate(&again(config, &first)).expect("runs");
    let columns = |outcome: &Outcome| {
        let records = outcome.records.clone();
        let requests = &outcome.requests;
        (
            records.state,
            records.ttft,
            records.e2e,
            records.itl_sum,
            records.instance,
            requests.arrival.clone(),
        )
    };
    assert_eq!(columns(&second), columns(&first));
    assert_eq!(second.requests.deadline, first.requests.deadline);
}

#[test]
fn a_run_and_the_replay_of_its_trace_agree_request_by_request() {
    same_latencies(&config(&[]));
    same_latencies(&config(&[("prefix", "100"), ("route", "weighted"), ("timeout", "2"), ("rate", "300")]));
    same_latencies(&config(&[("horizon", "3000000"), ("admission", "token-bucket"), ("bucket", "2000")]));
}

/// Four instances that get more than they can read: half of the work is done after twice the latest arrival.
#[test]
fn a_trace_of_an_overloaded_run_is_not_cut() {
    let overloaded = config(&[("instances", "4"), ("rate", "200"), ("n", "1000")]);
    let outcome = simulate(&overloaded).expect("runs");
    let replayed = again(&overloaded, &outcome);
    assert_eq!(replayed.cluster.horizon, None);
    let second = simulate(&replayed).expect("runs");
    assert_eq!(second.records.state, vec![RequestState::Completed; 1000]);
    assert_eq!(digest(&second), digest(&outcome));
}

#[test]
fn labels_of_a_specification_survive() {
    let mut config = config(&[]);
    config.workload.spec = Some(
        from_yaml(
            "{aggregate_rate: 50, num_requests: 40, clients: [{id: a, tenant_id: t, slo_class: batch, rate_fraction: 1, \
             streaming: true, slo_target_us: 5, prefix_group: g, prefix_length: 48, arrival: {process: poisson}, \
             input_distribution: {type: constant, params: {value: 30}}, \
             output_distribution: {type: constant, params: {value: 4}}}]}",
        )
        .expect("valid"),
    );
    let outcome = simulate(&config).expect("runs");
    let files = export(&outcome, &config, Mode::Generated);
    let rows = Trace::read(&files.header, &files.data).expect("valid").rows;
    assert_eq!(rows.len(), 40);
    for row in &rows {
        assert_eq!(
            (row.client_id.as_str(), row.tenant_id.as_str(), row.slo_class.as_str()),
            ("a", "t", "batch")
        );
        assert_eq!((row.prefix_group.as_str(), row.prefix_length, row.input_tokens), ("g", 48, 30));
        assert_eq!((row.streaming, row.slo_target_us), (true, 5));
        assert_eq!(row.send_time_us, row.arrival_time_us);
    }
    let second = simulate(&again(&config, &outcome)).expect("runs");
    assert_eq!(second.requests.clients, ["a"]);
    assert_eq!(second.records.ttft, outcome.records.ttft);
}

#[test]
fn sessions_and_rounds_of_virtual_users_survive() {
    let config = config(&[("users", "3"), ("n", "9")]);
    let outcome = simulate(&config).expect("runs");
    let rows = |config: &Config, outcome: &Outcome| {
        let files = export(outcome, config, Mode::Generated);
        let rows = Trace::read(&files.header, &files.data).expect("valid").rows;
        rows.into_iter().map(|row| (row.session_id, row.round_index)).collect::<Vec<_>>()
    };
    let first = rows(&config, &outcome);
    assert!(first.iter().any(|(session, round)| session.ends_with("_user_2") && *round == 2), "{first:?}");
    let replayed = again(&config, &outcome);
    assert_eq!(rows(&replayed, &simulate(&replayed).expect("runs")), first);
}

#[test]
fn rejected_requests_are_incomplete_and_those_beyond_the_horizon_absent() {
    let mut config = config(&[("horizon", "1000000")]);
    config.admission.policy = AdmissionPolicyName::RejectAll;
    let outcome = simulate(&config).expect("runs");
    let files = export(&outcome, &config, Mode::Generated);
    let rows = Trace::read(&files.header, &files.data).expect("valid").rows;
    assert!(rows.len() < 60 && rows.len() > 40, "{}", rows.len());
    assert!(rows.iter().all(|row| row.status == "incomplete" && row.first_chunk_time_us == 0));
    assert!(rows.iter().enumerate().all(|(number, row)| row.request_id == number as i64));
}

/// A trace of these rows.
fn data(rows: &[TraceRow]) -> String {
    Trace { rows: rows.to_vec(), ..Trace::default() }.write().data
}

fn row(arrival_time_us: i64) -> TraceRow {
    TraceRow {
        request_id: arrival_time_us,
        arrival_time_us,
        input_tokens: 10,
        output_tokens: 3,
        ..TraceRow::default()
    }
}

#[test]
fn times_lengths_and_prefixes_are_taken_as_the_chapter_says() {
    let rows = [
        TraceRow { send_time_us: 70, ..row(50) },
        TraceRow { server_input_tokens: 99, ..row(60) },
        TraceRow { server_input_tokens: 99, prefix_group: "g".to_owned(), ..row(80) },
        TraceRow { prefix_group: "g".to_owned(), prefix_length: 32, ..row(90) },
        TraceRow { prefix_group: "g".to_owned(), prefix_length: 7, ..row(95) },
        TraceRow { prefix_group: "bare".to_owned(), ..row(97) },
    ];
    let replay = replay("", &data(&rows)).expect("valid");
    let read: Vec<_> = replay
        .requests
        .iter()
        .map(|request| (request.arrival_us, request.input_tokens, request.prefix_length))
        .collect();
    assert_eq!(read, [(70, 10, 0), (60, 99, 0), (80, 42, 32), (90, 42, 32), (95, 42, 32), (97, 10, 0)]);
    assert_eq!(replay.requests[5].prefix_group.as_deref(), Some("bare"));
    assert_eq!(replay.requests[0].id.as_deref(), Some("request_50"));
    assert_eq!(replay.reference_horizon, 194);
}

#[test]
fn the_reference_ends_a_trace_in_which_everything_arrives_at_once_after_ten_minutes() {
    assert_eq!(replay("", &data(&[row(0)])).expect("valid").reference_horizon, 600_000_000);
}

#[test]
fn targets_of_the_header_hold_unless_the_settings_have_the_dimension() {
    let header = "goodput_slo_targets: {batch: {ttft_ms: 5, e2e_ms: 9}, critical: {itl_ms: 0}}";
    let read = replay(header, &data(&[row(1)])).expect("valid");
    let mut base = Config::default();
    base.slo.insert("critical".to_owned(), SloTarget { ttft_ms: Some(1.0), ..SloTarget::default() });
    let merged = read.applied_to(&base).slo;
    assert_eq!(merged["batch"], SloTarget { e2e_ms: Some(9.0), ..SloTarget::default() });
    assert_eq!(merged["critical"].ttft_ms, Some(1.0));
}

#[test]
fn classes_of_targets_have_names_that_the_settings_take() {
    for class in ["", "a,b", "a=b", " a", &"x".repeat(201)] {
        let header = format!("goodput_slo_targets: {{\"{class}\": {{ttft_ms: 0}}}}");
        let error = replay(&header, &data(&[row(1)])).expect_err("refused");
        assert!(error.path().starts_with("trace header.goodput_slo_targets."), "{error}");
        assert!(error.expected().starts_with("a class name"), "{error}");
    }
    let classes: Vec<String> = (0..1001).map(|class| format!("c{class}: {{ttft_ms: 1}}")).collect();
    let header = |count: usize| format!("goodput_slo_targets: {{{}}}", classes[..count].join(", "));
    let error = replay(&header(1001), &data(&[row(1)])).expect_err("refused");
    assert_eq!(error.expected(), "at most 1000 classes");
    assert!(replay(&header(1000), &data(&[row(1)])).is_ok());
}

#[test]
fn what_cannot_be_served_is_refused_by_row_and_field() {
    let refused = |row: TraceRow| replay("", &data(&[row])).expect_err("refused").to_string();
    assert!(refused(row(-5)).starts_with("trace data, row 1 (arrival_time_us): got -5"));
    assert!(
        refused(TraceRow { input_tokens: 10_000_001, ..row(1) })
            .starts_with("trace data, row 1 (input_tokens)")
    );
    assert!(refused(TraceRow { deadline_us: i64::MAX, ..row(1) }).contains("(deadline_us)"));
    assert!(refused(TraceRow { round_index: -1, ..row(1) }).contains("(round_index)"));
}
