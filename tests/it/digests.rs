//! The same configuration gives the same outcome everywhere: natively (here), in a browser (`wasm.rs`) and in
//! Node. All three compare with the digests in `digests.json`.

use blis_playground::record::digest;
use blis_playground::simulation::Detours;
use blis_playground::{Config, Simulation, simulate};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    config: Config,
    digest: String,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../digests.json")).expect("the list of cases")
}

#[test]
fn outcomes_have_the_recorded_digests() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|case| {
            let got = digest(&simulate(&case.config).expect("a valid configuration"));
            (got != case.digest).then(|| format!("{}: expected {}, got {got}", case.name, case.digest))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_run_cut_into_slices_has_the_digest_of_the_uncut_run() {
    for case in cases() {
        let mut simulation = Simulation::new(&case.config).expect("a valid configuration");
        // Slices of very different sizes, so that cuts fall everywhere.
        let mut slices = [1_u64, 7, 100, 3, 1009].into_iter().cycle();
        let mut cuts = 0;
        while !simulation.advance(slices.next().expect("endless")).done {
            cuts += 1;
        }
        assert!(cuts > 5, "{}: cut only {cuts} times", case.name);
        assert_eq!(digest(&simulation.finish()), case.digest, "{}", case.name);
    }
}

#[test]
fn a_run_through_the_general_loop_and_pools_has_the_digest_of_the_direct_run() {
    for case in cases() {
        let detours = Detours { general_loop: true, pool_per_instance: true, spare_instances: Some(0) };
        let mut simulation = Simulation::with_detours(&case.config, detours).expect("a valid configuration");
        simulation.run_to_end();
        assert_eq!(digest(&simulation.finish()), case.digest, "{}", case.name);
    }
}
