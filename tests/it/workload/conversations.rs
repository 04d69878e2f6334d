//! Conversations of a specification: which there are, when and how long their rounds are (S-1 to S-8).

use super::support::{arrivals, generated, refusal, spec_config};
use blis_playground::config::StreamsName;
use blis_playground::units::Micros;
use blis_playground::workload::{Context, NO_SESSION, Requests};
use blis_playground::{Config, Outcome, simulate};

const BOTH: [StreamsName; 2] = [StreamsName::Reference, StreamsName::Independent];

/// A specification with one client that begins a conversation each second.
fn talk(top: &str, turns: &str, client: &str) -> String {
    format!(
        "{{aggregate_rate: 1, seed: 3, {top}, clients: [{{id: talk, rate_fraction: 1, arrival: {{process: constant}}, \
         input_distribution: {{type: constant, params: {{value: 10}}}}, \
         output_distribution: {{type: constant, params: {{value: 4}}}}, \
         reasoning: {{multi_turn: {{{turns}}}}}, {client}}}]}}"
    )
}

/// The same with lengths that vary.
fn varied(text: &str) -> String {
    text.replace("{type: constant, params: {value: 10}}", "{type: exponential, params: {mean: 60}}")
        .replace("{type: constant, params: {value: 4}}", "{type: exponential, params: {mean: 30}}")
        .replace("process: constant", "process: poisson")
}

fn with_streams(text: &str, streams: StreamsName) -> Config {
    Config { streams, ..spec_config(text) }
}

fn run(text: &str, streams: StreamsName) -> Outcome {
    let mut config = with_streams(text, streams);
    config.model.latency_model = blis_playground::config::LatencyModelName::Roofline;
    simulate(&config).unwrap_or_else(|error| panic!("{error}"))
}

fn sessions(requests: &Requests) -> usize {
    requests.sessions.as_ref().map_or(0, |sessions| sessions.names.len())
}

/// The table of S-5.
#[test]
fn the_number_of_requests_counts_planned_rounds() {
    for streams in BOTH {
        for (rounds, think, limit, conversations, requests) in
            [(3, 400_000, 4, 2, 6), (3, 10_000_000, 4, 3, 9), (5, 100_000_000, 4, 2, 10)]
        {
            let turns = format!("max_rounds: {rounds}, think_time_us: {think}");
            let outcome = run(&talk(&format!("num_requests: {limit}"), &turns, ""), streams);
            assert_eq!(
                (sessions(&outcome.requests), outcome.requests.len()),
                (conversations, requests),
                "{turns}"
            );
            assert!(outcome.sessions.iter().all(|end| end.rounds == rounds), "{turns}");
        }
    }
}

#[test]
fn rounds_of_the_open_loop_come_at_planned_times_and_repeat_all_before() {
    for streams in BOTH {
        for (growth, open) in [("", "context_growth: ''"), ("accumulate", "context_growth: accumulate")] {
            let turns = format!("max_rounds: 3, think_time_us: 400000, {open}");
            let workload = generated(&with_streams(
                &talk("num_requests: 4", &turns, "closed_loop: false, prefix_group: g"),
                streams,
            ));
            assert_eq!(arrivals(&workload), [1_000_000, 1_400_004, 1_800_008, 2_000_000]);
            let requests = &workload.requests;
            assert!(workload.closed_loop.is_none());
            assert_eq!((&requests.round[..], &requests.session[..]), (&[0, 1, 2, 0][..], &[0, 0, 0, 1][..]));
            let (input, context) = match growth {
                "" => ([60, 60, 60, 60], Context::Fresh),
                _ => ([60, 74, 88, 60], Context::Planned),
            };
            assert_eq!((&requests.input[..], requests.context(0)), (&input[..], context));
            assert_eq!(requests.prefix, [50; 4]);
            let timeout = |row: usize| requests.deadline[row] - requests.arrival[row];
            assert!((0..4).all(|row| timeout(row) == Micros(300_000_000)));
        }
    }
}

