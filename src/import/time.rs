//! Times of rows: text to whole nanoseconds, without floating-point numbers (TR-1).

use super::number::{Marks, decimal};
use serde::{Deserialize, Serialize};

/// What the numbers of a time column count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub enum TimeUnit {
    /// Seconds, from any zero.
    #[default]
    S,
    /// Milliseconds.
    Ms,
    /// Microseconds.
    Us,
    /// Nanoseconds.
    Ns,
    /// Dates with times, such as `2024-05-10 00:00:00.009930+00:00`; UTC if no zone is named.
    Date,
}

impl TimeUnit {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::S, Self::Ms, Self::Us, Self::Ns, Self::Date];

    /// As it is written in a mapping.
    pub const fn name(self) -> &'static str {
        match self {
            Self::S => "s",
            Self::Ms => "ms",
            Self::Us => "us",
            Self::Ns => "ns",
            Self::Date => "date",
        }
    }

    /// The unit of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// Nanoseconds are the unit times 10 to this.
    const fn power(self) -> i32 {
        match self {
            Self::S | Self::Date => 9,
            Self::Ms => 6,
            Self::Us => 3,
            Self::Ns => 0,
        }
    }
}

/// A time in nanoseconds, from the zero of the file's own clock, or since 1970 for dates.
pub(super) fn nanoseconds(text: &[u8], unit: TimeUnit, marks: Marks) -> Option<i64> {
    if unit == TimeUnit::Date {
        return date(text);
    }
    let nanoseconds = decimal(text, marks)?.scaled(unit.power())?;
    i64::try_from(nanoseconds).ok()
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap_day_passed = i64::from(month > 2 && is_leap(year));
    let past = year - 1;
    let leap_days = past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400) - 477;
    (year - 1970) * 365 + leap_days + BEFORE[(month - 1) as usize] + leap_day_passed + day - 1
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What is left of a text that is read from its beginning.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    /// The next `count` digits as a number.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    /// Whether the next byte is one of these, which is then taken.
    fn take(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }

    /// The nanoseconds behind a point; digits behind the ninth are cut off.
    fn fraction(&mut self) -> Option<i64> {
        let (mut fraction, mut place, mut any) = (0, 100_000_000, false);
        while let Some(digit) = self.take(b"0123456789") {
            fraction += i64::from(digit - b'0') * place;
            place /= 10;
            any = true;
        }
        any.then_some(fraction)
    }

    /// The next one or two digits as a number.
    fn short(&mut self) -> Option<i64> {
        let two = self.0.get(1).is_some_and(u8::is_ascii_digit);
        self.digits(1 + usize::from(two))
    }

    /// What a zone adds to UTC, in seconds: `Z`, `UTC`, `GMT`, an offset, or an offset and its name as in `+0000 UTC`.
    fn zone(&mut self) -> Option<i64> {
        let is = |name: &[u8]| self.0.eq_ignore_ascii_case(name);
        if self.0.is_empty() || is(b"z") || is(b"utc") || is(b"gmt") {
            self.0 = &[];
            return Some(0);
        }
        let sign = if self.take(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.digits(2)?;
        let minutes = if self.0.is_empty() {
            0
        } else {
            self.take(b":");
            self.digits(2)?
        };
        if let Some(name) = self.0.strip_prefix(b" ")
            && (2..=5).contains(&name.len())
            && name.iter().all(u8::is_ascii_alphabetic)
        {
            self.0 = &[];
        }
        (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

/// The dates that are read, for messages.
macro_rules! dates_read {
    () => {
        "2024-05-10 09:00:00, also with T, a fraction, Z, UTC, GMT or an offset"
    };
}
pub(super) use dates_read;

/// Nanoseconds from 1970 to a date with a time: `2023-11-16 18:15:46.6805900`, with `T`, `Z` or an offset, or a day alone.
fn date(text: &[u8]) -> Option<i64> {
    let mut rest = Rest(text.trim_ascii());
    let year = rest.digits(4)?;
    let mark = rest.take(b"-/")?;
    let month = rest.short()?;
    rest.take(&[mark])?;
    let day = rest.short()?;
    if !(1..=12).contains(&month) || !(1..=days_of_month(year, month)).contains(&day) {
        return None;
    }
    let (mut seconds, mut fraction) = (days(year, month, day) * 86_400, 0);
    if !rest.0.is_empty() && rest.take(b"Tt ").is_some() {
        let (hour, _) = (rest.short()?, rest.take(b":")?);
        let minute = rest.digits(2)?;
        let second = if rest.take(b":").is_some() { rest.digits(2)? } else { 0 };
        // A leap second is the first of the next minute.
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        if rest.take(b".,").is_some() {
            fraction = rest.fraction()?;
        }
        while rest.take(b" ").is_some() {}
        seconds += hour * 3600 + minute * 60 + second - rest.zone()?;
    }
    if !rest.0.is_empty() {
        return None;
    }
    seconds.checked_mul(1_000_000_000)?.checked_add(fraction)
}

/// A time of the file's own clock in words.
pub(super) fn in_words(nanoseconds: i64, unit: TimeUnit) -> String {
    if unit == TimeUnit::Date {
        return date_in_words(nanoseconds);
    }
    let scale = 10i128.pow(unit.power().unsigned_abs());
    let (whole, part) = (i128::from(nanoseconds).abs() / scale, i128::from(nanoseconds).abs() % scale);
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let digits = format!("{part:0width$}", width = unit.power().unsigned_abs() as usize);
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() || scale == 1 { "" } else { "." };
    let digits = if scale == 1 { "" } else { digits };
    let unit_name = if unit == TimeUnit::Us { "µs" } else { unit.name() };
    format!("{sign}{whole}{point}{digits} {unit_name}")
}

fn date_in_words(nanoseconds: i64) -> String {
    let (seconds, fraction) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // The range of a 64-bit number of nanoseconds is 1677 to 2262.
    // From a year that is too early by at most one.
    let mut year = 1970 + day.div_euclid(if day < 0 { 365 } else { 366 }) - 1;
    while days(year + 1, 1, 1) <= day {
        year += 1;
    }
    let month = (1..=12).rev().find(|&month| days(year, month, 1) <= day).unwrap_or(1);
    let day = day - days(year, month, 1) + 1;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{fraction:09} UTC")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Option<i64> {
        date(text.as_bytes())
    }

    #[test]
    fn dates_with_every_number_of_digits_and_zone() {
        let base = 1_715_299_200_000_000_000;
        let cases = [
            ("2024-05-10 00:00:00.009930+00:00", Some(base + 9_930_000)),
            ("2024-05-10T00:00:01Z", Some(base + 1_000_000_000)),
            ("2024-05-10 02:00:03+02:00", Some(base + 3_000_000_000)),
            ("2024-05-10 02:00:03 +0200", Some(base + 3_000_000_000)),
            ("2024-05-09T19:30:00.123456789-04:30", Some(base + 123_456_789)),
            ("2024-05-10 00:00:00.0000001", Some(base + 100)),
            ("2024-05-10 00:00:00.0000000019", Some(base + 1)),
            ("2024-05-10 00:00:00,5", Some(base + 500_000_000)),
            ("2024/05/10", Some(base)),
            ("2024-05-10 00:00", Some(base)),
            ("2024-05-10 00:00:00 UTC", Some(base)),
            ("2024-05-10 00:00:00 GMT", Some(base)),
            ("2024-05-10 00:00:00 +0000 UTC", Some(base)),
            ("2024-05-10 02:00:00 +0200 CEST", Some(base)),
            ("2024-05-10 9:00:00", Some(base + 32_400_000_000_000)),
            ("2024-5-10 0:00", Some(base)),
            ("2024-05-10 0:0:00", None),
            ("2024-05-10 00:00:00 +0000 of nonsense", None),
            ("5/10/2024 00:00:00", None),
            ("2024-02-29 00:00:00", Some(1_709_164_800_000_000_000)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31 23:59:59.9", Some(-100_000_000)),
            ("2023-02-29 00:00:00", None),
            ("2100-02-29 00:00:00", None),
            ("2024-13-01", None),
            ("2024-05-10 24:00:00", None),
            ("2024-05-10 00:00:00.", None),
            ("2024-05-10 00:00:00+25:00", None),
            ("2024-05-10 00:00:00 nonsense", None),
            ("2024-05-10x", None),
            ("2300-01-01", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(at(text), expected, "{text}");
        }
    }

    #[test]
    fn every_day_of_six_centuries_follows_the_day_before() {
        let mut expected = at("1700-01-01").expect("a day") / 86_400_000_000_000;
        for year in 1700..2262 {
            for month in 1..=12 {
                for day in 1..=days_of_month(year, month) {
                    assert_eq!(days(year, month, day), expected);
                    expected += 1;
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_time_in_words_is_read_back(time in any::<i64>()) {
            prop_assert_eq!(date(date_in_words(time).as_bytes()), Some(time));
            for unit in [TimeUnit::S, TimeUnit::Ms, TimeUnit::Us, TimeUnit::Ns] {
                let words = in_words(time, unit);
                let number = words.split(' ').next().unwrap_or_default();
                prop_assert_eq!(nanoseconds(number.as_bytes(), unit, Marks::PLAIN), Some(time), "{}", words);
            }
        }

        #[test]
        fn a_number_of_seconds_is_read_like_one_of_128_bits(whole in -9_000_000_000i64..9_000_000_000, part in "[0-9]{0,12}") {
            let text = if part.is_empty() { whole.to_string() } else { format!("{whole}.{part}") };
            let scaled: i128 = format!("{part:0<12}").parse().expect("digits");
            let sign = if text.starts_with('-') { -1 } else { 1 };
            let exact = i128::from(whole) * 1_000_000_000_000 + sign * scaled;
            prop_assert_eq!(
                nanoseconds(text.as_bytes(), TimeUnit::S, Marks::PLAIN).map(i128::from),
                Some(exact.div_euclid(1000))
            );
        }
    }
}
