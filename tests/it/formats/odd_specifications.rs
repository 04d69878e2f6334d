//! Odd but legal ways of writing a specification, and some that are not (W-7.5): the same requests, or an error with its place.

use blis_playground::config::Config;
use blis_playground::units::Micros;
use blis_playground::workload::generate;
use blis_playground::workload::specification::from_yaml;

const PLAIN: &str = "\
aggregate_rate: 20
num_requests: 60
seed: 3
clients:
- id: a
  rate_fraction: 1
  arrival: {process: gamma, cv: 2}
  input_distribution: {type: exponential, params: {mean: 100}}
  output_distribution: {type: empirical, params: {\"12\": 1, \"40\": 2.5}}
";

/// Arrivals, lengths and names.
type Requests = (Vec<Micros>, Vec<u32>, Vec<u32>, Vec<String>, Vec<String>);

fn requests(text: &str) -> Result<Requests, String> {
    let mut config = Config::default();
    config.workload.spec = Some(from_yaml(text).map_err(|error| error.to_string())?);
    let requests = generate(&config).map_err(|error| error.to_string())?.requests;
    Ok((requests.arrival, requests.input, requests.output, requests.clients, requests.tenants))
}

fn with(old: &str, new: &str) -> String {
    assert!(PLAIN.contains(old), "{old}");
    PLAIN.replace(old, new)
}

#[test]
fn numbers_and_lines_may_be_written_in_many_ways() {
    let plain = requests(PLAIN).expect("readable");
    assert_eq!(plain.0.len(), 60);
    for text in [
        PLAIN.replace('\n', "\r\n"),
        format!("\u{feff}{PLAIN}"),
        format!("# first\n---\n{PLAIN}...\n"),
        with("num_requests: 60", "num_requests: 6e1"),
        with("num_requests: 60", "num_requests: 60.0"),
        with("num_requests: 60", "num_requests: 0x3c"),
        with("num_requests: 60", "num_requests: 6_0"),
        with("num_requests: 60", "num_requests: 60\nhorizon:\ncohorts: null\ncategory: ~"),
        with("num_requests: 60", "num_requests: 60\nversion: 2"),
        with("seed: 3", "seed: +3"),
        with("aggregate_rate: 20", "aggregate_rate: 2.0E+1"),
        with("cv: 2", "cv: 2.0, shape: 7"),
        with("cv: 2", "cv: 2, scale: 7"),
        with("{\"12\": 1, \"40\": 2.5}", "{12: 1, 40: 2.5}"),
        with("{\"12\": 1, \"40\": 2.5}", "{'40.0': 25e-1, 12.00: 1}"),
        with(
            " {type: empirical, params: {\"12\": 1, \"40\": 2.5}}",
            "\n    'type': \"empirical\"\n    params:\n      40: 2.5\n      12: 1",
        ),
        with("rate_fraction: 1", "rate_fraction: 7.5"),
        with(
            "rate_fraction: 1",
            "rate_fraction: 1\n  network: {rtt_ms: 30}\n  reasoning: {}\n  closed_loop: false",
        ),
        with("rate_fraction: 1", "rate_fraction: 1\n  adapter: \"\"\n  multimodal: null\n  timeout: ~"),
        with("clients:\n- id: a", "cohorts:\n- id: a\n  population: 1"),
    ] {
        let mut read = requests(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        // The member of a cohort has its number behind its name.
        read.3.iter_mut().for_each(|name| *name = name.trim_end_matches("-0").to_owned());
        assert_eq!(read, plain, "{text}");
    }
}

#[test]
fn names_are_texts_as_they_are_written() {
    for name in ["12", "007", "1e3", "0x10", "1.50", "true", ".5", "-3"] {
        let plain = with("id: a", &format!("id: {name}\n  tenant_id: {name}"));
        let (.., clients, tenants) = requests(&plain).expect("readable");
        assert_eq!(clients, [name], "{plain}");
        assert!(tenants.contains(&name.to_owned()), "{tenants:?}");
        let quoted = with("id: a", &format!("id: '{name}'\n  tenant_id: \"{name}\""));
        assert_eq!(requests(&quoted), requests(&plain));
    }
}

#[test]
fn a_merged_map_gives_what_the_map_itself_does_not() {
    let second = "- {<<: *first, id: b, rate_fraction: 3}\n";
    let merged = with("- id: a", "- &first\n  id: a") + second;
    let spelled = PLAIN.to_owned()
        + &with("id: a", "id: b").replace("fraction: 1", "fraction: 3")
            [PLAIN.find("- id").expect("a client")..];
    assert_eq!(requests(&merged), requests(&spelled));
    // Of several, the earlier one wins.
    let of_two = "x: &x {id: x, rate_fraction: 1}\n".to_owned() + PLAIN;
    assert!(requests(&of_two).expect_err("a key too many").contains("unknown field `x`"));
    let list = with("- id: a", "- &first\n  id: a")
        + "- {<<: [*first, {id: never, tenant_id: t}], rate_fraction: 3}\n";
    let (.., clients, tenants) = requests(&list).expect("readable");
    assert_eq!(clients, ["a", "a"], "both have the name of the first");
    assert!(tenants.contains(&"t".to_owned()));
    // In quotes it is the name of a field like any other.
    let error =
        requests(&(with("- id: a", "- &first\n  id: a") + "- {\"<<\": *first}\n")).expect_err("a field");
    assert!(error.contains("unknown field `<<`"), "{error}");
    for wrong in ["- {<<: 3}\n", "- {<<: [*first, x]}\n"] {
        let error = requests(&(with("- id: a", "- &first\n  id: a") + wrong)).expect_err(wrong);
        assert!(error.contains("line 11") && error.contains("alias of a map"), "{error}");
    }
}

#[test]
fn no_tokens_at_all_are_a_length_that_empirical_has() {
    let text = with("{\"12\": 1, \"40\": 2.5}", "{0: 1, 5: 1}");
    let (_, _, output, ..) = requests(&text).expect("readable");
    assert!(output.iter().all(|length| [0, 5].contains(length)));
    assert!(output.contains(&0) && output.contains(&5));
}

#[test]
fn waiting_for_answers_gives_a_deadline() {
    let deadlines = |text: &str| {
        let mut config = Config::default();
        config.workload.spec = Some(from_yaml(text).expect("readable"));
        let requests = generate(&config).expect("a workload").requests;
        let waits = |(arrival, deadline): (&Micros, &Micros)| deadline.0 - arrival.0;
        requests.arrival.iter().zip(&requests.deadline).map(waits).collect::<Vec<_>>()
    };
    let waits = with("rate_fraction: 1", "rate_fraction: 1\n  closed_loop: true");
    assert_eq!(deadlines(&waits), [300_000_000; 60]);
    assert_eq!(deadlines(&waits.replace("true", "true\n  timeout: 5")), [5; 60]);
    let never = deadlines(PLAIN);
    assert_eq!(deadlines(&waits.replace("true", "true\n  timeout: 0")), never);
    assert_eq!(deadlines(&waits.replace("true", "false")), never);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, message) in [
        (
            with("60", "60.5"),
            "workload.spec.num_requests: line 2, column 15: invalid type: floating point `60.5`, expected a whole number of at least 0",
        ),
        (
            with("seed: 3", "seed: \"3\""),
            "workload.spec.seed: line 3, column 7: invalid type: string \"3\", expected a whole number",
        ),
        (with("seed: 3", "seed: 9223372036854775808"), "line 3, column 7"),
        (
            with("mean: 100", "mean: \"100\""),
            "params.mean: line 8, column 58: invalid type: string \"100\", expected a number",
        ),
        (with("seed: 3", "seed: 3\nseed: 3"), "line 4, column 1: the key \"seed\" for the second time"),
        (with("  rate_fraction", "\trate_fraction"), "line 6, column 2: a tab"),
        (with("rate_fraction: 1", "streaming: true"), "clients[0].rate_fraction"),
        (with("num_requests: 60", "num_requests: 0"), "num_requests"),
        (with("cv: 2", "shape: 0, scale: 5"), "clients[0].arrival.shape"),
        (with("cv: 2", "scale: -1"), "clients[0].arrival.scale"),
        (with("\"12\": 1", "\"40.0\": 1"), "output_distribution.params"),
        (with("\"12\": 1", "\"1e1\": 1"), "output_distribution.params.1e1"),
        (with("\"12\": 1", "\"-1\": 1"), "output_distribution.params.-1"),
        (with("\"12\": 1", "\"12x\": 1"), "output_distribution.params.12x"),
        (String::new(), "expected a specification, which is a map with clients or cohorts"),
        (format!("{PLAIN}---\n{PLAIN}"), "line 10, column 1: a second document"),
        (
            with("rate_fraction: 1", "rate_fraction: 1\n  reasoning: {multi_turn: {max_turns: 3}}"),
            "clients[0].reasoning.multi_turn.max_turns: line 7, column 39: unknown field `max_turns`",
        ),
    ] {
        let error = requests(&text).expect_err(&text);
        assert!(error.contains(message), "{error}\n{text}");
    }
}
