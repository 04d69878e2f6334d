//! Whether a text is a table, objects of JSON line by line, or one object.

use super::json;

/// What a text is.
pub(super) enum Kind<'t> {
    /// More has to be there.
    More,
    Table,
    Document,
    /// The first objects.
    Lines(Vec<&'t str>),
}

/// Most lines that are looked at.
const MOST_LINES: usize = 200;

/// Whether the first line is a list of JSON, and the second an object.
pub(super) fn objects_follow(start: &[u8]) -> bool {
    let lines = start.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let mut lines = lines.map(|line| std::str::from_utf8(line).unwrap_or_default());
    lines.next().is_some_and(|line| json::entries(line).is_some())
        && lines.next().is_some_and(|line| json::each_field(line, |_, _| ()))
}

/// Whether a text is objects of JSON, one per line, or one object.
pub(super) fn lines_of_json(start: &[u8], at_end: bool) -> Kind<'_> {
    let mut lines: Vec<&[u8]> = start.split(|&byte| byte == b'\n').collect();
    if !at_end {
        // The last line may not be whole.
        lines.pop();
    }
    let begins = start.trim_ascii_start().first() == Some(&b'{');
    let lines: Vec<&[u8]> =
        lines.into_iter().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).take(MOST_LINES).collect();
    if lines.is_empty() {
        return if begins && !at_end { Kind::More } else { Kind::Table };
    }
    let is_object = |line: &&str| json::each_field(line, |_, _| ());
    let texts = || lines.iter().filter_map(|line| std::str::from_utf8(line).ok());
    let objects: Vec<&str> = texts().filter(is_object).collect();
    let first_is_whole = texts().next().is_some_and(|line| is_object(&line));
    if first_is_whole || objects_follow(start) || objects.len() * 2 > lines.len() {
        return Kind::Lines(objects);
    }
    if begins { Kind::Document } else { Kind::Table }
}
