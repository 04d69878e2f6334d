//! From the bytes of a file to its text: gzip by its first bytes, other archives refused with what to do.

use crate::error::ConfigError;
use flate2::write::GzDecoder;
use std::io::Write;

/// Most bytes of text that are read, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 8 << 30;

/// What a file that is no text begins with, and what to do about it.
const ARCHIVES: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "a zip archive: unpack it and choose the file inside"),
    (
        b"PAR1",
        "a Parquet file: convert it first, for example with duckdb -c \"copy (from 'file.parquet') to 'file.csv'\"",
    ),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first with zstd -d"),
    (b"BZh", "compressed with bzip2: unpack it first with bunzip2"),
    (b"\xfd7zXZ\x00", "compressed with xz: unpack it first with unxz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and choose the file inside"),
    (b"\xff\xfe", "text in UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16: save it as UTF-8"),
    (b"SQLite format 3", "a SQLite database: export the table as CSV"),
];

/// Takes text in pieces of any size.
pub(super) trait Sink {
    fn text(&mut self, piece: &[u8]) -> Result<(), ConfigError>;
}

/// Hands unpacked text on, counts it, and keeps what went wrong there.
struct Counted<S> {
    sink: S,
    bytes: u64,
    error: Option<ConfigError>,
}

impl<S: Sink> Counted<S> {
    fn take(&mut self, piece: &[u8]) -> Result<(), ConfigError> {
        self.bytes += piece.len() as u64;
        if self.bytes > MAX_UNPACKED_BYTES {
            let expected = format!("at most {MAX_UNPACKED_BYTES} bytes of text, unpacked");
            return Err(ConfigError::invalid("file", "more", expected));
        }
        self.sink.text(piece)
    }
}

