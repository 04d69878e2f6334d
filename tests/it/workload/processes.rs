//! Arrival processes against the measured tables of W-3.

use super::support::{arrivals, assert_mean, assert_quantile, assert_share, from_spec, moments};

/// Gaps of one client with the given arrival process, µs.
fn gaps(process: &str, rate: f64, count: usize) -> Vec<f64> {
    let workload = from_spec(&format!(
        "{{seed: 11, aggregate_rate: {rate}, num_requests: {count}, clients: [{{id: a, rate_fraction: 1, \
         arrival: {process}, input_distribution: {{type: constant, params: {{value: 1}}}}, \
         output_distribution: {{type: constant, params: {{value: 1}}}}}}]}}"
    ));
    let mut previous = 0;
    arrivals(&workload)
        .into_iter()
        .map(|time| (time - std::mem::replace(&mut previous, time)) as f64)
        .collect()
}

/// One row of the table: process, mean, sd, quantiles, share of gaps of 1 µs.
struct Row {
    process: &'static str,
    mean: f64,
    sd: f64,
    quantiles: [(f64, f64); 5],
    share_of_ones: f64,
}

const fn row(process: &'static str, mean: f64, sd: f64, at: [f64; 5], share_of_ones: f64) -> Row {
    let quantiles = [(0.01, at[0]), (0.1, at[1]), (0.5, at[2]), (0.9, at[3]), (0.99, at[4])];
    Row { process, mean, sd, quantiles, share_of_ones }
}

/// The measured statistics at 100 requests per second.
const TABLE: [Row; 8] = [
    row("{process: poisson}", 10004.0, 9999.0, [99.0, 1049.0, 6951.0, 23006.0, 46127.0], 0.0002),
    row("{process: gamma, cv: 1}", 9990.0, 9989.0, [101.0, 1056.0, 6929.0, 22976.0, 46056.0], 0.0002),
    row("{process: gamma, cv: 0.5}", 9995.0, 4992.0, [2058.0, 4365.0, 9180.0, 16685.0, 25110.0], 0.0),
    row("{process: gamma, cv: 2}", 9991.0, 19958.0, [1.0, 2.0, 1745.0, 29976.0, 97253.0], 0.0926),
    row("{process: gamma, cv: 3.5}", 10016.0, 35100.0, [1.0, 1.0, 14.0, 24009.0, 176_558.0], 0.4243),
    row("{process: weibull, cv: 1}", 10004.0, 10015.0, [101.0, 1055.0, 6920.0, 23038.0, 46088.0], 0.0002),
    row("{process: weibull, cv: 0.5}", 10001.0, 5004.0, [1269.0, 3872.0, 9477.0, 16798.0, 23365.0], 0.0),
    row("{process: weibull, cv: 2}", 10011.0, 20029.0, [1.0, 91.0, 2923.0, 26763.0, 95927.0], 0.0131),
];

#[test]
fn gaps_have_the_measured_mean_spread_and_quantiles() {
    for Row { process, mean, sd, quantiles, share_of_ones } in TABLE {
        let gaps = gaps(process, 100.0, 100_000);
        assert_mean(process, &gaps, mean, sd);
        let (_, measured_sd) = moments(&gaps);
        // The spread of a spread grows with the tail; 4% is above 5 standard errors of every row.
        assert!((measured_sd / sd - 1.0).abs() < 0.04, "{process}: sd {measured_sd}, expected {sd}");
        for (probability, value) in quantiles {
            assert_quantile(process, &gaps, probability, value);
        }
        assert_share(process, &gaps, |gap| gap == 1.0, share_of_ones);
    }
}

#[test]
fn an_explicit_shape_and_scale_replace_cv_and_rate() {
    for (process, mean, sd) in [
        ("{process: gamma, shape: 0.5, scale: 40000, cv: 9}", 20_000.0, 28_157.0),
        ("{process: weibull, shape: 0.7, scale: 10000, cv: 9}", 12_658.0, 18_537.0),
    ] {
        for rate in [1.0, 100.0] {
            assert_mean(process, &gaps(process, rate, 50_000), mean, sd);
        }
    }
}

#[test]
fn one_of_shape_and_scale_alone_is_ignored() {
    let by_cv = gaps("{process: gamma, cv: 2}", 100.0, 100);
    for process in ["{process: gamma, cv: 2, shape: 3}", "{process: gamma, cv: 2, scale: 3}"] {
        assert_eq!(gaps(process, 100.0, 100), by_cv, "{process}");
    }
}

#[test]
fn at_very_high_rates_most_gaps_are_the_floor_of_one_microsecond() {
    let gaps = gaps("{process: poisson}", 1e6, 100_000);
    assert_mean("poisson at a million per second", &gaps, 1.214, 0.6);
    assert_share("poisson at a million per second", &gaps, |gap| gap == 1.0, 0.865);
}

#[test]
fn gamma_above_cv_10_becomes_poisson_with_a_warning() {
    assert_eq!(gaps("{process: gamma, cv: 11}", 100.0, 1000), gaps("{process: poisson}", 100.0, 1000));
    let workload = from_spec(
        "{aggregate_rate: 1, num_requests: 1, clients: [{rate_fraction: 1, arrival: {process: gamma, cv: 11}, \
         input_distribution: {type: constant, params: {value: 1}}, \
         output_distribution: {type: constant, params: {value: 1}}}]}",
    );
    assert_eq!(workload.warnings.len(), 1);
    assert!(
        workload.warnings[0].starts_with("workload.spec.clients[0].arrival.cv: "),
        "{:?}",
        workload.warnings
    );
}
