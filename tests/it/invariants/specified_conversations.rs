//! Conversations of specifications, in both kinds of loop (S-15, at its end).

use super::compare::{run_in_slices, whole_text};
use super::generate::endless_cluster;
use crate::common::cluster::run;
use blis_playground::config::{AdmissionPolicyName, StreamsName};
use blis_playground::record::RequestState;
use blis_playground::units::Micros;
use blis_playground::workload::specification::from_yaml;
use blis_playground::workload::{Context, SessionState};
use blis_playground::{Config, Outcome};
use proptest::prelude::*;

/// A client that begins conversations.
fn client(name: &str) -> impl Strategy<Value = String> {
    let name = name.to_owned();
    let turns =
        (1_u32..6, 0_i64..60_000, any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.3));
    let windows = prop_oneof![
        3 => Just(""),
        1 => Just(", lifecycle: {windows: [{start_us: 20000, end_us: 90000}, {start_us: 120000, end_us: 900000}]}"),
    ];
    let prefix = prop_oneof![Just(""), Just(", prefix_group: g, prefix_length: 13")];
    (turns, windows, prefix, 1_u32..30, 1_u32..12).prop_map(
        move |((rounds, think, grows, single, open), windows, prefix, input, output)| {
            let growth = if grows { "accumulate" } else { "''" };
            format!(
                "{{id: {name}, rate_fraction: 1, arrival: {{process: poisson}}, closed_loop: {}, \
                 input_distribution: {{type: exponential, params: {{mean: {input}, max: 40}}}}, \
                 output_distribution: {{type: exponential, params: {{mean: {output}, max: 30}}}}, \
                 reasoning: {{multi_turn: {{max_rounds: {rounds}, think_time_us: {think}, context_growth: {growth}, \
                 single_session: {single}}}}}{windows}{prefix}}}",
                !open
            )
        },
    )
}

fn conversations() -> impl Strategy<Value = Config> {
    (endless_cluster(), client("a"), client("b"), 1_u32..40, any::<bool>(), any::<bool>()).prop_map(
        |(mut config, first, second, limit, beside, reference)| {
            let plain = "{id: c, rate_fraction: 1, arrival: {process: poisson}, \
                         input_distribution: {type: exponential, params: {mean: 20, max: 40}}, \
                         output_distribution: {type: exponential, params: {mean: 9, max: 30}}}";
            let last = if beside { plain.to_owned() } else { second };
            let text =
                format!("{{seed: 8, aggregate_rate: 60, num_requests: {limit}, clients: [{first}, {last}]}}");
            config.workload.requests = None;
            config.workload.spec = Some(from_yaml(&text).unwrap_or_else(|error| panic!("{error}: {text}")));
            config.streams = if reference { StreamsName::Reference } else { StreamsName::Independent };
            config
        },
    )
}

/// The round before, if it is among the requests.
fn before(outcome: &Outcome, row: usize) -> Option<usize> {
    let requests = &outcome.requests;
    (0..requests.len()).find(|&before| {
        requests.session[before] == requests.session[row] && requests.round[before] + 1 == requests.round[row]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_round_follows_from_the_answer_and_repeats_what_was_said(config in conversations()) {
        let outcome = run(&config);
        let (requests, records) = (&outcome.requests, &outcome.records);
        let spec = config.workload.spec.as_ref().expect("a specification");
        for row in (0..requests.len()).filter(|&row| requests.conversation((row as u32).into()).is_some()) {
            let name = &requests.clients[requests.client[row] as usize];
            let client = spec.clients.iter().find(|client| &client.id == name).expect("a client");
            let turns = client.reasoning.as_ref().and_then(|spec| spec.multi_turn.as_ref()).expect("turns");
            prop_assert!(i64::from(requests.round[row]) < turns.max_rounds);
            let Some(before) = before(&outcome, row) else {
                prop_assert!(requests.round[row] == 0 || client.closed_loop == Some(false));
                continue;
            };
            let said = requests.input[before] + requests.output[before];
            match requests.context(requests.session[row]) {
                Context::Fresh => prop_assert!(requests.input[row] > requests.prefix[row]),
                Context::Planned => prop_assert!(requests.input[row] > said),
                Context::Answered => {
                    let capped = records.state[before] == RequestState::LengthCapped;
                    prop_assert!(capped || requests.input[row] >= said, "round {}", requests.round[row]);
                }
            }
            let think = Micros(turns.think_time_us);
            if client.closed_loop == Some(true) {
                prop_assert_eq!(requests.arrival[row], records.ended_at[before] + think);
                let done = matches!(records.state[before], RequestState::Completed | RequestState::LengthCapped);
                prop_assert!(done, "only an answer is followed");
            } else {
                let answered = Micros(i64::from(requests.output[before]));
                prop_assert_eq!(requests.arrival[row], requests.arrival[before] + think + answered);
            }
        }
    }

    #[test]
    fn conversations_are_held_to_their_end_if_all_is_answered(mut config in conversations()) {
        config.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        config.memory.total_kv_blocks = None;
        config.memory.max_model_len = None;
        config.workload.timeout = Some(-1);
        let outcome = run(&config);
        prop_assert!(outcome.records.state.iter().all(|&state| state == RequestState::Completed));
        let requests = &outcome.requests;
        let spec = config.workload.spec.as_ref().expect("a specification");
        for (session, end) in outcome.sessions.iter().enumerate() {
            let row = requests.session.iter().position(|&own| own == session as u32).expect("a request");
            let name = &requests.clients[requests.client[row] as usize];
            let client = spec.clients.iter().find(|client| &client.id == name).expect("a client");
            let turns = client.reasoning.as_ref().and_then(|spec| spec.multi_turn.as_ref()).expect("turns");
            if client.closed_loop == Some(true) {
                prop_assert_eq!((end.state, i64::from(end.rounds)), (SessionState::Completed, turns.max_rounds));
            }
        }
    }

    #[test]
    fn where_a_run_of_conversations_is_cut_makes_no_difference(
        config in conversations(),
        budgets in prop::collection::vec(prop_oneof![Just(1), 1_u64..60], 1..8),
    ) {
        prop_assert_eq!(whole_text(&run(&config)), whole_text(&run_in_slices(&config, &budgets)));
    }
}
