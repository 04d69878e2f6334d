//! Importing files of others (traces chapter, TR-1 to TR-8).

mod columns;
mod commands;
mod files;
mod objects;
mod random;
mod samples;

use blis_playground::ConfigError;
use blis_playground::import::{Options, Reader, Table};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The bytes of a sample.
pub fn sample(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/traces").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a sample has to become.
pub fn expected(name: &str) -> Value {
    serde_json::from_slice(&sample(&format!("{name}.expected.json"))).expect("JSON")
}

/// A file read in pieces of a size.
pub fn read_in(bytes: &[u8], options: &Options, size: usize) -> Result<Table, ConfigError> {
    let mut reader = Reader::new(options.clone())?;
    for piece in bytes.chunks(size.max(1)) {
        reader.push(piece)?;
    }
    reader.finish()
}

/// A file read as a whole.
pub fn read(bytes: &[u8], options: &Options) -> Result<Table, ConfigError> {
    read_in(bytes, options, bytes.len())
}

/// Options with one answer.
pub fn answering(id: &str, answer: &str) -> Options {
    Options { answers: BTreeMap::from([(id.to_owned(), answer.to_owned())]), ..Options::default() }
}
