import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Superseded } from './connection.js';
import { Newest } from './newest.js';

test('of a thousand wants during one task only the last is done, whatever became of the first', async () => {
  const newest = new Newest();
  /** @type {number[]} */
  const done = [];
  let fail = () => {};
  const first = newest.run(() => new Promise((_resolve, reject) => (fail = () => reject(new Error('broken')))));
  const others = Array.from({ length: 1000 }, (_unused, i) => newest.run(async () => done.push(i)));
  const outcomes = Promise.allSettled(others);
  fail();
  await assert.rejects(first, /broken/);
  const rejected = (await outcomes).filter(({ status }) => status === 'rejected');
  assert.equal(rejected.length, 999);
  for (const outcome of rejected) assert.ok(/** @type {any} */ (outcome).reason instanceof Superseded);
  assert.deepEqual(done, [999]);
});

test('a task is begun at once if nothing is under way', () => {
  let begun = false;
  new Newest().run(async () => (begun = true));
  assert.ok(begun);
});

test('what waits can be given up', async () => {
  const newest = new Newest();
  newest.run(() => new Promise(() => {}));
  const waiting = newest.run(async () => 1);
  newest.drop();
  await assert.rejects(waiting, Superseded);
});
