import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attempts } from './attempts.js';

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

const KEPT = { answer: 2, seed: 3, step: 'why' };

test('an answer survives a reload', () => {
  const stored = storage();
  new Attempts(stored).keep('one', KEPT);
  const reloaded = new Attempts(stored);
  assert.deepEqual(reloaded.of('one'), KEPT);
  assert.equal(reloaded.of('two'), null);
});

test('without a storage, or with one that throws, an answer lasts as long as the page', () => {
  const deny = () => {
    throw new Error('denied');
  };
  for (const denied of [null, { getItem: deny, setItem: deny }]) {
    const attempts = new Attempts(denied);
    attempts.keep('one', KEPT);
    assert.deepEqual(attempts.of('one'), KEPT);
  }
});

test('what something else has written is left aside', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"version":2,"entries":[["one",{"answer":2,"seed":3,"step":"why"}]]}',
    '{"version":3,"entries":[["one",{"answer":"x"}],null]}',
  ])
    assert.equal(new Attempts(storage(text)).of('one'), null);
});
