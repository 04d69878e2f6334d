//! The table of settings against the configuration, and the two text forms against each other.

use blis_playground::Config;
use blis_playground::config::{ScorerName, SloTarget, WeightedScorer};
use blis_playground::settings::schema::{self, SettingKind};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// Paths of everything in a JSON form that is not a group of settings.
fn leaves(prefix: &str, value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                leaves(&path, value, into);
            }
        }
        _ => {
            into.insert(prefix.to_owned());
        }
    }
}

#[test]
fn every_field_of_the_configuration_has_a_setting_and_every_setting_a_field() {
    let defaults = Config::default().to_value();
    let mut fields = BTreeSet::new();
    leaves("", &defaults, &mut fields);
    let described: BTreeSet<String> = schema::settings()
        .iter()
        .map(|setting| setting.path.split(".*").next().expect("split yields one part at least").to_owned())
        .collect();
    assert_eq!(fields, described);
    for setting in schema::settings() {
        let pointer = format!("/{}", setting.path.split(".*").next().expect("one part").replace('.', "/"));
        assert_eq!(defaults.pointer(&pointer), Some(&setting.default), "{}", setting.path);
    }
}

#[test]
fn paths_keys_and_flags_are_unique_and_every_setting_is_explained() {
    let settings = schema::settings();
    let paths: BTreeSet<_> = settings.iter().map(|setting| setting.path).collect();
    let keys: BTreeSet<_> = settings.iter().map(|setting| setting.key).collect();
    let flags: BTreeSet<_> = settings.iter().filter_map(|setting| setting.flag).collect();
    assert_eq!(paths.len(), settings.len());
    assert_eq!(keys.len(), settings.len());
    assert_eq!(flags.len(), settings.iter().filter(|setting| setting.flag.is_some()).count());
    for setting in settings {
        assert!(!setting.label.is_empty() && setting.help.len() > 20, "{}", setting.path);
        assert!(setting.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{}", setting.key);
        assert!(setting.flag.is_none_or(|flag| flag.starts_with("--")), "{}", setting.path);
    }
}

#[test]
fn sliders_stay_inside_the_valid_range() {
    for setting in schema::settings() {
        let (Some(low), Some(high), Some(step)) = (setting.ui_min, setting.ui_max, setting.ui_step) else {
            continue;
        };
        assert!(low < high && step > 0.0, "{}", setting.path);
        assert!(!setting.log || low > 0.0, "{}", setting.path);
        match &setting.kind {
            SettingKind::Integer { min, max, .. } => {
                assert!(min.is_none_or(|min| low >= min as f64) && max.is_none_or(|max| high <= max as f64));
            }
            SettingKind::Number { min, max, .. } => {
                assert!(low >= *min && max.is_none_or(|max| high <= max), "{}", setting.path);
            }
            other => panic!("{} is a {other:?} and has a slider", setting.path),
        }
    }
}

/// Whether a setting applies, by its published conditions and the JSON form.
fn applies_by_json(setting: &schema::Setting, config: &Value) -> bool {
    let described = serde_json::to_value(setting).expect("plain values");
    described["applies_when"].as_array().expect("a list").iter().all(|condition| {
        let path = condition["path"].as_str().expect("a path");
        assert!(schema::by_name(path).is_some(), "{path}");
        let value = path.split('.').fold(config, |value, name| &value[name]);
        let among = condition["values"].as_array().expect("a list").contains(value);
        among == (condition["test"] == "is")
    })
}

#[test]
fn published_conditions_say_which_settings_have_no_effect() {
    let changes: [&[(&str, &str)]; 6] = [
        &[],
        &[("admission", "token-bucket"), ("route", "weighted"), ("k", "0")],
        &[("admission", "tier-shed"), ("users", "3"), ("blocks", "900")],
        &[("admission", "gaie-legacy"), ("workload", "chatbot")],
        &[("requests", "[]")],
        &[("spec", "{}")],
    ];
    for pairs in changes {
        let config = Config::from_pairs(&Config::default(), pairs.iter().copied()).expect("valid texts");
        let json = config.to_value();
        let idle = schema::settings().iter().filter(|setting| !applies_by_json(setting, &json));
        assert_eq!(config.without_effect(), idle.map(|setting| setting.key).collect::<Vec<_>>(), "{pairs:?}");
    }
}

#[test]
fn a_problem_belongs_to_one_setting() {
    for (path, key) in [
        ("routing.scorers[1].weight", Some("scorers")),
        ("slo.batch.itl_ms", Some("sloitl")),
        ("slo.a,b", Some("slottft")),
        ("slo", Some("slottft")),
        ("workload.spec.clients[0].id", Some("spec")),
        ("workload", None),
    ] {
        assert_eq!(schema::key_of(path), key, "{path}");
    }
}

#[test]
fn the_parts_of_a_setting_lead_back_to_it() {
    for (path, setting) in [
        ("routing.scorers[1].weight", "routing.scorers"),
        ("slo.batch.ttft_ms", "slo.*.ttft_ms"),
        ("slo.batch.e2e_ms", "slo.*.e2e_ms"),
        ("admission.slo_priorities.batch", "admission.slo_priorities"),
        ("model.beta_coeffs[3]", "model.beta_coeffs"),
        ("workload.prompt_tokens_min", "workload.prompt_tokens_min"),
    ] {
        assert_eq!(schema::by_path(path).map(|found| found.path), Some(setting), "{path}");
    }
    assert!(schema::by_path("routing.nothing").is_none());
}

#[test]
fn the_default_configuration_needs_no_pairs() {
    assert_eq!(Config::default().to_pairs(), []);
}

#[test]
fn json_errors_name_the_place_the_value_and_what_was_expected() {
    for (json, message) in [
        (
            r#"{"cluster": {"num_instances": "four"}}"#,
            "cluster.num_instances: got \"four\" (a text), expected a whole number from 1 to 4096",
        ),
        (
            r#"{"cluster": {"num_instances": -1}}"#,
            "cluster.num_instances: got -1, expected a whole number from 1 to 4096",
        ),
        (
            r#"{"cluster": {"num_instances": 1.5}}"#,
            "cluster.num_instances: got 1.5, expected a whole number from 1 to 4096",
        ),
        (
            r#"{"memory": {"max_model_len": true}}"#,
            "memory.max_model_len: got true, expected a whole number from 0 to 4294967295 or null",
        ),
        (
            r#"{"routing": {"scorers": [{"name": "queue-depth", "weight": "x"}]}}"#,
            "routing.scorers[0].weight: got \"x\" (a text), expected a number",
        ),
        (r#"{"model": 5}"#, "model: got 5, expected an object"),
        (
            r#"{"admission": {"slo_priorities": {"a": 1.5}}}"#,
            "admission.slo_priorities.a: got 1.5, expected a whole number",
        ),
        (
            r#"{"slo": {"batch": {"ttft_ms": "1s"}}}"#,
            "slo.batch.ttft_ms: got \"1s\" (a text), expected a number",
        ),
    ] {
        assert_eq!(Config::from_json(json).expect_err(json).to_string(), message);
    }
    let unknown = Config::from_json(r#"{"cluster": {"instances": 4}}"#).expect_err("unknown field");
    assert_eq!(unknown.path(), "cluster.instances");
    assert!(unknown.expected().contains("num_instances"), "{unknown}");
    let scorer =
        Config::from_json(r#"{"routing": {"scorers": [{"name": "fast", "weight": 1}]}}"#).expect_err("name");
    assert_eq!((scorer.path(), scorer.value().as_str()), ("routing.scorers[0].name", "fast"));
    assert!(scorer.expected().contains("no-hit-lru"));
    for text in ["", "{", "[1]", "{} {}", "nonsense"] {
        assert!(Config::from_json(text).is_err(), "{text}");
    }
}

/// Text forms that the setting's own parser accepts.
fn words(kind: &SettingKind) -> BoxedStrategy<String> {
    let classes = prop::collection::btree_map("[a-z][a-z .:-]{0,5}[a-z]", 0.001..1e9f64, 1..4);
    match kind {
        SettingKind::Integer { min, max, .. } => {
            let range = min.unwrap_or(i64::MIN)..=max.unwrap_or(i64::MAX);
            range.prop_map(|number| number.to_string()).boxed()
        }
        SettingKind::Number { max, .. } => {
            let top = max.unwrap_or(f64::MAX);
            (f64::MIN_POSITIVE..=top).prop_map(|number| number.to_string()).boxed()
        }
        SettingKind::Boolean => any::<bool>().prop_map(|on| on.to_string()).boxed(),
        SettingKind::Choice { choices } => {
            prop::sample::select(choices.iter().map(|choice| choice.value.to_owned()).collect::<Vec<_>>())
                .boxed()
        }
        SettingKind::Text { .. } => "[ -~µ]{1,30}".boxed(),
        SettingKind::Floats { .. } => prop::collection::vec(0.0..1e12f64, 0..9)
            .prop_map(|list| match list.len() {
                0 => "none".to_owned(),
                _ => list.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            })
            .boxed(),
        SettingKind::Scorers { choices } => {
            let names: Vec<_> = choices.iter().map(|choice| choice.value).collect();
            prop::sample::subsequence(names, 1..=10)
                .prop_shuffle()
                .prop_flat_map(|names| {
                    let weights = prop::collection::vec(1e-9..1e9f64, names.len());
                    (Just(names), weights)
                })
                .prop_map(|(names, weights)| {
                    let items = names.iter().zip(weights).map(|(name, weight)| format!("{name}:{weight}"));
                    items.collect::<Vec<_>>().join(",")
                })
                .boxed()
        }
        SettingKind::Targets { .. } => classes
            .prop_map(|map| {
                map.iter().map(|(class, ms)| format!("{class}={ms}ms")).collect::<Vec<_>>().join(",")
            })
            .boxed(),
        SettingKind::ClassPriorities { .. } => classes
            .prop_map(|map| {
                let items =
                    map.iter().map(|(class, number)| format!("{class}={}", (number % 100.0) as i64 - 50));
                items.collect::<Vec<_>>().join(",")
            })
            .boxed(),
        SettingKind::TenantBudgets => prop::collection::btree_map("[a-z]{0,5}", 0.0..=1.0, 1..4)
            .prop_map(|map: std::collections::BTreeMap<String, f64>| {
                map.iter().map(|(tenant, share)| format!("{tenant}={share}")).collect::<Vec<_>>().join(",")
            })
            .boxed(),
        SettingKind::Kills => {
            let kill = (0_u32..9, 0_i64..1 << 40, any::<bool>());
            prop::collection::vec(kill, 1..5)
                .prop_map(|kills| {
                    let text = |(instance, at, crash): (u32, i64, bool)| {
                        format!("{instance}@{at}us{}", if crash { ":crash" } else { "" })
                    };
                    kills.into_iter().map(text).collect::<Vec<_>>().join(",")
                })
                .boxed()
        }
        SettingKind::Bursts => prop::collection::vec((1_u32..9, 0_i64..1 << 40), 1..5)
            .prop_map(|bursts| {
                let text = |(requests, at): (u32, i64)| format!("{requests}@{at}us");
                bursts.into_iter().map(text).collect::<Vec<_>>().join(",")
            })
            .boxed(),
        // Documents have a separate type; an empty list is one that both accept as "given".
        SettingKind::Document => Just(String::new()).boxed(),
    }
}

fn pairs() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let each: Vec<_> = schema::settings()
        .iter()
        .map(|setting| prop::option::of(words(&setting.kind).prop_map(move |text| (setting.key, text))))
        .collect();
    each.prop_map(|pairs| pairs.into_iter().flatten().collect())
}

proptest! {
    #[test]
    fn pairs_and_json_give_the_configuration_back(pairs in pairs()) {
        let config = Config::from_pairs(&Config::default(), pairs.clone()).expect("generated texts are valid");
        let again = Config::from_pairs(&Config::default(), config.to_pairs()).expect("written texts are valid");
        prop_assert_eq!(&config, &again);
        prop_assert_eq!(&config, &Config::from_json(&config.to_json()).expect("written JSON is valid"));
        prop_assert_eq!(config.to_pairs(), again.to_pairs());
    }

    #[test]
    fn no_text_makes_the_parsers_panic(key in prop::sample::select(schema::settings().iter().map(|s| s.key).collect::<Vec<_>>()), text in ".{0,40}") {
        if let Ok(config) = Config::from_pairs(&Config::default(), [(key, &text)]) {
            let _: Vec<_> = config.problems();
            let _: Vec<_> = config.warnings();
        }
    }
}

#[test]
fn an_empty_list_of_scorers_and_explicit_requests_survive_the_text_form() {
    let mut config = Config::default();
    config.routing.scorers.clear();
    config.workload.requests = Some(Vec::new().into());
    config
        .slo
        .insert("batch".to_owned(), SloTarget { ttft_ms: Some(0.1), itl_ms: None, e2e_ms: Some(1.0 / 3.0) });
    let again = Config::from_pairs(&Config::default(), config.to_pairs()).expect("written texts are valid");
    assert_eq!(config, again);
    config.routing.scorers.push(WeightedScorer { name: ScorerName::NoHitLru, weight: 5e-324 });
    let again = Config::from_pairs(&Config::default(), config.to_pairs()).expect("written texts are valid");
    assert_eq!(config, again);
}
