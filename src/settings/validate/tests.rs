use super::*;
use crate::config::{AdmissionPolicyName, SloTarget};

/// A configuration with some settings given as text.
fn config(pairs: &[(&str, &str)]) -> Config {
    Config::from_pairs(&Config::default(), pairs.iter().copied()).expect("texts of the right type")
}

/// Path, value and expectation of the first problem.
#[track_caller]
fn rejected(pairs: &[(&str, &str)]) -> (String, String, String) {
    let error = config(pairs).validate().expect_err("invalid");
    (error.path().to_owned(), error.value(), error.expected())
}

#[track_caller]
fn warned(pairs: &[(&str, &str)]) -> Vec<String> {
    config(pairs).validate().expect("valid").iter().map(ToString::to_string).collect()
}

#[test]
fn the_defaults_are_valid_and_draw_no_warning() {
    assert_eq!(Config::default().validate(), Ok(Vec::new()));
}

#[test]
fn single_values_outside_their_range_are_named_with_path_value_and_range() {
    let table = [
        ("--num-instances", "0", "a whole number from 1 to 4096"),
        ("--num-instances", "4097", "a whole number from 1 to 4096"),
        ("--total-kv-blocks", "0", "a whole number from 1 to 4294967295"),
        ("--block-size-in-tokens", "0", "a whole number from 1 to 65536"),
        ("--gpu-memory-utilization", "0", "a number greater than 0 and at most 1"),
        ("--gpu-memory-utilization", "1.01", "a number greater than 0 and at most 1"),
        ("--max-num-seqs", "0", "a whole number from 1 to 1000000"),
        ("--max-num-batched-tokens", "0", "a whole number from 1 to 2147483648"),
        ("--admission-latency", "-1", "a whole number from 0 to 1000000000000000"),
        ("--routing-latency", "-1", "a whole number from 0 to 1000000000000000"),
        ("--snapshot-refresh-interval", "-5", "a whole number from 0 to 1000000000000000"),
        ("--cache-signal-delay", "-5", "a whole number from 0 to 1000000000000000"),
        ("--rate", "0", "a number greater than 0"),
        ("--rate", "-3", "a number greater than 0"),
        ("--horizon", "0", "a whole number from 1 to 1000000000000000"),
        ("--tp", "0", "a whole number from 1 to 1024"),
        ("--gaie-qd-threshold", "0", "a number greater than 0"),
        ("--gaie-kv-threshold", "1.5", "a number greater than 0 and at most 1"),
        ("--prompt-tokens-min", "0", "a whole number from 1 to 10000000"),
        ("--output-tokens-max", "0", "a whole number from 1 to 10000000"),
    ];
    for (flag, value, expected) in table {
        let path = schema::by_name(flag).expect(flag).path;
        let (got_path, got_value, got_expected) = rejected(&[(flag, value)]);
        assert_eq!((got_path.as_str(), got_expected.as_str()), (path, expected), "{flag} {value}");
        assert_eq!(got_value.parse::<f64>(), value.parse::<f64>(), "{flag} {value}");
    }
}

#[test]
fn values_that_do_not_even_fit_their_type_are_named_alike() {
    for (flag, value) in [
        ("--num-instances", "-1"),
        ("--num-requests", "99999999999"),
        ("--tp", "-1"),
        ("--concurrency", "-1"),
    ] {
        let setting = schema::by_name(flag).expect(flag);
        let error = Config::from_pairs(&Config::default(), [(flag, value)]).expect_err(flag);
        assert_eq!((error.path(), error.value().as_str()), (setting.path, value));
        assert!(error.expected().starts_with(&setting.expected()), "{error}");
    }
}

#[test]
fn texts_of_the_wrong_type_are_named_with_what_was_expected() {
    let table = [
        ("--rate", "abc", "a number greater than 0"),
        ("--rate", "nan", "a number greater than 0"),
        ("--rate", "inf", "a number greater than 0"),
        ("--seed", "1.5", "a 64-bit integer, -9223372036854775808 to 9223372036854775807"),
        ("--latency-model", "magic", "one of trained-physics, roofline"),
        ("--routing-policy", "Round-Robin", "one of round-robin, least-loaded, weighted, always-busiest"),
        ("--admission-policy", "x", "one of always-admit, token-bucket, reject-all, tier-shed, gaie-legacy"),
        ("--scheduler", "lifo", "one of fcfs, priority-fcfs, sjf, reverse-priority"),
        ("--preemption-policy", "lifo", "one of fcfs, priority"),
        ("--priority-policy", "age", "one of slo-class, constant, slo-based, inverted-slo"),
        ("--workload", "chat", "one of distribution, chatbot, contentgen, summarization, multidoc"),
        (
            "--slo-ttft",
            "default=100",
            "class=duration,... with durations greater than 0 and a unit, such as 100ms or 1.5s",
        ),
        (
            "--slo-e2e",
            "default=0s",
            "class=duration,... with durations greater than 0 and a unit, such as 100ms or 1.5s",
        ),
        ("--slo-priorities", "batch=101", "class=priority,... with whole numbers from -100 to 100"),
        ("--alpha-coeffs", "1,x,3", "at least 3 numbers, none of them negative"),
    ];
    for (flag, value, expected) in table {
        let path = schema::by_name(flag).expect(flag).path;
        let error = Config::from_pairs(&Config::default(), [(flag, value)]).expect_err(flag);
        assert_eq!(error, ConfigError::invalid(path, value, expected));
    }
}

