//! Conversations whose rounds follow from answers (sessions chapter, S-15).

use super::compare::{run_in_slices, whole_text};
use super::generate::endless_cluster;
use crate::common::cluster::run;
use crate::oracle::talks::{among, conversations};
use blis_playground::config::{AdmissionPolicyName, RoundScript, SessionScript};
use blis_playground::record::RequestState;
use blis_playground::workload::SessionState;
use blis_playground::{Config, Outcome};
use proptest::prelude::*;

/// Script and round of a follow-up, and the row of the round before it.
fn origin<'a>(config: &'a Config, outcome: &Outcome, row: usize) -> (&'a SessionScript, RoundScript, usize) {
    let requests = &outcome.requests;
    let name = requests.session_name(row).expect("a follow-up has a conversation");
    let scripts = config.workload.sessions.as_ref().expect("a follow-up has a script");
    let script = scripts.0.iter().find(|script| script.session == name).expect("this one");
    let round = requests.round[row];
    let before = (0..row).find(|&other| {
        requests.session[other] == requests.session[row] && requests.round[other] + 1 == round
    });
    (script, script.rounds[round as usize - 1], before.expect("the round before it"))
}

/// Any cluster in which every request is answered.
fn without_losses() -> impl Strategy<Value = Config> {
    among(endless_cluster()).prop_map(|mut config| {
        config.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        config.admission.tenant_budgets.clear();
        (config.memory.total_kv_blocks, config.memory.max_model_len) = (None, None);
        for request in config.workload.rows_mut().into_iter().flatten() {
            (request.deadline_us, request.budget) = (None, None);
        }
        for script in config.workload.sessions.iter_mut().flat_map(|scripts| &mut scripts.0) {
            script.timeout_us = None;
        }
        config
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_round_follows_from_the_answer_before_it(config in conversations()) {
        let outcome = run(&config);
        let (requests, records) = (&outcome.requests, &outcome.records);
        let block_size = config.memory.block_size_in_tokens;
        let followed = requests.follow_ups_from.map_or(requests.len(), |first| first as usize);
        for row in followed..requests.len() {
            let (script, round, before) = origin(&config, &outcome, row);
            let state = records.state[before];
            prop_assert!(matches!(state, RequestState::Completed | RequestState::LengthCapped), "{state:?}");
            prop_assert_eq!(requests.arrival[row].0, records.ended_at[before].0 + round.think_time_us);
            let last = requests.input[before] + if state == RequestState::Completed {
                requests.output[before].saturating_sub(1)
            } else {
                config.memory.max_model_len.expect("a limit") - 1 - requests.input[before]
            };
            let repeated = if script.accumulate {
                round.context_tokens.map_or(last, |kept| kept.min(last))
            } else {
                requests.prefix[before]
            };
            prop_assert_eq!(requests.input[row], repeated + round.input_tokens);
            prop_assert_eq!(requests.output[row], round.output_tokens);
            prop_assert!(records.cached_first[row] <= repeated / block_size * block_size);
        }
    }

    #[test]
    fn a_conversation_has_one_round_at_a_time_and_ends_in_one_way(config in conversations()) {
        let outcome = run(&config);
        let (requests, records) = (&outcome.requests, &outcome.records);
        let scripts = config.workload.sessions.iter().flat_map(|scripts| &scripts.0);
        for script in scripts {
            let names = &requests.sessions.as_ref().expect("there are some").names;
            let number = names.iter().position(|name| *name == script.session).expect("this one");
            let rows: Vec<usize> =
                (0..requests.len()).filter(|&row| requests.session[row] as usize == number).collect();
            let end = outcome.sessions[number];
            prop_assert_eq!(end.rounds as usize, rows.len());
            prop_assert!(rows.len() <= script.rounds.len() + 1);
            for pair in rows.windows(2) {
                prop_assert!(records.ended_at[pair[0]] <= requests.arrival[pair[1]]);
            }
            let last = records.state[*rows.last().expect("a first round")];
            let answered = matches!(last, RequestState::Completed | RequestState::LengthCapped);
            let lost = matches!(last, RequestState::TimedOut | RequestState::Dropped);
            match end.state {
                SessionState::Completed => {
                    prop_assert!(answered);
                    prop_assert_eq!(rows.len(), script.rounds.len() + 1);
                }
                SessionState::HorizonInterrupted => {
                    prop_assert!(answered && config.cluster.horizon.is_some());
                    prop_assert!(rows.len() <= script.rounds.len());
                }
                SessionState::Cancelled => prop_assert!(lost, "{last:?}"),
                SessionState::Active => prop_assert!(!answered && !lost, "{last:?}"),
                SessionState::BudgetExhausted => prop_assert!(false, "scripts have no budget"),
            }
        }
    }

    #[test]
    fn without_losses_every_round_is_made(config in without_losses()) {
        let listed = config.workload.requests.as_ref().map_or(0, |list| list.rows().len());
        let later = config.workload.sessions.iter().flat_map(|scripts| &scripts.0);
        let later: usize = later.map(|script| script.rounds.len()).sum();
        let outcome = run(&config);
        prop_assert_eq!(outcome.requests.len(), listed + later);
        prop_assert!(outcome.records.state.iter().all(|&state| state == RequestState::Completed));
    }

    #[test]
    fn where_conversations_are_cut_makes_no_difference(
        config in conversations(),
        budgets in prop::collection::vec(prop_oneof![Just(1), 1_u64..60], 1..8),
    ) {
        prop_assert_eq!(whole_text(&run(&config)), whole_text(&run_in_slices(&config, &budgets)));
    }
}
