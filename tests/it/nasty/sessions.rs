//! Conversations that are surely mistakes, or go on for very long.

use super::fronts::run;
use crate::common::conversations;
use blis_playground::config::limits::MAX_TIME_US;
use blis_playground::record::RequestState;
use blis_playground::workload::SessionState;
use blis_playground::{Config, ConfigError, Outcome};

/// One request of a session "a", and these conversations.
fn scripted(scripts: &str) -> Result<Outcome, ConfigError> {
    let first = r#"{"arrival_us": 0, "input_tokens": 20, "output_tokens": 3, "session": "a"}"#;
    let workload = format!(r#"{{"requests": [{first}], "sessions": {scripts}}}"#);
    run(&Config::from_json(&format!(r#"{{"workload": {workload}}}"#))?)
}

fn refused(scripts: &str, path: &str) {
    let error = scripted(scripts).map(|_| ()).expect_err(scripts);
    assert_eq!(error.path(), path, "{scripts}: {error}");
}

#[test]
fn scripts_that_are_no_conversations_are_refused_with_their_field() {
    let once = r#"{"session": "a", "rounds": []}"#;
    refused(&format!("[{once}, {once}]"), "workload.sessions[1].session");
    refused(r#"[{"session": "nobody", "rounds": []}]"#, "workload.sessions[0].session");
    refused(r#"[{"session": "", "rounds": []}]"#, "workload.sessions[0].session");
    refused(r#"[{"session": "a", "timeout_us": -1, "rounds": []}]"#, "workload.sessions[0].timeout_us");
    for (field, value) in [
        ("think_time_us", "-1"),
        ("think_time_us", "9223372036854775807"),
        ("input_tokens", "4294967295"),
        ("output_tokens", "4294967295"),
    ] {
        let script = format!(r#"[{{"session": "a", "rounds": [{{}}, {{"{field}": {value}}}]}}]"#);
        refused(&script, &format!("workload.sessions[0].rounds[1].{field}"));
    }
    for field in ["input_tokens", "output_tokens"] {
        let script = format!(r#"[{{"session": "a", "rounds": [{{"{field}": -1}}]}}]"#);
        refused(&script, &format!("workload.sessions[0].rounds[0].{field}"));
    }
    assert!(scripted(r#"[{"session": "a", "rounds": [], "round": 3}]"#).is_err(), "an unknown field");
}

/// A conversation of so many rounds that all look the same.
fn endless(rounds: usize, round: &str) -> String {
    let rounds = vec![round; rounds].join(", ");
    format!(r#"[{{"session": "a", "accumulate": true, "rounds": [{rounds}]}}]"#)
}

#[test]
fn ten_thousand_rounds_without_a_pause_end_where_the_context_is_full() {
    let outcome = scripted(&endless(10_000, r#"{"input_tokens": 900, "output_tokens": 1}"#)).expect("a run");
    assert_eq!(outcome.sessions[0].state, SessionState::Cancelled);
    assert_eq!(outcome.records.state.last(), Some(&RequestState::Dropped));
    let rounds = outcome.requests.len() as u32;
    assert_eq!(outcome.sessions[0].rounds, rounds);
    assert!((2..1000).contains(&rounds), "{rounds} rounds");
    assert!(outcome.warnings().is_empty());
}

#[test]
fn rounds_of_nothing_take_time_all_the_same() {
    let outcome = scripted(&endless(10_000, "{}")).expect("a run");
    assert_eq!((outcome.requests.len(), outcome.sessions[0].state), (10_001, SessionState::Completed));
    assert!(conversations(&outcome.requests).iter().all(|&name| name == "a"));
    let arrivals = &outcome.requests.arrival;
    assert!(arrivals.windows(2).all(|pair| pair[0] < pair[1]), "each round arrives behind the one before it");
}

#[test]
fn a_conversation_stopped_by_the_largest_time_is_a_warning_of_the_outcome() {
    let round = format!(r#"{{"think_time_us": {MAX_TIME_US}, "input_tokens": 1, "output_tokens": 1}}"#);
    let outcome = scripted(&endless(3, &round)).expect("a run");
    let warnings = outcome.warnings();
    assert!(warnings.len() == 1 && warnings[0].contains("conversation"), "{warnings:?}");
    assert_eq!(outcome.requests.len(), 1);
}

/// A specification with one client that talks, in JSON.
fn talker(talk: &str, top: &str) -> Result<Outcome, ConfigError> {
    let length = r#"{"type": "constant", "params": {"value": 8}}"#;
    let client = format!(
        r#"{{"id": "c", "rate_fraction": 1, "arrival": {{"process": "constant"}}, "input_distribution": {length},
            "output_distribution": {length}, "reasoning": {{"multi_turn": {talk}}}}}"#
    );
    let spec = format!(r#"{{"version": "2", "aggregate_rate": 10, "clients": [{client}], {top}}}"#);
    run(&Config::from_json(&format!(
        r#"{{"workload": {{"spec": {spec}}}, "cluster": {{"horizon": 2000000}}}}"#
    ))?)
}

#[test]
fn talks_of_billions_of_rounds_are_cut_at_the_horizon() {
    for (talk, top) in [
        (r#"{"max_rounds": 2147483647}"#, r#""num_requests": 3"#),
        (r#"{"max_rounds": 2147483647, "single_session": true}"#, r#""num_requests": 3"#),
        (r#"{"max_rounds": 2147483647, "think_time_us": 1}"#, r#""num_requests": 0"#),
        (r#"{"max_rounds": 2147483647, "context_growth": "accumulate"}"#, r#""num_requests": 1"#),
    ] {
        match talker(talk, top) {
            Ok(outcome) => assert!(outcome.requests.len() < 100_000, "{talk}: {}", outcome.requests.len()),
            Err(error) => assert!(error.path().contains("max_rounds"), "{talk}: {error}"),
        }
    }
}

#[test]
fn talks_that_make_no_sense_are_refused() {
    for talk in [
        r#"{"max_rounds": 0}"#,
        r#"{"max_rounds": -1}"#,
        r#"{"max_rounds": 2, "think_time_us": -1}"#,
        r#"{"max_rounds": 2, "context_growth": "acumulate"}"#,
        r#"{"max_rounds": 2, "rounds": 3}"#,
    ] {
        let error = talker(talk, r#""num_requests": 3"#).map(|_| ()).expect_err(talk);
        assert!(error.to_string().contains("multi_turn"), "{talk}: {error}");
    }
}
