import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STEPS, isBefore, stepBeside, stepNamed, stepReached, stepsOf } from './steps.js';

const PLAIN = /** @type {any} */ ({});

const PICTURED = /** @type {any} */ ({ pictures: { scenes: ['one', 'two'], seconds: [0, 5] } });

test('a lesson without pictures has no step of pictures', () => {
  assert.deepEqual(stepsOf(PICTURED), [...STEPS]);
  assert.deepEqual(
    stepsOf(PLAIN),
    STEPS.filter((step) => step !== 'pictures'),
  );
  assert.equal(stepNamed(PICTURED, 'pictures'), 'pictures');
  assert.equal(stepNamed(PLAIN, 'pictures'), 'question');
  assert.equal(stepNamed(PLAIN, 'nonsense'), 'question');
});

test('one step follows the other, and there is none beyond the ends', () => {
  assert.equal(stepBeside(PICTURED, 'reveal', 1), 'pictures');
  assert.equal(stepBeside(PLAIN, 'reveal', 1), 'chart');
  assert.equal(stepBeside(PLAIN, 'chart', -1), 'reveal');
  assert.equal(stepBeside(PLAIN, 'question', -1), null);
  assert.equal(stepBeside(PLAIN, 'change', 1), null);
  assert.equal(isBefore('bet', 'reveal'), true);
  assert.equal(isBefore('bet', 'bet'), false);
});

test('what runs show is not reached before they are there', () => {
  const attempt = (/** @type {any} */ scenes) => ({ lesson: PLAIN, scenes });
  assert.equal(stepReached(attempt(null), 'why'), 'bet');
  assert.equal(stepReached(attempt(null), 'question'), 'question');
  assert.equal(stepReached(attempt({}), 'why'), 'why');
  // Figures alone reveal nothing: that is a press of its own.
  assert.equal(stepReached(attempt({}), 'bet'), 'bet');
});
