//! What columns of states and errors say about a request (TR-1).

/// Words for nothing, as programs write them into a column of texts.
const NOTHING: [&[u8]; 16] = [
    b"", b"none", b"null", b"nil", b"nan", b"n/a", b"na", b"<na>", b"no", b"false", b"0", b"[]", b"{}", b"-",
    b"''", b"\"\"",
];

/// Whether an error is none.
pub(super) fn is_no_error(error: &[u8]) -> bool {
    let error = error.trim_ascii().to_ascii_lowercase();
    NOTHING.contains(&error.as_slice()) || error == b"0.0"
}

/// Whether a status says that all went well, or nothing: the codes of HTTP from 200 to 299, 0 as gRPC has it, and words.
pub(super) fn is_success(status: &[u8]) -> bool {
    const GOOD: [&[u8]; 22] = [
        b"ok",
        b"success",
        b"successful",
        b"succeeded",
        b"completed",
        b"complete",
        b"finished",
        b"done",
        b"true",
        b"stop",
        b"length",
        b"end_turn",
        b"stop_sequence",
        b"tool_calls",
        b"1",
        b"unset",
        b"status_code_ok",
        b"status_code_unset",
        b"none",
        b"null",
        b"nan",
        b"0",
    ];
    let status = status.trim_ascii().to_ascii_lowercase();
    // A number of a table whose columns are all floating-point numbers.
    let status = status.strip_suffix(b".0").unwrap_or(&status);
    GOOD.contains(&status)
        || (status.len() == 3 && status.starts_with(b"2") && status.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_codes_that_are_no_failures() {
        for good in ["200", "204", "200.0", "OK", "Unset", "STATUS_CODE_UNSET", "0", "1.0", " stop ", "NaN"] {
            assert!(is_success(good.as_bytes()), "{good}");
        }
        for bad in ["500", "404.0", "error", "2", "2xx", "STATUS_CODE_ERROR", "false", "14", "-1", "1.5"] {
            assert!(!is_success(bad.as_bytes()), "{bad}");
        }
        for none in ["None", "null", "nan", "No", "false", "''", "0", "0.0", "[]", " N/A "] {
            assert!(is_no_error(none.as_bytes()), "{none}");
        }
        for some in ["timeout", "True", "1", "none of the servers answered", "[1]"] {
            assert!(!is_no_error(some.as_bytes()), "{some}");
        }
    }
}
