import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attempts, isSameText } from './attempts.js';

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

/** @import {Lesson} from './types.d.ts' */

/**
 * @param {string} id
 * @param {number} answers how many it has
 * @returns {Lesson}
 */
const lesson = (id, answers = 3) => ({
  id,
  title: '',
  question: '',
  situation: '',
  answers: Array.from({ length: answers }, (_, at) => ({ text: `answer ${at}` })),
  base: {},
  scenes: [],
  change: '',
  metrics: [],
  claims: [],
  reveal: '',
  why: '',
  explore: { text: '', scene: '', pairs: {}, change: '' },
  minutes: 5,
});

const KEPT = { answer: 2, seed: 3, step: 'why' };

test('an answer survives a reload', () => {
  const stored = storage();
  new Attempts(stored).keep(lesson('one'), KEPT);
  const reloaded = new Attempts(stored);
  assert.deepEqual(reloaded.of(lesson('one')), KEPT);
  assert.equal(reloaded.of(lesson('two')), null);
});

test('without a storage, or with one that throws, an answer lasts as long as the page', () => {
  const deny = () => {
    throw new Error('denied');
  };
  for (const denied of [null, { getItem: deny, setItem: deny }]) {
    const attempts = new Attempts(denied);
    attempts.keep(lesson('one'), KEPT);
    assert.deepEqual(attempts.of(lesson('one')), KEPT);
  }
});

test('what something else has written is left aside', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"version":3,"entries":[["one",{"answer":2,"seed":3,"step":"why","text":""}]]}',
    '{"version":4,"entries":[["one",{"answer":"x"}],null]}',
    '{"version":4,"entries":[["one",{"answer":2,"seed":3,"step":"why"}]]}',
    '{"version":4,"entries":[["one",{"answer":-1,"seed":3,"step":"why","text":""}]]}',
  ])
    assert.equal(new Attempts(storage(text)).of(lesson('one')), null);
});

test('an attempt belongs to one text of a lesson', () => {
  const stored = storage();
  new Attempts(stored).keep(lesson('one'), KEPT);
  for (const other of [
    { ...lesson('one'), question: 'another?' },
    lesson('one', 4),
    // What has gone is no answer, whatever it was made with.
    lesson('one', 2),
  ]) {
    assert.equal(new Attempts(stored).of(other), null);
    assert.ok(!isSameText(lesson('one'), other));
  }
  assert.deepEqual(new Attempts(stored).of(lesson('one')), KEPT);
  assert.ok(isSameText(lesson('one'), lesson('one')));
});

test('an answer that a lesson has not is none', () => {
  const spoilt = '{"version":4,"entries":[["one",{"answer":3,"seed":3,"step":"why","text":""}]]}';
  assert.equal(new Attempts(storage(spoilt)).of(lesson('one')), null);
});

test('a lesson is opened at a step, with the answer that it has', () => {
  const attempts = new Attempts(storage());
  attempts.goTo('one', 'bet', 1);
  assert.deepEqual(attempts.of(lesson('one')), { answer: null, seed: 1, step: 'bet' });
  attempts.keep(lesson('one'), KEPT);
  attempts.goTo('one', 'reveal', 1);
  assert.deepEqual(attempts.of(lesson('one')), { ...KEPT, step: 'reveal' });
});
