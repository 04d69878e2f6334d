import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginningOf, busiestUs, openingOf, passageOf } from './opening_play.js';

const FIRST = { inStory: true, first: true, still: false, at: null };

test('only the first run of a visit plays by itself, only in the Story, and never where less motion is asked for', () => {
  assert.equal(openingOf(FIRST), 'play');
  assert.equal(openingOf({ ...FIRST, still: true }), 'rest');
  assert.equal(openingOf({ ...FIRST, first: false }), 'rest');
  assert.equal(openingOf({ ...FIRST, inStory: false }), 'rest');
  assert.equal(openingOf({ ...FIRST, inStory: false, first: false }), 'keep');
  assert.equal(openingOf({ ...FIRST, at: 0 }), 'asked');
});

test('five seconds of arrivals take five seconds, an hour of them no more', () => {
  assert.deepEqual(passageOf(5e6, 4.9e6), { toUs: 5e6, restUs: 4.9e6, speed: 1 });
  for (const arrivedUs of [1e5, 5e6, 6e6, 6.1e6, 3.6e9]) {
    const { toUs, speed } = passageOf(arrivedUs, 0);
    assert.ok(toUs / speed <= 6e6, `${arrivedUs}`);
  }
});

test('a play that was stopped goes on where it stands, one that has ended begins anew', () => {
  const passage = passageOf(5e6, 4.9e6);
  assert.equal(beginningOf(2e6, passage), 2e6);
  assert.equal(beginningOf(4.9e6, passage), 0);
  assert.equal(beginningOf(5e6, passage), 0);
  assert.equal(beginningOf(17e6, passage), 0);
});

test('the busiest time is that of the longest queues, of equals that at which most ran', () => {
  const seconds = Float64Array.of(0, 1, 2, 3);
  const running = Uint32Array.of(0, 4, 9, 1);
  assert.equal(busiestUs({ seconds, waiting: Uint32Array.of(0, 7, 3, 0), running }), 1e6);
  assert.equal(busiestUs({ seconds, waiting: Uint32Array.of(0, 2, 2, 2), running }), 2e6);
  assert.equal(busiestUs({ seconds, waiting: Uint32Array.of(0, 0, 0, 0), running }), 2e6);
});
