//! Numbers as they stand in a file: exact, never through a floating-point value.

use crate::config::limits::MAX_TOKENS_PER_REQUEST;

/// How numbers are written in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// Before the fraction.
    pub decimal: u8,
    /// Between groups of three digits.
    pub group: Option<u8>,
}

impl Marks {
    /// As in JSON.
    pub const PLAIN: Self = Self { decimal: b'.', group: None };
    /// A point before the fraction, commas between groups.
    pub const POINT: Self = Self { decimal: b'.', group: Some(b',') };
    /// The other way round.
    pub const COMMA: Self = Self { decimal: b',', group: Some(b'.') };
}

/// A decimal number: `digits` · 10^`exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub negative: bool,
    pub digits: u128,
    pub exponent: i32,
}

/// Most significant digits that are kept; those of a fraction behind them are cut off.
const MOST_DIGITS: u32 = 36;

/// Reads a number; `None` if the text is none.
pub(super) fn decimal(text: &[u8], marks: Marks) -> Option<Decimal> {
    let text = text.trim_ascii();
    let (negative, text) = match text.first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let mut number = Decimal { negative, digits: 0, exponent: 0 };
    let (mut kept, mut seen, mut in_fraction) = (0u32, false, false);
    // Digits since the last mark between groups, once there was one.
    let (mut group, mut leading) = (None, 0u32);
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                leading += u32::from(!in_fraction);
                if !in_fraction {
                    group = group.map(|digits: u32| digits + 1);
                }
                if kept < MOST_DIGITS {
                    number.digits = number.digits * 10 + u128::from(byte - b'0');
                    kept += u32::from(number.digits > 0);
                    number.exponent -= i32::from(in_fraction);
                } else if !in_fraction {
                    return None;
                }
            }
            &mark if mark == marks.decimal && !in_fraction => in_fraction = true,
            &mark if Some(mark) == marks.group && !in_fraction => {
                let whole = group.map_or((1..=3).contains(&leading), |digits| digits == 3);
                if !whole {
                    return None;
                }
                group = Some(0);
            }
            b'e' | b'E' if seen => {
                let exponent = std::str::from_utf8(tail).ok()?.parse::<i32>().ok()?;
                number.exponent = number.exponent.checked_add(exponent)?;
                rest = &[];
                continue;
            }
            _ => return None,
        }
        rest = tail;
    }
    (seen && group.is_none_or(|digits| digits == 3)).then_some(number)
}

impl Decimal {
    /// The number times 10^`power` as an integer, cut off downwards; `None` if it is too large.
    pub fn scaled(self, power: i32) -> Option<i128> {
        let exponent = self.exponent.checked_add(power)?;
        let (size, exact) = if self.digits == 0 {
            (0, true)
        } else if exponent >= 0 {
            let factor = 10u128.checked_pow(exponent.unsigned_abs())?;
            (self.digits.checked_mul(factor)?, true)
        } else {
            match 10u128.checked_pow(exponent.unsigned_abs()) {
                Some(factor) => (self.digits / factor, self.digits.is_multiple_of(factor)),
                None => (0, false),
            }
        };
        let size = i128::try_from(size).ok()?;
        Some(if self.negative { -size - i128::from(!exact) } else { size })
    }

    fn is_whole(self) -> bool {
        self.exponent >= 0
            || self.digits == 0
            || 10u128.checked_pow(self.exponent.unsigned_abs()).is_some_and(|f| self.digits.is_multiple_of(f))
    }
}

/// Why a text is no number of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCount {
    NotANumber,
    Negative,
    NotWhole,
    TooLarge,
}

/// A number of tokens. `12.0`, as programs write it that keep everything as floating-point numbers, is 12.
pub(super) fn count(text: &[u8], marks: Marks) -> Result<u32, NoCount> {
    if !text.is_empty() && text.len() <= 7 && text.iter().all(u8::is_ascii_digit) {
        return Ok(text.iter().fold(0, |count, digit| count * 10 + u32::from(digit - b'0')));
    }
    let number = decimal(text, marks).ok_or(NoCount::NotANumber)?;
    if number.negative && number.digits > 0 {
        return Err(NoCount::Negative);
    }
    if !number.is_whole() {
        return Err(NoCount::NotWhole);
    }
    let count = number.scaled(0).and_then(|count| u32::try_from(count).ok());
    count.filter(|&count| count <= MAX_TOKENS_PER_REQUEST).ok_or(NoCount::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_the_ways_in_which_they_are_written() {
        let cases: [(&str, Marks, Result<u32, NoCount>); 18] = [
            ("12", Marks::PLAIN, Ok(12)),
            (" 300 ", Marks::POINT, Ok(300)),
            ("12.0", Marks::PLAIN, Ok(12)),
            ("1.2e3", Marks::PLAIN, Ok(1200)),
            ("12.5", Marks::PLAIN, Err(NoCount::NotWhole)),
            ("1,234", Marks::POINT, Ok(1234)),
            ("1,234,567", Marks::POINT, Ok(1_234_567)),
            ("12,34", Marks::POINT, Err(NoCount::NotANumber)),
            (",123", Marks::POINT, Err(NoCount::NotANumber)),
            ("1.200", Marks::COMMA, Ok(1200)),
            ("1.200,0", Marks::COMMA, Ok(1200)),
            ("1.200", Marks::POINT, Err(NoCount::NotWhole)),
            ("-5", Marks::PLAIN, Err(NoCount::Negative)),
            ("-0", Marks::PLAIN, Ok(0)),
            ("abc", Marks::PLAIN, Err(NoCount::NotANumber)),
            ("", Marks::PLAIN, Err(NoCount::NotANumber)),
            ("10000001", Marks::PLAIN, Err(NoCount::TooLarge)),
            ("99999999999999999999999999999999999999999", Marks::PLAIN, Err(NoCount::NotANumber)),
        ];
        for (text, marks, expected) in cases {
            assert_eq!(count(text.as_bytes(), marks), expected, "{text:?}");
        }
    }

    #[test]
    fn a_scaled_number_is_cut_off_downwards() {
        let scaled = |text: &str, power| decimal(text.as_bytes(), Marks::PLAIN).and_then(|n| n.scaled(power));
        assert_eq!(scaled("1759813207.532900363", 9), Some(1_759_813_207_532_900_363));
        assert_eq!(scaled("1.7e9", 9), Some(1_700_000_000_000_000_000));
        assert_eq!(scaled("-0.0000000001", 9), Some(-1));
        assert_eq!(scaled("0.00000000019", 9), Some(0));
        assert_eq!(scaled("1e400", 9), None);
        assert_eq!(scaled("0e400", 9), Some(0));
        assert_eq!(scaled("1e-400", 9), Some(0));
    }
}
