//! Requests generated in portions: where the work is cut makes no difference, and nothing is checked less.

use super::support::{config, generated, spec_config};
use blis_playground::config::StreamsName;
use blis_playground::record::digest;
use blis_playground::workload::Generation;
use blis_playground::{Config, Preparation, Simulation};

const LENGTHS: &str = "input_distribution: {type: gaussian, params: {mean: 100, std_dev: 30, min: 1, max: 400}}, \
                       output_distribution: {type: exponential, params: {mean: 50}}";

fn client(id: &str, more: &str) -> String {
    format!("{{id: {id}, {LENGTHS}, {more}}}")
}

/// Settings of every kind of workload, with independent and with reference streams.
fn kinds() -> Vec<Config> {
    let independent = independent_kinds();
    let reference = |config: &Config| Config { streams: StreamsName::Reference, ..config.clone() };
    independent.iter().map(reference).chain(independent.clone()).collect()
}

fn independent_kinds() -> Vec<Config> {
    let poisson = "rate_fraction: 1, arrival: {process: poisson}";
    let windows =
        "lifecycle: {windows: [{start_us: 100000, end_us: 300000}, {start_us: 2000000, end_us: 9000000}]}";
    let own_rate = "lifecycle: {windows: [{start_us: 500000, end_us: 4000000, trace_rate: 40}]}";
    let spec = |clients: &[String]| {
        spec_config(&format!("{{num_requests: 300, aggregate_rate: 80, clients: [{}]}}", clients.join(", ")))
    };
    let users = "concurrency: 7, think_time_us: 40000";
    vec![
        config(|workload| workload.num_requests = 300),
        config(|workload| {
            workload.num_requests = 60;
            workload.concurrency = 9;
        }),
        spec(&[
            client("a", poisson),
            client("b", "rate_fraction: 1, arrival: {process: gamma, cv: 3}, prefix_group: g"),
        ]),
        spec(&[client("a", &format!("{poisson}, {windows}")), client("b", poisson)]),
        spec(&[
            client("a", &format!("{poisson}, {own_rate}")),
            client("b", &format!("{poisson}, {own_rate}")),
        ]),
        spec(&[client("a", users), client("b", users)]),
        spec(&[
            client(
                "a",
                &format!("{poisson}, reasoning: {{multi_turn: {{max_rounds: 7, think_time_us: 90000}}}}"),
            ),
            client("b", poisson),
            client(
                "c",
                &format!(
                    "{poisson}, {windows}, closed_loop: false, reasoning: {{multi_turn: {{max_rounds: 3, context_growth: accumulate}}}}"
                ),
            ),
        ]),
        spec(&[
            client("a", &format!("{poisson}, {own_rate}, reasoning: {{multi_turn: {{max_rounds: 5}}}}")),
            client(
                "b",
                &format!(
                    "{poisson}, {own_rate}, reasoning: {{multi_turn: {{max_rounds: 2, single_session: true}}}}"
                ),
            ),
        ]),
        spec_config(
            "{inference_perf: {stages: [{rate: 50, duration: 4}], shared_prefix: {num_unique_system_prompts: 2, \
             num_users_per_system_prompt: 3, system_prompt_len: 32, question_len: 20, output_len: 5}}}",
        ),
    ]
}

#[test]
fn requests_generated_in_portions_are_those_generated_at_once() {
    for config in kinds() {
        let whole = generated(&config);
        assert!(whole.requests.len() >= 9, "{} requests", whole.requests.len());
        for portion in [1, 2, 17, 1_000] {
            let mut generation = Generation::new(&config).expect("valid settings");
            let mut cuts = 0;
            while !generation.advance(&mut portion.clone()).expect("few requests") {
                cuts += 1;
            }
            assert!(portion > 17 || cuts > 1, "cut {cuts} times");
            assert_eq!(generation.complete().expect("it is complete"), whole);
        }
    }
}

#[test]
fn a_boundless_portion_is_all_of_it() {
    let long = config(|workload| (workload.num_requests, workload.prefix_tokens) = (100_000, 5_000_000));
    for config in kinds().iter().chain([&Config { streams: StreamsName::Reference, ..long }]) {
        let mut generation = Generation::new(config).expect("valid settings");
        assert!(generation.advance(&mut u64::MAX.clone()).expect("few requests"));
    }
}

#[test]
fn a_run_prepared_in_portions_is_the_run_that_is_made_at_once() {
    for config in kinds() {
        let mut preparation = Preparation::new(&config).expect("valid settings");
        while !preparation.advance(&mut 5).expect("few requests") {}
        let mut prepared = preparation.finish().expect("it is prepared");
        let mut direct = Simulation::new(&config).expect("valid settings");
        prepared.run_to_end();
        direct.run_to_end();
        assert_eq!(digest(&prepared.finish()), digest(&direct.finish()));
    }
}

#[test]
fn expected_requests_are_those_that_come() {
    for config in kinds() {
        let expected = Preparation::new(&config).expect("valid settings").expected().requests;
        let mut run = Simulation::new(&config).expect("valid settings");
        run.run_to_end();
        let came = run.finish().requests.len() as u64;
        assert!(expected.abs_diff(came) <= came / 5 + 20, "expected {expected}, {came} came");
    }
}

#[test]
fn a_run_that_has_failed_stays_so() {
    let late = spec_config(&format!(
        "{{num_requests: 1, aggregate_rate: 1000000, clients: [{{id: a, rate_fraction: 1, arrival: {{process: poisson}}, \
         {LENGTHS}, lifecycle: {{windows: [{{start_us: 900000000000000, end_us: 900000000000001}}]}}}}]}}"
    ));
    let mut preparation = Preparation::new(&late).expect("it is noticed later");
    let mut advance = || preparation.advance(&mut 100_000_000);
    let first = advance().expect_err("too many arrivals outside all windows");
    assert_eq!(advance(), Err(first.clone()));
    assert_eq!(preparation.finish().err(), Some(first));
}

#[test]
fn only_settings_near_the_limits_may_fail_later() {
    let may_fail = |config: &Config| Preparation::new(config).expect("valid settings").may_fail();
    assert!(kinds().iter().all(|config| !may_fail(config)));
    assert!(!may_fail(&config(|workload| workload.num_requests = 5_000_000)));
    let unbounded = |streams| {
        let mut config = spec_config(
            "{num_requests: 1000000, aggregate_rate: 80, clients: [{id: a, rate_fraction: 1, arrival: {process: poisson}, \
             input_distribution: {type: lognormal, params: {mu: 7, sigma: 1}}, \
             output_distribution: {type: constant, params: {value: 9}}}]}",
        );
        config.streams = streams;
        config
    };
    // A thousand tokens each on average: the limit of token ids is a hundred times that away, no more.
    assert!(!may_fail(&unbounded(StreamsName::Independent)));
    assert!(may_fail(&unbounded(StreamsName::Reference)));
    let until = |rate: f64| {
        let mut settings = config(|workload| (workload.num_requests, workload.rate) = (0, rate));
        settings.cluster.horizon = Some(100_000_000);
        settings
    };
    // 2,000,000 and 4,900,000 requests expected.
    assert!(!may_fail(&until(20_000.0)));
    assert!(may_fail(&until(49_000.0)));
}
