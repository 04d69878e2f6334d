//! Windows with parameters of their own whose number of requests hangs on the last bit of a rate (N-16). The figures are of a
//! program written from the chapter alone.

use blis_playground::Config;
use blis_playground::workload::generate;
use blis_playground::workload::specification::from_yaml;

const LENGTHS: &str = "arrival: {process: poisson}, input_distribution: {type: constant, params: {value: 5}}, \
                       output_distribution: {type: constant, params: {value: 5}}";

/// Number of requests and first arrival.
fn generated(spec: &str) -> (usize, i64) {
    let mut config = Config::default();
    config.workload.spec = Some(from_yaml(spec).unwrap_or_else(|error| panic!("{error}")));
    let requests = generate(&config).unwrap_or_else(|error| panic!("{error}")).requests;
    (requests.len(), requests.arrival[0].0)
}

#[test]
fn a_window_has_as_many_requests_as_its_rate_in_the_order_of_the_chapter() {
    for (aggregate, fractions, seconds, expected) in [
        (60, &[0.1, 0.1, 1.0][..], 5, (299, 12_084)),
        (30, &[0.1, 0.4, 0.1], 1, (30, 9_272)),
        (60, &[0.7, 0.1], 2, (119, 1_284)),
    ] {
        let clients = fractions.iter().enumerate().map(|(at, fraction)| {
            let window = format!("{{start_us: 0, end_us: {seconds}000000, arrival: {{process: poisson}}}}");
            format!("{{id: c{at}, rate_fraction: {fraction}, {LENGTHS}, lifecycle: {{windows: [{window}]}}}}")
        });
        let clients: Vec<String> = clients.collect();
        let clients = clients.join(", ");
        let spec =
            format!("{{seed: 1, aggregate_rate: {aggregate}, horizon: 100000000, clients: [{clients}]}}");
        assert_eq!(generated(&spec), expected, "{fractions:?}");
    }
}

#[test]
fn the_members_of_a_cohort_are_added_one_by_one() {
    for (population, fraction, aggregate, seconds, expected) in
        [(10, "2", 100, 2, (200, 7_661)), (7, "0.3", 30, 7, (203, 21_484))]
    {
        // One window with a rate of its own, far away, makes all of them so.
        let far = "{windows: [{start_us: 50000000, end_us: 50000001, trace_rate: 1}]}";
        let spec = format!(
            "{{seed: 1, aggregate_rate: {aggregate}, horizon: 100000000, \
             clients: [{{id: x, rate_fraction: 1, {LENGTHS}, lifecycle: {far}}}], \
             cohorts: [{{id: k, population: {population}, rate_fraction: {fraction}, {LENGTHS}, \
             spike: {{start_time_us: 0, duration_us: {seconds}000000}}}}]}}"
        );
        assert_eq!(generated(&spec), expected, "{population} members");
    }
}

#[test]
fn a_window_that_the_horizon_cuts_overlaps_only_what_begins_before_it() {
    let constant = LENGTHS.replace("poisson", "constant");
    let spec = format!(
        "{{seed: 1, aggregate_rate: 20, horizon: 1000000, clients: [\
         {{id: a, rate_fraction: 1, {constant}, lifecycle: {{windows: [{{start_us: 0, end_us: 3000000}}]}}}}, \
         {{id: b, rate_fraction: 1, {constant}, \
         lifecycle: {{windows: [{{start_us: 2000000, end_us: 3000000, trace_rate: 1}}]}}}}]}}"
    );
    assert_eq!(generated(&spec), (19, 50_000));
}

#[test]
fn gaps_whose_sum_no_integer_holds_are_stretched_without_an_overflow() {
    let long = LENGTHS.replace("{process: poisson}", "{process: gamma, shape: 1e6, scale: 9e12}");
    let spec = format!(
        "{{seed: 1, aggregate_rate: 0, clients: [{{id: a, rate_fraction: 1, {long}, \
         lifecycle: {{windows: [{{start_us: 0, end_us: 1000000, trace_rate: 200}}]}}}}], horizon: 2000000}}"
    );
    assert!(generated(&spec).0 < 200);
}