/// Ours: whatever prefix length the client itself names, and whether prompts grow or not (S-6).
#[test]
fn every_round_has_the_prefix_of_its_group() {
    for streams in BOTH {
        for length in ["", "prefix_length: 7, ", "prefix_length: 50, ", "prefix_length: 90, "] {
            let turns = "max_rounds: 3, think_time_us: 1000";
            let outcome = run(&talk("num_requests: 4", turns, &format!("{length}prefix_group: g")), streams);
            let prefix =
                length.split(&[' ', ','][..]).nth(1).map_or(50, |text| text.parse().expect("a number"));
            assert_eq!(outcome.requests.len(), 6);
            assert!(outcome.requests.prefix.iter().all(|&tokens| tokens == prefix), "{length}");
            assert!(outcome.requests.input.iter().all(|&tokens| tokens == prefix + 10), "{length}");
            assert!(outcome.requests.group.iter().all(|&group| group == 0), "{length}");
        }
    }
}

#[test]
fn a_round_is_given_up_after_its_own_timeout() {
    for streams in BOTH {
        for closed in ["closed_loop: true", "closed_loop: false"] {
            for (own, explicit, expected) in [
                ("", None, Some(300_000_000)),
                (", timeout: 5000000", None, Some(5_000_000)),
                (", timeout: 0", None, None),
                (", timeout: 0", Some(7), Some(7_000_000)),
                (", timeout: 5000000", Some(-1), None),
            ] {
                let text = talk("num_requests: 4", "max_rounds: 2", &format!("{closed}{own}"));
                let mut config = with_streams(&text, streams);
                config.workload.timeout = explicit;
                let outcome = simulate(&config).expect("valid");
                let requests = &outcome.requests;
                assert!(requests.round.contains(&1), "{text}");
                for row in 0..requests.len() {
                    let deadline = expected.map_or(Micros::ZERO, |span| requests.arrival[row] + Micros(span));
                    assert_eq!(requests.deadline[row], deadline, "{text}");
                }
            }
        }
    }
}

#[test]
fn what_conversations_ask_for_is_checked_with_its_place() {
    let place = "workload.spec.clients[0].reasoning";
    for (turns, path, says) in [
        ("", "multi_turn.max_rounds", "got 0, expected 1 to 5000000 rounds"),
        ("max_rounds: 0", "multi_turn.max_rounds", "got 0, expected 1 to 5000000 rounds"),
        ("max_rounds: -3", "multi_turn.max_rounds", "got -3"),
        ("max_rounds: 5000001", "multi_turn.max_rounds", "got 5000001"),
        (
            "max_rounds: 2, think_time_us: -1",
            "multi_turn.think_time_us",
            "got -1, expected 0 to 1000000000000000 µs",
        ),
        (
            "max_rounds: 2}, reason_ratio_distribution: {type: gaussian, params: {mean: 3}",
            "reason_ratio_distribution.params.std_dev",
            "got nothing",
        ),
    ] {
        let (at, text) = refusal(&spec_config(&talk("num_requests: 4", turns, "")));
        assert_eq!(at, format!("{place}.{path}"), "{turns}");
        assert!(text.contains(says), "{turns}: {text}");
    }
    let beside = talk("num_requests: 4", "max_rounds: 2", "").replace(
        "clients: [",
        "clients: [{id: users, concurrency: 2, input_distribution: {type: constant, params: {value: 10}}, \
         output_distribution: {type: constant, params: {value: 4}}}, ",
    );
    let (at, text) = refusal(&spec_config(&beside));
    assert_eq!(at, "workload.spec.clients[0].concurrency");
    assert!(text.contains("workload.spec.clients[1].reasoning.multi_turn"), "{text}");
    let (at, _) = refusal(&spec_config(&talk("num_requests: 0", "max_rounds: 2", "")));
    assert_eq!(at, "workload.spec.num_requests");
}

#[test]
fn more_rounds_than_can_be_planned_are_refused() {
    let config =
        with_streams(&talk("num_requests: 100000", "max_rounds: 5000000", ""), StreamsName::Independent);
    // No more rounds of one conversation than there are requests are looked at, so that these are few.
    assert_eq!(generated(&config).requests.len(), 1);
    let text = talk("horizon: 30000000", "max_rounds: 1000000", "").replace("value: 4", "value: 1");
    let (at, _) = refusal(&with_streams(&text, StreamsName::Reference));
    assert!(at.ends_with("max_rounds") || at.ends_with("horizon"), "{at}");
}

