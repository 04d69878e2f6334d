//! Runs of a sweep are the runs that the same settings give alone.

use blis_playground::record::digest;
use blis_playground::sweep::Sweep;
use blis_playground::workload::same_requests;
use blis_playground::{Config, Simulation, simulate};

fn with(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    config.cluster.num_instances = 3;
    config.workload.rate = 120.0;
    config.workload.num_requests = 120;
    change(&mut config);
    config
}

fn finished(mut run: Simulation) -> String {
    run.run_to_end();
    digest(&run.finish())
}

/// Every variant with both seeds, seed by seed, as a page runs them.
fn assert_equals_single_runs(variants: &[Config]) {
    let mut sweep = Sweep::new(variants.to_vec());
    for seed in [7, 8] {
        for (index, variant) in variants.iter().enumerate() {
            let alone = simulate(&Config { seed, ..variant.clone() }).expect("valid");
            assert_eq!(
                finished(sweep.run(index, seed).expect("valid")),
                digest(&alone),
                "{index}, seed {seed}"
            );
        }
    }
}

#[test]
fn variants_that_share_their_requests_give_the_outcomes_of_single_runs() {
    assert_equals_single_runs(
        &[1, 2, 5].map(|instances| with(|config| config.cluster.num_instances = instances)),
    );
}

#[test]
fn variants_with_requests_of_their_own_give_the_outcomes_of_single_runs() {
    let variants = [
        with(|config| config.workload.rate = 60.0),
        with(|config| config.workload.rate = 240.0),
        with(|config| config.cluster.horizon = Some(500_000)),
        with(|config| config.workload.num_requests = 40),
    ];
    assert_equals_single_runs(&variants);
}

#[test]
fn a_refused_variant_leaves_the_others_as_they_are() {
    let variants = [with(|_| ()), with(|config| config.cluster.num_instances = 0), with(|_| ())];
    let mut sweep = Sweep::new(variants.to_vec());
    let first = finished(sweep.run(0, 1).expect("valid"));
    assert!(sweep.run(1, 1).is_err());
    assert_eq!(finished(sweep.run(2, 1).expect("valid")), first);
    assert_eq!(sweep.run(3, 1).expect_err("there are three").path(), "variant");
}

#[test]
fn requests_are_the_same_for_equal_workload_seed_and_horizon() {
    let base = with(|_| ());
    assert!(same_requests(&base, &with(|config| config.cluster.num_instances = 9)));
    assert!(!same_requests(&base, &with(|config| config.seed += 1)));
    assert!(!same_requests(&base, &with(|config| config.workload.rate = 1.0)));
    assert!(!same_requests(&base, &with(|config| config.cluster.horizon = Some(1_000))));
}
