//! What `--vary` and `--seeds` name: values as a list, as ranges, or as both.

use super::MOST_POINTS;
use crate::failure::Failure;
use blis_playground::settings::schema::SettingKind;
use std::collections::HashSet;

/// What `--vary` takes, as the end of "must be ...".
const NUMBERS: &str = "numbers (10,20,40) or ranges with a first value of at most the last: 1..16, in steps above 0 \
                       (0.1..0.9:0.2), or by a factor above 1 from above 0 (5..80*2)";

/// Most decimals of a bound or step of a range.
const MOST_DECIMALS: usize = 12;

/// The values that a text names, as texts of a setting of this type.
pub fn values(name: &str, kind: &SettingKind, text: &str) -> Result<Vec<String>, Failure> {
    let (whole, ranges) = match kind {
        SettingKind::Integer { .. } => (true, true),
        SettingKind::Number { .. } => (false, true),
        _ => (false, false),
    };
    // What is a list itself has commas of its own.
    let comma = matches!(
        kind,
        SettingKind::Integer { .. }
            | SettingKind::Number { .. }
            | SettingKind::Boolean
            | SettingKind::Choice { .. }
            | SettingKind::Text { .. }
            | SettingKind::Document
    );
    let mut values: Vec<String> = Vec::new();
    for item in text.split(if comma { ',' } else { ';' }).map(str::trim) {
        match item.split_once("..").filter(|_| ranges) {
            Some((from, rest)) => {
                let wrong = || Failure::Flag(format!("--vary {name} must be {NUMBERS}, got {item}"));
                values.extend(range(from, rest, whole).ok_or_else(wrong)?);
            }
            None => values.push(item.to_owned()),
        }
        if values.len() > MOST_POINTS {
            return Err(Failure::Flag(format!(
                "--vary {name} must name at most {MOST_POINTS} values, got {item}, which leads to more"
            )));
        }
    }
    let mut known = HashSet::new();
    if let Some(twice) = values.iter().find(|value| !known.insert(value.as_str())) {
        return Err(Failure::Flag(format!("--vary {name} must name every value once, got {twice} twice")));
    }
    Ok(values)
}

/// The values from `from` on, as the rest of the range says; never many more than [`MOST_POINTS`].
fn range(from: &str, rest: &str, whole: bool) -> Option<Vec<String>> {
    if let Some((to, factor)) = rest.split_once('*') {
        return by_factor(from, to, factor, whole);
    }
    let (to, step) = rest.split_once(':').unwrap_or((rest, "1"));
    let parts = [from, to, step].map(decimals);
    let scale = parts.iter().copied().max()??;
    // Without a fraction in between: 0.1, 0.2, 0.3 and not 0.30000000000000004.
    let [from, to, step] = [from, to, step].map(|text| scaled(text, scale));
    let (from, to, step) = (from?, to?, step?);
    if step <= 0 || from > to {
        return None;
    }
    let count = (to - from) / step + 1;
    let count = i128::try_from(MOST_POINTS).ok()?.saturating_add(1).min(count);
    Some((0..count).map(|at| unscaled(from + at * step, scale)).collect())
}

/// Decimals of a plain number; none if it is not one.
fn decimals(text: &str) -> Option<usize> {
    let digits = text.trim().strip_prefix('-').unwrap_or(text.trim());
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (plain(whole) && plain(fraction) && whole.len() <= 19 && fraction.len() <= MOST_DECIMALS)
        .then_some(if digits.contains('.') { fraction.len() } else { 0 })
}

/// A plain number times ten to the power of `scale`, of which it has at most as many decimals.
fn scaled(text: &str, scale: usize) -> Option<i128> {
    let missing = scale - decimals(text)?;
    format!("{}{}", text.trim().replace('.', ""), "0".repeat(missing)).parse().ok()
}

