import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Choosing, nearest, withChoice } from './choosing.js';
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

test('of the values that a press passes the first is told from the others, and every press has its own', () => {
  /** @type {Record<string, (event: any) => void>} */
  const listeners = {};
  const classList = { toggle() {}, add() {}, remove() {} };
  const surface = { classList, addEventListener: (/** @type {string} */ name, /** @type {any} */ act) => (listeners[name] = act) }; // prettier-ignore
  globalThis.Node ??= /** @type {any} */ (class {});
  const over = { contains: () => true, setPointerCapture() {}, getBoundingClientRect: () => ({ left: 0 }) };
  const plot = { over, posToVal: (/** @type {number} */ x) => x / 10, valToPos: (/** @type {number} */ x) => x * 10 };
  const spec = { xs: [1, 2, 3, 4], x: {}, choice: { at: 1 } };
  /** @type {[number, boolean][]} */
  const chosen = [];
  const choosing = new Choosing(/** @type {any} */ (surface), {
    plot: () => /** @type {any} */ (plot),
    spec: () => /** @type {any} */ (spec),
    onChoose: (at, first) => {
      spec.choice.at = at;
      chosen.push([at, first]);
    },
    onEnd() {},
  });
  const event = (/** @type {number} */ clientX) => ({ clientX, pointerId: 1, button: 0, pointerType: 'mouse', target: new Node() }); // prettier-ignore
  listeners.pointerdown(event(10));
  for (const x of [20, 30]) listeners.pointermove(event(x));
  listeners.pointerup(event(40));
  listeners.pointerdown(event(20));
  listeners.pointerup(event(20));
  choosing.set(1);
  assert.deepEqual(chosen, [[2, true], [3, false], [4, false], [2, true], [1, true]]); // prettier-ignore
});
