//! Length distributions against the measured tables of W-4.

use super::support::{assert_mean, assert_quantile, assert_share, config, from_spec, generated, moments};
use blis_playground::config::WorkloadKind;
use blis_playground::units::Tokens;

fn doubles(lengths: &[Tokens]) -> Vec<f64> {
    lengths.iter().map(|&length| f64::from(length)).collect()
}

/// Draws of a distribution given as in a specification.
fn draws(distribution: &str, count: usize) -> Vec<f64> {
    let workload = from_spec(&format!(
        "{{seed: 3, aggregate_rate: 100, num_requests: {count}, clients: [{{id: a, rate_fraction: 1, \
         arrival: {{process: constant}}, input_distribution: {distribution}, \
         output_distribution: {{type: constant, params: {{value: 1}}}}}}]}}"
    ));
    doubles(&workload.requests.input)
}

/// Prompts and outputs of a built-in workload.
fn builtin(kind: WorkloadKind) -> [Vec<f64>; 2] {
    let requests = generated(&config(|w| (w.kind, w.num_requests) = (kind, 50_000))).requests;
    [doubles(&requests.input), doubles(&requests.output)]
}

const PROBABILITIES: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/// Compares with a row of the table of 4.1.
fn assert_row(name: &str, values: &[f64], mean: f64, sd: f64, quantiles: [f64; 9]) {
    assert_mean(name, values, mean, sd);
    let (_, measured_sd) = moments(values);
    let tolerance = 5.0 * sd / (2.0 * values.len() as f64).sqrt() * 1.2;
    assert!((measured_sd - sd).abs() < tolerance, "{name}: sd {measured_sd}, expected {sd} ± {tolerance}");
    for (probability, value) in PROBABILITIES.into_iter().zip(quantiles) {
        assert_quantile(name, values, probability, value);
    }
}

#[test]
fn the_default_lengths_pile_up_at_their_minimum_of_2() {
    let quantiles = [2.0, 90.0, 184.0, 340.0, 512.0, 685.0, 840.0, 932.0, 1108.0];
    for lengths in builtin(WorkloadKind::Distribution) {
        assert_row("512/256 [2,7000]", &lengths, 514.38, 250.81, quantiles);
        assert_share("512/256 [2,7000]", &lengths, |length| length == 2.0, 0.0236);
        assert!(lengths.iter().all(|&length| length >= 2.0));
    }
}

#[test]
fn chatbot_has_short_prompts_and_outputs() {
    let quantiles = [23.0, 91.0, 128.0, 189.0, 256.0, 324.0, 384.0, 420.0, 489.0];
    let [prompt, output] = builtin(WorkloadKind::Chatbot);
    assert_row("chatbot prompt", &prompt, 256.24, 99.53, quantiles);
    assert_share("chatbot prompt", &prompt, |length| length == 2.0, 0.0057);
    assert_row("chatbot output", &output, 256.23, 99.54, quantiles);
    assert_share("chatbot output", &output, |length| length == 1.0, 0.0056);
}

#[test]
fn contentgen_has_about_a_thousand_tokens_each_way() {
    let [prompt, output] = builtin(WorkloadKind::Contentgen);
    let quantiles = [675.0, 777.0, 832.0, 923.0, 1024.0, 1125.0, 1216.0, 1270.0, 1373.0];
    assert_row("contentgen prompt", &prompt, 1024.08, 150.05, quantiles);
    let quantiles = [558.0, 695.0, 768.0, 889.0, 1024.0, 1159.0, 1281.0, 1352.0, 1489.0];
    assert_row("contentgen output", &output, 1024.11, 200.07, quantiles);
}

#[test]
fn summarization_has_long_prompts() {
    let [prompt, output] = builtin(WorkloadKind::Summarization);
    let quantiles = [2932.0, 3273.0, 3456.0, 3759.0, 4096.0, 4434.0, 4738.0, 4917.0, 5259.0];
    assert_row("summarization prompt", &prompt, 4096.28, 500.17, quantiles);
    let quantiles = [163.0, 265.0, 320.0, 411.0, 512.0, 613.0, 704.0, 758.0, 861.0];
    assert_row("summarization output", &output, 512.10, 150.0, quantiles);
    assert_share("summarization output", &output, |length| length == 10.0, 0.0004);
}

#[test]
fn multidoc_has_very_long_prompts() {
    let [prompt, output] = builtin(WorkloadKind::Multidoc);
    let quantiles = [7446.0, 8264.0, 8703.0, 9432.0, 10239.0, 11051.0, 11780.0, 12210.0, 13032.0];
    assert_row("multidoc prompt", &prompt, 10240.7, 1200.4, quantiles);
    let quantiles = [837.0, 1042.0, 1152.0, 1334.0, 1536.0, 1739.0, 1921.0, 2029.0, 2234.0];
    assert_row("multidoc output", &output, 1536.2, 300.1, quantiles);
}

#[test]
fn a_gaussian_is_clamped_to_its_bounds_not_redrawn() {
    let gaussian = "{type: gaussian, params: {mean: 100, std_dev: 100, min: 50, max: 150}}";
    let lengths = draws(gaussian, 50_000);
    assert_mean(gaussian, &lengths, 100.01, 43.03);
    // Phi(-0.505), give or take what the reference measured (0.3097 and 0.3108).
    assert_share(gaussian, &lengths, |length| length == 50.0, 0.3097);
    assert_share(gaussian, &lengths, |length| length == 150.0, 0.3108);
    let small = "{type: gaussian, params: {mean: 4, std_dev: 4, min: 1, max: 100}}";
    let lengths = draws(small, 50_000);
    assert_mean(small, &lengths, 4.524, 3.258);
    assert_share(small, &lengths, |length| length == 1.0, 0.2655);
}

