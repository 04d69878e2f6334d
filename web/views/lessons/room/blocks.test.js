import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { blocks } from '../../../../scripts/blocks.mjs';

/** @import {Block, Piece} from '../../../../scripts/blocks.mjs' */

const README = readFileSync(new URL('../course/README.md', import.meta.url), 'utf8');

/** @param {Block} block @returns {Piece[]} */
function piecesOf(block) {
  if (block.kind === 'code') return [{ code: true, text: block.text }];
  if (block.kind === 'list') return block.items.flat();
  if (block.kind === 'table') return [...block.head, ...block.rows.flat()].flat();
  return block.text;
}

test('what the guide to lessons says is on the teacher’s page, word for word', () => {
  const shown = blocks(README)
    .flatMap(piecesOf)
    .map(({ text }) => text)
    .join(' ');
  const letters = (/** @type {string} */ text) => text.replaceAll(/[^\p{L}\p{N}]/gu, '');
  const said = README.replaceAll(/\]\([^)]*\)/g, ']').replaceAll(/^```\w*$/gm, '');
  assert.ok(shown.length > 2000);
  assert.equal(letters(shown), letters(said));
});

test('the kinds of blocks are told apart', () => {
  const text =
    '# One\n\nTwo `a|b`,\nsee [three](x.md).\n\n* four\n* five\n  six\n\n| a | b |\n|---|---|\n| `x\\|y` | 1 |\n\n```json\n{\n\n}\n```\n';
  assert.deepEqual(blocks(text), [
    { kind: 'heading', level: 1, text: [{ text: 'One' }] },
    { kind: 'text', text: [{ text: 'Two ' }, { code: true, text: 'a|b' }, { text: ', see three.' }] },
    { kind: 'list', items: [[{ text: 'four' }], [{ text: 'five six' }]] },
    {
      kind: 'table',
      head: [[{ text: 'a' }], [{ text: 'b' }]],
      rows: [[[{ code: true, text: 'x|y' }], [{ text: '1' }]]],
    },
    { kind: 'code', text: '{\n\n}' },
  ]);
});

test('what cannot be shown is an error, not left out', () => {
  for (const text of ['**bold**', '<b>bold</b>', '1. one', '> said', '![picture](x.png)', '| a |\n| b |'])
    assert.throws(() => blocks(text), Error, text);
});
