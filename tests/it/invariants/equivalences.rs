//! Settings that must not matter, and shifts that must be exact (C-9, C-10, R-14).

use super::compare::{run_in_slices, run_text, whole_text};
use super::generate::{cluster, endless_cluster};
use crate::common::cluster::run;
use blis_playground::config::AdmissionPolicyName;
use blis_playground::record::RequestState;
use blis_playground::units::Micros;
use blis_playground::{Config, Outcome};
use proptest::prelude::*;

fn without_traces(config: &Config) -> Config {
    let mut config = config.clone();
    config.trace.counterfactual_k = 0;
    config.trace.record_candidates = false;
    config.trace.record_steps = false;
    config
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_same_configuration_gives_the_same_run(config in cluster()) {
        prop_assert_eq!(whole_text(&run(&config)), whole_text(&run(&config)));
    }

    #[test]
    fn where_a_run_is_cut_makes_no_difference(
        config in cluster(),
        budgets in prop::collection::vec(prop_oneof![Just(1), 1_u64..60], 1..8),
    ) {
        prop_assert_eq!(whole_text(&run(&config)), whole_text(&run_in_slices(&config, &budgets)));
    }

    #[test]
    fn traces_change_nothing(config in cluster(), kept in 1_u32..3) {
        let whole = run(&config);
        let untraced = without_traces(&config);
        prop_assert_eq!(run_text(&whole), run_text(&run(&untraced)));
        let mut fewer = config.clone();
        fewer.trace.counterfactual_k = kept;
        let fewer = run(&fewer);
        prop_assert_eq!(run_text(&whole), run_text(&fewer));
        prop_assert_eq!(format!("{:?}", whole.records.regret), format!("{:?}", fewer.records.regret));
    }

    #[test]
    fn requests_that_are_all_admitted_are_all_routed(mut config in cluster()) {
        config.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        config.admission.tenant_budgets.clear();
        let outcome = run(&config);
        let horizon = Micros(config.cluster.horizon.unwrap_or(i64::MAX));
        let delay = Micros(config.admission.latency + config.routing.latency);
        for row in 0..outcome.requests.len() {
            let due = outcome.requests.arrival[row] + delay <= horizon;
            prop_assert_eq!(outcome.records.routed_at[row].happened(), due);
        }
    }

    #[test]
    fn if_all_are_rejected_no_instance_does_anything(mut config in cluster()) {
        config.admission.policy = AdmissionPolicyName::RejectAll;
        let outcome = run(&config);
        prop_assert!(outcome.steps.is_empty());
        prop_assert_eq!(outcome.duration(), Micros::ZERO);
    }

    #[test]
    fn a_threshold_above_twice_the_requests_never_sheds(config in cluster()) {
        let mut shedding = config.clone();
        shedding.admission.policy = AdmissionPolicyName::TierShed;
        shedding.admission.tier_shed_threshold = 2 * 40 + 1;
        let mut admitting = config;
        admitting.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        prop_assert_eq!(run_text(&run(&shedding)), run_text(&run(&admitting)));
    }

    /// With live views, no deadlines, and admission that does not count the time.
    #[test]
    fn a_longer_admission_latency_shifts_everything(config in endless_cluster(), shift in 1_i64..50_000) {
        let mut early = config;
        early.routing.snapshot_refresh_interval = 0;
        early.routing.cache_signal_delay = 0;
        early.admission.policy = AdmissionPolicyName::AlwaysAdmit;
        for request in early.workload.rows_mut().into_iter().flatten() {
            request.deadline_us = None;
        }
        let mut late = early.clone();
        late.admission.latency += shift;
        let (early, late) = (run(&early), run(&late));
        prop_assert_eq!(&early.records.instance, &late.records.instance);
        prop_assert_eq!(&early.records.itl_sum, &late.records.itl_sum);
        let shifted = |column: &[Micros]| -> Vec<_> {
            column.iter().map(|time| time.get().map(|time| time + shift)).collect()
        };
        let plain = |column: &[Micros]| -> Vec<_> { column.iter().map(|time| time.get()).collect() };
        prop_assert_eq!(shifted(&early.records.routed_at), plain(&late.records.routed_at));
        prop_assert_eq!(shifted(&early.records.ttft), plain(&late.records.ttft));
        prop_assert_eq!(shifted(&early.records.e2e), plain(&late.records.e2e));
        prop_assert_eq!(shifted(&early.records.ended_at), plain(&late.records.ended_at));
    }

    /// INV-9: nothing before its first step depends on the true output length of a request.
    #[test]
    fn nothing_depends_on_the_output_before_it(config in cluster(), output in 0_u32..60) {
        let mut short = config;
        let requests = short.workload.rows_mut().expect("a list");
        prop_assume!(!requests.is_empty());
        let last = (0..requests.len()).max_by_key(|&row| (requests[row].arrival_us, row)).expect("not empty");
        requests[last].budget = Some(0);
        let mut long = short.clone();
        long.workload.rows_mut().expect("a list")[last].output_tokens = output;
        let (short, long) = (run(&short), run(&long));
        prop_assert_eq!(short.records.admitted_at[last], long.records.admitted_at[last]);
        prop_assert_eq!(short.records.routed_at[last], long.records.routed_at[last]);
        prop_assert_eq!(short.records.instance[last], long.records.instance[last]);
        prop_assert_eq!(short.records.enqueued_at[last], long.records.enqueued_at[last]);
        prop_assert_eq!(short.records.first_scheduled_at[last], long.records.first_scheduled_at[last]);
        let dropped = |outcome: &Outcome| outcome.records.state[last] == RequestState::Dropped;
        prop_assert_eq!(dropped(&short), dropped(&long));
    }

    /// Requests are executed by time, then by place in the list (C-3.1).
    #[test]
    fn the_order_of_the_list_matters_only_among_equal_arrivals(config in cluster()) {
        let mut sorted = config.clone();
        let requests = sorted.workload.rows_mut().expect("a list");
        for (row, request) in requests.iter_mut().enumerate() {
            request.id = Some(format!("request_{row}"));
        }
        requests.sort_by_key(|request| request.arrival_us);
        let places: Vec<usize> = requests
            .iter()
            .map(|request| request.id.as_ref().expect("set above")[8..].parse().expect("a row"))
            .collect();
        let (first, second) = (run(&config), run(&sorted));
        for (row, &place) in places.iter().enumerate() {
            prop_assert_eq!(first.records.e2e[place], second.records.e2e[row]);
            prop_assert_eq!(first.records.state[place], second.records.state[row]);
            prop_assert_eq!(first.records.instance[place], second.records.instance[row]);
        }
        prop_assert_eq!(format!("{:?}", first.instances), format!("{:?}", second.instances));
    }
}
