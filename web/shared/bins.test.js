import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binned, commonEnd, evenEdges, roundedUp, shareUpTo } from './bins.js';

const slow = { ms: [200, 800, 1400], share: [0.25, 0.5, 1] };
const fast = { ms: [20, 40, 56], share: [0.25, 0.75, 1] };

test('an end is rounded up to 1, 2 or 5 of its decade', () => {
  assert.deepEqual([1, 1.01, 4.9, 55, 501, 0.0012].map(roundedUp), [1, 2, 5, 100, 1000, 0.002]);
  assert.equal(roundedUp(0), 1);
});

test('the common end holds both, and stays while one of them changes within it', () => {
  assert.equal(commonEnd(slow, fast), 2000);
  assert.equal(commonEnd(fast, null), 100);
  for (const largest of [1001, 1400, 1999]) assert.equal(commonEnd({ ms: [largest], share: [1] }, fast), 2000);
});

test('bins of both hold all of the samples, each at its place', () => {
  const edges = evenEdges(2000, 4);
  assert.deepEqual(edges, [0, 500, 1000, 1500, 2000]);
  assert.deepEqual(binned(slow, edges), [25, 25, 50, 0]);
  assert.deepEqual(binned(fast, edges), [100, 0, 0, 0]);
  assert.deepEqual(binned({ ms: [0, 500], share: [0.5, 1] }, edges), [100, 0, 0, 0]);
});

test('a share is of the samples up to and including a value', () => {
  assert.deepEqual([199, 200, 799, 800, 5000].map((ms) => shareUpTo(slow, ms)), [0, 0.25, 0.25, 0.5, 1]); // prettier-ignore
});