#[test]
fn reasoning_without_conversations_changes_nothing() {
    for streams in BOTH {
        let turns = "max_rounds: 2";
        let with = varied(&talk("num_requests: 40", turns, ""));
        let reasoning = format!("reasoning: {{multi_turn: {{{turns}}}}}, ");
        let ratio = "reasoning: {reason_ratio_distribution: {type: gaussian, params: {mean: 9, std_dev: 1, min: 1, max: 20}}}, ";
        let plain = generated(&with_streams(&with.replace(&reasoning, ""), streams));
        assert!(plain.requests.sessions.is_none());
        assert_eq!(plain, generated(&with_streams(&with.replace(&reasoning, ratio), streams)));
    }
}

/// First rounds, by what they are drawn from: arrival, prompt and answer.
fn first_rounds(text: &str) -> Vec<(i64, u32, u32)> {
    let requests = generated(&with_streams(text, StreamsName::Independent)).requests;
    let is_ours = |row: &usize| requests.clients[requests.client[*row] as usize] == "talk";
    let row = |row: usize| (requests.arrival[row].0, requests.input[row], requests.output[row]);
    (0..requests.len()).filter(|&row| requests.round[row] == 0).filter(is_ours).map(row).collect()
}

#[test]
fn independent_streams_of_a_conversation_do_not_depend_on_others() {
    let base = varied(&talk("horizon: 60000000", "max_rounds: 3, think_time_us: 900000", ""));
    let rounds = first_rounds(&base);
    assert!(rounds.len() > 30);
    assert_eq!(first_rounds(&base.replace("max_rounds: 3", "max_rounds: 9")), rounds);
    assert_eq!(first_rounds(&base.replace("900000", "0")), rounds);
    let more = base.replace("aggregate_rate: 1", "aggregate_rate: 2").replace(
        "clients: [",
        "clients: [{id: other, rate_fraction: 1, arrival: {process: poisson}, \
         input_distribution: {type: exponential, params: {mean: 60}}, \
         output_distribution: {type: exponential, params: {mean: 30}}, reasoning: {multi_turn: {max_rounds: 2}}}, ",
    );
    assert_eq!(first_rounds(&more), rounds);
    // All rounds of a conversation are the same, however fast their answers come.
    let rounds_of = |overhead: i64| {
        let mut config = with_streams(&base, StreamsName::Independent);
        config.routing.latency = overhead;
        let requests = simulate(&config).expect("valid").requests;
        let mut rows: Vec<_> = (0..requests.len())
            .map(|row| {
                (requests.session[row], requests.round[row], requests.input[row], requests.output[row])
            })
            .collect();
        rows.sort_unstable();
        rows
    };
    let (early, late) = (rounds_of(0), rounds_of(30_000));
    assert!(late.iter().all(|row| early.contains(row)));
}

#[test]
fn a_cohort_of_single_conversations_has_one_for_each_member() {
    for streams in BOTH {
        let text = "{aggregate_rate: 20, seed: 5, horizon: 9000000, cohorts: [{id: team, population: 30, rate_fraction: 1, \
                    arrival: {process: poisson}, spike: {start_time_us: 2000000, duration_us: 5000000}, prefix_group: p, \
                    prefix_sharing: per_member, input_distribution: {type: exponential, params: {mean: 60}}, \
                    output_distribution: {type: exponential, params: {mean: 30}}, \
                    reasoning: {multi_turn: {max_rounds: 4, single_session: true}}}]}";
        let config = with_streams(text, streams);
        let workload = generated(&config);
        let requests = &workload.requests;
        let mut members: Vec<u32> = requests.client.clone();
        members.dedup();
        assert!(requests.len() > 20 && members.len() == requests.len(), "{}", requests.len());
        assert!(arrivals(&workload).iter().all(|time| (2_000_000..7_000_000).contains(time)));
        assert_eq!(sessions(requests), requests.len());
        let missing = 30 - requests.len();
        let warned = workload.warnings.iter().any(|warning| warning.starts_with(&format!("{missing} of 30")));
        assert_eq!(warned, missing > 0, "{:?}", workload.warnings);
    }
}

