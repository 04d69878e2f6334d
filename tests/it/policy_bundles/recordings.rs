//! The recordings of the reference, request by request, and the settings that were in force (P-7).

use super::{common_flags, expected, folder, settings, succeeds};
use crate::common::{golden_dir, golden_text};
use blis_playground::golden::check_case;
use serde_json::{Value, json};

fn case_names() -> Vec<String> {
    let files = std::fs::read_dir(golden_dir().join("policy-bundles")).expect("the recordings");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("a plain name"));
    let mut names: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".case.json.gz")?.to_owned())).collect();
    names.sort();
    names
}

fn case(name: &str) -> String {
    golden_text(&format!("policy-bundles/{name}.case.json"))
}

#[test]
fn every_recording_is_reproduced_request_by_request() {
    let names = case_names();
    assert_eq!(names.len(), 16);
    for name in names {
        let differences = check_case(&case(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(differences.is_empty(), "{name}: {:?}", &differences[..differences.len().min(4)]);
    }
}

#[test]
fn a_recording_with_a_setting_or_column_that_is_unknown_is_refused_by_its_name() {
    let text = case("15-tenant-burst");
    let plain: Value = serde_json::from_str(&text).expect("JSON");
    let error = |change: &dyn Fn(&mut Value)| {
        let mut changed = plain.clone();
        change(&mut changed);
        check_case(&changed.to_string()).expect_err("refused").to_string()
    };
    for (name, error) in [
        ("saturation_detector", error(&|case| case["config"]["saturation_detector"] = json!("never"))),
        ("session_id", error(&|case| case["workload"]["session_id"] = json!([]))),
        ("pools", error(&|case| case["pools"] = json!({}))),
    ] {
        assert!(error.contains(&format!("unknown field `{name}`")), "{error}");
    }
    let short = error(&|case| case["workload"]["tenant"] = json!(["alice"]));
    assert_eq!(short, "workload.tenant: got 1 rows, expected 12 rows");
    let more = error(&|case| case["expected"]["requests"]["hops"] = json!([1, 2]));
    assert!(more.contains("expected.requests.hops"), "{more}");
}

#[test]
fn without_its_tenants_or_budgets_a_recording_is_not_reproduced() {
    let text = case("15-tenant-burst");
    for key in ["/workload/tenant", "/config/tenant_budgets"] {
        let mut changed: Value = serde_json::from_str(&text).expect("JSON");
        *changed.pointer_mut(key).expect("it is there") = Value::Null;
        let differences = check_case(&changed.to_string()).expect("comparable");
        assert!(differences.iter().any(|one| one.column == "requests.admitted"), "{key}");
    }
}

/// The recorded settings in the words of ours.
fn in_our_words(resolved: &Value) -> [Value; 3] {
    let mut admission = json!({});
    let whole_numbers = ["tier_shed_threshold", "tier_shed_min_priority"];
    for key in [
        "token_bucket_capacity",
        "token_bucket_refill_rate",
        "tier_shed_threshold",
        "tier_shed_min_priority",
        "gaie_qd_threshold",
        "gaie_kv_threshold",
    ] {
        let number = &resolved[key];
        admission[key] = if whole_numbers.contains(&key) { number.clone() } else { json!(number.as_f64()) };
    }
    admission["policy"] = resolved["admission_policy"].clone();
    let budgets = resolved["tenant_budgets"].as_object().into_iter().flatten();
    admission["tenant_budgets"] =
        budgets.map(|(tenant, share)| (tenant.clone(), json!(share.as_f64()))).collect();
    let mut routing = json!({ "policy": resolved["routing_policy"] });
    if let Some(scorers) = resolved["routing_scorers"].as_array() {
        let scorer = |scorer: &Value| json!({ "name": scorer[0], "weight": scorer[1].as_f64() });
        routing["scorers"] = scorers.iter().map(scorer).collect();
    }
    let instance = json!({
        "scheduler": resolved["scheduler"],
        "preemption_policy": resolved["preemption_policy"],
        "priority_policy": "slo-class",
    });
    [admission, routing, instance]
}

/// The members of `ours` that `theirs` has, too.
fn common(ours: &Value, theirs: &Value) -> Value {
    let theirs = theirs.as_object().expect("an object");
    theirs.keys().map(|key| (key.clone(), ours[key].clone())).collect()
}

#[test]
fn every_file_with_its_flags_gives_the_settings_that_were_in_force() {
    let folder = folder("settings");
    let expected = expected();
    let cases = expected["cases"].as_object().expect("cases");
    assert_eq!(cases.len(), 14);
    for (name, case) in cases {
        let file = case["bundle"].as_str().expect("a name");
        let mut flags = vec!["--policy-config", file];
        flags.extend(case["flags"].as_array().expect("flags").iter().filter_map(Value::as_str));
        let (ours, warnings) = settings(&folder, &flags);
        let [mut admission, routing, instance] = in_our_words(&case["resolved"]);
        if admission["policy"] != "tier-shed" {
            // It counts for nothing, and ours has another default then.
            admission["tier_shed_min_priority"] = json!(3);
        }
        assert_eq!(common(&ours["admission"], &admission), admission, "{name}");
        assert_eq!(common(&ours["routing"], &routing), routing, "{name}");
        assert_eq!(common(&ours["instance"], &instance), instance, "{name}");
        // The table of priorities in force is the default one with what the file replaces.
        for (class, priority) in case["resolved"]["slo_priorities"].as_object().expect("a table") {
            let default = match class.as_str() {
                "critical" => 4,
                "batch" => -1,
                "sheddable" => -2,
                "background" => -3,
                _ => 3,
            };
            let given = ours["admission"]["slo_priorities"].get(class).cloned();
            assert_eq!(given.unwrap_or_else(|| json!(default)), *priority, "{name}: {class}");
        }
        // Where the reference warns, ours does; of values that its own file leaves unused, neither does.
        let about = |words: &str| warnings.iter().filter(|warning| warning.contains(words)).count() as u64;
        assert_eq!(about("has no effect unless"), 0, "{name}: {warnings:?}");
        let sheds_little = u64::from(case["flags"].to_string().contains("tier-shed"));
        assert_eq!(case["warnings"].as_u64(), Some(about("priority.policy") + sheds_little), "{name}");
        assert!(sheds_little == 0 || about("--tier-shed-min-priority is 0") == 1, "{name}: {warnings:?}");
    }
}

#[test]
fn every_file_with_its_flags_gives_the_figures_of_the_reference() {
    let folder = folder("figures");
    let expected = expected();
    let mut compared = 0;
    for (name, case) in expected["cases"].as_object().expect("cases") {
        let mut words = common_flags(&expected);
        let file = case["bundle"].as_str().expect("a name");
        words.extend(["--policy-config", file, "--metrics-path", "metrics.json"].map(String::from));
        let flags = case["flags"].as_array().expect("flags").iter().filter_map(Value::as_str);
        words.extend(flags.map(String::from));
        succeeds(&folder, &words);
        let metrics = std::fs::read_to_string(folder.join("metrics.json")).expect("written");
        let metrics: Value = serde_json::from_str(&metrics).expect("JSON");
        for (figure, value) in case["cluster_metrics"].as_object().expect("figures") {
            let same = match (value.as_f64(), metrics[figure].as_f64()) {
                (Some(theirs), Some(ours)) => (theirs - ours).abs() <= 1e-9 * theirs.abs(),
                _ => *value == metrics[figure],
            };
            assert!(same, "{name}: {figure} is {}, not {value}", metrics[figure]);
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared} figures");
}
