//! A lesson that is right, and what is said of it after one change.

use super::*;
use serde_json::{Value, json};

fn lesson() -> Value {
    json!({
        "id": "two-or-four",
        "title": "Two or four?",
        "question": "Is twice the number of servers twice as fast?",
        "situation": "Requests arrive at random.",
        "answers": [{"text": "Yes"}, {"text": "No", "right": true}],
        "base": {"rate": 100, "n": 200},
        "scenes": [
            {"name": "two", "label": "Two servers", "pairs": {"instances": 2}},
            {"name": "four", "label": "Four servers", "pairs": {"instances": 4}}
        ],
        "change": "Only the number of servers changes.",
        "metrics": ["ttft.p99_ms", "overloaded"],
        "claims": [{"says": "Four are faster", "that": {"greater": ["two.ttft.p99_ms", 1, "four.ttft.p99_ms"]}}],
        "minutes": 5,
        "reveal": "It was {{two.ttft.p99_ms}} and {{four.ttft.p99_ms}}.",
        "why": "word ".repeat(40),
        "explore": {"text": "Try more.", "scene": "four", "pairs": {"instances": 8}, "change": "twice as many"}
    })
}

/// What is said of the lesson with something else at a place.
fn said(pointer: &str, value: Value) -> Vec<String> {
    let mut document = lesson();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    match document.pointer_mut(parent).expect("the place") {
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value)),
        Value::Array(items) => items[name.parse::<usize>().expect("an index")] = value,
        other => panic!("{other} has no parts"),
    }
    spoken(&document.to_string())
}

fn spoken(text: &str) -> Vec<String> {
    match Lesson::from_json(text) {
        Ok(lesson) => problems(&lesson).iter().map(ToString::to_string).collect(),
        Err(problem) => vec![problem.to_string()],
    }
}

/// That exactly this is said.
fn says(pointer: &str, value: Value, expected: &str) {
    assert_eq!(said(pointer, value), [expected], "{pointer}");
}

#[test]
fn nothing_is_wrong_with_a_lesson_that_is_right() {
    assert_eq!(spoken(&lesson().to_string()), [""; 0]);
    let all = said(
        "/teacher",
        json!({"before": "Ask.", "bets": "Most say yes.", "after": "It took {{two.ttft.p99_ms}}."}),
    );
    assert_eq!(all, [""; 0]);
    assert_eq!(said("/pictures", json!({"scenes": ["two", "four"], "seconds": [0, 2.5]})), [""; 0]);
}

#[test]
fn what_is_no_lesson_is_named_with_its_place() {
    assert_eq!(spoken("{"), ["lesson: not JSON: EOF while parsing an object at line 1 column 1"]);
    assert_eq!(spoken("[]"), ["lesson: got [], expected an object"]);
    assert_eq!(spoken("{}"), ["lesson: missing field `id`"]);
    let long = " ".repeat(super::super::MAX_BYTES + 1);
    assert_eq!(spoken(&long), ["lesson: got 100001 bytes, expected at most 100000 bytes"]);
    says("/minutes", json!(0), "minutes: got 0, expected a whole number from 1 to 60");
    says("/minutes", json!("five"), "minutes: got \"five\" (a text), expected a whole number");
    says(
        "/answers/0",
        json!({"words": "Yes"}),
        "answers[0].words: got Yes, expected a known field: text or right",
    );
    says("/scenes/1/label", json!(3), "scenes[1].label: got 3, expected a text");
}

#[test]
fn a_claim_of_another_form_is_told_the_forms() {
    for that in [
        json!({"more": ["a", 1, "b"]}),
        json!({"greater": ["two.rejected", 1]}),
        json!({"true": 1}),
        json!(1),
    ] {
        let said = said("/claims/0/that", that);
        assert!(said[0].starts_with("claims[0].that: got "), "{said:?}");
        assert!(said[0].contains("{\"greater\": [a, factor, b]}"), "{said:?}");
    }
}

#[test]
fn names_are_plain_and_different() {
    says(
        "/id",
        json!("Two or four"),
        "id: got Two or four, expected 1 to 40 small letters, digits and hyphens",
    );
    says(
        "/scenes/1/label",
        json!("Two servers"),
        "scenes[1].label: got Two servers, expected a value that no other one has",
    );
    let said = said("/scenes/1/name", json!("two.b"));
    assert!(said.contains(
        &"scenes[1].name: got two.b, expected 1 to 40 small letters, digits and underscores".to_owned()
    ));
}