#[test]
fn an_empty_policy_name_is_the_default() {
    let policies =
        ["--routing-policy", "--admission-policy", "--scheduler", "--preemption-policy", "--routing-scorers"];
    assert_eq!(config(&policies.map(|flag| (flag, ""))), Config::default());
}

#[test]
fn the_token_bucket_is_checked_only_under_its_policy() {
    let capacity = ("--token-bucket-capacity", "0");
    assert!(config(&[capacity]).validate().is_ok());
    let (path, value, expected) = rejected(&[capacity, ("--admission-policy", "token-bucket")]);
    assert_eq!(
        (path.as_str(), value.as_str(), expected.as_str()),
        ("admission.token_bucket_capacity", "0", "a number greater than 0")
    );
}

#[test]
fn values_that_are_not_finite_are_found_although_json_cannot_say_them() {
    let mut config = Config::default();
    config.workload.rate = f64::NAN;
    let error = config.validate().expect_err("NaN");
    assert_eq!(
        error,
        ConfigError::invalid("workload.rate", "a value that is not finite", "a number greater than 0")
    );
}

#[test]
fn the_rate_is_not_checked_for_a_closed_loop() {
    let mut config = Config::default();
    config.workload.rate = 0.0;
    config.workload.concurrency = 3;
    assert!(config.validate().is_ok());
}

#[test]
fn no_request_limit_needs_a_horizon() {
    let (path, value, _) = rejected(&[("--num-requests", "0")]);
    assert_eq!((path.as_str(), value.as_str()), ("workload.num_requests", "0"));
    assert!(config(&[("--num-requests", "0"), ("--horizon", "1000000")]).validate().is_ok());
}

#[test]
fn a_timeout_of_zero_is_refused_and_a_negative_one_is_not() {
    assert_eq!(rejected(&[("--timeout", "0")]).0, "workload.timeout");
    assert!(config(&[("--timeout", "-1")]).validate().is_ok());
}

#[test]
fn length_rules_are_reported_in_the_order_of_the_chapter() {
    let all = [
        ("--prompt-tokens-min", "9000"),
        ("--output-tokens-min", "9000"),
        ("--prompt-tokens-max", "0"),
        ("--output-tokens", "8000"),
    ];
    assert_eq!(rejected(&all).0, "workload.prompt_tokens_max");
    assert_eq!(rejected(&all[..2]).0, "workload.prompt_tokens_min");
    assert_eq!(rejected(&[all[1], ("--prompt-tokens", "8000")]).0, "workload.output_tokens_min");
    assert_eq!(rejected(&[all[3], ("--prompt-tokens", "1")]).0, "workload.prompt_tokens");
    assert_eq!(rejected(&[all[3]]).0, "workload.output_tokens");
}

#[test]
fn a_standard_deviation_is_zero_or_at_least_the_minimum() {
    for (stdev, valid) in [("0", true), ("1", false), ("2", true), ("7000", true), ("7001", false)] {
        for path in ["workload.prompt_tokens_stdev", "workload.output_tokens_stdev"] {
            let problems = config(&[(path, stdev)]).problems();
            assert_eq!(problems.is_empty(), valid, "{path} {stdev}");
            assert!(problems.iter().all(|problem| problem.path() == path));
        }
    }
}

#[test]
fn lengths_do_not_matter_to_a_preset() {
    let preset = config(&[("--workload", "chatbot"), ("--prompt-tokens", "0")]);
    assert_eq!(preset.problems(), []);
    assert_eq!(preset.warnings()[0].path, "workload.prompt_tokens");
}