#[test]
fn windows_strike_out_rounds_of_the_open_loop_but_no_follow_ups() {
    for streams in BOTH {
        let windows = "lifecycle: {windows: [{start_us: 900000, end_us: 1300000}, {start_us: 1700000, end_us: 3000000}]}";
        let turns = "max_rounds: 3, think_time_us: 400000, context_growth: accumulate";
        let open = talk("horizon: 2500000", turns, &format!("{windows}, closed_loop: false"));
        let workload = generated(&with_streams(&open, streams));
        // Planned at 1.0, 1.4 and 1.8 s, and at 2.0 and 2.4 s.
        assert_eq!(arrivals(&workload), [1_000_000, 1_800_008, 2_000_000, 2_400_004]);
        assert_eq!(workload.requests.round, [0, 2, 0, 1]);
        assert_eq!(workload.requests.input, [10, 38, 10, 24]);
        let contexts = workload.requests.context_tokens();
        assert!(contexts.iter().zip(&workload.requests.input).all(|(context, input)| context <= input));
        let closed = run(&open.replace("closed_loop: false", "timeout: 0"), streams);
        let rounds = |session: u32| closed.requests.session.iter().filter(|&&own| own == session).count();
        assert_eq!((sessions(&closed.requests), rounds(0)), (2, 3));
    }
}

#[test]
fn single_requests_beside_conversations_are_as_they_were() {
    for streams in BOTH {
        let both = varied(&talk("num_requests: 60", "max_rounds: 3", ""))
            .replace("aggregate_rate: 1", "aggregate_rate: 3")
            .replace(
                "clients: [",
                "clients: [{id: plain, rate_fraction: 2, arrival: {process: poisson}, \
             input_distribution: {type: exponential, params: {mean: 60}}, \
             output_distribution: {type: exponential, params: {mean: 30}}}, ",
            );
        let plain = both.replace("reasoning: {multi_turn: {max_rounds: 3}}, ", "");
        let rows = |text: &str| {
            let requests = generated(&with_streams(text, streams)).requests;
            let is_plain = |row: &usize| requests.clients[requests.client[*row] as usize] == "plain";
            let row = |row: usize| (requests.arrival[row].0, requests.input[row], requests.output[row]);
            assert!((0..requests.len()).filter(is_plain).all(|row| requests.session[row] == NO_SESSION));
            (0..requests.len()).filter(is_plain).map(row).collect::<Vec<_>>()
        };
        let (with, without) = (rows(&both), rows(&plain));
        assert!(with.len() > 10 && without.starts_with(&with), "{} {}", with.len(), without.len());
    }
}

/// S-10, ours: groups and new tokens are written, so that a replay holds the same conversations.
#[test]
fn growing_conversations_are_exported_turn_by_turn() {
    use blis_playground::formats::trace::Mode;
    use blis_playground::outcome::print::trace::export;
    let text = talk(
        "num_requests: 4",
        "max_rounds: 3, think_time_us: 400000, context_growth: accumulate",
        "prefix_group: g, prefix_length: 20",
    );
    let config = with_streams(&text, StreamsName::Reference);
    let files = export(&simulate(&config).expect("valid"), &config, Mode::Generated);
    assert!(files.header.contains("session_context_growth: accumulate"), "{}", files.header);
    let lines: Vec<Vec<&str>> = files.data.lines().map(|line| line.split(',').collect()).collect();
    let place = |name: &str| lines[0].iter().position(|column| *column == name).expect("a column");
    let column = |name: &str| lines[1..].iter().map(|line| line[place(name)]).collect::<Vec<_>>();
    assert_eq!(column("input_tokens"), ["10"; 6]);
    assert_eq!(column("prefix_group"), ["g"; 6]);
    let rounds = column("round_index");
    let pauses = column("think_time_us");
    assert!(
        rounds.iter().zip(&pauses).all(|(round, pause)| (*round == "0") == (*pause == "0")),
        "{pauses:?}"
    );
    let fresh = text.replace("accumulate", "''");
    let config = with_streams(&fresh, StreamsName::Reference);
    let files = export(&simulate(&config).expect("valid"), &config, Mode::Generated);
    assert!(!files.header.contains("session_context_growth"), "{}", files.header);
}
