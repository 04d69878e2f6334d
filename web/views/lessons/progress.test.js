import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress } from './progress.js';

/** @param {string|null} text */
function storage(text = null) {
  return {
    text,
    getItem() {
      return this.text;
    },
    /** @param {string} _key @param {string} value */
    setItem(_key, value) {
      this.text = value;
    },
  };
}

test('the first bet on a lesson counts, and is there in the next visit', () => {
  const stored = storage();
  const progress = new Progress(stored);
  progress.keep('one', 'wrong');
  progress.keep('one', 'right');
  const later = new Progress(stored);
  assert.deepEqual([later.of('one'), later.of('two'), later.size], ['wrong', null, 1]);
  later.forget();
  assert.equal(new Progress(stored).size, 0);
});

test('where nothing can be stored the course is kept as long as the page', () => {
  const deny = () => {
    throw new Error('denied');
  };
  for (const denied of [null, { getItem: deny, setItem: deny }]) {
    const progress = new Progress(denied);
    progress.keep('one', 'right');
    assert.equal(progress.of('one'), 'right');
  }
});

test('what something else has written is left aside', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"version":1,"entries":[["one","right"]]}',
    '{"version":2,"entries":[["one","maybe"],7]}',
  ])
    assert.equal(new Progress(storage(text)).size, 0);
});
