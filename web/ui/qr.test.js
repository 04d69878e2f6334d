import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsQR from 'jsqr';
import { FAR_CHARACTERS, MOST_CHARACTERS } from './code_limits.js';
import { codeOf, codePath, FAR_MODULES, MOST_MODULES, QUIET } from './qr.js';

/** @import {Code} from './qr.js' */

/** A decoder that shares nothing with the encoder. @type {typeof jsQR} */
const decode = /** @type {any} */ (jsQR).default ?? jsQR;

const SCALE = 4;

/**
 * What a camera would see: the path drawn in points, black on white.
 * @param {Code} code
 */
function photograph(code) {
  const side = (code.size + 2 * QUIET) * SCALE;
  const points = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of codePath(code).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row += 1) {
      const from = (row * side + Number(x) * SCALE) * 4;
      for (let at = from; at < from + Number(width) * SCALE * 4; at += 4) points.fill(0, at, at + 3);
    }
  }
  return { points, side };
}

/** @param {Code|null} code */
function read(code) {
  assert.ok(code);
  const { points, side } = photograph(code);
  return decode(points, side, side)?.data;
}

const PAGE = 'https://example.org/blis/#v=2&tab=lessons&lesson=run-length';

test('a decoder of others reads the link that was drawn', () => {
  const links = [PAGE, `${PAGE}&own=${'aZ0-_'.repeat(30)}`, `${PAGE}&model=%C3%A9%2Bx`];
  for (const link of links) assert.equal(read(codeOf(link)), link);
});

test('the limits that people are told are those of the codes', () => {
  const linkOf = (/** @type {number} */ length) => PAGE.padEnd(length, 'x');
  const far = codeOf(linkOf(FAR_CHARACTERS));
  assert.deepEqual([far?.size, far?.far], [FAR_MODULES, true]);
  const near = codeOf(linkOf(FAR_CHARACTERS + 1));
  assert.equal(near?.far, false);
  const most = codeOf(linkOf(MOST_CHARACTERS));
  assert.equal(most?.size, MOST_MODULES);
  assert.equal(read(most), linkOf(MOST_CHARACTERS));
  assert.equal(codeOf(linkOf(MOST_CHARACTERS + 1)), null);
});

test('a short link gets the stronger correction', () => {
  // 62 bytes are the most of version 4 at level M; at level L version 3 would do for 53.
  assert.equal(codeOf('https://example.org/'.padEnd(53, 'x'))?.size, 33);
});
