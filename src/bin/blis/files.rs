//! Reading files that a user names: recordings plain or gzipped, and never more than a limit.

use crate::failure::Failure;
use blis_playground::ConfigError;
use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// The first two bytes of every gzip file.
pub const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Largest file that is read, unpacked, in bytes: a hundred times the largest recording.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// The text of a recording.
pub fn read(path: &Path) -> std::io::Result<String> {
    let mut start = Vec::new();
    File::open(path)?.take(GZIP.len() as u64).read_to_end(&mut start)?;
    if start == GZIP {
        return bounded(flate2::read::GzDecoder::new(File::open(path)?));
    }
    read_text(path)
}

/// The text of a file.
pub fn read_text(path: &Path) -> std::io::Result<String> {
    bounded(File::open(path)?)
}

/// Reads a text file that a flag names; `-` is standard input.
pub fn read_named(flag: &'static str, path: &Path) -> Result<String, Failure> {
    let text = if path == Path::new("-") { bounded(std::io::stdin()) } else { read_text(path) };
    text.map_err(|error| Failure::File { flag, path: path.to_owned(), message: error.to_string() })
}

/// A configuration error with the file it comes from.
pub fn in_file(flag: &'static str, path: &Path, error: &ConfigError) -> Failure {
    Failure::File { flag, path: path.to_owned(), message: error.to_string() }
}

/// All of a text, if it is not longer than [`MAX_FILE_BYTES`].
pub fn bounded(source: impl Read) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    source.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let message = format!("larger than {MAX_FILE_BYTES} bytes, the most that is read");
        return Err(Error::new(ErrorKind::FileTooLarge, message));
    }
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::InvalidData, error.utf8_error()))
}
