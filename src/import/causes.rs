//! Why a text is no trace, where its beginning says it.

use crate::error::ConfigError;

/// Refuses what cannot be read with its cause: web pages, pointers to files elsewhere, archives in archives, other codings.
pub(super) fn check(start: &[u8], at_end: bool) -> Result<(), ConfigError> {
    let begin = start[..start.len().min(2000)].trim_ascii_start();
    let begins = |word: &[u8]| begin.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word));
    let what = if begins(b"<!doctype html") || begins(b"<html") {
        "this is a web page (HTML), not the file: download the file itself, which a page may call raw"
    } else if begins(b"<?xml") {
        "this is XML: export the requests as CSV or JSON"
    } else if begins(b"version https://git-lfs") {
        "this is a pointer of Git LFS, not the file: get it with git lfs pull"
    } else if start.starts_with(&[0x1f, 0x8b]) {
        "this is gzip in gzip: unpack it once with gunzip"
    } else if is_utf16(begin) {
        "this is text in UTF-16 without its mark: save it as UTF-8"
    } else if at_end && has_bare_returns(start) {
        "its lines end with a carriage return alone (an old Macintosh text): save it with line feeds"
    } else {
        return Ok(());
    };
    Err(ConfigError::malformed("file", what))
}

/// Whether every other byte is 0, as in Latin letters of two bytes.
fn is_utf16(begin: &[u8]) -> bool {
    let zeros = |first: usize| begin.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    begin.len() >= 8 && (even + odd) * 3 > begin.len() && even.min(odd) * 10 <= even.max(odd)
}

/// Whether a table has no other line ends; JSON does not mind.
fn has_bare_returns(text: &[u8]) -> bool {
    let begins = text.trim_ascii_start().first();
    !matches!(begins, None | Some(b'{' | b'['))
        && !text.contains(&b'\n')
        && text.trim_ascii().contains(&b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_named_and_tables_pass() {
        let utf16: Vec<u8> = "time,in,out\n".bytes().flat_map(|byte| [byte, 0]).collect();
        for (bytes, words) in [
            (&b" <!DOCTYPE HTML><html>"[..], "web page"),
            (b"<?xml version='1.0'?>", "XML"),
            (b"version https://git-lfs.github.com/spec/v1\noid x", "git lfs pull"),
            (b"\x1f\x8b\x08\x00", "gzip in gzip"),
            (&utf16, "UTF-16"),
            (b"time,in,out\r1,2,3\r", "carriage return"),
        ] {
            let error = check(bytes, true).expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        }
        for text in
            ["", "time,in,out\r\n1,2,3\r\n", "time,in,out\r", "{\"a\":1}\r{\"a\":2}", "version,in,out\n"]
        {
            check(text.as_bytes(), true).expect(text);
        }
    }
}