#[test]
fn a_prediction_is_one_of_two_or_three_with_one_right() {
    says(
        "/answers/0/right",
        json!(true),
        "answers: got 2 that are right, expected exactly one with \"right\": true",
    );
    says("/answers", json!([{"text": "Yes", "right": true}]), "answers: got 1, expected 2 to 3 of them");
    says("/answers/0/text", json!("No"), "answers[1].text: got No, expected a value that no other one has");
}

#[test]
fn what_is_named_is_there() {
    let scenes = "the name of a scene: two, four";
    says("/explore/scene", json!("six"), &format!("explore.scene: got six, expected {scenes}"));
    says("/holds", json!(["six"]), &format!("holds[0]: got six, expected {scenes}"));
    says(
        "/claims/0/that",
        json!({"true": "six.overloaded"}),
        &format!("claims[0].that: got six.overloaded, expected a figure that begins with {scenes}"),
    );
    says(
        "/claims/0/that",
        json!({"less": [1, 2, 3]}),
        "claims[0].that: got 1 and 3, expected a figure on at least one side",
    );
    says(
        "/reveal",
        json!("{{six.rejected}}"),
        &format!("reveal: got six.rejected, expected a figure that begins with {scenes}"),
    );
    assert!(
        said("/metrics/0", json!("ttft.p98_ms"))[0]
            .starts_with("metrics[0]: got ttft.p98_ms, expected one of ttft")
    );
    let pictures = json!({"scenes": ["two", "two"], "seconds": [3, 2]});
    let said = said("/pictures", pictures);
    assert_eq!(said[0], "pictures.seconds: got [3, 2], expected two times, 0 ≤ from < to ≤ 3600");
    assert_eq!(said[1], "pictures.scenes[1]: got two, expected a value that no other one has");
}

#[test]
fn a_setting_is_named_where_the_lesson_sets_it() {
    says("/base/rate", json!(-1), "base.rate: got -1, expected a number greater than 0");
    says(
        "/scenes/1/pairs/instances",
        json!("many"),
        "scenes[1].pairs.instances: got many, expected a whole number from 1 to 4096",
    );
    says(
        "/base/speed",
        json!(1),
        "base.speed: got 1, expected the key of a setting, as in the page's addresses",
    );
    says(
        "/base/workload.rate",
        json!(1),
        "base.workload.rate: got 1, expected this setting by its key, rate",
    );
    says(
        "/base/seed",
        json!(1),
        "base.seed: got 1, expected no seed: every lesson is run with its own seeds, 1 to 20",
    );
    let said = said("/base/spec", json!({"aggregate_rate": 1, "clients": [{"id": 3}]}));
    assert!(said[0].starts_with("base.spec.clients[0].id: got 3, expected a text"), "{said:?}");
}

#[test]
fn the_runs_together_are_bounded() {
    says(
        "/base/n",
        json!(600_000),
        "scenes: got 1200000 requests, expected at most 1000000 in all of them together",
    );
}

#[test]
fn what_is_to_be_tried_is_new() {
    let said = said("/explore/pairs", json!({"instances": 2}));
    let new = "explore.pairs: got those of the scene two, expected settings that no scene has: the reader is to try \
               something new";
    assert_eq!(said[0], new);
}

#[test]
fn texts_have_words_and_an_end() {
    says("/title", json!(" "), "title: got an empty text, expected some words");
    says("/title", json!("x".repeat(101)), "title: got 101 characters, expected at most 100");
    says("/why", json!("Because."), "why: got 1 words, expected at least 30");
}

#[test]
fn live_figures_stand_only_where_a_run_has_been() {
    says(
        "/question",
        json!("Is it {{two.rejected}}?"),
        "question: got Is it {{two.rejected}}?, expected no live figures: it is read before the runs",
    );
    says(
        "/reveal",
        json!("It was fast."),
        "reveal: got It was fast., expected at least one live figure in {{ }}",
    );
    for reveal in ["{{}}", "{{two.rejected"] {
        assert!(
            said("/reveal", json!(reveal))[0].contains("expected {{figure}}, {{one / other}}"),
            "{reveal}"
        );
    }
    assert_eq!(said("/reveal", json!("{{two.rejected / two.arrived as percent}}")), [""; 0]);
}

#[test]
fn numbers_that_are_typed_in_are_settings() {
    says(
        "/why",
        json!(format!("About 300 of them. {}", "word ".repeat(40))),
        "why: got 300, expected a number that is a setting of the lesson, or a live figure in {{ }}",
    );
    assert_eq!(said("/question", json!("100, 200 and p99?")), [""; 0]);
}
