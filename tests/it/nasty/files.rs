//! Files that are too large, not text, or larger than they seem.

use super::fronts::{blis, complaint};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file that is gone with the test.
pub struct Temporary(pub PathBuf);

impl Temporary {
    pub fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("blis-{}-{name}", std::process::id())))
    }

    pub fn write(name: &str, bytes: &[u8]) -> Self {
        let file = Self::new(name);
        std::fs::write(&file.0, bytes).expect("a writable folder");
        file
    }

    /// Bytes of spaces, which every format here allows in front of a document.
    fn spaces(name: &str, megabytes: usize) -> Self {
        let file = Self::new(name);
        write_spaces(File::create(&file.0).expect("a writable folder"), megabytes);
        file
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Nothing depends on it: the folder is for temporary files.
        drop(std::fs::remove_file(&self.0));
    }
}

fn write_spaces(mut into: impl Write, megabytes: usize) {
    let chunk = vec![b' '; 1_000_000];
    for _ in 0..megabytes {
        into.write_all(&chunk).expect("room for the file");
    }
}

/// `blis run` with a flag that names this file.
fn run_with(flag: &str, path: &Path) -> String {
    let mut argument = OsString::from(format!("--{flag}="));
    argument.push(path);
    let output = blis(["run".into(), "--model=qwen/qwen3-14b".into(), argument]);
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    complaint(&output)
}

/// `blis check` of this file.
fn check(path: &Path) -> String {
    let output = blis([OsString::from("check"), path.into()]);
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_file_of_100_mb_is_refused_by_every_flag_that_names_one() {
    let file = Temporary::spaces("large", 100);
    for flag in ["config", "hardware-config", "workload-spec"] {
        let complaint = run_with(flag, &file.0);
        assert!(complaint.contains("most that is read") && complaint.contains(flag), "{complaint}");
    }
    let report = check(&file.0);
    assert!(report.contains("most that is read"), "{report}");
}

#[test]
fn a_small_file_that_unpacks_to_gigabytes_is_refused() {
    let file = Temporary::new("bomb.gz");
    let mut encoder = GzEncoder::new(File::create(&file.0).expect("a writable folder"), Compression::fast());
    write_spaces(&mut encoder, 200);
    encoder.finish().expect("room for the file");
    let report = check(&file.0);
    assert!(report.contains("most that is read"), "{report}");
}

#[test]
fn bytes_that_are_no_text_are_refused_with_the_file() {
    let file = Temporary::write("binary", &[0xff, 0xfe, 0, 1]);
    assert!(run_with("config", &file.0).contains("binary"));
    assert!(check(&file.0).contains("utf-8"));
}

#[test]
fn an_alias_bomb_in_a_file_is_refused() {
    let level = |name: char, inner: &str| format!("{name}: &{name} [{}]\n", vec![inner; 30].join(", "));
    let bomb = level('a', "x") + &level('b', "*a") + &level('c', "*b") + &level('d', "*c") + "clients: *d\n";
    let file = Temporary::write("bomb.yaml", bomb.as_bytes());
    let complaint = run_with("workload-spec", &file.0);
    assert!(complaint.contains("workload-spec"), "{complaint}");
}

#[test]
fn brackets_nested_a_hundred_thousand_deep_are_refused() {
    let file = Temporary::write("deep.json", "[".repeat(100_000).as_bytes());
    assert!(run_with("config", &file.0).contains("config"));
    assert!(run_with("workload-spec", &file.0).contains("workload-spec"));
    assert!(!check(&file.0).is_empty());
}
