//! Lifecycle windows and cohorts (W-7.1 and W-7.2).

use super::support::{arrivals, from_spec, moments, requests_per_client};
use blis_playground::workload::Workload;

const LENGTHS: &str = "input_distribution: {type: constant, params: {value: 1}}, \
                       output_distribution: {type: constant, params: {value: 1}}";

fn constant(id: &str, fraction: f64, more: &str) -> String {
    format!("{{id: {id}, rate_fraction: {fraction}, arrival: {{process: constant}}, {LENGTHS}, {more}}}")
}

fn poisson(id: &str, fraction: f64, more: &str) -> String {
    format!("{{id: {id}, rate_fraction: {fraction}, arrival: {{process: poisson}}, {LENGTHS}, {more}}}")
}

fn window(start: i64, end: i64) -> String {
    format!("lifecycle: {{windows: [{{start_us: {start}, end_us: {end}}}]}}")
}

/// Mean number of requests per client over seeds.
fn mean_counts(yaml: impl Fn(u32) -> String, clients: &[&str], seeds: u32) -> Vec<f64> {
    let mut counts = vec![Vec::new(); clients.len()];
    for seed in 0..seeds {
        let per_client = requests_per_client(&from_spec(&yaml(seed)));
        for (client, counts) in clients.iter().zip(&mut counts) {
            let members = per_client.iter().filter(|(name, _)| name.starts_with(client));
            counts.push(members.map(|&(_, count)| count as f64).sum());
        }
    }
    counts.iter().map(|counts| moments(counts).0).collect()
}

/// Fails unless a mean of Poisson counts over `seeds` seeds is within 5 standard errors of the reference's,
/// which has its own error over 100 seeds.
fn assert_count(name: &str, mean: f64, expected: f64, seeds: u32) {
    let tolerance = 5.0 * (expected * (1.0 / f64::from(seeds) + 0.01)).sqrt();
    assert!((mean - expected).abs() < tolerance, "{name}: {mean}, expected {expected} ± {tolerance}");
}

#[test]
fn a_constant_client_in_a_window_stays_on_the_global_grid() {
    let workload = from_spec(&format!(
        "{{aggregate_rate: 10, num_requests: 100, clients: [{}]}}",
        constant("a", 1.0, &window(250_000, 500_000))
    ));
    // The gap is 99999 µs at 10 per second.
    assert_eq!(arrivals(&workload), [299_997, 399_996, 499_995]);
}

#[test]
fn a_window_holds_its_start_but_not_its_end() {
    let workload = from_spec(&format!(
        "{{aggregate_rate: 100, num_requests: 100, clients: [{}]}}",
        constant("a", 1.0, &window(20_000, 50_000))
    ));
    assert_eq!(arrivals(&workload), [20_000, 30_000, 40_000]);
}

#[test]
fn a_client_is_diluted_by_every_client_whose_windows_overlap_its_own() {
    let workload = from_spec(&format!(
        "{{aggregate_rate: 100, horizon: 4000000, clients: [{}, {}, {}]}}",
        constant("always", 1.0, "streaming: false"),
        constant("early", 1.0, &window(0, 2_000_000)),
        constant("late", 2.0, &window(2_000_000, 4_000_000)),
    ));
    let counts = requests_per_client(&workload);
    // always: 100 * 1/4, 40 ms; early: 100 * 1/2, 20 ms; late: 100 * 2/3, 15 ms truncated to 14999 µs.
    let expected =
        [("always", 99), ("early", 99), ("late", 133)].map(|(name, count)| (name.to_owned(), count));
    let mut sorted = counts.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
}

#[test]
fn an_always_on_cohort_keeps_its_diluted_rate_through_a_spike() {
    let yaml = |seed: u32| {
        format!(
            "{{seed: {seed}, aggregate_rate: 100, horizon: 30000000, cohorts: [{}, {}]}}",
            poisson("base", 0.5, "population: 5"),
            poisson("spike", 0.5, "population: 5, spike: {start_time_us: 10000000, duration_us: 5000000}"),
        )
    };
    let means = mean_counts(yaml, &["base-", "spike-"], 50);
    assert_count("base", means[0], 1498.0, 50);
    assert_count("spike", means[1], 250.6, 50);
}

#[test]
fn the_three_phase_example_has_the_measured_counts() {
    let yaml = |seed: u32| {
        format!(
            "{{seed: {seed}, aggregate_rate: 40, horizon: 100000000, clients: [{}, {}, {}]}}",
            poisson("a", 0.7, &window(0, 50_000_000)),
            poisson("b", 0.3, &window(0, 50_000_000)),
            poisson("c", 1.0, &window(50_000_000, 100_000_000)),
        )
    };
    let means = mean_counts(yaml, &["a", "b", "c"], 20);
    assert_count("a", means[0], 1399.2, 20);
    assert_count("b", means[1], 600.0, 20);
    assert_count("c", means[2], 1990.2, 20);
}

fn drained() -> Workload {
    from_spec(&format!(
        "{{aggregate_rate: 100, horizon: 100000000, cohorts: [{}]}}",
        constant("d", 1.0, "population: 1, drain: {start_time_us: 10000000, ramp_duration_us: 10000000}")
    ))
}

#[test]
fn a_drain_yields_1549_requests_the_last_at_19_09_seconds() {
    let workload = drained();
    assert_eq!(workload.requests.len(), 1549);
    assert_eq!(arrivals(&workload).last(), Some(&19_090_000));
}

#[test]
fn cohort_members_are_numbered_and_share_the_rate() {
    let workload = from_spec(&format!(
        "{{aggregate_rate: 100, horizon: 1000001, cohorts: [{}]}}",
        constant("c", 7.0, "population: 4")
    ));
    // Four members at 25 per second each, all on the same grid.
    let expected = ["c-0", "c-1", "c-2", "c-3"].map(|name| (name.to_owned(), 25));
    assert_eq!(requests_per_client(&workload), expected);
    assert_eq!(workload.requests.client[..8], [0, 1, 2, 3, 0, 1, 2, 3]);
}

#[test]
fn members_of_a_random_cohort_draw_from_streams_of_their_own() {
    let workload = from_spec(&format!(
        "{{aggregate_rate: 100, num_requests: 200, cohorts: [{}]}}",
        poisson("c", 1.0, "population: 2")
    ));
    let of = |member: u32| {
        let rows = workload.requests.client.iter().zip(arrivals(&workload));
        rows.filter(|&(&client, _)| client == member).map(|(_, time)| time).take(5).collect::<Vec<_>>()
    };
    assert_ne!(of(0), of(1));
}

#[test]
fn nothing_is_generated_after_the_last_hour_of_a_diurnal_day() {
    let workload = from_spec(&format!(
        "{{aggregate_rate: 0.1, horizon: 200000000000, cohorts: [{}]}}",
        constant("d", 1.0, "population: 1, diurnal: {peak_hour: 14, peak_to_trough_ratio: 3}")
    ));
    let per_hour = |hour: i64| {
        let hours = arrivals(&workload).into_iter().map(|time| time / 3_600_000_000);
        hours.filter(|&h| h == hour).count()
    };
    // 360 arrivals in a full hour, 240 in two thirds, 120 in a third; one more where the grid meets both ends.
    assert!((359..=361).contains(&per_hour(14)), "{}", per_hour(14));
    assert!((239..=241).contains(&per_hour(8)), "{}", per_hour(8));
    assert!((119..=121).contains(&per_hour(2)), "{}", per_hour(2));
    assert_eq!((24..60).map(per_hour).sum::<usize>(), 0);
}
