//! Policy bundles (cluster chapter, C-1).

use blis_playground::Config;
use blis_playground::config::{AdmissionPolicyName, RoutingPolicyName, SchedulerName};
use blis_playground::settings::policy::{from_yaml, keys};

fn bundle(text: &str) -> Config {
    from_yaml(&Config::default(), text).expect(text)
}

fn refusal(text: &str) -> String {
    from_yaml(&Config::default(), text).expect_err(text).to_string()
}

#[test]
fn sections_and_keys_become_settings_and_the_rest_stays() {
    let config = bundle(
        "admission:\n  policy: gaie-legacy\n  gaie_qd_threshold: 7\n  slo_priorities: {batch: -5}\n\
         routing:\n  policy: weighted\n  scorers:\n  - {name: queue-depth, weight: 2}\n  snapshot_refresh_interval: 0\n\
         scheduler: sjf\npriority_policy: constant\npreemption_policy: priority\n",
    );
    assert_eq!(config.admission.policy, AdmissionPolicyName::GaieLegacy);
    assert_eq!(config.admission.gaie_qd_threshold, 7.0);
    assert_eq!(config.admission.slo_priorities["batch"], -5);
    assert_eq!(config.routing.policy, RoutingPolicyName::Weighted);
    assert_eq!(config.routing.scorers.len(), 1);
    assert_eq!(config.routing.snapshot_refresh_interval, 0);
    assert_eq!(config.instance.scheduler, SchedulerName::Sjf);
    assert_eq!(config.workload, Config::default().workload);
    assert_eq!(bundle("routing: {scorers: \"queue-depth:2\"}").routing.scorers.len(), 1);
}

#[test]
fn an_empty_bundle_says_nothing() {
    for text in ["", "# nothing\n", "admission:\nrouting: {}\n", "scheduler:\n"] {
        assert_eq!(bundle(text), Config::default(), "{text}");
    }
}

#[test]
fn the_least_priority_is_3_if_the_bundle_names_tier_shed_without_it() {
    let mut base = Config::default();
    base.admission.tier_shed_min_priority = 0;
    let of = |text| from_yaml(&base, text).expect(text).admission.tier_shed_min_priority;
    assert_eq!(of("admission: {policy: tier-shed}"), 3);
    assert_eq!(of("admission: {policy: tier-shed, tier_shed_min_priority: 1}"), 1);
    assert_eq!(of("admission: {tier_shed_threshold: 4}"), 0);
}

#[test]
fn unknown_and_out_of_scope_keys_are_named() {
    for (text, key) in [
        ("autoscaler: {}", "autoscaler"),
        ("admission: {saturation_detector: x}", "admission.saturation_detector"),
        ("routing: {polcy: weighted}", "routing.polcy"),
        ("workload: {rate: 3}", "workload"),
        ("instance: {scheduler: sjf}", "instance"),
    ] {
        let error = refusal(text);
        assert!(error.starts_with(&format!("{key}: got a key that is unknown or out of scope")), "{error}");
        assert!(error.contains("admission.tier_shed_threshold"), "the known keys are listed: {error}");
    }
    assert!(refusal("admission: [1]").starts_with("admission: got"));
    assert!(refusal("- admission\n").contains("line 1"));
    assert!(refusal("scheduler: sjf\nscheduler: sjf\n").contains("scheduler"));
}

#[test]
fn all_of_a_bundle_is_checked_also_what_its_policies_do_not_use() {
    for (text, message) in [
        ("admission: {gaie_kv_threshold: 1.5}", "admission.gaie_kv_threshold: got 1.5"),
        ("admission: {tier_shed_threshold: -1}", "admission.tier_shed_threshold: got -1"),
        ("admission: {slo_priorities: {batch: 101}}", "admission.slo_priorities.batch: got 101"),
        ("admission: {token_bucket_capacity: -1}", "admission.token_bucket_capacity: got -1"),
        (
            "admission: {policy: token-bucket, token_bucket_capacity: 0}",
            "admission.token_bucket_capacity: got 0",
        ),
        ("admission: {policy: polite}", "admission.policy: got polite, expected one of always-admit"),
        ("routing: {scorers: [{name: queue-depth, weight: 0}]}", "routing.scorers[0].weight: got 0"),
        ("routing: {scorers: [{name: luck, weight: 1}]}", "routing.scorers[0].name: got luck"),
    ] {
        let error = refusal(text);
        assert!(error.starts_with(message), "{error}");
    }
    assert_eq!(bundle("admission: {token_bucket_capacity: 0}").admission.token_bucket_capacity, 0.0);
}

#[test]
fn the_keys_are_those_of_the_two_sections_and_three_more() {
    let keys: Vec<_> = keys().collect();
    for key in
        ["admission.policy", "admission.slo_priorities", "routing.scorers", "routing.latency", "scheduler"]
    {
        assert!(keys.contains(&key), "{key}");
    }
    assert_eq!(keys.len(), 9 + 5 + 3);
}
