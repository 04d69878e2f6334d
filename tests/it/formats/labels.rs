//! Labels of requests on their way through a run and a trace: models, sessions, streaming, rows that are not finished
//! (workload chapter, W-12; metrics chapter, M-13).

use blis_playground::config::{AdmissionPolicyName, Burst};
use blis_playground::formats::trace::{Mode, Trace, TraceRow};
use blis_playground::outcome::print::replay_rows::replay_rows;
use blis_playground::outcome::print::report::{ReportOptions, report};
use blis_playground::outcome::print::rows::request_rows;
use blis_playground::outcome::print::trace::export;
use blis_playground::record::{EndReason, RequestState, digest};
use blis_playground::simulation::Detours;
use blis_playground::workload::replay;
use blis_playground::workload::specification::from_yaml;
use blis_playground::{Config, Outcome, Simulation, simulate};

const SERVED: &str = "qwen/qwen3-14b";

fn config(pairs: &[(&str, &str)]) -> Config {
    let story = [("latency", "roofline"), ("instances", "2")];
    Config::from_pairs(&Config::default(), story.iter().chain(pairs).copied()).expect("settings")
}

fn row(number: i64, model: &str) -> TraceRow {
    TraceRow {
        request_id: number,
        arrival_time_us: 1000 * number,
        input_tokens: 100,
        output_tokens: 3,
        model: model.to_owned(),
        ..TraceRow::default()
    }
}

/// A configuration that replays these rows.
fn replayed(rows: &[TraceRow], config: &Config) -> Config {
    let files = Trace { rows: rows.to_vec(), ..Trace::default() }.write();
    replay(&files.header, &files.data).expect("a valid trace").applied_to(config)
}

/// The rows that a run exports as the replay that it is.
fn exported(config: &Config, outcome: &Outcome) -> Vec<TraceRow> {
    let files = export(outcome, config, Mode::Replayed);
    Trace::read(&files.header, &files.data).expect("valid").rows
}

fn printed(outcome: &Outcome) -> String {
    report(outcome, &ReportOptions::default())
}

#[test]
fn rows_of_another_model_are_rejected_at_routing_one_by_one_and_the_run_goes_on() {
    let rows = [row(1, SERVED), row(2, "llama"), row(3, ""), row(4, "Qwen/Qwen3-14B"), row(5, SERVED)];
    let config = replayed(&rows, &config(&[]));
    let outcome = simulate(&config).expect("runs");
    let records = &outcome.records;
    let states: Vec<bool> = records.state.iter().map(|&state| state == RequestState::Completed).collect();
    assert_eq!(states, [true, false, true, false, true]);
    for other in [1, 3] {
        assert_eq!(records.state[other], RequestState::Rejected);
        assert_eq!(records.end_reason[other], EndReason::OtherModel);
        assert!(records.admitted_at[other].happened() && !records.routed_at[other].happened());
    }
    // Round-robin does not count them.
    assert_eq!([0, 2, 4].map(|at| records.instance[at].get()), [0, 1, 0]);
    assert_eq!((outcome.gateway.routing_rejections, outcome.gateway.rejected), (2, 0));
    let text = printed(&outcome);
    assert!(text.contains("Rejected Requests (Admission): 0\nRejected Requests (Routing): 2\n"), "{text}");
    assert!(text.contains("=== Per-Model Metrics ===\n  qwen/qwen3-14b:\n    TTFT: p50="), "{text}");
    assert!(!text.contains("llama"), "{text}");
    let (rows, results) = (request_rows(&outcome), replay_rows(&outcome));
    assert_eq!(rows.iter().map(|row| row.model.as_str()).collect::<Vec<_>>(), [SERVED, "", SERVED]);
    assert_eq!(results.iter().map(|row| row.model.as_str()).collect::<Vec<_>>(), [SERVED, "", SERVED]);
    let labels: Vec<String> = exported(&config, &outcome).into_iter().map(|row| row.model).collect();
    assert_eq!(labels, [SERVED, "llama", "", "Qwen/Qwen3-14B", SERVED]);
}

