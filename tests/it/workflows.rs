//! The workflow files of the code host: YAML, with jobs whose steps do something and commands that exist.

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

/// The names of all workflow files.
fn names() -> Vec<String> {
    let folder = format!("{}/.github/workflows", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the folder of workflows");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("a plain name"));
    names.collect()
}

/// Whether an action is named with the hash of a commit, which does not move as a tag can.
fn is_pinned(action: &str) -> bool {
    action.split_once('@').is_some_and(|(_, version)| {
        version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[test]
fn every_step_either_uses_a_pinned_action_or_runs_a_command() {
    assert!(names().len() >= 4, "{:?}", names());
    for name in names() {
        for step in steps(&name) {
            let action = step["uses"].as_str();
            assert!(action.is_some() != step["run"].is_string(), "{name}: {step}");
            assert!(action.is_none_or(is_pinned), "{name}: {step}");
        }
    }
}

#[test]
fn what_is_made_is_a_target_of_the_makefile() {
    let makefile = std::fs::read_to_string(format!("{}/Makefile", env!("CARGO_MANIFEST_DIR")));
    let makefile = makefile.expect("the Makefile");
    for name in names() {
        for command in commands(&name) {
            let Some(target) = command.strip_prefix("make ") else { continue };
            assert!(makefile.lines().any(|line| line == format!("{target}:")), "{name}: {command}");
        }
    }
}

#[test]
fn continuous_integration_runs_every_test_and_the_night_all_sizes_and_advisories() {
    let [each_push, nightly] = ["ci.yml", "nightly.yml"].map(|name| commands(name).join("\n"));
    assert!(each_push.contains(".ci/run"));
    for command in ["make test-full", "cargo deny check advisories", "npm audit --omit=dev"] {
        assert!(nightly.contains(command), "{command} is not run");
    }
}

#[test]
fn what_is_deployed_is_the_release() {
    assert!(commands("pages.yml").contains(&"make release".to_string()));
}