#[test]
fn coefficients_come_in_pairs_and_only_for_trained_physics() {
    let alpha = ("--alpha-coeffs", "1,2,3");
    let beta = ("--beta-coeffs", "1,2,3,4,5,6,7");
    assert!(config(&[alpha, beta]).validate().is_ok());
    assert_eq!(rejected(&[alpha]).0, "model.alpha_coeffs");
    assert_eq!(rejected(&[beta]).0, "model.beta_coeffs");
    assert_eq!(rejected(&[alpha, beta, ("--latency-model", "roofline")]).0, "model.alpha_coeffs");
    assert_eq!(rejected(&[("--alpha-coeffs", "1,2"), beta]).1, "2 numbers");
    assert_eq!(rejected(&[("--alpha-coeffs", "1,-2,3"), beta]).0, "model.alpha_coeffs[1]");
    assert_eq!(rejected(&[alpha, ("--beta-coeffs", "1,2,3,4,5,6")]).0, "model.beta_coeffs");
}

#[test]
fn scorers_are_checked_only_under_the_weighted_policy() {
    let mut config = Config::default();
    config.routing.scorers.clear();
    assert!(config.validate().is_ok());
    config.routing.policy = crate::config::RoutingPolicyName::Weighted;
    assert_eq!(config.validate().expect_err("no scorer").path(), "routing.scorers");
}

#[test]
fn targets_are_positive_and_their_classes_have_usable_names() {
    let mut config = Config::default();
    config.slo.insert("batch".to_owned(), SloTarget { itl_ms: Some(f64::INFINITY), ..SloTarget::default() });
    assert_eq!(config.validate().expect_err("infinite").path(), "slo.batch.itl_ms");
    config.slo.clear();
    config.slo.insert("a,b".to_owned(), SloTarget { itl_ms: Some(1.0), ..SloTarget::default() });
    assert_eq!(config.validate().expect_err("comma").path(), "slo.a,b");
}

#[test]
fn problems_lists_all_of_them() {
    let config = config(&[("--num-instances", "0"), ("--rate", "0"), ("--timeout", "0")]);
    let paths: Vec<_> = config.problems().iter().map(|problem| problem.path().to_owned()).collect();
    assert_eq!(paths, ["cluster.num_instances", "workload.rate", "workload.timeout"]);
}

#[test]
fn runs_that_would_be_too_large_are_refused() {
    let endless = [("--num-requests", "0"), ("--rate", "1e6"), ("--horizon", "10000000000")];
    assert_eq!(rejected(&endless).0, "workload.rate");
    let slow = [("--rate", "1e-9"), ("--num-requests", "5000000")];
    assert_eq!(rejected(&slow).0, "workload.rate");
    let wide = [("--num-requests", "5000000"), ("--num-instances", "4096")];
    assert_eq!(rejected(&wide).0, "cluster.num_instances");
    assert!(config(&[wide[0], wide[1], ("k", "0")]).validate().is_ok());
    let kept =
        [("--num-requests", "5000000"), ("--num-instances", "16"), ("k", "11"), ("candidates", "true")];
    assert_eq!(rejected(&kept).0, "trace.counterfactual_k");
    assert_eq!(rejected(&[("--prefix-tokens", "9990000")]).0, "workload.prefix_tokens");
}

#[test]
fn settings_without_effect_draw_a_warning() {
    let scorers = warned(&[("--routing-scorers", "queue-depth:1")]);
    assert_eq!(scorers, ["routing.scorers: has no effect unless routing.policy is weighted"]);
    let think = warned(&[("--think-time-ms", "5")]);
    assert_eq!(think, ["workload.think_time_ms: has no effect unless workload.concurrency is not 0"]);
    assert_eq!(warned(&[("--priority-policy", "slo-based")]).len(), 1);
    assert_eq!(warned(&[("--priority-policy", "slo-based"), ("--scheduler", "priority-fcfs")]).len(), 0);
    assert_eq!(warned(&[("--slo-ttft", "critical=1ms")]).len(), 1);
    assert_eq!(warned(&[("--slo-ttft", "default=1ms")]).len(), 0);
}

#[test]
fn an_end_before_the_first_decisions_draws_a_warning() {
    let gateway = [("--admission-latency", "600"), ("--routing-latency", "500")];
    let with_horizon = |horizon| warned(&[gateway[0], gateway[1], ("--horizon", horizon)]);
    assert!(with_horizon("1099")[0].starts_with("cluster.horizon"));
    assert!(with_horizon("1100").is_empty());
}

#[test]
fn shedding_below_zero_only_draws_a_warning() {
    let mut config = Config::default();
    config.admission.policy = AdmissionPolicyName::TierShed;
    assert!(config.warnings().is_empty());
    config.admission.tier_shed_min_priority = 0;
    assert_eq!(config.warnings()[0].path, "admission.tier_shed_min_priority");
}