#[test]
fn admission_sees_no_instance_for_another_model() {
    let batch = |number, model| TraceRow { slo_class: "batch".to_owned(), ..row(number, model) };
    let many = |model| (0..40).map(move |number| batch(number, model));
    let rows: Vec<TraceRow> = many(SERVED).chain((40..60).map(|number| batch(number, "llama"))).collect();
    let run = |policy| {
        let mut config = config(&[]);
        config.admission.policy = policy;
        config.admission.tier_shed_threshold = 5;
        config.routing.snapshot_refresh_interval = 0;
        simulate(&replayed(&rows, &config)).expect("runs")
    };
    // Without load everything is let in, of the model that is served much is not.
    let shed = run(AdmissionPolicyName::TierShed);
    assert_eq!(shed.gateway.routing_rejections, 20);
    assert!(shed.gateway.rejected > 0);
    // The saturation of nothing is 1.
    let gaie = run(AdmissionPolicyName::GaieLegacy);
    assert_eq!(gaie.gateway.routing_rejections, 0);
    assert!((40..60).all(|at| gaie.records.state[at] == RequestState::Rejected));
}

#[test]
fn requests_of_another_model_change_nothing_for_the_others() {
    let busy = [("rate", "300"), ("n", "300"), ("route", "least-loaded"), ("refresh", "20000")];
    let alone = config(&busy);
    let outcome = simulate(&alone).expect("runs");
    let files = export(&outcome, &alone, Mode::Generated);
    let own = Trace::read(&files.header, &files.data).expect("valid").rows;
    let mut mixed = Vec::new();
    for (at, own) in own.into_iter().enumerate() {
        let other = TraceRow { request_id: 1000 + at as i64, model: "llama".to_owned(), ..own.clone() };
        mixed.extend([own, other]);
    }
    let mixed = replayed(&mixed, &alone);
    let second = simulate(&mixed).expect("runs");
    let every_other: Vec<_> = second.records.ttft.iter().copied().step_by(2).collect();
    assert_eq!(every_other, outcome.records.ttft);
    assert_eq!(second.gateway.routing_rejections, 300);
    // However the run is cut, and whichever loop it goes through.
    for general_loop in [false, true] {
        let detours = Detours { general_loop, ..Detours::default() };
        let mut simulation = Simulation::with_detours(&mixed, detours).expect("valid");
        let mut slices = [1_u64, 7, 100, 3].into_iter().cycle();
        while !simulation.advance(slices.next().expect("endless")).done {}
        assert_eq!(digest(&simulation.finish()), digest(&second));
    }
}

#[test]
fn clients_and_cohorts_of_a_specification_name_models() {
    let client = |id: &str, rest: &str| {
        format!(
            "{{id: {id}, {rest}, arrival: {{process: poisson}}, input_distribution: {{type: constant, params: {{value: 30}}}}, \
             output_distribution: {{type: constant, params: {{value: 4}}}}}}"
        )
    };
    let spec = format!(
        "{{aggregate_rate: 50, horizon: 2000000, clients: [{}, {}, {}], cohorts: [{}]}}",
        client("a", "rate_fraction: 1, model: qwen/qwen3-14b"),
        client("b", "rate_fraction: 1, model: llama"),
        client("u", "concurrency: 2, model: qwen/qwen3-14b"),
        client("c", "rate_fraction: 1, population: 2"),
    );
    let mut config = config(&[]);
    config.workload.spec = Some(from_yaml(&spec).expect("valid"));
    config.workload.bursts = vec![Burst { at: 500_000, requests: 20 }];
    let outcome = simulate(&config).expect("runs");
    let requests = &outcome.requests;
    assert!(requests.round.iter().any(|&round| round > 0), "there are follow-ups");
    for at in outcome.rows() {
        let expected = match requests.clients[requests.client[at] as usize].as_str() {
            "a" | "u" => SERVED,
            "b" => "llama",
            _ => "",
        };
        assert_eq!(requests.model(at), expected);
        let rejected = outcome.records.end_reason[at] == EndReason::OtherModel;
        assert_eq!(rejected, expected == "llama");
    }
    let saved = Config::from_json(&config.to_json()).expect("read back");
    assert_eq!(saved.workload.spec, config.workload.spec);
}

