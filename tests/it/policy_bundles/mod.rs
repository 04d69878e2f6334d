//! Policy files and the budgets of tenants (policy-bundle chapter).

mod damaged_files;
mod odd_files;
mod precedence;
mod recordings;

use crate::common::{golden_dir, golden_json, golden_text};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of the test's own with the recorded policy files and traces in it.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy-bundles").join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let recorded = golden_dir().join("policy-bundles");
    for file in std::fs::read_dir(&recorded).expect("the recordings") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|ending| ending == "yaml" || ending == "csv") {
            std::fs::copy(&path, folder.join(path.file_name().expect("a name"))).expect("copied");
        }
    }
    std::fs::write(folder.join("trace.csv"), golden_text("policy-bundles/trace.csv")).expect("written");
    folder
}

/// What the reference was asked and did, per case.
fn expected() -> Value {
    golden_json("policy-bundles/expected.json")
}

/// The flags that all cases of the large trace have, with a replay of it.
fn common_flags(expected: &Value) -> Vec<String> {
    let flags = expected["common_flags"].as_array().expect("a list");
    let flags = flags.iter().map(|flag| flag.as_str().expect("a text").to_owned());
    ["replay", "--trace", "trace"].map(String::from).into_iter().chain(flags).collect()
}

fn blis(folder: &Path, words: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_blis")).args(words).current_dir(folder).output().expect("started")
}

/// Standard output and the warnings.
#[track_caller]
fn succeeds(folder: &Path, words: &[String]) -> (String, Vec<String>) {
    let output = blis(folder, words);
    let errors = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{words:?}: {errors}");
    let warnings = errors.lines().filter_map(|line| line.strip_prefix("warning: ").map(str::to_owned));
    (String::from_utf8(output.stdout).expect("text"), warnings.collect())
}

/// The settings in force, and the warnings.
#[track_caller]
fn settings(folder: &Path, flags: &[&str]) -> (Value, Vec<String>) {
    let mut words = common_flags(&expected());
    words.extend(flags.iter().map(|&flag| flag.to_owned()));
    words.push("--print-config".to_owned());
    let (text, warnings) = succeeds(folder, &words);
    (serde_json::from_str(&text).expect("JSON"), warnings)
}

/// What is said about settings that are refused.
#[track_caller]
fn refused(folder: &Path, flags: &[&str]) -> String {
    let mut words = common_flags(&expected());
    words.extend(flags.iter().map(|&flag| flag.to_owned()));
    let output = blis(folder, &words);
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    String::from_utf8(output.stderr).expect("text")
}
