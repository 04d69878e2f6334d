//! Numbers in sentences, as the page writes them (`web/shared/format.js`).

/// A whole number in groups of three: `39,713`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let first = digits.len() % 3;
    let mut words = digits[..first].to_owned();
    for at in (first..digits.len()).step_by(3) {
        if !words.is_empty() {
            words.push(',');
        }
        words.push_str(&digits[at..at + 3]);
    }
    words
}

/// A number with three significant digits, more for large ones: 0.0123, 1.23, 12.3, 1,234.
pub fn number(value: f64) -> String {
    let sign = if value < 0.0 { "−" } else { "" };
    let size = value.abs();
    let words = if !size.is_finite() {
        return "–".to_owned();
    } else if size >= 99.95 {
        count(size.round() as u64)
    } else if size >= 0.001 {
        // Rounded by the exponential form, so that 9.996 becomes 10 and not 10.00.
        let rounded: f64 = format!("{size:.2e}").parse().unwrap_or(size);
        rounded.to_string()
    } else if size == 0.0 {
        "0".to_owned()
    } else {
        format!("{size:.1e}")
    };
    format!("{sign}{words}")
}

/// A duration in the unit that suits it: 55.9 ms, 1.43 s, 12.5 min.
pub fn duration(ms: f64) -> String {
    let seconds = ms / 1000.0;
    if ms.abs() < 999.5 {
        format!("{} ms", number(ms))
    } else if seconds.abs() < 600.0 {
        format!("{} s", number(seconds))
    } else {
        format!("{} min", number(seconds / 60.0))
    }
}

/// `1 request`, `4 requests`.
pub fn plural(value: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(value), if value == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_and_durations_the_unit_that_suits_them() {
        let numbers = [0.012_345, 1.0, 9.996, 31.5, 99.94, 99.96, 1234.5, -1.2, 0.0].map(number);
        assert_eq!(numbers, ["0.0123", "1", "10", "31.5", "99.9", "100", "1,235", "−1.2", "0"]);
        let durations = [55.91, 999.4, 999.6, 1430.3, 600_000.0, 0.0].map(duration);
        assert_eq!(durations, ["55.9 ms", "999 ms", "1 s", "1.43 s", "10 min", "0 ms"]);
        assert_eq!(
            [1, 999, 1000, 39_713, 1_234_567].map(count),
            ["1", "999", "1,000", "39,713", "1,234,567"]
        );
        assert_eq!([plural(1, "request"), plural(1000, "request")], ["1 request", "1,000 requests"]);
    }
}
