// Texts from outside, as they are shown: names from files and links, and messages that quote them.

/**
 * Characters that act instead of being seen, or that cannot be seen: controls, controls of the direction of writing,
 * separators of lines, what Unicode calls default ignorable, the blank Braille cell. The same as in src/text.rs.
 */
const HIDDEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class
  /[\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** @type {Record<string, string>} */
const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text with every hidden character as its escape, `\n` or `\u{202e}`.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(HIDDEN, (char) => SHORT[char] ?? `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/**
 * A text for a cell of comma-separated values, in quotes if it needs them. A spreadsheet takes what begins like a formula
 * for one, even in quotes, so that an apostrophe is put in front, as in the engine (src/formats/csv.rs).
 * @param {string} text
 */
export function csvCell(text) {
  const cell = /^'*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
