//! Numbers as text.

/// A finite number as JavaScript's number-to-string: the shortest decimal that reads back as the same
/// double, in exponent form only below 1e-6 and from 1e21 on.
pub fn number_to_string(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:e}");
    let magnitude = value.abs();
    if !(1e-6..1e21).contains(&magnitude) {
        return match scientific.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
            _ => scientific,
        };
    }
    // Rust's plain form has the same shortest digits and never an exponent.
    format!("{value}")
}
