//! Parts of the engine that most runs do not need, held against the direct way: the general event loop, pools of
//! instances, and instances that are not routable.

use super::closed_loop::users;
use super::compare::{requests_text, run_text, whole_text};
use super::generate::cluster;
use blis_playground::record::Ending;
use blis_playground::simulation::Detours;
use blis_playground::units::{InstanceIndex, RequestIndex};
use blis_playground::{Config, Outcome, Simulation, simulate};
use proptest::prelude::*;

/// A run that takes detours, advanced by these budgets in turn.
fn run(config: &Config, detours: Detours, budgets: &[u64]) -> Outcome {
    let mut simulation = Simulation::with_detours(config, detours).expect("a valid configuration");
    for &budget in budgets.iter().cycle() {
        if simulation.advance(budget).done {
            break;
        }
    }
    simulation.finish()
}

/// The run as if its first instances were not there: they have done nothing.
fn without_spares(mut outcome: Outcome, spare: u32) -> Outcome {
    let shift = |instance: &mut InstanceIndex| *instance = InstanceIndex::new(instance.get() - spare);
    for record in outcome.instances.drain(..spare as usize) {
        assert_eq!((record.routed, record.steps, record.used_kv_blocks_end), (0, 0, 0));
    }
    let columns = outcome.records.instance.iter_mut();
    let columns =
        columns.chain(outcome.gateway.candidates.iter_mut().map(|candidate| &mut candidate.instance));
    for instance in columns.chain(outcome.steps.iter_mut().map(|step| &mut step.instance)) {
        if *instance != InstanceIndex::NONE {
            shift(instance);
        }
    }
    if let Ending::Livelock { instance, .. } = &mut outcome.ending {
        shift(instance);
    }
    outcome
}

proptest! {
    #[test]
    fn the_general_loop_gives_the_same_run(
        config in cluster(),
        budgets in prop::collection::vec(1_u64..200, 1..4),
    ) {
        let direct = whole_text(&simulate(&config).expect("valid"));
        let detours = Detours { general_loop: true, ..Detours::default() };
        prop_assert_eq!(&whole_text(&run(&config, detours, &[u64::MAX])), &direct);
        prop_assert_eq!(&whole_text(&run(&config, detours, &budgets)), &direct);
    }

    #[test]
    fn pools_of_one_instance_give_the_same_run(config in cluster()) {
        let detours = Detours { pool_per_instance: true, ..Detours::default() };
        let direct = simulate(&config).expect("valid");
        prop_assert_eq!(whole_text(&run(&config, detours, &[u64::MAX])), whole_text(&direct));
    }

    #[test]
    fn instances_that_are_not_routable_change_nothing(config in cluster(), spare in 0_u32..4) {
        prop_assume!(config.cluster.num_instances + spare <= 10, "names sort like numbers");
        let detours = Detours { spare_instances: Some(spare), ..Detours::default() };
        let detour = run(&config, detours, &[u64::MAX]);
        let direct = simulate(&config).expect("valid");
        if direct.gateway.candidates_per_decision < detour.gateway.candidates_per_decision {
            // A wider record, of which the last entries are empty.
            prop_assert_eq!(run_text(&without_spares(detour, spare)), run_text(&direct));
        } else {
            prop_assert_eq!(whole_text(&without_spares(detour, spare)), whole_text(&direct));
        }
    }

    #[test]
    fn virtual_users_do_not_notice_instances_that_are_not_routable(config in users(), spare in 0_u32..4) {
        prop_assume!(config.cluster.num_instances + spare <= 10, "names sort like numbers");
        let detours = Detours { spare_instances: Some(spare), pool_per_instance: true, ..Detours::default() };
        let detour = without_spares(run(&config, detours, &[u64::MAX]), spare);
        prop_assert_eq!(requests_text(&detour), requests_text(&simulate(&config).expect("valid")));
    }

    #[test]
    fn an_explanation_scores_routable_instances_alone(config in cluster(), spare in 1_u32..4) {
        let detours = Detours { spare_instances: Some(spare), ..Detours::default() };
        let request = RequestIndex::new(0);
        let direct = Simulation::new(&config).expect("valid").explain(request);
        let detour = Simulation::with_detours(&config, detours).expect("valid").explain(request);
        prop_assert_eq!(direct.is_some(), detour.is_some());
        let (Some(direct), Some(detour)) = (direct, detour) else { return Ok(()) };
        let (spares, others) = detour.instances.split_at(spare as usize);
        prop_assert!(spares.iter().all(|seen| seen.score.is_nan() && seen.scores.is_empty()));
        prop_assert_eq!(format!("{others:?}"), format!("{:?}", direct.instances));
        prop_assert_eq!(detour.chosen.get() - spare, direct.chosen.get());
        prop_assert_eq!(detour.regret.to_bits(), direct.regret.to_bits());
    }
}
