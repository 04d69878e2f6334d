//! Texts from outside, on their way into a message or onto a screen.
//!
//! A name from a file can be as long as the file, and can hold characters that move the cursor, turn the direction of
//! writing or cannot be seen. Messages quote the beginning of such a text ([`shortened`]), and what is shown shows every
//! character ([`visible`]). Data stays as it is: files, JSON, the values of the API.

use std::borrow::Cow;
use std::fmt::{self, Display, Write};

/// Longest quotation of a value or of a part of a path, in characters.
pub const MOST_QUOTED: usize = 80;

/// Longest message as a whole, in characters: the longest list of names to choose from has half as many.
pub(crate) const MOST_IN_MESSAGE: usize = 2000;

/// Stands for what was cut off.
const CUT: char = '…';

/// Characters that act instead of being seen, or that cannot be seen: controls of the terminal, controls of the direction of
/// writing, separators of lines, what Unicode calls default ignorable, and the blank Braille cell. In order.
const HIDDEN: [(char, char); 21] = [
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character acts instead of being seen, or cannot be seen.
pub fn is_hidden(char: char) -> bool {
    // Most texts are plain.
    let plain = (' '..='~').contains(&char);
    !plain && HIDDEN.iter().any(|&(first, last)| (first..=last).contains(&char))
}

/// A text to be shown: every hidden character as its escape, `\n` or `\u{202e}`.
///
/// ```
/// use blis_playground::text::visible;
/// assert_eq!(visible("plain, 東京"), "plain, 東京");
/// assert_eq!(visible("\u{1b}[31mred\nline"), r"\u{1b}[31mred\nline");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// The same for a text of several lines, whose ends stay.
///
/// ```
/// use blis_playground::text::visible_lines;
/// assert_eq!(visible_lines("one\ntwo\u{7}"), "one\ntwo\\u{7}");
/// ```
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |char| char != '\n' && is_hidden(char))
}

fn escaped(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&hidden) else { return Cow::Borrowed(text) };
    let (mut shown, rest) = (text[..first].to_owned(), &text[first..]);
    for char in rest.chars() {
        match char {
            '\n' | '\r' | '\t' if hidden(char) => shown.extend(char.escape_default()),
            _ if hidden(char) => shown.extend(char.escape_unicode()),
            _ => shown.push(char),
        }
    }
    Cow::Owned(shown)
}

/// JSON text that is the same data without a hidden character: in strings, where alone they can stand, each is its escape.
/// Line ends stay.
///
/// ```
/// use blis_playground::text::visible_json;
/// assert_eq!(visible_json("{\"a\": \"\u{202e}\u{e0041}\"}\n"), "{\"a\": \"\\u202e\\udb40\\udc41\"}\n");
/// ```
pub fn visible_json(json: &str) -> Cow<'_, str> {
    let hidden = |char: char| char != '\n' && is_hidden(char);
    let Some(first) = json.find(hidden) else { return Cow::Borrowed(json) };
    let mut shown = json[..first].to_owned();
    for char in json[first..].chars() {
        if hidden(char) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                shown.extend(format!("\\u{unit:04x}").chars());
            }
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

/// The beginning of a text, with a mark if there is more: at most [`MOST_QUOTED`] characters of it.
///
/// ```
/// use blis_playground::text::shortened;
/// assert_eq!(shortened("short"), "short");
/// assert_eq!(shortened(&"é".repeat(1000)), "é".repeat(80) + "…");
/// ```
pub fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_QUOTED) {
        Some((end, _)) => Cow::Owned([&text[..end], &CUT.to_string()].concat()),
        None => Cow::Borrowed(text),
    }
}

/// What is written of a value, up to a number of characters. No more than that is ever held.
pub(crate) fn up_to(most: usize, value: impl Display) -> String {
    let mut beginning = Beginning { text: String::new(), left: most };
    // It ends early if the text is longer, and is then complete.
    let _ = write!(beginning, "{value}");
    beginning.text
}

/// The beginning of what is written.
struct Beginning {
    text: String,
    /// Characters that still fit.
    left: usize,
}

impl Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Some((end, _)) = text.char_indices().nth(self.left) {
            self.text.push_str(&text[..end]);
            self.text.push(CUT);
            return Err(fmt::Error);
        }
        self.left -= text.chars().count();
        self.text.push_str(text);
        Ok(())
    }
}

/// A path whose parts are shortened, and of which no more than a message's length is left.
pub(crate) fn short_path(path: String) -> String {
    if path.len() <= MOST_QUOTED {
        return path;
    }
    let mut short = String::new();
    for part in path.split_inclusive(['.', '[']) {
        let (name, end) = match part.char_indices().next_back() {
            Some((at, '.' | '[')) => part.split_at(at),
            _ => (part, ""),
        };
        short.extend([&shortened(name), end]);
        if short.len() > MOST_IN_MESSAGE {
            short.push(CUT);
            break;
        }
    }
    short
}

/// A document without the byte order mark that some programs put in front of it.
pub(crate) fn without_mark(document: &str) -> &str {
    document.strip_prefix('\u{feff}').unwrap_or(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_of_terminal_and_direction_and_every_invisible_character_is_shown() {
        let controls = ('\0'..' ').chain('\u{7f}'..='\u{9f}');
        let directions = ['\u{61c}', '\u{200e}', '\u{200f}'].into_iter();
        let directions = directions.chain('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        let invisible = "\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{180e}\u{3164}\u{e0041}".chars();
        for char in controls.chain(directions).chain(invisible) {
            let shown = visible(char.encode_utf8(&mut [0; 4])).into_owned();
            assert!(shown.starts_with('\\') && shown.is_ascii(), "{char:?}: {shown}");
        }
    }

    #[test]
    fn letters_of_every_script_signs_and_spaces_stay() {
        let text = "Zürich, 東京, القاهرة, תל אביב, नई दिल्ली, ~`{}\\ €µ×½ \u{a0}🙂";
        assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn no_more_is_written_than_fits() {
        struct Endless;
        impl Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("äb")?;
                }
            }
        }
        assert_eq!(up_to(3, Endless), "äbä…");
        assert_eq!(up_to(3, "abc"), "abc");
        assert_eq!(up_to(0, ""), "");
    }

    #[test]
    fn the_parts_of_a_path_are_shortened_one_by_one() {
        let long = "x".repeat(500);
        let path = short_path(format!("slo.{long}.ttft_ms[3].{long}"));
        let part = "x".repeat(MOST_QUOTED) + "…";
        assert_eq!(path, format!("slo.{part}.ttft_ms[3].{part}"));
        assert!(short_path("a.".repeat(1_000_000)).len() < 2 * MOST_IN_MESSAGE);
        assert_eq!(short_path("routing.scorers[1].weight".to_owned()), "routing.scorers[1].weight");
    }

    #[test]
    fn json_stays_the_same_data() {
        let value = serde_json::json!({"a\u{9b}": "\u{202e}x\u{7f}\u{e0001}", "b": ["é", "\n"]});
        let text = serde_json::to_string_pretty(&value).expect("JSON");
        let shown = visible_json(&text);
        assert!(!shown.chars().any(|char| char != '\n' && is_hidden(char)), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON"), value);
    }
}
