//! What several test programs share: reading recordings, running one instance.

pub mod cluster;
pub mod recorded;
pub mod reference_cache;
pub mod single_instance;

use blis_playground::units::RequestIndex;
use blis_playground::workload::Requests;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder with the recordings.
pub fn golden_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The text of a compressed recording, by its name without `.gz`.
pub fn golden_text(name: &str) -> String {
    let path = golden_dir().join(format!("{name}.gz"));
    let mut text = String::new();
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    GzDecoder::new(file).read_to_string(&mut text).expect("recordings are gzip'd UTF-8");
    text
}

/// A compressed JSON file, by its path in the repository.
pub fn json_of(path: &str) -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_reader(GzDecoder::new(file)).expect("JSON")
}

/// The recording as JSON.
pub fn golden_json(name: &str) -> serde_json::Value {
    serde_json::from_str(&golden_text(name)).expect("recordings are JSON")
}

/// The name of the conversation of each request; empty where it belongs to none.
pub fn conversations(requests: &Requests) -> Vec<&str> {
    RequestIndex::first(requests.len()).map(|row| requests.conversation(row).unwrap_or_default()).collect()
}
