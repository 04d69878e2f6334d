// Markdown as blocks that the page can show without a parser of its own: headings, paragraphs, lists, tables and code.
// What it does not know is an error, so that nothing of a text is lost on the page.

/** A piece of a line: words, or code. @typedef {{code?: true, text: string}} Piece */

/**
 * @typedef {{kind: 'heading', level: number, text: Piece[]}
 *   | {kind: 'text', text: Piece[]}
 *   | {kind: 'list', items: Piece[][]}
 *   | {kind: 'table', head: Piece[][], rows: Piece[][][]}
 *   | {kind: 'code', text: string}} Block
 */

/**
 * A line's words and code. Links are left as words: what they lead to is not part of the page.
 * @param {string} line
 * @returns {Piece[]}
 */
function pieces(line) {
  return line
    .split(/(`[^`]+`)/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece.startsWith('`') ? { code: true, text: piece.slice(1, -1).replaceAll('\\|', '|') } : { text: words(piece) },
    );
}

/** @param {string} text */
function words(text) {
  const plain = text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('\\|', '|');
  if (text.includes('![') || /\*\S|<[a-z/!]|`/i.test(plain)) throw new Error(`not known here: ${text}`);
  return plain;
}

/** @param {string} line @returns {Piece[][]} */
function cells(line) {
  return line
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => pieces(cell.trim()));
}

/**
 * @param {string[]} lines of one block
 * @returns {Block}
 */
function block(lines) {
  const [first] = lines;
  const heading = /^(#{1,4}) (.+)$/.exec(first);
  if (heading && lines.length === 1) return { kind: 'heading', level: heading[1].length, text: pieces(heading[2]) };
  if (heading || /^(\d+\.|>|---|\s)/.test(first)) throw new Error(`not known here: ${first}`);
  if (first.startsWith('|')) {
    const [head, rule, ...rows] = lines;
    if (!/^\|[\s|:-]+$/.test(rule ?? '')) throw new Error(`a table without its rule: ${first}`);
    return { kind: 'table', head: cells(head), rows: rows.map(cells) };
  }
  if (/^[*-] /.test(first)) {
    const items = lines
      .join('\n')
      .split(/^[*-] /m)
      .slice(1);
    return { kind: 'list', items: items.map((item) => pieces(item.trim().replaceAll(/\s+/g, ' '))) };
  }
  return { kind: 'text', text: pieces(lines.join(' ')) };
}

/**
 * @param {string} markdown
 * @returns {Block[]}
 */
export function blocks(markdown) {
  const parts = markdown.split(/^```\w*\n(.*?)^```$/ms);
  return parts.flatMap((part, i) => {
    if (i % 2 === 1) return [{ kind: /** @type {const} */ ('code'), text: part.trimEnd() }];
    const groups = part.split(/\n\s*\n/).map((group) => group.split('\n').filter((line) => line.trim() !== ''));
    return groups.filter((lines) => lines.length > 0).map(block);
  });
}
