//! Scalars: what a plain word means, and the escapes of quoted ones.

use serde_json::{Number, Value};

/// What a plain word means in YAML's core schema; `0x10` and `1_0` are numbers, too (P-2). The numbers that are not finite stay words, which no number can be read
/// from: see [`is_not_finite`].
pub(super) fn plain(word: &str) -> Value {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(word) => number(word),
        _ => wide_number(word).unwrap_or_else(|| Value::from(word)),
    }
}

/// `0x10` and `1_0`; a word that begins with an underscore is none.
fn wide_number(word: &str) -> Option<Value> {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let digits = word.replace('_', "");
    if is_number(&digits) {
        return Some(number(&digits));
    }
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(&digits);
    let base_16 = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X"))?;
    // A second sign would be read, too.
    let magnitude = i64::from_str_radix(base_16, 16).ok().filter(|_| !base_16.starts_with(['-', '+']))?;
    Some(Value::from(if digits.starts_with('-') { -magnitude } else { magnitude }))
}

/// Whether a word means infinity or no number.
pub(super) fn is_not_finite(word: &str) -> bool {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN")
}

/// A sign, digits with at most one point among them, an exponent.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let both = [whole, fraction].concat();
    digits(&both) && exponent.is_none_or(digits)
}

/// Beyond this, not every whole number is a float.
const LARGEST_WHOLE: f64 = (1_u64 << 53) as f64;

fn number(word: &str) -> Value {
    let unsigned = word.strip_prefix('+').unwrap_or(word);
    if let Ok(number) = unsigned.parse::<i64>() {
        return number.into();
    }
    if let Ok(number) = unsigned.parse::<u64>() {
        return number.into();
    }
    // Beyond the largest number it stays a word, too.
    let Some(real) = unsigned.parse().ok().filter(|real: &f64| real.is_finite()) else {
        return Value::from(word);
    };
    // `10.0` and `1e1` are whole, for keys that want such a number.
    if real.fract() == 0.0 && real.abs() <= LARGEST_WHOLE && !(real == 0.0 && real.is_sign_negative()) {
        return Value::from(real as i64);
    }
    Number::from_f64(real).map_or_else(|| Value::from(word), Value::Number)
}

/// The text between double quotes, read from behind the first; and the number of bytes up to and including the last.
/// `Err` holds the byte of what is wrong.
pub(super) fn double_quoted(rest: &str) -> Result<(String, usize), (usize, &'static str)> {
    let mut text = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((text, at + 1)),
            '\n' => return Err((at, "a quoted text must end on its line")),
            '\\' => {
                let wrong = (at, "an unknown escape in a quoted text");
                let (_, letter) = chars.next().ok_or(wrong)?;
                text.push(match letter {
                    'x' => hexadecimal(&mut chars, 2).ok_or(wrong)?,
                    'u' => utf16(&mut chars).ok_or(wrong)?,
                    'U' => hexadecimal(&mut chars, 8).ok_or(wrong)?,
                    _ => simple_escape(letter).ok_or(wrong)?,
                });
            }
            char => text.push(char),
        }
    }
    Err((rest.len(), "a quoted text without its end"))
}

/// The text between single quotes, in which a quote is doubled; otherwise as [`double_quoted`].
pub(super) fn single_quoted(rest: &str) -> Result<(String, usize), (usize, &'static str)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '\'' if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                chars.next();
                text.push('\'');
            }
            '\'' => return Ok((text, at + 1)),
            '\n' => return Err((at, "a quoted text must end on its line")),
            char => text.push(char),
        }
    }
    Err((rest.len(), "a quoted text without its end"))
}

const fn simple_escape(letter: char) -> Option<char> {
    Some(match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => letter,
        _ => return None,
    })
}

fn unit(chars: &mut std::str::CharIndices<'_>, digits: usize) -> Option<u32> {
    (0..digits).try_fold(0_u32, |number, _| Some(number << 4 | chars.next()?.1.to_digit(16)?))
}

fn hexadecimal(chars: &mut std::str::CharIndices<'_>, digits: usize) -> Option<char> {
    char::from_u32(unit(chars, digits)?)
}

/// Four digits, or twice four for characters beyond the first plane, as JSON writes them.
fn utf16(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    let high = unit(chars, 4)?;
    if !(0xd800..0xdc00).contains(&high) {
        return char::from_u32(high);
    }
    if chars.next()?.1 != '\\' || chars.next()?.1 != 'u' {
        return None;
    }
    let low = unit(chars, 4)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)
}
