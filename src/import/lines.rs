//! Lines of a text that comes in pieces.

use crate::error::ConfigError;

/// Longest line, in bytes: a prompt of ten million tokens with an id for every 16 of them.
pub const MAX_LINE_BYTES: usize = 16 << 20;

/// Puts lines together.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end has not come yet.
    start: Vec<u8>,
    /// Lines that are complete.
    pub number: u64,
}

impl Lines {
    /// Calls `each` with the number of every line that ends in this piece, without its end.
    pub fn push(
        &mut self,
        mut piece: &[u8],
        mut each: impl FnMut(u64, &[u8]) -> Result<(), ConfigError>,
    ) -> Result<(), ConfigError> {
        while let Some(end) = piece.iter().position(|&byte| byte == b'\n') {
            let (line, rest) = (&piece[..end], &piece[end + 1..]);
            piece = rest;
            self.number += 1;
            if self.start.is_empty() {
                each(self.number, without_return(line))?;
            } else {
                self.start.extend_from_slice(line);
                each(self.number, without_return(&self.start))?;
                self.start.clear();
            }
        }
        self.start.extend_from_slice(piece);
        if self.start.len() > MAX_LINE_BYTES {
            let place = format!("line {}", self.number + 1);
            return Err(ConfigError::invalid(
                place,
                "a longer line",
                format!("at most {MAX_LINE_BYTES} bytes"),
            ));
        }
        Ok(())
    }

    /// The last line, if it has no end.
    pub fn last(&mut self) -> Option<(u64, Vec<u8>)> {
        if self.start.is_empty() {
            return None;
        }
        self.number += 1;
        let mut line = std::mem::take(&mut self.start);
        line.truncate(without_return(&line).len());
        Some((self.number, line))
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
