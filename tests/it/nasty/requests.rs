//! Texts, lists and requests that are surely mistakes.

use super::fronts::{accepted, blis, complaint, name, number, refused, run};
use blis_playground::config::ExplicitRequest;
use blis_playground::config::limits::MAX_TIME_US;
use blis_playground::record::{Ending, RequestState};
use blis_playground::{Config, ConfigError, Outcome};

/// A run of listed requests, read from the JSON form as a page or a file would give them.
fn listed(settings: &str, requests: &str) -> Result<Outcome, ConfigError> {
    run(&Config::from_json(&format!("{{{settings} \"workload\": {{\"requests\": [{requests}]}}}}"))?)
}

#[test]
fn an_empty_policy_is_the_default_as_text_and_refused_in_json() {
    for flag in ["scheduler", "routing-policy", "admission-policy"] {
        let typed = format!("--{flag}");
        let config = Config::from_pairs(&Config::default(), [(typed.as_str(), "")]).expect("the default");
        assert_eq!(config, Config::default());
        let output = blis(["run", "--model=qwen/qwen3-14b", &format!("{typed}=")]);
        assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    }
    for (group, field) in [("instance", "scheduler"), ("routing", "policy"), ("admission", "policy")] {
        let error =
            Config::from_json(&format!("{{\"{group}\": {{\"{field}\": \"\"}}}}")).expect_err("no name");
        assert_eq!(error.path(), format!("{group}.{field}"));
    }
}

#[test]
fn empty_texts_are_no_numbers() {
    for flag in ["rate", "seed", "num-requests"] {
        refused(&[name(flag, "", "\"\"")]);
    }
}

#[test]
fn an_empty_address_and_empty_pairs_are_told_apart() {
    let none: [(&str, &str); 0] = [];
    assert_eq!(Config::from_pairs(&Config::default(), none).expect("the defaults"), Config::default());
    assert!(Config::from_pairs(&Config::default(), [("", "")]).is_err());
    for text in ["", " ", "null", "\"\""] {
        assert!(Config::from_json(text).is_err(), "{text:?}");
    }
}

#[test]
fn scorers_named_twice_are_refused() {
    refused(&[
        name(
            "routing-scorers",
            "queue-depth:1,queue-depth:2",
            r#"[{"name": "queue-depth", "weight": 1.0}, {"name": "queue-depth", "weight": 2.0}]"#,
        ),
        name("routing-policy", "weighted", "\"weighted\""),
    ]);
}

#[test]
fn keys_named_twice_do_not_pass_silently() {
    assert!(Config::from_json(r#"{"seed": 1, "seed": 2}"#).is_err());
}

#[test]
fn prompts_of_length_zero_are_refused_where_they_are_drawn() {
    refused(&[number("prompt-tokens", "0")]);
}

#[test]
fn listed_prompts_of_length_zero_come_to_an_end() {
    let outcome =
        listed("", r#"{"input_tokens": 0, "output_tokens": 0}, {"input_tokens": 0, "output_tokens": 3}"#)
            .expect("a run");
    assert_eq!(outcome.records.state, [RequestState::Completed; 2]);
}

#[test]
fn a_prefix_longer_than_a_listed_prompt_is_refused_with_its_row() {
    let error =
        listed("", r#"{"input_tokens": 9}, {"input_tokens": 9, "prefix_group": "g", "prefix_length": 10}"#)
            .expect_err("too long");
    assert_eq!(error.path(), "workload.requests[1].prefix_length");
}

#[test]
fn a_prefix_longer_than_every_drawn_prompt_is_part_of_it() {
    let outcome = accepted(&[number("prefix-tokens", "20000"), number("num-requests", "5")]);
    assert!(outcome.requests.input.iter().all(|&input| input > 20_000));
}

#[test]
fn memory_of_one_block_serves_what_fits_and_drops_the_rest() {
    let outcome = accepted(&[number("total-kv-blocks", "1"), number("num-requests", "10")]);
    assert!(outcome.records.state.iter().all(|&state| state == RequestState::Dropped));
    let outcome = listed(
        r#""memory": {"total_kv_blocks": 1},"#,
        r#"{"input_tokens": 8, "output_tokens": 8}, {"input_tokens": 9, "output_tokens": 8}"#,
    )
    .expect("a run");
    assert_eq!(outcome.records.state, [RequestState::Completed, RequestState::Dropped]);
}

#[test]
fn a_lone_request_that_can_never_fit_is_given_up_by_every_front() {
    let outcome = accepted(&[
        number("total-kv-blocks", "2"),
        number("max-model-len", "0"),
        number("num-requests", "1"),
        number("prompt-tokens", "20"),
        number("prompt-tokens-stdev", "0"),
        number("output-tokens", "200"),
        number("output-tokens-stdev", "0"),
        number("timeout", "-1"),
    ]);
    assert!(
        matches!(outcome.ending, Ending::Livelock { request, .. } if request.get() == 0),
        "{:?}",
        outcome.ending
    );
}

#[test]
fn listed_times_near_two_to_the_63_are_refused_with_their_row() {
    for (field, value) in
        [("arrival_us", i64::MAX), ("deadline_us", i64::MAX), ("arrival_us", MAX_TIME_US + 1)]
    {
        let error = listed("", &format!("{{\"input_tokens\": 1, \"{field}\": {value}}}")).expect_err(field);
        assert_eq!(error.path(), format!("workload.requests[0].{field}"));
    }
    let error = listed("", r#"{"input_tokens": 1, "arrival_us": 9223372036854775808}"#).expect_err("no i64");
    assert!(error.path().starts_with("workload.requests[0].arrival_us"), "{error}");
}

#[test]
fn script_in_names_is_only_a_name() {
    let script = "<script>alert(1)</script>".to_owned();
    let mut config = Config::default();
    let request = ExplicitRequest {
        slo_class: script.clone(),
        tenant: script.clone(),
        input_tokens: 3,
        ..Default::default()
    };
    config.workload.requests = Some(vec![request].into());
    let outcome = run(&config).expect("a run");
    assert_eq!(
        (&outcome.requests.classes, &outcome.requests.tenants),
        (&vec![script.clone()], &vec![script])
    );
}
