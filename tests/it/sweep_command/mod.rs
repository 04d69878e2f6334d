//! `blis sweep`: its rows are those of single runs, in one order, whatever makes them.

mod jobs;
mod merging;
mod refusals;
mod rows;

use std::path::Path;
use std::process::{Command, Output};

/// Settings of quick runs.
const BASE: &str = "--model qwen/qwen3-14b --latency-model roofline --rate 60 --num-requests 60 --prompt-tokens 100 \
    --output-tokens 20 --output-tokens-stdev 10";

fn blis<Word: AsRef<std::ffi::OsStr>>(words: impl IntoIterator<Item = Word>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_blis"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).args(words).output().expect("started")
}

/// The output of a line that succeeds.
#[track_caller]
fn printed(line: &str) -> String {
    let output = blis(line.split_whitespace());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

/// What a line that fails says, of which nothing is printed.
#[track_caller]
fn refused(line: &str) -> String {
    let output = blis(line.split_whitespace());
    assert_eq!(output.status.code(), Some(1), "{line}");
    assert!(output.stdout.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).expect("text")
}

/// The rows of a sweep with these flags beside [`BASE`].
#[track_caller]
fn rows(flags: &str) -> Vec<serde_json::Value> {
    let text = printed(&format!("sweep {BASE} {flags}"));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}
