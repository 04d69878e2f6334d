import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest, withChoice } from './choosing.js';
import { scaleOf } from './picture_file.js';

/** @import {ChartSpec} from './spec.js' */

test('a press chooses the value that is nearest on the scale that is seen', () => {
  assert.equal(nearest([1, 2, 4, 8], 2.9), 1);
  assert.equal(nearest([1, 2, 4, 8], 2.9, true), 2);
  assert.equal(nearest([1, 2, 4, 8], 99), 3);
  assert.equal(nearest([1, 2, 4, 8], -5), 0);
});

test('the mark stands at the value in force, and at another one while it is pulled there', () => {
  /** @type {any} */
  const spec = { xs: [1, 2], markers: [{ label: 'other' }], choice: { at: 1, label: (/** @type {number} */ at) => `now: ${at}` } }; // prettier-ignore
  const labels = (/** @type {ChartSpec} */ { markers = [] }) => markers.map(({ label }) => label);
  assert.deepEqual(labels(withChoice(spec, null)), ['now: 1', 'other']);
  assert.deepEqual(labels(withChoice(spec, 2)), ['now: 2', 'other']);
  assert.equal(withChoice(spec, 2).choice?.at, 2);
  assert.deepEqual(labels(spec), ['other']);
});

test('a saved picture has at least twice the pixels, and 1600 in its width', () => {
  assert.equal(scaleOf(800), 2);
  assert.equal(scaleOf(1200), 2);
  assert.equal(scaleOf(320), 5);
});