#[test]
fn a_user_whose_request_is_rejected_at_routing_sends_nothing_more() {
    let spec = "{num_requests: 9, aggregate_rate: 1, clients: [{id: u, concurrency: 3, model: llama, \
        input_distribution: {type: constant, params: {value: 30}}, \
        output_distribution: {type: constant, params: {value: 4}}}]}";
    let mut config = config(&[]);
    config.workload.spec = Some(from_yaml(spec).expect("valid"));
    let outcome = simulate(&config).expect("runs");
    assert_eq!((outcome.requests.len(), outcome.gateway.routing_rejections), (3, 3));
}

#[test]
fn a_replay_prints_the_sessions_that_its_rows_name() {
    let users = config(&[("users", "3"), ("n", "9"), ("think", "40")]);
    let outcome = simulate(&users).expect("runs");
    let files = export(&outcome, &users, Mode::Generated);
    let config = replay(&files.header, &files.data).expect("valid").applied_to(&config(&[]));
    let second = simulate(&config).expect("runs");
    let sessions = |outcome: &Outcome| {
        printed(outcome).split_once("=== Session Metrics ===").map(|(_, section)| section.to_owned())
    };
    assert_eq!(sessions(&second), sessions(&outcome));
    assert!(sessions(&second).is_some());
    let named = |outcome: &Outcome| {
        request_rows(outcome).into_iter().map(|row| (row.session_id, row.round_index)).collect::<Vec<_>>()
    };
    assert_eq!(named(&second), named(&outcome));
}

#[test]
fn follow_ups_are_exported_with_the_group_and_its_length() {
    let users = config(&[("users", "2"), ("n", "8"), ("prefix", "48"), ("prompt", "30"), ("promptsd", "0")]);
    let outcome = simulate(&users).expect("runs");
    let files = export(&outcome, &users, Mode::Generated);
    let rows = Trace::read(&files.header, &files.data).expect("valid").rows;
    assert!(rows.iter().any(|row| row.round_index > 1));
    for row in &rows {
        assert_eq!((row.prefix_group.as_str(), row.prefix_length, row.input_tokens), ("shared", 48, 30));
    }
}

