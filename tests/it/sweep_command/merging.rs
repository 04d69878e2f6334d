//! The output is the same to the byte on any number of threads and in any number of parts.

use super::{BASE, blis, printed};
use crate::nasty::files::Temporary;
use std::ffi::OsString;
use std::fs;
use std::process::Output;

const GRID: &str = "--vary num-instances=1..3 --vary rate=40,80 --seeds 3";

fn sweep(flags: &str) -> String {
    printed(&format!("sweep {BASE} {GRID} {flags}"))
}

fn merge(files: &[&Temporary]) -> Output {
    let words = ["sweep", "--merge"].map(OsString::from).into_iter();
    blis(words.chain(files.iter().map(|file| file.0.clone().into_os_string())))
}

#[track_caller]
fn merge_fails(files: &[&Temporary]) -> String {
    let output = merge(files);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn threads_and_shards_make_no_difference() {
    for form in ["", "--format csv", "--rows points", "--rows points --format csv"] {
        let whole = sweep(&format!("{form} --threads 1"));
        let rows = if form.contains("points") { 6 } else { 18 } + usize::from(form.contains("csv"));
        assert_eq!(whole.lines().count(), rows, "{form}");
        for threads in [2, 7] {
            assert_eq!(sweep(&format!("{form} --threads {threads}")), whole, "{form}, {threads} threads");
        }
        // From the last to the first: the order of files is of no matter. Seven are more than there are points.
        for of in [1, 2, 3, 4, 5, 7] {
            let shards: Vec<Temporary> = (1..=of)
                .rev()
                .map(|number| {
                    let text = sweep(&format!("{form} --threads 2 --shard {number}/{of}"));
                    Temporary::write(&format!("{}-{number}-{of}", form.replace(' ', "")), text.as_bytes())
                })
                .collect();
            let output = merge(&shards.iter().collect::<Vec<_>>());
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{form}, {of} shards");
            assert!(output.stdout == whole.as_bytes(), "{form}, {of} shards");
        }
    }
}

#[test]
fn what_is_not_one_whole_sweep_is_not_merged() {
    let shard = |number: u32| sweep(&format!("--shard {number}/3"));
    let [one, two, three] =
        [1, 2, 3].map(|number| Temporary::write(&format!("shard{number}"), shard(number).as_bytes()));
    let said = merge_fails(&[&one, &three]);
    assert!(said.contains("--merge: 6 of 18 rows are missing: all of shard 2/3"), "{said}");
    let said = merge_fails(&[&one, &two, &three, &two]);
    assert!(
        said.contains(&format!("{}: line 1: row 2 is in {}, too", two.0.display(), two.0.display())),
        "{said}"
    );

    // As it is left behind by a run that was ended: in the middle of a line, or after one.
    let text = shard(2);
    let torn = Temporary::write("torn", &text.as_bytes()[..text.len() - 100]);
    let said = merge_fails(&[&one, &torn, &three]);
    assert!(said.contains(&format!("{}: line 6: its end is missing", torn.0.display())), "{said}");
    let lines: Vec<&str> = text.lines().collect();
    let ended = Temporary::write("ended", (lines[..4].join("\n") + "\n").as_bytes());
    let said = merge_fails(&[&one, &ended, &three]);
    let expected = format!("2 of 18 rows are missing: rows 14, 17 of shard 2/3 in {}", ended.0.display());
    assert!(said.contains(&expected), "{said}");

    let other = printed(&format!("sweep {BASE} {GRID} --max-num-seqs 8 --shard 2/3"));
    let foreign = Temporary::write("foreign", other.as_bytes());
    let said = merge_fails(&[&one, &foreign, &three]);
    assert!(said.contains(&format!("{}: line 1: is of another sweep", foreign.0.display())), "{said}");
    assert!(said.contains(&one.0.display().to_string()), "{said}");

    let table = Temporary::write("table", sweep("--format csv --shard 2/3").as_bytes());
    assert!(
        merge_fails(&[&one, &table]).contains("line 1: is of another form than"),
        "a table among JSON lines"
    );
    let table = fs::read_to_string(&table.0).expect("a table");
    let (head, rows) = table.split_once('\n').expect("a head");
    let (short, _) = rows.lines().next().and_then(|row| row.rsplit_once(',')).expect("fields");
    let short = Temporary::write("short", format!("{head}\n{short}\n").as_bytes());
    assert!(merge_fails(&[&short]).contains("line 2: is no row of a sweep with"), "a field is missing");

    let empty = Temporary::write("empty", b"");
    assert!(merge_fails(&[&empty]).contains("there is no row in these files"));
    let nonsense = Temporary::write("nonsense", b"{\"sweep\": \"x\"}\n");
    assert!(merge_fails(&[&nonsense]).contains("line 1: is no row of a sweep: missing field `row`"));
    let beyond = Temporary::write("beyond", b"{\"sweep\": \"x\", \"row\": 3, \"rows\": 2}\n");
    assert!(merge_fails(&[&beyond]).contains("got 3 of 2"));
    let huge = Temporary::write("huge", b"{\"sweep\": \"x\", \"row\": 3, \"rows\": 20000000000}\n");
    assert!(merge_fails(&[&huge]).contains("at most 100000"));
    let gone = Temporary::new("gone");
    assert!(merge_fails(&[&gone]).contains(&gone.0.display().to_string()));
}

#[cfg(unix)]
#[test]
fn a_sweep_that_is_interrupted_leaves_whole_lines() {
    use std::io::Read;
    use std::process::{Command, Stdio};

    let line = format!("sweep {BASE} --vary num-instances=1..64 --seeds 200 --threads 2");
    let mut child = Command::new(env!("CARGO_BIN_EXE_blis"))
        .args(line.split_whitespace())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut text = vec![0; 100_000];
    let mut output = child.stdout.take().expect("a pipe");
    output.read_exact(&mut text).expect("some rows");
    // Not the signal of Ctrl-C, which ends a program in the same way: shells let what they run in the background ignore it.
    let ended = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(ended.success());
    output.read_to_end(&mut text).expect("the rest");
    assert!(!child.wait().expect("ended").success());
    let text = String::from_utf8(text).expect("text");
    assert!(text.ends_with('\n'), "{:?}", text.lines().last());
    let rows: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("whole")).collect();
    assert!(rows.len() < 12_800 && rows.iter().enumerate().all(|(at, row)| row["row"] == at + 1));
}