#[test]
fn gaussian_bounds_are_truncated_and_decide_when_they_meet_or_cross() {
    let length_of = |params: &str| draws(&format!("{{type: gaussian, params: {params}}}"), 20);
    assert_eq!(length_of("{mean: 100, std_dev: 50, min: 7.9, max: 7.2}"), [7.0; 20]);
    assert_eq!(length_of("{mean: 100, std_dev: 50, min: 0, max: 0}"), [0.0; 20]);
    assert_eq!(length_of("{mean: 100, std_dev: 50, min: 90, max: 30}"), [30.0; 20]);
    assert_eq!(length_of("{mean: -100, std_dev: 1, min: -5, max: 30}"), [1.0; 20]);
}

#[test]
fn lengths_round_to_nearest_with_halves_away_from_zero() {
    let rounded = |mean: f64| {
        draws(&format!("{{type: gaussian, params: {{mean: {mean}, std_dev: 0, min: 1, max: 100}}}}"), 1)[0]
    };
    assert_eq!([rounded(2.5), rounded(3.5), rounded(2.499), rounded(1.49)], [3.0, 4.0, 2.0, 1.0]);
}

#[test]
fn an_exponential_is_rounded_bounded_and_at_least_1() {
    let plain = draws("{type: exponential, params: {mean: 256}}", 50_000);
    assert_mean("exponential 256", &plain, 256.24, 256.1);
    for (probability, value) in [(0.5, 178.0), (0.9, 590.0), (0.99, 1178.0)] {
        assert_quantile("exponential 256", &plain, probability, value);
    }
    let short = draws("{type: exponential, params: {mean: 2}}", 50_000);
    assert_mean("exponential 2", &short, 2.202, 1.85);
    assert_share("exponential 2", &short, |length| length == 1.0, 0.527);
    let bounded = draws("{type: exponential, params: {mean: 256, min: 16, max: 1024}}", 50_000);
    assert_mean("exponential 256 [16,1024]", &bounded, 252.03, 236.1);
    assert_share("exponential 256 [16,1024]", &bounded, |length| length == 16.0, 0.0625);
    assert_share("exponential 256 [16,1024]", &bounded, |length| length == 1024.0, 0.0184);
}

#[test]
fn a_lognormal_has_the_measured_mean_and_bounds() {
    let plain = draws("{type: lognormal, params: {mu: 5, sigma: 1}}", 50_000);
    assert_mean("lognormal 5 1", &plain, 244.8, 320.0);
    for (probability, value) in [(0.5, 148.0), (0.9, 535.0), (0.99, 1520.0)] {
        assert_quantile("lognormal 5 1", &plain, probability, value);
    }
    let bounded = draws("{type: lognormal, params: {mu: 5, sigma: 1, min: 10, max: 1000}}", 50_000);
    assert_mean("lognormal [10,1000]", &bounded, 228.5, 226.9);
    assert_share("lognormal [10,1000]", &bounded, |length| length == 10.0, 0.0041);
    assert_share("lognormal [10,1000]", &bounded, |length| length == 1000.0, 0.0282);
}

#[test]
fn an_infinite_lognormal_draw_gives_the_minimum() {
    let lengths = draws("{type: lognormal, params: {mu: 0, sigma: 1e9, min: 5}}", 100);
    assert!(lengths.iter().all(|&length| length == 5.0));
}

#[test]
fn a_pareto_lognormal_mixes_its_two_parts() {
    let mixed = "{type: pareto_lognormal, params: {alpha: 2.5, xm: 100, mu: 5, sigma: 0.8, mix_weight: 0.3}}";
    let lengths = draws(mixed, 50_000);
    // Variances 22222 of the Pareto part and 37600 of the other.
    assert_mean(mixed, &lengths, 192.9, 200.0);
    for (probability, value) in [(0.5, 140.0), (0.9, 370.0), (0.99, 891.0)] {
        assert_quantile(mixed, &lengths, probability, value);
    }
    let pareto = "{type: pareto_lognormal, params: {alpha: 3, xm: 100, mu: 0, sigma: 1, mix_weight: 1}}";
    let lengths = draws(pareto, 50_000);
    assert_mean(pareto, &lengths, 150.0, 86.6);
    for (probability, value) in [(0.5, 126.0), (0.9, 215.0), (0.99, 467.0)] {
        assert_quantile(pareto, &lengths, probability, value);
    }
}

#[test]
fn a_constant_is_truncated_and_at_least_1() {
    assert_eq!(draws("{type: constant, params: {value: 7.9}}", 3), [7.0; 3]);
    assert_eq!(draws("{type: constant, params: {value: 0.5}}", 3), [1.0; 3]);
}

#[test]
fn an_empirical_distribution_gives_its_values_by_weight() {
    // Weights of 0 or below are skipped but enter the sum: the last value takes what is missing.
    let lengths = draws("{type: empirical, params: {'10': 2, '5': 1, '40': 1, '7': 0}}", 50_000);
    assert_share("5", &lengths, |length| length == 5.0, 0.25);
    assert_share("10", &lengths, |length| length == 10.0, 0.5);
    assert_share("40", &lengths, |length| length == 40.0, 0.25);
}
