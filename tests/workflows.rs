//! The workflow files of the code host: YAML, with jobs whose steps do something and commands that exist.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use serde_json::Value;

fn steps(name: &str) -> Vec<Value> {
    let path = format!("{}/.github/workflows/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let workflow: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(workflow["on"].is_object(), "{name} names no occasion");
    let jobs = workflow["jobs"].as_object().expect("jobs");
    assert!(
        jobs.values().all(|job| job["runs-on"].is_string() && job["timeout-minutes"].is_number()),
        "{name}"
    );
    jobs.values().flat_map(|job| job["steps"].as_array().expect("steps").clone()).collect()
}

fn commands(name: &str) -> Vec<String> {
    steps(name).iter().filter_map(|step| step["run"].as_str().map(String::from)).collect()
}

#[test]
fn every_step_either_uses_an_action_of_a_stated_version_or_runs_a_command() {
    for name in ["ci.yml", "pages.yml"] {
        for step in steps(name) {
            let action = step["uses"].as_str();
            assert!(action.is_some() != step["run"].is_string(), "{name}: {step}");
            assert!(action.is_none_or(|action| action.contains("@v")), "{name}: {step}");
        }
    }
}

#[test]
fn continuous_integration_runs_every_test_and_looks_for_advisories() {
    let commands = commands("ci.yml").join("\n");
    for command in [".ci/run", "cargo deny check advisories", "npm audit --omit=dev"] {
        assert!(commands.contains(command), "{command} is not run");
    }
}

#[test]
fn what_is_deployed_is_the_release() {
    assert!(commands("pages.yml").contains(&"make release".to_string()));
}
