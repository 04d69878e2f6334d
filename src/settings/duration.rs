//! Durations as text, for latency targets: `100ms`, `1.5s`, `1m30s` (metrics chapter, M-8).

/// Units with their length in nanoseconds; longer names first, so that `ms` is not read as `m`.
const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];

/// Reads a duration in ms; `None` if it is not a sequence of numbers >= 0 with units.
///
/// A single number of milliseconds is taken to the last bit, anything else to the nanosecond.
pub(super) fn parse_ms(text: &str) -> Option<f64> {
    if let Some(number) = text.strip_suffix("ms").and_then(decimal) {
        return Some(number);
    }
    let mut rest = text;
    let mut nanoseconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number = decimal(&rest[..digits])?;
        rest = &rest[digits..];
        let (unit, length) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        nanoseconds += (number * length).round();
        rest = &rest[unit.len()..];
    }
    if text.is_empty() { None } else { Some(nanoseconds / 1e6) }
}

/// The text form of a duration in ms.
pub(super) fn write_ms(milliseconds: f64) -> String {
    format!("{milliseconds}ms")
}

/// A number of digits with at most one point; no sign, no exponent.
fn decimal(text: &str) -> Option<f64> {
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_required_and_known() {
        assert_eq!(parse_ms("100ms"), Some(100.0));
        assert_eq!(parse_ms("1.5s"), Some(1500.0));
        assert_eq!(parse_ms("0.07s"), Some(70.0));
        assert_eq!(parse_ms("250us"), Some(0.25));
        assert_eq!(parse_ms("250µs"), Some(0.25));
        assert_eq!(parse_ms("1m30s"), Some(90_000.0));
        for text in ["100", "", "ms", "1.2.3s", "-1s", "1e3ms", "1 s", "1day", "nan"] {
            assert_eq!(parse_ms(text), None, "{text}");
        }
    }

    #[test]
    fn milliseconds_survive_writing_and_reading_to_the_last_bit() {
        for milliseconds in [0.1, 1.0 / 3.0, 5e-324, 1e300, 123_456.789_012_345] {
            assert_eq!(parse_ms(&write_ms(milliseconds)), Some(milliseconds));
        }
    }
}
