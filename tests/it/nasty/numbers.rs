//! Numbers at and beyond the edge.

use super::fronts::{accepted, name, number, refused};
use blis_playground::Config;

#[test]
fn not_a_number_is_refused() {
    for flag in ["rate", "gpu-memory-utilization", "gaie-kv-threshold"] {
        for typed in ["nan", "NaN"] {
            refused(&[name(flag, typed, "\"nan\"")]);
        }
    }
}

#[test]
fn json_has_no_word_for_not_a_number() {
    for text in ["NaN", "Infinity", "-Infinity"] {
        let error = Config::from_json(&format!("{{\"workload\": {{\"rate\": {text}}}}}")).expect_err(text);
        assert!(error.to_string().contains("line 1"), "{error}");
    }
}

#[test]
fn infinities_are_refused() {
    for flag in ["rate", "gpu-memory-utilization", "gaie-qd-threshold"] {
        for typed in ["inf", "-inf", "infinity"] {
            refused(&[name(flag, typed, "null")]);
        }
    }
}

#[test]
fn a_number_beyond_the_largest_is_not_taken_for_infinity() {
    assert!(Config::from_json(r#"{"workload": {"rate": 1e999}}"#).is_err());
    refused(&[name("rate", "1e999", "\"1e999\"")]);
}

#[test]
fn minus_zero_is_no_positive_number() {
    for flag in ["rate", "gpu-memory-utilization"] {
        refused(&[name(flag, "-0", "-0.0")]);
        refused(&[number(flag, "-0.0")]);
    }
    refused(&[
        number("token-bucket-capacity", "-0.0"),
        name("admission-policy", "token-bucket", "\"token-bucket\""),
    ]);
}

#[test]
fn the_largest_magnitudes_run_to_an_end() {
    accepted(&[number("rate", "1e308")]);
    accepted(&[
        number("token-bucket-capacity", "1e308"),
        number("token-bucket-refill-rate", "1e308"),
        name("admission-policy", "token-bucket", "\"token-bucket\""),
    ]);
    accepted(&[
        number("gaie-qd-threshold", "1e308"),
        name("admission-policy", "gaie-legacy", "\"gaie-legacy\""),
    ]);
    accepted(&[
        number("gaie-qd-threshold", "1e-308"),
        name("admission-policy", "gaie-legacy", "\"gaie-legacy\""),
    ]);
}

#[test]
fn a_seed_above_two_to_the_53_is_kept_to_the_last_bit() {
    let near = accepted(&[number("seed", "9007199254740992")]);
    let odd = accepted(&[number("seed", "9007199254740993")]);
    assert_ne!(near.requests, odd.requests);
    let config = Config::from_json(r#"{"seed": 9007199254740993}"#).expect("a seed");
    assert_eq!(config.seed, 9_007_199_254_740_993);
    assert!(config.to_json().contains("9007199254740993"));
}

#[test]
fn times_above_two_to_the_53_are_refused_as_they_were_given() {
    for flag in ["admission-latency", "routing-latency", "snapshot-refresh-interval", "cache-signal-delay"] {
        refused(&[number(flag, "9007199254740993")]);
    }
    let error = Config::from_json(r#"{"admission": {"latency": 9007199254740993}}"#)
        .and_then(|config| config.validate().map(|_| ()))
        .expect_err("too late");
    assert_eq!(error.value(), "9007199254740993");
}

#[test]
fn clocks_near_two_to_the_63_are_refused() {
    for text in ["9223372036854775807", "9223372036854775808", "-9223372036854775808"] {
        refused(&[number("admission-latency", text)]);
    }
    // The largest number is no horizon on the command line, as in the reference.
    for text in ["9223372036854775806", "9223372036854775808", "-9223372036854775808"] {
        refused(&[number("horizon", text)]);
    }
}

#[test]
fn a_billion_requests_are_refused() {
    refused(&[number("num-requests", "1000000000")]);
    refused(&[number("concurrency", "1000000000")]);
    refused(&[number("num-instances", "1000000000")]);
}

#[test]
fn a_rate_of_a_billion_runs_and_one_of_a_billionth_is_refused() {
    let outcome = accepted(&[number("rate", "1e9")]);
    assert_eq!(outcome.requests.len(), 100);
    refused(&[number("rate", "1e-9")]);
    let outcome = accepted(&[number("rate", "1e-3"), number("num-requests", "3")]);
    assert_eq!(outcome.requests.len(), 3);
}
