//! A file of every kind that people of the reference bring, and what the command line makes of it. README.md has the
//! outcome as a table.

mod files;

use files::{File, KINDS, Kind};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FOLDER: &str = "examples/files";
const BEGIN: &str = "<!-- example files: written by tests/it/example_files -->";
const END: &str = "<!-- end of the example files -->";

/// Tells the test to write the table instead of comparing it.
const WRITE: &str = "WRITE_EXAMPLE_FILES";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file with its place and kind.
#[derive(Clone, Copy)]
struct Example {
    kind: &'static Kind,
    file: &'static File,
}

impl Example {
    fn path(self) -> String {
        format!("{FOLDER}/{}/{}", self.kind.folder, self.file.name)
    }

    /// The command, as it can be typed.
    fn line(self) -> String {
        let model = if self.kind.command.contains("--model ") { "" } else { " --model qwen/qwen3-14b" };
        format!("{} {}{model}", self.kind.command, self.path())
    }

    fn output(self) -> Output {
        let line = self.line();
        let words = line.split_whitespace();
        Command::new(env!("CARGO_BIN_EXE_blis")).args(words).current_dir(root()).output().expect("started")
    }

    /// What is said of a file that is refused, without the file's name; nothing of one that runs.
    fn refusal(self) -> Option<String> {
        let output = self.output();
        let said = String::from_utf8(output.stderr).expect("text");
        if output.status.success() {
            let figures = String::from_utf8(output.stdout).expect("text");
            let completed = figures
                .split_once("\"instance_id\": \"cluster\"")
                .and_then(|(_, cluster)| cluster.split_once("\"completed_requests\": "))
                .expect("figures of the cluster")
                .1;
            assert!(!completed.starts_with('0'), "{}: nothing was completed", self.path());
            return None;
        }
        assert_eq!(output.status.code(), Some(1), "{}: {said}", self.line());
        assert_eq!(said.lines().count(), 1, "{}: {said}", self.line());
        assert!(output.stdout.is_empty(), "{}", self.line());
        let line = said.trim_end();
        Some(line.split_once(&format!("{}: ", self.path())).map_or(line, |(_, rest)| rest).to_owned())
    }
}

fn examples() -> impl Iterator<Item = Example> {
    KINDS.iter().flat_map(|kind| kind.files.iter().map(move |file| Example { kind, file }))
}

/// A link to a rule; a chapter to come has none.
fn rule(rule: &str) -> String {
    let chapter = match rule.split('-').next() {
        Some("W") => "workload",
        Some("S") => "sessions",
        Some("P") => "policy-bundle",
        Some("L") => "latency",
        _ if rule.is_empty() => return String::new(),
        _ => return format!("to come: {rule}"),
    };
    format!("[{rule}](docs/spec/{chapter}.md#{rule})")
}

/// A message without the choices that it lists.
fn core(said: &str) -> String {
    match said.split_once(", expected one of ") {
        Some((before, choices)) => {
            let remark =
                choices.rsplit_once(" (").map(|(_, remark)| format!(" ({remark}")).unwrap_or_default();
            format!("{before}, expected one of …{remark}")
        }
        None => said.to_owned(),
    }
    .replace('`', "'")
    .replace('|', "\\|")
}

fn table() -> String {
    let mut lines = vec!["| file | what it is | result | rule |".to_owned(), "|---|---|---|---|".to_owned()];
    for kind in &KINDS {
        lines.push(format!("| **{}** | `blis {}` | | |", kind.name, kind.command));
        lines.extend(kind.files.iter().map(|file| row(Example { kind, file })));
    }
    lines.join("\n") + "\n"
}

fn row(example: Example) -> String {
    let file = example.file;
    let result = match example.refusal() {
        None => "runs".to_owned(),
        Some(said) => format!("refused: `{}`", core(&said)),
    };
    let path = example.path();
    let path = if root().join(&path).exists() { path } else { format!("{path}.yaml") };
    format!("| [{}]({path}) | {} | {result} | {} |", file.name, file.what, rule(file.rule))
}

#[test]
fn the_table_in_the_readme_is_what_the_command_line_does() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let (before, rest) = readme.split_once(BEGIN).expect("the mark before the table");
    let (written, after) = rest.split_once(END).expect("the mark behind the table");
    let table = format!("\n\n{}\n", table());
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).expect("written");
        return;
    }
    let differing = table.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert!(
        written == table,
        "the table of example files in README.md is not what the command line does, first at\n{differing:#?}\n\
         write it anew: {WRITE}=1 cargo test --test it -- example_files::"
    );
}

/// The place is a line, a path, or a key that stands in the file; for a table without rows, the table.
#[test]
fn a_refusal_says_where_and_why() {
    for example in examples() {
        let Some(said) = example.refusal() else { continue };
        let (place, why) = said.split_once([':', ' ']).expect("a place and a reason");
        let stands_in_file = || {
            let text = std::fs::read_to_string(root().join(example.path())).expect("a file");
            text.lines().any(|line| line.starts_with(&format!("{place}:")))
        };
        let is_place = said.contains("line ")
            || place.contains('.')
            || place.starts_with("--")
            || said.starts_with("trace data: ")
            || stands_in_file();
        assert!(is_place && why.split_whitespace().count() > 3, "{}: {said}", example.path());
        let is_to_come = !example.file.rule.is_empty() && !example.file.rule.contains('-');
        assert_eq!(said.contains("not simulated here yet"), is_to_come, "{}: {said}", example.path());
    }
}

fn all_files(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all_files(&path, found);
        } else {
            let inside = path.strip_prefix(root()).expect("below the root");
            found.insert(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}

#[test]
fn every_example_file_is_in_the_table_and_begins_with_what_it_is() {
    let mut found = BTreeSet::new();
    all_files(&root().join(FOLDER), &mut found);
    let mut listed = BTreeSet::new();
    for example in examples() {
        let path = example.path();
        let parts =
            [path.clone(), format!("{path}.yaml"), format!("{path}.csv"), format!("{path}/config.json")];
        let there: Vec<String> = parts.into_iter().filter(|part| root().join(part).is_file()).collect();
        assert!(!there.is_empty(), "{path} is not there");
        listed.extend(there);
    }
    assert_eq!(found, listed);
    for path in found {
        let text = std::fs::read_to_string(root().join(&path)).expect("text");
        assert!(text.lines().count() <= 45, "{path} is long for an example");
        let takes_comments = Path::new(&path).extension().is_some_and(|ending| ending == "yaml");
        assert!(!takes_comments || text.starts_with("# "), "{path} does not say what it is");
    }
}