#[test]
fn a_replay_exports_every_row_in_its_order_with_its_own_labels() {
    let group = |length| TraceRow { prefix_group: "g".to_owned(), prefix_length: length, ..row(2, SERVED) };
    let rows = [
        TraceRow { arrival_time_us: 5_000_000, ..row(7, "") },
        TraceRow { streaming: true, session_id: "s".to_owned(), round_index: 4, ..group(32) },
        TraceRow { request_id: 3, slo_target_us: 9, deadline_us: 77_000, ..group(0) },
        TraceRow { request_id: 4, slo_class: "batch".to_owned(), tenant_id: "t".to_owned(), ..group(48) },
        TraceRow { request_id: 5, prefix_group: "bare".to_owned(), client_id: "c".to_owned(), ..row(1, "x") },
    ];
    let config = replayed(&rows, &config(&[("horizon", "1000000")]));
    let outcome = simulate(&config).expect("runs");
    let again = exported(&config, &outcome);
    let labels = |row: &TraceRow| {
        (
            (row.streaming, row.model.clone(), row.session_id.clone(), row.round_index, row.slo_target_us),
            (row.prefix_group.clone(), row.prefix_length, row.slo_class.clone(), row.tenant_id.clone()),
            (row.client_id.clone(), row.arrival_time_us, row.deadline_us, row.output_tokens),
        )
    };
    assert_eq!(again.iter().map(labels).collect::<Vec<_>>(), rows.iter().map(labels).collect::<Vec<_>>());
    // All of the group have the 32 tokens of its first row with a length.
    assert_eq!(again.iter().map(|row| row.input_tokens).collect::<Vec<_>>(), [100, 100, 132, 84, 100]);
    let statuses: Vec<&str> = again.iter().map(|row| row.status.as_str()).collect();
    assert_eq!(statuses, ["incomplete", "ok", "ok", "ok", "incomplete"]);
    assert_eq!((again[0].first_chunk_time_us, again[0].last_chunk_time_us), (0, 0));
    assert_eq!(again.iter().map(|row| row.request_id).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}

#[test]
fn the_last_chunk_of_an_unfinished_row_is_its_last_token_so_far() {
    let answers = [(100, 3), (100, 500), (100, 500), (100_000, 5)];
    let mut rows: Vec<TraceRow> = (0..4).map(|number| row(number, "")).collect();
    for (row, (input, output)) in rows.iter_mut().zip(answers) {
        (row.input_tokens, row.output_tokens) = (input, output);
    }
    rows[1].deadline_us = 2_900_000;
    let mut config = config(&[("instances", "1"), ("horizon", "3000000"), ("maxlen", "0")]);
    config.trace.record_steps = true;
    let config = replayed(&rows, &config);
    let outcome = simulate(&config).expect("runs");
    let again = exported(&config, &outcome);
    let statuses: Vec<&str> = again.iter().map(|row| row.status.as_str()).collect();
    assert_eq!(statuses, ["ok", "timeout", "incomplete", "incomplete"]);
    // Roofline adds nothing to a step: a token comes at its end.
    for at in [1, 2] {
        let steps = outcome
            .steps
            .iter()
            .filter(|step| step.batch.iter().any(|&(row, new)| row.index() == at && new > 0));
        let ends: Vec<i64> = steps.map(|step| (step.start + step.duration).0).collect();
        assert!(ends.len() > 10);
        assert_eq!(again[at].first_chunk_time_us, ends[0], "row {at}");
        assert_eq!(again[at].last_chunk_time_us, *ends.last().expect("steps"), "row {at}");
    }
    assert_eq!((again[3].first_chunk_time_us, again[3].last_chunk_time_us), (0, 0));
}

#[test]
fn an_eviction_throws_both_times_away() {
    // Ten blocks: the second is evicted while both decode, and waits at the end.
    let rows: Vec<TraceRow> = (0..2)
        .map(|number| TraceRow {
            arrival_time_us: 0,
            input_tokens: 48,
            output_tokens: 300,
            ..row(number, "")
        })
        .collect();
    let pairs = [("instances", "1"), ("blocks", "12"), ("maxlen", "0")];
    let whole = simulate(&replayed(&rows, &config(&pairs))).expect("runs");
    assert!(whole.records.preemptions[1] > 0, "evicted");
    let first_end = whole.steps.len();
    assert_eq!(first_end, 0);
    let horizon = whole.records.first_scheduled_at[1].0 + 600_000;
    let config = config(&[pairs.as_slice(), &[("horizon", &horizon.to_string())]].concat());
    let config = replayed(&rows, &config);
    let outcome = simulate(&config).expect("runs");
    assert_eq!(outcome.records.state[1], RequestState::Queued);
    assert!(outcome.records.preemptions[1] > 0 && outcome.records.ttft[1].happened());
    let again = exported(&config, &outcome);
    assert_eq!((again[1].first_chunk_time_us, again[1].last_chunk_time_us), (0, 0));
    assert!(again[0].last_chunk_time_us > again[0].first_chunk_time_us);
}

#[test]
fn newer_keys_and_columns_are_read_and_said_not_to_be_used() {
    let header =
        "session_context_growth: accumulate\nkv_offload: {blocks: 5}\nobserved_kv_metrics:\n  - {hits: 3}\n";
    let files = Trace { rows: vec![row(1, "")], ..Trace::default() }.write();
    let (head, body) = files.data.split_once('\n').expect("two lines");
    let data = format!("{head},think_time_us\n{},500\n", body.trim_end());
    let replay = replay(header, &data).expect("valid");
    assert_eq!(replay.requests.len(), 1);
    assert_eq!(
        replay.notes,
        [
            "trace header: kv_offload is not used",
            "trace header: observed_kv_metrics is not used",
            "trace: how its conversations grow and how long they think matters only if their rounds wait for answers: --session-mode closed-loop",
        ]
    );
    assert_eq!(super::labels::replay("", &files.data).expect("valid").notes, [""; 0]);
}
