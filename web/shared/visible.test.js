// Texts of others: no character acts or hides.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { csvCell, visible } from './visible.js';

test('a hidden character is shown by its escape, everything else as it is', () => {
  assert.equal(visible('a\u001b[31mb\u202ec\u{e0041}\n\r\t'), 'a\\u{1b}[31mb\\u{202e}c\\u{e0041}\\n\\r\\t');
  const plain = 'Zürich, 東京, القاهرة, נתניה, नई दिल्ली, 🙂 ~`{}\\ €µ×½\u00a0\u2009…';
  assert.equal(visible(plain), plain);
});

test('the engine hides the same characters', () => {
  const source = readFileSync(new URL('../../src/text.rs', import.meta.url), 'utf8');
  const ranges = [...source.matchAll(/^ {4}\('\\u\{([0-9a-f]+)\}', '\\u\{([0-9a-f]+)\}'\),$/gm)].map(([, ...ends]) =>
    ends.map((end) => parseInt(end, 16)),
  );
  assert.ok(ranges.length > 15, String(ranges.length));
  for (let code = 0; code < 0x110000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const char = String.fromCodePoint(code);
    const hidden = ranges.some(([first, last]) => code >= first && code <= last);
    assert.equal(visible(char) !== char, hidden, code.toString(16));
  }
});

test('all that Unicode calls control, bidirectional control or ignorable is hidden', () => {
  const of = /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u;
  for (let code = 0; code < 0x110000; code += 1) {
    const char = String.fromCodePoint(code);
    if (of.test(char)) assert.notEqual(visible(char), char, code.toString(16));
  }
});

test('a cell that begins like a formula is guarded, whatever apostrophes it begins with', () => {
  assert.deepEqual(['=1+1', '+1', '-1', '@a', '\ta', '\ra', "'=1", '＝1', '\n=1'].map(csvCell), [
    "'=1+1",
    "'+1",
    "'-1",
    "'@a",
    "'\ta",
    '"\'\ra"',
    "''=1",
    "'＝1",
    '"\'\n=1"',
  ]);
  for (const plain of ['', 'a', "'a", "it's", 'a=b', '1-2']) assert.equal(csvCell(plain), plain);
  assert.equal(csvCell('=a,"b"'), `"'=a,""b"""`);
});