impl<S: Sink> Write for Counted<S> {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        match self.take(piece) {
            Ok(()) => Ok(piece.len()),
            Err(error) => {
                self.error = Some(error);
                Err(std::io::Error::other("see Counted::error"))
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

enum State<S: Sink> {
    /// Too few bytes so far to tell.
    Start(Counted<S>, Vec<u8>),
    Plain(Counted<S>),
    Gzip(Box<GzDecoder<Counted<S>>>),
    /// Behind a member of a gzip file: another one may follow, or zeros, with which some programs fill up blocks.
    Between(Counted<S>),
    /// Something was wrong; nothing goes on.
    Failed,
}

/// A file in pieces.
pub(super) struct Unpack<S: Sink> {
    state: State<S>,
    pub bytes: u64,
}

/// The longest of the marks of [`ARCHIVES`].
const MARK: usize = 15;

impl<S: Sink> Unpack<S> {
    pub fn new(sink: S) -> Self {
        let counted = Counted { sink, bytes: 0, error: None };
        Self { state: State::Start(counted, Vec::new()), bytes: 0 }
    }

    pub fn sink(&self) -> Option<&S> {
        match &self.state {
            State::Start(counted, _) | State::Plain(counted) | State::Between(counted) => Some(&counted.sink),
            State::Gzip(decoder) => Some(&decoder.get_ref().sink),
            State::Failed => None,
        }
    }

    pub fn is_gzip(&self) -> bool {
        matches!(self.state, State::Gzip(_) | State::Between(_))
    }

    pub fn push(&mut self, piece: &[u8]) -> Result<(), ConfigError> {
        self.bytes += piece.len() as u64;
        match &mut self.state {
            State::Start(_, start) => {
                start.extend_from_slice(piece);
                if start.len() >= MARK { self.begin() } else { Ok(()) }
            }
            State::Plain(counted) => counted.take(piece),
            State::Gzip(_) | State::Between(_) => self.unpack(piece),
            State::Failed => Err(ConfigError::malformed("file", "nothing follows an error")),
        }
    }

    /// Decides what it is.
    fn begin(&mut self) -> Result<(), ConfigError> {
        let State::Start(mut counted, start) = std::mem::replace(&mut self.state, State::Failed) else {
            return Ok(());
        };
        if let Some((_, what)) = ARCHIVES.iter().find(|(mark, _)| start.starts_with(mark)) {
            return Err(ConfigError::malformed("file", format!("this is {what}")));
        }
        if start.starts_with(&[0x1f, 0x8b]) {
            self.state = State::Between(counted);
            self.unpack(&start)?;
        } else {
            counted.take(&start)?;
            self.state = State::Plain(counted);
        }
        Ok(())
    }

    /// Unpacks a piece, member by member.
    fn unpack(&mut self, mut piece: &[u8]) -> Result<(), ConfigError> {
        while !piece.is_empty() {
            match &mut self.state {
                State::Gzip(decoder) => {
                    let taken = decoder.write(piece).map_err(|error| broken(decoder, &error))?;
                    piece = &piece[taken..];
                    if taken == 0 {
                        self.end_member()?;
                    }
                }
                State::Between(counted) => match piece[0] {
                    0 => piece = &piece[1..],
                    0x1f => {
                        let State::Between(counted) = std::mem::replace(&mut self.state, State::Failed)
                        else {
                            continue;
                        };
                        self.state = State::Gzip(Box::new(GzDecoder::new(counted)));
                    }
                    _ => {
                        let message = format!(
                            "something that is not gzip follows the gzip data, after {} bytes of text",
                            counted.bytes
                        );
                        return Err(ConfigError::malformed("file", message));
                    }
                },
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    /// The end of a member, which has sums to be checked.
    fn end_member(&mut self) -> Result<(), ConfigError> {
        let State::Gzip(mut decoder) = std::mem::replace(&mut self.state, State::Failed) else {
            return Ok(());
        };
        decoder.try_finish().map_err(|error| broken(&mut decoder, &error))?;
        let counted = decoder.finish();
        let counted = counted.map_err(|error| ConfigError::malformed("file", format!("gzip: {error}")))?;
        self.state = State::Between(counted);
        Ok(())
    }

    pub fn sink_mut(&mut self) -> Option<&mut S> {
        match &mut self.state {
            State::Start(counted, _) | State::Plain(counted) | State::Between(counted) => {
                Some(&mut counted.sink)
            }
            State::Gzip(decoder) => Some(&mut decoder.get_mut().sink),
            State::Failed => None,
        }
    }

    /// Decides what it is, though fewer bytes than usual are there.
    pub fn decide(&mut self) -> Result<(), ConfigError> {
        if matches!(self.state, State::Start(..)) { self.begin() } else { Ok(()) }
    }

    /// The end of the file: all text has gone on.
    pub fn end(&mut self) -> Result<(), ConfigError> {
        if matches!(self.state, State::Start(..)) {
            self.begin()?;
        }
        match &mut self.state {
            State::Gzip(_) => self.end_member(),
            State::Failed => Err(ConfigError::malformed("file", "nothing follows an error")),
            _ => Ok(()),
        }
    }

    /// What the text went to.
    pub fn into_sink(self) -> Result<S, ConfigError> {
        match self.state {
            State::Plain(counted) | State::Start(counted, _) | State::Between(counted) => Ok(counted.sink),
            State::Gzip(decoder) => {
                let finished = decoder.finish();
                let counted =
                    finished.map_err(|error| ConfigError::malformed("file", format!("gzip: {error}")))?;
                Ok(counted.sink)
            }
            State::Failed => Err(ConfigError::malformed("file", "nothing follows an error")),
        }
    }
}

/// What is wrong: with the text, or with gzip.
fn broken<S: Sink>(decoder: &mut GzDecoder<Counted<S>>, error: &std::io::Error) -> ConfigError {
    let counted = decoder.get_mut();
    if let Some(error) = counted.error.take() {
        return error;
    }
    let after = format!("after {} bytes of text", counted.bytes);
    let message = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            format!("the gzip file is cut off {after}")
        }
        _ => format!("the gzip file is damaged {after}: {error}"),
    };
    ConfigError::malformed("file", message)
}
