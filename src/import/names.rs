//! Names of columns as they are compared.

/// A name as names are compared, without the words at its end that say how its times are written.
pub(super) fn without_unit(name: &str) -> String {
    const WRITTEN: [&str; 20] = [
        "s",
        "sec",
        "secs",
        "second",
        "seconds",
        "ms",
        "msec",
        "millis",
        "milliseconds",
        "us",
        "µs",
        "micros",
        "microseconds",
        "ns",
        "nano",
        "nanos",
        "nanoseconds",
        "unix",
        "utc",
        "iso8601",
    ];
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for char in name.chars() {
        let starts = !before.is_alphanumeric() || (before.is_lowercase() && char.is_uppercase());
        if char.is_alphanumeric() {
            if starts || words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(char.to_lowercase());
            }
        }
        before = char;
    }
    while words.len() > 1 && words.last().is_some_and(|word| WRITTEN.contains(&word.as_str())) {
        words.pop();
    }
    words.concat()
}

/// A name as names are compared: without case, blanks, `_` and `-`.
pub(super) fn normalized(name: &str) -> String {
    let kept = name.chars().filter(|char| !char.is_whitespace() && !matches!(char, '_' | '-' | '\u{feff}'));
    kept.flat_map(char::to_lowercase).collect()
}
