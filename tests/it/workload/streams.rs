//! Random streams and the isolation property (W-10).

use super::support::{config, from_spec, generated};
use blis_playground::config::{Config, RoutingPolicyName, SchedulerName};
use blis_playground::workload::streams::{ROUTER, below, stream};
use rand::Rng;

#[test]
fn a_stream_is_determined_by_seed_and_name() {
    let draws = |seed, name| -> Vec<u64> {
        let mut rng = stream(seed, name);
        (0..4).map(|_| rng.next_u64()).collect()
    };
    assert_eq!(draws(42, ROUTER), draws(42, ROUTER));
    assert_ne!(draws(42, ROUTER), draws(43, ROUTER));
    assert_ne!(draws(42, ROUTER), draws(-42, ROUTER));
    assert_ne!(draws(42, ROUTER), draws(42, "client/a/0/input"));
}

/// Recorded once: results that people have written down must not change.
const FIRST_DRAWS_OF_THE_ROUTER: [u64; 2] = [17_342_672_672_764_887_554, 15_298_345_682_364_372_830];

#[test]
fn streams_are_the_same_on_every_platform_and_in_every_version() {
    let mut rng = stream(42, ROUTER);
    assert_eq!([rng.next_u64(), rng.next_u64()], FIRST_DRAWS_OF_THE_ROUTER);
}

#[test]
fn workloads_are_the_same_on_every_platform_and_in_every_version() {
    let requests = generated(&config(|w| w.num_requests = 4)).requests;
    assert_eq!((requests.input, requests.output), (vec![756, 977, 441, 77], vec![253, 480, 566, 317]));
    let arrivals = |process: &str| {
        let requests = from_spec(&format!(
            "{{aggregate_rate: 1, num_requests: 4, clients: [{{id: a, rate_fraction: 1, arrival: {process}, \
             input_distribution: {{type: constant, params: {{value: 1}}}}, \
             output_distribution: {{type: constant, params: {{value: 1}}}}}}]}}"
        ));
        requests.requests.arrival.iter().map(|time| time.0).collect::<Vec<_>>()
    };
    assert_eq!(arrivals("{process: poisson}"), [421_434, 674_330, 1_751_513, 1_871_321]);
    assert_eq!(arrivals("{process: gamma, cv: 2}"), [516_053, 1_061_293, 1_067_094, 5_831_729]);
    assert_eq!(arrivals("{process: weibull, cv: 2}"), [117_137, 162_857, 822_802, 834_347]);
}

#[test]
fn integers_below_a_bound_are_uniform() {
    let mut rng = stream(1, "test");
    for n in [1, 2, 3, 7, 10] {
        let mut counts = vec![0u32; n as usize];
        for _ in 0..20_000 {
            counts[below(&mut rng, n) as usize] += 1;
        }
        let expected = 20_000.0 / f64::from(n);
        let chi_squared: f64 = counts
            .iter()
            .map(|&count| f64::from(count) - expected)
            .map(|excess| excess * excess / expected)
            .sum();
        // Mean n - 1, variance 2 (n - 1).
        let degrees = f64::from(n - 1);
        assert!(chi_squared <= degrees + 5.0 * (2.0 * degrees).sqrt(), "{n}: {chi_squared}");
    }
    assert_eq!(below(&mut rng, 0), 0);
}

#[test]
fn the_workload_does_not_depend_on_anything_downstream() {
    let reference = generated(&Config::default());
    let mut changed = Config::default();
    changed.routing.policy = RoutingPolicyName::LeastLoaded;
    changed.instance.scheduler = SchedulerName::Sjf;
    changed.cluster.num_instances = 9;
    changed.memory.total_kv_blocks = Some(77);
    changed.model.tp = Some(4);
    assert_eq!(generated(&changed), reference);
}

#[test]
fn changing_the_outputs_leaves_arrivals_and_prompts_alone() {
    let before = generated(&config(|_| ())).requests;
    let after = generated(&config(|w| (w.output_tokens, w.output_tokens_stdev) = (100, 90))).requests;
    assert_eq!((&after.arrival, &after.input), (&before.arrival, &before.input));
    assert_ne!(after.output, before.output);
    let after = generated(&config(|w| w.prompt_tokens = 1000)).requests;
    assert_eq!((&after.arrival, &after.output), (&before.arrival, &before.output));
    let after = generated(&config(|w| w.rate = 7.0)).requests;
    assert_eq!((&after.input, &after.output), (&before.input, &before.output));
}

#[test]
fn another_seed_gives_other_lengths() {
    let mut settings = Config::default();
    let before = generated(&settings).requests;
    settings.seed = 43;
    let after = generated(&settings).requests;
    assert_eq!(after.arrival, before.arrival);
    assert_ne!(after.input, before.input);
    assert_ne!(after.output, before.output);
}

#[test]
fn more_requests_continue_the_same_workload() {
    let short = generated(&config(|w| w.num_requests = 50)).requests;
    let long = generated(&config(|w| w.num_requests = 200)).requests;
    assert_eq!((&long.input[..50], &long.output[..50]), (&short.input[..], &short.output[..]));
}

#[test]
fn adding_a_client_or_a_prefix_leaves_the_others_alone() {
    let client = |id: &str, process: &str, more: &str| {
        format!(
            "{{id: {id}, rate_fraction: 1, arrival: {{process: {process}, shape: 2, scale: 5000}}, {more} \
             input_distribution: {{type: exponential, params: {{mean: 99}}}}, \
             output_distribution: {{type: exponential, params: {{mean: 99}}}}}}"
        )
    };
    let of_a = |clients: &[String]| {
        let yaml =
            format!("{{seed: 5, aggregate_rate: 1, horizon: 10000000, clients: [{}]}}", clients.join(", "));
        let requests = from_spec(&yaml).requests;
        let a = requests.clients.iter().position(|name| name == "a").expect("a occurs") as u32;
        let rows = (0..requests.len()).filter(|&row| requests.client[row] == a);
        rows.map(|row| {
            (requests.arrival[row], requests.input[row] - requests.prefix[row], requests.output[row])
        })
        .collect::<Vec<_>>()
    };
    let (a, b) = (client("a", "gamma", ""), client("b", "weibull", ""));
    let alone = of_a(std::slice::from_ref(&a));
    assert!(alone.len() > 500);
    assert_eq!(of_a(&[a.clone(), b.clone()]), alone);
    assert_eq!(of_a(&[b, a]), alone);
    assert_eq!(of_a(&[client("a", "gamma", "prefix_group: g,")]), alone);
}

#[test]
fn clients_with_the_same_name_draw_from_different_streams() {
    let client = "{id: x, rate_fraction: 1, arrival: {process: poisson}, \
                  input_distribution: {type: exponential, params: {mean: 99}}, \
                  output_distribution: {type: exponential, params: {mean: 99}}}";
    let requests =
        from_spec(&format!("{{aggregate_rate: 9, num_requests: 40, clients: [{client}, {client}]}}"))
            .requests;
    let of = |client: u32| {
        let rows = (0..requests.len()).filter(|&row| requests.client[row] == client);
        rows.map(|row| requests.input[row]).take(5).collect::<Vec<_>>()
    };
    assert_ne!(of(0), of(1));
}