fn unscaled(number: i128, scale: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// The values from `from` to `to`, each by `factor` larger than the one before, rounded to six digits or to whole numbers.
fn by_factor(from: &str, to: &str, factor: &str, whole: bool) -> Option<Vec<String>> {
    let number = |text: &str| decimals(text).and_then(|_| text.trim().parse::<f64>().ok());
    let (from, to, factor) = (number(from)?, number(to)?, number(factor)?);
    if from <= 0.0 || from > to || factor <= 1.0 {
        return None;
    }
    let mut values: Vec<String> = Vec::new();
    let mut at = from;
    // A last value that is missed only by rounding counts.
    while at <= to * (1.0 + 1e-9) && values.len() <= MOST_POINTS {
        let rounded = if whole { at.round() } else { format!("{at:.5e}").parse().ok()? };
        let value = rounded.to_string();
        if values.last() != Some(&value) {
            values.push(value);
        }
        at *= factor;
    }
    Some(values)
}

/// The seeds that `--seeds` names; a count begins at `first`.
pub fn seeds(text: &str, first: i64, most: usize) -> Result<Vec<i64>, Failure> {
    let wrong = || {
        Failure::Flag(format!(
            "--seeds must be how many (5), a range (1..5) or a list (1,2,9) of different 64-bit integers, at most {most} in \
             all, got {text}"
        ))
    };
    let items: Vec<&str> = text.split(',').map(str::trim).collect();
    if let [count] = items.as_slice()
        && let Ok(count) = count.parse::<i64>()
    {
        let fits = usize::try_from(count).is_ok_and(|count| (1..=most).contains(&count));
        // After the largest comes the smallest, as in the page.
        return if fits { Ok((0..count).map(|at| first.wrapping_add(at)).collect()) } else { Err(wrong()) };
    }
    let mut seeds: Vec<i64> = Vec::new();
    for item in items {
        let (from, to) = item.split_once("..").unwrap_or((item, item));
        let (from, to): (i64, i64) = from.parse().ok().zip(to.parse().ok()).ok_or_else(wrong)?;
        let count = to.abs_diff(from).checked_add(1).filter(|&count| count <= most as u64 && from <= to);
        count.ok_or_else(wrong)?;
        seeds.extend(from..=to);
        if seeds.len() > most {
            return Err(wrong());
        }
    }
    let mut sorted = seeds.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) { Err(wrong()) } else { Ok(seeds) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: SettingKind = SettingKind::Integer { min: Some(1), max: None, nullable: false };
    const NUMBER: SettingKind =
        SettingKind::Number { min: 0.0, max: None, exclusive_min: true, nullable: false };

    #[track_caller]
    fn read(kind: &SettingKind, text: &str, expected: &str) {
        let values = values("x", kind, text).unwrap_or_else(|failure| panic!("{text}: {failure}"));
        assert_eq!(values.join(" "), expected, "{text}");
    }

    #[test]
    fn values_are_lists_and_ranges() {
        read(&WHOLE, "1..4,8, 16", "1 2 3 4 8 16");
        read(&WHOLE, "1..10:3", "1 4 7 10");
        read(&WHOLE, "-2..1", "-2 -1 0 1");
        read(&WHOLE, "1..256*2", "1 2 4 8 16 32 64 128 256");
        read(&WHOLE, "1..20*1.5", "1 2 3 5 8 11 17");
        read(&NUMBER, "0.1..0.5:0.1", "0.1 0.2 0.3 0.4 0.5");
        read(&NUMBER, "1..2:0.25", "1 1.25 1.5 1.75 2");
        read(&NUMBER, "10..30", "10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30");
        read(&NUMBER, "1..2*1.1", "1 1.1 1.21 1.331 1.4641 1.61051 1.77156 1.94872");
        read(&NUMBER, "1e3,0.5", "1e3 0.5");
    }

    #[test]
    fn what_is_a_list_itself_is_separated_by_semicolons() {
        read(&SettingKind::Bursts, "10@1s,5@2s;20@1s", "10@1s,5@2s 20@1s");
        read(&SettingKind::Text { nullable: false, suggestions: Vec::new() }, "a..b,c", "a..b c");
    }

    #[test]
    fn other_ranges_are_refused_with_their_text() {
        for text in [
            "4..1",
            "1..",
            "..3",
            "1..4:0",
            "1..4:-1",
            "0..4*2",
            "1..4*1",
            "1..x",
            "1..4:",
            "1.5.2..3",
            "1..1e3",
            "5...9",
            "99999999999999999999..1",
        ] {
            let refused = values("x", &NUMBER, &format!("7,{text}")).expect_err(text).to_string();
            assert!(
                refused.starts_with("--vary x must be numbers") && refused.ends_with(&format!("got {text}"))
            );
        }
        let refused = |text| values("x", &WHOLE, text).expect_err("refused").to_string();
        assert_eq!(refused("1,2,1"), "--vary x must name every value once, got 1 twice");
        assert!(refused("1..9223372036854775807").contains("at most 10000 values"));
    }

    #[test]
    fn seeds_are_a_count_a_range_or_a_list() {
        let read = |text| seeds(text, 42, 100).map_err(|failure| failure.to_string());
        assert_eq!(read("3"), Ok(vec![42, 43, 44]));
        assert_eq!(read("-1..1,9"), Ok(vec![-1, 0, 1, 9]));
        assert_eq!(read("7..7"), Ok(vec![7]));
        assert_eq!(seeds("2", i64::MAX, 9).expect("two"), [i64::MAX, i64::MIN]);
        for text in [
            "0",
            "-1",
            "101",
            "1..101",
            "5..1",
            "1,2,1",
            "x",
            "",
            "1..",
            "1,",
            "-9223372036854775808..9223372036854775807",
        ] {
            assert!(read(text).is_err_and(|text| text.contains("at most 100 in all")), "{text}");
        }
    }
}
