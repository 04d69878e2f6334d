import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oncePerFrame } from './frames.js';

/** Frames that come when the test says so. */
function screen() {
  /** @type {(() => void)[]} */
  const asked = [];
  /** @type {number[]} */
  const shown = [];
  const pace = oncePerFrame(
    (/** @type {number} */ value) => shown.push(value),
    (callback) => asked.push(callback),
  );
  return { shown, pace, frame: () => asked.splice(0).forEach((callback) => callback()) };
}

test('the first value is shown at once, of those in the same frame only the last, at its end', () => {
  const { shown, pace, frame } = screen();
  [1, 2, 3].forEach((value) => pace.show(value));
  assert.deepEqual(shown, [1]);
  frame();
  assert.deepEqual(shown, [1, 3]);
  pace.show(4);
  assert.deepEqual(shown, [1, 3]);
  frame();
  assert.deepEqual(shown, [1, 3, 4]);
});

test('after a frame without values the next one is shown at once again', () => {
  const { shown, pace, frame } = screen();
  pace.show(1);
  frame();
  pace.show(2);
  assert.deepEqual(shown, [1, 2]);
});

test('a flush waits for no frame and shows nothing twice', () => {
  const { shown, pace, frame } = screen();
  pace.show(1);
  pace.show(2);
  pace.flush();
  assert.deepEqual(shown, [1, 2]);
  frame();
  assert.deepEqual(shown, [1, 2]);
});
