// Shows a text that was taken apart into blocks (scripts/blocks.mjs) when the page was put together.

import { element } from '../../../ui/dom.js';

/** A piece of a line: words, or code. @typedef {{code?: true, text: string}} Piece */

/**
 * @typedef {{kind: 'heading', level: number, text: Piece[]}
 *   | {kind: 'text', text: Piece[]}
 *   | {kind: 'list', items: Piece[][]}
 *   | {kind: 'table', head: Piece[][], rows: Piece[][][]}
 *   | {kind: 'code', text: string}} Block
 */

/** @param {Piece[]} line */
const inline = (line) => line.map(({ code, text }) => (code ? element('code', {}, text) : text));

/**
 * @param {Block} block
 * @param {string} title of what it is in
 * @returns {HTMLElement}
 */
function blockNode(block, title) {
  if (block.kind === 'heading') {
    const tag = /** @type {'h4'|'h5'} */ (block.level > 2 ? 'h5' : 'h4');
    return element(tag, {}, ...inline(block.text));
  }
  if (block.kind === 'list') return element('ul', {}, ...block.items.map((item) => element('li', {}, ...inline(item))));
  if (block.kind === 'code') return element('pre', { tabindex: 0, role: 'region', 'aria-label': title }, block.text);
  if (block.kind === 'text') return element('p', {}, ...inline(block.text));
  const head = block.head.map((cell) => element('th', { scope: 'col' }, ...inline(cell)));
  const rows = block.rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, ...inline(cell)))));
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows));
  return element('div', { class: 'guide-table', tabindex: 0, role: 'region', 'aria-label': title }, table);
}

/**
 * The blocks below a text's own title.
 * @param {Block[]} blocks
 * @param {string} title by which it goes here
 */
export function blockNodes(blocks, title) {
  let under = title;
  return blocks
    .filter((block) => block.kind !== 'heading' || block.level > 1)
    .map((block) => {
      if (block.kind === 'heading') under = block.text.map(({ text }) => text).join('');
      return blockNode(block, under);
    });
}
